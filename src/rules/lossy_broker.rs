use super::{Context, Findings, declare_rule};
use crate::analysis::messaging::{self, Asked, Keeping};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};
use crate::quantity::Duration;

declare_rule! {
    /// Finds queues that must not lose a message on a broker that loses them when it crashes.
    ///
    /// ## Why it matters
    /// A broker that confirms a message and keeps it in memory, or on one node, has promised more than it holds: the
    /// sender has let go of it, the consumer has not got it yet, and a crash between the two takes it away for good.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// queue orders : redis_pubsub { durability = no_loss } // finding: "loses what it has confirmed"
    /// worker fulfilment { idempotent }
    /// shop ~> orders ~> fulfilment
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// queue orders : rabbitmq_quorum { durability = no_loss }
    /// worker fulfilment { idempotent }
    /// shop ~> orders ~> fulfilment
    /// ```
    ///
    /// ## How it is detected
    /// `durability = no_loss` is asked by the queue, one of its links, a flow on whose path it is, or the system; the
    /// nearest wins. It is an error where the one stated engine is known not to be durable, or where `persistence =
    /// none` is stated. It is a warning where it hangs on something: several engines are still open, a persistence or a
    /// synchronous replication is stated that the engine does not have as it comes, or the engine is RabbitMQ, where
    /// the type of the queue decides. There is no fix: another broker, or another setting of it, is a choice.
    ///
    /// ## Known false alarms
    /// A broker that is set up to be durable: state its `persistence`, or the variant (`rabbitmq_quorum`,
    /// `nats_jetstream`).
    ///
    /// ## An interviewer asks
    /// The broker says "got it", and the power goes. Where is the message?
    ///
    /// ## A good answer
    /// - on how many nodes it is, and whether on a disk, before that is said
    /// - or that this message may be lost, and who repeats it
    ///
    /// ## References
    /// - [CWE-636](https://cwe.mitre.org/data/definitions/636.html): not failing securely.
    /// - RabbitMQ documentation, "Quorum queues" and "Classic queues"; Redis documentation, "Persistence".
    /// - Jepsen analyses of RabbitMQ, NATS and Redis.
    static RULE = {
        code: "LP208",
        summary: "messages that must not be lost on a broker that loses them on a crash",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut keeping = None;
    for queue in messaging::queues(cx.architecture) {
        let Some(doubt) = doubt(queue) else { continue };
        let keeping = keeping.get_or_insert_with(|| Keeping::of(cx.architecture));
        if let Some(asked) = keeping.of_queue(queue) {
            report(cx, findings, queue, &doubt, &asked);
        }
    }
}

/// Why a broker may not keep what it has confirmed.
enum Doubt {
    /// It states that it keeps nothing.
    Unpersisted,
    /// Its engine does not.
    Lossy(&'static str),
    /// One of the engines that are still open does not.
    MayBe(&'static str),
    /// Its engine does not, as it comes; something is stated that may mend it.
    Mended(&'static str),
    /// It depends on the type of its queue.
    Undecided(&'static str),
}

fn doubt(queue: &Component) -> Option<Doubt> {
    if queue.is_absent(Property::Persistence) {
        return Some(Doubt::Unpersisted);
    }
    let engines = || queue.engines.iter().filter_map(|name| crate::catalogue::engine(name));
    let lossy = engines().find(|engine| engine.facts.is_durable == Some(false));
    let is_mended = queue.has(Property::Persistence)
        || queue.is(Property::Replication, "sync")
        || queue.is(Property::Replication, "quorum");
    match lossy {
        Some(lossy) if queue.engines.len() > 1 => Some(Doubt::MayBe(lossy.title)),
        Some(lossy) if is_mended => Some(Doubt::Mended(lossy.title)),
        Some(lossy) => Some(Doubt::Lossy(lossy.title)),
        None => {
            let types = engines().find(|it| it.name == "rabbitmq").filter(|_| !is_mended)?;
            Some(Doubt::Undecided(types.title))
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, queue: &Component, doubt: &Doubt, asked: &Asked) {
    let name = &queue.name;
    let (severity, message, label) = match doubt {
        Doubt::Unpersisted => (
            Severity::Error,
            format!("`{name}` must not lose a message, and loses all of them when it restarts"),
            "keeps nothing through a restart".to_owned(),
        ),
        Doubt::Lossy(engine) => (
            Severity::Error,
            format!(
                "`{name}` must not lose a message, and {engine} loses what it has confirmed when it crashes"
            ),
            format!("kept by {engine}, which is not durable"),
        ),
        Doubt::MayBe(engine) => (
            Severity::Warning,
            format!("`{name}` must not lose a message, which rules {engine} out"),
            format!("it may be {engine}, which is not durable"),
        ),
        Doubt::Mended(engine) => (
            Severity::Warning,
            format!("`{name}` must not lose a message, and {engine} confirms before it is safe as it comes"),
            "confirms before the message is safe, unless set up otherwise".to_owned(),
        ),
        Doubt::Undecided(engine) => (
            Severity::Warning,
            format!(
                "`{name}` must not lose a message, and in {engine} the type of the queue decides about that"
            ),
            "a classic queue stands on one node, a quorum queue on several".to_owned(),
        ),
    };
    let help = match doubt {
        Doubt::Unpersisted => {
            "give it a disk that outlives it: `persistence = volume`, with replicas over several zones"
        }
        Doubt::Undecided(_) => "say `: rabbitmq_quorum` for three copies of each message that agree",
        Doubt::Mended(_) => {
            "take a broker that is durable as it comes (`rabbitmq_quorum`, `kafka`, `nats_jetstream`, `sqs`), or allow \
             this with what makes it safe"
        }
        Doubt::Lossy(_) | Doubt::MayBe(_) => {
            "take a broker that keeps what it confirms: `rabbitmq_quorum`, `kafka`, `nats_jetstream`, `sqs`; or say \
             `durability = best_effort` on the queue"
        }
    };
    let mut finding = findings.on_component(severity, queue, label, message);
    finding.label(asked.element.clone(), asked.span, "no loss is asked here").help(help);
    if let Some(span) = queue.span(Property::Persistence) {
        finding.place(span, "stated here");
    }
    if let Some(peak) = messaging::peak(&cx.analysis.load, queue) {
        let minute = figures::number(peak * Duration::new(60.0));
        finding.note(format!(
            "it takes {peak} at peak: a backlog of one minute that goes with the node is {minute} messages"
        ));
    }
}
