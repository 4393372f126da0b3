use rustc_hash::FxHashSet;

use super::{Asked, Context, Findings, by_place, declare_rule, is_asked};
use crate::analysis::waiting::{self, Patience, Room};
use crate::catalogue::Kind;
use crate::diagnostic::{Edit, Severity};
use crate::figures;
use crate::model::{Architecture, Component, ComponentId, Link, LinkId, Property};
use crate::quantity::{Duration, Rate};

declare_rule! {
    /// Finds synchronous calls over a network that state no timeout.
    ///
    /// ## Why it matters
    /// A target that is down answers at once: refused. A target that hangs does not answer at all, and each caller without
    /// a timeout hangs with it, holding a thread, a connection and a caller of its own. So one slow part stops the whole.
    ///
    /// ## Example
    /// ```arch
    /// client browser { rate = 50/s }
    /// service shop x2
    /// service quotes x2
    /// third_party bank
    /// database orders : postgres
    /// browser -> shop : https
    /// shop -> quotes : grpc { timeout = none } // finding: "150 more requests each second"
    /// shop -> bank : https // finding: "`shop` waits for `bank` without a timeout"
    /// shop -> orders // finding: "one more call"
    /// quotes -> orders { timeout = 100ms }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser { rate = 50/s }
    /// service shop x2
    /// service quotes x2
    /// third_party bank
    /// database orders : postgres
    /// browser -> shop : https
    /// shop -> quotes : grpc { timeout = 300ms }
    /// shop -> bank : https { timeout = 2s, circuit_breaker }
    /// shop -> orders { timeout = 200ms }
    /// quotes -> orders { timeout = 100ms }
    /// ```
    ///
    /// ## How it is detected
    /// A call is a synchronous link of a component of the design to another one: not from a client, not to a queue's
    /// consumer, not on one host or in one process, not for a lookup, a start, a health check or a copy of data. Its timeout
    /// stands on the link or on one of its ends; a proxy whose engine gives up by default has one. All calls without are
    /// one question: a warning where the design speaks of time elsewhere (another timeout, an asked latency) and somebody
    /// waits for one of them, else advice. It is not asked of boxes and arrows alone, of which nothing at all is stated yet.
    ///
    /// Two have a finding of their own: `timeout = none`, and a call that third parties, with a known rate, are waited
    /// for in. The requests held are the rate times the seconds; what a replica has room for is the catalogue's. The
    /// fix states a `timeout` without its figure; it is unsafe, for how long a call may wait has to be chosen.
    ///
    /// ## Known false alarms
    /// A timeout that a library or a mesh sets: state it, it is the design's decision.
    ///
    /// ## An interviewer asks
    /// This dependency accepts the connection and never answers. What does your user see, and after how long?
    ///
    /// ## A good answer
    /// - after how long the caller gives up, and why after that long
    /// - what the user is shown then
    /// - how much is held meanwhile: the requests a second times the wait
    ///
    /// ## References
    /// - [CWE-1088](https://cwe.mitre.org/data/definitions/1088.html): synchronous access of remote resource without
    ///   timeout.
    /// - OWASP ASVS 5.0, 13.1.3 and 13.2.6: timeouts and limits of outgoing calls.
    /// - Amazon Builders' Library, "Timeouts, retries and backoff with jitter"; Little's law for the requests held.
    static RULE = {
        code: "LP209",
        summary: "a synchronous call over a network without a timeout",
        levels: [Warning, Advice],
    }
}

/// What the fix does.
const FIX: &str = "state `timeout`: the wait ends, and when is still to be said";

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let calls = Calls::of(cx.architecture);
    for link in &calls.endless {
        without(cx, findings, link);
    }
    if calls.unstated.is_empty() || cx.architecture.is_sketch() {
        return;
    }
    let unwaited = cx.analysis.unwaited(cx.architecture);
    let mut told = FxHashSet::default();
    for coupling in couplings(cx, &calls, unwaited) {
        coupling.report(cx, findings, &told);
        told.insert(coupling.culprit.id);
        told.extend(coupling.waits.iter().map(|link| link.id));
    }
    ask(cx, findings, &calls, &told, unwaited);
}

/// The calls of a design over a network that state no timeout, by what ends their wait.
struct Calls<'a> {
    endless: Vec<&'a Link>,
    unstated: Vec<&'a Link>,
    by_default: usize,
}

impl<'a> Calls<'a> {
    fn of(architecture: &'a Architecture) -> Self {
        let mut calls = Self { endless: Vec::new(), unstated: Vec::new(), by_default: 0 };
        for link in architecture.links() {
            let patience = waiting::patience(architecture, link);
            if patience == Patience::Stated || !waiting::is_remote_call(architecture, link) {
                continue;
            }
            match patience {
                Patience::Stated => {}
                Patience::Endless => calls.endless.push(link),
                Patience::ByDefault => calls.by_default += 1,
                Patience::Unstated => calls.unstated.push(link),
            }
        }
        calls
    }
}

// ---- stated to wait for ever

fn without(cx: &Context, findings: &mut Findings, link: &Link) {
    let (source, target) = cx.architecture.ends(link);
    let waits = format!("`{}` waits for `{}` for ever", source.name, target.name);
    let peak = waiting::requests_at_peak(cx.architecture, &cx.analysis.load, link);
    let message = match peak {
        Some(peak) => format!("{waits}: while it hangs, {}", held(peak)),
        None => format!("{waits}: when it hangs, nothing ends the wait"),
    };
    let mut finding =
        findings.on_link(Severity::Warning, cx.architecture, link, "nothing ends this wait", message);
    let stated = [&link.properties, &source.properties, &target.properties];
    if let Some(span) = stated.iter().find_map(|it| it.span(Property::Timeout)) {
        finding.place(span, "stated here");
        finding.fix(FIX, false, vec![Edit { span, text: "timeout".to_owned() }]);
    }
    if let Some(full) = peak.and_then(|peak| full_after(source, peak)) {
        finding.note(full);
    }
    finding.help(
        "give it a `timeout` a little over what 999 of 1 000 answers take, and a `circuit_breaker`, so that a target \
         that hangs is soon not asked at all",
    );
}

/// What gets stuck at peak; parts of a request are none.
fn held(peak: Rate) -> String {
    if peak.per_second() < 1.0 {
        return format!("each request is held, {peak} at peak");
    }
    format!("{} more requests each second are held at peak", figures::number(peak.per_second()))
}

/// When a caller has no room left while so many requests a second get stuck in it; nothing where that is no matter of
/// hours, for by then somebody has looked.
fn full_after(caller: &Component, held: Rate) -> Option<String> {
    let room = Room::of(caller)?;
    let time = room.total() / held;
    if time > Duration::DAY {
        return None;
    }
    let (name, each) = (&caller.name, figures::number(room.each));
    Some(match room.replicas {
        1 => format!("`{name}` has room for {each} requests at once (assumed): it is full after {time}"),
        replicas => {
            format!(
                "the {replicas} replicas of `{name}` have room for {each} requests each (assumed): they are full after \
                 {time}"
            )
        }
    })
}

// ---- waiting for third parties

/// The program whose call without a timeout brings a component most of its load.
fn busiest_caller<'a>(cx: &Context<'a>, calls: &Calls<'a>, target: ComponentId) -> Option<&'a Link> {
    let peak = |link: &Link| cx.analysis.load.link(link.id).peak.total();
    let mut busiest: Option<&Link> = None;
    for link in cx.architecture.links_to(target) {
        let is_program =
            matches!(cx.architecture.component(link.source).kind, Kind::Service | Kind::Function);
        // The unstated calls stand in the order of the links.
        let is_open = || calls.unstated.binary_search_by_key(&link.id, |it| it.id).is_ok();
        if is_program && is_open() && busiest.is_none_or(|it| peak(link) > peak(it)) {
            busiest = Some(link);
        }
    }
    busiest
}

/// A component whose requests wait for third parties, with a known rate.
struct Coupling<'a> {
    culprit: &'a Link,
    /// Who calls them.
    caller: &'a Component,
    /// Its calls to third parties, the busiest first.
    waits: Vec<&'a Link>,
    /// Requests at peak of the busiest.
    peak: Rate,
}

fn couplings<'a>(
    cx: &Context<'a>,
    calls: &Calls<'a>,
    unwaited: &FxHashSet<ComponentId>,
) -> Vec<Coupling<'a>> {
    let mut waits: Vec<&Link> = calls
        .unstated
        .iter()
        .copied()
        .filter(|link| {
            cx.architecture.component(link.target).kind == Kind::ThirdParty
                && !link.is_beside_the_path()
                && !unwaited.contains(&link.source)
        })
        .collect();
    let peak = |link: &Link| waiting::requests_at_peak(cx.architecture, &cx.analysis.load, link);
    waits.sort_by(|a, b| {
        let busier = peak(b).unwrap_or_default().total_cmp(&peak(a).unwrap_or_default());
        a.source.cmp(&b.source).then(busier)
    });
    waits
        .chunk_by(|a, b| a.source == b.source)
        .filter_map(|waits| {
            let busiest = waits[0];
            let culprit = busiest_caller(cx, calls, busiest.source).unwrap_or(busiest);
            let caller = cx.architecture.component(busiest.source);
            Some(Coupling { culprit, caller, waits: waits.to_vec(), peak: peak(busiest)? })
        })
        .collect()
}

impl Coupling<'_> {
    /// `told` are the links that have a finding already.
    fn report(&self, cx: &Context, findings: &mut Findings, told: &FxHashSet<LinkId>) {
        let third_party = &cx.architecture.component(self.waits[0].target).name;
        let caller = &self.caller.name;
        let is_direct = self.culprit.id == self.waits[0].id || told.contains(&self.culprit.id);
        let culprit = if is_direct { self.waits[0] } else { self.culprit };
        let (outer, _) = cx.architecture.ends(culprit);
        let whom = match self.waits.len() {
            1 => format!("`{third_party}`"),
            many => format!("{many} third parties"),
        };
        let (message, label) = if is_direct {
            (format!("`{caller}` waits for {whom} without a timeout"), "waits, and nothing ends it")
        } else {
            let message =
                format!("`{}` waits for `{caller}`, and so for {whom}, without a timeout", outer.name);
            (message, "waits for all that is behind it")
        };
        let mut finding = findings.on_link(Severity::Warning, cx.architecture, culprit, label, message);
        for link in self.waits.iter().filter(|it| it.id != culprit.id).take(4) {
            let peak = waiting::requests_at_peak(cx.architecture, &cx.analysis.load, link);
            let label = peak.map_or("third party".to_owned(), |it| format!("{it} at peak"));
            finding.label(cx.architecture.link_name(link), link.span, label);
        }
        finding.fix(FIX, false, timeouts(self.waits.iter().chain([&culprit]).copied()));
        let held = format!("while `{third_party}` hangs, {}", held(self.peak));
        finding.note(match full_after(self.caller, self.peak) {
            Some(full) => format!("{held}; {full}, for all its callers"),
            None => held,
        });
        for flow in cx.architecture.flows().filter(|flow| flow.path.takes(self.waits[0].id)) {
            finding.flow(flow.name.as_str());
        }
        finding.help(if is_direct {
            format!(
                "give the call a `timeout` and a `circuit_breaker`; where nobody needs the answer at once, put a queue \
                 between `{caller}` and `{third_party}`"
            )
        } else {
            format!(
                "put a queue between `{}` and `{caller}`, so that what is slow delays the work and not its sender; and \
                 give each call to a third party a `timeout`",
                outer.name
            )
        });
    }
}

// ---- the question about all others

fn ask(
    cx: &Context,
    findings: &mut Findings,
    calls: &Calls,
    told: &FxHashSet<LinkId>,
    unwaited: &FxHashSet<ComponentId>,
) {
    let mut open: Vec<&Link> =
        calls.unstated.iter().copied().filter(|link| !told.contains(&link.id)).collect();
    let is_third_party = |link: &Link| cx.architecture.component(link.target).kind == Kind::ThirdParty;
    let peak = |link: &Link| waiting::requests_at_peak(cx.architecture, &cx.analysis.load, link);
    let is_waited_for = |link: &Link| !unwaited.contains(&link.source) && !link.is_beside_the_path();
    open.sort_by(|a, b| {
        let dearness = |link: &Link| (is_waited_for(link), is_third_party(link));
        let busier = peak(b).unwrap_or_default().total_cmp(&peak(a).unwrap_or_default());
        dearness(b).cmp(&dearness(a)).then(busier)
    });
    let in_words = |link: &&Link| -> Asked {
        let label = match (peak(link), is_third_party(link)) {
            (Some(peak), true) => format!("third party, {peak} at peak"),
            (Some(peak), false) => format!("{peak} at peak"),
            (None, true) => "waits for a third party".to_owned(),
            (None, false) => "no timeout".to_owned(),
        };
        (cx.architecture.link_name(link), link.span, label)
    };
    let is_waited = open.iter().any(|link| is_waited_for(link));
    let (count, asked) = findings.open_of(cx.architecture, &open, in_words);
    let severity =
        if speaks_of_time(cx.architecture) && is_waited { Severity::Warning } else { Severity::Advice };
    let is_rest = !told.is_empty() || !calls.endless.is_empty();
    let total = cx.architecture.links().filter(|link| waiting::is_remote_call(cx.architecture, link)).count();
    let message = match (count, total) {
        (1, _) if is_rest => "one more call over the network states no timeout".to_owned(),
        (_, _) if is_rest => format!("{count} more calls over the network state no timeout"),
        (1, 1) => "the only call over the network states no timeout".to_owned(),
        (1, total) => format!("1 of {total} calls over the network states no timeout"),
        (_, total) if total == count => {
            format!("none of the {total} calls over the network states a timeout")
        }
        (_, total) => format!("{count} of {total} calls over the network state no timeout"),
    };
    if let Some(mut finding) = findings.question(severity, &asked, message) {
        finding.note("a target that hangs holds each of its callers, and theirs, until somebody gives up");
        if calls.by_default > 0 {
            let others = figures::count(calls.by_default, "more is", "more are");
            finding.note(format!("{others} ended by a proxy's default"));
        }
        finding.help(
            "give each a `timeout` a little over what 999 of 1 000 answers take, shorter the further in: \
             `a -> b { timeout = 200ms }`, or `timeout` on the caller for all its calls",
        );
        let is_open =
            |link: &&&Link| count > asked.len() || is_asked(&asked, &cx.architecture.link_name(link));
        finding.fix(FIX, false, timeouts(open.iter().filter(is_open).copied()));
    }
}

/// The edits that give the calls a timeout, how long it may be.
fn timeouts<'a>(links: impl Iterator<Item = &'a Link>) -> Vec<Edit> {
    by_place(links.map(|link| link.room.edit("timeout")).collect())
}

/// Whether the design says anything about how long something may take.
fn speaks_of_time(architecture: &Architecture) -> bool {
    const ASKED: [Property; 2] = [Property::LatencyP50, Property::LatencyP99];
    let is_asked = |it: &crate::model::Properties| ASKED.into_iter().any(|property| it.has(property));
    is_asked(&architecture.system.properties)
        || architecture.flows().any(|flow| is_asked(flow))
        || architecture.links().any(|link| link.is_stated(Property::Timeout))
        || architecture.components().any(|component| component.is_stated(Property::Timeout))
}
