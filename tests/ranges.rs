//! Ranges of figures: results are intervals, and a finding says how much of them it holds for.

use loadpath::check::{Checked, Config, NoFiles, Profile, check};
use loadpath::diagnostic::{Diagnostic, Extent, Severity};
use loadpath::source::SourceFile;

fn checked(design: &str) -> Checked {
    let config = Config { profile: Profile::Review };
    let checked = check(SourceFile::new("design.arch", design), &NoFiles, &config);
    assert!(checked.architecture.faults.is_empty(), "{:#?}", checked.architecture.faults);
    checked
}

#[track_caller]
fn finding<'a>(checked: &'a Checked, code: &str, element: &str) -> &'a Diagnostic {
    let found = checked.diagnostics.iter().find(|it| it.code == code && it.element == element);
    found.unwrap_or_else(|| panic!("no {code} on {element} in {:#?}", checked.diagnostics))
}

fn utilisation(checked: &Checked, component: &str) -> (f64, f64) {
    let milder = checked.milder.as_ref().expect("a range is stated");
    let worse = checked.architecture.component_named(component).expect("declared");
    let better = milder.architecture.component_named(component).expect("declared");
    let (worse, better) =
        (checked.analysis.load.utilisation(worse), milder.analysis.load.utilisation(better));
    (better.expect("known").share, worse.expect("known").share)
}

/// 1 200 to 1 800 requests a second at peak on one node of 1 000 to 3 000: 1 200 ÷ 3 000 = 40 % to
/// 1 800 ÷ 1 000 = 180 %.
#[test]
fn a_result_is_an_interval() {
    let design = "
system \"s\" { rate = 400/s..600/s, peak_factor = 3 }
client a
service api x1 { capacity = 1k/s..3k/s }
a -> api
";
    let (low, high) = utilisation(&checked(design), "api");
    assert!((low - 0.4).abs() < 1e-9 && (high - 1.8).abs() < 1e-9, "{low}..{high}");
}

#[test]
fn without_a_range_there_is_one_reading() {
    assert!(checked("client a\nservice api x2..5 { capacity = 2k/s }\na -> api\n").milder.is_none());
}

/// One node of 99 % to 99.4 % uses up what 99.5 % allows at either end.
#[test]
fn an_error_over_the_whole_range_stays_one() {
    let design = "
client a
service api x1 { availability = 99%..99.4% }
a -> api
flow use { availability = 99.5%; a -> api }
";
    let checked = checked(design);
    let weak = finding(&checked, "LP101", "api");
    assert_eq!((weak.severity, weak.extent), (Severity::Error, Some(Extent::Whole)));
    assert!(weak.notes.iter().any(|it| it.contains("over the whole of what is stated")), "{:#?}", weak.notes);
}

/// At 99.9 % it is within what 99.5 % allows, at 99 % it is not.
#[test]
fn an_error_at_one_end_alone_is_a_warning_that_says_so() {
    let design = "
client a
service api x1 { availability = 99%..99.9% }
a -> api
flow use { availability = 99.5%; a -> api }
";
    let checked = checked(design);
    let missed = finding(&checked, "LP103", "use");
    assert_eq!((missed.severity, missed.extent), (Severity::Warning, Some(Extent::Part)));
    let told = missed.notes.last().expect("it says so");
    assert!(
        told.contains("for a part of what is stated only") && told.contains("`availability` of `api`"),
        "{told}"
    );
}

/// An open end says nothing of the other: it counts as the stated one, and is no range.
#[test]
fn an_open_end_is_no_range() {
    assert!(checked("client a\nservice api x1 { capacity = 1k/s.. }\na -> api\n").milder.is_none());
}

/// 300/s at peak against two of 80/s to 120/s are 188 % to 125 % of what they do: the queue is full after 10 000 ÷ 140 =
/// 71 s, or 10 000 ÷ 60 = 167 s. Two of 155/s or more keep up. What is more than they do on average at one end is still
/// more than they do at peak at the other.
#[test]
fn consumers_are_too_slow_over_the_whole_of_their_range_or_a_part() {
    let design = |capacity: &str, mean: &str| {
        format!(
            "
service api {{ rate = {mean}, peak = 300/s }}
queue mails : rabbitmq {{ max_length = 10k, on_full = reject }}
worker mailer x2 {{ capacity = {capacity} }}
api ~> mails ~> mailer
"
        )
    };
    let level = |capacity: &str, mean: &str| {
        let checked = checked(&design(capacity, mean));
        let found = finding(&checked, "LP204", "mailer");
        (found.severity, found.extent)
    };
    assert_eq!(level("80/s..120/s", "100/s"), (Severity::Error, Some(Extent::Whole)));
    assert_eq!(level("80/s..160/s", "100/s"), (Severity::Warning, Some(Extent::Part)));
    assert_eq!(level("80/s..120/s", "170/s..200/s"), (Severity::Error, Some(Extent::Whole)));
    // Nearly full at the milder end is another thing than falling behind.
    assert_eq!(level("80/s..155/s", "100/s"), (Severity::Warning, Some(Extent::Part)));
    let checked = checked(&design("80/s..200/s", "100/s"));
    let told = finding(&checked, "LP204", "mailer").notes.last().expect("it says so").clone();
    assert!(told.contains("at the worse ends of the ranges (`capacity` of `mailer`)"), "{told}");
}
