use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::Property;

declare_rule! {
    /// Asks about sound and pictures that are live, by a protocol which waits until what was lost has come again.
    ///
    /// ## Why it matters
    /// For a call a sound that comes late is as good as lost, and all that come after it wait for it. A protocol that
    /// repeats turns one lost packet into a stutter.
    ///
    /// ## Example
    /// ```arch
    /// client caller { rate = 100/s }
    /// service bridge { service_time = 5ms }
    /// caller -> bridge : tcp { payload = 160B }
    /// flow talk { latency_p99 = 100ms, durability = best_effort; caller -> bridge } // finding: "`talk` is live, and waits for what is lost"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client caller { rate = 100/s }
    /// service bridge { service_time = 5ms }
    /// caller -> bridge : srtp { payload = 160B }
    /// flow talk { latency_p99 = 100ms, durability = best_effort; caller -> bridge }
    /// ```
    ///
    /// ## How it is detected
    /// A flow states that it may lose data (`durability = best_effort`) and asks an answer, or its freshness, within
    /// 150 ms, what people bear in a call; and it comes from or goes to a client, a person or a third party by a link
    /// that speaks nothing but bare streams of bytes (`tcp`, `tls`, `rtmp`). Inside, where next to nothing is lost, they
    /// do no harm. Only in a review. There is no fix: the protocol changes both ends.
    ///
    /// ## Known false alarms
    /// Numbers that need no more than the latest: take a datagram, or say why not in a `because`.
    ///
    /// ## An interviewer asks
    /// One packet is lost. What do those who listen get until it has come again?
    ///
    /// ## A good answer
    /// - that all which follows waits for it
    /// - that what is late is left out, and what fills the gap
    ///
    /// ## References
    /// - ITU-T G.114: one-way transmission time up to 150 ms
    /// - RFC 3550: RTP
    static RULE = {
        code: "LP703",
        summary: "speech or pictures live, by a protocol that waits for what is lost",
        levels: [Advice],
        review_only: true,
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let limit = cx.architecture.parameters.live_latency.duration();
    for flow in architecture
        .flows()
        .filter(|it| it.is(Property::Durability, "best_effort") && !it.has(Property::Because))
    {
        let mut asked =
            [Property::LatencyP99, Property::Freshness].into_iter().filter_map(|it| flow.duration(it));
        if !asked.any(|it| it <= limit) {
            continue;
        }
        // Packets are lost on the way to people, and next to none inside.
        let is_outside = |id| architecture.component(id).kind.is_outside();
        let mut links = flow.path.steps.iter().map(|id| architecture.link(*id));
        let link = links.find(|it| {
            (is_outside(it.source) || is_outside(it.target))
                && !it.has(Property::Because)
                && it.speaks_only(|protocol| protocol.byte_stream)
        });
        let Some(link) = link else { continue };
        let message = format!("`{}` is live, and waits for what is lost", flow.name);
        findings
            .report(Severity::Advice, flow.name.as_str(), flow.span, "late is as good as lost", message)
            .label(architecture.link_name(link), link.span, "repeats, and holds up what comes after")
            .flow(flow.name.as_str())
            .note("a packet that is repeated comes a round trip later, and all behind it wait")
            .help("send what is live by datagrams (`srtp`, `webrtc`), and leave out what is late");
    }
}
