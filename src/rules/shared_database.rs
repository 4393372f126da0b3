use super::{Context, Findings, declare_rule};
use crate::analysis::ownership::{self, Marks, Writing};
use crate::analysis::plan::Step;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Component, GroupKind, Link, Property};

declare_rule! {
    /// Finds databases that several services write.
    ///
    /// ## Why it matters
    /// Whoever writes a table depends on its columns, its locks and its rules. With several writers no column can be
    /// changed without releasing all of them together, a slow query of one holds up the others, and no service can be
    /// sure of what it wrote itself.
    ///
    /// ## Example
    /// ```arch
    /// service orders, billing
    /// database shop : postgres // finding: "2 services write `shop`"
    /// orders -> shop { writes }
    /// billing -> shop { writes }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service orders, billing
    /// database shop : postgres
    /// orders -> shop { writes }
    /// billing -> orders { writes }
    /// ```
    ///
    /// Who only reads, and a worker beside the one service, is no second owner:
    /// ```arch
    /// service orders, reports
    /// worker expiry
    /// database shop : postgres
    /// orders, expiry -> shop { writes }
    /// reports -> shop { reads }
    /// ```
    ///
    /// ## How it is detected
    /// Two or more services write one database. A link writes where it is marked `writes`, or a flow that only writes takes
    /// it; that is a warning where they are three or more, or of several `owner`s or `group`s, else advice. Where three or more may write it and nothing tells reads and writes apart it is advice.
    /// One service in several regions is one; workers, functions and schedulers go with the service whose work they do. It
    /// is silent on a `because`, and where the services are too many for their load (LP805): then the cure is fewer
    /// services. No fix is offered: who owns the data is a decision.
    ///
    /// ## Known false alarms
    /// Services of one team that each write a schema of their own on one server: draw a database for each schema, `on` the
    /// server.
    ///
    /// ## An interviewer asks
    /// You rename a column of this database. Which teams have to release, and in which order?
    ///
    /// ## A good answer
    /// - who owns the tables, and that all others ask the owner
    /// - how a change goes out: add, move over, take away
    ///
    /// ## References
    /// - S. Newman, *Building Microservices*, chapter 4: the shared database.
    /// - C. Richardson, *Microservices Patterns*, "Database per service".
    static RULE = {
        code: "LP414",
        summary: "several services write one database",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let mut marks = None;
    for store in architecture.of_kind(Kind::Database) {
        if architecture.links_to(store.id).len() < 2 || store.has(Property::Because) {
            continue;
        }
        let marks = marks.get_or_insert_with(|| Marks::of(architecture));
        let mut writers = ownership::writers(architecture, marks, store.id);
        writers.retain(|(link, _)| architecture.component(link.source).kind == Kind::Service);
        let is_sure = |writing: Writing| writing == Writing::Surely;
        let sure = writers.iter().filter(|(_, writing)| is_sure(*writing)).count();
        if sure > 1 {
            writers.retain(|(_, writing)| is_sure(*writing));
        } else if writers.len() < 3 {
            continue;
        }
        if !are_too_many(cx) {
            report(cx, findings, store, &writers, sure > 1);
        }
    }
}

/// Whether it is said already that the services are too many.
fn are_too_many(cx: &Context) -> bool {
    let plan = cx.analysis.plan(cx.architecture);
    plan.deletions.iter().any(|it| matches!(it.step, Step::Service(_) | Step::Twins(_)))
}

fn report(
    cx: &Context,
    findings: &mut Findings,
    store: &Component,
    writers: &[(&Link, Writing)],
    is_sure: bool,
) {
    let architecture = cx.architecture;
    let name = &store.name;
    let (severity, message) = if is_sure {
        // Two of one team may well share a table, and whose they are is mostly not said.
        let is_grave = writers.len() > 2 || owners(architecture, writers) > 1;
        let severity = if is_grave { Severity::Warning } else { Severity::Advice };
        (severity, format!("{} services write `{name}`", writers.len()))
    } else {
        (Severity::Advice, format!("{} services may write `{name}`: whose is it?", writers.len()))
    };
    let mut finding = findings.on_component(severity, store, "whose is it?", message);
    let peak = |link: &Link| {
        let demand = cx.analysis.load.link(link.id);
        demand.is_known().then_some(demand.peak.writes).filter(|it| it.per_second() > 0.0)
    };
    for (link, _) in writers.iter().take(4) {
        let label = match peak(link).filter(|_| is_sure) {
            Some(peak) => format!("writes, {peak} at peak"),
            None if is_sure => "writes".to_owned(),
            None => "reads or writes".to_owned(),
        };
        finding.label(architecture.link_name(link), link.span, label);
    }
    let mut by_peak = writers.to_vec();
    let of = |link: &Link| peak(link).unwrap_or_default();
    by_peak.sort_by(|a, b| of(b.0).total_cmp(&of(a.0)));
    let owner = &architecture.component(by_peak[0].0.source).name;
    let others: Vec<&str> =
        by_peak[1..].iter().map(|(link, _)| architecture.component(link.source).name.as_str()).collect();
    finding.note(
        "a change of its columns is a release of all its writers at once, and a lock of one holds up all",
    );
    if is_sure {
        finding.help(format!(
            "let one own it, say `{owner}`, and {} ask it; or give each a database of its own",
            figures::listed(&others, 3)
        ));
    } else {
        finding.help("mark who only reads with `reads`, and let one service write for the others");
    }
}

/// Of how many owners the writers are, as far as they or their groups say.
fn owners(architecture: &Architecture, writers: &[(&Link, Writing)]) -> usize {
    let owner = |link: &Link| {
        let service = architecture.component(link.source);
        let own = service.text(Property::OwnerName).or_else(|| service.word(Property::OwnerName));
        let group = || {
            let mut teams = architecture.groups_of(service.id).filter(|(_, it)| it.kind == GroupKind::Group);
            teams.next().map(|(_, it)| it.name.to_string())
        };
        own.map(str::to_owned).or_else(group)
    };
    let mut owners: Vec<String> = writers.iter().filter_map(|(link, _)| owner(link)).collect();
    owners.sort_unstable();
    owners.dedup();
    owners.len()
}
