//! A design of any size ends in bounded time: what was not followed is unknown, and nothing is said of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use loadpath::analysis::Analysis;
use loadpath::analysis::load::Circumstances;
use loadpath::analysis::reliability::Availability;
use loadpath::check::{Config, NoFiles, check};
use loadpath::diagnostic::{Diagnostic, Severity};
use loadpath::model::{self, Architecture};
use loadpath::rules::{self, Context, Findings};
use loadpath::source::{FileId, SourceFile, Span};
use loadpath::syntax;

use super::analysed::analysed;

const TWO: &str = "
system \"Two\" { availability = 99.99% }
client shopper { rate = 100/s, peak_factor = 2 }
client clerk { rate = 10/s, peak_factor = 2 }
service shop, desk
database orders : postgres { write_capacity = 1/s, read_capacity = 1/s }
shopper -> shop : https
clerk -> desk : https
shop, desk -> orders : tls
";

/// The first journey comes to `shopper`, `shop` and `orders`: three looks are what it takes.
#[test]
fn journeys_are_followed_one_after_the_other_until_the_looks_are_used_up() {
    let (architecture, whole) = analysed(TWO);
    let cut = Analysis::within(&architecture, &Circumstances::default(), 3, 3);
    assert_eq!((whole.unfollowed(), cut.unfollowed()), (0, 1));
    assert_eq!(cut.availability[0].low, whole.availability[0].low);
    assert_eq!(cut.availability[1].low, Availability::Bounds { lower: 0.0, upper: 1.0 });
    assert_eq!(cut.availability[1].needed, []);
    let orders = architecture.components().find(|it| it.name == "orders").expect("it is written").id;
    assert!(whole.load.component(orders).is_known());
    assert!(!cut.load.component(orders).is_known());
    assert!(whole.load.component(orders).peak.total() > cut.load.component(orders).peak.total());
}

/// What is arithmetic on a part already is too much stays said; all else is silent.
#[test]
fn nothing_is_said_of_what_was_not_followed() {
    let examples = fs::read_dir("examples").expect("the examples stand in the repository");
    let texts = examples.map(|it| it.expect("the folder can be read").path());
    let texts = texts.filter(|path| path.extension().is_some_and(|it| it == "arch"));
    let texts = texts.map(|path| fs::read_to_string(path).expect("it can be read"));
    for text in texts.chain([TWO.to_owned()]) {
        let (file, _) = syntax::parse(FileId(0), &text);
        let architecture = model::build(&[file], Span::default());
        let whole = said(&architecture, &Analysis::of(&architecture));
        for looks in [0, 1, 20] {
            let cut = Analysis::within(&architecture, &Circumstances::default(), looks, looks);
            let new: Vec<_> = said(&architecture, &cut).difference(&whole).cloned().collect();
            assert_eq!(new, [], "{looks}\n{text}");
        }
    }
}

/// Calls, copies and queues, one behind the other, and as many that all call the next in a ring: nothing goes as deep as
/// the design does.
#[test]
fn a_long_chain_of_anything_is_no_deep_recursion() {
    const COUNT: usize = 8_000;
    let chain = |declared: &dyn Fn(usize) -> String, arrow: &str, more: &str| {
        let mut text = "client a { rate = 10/s }\nservice first\na -> first\n".to_owned();
        for at in 0..COUNT {
            text.push_str(&declared(at));
        }
        text.push_str("first -> s0\n");
        for at in 1..COUNT {
            text.push_str(&format!("s{} {arrow} s{at}{more}\n", at - 1));
        }
        text
    };
    let service = |at: usize| format!("service s{at}\n");
    let database = |at: usize| format!("database s{at}\n");
    let queue =
        |at: usize| if at.is_multiple_of(2) { format!("queue s{at}\n") } else { format!("worker s{at}\n") };
    let calls = chain(&service, "->", "");
    let ring = format!("{calls}s{} -> s0\n", COUNT - 1);
    let copies = chain(&database, "~>", " : replication");
    for text in [calls, ring, copies, chain(&queue, "~>", "")] {
        let judged = move || {
            let (architecture, analysis) = analysed(&text);
            said(&architecture, &analysis);
        };
        let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(judged).expect("a thread");
        thread.join().expect("it ends");
    }
}

/// Errors and warnings, by their rule and the component that they are about: of several calls of one component a
/// rule tells of the busiest.
fn said(architecture: &Architecture, analysis: &Analysis) -> BTreeSet<(&'static str, String)> {
    let cx = Context { architecture, analysis, unused_allows: Vec::new() };
    let mut said = BTreeSet::new();
    for rule in rules::RULES.iter().filter(|rule| !rule.is_about_allows()) {
        let mut findings = Findings::new(rule);
        (rule.check)(&cx, &mut findings);
        let is_grave = |it: &&Diagnostic| it.severity < Severity::Advice;
        said.extend(findings.found().iter().filter(is_grave).map(|it| (it.code, caller(&it.element))));
    }
    said
}

fn caller(element: &str) -> String {
    element.split(' ').next().unwrap_or_default().to_owned()
}

/// A chain as long as a design may be is walked without a stack of its own length, on a thread of any size.
#[test]
fn a_chain_of_any_length_is_no_danger_to_the_stack() {
    let length = 20_000;
    let mut text = String::from("client app\n");
    for at in 0..length {
        let _ = writeln!(text, "service s{at}");
    }
    text.push_str("app -> s0\n");
    for at in 1..length {
        let _ = writeln!(text, "s{} -> s{at}", at - 1);
    }
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    let checked = small.spawn(move || {
        check(SourceFile::new("chain.arch", text), &NoFiles, &Config::default()).diagnostics.len()
    });
    checked.expect("a thread can be started").join().expect("it comes to its end");
}
