use std::cell::OnceCell;
use std::fmt::Write as _;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::Analysis;
use crate::analysis::journey::Journey;
use crate::analysis::needs::View;
use crate::analysis::trust::Encryption;
use crate::model::property::Statement;
use crate::model::{
    Architecture, Asked as Subject, Bearer, Claim, Clause, ComponentId, Condition, Constraint, Link, LinkId,
    Property, Select, Sort,
};
use crate::source::Span;
use crate::syntax::ast::Arrow;

declare_rule! {
    /// Finds what breaks the design's own constraints.
    ///
    /// ## Why it matters
    /// A team's rules live in the heads of those who made them. Written as a `constraint` they are checked with each
    /// change, and may be shared by `include`.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service api
    /// database orders
    /// browser -> api -> orders
    /// browser -> orders // finding: "`browser -> orders` breaks `behind_the_api`"
    /// constraint behind_the_api "clients go through the API" {
    ///   forbid = kind client -> kind database
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service api
    /// database orders
    /// browser -> api -> orders
    /// constraint behind_the_api "clients go through the API" {
    ///   forbid = kind client -> kind database
    /// }
    /// ```
    ///
    /// A constraint may ask for what each component of a kind or with a tag states, choose by what is stated, look
    /// along whole flows, and name the sort of a link:
    /// ```arch
    /// client browser
    /// service api
    /// database orders #pci // finding: "`orders` breaks `kept`: it states no `backup`"
    /// database users { data = pii } // finding: "`users` breaks `sealed`"
    /// third_party tracker
    /// browser -> api // finding: "the way from `browser` to `tracker` breaks `no_tracking`"
    /// api -> orders, users
    /// api -> tracker : http // finding: "`api -> tracker` breaks `outside`: it speaks `http`"
    /// constraint kept { require = #pci { backup } }
    /// constraint sealed { require = kind any where { data = pii } { encrypted_at_rest } }
    /// constraint no_tracking { forbid = kind client -> ... -> tracker }
    /// constraint outside { require = kind any -> kind third_party : https | grpc }
    /// ```
    ///
    /// ## How it is detected
    /// A clause names components by `kind K` (`kind any`: all), by `#tag` (its own or a group's) or by name (a group's
    /// name: all in it), and narrows them by `where { … }`; `kind flow`, a flow's name and `kind system` speak of what
    /// these state.
    ///
    /// - `forbid = A` speaks of each, `require = A` asks that there is one, `require = A { … }` what each has to state.
    /// - `forbid = A -> B` speaks of each such link, `require = A -> B` asks one of each A. With protocols or
    ///   `with { … }` both speak of the sort of each such link, which is or is not so; `tls` is met by a protocol that
    ///   encrypts. `~>` speaks of asynchronous links.
    /// - `A -> ... -> B` looks along each flow, through links of both kinds, queues and all: forbidden is that a flow
    ///   comes from A to B, required is that each flow that passes A goes on to B. `without C` leaves out what C names:
    ///   what is then reached, is reached past C. A link that no flow takes is followed where it makes a forbidden way.
    ///
    /// A condition with a figure or a range holds if what is stated lies within it (`replicas = 2..`), one with words if
    /// all of a list are stated, or any of `a | b`. What a component leaves open, the groups around it may state. A
    /// property that the language does not know may be asked for as well. `level = warning` or `advice` makes less of a
    /// constraint. There is no fix: the constraint says what must not be, not what should be in its place.
    ///
    /// ## Known false alarms
    /// None that the team did not write itself. An exception is accepted with `allow broken-constraint on …`, or with the
    /// constraint's own name, which accepts no other.
    ///
    /// ## An interviewer asks
    /// Which rules does your team never break, and how would you notice?
    ///
    /// ## A good answer
    /// - the rule and what it is there for
    /// - that something checks it at each change, and not somebody who remembers
    ///
    /// ## References
    /// - N. Ford et al., *Building Evolutionary Architectures*, 2nd ed., "Fitness Functions".
    static RULE = {
        code: "LP024",
        summary: "a constraint of the design's own that does not hold",
        levels: [Error, Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    // Where flows come is worked out once, and only where a clause speaks of it.
    let ways = OnceCell::new();
    for constraint in &cx.architecture.constraints {
        for clause in &constraint.clauses {
            // What could not be resolved is a fault already, and a file of nothing but constraints lacks nothing.
            let is_resolved = clause.selects().all(|select| select.by.is_some());
            if is_resolved && cx.architecture.components().len() > 0 {
                let broken = broken(cx, clause, &ways);
                report(cx.architecture, constraint, clause, broken, findings);
            }
        }
    }
}

/// Who breaks a clause, and how that is said.
struct Broken {
    by: Vec<Asked>,
    help: String,
}

fn report(
    architecture: &Architecture,
    constraint: &Constraint,
    clause: &Clause,
    broken: Broken,
    findings: &mut Findings,
) {
    let by = findings.open_at(constraint.level, constraint.name.as_deref(), architecture, broken.by);
    let Some((first, _, label)) = by.first() else { return };
    let name = match &constraint.name {
        Some(name) => format!("`{name}`"),
        None => "a constraint".to_owned(),
    };
    let who = match (&clause.claim, first.split_once(" -> ")) {
        (Claim::Way(..), Some((source, target))) => format!("the way from `{source}` to `{target}`"),
        (Claim::Way(..), None) => format!("the way from `{first}`"),
        _ if first == "system" => "the design".to_owned(),
        _ => format!("`{first}`"),
    };
    let mut message = format!("{who} breaks {name}");
    if by.len() > 1 {
        let verb = if by.len() == 2 { "does" } else { "do" };
        let _ = write!(message, ", as {verb} {} more", by.len() - 1);
    }
    let _ = match &constraint.text {
        Some(text) => write!(message, ": {}", text.trim_end_matches('.')),
        None => write!(message, ": it {label}"),
    };
    if let Some(mut finding) = findings.question(constraint.level, &by, message) {
        finding.place(clause.span, if clause.is_required { "required here" } else { "forbidden here" });
        finding.help(broken.help);
    }
}

fn broken<'a>(cx: &Context<'a>, clause: &Clause, ways: &OnceCell<Vec<Way<'a>>>) -> Broken {
    match &clause.claim {
        Claim::Presence if clause.is_required => missing(cx.architecture, &clause.subject),
        Claim::Presence => present(cx.architecture, &clause.subject),
        Claim::Statements(conditions) => unstated(cx.architecture, &clause.subject, conditions),
        Claim::Link(arrow, end) if clause.is_required => unlinked(cx.architecture, clause, *arrow, end),
        Claim::Link(arrow, end) => linked(cx, clause, *arrow, end, None),
        Claim::EachLink(arrow, end, sort) => linked(cx, clause, *arrow, end, Some(sort)),
        Claim::Way(end, without) => {
            let ways = ways.get_or_init(|| self::ways(cx.architecture, cx.analysis));
            along_flows(cx, clause, ways, end, without.as_ref())
        }
    }
}

/// `require = kind monitoring`: that there is none at all.
fn missing(architecture: &Architecture, select: &Select) -> Broken {
    let missing = select.written.trim_start_matches("kind ").replace('_', " ");
    let by = if select.chosen(architecture).is_empty() {
        vec![("system".to_owned(), select.span, format!("has no {missing}"))]
    } else {
        Vec::new()
    };
    Broken { by, help: format!("add {missing}, or take the constraint back") }
}

/// `forbid = kind database { model = graph }`: each that there is.
fn present(architecture: &Architecture, select: &Select) -> Broken {
    let chosen = select.chosen(architecture).into_iter();
    let by = chosen
        .map(|it| (it.name(architecture), place(architecture, it, select), "is forbidden".to_owned()))
        .collect();
    Broken { by, help: "take it out, or build it another way".to_owned() }
}

/// `require = kind database { backup }`: each that does not meet the conditions.
fn unstated(architecture: &Architecture, select: &Select, conditions: &[Condition]) -> Broken {
    let chosen = select.chosen(architecture).into_iter();
    let by = chosen
        .filter_map(|it| {
            let unmet = conditions.iter().find(|condition| !condition.is_met(architecture, it))?;
            let (stated, label) = answer(it, unmet);
            Some((it.name(architecture), stated.unwrap_or_else(|| place(architecture, it, select)), label))
        })
        .collect();
    let names: Vec<String> = conditions.iter().map(|it| format!("`{}`", it.subject.name())).collect();
    Broken { by, help: format!("state the {} that is asked for", names.join(" and ")) }
}

/// Where something stands; a system that is not written, where it is asked for.
fn place(architecture: &Architecture, bearer: Bearer, select: &Select) -> Span {
    match bearer {
        Bearer::Component(component) => component.span,
        Bearer::Flow(flow) => flow.span,
        Bearer::Group(group) => group.span,
        Bearer::Link(link) => link.span,
        Bearer::System(_) if architecture.system.name.is_none() => select.span,
        Bearer::System(_) => architecture.system.span,
    }
}

/// What something says where a condition asks for something else, and where it says so.
fn answer(bearer: Bearer, unmet: &Condition) -> (Option<Span>, String) {
    let name = unmet.subject.name();
    if let (Subject::Property(property), Bearer::Component(component)) = (&unmet.subject, bearer) {
        let engines = component.engines.iter().map(|engine| format!("`{engine}`")).collect::<Vec<_>>();
        match (property, component.least_replicas(), engines.as_slice()) {
            (Property::Replicas, Some(1), _) => return (component.replicas_span, "has 1 replica".to_owned()),
            (Property::Replicas, Some(replicas), _) => {
                return (component.replicas_span, format!("has {replicas} replicas"));
            }
            (Property::Engine, _, [_, ..]) => {
                return (None, format!("is built with {}", engines.join(" or ")));
            }
            _ => {}
        }
    }
    let stated = match &unmet.subject {
        Subject::Property(property) => {
            bearer.properties().entry(*property).map(|it| (it.span, &it.statement))
        }
        Subject::Own(own) => bearer.properties().own(own).map(|it| (it.span, &it.statement)),
    };
    match stated {
        None => (None, format!("states no `{name}`")),
        Some((span, Statement::Absent)) => (Some(span), format!("has no `{name}`")),
        Some((span, _)) => (Some(span), format!("states another `{name}` than is asked for")),
    }
}

/// `require = kind service -> kind monitoring`: each that has no such link.
fn unlinked(architecture: &Architecture, clause: &Clause, arrow: Arrow, end: &Select) -> Broken {
    let lead_there = |link: &Link| {
        link.is_async() == (arrow == Arrow::Async)
            && end.takes(architecture, architecture.component(link.target))
    };
    let arrow = if arrow == Arrow::Async { "~>" } else { "->" };
    let by = architecture
        .components()
        .filter(|it| clause.subject.takes(architecture, it))
        .filter(|it| !architecture.links_from(it.id).any(lead_there))
        .map(|it| (it.name.to_string(), it.span, format!("has no link `{arrow}` to {}", end.written)))
        .collect();
    Broken { by, help: format!("link it to {}", end.written) }
}

/// `forbid = kind client -> kind database`: each such link, where a sort is named each that is of it, or is not and has to be.
fn linked(cx: &Context, clause: &Clause, arrow: Arrow, end: &Select, sort: Option<&Sort>) -> Broken {
    let architecture = cx.architecture;
    let by = architecture
        .links()
        .filter(|link| {
            link.is_async() == (arrow == Arrow::Async)
                && clause.subject.takes(architecture, architecture.component(link.source))
                && end.takes(architecture, architecture.component(link.target))
        })
        .filter_map(|link| {
            let other = sort.map(|sort| another_sort(cx, link, sort));
            let (span, label) = match (clause.is_required, other) {
                (true, Some(other)) => other?,
                (_, Some(Some(_))) => return None,
                (_, _) => (None, "is forbidden".to_owned()),
            };
            Some((architecture.link_name(link), span.unwrap_or(link.span), label))
        })
        .collect();
    let help = match sort {
        None => "take the link out, or lead it through what may call there".to_owned(),
        Some(_) if !clause.is_required => "make the link another way, or take it out".to_owned(),
        Some(sort) => {
            let spoken = sort.protocols.iter().map(|it| format!("speak `{}`", it.text)).collect::<Vec<_>>();
            let stated: Vec<String> =
                sort.conditions.iter().map(|it| format!("state its `{}`", it.subject.name())).collect();
            let all = [spoken.join(" or "), stated.join(" and ")];
            let all: Vec<&str> = all.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
            format!("{} on the link", all.join(", and "))
        }
    };
    Broken { by, help }
}

/// What makes a link another than is spoken of; nothing where it is of this sort.
fn another_sort(cx: &Context, link: &Link, sort: &Sort) -> Option<(Option<Span>, String)> {
    let spoken = &link.protocols;
    if !sort.protocols.is_empty()
        && !spoken.iter().any(|it| sort.protocols.iter().any(|asked| asked.text == it.text))
    {
        let label = match spoken.first() {
            None => "names no protocol".to_owned(),
            Some(first) => format!("speaks `{}`", first.text),
        };
        return Some((spoken.first().map(|it| it.span), label));
    }
    let bearer = Bearer::Link(link);
    let is_met = |condition: &Condition| {
        // A protocol that encrypts need not say so again.
        let is_about_tls = condition.subject == Subject::Property(Property::Tls);
        let is_encrypted = cx.analysis.trust.encryption(link) == Encryption::Encrypted;
        condition.is_met(cx.architecture, bearer)
            || is_about_tls && condition.statement == Statement::Present && is_encrypted
    };
    let unmet = sort.conditions.iter().find(|condition| !is_met(condition))?;
    Some(answer(bearer, unmet))
}

/// `forbid = kind client -> ... -> tracker`, `require = kind client -> ... -> kind api_gateway`.
fn along_flows(
    cx: &Context,
    clause: &Clause,
    ways: &[Way],
    end: &Select,
    without: Option<&Select>,
) -> Broken {
    let architecture = cx.architecture;
    let takes = |select: &Select, id| select.takes(architecture, architecture.component(id));
    let is_passable = |id: ComponentId| !without.is_some_and(|without| takes(without, id));
    let mut by: Vec<Asked> = Vec::new();
    for component in architecture.components().filter(|it| clause.subject.takes(architecture, it)) {
        for way in ways.iter().filter(|way| way.reached.contains(&component.id)) {
            let after = way.from(component.id, is_passable);
            let asked = match (clause.is_required, after.into_iter().find(|(id, _)| takes(end, *id))) {
                (false, Some((id, first))) => {
                    let target = &architecture.component(id).name;
                    let past = past(without);
                    (
                        format!("{} -> {target}", component.name),
                        first,
                        format!("leads on to `{target}`{past}"),
                    )
                }
                (true, None) => {
                    let past = past(without);
                    let label = format!("does not go on to {}{past} in `{}`", end.written, way.name);
                    (component.name.to_string(), component.span, label)
                }
                _ => continue,
            };
            if !by.iter().any(|(element, ..)| *element == asked.0) {
                by.push(asked);
            }
        }
    }
    if !clause.is_required {
        by.extend(by_links_of_no_flow(cx, clause, ways, &is_passable, end, without, &by));
    }
    let help = match without {
        _ if clause.is_required => format!("lead each flow from there through {}", end.written),
        Some(without) => format!("lead the flow through {}", without.written),
        None => "take out a link on the way, or end the flow before it".to_owned(),
    };
    Broken { by, help }
}

/// What a way has to leave out, in words behind what it leads to.
fn past(without: Option<&Select>) -> String {
    without.map_or_else(String::new, |it| format!(" without {}", it.written))
}

/// What is forbidden and no flow does, but a link does that no flow takes: it is drawn, and who takes it is not said.
/// Flows are not joined with each other but by such a link.
fn by_links_of_no_flow(
    cx: &Context,
    clause: &Clause,
    ways: &[Way],
    is_passable: &dyn Fn(ComponentId) -> bool,
    end: &Select,
    without: Option<&Select>,
    known: &[Asked],
) -> Vec<Asked> {
    let architecture = cx.architecture;
    let steps = ways.iter().flat_map(|way| &way.next);
    let taken: FxHashSet<(ComponentId, ComponentId)> =
        steps.flat_map(|(at, next)| next.iter().map(|(id, _)| (*at, *id))).collect();
    let untaken: FxHashSet<LinkId> = architecture
        .links()
        .filter(|link| !link.is_beside_the_path() && !taken.contains(&(link.source, link.target)))
        .map(|link| link.id)
        .collect();
    if untaken.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Asked> = Vec::new();
    for component in architecture.components().filter(|it| clause.subject.takes(architecture, it)) {
        // Each place is come to by flows alone, and with a link of no flow.
        let mut seen = FxHashSet::from_iter([(component.id, false)]);
        let mut waiting = vec![(component.id, false, None)];
        while let Some((at, has_left, first)) = waiting.pop() {
            for link in architecture.links_from(at).filter(|it| !it.is_beside_the_path()) {
                let state = (link.target, has_left || untaken.contains(&link.id));
                if !is_passable(link.target) || !seen.insert(state) {
                    continue;
                }
                let first = first.unwrap_or(link.span);
                waiting.push((state.0, state.1, Some(first)));
                let target = architecture.component(link.target);
                let element = format!("{} -> {}", component.name, target.name);
                let is_new = |all: &[Asked]| all.iter().all(|(name, ..)| *name != element);
                if state.1 && end.takes(architecture, target) && is_new(known) && is_new(&found) {
                    let past = past(without);
                    let label = format!("leads on to `{}`{past}, by a link that no flow takes", target.name);
                    found.push((element, first, label));
                }
            }
        }
    }
    found
}

/// Where a journey comes, through links of both kinds.
struct Way<'a> {
    name: &'a str,
    reached: FxHashSet<ComponentId>,
    next: FxHashMap<ComponentId, Vec<(ComponentId, Span)>>,
}

impl Way<'_> {
    /// What comes after a component past what is passable, each with the first step that leads there.
    fn from(
        &self,
        start: ComponentId,
        is_passable: impl Fn(ComponentId) -> bool,
    ) -> Vec<(ComponentId, Span)> {
        let steps = |id: &ComponentId| {
            let steps = self.next.get(id).map_or(&[][..], Vec::as_slice);
            steps.iter().filter(|(next, _)| is_passable(*next))
        };
        let mut found: Vec<(ComponentId, Span)> = steps(&start).copied().collect();
        let mut seen: FxHashSet<ComponentId> = found.iter().map(|(id, _)| *id).collect();
        let mut at = 0;
        while let Some((id, first)) = found.get(at).copied() {
            at += 1;
            found.extend(steps(&id).filter(|(next, _)| seen.insert(*next)).map(|(next, _)| (*next, first)));
        }
        found
    }
}

fn ways<'a>(architecture: &Architecture, analysis: &'a Analysis) -> Vec<Way<'a>> {
    analysis.journeys.iter().map(|journey| way(architecture, journey)).collect()
}

fn way<'a>(architecture: &Architecture, journey: &'a Journey) -> Way<'a> {
    let view = View { is_completed: true, ..View::new(architecture, journey) };
    let path = journey.flow.map(|flow| &architecture.flow(flow).path);
    let mut way = Way {
        name: journey.name.as_str(),
        reached: journey.entries.iter().copied().collect(),
        next: FxHashMap::default(),
    };
    let mut waiting = journey.entries.clone();
    while let Some(at) = waiting.pop() {
        let steps = path.map_or(&[][..], |path| path.steps_from(at));
        let links: Vec<_> = steps.iter().copied().chain(view.need(at).links()).collect();
        let mut next: Vec<(ComponentId, Span)> = Vec::new();
        for link in links.into_iter().map(|link| architecture.link(link)) {
            if next.iter().any(|(id, _)| *id == link.target) {
                continue;
            }
            next.push((link.target, link.span));
            if way.reached.insert(link.target) {
                waiting.push(link.target);
            }
        }
        way.next.insert(at, next);
    }
    way
}
