use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Component, Group, GroupKind, Property};
use rustc_hash::FxHashSet;

declare_rule! {
    /// Finds sensitive stores on the same network as what the outside talks to.
    ///
    /// ## Why it matters
    /// Whoever breaks the component that faces the outside stands on its network. If the store is on it as well,
    /// nothing is left in between.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// network front { trust = public; service shop; database cards { data = [pci] } }
    /// browser -> shop -> cards // finding: "`cards` holds pci on `front`, where the outside comes in"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// network front { trust = public; service shop }
    /// network back { database cards { data = [pci] } }
    /// browser -> shop -> cards
    /// ```
    ///
    /// ## How it is detected
    /// A store that holds secrets, cards, health, personal or financial data stands in a drawn `network` that is `trust
    /// = public` or `dmz`, or that a component stands in which the outside calls. Designs that draw no second network
    /// are left alone: there is nothing to stand in. There is no fix: a network is a part of the design.
    ///
    /// ## Known false alarms
    /// Rules on each machine do the same: say so in a `because` on the store.
    ///
    /// ## An interviewer asks
    /// I own the part that the outside talks to. What can I reach from it without another password?
    ///
    /// ## A good answer
    /// - what may speak with the data, and that nothing else can
    /// - what a second wall costs, against what lies behind it
    ///
    /// ## References
    /// - CWE-653: Improper Isolation or Compartmentalization
    /// - PCI DSS 4.0: 1.3, 1.4
    /// - OWASP Top 10 2025: A02 Security Misconfiguration
    static RULE = {
        code: "LP519",
        summary: "sensitive data on a network that the outside comes in by",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let networks = architecture.groups().filter(|it| it.kind == GroupKind::Network).count();
    let network = |id| architecture.enclosing(id, GroupKind::Network);
    let facing: FxHashSet<_> =
        cx.analysis.trust.outside_entries(architecture).filter_map(|link| network(link.target)).collect();
    for store in architecture.components().filter(|it| it.kind.is_store() && !it.has(Property::Because)) {
        let Some(id) = network(store.id) else { continue };
        let group = architecture.group(id);
        let is_open = ["public", "dmz"].iter().any(|word| group.properties.is(Property::Trust, word));
        // Where all stands on one network there is no other to put it on yet.
        let faces = facing.contains(&id) && networks > 1;
        let classes = cx.analysis.trust.held(store.id).sensitive();
        if (is_open || faces) && !classes.is_empty() {
            report(findings, cx, store, group, &classes.to_string());
        }
    }
}

fn report(findings: &mut Findings, cx: &Context, store: &Component, group: &Group, classes: &str) {
    let message = format!("`{}` holds {classes} on `{}`, where the outside comes in", store.name, group.name);
    let calls = cx.architecture.links_to(store.id).next();
    let mut finding = match calls {
        Some(link) => {
            findings.on_link(Severity::Warning, cx.architecture, link, format!("leads to {classes}"), message)
        }
        None => findings.on_component(Severity::Warning, store, format!("holds {classes}"), message),
    };
    finding.label(store.name.as_str(), store.span, format!("holds {classes}"));
    finding.label(group.name.as_str(), group.span, "faces the outside");
    finding
        .note("whoever breaks what faces the outside stands beside the store")
        .help("put the store into a network of its own that only its callers reach: `network back { … }`");
}
