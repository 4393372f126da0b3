use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::capacity;
use crate::analysis::plan::{Lack, Shortage};
use crate::diagnostic::Severity;
use crate::figures;

declare_rule! {
    /// Finds what is more than 70 % busy at its peak.
    ///
    /// ## Why it matters
    /// Waiting grows long before a node is full: at 70 % a request waits more than twice as long as it is worked on, at
    /// 90 % nine times. And the peak that was reckoned is a mean of the busiest hour, not its worst minute.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 10M, per_user = 20/day, peak_factor = 3 }
    /// client browser
    /// load_balancer lb : alb
    /// service shop x4 { capacity = 2k/s } // finding: "`shop` is 86.8% busy at peak"
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
    /// As LP301, over 70 % of the busiest node and not over 100 %. Where the catalogue alone says what a node carries
    /// it is advice, and one question for all of them. It is silent where another rule tells of the same fact: LP108
    /// where the loss of a replica is more than the rest can carry, LP305 and LP306 where reads or writes fill a store.
    /// There is no fix: more nodes, a cache and less load are different answers.
    ///
    /// ## Known false alarms
    /// Work that may wait, in batches: mark its links `batch`.
    ///
    /// ## An interviewer asks
    /// What does a busier day than any so far do to this part?
    ///
    /// ## A good answer
    /// - how long a request waits when it is this busy, and how much more fits
    /// - what is added then, and how long that takes
    ///
    /// ## References
    /// - L. Kleinrock, *Queueing Systems*, volume 1: M/M/1 waits ρ ÷ (1 − ρ) service times.
    static RULE = {
        code: "LP302",
        summary: "more than 70 % busy at peak",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let shortages = cx.analysis.shortages(cx.architecture).iter().filter(|it| it.lack == Lack::NearLimit);
    let (assumed, stated): (Vec<_>, Vec<_>) = shortages.partition(|it| it.busy.capacity.is_assumed);
    for shortage in stated {
        report(cx, findings, shortage);
    }
    ask(cx, findings, assumed);
}

fn report(cx: &Context, findings: &mut Findings, shortage: &Shortage) {
    let component = cx.architecture.component(shortage.busy.component);
    let busy = &shortage.busy;
    let message = format!(
        "`{}` is {} busy at peak: {}",
        component.name,
        figures::apart_by(
            busy.share(),
            cx.architecture.parameters.utilisation_target.value,
            figures::percent_to
        )[0],
        busy.working(component)
    );
    let label = format!("{} at peak", busy.peak.total());
    let mut finding = findings.on_component(Severity::Warning, component, label, message);
    finding.note(full_at(cx, shortage));
    for note in shortage.assumptions(&cx.architecture.parameters, component) {
        finding.note(note);
    }
    finding.help(shortage.advice(&cx.architecture.parameters, component));
}

fn full_at(cx: &Context, shortage: &Shortage) -> String {
    let target = figures::percent(cx.architecture.parameters.utilisation_target.value);
    let factor = shortage.busy.headroom();
    match capacity::users_at(&cx.architecture.system.properties, factor) {
        Some(users) => format!("it is full at {users}; past {target} answers wait for each other"),
        None => format!(
            "it is full at {} times this load; past {target} answers wait for each other",
            figures::number(factor)
        ),
    }
}

/// One question about all that only the catalogue's figures fill.
fn ask(cx: &Context, findings: &mut Findings, mut all: Vec<&Shortage>) {
    all.sort_by(|a, b| b.busy.share().total_cmp(&a.busy.share()));
    let in_words = |shortage: &&Shortage| -> Asked {
        let it = cx.architecture.component(shortage.busy.component);
        let label =
            format!("{} busy: {}", figures::roughly(shortage.busy.share()), shortage.busy.working(it));
        (it.name.to_string(), it.span, label)
    };
    let (count, asked) = findings.open_of(cx.architecture, &all, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let fullest = all.iter().find(|it| cx.architecture.component(it.busy.component).name == *first);
    let Some(fullest) = fullest else { return };
    let share = figures::roughly(fullest.busy.share());
    let message = match count {
        1 => format!("`{first}` may be {share} busy at peak"),
        _ => format!("{count} components may be nearly full at peak, `{first}` {share}"),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        for note in fullest
            .assumptions(&cx.architecture.parameters, cx.architecture.component(fullest.busy.component))
        {
            finding.note(note);
        }
        finding.help("state what one node carries (`capacity`)");
    }
}
