use std::fmt::Write as _;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::Analysis;
use crate::analysis::journey::Journey;
use crate::analysis::needs::View;
use crate::diagnostic::Severity;
use crate::model::{Architecture, Clause, Component, ComponentId, Constraint, Object};
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
    /// A constraint may ask for what each component of a kind or with a tag states, and may look along whole flows:
    /// ```arch
    /// client browser
    /// service api
    /// database orders #pci // finding: "`orders` breaks `kept`: it lacks the `backup`"
    /// third_party tracker
    /// browser -> api // finding: "the way from `browser` to `tracker` breaks `no_tracking`"
    /// api -> orders, tracker
    /// constraint kept { require = #pci { backup } }
    /// constraint no_tracking { forbid = kind client -> ... -> tracker }
    /// ```
    ///
    /// ## How it is detected
    /// `forbid = A` speaks of each component that A chooses: by `kind K`, by `#tag` (its own or a group's), or by name
    /// (a group's name chooses all in it). `require = A { … }` asks the conditions of each of them; without conditions
    /// it asks that there is one. `forbid = A -> B` speaks of each such link, `require = A -> B` asks one of each A;
    /// `~>` speaks of asynchronous links. `A -> ... -> B` looks along each flow, through links of both kinds, queues
    /// and all: forbidden is that a flow comes from A to B, required is that each flow that passes A goes on to B. A
    /// condition with a figure or a range holds if what is stated lies within it (`replicas = 2..`). There is no fix:
    /// the constraint says what must not be, not what should be in its place.
    ///
    /// ## Known false alarms
    /// None that the team did not write itself. An exception is accepted with `allow broken-constraint on …`.
    ///
    /// ## An interviewer asks
    /// Which rules does your team never break, and how would you notice?
    ///
    /// ## References
    /// - N. Ford et al., *Building Evolutionary Architectures*, 2nd ed., "Fitness Functions".
    static RULE = {
        code: "LP024",
        summary: "a constraint of the design's own that does not hold",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for constraint in &cx.architecture.constraints {
        for clause in &constraint.clauses {
            // What could not be resolved is a fault already.
            let selects = [Some(&clause.subject), clause.object.as_ref().map(|object| &object.select)];
            if selects.into_iter().flatten().all(|select| select.by.is_some()) {
                let broken = broken(cx, clause);
                report(cx.architecture, constraint, clause, broken, findings);
            }
        }
    }
}

/// Who breaks a clause, and how that is said.
struct Broken {
    by: Vec<Asked>,
    /// Of one that breaks it.
    message: fn(&str) -> String,
    help: String,
}

fn report(
    architecture: &Architecture,
    constraint: &Constraint,
    clause: &Clause,
    broken: Broken,
    findings: &mut Findings,
) {
    let by = findings.open(architecture, broken.by);
    let Some((first, _, label)) = by.first() else { return };
    let name = match &constraint.name {
        Some(name) => format!("`{name}`"),
        None => "a constraint".to_owned(),
    };
    let mut message = format!("{} {name}", (broken.message)(first));
    if by.len() > 1 {
        let verb = if by.len() == 2 { "does" } else { "do" };
        let _ = write!(message, ", as {verb} {} more", by.len() - 1);
    }
    let _ = match &constraint.text {
        Some(text) => write!(message, ": {}", text.trim_end_matches('.')),
        None => write!(message, ": it {label}"),
    };
    if let Some(mut finding) = findings.question(Severity::Error, &by, message) {
        finding.place(clause.span, if clause.is_required { "required here" } else { "forbidden here" });
        finding.help(broken.help);
    }
}

fn broken(cx: &Context, clause: &Clause) -> Broken {
    match &clause.object {
        None if clause.is_required => lacking(cx.architecture, clause),
        None => present(cx.architecture, clause),
        Some(object) if object.is_along_flow => along_flows(cx, clause, object),
        Some(object) => direct(cx.architecture, clause, object),
    }
}

/// `require = kind database { backup }`: each that does not meet the conditions, or that there is none at all.
fn lacking(architecture: &Architecture, clause: &Clause) -> Broken {
    let select = &clause.subject;
    let mut chosen = architecture.components().filter(|it| select.chooses(architecture, it)).peekable();
    if select.conditions.iter().next().is_none() {
        let missing = select.written.trim_start_matches("kind ").replace('_', " ");
        let by = match chosen.peek() {
            Some(_) => Vec::new(),
            None => vec![("system".to_owned(), select.span, format!("has no {missing}"))],
        };
        return Broken {
            by,
            message: |_| "the design breaks".to_owned(),
            help: format!("add the {missing} that is asked for"),
        };
    }
    let by = chosen
        .filter_map(|it| {
            let property = select.unmet(it)?.name();
            Some((it.name.to_string(), it.span, format!("lacks the `{property}` that is asked for")))
        })
        .collect();
    let names: Vec<String> =
        select.conditions.iter().map(|entry| format!("`{}`", entry.property.name())).collect();
    Broken {
        by,
        message: |name| format!("`{name}` breaks"),
        help: format!("state the {} that is asked for", names.join(" and ")),
    }
}

/// `forbid = kind database { model = graph }`: each that there is.
fn present(architecture: &Architecture, clause: &Clause) -> Broken {
    let by = architecture
        .components()
        .filter(|it| clause.subject.takes(architecture, it))
        .map(|it| (it.name.to_string(), it.span, "is forbidden".to_owned()))
        .collect();
    Broken {
        by,
        message: |name| format!("`{name}` breaks"),
        help: "take it out, or build it another way".to_owned(),
    }
}

/// `forbid = kind client -> kind database`, `require = kind service -> kind monitoring`.
fn direct(architecture: &Architecture, clause: &Clause, object: &Object) -> Broken {
    let takes = |component: &Component| clause.subject.takes(architecture, component);
    let leads_there = |link: &crate::model::Link| {
        link.is_async() == (object.arrow == Arrow::Async)
            && object.select.takes(architecture, architecture.component(link.target))
    };
    let arrow = if object.arrow == Arrow::Async { "~>" } else { "->" };
    if clause.is_required {
        let by = architecture
            .components()
            .filter(|it| takes(it) && !architecture.links_from(it.id).any(leads_there))
            .map(|it| {
                (it.name.to_string(), it.span, format!("has no link `{arrow}` to {}", object.select.written))
            })
            .collect();
        return Broken {
            by,
            message: |name| format!("`{name}` breaks"),
            help: format!("link it to {}", object.select.written),
        };
    }
    let by = architecture
        .links()
        .filter(|link| takes(architecture.component(link.source)) && leads_there(link))
        .map(|link| (architecture.link_name(link), link.span, "is forbidden".to_owned()))
        .collect();
    Broken {
        by,
        message: |name| format!("`{name}` breaks"),
        help: "take the link out, or lead it through what may call there".to_owned(),
    }
}

/// `forbid = kind client -> ... -> tracker`, `require = kind client -> ... -> kind api_gateway`.
fn along_flows(cx: &Context, clause: &Clause, object: &Object) -> Broken {
    let architecture = cx.architecture;
    let ways = ways(architecture, cx.analysis);
    let mut by: Vec<Asked> = Vec::new();
    for component in architecture.components().filter(|it| clause.subject.takes(architecture, it)) {
        for way in ways.iter().filter(|way| way.reached.contains(&component.id)) {
            let end = way
                .from(component.id)
                .into_iter()
                .find(|(id, _)| object.select.takes(architecture, architecture.component(*id)));
            let asked = match (clause.is_required, end) {
                (false, Some((id, first))) => {
                    let target = &architecture.component(id).name;
                    (format!("{} -> {target}", component.name), first, format!("leads on to `{target}`"))
                }
                (true, None) => {
                    let label = format!("does not go on to {} in `{}`", object.select.written, way.name);
                    (component.name.to_string(), component.span, label)
                }
                _ => continue,
            };
            if !by.iter().any(|(element, ..)| *element == asked.0) {
                by.push(asked);
            }
        }
    }
    if clause.is_required {
        let help = format!("lead each flow from there through {}", object.select.written);
        return Broken { by, message: |name| format!("the way from `{name}` breaks"), help };
    }
    let message = |name: &str| {
        let (source, target) = name.split_once(" -> ").unwrap_or((name, ""));
        format!("the way from `{source}` to `{target}` breaks")
    };
    Broken { by, message, help: "take out a link on the way, or end the flow before it".to_owned() }
}

/// Where a journey comes, through links of both kinds.
struct Way<'a> {
    name: &'a str,
    reached: FxHashSet<ComponentId>,
    next: FxHashMap<ComponentId, Vec<(ComponentId, Span)>>,
}

impl Way<'_> {
    /// What comes after a component, each with the first step that leads there.
    fn from(&self, start: ComponentId) -> Vec<(ComponentId, Span)> {
        let steps = |id: &ComponentId| self.next.get(id).map_or(&[][..], Vec::as_slice);
        let mut found: Vec<(ComponentId, Span)> = steps(&start).to_vec();
        let mut seen: FxHashSet<ComponentId> = found.iter().map(|(id, _)| *id).collect();
        let mut at = 0;
        while let Some((id, first)) = found.get(at).copied() {
            at += 1;
            found.extend(
                steps(&id).iter().filter(|(next, _)| seen.insert(*next)).map(|(next, _)| (*next, first)),
            );
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
