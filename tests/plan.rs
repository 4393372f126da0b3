//! How much is enough: worked numbers, and what must hold of every design.

use crate::analysed::analysed;
use std::fmt::Write as _;

use proptest::prelude::*;

use loadpath::analysis::plan::{Dimension, Planner, Range, Step, Why};
use loadpath::check::{Checked, Config, NoFiles, Profile, check};
use loadpath::diagnostic::{Diagnostic, Severity};
use loadpath::source::SourceFile;

fn range(text: &str, component: &str, dimension: Dimension) -> Range {
    let (architecture, analysis) = analysed(text);
    let component = architecture.component_named(component).expect("it is drawn");
    Planner::new(&architecture, &analysis).range(component, dimension)
}

/// The deletions of a design, each as its component and step.
fn deletions(text: &str) -> Vec<(String, Step)> {
    let (architecture, analysis) = analysed(text);
    let plan = analysis.plan(&architecture);
    plan.deletions
        .iter()
        .map(|it| (architecture.component(it.component).name.to_string(), it.step.clone()))
        .collect()
}

fn reviewed(text: &str) -> Checked {
    check(
        SourceFile::new("design.arch", text),
        &NoFiles,
        &Config { profile: Profile::Review, ..Config::default() },
    )
}

const SHORTENER: &str = include_str!("../examples/url-shortener.arch");

/// 10M users at 20 a day and a peak of three are 6 944/s: five of 2 000/s at 70 %, six once a zone of three is gone.
#[test]
fn the_sample_needs_five_for_its_load_and_six_for_the_loss_of_a_zone() {
    let six = range(SHORTENER, "api", Dimension::Replicas);
    assert_eq!((six.least, six.why), (6, Why::LossOfZone));
    // Half the capacity takes seven, and one is a spare. Of this budget no number of replicas leaves half, for others use up more: it is
    // enough that fewer cost it nothing. Of a lower promise half is left.
    assert_eq!(six.most, Some(8));
    let relaxed = SHORTENER.replace("99.95%", "99.5%");
    assert_eq!(range(&relaxed, "api", Dimension::Replicas).most, Some(8));
    let unplaced = SHORTENER.replace("zones = 3, ", "");
    let five = range(&unplaced, "api", Dimension::Replicas);
    assert_eq!((five.least, five.why), (5, Why::Load));
    assert!(reviewed(SHORTENER).diagnostics.iter().all(|it| !it.code.starts_with("LP8")));
}

fn pair(slo: &str, app: u32) -> String {
    format!(
        "system \"Shop\" {{ rate = 10/s, availability = {slo} }}
client browser
load_balancer edge : alb
service app x{app}
database orders : postgres x2 {{ failover = 60s }}
browser -> edge -> app -> orders
"
    )
}

/// One app or one database node would each keep 99 %, but not half its budget; two apps do, and one is a spare.
#[test]
fn six_replicas_are_three_too_many_for_two_nines() {
    assert_eq!(deletions(&pair("99%", 6)), [("app".to_owned(), Step::Replicas { from: 6, to: 3 })]);
    assert_eq!(deletions(&pair("99%", 3)), []);
    let (architecture, analysis) = analysed(&pair("99%", 6));
    let kept = analysis.plan(&architecture).deletions[0].kept.expect("there is a promise");
    assert!(kept.after > 0.9993 && kept.after < kept.before, "{kept:?}");
}

/// At 99.95 % the design as it is misses half the budget, so nothing of it may go.
#[test]
fn where_the_promise_is_tight_nothing_is_too_much() {
    assert_eq!(deletions(&pair("99.95%", 6)), []);
    assert_eq!(deletions(&pair("99.999%", 6)), []);
}

#[test]
fn without_a_scale_or_a_promise_nothing_is_too_much() {
    assert_eq!(deletions(&pair("99%", 6).replace("rate = 10/s, ", "")), []);
    assert_eq!(deletions(&pair("99%", 6).replace(", availability = 99%", "")), []);
    assert_eq!(deletions(&pair("99%", 6).replace("rate = 10/s", "rate = 10/s, intent = demo")), []);
}

/// A third of 1 000/s a node, for a rate that needs them.
#[test]
fn replicas_that_the_load_needs_are_not_too_many() {
    let busy = pair("99%", 6).replace("service app x6", "service app x6 { capacity = 10/s }");
    assert_eq!(range(&busy, "app", Dimension::Replicas).least, 5);
    assert_eq!(deletions(&busy), []);
    // In three years 30 a second are 10 × 1.45³.
    let growing = pair("99%", 7).replace("rate = 10/s", "rate = 2/s, growth = 45%/year, horizon = 3y");
    let growing = growing.replace("service app x7", "service app x7 { capacity = 7.4/s }");
    assert_eq!(range(&growing, "app", Dimension::Replicas).most, Some(6));
}

#[test]
fn a_reason_or_an_allow_keeps_what_could_go() {
    let because = pair("99%", 6).replace("service app x6", "service app x6 { because = \"sale in May\" }");
    assert_eq!(deletions(&because), []);
    let allowed = pair("99%", 6) + "allow needless-replicas on app \"until the sale\"\n";
    let (architecture, analysis) = analysed(&allowed);
    assert!(analysis.plan(&architecture).deletions[0].is_allowed);
    assert!(analysis.plan(&architecture).kept.is_empty(), "nothing was taken");
    let checked = reviewed(&allowed);
    assert!(checked.suppressed.iter().any(|it| it.diagnostic.code == "LP802"));
    assert!(checked.diagnostics.iter().all(|it| it.code != "LP015"));
}

/// What is gone already no longer carries: the cache's reads come to the copies, and with them to the primary.
#[test]
fn deletions_are_taken_together() {
    let text = "system \"Paste\" { availability = high }
client browser
service api x2
cache hot x2 { caches = copies, strategy = cache_aside }
database pastes x2 { failover = 60s, read_capacity = 200/s, write_capacity = 200/s }
database copies x2 { read_capacity = 200/s, write_capacity = 200/s }
browser -> api
api -> hot, copies { reads }
api -> pastes { writes }
pastes ~> copies : replication
flow view { reads, rate = RATE; browser -> api -> hot, copies }
flow create { writes, rate = 1/s; browser -> api -> pastes }
";
    let names = |rate: &str| -> Vec<String> {
        let all = deletions(&text.replace("RATE", rate));
        all.into_iter().filter(|(_, step)| !matches!(step, Step::Service(_))).map(|(name, _)| name).collect()
    };
    // 10/s at a peak of three: both go.
    assert_eq!(names("10/s"), ["hot", "copies"]);
    // 50/s are 150/s at peak: without the cache too much for the primary.
    assert_eq!(names("50/s"), ["hot"]);
}

#[test]
fn a_second_region_stays_where_the_arithmetic_demands_it() {
    let two = include_str!("../examples/azure-two-regions.arch");
    let with_scale = two.replace("availability = 99.9%, assume", "availability = 99.9%, rate = 1/s, assume");
    assert_ne!(two, with_scale);
    let goes = |step: &Step| matches!(step, Step::Region(_) | Step::Regions(_));
    assert!(!deletions(&with_scale).iter().any(|(_, step)| goes(step)));
    // At 99 % the same is one region too many.
    let relaxed = with_scale.replace("availability = 99.9%, rate", "availability = 99%, rate");
    assert!(deletions(&relaxed).iter().any(|(_, step)| goes(step)));
}

// ---- of every design

/// A chain of tiers with a cache, copies, a queue and a second service, each there or not.
#[expect(clippy::struct_excessive_bools, reason = "each is a part that is there or not")]
#[derive(Clone, Debug)]
pub(crate) struct Design {
    rate: f64,
    reads: u32,
    slo: Option<&'static str>,
    growth: bool,
    proxies: u32,
    apps: u32,
    capacity: Option<u32>,
    zones: Option<u32>,
    nodes: u32,
    failover: bool,
    shards: u32,
    cache: bool,
    copies: u32,
    queue: bool,
    helper: u32,
    /// The class of the main store.
    engine: &'static str,
    /// Whether all nodes of the main store take writes.
    active: bool,
    /// A log with so many readers; none of it at all where there is no reader.
    readers: u32,
    /// Whether that log is a plain queue.
    plain: bool,
    /// Whether a second store stands beside the main one.
    side: bool,
    /// Whether the work behind the queue is waited for.
    direct: bool,
}

impl Design {
    pub(crate) fn text(&self) -> String {
        let mut text = format!("system \"Made\" {{ rate = {}/s, reads_per_write = {}", self.rate, self.reads);
        if let Some(slo) = self.slo {
            let _ = write!(text, ", availability = {slo}");
        }
        if self.growth {
            text += ", growth = 60%/year, horizon = 2y";
        }
        text += ", record_size = 1KB, retention = 1y }\nclient browser\nload_balancer edge : alb\n";
        let _ = writeln!(text, "reverse_proxy door x{}", self.proxies);
        let capacity = self.capacity.map(|it| format!("capacity = {it}/s")).unwrap_or_default();
        let zones = self.zones.map(|it| format!("; zones = {it}")).unwrap_or_default();
        let _ = writeln!(text, "service app x{} {{ {capacity}{zones} }}", self.apps);
        let failover = if self.failover { "; failover = 60s" } else { "" };
        let engine = self.engine;
        let shards = if self.shards > 1 { format!("; shards = {}", self.shards) } else { String::new() };
        let active =
            if self.active { "; mode = active_active; conflict_resolution = last_write_wins" } else { "" };
        let _ = writeln!(text, "database main : {engine} x{} {{ {shards}{failover}{active} }}", self.nodes);
        text += "browser -> edge -> door -> app -> main\n";
        if self.cache {
            text += "cache hot : redis x2 { caches = main, strategy = cache_aside, hit_ratio = 80% }\napp -> hot\n";
        }
        if self.copies > 0 {
            let _ = writeln!(text, "database copy : {engine} x{}", self.copies);
            text += "app -> copy { reads }\nmain ~> copy : replication\n";
        }
        if self.queue {
            text += "queue jobs : rabbitmq x2 { max_length = 1k, on_full = reject }\n";
            text += "worker jobber x2 { service_time = 5ms, capacity = 200/s }\napp ~> jobs ~> jobber\n";
        } else if self.direct {
            text += "worker jobber x2 { service_time = 5ms, capacity = 200/s }\napp -> jobber\n";
        }
        if self.readers > 0 {
            let log = if self.plain { "queue feed : rabbitmq_quorum" } else { "stream feed : kafka" };
            let _ = writeln!(text, "{log} x3\napp ~> feed {{ payload = 1KB }}");
            for reader in 0..self.readers {
                let _ = writeln!(text, "worker reader{reader} x2\nfeed ~> reader{reader}");
            }
        }
        if self.side {
            let _ = writeln!(text, "database side : {engine} x{} {{ {failover} }}\napp -> side", self.nodes);
        }
        if self.helper > 0 {
            let _ = writeln!(text, "service helper x{}\napp -> helper", self.helper);
        }
        text
    }

    /// Whether as many nodes take writes as it says: one can't do so by turns.
    pub(crate) fn can_be_built(&self) -> bool {
        self.nodes > 1 || !self.active
    }

    /// What is left when something goes; nothing where the design can't draw that.
    fn without(&self, name: &str, step: &Step) -> Option<Self> {
        let mut left = self.clone();
        match step {
            Step::Replicas { to, .. } => match name {
                "door" => left.proxies = *to,
                "app" => left.apps = *to,
                "main" => left.nodes = *to,
                "copy" => left.copies = *to,
                "helper" => left.helper = *to,
                _ => return None,
            },
            Step::Shards(_) => left.shards = 1,
            Step::ReadReplicas(_) => left.copies = 0,
            Step::Cache(_) => left.cache = false,
            Step::Queue(_) if name == "jobs" => (left.queue, left.direct) = (false, true),
            Step::Log { .. } => left.plain = true,
            Step::Store(_) | Step::Graph(_) if name == "main" => {
                (left.engine, left.failover, left.active) = ("postgres", true, false);
                left.nodes = left.nodes.max(2);
            }
            Step::Primaries(_) => (left.active, left.failover) = (false, true),
            Step::Merged(_) => left.side = false,
            Step::Service(_) if name == "helper" => left.helper = 0,
            Step::Size(_) if name == "app" => left.capacity = None,
            _ => return None,
        }
        Some(left)
    }
}

pub(crate) fn designs() -> impl Strategy<Value = Design> {
    let scale = (
        prop::sample::select(vec![0.01, 1.0, 20.0, 300.0, 4000.0, 50_000.0]),
        prop::sample::select(vec![1_u32, 10, 100]),
        prop::sample::select(vec![
            None,
            Some("high"),
            Some("99%"),
            Some("99.5%"),
            Some("99.9%"),
            Some("99.99%"),
        ]),
        any::<bool>(),
    );
    let tiers = (
        1_u32..12,
        1_u32..14,
        prop::sample::select(vec![None, Some(20_u32), Some(500), Some(30_000)]),
        prop::sample::select(vec![None, Some(1_u32), Some(2), Some(3)]),
    );
    let stores = (1_u32..8, any::<bool>(), prop::sample::select(vec![1_u32, 2, 16]), any::<bool>(), 0_u32..4);
    let parts = (any::<bool>(), 0_u32..4);
    let extras = (
        prop::sample::select(vec!["postgres", "postgres", "postgres", "cassandra", "neo4j"]),
        prop::bool::weighted(0.3),
        0_u32..5,
        prop::bool::weighted(0.3),
    );
    (scale, tiers, stores, parts, extras).prop_map(
        |(
            (rate, reads, slo, growth),
            (proxies, apps, capacity, zones),
            (nodes, failover, shards, cache, copies),
            (queue, helper),
            (engine, active, readers, side),
        )| Design {
            rate,
            reads,
            slo,
            growth,
            proxies,
            apps,
            capacity,
            zones,
            nodes,
            failover,
            shards,
            cache,
            copies,
            queue,
            helper,
            engine,
            active,
            readers,
            plain: false,
            side,
            direct: false,
        },
    )
}

/// Whether a finding asks for more of something that another could say there is too much of.
fn asks_for_more(finding: &Diagnostic) -> bool {
    ["LP1", "LP2", "LP3"].iter().any(|family| finding.code.starts_with(family))
        && !matches!(finding.code, "LP309" | "LP310" | "LP311" | "LP316")
}

/// What a rule that asks for more and one that asks for less would both speak of.
fn dimension(code: &str) -> Option<&'static str> {
    match code {
        "LP101" | "LP102" | "LP108" | "LP301" | "LP302" | "LP802" => Some("replicas"),
        "LP304" | "LP306" | "LP801" => Some("shards"),
        "LP114" | "LP305" | "LP803" => Some("cache"),
        "LP115" | "LP806" => Some("regions"),
        "LP106" | "LP107" | "LP813" => Some("the switch"),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn enough_is_never_more_than_too_much(design in designs()) {
        let (architecture, analysis) = analysed(&design.text());
        let mut planner = Planner::new(&architecture, &analysis);
        for component in architecture.components() {
            for dimension in Dimension::ALL {
                let range = planner.range(component, dimension);
                prop_assert!(
                    range.most.is_none_or(|most| most >= range.least),
                    "{} {dimension:?} {range:?}\n{}", component.name, design.text()
                );
            }
        }
    }

    #[test]
    fn nobody_is_told_to_have_more_and_less(design in designs()) {
        let checked = reviewed(&design.text());
        for more in checked.diagnostics.iter().filter(|it| asks_for_more(it)) {
            for less in checked.diagnostics.iter().filter(|it| it.code.starts_with("LP8")) {
                let is_same = more.element == less.element
                    && dimension(more.code).is_some()
                    && dimension(more.code) == dimension(less.code);
                prop_assert!(!is_same, "{} and {} on {}\n{}", more.code, less.code, less.element, design.text());
            }
        }
    }

    /// All that can be followed by an edit is followed at once.
    #[test]
    fn who_follows_the_advice_keeps_every_promise_and_gains_no_finding(design in designs()) {
        let text = design.text();
        let before = reviewed(&text);
        let mut edits: Vec<_> = before
            .diagnostics
            .iter()
            .filter(|it| it.code.starts_with("LP8"))
            .filter_map(|it| it.fix.as_ref())
            .flat_map(|fix| fix.edits.iter())
            .collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
        let mut changed = text.clone();
        for edit in &edits {
            changed.replace_range(edit.span.range(), &edit.text);
        }
        let after = reviewed(&changed);
        for (was, judged) in before.analysis.judged() {
            let now = after.analysis.judged().find(|(it, _)| it.name == was.name).expect("no journey is gone").1;
            if let Some(slo) = was.promise.slo && judged.low.lower() >= slo {
                prop_assert!(now.low.lower() >= slo, "{} {now:?}\n{text}\n{changed}", was.name);
            }
        }
        let is_new = |it: &&Diagnostic| {
            it.severity < Severity::Advice
                && !before.diagnostics.iter().any(|old| (old.code, &old.element) == (it.code, &it.element))
        };
        let gained: Vec<_> = after.diagnostics.iter().filter(is_new).collect();
        prop_assert!(gained.is_empty(), "{gained:#?}\n{text}\n{changed}");
        // What was followed is not asked for again.
        for finding in before.diagnostics.iter().filter(|it| it.fix.is_some() && it.code.starts_with("LP8")) {
            prop_assert!(
                !after.diagnostics.iter().any(|it| (it.code, &it.element) == (finding.code, &finding.element)
                    && it.fix.is_some()),
                "{} on {} again\n{text}\n{changed}", finding.code, finding.element
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Whichever of what can go does go, drawn anew without it: each promise holds that held before, and nobody says
    /// that there is too little now.
    #[test]
    fn any_set_of_deletions_keeps_every_promise(design in designs(), mask in any::<u32>()) {
        let text = design.text();
        let mut left = design.clone();
        let mut taken = Vec::new();
        for (at, (name, step)) in deletions(&text).into_iter().enumerate() {
            // All of them in one case of four, else any.
            if mask % 4 != 0 && mask >> (at % 30 + 2) & 1 == 0 {
                continue;
            }
            if let Some(without) = left.without(&name, &step) {
                left = without;
                taken.push((name, step));
            }
        }
        if taken.is_empty() {
            return Ok(());
        }
        let before = reviewed(&text);
        let changed = left.text();
        let after = reviewed(&changed);
        for (was, judged) in before.analysis.judged() {
            let Some((_, now)) = after.analysis.judged().find(|(it, _)| it.name == was.name) else { continue };
            if let Some(slo) = was.promise.slo && judged.low.lower() >= slo {
                prop_assert!(now.low.lower() >= slo, "{} {:?} without {taken:?}\n{text}\n{changed}", was.name, now.low);
            }
        }
        let is_new = |it: &&Diagnostic| {
            it.severity < Severity::Advice
                && asks_for_more(it)
                && !it.code.starts_with("LP2")
                && !before.diagnostics.iter().any(|old| (old.code, &old.element) == (it.code, &it.element))
        };
        let gained: Vec<_> = after.diagnostics.iter().filter(is_new).map(|it| (it.code, &it.message)).collect();
        prop_assert!(gained.is_empty(), "{gained:#?} without {taken:?}\n{text}\n{changed}");
    }
}

/// A quiet design with something of each kind too much: each is found, and drawn without it the design keeps 99 %.
#[test]
fn each_kind_of_step_is_met() {
    let quiet = Design {
        rate: 1.0,
        reads: 10,
        slo: Some("99%"),
        growth: false,
        proxies: 3,
        apps: 3,
        capacity: None,
        zones: None,
        nodes: 2,
        failover: true,
        shards: 1,
        cache: false,
        copies: 0,
        queue: false,
        helper: 0,
        engine: "postgres",
        active: false,
        readers: 0,
        plain: false,
        side: false,
        direct: false,
    };
    let cases = [
        (Design { engine: "neo4j", nodes: 3, ..quiet.clone() }, "Graph("),
        (Design { engine: "cassandra", nodes: 3, ..quiet.clone() }, "Store("),
        (Design { active: true, failover: false, ..quiet.clone() }, "Primaries(2)"),
        (Design { readers: 2, ..quiet.clone() }, "Log {"),
        (Design { side: true, ..quiet.clone() }, "Merged("),
        (Design { shards: 2, ..quiet.clone() }, "Shards(2)"),
    ];
    for (design, wanted) in cases {
        let found = deletions(&design.text());
        let (name, step) = found
            .iter()
            .find(|(_, step)| format!("{step:?}").starts_with(wanted))
            .unwrap_or_else(|| panic!("{wanted} of {found:?}\n{}", design.text()));
        let left = design.without(name, step).expect("it can be drawn").text();
        let (_, analysis) = analysed(&left);
        for (journey, judged) in analysis.judged().filter(|(it, _)| it.promise.slo.is_some()) {
            assert!(judged.low.lower() >= 0.995, "{}: {:?}\n{left}", journey.name, judged.low);
        }
        assert!(deletions(&left).iter().all(|(_, again)| again != step), "{step:?} again\n{left}");
    }
    assert_eq!(deletions(&quiet.text()), []);
    assert_eq!(deletions(&Design { readers: 3, ..quiet }.text()), []);
}

/// One primary of a pair with a failover of 60 s is down for .005 × (.05 + 60 s ÷ 4 h − …) = .000270, and without any
/// promise that leaves twice as much of its budget it stays two.
#[test]
fn two_primaries_stay_where_one_would_not_leave_half_the_budget() {
    let two = |slo: &str| {
        let pair = pair(slo, 3);
        pair.replace("{ failover = 60s }", "{ primaries = 2, conflict_resolution = last_write_wins }")
    };
    assert_eq!(deletions(&two("99%")), [("orders".to_owned(), Step::Primaries(2))]);
    let (architecture, analysis) = analysed(&two("99%"));
    let kept = analysis.plan(&architecture).deletions[0].kept.expect("there is a promise");
    let (_, drawn) = analysed(&pair("99%", 3));
    assert!((kept.after - drawn.availability[0].low.lower()).abs() < 1e-12, "{kept:?}");
    assert_eq!(deletions(&two("99.95%")), []);
}

/// The designs that are made do meet what is tested of them.
#[test]
fn the_made_designs_have_something_to_spare() {
    let design = Design {
        rate: 1.0,
        reads: 10,
        slo: Some("99%"),
        growth: false,
        proxies: 10,
        apps: 8,
        capacity: Some(500),
        zones: None,
        nodes: 7,
        failover: true,
        shards: 16,
        cache: true,
        copies: 0,
        queue: false,
        helper: 0,
        engine: "postgres",
        active: false,
        readers: 0,
        plain: false,
        side: false,
        direct: false,
    };
    let checked = reviewed(&design.text());
    let codes: Vec<&str> = checked
        .diagnostics
        .iter()
        .filter(|it| it.code.starts_with("LP8") && it.fix.is_some())
        .map(|it| it.code)
        .collect();
    assert_eq!(codes, ["LP802", "LP802", "LP801", "LP802"], "{}", design.text());
}
