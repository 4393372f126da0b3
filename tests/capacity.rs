//! How full things are, what breaks first, and what is left when something is gone: worked by hand.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::analysed::analysed;
use loadpath::analysis::capacity::{
    Busy, Filled, Rung, bottleneck, busiest, cold_caches, next_rung, users_at,
};
use loadpath::analysis::plan::{Certainty, Dimension, Lack, Planner, Shortage, Why};
use loadpath::catalogue::Parameters;
use loadpath::check::{Checked, Config, NoFiles, Profile, check};
use loadpath::diagnostic::Severity;
use loadpath::source::SourceFile;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * b.abs().max(1.0)
}

fn busy(text: &str, name: &str) -> Busy {
    let (architecture, analysis) = analysed(text);
    Busy::of(&analysis.load, architecture.component_named(name).expect("it is drawn")).expect("it is known")
}

/// The shortages of a design, each with its component's name.
fn shortages(text: &str) -> Vec<(String, Shortage)> {
    let (architecture, analysis) = analysed(text);
    let found = analysis.shortages(&architecture);
    found.iter().map(|it| (architecture.component(it.busy.component).name.to_string(), it.clone())).collect()
}

fn lacks(text: &str) -> Vec<(String, Lack)> {
    shortages(text).into_iter().map(|(name, it)| (name, it.lack)).collect()
}

fn reviewed(text: &str) -> Checked {
    check(
        SourceFile::new("design.arch", text),
        &NoFiles,
        &Config { profile: Profile::Review, ..Config::default() },
    )
}

/// What the rules of availability and load say of an element.
fn codes(text: &str, element: &str) -> Vec<(&'static str, Severity)> {
    let checked = reviewed(text);
    let found = checked.diagnostics.iter().filter(|it| it.element == element);
    found
        .filter(|it| it.code.starts_with("LP1") || it.code.starts_with("LP3"))
        .map(|it| (it.code, it.severity))
        .collect()
}

// ---- one component

const STORE: &str = "system \"S\" { reads = 30k/s, writes = 2k/s, peak_factor = 1, availability = high }
client browser
load_balancer lb : alb
service api x40 { capacity = 2k/s }
database main : postgres x3 { failover, read_capacity = 20k/s, write_capacity = 5k/s }
browser -> lb -> api -> main
";

/// 30 000 ÷ (3 × 20 000) + 2 000 ÷ 5 000 = 50 % + 40 %; with one gone 75 % + 40 %.
#[test]
fn every_node_of_a_store_applies_every_write() {
    let (architecture, _) = analysed(STORE);
    let store = architecture.component_named("main").expect("it is drawn");
    let busy = busy(STORE, "main");
    assert!(close(busy.reads, 0.5) && close(busy.writes, 0.4) && close(busy.share(), 0.9), "{busy:?}");
    assert!(close(busy.without_replica(store).expect("there are three"), 1.15));
    assert!(close(busy.headroom(), 1.0 / 0.9));
    assert_eq!(busy.filled(), Filled::ByReads);
    assert_eq!(busy.worked(store).working(), "30 000/s ÷ 20 000/s ÷ 3 + 2 000/s ÷ 5 000/s");
    assert!(close(busy.worked(store).value, busy.share()));
    // 40 % are writes, so reads may use 30 %: 30 000 ÷ (n × 20 000) ≤ 0.3, n ≥ 5.
    assert_eq!(busy.replicas_at(store, 0.7), Some(5));
}

/// Redundancy is asked for, and it can't lose one of three: that is the story, and not that it is 90 % busy.
#[test]
fn what_cannot_lose_one_is_told_once() {
    let found = shortages(STORE);
    let (name, shortage) = &found[0];
    assert_eq!((found.len(), name.as_str()), (1, "main"));
    let Lack::WithoutReplica(share) = shortage.lack else { panic!("{shortage:?}") };
    assert!(close(share, 1.15));
    // 75 % at most are left for reads by two of them, 60 % by three: four nodes, 30 000 ÷ 60 000 + 40 % = 90 %.
    assert_eq!((shortage.dimension, shortage.least), (Dimension::Replicas, 4));
    assert_eq!(codes(STORE, "main"), [("LP108", Severity::Warning)]);
    // Where nothing asks for redundancy it is only nearly full.
    let unasked = STORE.replace(", availability = high", "");
    assert_eq!(lacks(&unasked), [("main".to_owned(), Lack::NearLimit)]);
}

/// A standby waits: the primary alone answers, 30 000 ÷ 20 000 + 40 % = 190 %.
#[test]
fn a_standby_takes_no_reads() {
    let text = STORE.replace("postgres x3 { failover", "postgres x2 { mode = active_passive, failover");
    let (architecture, _) = analysed(&text);
    let store = architecture.component_named("main").expect("it is drawn");
    let busy = busy(&text, "main");
    assert!(close(busy.share(), 1.9));
    assert_eq!(busy.without_replica(store), None);
    assert_eq!(next_rung(&Parameters::default(), store, &busy, false), Rung::Cache);
    // Behind a cache that no longer helps, all that is left is to split it: 190 % ÷ 70 % are three parts.
    assert_eq!(next_rung(&Parameters::default(), store, &busy, true), Rung::Shards(3));
}

/// 17 361 writes a second fill a node of 5 000 to 347 %; at 70 % that takes five shards.
#[test]
fn writes_are_split_and_not_copied() {
    let text = "system \"S\" { writes = 500M/day, reads = 1/s, peak_factor = 3 }
client browser
service api x30 { capacity = 2k/s }
load_balancer lb : alb
database main : postgres x2 { failover, read_capacity = 20k/s, write_capacity = 5k/s }
browser -> lb -> api -> main
";
    let (architecture, analysis) = analysed(text);
    let store = architecture.component_named("main").expect("it is drawn");
    let busy = Busy::of(&analysis.load, store).expect("it is known");
    assert!((busy.share() - 3.472).abs() < 1e-3);
    assert_eq!(busy.replicas_at(store, 0.7), None);
    assert_eq!(next_rung(&Parameters::default(), store, &busy, false), Rung::Shards(5));
    let found = &shortages(text)[0].1;
    assert_eq!((found.lack, found.dimension, found.least), (Lack::Overloaded, Dimension::Shards, 5));
    assert_eq!(found.certainty, Certainty::Stated);
    assert_eq!(codes(text, "main"), [("LP301", Severity::Error)]);
}

/// The same on a catalogue's figure is a warning, for the mean alone is more than a node is assumed to write.
#[test]
fn an_overload_on_assumed_figures_is_no_error() {
    let text = include_str!("../examples/twitter.arch");
    let found = reviewed(text);
    let of_store = found.diagnostics.iter().find(|it| it.element == "sql_write" && it.code == "LP301");
    let of_store = of_store.expect("6 000 writes a second are more than one primary takes");
    assert_eq!(of_store.severity, Severity::Warning);
    assert!(of_store.message.contains("assumed"), "{}", of_store.message);
}

/// 20 TB are four nodes of the 5 TB that call for a review, and ten of the 2 TB that are written.
#[test]
fn data_asks_for_shards_as_writes_do() {
    let text = "system \"S\" { reads = 10/s, writes = 1/s, peak_factor = 1, storage = 20TB }
client browser
database main : postgres x2 { failover }
browser -> main
";
    let range = |text: &str| {
        let (architecture, analysis) = analysed(text);
        let store = architecture.component_named("main").expect("it is drawn");
        Planner::new(&architecture, &analysis).range(store, Dimension::Shards)
    };
    assert_eq!((range(text).least, range(text).why), (4, Why::Storage));
    let written = text.replace("{ failover }", "{ failover, storage_capacity = 2TB }");
    assert_eq!(range(&written).least, 10);
    assert_eq!(range(&text.replace("20TB", "500GB")).least, 1);
}

/// Shards aside: a ring of nodes that spreads its keys by itself spreads its writes as well.
#[test]
fn a_ring_spreads_its_writes() {
    let text = "system \"S\" { writes = 30k/s, peak_factor = 1 }
client meter
database ring : cassandra x10
meter -> ring
";
    // 30 000 ÷ 10 000 ÷ 10.
    assert!(close(busy(text, "ring").share(), 0.3));
}

// ---- the sample of the definition

const REDIRECT: &str = "system \"Links\" { rate = RATE, availability = high, peak_factor = 1 }
client browser
load_balancer lb : alb
service api x10 { capacity = 2k/s }
cache hot x2 { caches = links, strategy = cache_aside, hit_ratio = 90% }
database links : postgres x3 { failover, read_capacity = 2k/s, write_capacity = 5k/s }
browser -> lb -> api -> links
api -> hot
flow redirect { reads, rate = 6875/s; browser -> lb -> api -> hot, links }
flow shorten { writes, rate = 69.4/s; browser -> lb -> api -> links }
";

/// Three nodes of 2 000 reads and 5 000 writes a second. Warm 687.5 reads come through and 69.4 writes:
/// 687.5 ÷ 6 000 + 69.4 ÷ 5 000 = 12.85 %; cold 6 875 ÷ 6 000 + 69.4 ÷ 5 000 = 115.97 %.
#[test]
fn a_cold_cache_brings_all_reads() {
    let (architecture, analysis) = analysed(&REDIRECT.replace("rate = RATE, ", ""));
    let cold = &cold_caches(&architecture, &analysis)[0];
    assert!((cold.warm.share() - 0.1285).abs() < 5e-5, "{cold:?}");
    assert!((cold.cold - 1.1597).abs() < 5e-5);
    assert!(close(cold.times(), 10.0));
    assert!(close(cold.more.reads.per_second(), 6187.5));
    // Four nodes carry it: 85.9 % + 1.4 %.
    let store = architecture.component_named("links").expect("it is drawn");
    let range = Planner::new(&architecture, &analysis).range(store, Dimension::Replicas);
    assert_eq!((range.least, range.why), (4, Why::ColdCache));
}

#[test]
fn the_cold_cache_is_told_and_a_larger_store_ends_it() {
    let text = REDIRECT.replace("rate = RATE, ", "");
    assert!(codes(&text, "hot").contains(&("LP114", Severity::Warning)));
    let larger = text.replace("postgres x3", "postgres x4");
    assert!(codes(&larger, "hot").iter().all(|(code, _)| *code != "LP114"));
    // On an assumed capacity it says so.
    let assumed = text
        .replace(", read_capacity = 2k/s, write_capacity = 5k/s", "")
        .replace("6875/s", "68750/s")
        .replace("api x10", "api x100");
    let checked = reviewed(&assumed);
    let told = checked.diagnostics.iter().find(|it| it.code == "LP114").expect("68 750 ÷ 60 000");
    assert_eq!(told.severity, Severity::Warning);
    assert!(told.message.contains("assumed"), "{}", told.message);
}

// ---- what is left

fn api(count: u32, zones: u32) -> String {
    format!(
        "system \"S\" {{ daily_users = 10M, per_user = 20/day, peak_factor = 3, availability = high }}
client browser
load_balancer lb : alb
service api x{count} {{ zones = {zones}, capacity = 2k/s }}
browser -> lb -> api
"
    )
}

/// 6 944/s over six of 2 000/s are 57.9 %; a zone of three takes two of them: 86.8 % on four. Two zones take three:
/// 115.7 %. Of five in three zones the fullest has two: 115.7 % on three.
#[test]
fn a_zone_takes_its_replicas_with_it() {
    let (architecture, analysis) = analysed(&api(6, 3));
    let component = architecture.component_named("api").expect("it is drawn");
    let six = Busy::of(&analysis.load, component).expect("it is known");
    let (share, left) = six.without_zone(component, 3).expect("four are left");
    assert!((share - 0.868).abs() < 1e-3 && left == 4);
    let (share, left) = six.without_zone(component, 2).expect("three are left");
    assert!((share - 1.157).abs() < 1e-3 && left == 3);
    assert_eq!(six.without_zone(component, 1), None);
    assert_eq!(lacks(&api(6, 3)), []);
    for (count, zones, least) in [(6, 2, 8), (5, 3, 6)] {
        let (_, shortage) = shortages(&api(count, zones)).remove(0);
        let is_zone = matches!(shortage.lack, Lack::WithoutZone { left: 3, .. });
        assert!(is_zone && shortage.least == least, "{shortage:?}");
    }
}

/// `a` carries 900/s of its 2 000/s; `b`, which takes over, carries 800/s: 112.5 %.
#[test]
fn a_fallback_carries_all_that_the_first_did() {
    let text = |capacity: &str| {
        format!(
            "system \"S\" {{ rate = 300/s, peak_factor = 3 }}
client browser
service front x4
load_balancer lb : alb
service a x2 {{ capacity = 1k/s }}
service b x2 {{ capacity = {capacity} }}
browser -> lb -> front -> a else b
"
        )
    };
    let found = shortages(&text("400/s"));
    let told: Vec<_> = found.iter().filter(|(name, _)| name == "b").map(|(_, it)| it.lack).collect();
    let [Lack::Without { is_fallback: true, share, .. }] = told[..] else { panic!("{found:?}") };
    assert!(close(share, 1.125));
    assert!(lacks(&text("450/s")).iter().all(|(name, _)| name != "b"), "900 ÷ 900 is not over");
    // What only stands ready is not too many.
    let spare = text("150/s")
        .replace("service b x2", "service b x6")
        .replace("peak_factor = 3", "peak_factor = 3, availability = 99%");
    assert!(codes(&spare, "b").iter().all(|(code, _)| *code != "LP802"), "{:?}", codes(&spare, "b"));
}

/// Three of 1 000/s share 2 400/s: 80 % each; with one gone 1 200/s come to each of the others.
#[test]
fn the_others_of_a_pool_carry_its_part() {
    let text = "system \"S\" { rate = 2400/s, peak_factor = 1, availability = high }
client browser
load_balancer lb : alb
service a, b, c x1 { capacity = 1k/s }
browser -> lb -> a | b | c
";
    let found = lacks(text);
    assert_eq!(found.len(), 3, "{found:?}");
    for (name, lack) in found {
        let Lack::Without { is_fallback: false, share, .. } = lack else { panic!("{name} {lack:?}") };
        assert!(close(share, 1.2), "{share}");
    }
    assert!(lacks(&text.replace("2400/s", "1900/s")).is_empty(), "950 of 1 000 each");
}

// ---- what breaks first

/// 57.9 % of `api`: 10M ÷ 0.579 = 17.28M users. A figure that is full is not rounded up.
#[test]
fn what_breaks_first_is_told_in_users() {
    let text = api(6, 3);
    let (architecture, analysis) = analysed(&text);
    let busiest = busiest(&architecture, &analysis.load);
    let first = &busiest[0];
    assert_eq!(architecture.component(first.component).name, "api");
    assert_eq!(
        users_at(&architecture.system.properties, first.headroom()).as_deref(),
        Some("17.2M daily users")
    );
    assert_eq!(users_at(&architecture.system.properties, 0.5).as_deref(), Some("5M daily users"));
    let of_flow = bottleneck(&analysis.availability[0], &busiest).expect("it needs `api`");
    assert_eq!(of_flow.component, first.component);
}

#[test]
fn what_says_neither_number_nor_capacity_is_left_alone() {
    let text = "system \"S\" { rate = 100k/s }
service emitter
stream events : kafka x3..
worker sink x2..
database facts : cassandra
emitter ~> events ~> sink -> facts
";
    assert_eq!(lacks(text), []);
    assert_eq!(lacks(&format!("{}\n", STORE.replace("\"S\" {", "\"S\" { intent = demo,"))), []);
}

// ---- of every design

#[derive(Clone, Debug)]
struct Tier {
    rate: f64,
    reads: u32,
    slo: Option<&'static str>,
    apps: u32,
    capacity: u32,
    zones: Option<u32>,
    nodes: u32,
    mode: &'static str,
    shards: u32,
    cache: Option<u32>,
    fallback: u32,
    pool: u32,
}

impl Tier {
    fn text(&self) -> String {
        let mut text = format!(
            "system \"Made\" {{ rate = {}/s, reads_per_write = {}, peak_factor = 3",
            self.rate, self.reads
        );
        if let Some(slo) = self.slo {
            let _ = write!(text, ", availability = {slo}");
        }
        text += " }\nclient browser\nload_balancer edge : alb\n";
        let zones = self.zones.map(|it| format!(", zones = {it}")).unwrap_or_default();
        let _ = writeln!(text, "service app x{} {{ capacity = {}/s{zones} }}", self.apps, self.capacity);
        let _ = writeln!(
            text,
            "database main : postgres x{} {{ shards = {}, read_capacity = 2k/s, write_capacity = 500/s{} }}",
            self.nodes, self.shards, self.mode
        );
        text += "browser -> edge -> app -> main\n";
        if let Some(hit) = self.cache {
            let _ = writeln!(
                text,
                "cache hot : redis x2 {{ caches = main, strategy = cache_aside, hit_ratio = {hit}% }}\napp -> hot"
            );
        }
        if self.fallback > 0 {
            let _ = writeln!(
                text,
                "service first x2 {{ capacity = 2k/s }}\nservice spare x{} {{ capacity = 500/s }}\napp -> first else spare",
                self.fallback
            );
        }
        if self.pool > 0 {
            let _ = writeln!(
                text,
                "load_balancer inner : alb\nservice one, two, three x{} {{ capacity = 400/s }}\napp -> inner -> one | two | three",
                self.pool
            );
        }
        text
    }
}

fn tiers() -> impl Strategy<Value = Tier> {
    let scale = (
        prop::sample::select(vec![1.0, 20.0, 150.0, 400.0, 2000.0]),
        prop::sample::select(vec![1_u32, 10, 100]),
        prop::sample::select(vec![None, Some("high"), Some("99%"), Some("99.9%")]),
    );
    let apps = (
        1_u32..12,
        prop::sample::select(vec![20_u32, 200, 2000]),
        prop::sample::select(vec![None, Some(2_u32), Some(3)]),
    );
    let store = (
        1_u32..6,
        prop::sample::select(vec!["", ", failover = 60s", ", mode = active_passive, failover = 60s"]),
        prop::sample::select(vec![1_u32, 4]),
        prop::sample::select(vec![None, Some(50_u32), Some(95)]),
    );
    (scale, apps, store, (0_u32..8, 0_u32..6)).prop_map(
        |((rate, reads, slo), (apps, capacity, zones), (nodes, mode, shards, cache), (fallback, pool))| {
            Tier { rate, reads, slo, apps, capacity, zones, nodes, mode, shards, cache, fallback, pool }
        },
    )
}

/// What a finding asks more or less of.
fn dimension(code: &str) -> Option<&'static str> {
    match code {
        "LP101" | "LP108" | "LP301" | "LP302" | "LP802" => Some("replicas"),
        "LP306" | "LP801" | "LP316" => Some("shards"),
        "LP114" | "LP305" | "LP803" => Some("cache"),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_told_more_and_less_of_one_thing(tier in tiers()) {
        let text = tier.text();
        let checked = reviewed(&text);
        let is_less = |code: &str| code.starts_with("LP8") || code == "LP316";
        for more in checked.diagnostics.iter().filter(|it| !is_less(it.code) && dimension(it.code).is_some()) {
            for less in checked.diagnostics.iter().filter(|it| is_less(it.code) && it.element == more.element) {
                prop_assert!(dimension(more.code) != dimension(less.code), "{} {} {text}", more.code, less.code);
            }
        }
        // A cache is not needless and needed at once, nor its store too small without it and too large with it.
        let on = |code: &str, element: &str| checked.diagnostics.iter().any(|it| it.code == code && it.element == element);
        prop_assert!(!(on("LP114", "hot") && (on("LP803", "hot") || on("LP802", "main"))), "{text}");
        // One fact, one loud finding.
        for name in ["app", "main", "first", "spare", "one", "two", "three"] {
            let told = ["LP108", "LP301", "LP302", "LP305", "LP306"].iter().filter(|code| on(code, name)).count();
            prop_assert!(told <= 1, "{name} {text}");
        }
    }

    /// All that the plan says is below `least`, and no rule else; and who has `least` is left alone.
    #[test]
    fn shortages_are_below_the_plan_and_end_at_it(tier in tiers()) {
        let text = tier.text();
        let (architecture, analysis) = analysed(&text);
        let mut planner = Planner::new(&architecture, &analysis);
        let found = analysis.shortages(&architecture);
        for shortage in found {
            let component = architecture.component(shortage.busy.component);
            let range = planner.range(component, shortage.dimension);
            let have = match shortage.dimension {
                Dimension::Replicas => shortage.busy.replicas,
                Dimension::Shards => component.shards() as u32,
                _ => 0,
            };
            prop_assert!(have < range.least && shortage.least <= range.least, "{shortage:?} {range:?}\n{text}");
        }
        for component in architecture.components() {
            let is_told = found.iter().any(|it| it.busy.component == component.id);
            let Some(busy) = Busy::of(&analysis.load, component) else { continue };
            // Whatever is over the target is told, of all that is not a guess.
            let is_over = busy.share() > 0.7 * (1.0 + 1e-9) && !busy.is_guess(&architecture, component);
            prop_assert!(is_told || !is_over, "{} {busy:?}\n{text}", component.name);
        }
        // Followed, the advice on replicas ends it.
        let mut larger = tier.clone();
        for shortage in found.iter().filter(|it| it.dimension == Dimension::Replicas) {
            let component = architecture.component(shortage.busy.component);
            let least = planner.range(component, Dimension::Replicas).least;
            match component.name.as_str() {
                "app" => larger.apps = least,
                "main" => larger.nodes = least,
                "spare" => larger.fallback = least,
                "one" | "two" | "three" => larger.pool = larger.pool.max(least),
                _ => {}
            }
        }
        let left = shortages(&larger.text());
        let again = left.iter().filter(|(name, it)| it.dimension == Dimension::Replicas && name != "first");
        prop_assert_eq!(again.count(), 0, "{:#?}\n{}\n{}", left, text, larger.text());
    }

    /// What the working says is what is reckoned.
    #[test]
    fn the_working_comes_to_the_share(tier in tiers()) {
        let (architecture, analysis) = analysed(&tier.text());
        for component in architecture.components() {
            if let Some(busy) = Busy::of(&analysis.load, component) {
                let worked = busy.worked(component).value;
                prop_assert!((worked - busy.share()).abs() <= 1e-9 * worked.max(1.0), "{worked} {busy:?}");
            }
        }
    }
}

/// Of eight consumers of a log with two partitions two work: 500 ÷ 200 ÷ 2 = 125 %, and only more partitions help. With
/// sixteen partitions it is their own number that counts: 500 ÷ 200 ÷ 8.
#[test]
fn a_log_gives_work_to_one_consumer_a_partition() {
    let consumer = |partitions: u32| {
        let (architecture, analysis) = analysed(&format!(
            "system \"T\" {{ peak_factor = 1 }}\nclient c {{ rate = 500/s }}\nservice a x2 {{ capacity = 1k/s }}\n\
             stream q : kafka x3 {{ partitions = {partitions} }}\nworker w x8 {{ capacity = 200/s }}\nc -> a ~> q ~> w\n"
        ));
        let worker = architecture.component_named("w").expect("it is drawn");
        let busy = Busy::of(&analysis.load, worker).expect("it is known");
        let rung = next_rung(&Parameters::default(), worker, &busy, false);
        (busy.replicas, busy.share(), rung)
    };
    // 500 ÷ (200 × 70 %) = 3.6
    assert_eq!(consumer(2), (2, 1.25, Rung::Partitions(4)));
    assert_eq!(consumer(16), (8, 0.3125, Rung::Replicas(4)));
}
