use std::collections::VecDeque;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Architecture, ComponentId, Link, LinkId, Property};

declare_rule! {
    /// Finds components that wait for each other.
    ///
    /// ## Why it matters
    /// In a circle of calls each waits for the next until the first answers itself: a slow one slows all of them, a
    /// full pool of threads locks all of them, and none can be started, deployed or tested without the others.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service orders, payments, stock
    /// browser -> orders
    /// orders -> payments
    /// payments -> stock
    /// stock -> orders // finding: "`orders`, `payments` and `stock` wait for each other"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service orders, payments, stock
    /// queue reserved
    /// browser -> orders
    /// orders -> payments
    /// payments -> stock
    /// stock ~> reserved ~> orders
    /// ```
    ///
    /// A worker that puts back what it could not do waits for nobody:
    /// ```arch
    /// service api
    /// queue mails
    /// worker mailer
    /// api ~> mails
    /// mails -> mailer
    /// mailer -> mails "retry"
    /// ```
    ///
    /// ## How it is detected
    /// Circles of synchronous links (strongly connected components), of each the shortest circle through the component
    /// that is declared first. Links beside the users' path (`startup`, `batch`, `for = …`), copies of data, what comes
    /// out of a queue, and calls from or to outside (a webhook, a push) close no circle. There is no fix: which call
    /// becomes a message is a choice.
    ///
    /// ## Known false alarms
    /// Two components whose calls never happen within one request. Say so in an `allow`; or mark the rarer one
    /// `startup` or `batch`, if that is what it is.
    ///
    /// ## An interviewer asks
    /// If this one hangs, who else hangs, and how do you start them all again?
    ///
    /// ## A good answer
    /// - that one hung part then stops all that wait for each other
    /// - where the circle is cut: a message in place of a call, or what both need in a part of its own
    ///
    /// ## References
    /// - M. Sharir, *A strong-connectivity algorithm and its applications in data flow analysis*, 1981.
    /// - M. Nygard, *Release It!*, 2nd ed., "Integration Points" and "Blocked Threads".
    static RULE = {
        code: "LP014",
        summary: "components that wait for each other",
        levels: [Warning],
        follows_path: true,
    }
}

/// So many components of a circle are named and labelled.
const MAX_NAMED: usize = 6;

fn check(cx: &Context, findings: &mut Findings) {
    for knot in knots(cx.architecture) {
        let circle = shortest_circle(cx.architecture, &knot);
        if let Some((back, on)) = circle.split_last() {
            report(cx.architecture, on, *back, knot.len(), findings);
        }
    }
}

/// Whether the caller waits for the target, and the target may wait for others in turn.
fn waits(architecture: &Architecture, link: &Link) -> bool {
    let (source, target) = architecture.ends(link);
    let is_beside = link.copies_data()
        || [Property::Startup, Property::Batch, Property::For].into_iter().any(|it| link.has(it));
    !link.is_async()
        && !is_beside
        && link.source != link.target
        && ![source.kind, target.kind].into_iter().any(|kind| kind.is_queue() || kind.is_outside())
}

/// The sets of components that all wait for each other, by the first of each.
fn knots(architecture: &Architecture) -> Vec<Vec<ComponentId>> {
    let mut graph = DiGraph::<ComponentId, ()>::with_capacity(architecture.components().len(), 0);
    let nodes: Vec<_> = architecture.components().map(|it| graph.add_node(it.id)).collect();
    for link in architecture.links().filter(|link| waits(architecture, link)) {
        graph.add_edge(nodes[link.source.0 as usize], nodes[link.target.0 as usize], ());
    }
    let mut knots: Vec<Vec<ComponentId>> = kosaraju_scc(&graph)
        .into_iter()
        .filter(|knot| knot.len() > 1)
        .map(|knot| {
            let mut members: Vec<ComponentId> = knot.into_iter().map(|node| graph[node]).collect();
            members.sort_unstable();
            members
        })
        .collect();
    knots.sort_unstable();
    knots
}

/// The links of the shortest circle through the knot's first component, from there on.
fn shortest_circle(architecture: &Architecture, knot: &[ComponentId]) -> Vec<LinkId> {
    let start = knot[0];
    let members: FxHashSet<ComponentId> = knot.iter().copied().collect();
    let mut reached_by: FxHashMap<ComponentId, LinkId> = FxHashMap::default();
    let mut waiting = VecDeque::from([start]);
    while let Some(at) = waiting.pop_front() {
        for link in architecture.links_from(at).filter(|link| waits(architecture, link)) {
            if !members.contains(&link.target) || reached_by.contains_key(&link.target) {
                continue;
            }
            reached_by.insert(link.target, link.id);
            if link.target == start {
                return way_back(architecture, &reached_by, start);
            }
            waiting.push_back(link.target);
        }
    }
    Vec::new()
}

fn way_back(
    architecture: &Architecture,
    reached_by: &FxHashMap<ComponentId, LinkId>,
    start: ComponentId,
) -> Vec<LinkId> {
    let mut circle = Vec::new();
    let mut at = start;
    while let Some(link) = reached_by.get(&at) {
        circle.push(*link);
        at = architecture.link(*link).source;
        if at == start {
            break;
        }
    }
    circle.reverse();
    circle
}

fn report(architecture: &Architecture, on: &[LinkId], back: LinkId, knot: usize, findings: &mut Findings) {
    let back = architecture.link(back);
    let mut names: Vec<&str> =
        on.iter().map(|link| architecture.component(architecture.link(*link).source).name.as_str()).collect();
    names.push(&architecture.component(back.source).name);
    let (source, target) = architecture.ends(back);
    let message = format!("{} wait for each other", enumerated(&names));
    let label = format!("`{}` waits for `{}`, which waits for it", source.name, target.name);
    let mut finding = findings.on_link(Severity::Warning, architecture, back, label, message);
    for link in on.iter().take(MAX_NAMED) {
        let link = architecture.link(*link);
        let (source, target) = architecture.ends(link);
        let label = format!("`{}` waits for `{}`", source.name, target.name);
        finding.label(architecture.link_name(link), link.span, label);
    }
    if names.len() > 2 && names.len() <= MAX_NAMED {
        finding.note(format!("the circle is `{} -> {}`", names.join(" -> "), names[0]));
    }
    if knot > names.len() {
        finding.note(format!("it is part of a knot of {knot} components that all wait for each other"));
    }
    finding.help(format!(
        "let `{} ~> {}` go through a queue, or move what both need into one of them",
        source.name, target.name
    ));
}

/// `a`, `b` and `c`
fn enumerated(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
    match names.len().checked_sub(MAX_NAMED) {
        Some(more) if more > 0 => format!("{} and {more} more", quoted.join(", ")),
        _ => {
            let (last, first) = quoted.split_last().expect("a circle has two components");
            format!("{} and {last}", first.join(", "))
        }
    }
}
