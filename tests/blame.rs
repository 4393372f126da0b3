//! How grave a weakness is: by the promise, and by the weak part alone. And what a reviewer says of the examples.

use std::fs;
use std::path::Path;

use loadpath::check::{Config, NoFiles, Profile, check};
use loadpath::diagnostic::{Diagnostic, Severity};
use loadpath::source::SourceFile;

fn reviewed(text: &str) -> Vec<Diagnostic> {
    let config = Config { profile: Profile::Review, ..Config::default() };
    let checked = check(SourceFile::new("design.arch", text), &NoFiles, &config);
    assert!(checked.architecture.faults.is_empty(), "{:#?}", checked.architecture.faults);
    checked.diagnostics
}

/// The levels of a rule's findings on an element.
fn levels(text: &str, code: &str, element: &str) -> Vec<Severity> {
    reviewed(text)
        .into_iter()
        .filter(|it| it.code == code && it.element == element)
        .map(|it| it.severity)
        .collect()
}

/// A box and its database, each .995, with what is asked of them.
fn box_and_database(system: &str) -> String {
    format!(
        "system \"S\" {{ {system} }}\nclient u\nservice box x1\ndatabase db x1\nu -> box -> db\nflow f {{ u -> box -> db }}\n"
    )
}

#[test]
fn a_single_point_is_as_grave_as_what_it_leaves_of_the_promise() {
    let cases = [
        ("availability = 99%", Severity::Advice),
        ("availability = 99.5%", Severity::Warning),
        ("availability = 99.9%", Severity::Error),
        ("availability = high", Severity::Warning),
        ("intent = personal", Severity::Advice),
        ("intent = internal", Severity::Advice),
        ("intent = critical", Severity::Warning),
        ("users = 10", Severity::Advice),
        ("users = 10, availability = 99.9%", Severity::Error),
        ("users = 1M", Severity::Warning),
        ("rate = 100/day", Severity::Advice),
        ("survives = replica, users = 10", Severity::Error),
        ("", Severity::Warning),
    ];
    for (system, level) in cases {
        for element in ["box", "db"] {
            assert_eq!(levels(&box_and_database(system), "LP101", element), [level], "{system}");
        }
    }
    assert!(levels(&box_and_database("intent = demo"), "LP101", "box").is_empty());
}

/// Unstated counts accuse nobody: a warning at most, and advice where nothing is asked.
#[test]
fn an_unstated_count_is_a_question() {
    let text = |system: &str| box_and_database(system).replace(" x1", "");
    assert_eq!(levels(&text("availability = 99.99%"), "LP101", "box"), [Severity::Warning]);
    assert_eq!(levels(&text("availability = high"), "LP101", "box"), [Severity::Warning]);
    assert_eq!(levels(&text("availability = 99%"), "LP101", "box"), [Severity::Advice]);
    assert_eq!(levels(&text(""), "LP101", "box"), [Severity::Advice]);
    assert!(levels(&text("availability = 99.99%"), "LP101", "db").is_empty(), "one question for both");
}

/// A flow is an error only where it misses its promise however what is unstated is read.
#[test]
fn a_missed_promise_is_an_error_where_it_is_certain() {
    assert_eq!(levels(&box_and_database("availability = 99.9%"), "LP103", "f"), [Severity::Error]);
    assert_eq!(levels(&box_and_database("intent = production"), "LP103", "f"), [Severity::Warning]);
    let unstated = box_and_database("availability = 99.9%").replace(" x1", "");
    assert_eq!(levels(&unstated, "LP103", "f"), [Severity::Warning]);
    assert!(levels(&box_and_database("availability = 99%"), "LP103", "f").is_empty());
    assert!(levels(&box_and_database("intent = internal"), "LP103", "f").is_empty());
}

/// A zone is down 13 minutes a month: an error only over 99.97 %.
#[test]
fn a_zone_is_as_grave_as_its_own_downtime() {
    let text = |system: &str| {
        format!(
            "system \"S\" {{ {system} }}\nclient u\nservice api x3 {{ zones = 1, correlation = 0% }}\nu -> api\n"
        )
    };
    let cases = [
        ("availability = 99.9%", Severity::Advice),
        ("availability = 99.97%", Severity::Warning),
        ("availability = 99.99%", Severity::Error),
        ("availability = high", Severity::Warning),
        ("", Severity::Warning),
        ("users = 10", Severity::Advice),
        ("survives = zone, users = 10", Severity::Error),
    ];
    for (system, level) in cases {
        assert_eq!(levels(&text(system), "LP102", "api"), [level], "{system}");
    }
}

/// By hand the switch alone costs 65 minutes: more than 99.9 % allows, less than 99.5 %.
#[test]
fn a_manual_switch_is_as_grave_as_what_it_costs() {
    let text = |system: &str| {
        format!(
            "system \"S\" {{ {system} }}\nclient u\ndatabase db x2 {{ failover = manual }}\nu -> db {{ writes }}\n"
        )
    };
    let cases = [
        ("availability = 99.9%", Severity::Error),
        ("availability = 99.5%", Severity::Advice),
        ("availability = high", Severity::Warning),
        ("", Severity::Warning),
    ];
    for (system, level) in cases {
        assert_eq!(levels(&text(system), "LP107", "db"), [level], "{system}");
    }
    assert!(levels(&text("availability = 99.9%"), "LP101", "db").is_empty(), "one fact is told once");
}

fn example(name: &str) -> Vec<Diagnostic> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    reviewed(&fs::read_to_string(path).expect("an example"))
}

/// The findings of an example's availability that stop a merge: (code, element).
fn loud(name: &str) -> Vec<(&'static str, String)> {
    example(name)
        .into_iter()
        .filter(|it| it.code.starts_with("LP1") && it.severity < Severity::Advice)
        .map(|it| (it.code, it.element))
        .collect()
}

/// What a reviewer would object to in the published designs, and nothing else.
#[test]
fn the_published_designs_get_what_a_reviewer_would_say() {
    let of_availability = |name: &str| {
        let mut found = loud(name);
        found.retain(|(code, _)| {
            ["LP101", "LP102", "LP103", "LP104", "LP105", "LP107", "LP109", "LP112", "LP113"].contains(code)
        });
        found
    };
    let silent = [
        "pastebin.arch",
        "twitter.arch",
        "aws-1-single-box.arch",
        "aws-2-two-of-each.arch",
        "aws-5-millions.arch",
        "notifications.arch",
        "ad-clicks.arch",
        "todo-overengineered.arch",
        "github-2018.arch",
        "azure-two-regions.arch",
    ];
    for name in silent {
        assert_eq!(of_availability(name), [], "{name}");
    }
    assert_eq!(
        of_availability("notifications-naive.arch"),
        [("LP101", "notification_system".to_owned()), ("LP112", "apns".to_owned())]
    );
    let one_region = of_availability("azure-one-region.arch");
    assert_eq!(one_region, [("LP103", "hot_path".to_owned())]);
}

/// A box for two users, a list for ten: worth a word, no more.
#[test]
fn small_designs_are_advised() {
    for (name, element) in [("aws-1-single-box.arch", "box"), ("todo-overengineered.arch", "todo_main_api")] {
        let found = example(name);
        let level = found.iter().find(|it| it.code == "LP101" && it.element == element).map(|it| it.severity);
        assert_eq!(level, Some(Severity::Advice), "{name}");
    }
}
