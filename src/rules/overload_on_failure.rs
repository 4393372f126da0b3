use rustc_hash::FxHashSet;

use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::capacity::{exceeds, limit, written};
use crate::analysis::load::Traffic;
use crate::analysis::plan::{Lack, Shortage};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId, Property};

declare_rule! {
    /// Finds what is redundant on paper: with one of it gone the rest are over their capacity.
    ///
    /// ## Why it matters
    /// A spare that is needed to carry the peak is no spare. The first loss at a busy hour overloads those that are left,
    /// they fall one after the other, and what was meant to survive a crash turns it into an outage.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 10M, per_user = 20/day, peak_factor = 3, availability = 99.9% }
    /// client browser
    /// load_balancer lb : alb
    /// service shop x6 { zones = 2, capacity = 2k/s } // finding: "with one of 2 zones gone"
    /// database orders : postgres x2 { failover = 60s, capacity = 20k/s }
    /// browser -> lb -> shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 10M, per_user = 20/day, peak_factor = 3, availability = 99.9% }
    /// client browser
    /// load_balancer lb : alb
    /// service shop x6 { zones = 3, capacity = 2k/s }
    /// database orders : postgres x2 { failover = 60s, capacity = 20k/s }
    /// browser -> lb -> shop -> orders
    /// ```
    ///
    /// Regions that carry each other's users only while nobody needs it:
    /// ```arch
    /// system "Shop" { rate = 1.4k/s, peak_factor = 2, survives = region }
    /// client browser
    /// dns names : route53
    /// region eu {
    ///   load_balancer edge : alb
    ///   service shop x4 { capacity = 500/s } // finding: "with `us` gone `eu.shop` would be 140% busy"
    ///   edge -> shop
    /// }
    /// region us {
    ///   load_balancer edge : alb
    ///   service shop x6 { capacity = 500/s }
    ///   edge -> shop
    /// }
    /// browser -> names -> eu.edge | us.edge
    /// ```
    ///
    /// ## How it is detected
    /// Where one node alone can't keep the promise, or redundancy is asked for: the peak over what is left without one
    /// replica, and without one of the stated `zones`, which takes the fullest zone's replicas. Of a pool, the peak
    /// with the busiest member gone and its load on the others. Of a fallback (`a else b`), wherever one is drawn: all
    /// that the first carries. Where `survives = region` is asked and regions are drawn, the load as it goes without each of
    /// them: what has no way around a lost region comes to nobody (LP115 tells that). It speaks instead of LP302, and not where the peak is too much with all of them up
    /// (LP301). Where the capacity is the catalogue's it is advice, one for all. There is no fix: how many nodes more
    /// is told, and buying them is a decision.
    ///
    /// ## Known false alarms
    /// Replicas that are replaced within seconds, and callers that wait: a range (`x3..6`, `autoscale`) is not judged.
    ///
    /// ## An interviewer asks
    /// It is the busiest hour and one of these is gone: how busy are the others?
    ///
    /// ## A good answer
    /// - what the others have to carry then, and whether they can
    /// - how many are run so that one may be missing
    /// - or what is shed while one is
    ///
    /// ## References
    /// - AWS, "Static stability using Availability Zones": three zones need half as much again, two need twice.
    /// - Google, Site Reliability Engineering, chapter 22, "Addressing Cascading Failures".
    static RULE = {
        code: "LP108",
        summary: "with one replica, zone, region or alternative gone the rest are overloaded",
        levels: [Warning, Advice],
    }
}

/// So many zones every region has.
const MOST_ZONES: u32 = 3;

fn check(cx: &Context, findings: &mut Findings) {
    let is_loss = |shortage: &&Shortage| {
        matches!(
            shortage.lack,
            Lack::WithoutReplica(_)
                | Lack::WithoutZone { .. }
                | Lack::WithoutRegion { .. }
                | Lack::Without { .. }
        )
    };
    let all = cx.analysis.shortages(cx.architecture).iter().filter(is_loss);
    let (assumed, stated): (Vec<_>, Vec<_>) = all.partition(|it| it.busy.capacity.is_assumed);
    // What one of a pool can't carry the others can't either: the pool is told once.
    let mut told: FxHashSet<ComponentId> = FxHashSet::default();
    for shortage in stated {
        if let Lack::Without { gone, is_fallback: false, .. } = shortage.lack {
            let is_known = told.contains(&gone) || told.contains(&shortage.busy.component);
            told.extend([gone, shortage.busy.component]);
            if is_known {
                continue;
            }
        }
        report(cx, findings, shortage);
    }
    ask(cx, findings, &assumed);
}

/// What is gone, and the part of the rest that is then used: `with one of 6 replicas gone the rest are 139% busy`.
fn told(cx: &Context, component: &Component, shortage: &Shortage) -> (String, f64) {
    let name = &component.name;
    match shortage.lack {
        Lack::WithoutZone { zones, left, share } => {
            let count = shortage.busy.replicas;
            (
                format!(
                    "with one of {zones} zones gone, {left} of the {count} replicas of `{name}` would be"
                ),
                share,
            )
        }
        Lack::Without { gone, is_fallback, share, .. } => {
            let gone = &cx.architecture.component(gone).name;
            let verb = if is_fallback { "takes over from" } else { "stands in for" };
            (format!("when `{name}` {verb} `{gone}` it would be"), share)
        }
        Lack::WithoutRegion { gone, share, .. } => {
            (format!("with `{}` gone `{name}` would be", cx.architecture.group(gone).name), share)
        }
        Lack::WithoutReplica(share) => {
            let count = shortage.busy.replicas;
            (format!("with one of {count} replicas of `{name}` gone the rest would be"), share)
        }
        _ => (String::new(), shortage.busy.share()),
    }
}

fn report(cx: &Context, findings: &mut Findings, shortage: &Shortage) {
    let component = cx.architecture.component(shortage.busy.component);
    let (told, share) = told(cx, component, shortage);
    let busy = &shortage.busy;
    let [then, _] = figures::apart_by(share, limit(), figures::percent_to);
    let message = format!("{told} {then} busy at peak");
    let label = match shortage.lack {
        Lack::Without { .. } => "carries too little for both".to_owned(),
        Lack::WithoutRegion { .. } => format!("{} busy with all regions up", figures::percent(busy.share())),
        _ => format!("{} busy with all of them", figures::percent(busy.share())),
    };
    let mut finding = findings.on_component(Severity::Warning, component, label, message);
    if let Lack::Without { gone, is_fallback, .. } = shortage.lack {
        let gone = cx.architecture.component(gone);
        let label = if is_fallback { "takes all of it" } else { "one of the pool" };
        let peak = cx.analysis.load.component(gone.id).peak.total();
        finding.label(gone.name.as_str(), gone.span, format!("{label}: {peak} at peak"));
    }
    if let Lack::WithoutRegion { gone, more, .. } = shortage.lack {
        let gone = cx.architecture.group(gone);
        let label = format!("when it is gone {} more come there at peak", more.total());
        finding.label(gone.name.as_str(), gone.span, label);
    }
    if let Some(span) =
        component.span(Property::Zones).filter(|_| matches!(shortage.lack, Lack::WithoutZone { .. }))
    {
        finding.place(span, "spread over these");
    }
    finding.note(match shortage.lack {
        Lack::Without { more, .. } | Lack::WithoutRegion { more, .. } => {
            let working = busy.worked_with(component, more, busy.replicas).working();
            format!("then: {working} = {}", figures::percent(share))
        }
        _ => format!("at peak: {} = {}", busy.working(component), figures::percent(busy.share())),
    });
    finding.note(match shortage.lack {
        Lack::Without { is_fallback: true, .. } => "what was to take over falls over in turn",
        Lack::WithoutRegion { .. } => {
            "a region is to be survived (`survives`): the others take its users, or fall after it"
        }
        _ => "those that are left are overloaded in turn: a loss that was provided for becomes an outage",
    });
    for note in shortage.assumptions(&cx.architecture.parameters, component) {
        finding.note(note);
    }
    finding.help(help(component, shortage));
}

fn help(component: &Component, shortage: &Shortage) -> String {
    let count = shortage.least;
    let command = format!("run {count} of it ({})", written(component, count));
    let left = match shortage.lack {
        Lack::WithoutReplica(_) => count - 1,
        Lack::WithoutZone { zones, .. } => count - count.div_ceil(zones),
        Lack::Without { is_fallback: false, .. } => {
            return format!("run {count} of each of the pool ({})", written(component, count));
        }
        _ => {
            let share = shortage.share_after(component, count);
            return format!("{command}: it would then be {} busy", figures::roughly(share));
        }
    };
    let share = shortage.busy.share_with(component, Traffic::NONE, left);
    if let Lack::WithoutZone { zones, .. } = shortage.lack
        && let Some((over, _)) = shortage.busy.without_zone(component, MOST_ZONES)
        && zones < MOST_ZONES
        && !exceeds(over, limit())
    {
        let over = figures::roughly(over);
        return format!(
            "spread it over {MOST_ZONES} zones: with one gone the rest would be {over} busy; else {command}"
        );
    }
    format!("{command}: the {left} that are left would be {} busy", figures::roughly(share))
}

/// One question about all that only the catalogue's figures overload.
fn ask(cx: &Context, findings: &mut Findings, all: &[&Shortage]) {
    let in_words = |shortage: &&Shortage| -> Asked {
        let component = cx.architecture.component(shortage.busy.component);
        let (_, share) = told(cx, component, shortage);
        let label =
            format!("{} busy with one gone: {}", figures::roughly(share), written(component, shortage.least));
        (component.name.to_string(), component.span, label)
    };
    let (count, asked) = findings.open_of(cx.architecture, all, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let of_first = all.iter().find(|it| cx.architecture.component(it.busy.component).name == *first);
    let Some(shortage) = of_first else { return };
    let component = cx.architecture.component(shortage.busy.component);
    let (told, share) = told(cx, component, shortage);
    let message = match count {
        1 => format!("{told} {} busy at peak (assumed)", figures::roughly(share)),
        _ => format!(
            "{count} components may be overloaded at peak when one of their replicas, zones or alternatives is gone"
        ),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        for note in shortage.assumptions(&cx.architecture.parameters, component) {
            finding.note(note);
        }
        finding.help("state what one node carries (`capacity`), and run one more than the peak needs");
    }
}
