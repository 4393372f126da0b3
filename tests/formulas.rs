//! The page of all formulas: each worked figure is what the library computes, and each function that is named is there.

use std::collections::BTreeMap;

use loadpath::analysis::backlog;
use loadpath::analysis::capacity::Busy;
use loadpath::analysis::failover::budget_seconds;
use loadpath::analysis::queueing::{self, Line};
use loadpath::analysis::reliability::{
    Spread, at_least_of, majority, replicated, spread, switch_unavailability, switched,
};
use loadpath::analysis::resources::{Flowing, Payloads, bits, hot_set, sum};
use loadpath::analysis::{retries, storage};
use loadpath::figures;
use loadpath::quantity::{Duration, Rate};
use loadpath::report::docs::Example;

use crate::docs::{fences, path, read};

/// The rows of the page's tables, as their cells.
fn rows(page: &str) -> Vec<Vec<&str>> {
    page.lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| what |"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

#[test]
fn each_worked_figure_is_what_the_library_computes() {
    let page = read("docs/formulas.md");
    let mut computed: BTreeMap<&str, String> = BTreeMap::new();
    computed.extend(of_availability());
    computed.extend(of_the_design(&fences(&page)[0].body));
    computed.extend(of_waiting());
    computed.extend(of_queues());
    let shown: BTreeMap<&str, String> = rows(&page).iter().map(|row| (row[0], row[3].to_owned())).collect();
    assert_eq!(shown, computed);
}

#[test]
fn each_formula_names_its_source_and_a_function_that_is_there() {
    for row in rows(&read("docs/formulas.md")) {
        let [what, _, _, _, source, place] = row[..] else { panic!("{row:?} has six cells") };
        assert!(!source.is_empty(), "{what} has a source");
        let spans: Vec<&str> = place.split('`').collect();
        let code = std::fs::read_to_string(path(spans[1])).unwrap_or_else(|error| panic!("{place}: {error}"));
        assert!(code.contains(&format!("fn {}", spans[3])), "{what}: no `{}` in {}", spans[3], spans[1]);
    }
}

fn of_availability() -> Vec<(&'static str, String)> {
    const NODE: f64 = 0.005;
    const ZONE: f64 = 0.9997;
    let switch = switch_unavailability(0.05, 60.0, 4.0 * 3600.0);
    let Spread { up, .. } = spread(NODE, 3, 1, 0.02, 3);
    let in_zones = up.iter().enumerate().map(|(mask, up)| {
        let alive = mask.count_ones().cast_signed();
        ZONE.powi(alive) * (1.0 - ZONE).powi(3 - alive) * up
    });
    vec![
        ("budget", figures::minutes(budget_seconds(0.999) / 60.0)),
        ("k of n", figures::availability(at_least_of(3, 2, NODE))),
        ("common cause", figures::availability(replicated(NODE, 2, 1, 0.05))),
        ("zones", figures::availability(in_zones.sum())),
        ("switch", figures::percent(switch)),
        ("primary and standby", figures::availability(switched(NODE, NODE, switch))),
        ("majority", majority(5).to_string()),
    ]
}

fn of_the_design(design: &str) -> Vec<(&'static str, String)> {
    let checked = crate::rules::checked(&Example { source: design.to_owned(), expected: Vec::new() });
    let (architecture, analysis) = (&checked.architecture, &checked.analysis);
    let load = &analysis.load;
    let component = |name: &str| architecture.components().find(|it| it.name == name).expect("it is there");
    let (user, api, hot, items) = (component("user"), component("api"), component("hot"), component("items"));
    let busy = |it| Busy::of(load, it).expect("its load is known");
    let data = storage::data(architecture, load);
    let stored = data[items.id.0 as usize].expect("it is stated").size_at(Duration::YEAR);
    let [look, save] = &analysis.availability[..] else { panic!("it has two flows") };
    let cost = save.contributions.iter().find(|it| it.element.name(architecture) == "items");
    let answers = Flowing::of(architecture, load, &Payloads::of(architecture), user).received;
    let time = analysis.latency(architecture, 1);
    vec![
        ("in a row", figures::availability(look.low.lower())),
        ("what an element costs", figures::minutes(cost.expect("it costs").minutes())),
        ("mean", load.total_mean().expect("it is known").to_string()),
        ("peak", load.total_peak().expect("it is known").to_string()),
        ("behind a cache", load.component(items.id).mean.total().to_string()),
        ("used", figures::percent(busy(api).share())),
        ("used, of a store", figures::percent(busy(items).share())),
        ("room to grow", figures::number(busy(api).headroom())),
        ("without a zone", figures::percent(busy(api).without_zone(api, 3).expect("two are left").0)),
        ("cold cache", figures::percent(load.utilisation_without(items, hot.id).expect("it is known").share)),
        ("storage", stored.to_string()),
        ("hot set", hot_set(architecture, load, &data, hot).expect("it is known").value.to_string()),
        ("bandwidth", bits(sum(&answers))),
        ("half of the requests", time.median.to_string()),
        ("one in a hundred, at least", time.least.to_string()),
    ]
}

fn of_waiting() -> Vec<(&'static str, String)> {
    let work = Duration::new(0.01);
    let line = Line { servers: 4.0, service: work, utilisation: 0.8 };
    vec![
        ("connections in use", figures::number(queueing::in_flight(Rate::new(200.0), Duration::new(0.25)))),
        ("one server", queueing::response(work, 0.7).to_string()),
        ("one server, one in a hundred", queueing::response_exceeded_by(0.01, work, 0.7).to_string()),
        ("turned away", figures::percent(queueing::erlang_b(4.0, 3.2))),
        ("has to wait", figures::percent(queueing::erlang_c(4.0, 3.2))),
        ("mean wait", line.mean_wait().to_string()),
        ("wait of one in a hundred", line.wait_exceeded_by(0.01).to_string()),
        ("while all fails", figures::number(retries::amplification([3.0; 5]))),
        ("while a part f fails", figures::number(retries::attempts_made(0.2, 3.0))),
    ]
}

fn of_queues() -> Vec<(&'static str, String)> {
    let (come, go, outage) = (Rate::new(100.0), Rate::new(400.0), Duration::new(1200.0));
    let full = backlog::time_to_fill(60_000.0, Rate::new(300.0), Rate::new(200.0));
    let left = backlog::left_by_outage(come, outage);
    vec![
        ("full after", full.expect("it fills").to_string()),
        ("left by an outage", figures::number(left)),
        ("worked off after", backlog::time_to_drain(come, go, outage).expect("it ends").to_string()),
        ("age of a message", backlog::waited(left, go).to_string()),
        ("pace to catch up", backlog::capacity_to_drain(come, outage, Duration::new(3600.0)).to_string()),
    ]
}
