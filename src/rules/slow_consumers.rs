use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::backlog::{
    Allowance, Amount, BUSY_HOUR, Backlog, Basis, Busy, Crew, Feed, Kept, Limits, Standing, in_flight,
    time_to_age,
};
use crate::analysis::messaging;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property, Replicas};
use crate::quantity::{Duration, Rate};

declare_rule! {
    /// Finds consumers that fall behind their queue at peak, or nearly do.
    ///
    /// ## Why it matters
    /// A queue holds work back; it does not do it. While more comes than is worked off, the backlog grows by the difference,
    /// and every message waits behind all of it: a queue does not cure an overload, it only delays who notices. And consumers
    /// that are just quick enough have no room for a burst, a retry or the backlog of an outage.
    ///
    /// ## Example
    /// ```arch
    /// service api { rate = 100/s, peak = 300/s }
    /// queue mails : rabbitmq { max_length = 120k, on_full = reject }
    /// worker mailer x2 { capacity = 100/s } // finding: "300/s come at peak, 200/s are worked off; full after 20 min"
    /// api ~> mails ~> mailer
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api { rate = 100/s, peak = 300/s }
    /// queue mails : rabbitmq { max_length = 120k, on_full = reject }
    /// worker mailer x5 { capacity = 100/s }
    /// api ~> mails ~> mailer
    /// ```
    ///
    /// ## How it is detected
    /// What comes to the consumers of a queue together (to each consumer of a log) at peak is held against their
    /// written `capacity` times their replicas at their most, beside what else they do. At 100 % the growth is λ − μ,
    /// and a queue with a `max_length` is full after `max_length` ÷ (λ − μ). It is an error where all of that is
    /// written and what is lost is sure: the consumers are too slow even on average, the queue is full within the
    /// busiest hour, or what comes out is older than the `freshness` that is asked. A queue that catches up after the
    /// peak is a warning, as are consumers that are more than 80 % busy. Where only a `service_time` is written, how
    /// many are done at once is assumed, and so it is where nothing is said: then it is a question. Consumers that
    /// scale without an upper end are never too slow, but for a log of which only one a partition works. There is no
    /// fix: more of them, quicker work and fewer messages are different answers.
    ///
    /// ## Known false alarms
    /// Work that may wait until the night: mark it `batch`, or allow it with that as the reason.
    ///
    /// ## An interviewer asks
    /// How long is this queue at the end of the busiest hour, and when is it empty again?
    ///
    /// ## A good answer
    /// - what comes at peak, what goes, and what piles up between
    /// - how many consumers that takes, and what else then fills
    /// - when the last message of the peak is done
    ///
    /// ## References
    /// - Little, "A Proof for the Queuing Formula: L = λW", 1961.
    /// - Fred Hebert, "Queues Don't Fix Overload", 2014.
    /// - Amazon Builders' Library, "Avoiding insurmountable queue backlogs".
    static RULE = {
        code: "LP204",
        summary: "consumers that are too slow for what their queue gets at peak",
        levels: [Error, Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let limits = Limits::of(cx.architecture);
    let mut guessed = Vec::new();
    for backlog in &cx.analysis.backlogs(cx.architecture).all {
        let (Some(standing), Some(busy)) = (backlog.standing(&cx.architecture.parameters), backlog.busy())
        else {
            continue;
        };
        match standing {
            Standing::Behind if backlog.is_capacity_guessed() => guessed.push(backlog),
            Standing::Behind => behind(cx, findings, &Judged::of(cx, &limits, backlog, busy)),
            Standing::Tight => tight(cx, findings, &Judged::of(cx, &limits, backlog, busy)),
            Standing::Narrow | Standing::Easy => {}
        }
    }
    ask(cx, findings, &guessed);
}

/// Consumers with what is to be said of them.
struct Judged<'a> {
    backlog: &'a Backlog,
    busy: Busy,
    /// What is worked off: what they carry, or less where somebody whom they call allows less.
    pace: Rate,
    held_by: Option<Allowance>,
    /// The first of them.
    consumer: &'a Component,
    /// As a sentence names them, and their queues.
    names: String,
    queues: String,
    are_several: bool,
    /// The queue that is full first at peak, if any is.
    full: Option<(Feed, Duration)>,
    /// Whether what comes out at the end of the busiest hour is older than is asked, and by whom.
    stale: Option<(Duration, crate::analysis::backlog::Limit)>,
}

impl<'a> Judged<'a> {
    fn of(cx: &'a Context, limits: &Limits, backlog: &'a Backlog, busy: Busy) -> Self {
        let name = |id| cx.architecture.component(id).name.as_str();
        let consumers: Vec<&str> = backlog.consumers.iter().map(|it| name(it.component)).collect();
        let queues: Vec<&str> = backlog.feeds.iter().map(|it| name(it.queue)).collect();
        // Consumers that keep up by themselves are nearly full of what they carry, whatever holds them back beside.
        let held_by = backlog
            .held_by()
            .filter(|_| backlog.standing(&cx.architecture.parameters) == Some(Standing::Behind));
        let carried = backlog.capacity().map(|it| it.value).unwrap_or_default();
        Self {
            backlog,
            busy,
            pace: held_by.map_or(carried, |it| it.messages),
            held_by,
            consumer: cx.architecture.component(backlog.consumers[0].component),
            names: figures::listed(&consumers, 3),
            queues: figures::listed(&queues, 3),
            are_several: consumers.len() > 1,
            full: backlog.first_full(cx.architecture),
            stale: backlog.stale_after_peak(cx.architecture, limits),
        }
    }

    fn verb(&self, one: &'static str, many: &'static str) -> &'static str {
        if self.are_several { many } else { one }
    }

    /// Too slow even on average.
    fn is_hopeless(&self) -> bool {
        self.backlog.work().mean >= self.pace
    }

    fn severity(&self) -> Severity {
        let is_written = self.is_pace_written() && self.backlog.is_crew_written();
        let is_peak_written = !self.backlog.is_peak_assumed;
        let is_full = self.full.is_some_and(|(_, time)| time <= BUSY_HOUR);
        let is_lost = self.is_hopeless() || is_peak_written && (is_full || self.stale.is_some());
        if is_written && is_lost { Severity::Error } else { Severity::Warning }
    }

    /// What comes to the consumers, on average where they are too slow even then.
    fn coming(&self) -> String {
        let (work, other) = (self.backlog.work(), self.backlog.other);
        let other = if self.is_hopeless() { other.mean } else { other.peak };
        let [all, _] = self.apart(work);
        let when = if self.is_hopeless() { "on average" } else { "at peak" };
        let with = if other.is_positive() { ", with other work" } else { "" };
        format!("{all} come {when}{with}")
    }

    /// What comes, and what is worked off.
    fn apart(&self, work: Amount) -> [String; 2] {
        figures::apart(if self.is_hopeless() { work.mean } else { work.peak }, self.pace)
    }

    fn is_pace_written(&self) -> bool {
        self.backlog.is_capacity_written() && self.held_by.is_none_or(|it| !it.is_assumed)
    }

    /// What is worked off, and whether that is assumed.
    fn worked_off(&self) -> String {
        let [_, capacity] = self.apart(self.backlog.work());
        if self.is_pace_written() { capacity } else { format!("{capacity} (assumed)") }
    }
}

fn behind(cx: &Context, findings: &mut Findings, judged: &Judged) {
    let Judged { backlog, names, queues, .. } = judged;
    let (coming, worked_off) = (judged.coming(), judged.worked_off());
    let Some(growth) = backlog.growth() else { return };
    let message = match judged.full {
        _ if judged.is_hopeless() => format!(
            "{names} never {} up with {queues}: {coming}, {worked_off} are worked off",
            judged.verb("catches", "catch"),
        ),
        _ if !growth.is_positive() => {
            format!(
                "{names} just {} up with {queues}: {coming}, as many as are worked off",
                judged.verb("keeps", "keep")
            )
        }
        Some((feed, time)) if time <= BUSY_HOUR => {
            let is_only = backlog.feeds.len() == 1;
            let name = || format!("`{}` is ", cx.architecture.component(feed.queue).name);
            let which = if is_only { String::new() } else { name() };
            format!(
                "{names} can't keep up with {queues}: {coming}, {worked_off} are worked off; {which}full after {time}"
            )
        }
        _ => format!("{names} can't keep up with {queues}: {coming}, {worked_off} are worked off"),
    };
    let mut finding =
        findings.on_component(judged.severity(), judged.consumer, capacity_label(backlog, 0), message);
    label(cx, &mut finding, judged);
    if let Some((waited, limit)) = &judged.stale {
        let [waited, asked] = figures::apart(*waited, limit.time);
        finding.label(limit.element.clone(), limit.span, format!("asks for {asked} at most"));
        finding.note(format!("the last message of the busiest hour waits for {waited}"));
    }
    for note in consequences(cx, judged) {
        finding.note(note);
    }
    assumptions(cx, &mut finding, judged);
    let help = help(cx, backlog);
    finding.help(match judged.held_by {
        Some(held_by) => {
            let name = &cx.architecture.component(held_by.by).name;
            let quota = held_by.calls_for(backlog.arriving().peak);
            format!("ask `{name}` for a quota of {quota}, as more consumers alone only wait; then {help}")
        }
        None => help,
    });
}

/// What becomes of what is not worked off.
fn consequences(cx: &Context, judged: &Judged) -> Vec<String> {
    let backlog = judged.backlog;
    let mut notes = Vec::new();
    if let Some((feed, time)) = judged.full.filter(|(_, time)| judged.is_hopeless() || *time <= BUSY_HOUR) {
        let queue = cx.architecture.component(feed.queue);
        let growth = backlog.growth_of(&feed).unwrap_or_default();
        let name = &queue.name;
        let word = messaging::on_full(cx.architecture, queue).and_then(|it| it.word(Property::OnFull));
        let then = match word {
            Some("drop") => format!("from then on it drops {growth}"),
            Some("reject") => format!("from then on it turns {growth} away"),
            Some("block") => format!("from then on it holds its senders up, with {growth} that find no room"),
            _ => format!("from then on {growth} find no room"),
        };
        let full = if judged.is_hopeless() {
            format!("`{name}` is full after {time} of peak, and ")
        } else {
            String::new()
        };
        notes.push(format!("{full}{then}"));
        return notes;
    }
    if judged.is_hopeless() {
        let lost = backlog.feeds.iter().find_map(|feed| lost_by_age(cx, backlog, feed));
        let endless = || "the backlog and the age of its messages only grow".to_owned();
        notes.push(lost.unwrap_or_else(endless));
        return notes;
    }
    let (Some(growth), Some(recovery), Some(wait)) =
        (backlog.growth(), backlog.time_to_recover(), backlog.wait_after_peak())
    else {
        return notes;
    };
    if growth.is_positive() {
        let left = figures::number(growth * BUSY_HOUR);
        let wait =
            if judged.stale.is_some() { String::new() } else { format!(", the last of them for {wait}") };
        notes.push(format!(
            "after the busiest hour {left} messages wait{wait}, and {recovery} later all are worked off"
        ));
    } else {
        notes.push("what a burst or an outage leaves waiting gets no less while the peak lasts".to_owned());
    }
    notes
}

/// When the messages of a queue that only grows are older than it keeps them.
fn lost_by_age(cx: &Context, backlog: &Backlog, feed: &Feed) -> Option<String> {
    let queue = cx.architecture.component(feed.queue);
    let kept = Kept::of(queue)?;
    let working = backlog.pace_left(backlog.other.mean)?;
    let after = time_to_age(kept.time, backlog.arriving().mean, working)?;
    let assumed = kept.source.map(|it| format!(" (assumed: {it})")).unwrap_or_default();
    let name = &queue.name;
    Some(format!(
        "after {after} its messages are older than the {}{assumed} that `{name}` keeps them, and are lost",
        kept.time
    ))
}

fn tight(cx: &Context, findings: &mut Findings, judged: &Judged) {
    let Judged { backlog, names, queues, .. } = judged;
    let busy = figures::percent(judged.busy.peak);
    let message = format!(
        "{names} {} {busy} busy with {queues}: {}, and there is room for {} at most",
        judged.verb("is", "are"),
        judged.coming(),
        judged.worked_off(),
    );
    let mut finding =
        findings.on_component(Severity::Warning, judged.consumer, capacity_label(backlog, 0), message);
    label(cx, &mut finding, judged);
    let (outage, is_written) = backlog.outage(cx.architecture);
    if let Some(drain) = backlog.time_to_drain(cx.architecture, outage) {
        let assumed = if is_written { "" } else { " (assumed)" };
        finding.note(format!(
            "bursts wait long, and an outage of {outage}{assumed} at peak takes {drain} to work off"
        ));
    }
    assumptions(cx, &mut finding, judged);
    finding.help(help(cx, backlog));
}

/// What a consumer works off, with how that comes about.
fn capacity_label(backlog: &Backlog, at: usize) -> String {
    let consumer = backlog.consumers[at];
    let capacity = consumer.capacity().map(|it| it.to_string()).unwrap_or_default();
    match (consumer.crew, consumer.pace.map(|it| it.basis)) {
        (Crew::Drawn, _) => format!("{capacity}, as one is drawn"),
        _ if consumer.is_held_by_partitions() => format!("{capacity}, one a partition"),
        (_, Some(Basis::Catalogue(_))) => format!("{capacity} (assumed)"),
        _ => capacity,
    }
}

/// The other consumers, the queues, and what else is done.
fn label(cx: &Context, finding: &mut super::Finding, judged: &Judged) {
    let backlog = judged.backlog;
    for (at, consumer) in backlog.consumers.iter().enumerate().skip(1).take(3) {
        let component = cx.architecture.component(consumer.component);
        finding.label(component.name.as_str(), component.span, capacity_label(backlog, at));
    }
    for feed in backlog.feeds.iter().take(3) {
        let queue = cx.architecture.component(feed.queue);
        finding.label(queue.name.as_str(), queue.span, feed.amount.to_string());
    }
    if let Some(held_by) = &judged.held_by {
        let target = cx.architecture.component(held_by.by);
        let label = format!("allows {}{}", held_by.calls, held_by.mark());
        finding.label(target.name.as_str(), target.span, label);
    }
    if backlog.other.peak.is_positive() {
        let does = judged.verb("does", "do");
        finding.note(format!("{} {does} {} of other work at peak", judged.names, backlog.other.peak));
    }
}

/// What is not written of what the finding rests on.
fn assumptions(cx: &Context, finding: &mut super::Finding, judged: &Judged) {
    for consumer in &judged.backlog.consumers {
        match consumer.pace.map(|it| it.basis) {
            Some(Basis::ServiceTime { concurrency, .. }) => {
                let better =
                    if consumer.crew == Crew::Whole { "" } else { ": a written `capacity` is better" };
                finding.note(format!(
                    "{} at once are assumed ({}){better}",
                    figures::number(concurrency.value),
                    concurrency.source
                ));
                break;
            }
            Some(Basis::Catalogue(fact)) => {
                finding.note(format!("{} a replica are assumed ({})", fact.rate(), fact.source));
                break;
            }
            _ => {}
        }
    }
    if !judged.is_hopeless() && judged.backlog.is_peak_assumed {
        let factor = figures::number(cx.architecture.parameters.peak_factor.value);
        finding.note(format!("a peak of {factor} times the average is assumed where none is stated"));
    }
}

/// How many would carry it.
fn help(cx: &Context, backlog: &Backlog) -> String {
    let target = cx.architecture.parameters.utilisation_target.value;
    let [consumer] = backlog.consumers.as_slice() else {
        let needed = backlog.work().peak / target;
        return format!(
            "let them carry {needed} together, {} at peak, or let them `autoscale`",
            figures::percent(target)
        );
    };
    let component = cx.architecture.component(consumer.component);
    let name = &component.name;
    if let (Crew::Whole, Some(Basis::ServiceTime { time, .. })) =
        (consumer.crew, consumer.pace.map(|it| it.basis))
    {
        let needed = in_flight(backlog.work().peak, time) / target;
        return format!(
            "let {} of `{name}` run at once, {} of them busy at peak; or shorten its work",
            figures::number(needed.ceil()),
            figures::percent(target)
        );
    }
    let Some((count, pace)) = backlog.replicas_for(target).zip(consumer.pace) else {
        return format!("let `{name}` `autoscale`");
    };
    let share = figures::roughly(backlog.work().peak / (pace.each * f64::from(count)));
    let is_held = consumer.partitions.is_some_and(|partitions| partitions < f64::from(count));
    let partitions = if is_held { ", with as many `partitions`" } else { "" };
    // Who scales already needs a higher end.
    let (written, else_scale) = match component.replicas {
        _ if component.figure(Property::Autoscale).is_some() => {
            (format!("{name} {{ autoscale = {count} }}"), "")
        }
        Replicas::Stated { least, most } if most != Some(least) => (format!("{name} x{least}..{count}"), ""),
        _ if !partitions.is_empty() || component.has(Property::Autoscale) || backlog.held_by().is_some() => {
            (format!("{name} x{count}"), "")
        }
        _ => (format!("{name} x{count}"), "; or let it `autoscale`"),
    };
    format!("`{written}` would be {share} busy at peak{partitions}{else_scale}")
}

/// Consumers of which only the catalogue says what they carry.
fn ask(cx: &Context, findings: &mut Findings, guessed: &[&Backlog]) {
    let in_words = |backlog: &&Backlog| -> Asked {
        let consumer = cx.architecture.component(backlog.consumers[0].component);
        let come = backlog.arriving().peak;
        (consumer.name.to_string(), consumer.span, format!("{come} come at peak"))
    };
    let (count, asked) = findings.open_of(cx.architecture, guessed, in_words);
    let Some((name, ..)) = asked.first() else { return };
    let is_first = |it: &&&Backlog| cx.architecture.component(it.consumers[0].component).name == *name;
    let Some(first) = guessed.iter().find(is_first) else { return };
    let capacity = first.capacity().map(|it| it.value).unwrap_or_default();
    let message = if count == 1 {
        let queue = cx.architecture.component(first.feeds[0].queue);
        let come = first.arriving().peak;
        format!(
            "can `{name}` keep up with `{}`? {come} come at peak, against {capacity} (assumed)",
            queue.name
        )
    } else {
        format!("can these {count} consumers keep up? none says what it carries")
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note(format!("the figure for a worker is {}", {
            let fact = first.consumers.iter().find_map(|it| match it.pace?.basis {
                Basis::Catalogue(fact) => Some(fact),
                _ => None,
            });
            fact.map(|it| format!("{} a replica, for {}", it.rate(), it.source)).unwrap_or_default()
        }));
        finding.help("state what one replica works off (`capacity = 500/s`), or let it `autoscale`");
    }
}
