//! What the rules found: each finding costs a part of the points of one criterion, by its level.

use crate::analysis::blame::exceeds;
use crate::analysis::capacity::{self, Busy};
use crate::analysis::consistency;
use crate::catalogue::Kind;
use crate::check::Suppressed;
use crate::diagnostic::{Diagnostic, Severity};
use crate::figures;
use crate::interview::rubric::{Criterion, Evidence};
use crate::interview::subject::{Subject, told_as_accepted};
use crate::model::{Bearer, Component, Property};
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

/// What a reason is worth: whoever reads it may share it or not, so that half of the price is left.
const ACCEPTED: f64 = 0.5;

/// The findings of a criterion's rules, each at its cost; what is accepted with a reason at half of it.
pub(super) fn by_rules(
    criterion: &Criterion,
    subject: &Subject,
    cost: impl Fn(&Diagnostic) -> f64,
) -> Vec<Evidence> {
    let counted = subject.findings.iter().filter(|it| criterion.counts(it.code));
    let standing = counted.map(|finding| evidence(finding, cost(finding)));
    let accepted = subject.accepted().filter(|it| criterion.counts(it.diagnostic.code));
    let accepted = accepted.map(|it| {
        let left = if it.reason.is_some() { ACCEPTED } else { 1.0 };
        accepted_evidence(it, left * cost(&it.diagnostic))
    });
    standing.chain(accepted).collect()
}

/// A finding that its author accepts, at the `allow` or the `because` that says so.
fn accepted_evidence(finding: &Suppressed, cost: f64) -> Evidence {
    Evidence {
        says: told_as_accepted(finding),
        place: Some(finding.allow),
        ..evidence(&finding.diagnostic, cost)
    }
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
    let mut evidence = by_rules(criterion, subject, by_level);
    if evidence.iter().all(|it| it.cost < ACCEPTED * OF_A_MILDER_WARNING) {
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
    let lost = subject.unreached();
    let mut evidence = found_or(criterion, subject, || {
        there(format!(
            "{} and {} are drawn{}",
            figures::count(architecture.components().len(), "component", "components"),
            figures::count(architecture.links().len(), "link", "links"),
            if lost.is_empty() { ", and each has a way to it" } else { "" }
        ))
    });
    if let Some(first) = lost.first() {
        let names: Vec<&str> = lost.iter().map(|it| it.name.as_str()).collect();
        evidence.push(Evidence::missing(
            OF_A_MILDER_WARNING,
            format!("nothing that anybody uses leads to {}", figures::listed(&names, names.len())),
            Some(first.span),
            "link it to what calls it, or say what starts it (`every`, `rate`)",
        ));
    }
    evidence
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
    let properties = subject.architecture.bearers().map(Bearer::properties);
    let explained = properties.filter(|it| it.has(Property::Because));
    let places: Vec<_> = explained.filter_map(|it| it.span(Property::Because)).collect();
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
    let kept: Vec<Evidence> = told.collect();
    evidence.splice(0..0, kept);
    evidence
}

/// What is fullest of what users wait for; none where nothing is known to be filled. Who works behind a queue may be
/// full for an hour, and is judged with it.
pub(in crate::interview) fn fullest<'a>(subject: &Subject<'a>) -> Option<(Busy, &'a Component)> {
    let load = &subject.analysis.load;
    let consumers = capacity::consumers(subject.architecture, load);
    let busiest = capacity::busiest(subject.architecture, load);
    let first = busiest.into_iter().find(|it| !consumers.contains(&it.component))?;
    let component = subject.architecture.component(first.component);
    Some((first, component))
}

pub(in crate::interview) fn carried(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    found_or(criterion, subject, || {
        let told = fullest(subject).map(|(busy, component)| {
            let assumed = if busy.capacity.is_assumed { " (assumed)" } else { "" };
            let share = figures::percent(busy.share());
            let says =
                format!("of what users wait for `{}` is busiest at peak, {share}{assumed}", component.name);
            Evidence::there(says, Some(component.span))
        });
        told.into_iter().collect()
    })
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
        many => there(format!("{} have bounds, and are worked off", figures::listed(many, many.len()))),
    })
}

pub(in crate::interview) fn growth(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let Some((busy, component)) = fullest(subject) else {
        return by_rules(criterion, subject, by_level);
    };
    let times = figures::number(busy.headroom());
    let says =
        format!("`{}` is full first of what users wait for, at {times} times today's peak", component.name);
    let place = Some(component.span);
    if capacity::exceeds(busy.share(), 1.0) {
        let mut evidence = by_rules(criterion, subject, by_level);
        let cost = if busy.capacity.is_assumed { OF_ADVICE } else { OF_AN_ERROR };
        evidence.push(Evidence::missing(cost, says, place, "let it carry what comes today first"));
        return evidence;
    }
    found_or(criterion, subject, || vec![Evidence::there(says, place)])
}

pub(in crate::interview) fn excess(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let found = by_rules(criterion, subject, |finding| match finding.severity {
        Severity::Advice => OF_EXCESS,
        _ => OF_A_WARNING,
    });
    if !found.is_empty() {
        return found;
    }
    // Without a scale nothing is too much.
    let is_sized = subject.analysis.load.is_known() || subject.is_small();
    if is_sized {
        there("each part is used, or a promise or a stated reason asks for it")
    } else {
        Vec::new()
    }
}
