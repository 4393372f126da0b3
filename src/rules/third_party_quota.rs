use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::backlog::{Allowance, BUSY_HOUR, Backlog, Limits, Standing};
use crate::analysis::capacity::assumed_peak;
use crate::analysis::resources::{self, OverQuota};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{ComponentId, Property};

declare_rule! {
    /// Finds other companies' services that are called more often at peak than they allow.
    ///
    /// ## Why it matters
    /// Over its quota a provider answers 429, or slows down, or blocks the account. That happens in the busiest hour, to
    /// the requests that matter most, and no replica of one's own helps.
    ///
    /// ## Example
    /// ```arch
    /// client app { rate = 50/s }
    /// service shop x2
    /// third_party bank { quota = 100/s } // finding: "is called 150/s at peak and allows 100/s"
    /// app -> shop : https
    /// shop -> bank : https { timeout = 2s }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app { rate = 50/s }
    /// service shop x2
    /// queue charges : sqs { dead_letter, max_age = 1d }
    /// worker charger x2 { idempotent }
    /// third_party bank { quota = 100/s }
    /// app -> shop : https
    /// shop ~> charges ~> charger
    /// charger -> bank : https { timeout = 2s }
    /// ```
    ///
    /// ## How it is detected
    /// The calls at peak that reach a third party, over all links, against its `quota`, else its stated
    /// `capacity`, else the quota that the catalogue knows of it (assumed); a link's own `quota` is held against that link. A `quota` counts wherever it is stated.
    /// Where a queue feeds all callers, or they state a `rate_limit`, they work as fast as they are let: there a mean
    /// over the quota is told, and a queue that is full before the busiest hour is over, or from which messages come older
    /// than the `freshness` that is asked, where it is known that its consumers would carry more. The help reckons with a peak of an hour: (peak − quota) × 1 h wait after it, and
    /// (quota − mean) a second work them off. There is no fix: the quota is another company's.
    ///
    /// ## Known false alarms
    /// A quota that was raised: state it.
    ///
    /// ## An interviewer asks
    /// What does your provider allow, and what happens to the request that is one too many?
    ///
    /// ## A good answer
    /// - the quota, against the calls at peak
    /// - what waits in a queue, what is kept instead of asked again, and what is refused
    ///
    /// ## References
    /// - Stripe, "Rate limits"; [RFC 6585](https://www.rfc-editor.org/rfc/rfc6585): status 429.
    /// - Azure Architecture Center, "Rate limiting pattern" and "Queue-based load leveling pattern".
    static RULE = {
        code: "LP318",
        summary: "a third party that is called more often than it allows",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let all = resources::over_quota(cx.architecture, &cx.analysis.load);
    for over in &all {
        report(cx, findings, over);
    }
    let told: FxHashSet<ComponentId> = all.iter().map(|it| it.target.id).collect();
    let mut limits = None;
    for backlog in &cx.analysis.backlogs(cx.architecture).all {
        // Consumers that fall behind by themselves are told of with what holds them back.
        let is_told = backlog.standing(&cx.architecture.parameters) == Some(Standing::Behind);
        let Some(quota) = backlog.held_by().filter(|it| !is_told && !told.contains(&it.by)) else { continue };
        let arriving = backlog.arriving();
        if arriving.mean <= quota.messages && arriving.peak > quota.messages {
            let limits = limits.get_or_insert_with(|| Limits::of(cx.architecture));
            behind_a_queue(cx, findings, limits, backlog, &quota);
        }
    }
}

/// A queue before a quota that evens the peak out, and yet not well enough: it is full before the peak is over, or what
/// comes out of it too old.
fn behind_a_queue(
    cx: &Context,
    findings: &mut Findings,
    limits: &Limits,
    backlog: &Backlog,
    quota: &Allowance,
) {
    let target = cx.architecture.component(quota.by);
    let mark = quota.mark();
    let full = backlog.first_full(cx.architecture).filter(|(_, time)| *time <= BUSY_HOUR);
    let stale = backlog.stale_after_peak(cx.architecture, limits);
    let [at_peak, most] = figures::apart(quota.calls_for(backlog.arriving().peak), quota.calls);
    let name = &target.name;
    let allows = format!("`{name}` allows {most}{mark} where {at_peak} come at peak");
    let (message, growth) = match (&full, &stale) {
        (Some((feed, time)), _) => {
            let queue = &cx.architecture.component(feed.queue).name;
            (format!("{allows}, which fills `{queue}` in {time}"), backlog.growth_of(feed))
        }
        (None, Some((waited, limit))) => {
            let queue = &cx.architecture.component(backlog.feeds[0].queue).name;
            let [waited, asked] = figures::apart(*waited, limit.time);
            (format!("{allows}: behind `{queue}` the last wait {waited} where {asked} are asked"), None)
        }
        (None, None) => return,
    };
    let mut finding =
        findings.on_component(Severity::Warning, target, format!("allows {most}{mark}"), message);
    for feed in backlog.feeds.iter().take(3) {
        let queue = cx.architecture.component(feed.queue);
        finding.label(queue.name.as_str(), queue.span, feed.amount.to_string());
    }
    if let Some((_, limit)) = &stale {
        finding.label(limit.element.clone(), limit.span, format!("asks for {} at most", limit.time));
    }
    if backlog.is_peak_assumed {
        finding.note(assumed_peak(&cx.architecture.parameters));
    }
    if let Some(growth) = growth {
        finding.note(format!("from then on {growth} find no room"));
    }
    let room = growth.map(|_| {
        let needed = backlog.growth().unwrap_or_default() * BUSY_HOUR;
        format!(", or give the queue room for the {} of an hour at peak", figures::number(needed))
    });
    finding.help(format!("ask for a quota of {at_peak}{}", room.unwrap_or_default()));
}

fn report(cx: &Context, findings: &mut Findings, over: &OverQuota) {
    let OverQuota { target, calls, quota, mean, peak, .. } = over;
    let mark = quota.mark();
    let [at_peak, most] = figures::apart(*peak, quota.most);
    let message = if *mean > quota.most {
        let [mean, _] = figures::apart(*mean, quota.most);
        format!("`{}` is called {mean} on average, {at_peak} at peak, and allows {most}{mark}", target.name)
    } else {
        format!("`{}` is called {at_peak} at peak and allows {most}{mark}", target.name)
    };
    let is_peak_assumed =
        *mean <= quota.most && calls.iter().any(|call| cx.analysis.load.link(call.id).is_peak_assumed);
    let message =
        if is_peak_assumed && mark.is_empty() { format!("{message} (assumed peak)") } else { message };
    let mut finding =
        findings.on_component(Severity::Warning, target, format!("allows {most}{mark}"), message);
    if is_peak_assumed {
        finding.note(assumed_peak(&cx.architecture.parameters));
    }
    for call in calls.iter().take(4) {
        let called = cx.analysis.load.link(call.id).peak.total();
        finding.label(cx.architecture.link_name(call), call.span, format!("{called} at peak"));
    }
    let of_calls = || calls.first()?.span(Property::Quota);
    let stated = target.span(Property::Quota).or_else(of_calls).or_else(|| target.span(Property::Capacity));
    if let Some(span) = stated {
        finding.place(span, "stated here");
    }
    if over.is_queued {
        let growth = *mean - quota.most;
        finding.note(format!(
            "the queue before it grows by {growth} on average, until it is full or its messages are too old"
        ));
    } else {
        let refused = figures::percent((*peak - quota.most) / *peak);
        finding.note(format!("at peak it refuses {refused} of the calls, or slows all of them down"));
    }
    finding.help(match over.backlog(&cx.architecture.parameters) {
        Some((backlog, time)) => format!(
            "put a queue before it and drain it at {most}: after {} at peak {} calls wait, and are done {time} later; or \
             ask for a quota of {at_peak}",
            cx.architecture.parameters.peak_duration.duration(),
            figures::number(backlog)
        ),
        None => format!("ask for a quota of {at_peak}, or call less: batch calls, or keep answers"),
    });
}
