use rustc_hash::FxHashSet;

use super::{Asked, Context, Findings, declare_rule, is_asked, written_into};
use crate::analysis::messaging;
use crate::catalogue::Kind;
use crate::diagnostic::{Edit, Severity};
use crate::figures;
use crate::model::{Architecture, Component, ComponentId, Property};

declare_rule! {
    /// Finds queues with consumers and no place for the messages that always fail.
    ///
    /// ## Why it matters
    /// One message that no consumer can work on comes back for ever: it takes a consumer's time on each round, it hides
    /// among the healthy ones, and where order is kept it stops all behind it. A dead-letter queue takes it out and keeps
    /// it for somebody to look at.
    ///
    /// ## Example
    /// ```arch
    /// service api
    /// queue jobs : sqs { visibility_timeout = 30s } // finding: "a message go that always fails"
    /// worker renderer x2 { idempotent }
    /// api ~> jobs ~> renderer
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// queue jobs : sqs { visibility_timeout = 30s, dead_letter = failed }
    /// queue failed : sqs
    /// worker renderer x2 { idempotent }
    /// api ~> jobs ~> renderer
    /// ```
    ///
    /// ## How it is detected
    /// A queue or stream has consumers, and neither it nor all of them state `dead_letter`. `dead_letter = none` is a
    /// finding of its own; the others are one question. It is advice where consumers send what failed back to the queue
    /// and the retries are drawn, and for logs (Kafka, Kinesis), where a consumer can step over a message that stays
    /// there. At-most-once delivery brings no message twice and is not asked about, nor is a log that drops what it has
    /// no room for (`on_full = drop`), where one message less is accepted, and neither are boxes and arrows of which
    /// nothing at all is stated yet. The fix states that there is one; it is safe, for a bare name says no more than
    /// that, and unsafe in place of `dead_letter = none`.
    ///
    /// ## Known false alarms
    /// The consumer stores what failed in a table of its own: state `dead_letter` on the consumer.
    ///
    /// ## An interviewer asks
    /// A message crashes whoever reads it. Where is it an hour later, and who knows?
    ///
    /// ## A good answer
    /// - that it is put aside after a few attempts, and where
    /// - who looks at what was put aside, and how it comes back
    ///
    /// ## References
    /// - [CWE-755](https://cwe.mitre.org/data/definitions/755.html): improper handling of exceptional conditions.
    /// - Hohpe and Woolf, Enterprise Integration Patterns: Dead Letter Channel.
    /// - Amazon SQS developer guide, "Using dead-letter queues".
    static RULE = {
        code: "LP206",
        summary: "a queue without a place for messages that always fail",
        levels: [Warning, Advice],
    }
}

/// What the fix does.
const FIX: &str = "state `dead_letter`: what always fails is put aside";

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() || cx.architecture.is_sketch() {
        return;
    }
    let dead_letters = messaging::dead_letters(cx.architecture);
    let mut consumed = 0;
    let (mut asked, mut advised) = (Vec::new(), Vec::new());
    for queue in messaging::queues(cx.architecture).filter(|it| !dead_letters.contains(&it.id)) {
        let may_be_missed = is_log(queue) && queue.is(Property::OnFull, "drop");
        if may_be_missed || !is_redelivered(cx.architecture, queue) {
            continue;
        }
        consumed += 1;
        if queue.is_absent(Property::DeadLetter) {
            without(cx, findings, queue);
        } else if !has_dead_letter(cx.architecture, queue, &dead_letters) {
            let is_mild = is_retried(cx.architecture, queue) || is_log(queue);
            if is_mild { &mut advised } else { &mut asked }.push(queue);
        }
    }
    let (severity, mut queues) =
        if asked.is_empty() { (Severity::Advice, advised) } else { (Severity::Warning, asked) };
    let by_peak = |queue: &Component| messaging::peak(&cx.analysis.load, queue).unwrap_or_default();
    queues.sort_by(|a, b| by_peak(b).total_cmp(&by_peak(a)));
    ask(cx, findings, severity, &queues, consumed);
}

/// Whether somebody takes messages out of it and a failed one comes again.
fn is_redelivered(architecture: &Architecture, queue: &Component) -> bool {
    messaging::consumers(architecture, queue).any(|(link, consumer)| {
        let delivery = messaging::delivery(architecture, queue, link, consumer);
        delivery.is_none_or(|it| it.word != "at_most_once")
    })
}

fn has_dead_letter(
    architecture: &Architecture,
    queue: &Component,
    dead_letters: &FxHashSet<ComponentId>,
) -> bool {
    queue.has(Property::DeadLetter)
        || messaging::consumers(architecture, queue).all(|(_, it)| it.has(Property::DeadLetter))
        || architecture.links_from(queue.id).any(|link| dead_letters.contains(&link.target))
}

/// Whether a consumer sends messages back.
fn is_retried(architecture: &Architecture, queue: &Component) -> bool {
    messaging::consumers(architecture, queue).any(|(_, consumer)| {
        architecture.links_from(consumer.id).any(|link| link.is_async() && link.target == queue.id)
    })
}

/// Whether messages stay when they were read, so that a consumer can step over one.
fn is_log(queue: &Component) -> bool {
    let engine = queue.engine();
    engine.map_or(queue.kind == Kind::Stream, |engine| engine.facts.is_log)
}

fn without(cx: &Context, findings: &mut Findings, queue: &Component) {
    let stated = queue.span(Property::DeadLetter).unwrap_or(queue.span);
    let message =
        format!("`{}` has no dead-letter queue: a message that always fails comes back for ever", queue.name);
    let mut finding = findings.on_component(Severity::Warning, queue, "keeps what always fails", message);
    finding.place(stated, "stated here").help(help(cx));
    if let Some(span) = queue.span(Property::DeadLetter) {
        let edits = vec![Edit { span, text: "dead_letter".to_owned() }];
        finding.fix("write `dead_letter`: what always fails is put aside", true, edits);
    }
    if let Some(rounds) = rounds(queue) {
        finding.note(rounds);
    }
}

fn ask(cx: &Context, findings: &mut Findings, severity: Severity, queues: &[&Component], consumed: usize) {
    let in_words = |queue: &&Component| -> Asked {
        let label = match severity {
            Severity::Advice if is_retried(cx.architecture, queue) => "retried: how often?",
            Severity::Advice => "a log: who steps over it?",
            _ => "no dead-letter queue",
        };
        (queue.name.to_string(), queue.span, label.to_owned())
    };
    let (count, asked) = findings.open_of(cx.architecture, queues, in_words);
    let Some((name, ..)) = asked.first() else { return };
    let message = match count {
        1 => format!("where does a message go that always fails? `{name}` states no dead-letter queue"),
        _ => format!(
            "where does a message go that always fails? {count} of {consumed} queues state no dead-letter queue"
        ),
    };
    let rounds = queues.iter().find(|it| it.name == *name).and_then(|it| rounds(it));
    if let Some(mut finding) = findings.question(severity, &asked, message) {
        finding.help(help(cx));
        let open = queues.iter().copied().filter(|it| count > asked.len() || is_asked(&asked, &it.name));
        if let Some(edits) = written_into(open, "dead_letter") {
            finding.fix(FIX, true, edits);
        }
        if let Some(rounds) = rounds {
            finding.note(rounds);
        }
    }
}

/// How often a message that fails comes back before it is too old, where both times are known.
fn rounds(queue: &Component) -> Option<String> {
    let hidden = queue.figure(Property::VisibilityTimeout).filter(|it| *it > 0.0)?;
    let stated = queue.figure(Property::MaxAge).or_else(|| queue.figure(Property::Retention));
    let assumed = || queue.known().get(|facts| facts.max_age).map(|age| (age.value, " by default"));
    let (age, by_default) = stated.map(|age| (age, "")).or_else(assumed)?;
    if age <= hidden || !age.is_finite() {
        return None;
    }
    Some(format!(
        "a message that fails is handed out again every {} for {}{by_default}: {} times in all",
        figures::duration(hidden),
        figures::duration(age),
        figures::number((age / hidden).floor()),
    ))
}

fn help(cx: &Context) -> String {
    let attempts = cx.architecture.parameters.dead_letter_attempts.value;
    format!(
        "put it aside after {attempts} to {} attempts: `dead_letter = failed`, with `queue failed` beside it and an alarm \
         on its length",
        attempts + 2.0
    )
}
