use super::{Context, Findings, declare_rule};
use crate::analysis::asking;
use crate::analysis::consistency::{self, Asking};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};

declare_rule! {
    /// Asks what a read may miss, and what gives way when the nodes of a store lose sight of each other.
    ///
    /// ## Why it matters
    /// A store of several nodes is current or it answers, when these can't reach each other. Whoever has not chosen has
    /// taken what the engine does as it comes, and learns of it in the first partition.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 100k }
    /// client browser
    /// service shop x2
    /// database orders : postgres x3 // finding: "what a read may miss"
    /// browser -> shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 100k, consistency = strong, on_partition = consistent }
    /// client browser
    /// service shop x2
    /// database orders : postgres x3
    /// browser -> shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// A database or file store of several nodes, of copies, or over several regions, of which neither it, a link to it, a flow
    /// that comes to it nor the system states `consistency` or `on_partition`, and whose engine is not known to decide by
    /// a majority. All of them are one question. It is silent where few use the design, for what
    /// `unread-own-write` speaks of, and for standbys that nobody reads. No fix is offered: it is a question.
    ///
    /// ## Known false alarms
    /// None that an answer does not settle: it is a question.
    ///
    /// ## An interviewer asks
    /// Is it CP or AP? Which of your users notices, and what do they see?
    ///
    /// ## A good answer
    /// - which comes first, to be current or to answer, for each kind of data
    /// - who is refused, or who sees what is out of date, and why that is bearable
    ///
    /// ## References
    /// - E. Brewer, "CAP twelve years later: how the 'rules' have changed", 2012.
    /// - D. Abadi, "Consistency tradeoffs in modern distributed database system design", 2012.
    static RULE = {
        code: "LP418",
        summary: "stores of several nodes that do not say what a read may miss",
        levels: [Advice],
        review_only: true,
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let system = &cx.architecture.system.properties;
    let is_said = system.is_stated(Property::Consistency) || system.is_stated(Property::OnPartition);
    if is_said || asking::is_small(cx.architecture, cx.analysis) {
        return;
    }
    let told: Vec<_> = consistency::unread_own_writes(cx.architecture, cx.analysis)
        .iter()
        .flat_map(|it| it.copies.iter().copied().chain([it.primary]).collect::<Vec<_>>())
        .collect();
    let asking = Asking::of(cx.architecture, cx.analysis);
    let open: Vec<&Component> = cx
        .architecture
        .components()
        .filter(|it| is_open(it) && !told.contains(&it.id) && !asking.is_settled(it))
        .collect();
    let in_words =
        |it: &&Component| (it.name.to_string(), it.span, "its nodes can lose sight of each other".to_owned());
    let (count, asked) = findings.open_of(cx.architecture, &open, in_words);
    let message = match asked.as_slice() {
        [] => return,
        [(only, ..)] if count == 1 => {
            format!(
                "nothing says what a read may miss in `{only}`, nor what gives way when its nodes lose each other"
            )
        }
        _ => format!(
            "nothing says what a read may miss in {}, nor what gives way when their nodes lose each other",
            figures::count(count, "store", "stores")
        ),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding
            .note("cut off from each other, nodes either refuse what they can't agree on, or answer what may be out of date")
            .help(
                "choose for the system, and except what differs: `consistency = strong` with `on_partition = consistent`, or \
                 `eventual` with `available`",
            );
    }
}

fn is_open(store: &Component) -> bool {
    matches!(store.kind, Kind::Database | Kind::FileStore)
        && consistency::is_spread(store)
        && !store.is_replica()
        && !consistency::has_only_standbys(store)
        && store.engine().is_none_or(|it| !it.facts.consensus && it.facts.consistency.is_none())
}
