//! The availability of flows, against numbers worked by hand.

use crate::analysed::analysed;
use loadpath::analysis::availability::{self, MONTH_MINUTES, Scenario};
use loadpath::analysis::reliability::Budget;

/// The availability of the flow of this name, in percent.
fn percent(text: &str, flow: &str) -> f64 {
    let (_, analysis) = analysed(text);
    let names: Vec<_> = analysis.journeys.iter().map(|journey| journey.name.as_str()).collect();
    let at = names.iter().position(|name| *name == flow).unwrap_or_else(|| panic!("{flow} in {names:?}"));
    let low = analysis.availability[at].low;
    assert!((low.upper() - low.lower()).abs() < 1e-12, "exact");
    low.lower() * 100.0
}

/// The only flow's availability in percent, and who is a single point of failure.
fn only(text: &str) -> (f64, Vec<String>) {
    let (architecture, analysis) = analysed(text);
    let [flow] = &analysis.availability[..] else { panic!("one flow in {:?}", analysis.journeys) };
    let cuts = flow.single_cuts.iter().map(|element| element.name(&architecture)).collect();
    (flow.low.lower() * 100.0, cuts)
}

#[track_caller]
fn close(found: f64, worked: f64, digits: i32) {
    let tolerance = 0.51 * 10_f64.powi(-digits);
    assert!((found - worked).abs() <= tolerance, "{found} is not {worked}");
}

/// Replicas, needs, correlation: the table of u = .005 and needs 1.
#[test]
fn replicas_share_a_cause_and_their_zones() {
    let worked = [
        (2, "correlation = 0%", 99.99750),
        (2, "", 99.97274),
        (2, "zones = 1", 99.95760),
        (2, "zones = 2", 99.98730),
        (2, "zones = 3", 99.98730),
        (3, "", 99.97499),
        (3, "zones = 1", 99.95999),
        (3, "zones = 2", 99.98983),
        (3, "zones = 3", 99.98999),
    ];
    for (replicas, body, percent) in worked {
        let text = format!("client browser\nservice api x{replicas} {{ {body} }}\nbrowser -> api\n");
        close(only(&text).0, percent, 5);
    }
    let independent = "client browser\nservice api x3 { correlation = 0% }\nbrowser -> api\n";
    close(only(independent).0, 99.999_987_5, 7);
}

/// The switch between a primary and its standby.
#[test]
fn a_failover_is_late_or_fails() {
    let pair = |body: &str| format!("client app\ndatabase db x2 {{ {body} }}\napp -> db {{ writes }}\n");
    close(only(&pair("failover = 30s")).0, 99.97164, 5);
    close(only(&pair("failover = 60s")).0, 99.97066, 5);
    close(only(&pair("failover = 120s")).0, 99.96869, 5);
    close(only(&pair("failover = manual")).0, 99.84825, 5);
    close(only(&pair("standby = cold")).0, 99.5, 5);
    close(only(&pair("failover")).0, 99.97066, 5);
    close(only(&pair("mode = active_passive")).0, 99.97066, 5);
    close(only(&pair("")).0, 99.5, 5);
}

const REGIONS: &str = "
client browser
template stamp : region {
  load_balancer lb { managed, availability = 99.99% }
  service app x2
  database db x1 { availability = 99.5% }
  lb -> app -> db
}
stamp one, two
";

/// Two regions: a switch by DNS, by hand, or none because both serve.
#[test]
fn two_regions_switch_or_share() {
    let by = |link: &str| format!("{REGIONS}browser -> {link}\n");
    close(only(&by("one.lb else two.lb { failover = 150s }")).0, 99.96477, 5);
    close(only(&by("one.lb else two.lb { failover = manual }")).0, 99.83533, 5);
    close(only(&by("one.lb | two.lb")).0, 99.99706, 5);
}

/// By hand the switch is nearly all of the downtime, and nobody is a single point of failure.
#[test]
fn a_manual_switch_is_a_contributor_not_a_single_point() {
    let (architecture, analysis) =
        analysed(&format!("{REGIONS}browser -> one.lb else two.lb {{ failover = manual }}\n"));
    let flow = &analysis.availability[0];
    assert!(flow.single_cuts.is_empty());
    close((1.0 - flow.low.lower()) * MONTH_MINUTES, 71.14, 2);
    let worst = flow.contributions[0];
    assert_eq!(worst.element.name(&architecture), "the switch of browser");
    close(worst.minutes(), 69.87, 2);
}

const SHORTENER: &str = include_str!("../examples/url-shortener.arch");

#[test]
fn the_shortener_redirects_and_shortens() {
    close(percent(SHORTENER, "redirect"), 99.95500, 5);
    close(percent(SHORTENER, "shorten"), 99.95400, 5);
}

/// What `shorten` makes of a written `needs` of the api.
#[test]
fn needs_of_the_shortener() {
    for (needs, worked) in [(1, 99.95400), (2, 99.95400), (4, 99.95200), (5, 99.82857), (6, 96.96380)] {
        let text = SHORTENER.replace("zones = 3, ", &format!("zones = 3, needs = {needs}, "));
        assert_ne!(text, SHORTENER);
        close(percent(&text, "shorten"), worked, 5);
    }
}

#[test]
fn a_thousand_replicas_cost_nothing() {
    let text = "
client browser
load_balancer lb { managed, availability = 99.99% }
service api x6 { zones = 3, needs = 4 }
browser -> lb -> api
";
    assert!((only(text).0 / 100.0 - 0.999_779_918_762_567_7).abs() < 1e-15);
    close(only("client a\nservice api x1000\na -> api\n").0, 99.975, 5);
}

#[test]
fn quorums_count_their_majority() {
    let text = |replicas| {
        format!(
            "client a\ndatabase db x{replicas} {{ replication = quorum, correlation = 0% }}\na -> db {{ writes }}\n"
        )
    };
    close(only(&text(3)).0, 99.992_525, 6);
    close(only(&text(4)).0, 99.985_100, 6);
}

#[test]
fn reads_take_any_copy_and_writes_the_primary() {
    let text = |failover: &str, mode: &str| {
        format!(
            "client a\nservice api x3 {{ zones = 3 }}\ndatabase db x3 {{ {failover} }}\na -> api -> db\nflow f {{ {mode}; a -> api -> db }}\n"
        )
    };
    close(percent(&text("failover = 60s", "reads"), "f"), 99.96498, 5);
    close(percent(&text("failover = 60s", "writes"), "f"), 99.96300, 5);
    close(percent(&text("", "writes"), "f"), 99.49004, 5);
}

#[test]
fn a_cdn_serves_stale_copies_while_its_origin_is_down() {
    let text = |stale: &str| {
        format!(
            "client a\ncdn cdn {{ availability = 99.9%, hit_ratio = 95% {stale} }}\nservice origin x1\nobject_store store {{ availability = 99.9% }}\na -> cdn -> origin -> store\n"
        )
    };
    close(only(&text("")).0, 99.30110, 5);
    assert_eq!(only(&text("")).1, ["cdn", "origin", "store"]);
    close(only(&text(", serve_stale")).0, 99.87005, 5);
}

/// Without its cache the store would run over: then reads need the cache.
#[test]
fn a_cache_is_needed_where_its_store_could_not_do_without() {
    let text = SHORTENER.replace("{ replication = async,", "{ capacity = 2k/s, replication = async,");
    close(percent(&text, "redirect"), 99.45522, 5);
}

#[test]
fn a_queue_uncouples_its_consumers() {
    let text = |link: &str, queue: &str| {
        format!(
            "client a {{ rate = 10/s }}\nservice api x2\nqueue q : sqs {{ availability = 99.9% {queue} }}\nworker w x1\na -> api\napi ~> q {link}\nq ~> w\n"
        )
    };
    close(only(&text("", "")).0, 99.87277, 5);
    close(only(&text("{ optional }", "")).0, 99.97274, 5);
    close(only(&text("", ", on_full = drop")).0, 99.97274, 5);
    // Full after 600 s at the peak of 30/s, repaired after 900 s: a third of the consumers' failures is felt.
    let blocked = only(&text("", ", on_full = block, max_length = 18k")).0;
    close(only(&text("", "")).0 - blocked, 0.1667 * 0.9987, 3);
}

/// Evaluated from the flow's entry: who waits is no reason to fail, and no way out.
#[test]
fn cycles_are_evaluated_from_the_entry() {
    let text = |entry: &str, links: &str| format!("client z\nservice a, b, c x1\nz -> {entry}\n{links}\n");
    let (a, cuts) = only(&text("a", "a -> b | c\nb -> a"));
    close(a, 99.497_512_5, 7);
    assert_eq!(cuts, ["a"]);
    let (a, cuts) = only(&text("a", "a -> b\nb -> a | c"));
    close(a, 98.507_487_5, 7);
    assert_eq!(cuts, ["a", "b", "c"]);
    let (a, cuts) = only(&text("b", "a -> b\nb -> a | c"));
    close(a, 99.497_512_5, 7);
    assert_eq!(cuts, ["b"]);
}

#[test]
fn shares_of_the_downtime_are_what_each_would_save() {
    let (architecture, analysis) =
        analysed("client u\nservice x x1\nservice y, z x1 { availability = 99% }\nu -> x\nx -> y | z\n");
    let minutes: Vec<(String, f64)> = analysis.availability[0]
        .contributions
        .iter()
        .map(|it| (it.element.name(&architecture), it.minutes()))
        .collect();
    assert_eq!(minutes[0].0, "x");
    close(minutes[0].1, 215.978, 3);
    close(minutes[1].1, 4.298, 3);
    close(minutes[2].1, 4.298, 3);
}

/// The designs at the end of the definitions, with their minutes a month and single points of failure.
#[test]
fn the_table_of_designs() {
    let three_tiers = |lb: &str, app: &str, db: &str| {
        format!(
            "client u\nload_balancer lb {lb}\nservice app {app}\ndatabase db {db}\nu -> lb -> app -> db\n"
        )
    };
    let managed = "{ managed, availability = 99.99% }";
    let cases = [
        (
            "client u\nservice box x1\ndatabase db x1\nu -> box -> db\n".to_owned(),
            99.00250,
            430.92,
            vec!["box", "db"],
        ),
        (three_tiers("x1", "x3", "x2 { failover = 60s }"), 99.44592, 239.36, vec!["lb"]),
        (three_tiers(managed, "x3", "x2 { failover = 60s }"), 99.93566, 27.80, vec!["lb"]),
        (three_tiers(managed, "x3", "x1"), 99.46517, 231.05, vec!["db", "lb"]),
        (
            three_tiers(managed, "x3 { zones = 2 }", "x2 { zones = 2, failover = 60s }"),
            99.94861,
            22.20,
            vec!["lb"],
        ),
        (
            three_tiers(managed, "x3 { zones = 1 }", "x2 { zones = 1, failover = 60s }"),
            99.92067,
            34.27,
            vec!["lb", "zone 1"],
        ),
    ];
    for (text, percent, minutes, points) in cases {
        let (found, mut cuts) = only(&text);
        close(found, percent, 5);
        close((1.0 - found / 100.0) * MONTH_MINUTES, minutes, 2);
        cuts.sort();
        assert_eq!(cuts, points, "{text}");
    }
}

#[test]
fn the_pair_behind_a_managed_balancer_is_dearest() {
    let (architecture, analysis) = analysed(
        "client u\nload_balancer lb { managed, availability = 99.99% }\nservice app x3\ndatabase db x2 { failover = 60s }\nu -> lb -> app -> db\n",
    );
    let saved: Vec<(String, f64)> = analysis.availability[0]
        .contributions
        .iter()
        .map(|it| (it.element.name(&architecture), it.minutes()))
        .collect();
    for ((name, minutes), (worked_name, worked)) in
        saved.iter().zip([("db", 12.67), ("app", 10.80), ("lb", 4.32)])
    {
        assert_eq!(name, worked_name);
        close(*minutes, worked, 2);
    }
}

/// A shared component counts once, whatever the number of ways to it.
#[test]
fn a_diamond_counts_what_it_shares_once() {
    let text = "client u\nservice a, b, d x1\nu -> a\na -> b, d\nb -> d\n";
    close(only(text).0, 98.507_487_5, 7);
}

#[test]
fn a_path_narrows_what_is_needed() {
    let text = "
client shopper
api_gateway gateway { managed, availability = 100% }
service cart, catalog, orders x2
identity auth x1
database cart_db, catalog_db, orders_db x1
shopper -> gateway
gateway -> cart, catalog, orders, auth
cart -> cart_db
catalog -> catalog_db
orders -> orders_db
flow add { shopper -> gateway -> cart -> cart_db
  gateway -> auth }
";
    let (_, analysis) = analysed(text);
    assert_eq!(analysis.journeys.len(), 1);
    close(percent(text, "add"), 0.995 * 0.995 * 0.999_727_443_1 * 100.0, 4);
}

/// Two readings of a design that states no counts.
#[test]
fn two_readings_bracket_what_is_unstated() {
    let text = "client u\nload_balancer lb : alb\nservice api\ndatabase db\nu -> lb -> api -> db\n";
    let (architecture, analysis) = analysed(text);
    let flow = &analysis.availability[0];
    close(flow.low.lower() * 100.0, 98.9926, 4);
    close((1.0 - flow.low.lower()) * MONTH_MINUTES, 435.2, 1);
    close(flow.high.lower() * 100.0, 99.99293, 5);
    close((1.0 - flow.high.lower()) * MONTH_MINUTES, 3.06, 2);
    // What it is worth to know each count.
    let worth = |name: &str, change: availability::Change| {
        let id = architecture.component_named(name).expect("declared").id;
        let mut scenario = Scenario::as_is();
        scenario.changes.insert(id, change);
        let better = availability::availability(
            &architecture,
            &analysis.load,
            &analysis.journeys[0],
            &scenario,
            &mut Budget::default(),
        );
        (better.lower() - flow.low.lower()) * MONTH_MINUTES
    };
    let pair = availability::Change { replicas: Some(2), failover: Some(60.0), ..Default::default() };
    close(worth("api", availability::Change { replicas: Some(2), ..Default::default() }), 203.2, 1);
    close(worth("db", pair), 202.3, 1);
}

/// The published calculation counts the shared front twice; each element once gives 99.9781 %.
#[test]
fn the_two_azure_regions() {
    let one = include_str!("syntax/designs/44a-azure-one-region.arch");
    let two = include_str!("syntax/designs/44b-azure-two-regions.arch");
    let (_, analysis) = analysed(one);
    // Twelve figures that are less than perfect, 32.5e-4 in all; what is loaded at start is not in the path.
    close(analysis.availability[0].low.lower() * 100.0, 99.6754, 4);
    let counted = |text: &str| text.replace("{ startup, availability", "{ availability");
    close(percent(&counted(one), "hot_path"), 99.546, 3);
    close(percent(&counted(two), "hot_path"), 99.9781, 4);
}

/// Who routes twice has a journey for each pair of routes; a route within a route narrows it.
#[test]
fn routes_of_two_statements_multiply() {
    let journeys = |links: &str| -> Vec<(String, f64)> {
        let (_, analysis) =
            analysed(&format!("client u\nservice a, b, c, d, e x1\nu -> a\n{links}\nflow f {{ u -> a }}\n"));
        let figures = analysis.judged().map(|(it, flow)| (it.name.to_string(), flow.low.lower()));
        figures.collect()
    };
    let twice = journeys("a -> b / c\na -> d / e");
    let names: Vec<&str> = twice.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["f by b by d", "f by b by e", "f by c by d", "f by c by e"]);
    for (_, found) in twice {
        close(found, 0.995_f64.powi(3), 12);
    }
    let nested = journeys("a -> (b, (c / d)) / e");
    assert_eq!(nested.len(), 3, "{nested:?}");
    for (journey, components) in nested.iter().zip([3, 3, 2]) {
        close(journey.1, 0.995_f64.powi(components), 12);
    }
}

/// Many sources and many targets of one statement multiply: nothing may look through all links of a component for
/// each of its links again. The design is small enough to be checked at once and large enough to hang otherwise.
#[test]
fn many_to_many_links_are_judged_in_one_pass() {
    let names = |letter: char| (0..300).map(|at| format!("{letter}{at}")).collect::<Vec<_>>().join(", ");
    let (a, b) = (names('a'), names('b'));
    let (architecture, analysis) = analysed(&format!("service {a}\nservice {b}\n{a} -> {b}\n"));
    assert_eq!(architecture.links().len(), 90_000);
    assert_eq!(analysis.journeys.len(), 300);
}

/// Two stores that copy to each other are both written to: each with its pair and a failover, so that a write to one
/// needs that one as a primary does. Of a store that only follows, a write through its link is a look.
#[test]
fn stores_that_copy_to_each_other_are_both_written_to() {
    let text = |copies: &str| {
        format!(
            "client a\nservice api {{ availability = 100% }}\ndatabase east, west x2 {{ availability = 99.5%, correlation = 0% }}\na -> api -> west\n{copies}\nflow save {{ writes; a -> api -> west }}\n"
        )
    };
    // One primary of .995, and nothing promotes another; of a copy any of its two nodes answers: 1 − .005².
    close(percent(&text("east ~> west : replication\nwest ~> east : replication"), "save"), 99.5, 5);
    close(percent(&text("east ~> west : replication"), "save"), 99.9975, 5);
}

/// A billion replicas take no longer than some thousands: what is too small for a figure is not added up.
#[test]
fn a_billion_replicas_are_reckoned_as_well() {
    let text = "client a\nservice api x1000000000 { needs = 1, correlation = 0% }\na -> api\n";
    close(only(text).0, 100.0, 6);
}

/// Whoever starts a journey is its client: edge .9999 and hooks .995 are .9949005 together, the provider's .99 is none of it.
/// Who is called on the way counts as anybody else does: .994905 × .99.
#[test]
fn a_third_party_that_calls_is_no_part_of_what_it_calls() {
    let text = |back: &str| {
        format!(
            "client u
third_party psp {{ availability = 99% }}
load_balancer edge {{ managed, availability = 99.99% }}
service hooks x1
u -> edge
psp -> edge
edge -> hooks
{back}
flow told {{ psp -> edge -> hooks }}
"
        )
    };
    close(only(&text("")).0, 99.490_05, 6);
    close(only(&text("hooks -> psp")).0, 98.495_149_5, 6);
}
