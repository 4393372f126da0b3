//! How the load came about: each working comes to the figure that it explains.

use std::fs;
use std::path::Path;

use crate::analysed::analysed;
use crate::availability_random::drawing::Dice;
use loadpath::analysis::load::working::Workings;

#[track_caller]
fn agree(text: &str) {
    let (architecture, analysis) = analysed(text);
    let workings = Workings::of(&architecture, &analysis.bases);
    let close = |found: f64, wanted: f64| (found - wanted).abs() <= 1e-9 * wanted.abs();
    for (at, arrivals) in analysis.load.arrivals.iter().enumerate() {
        let name = &analysis.bases[at].name;
        let Some(arrivals) = arrivals else {
            assert_eq!(workings.of_journey(at), None, "{name}\n{text}");
            continue;
        };
        let coming = workings.of_journey(at).unwrap_or_else(|| panic!("{name} is worked out\n{text}"));
        let mean = arrivals.mean.total().per_second();
        assert!(close(coming.mean.value.per_second(), mean), "{name}: {} is not {mean}\n{text}", coming.mean);
        let peak = arrivals.peak().total().per_second();
        assert!(close(coming.peak.value.per_second(), peak), "{name}: {} is not {peak}\n{text}", coming.peak);
        for (part, whole) in [(&coming.reads, arrivals.mean.reads), (&coming.writes, arrivals.mean.writes)] {
            let part = part.as_ref().map_or(0.0, |it| it.value.per_second());
            assert!(close(part, whole.per_second()), "{name}: {part} is not {whole}\n{text}");
        }
    }
    for component in architecture.components() {
        let peak = analysis.load.component(component.id).peak.total().per_second();
        let worked = workings.peak_of(&architecture, component.id);
        let found = worked.as_ref().map_or(0.0, |it| it.value.per_second());
        assert!(close(found, peak), "{}: {worked:?} is not {peak}\n{text}", component.name);
    }
}

fn peak(text: &str, component: &str) -> String {
    let (architecture, analysis) = analysed(text);
    let id = architecture.component_named(component).expect("declared").id;
    Workings::of(&architecture, &analysis.bases).peak_of(&architecture, id).expect("known").to_string()
}

fn coming(text: &str, at: usize) -> String {
    let (architecture, analysis) = analysed(text);
    Workings::of(&architecture, &analysis.bases).of_journey(at).expect("known").peak.to_string()
}

#[test]
fn the_workings_of_all_examples_come_to_what_the_load_says() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")).expect("a folder") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|it| it == "arch") {
            agree(&fs::read_to_string(path).expect("text"));
        }
    }
}

/// 10M × 20 ÷ 86 400 = 2 314.8 a second; × 3 = 6 944; 99 % of it redirects; one read in ten misses the cache.
#[test]
fn a_working_reads_as_on_the_back_of_an_envelope() {
    let shortener = include_str!("../examples/url-shortener.arch");
    assert_eq!(coming(shortener, 0), "10M users × 20/day ÷ 86 400 s × 99% × 3 = 6 875/s");
    assert_eq!(peak(shortener, "api"), "6 875/s of redirect + 69.4/s of shorten = 6 944/s");
    assert_eq!(
        peak(shortener, "links"),
        "6 875/s of redirect × 10% missed by hot_links + 69.4/s of shorten = 757/s"
    );
}

/// 100/s × 2 calls × 30 % = 60 a second, three times that at peak.
#[test]
fn calls_and_shares_are_factors() {
    let text = "
client a { rate = 100/s }
service b
database c, d
a -> b
b -> c { calls = 2 }
c -> d / e
database e
";
    assert_eq!(peak(text, "c"), "300/s of a by b × 2 calls = 600/s");
    let text = "
client a { rate = 100/s }
api_gateway g
service b, c
a -> g
g -> b { share = 30% }
g -> c
";
    assert_eq!(peak(text, "b"), "300/s of a by g × 30% = 90/s");
}

/// Two ways that meet are two parts of a sum.
#[test]
fn where_ways_meet_each_is_a_part() {
    let text = "
client a { rate = 10/s }
service b, c, d
a -> b
b -> c, d
c -> d
";
    assert_eq!(peak(text, "d"), "30/s by b + 30/s by c = 60/s");
}

/// Each of two links doubles what comes to an odd component, and each of two halves what comes to an even one: 10/s × 3
/// (assumed) are 30/s at s0, 120/s at s1, 30/s at s2, and 120/s at s7. A working of eighty factors tells nobody anything,
/// so it begins with what came twelve factors before.
#[test]
fn a_long_way_is_told_from_its_last_twelve_factors_on() {
    let mut text = "client a { rate = 10/s }\nservice s0\na -> s0\n".to_owned();
    for at in 1..40 {
        let calls = if at % 2 == 0 { "0.5" } else { "2" };
        // Between the two factors there is a step that changes nothing.
        text.push_str(&format!("service s{at}, t{at}, u{at}\n"));
        text.push_str(&format!("s{} -> t{at} {{ calls = {calls} }}\n", at - 1));
        text.push_str(&format!("t{at} -> u{at}\nu{at} -> s{at} {{ calls = {calls} }}\n"));
    }
    let halved_and_doubled = " × 0.5 calls × 0.5 calls × 2 calls × 2 calls".repeat(3);
    assert_eq!(peak(&text, "s13"), format!("120/s at s7{halved_and_doubled} = 120/s"));
    agree(&text);
}

/// The last of five thousand gets what the first does, and it is told at once.
#[test]
fn a_long_chain_is_gone_back_along_once() {
    let mut text = "client a { rate = 10/s }\n".to_owned();
    for at in 0..5_000 {
        text.push_str(&format!("service s{at} {{ capacity = 1k/s }}\n"));
    }
    text.push_str("a -> s0\n");
    for at in 1..5_000 {
        text.push_str(&format!("s{} -> s{at}\n", at - 1));
    }
    assert_eq!(peak(&text, "s4999"), "30/s of a by s0");
    agree(&text);
}

#[test]
fn nothing_is_worked_out_of_what_is_not_said() {
    let (architecture, analysis) = analysed("client a\nservice b\na -> b");
    let workings = Workings::of(&architecture, &analysis.bases);
    assert_eq!(workings.of_journey(0), None);
    assert_eq!(workings.peak_of(&architecture, architecture.component_named("b").expect("it").id), None);
}

/// A layered design with all that changes an amount on its way: shares, calls, caches, marks, stated rates, copies.
fn random(dice: &mut Dice) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    let pick = |dice: &mut Dice, words: &[&str]| dice.pick(words).to_owned();
    let system = [
        "daily_users = 3M, per_user = 7/day",
        "daily_users = 3M, per_user = 7/day, reads_per_write = 9",
        "reads = 300/s, writes = 20/s",
        "rate = 90/s, peak_factor = 4",
        "writes = 10/s, reads_per_write = 30, peak = 900/s",
        "monthly_users = 1M, per_user = 3/s",
        "daily_users = 3M",
        "team = 3",
    ];
    let _ = writeln!(text, "system \"s\" {{ {} }}", pick(dice, &system));
    let own = ["", "{ rate = 40/s }", "{ users = 2M }", "{ reads = 9/s, writes = 1/s }", "{ share = 40% }"];
    let clients = 1 + dice.below(3);
    for client in 0..clients {
        let _ = writeln!(text, "client c{client} {}", pick(dice, &own));
    }
    let _ = writeln!(text, "load_balancer lb\nservice a, b\napi_gateway g");
    let _ = writeln!(text, "cache k : redis {{ hit_ratio = {}%, caches = d1 }}", 10 + dice.below(80));
    let _ = writeln!(
        text,
        "database d1 : postgres x2\ndatabase d2 : mysql\nqueue q : sqs\nworker w\ndatabase r : postgres"
    );
    for client in 0..clients {
        let _ = writeln!(text, "c{client} -> lb");
    }
    let _ = writeln!(text, "lb -> a{}", pick(dice, &["", " | g", ""]));
    let _ = writeln!(text, "a -> k, d1 {}", pick(dice, &["", "{ calls = 2 }", "{ calls = 0.5 }"]));
    let _ = writeln!(text, "a -> g {}", pick(dice, &["", "{ calls = 3 }", "{ reads }", "{ rate = 5/s }"]));
    let _ = writeln!(text, "g -> b {}", pick(dice, &["", "{ share = 20% }"]));
    let _ = writeln!(text, "g -> d2 {}", pick(dice, &["", "{ writes }", "{ calls = 2 }"]));
    let _ = writeln!(text, "b -> d2 {}", pick(dice, &["", "{ reads }", "{ writes }", "{ writes = 3/s }"]));
    let _ = writeln!(text, "a ~> q\nq ~> w\nw -> d2");
    let _ = writeln!(text, "d1 ~> r : {}", pick(dice, &["replication", "cdc", "snapshot"]));
    if dice.below(3) == 0 {
        let _ = writeln!(text, "scheduler s {{ every = 1h }}\ns -> b {{ calls = 100 }}");
    }
    if dice.below(2) == 0 {
        let marks = [
            "reads",
            "writes",
            "share = 30%",
            "reads, share = 70%",
            "writes, rate = 5/s",
            "per_user = 2/day",
            "peak = 70/s, rate = 20/s",
        ];
        let _ = writeln!(text, "flow one {{ {}; c0 -> lb -> a -> k, d1 }}", pick(dice, &marks));
        let _ = writeln!(text, "flow two {{ {}\n c0 -> lb -> a -> g -> b -> d2 }}", pick(dice, &marks));
        let _ = writeln!(text, "flow three {{ c0 -> lb -> a -> d1\n a ~> q ~> w -> d2 }}");
    }
    text
}

#[test]
fn the_workings_of_random_designs_come_to_what_the_load_says() {
    for seed in 0..600 {
        agree(&random(&mut Dice::new(seed)));
    }
}
