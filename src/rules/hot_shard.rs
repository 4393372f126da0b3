use super::{Context, Findings, declare_rule};
use crate::analysis::plan::Step;
use crate::analysis::resources::{self, BadKey, HotShard, Limit, WhyHot};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Link, Property};
use crate::quantity::Rate;

declare_rule! {
    /// Finds shards and partitions that take more than their part: by a key that does not spread the load, or by more
    /// than one of them bears.
    ///
    /// ## Why it matters
    /// A store of many shards is as fast as its busiest one. Keyed by time, the newest shard takes every write and the
    /// others none; keyed by country or by letter, the largest can't be split any further. Nodes that are added then
    /// carry nothing, and the key is the one thing that can't be changed later without moving all data.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service api x3
    /// database events : mongodb { shards = 8, shard_key = created_at } // finding: "all 3 000/s writes at peak go to one"
    /// app -> api -> events
    /// flow record { rate = 1k/s, writes; app -> api -> events }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service api x3
    /// database events : mongodb { shards = 8, shard_key = [device_id, created_at] }
    /// app -> api -> events
    /// flow record { rate = 1k/s, writes; app -> api -> events }
    /// ```
    ///
    /// A partition bears so much:
    /// ```arch
    /// service collector { rate = 100k/s }
    /// stream clicks : kafka x9 { partitions = 12, record_size = 1KB } // finding: "25 MB/s come to each of 12 partitions"
    /// worker counter x9
    /// collector ~> clicks ~> counter
    /// ```
    ///
    /// ## How it is detected
    /// A `shard_key` all of whose parts only grow (times, dates, sequences), have few values (`country`, `status`, a
    /// flag) or part the alphabet; where an engine places records by a hash of the key, of times only those that many
    /// records share, such as a day. Beside that, where the catalogue knows what one partition of an engine bears
    /// (assumed): peak bytes or writes over the stated `partitions` or `shards`; and, as advice, `calls_max` of a link
    /// that writes, where one request may write more than one partition takes in a second. Stores of time series and
    /// warehouses are parted by time by design; a stated `residency` or a `because` explains the key. It is advice as
    /// long as one shard that takes all writes is under 20 % busy. Where one node would hold all of it, LP801 speaks
    /// instead. There is no fix: another key is another layout of the data.
    ///
    /// ## Known false alarms
    /// A word that means something else here: write the key so that it says what it is, such as `"hash of created_at"`.
    ///
    /// ## An interviewer asks
    /// Which shard takes the next write? And which one has the key that is used most?
    ///
    /// ## A good answer
    /// - why the key spreads both the writes and the data
    /// - what is done with the few keys that are much larger than the others
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 6, "Skewed workloads and relieving hot spots".
    /// - Amazon DynamoDB developer guide, "Designing partition keys to distribute your workload".
    /// - MongoDB manual, "Choose a shard key": cardinality, frequency, monotonic change.
    static RULE = {
        code: "LP313",
        summary: "a shard or partition that takes more than its part",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for hot in resources::hot_shards(cx.architecture, &cx.analysis.load) {
        match &hot.why {
            WhyHot::Key(..) if is_needless(cx, &hot) => {}
            WhyHot::Key(bad, writes, limit) => by_key(cx, findings, &hot, *bad, *writes, *limit),
            WhyHot::Bytes(each, parts, limit) => {
                let needed = each.bytes_per_second() * parts / limit.most.bytes_per_second();
                let told = figures::apart(*each, limit.most);
                over(cx, findings, &hot, told, *parts, needed);
            }
            WhyHot::Writes(each, parts, limit) => {
                let needed = *each * *parts / limit.most;
                let [each, most] = figures::apart(*each, limit.most);
                over(cx, findings, &hot, [format!("{each} writes"), most], *parts, needed);
            }
            WhyHot::Skew(link, most, limit) => by_skew(cx, findings, &hot, link, *most, *limit),
        }
    }
}

/// Whether it is said that it needs no shards at all.
fn is_needless(cx: &Context, hot: &HotShard) -> bool {
    cx.analysis.plan(cx.architecture).deletions.iter().any(|it| {
        it.component == hot.store.id
            && matches!(it.step, Step::Shards(_))
            && it.used.is_surely_early(&cx.architecture.parameters)
    })
}

fn by_key(
    cx: &Context,
    findings: &mut Findings,
    hot: &HotShard,
    bad: BadKey,
    writes: Option<Rate>,
    limit: Option<Limit<Rate>>,
) {
    let store = hot.store;
    let key = resources::key_of(store).unwrap_or_default();
    let (which, label, help) = match bad {
        BadKey::Monotonic => (
            format!("is split by `{key}`, which only grows"),
            "the newest shard takes every write",
            "put a key with many values first, such as a user or a device, or a hash of it; and the time after it",
        ),
        BadKey::FewValues => (
            format!("is split by `{key}`, which has few values"),
            "the most usual value can't be split",
            "split by a key with many values, such as a user or an order, or put a hash of one behind it",
        ),
        BadKey::Alphabetical => (
            format!("is split by the alphabet (`{key}`)"),
            "names do not spread over letters",
            "split by a hash of the key: it spreads whatever the names are",
        ),
    };
    let goes = match (writes, bad) {
        (Some(writes), BadKey::Monotonic) => format!(": all {writes} writes at peak go to one"),
        _ => String::new(),
    };
    let message = format!("`{}` {which}{goes}", store.name);
    // One shard that takes all writes with ease is no bottleneck yet.
    let is_idle = writes.zip(limit).is_some_and(|(writes, limit)| {
        bad == BadKey::Monotonic && writes / limit.most < cx.architecture.parameters.early_use.value
    });
    let severity = if is_idle { Severity::Advice } else { Severity::Warning };
    let mut finding = findings.on_component(severity, store, label, message);
    if let Some(span) = store.span(Property::ShardKey) {
        finding.place(span, "the key");
    }
    if let (Some(writes), Some(limit), BadKey::Monotonic) = (writes, limit, bad) {
        let share = figures::percent(writes / limit.most);
        finding.note(format!("one takes {}{}: it is {share} busy", limit.most, limit.mark()));
    }
    finding.note("it is as fast as its busiest shard: those that are added carry nothing of that").help(help);
}

/// More comes to each than one bears, although it is spread evenly.
fn over(
    cx: &Context,
    findings: &mut Findings,
    hot: &HotShard,
    [each, most]: [String; 2],
    parts: f64,
    needed: f64,
) {
    let store = hot.store;
    let property =
        if store.figure(Property::Partitions).is_some() { Property::Partitions } else { Property::Shards };
    let word = property.name();
    let message = format!(
        "{each} come to each of {} {word} of `{}` at peak, and one takes {most} (assumed)",
        figures::number(parts),
        store.name
    );
    let mut finding = findings.on_component(Severity::Warning, store, format!("{each} each"), message);
    if let Some(span) = store.span(property) {
        finding.place(span, "too few");
    }
    let wanted = (needed / cx.architecture.parameters.utilisation_target.value).ceil();
    finding.note("and no key spreads evenly: the busiest gets more than that").help(format!(
        "use `{word} = {}`, so that each is {} busy at most",
        figures::number(wanted),
        figures::percent(cx.architecture.parameters.utilisation_target.value)
    ));
}

fn by_skew(
    cx: &Context,
    findings: &mut Findings,
    hot: &HotShard,
    link: &Link,
    most: f64,
    limit: Limit<Rate>,
) {
    let store = hot.store;
    let time = most / limit.most;
    let message = format!(
        "one request writes up to {} times to `{}`: {time}, if one partition takes them",
        figures::number(most),
        store.name
    );
    let label = "how many of these share a key?";
    let mut finding = findings.on_link(Severity::Advice, cx.architecture, link, label, message);
    finding
        .note(format!("one partition takes {} (assumed)", limit.most))
        .help("spread them over keys with a suffix, or treat the few with so many apart: read theirs when it is asked for");
}
