use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::capacity::exceeds;
use crate::analysis::load::Capacity;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Component, ComponentId, Property, Replicas};

declare_rule! {
    /// Says how much of a design could be reckoned, where a part of it could not.
    ///
    /// ## Why it matters
    /// A review that finds nothing wrong says little where it could compute little. Who reads it should know which boxes
    /// were held against figures, and which were only drawn.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { rate = 200/s, reads_per_write = 20, availability = 99.9% }
    /// client browser
    /// service shop { capacity = 300/s } // finding: "1 of 2 components could be held against their load"
    /// database orders : postgres x2 { failover = 30s, read_capacity = 5k/s, write_capacity = 1k/s }
    /// browser -> shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { rate = 200/s, reads_per_write = 20, availability = 99.9% }
    /// client browser
    /// service shop x3 { capacity = 300/s }
    /// database orders : postgres x2 { failover = 30s, read_capacity = 5k/s, write_capacity = 1k/s }
    /// browser -> shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// A rate is stated somewhere, and some components that the team runs lack their load, the capacity of one replica
    /// (neither written nor in the catalogue), or any word on the number of replicas where one alone would be over 70 %
    /// busy: then nothing says whether they carry it. All are one finding, those with the most load first. It is silent
    /// where no rate is known at all, which `unstated-scale` asks for, on managed components, on what only `optional`
    /// links lead to, on designs for few users,
    /// and with `intent = demo | personal | internal`. There is no fix: the values are not in the text.
    ///
    /// ## Known false alarms
    /// Components that can't be the bottleneck: say so with a generous `capacity`.
    ///
    /// ## An interviewer asks
    /// How do you know that it holds? Which of these did you measure?
    ///
    /// ## A good answer
    /// - which of these were measured, and which guessed
    /// - what is measured first, for most rests on it
    ///
    /// ## References
    /// - J. Bentley, *Programming Pearls*, column 7, "The Back of the Envelope".
    static RULE = {
        code: "LP911",
        summary: "components that could not be held against figures, because they state none",
        levels: [Advice],
        review_only: true,
    }
}

/// What a component lacks.
struct Gap<'a> {
    component: &'a Component,
    lacks: Vec<&'static str>,
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let load = &cx.analysis.load;
    if !load.is_known() || crate::analysis::asking::is_small(architecture, cx.analysis) {
        return;
    }
    let missed = missed(architecture);
    let is_ours = |it: &&Component| {
        it.kind.is_run_by_us()
            && !it.is_managed()
            && it.host.is_none()
            && is_called(cx, it)
            && missed[it.id.0 as usize]
    };
    let ours: Vec<&Component> = architecture.components().filter(is_ours).collect();
    let mut gaps: Vec<Gap> = ours
        .iter()
        .map(|component| Gap { component, lacks: lacks(cx, component) })
        .filter(|gap| !gap.lacks.is_empty())
        .collect();
    let most = |gap: &Gap| load.component(gap.component.id).peak.total();
    gaps.sort_by(|one, other| most(other).total_cmp(&most(one)));
    let in_words = |gap: &Gap| -> Asked {
        let label = format!("no {}", gap.lacks.join(", no "));
        (gap.component.name.to_string(), gap.component.span, label)
    };
    let (count, asked) = findings.open_of(architecture, &gaps, in_words);
    let reckoned = ours.len() - count.min(ours.len());
    let message = match reckoned {
        0 => format!(
            "none of {} could be held against its load",
            figures::count(ours.len(), "component", "components")
        ),
        some => format!("{some} of {} components could be held against their load", ours.len()),
    };
    let lacking = |what: &str| gaps.iter().filter(|gap| gap.lacks.contains(&what)).count();
    let tell: Vec<String> = ["load", "capacity", "number of replicas"]
        .into_iter()
        .map(|what| (what, lacking(what)))
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{count} without a {what}"))
        .collect();
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note(format!("{}: whether they carry it, and what breaks first, is open", tell.join(", ")));
        finding.help(
            "state what one replica carries and how many there are: `service api x3 { capacity = 500/s }`",
        );
    }
}

/// By component, whether anybody would miss it: whether something else than `optional` links leads to it.
fn missed(architecture: &Architecture) -> Vec<bool> {
    let is_entry = |it: &Component| architecture.links_to(it.id).len() == 0;
    let mut missed: Vec<bool> = architecture.components().map(is_entry).collect();
    let mut open: Vec<ComponentId> =
        architecture.components().filter(|it| is_entry(it)).map(|it| it.id).collect();
    while let Some(id) = open.pop() {
        for link in architecture.links_from(id).filter(|link| !link.has(Property::Optional)) {
            if !std::mem::replace(&mut missed[link.target.0 as usize], true) {
                open.push(link.target);
            }
        }
    }
    missed
}

/// Whether anything calls it while somebody waits.
fn is_called(cx: &Context, component: &Component) -> bool {
    cx.architecture.links_to(component.id).any(|link| !link.is_beside_the_path())
}

fn lacks(cx: &Context, component: &Component) -> Vec<&'static str> {
    let mut lacks = Vec::new();
    if !cx.analysis.load.component(component.id).is_known() {
        lacks.push("load");
    }
    if Capacity::of(component).is_none() {
        lacks.push("capacity");
    }
    let is_counted = component.replicas != Replicas::Unstated || component.has(Property::Autoscale);
    if !is_counted && !is_carried_by_one(cx, component) {
        lacks.push("number of replicas");
    }
    lacks
}

/// Whether it carries its load however many there are.
fn is_carried_by_one(cx: &Context, component: &Component) -> bool {
    let demand = cx.analysis.load.component(component.id);
    Capacity::of(component).is_some_and(|it| {
        demand.is_known()
            && !exceeds(
                it.share(component, demand.peak, 1.0),
                cx.architecture.parameters.utilisation_target.value,
            )
    })
}
