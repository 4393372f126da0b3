//! The cheapest set of changes that keeps a promise, against worked sets.

use crate::analysed::analysed;
use loadpath::analysis::Analysis;
use loadpath::analysis::improve::{Improvement, Outcome, Searches, Step};
use loadpath::model::Architecture;

fn searched(architecture: &Architecture, analysis: &Analysis, slo: f64) -> Outcome {
    let mut searches = Searches::new(architecture, &analysis.load);
    searches.cheapest(&[(&analysis.journeys[0], &analysis.availability[0])], slo, false)
}

/// The set that keeps the promise, in words, with its cost and what it reaches in percent.
fn cheapest(text: &str, slo: f64) -> (Vec<String>, u32, f64) {
    let (architecture, analysis) = analysed(text);
    match searched(&architecture, &analysis, slo) {
        Outcome::Reached(Improvement { steps, cost, availability, is_cheapest, .. }) => {
            assert!(is_cheapest);
            let words = steps.into_iter().map(|step| word(&architecture, step)).collect();
            (words, cost, availability * 100.0)
        }
        other => panic!("{other:?}"),
    }
}

fn word(architecture: &Architecture, step: Step) -> String {
    let name = |id| architecture.component(id).name.as_str();
    match step {
        Step::Zones(count) => format!("zones {count}"),
        Step::Replicas(id, count) => format!("{} x{count}", name(id)),
        Step::Pair(id, count) => format!("{} x{count} failover", name(id)),
        Step::Engine(id) => format!("{} engine", name(id)),
        Step::SecondProvider(id) => format!("{} twice", name(id)),
        Step::SecondRegion(id) => format!("{} twice", architecture.group(id).name),
    }
}

#[track_caller]
fn close(found: f64, worked: f64, digits: i32) {
    let tolerance = 0.51 * 10_f64.powi(-digits);
    assert!((found - worked).abs() <= tolerance, "{found} is not {worked}");
}

const THREE_TIERS: &str =
    "client u\nload_balancer lb x1\nservice app x3\ndatabase db x1\nu -> lb -> app -> db\n";

#[test]
fn the_cheapest_set_grows_with_the_promise() {
    let cases: [(f64, &[&str], u32, f64); 4] = [
        (0.99, &["lb x2"], 2, 99.44800),
        (0.995, &["lb x2", "db x2 failover"], 5, 99.91841),
        (0.999, &["lb x2", "db x2 failover"], 5, 99.91841),
        (0.9995, &["lb x2", "db engine", "zones 2"], 8, 99.96714),
    ];
    for (slo, worked, cost, percent) in cases {
        let (mut words, found, reached) = cheapest(THREE_TIERS, slo);
        words.sort_by_key(|word| worked.iter().position(|it| it == word));
        assert_eq!(words, worked, "{slo}");
        assert_eq!(found, cost, "{slo}");
        close(reached, percent, 5);
    }
}

/// Past what every change together reaches there is no set, and the best is named.
#[test]
fn a_promise_that_nothing_keeps_is_out_of_reach() {
    let (architecture, analysis) = analysed(THREE_TIERS);
    let Outcome::Unreachable { best } = searched(&architecture, &analysis, 0.9998) else { panic!("reached") };
    close(best * 100.0, 99.97, 5);
}

/// A promise that is kept takes nothing.
#[test]
fn nothing_is_changed_for_a_promise_that_is_kept() {
    let (words, cost, reached) = cheapest(THREE_TIERS, 0.98);
    assert_eq!((words.len(), cost), (0, 0));
    close(reached, 98.977_74, 5);
}

/// What a third party misses, only a second one can give.
#[test]
fn a_second_provider_squares_what_the_first_misses() {
    let text = "client u\nthird_party sms { availability = 99% }\nu -> sms\n";
    let (words, cost, reached) = cheapest(text, 0.999);
    assert_eq!(words, ["sms twice"]);
    assert_eq!(cost, 6);
    close(reached, 99.99, 6);
}

/// A region is doubled only where one is drawn, and only where it takes that.
#[test]
fn a_second_region_is_for_promises_that_zones_cannot_keep() {
    let text = "client u\nregion one { service api x3 { zones = 3, availability = 99.99% } }\nu -> api\n";
    let (words, cost, _) = cheapest(text, 0.99995);
    assert_eq!(words, ["one twice"]);
    assert_eq!(cost, 10);
    let undrawn = text.replace("region one { ", "").replace(" }\nu", "\nu");
    let (architecture, analysis) = analysed(&undrawn);
    assert!(analysis.availability[0].low.lower() > 0.999_99);
    assert!(matches!(searched(&architecture, &analysis, 0.999_999), Outcome::Unreachable { .. }));
}

/// A store keeps its data in its nodes: a bare second replica would be no way out of its loss.
#[test]
fn what_keeps_state_gets_a_standby_and_not_a_replica() {
    let (words, ..) = cheapest("client u\nservice api x1 { stateful }\nu -> api\n", 0.999);
    assert_eq!(words, ["api x2 failover"]);
    let (words, ..) = cheapest("client u\nservice api x1\nu -> api\n", 0.999);
    assert_eq!(words, ["api x2"]);
}

/// Every set of two components costs as much: the first by name is offered.
#[test]
fn equal_sets_are_parted_by_their_names() {
    let text = "client u\nservice zeta, alpha, mid x1\nu -> zeta -> alpha -> mid\n";
    // Two of the three must go: 1.5 % down, .5 % allowed and some.
    let (words, cost, _) = cheapest(text, 0.994);
    assert_eq!(cost, 4);
    let mut words = words;
    words.sort();
    assert_eq!(words, ["alpha x2", "mid x2"]);
}

/// A search costs what its design is large; past the budget that all share nothing is searched.
#[test]
fn a_design_that_is_too_large_is_not_searched() {
    let mut text = String::from("client u\nservice s0 x1\nu -> s0\n");
    for at in 1..400 {
        use std::fmt::Write as _;
        let _ = writeln!(text, "service s{at} x1\ns{} -> s{at}", at - 1);
    }
    let (architecture, analysis) = analysed(&text);
    let mut searches = Searches::new(&architecture, &analysis.load);
    let mut outcomes = (0..1_000).map(|at| {
        let slo = 0.5 + f64::from(at) * 1e-6;
        searches.cheapest(&[(&analysis.journeys[0], &analysis.availability[0])], slo, false)
    });
    assert!(outcomes.any(|it| it == Outcome::NotSearched));
}
