//! What the rules found: each finding costs a part of the points of one criterion, by its level.

use crate::analysis::blame::exceeds;
use crate::analysis::capacity::{self, Busy};
use crate::analysis::consistency;
use crate::catalogue::Kind;
use crate::diagnostic::{Diagnostic, Severity};
use crate::figures;
use crate::interview::rubric::{Criterion, Evidence};
use crate::interview::subject::Subject;
use crate::model::{Component, Property};
use crate::rules;

/// What breaks a promise or lets somebody in costs all.
const OF_AN_ERROR: f64 = 1.0;
/// What is wrong in most designs costs more than half.
const OF_A_WARNING: f64 = 0.6;
/// The same of a rule that has errors as well: this one rests on an assumption, or no promise is broken yet.
const OF_A_MILDER_WARNING: f64 = 0.4;
/// A question costs little: it may have an answer.
const OF_ADVICE: f64 = 0.1;
/// What is there for nothing is paid for every day. It costs as much as what is missing: where a missing part has
/// errors, one too many has warnings alone, and its advice is no question but a figure.
const OF_EXCESS: f64 = 0.4;

/// Flows that one remark tells of, at most.
const MOST_FLOWS: usize = 3;

/// The findings of a criterion's rules, each at its cost.
pub(super) fn by_rules(
    criterion: &Criterion,
    subject: &Subject,
    cost: impl Fn(&Diagnostic) -> f64,
) -> Vec<Evidence> {
    let counted = subject.findings.iter().filter(|it| criterion.counts(it.code));
    counted.map(|finding| evidence(finding, cost(finding))).collect()
}

/// A finding as what speaks against a criterion.
pub(super) fn evidence(finding: &Diagnostic, cost: f64) -> Evidence {
    Evidence {
        cost,
        says: finding.message.clone(),
        remedy: finding.help.clone(),
        place: Some(finding.span()),
        code: Some(finding.code),
    }
}

fn by_level(finding: &Diagnostic) -> f64 {
    match finding.severity {
        Severity::Error => OF_AN_ERROR,
        Severity::Warning if has_errors(finding.code) => OF_A_MILDER_WARNING,
        Severity::Warning => OF_A_WARNING,
        Severity::Advice => OF_ADVICE,
    }
}

fn has_errors(code: &str) -> bool {
    rules::find(code).is_some_and(|rule| rule.levels.contains(&Severity::Error))
}

/// What was found, else what is there instead.
fn found_or(
    criterion: &Criterion,
    subject: &Subject,
    there: impl FnOnce() -> Vec<Evidence>,
) -> Vec<Evidence> {
    if subject.is_empty() {
        return Vec::new();
    }
    let mut evidence = by_rules(criterion, subject, by_level);
    if evidence.iter().all(|it| it.cost < OF_A_MILDER_WARNING) {
        evidence.splice(0..0, there());
    }
    evidence
}

fn there(says: impl Into<String>) -> Vec<Evidence> {
    vec![Evidence::there(says, None)]
}

pub(in crate::interview) fn numbers(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    found_or(criterion, subject, || there("no two numbers contradict each other"))
}

pub(in crate::interview) fn connected(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let architecture = subject.architecture;
    found_or(criterion, subject, || {
        there(format!(
            "{} and {} are all on the way of something",
            figures::count(architecture.components().len(), "component", "components"),
            figures::count(architecture.links().len(), "link", "links")
        ))
    })
}

pub(in crate::interview) fn secure(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    found_or(criterion, subject, || there("no way in, and nothing readable on the way, is known to be open"))
}

pub(in crate::interview) fn kept(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let stores = || subject.architecture.components().filter(|it| it.kind.is_store());
    if stores().next().is_none() && by_rules(criterion, subject, by_level).is_empty() {
        return Vec::new();
    }
    found_or(criterion, subject, || {
        let backed_up = stores().find(|it| it.has(Property::Backup));
        match backed_up {
            Some(store) => vec![Evidence::there(
                format!(
                    "`{}` is backed up, and no write that was confirmed is known to get lost",
                    store.name
                ),
                store.span(Property::Backup),
            )],
            None => there("no write that was confirmed is known to get lost"),
        }
    })
}

pub(in crate::interview) fn read(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let mut stores =
        subject.architecture.components().filter(|it| it.kind.is_store() || it.kind == Kind::Cache);
    if stores.next().is_none() && by_rules(criterion, subject, by_level).is_empty() {
        return Vec::new();
    }
    found_or(criterion, subject, || {
        let level = consistency::Level::of(&subject.architecture.system.properties);
        match level {
            Some(level) => vec![Evidence::there(
                format!("no read is known to miss what {} consistency lets it see", level.name()),
                subject.architecture.system.properties.span(Property::Consistency),
            )],
            None => there("no read is known to miss what it should see"),
        }
    })
}

pub(in crate::interview) fn fitting(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    found_or(criterion, subject, || there("each protocol, cache and balancer fits what it is used for"))
}

pub(in crate::interview) fn explained(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let reasons = subject.architecture.bearers().filter_map(|it| it.properties().span(Property::Because));
    let places: Vec<_> = reasons.collect();
    if places.is_empty() && by_rules(criterion, subject, by_level).is_empty() {
        return Vec::new();
    }
    // Advice is all that this rule gives: what is not explained at all is half of it.
    let mut evidence =
        by_rules(criterion, subject, |_| if places.is_empty() { OF_AN_ERROR } else { OF_A_WARNING });
    if let Some(first) = places.first() {
        let says =
            format!("{} with a reason", figures::count(places.len(), "choice is there", "choices are there"));
        evidence.insert(0, Evidence::there(says, Some(*first)));
    }
    evidence
}

pub(in crate::interview) fn redundant(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    if subject.analysis.journeys.is_empty() {
        return Vec::new();
    }
    found_or(criterion, subject, || there("no single part is known to take a promise down with it"))
}

pub(in crate::interview) fn promises(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let mut evidence = by_rules(criterion, subject, by_level);
    let told = subject.analysis.judged().filter_map(|(journey, judged)| {
        let slo = journey.promise.slo?;
        let given = judged.low.lower();
        let is_kept = !exceeds(1.0 - given, 1.0 - slo);
        let says = || {
            let [slo, given] = figures::apart_by(slo, given, figures::availability_to);
            format!("`{}` gives {given} of the {slo} promised", journey.name)
        };
        is_kept.then(|| Evidence::there(says(), Some(journey.span)))
    });
    let kept: Vec<Evidence> = told.take(MOST_FLOWS).collect();
    evidence.splice(0..0, kept);
    evidence
}

/// What is fullest of what users wait for, and what to say of it; none where nothing is known to be filled. Who works
/// behind a queue may be full for an hour, and is judged with it.
fn fullest(subject: &Subject, says: impl Fn(&Busy, &Component) -> String) -> Vec<Evidence> {
    let load = &subject.analysis.load;
    let consumers = capacity::consumers(subject.architecture, load);
    let busiest = capacity::busiest(subject.architecture, load);
    let first = busiest.iter().find(|it| !consumers.contains(&it.component));
    let told = first.map(|busy| {
        let component = subject.architecture.component(busy.component);
        Evidence::there(says(busy, component), Some(component.span))
    });
    told.into_iter().collect()
}

pub(in crate::interview) fn carried(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let says = |busy: &Busy, component: &Component| {
        let assumed = if busy.capacity.is_assumed { " (assumed)" } else { "" };
        let share = figures::percent(busy.share());
        format!("nothing is busier at peak than `{}`, {share}{assumed}", component.name)
    };
    found_or(criterion, subject, || fullest(subject, says))
}

pub(in crate::interview) fn bounded_waits(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    if subject.architecture.links().len() == 0 {
        return Vec::new();
    }
    found_or(criterion, subject, || there("no wait is known to be without an end"))
}

pub(in crate::interview) fn queues(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let queues = subject.architecture.components().filter(|it| it.kind.is_queue());
    let names: Vec<&str> = queues.map(|it| it.name.as_str()).collect();
    found_or(criterion, subject, || match names.as_slice() {
        [] => Vec::new(),
        [only] => there(format!("`{only}` has a bound, and is worked off")),
        many => there(format!("{} have bounds, and are worked off", figures::listed(many, MOST_FLOWS))),
    })
}

pub(in crate::interview) fn growth(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let says = |busy: &Busy, component: &Component| {
        let times = figures::number(busy.headroom());
        format!("`{}` is full first of what users wait for, at {times} times today's peak", component.name)
    };
    found_or(criterion, subject, || fullest(subject, says))
}

pub(in crate::interview) fn excess(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let found = by_rules(criterion, subject, |finding| match finding.severity {
        Severity::Advice => OF_EXCESS,
        _ => OF_A_WARNING,
    });
    let is_sized = subject.analysis.load.is_known() || subject.is_small();
    match (found.is_empty(), is_sized) {
        (false, _) => found,
        (true, true) if !subject.is_empty() => there("each part is used, or a promise asks for it"),
        _ => Vec::new(),
    }
}
