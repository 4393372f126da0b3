use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::Property;

declare_rule! {
    /// Asks about clients that ask again and again, where they are so many that the asking is the load.
    ///
    /// ## Why it matters
    /// Most answers are "nothing new". They cost a request each all the same, and what is new still comes half a round
    /// late.
    ///
    /// ## Example
    /// ```arch
    /// client app { rate = 5k/s }
    /// service feed x9
    /// app -> feed : polling // finding: "`app` asks `feed` 15 000 times a second at peak whether there is something new"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app { rate = 5k/s }
    /// service feed x9
    /// app -> feed : websocket
    /// ```
    ///
    /// Nor here:
    /// ```arch
    /// client app { rate = 5/s }
    /// service feed x9
    /// app -> feed : polling
    /// ```
    ///
    /// ## How it is detected
    /// A link from a client, a person or a third party speaks `polling` or `long_polling` and nothing else, and 1 000
    /// requests a second or more take it at peak (assumed to be many). A queue is asked so by its nature, and how another
    /// company is asked is for it to say. Only in a review. There is no fix: another protocol changes both ends.
    ///
    /// ## Known false alarms
    /// Answers that a CDN keeps for all: draw it.
    ///
    /// ## An interviewer asks
    /// How many of these answers say that nothing is new, and what do they cost?
    ///
    /// ## A good answer
    /// - how often something changes, against how often it is asked
    /// - a connection that stays open, or an answer that is kept for a second
    ///
    /// ## References
    /// - RFC 6202: Known Issues and Best Practices for the Use of Long Polling and Streaming in Bidirectional HTTP
    static RULE = {
        code: "LP710",
        summary: "many clients that ask again and again whether there is something new",
        levels: [Advice],
        review_only: true,
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for link in architecture.links().filter(|it| !it.has(Property::Because)) {
        let asks_again = link.speaks_only(|it| it.polls);
        let (source, target) = architecture.ends(link);
        let demand = cx.analysis.load.link(link.id);
        let peak = demand.peak.total();
        // What passes the questions on asks none of its own.
        if !asks_again
            || !source.kind.is_outside()
            || target.kind == Kind::Cdn
            || target.kind.is_queue()
            || target.kind.is_outside()
            || !demand.is_known()
            || peak < cx.architecture.parameters.flood_rate.rate()
        {
            continue;
        }
        let message = format!(
            "`{}` asks `{}` {} times a second at peak whether there is something new",
            source.name,
            target.name,
            crate::figures::number(peak.per_second())
        );
        findings
            .on_link(Severity::Advice, architecture, link, format!("{peak} at peak"), message)
            .note("most answers say that nothing is, and what is new comes half a round late")
            .help("hold a connection open and tell clients (`websocket`, `sse`), or let a CDN answer for a second at a time");
    }
}
