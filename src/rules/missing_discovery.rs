use super::{Asked, Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, Link, Properties, Property, Replicas};

declare_rule! {
    /// Finds callers of replicas that come and go, with nothing that tells them where those are.
    ///
    /// ## Why it matters
    /// Replicas that follow the load have a new address each time. A caller that was given one calls the dead after an
    /// hour, and never the new.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// load_balancer edge : alb
    /// service shop x3
    /// service prices { autoscale = 10 }
    /// app -> edge -> shop -> prices // finding: "nothing tells `shop` where the replicas of `prices` are"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// load_balancer edge : alb
    /// service shop x3
    /// service prices { autoscale = 10, discovery = dns }
    /// app -> edge -> shop -> prices
    /// ```
    ///
    /// ## How it is detected
    /// A service states that it is scaled (`autoscale`, or a range of replicas), and another component of the design
    /// calls it directly: with no balancer, registry, `discovery`, `mesh` or `orchestrator` anywhere on the link, its
    /// ends, their groups or the system. Calls of clients are `unbalanced-replicas`'. There is no fix: how they find
    /// each other is a choice.
    ///
    /// ## Known false alarms
    /// A platform that does it by itself, such as functions: state its `orchestrator`.
    ///
    /// ## An interviewer asks
    /// A new replica has just started. Who knows, and from whom?
    ///
    /// ## A good answer
    /// - who keeps the list, and how a replica gets on it and off again
    /// - how long callers go on with an old one
    ///
    /// ## References
    /// - S. Newman, *Building Microservices*, 2nd edition, chapter 5, "Service discovery"
    static RULE = {
        code: "LP709",
        summary: "replicas that come and go behind one fixed address",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let helps = |it: &Properties| {
        [Property::Discovery, Property::Mesh, Property::Orchestrator].iter().any(|property| it.has(*property))
    };
    let has_registry = architecture.components().any(|it| it.kind == Kind::Registry);
    if architecture.system.is_demo() || has_registry || helps(&architecture.system.properties) {
        return;
    }
    let is_scaled = |it: &Component| {
        let is_range = matches!(it.replicas, Replicas::Stated { least, most: Some(most) } if most > least);
        it.kind == Kind::Service && !it.is_managed() && (it.has(Property::Autoscale) || is_range)
    };
    let in_groups = |id| architecture.groups_of(id).any(|(_, group)| helps(&group.properties));
    let is_bare = |link: &&Link| {
        let (source, target) = architecture.ends(link);
        is_scaled(target)
            && !link.is_async()
            && !link.is_beside_the_path()
            && !source.kind.is_outside()
            && !source.kind.is_chooser()
            && !source.kind.is_proxy()
            && !source.kind.is_queue()
            && !helps(&link.properties)
            && !helps(source)
            && !helps(target)
            && !in_groups(source.id)
            && !in_groups(target.id)
    };
    let links: Vec<&Link> = architecture.links().filter(is_bare).collect();
    let in_words =
        |link: &&Link| -> Asked { (architecture.link_name(link), link.span, "knows one address".to_owned()) };
    let (count, asked) = findings.open_of(architecture, &links, in_words);
    let Some(first) =
        links.iter().find(|it| asked.first().is_some_and(|(name, ..)| *name == architecture.link_name(it)))
    else {
        return;
    };
    let (source, target) = architecture.ends(first);
    let message = match count {
        1 => format!(
            "nothing tells `{}` where the replicas of `{}` are, which come and go",
            source.name, target.name
        ),
        many => format!(
            "nothing tells {many} callers where replicas are that come and go, such as those of `{}`",
            target.name
        ),
    };
    if let Some(mut finding) = findings.question(Severity::Warning, &asked, message) {
        finding.label(target.name.as_str(), target.span, "follows the load");
        finding
            .note("a caller that was given one address calls the dead after an hour, and never the new")
            .help("put a balancer before it, or say how they find each other: `discovery = dns`, a `registry`, an `orchestrator`");
    }
}
