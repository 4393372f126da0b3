//! One sentence to say at each step, with the design's own figures.

use super::aloud::Aloud;
use super::rubric::Step;
use super::subject::Subject;
use crate::analysis::plan::Scale;
use crate::analysis::storage;
use crate::diagnostic::Diagnostic;
use crate::figures;
use crate::model::Property;
use crate::quantity::Rate;

/// What is asked that is worth repeating aloud, in that order, and how it is spoken.
const SAID: [(Property, &str); 8] = [
    (Property::DailyUsers, "{} users a day"),
    (Property::Users, "{} users"),
    (Property::MonthlyUsers, "{} users a month"),
    (Property::PerUser, "{} from each of them"),
    (Property::ReadsPerWrite, "{} reads to a write"),
    (Property::Availability, "{} availability"),
    (Property::LatencyP99, "{} for the slowest of a hundred"),
    (Property::Consistency, "{} consistency"),
];
/// So many of them count the users.
const COUNTED: usize = 3;
/// What an estimate is made of beside the users, and how it is asked for.
const ASKED: [(&[Property], &str); 5] = [
    (&[Property::PerUser, Property::Rate], "what one of them does on a day"),
    (&[Property::PeakFactor, Property::Peak], "how much more comes in the busiest hour"),
    (&[Property::ReadsPerWrite], "how many reads there are to a write"),
    (&[Property::RecordSize], "how large one record is"),
    (&[Property::Retention], "how long it is kept"),
];
/// The rules by which all of a part can go: a cache, a queue, a content delivery network, and what no flow needs.
const GOES: [&str; 4] = ["LP803", "LP804", "LP807", "LP814"];
/// So many of them, and so many parts of a path.
const MOST: usize = 5;

/// What to say at a step.
pub(super) fn saying(subject: &Subject, step: Step) -> String {
    match step {
        Step::Clarify => clarify(subject),
        Step::Estimate => estimate(subject),
        Step::Design => design(subject),
        Step::Bottleneck => bottleneck(subject),
        Step::Scale => scale(subject),
    }
}

fn clarify(subject: &Subject) -> String {
    let said: Vec<String> = SAID.iter().filter_map(|it| spoken(subject, *it)).take(MOST).collect();
    if let (true, Some(mean)) = (said.is_empty(), subject.analysis.load.total_mean()) {
        return format!(
            "Before I draw anything, I take it that {mean} come in on average: is that so, and what does an hour of downtime cost?"
        );
    }
    if said.is_empty() {
        return "Before I draw anything: how many use it, what does one of them do on a day, and what does an hour of downtime cost?".to_owned();
    }
    format!("Before I draw anything, I take it that we have {}: is that so?", said.join(", "))
}

/// A property of the system in these words, where it is stated.
fn spoken(subject: &Subject, (property, words): (Property, &str)) -> Option<String> {
    let written = subject.text(subject.architecture.system.properties.span(property)?);
    let (_, value) = written.split_once('=')?;
    Some(words.replace("{}", value.trim()))
}

fn estimate(subject: &Subject) -> String {
    let load = &subject.analysis.load;
    let Some(mean) = load.total_mean() else { return before_anything_is_drawn(subject) };
    let peaks = load.arrivals.iter().flatten().map(|it| it.peak().total());
    let peak = peaks.fold(Rate::ZERO, |all, it| all + it);
    let writes = load.arrivals.iter().flatten().map(|it| it.mean.writes);
    let writes = writes.fold(Rate::ZERO, |all, it| all + it);
    let mut said = format!("That is {mean} on average and {peak} at peak");
    if writes.is_positive() {
        said += &format!(", {writes} of it writes");
    }
    let kept =
        storage::data(subject.architecture, load).into_iter().flatten().filter_map(|it| it.by_year().pop());
    if let Some((time, size)) =
        kept.max_by(|one, other| one.1.value.bytes().total_cmp(&other.1.value.bytes()))
    {
        said += &format!("; the largest store comes to {} in {time}", size.value);
    }
    said + "."
}

/// What the system alone gives to reckon with, and what is still to ask.
fn before_anything_is_drawn(subject: &Subject) -> String {
    let system = &subject.architecture.system.properties;
    let open: Vec<&str> = ASKED
        .iter()
        .filter(|(properties, _)| !properties.iter().any(|it| system.is_stated(*it)))
        .map(|(_, asks)| *asks)
        .collect();
    let stated = subject.analysis.load.taken_up(subject.architecture).map(|(stated, _)| stated);
    let users = SAID[..COUNTED].iter().find_map(|it| spoken(subject, *it));
    match (stated, users) {
        (Some(mean), _) => {
            let peak = system.figure(Property::PeakFactor).map(|it| format!(" and {} at peak", mean * it));
            let open = if open.is_empty() {
                String::new()
            } else {
                format!("; I still have to ask {}", open.join(", "))
            };
            format!(
                "That is {mean} on average{}. What it takes of machines and disks I can say once the parts are drawn{open}.",
                peak.unwrap_or_default()
            )
        }
        (None, Some(users)) if !open.is_empty() => {
            format!("We have {users}; for the requests a second I still have to ask {}.", open.join(", "))
        }
        _ => {
            "I can't reckon yet: from users and what each does I get requests a second, from these machines."
                .to_owned()
        }
    }
}

fn design(subject: &Subject) -> String {
    let architecture = subject.architecture;
    let Some((journey, judged)) =
        subject.analysis.judged().min_by_key(|(_, it)| std::cmp::Reverse(it.needed.len()))
    else {
        return "I begin with who calls, and follow one request to where its data rests.".to_owned();
    };
    let entry = journey.entries.iter().copied();
    let mut parts: Vec<&str> = Vec::new();
    for id in entry.chain(judged.needed.iter().copied()) {
        let name = architecture.component(id).name.as_str();
        if !parts.contains(&name) {
            parts.push(name);
        }
    }
    let queue = architecture.components().find(|it| it.kind.is_queue());
    let beside = queue.map(|it| format!("; what can wait goes through `{}`", it.name)).unwrap_or_default();
    format!("Follow `{}`: it needs {}{beside}.", journey.name, figures::listed(&parts, MOST))
}

fn bottleneck(subject: &Subject) -> String {
    let load = match subject.bottlenecks.first() {
        Some(first) => format!("As the load grows `{}` gives way first, {}", first.element, first.full_at()),
        None => "I can't say yet what the load breaks first".to_owned(),
    };
    let down = |judged: &crate::analysis::availability::FlowAvailability| 1.0 - judged.low.lower();
    let worst = subject.analysis.judged().max_by(|one, other| down(one.1).total_cmp(&down(other.1)));
    let failure = worst.and_then(|(journey, judged)| {
        let first = judged.contributions.first().filter(|it| it.minutes() > 0.0)?;
        let name = first.element.name(subject.architecture);
        Some(format!(
            "; of failures, those of `{name}` cost `{}` most, {} a month",
            journey.name,
            figures::minutes(first.minutes())
        ))
    });
    format!("{load}{}.", failure.unwrap_or_default())
}

fn scale(subject: &Subject) -> String {
    let growth = Scale::of(subject.architecture, &subject.analysis.load).growth;
    let next = match subject.bottlenecks.first() {
        Some(first) => {
            format!("`{}` is full {}; {}", first.element, first.full_at(), first.step())
        }
        None if subject.analysis.load.is_known() => {
            "The load is known, and what a part carries is not: the next step depends on that".to_owned()
        }
        None => "The next step depends on a load that is not stated".to_owned(),
    };
    let grown = if growth > 1.0 {
        format!("; the stated growth brings {} times today's load", figures::number(growth))
    } else {
        String::new()
    };
    let needless = subject.findings.iter().find_map(|it| without(subject, it));
    let without = needless.map(|it| format!("; until then I would {it}")).unwrap_or_default();
    format!("{next}{grown}{without}.")
}

/// What to do about a part that is there for another scale: do without it, where all of it can go.
fn without(subject: &Subject, finding: &Diagnostic) -> Option<String> {
    subject.architecture.component_named(&finding.element).filter(|_| finding.code.starts_with("LP8"))?;
    if GOES.contains(&finding.code) {
        return Some(format!("do without `{}`", finding.element));
    }
    if finding.code == "LP802" {
        return Some(format!("run fewer of `{}`", finding.element));
    }
    let help = finding.help.as_deref().and_then(|it| Aloud::of(subject).said(it))?;
    Some(format!("{} (`{}`)", help.split(": ").next().unwrap_or(&help), finding.element))
}
