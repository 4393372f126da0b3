use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::availability::MONTH_MINUTES;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};

declare_rule! {
    /// Asks what a third party promises, where a flow with a promise waits for it and nothing is known.
    ///
    /// ## Why it matters
    /// A promise that rests on somebody who gives none is a guess. What is taken for it here may be wrong by as much as
    /// the whole budget.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { availability = 99.9% }
    /// client browser
    /// service shop x3 { zones = 3 }
    /// third_party taxes // finding: "how often is `taxes` up?"
    /// browser -> shop -> taxes : https
    /// flow buy { browser -> shop -> taxes }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { availability = 99.9% }
    /// client browser
    /// service shop x3 { zones = 3 }
    /// third_party taxes { slo = 99.95%, availability = 99.95% }
    /// browser -> shop -> taxes : https
    /// flow buy { browser -> shop -> taxes }
    /// ```
    ///
    /// ## How it is detected
    /// A flow that promises a figure needs a third party that states neither `availability` nor `slo`, and of which the
    /// catalogue knows no published SLA: 99.9% is then assumed. All such are one question. There is no fix: only the
    /// provider knows.
    ///
    /// ## Known false alarms
    /// You have measured it: state its `availability`.
    ///
    /// ## An interviewer asks
    /// What does its contract say, and what did you measure in the last year?
    ///
    /// ## A good answer
    /// - what the provider publishes or the contract says, and what was measured
    /// - what you reckon with until you know, and why not with more
    ///
    /// ## References
    /// - B. Treynor et al., The Calculus of Service Availability, ACM Queue 15(2), 2017
    static RULE = {
        code: "LP117",
        summary: "a third party that promises nothing, under a flow that promises much",
        levels: [Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let is_unknown = |it: &Component| {
        it.kind == Kind::ThirdParty
            && !it.is_stated(Property::Availability)
            && !it.is_stated(Property::Slo)
            && it.engine().is_none_or(|engine| engine.facts.availability.is_none())
    };
    let through = cx.analysis.journeys_through(|id| is_unknown(architecture.component(id)));
    let is_promised = |at: &usize| {
        let journey = &cx.analysis.journeys[*at];
        journey.promise.slo.is_some()
    };
    let waited: Vec<&Component> = architecture
        .components()
        .filter(|it| {
            let enters = |at: &usize| cx.analysis.journeys[*at].entries.contains(&it.id);
            through.get(&it.id).is_some_and(|all| all.iter().any(|at| is_promised(at) && !enters(at)))
        })
        .collect();
    let in_words =
        |it: &&Component| -> Asked { (it.name.to_string(), it.span, "promises nothing here".to_owned()) };
    let (count, asked) = findings.open_of(architecture, &waited, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let up = cx.architecture.parameters.third_party_availability.value;
    let (taken, minutes) = (figures::availability(up), figures::minutes((1.0 - up) * MONTH_MINUTES));
    let message = match count {
        1 => format!("how often is `{first}` up? {taken} is assumed, {minutes} a month"),
        many => {
            format!("how often are {many} third parties up? {taken} is assumed of each, {minutes} a month")
        }
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding
            .note("a promise can't be kept by what nobody promises")
            .help("look into the contract and the status page of the last year, and state `availability`");
    }
}
