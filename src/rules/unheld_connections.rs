use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Link, Property};
use crate::quantity::Duration;

declare_rule! {
    /// Finds connections that stay open for minutes, through something that ends them sooner.
    ///
    /// ## Why it matters
    /// A WebSocket lives as long as the shortest thing on its way. What is cut after half a minute comes back at once,
    /// from all clients together, and asks for everything again.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// function live : lambda
    /// browser -> live : websocket // finding: "`live` can't hold the WebSocket of `browser`"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service live x3
    /// browser -> live : websocket
    /// ```
    ///
    /// ## How it is detected
    /// A link speaks only protocols that hold a connection open (WebSocket, server-sent events and the like) or states
    /// `connections = long`, and leads to or through a `function`, which ends with its answer, or a proxy whose engine
    /// gives up on a silent connection within a minute or so by default (assumed), with no `timeout` stated on the link
    /// or the proxy. An API gateway before a function holds the connection for it and calls it for each message, and
    /// what a function gets from a queue it is called for as well. There is no fix: who holds the connection is a choice.
    ///
    /// ## Known false alarms
    /// A gateway of the provider holds them for the function: draw it, and let the function be called by it.
    ///
    /// ## An interviewer asks
    /// Nothing is said on this connection for a while. Who ends it first?
    ///
    /// ## A good answer
    /// - what on the way gives up first, and after how long
    /// - a sign of life more often than that, and how a client comes back
    ///
    /// ## References
    /// - RFC 6455: The WebSocket Protocol, 5.5.2 (Ping)
    /// - AWS documentation, "Lambda quotas"
    static RULE = {
        code: "LP708",
        summary: "long connections through what can't hold them",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let is_held_open = |link: &&Link| {
        (link.is_held_open() && !architecture.component(link.target).kind.holds_data()
            || link.is(Property::Connections, "long"))
            && !link.is_async()
            && !link.copies_data()
    };
    for link in architecture.links().filter(is_held_open) {
        let (source, target) = architecture.ends(link);
        let gives_up = target
            .known()
            .get(|facts| facts.default_timeout)
            .map(|it| it.duration())
            .filter(|it| target.kind.is_proxy() && *it <= Duration::new(120.0));
        // It is called for each message; the connection is another's.
        let is_called = source.kind == Kind::ApiGateway || source.kind.is_queue();
        let says = link.is_stated(Property::Timeout) || target.is_stated(Property::Timeout);
        let why = match gives_up {
            _ if target.kind == Kind::Function && is_called => continue,
            _ if target.kind == Kind::Function => "ends with its answer".to_owned(),
            Some(time) if !says => format!("ends what is silent for {time} (assumed)"),
            _ => continue,
        };
        let what = link.known_protocols().next().map_or("long connection", |it| it.title);
        let message = format!("`{}` can't hold the {what} of `{}`: it {why}", target.name, source.name);
        findings
            .on_link(Severity::Warning, architecture, link, "to stay open", message)
            .label(target.name.as_str(), target.span, why)
            .note("what is cut comes back at once, from all clients together, and asks for everything again")
            .help("let a service hold the connections, raise what ends them (`timeout`) over the pause between two signs of life, and spread the returns (`backoff`)");
    }
}
