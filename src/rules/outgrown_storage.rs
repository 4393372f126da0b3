use super::{Context, Findings, declare_rule};
use crate::analysis::storage::{self, Outgrown, Together};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::Property;
use crate::quantity::Duration;

declare_rule! {
    /// Finds stores whose data outgrows a node.
    ///
    /// ## Why it matters
    /// A full disk stops every write at once, and data that fills a node can no longer be moved off it in a hurry: a
    /// terabyte takes hours to copy. The year in which it happens can be reckoned on the day the design is drawn.
    ///
    /// ## Example
    /// ```arch
    /// system "Chat" { horizon = 3y }
    /// service api
    /// database messages : postgres { growth = 200GB/month, storage_capacity = 4TB } // finding: "7.3 TB after 3 years"
    /// api -> messages
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Chat" { horizon = 3y }
    /// service api
    /// database messages : postgres {
    ///   growth = 200GB/month, storage_capacity = 4TB, shards = 4, shard_key = conversation_id
    /// }
    /// api -> messages
    /// ```
    ///
    /// Or keep less of it:
    /// ```arch
    /// system "Chat" { horizon = 3y }
    /// service api
    /// database messages : postgres { growth = 200GB/month, storage_capacity = 4TB, retention = 1y }
    /// api -> messages
    /// ```
    ///
    /// ## How it is detected
    /// The raw data after each year, up to the horizon (else as long as data is kept, else three years, assumed; a hundred
    /// years at most): what there is (`storage`, or `records` of `record_size`), grown by its share or by what comes in; else what comes in
    /// (`growth`, or the writes that reach the store × `record_size`) × as long as it is kept. It is parted over
    /// `shards`; in stores whose nodes share their data out, over all nodes. What the system states is the data of its
    /// one store that users write to; where they are several, it is held against the room of all together. One node
    /// holds `storage_capacity`, else what the catalogue takes for comfortable: then it is a warning, and says so.
    /// Against a stated capacity indexes count as well, 30 % (assumed). What somebody else runs has no limit unless one
    /// is stated. There is no fix: shards, a shorter retention and another store are different answers.
    ///
    /// ## Known false alarms
    /// Writes that replace records instead of adding to them: state `storage` or `records`. Data that is archived: state
    /// the `retention`.
    ///
    /// ## An interviewer asks
    /// How much data is there when it has grown up, and where does it stop fitting on one machine?
    ///
    /// ## A good answer
    /// - the writes a day times the size of one, times how long it is kept
    /// - what can be thrown away, or moved to where it is cheap, and when
    /// - how it is split before it is full
    ///
    /// ## References
    /// - System Design Primer, "Back-of-the-envelope calculations".
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 6.
    static RULE = {
        code: "LP304",
        summary: "data that outgrows a node",
        levels: [Error, Warning],
    }
}

/// More shards than one splits a plain database into.
const MOST_SHARDS: f64 = 32.0;

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for outgrown in storage::outgrown(cx.architecture, &cx.analysis.load) {
        report(cx, findings, &outgrown);
    }
    let together = storage::together(cx.architecture, &cx.analysis.bases, &cx.analysis.load);
    if let Some(together) = together {
        report_together(findings, &together);
    }
}

fn report_together(findings: &mut Findings, together: &Together) {
    let Some(((first, room), others)) = together.stores.split_first() else { return };
    let names: Vec<&str> = together.stores.iter().map(|(store, _)| store.name.as_str()).collect();
    let assumed = if together.is_assumed { " (assumed)" } else { "" };
    let [all, most] = figures::apart(together.raw.value, together.room);
    let message = format!(
        "{} are to hold {all} after {}, and have room for {most} together{assumed}",
        figures::listed(&names, 3),
        years(together.end),
    );
    let severity = if together.is_assumed { Severity::Warning } else { Severity::Error };
    let mut finding = findings.on_component(severity, first, format!("holds {room}"), message);
    for (store, room) in others.iter().take(3) {
        finding.label(store.name.as_str(), store.span, format!("holds {room}"));
    }
    if together.raw.is_reckoned() {
        finding.note(together.raw.to_string());
    }
    finding.note("which part of it is whose is not said: however it is parted, it does not fit");
    finding.help("say how much each of them keeps (`storage`, or `growth`), and split what is most of it into `shards`");
}

fn report(cx: &Context, findings: &mut Findings, outgrown: &Outgrown) {
    let store = outgrown.store;
    let severity = if outgrown.is_sure() { Severity::Error } else { Severity::Warning };
    let full = match outgrown.when {
        Duration::ZERO => "too much today".to_owned(),
        when => format!("full within {}", years(when)),
    };
    let mut finding = findings.on_component(severity, store, full, message(outgrown));
    if let Some(span) = store.span(Property::StorageCapacity) {
        finding.place(span, "of one node");
    }
    if outgrown.raw.is_reckoned() {
        finding.note(outgrown.raw.to_string());
    }
    let asked = outgrown.data.horizon.or(outgrown.data.retention).filter(|asked| *asked > outgrown.end);
    if let Some(asked) = asked.filter(|it| it.is_finite() && !outgrown.is_end_assumed) {
        finding.note(format!("of the {asked} that are stated only {} are looked at", years(outgrown.end)));
    }
    finding
        .note("a full disk stops every write, and a node that is full takes hours to split")
        .help(help(cx, outgrown));
}

fn message(outgrown: &Outgrown) -> String {
    let Outgrown { store, limit, parts, raw, .. } = outgrown;
    let name = &store.name;
    let when = match outgrown.end {
        _ if outgrown.when == Duration::ZERO => String::new(),
        end if outgrown.is_end_assumed => format!(" after {} (assumed)", years(end)),
        end => format!(" after {}", years(end)),
    };
    // Of all of it, where one node is to hold it.
    let all = if outgrown.is_by_indexes { outgrown.per_node * *parts } else { raw.value };
    let [all, most] = if *parts > 1.0 {
        [all.to_string(), limit.size.to_string()]
    } else {
        figures::apart(all, limit.size)
    };
    let holds = if outgrown.is_by_indexes {
        format!("holds {}{when}, {all} with its indexes (assumed)", raw.value)
    } else {
        format!("holds {all}{when}")
    };
    let node = match store.engine() {
        Some(engine) if limit.is_assumed => format!("{} node", engine.title),
        _ => "node".to_owned(),
    };
    let assumed = if limit.is_assumed { " comfortably (assumed)" } else { "" };
    match *parts {
        parts if parts > 1.0 => {
            let word = if store.shards() > 1.0 { "shards" } else { "nodes" };
            let [each, most] = figures::apart(outgrown.per_node, limit.size);
            format!(
                "`{name}` {holds}: {each} on each of {} {word}, one of which holds {most}{assumed}",
                figures::number(parts),
            )
        }
        _ => format!("`{name}` {holds}, more than the {most} that one {node} holds{assumed}"),
    }
}

fn help(cx: &Context, outgrown: &Outgrown) -> String {
    let target = cx.architecture.parameters.utilisation_target.value;
    let wanted = outgrown.shards_for(target);
    let each = outgrown.per_node * outgrown.parts / wanted;
    let is_split = outgrown.store.shards() > 1.0 || outgrown.parts <= 1.0;
    let split = if outgrown.is_by_indexes {
        format!("give a node {}", outgrown.per_node / target)
    } else if is_split && wanted > MOST_SHARDS {
        "use a store that shares its data out among many nodes, or an object store".to_owned()
    } else if is_split {
        format!("split it by a key with many values: with `shards = {wanted}` each holds {each}")
    } else {
        format!("use {wanted} nodes for each copy of it: each then holds {each}")
    };
    let Some(added) = outgrown.data.added else { return split };
    let fitting = outgrown.limit.size * outgrown.parts * target / added.throughput();
    // What fits no day is no store of what is recent.
    if fitting < Duration::DAY {
        return split;
    }
    format!("{split}; or move what is older than {fitting} to an object store, and state the `retention`")
}

fn years(time: Duration) -> String {
    match time / Duration::YEAR {
        1.0 => "a year".to_owned(),
        _ => time.to_string(),
    }
}
