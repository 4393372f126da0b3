//! The availability of random designs against an interpreter of the definitions that goes through all states.

mod drawing;
mod interpreter;

use drawing::{Dice, Drawing, Style};
use interpreter::{Given, Interpreter};
use loadpath::analysis::Analysis;
use loadpath::model::{self, Architecture};
use loadpath::source::{FileId, Span};
use loadpath::syntax;

/// A design without faults, and what follows from it.
fn analysed(text: &str) -> (Architecture, Analysis) {
    let (file, errors) = syntax::parse(FileId(0), text);
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    let architecture = model::build(&[file], Span::default());
    assert!(architecture.faults.is_empty(), "{:#?}\n{text}", architecture.faults);
    let analysis = Analysis::of(&architecture);
    (architecture, analysis)
}

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
    agree(1500, Style::LAYERED, 0);
}

/// 1.11: evaluated from the entry, with those that wait.
#[test]
fn rings_of_callers_are_as_available_as_all_their_states_say() {
    agree(1500, Style::RINGS, 1 << 32);
}
