use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Properties, Property};

declare_rule! {
    /// Finds data that must arrive and goes by a protocol which does not repeat what is lost.
    ///
    /// ## Why it matters
    /// Datagrams are lost whenever a queue on the way is full, and neither end is told. Under load, when it matters
    /// most, most are lost.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// service billing
    /// shop -> billing : udp { durability = no_loss } // finding: "what `shop -> billing` carries must arrive, and UDP loses it"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// service billing
    /// shop -> billing : https { durability = no_loss }
    /// ```
    ///
    /// Nor here:
    /// ```arch
    /// service shop
    /// monitoring metrics
    /// shop ~> metrics : udp
    /// ```
    ///
    /// ## How it is detected
    /// All protocols of a link are made of datagrams with nothing above that repeats them: one whose caller waits for an
    /// answer (DNS, CoAP) is asked again. And the link, its target, a flow that takes it, or the system asks
    /// `durability = no_loss` (the nearest counts, and the system's not for monitoring), or the link is `required`.
    /// There is no fix: what repeats them is a choice.
    ///
    /// ## Known false alarms
    /// The application repeats what is not acknowledged: state the protocol that it speaks above.
    ///
    /// ## An interviewer asks
    /// One of these is lost on the way. Who finds out?
    ///
    /// ## A good answer
    /// - who notices that one is missing, and sends it again
    /// - or that the next one replaces it
    ///
    /// ## References
    /// - RFC 768: UDP; RFC 8085: UDP Usage Guidelines
    static RULE = {
        code: "LP702",
        summary: "data that must arrive, by a protocol that loses it",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for link in architecture.links() {
        let mut known = link.known_protocols().peekable();
        let Some(first) = known.peek().copied() else { continue };
        if !known.all(|it| it.datagram && !it.is_request)
            || link.protocols.len() != link.known_protocols().count()
        {
            continue;
        }
        let target = architecture.component(link.target);
        let own =
            [(architecture.link_name(link), &link.properties), (target.name.to_string(), &target.properties)];
        let nearest = own.into_iter().find(|(_, it)| it.is_stated(Property::Durability));
        let flows = cx.analysis.trust.flows_of(architecture, link);
        let flows = flows.map(|it| (it.name.to_string(), &it.properties));
        let asks = |it: &Properties| it.is(Property::Durability, "no_loss");
        // What is said for all is meant of the data of the system, not of what is told about it.
        let is_meant = target.kind != Kind::Monitoring && !link.is_beside_the_path();
        let system = ("system".to_owned(), &architecture.system.properties);
        let asked = if nearest.is_some() {
            nearest.filter(|(_, it)| asks(it))
        } else {
            let mut flows = flows.filter(|(_, it)| it.is_stated(Property::Durability)).peekable();
            if flows.peek().is_some() {
                flows.find(|(_, it)| asks(it))
            } else {
                Some(system).filter(|(_, it)| is_meant && asks(it))
            }
        };
        let required = link.span(Property::Required).filter(|_| link.has(Property::Required));
        let asked = asked.and_then(|(element, it)| Some((element, it.span(Property::Durability)?)));
        let Some((element, span)) = asked.or_else(|| Some((architecture.link_name(link), required?))) else {
            continue;
        };
        let name = architecture.link_name(link);
        let message = format!("what `{name}` carries must arrive, and {} loses it", first.title);
        findings
            .on_link(Severity::Error, architecture, link, "may be lost, and nobody is told", message)
            .label(element, span, "must arrive")
            .note("a full queue on the way drops datagrams, most of them under the load at which they matter")
            .help("send it by TCP or a protocol above it (`https`, `amqps`), by QUIC, or put it into a durable queue");
    }
}
