use super::{Context, Findings, declare_rule};
use crate::analysis::availability::MONTH_MINUTES;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Properties, Property};
use crate::quantity::Duration;

declare_rule! {
    /// Asks about the downtime that deploys bring, where it is more than what failures leave of a promise.
    ///
    /// ## Why it matters
    /// Most outages come with a change. A promise that is reckoned from failing machines alone is broken by the release
    /// of Thursday.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { availability = 99.9% }
    /// client browser
    /// load_balancer edge : alb
    /// service shop x3 { zones = 3, deploys = 5/day, change_failure_rate = 5%, rollback = 30min } // finding: "deploys of `shop` cost 225 min a month"
    /// database orders : dynamodb
    /// browser -> edge -> shop -> orders
    /// flow buy { browser -> edge -> shop -> orders }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { availability = 99.9% }
    /// client browser
    /// load_balancer edge : alb
    /// service shop x3 { zones = 3, deploys = 5/day, change_failure_rate = 1%, rollback = 1min }
    /// database orders : dynamodb
    /// browser -> edge -> shop -> orders
    /// flow buy { browser -> edge -> shop -> orders }
    /// ```
    ///
    /// ## How it is detected
    /// A component, its group or the system states `deploys`, their `change_failure_rate` and the time of a `rollback`.
    /// U = deploys × failure rate × rollback, as if all users were hit, is held against what the failures leave of the
    /// promise of each flow that needs the component and keeps it otherwise. Only in a review. There is no fix: how
    /// releases are made is not in the text.
    ///
    /// ## Known false alarms
    /// Releases that reach a few users first: put their part into the `change_failure_rate`.
    ///
    /// ## An interviewer asks
    /// How many minutes of your budget do you spend on your own releases?
    ///
    /// ## A good answer
    /// - how often a release goes out, how long one hurts, and for how many users
    /// - what makes the next one hurt fewer of them, or for a shorter time
    ///
    /// ## References
    /// - B. Beyer et al., *Site Reliability Engineering*, chapters 3 and 8
    /// - N. Forsgren, J. Humble, G. Kim, *Accelerate*: change failure rate and time to restore
    static RULE = {
        code: "LP116",
        summary: "deploys that cost more than what is left of a promise",
        levels: [Advice],
        review_only: true,
    }
}

/// What a component states of its deploys: how many a month, and how long each is down on average.
struct Deploys<'a> {
    stated: &'a Properties,
    a_month: f64,
    failing: f64,
    rollback: Duration,
}

impl<'a> Deploys<'a> {
    fn of(cx: &'a Context, component: &'a Component) -> Option<Self> {
        let groups = cx.architecture.groups_of(component.id).map(|(_, group)| &group.properties);
        let scopes: Vec<&Properties> = std::iter::once(&component.properties)
            .chain(groups)
            .chain([&cx.architecture.system.properties])
            .collect();
        let first = |property| scopes.iter().copied().find(|it| it.is_stated(property));
        let stated = first(Property::Deploys)?;
        Some(Self {
            stated,
            a_month: stated.rate(Property::Deploys)? * Duration::MONTH,
            failing: first(Property::ChangeFailureRate)?.figure(Property::ChangeFailureRate)?,
            rollback: first(Property::Rollback)?.duration(Property::Rollback)?,
        })
    }

    /// Minutes a month.
    fn cost(&self) -> f64 {
        self.a_month * self.failing * self.rollback.seconds() / 60.0
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let through = cx.analysis.journeys_through(|id| cx.architecture.component(id).kind.is_compute());
    for component in cx.architecture.components().filter(|it| it.kind.is_compute()) {
        let Some(deploys) = Deploys::of(cx, component) else { continue };
        let left = |at: &usize| {
            let (journey, judged) = (&cx.analysis.journeys[*at], &cx.analysis.availability[*at]);
            let left = (judged.low.lower() - journey.promise.slo?) * MONTH_MINUTES;
            (left > 0.0 && left < deploys.cost()).then_some((*at, left))
        };
        let worst = through
            .get(&component.id)
            .into_iter()
            .flatten()
            .filter_map(left)
            .min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((at, left)) = worst {
            report(cx, findings, component, &deploys, at, left);
        }
    }
}

fn report(
    cx: &Context,
    findings: &mut Findings,
    component: &Component,
    deploys: &Deploys,
    at: usize,
    left: f64,
) {
    let journey = &cx.analysis.journeys[at];
    let cost = figures::number(deploys.cost());
    let message = format!(
        "deploys of `{}` cost {cost} min a month, and failures leave `{}` {} of its budget",
        component.name,
        journey.name,
        figures::minutes(left)
    );
    let mut finding =
        findings.on_component(Severity::Advice, component, format!("{cost} min a month"), message);
    if let Some(span) = deploys.stated.span(Property::Deploys) {
        finding.place(span, "stated here");
    }
    finding.flow(journey.name.as_str());
    finding.note(format!(
        "{} deploys a month × {} that fail × {} until they are undone = {cost} min, if all users are hit",
        figures::number(deploys.a_month),
        figures::percent(deploys.failing),
        deploys.rollback
    ));
    finding.help("let a release reach a few users first and be undone by itself: with 5% of the users hit it costs a twentieth");
}
