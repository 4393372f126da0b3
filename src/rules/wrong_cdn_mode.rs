use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, Link, Property};
use crate::quantity::Size;

declare_rule! {
    /// Finds CDNs that are filled by hand although their content runs out soon, or on demand although it is released at
    /// once to all.
    ///
    /// ## Why it matters
    /// What is pushed has to be pushed again with each change; what is pulled is fetched by the first who asks, which
    /// for a large file on the day of its release is everybody at once.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// cdn edge { delivery_mode = push, ttl = 1h } // finding: "what is pushed to `edge` runs out after 60 min"
    /// object_store files
    /// browser -> edge -> files
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// cdn edge { delivery_mode = pull, ttl = 1h }
    /// object_store files
    /// browser -> edge -> files
    /// ```
    ///
    /// ## How it is detected
    /// A CDN states `delivery_mode = push` and a `ttl` of under a day; or `pull` while a `payload` of 100 MB or more is
    /// read by way of it, as a link to or from it states or a flow that takes one (both limits assumed). What is only
    /// written by way of it is not meant. There is no fix: who fills it is a part of how releases are made.
    ///
    /// ## Known false alarms
    /// A job pushes with each change, or the large files are many, each of them asked for by few: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// Who brings a new version to the edge, and who asks for it first?
    ///
    /// ## A good answer
    /// - whether the first who asks can wait, and who that is
    /// - how often it changes, and what uploading it each time costs
    ///
    /// ## References
    /// - System Design Primer, "Push CDNs" and "Pull CDNs"
    static RULE = {
        code: "LP602",
        summary: "a CDN that is filled in the way that does not fit its content",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let (day, large) =
        (cx.architecture.parameters.pushed_content.duration(), cx.architecture.parameters.pulled_size.size());
    for cdn in architecture.of_kind(Kind::Cdn).filter(|it| !it.has(Property::Because)) {
        let ttl =
            cdn.duration(Property::Ttl).filter(|it| *it < day && cdn.is(Property::DeliveryMode, "push"));
        let heavy = Some(cdn).filter(|it| it.is(Property::DeliveryMode, "pull"));
        let heavy = heavy.and_then(|it| read_by_way_of(cx, it)).filter(|it| *it >= large);
        let (message, note, help) = match (ttl, heavy) {
            (Some(ttl), _) => (
                format!("what is pushed to `{}` runs out after {ttl}", cdn.name),
                "each change has to be pushed to all its places again, and what was not is gone",
                "let it fetch what is asked for (`delivery_mode = pull`), and push only what stays for weeks",
            ),
            (None, Some(size)) => (
                format!("the first who asks `{}` for {size} waits until all of it has come", cdn.name),
                "on the day of a release that is everybody at once, at every place",
                "push large releases before anybody asks for them (`delivery_mode = push`)",
            ),
            _ => continue,
        };
        let mut finding =
            findings.on_component(Severity::Warning, cdn, "filled the other way round", message);
        if let Some(span) = cdn.span(Property::DeliveryMode) {
            finding.place(span, "stated here");
        }
        finding.note(note).help(help);
    }
}

/// The largest payload that is stated of what is read from a CDN, or by it from its origin.
fn read_by_way_of(cx: &Context, cdn: &Component) -> Option<Size> {
    let architecture = cx.architecture;
    let is_read = |link: &&Link| {
        let demand = cx.analysis.load.link(link.id);
        let reads = demand.mean.reads + demand.mean.other;
        !link.is_writes_only() && !link.copies_data() && (!demand.is_known() || reads.is_positive())
    };
    let links = architecture.links_to(cdn.id).chain(architecture.links_from(cdn.id)).filter(is_read);
    // What a flow carries goes through proxies as it is, and no further.
    let comes_in = |link: &Link| {
        let kind = architecture.component(link.source).kind;
        link.target == cdn.id && (kind.is_outside() || kind.is_proxy())
    };
    let flows = architecture.flows().filter(|flow| flow.has(Property::Reads) || !flow.has(Property::Writes));
    let flows = flows.filter(|flow| flow.path.steps.iter().any(|it| comes_in(architecture.link(*it))));
    let stated = links.map(|it| &it.properties).chain(flows.map(|it| &it.properties));
    stated.filter_map(|it| it.size(Property::Payload)).reduce(Size::max)
}
