use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule, is_torn};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Architecture, Component, ComponentId, FaultKind, Property};
use crate::source::Span;

declare_rule! {
    /// Finds components that nothing leads to and that have no reason of their own to run.
    ///
    /// ## Why it matters
    /// Either a link is missing, and what would be judged along it is not; or the box stands in the picture, is paid
    /// for, and does nothing.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service api
    /// database orders
    /// database warehouse // finding: "nothing leads to `warehouse`"
    /// browser -> api -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service api
    /// database orders
    /// database warehouse
    /// browser -> api -> orders
    /// orders ~> warehouse : cdc
    /// ```
    ///
    /// What starts work by itself, and what is only referred to, needs no caller:
    /// ```arch
    /// client browser
    /// service api
    /// queue jobs : sqs { dead_letter = failed_jobs }
    /// queue failed_jobs : sqs
    /// worker mailer
    /// scheduler nightly
    /// monitoring
    /// browser -> api ~> jobs ~> mailer
    /// nightly -> api
    /// ```
    ///
    /// ## How it is detected
    /// No link leads to it, no property of another names it (`caches`, `dead_letter`, `on`, `derived_from`,
    /// `audit_log`), nothing is copied to its group, and it begins nothing itself: code that calls others, a scheduler,
    /// what runs `every` so often, a proxy that the design starts at. Clients have a rule of their own; a `dns` is
    /// asked by everyone; monitoring watches unseen. A file with names or text that could not be read is not judged:
    /// the link may be there. All such components are one question. There is no fix: who calls it is not in the text.
    ///
    /// ## Known false alarms
    /// A component whose caller belongs to another design. Draw that caller as `external`.
    ///
    /// ## An interviewer asks
    /// Who uses this one?
    ///
    /// ## A good answer
    /// - who calls it, or what starts it
    /// - or that it may go, and who says so
    ///
    /// ## References
    /// - Kinds and references in the language's reference.
    static RULE = {
        code: "LP012",
        summary: "components that nothing leads to",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if is_torn(architecture) {
        return;
    }
    let named = named(architecture);
    let strays = strays(architecture);
    let unreached: Vec<_> = architecture
        .components()
        .filter(|it| !named.contains(&it.id) && !begins_by_itself(it) && !is_led_to(architecture, it))
        .filter(|it| !strays.contains(&it.span))
        .map(|it| (it.name.to_string(), it.span, "nothing leads here".to_owned()))
        .collect();
    let unreached = findings.open(architecture, unreached);
    let message = match unreached.as_slice() {
        [(only, ..)] => format!("nothing leads to `{only}`"),
        [(first, ..), (second, ..)] => format!("nothing leads to `{first}` and `{second}`"),
        several => {
            format!("nothing leads to {} of {} components", several.len(), architecture.components().len())
        }
    };
    if let Some(mut finding) = findings.question(Severity::Warning, &unreached, message) {
        finding
            .note("a component that nothing uses is a missing link, or a box to take out")
            .help("link what uses it, say what it is for (`every`, `on`, `caches`), or take it out");
    }
}

/// Words that stand alone and are no kinds: whether they are components at all is not known.
fn strays(architecture: &Architecture) -> FxHashSet<Span> {
    let faults = architecture.faults.iter().filter(|it| it.kind == FaultKind::UnknownKind);
    faults.filter_map(|it| it.labels.first()).map(|it| it.span).collect()
}

/// Who a property of another component names, and who names another: a reference counts as a link.
fn named(architecture: &Architecture) -> FxHashSet<ComponentId> {
    let mut named = FxHashSet::default();
    for component in architecture.components() {
        for (property, target) in &component.references {
            named.insert(*target);
            // Standing on a host is no use of what stands there.
            if *property != Property::On {
                named.insert(component.id);
            }
        }
    }
    named
}

fn begins_by_itself(component: &Component) -> bool {
    component.kind.is_caller_only()
        || matches!(component.kind, Kind::Dns | Kind::Monitoring | Kind::Scheduler)
        || [Property::Every, Property::Rate, Property::Published].into_iter().any(|it| component.has(it))
}

fn is_led_to(architecture: &Architecture, component: &Component) -> bool {
    let id = component.id;
    architecture.links_to(id).any(|link| link.source != id)
        || (begins_a_design(component.kind) && architecture.links_from(id).any(|link| link.target != id))
        || is_copied_to(architecture, id)
}

/// Runs code or passes requests on: with links of its own it may be where the design begins.
fn begins_a_design(kind: Kind) -> bool {
    kind.is_compute() || kind.is_proxy() || matches!(kind, Kind::External | Kind::ThirdParty)
}

fn is_copied_to(architecture: &Architecture, component: ComponentId) -> bool {
    architecture.group_links.iter().any(|link| {
        [link.source, link.target].into_iter().any(|end| match end {
            Ok(group) => architecture.groups_of(component).any(|(id, _)| id == group),
            Err(other) => other == component,
        })
    })
}
