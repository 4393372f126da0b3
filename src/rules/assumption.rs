use rustc_hash::{FxHashMap, FxHashSet};

use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::assumptions::{Assumption, assumptions};
use crate::analysis::blame::misses;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};
use crate::source::Span;

declare_rule! {
    /// Names the figures that the design does not state and that decide what its review finds.
    ///
    /// ## Why it matters
    /// Where nothing is stated, the review takes a figure from its catalogue. That is right on average and wrong for
    /// somebody: who knows the true figure can turn a warning into silence, or silence into an error, with one word.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { rate = 200/s, reads_per_write = 20, availability = 99.9% }
    /// client browser
    /// load_balancer edge { managed, availability = 99.99% }
    /// service shop x2 { zones = 2, capacity = 900/s }
    /// database orders : postgres x1 { read_capacity = 5k/s, write_capacity = 1k/s } // finding: "one assumed figure weighs much: the availability 99.5% of `orders`"
    /// browser -> edge -> shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { rate = 200/s, reads_per_write = 20, availability = 99.9% }
    /// client browser
    /// load_balancer edge { managed, availability = 99.99% }
    /// service shop x2 { zones = 2, capacity = 900/s }
    /// database orders : postgres x1 { availability = 99.95%, read_capacity = 5k/s, write_capacity = 1k/s }
    /// browser -> edge -> shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// Of the figures that availability and load rest on and that nobody wrote, in a design or its configuration, each
    /// is weighed by what hangs on it: the availability of a component by the part of the allowed downtime that it
    /// costs, its capacity by how busy it makes it, the peak factor by the busiest of all. Reported is what a finding
    /// rests on: the availabilities that cost a promise that is missed a fifth of its downtime or more, and what makes a
    /// component over 70 % busy. All are one finding, the weightiest first. It is silent on designs for few users, with
    /// `intent = demo | personal | internal`, and where published SLAs are only summed up. There is no fix: only the
    /// author knows the figure.
    ///
    /// ## Known false alarms
    /// None known: `loadpath report` lists all of them.
    ///
    /// ## An interviewer asks
    /// Where does this figure come from?
    ///
    /// ## A good answer
    /// - where it is taken from, and how far off it may be
    /// - what would come out otherwise if it were half or twice as much
    ///
    /// ## References
    /// - B. Beyer et al., *Site Reliability Engineering*, chapter 3, "Embracing Risk".
    static RULE = {
        code: "LP909",
        summary: "figures of the catalogue that the review rests on",
        levels: [Advice],
        review_only: true,
    }
}

/// An assumption, and what hangs on it.
struct Weighed {
    element: String,
    span: Span,
    /// What is assumed: `availability 99.5%`.
    what: String,
    property: &'static str,
    /// The part of a budget or a capacity that it decides over.
    weight: f64,
    /// The same in words.
    why: String,
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let is_sum = architecture.system.properties.is(Property::Assume, "nothing");
    if is_sum || crate::analysis::asking::is_small(architecture, cx.analysis) {
        return;
    }
    let components: FxHashMap<&str, &Component> =
        architecture.components().map(|it| (it.name.as_str(), it)).collect();
    let costs = costs(cx);
    let busiest = cx
        .architecture
        .components()
        .filter_map(|it| cx.analysis.load.utilisation(it).map(|busy| busy.share))
        .fold(0.0, f64::max);
    let mut found = assumptions(architecture, cx.analysis);
    // What the configuration says is somebody's word.
    found.retain(|it| !it.fact.is_own());
    let parameters = &cx.architecture.parameters;
    let (heavy, full) = (parameters.early_use.value, parameters.utilisation_target.value);
    let mut weighed: Vec<Weighed> = found
        .iter()
        .filter_map(|it| weigh(cx, it, &components, &costs, busiest))
        .filter(|it| it.weight >= if it.property == Property::Availability.name() { heavy } else { full })
        .collect();
    // Of two that weigh the same the nearer one counts: capacities differ more than peaks do.
    let is_system = |it: &Weighed| it.property == Property::PeakFactor.name();
    weighed.sort_by(|one, other| {
        other.weight.total_cmp(&one.weight).then(is_system(one).cmp(&is_system(other)))
    });
    let mut seen: FxHashSet<String> = FxHashSet::default();
    weighed.retain(|it| seen.insert(it.element.clone()));
    let in_words =
        |it: &Weighed| -> Asked { (it.element.clone(), it.span, format!("{} assumed: {}", it.what, it.why)) };
    let (count, asked) = findings.open_of(architecture, &weighed, in_words);
    let Some(first) = weighed.iter().find(|it| asked.first().is_some_and(|asked| asked.0 == it.element))
    else {
        return;
    };
    let told = format!("the {} of `{}`", first.what, first.element);
    let message = match count {
        1 => format!("one assumed figure weighs much: {told}"),
        many => format!("{many} assumed figures weigh much, and {told} weighs most"),
    };
    let help = format!("state what you know: `{}` on `{}`", first.property, first.element);
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note(format!(
            "{} that nobody stated in all: `loadpath report` lists them with their sources",
            figures::count(found.len(), "figure", "figures")
        ));
        finding.help(help);
    }
}

/// What part of the downtime of a promise that is missed each element costs at most.
fn costs(cx: &Context) -> FxHashMap<String, f64> {
    let mut costs: FxHashMap<String, f64> = FxHashMap::default();
    for (journey, judged) in cx.analysis.judged() {
        let Some(budget) = journey.promise.budget().filter(|it| *it > 0.0) else { continue };
        if !misses(judged.low, 1.0 - budget) {
            continue;
        }
        for contribution in judged.contributions.iter().take(8) {
            let cost = costs.entry(contribution.element.name(cx.architecture)).or_default();
            *cost = cost.max(contribution.saved / budget);
        }
    }
    costs
}

fn weigh(
    cx: &Context,
    assumption: &Assumption,
    components: &FxHashMap<&str, &Component>,
    costs: &FxHashMap<String, f64>,
    busiest: f64,
) -> Option<Weighed> {
    let system = &cx.architecture.system;
    let element = assumption.element.clone();
    let what = |figure: String| format!("{} {figure}", assumption.property.replace('_', " "));
    if assumption.property == Property::PeakFactor.name() {
        let why = format!("by it the busiest component is {} busy", figures::roughly(busiest));
        let what = what(figures::number(assumption.fact.value));
        let property = assumption.property;
        return Some(Weighed { element, span: system.span, what, property, weight: busiest, why });
    }
    let component = components.get(element.as_str())?;
    let (weight, figure, why) = match assumption.property {
        "availability" => {
            let cost = costs.get(&element).copied()?;
            (
                cost,
                figures::availability(assumption.fact.value),
                format!("{} of the downtime that is allowed", figures::roughly(cost)),
            )
        }
        "capacity" | "read_capacity" | "write_capacity" => {
            // Who only brings the load carries what it decides itself.
            cx.architecture.links_to(component.id).next()?;
            let busy = cx.analysis.load.utilisation(component)?.share;
            (busy, figures::rate(assumption.fact.value), format!("by it {} busy", figures::roughly(busy)))
        }
        _ => return None,
    };
    let property = assumption.property;
    Some(Weighed { element, span: component.span, what: what(figure), property, weight, why })
}
