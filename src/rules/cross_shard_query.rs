use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Component, Link, Property};

declare_rule! {
    /// Finds joins and transactions over data that is split into shards or over several databases.
    ///
    /// ## Why it matters
    /// A shard knows its own rows. A join over shards fetches from each and joins in the caller; a transaction over them
    /// holds locks on all until the slowest has answered, and is in doubt when one does not. Either costs as much as all
    /// shards together and takes away what splitting them gained.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// database orders : postgres { shards = 8, requires = [joins, transactions] } // finding: "8 shards"
    /// shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// database orders : postgres { shards = 8, shard_key = customer_id, requires = [joins, transactions] }
    /// shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// A database with more than one shard of which joins or transactions are required (`requires`), that states no
    /// `shard_key` within which they could stay, and whose engine is not known to share data out among its nodes by
    /// itself; or one that has a key and is asked on all shards by a link that writes (`scatter`, `writes`). And a service
    /// that requires joins or transactions itself and calls two or more databases, none of them a copy of another. It is
    /// silent on `because`, and where `compensation` says how a part is undone. No fix is offered: which key keeps together
    /// what belongs together is the design.
    ///
    /// ## Known false alarms
    /// Joins that stay within a tenant: state the `shard_key`.
    ///
    /// ## An interviewer asks
    /// Which of your queries asks more than one shard, and what happens to it when one of them is down?
    ///
    /// ## A good answer
    /// - which queries don't know the key, and how often they come
    /// - that such a query waits for the slowest, and what it answers when one is missing
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapters 6 and 9: partitioning, two-phase commit.
    /// - P. Helland, "Life beyond Distributed Transactions", CIDR 2007.
    static RULE = {
        code: "LP408",
        summary: "joins or transactions over shards or several databases",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    for component in architecture.components() {
        if component.has(Property::Because) || component.has(Property::Compensation) {
            continue;
        }
        if component.kind == Kind::Database && component.shards() > 1.0 {
            over_shards(cx, findings, component);
        } else if component.kind.is_compute() && component.has(Property::Requires) {
            over_databases(architecture, findings, component);
        }
    }
}

/// What is asked that must see all of the data.
fn asked(component: &Component) -> Option<&'static str> {
    let joins = component.is(Property::Requires, "joins");
    let transactions = component.is(Property::Requires, "transactions");
    match (joins, transactions) {
        (true, true) => Some("joins and transactions"),
        (true, false) => Some("joins"),
        (false, true) => Some("transactions"),
        (false, false) => None,
    }
}

fn over_shards(cx: &Context, findings: &mut Findings, store: &Component) {
    let architecture = cx.architecture;
    if store.engine().is_some_and(|it| it.facts.spreads_data) {
        return;
    }
    let shards = figures::number(store.shards());
    if let Some(what) = asked(store).filter(|_| !store.has(Property::ShardKey)) {
        let message =
            format!("`{}` needs {what} over {shards} shards, and no key keeps them in one", store.name);
        let mut finding =
            findings.on_component(Severity::Warning, store, format!("{shards} shards"), message);
        if let Some(span) = store.properties.span(Property::Requires) {
            finding.place(span, "asked here");
        }
        finding.note(WHY).help(
            "split by what is joined and changed together, such as `shard_key = customer_id`, and keep what all need on \
             every shard",
        );
        return;
    }
    for link in architecture.links_to(store.id) {
        let is_written = link.has(Property::Writes) && link.has(Property::Scatter);
        if is_written && !link.is_beside_the_path() && !link.has(Property::Because) {
            scattered(cx, findings, store, link);
        }
    }
}

const WHY: &str = "a join fetches from each shard, a transaction locks on all until the slowest answers, and one that is \
                   down stops both";

fn scattered(cx: &Context, findings: &mut Findings, store: &Component, link: &Link) {
    let shards = figures::number(store.shards());
    let source = &cx.architecture.component(link.source).name;
    let message = format!("`{source}` writes to all {shards} shards of `{}` in one request", store.name);
    let mut finding = findings.on_link(Severity::Warning, cx.architecture, link, "asks all shards", message);
    finding.label(store.name.as_str(), store.span, format!("{shards} shards"));
    finding.note(WHY).help(format!(
        "choose the `shard_key` of `{}` so that a write meets one shard, or send one message to each over a queue",
        store.name
    ));
}

fn over_databases(architecture: &Architecture, findings: &mut Findings, service: &Component) {
    let Some(what) = asked(service) else { return };
    let mut links: Vec<&Link> = Vec::new();
    for link in architecture.links_from(service.id) {
        let target = architecture.component(link.target);
        let is_own = target.kind == Kind::Database
            && !crate::analysis::ownership::is_derived(architecture, target)
            && !link.is_beside_the_path();
        if is_own && links.iter().all(|it| it.target != link.target) {
            links.push(link);
        }
    }
    if links.len() < 2 || links.iter().any(|it| it.has(Property::Because)) {
        return;
    }
    let names: Vec<&str> = links.iter().map(|it| architecture.component(it.target).name.as_str()).collect();
    let message = format!("`{}` needs {what} over {}", service.name, figures::listed(&names, 4));
    let mut finding = findings.on_component(Severity::Warning, service, "does them itself", message);
    for link in links.iter().take(4) {
        finding.label(architecture.link_name(link), link.span, "one part");
    }
    if let Some(span) = service.properties.span(Property::Requires) {
        finding.place(span, "asked here");
    }
    finding
        .note("no database sees the other's rows or locks: the service joins in a loop, and a crash leaves half a change")
        .help("keep what is joined and changed together in one database, or state how a part is undone: `compensation`");
}
