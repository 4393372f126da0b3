use super::{Context, Findings, declare_rule};
use crate::analysis::load::has_unreadable_standby;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Component, Property, Replicas};

declare_rule! {
    /// Finds services of several replicas that keep their users' sessions inside.
    ///
    /// ## Why it matters
    /// A session in a server's memory binds its user to that server: its loss, and each deploy, signs them out; a new
    /// replica takes no load off the old ones; and the busiest users stay where they are. The replicas are no longer alike.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// load_balancer lb : alb
    /// service shop x3 { sessions = server } // finding: "`shop` keeps sessions"
    /// browser -> lb -> shop
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// load_balancer lb : alb
    /// service shop x3 { sessions = store }
    /// cache sessions : redis x2
    /// browser -> lb -> shop -> sessions
    /// ```
    ///
    /// ## How it is detected
    /// A service of two or more stated replicas says `sessions = server` or `stateful` (or the system says it of all),
    /// and does not say `sessions = store` or `token`. Silent where the others only wait to take over, on a `because`,
    /// and for `stateful` alone where connections are held open anyway (`websocket`, `connections = long`) or a queue
    /// or stream hands it the work. There is no fix: where sessions live then is a choice.
    ///
    /// ## Known false alarms
    /// State that is split among them on purpose, by a key that callers know: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// You deploy at noon. Who is signed out?
    ///
    /// ## A good answer
    /// - that a user may come to any of them, and is known there
    /// - that then any server can go, and any can be added
    ///
    /// ## References
    /// - The Twelve-Factor App, VI, "Processes".
    /// - AWS Well-Architected, REL05-BP06, "Make systems stateless where possible".
    static RULE = {
        code: "LP310",
        summary: "state in the server under several replicas",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for service in cx.architecture.of_kind(Kind::Service).filter(|it| is_several(it)) {
        if keeps_sessions(cx.architecture, service) && !service.has(Property::Because) {
            report(findings, service);
        }
    }
}

fn is_several(service: &Component) -> bool {
    let is_several = match service.replicas {
        Replicas::Stated { least, most } => least > 1 || most.is_none_or(|most| most > 1),
        _ => false,
    };
    is_several && !has_unreadable_standby(service) && !service.has_failover()
}

fn keeps_sessions(architecture: &Architecture, service: &Component) -> bool {
    if service.is_stated(Property::Sessions) {
        return service.is(Property::Sessions, "server");
    }
    if service.has(Property::Stateful) {
        return !is_bound_anyway(architecture, service);
    }
    // What the system says is about those who serve its users.
    architecture.system.properties.is(Property::Sessions, "server")
        && !service.is_absent(Property::Stateful)
        && serves_users(architecture, service)
}

/// Whether who it serves is bound to one of them by its connection, or its work is handed to it.
fn is_bound_anyway(architecture: &Architecture, service: &Component) -> bool {
    architecture.links_to(service.id).any(|link| {
        link.is(Property::Connections, "long")
            || link.known_protocols().any(|protocol| protocol.long_lived && !protocol.is_request)
            || architecture.component(link.source).kind.is_queue()
    })
}

fn serves_users(architecture: &Architecture, service: &Component) -> bool {
    architecture.links_to(service.id).any(|link| {
        let caller = architecture.component(link.source);
        caller.kind.is_caller_only() || caller.kind.is_proxy()
    })
}

fn report(findings: &mut Findings, service: &Component) {
    let is_sessions = !service.has(Property::Stateful) || service.is(Property::Sessions, "server");
    let what = if is_sessions { "sessions" } else { "state" };
    let message = format!("`{}` keeps {what} in its {}", service.name, told(service));
    let mut finding = findings.on_component(Severity::Warning, service, format!("{what} inside"), message);
    for property in [Property::Sessions, Property::Stateful] {
        if let Some(span) = service.span(property) {
            finding.place(span, "each has its own");
        }
    }
    finding.note(match service.least_replicas().filter(|least| *least > 1) {
        Some(count) => format!(
            "the loss of one, or its deploy, takes the {what} of {} of the users; a new one takes no load off the others",
            figures::percent(1.0 / f64::from(count))
        ),
        None => format!("the loss of one, or its deploy, takes its {what}; a new one takes no load off the others"),
    });
    finding.help(if is_sessions {
        "keep sessions in a store that all of them read (`sessions = store`), or in a signed token (`sessions = token`)"
    } else {
        "move the state to a store that all of them read"
    });
}

fn told(service: &Component) -> String {
    match service.replicas {
        Replicas::Stated { least, most } if most == Some(least) => format!("{least} replicas"),
        _ => "replicas".to_owned(),
    }
}
