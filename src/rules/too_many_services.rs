use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::asking;
use crate::analysis::plan::{Deletion, Step};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};
use crate::source::Span;

declare_rule! {
    /// Finds more services than a team can run, and services that their only caller could hold.
    ///
    /// ## Why it matters
    /// A service is a unit of a team: it lets one group release without asking another. A small team pays for each with a
    /// pipeline, an interface, a failure mode and a network call, and has nobody to keep apart. What was one transaction
    /// becomes a saga. Begin with one, and split where teams do.
    ///
    /// ## Example
    /// ```arch
    /// system "Todo" { users = 10 }
    /// client browser
    /// service todo
    /// database todos : mysql
    /// service history // finding: "`history` could be a part of `todo`"
    /// database changes : mysql
    /// browser -> todo
    /// todo -> todos, history
    /// history -> changes
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Todo" { users = 10 }
    /// client browser
    /// service todo
    /// database todos : mysql
    /// browser -> todo
    /// todo -> todos
    /// ```
    ///
    /// More services than the team has hands for:
    /// ```arch
    /// system "Shop" { team = 4, daily_users = 5k, per_user = 20/day } // finding: "5 services are many for 4 engineers"
    /// client browser
    /// service shop, cart, price, stock, mail
    /// database orders
    /// browser -> shop -> cart, price, stock, mail
    /// cart, price, stock -> orders
    /// ```
    ///
    /// ## How it is detected
    /// A stated `team` of under 10 with more than one service for two engineers; advice from 10 to under 30. Otherwise,
    /// at a stated scale where both together use at most 10 % of one plain node: a service with one synchronous caller,
    /// itself a service in the same group; and, as advice, services of one proxy that read and write the same data. A
    /// stated number of users bounds the load where no rate is stated: each of them at most one request a second, all
    /// at once. It is silent without a team or a scale, where the team is large enough for all its services, and on
    /// services with an `owner`, an `slo`, data classes or networks of their own, or a `because`. There is no fix: two
    /// programs have to become one.
    ///
    /// ## Known false alarms
    /// Services that other teams own: say `owner = …`, or draw them as `external`.
    ///
    /// ## An interviewer asks
    /// Who owns each of these? Which of them do you ever deploy alone?
    ///
    /// ## A good answer
    /// - which team each belongs to, and what is released together
    /// - what is merged, and what would make one split it again
    ///
    /// ## References
    /// - M. Fowler, "MonolithFirst" and "MicroservicePremium".
    /// - S. Newman, *Building Microservices*, 2nd edition, chapter 1: when not to.
    static RULE = {
        code: "LP805",
        summary: "more services than the team or the load needs",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() || of_team(cx, findings) {
        return;
    }
    let deletions = &cx.analysis.plan(cx.architecture).deletions;
    let parts: Vec<&Deletion> = deletions.iter().filter(|it| matches!(it.step, Step::Service(_))).collect();
    of_callers(cx, findings, &parts);
    for deletion in deletions {
        if let Step::Twins(twins) = &deletion.step {
            let twins: Vec<&Component> = twins.iter().map(|id| cx.architecture.component(*id)).collect();
            of_twins(cx, findings, deletion, &twins);
        }
    }
}

/// Whether the team is too small for its services: then that is the whole story.
fn of_team(cx: &Context, findings: &mut Findings) -> bool {
    let system = &cx.architecture.system;
    let Some(team) = system.properties.figure(Property::Team) else { return false };
    // A service that is stamped out several times from one template is one to build and to run.
    let mut written: FxHashSet<Span> = FxHashSet::default();
    let services: Vec<&Component> = cx
        .architecture
        .of_kind(Kind::Service)
        .filter(|service| !service.has(Property::Because) && !service.has(Property::OwnerName))
        .filter(|service| written.insert(service.span))
        .collect();
    let per_service = cx.architecture.parameters.team_per_service.value;
    let is_many = services.len() as f64 * per_service > team && services.len() > 1;
    if !is_many
        || team >= cx.architecture.parameters.team_for_many_services.value
        || system.properties.has(Property::Because)
    {
        return false;
    }
    let severity = if team < cx.architecture.parameters.team_for_services.value {
        Severity::Warning
    } else {
        Severity::Advice
    };
    let engineers = figures::count(team as usize, "engineer", "engineers");
    let message = format!("{} services are many for {engineers}", services.len());
    let label = format!(
        "enough for {}",
        figures::count((team / per_service).max(1.0) as usize, "service", "services")
    );
    let mut finding = findings.report(severity, "system", system.span, label, message);
    if let Some(span) = system.properties.span(Property::Team) {
        finding.place(span, "the team");
    }
    for service in services.iter().take(4) {
        finding.label(service.name.as_str(), service.span, "one to build, deploy and be called at night for");
    }
    finding.note(
        "a service lets a team release alone; a small team has nobody to wait for, and a network in between",
    );
    finding.help(format!(
        "merge what changes together, down to {}; split when there are teams to keep apart",
        figures::count((team / per_service).max(1.0) as usize, "service", "services")
    ));
    true
}

/// All that could be a part of their only callers: one question.
fn of_callers(cx: &Context, findings: &mut Findings, parts: &[&Deletion]) {
    let component = |deletion: &&Deletion| cx.architecture.component(deletion.component);
    let host = |deletion: &Deletion| match deletion.step {
        Step::Service(host) => cx.architecture.component(host).name.clone(),
        _ => component(&deletion).name.clone(),
    };
    let asked = parts
        .iter()
        .map(|deletion| {
            let service = component(deletion);
            let label = format!("called by `{}` alone: {}", host(deletion), deletion.used.peak_told());
            (service.name.to_string(), service.span, label)
        })
        .collect();
    let open = findings.open(cx.architecture, asked);
    let Some(first) = parts.iter().find(|it| open.first().is_some_and(|open| open.0 == component(it).name))
    else {
        return;
    };
    let (name, into) = (&component(first).name, host(first));
    let message = match open.len() {
        1 => format!("`{name}` could be a part of `{into}`: its load is {}", first.used),
        many => format!(
            "{many} services could be parts of their only callers; the load of `{name}` is {}",
            first.used
        ),
    };
    let caller = match first.step {
        Step::Service(host) => cx.architecture.component(host),
        _ => return,
    };
    // Who owns what is not said: a large house may have its reasons.
    let is_small = asking::is_built_by_few(cx.architecture, cx.analysis);
    let severity = if is_small { Severity::Warning } else { Severity::Advice };
    let Some(mut finding) = findings.question(severity, &open, message) else { return };
    finding.label(
        caller.name.as_str(),
        caller.span,
        format!("could do the work of `{name}` in the same process"),
    );
    finding.note(
        "the call between them can fail by itself, and what they write apart is no longer one transaction",
    );
    if let Some(assumed) = first.used.assumption() {
        finding.note(assumed);
    }
    finding.help(format!(
        "make `{name}` a module of `{into}`, and split it off when another team owns it or its load outgrows the rest"
    ));
}

fn of_twins(cx: &Context, findings: &mut Findings, deletion: &Deletion, twins: &[&Component]) {
    let Some((last, others)) = twins.split_last() else { return };
    let used = deletion.used;
    let names: Vec<String> = twins.iter().map(|it| format!("`{}`", it.name)).collect();
    let message = format!("{} could be one service: together they are {used}", names.join(" and "));
    let mut finding =
        findings.on_component(Severity::Advice, last, format!("together {}", used.peak_told()), message);
    for other in others {
        finding.label(other.name.as_str(), other.span, "works on the same data, behind the same door");
    }
    let caller = cx.architecture.links_to(last.id).next().map(|link| cx.architecture.component(link.source));
    if let Some(caller) = caller {
        finding.label(caller.name.as_str(), caller.span, "parts them");
    }
    finding.note(
        "reads and writes are scaled apart once one of them needs it; until then they are deployed twice",
    );
    if let Some(assumed) = used.assumption() {
        finding.note(assumed);
    }
    finding.help(format!(
        "serve both from one service x2, and part them when one outgrows {}",
        used.reads * 0.7
    ));
}
