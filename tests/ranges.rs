//! Ranges of figures: results are intervals, and a finding says how much of them it holds for.

use crate::analysed::analysed;
use crate::availability_random::drawing::Dice;
use crate::load_random::drawing::Drawing;
use loadpath::analysis::Analysis;
use loadpath::check::{Checked, Config, NoFiles, Profile, check};
use loadpath::diagnostic::{Diagnostic, Extent, Severity};
use loadpath::model::Architecture;
use loadpath::source::SourceFile;

fn checked(design: &str) -> Checked {
    let config = Config { profile: Profile::Review, ..Config::default() };
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

// ---- whatever is stated

/// Figures of a component of which a range may be stated, each with its ends.
const OF_COMPONENTS: [&str; 6] = [
    "capacity = 500/s..6k/s",
    "read_capacity = 2k/s..6k/s, write_capacity = 900/s..3k/s",
    "service_time = 5ms..20ms",
    "service_time = 4ms..6ms, service_time_p99 = 30ms..80ms",
    "availability = 99%..99.9%",
    "failover = 10s..5min",
];

/// A random design, with ranges for some of its figures.
fn drawn_with_ranges(dice: &mut Dice) -> String {
    let text = Drawing::random(dice).text();
    let text = text.replacen("reads_per_write", "peak_factor = 2..4, reads_per_write", 1);
    text.lines().map(|line| with_ranges(line, dice) + "\n").collect()
}

fn with_ranges(line: &str, dice: &mut Dice) -> String {
    let mut line = line.to_owned();
    for (figure, range) in [
        ("hit_ratio = 80%", "hit_ratio = 40%..80%"),
        ("hit_ratio = 95%", "hit_ratio = 95%..99.5%"),
        ("calls = 2", "calls = 2..4"),
        ("calls = 0.5", "calls = 0.2..0.5"),
    ] {
        if dice.percent(50) {
            line = line.replace(figure, range);
        }
    }
    // Only of the whole: what one flow gets more of a stated whole, the others get less.
    if line.starts_with("system")
        && let Some((before, after)) = line.split_once("rate = ")
        && let Some((figure, rest)) = after.split_once("/s")
        && dice.percent(50)
    {
        let figure: f64 = figure.parse().expect("a number");
        line = format!("{before}rate = {figure}/s..{}/s{rest}", figure * 1.5);
    }
    let is_component = line.split(' ').nth(1).is_some_and(|it| it.starts_with('c'))
        && !line.contains("->")
        && !line.contains("~>");
    if is_component && let Some((head, body)) = line.split_once(" { ") {
        let replicas = dice.pick(&["", "", " x2", " x3"]);
        let own = if dice.percent(80) { OF_COMPONENTS[dice.below(6)] } else { "" };
        let body = match body.trim_end_matches('}').trim() {
            "" => own.to_owned(),
            body if own.is_empty() => body.to_owned(),
            body => format!("{body}, {own}"),
        };
        line = format!("{head}{replicas} {{ {body} }}");
    }
    line
}

/// Nothing that is worse than another thing is better.
#[track_caller]
fn no_better(worse: f64, milder: f64, what: &str, text: &str) {
    assert!(
        worse >= milder - 1e-9 * worse.abs().max(1.0),
        "{what}: {milder} at the milder ends, {worse} at the worse\n{text}"
    );
}

fn compare(
    (architecture, worse): (&Architecture, &Analysis),
    (at_milder_ends, milder): (&Architecture, &Analysis),
    text: &str,
) -> usize {
    let mut differ = 0;
    let compare = |differ: &mut usize, worse: f64, milder: f64, what: &str| {
        no_better(worse, milder, what, text);
        *differ += usize::from(worse > milder);
    };
    for (component, mild) in architecture.components().zip(at_milder_ends.components()) {
        let peak = |analysis: &Analysis| analysis.load.component(component.id).peak.total().per_second();
        compare(&mut differ, peak(worse), peak(milder), &format!("the peak of {}", component.name));
        let used = (worse.load.utilisation(component), milder.load.utilisation(mild));
        if let (Some(worse), Some(milder)) = used {
            compare(&mut differ, worse.share, milder.share, &format!("the use of {}", component.name));
        }
    }
    // What is over all of its capacity is taken for one of its nodes, as overload is no matter of availability; and a wait
    // without end is in no sum.
    let is_over = |it| worse.load.utilisation(it).is_some_and(|it| it.share >= 1.0);
    if architecture.components().any(is_over) {
        return differ;
    }
    assert_eq!(worse.journeys.len(), milder.journeys.len(), "{text}");
    for (at, (journey, judged)) in worse.judged().enumerate() {
        let name = &journey.name;
        let mild = &milder.availability[at];
        compare(
            &mut differ,
            1.0 - judged.low.lower(),
            1.0 - mild.low.upper(),
            &format!("the downtime of {name}"),
        );
        compare(
            &mut differ,
            1.0 - judged.high.lower(),
            1.0 - mild.high.upper(),
            &format!("the least downtime of {name}"),
        );
        let (slow, quick) = (worse.latency(architecture, at), milder.latency(at_milder_ends, at));
        // All tails at once along the longest chain; the chain that is the longest by them need not be so by medians.
        compare(&mut differ, slow.most.seconds(), quick.most.seconds(), &format!("the p99 of {name}"));
    }
    differ
}

/// Every result is monotone in each figure, so that those of both readings are the ends of its interval: the milder
/// reading has no higher peak, utilisation, downtime or latency.
#[test]
fn nothing_is_worse_at_the_milder_ends() {
    let mut differ = 0;
    for number in 0..1_000 {
        let text = drawn_with_ranges(&mut Dice::new((9 << 40) + number));
        let (architecture, analysis) = analysed(&text);
        let Some(milder) = architecture.at_milder_ends() else { continue };
        differ += compare((&architecture, &analysis), (&milder, &Analysis::of(&milder)), &text);
    }
    assert!(differ > 4_000, "only {differ} results differ");
}
