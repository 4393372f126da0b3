use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::messaging::{self, Delivery};
use crate::diagnostic::Severity;
use crate::model::{Component, Link, Property};

declare_rule! {
    /// Finds consumers that may get a message twice and do not say that this does no harm.
    ///
    /// ## Why it matters
    /// At least once means: sometimes twice. A consumer that crashes after its work and before its confirmation does the
    /// work again, and so does one that was slow. Without a key to know the message by, the customer is charged twice.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// queue orders : sqs
    /// worker charger x2 // finding: "more than once"
    /// third_party stripe
    /// shop ~> orders ~> charger -> stripe
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// queue orders : sqs
    /// worker charger x2 { idempotent }
    /// third_party stripe
    /// shop ~> orders ~> charger -> stripe
    /// ```
    ///
    /// ## How it is detected
    /// `delivery` is at least once: as the nearest of the link out of the queue, the consumer, the queue and the system
    /// states it, else as the catalogue knows the engine. The consumer is a program, and neither it nor the link states
    /// `idempotent`. `idempotent = none` is a finding of its own; the others are one question. A stated `exactly_once`
    /// is taken at its word. Where nothing is known of the delivery, nothing is asked. There is no fix: that a message
    /// does no harm twice has to be built.
    ///
    /// ## Known false alarms
    /// Work that is idempotent by nature, such as "set to 5" or an upsert by key: say `idempotent`.
    ///
    /// ## An interviewer asks
    /// The worker dies after the work and before the confirmation. What happens next?
    ///
    /// ## A good answer
    /// - that the message comes again
    /// - by what the second one is known: a key that is kept with the result
    ///
    /// ## References
    /// - [CWE-837](https://cwe.mitre.org/data/definitions/837.html): improper enforcement of a single, unique action.
    /// - OWASP ASVS 5.0, 2.3.3 and 2.3.4: business transactions happen once.
    /// - Helland, "Idempotence Is Not a Medical Condition", 2012.
    static RULE = {
        code: "LP207",
        summary: "a consumer that may do its work twice under at-least-once delivery",
        levels: [Warning],
    }
}

/// A consumer that gets some messages twice.
struct Twice<'a> {
    queue: &'a Component,
    link: &'a Link,
    consumer: &'a Component,
    delivery: Delivery<'a>,
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut consumers = 0;
    let mut open: Vec<Twice> = Vec::new();
    for queue in messaging::queues(cx.architecture) {
        for (link, consumer) in messaging::consumers(cx.architecture, queue) {
            let Some(delivery) = messaging::delivery(cx.architecture, queue, link, consumer) else {
                continue;
            };
            if delivery.word != "at_least_once" || !consumer.kind.is_compute() {
                continue;
            }
            consumers += 1;
            let twice = Twice { queue, link, consumer, delivery };
            if link.has(Property::Idempotent) || consumer.has(Property::Idempotent) {
                continue;
            }
            if link.is_stated(Property::Idempotent) || consumer.is_stated(Property::Idempotent) {
                without(findings, &twice);
            } else if open.iter().rev().take(8).all(|it| it.consumer.id != consumer.id) {
                open.push(twice);
            }
        }
    }
    let by_peak = |it: &Twice| cx.analysis.load.link(it.link.id).peak.total();
    open.sort_by(|a, b| by_peak(b).total_cmp(&by_peak(a)));
    ask(cx, findings, &open, consumers);
}

impl Twice<'_> {
    /// `SQS delivers at least once`, or that the design says so.
    fn why(&self) -> String {
        match self.queue.engine() {
            Some(engine) if self.delivery.is_assumed => format!("{} delivers at least once", engine.title),
            _ => format!("`{}` delivers at least once", self.queue.name),
        }
    }
}

/// A consumer that is stated not to bear a message twice.
fn without(findings: &mut Findings, twice: &Twice) {
    let Twice { queue, link, consumer, .. } = twice;
    let name = &consumer.name;
    let stated = link.span(Property::Idempotent).or(consumer.span(Property::Idempotent));
    let message = format!("`{name}` does harm when a message comes twice, and {}", twice.why());
    findings
        .on_component(Severity::Warning, consumer, "does its work again", message)
        .label(queue.name.as_str(), queue.span, "hands some messages out twice")
        .place(stated.unwrap_or(consumer.span), "stated here")
        .help(HELP);
}

fn ask(cx: &Context, findings: &mut Findings, open: &[Twice], consumers: usize) {
    let in_words = |it: &Twice| -> Asked {
        let demand = cx.analysis.load.link(it.link.id);
        let label = match Some(demand.peak.total()).filter(|peak| demand.is_known() && peak.is_positive()) {
            Some(peak) => format!("takes {peak} at peak, some of them twice"),
            None => "gets some messages twice".to_owned(),
        };
        (it.consumer.name.to_string(), it.consumer.span, label)
    };
    let (count, asked) = findings.open_of(cx.architecture, open, in_words);
    let Some((name, ..)) = asked.first() else { return };
    let Some(first) = open.iter().find(|it| it.consumer.name == *name) else { return };
    let message = match count {
        1 => format!(
            "`{name}` may do its work more than once: {}, and it is not stated idempotent",
            first.why()
        ),
        _ => format!(
            "{count} of {consumers} consumers may do their work more than once and don't state `idempotent`"
        ),
    };
    let queue = first.queue;
    if let Some(mut finding) = findings.question(Severity::Warning, &asked, message) {
        if count == 1 {
            finding.label(queue.name.as_str(), queue.span, "hands some messages out twice");
        } else {
            finding.note(first.why());
        }
        finding.help(HELP);
    }
}

const HELP: &str = "know each message by a key, and do nothing when it has been done: then state `idempotent`; or make \
                    the effect and the confirmation one transaction";
