use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Link, Property};

declare_rule! {
    /// Finds databases that services of several teams write to.
    ///
    /// ## Why it matters
    /// A schema that two services share couples their releases: neither can change a table without the other, and a slow
    /// query of one takes the other down. What looked like two services is one, with a network in between.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// group sales { service orders { owner = sales } }
    /// group billing { service invoices { owner = billing } }
    /// database main : postgres // finding: "`main` is written by `orders` and `invoices`, of several owners"
    /// browser -> orders, invoices
    /// orders, invoices -> main
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// group sales { service orders { owner = sales } }
    /// group billing { service invoices { owner = billing } }
    /// database main : postgres
    /// browser -> orders, invoices
    /// orders -> main
    /// invoices -> orders
    /// ```
    ///
    /// ## How it is detected
    /// Two services or more whose stated `owner`s differ, or that stand in different `group`s, write to one database: by links that do not
    /// only read. Where neither is said it is nobody's business. A service that could as well be a part of another is
    /// `too-many-services`'s. There is no fix: who owns the data is a decision.
    ///
    /// ## Known false alarms
    /// Each writes to a schema of its own on one server: draw two databases `on` it.
    ///
    /// ## An interviewer asks
    /// One of these teams wants to rename a column. Whom must it ask?
    ///
    /// ## References
    /// - S. Newman, *Building Microservices*, 2nd edition, chapter 4, "Pattern: shared database".
    static RULE = {
        code: "LP414",
        summary: "a database that services of several teams write to",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for store in
        cx.architecture.of_kind(Kind::Database).filter(|it| !it.has(Property::Because) && !it.is_replica())
    {
        let mut writers: Vec<&Link> = cx
            .architecture
            .links_to(store.id)
            .filter(|it| {
                !it.is_reads_only()
                    && !it.copies_data()
                    && !it.has(Property::For)
                    && !it.has(Property::Because)
            })
            .filter(|it| cx.architecture.component(it.source).kind == Kind::Service)
            .collect();
        writers.dedup_by_key(|it| it.source);
        let owners: Vec<Option<String>> =
            writers.iter().map(|it| owner(cx, cx.architecture.component(it.source))).collect();
        let mut named: Vec<&String> = owners.iter().flatten().collect();
        named.sort_unstable();
        named.dedup();
        if named.len() > 1 {
            report(cx, findings, store, &writers);
        }
    }
}

/// Whose a service is: as it says, else the group that it stands in.
fn owner(cx: &Context, service: &Component) -> Option<String> {
    let stated = service.text(Property::OwnerName).or_else(|| service.word(Property::OwnerName));
    if let Some(owner) = stated {
        return Some(owner.to_owned());
    }
    let groups = cx.architecture.groups_of(service.id);
    let mut teams = groups.filter(|(_, group)| group.kind == crate::model::GroupKind::Group);
    teams.next().map(|(_, group)| group.name.to_string())
}

fn report(cx: &Context, findings: &mut Findings, store: &Component, writers: &[&Link]) {
    let names: Vec<&str> =
        writers.iter().map(|it| cx.architecture.component(it.source).name.as_str()).collect();
    let message = format!("`{}` is written by {}, of several owners", store.name, figures::listed(&names, 3));
    let mut finding = findings.on_component(Severity::Warning, store, "who may change its tables?", message);
    for link in writers.iter().take(4) {
        finding.label(cx.architecture.link_name(link), link.span, "writes here");
    }
    finding.note("no table can be changed without all of them, and a slow query of one holds up the others");
    finding.help(format!(
        "give `{}` one owner, and let the others ask that service, or follow its changes into a store of their own",
        store.name
    ));
}
