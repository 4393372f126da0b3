use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::ownership;
use crate::analysis::trust::{Scoped, scoped};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Component, ComponentId, GroupKind, Link, Property};
use crate::quantity::Duration;

declare_rule! {
    /// Finds data of which no copy is kept that a mistake can't reach.
    ///
    /// ## Why it matters
    /// Replicas follow each other in everything, and so in a `DELETE` without a `WHERE`, a faulty release and a stolen key: a
    /// second later the data is gone from all of them. What brings it back is a copy from before, kept elsewhere, that
    /// somebody has brought back at least once.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { rto = 1h }
    /// service shop
    /// database orders : postgres x3 { backup = none } // finding: "no copy of `orders` is kept"
    /// database stock : postgres { backup = 1d, restore_tested = none } // finding: "has never been brought back"
    /// database prices : postgres { backup = 1d, restore_time = 6h } // finding: "takes 6 h, and `rto` allows 60 min"
    /// shop -> orders, stock, prices
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { rto = 1h }
    /// service shop
    /// database orders : postgres x3 { backup = 1h, restore_time = 40min, restore_tested = 30d }
    /// cache sessions : redis
    /// shop -> orders, sessions
    /// ```
    ///
    /// ## How it is detected
    /// Databases and stores of files, and stores of objects that nobody else keeps redundant, must be backed up: not what is
    /// made from other data (`derived_from`, a target of `replication`, `cdc` or `snapshot`), what keeps nothing
    /// (`persistence = none`), or an engine that is not made to be the only place of data. `backup` stands on the component,
    /// a group around it or the system; a link out of the store or to it with `for = backup`, and a `snapshot` of it, are
    /// one as well.
    ///
    /// A warning each: `backup = none`; `restore_tested = none`; a `restore_time` over the `rto`; a `backup` less often
    /// than the `rpo`, where there is neither a replica nor a copy beside it; a backup that goes to the host or zone of
    /// the store itself. All stores that state nothing are one question: a warning where the design asks for `rpo`, `rto`
    /// or `durability = no_loss`, else advice. No fix is offered: how often, and where to, is for its owner to say.
    ///
    /// ## Known false alarms
    /// Backups that the provider keeps by default: state `backup` all the same, with what it keeps.
    ///
    /// ## An interviewer asks
    /// Somebody drops this data at noon. When are you back, and with which of it?
    ///
    /// ## A good answer
    /// - how often a backup is made, and what is lost since
    /// - how long a restore takes, measured and not guessed, and when one was last tried
    ///
    /// ## References
    /// - GitLab, "Postmortem of database outage of January 31": five ways to back up, none of which worked.
    /// - Google, *Site Reliability Engineering*, chapter 26: nobody wants backups, people want restores.
    /// - AWS Well-Architected, REL09: back up data, and test that it comes back.
    static RULE = {
        code: "LP415",
        summary: "data of which no copy is kept, or one that has never been brought back",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let mut unstated: Vec<&Component> = Vec::new();
    for store in architecture.components().filter(|it| is_to_be_kept(architecture, it)) {
        let copies: Vec<&Link> = copies_of(architecture, store).collect();
        let stated = scoped(architecture, store, Property::Backup);
        for link in &copies {
            beside(architecture, findings, store, link);
        }
        match stated {
            Some(it) if !it.has && copies.is_empty() => without(findings, store, &it),
            None if copies.is_empty() => unstated.push(store),
            _ => {
                untested(architecture, findings, store);
                slow(cx, findings, store);
                if let Some(it) = stated {
                    seldom(architecture, findings, store, &it);
                }
            }
        }
    }
    ask(cx, findings, &unstated);
}

/// Whether what it holds is lost when it is.
fn is_to_be_kept(architecture: &Architecture, store: &Component) -> bool {
    let is_kept_by_others = store.kind == Kind::ObjectStore && store.is_managed();
    let is_one = matches!(store.kind, Kind::Database | Kind::FileStore | Kind::ObjectStore);
    is_one
        && !is_kept_by_others
        && !store.has(Property::Because)
        && !store.is_absent(Property::Persistence)
        && ownership::is_of_record(store) != Some(false)
        && !ownership::is_derived(architecture, store)
        && !is_where_backups_go(architecture, store)
}

fn is_backup(link: &Link) -> bool {
    link.is(Property::For, "backup") || (link.copies_data() && !link.copies_each_write())
}

/// A store that is only written by backups keeps copies itself, and so does one that is called by what it keeps.
fn is_where_backups_go(architecture: &Architecture, store: &Component) -> bool {
    let is_named = ["backup", "snapshot"].iter().any(|it| ownership::own_name(store).contains(it));
    is_named || architecture.links_to(store.id).any(is_backup)
}

/// The links that back a store up: out of it, or to it from whatever does the work.
fn copies_of<'a>(architecture: &'a Architecture, store: &Component) -> impl Iterator<Item = &'a Link> {
    let (out, into) = (architecture.links_from(store.id), architecture.links_to(store.id));
    out.filter(|link| is_backup(link)).chain(into.filter(|link| link.is(Property::For, "backup")))
}

// ---- stated, and not enough

fn without(findings: &mut Findings, store: &Component, stated: &Scoped) {
    let name = &store.name;
    let message = format!("no copy of `{name}` is kept: what is deleted or overwritten is lost");
    let mut finding = findings.on_component(Severity::Warning, store, "holds the only copy", message);
    finding.place(stated.span, "stated here");
    if store.least_replicas().is_some_and(|it| it > 1) {
        finding.note("its replicas are no copy: a deletion reaches them in moments");
    } else {
        finding.note("a disk that dies, a faulty release or a wrong command takes all of it");
    }
    finding.help(HELP);
}

const HELP: &str = "keep copies elsewhere, no further apart than the data you can bear to lose, and bring one back \
                    regularly: state `backup = 1d`, `restore_time` and `restore_tested`";

fn untested(architecture: &Architecture, findings: &mut Findings, store: &Component) {
    let Some(stated) = scoped(architecture, store, Property::RestoreTested).filter(|it| !it.has) else {
        return;
    };
    let message = format!("a backup of `{}` has never been brought back", store.name);
    let mut finding =
        findings.on_component(Severity::Warning, store, "backed up, as far as anybody knows", message);
    finding
        .place(stated.span, "stated here")
        .note("a backup that is empty, incomplete or locked by a lost key looks like any other until it is needed")
        .help("bring one back into an empty store, count what arrived and measure how long it took: state `restore_tested`");
}

fn slow(cx: &Context, findings: &mut Findings, store: &Component) {
    let architecture = cx.architecture;
    let Some((restore, restore_span)) = time(architecture, store, Property::RestoreTime) else { return };
    let Some((allowed, asked)) = time(architecture, store, Property::Rto) else { return };
    if restore <= allowed {
        return;
    }
    let message =
        format!("to bring `{}` back from its backup takes {restore}, and `rto` allows {allowed}", store.name);
    let label = format!("back after {restore}");
    let mut finding = findings.on_component(Severity::Warning, store, label, message);
    finding.place(restore_span, "stated here").place(asked, "asked here");
    if let Some(size) =
        crate::analysis::storage::total(architecture).filter(|_| is_only_store(architecture, store))
    {
        finding.note(format!("{size} in {allowed} need {} of throughput", size / allowed));
    }
    finding
        .note("a replica that takes over helps against a dead node; against deleted data only the backup does")
        .help(format!(
            "bring it back in parts, the needed first, or keep a delayed copy that is ready in {allowed}; or raise \
             `rto` to {restore}"
        ));
}

fn is_only_store(architecture: &Architecture, store: &Component) -> bool {
    architecture.components().filter(|it| it.kind.is_store()).all(|it| it.id == store.id)
}

/// A duration that is stated where the store stands, with its place.
fn time(
    architecture: &Architecture,
    store: &Component,
    property: Property,
) -> Option<(Duration, crate::source::Span)> {
    let stated = scoped(architecture, store, property)?;
    Some((stated.properties.duration(property)?, stated.span))
}

/// Copies less often than data may be lost, where nothing else follows the writes.
fn seldom(architecture: &Architecture, findings: &mut Findings, store: &Component, backup: &Scoped) {
    let has_others =
        store.least_replicas().is_some_and(|it| it > 1) || store.is_managed() || store.has_copies();
    let Some(every) = backup.properties.duration(Property::Backup) else { return };
    let Some((allowed, asked)) = time(architecture, store, Property::Rpo) else { return };
    if has_others || store.has(Property::Replication) || every <= allowed {
        return;
    }
    let message = format!(
        "`{}` is copied each {every} and may lose {allowed}: a dead disk loses up to {every} of writes",
        store.name
    );
    let mut finding =
        findings.on_component(Severity::Warning, store, format!("up to {every} are lost"), message);
    finding
        .place(backup.span, "stated here")
        .place(asked, "asked here")
        .note("it has no replica: the last backup is all that is left")
        .help(format!(
            "copy it at least each {allowed}, ship its log as it is written, or give it a replica that follows"
        ));
}

/// A copy that stands where the data does.
fn beside(architecture: &Architecture, findings: &mut Findings, store: &Component, link: &Link) {
    if link.source != store.id {
        return;
    }
    let target = architecture.component(link.target);
    let Some(place) = same_place(architecture, store, link.target) else { return };
    if target.is_managed() || target.kind.is_outside() {
        return;
    }
    let message =
        format!("the backup of `{}` stands in the same {place} as the data, and is lost with it", store.name);
    let mut finding = findings.on_link(Severity::Warning, architecture, link, "kept here", message);
    finding
        .label(store.name.as_str(), store.span, "the data")
        .note("what takes the data takes the copy in the same hour: the failure that a backup is for")
        .help(format!("keep a copy outside of this {place}, under another account if you can"));
}

fn same_place(architecture: &Architecture, store: &Component, other: ComponentId) -> Option<&'static str> {
    if store.host == Some(other) || (store.host.is_some() && store.host == architecture.component(other).host)
    {
        return Some("host");
    }
    [GroupKind::Host, GroupKind::Zone].into_iter().find_map(|kind| {
        let place = architecture.enclosing(store.id, kind)?;
        (architecture.enclosing(other, kind) == Some(place)).then_some(kind.name())
    })
}

// ---- the question about all others

fn ask(cx: &Context, findings: &mut Findings, unstated: &[&Component]) {
    let architecture = cx.architecture;
    let mut stores = unstated.to_vec();
    // What others keep redundant comes last: a node that dies does not take it.
    stores.sort_by_key(|store| (store.is_managed(), !is_asked_for(architecture, store)));
    let in_words = |store: &&Component| -> Asked {
        let nodes = store.least_replicas().filter(|it| *it > 1);
        let label = match nodes {
            Some(nodes) => format!("{} replicas, no backup stated", figures::number(f64::from(nodes))),
            None => "no backup stated".to_owned(),
        };
        (store.name.to_string(), store.span, label)
    };
    let (count, asked) = findings.open_of(architecture, &stores, in_words);
    let Some((name, ..)) = asked.first() else { return };
    let is_grave = stores.iter().any(|store| is_asked_for(architecture, store));
    let severity = if is_grave { Severity::Warning } else { Severity::Advice };
    let message = match count {
        1 => format!("nothing says that `{name}` is backed up"),
        _ => format!("nothing says that these {count} stores are backed up"),
    };
    if let Some(mut finding) = findings.question(severity, &asked, message) {
        if is_grave && let Some(what) = asked_for(architecture, stores[0]) {
            finding.place(what, "asked here");
        }
        finding
            .note("replicas repeat a mistake in moments; only a copy from before undoes it")
            .help("state `backup = 1d` (how often), `restore_time` and `restore_tested` on each, or `backup = none`");
    }
}

/// Where somebody asks that its data is not lost, or comes back in time.
fn asked_for(architecture: &Architecture, store: &Component) -> Option<crate::source::Span> {
    let of = |property| scoped(architecture, store, property).filter(|it| it.has);
    let bounded = of(Property::Rpo).or_else(|| of(Property::Rto));
    let lossless = || of(Property::Durability).filter(|it| it.properties.is(Property::Durability, "no_loss"));
    bounded.or_else(lossless).map(|it| it.span)
}

fn is_asked_for(architecture: &Architecture, store: &Component) -> bool {
    asked_for(architecture, store).is_some()
}
