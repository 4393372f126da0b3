use super::{Context, Findings, declare_rule};
use crate::analysis::retries::{self, Inversion};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::Property;
use crate::quantity::Duration;

declare_rule! {
    /// Finds callers that give up before what they wait for does.
    ///
    /// ## Why it matters
    /// Who gives up first throws away what those behind it still work on, and mostly asks again: they work for nobody,
    /// twice, at the very moment when they are slow. Timeouts must shrink from the outside in, with room for each attempt.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service shop x2
    /// service payments x2
    /// third_party bank
    /// app -> shop
    /// shop -> payments { timeout = 1s } // finding: "gives up after 1 s, but `payments` may try `bank` for 6.2 s"
    /// payments -> bank { timeout = 2s, retries = 2, backoff = 100ms }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service shop x2
    /// service payments x2
    /// third_party bank
    /// app -> shop
    /// shop -> payments { timeout = 1s }
    /// payments -> bank { timeout = 400ms, retries = 1, backoff = 100ms }
    /// ```
    ///
    /// ## How it is detected
    /// By stated figures alone: attempts × timeout + the pauses between (`backoff` with a duration) of the longest call
    /// further in, and the written `service_time` of the component between, against the timeout of the call to it. A
    /// call without a timeout of its own waits as long as the one behind it; `calls` are made one after the other,
    /// unless `parallel`. A timeout stands on the link or on its caller; a proxy whose engine gives up by default gives
    /// up after that (assumed). Calls of different flows, or of reads and of writes, are told apart. Equal timeouts are
    /// let pass. There is no fix: which of the two times gives way is a choice.
    ///
    /// ## Known false alarms
    /// A deadline that is handed on with the request, so that nobody works longer than the caller waits: accept it.
    ///
    /// ## An interviewer asks
    /// Who is called last takes longer than anybody waits. Who gives up first, and who goes on working for nobody?
    ///
    /// ## A good answer
    /// - that each waits longer than what it calls, the retries of that included
    /// - that what is left of the time is handed on with the request
    ///
    /// ## References
    /// - Amazon Builders' Library, "Timeouts, retries and backoff with jitter".
    /// - Site Reliability Engineering, chapter 22: deadlines are propagated.
    static RULE = {
        code: "LP210",
        summary: "a caller gives up before those that it waits for",
        levels: [Warning],
        follows_path: true,
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for inversion in retries::inversions(cx.architecture, cx.analysis) {
        report(cx, findings, &inversion);
    }
}

fn report(cx: &Context, findings: &mut Findings, it: &Inversion) {
    let (outer, inner) = (cx.architecture.link(it.outer), cx.architecture.link(it.inner));
    let (caller, between) = cx.architecture.ends(outer);
    let (worker, target) = cx.architecture.ends(inner);
    let assumed = if it.default.is_some() { " (assumed)" } else { "" };
    let verb = if it.attempts > 1.0 { "try" } else { "wait for" };
    let [timeout, needed] = figures::apart(it.timeout, it.needed);
    let message = format!(
        "`{}` gives up after {timeout}{assumed}, but `{}` may {verb} `{}` for {needed}",
        caller.name, worker.name, target.name
    );
    let label = format!("given up after {timeout}");
    let mut finding = findings.on_link(Severity::Warning, cx.architecture, outer, label, message);
    let calls = match it.calls {
        1.0 => String::new(),
        calls => format!("{} calls in turn, ", figures::number(calls)),
    };
    let attempts = match it.attempts {
        1.0 if it.calls > 1.0 => format!("up to {} each", it.each),
        1.0 => format!("up to {}", it.each),
        attempts => format!("{} attempts of up to {}", figures::number(attempts), it.each),
    };
    let pauses = if it.backoff.is_positive() && it.attempts > 1.0 {
        format!(", {} between", it.backoff)
    } else {
        String::new()
    };
    finding.label(cx.architecture.link_name(inner), inner.span, format!("{calls}{attempts}{pauses}"));
    if let Some(span) = between.span(Property::ServiceTime).filter(|_| it.own.is_positive()) {
        finding.place(span, "its own work comes on top");
    }
    finding.note(format!(
        "`{}` then works for nobody, and a caller that asks again doubles the work",
        between.name
    ));
    if let Some(fact) = it.default {
        finding.note(format!("assumed: {}, {}", it.timeout, fact.source));
    }
    let room = ((it.timeout - it.own) / it.calls - it.backoff * (it.attempts - 1.0)) / it.attempts;
    let wait = format!("raise the `timeout` of `{}` over {needed}", cx.architecture.link_name(outer));
    let room = rounded_down(room);
    finding.help(if room > Duration::ZERO && outer.target == inner.source {
        format!(
            "{wait}, or give `{}` a `timeout` of at most {room}{}",
            cx.architecture.link_name(inner),
            if it.attempts > 1.0 {
                " an attempt"
            } else if it.calls > 1.0 {
                " a call, or make its calls at once (`parallel`)"
            } else {
                ""
            },
        )
    } else {
        format!("{wait}, or take retries off `{}`", cx.architecture.link_name(inner))
    });
}

/// Two digits, and no more than it is: what is proposed must fit.
fn rounded_down(time: Duration) -> Duration {
    if !time.is_positive() {
        return time;
    }
    let unit = 10_f64.powi(time.seconds().log10().floor() as i32 - 1);
    // A figure that has two digits already must not lose one to its last binary place.
    Duration::new((time.seconds() / unit + 1e-9).floor() * unit)
}
