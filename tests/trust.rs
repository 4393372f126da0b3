//! Where components stand, what links cross, and how classes of data spread: hand-worked cases, and the spread
//! against a search for every store that a component can call.

use loadpath::analysis::Analysis;
use loadpath::analysis::trust::{Classes, Crossing, Encryption, Ground, Trust};
use loadpath::check::{Checked, Config, NoFiles, check};
use loadpath::model::{Architecture, ComponentId, Link};
use loadpath::source::SourceFile;
use proptest::prelude::*;

fn checked(text: &str) -> Checked {
    let checked = check(SourceFile::new("design.arch", text), &NoFiles, &Config::default());
    assert!(checked.architecture.faults.is_empty(), "{:?}", checked.architecture.faults);
    checked
}

fn id(architecture: &Architecture, name: &str) -> ComponentId {
    architecture.component_named(name).unwrap_or_else(|| panic!("`{name}` is declared")).id
}

fn link<'a>(architecture: &'a Architecture, name: &str) -> &'a Link {
    let found = architecture.links().find(|link| architecture.link_name(link) == name);
    found.unwrap_or_else(|| panic!("`{name}` is drawn"))
}

fn classes(words: &[&str]) -> Classes {
    Classes::of(&words.iter().map(|word| (*word).into()).collect::<Vec<_>>())
}

#[test]
fn classes_are_ordered_from_secret_to_public() {
    assert_eq!(classes(&["public", "pii", "secret"]).to_string(), "secret, pii and public");
    assert_eq!(classes(&["financial", "confidential"]).sensitive(), classes(&["financial"]));
    assert_eq!(classes(&["internal", "confidential"]).classified(), classes(&["confidential"]));
    assert_eq!(classes(&["internal", "public"]).restricted(), classes(&["internal"]));
    assert!(classes(&["secret"]).is_more_delicate_than(classes(&["pci", "public"])));
    assert!(!Classes::NONE.is_more_delicate_than(classes(&["public"])));
}

#[test]
fn placement_wins_over_the_kind() {
    let Checked { architecture, analysis: Analysis { trust, .. }, .. } = checked(
        "client visitor
         network office { client desk }
         network open { trust = public; client browser; load_balancer edge }
         network edge_zone { trust = dmz; reverse_proxy proxy }
         third_party mailer { trust = private }
         service shop
         visitor, desk -> shop
         browser -> edge -> proxy -> shop -> mailer",
    );
    let ground = |name| trust.ground(id(&architecture, name));
    assert_eq!(ground("visitor"), Ground::Outside);
    assert_eq!(ground("desk"), Ground::Inside);
    assert_eq!(ground("browser"), Ground::Outside);
    assert_eq!(ground("edge"), Ground::Public);
    assert_eq!(ground("proxy"), Ground::Dmz);
    assert_eq!(ground("mailer"), Ground::Inside);
    let crossing = |name| trust.crossing(link(&architecture, name));
    assert_eq!(crossing("visitor -> shop"), Some(Crossing::In));
    assert_eq!(crossing("desk -> shop"), Some(Crossing::Between));
    assert_eq!(crossing("edge -> proxy"), Some(Crossing::Between));
    assert_eq!(crossing("shop -> mailer"), None);
}

#[test]
fn what_says_more_of_a_links_encryption_wins() {
    let Checked { architecture, analysis: Analysis { trust, .. }, .. } = checked(
        "client a
         service b
         database c
         host box { service d; service e }
         a -> b : https, http
         b -> c : http { tls }
         c -> b : tls { plaintext }
         d -> e : http
         e -> b : kafka
         b -> d : http, ws",
    );
    let encryption = |name| trust.encryption(link(&architecture, name));
    assert_eq!(encryption("a -> b"), Encryption::Both);
    assert_eq!(encryption("b -> c"), Encryption::Encrypted);
    assert_eq!(encryption("c -> b"), Encryption::Plain);
    assert_eq!(encryption("d -> e"), Encryption::Local);
    assert_eq!(encryption("e -> b"), Encryption::Unstated);
    assert_eq!(encryption("b -> d"), Encryption::Plain);
}

/// Services that call each other and stores, each store with one class of data.
#[derive(Clone, Debug)]
struct Design {
    services: usize,
    stores: Vec<usize>,
    calls: Vec<(usize, usize)>,
}

const WORDS: [&str; 8] = ["secret", "pci", "phi", "pii", "financial", "confidential", "internal", "public"];

fn designs() -> impl Strategy<Value = Design> {
    (1_usize..7, prop::collection::vec(0_usize..8, 1..5)).prop_flat_map(|(services, stores)| {
        let all = services + stores.len();
        prop::collection::vec((0..services, 0..all), 0..20).prop_map(move |mut calls| {
            calls.retain(|(from, to)| from != to);
            calls.sort_unstable();
            calls.dedup();
            Design { services, stores: stores.clone(), calls }
        })
    })
}

impl Design {
    fn name(&self, at: usize) -> String {
        if at < self.services { format!("service_{at}") } else { format!("store_{}", at - self.services) }
    }

    fn text(&self) -> String {
        let services = (0..self.services).map(|at| format!("service {}\n", self.name(at)));
        let stores = self.stores.iter().enumerate().map(|(at, class)| {
            format!("database {} {{ data = [{}] }}\n", self.name(self.services + at), WORDS[*class])
        });
        let calls =
            self.calls.iter().map(|(from, to)| format!("{} -> {}\n", self.name(*from), self.name(*to)));
        services.chain(stores).chain(calls).collect()
    }

    /// The classes of all stores that a service comes to by following calls.
    fn reached(&self, service: usize) -> Classes {
        let mut seen = vec![service];
        let mut at = 0;
        let mut found = Classes::NONE;
        while let Some(from) = seen.get(at).copied() {
            at += 1;
            for (_, to) in self.calls.iter().filter(|(source, _)| *source == from) {
                if let Some(store) = to.checked_sub(self.services) {
                    found = found.and(classes(&[WORDS[self.stores[store]]]));
                } else if !seen.contains(to) {
                    seen.push(*to);
                }
            }
        }
        found
    }
}

proptest! {
    #[test]
    fn a_service_handles_the_data_of_every_store_that_its_calls_lead_to(design in designs()) {
        let Checked { architecture, analysis, .. } = checked(&design.text());
        for service in 0..design.services {
            let held = analysis.trust.held(id(&architecture, &design.name(service)));
            prop_assert_eq!(held, design.reached(service));
        }
        for (from, to) in &design.calls {
            let name = format!("{} -> {}", design.name(*from), design.name(*to));
            let carried = analysis.trust.carried(link(&architecture, &name)).classes;
            prop_assert_eq!(carried, analysis.trust.held(id(&architecture, &design.name(*to))));
        }
    }

    #[test]
    fn the_origin_of_data_is_a_store_that_holds_its_most_delicate_class(design in designs()) {
        let Checked { architecture, analysis, .. } = checked(&design.text());
        for component in architecture.components() {
            let held = analysis.trust.held(component.id);
            if held.is_empty() {
                continue;
            }
            let origin = analysis.trust.held(analysis.trust.origin(component.id));
            prop_assert_eq!(origin.rank(), held.rank());
        }
    }
}

#[test]
fn a_long_chain_of_services_is_no_deep_recursion() {
    use std::fmt::Write as _;
    let mut text = "database last { data = [pii] }\n".to_owned();
    let count = 20_000;
    for at in 0..count {
        let _ = writeln!(
            text,
            "service s{at}\ns{at} -> {}",
            if at == 0 { "last".to_owned() } else { format!("s{}", at - 1) }
        );
    }
    let file = SourceFile::new("design.arch", text.as_str());
    let (tree, _) = loadpath::syntax::parse(loadpath::source::FileId(0), &file.text);
    let architecture = loadpath::model::build(&[tree], loadpath::source::Span::default());
    let trust = Trust::of(&architecture);
    assert_eq!(trust.held(id(&architecture, &format!("s{}", count - 1))), classes(&["pii"]));
}
