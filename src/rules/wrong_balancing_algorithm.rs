use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::{Edit, Severity};
use crate::model::{CallTree, Component, Link, Property};
use crate::syntax::ast::Relation;

declare_rule! {
    /// Finds balancers whose way of choosing does not fit their targets.
    ///
    /// ## Why it matters
    /// Taking turns is even where requests are alike. Connections that last for hours pile up on the oldest replica, a
    /// small machine gets as much as a large one, and users bound to a replica fall with it.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// load_balancer edge : haproxy { algorithm = round_robin }
    /// service live x3
    /// app -> edge -> live : websocket // finding: "`edge` takes turns, and what it gives out lasts"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// load_balancer edge : haproxy { algorithm = least_connections }
    /// service live x3
    /// app -> edge -> live : websocket
    /// ```
    ///
    /// ## How it is detected
    /// A balancer states `round_robin` or `random`, and its targets hold long connections (by their protocol, or
    /// `connections = long`), or are members of one pool (`a | b`) with different stated capacities. Or it states `sticky` or
    /// `ip_hash`, and the target states that it is not `stateful` or keeps its `sessions` in a store or a token: then
    /// nothing is gained by it. The fix writes the algorithm that fits; it is unsafe.
    ///
    /// ## Known false alarms
    /// Caches in the replicas profit from it: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// A replica was just restarted. How many of the open connections does it get, and when?
    ///
    /// ## A good answer
    /// - that it has nothing open and would get all, or only its turn, and which of these is right here
    /// - how alike the requests and the servers are
    ///
    /// ## References
    /// - NGINX and HAProxy documentation, "Load balancing algorithms"
    /// - System Design Primer, "Load balancer"
    static RULE = {
        code: "LP604",
        summary: "a way of balancing that does not fit what is balanced",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let choosers = [Kind::LoadBalancer, Kind::ReverseProxy, Kind::ApiGateway];
    for balancer in
        architecture.components().filter(|it| choosers.contains(&it.kind) && !it.has(Property::Because))
    {
        let links: Vec<&Link> =
            architecture.links_from(balancer.id).filter(|it| !it.is_beside_the_path()).collect();
        let takes_turns = ["round_robin", "random"].iter().any(|it| balancer.is(Property::Algorithm, it));
        let binds = ["sticky", "ip_hash"].iter().any(|it| balancer.is(Property::Algorithm, it));
        let lasts = |link: &&&Link| link.is_held_open() || link.is(Property::Connections, "long");
        let target = |link: &Link| architecture.component(link.target);
        if let Some(link) = links.iter().find(lasts).filter(|_| takes_turns) {
            let message = format!(
                "`{}` takes turns, and what it gives out lasts: the oldest of `{}` get the most",
                balancer.name,
                target(link).name
            );
            report(cx, findings, balancer, link, (message, "least_connections"));
        } else if let Some(link) = unlike(cx, balancer).filter(|_| takes_turns) {
            let message = format!(
                "`{}` gives each of its targets as much, and they do not carry as much",
                balancer.name
            );
            report(cx, findings, balancer, link, (message, "weighted"));
        } else if let Some(link) = links.iter().find(|it| keeps_nothing(target(it))).filter(|_| binds) {
            let message = format!(
                "`{}` binds users to a replica of `{}`, which keeps nothing of theirs",
                balancer.name,
                target(link).name
            );
            report(cx, findings, balancer, link, (message, "least_connections"));
        }
    }
}

/// One of a pool (`a | b`) that carries more or less than the one before it.
fn unlike<'a>(cx: &'a Context, balancer: &Component) -> Option<&'a Link> {
    let architecture = cx.architecture;
    let pools =
        architecture.calls_of(balancer.id).filter(|it| matches!(it.tree, CallTree::Set(Relation::Any, _)));
    pools.into_iter().find_map(|pool| {
        let links: Vec<&Link> = pool.tree.links().into_iter().map(|id| architecture.link(id)).collect();
        let target = |link: &Link| architecture.component(link.target);
        links.windows(2).find(|pair| differ(target(pair[0]), target(pair[1]))).map(|pair| pair[1])
    })
}

fn differ(one: &Component, other: &Component) -> bool {
    let capacities = one.rate(Property::Capacity).zip(other.rate(Property::Capacity));
    one.kind == other.kind && capacities.is_some_and(|(one, other)| one != other)
}

/// Whether it says that any replica may serve anybody.
fn keeps_nothing(target: &Component) -> bool {
    target.is_absent(Property::Stateful)
        || ["store", "token"].iter().any(|it| target.is(Property::Sessions, it))
}

fn report(
    cx: &Context,
    findings: &mut Findings,
    balancer: &Component,
    link: &Link,
    (message, better): (String, &str),
) {
    let target = cx.architecture.component(link.target);
    let mut finding = findings.on_link(Severity::Warning, cx.architecture, link, "balanced so", message);
    finding.label(balancer.name.as_str(), balancer.span, "chooses").label(
        target.name.as_str(),
        target.span,
        "is chosen",
    );
    finding
        .note("while one replica is full the others wait for work, and its loss costs more than its share")
        .help(format!("choose by what is open or carried: `algorithm = {better}`"));
    if let Some(span) = balancer.span(Property::Algorithm) {
        finding.place(span, "stated here");
        let edit = Edit { span, text: format!("algorithm = {better}") };
        finding.fix(format!("write `algorithm = {better}`: who is busy gets less"), false, vec![edit]);
    }
}
