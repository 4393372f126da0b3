use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds stores with several primaries that do not say which write wins.
    ///
    /// ## Why it matters
    /// Two primaries take two writes of one record at the same time, and each tells its caller that it is done. Where
    /// nothing decides, the clock does: one of the two is lost without a word, or the copies differ for good.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// database carts : postgres x2 { primaries = 2, conflict_resolution = none } // finding: "2 primaries, and nothing says which write wins"
    /// shop -> carts
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// database carts : postgres x2 { primaries = 2, conflict_resolution = merge }
    /// shop -> carts
    /// ```
    ///
    /// ## How it is detected
    /// A store states two `primaries` or more, or stores are drawn that copy to each other, and none of them states a
    /// `conflict_resolution`: stated as none it is an error, unsaid a warning. Where a quorum decides there are no conflicts,
    /// and engines whose nodes all take writes bring a rule of their own (mostly the last write wins). There is no fix: who
    /// wins is the design's decision.
    ///
    /// ## Known false alarms
    /// Each record is written in one place only: state it (`conflict_resolution = single_writer`).
    ///
    /// ## An interviewer asks
    /// The same cart is changed in two regions within a second. What is in it afterwards?
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 5, "Handling write conflicts".
    /// - G. DeCandia et al., Dynamo: Amazon's Highly Available Key-value Store, SOSP 2007.
    static RULE = {
        code: "LP404",
        summary: "several primaries, and nothing that says which write wins",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let stores = cx.architecture.components().filter(|it| it.kind.is_store());
    for store in stores.filter(|it| !it.has(Property::ConflictResolution) && !decides_by_itself(it)) {
        let primaries = store.figure(Property::Primaries).filter(|it| *it > 1.0);
        let peers: Vec<&Component> = peers(cx, store);
        if primaries.is_none()
            && (peers.is_empty() || peers.iter().any(|it| it.has(Property::ConflictResolution)))
        {
            continue;
        }
        // Of a ring the first tells it.
        if primaries.is_none() && peers.iter().any(|it| it.id < store.id) {
            continue;
        }
        report(findings, store, primaries, &peers);
    }
}

/// Whether a quorum decides, or its engine brings a rule.
fn decides_by_itself(store: &Component) -> bool {
    let facts = store.engine().map(|it| it.facts);
    store.is(Property::Replication, "quorum")
        || store.is_stated(Property::WriteQuorum)
        || facts.is_some_and(|it| it.consensus || it.masterless)
}

/// The stores that it copies to and that copy to it.
fn peers<'a>(cx: &'a Context, store: &Component) -> Vec<&'a Component> {
    let copies =
        |from, to| cx.architecture.links_from(from).any(|it| it.copies_each_write() && it.target == to);
    let targets =
        cx.architecture.links_from(store.id).filter(|it| it.copies_each_write()).map(|it| it.target);
    let both = targets.filter(|it| *it != store.id && copies(*it, store.id));
    both.map(|it| cx.architecture.component(it)).collect()
}

fn report(findings: &mut Findings, store: &Component, primaries: Option<f64>, peers: &[&Component]) {
    let is_stated = store.is_absent(Property::ConflictResolution);
    let severity = if is_stated { Severity::Error } else { Severity::Warning };
    let message = match (primaries, peers.first()) {
        (Some(count), _) => {
            format!("`{}` has {count} primaries, and nothing says which write wins", store.name)
        }
        (None, Some(peer)) => format!(
            "`{}` and `{}` both take writes and copy them to each other, and nothing says which wins",
            store.name, peer.name
        ),
        (None, None) => return,
    };
    let mut finding = findings.on_component(severity, store, "takes writes in several places", message);
    if let Some(span) = store.span(Property::ConflictResolution).or_else(|| store.span(Property::Primaries)) {
        finding.place(span, "stated here");
    }
    for peer in peers.iter().take(3) {
        finding.label(peer.name.as_str(), peer.span, "takes writes as well");
    }
    finding.note(
        "of two writes of one record at a time one is lost without a word, or the copies differ for good",
    );
    finding.help(
        "write each record in one place only, or say how it is merged: `conflict_resolution = merge`, \
         `last_write_wins` where losing one is no matter",
    );
}
