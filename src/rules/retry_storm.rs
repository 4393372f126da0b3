use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::load::Capacity;
use crate::analysis::retries::{self, Storm};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Link, Property};

declare_rule! {
    /// Finds retries that multiply along a chain of callers, or that come without a pause.
    ///
    /// ## Why it matters
    /// Each layer that tries three times makes three of what the layer above sends: three layers make 27 of one request,
    /// five 243, all at the moment when the last of them is slow. What was a hiccup stays an outage, for the retries alone
    /// are more than it can carry.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service edge x2
    /// service shop x2
    /// service stock x2
    /// database db
    /// app -> edge
    /// edge -> shop { timeout = 9s, retries = 2, backoff = exponential }
    /// shop -> stock { timeout = 3s, retries = 2, backoff = exponential }
    /// stock -> db { timeout = 1s, retries = 2, backoff = exponential } // finding: "becomes 27 at `db`"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service edge x2
    /// service shop x2
    /// service stock x2
    /// database db
    /// app -> edge
    /// edge -> shop { timeout = 9s }
    /// shop -> stock { timeout = 4s }
    /// stock -> db { timeout = 1s, retries = 2, backoff = exponential_jitter }
    /// ```
    ///
    /// ## How it is detected
    /// The product of 1 + `retries` over the synchronous calls of a chain, stated on the link or on its caller, where
    /// at least two layers try again and it is over the attempts that one request should make (3, a parameter). One
    /// finding for each outermost call, on the worst chain. A `circuit_breaker` ends the attempts: what has one is not
    /// counted. Calls of different flows are told apart. Retries with `backoff = none` are a finding each; retries (two
    /// and more) of which no `backoff` is stated are one question. There is no fix: which layer stops trying again is a
    /// choice.
    ///
    /// ## Known false alarms
    /// A budget that caps the share of retries, as meshes have: accept it, with the share.
    ///
    /// ## An interviewer asks
    /// What is called last is slow for a while. How many calls does it get for one click?
    ///
    /// ## A good answer
    /// - that attempts multiply from layer to layer
    /// - one layer that tries again, a few times, with growing pauses by chance
    ///
    /// ## References
    /// - Brooker, "Timeouts, retries and backoff with jitter", Amazon Builders' Library.
    /// - Site Reliability Engineering, chapter 22, "Addressing Cascading Failures": at most three attempts, at one layer.
    static RULE = {
        code: "LP211",
        summary: "retries that multiply along a chain, or come without a pause",
        levels: [Warning, Advice],
        follows_path: true,
    }
}

/// Half of the calls fail: what a store does that is just over its limit.
const FAILING: f64 = 0.5;

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for storm in retries::storms(cx.architecture, cx.analysis) {
        report(cx, findings, &storm);
    }
    let retried = || {
        let links = cx.architecture.links();
        links.filter(|link| {
            retries::is_waited_for(cx.architecture, link)
                && retries::nearest(cx.architecture, link, Property::Retries)
                    .is_some_and(|it| it.has(Property::Retries) && it.figure(Property::Retries) != Some(0.0))
        })
    };
    for link in retried() {
        let backoff = retries::nearest(cx.architecture, link, Property::Backoff);
        if backoff.is_some_and(|it| it.is_absent(Property::Backoff)) {
            at_once(cx, findings, link);
        }
    }
    let unstated: Vec<&Link> = retried()
        .filter(|link| {
            retries::nearest(cx.architecture, link, Property::Backoff).is_none()
                && retries::attempts(cx.architecture, link).is_none_or(|it| it > 2.0)
        })
        .collect();
    ask(cx, findings, &unstated);
}

fn report(cx: &Context, findings: &mut Findings, storm: &Storm) {
    let links: Vec<&Link> = storm.links.iter().map(|id| cx.architecture.link(*id)).collect();
    let last = links[links.len() - 1];
    let bottom = cx.architecture.component(last.target);
    let attempts: Vec<String> = storm.attempts.iter().map(|it| figures::number(*it)).collect();
    let all = figures::number(storm.amplification());
    let message = format!(
        "one request becomes {all} at `{}` while it fails: {} layers try {} times",
        bottom.name,
        links.len(),
        attempts.join(" × ")
    );
    let tried = |at: usize| format!("tried {} times", attempts[at]);
    let mut finding =
        findings.on_link(Severity::Warning, cx.architecture, last, tried(links.len() - 1), message);
    for at in (0..links.len() - 1).rev().take(4) {
        finding.label(cx.architecture.link_name(links[at]), links[at].span, tried(at));
    }
    let demand = cx.analysis.load.link(last.id);
    let peak = demand.peak.total();
    if demand.is_known() && peak.is_positive() {
        let carried = Capacity::of(bottom).map(|it| (it.reads.min(it.writes), it.is_assumed));
        let against =
            carried.filter(|(each, _)| each.is_finite()).map_or(String::new(), |(each, assumed)| {
                format!(", where one replica carries {each}{}", if assumed { " (assumed)" } else { "" })
            });
        finding.note(format!(
            "the {peak} to `{}` at peak would be {}{against}",
            bottom.name,
            peak * storm.amplification()
        ));
    }
    finding.note(format!(
        "while only half of the calls to `{}` fail it is {} times the load",
        bottom.name,
        figures::number(retries::steady_amplification(FAILING, &storm.attempts))
    ));
    if storm.others > 0 {
        let others = figures::count(storm.others, "more chain", "more chains");
        finding.note(format!("{others} from `{}` multiply as well", cx.architecture.link_name(links[0])));
    }
    for flow in cx.architecture.flows().filter(|flow| flow.path.takes(last.id)) {
        finding.flow(flow.name.as_str());
    }
    let outer: Vec<String> =
        links[..links.len() - 1].iter().map(|it| cx.architecture.link_name(it)).collect();
    finding.help(format!(
        "try again at one layer alone, next to what fails: without `retries` on {} it is {} attempts",
        figures::listed(&outer, 3),
        attempts[attempts.len() - 1]
    ));
}

fn at_once(cx: &Context, findings: &mut Findings, link: &Link) {
    let (source, target) = cx.architecture.ends(link);
    let message = match retries::attempts(cx.architecture, link) {
        Some(attempts) => format!(
            "`{}` tries `{}` {} times without a pause",
            source.name,
            target.name,
            figures::number(attempts)
        ),
        None => format!("`{}` tries `{}` again without a pause", source.name, target.name),
    };
    let mut finding = findings.on_link(Severity::Warning, cx.architecture, link, "again at once", message);
    if let Some(span) =
        retries::nearest(cx.architecture, link, Property::Backoff).and_then(|it| it.span(Property::Backoff))
    {
        finding.place(span, "stated here");
    }
    finding.note("what fails is mostly overloaded: all callers come back at the same moment, and again");
    finding.help("pause longer each time, and by chance: `backoff = exponential_jitter`");
}

fn ask(cx: &Context, findings: &mut Findings, unstated: &[&Link]) {
    let in_words = |link: &&Link| -> Asked {
        let label = match retries::attempts(cx.architecture, link) {
            Some(attempts) => format!("tried {} times", figures::number(attempts)),
            None => "tried again".to_owned(),
        };
        (cx.architecture.link_name(link), link.span, label)
    };
    let (count, asked) = findings.open_of(cx.architecture, unstated, in_words);
    let message = match count {
        1 => "a call that is tried again states no backoff".to_owned(),
        count => format!("{count} calls that are tried again state no backoff"),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note("without a pause that grows and varies, all callers come back at the same moment");
        finding.help(format!(
            "state it (`backoff = exponential_jitter`), and stop after {} attempts in all",
            figures::number(cx.architecture.parameters.attempts.value)
        ));
    }
}
