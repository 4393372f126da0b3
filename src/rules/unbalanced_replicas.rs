use super::{Asked, Context, Findings, declare_rule, is_asked};
use crate::analysis::load::has_unreadable_standby;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Architecture, Component, Link, Property, Replicas};

declare_rule! {
    /// Finds replicas that clients call directly, with nothing that spreads the requests over them.
    ///
    /// ## Why it matters
    /// A client knows one address. With three servers and nothing before them, either all clients call the first, which
    /// carries everything while two are idle, or each is bound to one of them and falls with it.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop x3 // finding: "nothing spreads"
    /// browser -> shop : https
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// load_balancer lb : alb
    /// service shop x3
    /// browser -> lb -> shop : https
    /// ```
    ///
    /// ## How it is detected
    /// A client, person or third party calls a service of two or more stated replicas that is not managed, and there is
    /// no balancer, proxy, gateway or name between, no `dns` that all clients ask, no `registry`, no `discovery`,
    /// `mesh` or `orchestrator` that does it, and no replica is only a standby. Where it is only said that there are
    /// several (`x2..`) it is advice. There is no fix: what spreads the load is a choice.
    ///
    /// ## Known false alarms
    /// A platform that brings its own balancer: state it as `discovery = server`, or draw it.
    ///
    /// ## An interviewer asks
    /// Which of the replicas is called, and how does the caller know of it?
    ///
    /// ## A good answer
    /// - what spreads the requests over them, and by what order
    /// - how it learns that one is gone
    ///
    /// ## References
    /// - System Design Primer, "Load balancer".
    static RULE = {
        code: "LP309",
        summary: "replicas that clients call with nothing to spread the load",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() || has_directory(architecture) {
        return;
    }
    let bare: Vec<Bare> = architecture
        .of_kind(Kind::Service)
        .filter(|service| is_spread(service) && !is_helped(architecture, service))
        .filter_map(|service| Bare::of(architecture, service))
        .collect();
    report(cx, findings, &bare);
}

/// A service that is called directly.
struct Bare<'a> {
    service: &'a Component,
    caller: &'a Component,
    calls: Vec<&'a Link>,
}

impl<'a> Bare<'a> {
    fn of(architecture: &'a Architecture, service: &'a Component) -> Option<Self> {
        let calls: Vec<&Link> =
            architecture.links_to(service.id).filter(|it| is_bare_call(architecture, it)).collect();
        let caller = architecture.component(calls.first()?.source);
        Some(Self { service, caller, calls })
    }

    /// Who says `x2..` has not come to such details yet.
    fn is_open(&self) -> bool {
        matches!(self.service.replicas, Replicas::Stated { most: None, .. })
    }
}

/// Whether something in the design tells callers who is there.
fn has_directory(architecture: &Architecture) -> bool {
    let system = &architecture.system.properties;
    !architecture.unlinked_names().is_empty()
        || architecture.of_kind(Kind::Registry).next().is_some()
        || [Property::Orchestrator, Property::Mesh].into_iter().any(|it| system.has(it))
}

/// Whether there are several of it that all take requests.
fn is_spread(service: &Component) -> bool {
    let is_several = match service.replicas {
        Replicas::Stated { least, most } => least > 1 || most.is_none_or(|most| most > 1),
        _ => false,
    };
    is_several && !service.is_managed() && !has_unreadable_standby(service) && !service.has_failover()
}

fn is_helped(architecture: &Architecture, service: &Component) -> bool {
    const HELP: [Property; 3] = [Property::Discovery, Property::Mesh, Property::Orchestrator];
    let is_in_helped_group = architecture
        .groups_of(service.id)
        .any(|(_, group)| HELP.into_iter().any(|it| group.properties.has(it)));
    is_in_helped_group || HELP.into_iter().any(|it| service.has(it)) || service.has(Property::Autoscale)
}

fn is_bare_call(architecture: &Architecture, link: &Link) -> bool {
    let caller = architecture.component(link.source);
    caller.kind.is_outside()
        && !link.is_async()
        && !link.is_beside_the_path()
        && !link.has(Property::Discovery)
        && !caller.has(Property::Discovery)
}

/// One question, however many are called so.
fn report(cx: &Context, findings: &mut Findings, bare: &[Bare]) {
    let label = |it: &&Bare| -> Asked {
        (it.service.name.to_string(), it.service.span, "called directly".to_owned())
    };
    let (count, asked) = findings.open_of(cx.architecture, &bare.iter().collect::<Vec<_>>(), label);
    let Some(first) = bare.iter().find(|it| is_asked(&asked, &it.service.name)) else { return };
    let (service, caller) = (first.service, &first.caller.name);
    let replicas = match service.replicas {
        Replicas::Stated { least, most } if most == Some(least) => format!("the {least} replicas"),
        _ => "the replicas".to_owned(),
    };
    let message = match count {
        1 => format!("nothing spreads what `{caller}` sends over {replicas} of `{}`", service.name),
        many => format!(
            "nothing spreads what is sent to {many} services over their replicas: {replicas} of `{}` first",
            service.name
        ),
    };
    let is_open = bare.iter().filter(|it| is_asked(&asked, &it.service.name)).all(Bare::is_open);
    let severity = if is_open { Severity::Advice } else { Severity::Warning };
    let Some(mut finding) = findings.question(severity, &asked, message) else { return };
    for link in first.calls.iter().take(4) {
        finding.label(cx.architecture.link_name(link), link.span, "knows one address");
    }
    let peak = cx.analysis.load.component(service.id);
    finding.note(if peak.is_known() {
        format!("one of them may get all {} of the peak, and the others nothing", peak.peak.total())
    } else {
        "one of them may get all of it, and the others nothing; who is bound to one falls with it".to_owned()
    });
    finding.help(match count {
        1 => format!("put a load balancer between `{caller}` and `{}`", service.name),
        _ => "put a load balancer before each of them, or one that tells them apart by path".to_owned(),
    });
}
