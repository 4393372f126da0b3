use rustc_hash::FxHashSet;

use super::{Asked, Context, Finding, Findings, declare_rule};
use crate::analysis::capacity::{self, exceeds, times, written};
use crate::analysis::load::writes_to_every_node;
use crate::analysis::plan::{Certainty, Lack, Shortage};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId};

declare_rule! {
    /// Finds what gets more at its peak than all of its nodes carry.
    ///
    /// ## Why it matters
    /// Over its capacity a component does not slow down a little: its queue grows until callers give up and try again,
    /// which adds to the load. Whatever else the design does well, its users get what the fullest part lets through.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 10M, per_user = 20/day, peak_factor = 3 }
    /// client browser
    /// load_balancer lb : alb
    /// service shop x3 { capacity = 2k/s } // finding: "`shop` gets 116% of what it carries"
    /// database orders : postgres x2 { failover, capacity = 20k/s }
    /// browser -> lb -> shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 10M, per_user = 20/day, peak_factor = 3 }
    /// client browser
    /// load_balancer lb : alb
    /// service shop x5 { capacity = 2k/s }
    /// database orders : postgres x2 { failover, capacity = 20k/s }
    /// browser -> lb -> shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// The peak is users × what they do × `peak_factor` along the links. A store's busiest node uses reads ÷ (nodes × its
    /// read capacity) + writes ÷ its write capacity, for every node applies all writes; anything else spreads all of it.
    /// Over 100 % is an error where load and capacity are written. It is a warning where the capacity, the peak factor,
    /// the number of nodes or a hit ratio before it is assumed, and advice where it takes several of these together: an
    /// assumed peak does not count where the mean alone is too much. Proxies and services of which the catalogue alone
    /// says what they carry are told together.
    ///
    /// A consumer of a queue is LP204's, who gets too much pushed at it LP214's, and a third party's quota is LP318's.
    /// A store that only reads fill, with neither a cache nor copies, is LP305's unless all figures are written. There
    /// is no fix: more nodes, a cache and less load are different answers.
    ///
    /// ## Known false alarms
    /// A node of yours that carries more than a plain one: state its `capacity`.
    ///
    /// ## An interviewer asks
    /// How many requests a second is that at peak, and how many does one of these carry?
    ///
    /// ## A good answer
    /// - both figures, and how the first comes out of the users
    /// - how many of them it takes, with room for one that is gone
    ///
    /// ## References
    /// - Google, Site Reliability Engineering, chapter 21, "Handling Overload".
    /// - M. Nygard, *Release It!*, "Unbalanced capacities".
    static RULE = {
        code: "LP301",
        summary: "more load at peak than it carries",
        levels: [Error, Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let shortages = cx.analysis.shortages(cx.architecture);
    let overloaded = || shortages.iter().filter(|it| it.lack == Lack::Overloaded);
    let component = |shortage: &Shortage| cx.architecture.component(shortage.busy.component);
    let fullest = overloaded().max_by(|a, b| a.busy.share().total_cmp(&b.busy.share()));
    let (together, alone): (Vec<_>, Vec<_>) =
        overloaded().partition(|it| it.is_told_with_others(component(it)));
    if !alone.is_empty() {
        let wanted: FxHashSet<ComponentId> = alone.iter().map(|it| it.busy.component).collect();
        let through = cx.analysis.journeys_through(|id| wanted.contains(&id));
        for shortage in alone {
            let is_fullest = fullest.is_some_and(|it| std::ptr::eq(it, shortage));
            let journeys = through.get(&shortage.busy.component).map_or(&[][..], Vec::as_slice);
            report(cx, findings, shortage, is_fullest, journeys);
        }
    }
    ask(cx, findings, together);
}

fn severity(certainty: Certainty) -> Severity {
    match certainty {
        Certainty::Stated => Severity::Error,
        Certainty::Assumed => Severity::Warning,
        Certainty::Guessed => Severity::Advice,
    }
}

fn report(cx: &Context, findings: &mut Findings, shortage: &Shortage, is_fullest: bool, journeys: &[usize]) {
    let component = cx.architecture.component(shortage.busy.component);
    let busy = &shortage.busy;
    let assumed = if busy.capacity.is_assumed { "is assumed to carry" } else { "carries" };
    let message = format!(
        "`{}` gets {} what it {assumed} at peak: {}",
        component.name,
        times(busy.share()),
        busy.working(component)
    );
    let label = format!("{} at peak", busy.peak.total());
    let mut finding = findings.on_component(severity(shortage.certainty), component, label, message);
    holds_up(cx, &mut finding, shortage, is_fullest);
    for at in journeys {
        finding.flow(cx.analysis.journeys[*at].name.as_str());
    }
    if writes_to_every_node(component)
        && busy.replicas > 1
        && exceeds(busy.writes, cx.architecture.parameters.utilisation_target.value)
    {
        finding.note(format!(
            "each of the {} copies applies every write, so more of them do not help",
            busy.replicas
        ));
    }
    if cx.analysis.load.component(component.id).is_partial {
        finding.note("flows that state no rate come on top of it");
    }
    for note in shortage.assumptions(&cx.architecture.parameters, component) {
        finding.note(note);
    }
    finding.help(shortage.advice(&cx.architecture.parameters, component));
}

/// How far today's load is from what it carries.
fn holds_up(cx: &Context, finding: &mut Finding, shortage: &Shortage, is_fullest: bool) {
    let factor = shortage.busy.headroom();
    let users = capacity::users_at(&cx.architecture.system.properties, factor);
    let at = match users {
        Some(users) => format!("at {users}"),
        None => format!("at {} of this load", figures::percent(factor)),
    };
    finding.note(if is_fullest {
        format!("it is the bottleneck of the design, full {at}")
    } else {
        format!("it is full {at}")
    });
}

/// One finding about all that hold nothing and may be larger than a plain node.
fn ask(cx: &Context, findings: &mut Findings, mut all: Vec<&Shortage>) {
    all.sort_by(|a, b| b.busy.share().total_cmp(&a.busy.share()));
    let component =
        |shortage: &Shortage| -> &Component { cx.architecture.component(shortage.busy.component) };
    let in_words = |shortage: &&Shortage| -> Asked {
        let it = component(shortage);
        let label =
            format!("{} at peak: {} would do", shortage.busy.peak.total(), written(it, shortage.least));
        (it.name.to_string(), it.span, label)
    };
    let (count, asked) = findings.open_of(cx.architecture, &all, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let Some(fullest) = all.iter().find(|it| component(it).name == *first) else { return };
    let share = times(fullest.busy.share());
    let message = match count {
        1 => format!("`{first}` gets {share} what it is assumed to carry at peak"),
        _ => format!("{count} tiers get more at peak than they are assumed to carry: `{first}` {share} that"),
    };
    let level = severity(all.iter().map(|it| it.certainty).min().unwrap_or(Certainty::Guessed));
    if let Some(mut finding) = findings.question(level, &asked, message) {
        for note in fullest.assumptions(&cx.architecture.parameters, component(fullest)) {
            finding.note(note);
        }
        finding.help("state what one replica carries (`capacity`), and run as many as the peak needs");
    }
}
