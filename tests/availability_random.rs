//! The availability of random designs against an interpreter of the definitions that goes through all states.

pub(crate) mod drawing;
mod interpreter;

use crate::analysed::analysed;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use drawing::{Dice, Drawing, Drawn, Style};
use interpreter::{Event, Given, Interpreter};
use loadpath::analysis::availability::{self, Change, Element, Losses, Reach, Scenario};
use loadpath::analysis::reliability::{self, Availability, Budget, Program};
use serde_json::Value;

#[track_caller]
fn same(found: f64, expected: f64, what: &str, text: &str) {
    assert!((found - expected).abs() < 1e-9, "{what}: {found} instead of {expected}\n{text}");
}

/// Every journey of this many designs of this style is as available as its states say.
fn agree(designs: u64, style: Style, seed: u64) {
    for number in 0..designs {
        let text = Drawing::random(&mut Dice::new(seed + number), style).text();
        let (architecture, analysis) = analysed(&text);
        for (journey, flow) in analysis.judged() {
            let expected = Interpreter::new(&architecture, journey, false).availability(Given::Nothing);
            let what = format!("design {number}, {}", journey.name);
            assert!((flow.low.upper() - flow.low.lower()).abs() < 1e-12, "{what} is exact\n{text}");
            same(flow.low.lower(), expected, &what, &text);
            if let Some(completed) = flow.completed {
                let expected = Interpreter::new(&architecture, journey, true).availability(Given::Nothing);
                same(completed.lower(), expected, &format!("{what}, completed"), &text);
            }
        }
    }
}

/// 1.1 to 1.10.
#[test]
fn a_design_is_as_available_as_all_its_states_say() {
    agree(2_000, Style::LAYERED, 0);
}

/// 1.11: evaluated from the entry, with those that wait.
#[test]
fn rings_of_callers_are_as_available_as_all_their_states_say() {
    agree(1_000, Style::RINGS, 1 << 32);
}

/// Designs of both styles, each with its text and what follows from it.
fn designs(count: u64, seed: u64) -> impl Iterator<Item = (Drawing, Dice)> {
    (0..count).map(move |number| {
        let mut dice = Dice::new(seed + number);
        let style = if number % 3 == 0 { Style::RINGS } else { Style::LAYERED };
        (Drawing::random(&mut dice, style), dice)
    })
}

/// The availability of each journey.
fn figures(drawing: &Drawing) -> Vec<f64> {
    analysed(&drawing.text()).1.availability.iter().map(|flow| flow.low.lower()).collect()
}

/// 1.6: with the same `needs` (no majority, and not all) one replica more is never worse.
#[test]
fn a_replica_more_never_lowers_the_availability() {
    let mut compared = 0;
    for (mut drawing, mut dice) in designs(1_000, 2 << 32) {
        let is_open =
            |it: &Drawn| it.replicas.is_some() && !it.has("needs = all") && !it.has("replication = q");
        let open: Vec<usize> =
            (0..drawing.components.len()).filter(|at| is_open(&drawing.components[*at])).collect();
        if open.is_empty() {
            continue;
        }
        let at = open[dice.below(open.len())];
        let before = (drawing.text(), figures(&drawing));
        drawing.components[at].replicas = drawing.components[at].replicas.map(|count| count + 1);
        for (old, new) in before.1.iter().zip(figures(&drawing)) {
            assert!(new > old - 1e-12, "{old} falls to {new} with one more of c{at}\n{}", before.0);
            compared += 1;
        }
    }
    assert!(compared > 500, "{compared}");
}

#[test]
fn a_better_component_never_lowers_the_availability() {
    let mut compared = 0;
    for (mut drawing, mut dice) in designs(1_000, 3 << 32) {
        let at = dice.below(drawing.components.len());
        let Some(percent) = drawing.components[at].availability else { continue };
        let before = (drawing.text(), figures(&drawing));
        drawing.components[at].availability = Some(percent + (100.0 - percent) * 0.5);
        for (old, new) in before.1.iter().zip(figures(&drawing)) {
            assert!(new > old - 1e-12, "{old} falls to {new} with a better c{at}\n{}", before.0);
            compared += 1;
        }
    }
    assert!(compared > 500, "{compared}");
}

/// 1.5: the loss of one replica, host, zone or region alone, while all else goes well.
#[test]
fn single_cuts_are_the_units_whose_loss_is_fatal() {
    let mut fatal = 0;
    for (drawing, _) in designs(600, 4 << 32) {
        let text = drawing.text();
        let (architecture, analysis) = analysed(&text);
        for (journey, flow) in analysis.judged() {
            let mut interpreter = Interpreter::new(&architecture, journey, false);
            if interpreter.availability(Given::Nothing) < 1e-12 {
                // Alternatives that lead nowhere but round: it is down whatever is lost.
                continue;
            }
            let units: Vec<Event> = interpreter.asked.iter().copied().filter(|it| it.is_unit()).collect();
            let expected: BTreeSet<Element> = units
                .into_iter()
                .filter(|unit| interpreter.availability(Given::OnlyLost(*unit)) < 1e-12)
                .filter_map(Event::element)
                .collect();
            fatal += expected.len();
            let found: BTreeSet<Element> = flow.single_cuts.iter().copied().collect();
            assert_eq!(found, expected, "{}\n{text}", journey.name);
        }
    }
    assert!(fatal > 500, "{fatal}");
}

/// 1.12: saved is what the flow would gain were the element perfect; the shares are parts of one.
#[test]
fn saved_downtime_is_what_a_perfect_element_gains() {
    for (drawing, _) in designs(250, 5 << 32) {
        let text = drawing.text();
        let (architecture, analysis) = analysed(&text);
        for (journey, flow) in analysis.judged() {
            let mut interpreter = Interpreter::new(&architecture, journey, false);
            let availability = interpreter.availability(Given::Nothing);
            let elements: BTreeSet<Element> =
                interpreter.asked.iter().copied().filter_map(Event::element).collect();
            assert!(flow.contributions.iter().all(|it| elements.contains(&it.element)), "{text}");
            for element in elements {
                let expected = interpreter.availability(Given::Perfect(element)) - availability;
                let saved = flow.contribution(element).map_or(0.0, |it| it.saved);
                let what = format!("{}, saved by {}", journey.name, element.name(&architecture));
                same(saved, expected, &what, &text);
            }
            let shares: f64 = flow.contributions.iter().map(|it| it.share).sum();
            assert!(flow.contributions.is_empty() || (shares - 1.0).abs() < 1e-9, "{shares}\n{text}");
        }
    }
}

/// The same by writing it: a component without sites that states 100 %.
#[test]
fn a_component_that_states_perfection_gains_what_it_cost() {
    let mut compared = 0;
    for (mut drawing, mut dice) in designs(1_000, 6 << 32) {
        let at = dice.below(drawing.components.len());
        let component = &drawing.components[at];
        if component.availability.is_none() || component.has("zones") || component.has("regions") {
            continue;
        }
        let text = drawing.text();
        let (architecture, analysis) = analysed(&text);
        let id = architecture.component_named(&component.name).expect("it is drawn").id;
        drawing.components[at].availability = Some(100.0);
        for (perfect, flow) in figures(&drawing).into_iter().zip(&analysis.availability) {
            let saved = flow.contribution(Element::Component(id)).map_or(0.0, |it| it.saved);
            same(saved, perfect - flow.low.lower(), &format!("saved by c{at}"), &text);
            compared += 1;
        }
    }
    assert!(compared > 500, "{compared}");
}

/// What a journey can't be without is what takes it down for certain where it is never up.
#[test]
fn a_loss_takes_down_what_it_leaves_no_chance() {
    let (mut down, mut up) = (0, 0);
    for (drawing, mut dice) in designs(1_000, 8 << 32) {
        let text = drawing.text();
        let (architecture, analysis) = analysed(&text);
        let is_lost = |_: &_| dice.below(3) == 0;
        let lost: Vec<_> = architecture.components().map(|it| it.id).filter(is_lost).collect();
        let never = Change { availability: Some(0.0), ..Change::default() };
        let changes = lost.iter().map(|id| (*id, never)).collect();
        let scenario = Scenario { changes, ..Scenario::as_is() };
        for journey in &analysis.journeys {
            let reach = Reach::of(&architecture, &analysis.load, journey, false);
            let found = Losses::of(&reach, lost.iter().copied()).take_down(&lost);
            let left = reach.availability(&scenario, &mut Budget::default());
            assert_eq!(found, left.upper() <= 0.0, "{lost:?} {left:?}\n{text}");
            *if found { &mut down } else { &mut up } += 1;
        }
    }
    assert!(down > 100 && up > 100, "{down} down, {up} up");
}

/// 1.11: what is given where a ring is too large to unroll holds for small rings too.
#[test]
fn bounds_hold_the_truth_between_them() {
    let mut open = 0;
    for number in 0..500 {
        let text = Drawing::random(&mut Dice::new((7 << 32) + number), Style::RINGS).text();
        let (architecture, analysis) = analysed(&text);
        for journey in &analysis.journeys {
            let truth = Interpreter::new(&architecture, journey, false).availability(Given::Nothing);
            let scenario = Scenario::as_is();
            let bounds = availability::bounds(
                &architecture,
                &analysis.load,
                journey,
                &scenario,
                &mut Budget::default(),
            );
            let (lower, upper) = (bounds.lower(), bounds.upper());
            assert!(lower - 1e-12 < truth && truth < upper + 1e-12, "{lower} {truth} {upper}\n{text}");
            open += usize::from(upper - lower > 1e-9);
        }
    }
    assert!(open > 20, "{open} bounds that are apart");
}

/// `count` services in a circle, each of which calls what `targets` says, and an `exit` out of it.
fn circle(count: usize, targets: impl Fn(usize) -> String) -> String {
    let mut text = String::from("client u\nservice exit x1\nu -> c0\n");
    for at in 0..count {
        let _ = writeln!(text, "service c{at} x1\nc{at} -> {}", targets(at));
    }
    text
}

/// Whoever is entered needs all: nothing has to be unrolled, however long the circle.
#[test]
fn a_circle_of_calls_without_alternatives_is_exact() {
    let (_, analysis) = analysed(&circle(2_000, |at| format!("c{}", (at + 1) % 2_000)));
    let Availability::Exact(found) = analysis.availability[0].low else { panic!("exact") };
    assert!((found - 0.995_f64.powi(2_000)).abs() < 1e-12, "{found}");
    assert_eq!(analysis.availability[0].single_cuts.len(), 2_000);
}

/// Past the limit of unrolling there are bounds, for eighty as for two thousand.
#[test]
fn a_large_ring_with_alternatives_is_bounded() {
    for count in [80, 2_000] {
        let text = circle(count, |at| format!("c{} | c{} | exit", (at + 1) % count, (at + 2) % count));
        let (_, analysis) = analysed(&text);
        let Availability::Bounds { lower, upper } = analysis.availability[0].low else { panic!("bounds") };
        assert!(lower <= upper, "{lower} {upper}");
        same(upper, 0.995, "nobody but the entry is sure to be needed", "");
        same(lower, 0.995_f64.powf((count + 1) as f64), "all and the exit may be needed", "");
    }
}

/// The unrolled states are many, and shared.
#[test]
fn a_ring_with_many_chords_is_exact_or_bounded() {
    for count in 12..=20 {
        let text = circle(count, |at| {
            let after = |steps: usize| format!("c{}", (at + steps) % count);
            format!("{} | {} | {} | exit", after(1), after(2), after(5))
        });
        let (_, analysis) = analysed(&text);
        let low = analysis.availability[0].low;
        assert!(0.0 < low.lower() && low.lower() <= low.upper() && low.upper() <= 0.995 + 1e-12, "{low:?}");
    }
}

/// The reference cases drawn: a node is a service, and of several ways on any one will do.
#[test]
fn the_reference_cases_come_out_of_designs() {
    let file: Value = serde_json::from_str(include_str!("data/reliability.json")).expect("JSON");
    let cases = file["cases"].as_array().expect("a list");
    assert_eq!(cases.len(), 14);
    for case in cases {
        let expected: f64 = case["availability_f64"].as_str().expect("a figure").parse().expect("a number");
        let found = if let Some(text) = drawn(case) {
            analysed(&text).1.availability[0].low.lower()
        } else {
            // A design has no links that are missing: nowhere to go on to is a program's business.
            let mut program = Program::new();
            let nowhere = program.any([]);
            reliability::availability(&program, nowhere, &mut Budget::default()).lower()
        };
        same(found, expected, &case["name"].to_string(), "");
    }
}

/// A reference case as text; none where a node other than the target leads nowhere.
fn drawn(case: &Value) -> Option<String> {
    let mut ways: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edge in case["edges"].as_array().expect("a list") {
        let name = |at: usize| edge[at].as_str().expect("a name");
        ways.entry(name(0)).or_default().push(name(1));
        ways.entry(name(1)).or_default();
    }
    let mut text = format!("client caller\ncaller -> {}\n", case["s"].as_str().expect("a name"));
    let percent = |of: &Value| of.as_str().expect("a figure").parse::<f64>().expect("a number") * 100.0;
    for (name, on) in ways {
        if on.is_empty() && case["t"] != name {
            return None;
        }
        let line = match &case["nodes"][name] {
            Value::Object(units) => format!(
                "service {name} x{} {{ needs = {}, correlation = 0%, availability = {}% }}",
                units["n"],
                units["k"],
                percent(&units["p"])
            ),
            Value::Null => format!("service {name} x1 {{ availability = {}% }}", percent(&case["node_p"])),
            figure => format!("service {name} x1 {{ availability = {}% }}", percent(figure)),
        };
        let _ = writeln!(text, "{line}");
        if !on.is_empty() {
            let _ = writeln!(text, "{name} -> {}", on.join(" | "));
        }
    }
    Some(text)
}
