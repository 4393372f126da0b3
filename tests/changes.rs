//! What changes of a design do, over random designs: more redundancy never hurts, a repair makes no new error,
//! and the cheapest set of changes is the cheapest of all sets, drawn and judged one by one.

use std::fmt::Write as _;

use loadpath::analysis::Analysis;
use loadpath::analysis::improve::{Outcome, Searches, Step};
use loadpath::check::{Config, NoFiles, Profile, check};
use loadpath::diagnostic::Severity;
use loadpath::model::{self, Architecture};
use loadpath::source::{FileId, SourceFile, Span};
use loadpath::syntax;
use serde_json::Value;

/// Numbers that look random and are the same in each run: splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }
}

/// A component as it is drawn.
#[derive(Clone, Debug, PartialEq)]
struct Drawn {
    is_store: bool,
    replicas: u32,
    zones: Option<u32>,
    failover: Option<&'static str>,
    is_engine: bool,
    /// The later components that it calls, and by what they are parted.
    calls: Vec<usize>,
    parted_by: &'static str,
}

/// A design: components that call later ones, the first by the client.
#[derive(Clone, Debug)]
struct Design {
    asked: &'static str,
    components: Vec<Drawn>,
}

impl Design {
    fn random(dice: &mut Dice) -> Self {
        let count = 2 + dice.below(5);
        let components = (0..count)
            .map(|at| {
                let mut calls: Vec<usize> = (at + 1..count).filter(|_| dice.one_in(2)).collect();
                if calls.is_empty() && at + 1 < count {
                    calls.push(at + 1);
                }
                let is_store = at > 0 && dice.one_in(3);
                let replicas = 1 + dice.below(3) as u32;
                let failovers = [None, Some("manual"), Some("60s"), None];
                Drawn {
                    is_store,
                    replicas,
                    zones: [None, None, Some(1), Some(2), Some(3)][dice.below(5)],
                    failover: failovers[dice.below(4)].filter(|_| is_store && replicas > 1),
                    is_engine: false,
                    calls,
                    // The failover of a store is its own, not one between what it calls.
                    parted_by: [", ", ", ", " | ", " else "][if is_store { 0 } else { dice.below(4) }],
                }
            })
            .collect();
        let asked = [
            "",
            "availability = 99%",
            "availability = 99.9%",
            "availability = 99.99%",
            "availability = high",
        ];
        Self { asked: asked[dice.below(5)], components }
    }

    fn text(&self) -> String {
        let mut text = format!("system \"Made\" {{ {} }}\nclient u\n", self.asked);
        for (at, component) in self.components.iter().enumerate() {
            let kind = if component.is_store { "database" } else { "service" };
            // What it takes is written: else it would follow from the replicas and the load.
            let mut body = vec!["needs = 1".to_owned()];
            body.extend(component.zones.map(|zones| format!("zones = {zones}")));
            body.extend(component.failover.map(|failover| format!("failover = {failover}")));
            if component.is_engine {
                body = vec!["managed".to_owned(), "availability = 99.99%".to_owned()];
            }
            if component.is_store && component.failover.is_none() {
                body.retain(|it| it != "needs = 1");
            }
            let _ = writeln!(text, "{kind} c{at} x{} {{ {} }}", component.replicas, body.join(", "));
        }
        text += "u -> c0\n";
        for (at, component) in self.components.iter().enumerate() {
            let names: Vec<String> = component.calls.iter().map(|it| format!("c{it}")).collect();
            if !names.is_empty() {
                let _ = writeln!(text, "c{at} -> {}", names.join(component.parted_by));
            }
        }
        text
    }

    fn changed(&self, at: usize, change: impl Fn(&mut Drawn)) -> Self {
        let mut design = self.clone();
        change(&mut design.components[at]);
        design
    }
}

fn analysed(text: &str) -> (Architecture, Analysis) {
    let (file, errors) = syntax::parse(FileId(0), text);
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    let architecture = model::build(&[file], Span::default());
    assert!(architecture.faults.is_empty(), "{:#?}\n{text}", architecture.faults);
    let analysis = Analysis::of(&architecture);
    (architecture, analysis)
}

fn availability(text: &str) -> f64 {
    analysed(text).1.availability[0].low.lower()
}

#[test]
fn another_replica_never_lowers_the_availability() {
    let mut dice = Dice(1);
    for _ in 0..600 {
        let design = Design::random(&mut dice);
        let before = availability(&design.text());
        for at in 0..design.components.len() {
            let more = design.changed(at, |it| it.replicas += 1);
            let after = availability(&more.text());
            assert!(after >= before - 1e-12, "c{at}: {after} after {before}\n{}", design.text());
        }
    }
}

#[test]
fn an_automatic_failover_never_lowers_the_availability() {
    let mut dice = Dice(2);
    for _ in 0..600 {
        let design = Design::random(&mut dice);
        let before = availability(&design.text());
        for at in 0..design.components.len() {
            if design.components[at].is_store && design.components[at].replicas > 1 {
                let after = availability(&design.changed(at, |it| it.failover = Some("60s")).text());
                assert!(after >= before - 1e-12, "c{at}: {after} after {before}\n{}", design.text());
            }
        }
    }
}

/// The errors of a design's availability: (code, element).
fn errors(text: &str) -> Vec<(&'static str, String)> {
    let config = Config { profile: Profile::Review, ..Config::default() };
    let checked = check(SourceFile::new("design.arch", text), &NoFiles, &config);
    let of_availability = ["LP101", "LP102", "LP103", "LP104", "LP105", "LP107"];
    checked
        .diagnostics
        .into_iter()
        .filter(|it| it.severity == Severity::Error && of_availability.contains(&it.code))
        .map(|it| (it.code, it.element))
        .collect()
}

/// Who is to blame depends on itself alone: what is repaired elsewhere makes nobody worse. The one who is repaired
/// may be blamed for less: its copies have nobody who promotes them, its replicas stand in one zone.
#[test]
fn no_repair_makes_an_error_of_another_element() {
    let mut dice = Dice(3);
    let repairs: [fn(&mut Drawn); 4] = [
        |it| it.replicas += 1,
        |it| {
            it.replicas = it.replicas.max(2);
            it.failover = it.is_store.then_some("60s");
        },
        |it| it.zones = Some(it.zones.map_or(2, |zones| zones.max(2))),
        // An engine of .9999 is better than one node, not than every pair.
        |it| it.is_engine = it.replicas == 1,
    ];
    let mut errors_seen = 0;
    for _ in 0..150 {
        let design = Design::random(&mut dice);
        let before = errors(&design.text());
        errors_seen += before.len();
        for at in 0..design.components.len() {
            for repair in repairs {
                let after = errors(&design.changed(at, repair).text());
                let name = format!("c{at}");
                // A zone is one error, told on the first that falls with it: the repaired one may have been that.
                let zones = |errors: &[(&str, String)]| errors.iter().filter(|it| it.0 == "LP102").count();
                let is_new =
                    |it: &&(&'static str, String)| it.0 != "LP102" && it.1 != name && !before.contains(it);
                let new: Vec<_> = after.iter().filter(is_new).collect();
                assert!(new.is_empty(), "{new:?} by repairing {name} of\n{}", design.text());
                let own = after.iter().any(|it| it.0 == "LP102" && it.1 == name);
                assert!(zones(&after) <= zones(&before) + usize::from(own), "{}", design.text());
            }
        }
    }
    assert!(errors_seen > 100, "the designs have errors to repair: {errors_seen}");
}

/// The changes drawn into the design.
fn drawn(design: &Design, steps: &[Step], architecture: &Architecture) -> Design {
    let place = |id| {
        let name: &str = &architecture.component(id).name;
        name[1..].parse::<usize>().expect("c and a number")
    };
    let mut changed = design.clone();
    for step in steps {
        match *step {
            Step::Replicas(id, count) => changed.components[place(id)].replicas = count,
            Step::Pair(id, count) => {
                let component = &mut changed.components[place(id)];
                (component.replicas, component.failover) = (count, Some("60s"));
            }
            Step::Engine(id) => changed.components[place(id)].is_engine = true,
            Step::Zones(count) => spread(&mut changed, count),
            Step::SecondProvider(_) | Step::SecondRegion(_) => panic!("none is drawn"),
        }
    }
    changed
}

/// Over so many zones stands what is redundant and states nothing, and what states fewer.
fn spread(design: &mut Design, count: u32) {
    for component in &mut design.components {
        component.zones = match component.zones {
            // A store that nothing switches has one node that counts, and stays where it is.
            None if component.is_store && component.failover.is_none() => None,
            None if component.replicas > 1 => Some(count),
            Some(stated) => Some(stated.max(count)),
            None => None,
        };
    }
}

/// What the search says a set reaches is what the design reaches with the set drawn into it.
#[test]
fn a_set_reaches_what_it_promises() {
    let mut dice = Dice(4);
    let mut reached = 0;
    for _ in 0..150 {
        let design = Design::random(&mut dice);
        let (architecture, analysis) = analysed(&design.text());
        let mut searches = Searches::new(&architecture, &analysis.load);
        for slo in [0.99, 0.995, 0.999, 0.9995] {
            let (journey, judged) = (&analysis.journeys[0], &analysis.availability[0]);
            let Outcome::Reached(found) = searches.cheapest(&[(journey, judged)], slo, false) else {
                continue;
            };
            assert!(found.availability >= slo - 1e-12);
            let after = availability(&drawn(&design, &found.steps, &architecture).text());
            assert!(
                (after - found.availability).abs() < 1e-9,
                "{slo} by {:?}: {after}, not {}\n{}",
                found.steps,
                found.availability,
                design.text()
            );
            reached += usize::from(!found.steps.is_empty());
        }
    }
    assert!(reached > 150, "the designs have something to improve: {reached}");
}

/// The ways to change one component, each with its cost.
fn ways(component: &Drawn) -> Vec<(u32, Drawn)> {
    let mut ways = vec![(0, component.clone())];
    if component.is_store {
        let replicas = component.replicas.max(2);
        ways.push((3, Drawn { replicas, failover: Some("60s"), ..component.clone() }));
        ways.push((5, Drawn { is_engine: true, ..component.clone() }));
    } else {
        for more in 1..=3 {
            ways.push((2 * more, Drawn { replicas: component.replicas + more, ..component.clone() }));
        }
        ways.push((4, Drawn { is_engine: true, ..component.clone() }));
    }
    ways
}

/// No set of changes that keeps the promise is cheaper: all are drawn and judged.
#[test]
fn no_cheaper_set_keeps_the_promise() {
    let mut dice = Dice(5);
    for _ in 0..12 {
        let mut design = Design::random(&mut dice);
        design.components.truncate(3);
        for at in 0..design.components.len() {
            let calls = (at + 1 < design.components.len()).then_some(at + 1);
            let component = &mut design.components[at];
            (component.calls, component.parted_by) = (calls.into_iter().collect(), ", ");
            component.zones = None;
        }
        let mut all: Vec<(u32, f64)> = Vec::new();
        let mut sets = vec![(0, design.clone())];
        for at in 0..design.components.len() {
            sets = sets
                .into_iter()
                .flat_map(|(cost, set)| {
                    ways(&set.components[at]).into_iter().map(move |(more, way)| {
                        let mut set = set.clone();
                        set.components[at] = way;
                        (cost + more, set)
                    })
                })
                .collect();
        }
        for (cost, set) in sets {
            for (more, zones) in [(0, None), (1, Some(2)), (2, Some(3))] {
                let mut set = set.clone();
                if let Some(zones) = zones {
                    spread(&mut set, zones);
                }
                all.push((cost + more, availability(&set.text())));
            }
        }
        let (architecture, analysis) = analysed(&design.text());
        for slo in [0.99, 0.995, 0.999, 0.9995, 0.9999] {
            let cheapest = all.iter().filter(|it| it.1 >= slo - 1e-13).map(|it| it.0).min();
            let mut searches = Searches::new(&architecture, &analysis.load);
            let outcome =
                searches.cheapest(&[(&analysis.journeys[0], &analysis.availability[0])], slo, false);
            let found = match outcome {
                Outcome::Reached(found) => Some(found.cost),
                _ => None,
            };
            assert_eq!(found, cheapest, "{slo}\n{}", design.text());
        }
    }
}

/// The reference cases drawn as designs: every node a service, every way to the target an alternative.
#[test]
fn the_reference_networks_are_as_available_when_they_are_drawn() {
    let file: Value = serde_json::from_str(include_str!("data/reliability.json")).expect("JSON");
    let cases = file["cases"].as_array().expect("a list");
    assert_eq!(cases.len(), 14);
    let mut drawn = 0;
    for case in cases {
        let end = |which: &str| case[which].as_str().expect("a name");
        let links: Vec<(&str, &str)> = case["edges"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|link| (link[0].as_str().expect("a name"), link[1].as_str().expect("a name")))
            .collect();
        let mut names: Vec<&str> = links.iter().flat_map(|(source, target)| [*source, *target]).collect();
        names.sort_unstable();
        names.dedup();
        if !leads_to(&links, end("s"), end("t")) {
            // What nobody leads to cannot be drawn as a need: the kernel's own test has this case.
            assert_eq!(case["availability_f64"], "0.0");
            continue;
        }
        let mut text = format!("client start\nstart -> {}\n", end("s"));
        for name in &names {
            let _ = writeln!(text, "service {name} {}", node(case, name));
            let targets: Vec<&str> =
                links.iter().filter(|(source, _)| source == name).map(|(_, target)| *target).collect();
            if !targets.is_empty() {
                let _ = writeln!(text, "{name} -> {}", targets.join(" | "));
            }
        }
        let expected: f64 = case["availability_f64"].as_str().expect("a figure").parse().expect("a number");
        let found = availability(&text);
        assert!((found - expected).abs() < 1e-9, "{}: {found}, not {expected}\n{text}", case["name"]);
        drawn += 1;
    }
    assert_eq!(drawn, 13);
}

fn leads_to(links: &[(&str, &str)], start: &str, end: &str) -> bool {
    let mut found = vec![start];
    let mut at = 0;
    while let Some(name) = found.get(at).copied() {
        at += 1;
        let next: Vec<&str> = links
            .iter()
            .filter(|(source, target)| *source == name && !found.contains(target))
            .map(|(_, target)| *target)
            .collect();
        found.extend(next);
    }
    found.contains(&end)
}

/// The count and the body of a node.
fn node(case: &Value, name: &str) -> String {
    let percent = |text: &str| text.parse::<f64>().expect("a number") * 100.0;
    match &case["nodes"][name] {
        Value::String(up) => format!("x1 {{ availability = {}% }}", percent(up)),
        Value::Object(group) => format!(
            "x{} {{ needs = {}, correlation = 0%, availability = {}% }}",
            group["n"],
            group["k"],
            percent(group["p"].as_str().expect("a figure"))
        ),
        _ => format!("x1 {{ availability = {}% }}", percent(case["node_p"].as_str().expect("a figure"))),
    }
}
