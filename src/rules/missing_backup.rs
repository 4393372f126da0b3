use super::{Asked, Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Component, GroupKind, Link, Property};
use crate::source::Span;

declare_rule! {
    /// Finds data of which no copy is kept that outlives a mistake, and copies that were never brought back.
    ///
    /// ## Why it matters
    /// Replicas follow every mistake at once: what a migration, a script or an intruder deletes is deleted on all of them.
    /// Only a copy of an earlier time brings it back, if it is not lost with the original, and if somebody has tried.
    ///
    /// ## Example
    /// ```arch
    /// service api
    /// database orders : postgres x2 { failover = 60s, backup = none } // finding: "there is no backup of `orders`"
    /// api -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// database orders : postgres x2 { failover = 60s, backup = 1d, restore_tested }
    /// api -> orders
    /// ```
    ///
    /// ## How it is detected
    /// A database or a store of files or objects that is no copy of another (`derived_from`, replication) and that its owner runs:
    /// services that others run keep copies by themselves unless it is said otherwise. `backup = none` is a warning; what says
    /// nothing is one question: a warning where nothing may be lost (`durability = no_loss`, `rpo`) or the data is classified,
    /// else advice. A backup counts where the store, its group or the system states it, and where a link `for = backup` or a
    /// `snapshot` leaves it. Stated backups are held against what else is stated: never brought back (`restore_tested = none`), slower
    /// than the `rto` (`restore_time`), rarer than the `rpo`, or on the same host or in the same zone as the data. There is no fix: a
    /// backup is not made by writing the word.
    ///
    /// ## Known false alarms
    /// Data that can be made again: state what it is `derived_from`, or `durability = best_effort`.
    ///
    /// ## An interviewer asks
    /// Somebody runs a DELETE without its WHERE. How do you get the rows back, and how long does it take?
    ///
    /// ## References
    /// - GitLab, Postmortem of database outage of January 31, 2017.
    /// - AWS Well-Architected, Reliability Pillar: REL09, back up data; REL09-BP04, verify by recovery.
    static RULE = {
        code: "LP415",
        summary: "data without a backup, or with one that does not bring it back",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let mut unstated: Vec<&Component> = Vec::new();
    for store in architecture.components().filter(|it| holds_originals(it)) {
        match Backup::of(architecture, store) {
            Backup::None(span) => without(findings, store, span),
            Backup::Unsaid if !store.is_managed() && !crate::analysis::storage::spreads_data(store) => {
                unstated.push(store);
            }
            Backup::Unsaid => {}
            Backup::Stated(copies) => weak(cx, findings, store, &copies),
        }
    }
    ask(cx, findings, &unstated);
}

/// Whether what it holds is nowhere else.
fn holds_originals(store: &Component) -> bool {
    matches!(store.kind, Kind::Database | Kind::FileStore | Kind::ObjectStore)
        && !store.is_replica()
        && !store.is_stated(Property::DerivedFrom)
        && !store.is(Property::Durability, "best_effort")
        && store.known().get(|facts| facts.is_system_of_record) != Some(false)
}

/// What is said of copies of an earlier time.
enum Backup<'a> {
    Stated(Vec<&'a Link>),
    None(Span),
    Unsaid,
}

impl<'a> Backup<'a> {
    fn of(architecture: &'a Architecture, store: &'a Component) -> Self {
        let is_backup = |it: &&Link| {
            it.is(Property::For, "backup") || it.known_protocols().any(|protocol| protocol.name == "snapshot")
        };
        let copies: Vec<&Link> = architecture
            .links_from(store.id)
            .chain(architecture.links_to(store.id))
            .filter(is_backup)
            .collect();
        if !copies.is_empty() {
            return Self::Stated(copies);
        }
        let groups = architecture.groups_of(store.id).map(|(_, group)| &group.properties);
        let nearest = std::iter::once(&store.properties)
            .chain(groups)
            .chain([&architecture.system.properties])
            .find(|it| it.is_stated(Property::Backup));
        match nearest {
            Some(it) if it.has(Property::Backup) => Self::Stated(copies),
            Some(it) => Self::None(it.span(Property::Backup).unwrap_or(store.span)),
            None => Self::Unsaid,
        }
    }
}

fn without(findings: &mut Findings, store: &Component, span: Span) {
    let message = format!(
        "there is no backup of `{}`: what is deleted by mistake is gone on all its replicas",
        store.name
    );
    findings
        .on_component(Severity::Warning, store, "the only place of its data", message)
        .place(span, "stated here")
        .note("a replica follows a mistake within its lag; only a copy of an earlier time brings it back")
        .help(help());
}

fn help() -> &'static str {
    "keep copies of earlier times in another place, bring one back once a quarter, and say so: `backup = 1d, restore_time = 2h, \
     restore_tested`"
}

/// What a stated backup does not do.
fn weak(cx: &Context, findings: &mut Findings, store: &Component, copies: &[&Link]) {
    let system = &cx.architecture.system.properties;
    let nearest = |property| [&store.properties, system].into_iter().find(|it| it.is_stated(property));
    let stated = |property| nearest(property)?.duration(property).zip(nearest(property)?.span(property));
    if let Some(it) = nearest(Property::RestoreTested).filter(|it| it.is_absent(Property::RestoreTested)) {
        let message =
            format!("the backup of `{}` was never brought back: nobody knows whether it can be", store.name);
        let mut finding = findings.on_component(Severity::Warning, store, "kept, and never tried", message);
        if let Some(span) = it.span(Property::RestoreTested) {
            finding.place(span, "stated here");
        }
        finding
            .note("backups fail in silence: an old version, a full disk, a job that has not run for months")
            .help("bring one back into an empty place each quarter, look at what is in it, and state `restore_tested`");
    }
    for (property, limit, what, against) in [
        (Property::RestoreTime, Property::Rto, "takes", "to bring back, and recovery is asked within"),
        (Property::Backup, Property::Rpo, "is made every", ", and no more may be lost than"),
    ] {
        let (Some((time, span)), Some((asked, asked_span))) = (stated(property), stated(limit)) else {
            continue;
        };
        if time <= asked {
            continue;
        }
        let [time, asked] = figures::apart(time, asked);
        let gap = if against.starts_with(',') { "" } else { " " };
        let message = format!("the backup of `{}` {what} {time}{gap}{against} {asked}", store.name);
        findings
            .on_component(Severity::Warning, store, "restored too late, or too old", message)
            .place(span, time)
            .place(asked_span, format!("{asked} asked here"))
            .note("what the backup does not bring back in time is lost, or down, for all that")
            .help("copy more often or continuously (a log that is shipped), or into a place from which it is back sooner");
    }
    let place = |id, kind| cx.architecture.enclosing(id, kind);
    for copy in copies {
        let other = if copy.source == store.id { copy.target } else { copy.source };
        let together = [GroupKind::Host, GroupKind::Zone]
            .into_iter()
            .find_map(|kind| place(store.id, kind).filter(|it| place(other, kind) == Some(*it)));
        let is_on = cx.architecture.component(other).host == Some(store.id);
        if let Some(group) = together {
            let (group, other) = (cx.architecture.group(group), cx.architecture.component(other));
            if !other.kind.is_store() || is_on {
                continue;
            }
            let message =
                format!("the backup of `{}` is lost with it: both stand in `{}`", store.name, group.name);
            findings
                .on_component(Severity::Warning, store, "the original", message)
                .label(other.name.as_str(), other.span, "its backup")
                .label(group.name.as_str(), group.span, "fails as a whole")
                .note("a fire, a flood or a stolen machine takes the copy along")
                .help("keep a copy in another region, or with another provider");
        }
    }
}

fn ask(cx: &Context, findings: &mut Findings, unstated: &[&Component]) {
    let architecture = cx.architecture;
    let system = &architecture.system.properties;
    let in_words = |store: &&Component| -> Asked {
        (store.name.to_string(), store.span, "no backup is stated".to_owned())
    };
    let (count, asked) = findings.open_of(architecture, unstated, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let is_dear = |it: &&Component| {
        let classes = it.data_classes();
        it.is(Property::Durability, "no_loss")
            || it.has(Property::Rpo)
            || classes.iter().any(|class| !matches!(class.as_str(), "public" | "internal"))
    };
    let severity = if system.is(Property::Durability, "no_loss")
        || system.has(Property::Rpo)
        || unstated.iter().any(is_dear)
    {
        Severity::Warning
    } else {
        Severity::Advice
    };
    let message = match count {
        1 => format!("how is `{first}` brought back when somebody deletes it? no backup is stated"),
        many => format!("how are {many} stores brought back when somebody deletes them? no backup is stated"),
    };
    if let Some(mut finding) = findings.question(severity, &asked, message) {
        finding
            .note("a replica follows a mistake within its lag; only a copy of an earlier time brings it back")
            .help(help());
    }
}
