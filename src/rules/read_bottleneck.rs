use super::{Context, Findings, declare_rule};
use crate::analysis::capacity::{exceeds, limit};
use crate::analysis::plan::{Certainty, Lack, Shortage};
use crate::diagnostic::Severity;
use crate::figures;

declare_rule! {
    /// Finds databases that reads alone fill, with neither a cache nor copies to take them.
    ///
    /// ## Why it matters
    /// Most systems read ten or a hundred times what they write, and most reads ask for the same few things. The primary is
    /// the one node that takes the writes, and the dearest place to answer such reads: a cache answers them for a tenth of
    /// the price, copies for the price of a node, and only then is the data worth splitting.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { reads = 4k/s, writes = 100/s, peak_factor = 3 }
    /// client browser
    /// service shop x8 { capacity = 4k/s }
    /// load_balancer lb : alb
    /// database orders : postgres x1 { read_capacity = 15k/s, write_capacity = 5k/s } // finding: "reads fill `orders`"
    /// browser -> lb -> shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { reads = 4k/s, writes = 100/s, peak_factor = 3 }
    /// client browser
    /// service shop x8 { capacity = 4k/s }
    /// load_balancer lb : alb
    /// cache hot : redis x2 { caches = orders, strategy = cache_aside, hit_ratio = 80% }
    /// database orders : postgres x1 { read_capacity = 15k/s, write_capacity = 5k/s }
    /// browser -> lb -> shop -> hot, orders
    /// ```
    ///
    /// ## How it is detected
    /// The database is more than 70 % busy at peak, reads use more of it than writes, no cache stands before it, and it
    /// has one node that answers reads (a standby only waits). It speaks instead of LP302, and of LP301 unless all
    /// figures are written: an overload on stated figures is an error, which that rule tells. Where the capacity is the
    /// catalogue's it is a warning only over 100 %, else advice. There is no fix: a cache and copies to read from are
    /// different answers.
    ///
    /// ## Known false alarms
    /// Reads that nobody repeats, which no cache answers: read from copies, and say so with `xN`.
    ///
    /// ## An interviewer asks
    /// Which reads are these, and who may see an answer that is a second old?
    ///
    /// ## A good answer
    /// - which reads may be a little old, and how old
    /// - copies to read from or a cache for these, and what still goes to the primary
    ///
    /// ## References
    /// - System Design Primer, "Cache" and "Database: replication".
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 5.
    static RULE = {
        code: "LP305",
        summary: "reads fill a database that has neither cache nor copies",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for shortage in cx.analysis.shortages(cx.architecture).iter().filter(|it| it.lack == Lack::Reads) {
        report(cx, findings, shortage);
    }
}

fn severity(shortage: &Shortage) -> Severity {
    let is_over = exceeds(shortage.busy.share(), limit());
    match shortage.certainty {
        _ if shortage.busy.capacity.is_assumed && !is_over => Severity::Advice,
        Certainty::Guessed => Severity::Advice,
        _ => Severity::Warning,
    }
}

fn report(cx: &Context, findings: &mut Findings, shortage: &Shortage) {
    let store = cx.architecture.component(shortage.busy.component);
    let busy = &shortage.busy;
    let assumed = if busy.capacity.is_assumed { " (assumed)" } else { "" };
    let filled = if busy.share() < 2.0 {
        format!("to {}", figures::percent(busy.share()))
    } else {
        format!("{} times over", figures::number(busy.share()))
    };
    let working = busy.working(store);
    let message = format!("reads fill `{}` {filled} at peak: {working}{assumed}", store.name);
    let reads = busy.peak.reads + busy.peak.other;
    let label = format!("{reads} reads at peak on one node");
    let mut finding = findings.on_component(severity(shortage), store, label, message);
    let share = figures::percent(busy.reads / busy.share());
    finding
        .note(format!("{share} of its load is reads, which need not come to the node that takes the writes"));
    for note in shortage.assumptions(&cx.architecture.parameters, store) {
        finding.note(note);
    }
    finding.help(shortage.advice(&cx.architecture.parameters, store));
}
