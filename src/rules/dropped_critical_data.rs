use super::{Context, Findings, declare_rule};
use crate::analysis::messaging::{self, Asked, Keeping};
use crate::diagnostic::Severity;
use crate::model::{Component, Property};
use crate::source::Span;

declare_rule! {
    /// Finds queues that lose messages by design and carry what must not be lost.
    ///
    /// ## Why it matters
    /// A queue that drops tells nobody. That is right for clicks and wrong for orders: the customer has seen "thank you",
    /// and no log knows of what is missing.
    ///
    /// ## Example
    /// ```arch
    /// service shop { rate = 50/s }
    /// queue orders { durability = no_loss, max_length = 100k, on_full = drop } // finding: "must not be lost"
    /// worker fulfilment { idempotent }
    /// shop ~> orders ~> fulfilment
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop { rate = 50/s }
    /// queue orders { durability = no_loss, max_length = 100k, on_full = reject }
    /// queue clicks { max_length = 100k, on_full = drop }
    /// worker fulfilment { idempotent }
    /// worker counter { idempotent }
    /// shop ~> orders ~> fulfilment
    /// shop ~> clicks ~> counter
    /// ```
    ///
    /// ## How it is detected
    /// The queue, or a link into it, states `on_full = drop`, or the queue or one of its links states `delivery =
    /// at_most_once`. What it carries is critical where `durability = no_loss` is asked by the queue, its links, a flow
    /// on whose path it is, or the system (the nearest wins); where its data, or its links', is `financial` or `pci`;
    /// or where its name or a tag says orders, payments, invoices and the like. The time to fill and what is lost from
    /// then on are computed from the length and the peak. There is no fix: whether senders wait or are turned away is a
    /// choice.
    ///
    /// ## Known false alarms
    /// A queue that may lose in a system that otherwise must not: say so with `durability = best_effort` on it.
    ///
    /// ## An interviewer asks
    /// Which of your messages can you afford to lose, and how would you find out that you did?
    ///
    /// ## A good answer
    /// - which messages may be lost, and what that costs
    /// - that the others are refused or kept, and who is told
    ///
    /// ## References
    /// - [CWE-223](https://cwe.mitre.org/data/definitions/223.html): omission of security-relevant information.
    /// - [CWE-770](https://cwe.mitre.org/data/definitions/770.html): allocation of resources without limits or throttling.
    /// - Hohpe and Woolf, Enterprise Integration Patterns: Guaranteed Delivery.
    static RULE = {
        code: "LP203",
        summary: "a queue that drops what must not be lost",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut keeping = None;
    for queue in messaging::queues(cx.architecture) {
        let Some(loss) = loss(cx, queue) else { continue };
        let keeping = keeping.get_or_insert_with(|| Keeping::of(cx.architecture));
        if let Some(reason) = reason(cx, keeping, queue) {
            report(cx, findings, queue, &loss, &reason);
        }
    }
}

/// How a queue loses messages by design, and where that is stated.
enum Loss {
    /// It drops them when it is full.
    Full(Span),
    /// It hands each out once, whatever becomes of it.
    Once(Span),
}

fn loss(cx: &Context, queue: &Component) -> Option<Loss> {
    let full = messaging::on_full(cx.architecture, queue).filter(|it| it.is(Property::OnFull, "drop"));
    if let Some(span) = full.and_then(|it| it.span(Property::OnFull)) {
        return Some(Loss::Full(span));
    }
    let links = cx.architecture.links_to(queue.id).chain(cx.architecture.links_from(queue.id));
    std::iter::once(&queue.properties)
        .chain(links.map(|link| &link.properties))
        .filter(|it| it.is(Property::Delivery, "at_most_once"))
        .find_map(|it| it.span(Property::Delivery))
        .map(Loss::Once)
}

/// Why what a queue carries must not be lost.
struct Reason {
    asked: Asked,
    text: String,
}

fn reason(cx: &Context, keeping: &Keeping, queue: &Component) -> Option<Reason> {
    if let Some(asked) = keeping.of_queue(queue) {
        return Some(Reason { asked, text: "no loss is asked here".to_owned() });
    }
    if queue.is(Property::Durability, "best_effort") {
        return None;
    }
    let own =
        |span: Option<Span>| Asked { element: queue.name.to_string(), span: span.unwrap_or(queue.span) };
    for class in ["financial", "pci"] {
        if queue.is(Property::Data, class) {
            return Some(Reason {
                asked: own(queue.span(Property::Data)),
                text: format!("holds {class} data"),
            });
        }
        let links = cx.architecture.links_to(queue.id).chain(cx.architecture.links_from(queue.id));
        if let Some(link) = links.into_iter().find(|link| link.is(Property::Data, class)) {
            let span = link.span(Property::Data).unwrap_or(link.span);
            let asked = Asked { element: cx.architecture.link_name(link), span };
            return Some(Reason { asked, text: format!("carries {class} data") });
        }
    }
    let text = |word: &str| format!("carries {word}, by its name");
    if let Some(tag) = queue.tags.iter().find(|tag| is_money(tag)) {
        return Some(Reason { asked: own(None), text: format!("is tagged `#{tag}`") });
    }
    subject(&queue.name).filter(|it| is_money(it)).map(|it| Reason { asked: own(None), text: text(it) })
}

/// What a queue is of, by its name: `new_orders`, `order_events` and `payments_queue` are of orders and payments.
fn subject(name: &str) -> Option<&str> {
    const FILLERS: [&str; 9] = ["queue", "q", "stream", "topic", "log", "bus", "events", "messages", "jobs"];
    name.rsplit(['_', '-', '.']).find(|word| !FILLERS.contains(word))
}

/// Whether a word stands for what somebody pays, or has paid for.
fn is_money(word: &str) -> bool {
    const WORDS: [&str; 12] = [
        "order",
        "payment",
        "invoice",
        "purchase",
        "refund",
        "transfer",
        "withdrawal",
        "deposit",
        "booking",
        "money",
        "billing",
        "ledger",
    ];
    let word = word.to_ascii_lowercase();
    WORDS.contains(&word.strip_suffix('s').unwrap_or(&word))
}

fn report(cx: &Context, findings: &mut Findings, queue: &Component, loss: &Loss, reason: &Reason) {
    let name = &queue.name;
    let (message, label, stated, help) = match loss {
        Loss::Full(span) => (
            format!("`{name}` drops messages when it is full, and what it carries must not be lost"),
            "drops when it is full",
            *span,
            "let the sender know: `on_full = reject` or `block`; or say `durability = best_effort` on the queue, if \
             its messages may be lost after all",
        ),
        Loss::Once(span) => (
            format!("`{name}` hands each message out at most once, and what it carries must not be lost"),
            "a consumer that crashes loses what it holds",
            *span,
            "let messages be confirmed when they are done: `delivery = at_least_once`, with consumers that are \
             `idempotent`",
        ),
    };
    let is_own = reason.asked.span == queue.span;
    let label = if is_own { format!("{label}, and {}", reason.text) } else { label.to_owned() };
    let mut finding = findings.on_component(Severity::Error, queue, label, message);
    let is_elsewhere = queue.properties.iter().all(|it| it.span != stated);
    if is_elsewhere {
        finding.place(stated, "stated here");
    }
    if !is_own {
        finding.label(reason.asked.element.clone(), reason.asked.span, reason.text.clone());
    }
    let filled = messaging::time_to_fill(cx.architecture, &cx.analysis.load, queue);
    if let (Loss::Full(_), Some(time), Some(peak)) = (loss, filled, messaging::peak(&cx.analysis.load, queue))
    {
        finding.note(format!(
            "at peak it is full {time} after its consumers stop, and from then on loses {peak}"
        ));
    }
    finding.help(help);
}
