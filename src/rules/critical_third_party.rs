use rustc_hash::{FxHashMap, FxHashSet};

use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::availability::{Contribution, Element, MONTH_MINUTES, unit};
use crate::analysis::blame::Blame;
use crate::analysis::needs::View;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId, Link, LinkId, Property};
use crate::source::Span;

declare_rule! {
    /// Finds third parties that hold a flow up when they are slow or down: no fallback, no timeout, no queue.
    ///
    /// ## Why it matters
    /// A third party is down when it likes and slow when it likes, and nobody here can repair it. What waits for it without
    /// a limit hangs as long as it does; what can go on without it loses a feature instead of everything.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop x3
    /// third_party mail
    /// database orders : postgres x2 { failover = 60s }
    /// browser -> shop
    /// shop -> orders
    /// shop -> mail // finding: "hangs when `mail` does"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop x3
    /// queue outbox : sqs
    /// worker mailer x2
    /// third_party mail
    /// database orders : postgres x2 { failover = 60s }
    /// browser -> shop
    /// shop -> orders
    /// shop ~> outbox ~> mailer -> mail
    /// ```
    ///
    /// ## How it is detected
    /// A third party whose loss alone takes a flow down, asked by a synchronous call that states neither a timeout nor a
    /// circuit breaker, nor has an alternative. Past a queue nobody waits for it. Calls that state no timeout are one
    /// finding together; one that states `timeout = none` is missing-timeout's (LP209). Nothing is said of demos, of what is only promised
    /// from `intent = personal` or `internal`, and of small designs.
    ///
    /// ## Known false alarms
    /// A client library with a timeout of its own: state it.
    ///
    /// ## An interviewer asks
    /// The payment provider answers after thirty seconds today: what do your users see?
    ///
    /// ## References
    /// - Nygard, Release It!, 2nd edition: integration points, timeouts, circuit breakers.
    /// - AWS Builders' Library, Timeouts, retries and backoff with jitter.
    static RULE = {
        code: "LP112",
        summary: "a flow that hangs on a third party without fallback, timeout or queue",
        levels: [Warning],
    }
}

/// So many names are given in a message.
const MAX_NAMED: usize = 3;

/// A call that waits for a third party.
struct Wait<'a> {
    link: &'a Link,
    journeys: Vec<usize>,
    worst: usize,
    contribution: Option<Contribution>,
}

fn check(cx: &Context, findings: &mut Findings) {
    let mut waits = waits(cx);
    waits.sort_by(|a, b| {
        let saved = |it: &Wait| it.contribution.map_or(0.0, |it| it.saved);
        saved(b).total_cmp(&saved(a)).then(a.link.id.cmp(&b.link.id))
    });
    report(cx, findings, &waits);
}

/// The calls to third parties without which a journey is down, and which nothing limits.
fn waits<'a>(cx: &Context<'a>) -> Vec<Wait<'a>> {
    let blame = Blame::of(cx.architecture, &cx.analysis.load);
    let mut found: FxHashMap<LinkId, Wait> = FxHashMap::default();
    for (at, (journey, judged)) in cx.analysis.judged().enumerate() {
        let is_loud = blame.level(&journey.promise, judged.low, 1.0).is_some_and(|it| it < Severity::Advice);
        if !is_loud {
            continue;
        }
        let third_parties: Vec<ComponentId> = judged
            .single_cuts
            .iter()
            .filter_map(|element| if let Element::Component(id) = element { Some(*id) } else { None })
            .filter(|id| cx.architecture.component(*id).kind == Kind::ThirdParty)
            .filter(|id| !journey.entries.contains(id))
            .collect();
        if third_parties.is_empty() {
            continue;
        }
        let view = View::new(cx.architecture, journey);
        let costs: FxHashMap<Element, &Contribution> =
            judged.contributions.iter().map(|it| (it.element, it)).collect();
        for id in third_parties {
            for link in cx.architecture.links_to(id) {
                let source = cx.architecture.component(link.source);
                if link.is_async()
                    || source.kind.is_caller_only()
                    || is_limited(source, link)
                    || judged.needed.binary_search(&link.source).is_err()
                    || !view.is_needed(link)
                {
                    continue;
                }
                let contribution = costs.get(&Element::Component(id)).map(|it| **it);
                let wait = Wait { link, journeys: vec![at], worst: at, contribution };
                match found.get_mut(&link.id) {
                    Some(known) => known.merge(&wait),
                    None => _ = found.insert(link.id, wait),
                }
            }
        }
    }
    found.into_values().collect()
}

impl Wait<'_> {
    fn merge(&mut self, other: &Self) {
        self.journeys.extend(&other.journeys);
        let saved = |it: &Self| it.contribution.map_or(0.0, |it| it.saved);
        if saved(other) > saved(self) {
            (self.worst, self.contribution) = (other.worst, other.contribution);
        }
    }
}

/// Whether the wait ends by itself, or is stated not to end, which is missing-timeout's loud finding.
fn is_limited(source: &Component, link: &Link) -> bool {
    link.is_stated(Property::Timeout)
        || link.has(Property::CircuitBreaker)
        || source.has(Property::Timeout) && !link.is_absent(Property::Timeout)
        || source.has(Property::CircuitBreaker)
}

fn report(cx: &Context, findings: &mut Findings, waits: &[Wait]) {
    let asked: Vec<Asked> = waits
        .iter()
        .map(|wait| (cx.architecture.link_name(wait.link), wait.link.span, "no timeout stated".to_owned()))
        .collect();
    let open = findings.open(cx.architecture, asked);
    let left: FxHashSet<Span> = open.iter().map(|(_, span, _)| *span).collect();
    let waits: Vec<&Wait> = waits.iter().filter(|wait| left.contains(&wait.link.span)).collect();
    let Some(first) = waits.first() else { return };
    let (source, target) = cx.architecture.ends(first.link);
    let flow = &cx.analysis.journeys[first.worst].name;
    let limit = "without a timeout, a fallback or a queue";
    let message = if waits.len() == 1 {
        format!("`{flow}` hangs when `{}` does: `{}` waits for it {limit}", target.name, source.name)
    } else {
        let mut names: Vec<&str> =
            waits.iter().map(|it| cx.architecture.component(it.link.target).name.as_str()).collect();
        names.dedup();
        format!("flows hang when {} do: their callers wait {limit}", figures::listed(&names, MAX_NAMED))
    };
    let Some(mut finding) = findings.question(Severity::Warning, &open, message) else { return };
    for at in waits.iter().flat_map(|wait| &wait.journeys) {
        finding.flow(cx.analysis.bases[cx.analysis.journeys[*at].base].name.as_str());
    }
    if let Some(cost) = first.contribution {
        let source = match unit::assumed(cx.architecture, target)
            .filter(|_| !target.is_stated(Property::Availability))
        {
            Some(fact) => format!(" (assumed: it is up {})", figures::availability(fact.value)),
            None => String::new(),
        };
        finding.note(format!(
            "`{}` alone costs `{flow}` {} a month{source}, and a slow one costs more than one that is down",
            target.name,
            figures::minutes(cost.saved * MONTH_MINUTES),
        ));
    }
    let reach = first.contribution.map(|cost| {
        let low = cx.analysis.availability[first.worst].low.lower();
        format!(": past a queue `{flow}` would reach {}", figures::availability((low + cost.saved).min(1.0)))
    });
    finding.help(format!(
        "end the wait (`timeout = 2s`), and queue the work, fall back (`else`) or go on without it (`optional`){}",
        reach.unwrap_or_default()
    ));
}
