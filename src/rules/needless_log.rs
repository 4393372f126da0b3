use super::{Context, Findings, declare_rule};
use crate::analysis::asking;
use crate::analysis::plan::{Deletion, Step};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::ComponentId;

declare_rule! {
    /// Finds logs such as Kafka for messages that a plain queue, or a table, would carry.
    ///
    /// ## Why it matters
    /// A log keeps what was read, so that many can read it, each at its own pace, and again. A broker of it takes 100 000
    /// messages a second, and wants partitions, offsets, rebalancing and somebody who knows them. For one reader of a few
    /// messages a second a queue does the same, and a table in the database does it in the same transaction.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 50k, per_user = 20/day }
    /// client browser
    /// service shop x2
    /// stream orders : kafka x3 // finding: "a plain queue would carry the messages of `orders`"
    /// worker mailer x2 { idempotent }
    /// third_party post
    /// browser -> shop ~> orders ~> mailer -> post
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 50k, per_user = 20/day }
    /// client browser
    /// service shop x2
    /// queue orders : rabbitmq_quorum x3
    /// worker mailer x2 { idempotent }
    /// third_party post
    /// browser -> shop ~> orders ~> mailer -> post
    /// ```
    ///
    /// Three who read each at its own pace are what a log is for:
    /// ```arch
    /// system "Shop" { daily_users = 50k, per_user = 20/day }
    /// client browser
    /// service shop x2
    /// stream orders : kafka x3
    /// worker mailer, biller, reporter x2 { idempotent }
    /// browser -> shop ~> orders ~> mailer, biller, reporter
    /// ```
    ///
    /// ## How it is detected
    /// All topics of one engine that the catalogue knows as a log, together: under 1 000 messages a second at the grown
    /// peak, and fewer than three who read them; and each promise holds at half its budget with a queue of three nodes
    /// that decide by a majority. It is silent without a scale, and where anything asks for a log: order, `requires =
    /// replay`, `exactly_once`, data kept for longer than the engine does by itself, a source of truth, what is derived
    /// from it, changes of a store that run through it, a `because`. Where the queue itself could go, `needless-queue`
    /// says that instead. Logs that others run and bill by use are not named. There is no fix: what takes its place is
    /// a choice.
    ///
    /// ## Known false alarms
    /// A cluster that is there anyway, for another system: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// Who reads this a second time, and when did they last?
    ///
    /// ## A good answer
    /// - who reads it again, and how far back
    /// - or that a queue would do
    ///
    /// ## References
    /// - J. Kreps, "The Log: What every software engineer should know about real-time data's unifying abstraction".
    /// - D. McKinley, "Choose Boring Technology".
    static RULE = {
        code: "LP816",
        summary: "a log such as Kafka for what a plain queue would carry",
        levels: [Warning, Advice],
    }
}

/// So many topics are labelled.
const MAX_LABELS: usize = 4;

fn check(cx: &Context, findings: &mut Findings) {
    for deletion in &cx.analysis.plan(cx.architecture).deletions {
        if let Step::Log { topics, groups } = &deletion.step {
            report(cx, findings, deletion, topics, *groups);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, deletion: &Deletion, topics: &[ComponentId], groups: usize) {
    let log = cx.architecture.component(deletion.component);
    let used = deletion.used;
    // A team that runs one for others already pays little for one reader more.
    let is_small = asking::is_built_by_few(cx.architecture, cx.analysis);
    let is_sure = used.is_surely_early(&cx.architecture.parameters) && used.users.is_none() && is_small;
    let severity = if is_sure { Severity::Warning } else { Severity::Advice };
    let message = format!(
        "a plain queue would carry the messages of `{}`: they are {used}, for {}",
        log.name,
        figures::count(groups, "reader", "readers")
    );
    let label = format!("carries {}", used.peak_told());
    let mut finding = findings.on_component(severity, log, label, message);
    for id in topics.iter().filter(|id| **id != log.id).take(MAX_LABELS) {
        let topic = cx.architecture.component(*id);
        finding.label(topic.name.as_str(), topic.span, "counted with it");
    }
    finding.note(
        "a log is kept to be read by many and again, and wants partitions, offsets and rebalancing for it",
    );
    if let Some(assumed) = used.assumption() {
        finding.note(assumed);
    }
    finding.help(format!(
        "take a queue, or a table of the database (it carries {}): a log pays from {} readers on, for replay and for order",
        figures::rate(cx.architecture.parameters.database_queue_jobs.value),
        figures::number(cx.architecture.parameters.log_consumer_groups.value)
    ));
}
