use rustc_hash::FxHashSet;

use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::backlog;
use crate::analysis::messaging::{self, Bound};
use crate::catalogue::{Fact, Kind};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Component, Link, LinkId, Property};
use crate::quantity::{Duration, Rate};
use crate::source::Span;

declare_rule! {
    /// Finds queues and streams that nothing keeps from growing: no limit on their length, none on their messages' age.
    ///
    /// ## Why it matters
    /// A queue is for the time in which work comes faster than it goes. Without a bound that time has no end: the backlog
    /// grows until memory, disk or the bill gives way, and long before that its messages are answers to callers who have
    /// left. A bound turns a slow collapse into a decision that was made beforehand.
    ///
    /// ## Example
    /// ```arch
    /// service api { rate = 2k/s }
    /// queue jobs : rabbitmq { max_length = none } // finding: "21.6M messages an hour"
    /// queue mails : rabbitmq // finding: "nothing limits `mails`"
    /// worker renderer x4
    /// worker mailer x2
    /// api ~> jobs ~> renderer
    /// api ~> mails ~> mailer
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api { rate = 2k/s }
    /// queue jobs : rabbitmq { max_length = 20M, on_full = reject }
    /// queue mails : rabbitmq { max_age = 1d }
    /// worker renderer x4
    /// worker mailer x2
    /// api ~> jobs ~> renderer
    /// api ~> mails ~> mailer
    /// ```
    ///
    /// ## How it is detected
    /// A queue has a bound where `max_length`, `max_age` or `retention` is stated, with or without its figure;
    /// `forever` is none. `max_length = none` is a finding of its own, with the growth in an hour at peak while nobody
    /// works. Queues that say nothing are one question. It is advice where the engine throws old messages away by
    /// default (SQS after 4 days, Kafka after 7), where all consumers scale with the load, and in boxes and arrows of
    /// which nothing at all is stated yet. A `~>` to something that is no queue waits in one that is not drawn: it is
    /// asked about as well, and only advised on where no flow names it; where it gets more than it carries,
    /// `unthrottled-push` speaks. There is no fix: how much may wait is a choice.
    ///
    /// ## Known false alarms
    /// A log that is meant to be kept for ever, as with event sourcing: allow it, with that as the reason. A queue whose
    /// limit stands in the broker's policy: state it.
    ///
    /// ## An interviewer asks
    /// Your consumers are down for a weekend. What does this queue look like on Monday?
    ///
    /// ## A good answer
    /// - what comes in that time, and where it is kept
    /// - the limit, what happens at it, and who hears of it before
    /// - for how long the work is still worth doing
    ///
    /// ## References
    /// - [CWE-770](https://cwe.mitre.org/data/definitions/770.html): allocation of resources without limits or throttling.
    /// - OWASP ASVS 5.0, 13.1.2: limits of pools and queues, and what happens at them.
    /// - Amazon Builders' Library, "Avoiding insurmountable queue backlogs".
    static RULE = {
        code: "LP201",
        summary: "a queue without a limit on its length or on its messages' age",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut open = Open::default();
    for queue in messaging::queues(cx.architecture) {
        match Bound::of(queue) {
            Bound::Stated => {}
            Bound::Absent(span) => without(cx, findings, queue, span),
            Bound::Assumed(age) => open.advised.push(Place::Kept(queue, age)),
            Bound::Unstated if messaging::is_scaled_with_the_load(cx.architecture, queue) => {
                open.advised.push(Place::Scaled(queue));
            }
            Bound::Unstated => open.asked.push(Place::Endless(queue)),
        }
    }
    let named: FxHashSet<LinkId> =
        cx.architecture.flows().flat_map(|flow| flow.path.steps.iter().copied()).collect();
    // What is more than its receiver carries is told with its figures (LP214).
    let pushes = backlog::pushes(cx.architecture, &cx.analysis.load);
    let told: FxHashSet<LinkId> = pushes
        .iter()
        .filter(|push| push.is_too_much())
        .flat_map(|push| push.links.iter().map(|(link, _)| link.id))
        .collect();
    let is_asked = |link: &&Link| waits_undrawn(cx.architecture, link) && !told.contains(&link.id);
    for link in cx.architecture.links().filter(is_asked) {
        let places = if named.contains(&link.id) { &mut open.asked } else { &mut open.advised };
        places.push(Place::Undrawn(link));
    }
    ask(cx, findings, open);
}

/// Where messages wait without a stated bound.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// In a queue that has none.
    Endless(&'a Component),
    /// In a queue whose engine throws old messages away.
    Kept(&'a Component, Fact),
    /// In a queue whose consumers scale.
    Scaled(&'a Component),
    /// In a queue that is not drawn.
    Undrawn(&'a Link),
}

#[derive(Default)]
struct Open<'a> {
    asked: Vec<Place<'a>>,
    advised: Vec<Place<'a>>,
}

impl Place<'_> {
    fn peak(self, cx: &Context) -> Option<Rate> {
        match self {
            Self::Endless(queue) | Self::Kept(queue, _) | Self::Scaled(queue) => {
                messaging::peak(&cx.analysis.load, queue)
            }
            Self::Undrawn(link) => {
                let demand = cx.analysis.load.link(link.id);
                Some(demand.peak.total()).filter(|peak| demand.is_known() && peak.is_positive())
            }
        }
    }

    fn in_words(self, cx: &Context) -> Asked {
        let load = self.peak(cx).map(|peak| format!("{peak} at peak"));
        let (element, span, label) = match self {
            Self::Undrawn(link) => {
                let label = match load {
                    Some(load) => format!("{load}: in which queue?"),
                    None => "in which queue?".to_owned(),
                };
                return (cx.architecture.link_name(link), link.span, label);
            }
            Self::Kept(queue, age) => {
                (queue.name.to_string(), queue.span, format!("{} by default", figures::duration(age.value)))
            }
            Self::Endless(queue) | Self::Scaled(queue) => {
                (queue.name.to_string(), queue.span, "no limit".to_owned())
            }
        };
        let label = load.map_or(label.clone(), |load| format!("{label}; {load}"));
        (element, span, label)
    }

    /// Queues that state nothing stand before those that are not drawn.
    fn rank(self, cx: &Context) -> (bool, f64) {
        (matches!(self, Self::Undrawn(_)), -self.peak(cx).unwrap_or_default().per_second())
    }
}

/// Whether messages that nobody waits for go straight to who works on them.
fn waits_undrawn(architecture: &Architecture, link: &Link) -> bool {
    let (source, target) = architecture.ends(link);
    link.is_async()
        && !link.is_beside_the_path()
        && !link.is_stated(Property::OnFull)
        && !source.kind.is_queue()
        && !source.kind.is_outside()
        && (target.kind.is_compute() || matches!(target.kind, Kind::ThirdParty | Kind::External))
}

/// A queue that is stated to have no bound.
fn without(cx: &Context, findings: &mut Findings, queue: &Component, stated: Span) {
    let name = &queue.name;
    let peak = messaging::peak(&cx.analysis.load, queue);
    let message = match peak {
        None => format!("nothing limits `{name}`: while its consumers are down it only grows"),
        Some(peak) => {
            let messages = peak * Duration::new(3600.0);
            let bytes = messaging::message_size(cx.architecture, queue).map(|size| messages * size);
            let bytes = bytes.map(|it| format!(" ({it})")).unwrap_or_default();
            let messages = figures::number(messages);
            format!(
                "nothing limits `{name}`: while its consumers are down it grows by {messages} messages{bytes} an \
                 hour at peak"
            )
        }
    };
    findings
        .on_component(Severity::Warning, queue, "no limit on length or age", message)
        .place(stated, "stated here")
        .note(WHY)
        .help(help(peak));
}

fn ask(cx: &Context, findings: &mut Findings, open: Open) {
    let (severity, mut places, others) = if open.asked.is_empty() {
        (Severity::Advice, open.advised, 0)
    } else {
        // Of a drawing of which nothing is stated it is one question among others.
        let level = if cx.architecture.is_sketch() { Severity::Advice } else { Severity::Warning };
        (level, open.asked, open.advised.len())
    };
    places.sort_by(|a, b| {
        let ((a_undrawn, a_peak), (b_undrawn, b_peak)) = (a.rank(cx), b.rank(cx));
        a_undrawn.cmp(&b_undrawn).then(a_peak.total_cmp(&b_peak))
    });
    let (count, asked) = findings.open_of(cx.architecture, &places, |place| place.in_words(cx));
    let Some((element, ..)) = asked.first() else { return };
    // An `allow` may have taken the first away.
    let first = places.iter().copied().find(|it| it.in_words(cx).0 == *element).unwrap_or(places[0]);
    let are_all_queues = !places.iter().any(|place| matches!(place, Place::Undrawn(_)));
    let total = messaging::queues(cx.architecture).count();
    let message = match (first, count) {
        (Place::Undrawn(_), 1) => {
            format!("nothing says where the messages of `{element}` wait, and how many may")
        }
        (Place::Endless(_) | Place::Scaled(_), 1) => {
            format!("nothing limits `{element}`, neither in messages nor in time")
        }
        (Place::Kept(queue, age), 1) => {
            let engine = queue.engine().map_or("its engine", |engine| engine.title);
            let age = figures::duration(age.value);
            format!("only a default limits `{element}`: {engine} keeps a message for {age}")
        }
        _ if are_all_queues => format!("{count} of {total} queues state no limit on length or age"),
        _ => format!("messages wait in {count} places without a stated limit"),
    };
    let Some(mut finding) = findings.question(severity, &asked, message) else { return };
    match first {
        Place::Kept(queue, age) => {
            finding.note(kept(cx, queue, age));
            finding.help(format!(
                "state for how long the work is worth doing (`max_age = {}`), and raise an alarm well before",
                figures::duration(age.value).replace(" days", "d").replace(" h", "h")
            ));
        }
        Place::Undrawn(link) => {
            let (source, target) = cx.architecture.ends(link);
            finding.note(WHY).help(format!(
                "draw the queue between `{}` and `{}`, with a limit and what happens at it: {}",
                source.name,
                target.name,
                limit(first.peak(cx)),
            ));
        }
        Place::Scaled(_) => {
            finding
                .note("consumers that scale are a limit only as long as what stands behind them scales too");
            finding.help(help(first.peak(cx)));
        }
        Place::Endless(_) => {
            finding.note(WHY).help(help(first.peak(cx)));
        }
    }
    if others > 0 {
        let others = figures::count(others, "more place is", "more places are");
        finding.note(format!(
            "{others} limited by a default or by consumers that scale, or beside the users' path"
        ));
    }
}

/// What an age that nobody stated means.
fn kept(cx: &Context, queue: &Component, age: Fact) -> String {
    let time = figures::duration(age.value);
    let gone = format!("what waits longer than {time} is gone without a word (assumed: {})", age.source);
    let demand = cx.analysis.load.component(queue.id);
    match Some(demand.mean.total()).filter(|mean| demand.is_known() && mean.is_positive()) {
        Some(mean) => {
            let backlog = figures::number(mean * age.duration());
            format!("{gone}; on average that is a backlog of {backlog} messages")
        }
        None => gone,
    }
}

const WHY: &str = "without a limit a backlog grows until memory, disk or the bill gives way, and its oldest messages \
                   are worked on for callers who have left";

fn help(peak: Option<Rate>) -> String {
    format!("limit what may wait, and say what a full queue does: {}", limit(peak))
}

/// With a load, the length that holds an hour of it, on one digit that counts.
fn limit(peak: Option<Rate>) -> String {
    let Some(hour) = peak.map(|peak| peak * Duration::new(3600.0)) else {
        return "`max_length = 1M, on_full = reject`, or `max_age = 1d`".to_owned();
    };
    let digit = 10_f64.powf(hour.log10().floor());
    let length = length((hour / digit).ceil() * digit);
    format!("`max_length = {length}, on_full = reject` holds an hour at peak")
}

/// A count as a design writes it.
fn length(count: f64) -> String {
    let units = [(1e9, "bn"), (1e6, "M"), (1e3, "k")];
    let (unit, name) = units.into_iter().find(|(unit, _)| count >= *unit).unwrap_or((1.0, ""));
    format!("{}{name}", (count / unit).round())
}
