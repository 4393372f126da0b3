use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Planner, StoreKind, StoreKinds};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::Property;

declare_rule! {
    /// Finds more kinds of store than a small team can run.
    ///
    /// ## Why it matters
    /// Each kind of store fails in its own way, and wants its own backups, upgrades, alarms and somebody who knows it at
    /// night. A team has a few such pieces of attention to spend, and most questions have an answer in a store that is there
    /// already.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day, team = 5 } // finding: "5 engineers run 4 kinds of store"
    /// client browser
    /// service shop x2
    /// database orders : postgres x2 { failover = 60s }
    /// database profiles : mongodb x3
    /// cache sessions : redis x2
    /// search_index products : elasticsearch x3
    /// browser -> shop -> orders, profiles, sessions, products
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day, team = 5 }
    /// client browser
    /// service shop x2
    /// database orders : postgres x2 { failover = 60s }
    /// cache sessions : redis x2
    /// search_index products : elasticsearch x3
    /// browser -> shop -> orders, sessions, products
    /// ```
    ///
    /// ## How it is detected
    /// The system states a `team` of fewer than ten and a scale, and its databases, caches and searches are of more
    /// than three kinds: relational, key-value, document, wide-column, graph, time-series, warehouse, search. Two
    /// engines of one kind count once; files, objects and queues, a database of which nothing is said, and what has a
    /// `because` do not count. There is no fix: the data has to move.
    ///
    /// ## Known false alarms
    /// Stores that others run and the team only uses: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// Which of these could the first one do as well, at your size?
    ///
    /// ## A good answer
    /// - what each is there for that another can't do
    /// - who runs it at night, and what that costs
    ///
    /// ## References
    /// - D. McKinley, "Choose Boring Technology": about three innovation tokens.
    static RULE = {
        code: "LP815",
        summary: "more kinds of store than the team can run",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let system = &cx.architecture.system;
    if !system.properties.is_stated(Property::Team) || system.is_demo() {
        return;
    }
    if let Some(many) = Planner::new(cx.architecture, cx.analysis).too_many_store_kinds() {
        report(cx, findings, &many);
    }
}

fn report(cx: &Context, findings: &mut Findings, many: &StoreKinds) {
    let system = &cx.architecture.system;
    let team = figures::count(many.team as usize, "engineer runs", "engineers run");
    let titles: Vec<&str> = many.kinds.iter().map(|it| it.title.as_str()).collect();
    let (last, first) = titles.split_last().expect("there are more than three");
    let message = format!("{team} {} kinds of store: {} and {last}", titles.len(), first.join(", "));
    let span = system.properties.span(Property::Team).unwrap_or(system.span);
    let mut finding = findings.report(Severity::Warning, "system", span, "stated here", message);
    for kind in &many.kinds {
        let store = cx.architecture.component(kind.stores[0]);
        let used = kind.used.map_or_else(|| kind.title.to_string(), |it| format!("{}: {it}", kind.title));
        finding.label(store.name.as_str(), store.span, used);
    }
    finding.note("each kind wants its own backups, upgrades, alarms and somebody who knows it at night");
    let limit = figures::number(cx.architecture.parameters.store_kinds.value);
    let of = figures::number(cx.architecture.parameters.store_kinds_team.value);
    let idlest = idlest(many);
    let command = match idlest.and_then(|it| it.used.map(|used| (it, used))) {
        Some((kind, used)) => format!(
            "fold `{}` into one of the others (it is {used})",
            cx.architecture.component(kind.stores[0]).name
        ),
        None => "fold one into another".to_owned(),
    };
    finding.help(format!(
        "{command}, or say why each is there (`because`): {limit} are what fewer than {of} can run"
    ));
}

/// The kind that does least, of those that a relational store could do for as well.
fn idlest(many: &StoreKinds) -> Option<&StoreKind> {
    let could_go = many.kinds.iter().filter(|it| it.title != "relational" && it.used.is_some());
    let share = |kind: &StoreKind| kind.used.map_or(1.0, |it| it.share);
    could_go.min_by(|a, b| share(a).total_cmp(&share(b)))
}
