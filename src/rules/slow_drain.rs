use super::{Context, Findings, declare_rule};
use crate::analysis::backlog::{
    Backlog, Basis, Crew, Feed, Kept, Limit, Limits, Standing, capacity_to_drain,
};
use crate::analysis::messaging::Keeping;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};
use crate::quantity::{Duration, Rate};

declare_rule! {
    /// Finds queues whose backlog after an outage of their consumers takes too long to work off, or is lost before.
    ///
    /// ## Why it matters
    /// An outage is not over when the consumers are back: first they work off what has gathered, beside what still comes.
    /// At 80 % that takes four times the outage, at 95 % nineteen times. And what waits longer than the queue keeps it is
    /// gone without a word.
    ///
    /// ## Example
    /// ```arch
    /// system "Billing" { peak_factor = 1, rto = 1h }
    /// service shop { rate = 78/s }
    /// queue invoices : rabbitmq { max_length = 10M, on_full = reject }
    /// worker billing x2 { capacity = 50/s, repair = 30min, idempotent } // finding: "is worked off 106 min later"
    /// shop ~> invoices ~> billing
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Billing" { peak_factor = 1, rto = 1h }
    /// service shop { rate = 78/s }
    /// queue invoices : rabbitmq { max_length = 10M, on_full = reject }
    /// worker billing x4 { capacity = 50/s, repair = 30min, idempotent }
    /// shop ~> invoices ~> billing
    /// ```
    ///
    /// ## How it is detected
    /// The outage lasts for the consumers' `repair`, else for the catalogue's, and begins with the busiest hour. Its
    /// backlog is λT, and is worked off in λT ÷ (μ − λ), with the average once the hour is over. That is held against
    /// the `rto` that is asked (outage and drain together); else, where the outage is stated, against the `freshness`:
    /// for how long what comes out is older; else against 8 hours. Where a stated outage is longer than the queue keeps
    /// its messages (`max_age`, `retention`, the engine's default), they are lost: so they are after an assumed one
    /// where no loss is asked. It is silent where it is not stated what the consumers carry, and where `slow-consumers`
    /// speaks. There is no fix: more consumers and a longer retention are different answers.
    ///
    /// ## Known false alarms
    /// Messages that are worth nothing when they are old: state `durability = best_effort`, and for how long they are
    /// worth something with `max_age`.
    ///
    /// ## An interviewer asks
    /// The consumers were down for an hour. When is everything as it was?
    ///
    /// ## A good answer
    /// - what has piled up, and that it is worked off beside what still comes
    /// - how much faster than the arrivals they have to be for that
    ///
    /// ## References
    /// - Amazon Builders' Library, "Avoiding insurmountable queue backlogs".
    /// - Google, Site Reliability Engineering, "Data Processing Pipelines".
    static RULE = {
        code: "LP205",
        summary: "a backlog after an outage that takes too long to work off, or is lost",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let limits = Limits::of(cx.architecture);
    let mut keeping = None;
    for backlog in &cx.analysis.backlogs(cx.architecture).all {
        let keeping = keeping.get_or_insert_with(|| Keeping::of(cx.architecture));
        let outage = Outage::of(cx, backlog);
        if let Some((queue, age)) = backlog.feeds.iter().find_map(|feed| outlived(cx, keeping, feed, &outage))
        {
            lost(cx, findings, &outage, queue, age);
            continue;
        }
        let is_told = backlog.standing(&cx.architecture.parameters).is_none_or(|it| it >= Standing::Tight);
        if is_told || !is_pace_stated(backlog) {
            continue;
        }
        let Some(drain) = backlog.time_to_drain(cx.architecture, outage.time) else { continue };
        if let Some(late) = late(cx, &limits, &outage, drain) {
            slow(cx, findings, &outage, drain, &late);
        }
    }
}

/// Whether the design itself says what the consumers carry, and how many they are.
fn is_pace_stated(backlog: &Backlog) -> bool {
    backlog.consumers.iter().all(|it| {
        let is_stated = it.pace.is_some_and(|pace| !matches!(pace.basis, Basis::Catalogue(_)));
        is_stated && matches!(it.crew, Crew::Of(_))
    })
}

/// Consumers that are away.
struct Outage<'a> {
    backlog: &'a Backlog,
    consumer: &'a Component,
    time: Duration,
    is_written: bool,
}

impl<'a> Outage<'a> {
    fn of(cx: &'a Context, backlog: &'a Backlog) -> Self {
        let (time, is_written) = backlog.outage(cx.architecture);
        let components = || backlog.consumers.iter().map(|it| cx.architecture.component(it.component));
        let repaired = components().find(|it| it.duration(Property::Repair) == Some(time));
        let consumer = repaired.unwrap_or_else(|| cx.architecture.component(backlog.consumers[0].component));
        Self { backlog, consumer, time, is_written }
    }

    fn in_words(&self) -> String {
        format!("{}{}", self.time, self.mark())
    }

    fn mark(&self) -> &'static str {
        if self.is_written { "" } else { " (assumed)" }
    }

    fn queues(&self, cx: &Context) -> String {
        let names: Vec<&str> =
            self.backlog.feeds.iter().map(|it| cx.architecture.component(it.queue).name.as_str()).collect();
        figures::listed(&names, 3)
    }
}

/// A queue that keeps messages for a shorter time than the outage lasts, and must not.
fn outlived<'a>(
    cx: &Context<'a>,
    keeping: &Keeping,
    feed: &Feed,
    outage: &Outage,
) -> Option<(&'a Component, Kept)> {
    let queue = cx.architecture.component(feed.queue);
    let age = Kept::of(queue)?;
    let is_short = outage.time > age.time && !queue.is(Property::Durability, "best_effort");
    (is_short && (outage.is_written || keeping.of_queue(queue).is_some())).then_some((queue, age))
}

fn lost(cx: &Context, findings: &mut Findings, outage: &Outage, queue: &Component, age: Kept) {
    let (name, kept) = (&queue.name, age.time);
    let assumed = if age.source.is_some() { " (assumed)" } else { "" };
    let [lasts, held] = figures::apart(outage.time, kept);
    let lasts = format!("{lasts}{}", outage.mark());
    let message = format!(
        "`{name}` keeps messages for {held}{assumed}, and an outage of `{}` lasts {lasts}: what waits longer is lost",
        outage.consumer.name,
    );
    let label = format!("away for {lasts}");
    let mut finding =
        findings.on_component(Severity::Warning, queue, format!("keeps them for {held}{assumed}"), message);
    finding.label(outage.consumer.name.as_str(), outage.consumer.span, label);
    if let Some((_, span)) = age.stated {
        finding.place(span, "stated here");
    }
    let demand = cx.analysis.load.component(queue.id);
    if demand.is_known() && demand.mean.total().is_positive() {
        let gone = figures::number(demand.mean.total() * (outage.time - kept));
        finding.note(format!("on average that is {gone} messages an outage"));
    }
    if let Some(source) = age.source {
        finding.note(format!("for how long messages are kept is assumed ({source})"));
    }
    finding.help(format!(
        "keep messages for longer than an outage lasts (`{} = {}`), or say `durability = best_effort`",
        age.stated.map_or(Property::MaxAge, |(property, _)| property).name(),
        written(outage.time * 2.0)
    ));
}

/// Why a drain is too slow: what is asked, and in which time it should be over.
struct Late {
    /// The rest of the sentence.
    because: String,
    limit: Option<Limit>,
    within: Duration,
}

fn late(cx: &Context, limits: &Limits, outage: &Outage, drain: Duration) -> Option<Late> {
    let time = outage.time;
    let tightest = |found: &mut dyn Iterator<Item = Limit>| found.min_by(|a, b| a.time.total_cmp(&b.time));
    let queues = || outage.backlog.feeds.iter().map(|it| cx.architecture.component(it.queue));
    let rto = tightest(&mut queues().filter_map(|it| limits.rto(cx.architecture, it, outage.consumer)));
    if let Some(limit) = rto {
        let within = limit.time - time;
        let because = format!("and recovery within {} is asked", limit.time);
        return (within.is_positive() && drain > within).then_some(Late {
            because,
            limit: Some(limit),
            within,
        });
    }
    let freshness = tightest(&mut queues().filter_map(|it| limits.freshness(cx.architecture, it)));
    if let Some(limit) = freshness {
        // The oldest message is as old as the outage was long, and grows younger until all is worked off.
        let part = 1.0 - limit.time / time;
        let older = drain * part;
        let [told, asked] = figures::apart(older, limit.time);
        let because = format!("and for {told} what comes out is older than the {asked} that are asked");
        // A backlog that is gone sooner than the outage lasted is the lesser part of the same story: neither is it told of,
        // nor are consumers asked for only to be quicker than that.
        let within = time.max(limit.time / part);
        let is_late = outage.is_written && part > 0.0 && drain > within * (1.0 + 1e-9);
        return is_late.then_some(Late { because, limit: Some(limit), within });
    }
    let within = cx.architecture.parameters.drain.duration();
    let [_, enough] = figures::apart(drain, within);
    let because = format!("and {enough} are enough for most (assumed)");
    (drain > within).then_some(Late { because, limit: None, within })
}

fn slow(cx: &Context, findings: &mut Findings, outage: &Outage, drain: Duration, late: &Late) {
    let (backlog, queues) = (outage.backlog, outage.queues(cx));
    let [drained, _] = figures::apart(drain, late.within);
    let message = format!(
        "the backlog of {queues} after an outage of {} is worked off {drained} later, {}",
        outage.in_words(),
        late.because,
    );
    let capacity = backlog.capacity().map(|it| it.to_string()).unwrap_or_default();
    let held_by = backlog.held_by();
    let mut finding = findings.on_component(Severity::Warning, outage.consumer, capacity, message);
    for feed in backlog.feeds.iter().take(3) {
        let queue = cx.architecture.component(feed.queue);
        finding.label(queue.name.as_str(), queue.span, feed.amount.to_string());
    }
    if let Some(held_by) = &held_by {
        let target = cx.architecture.component(held_by.by);
        let label = format!("allows {}{}", held_by.calls, held_by.mark());
        finding.label(target.name.as_str(), target.span, label);
    }
    if let Some(limit) = &late.limit {
        finding.label(limit.element.clone(), limit.span, format!("asks for {}", limit.time));
    }
    if let Some(held_by) = &held_by {
        finding.note(format!(
            "`{}` lets {} of it be worked off: only what that is over the {} at peak is there for what has gathered",
            cx.architecture.component(held_by.by).name,
            held_by.messages,
            backlog.arriving().peak
        ));
    } else if let Some(busy) = backlog.busy() {
        finding.note(format!(
            "at peak the consumers are {} busy: only the rest of them is there for what has gathered",
            figures::percent(busy.peak)
        ));
    }
    if !backlog.is_capacity_written() {
        finding.note("how many are done at once is assumed: a written `capacity` is better");
    }
    finding.help(help(cx, outage, late.within));
}

/// What would work it off in time: more consumers, and where they call somebody the quota for it.
fn help(cx: &Context, outage: &Outage, within: Duration) -> String {
    let backlog = outage.backlog;
    let needed = capacity_to_drain(backlog.arriving().peak, outage.time, within) + backlog.other.peak;
    let is_carried = backlog.capacity().is_some_and(|it| it.value >= needed);
    let quota = backlog.quota.filter(|it| it.messages < needed).map(|it| {
        let name = &cx.architecture.component(it.by).name;
        format!("a quota of {} at `{name}`", rounded_up(it.calls_for(needed)))
    });
    match (backlog.consumers.as_slice(), quota) {
        (_, Some(quota)) if is_carried => {
            format!("ask for {quota}: then it is worked off within {within}")
        }
        ([consumer], quota) => {
            let each = consumer.pace.map(|it| it.each).unwrap_or_default();
            let count = (needed / each - 1e-9).ceil();
            let is_held = consumer.partitions.is_some_and(|partitions| partitions < count);
            let partitions = is_held.then(|| "as many `partitions`".to_owned());
            let more: Vec<String> = partitions.into_iter().chain(quota).collect();
            let with =
                if more.is_empty() { String::new() } else { format!(", with {},", more.join(" and ")) };
            format!("`{} x{count}`{with} works it off within {within}", outage.consumer.name)
        }
        (_, quota) => {
            let quota = quota.map(|it| format!(", with {it}")).unwrap_or_default();
            let needed = rounded_up(needed);
            format!("let them carry {needed} together{quota}: then it is worked off within {within}")
        }
    }
}

/// A rate that suffices as it is shown: rounded up to three digits.
fn rounded_up(rate: Rate) -> Rate {
    if !rate.is_positive() || !rate.is_finite() {
        return rate;
    }
    let magnitude = rate.per_second().log10().floor() as i32;
    let step = 10_f64.powi(magnitude - 2);
    Rate::new((rate.per_second() / step - 1e-9).ceil() * step)
}

/// A time as a design writes it: in whole days, hours or minutes.
fn written(time: Duration) -> String {
    let hours = time.seconds() / 3600.0;
    if hours >= 48.0 {
        return format!("{}d", (hours / 24.0).ceil());
    }
    if hours >= 1.0 { format!("{}h", hours.ceil()) } else { format!("{}min", (hours * 60.0).ceil()) }
}
