use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::Property;

declare_rule! {
    /// Finds queues of the inside that clients from outside write to directly.
    ///
    /// ## Why it matters
    /// A queue takes what it is given. Whoever has its address and a key fills it with junk, in a form that no consumer
    /// expects, at a rate that nobody limits.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// queue jobs : rabbitmq
    /// worker mailer
    /// app ~> jobs ~> mailer // finding: "`app` writes to `jobs` directly"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service api
    /// queue jobs : rabbitmq
    /// worker mailer
    /// app -> api ~> jobs ~> mailer
    /// ```
    ///
    /// ## How it is detected
    /// A client, a person or a third party sends to a queue or a stream, and the link states neither how the caller is
    /// known (`auth`, other than `none`), a `rate_limit`, nor a `because`; protocols for devices (MQTT, CoAP) are made
    /// for it. There is no fix: a door before it is a part of the design.
    ///
    /// ## Known false alarms
    /// A queue that is the interface: state the link's `auth` and `rate_limit`.
    ///
    /// ## An interviewer asks
    /// I have the address of this queue. What can I put in, and how much?
    ///
    /// ## A good answer
    /// - who may put something in, how that is known, and how much of it
    /// - what becomes of a message that no consumer expects
    ///
    /// ## References
    /// - CWE-668: Exposure of Resource to Wrong Sphere; CWE-770
    /// - OWASP ASVS 5.0: 2.4.1
    static RULE = {
        code: "LP219",
        summary: "an inner queue that clients write to",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let answers =
        [Property::Auth, Property::RateLimit, Property::Because, Property::Signed, Property::AllowList];
    for link in architecture.links() {
        let (source, queue) = architecture.ends(link);
        let is_for_devices =
            link.known_protocols().any(|it| it.name.starts_with("mqtt") || it.name.starts_with("coap"));
        let comes_in = matches!(source.kind, Kind::Client | Kind::Person | Kind::ThirdParty)
            && cx.analysis.trust.is_outside(source.id);
        if !comes_in
            || !queue.kind.is_queue()
            || is_for_devices
            || link.is_reads_only()
            || answers.iter().any(|it| link.has(*it) || queue.has(*it))
        {
            continue;
        }
        let message = format!(
            "`{}` writes to `{}` directly, and nothing looks at what it sends",
            source.name, queue.name
        );
        findings
            .on_link(Severity::Warning, architecture, link, "from outside", message)
            .label(queue.name.as_str(), queue.span, "takes what it is given")
            .note("what no consumer expects comes back again and again, and what is too much fills it for all")
            .help(format!("let a service take it in, that knows its callers, looks at each message and limits them, and puts it into `{}`", queue.name));
    }
}
