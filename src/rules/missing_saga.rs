use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, Findings, declare_rule};
use crate::analysis::ownership::{self, Marks, Writing};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, ComponentId, Flow, Link, LinkId, Property};

declare_rule! {
    /// Finds flows in which several services write stores of their own, and nothing says how half of it is undone.
    ///
    /// ## Why it matters
    /// No transaction spans two services. When the second refuses or does not answer, the first has stored its part: the
    /// seat is taken and not paid for. What puts that right is a step back for each step, or a record of what is still to do
    /// that is worked off until it is done; it must be designed, as nothing does it of itself.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service booking, payment
    /// database seats, charges : postgres
    /// browser -> booking -> seats
    /// booking -> payment -> charges
    /// flow book { writes; browser -> booking -> seats; booking -> payment -> charges } // finding: "2 services"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service booking, payment
    /// database seats, charges : postgres
    /// browser -> booking -> seats
    /// booking -> payment -> charges
    /// flow book {
    ///   writes, compensation = "a seat is given back when the charge fails"
    ///   browser -> booking -> seats
    ///   booking -> payment -> charges
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// A flow with a path that writes, in which two or more components each surely write a store that the others do not:
    /// before any queue, as what is behind one is handed over again until it is done. Caches, copies, links beside the path
    /// and stores of objects and files do not count. It is silent on `compensation`, `outbox` or `because` at the flow or at
    /// one of the services. A synchronous call that states `saga = choreography` is a warning of its own: events lead such a
    /// saga, and a call that breaks off leaves none. A flow that is neither marked `reads` nor `writes` is not judged. No fix is offered: what undoes a
    /// step is the business's to say.
    ///
    /// ## Known false alarms
    /// Steps that can be repeated without harm until all have happened: state `compensation`, it is the answer.
    ///
    /// ## An interviewer asks
    /// One of these services says no when another has said yes. What becomes of what is done?
    ///
    /// ## A good answer
    /// - what undoes each step, in which order, and who leads it
    /// - what users see meanwhile, and what is done when the undoing fails
    ///
    /// ## References
    /// - H. Garcia-Molina, K. Salem, "Sagas", SIGMOD 1987.
    /// - C. Richardson, *Microservices Patterns*, chapter 4.
    static RULE = {
        code: "LP420",
        summary: "one flow writes several owned stores, and nothing undoes half of it",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    for link in architecture.links().filter(|link| is_led_by_calls(architecture, link)) {
        by_calls(architecture, findings, link);
    }
    if architecture.flows().len() == 0 {
        return;
    }
    let marks = Marks::of(architecture);
    let mut told: FxHashSet<Vec<LinkId>> = FxHashSet::default();
    for flow in architecture.flows() {
        if flow.path.is_empty() || !flow.has(Property::Writes) || is_answered(flow) {
            continue;
        }
        let writes = parts(architecture, &marks, flow);
        let ids: Vec<_> = writes.iter().map(|link| link.id).collect();
        if writes.len() > 1 && told.insert(ids) {
            report(architecture, findings, flow, &writes);
        }
    }
}

/// Whether a call is said to be a step of a saga that events lead.
fn is_led_by_calls(architecture: &Architecture, link: &Link) -> bool {
    let (source, target) = architecture.ends(link);
    let says = |property| link.has(property) || source.has(property);
    link.is(Property::Saga, "choreography")
        && !link.is_async()
        && !target.kind.holds_data()
        && !SAID.into_iter().any(says)
}

fn by_calls(architecture: &Architecture, findings: &mut Findings, link: &Link) {
    let (source, target) = architecture.ends(link);
    let message = format!(
        "`{}` calls `{}` and waits, and says that events lead the saga: a crash between the two commits leaves half",
        source.name, target.name
    );
    let mut finding =
        findings.on_link(Severity::Warning, architecture, link, "a call, not an event", message);
    if let Some(span) = link.properties.span(Property::Saga) {
        finding.place(span, "stated here");
    }
    finding
        .note("a call that breaks off is made by nobody again; an event that is stored with the change is")
        .help(format!(
            "store the event in the transaction of `{}` and send it from there (`outbox`, `~>`), or keep both in one \
             database",
            source.name
        ));
}

const SAID: [Property; 3] = [Property::Compensation, Property::Outbox, Property::Because];

fn is_answered(flow: &Flow) -> bool {
    SAID.into_iter().any(|property| flow.has(property))
}

/// The first write of each component that writes a store of its own before any queue; none where one of them says how it
/// is undone.
fn parts<'a>(architecture: &'a Architecture, marks: &Marks, flow: &Flow) -> Vec<&'a Link> {
    let mut by_store: FxHashMap<ComponentId, ComponentId> = FxHashMap::default();
    let mut parts: Vec<&Link> = Vec::new();
    let mut reached: Vec<ComponentId> = flow.path.heads.clone();
    let mut seen: FxHashSet<ComponentId> = reached.iter().copied().collect();
    let mut at = 0;
    while let Some(id) = reached.get(at).copied() {
        at += 1;
        for step in flow.path.steps_from(id) {
            let link = architecture.link(*step);
            let (source, target) = architecture.ends(link);
            if link.is_async() || target.kind.is_queue() || link.is_beside_the_path() {
                continue;
            }
            if seen.insert(target.id) {
                reached.push(target.id);
            }
            let is_row = !matches!(target.kind, Kind::ObjectStore | Kind::FileStore);
            let is_own = is_row
                && ownership::is_place_of_data(target)
                && source.kind.is_compute()
                && !ownership::is_derived(architecture, target)
                && marks.writing(architecture, link) == Writing::Surely;
            if !is_own {
                continue;
            }
            if SAID.into_iter().any(|property| source.has(property) || link.has(property)) {
                return Vec::new();
            }
            let owner = *by_store.entry(target.id).or_insert(source.id);
            if owner == source.id && parts.iter().all(|it| it.source != source.id) {
                parts.push(link);
            }
        }
    }
    parts
}

fn report(architecture: &Architecture, findings: &mut Findings, flow: &Flow, writes: &[&Link]) {
    let names: Vec<&str> =
        writes.iter().map(|link| architecture.component(link.source).name.as_str()).collect();
    let message = format!(
        "in `{}` {} services each write a store of their own, and nothing says how half of it is undone",
        flow.name,
        writes.len()
    );
    let mut finding =
        findings.report(Severity::Advice, flow.name.as_str(), flow.span, "done in parts", message);
    for link in writes.iter().take(4) {
        let target = &architecture.component(link.target).name;
        finding.label(architecture.link_name(link), link.span, format!("writes `{target}`"));
    }
    finding
        .flow(flow.name.as_str())
        .note(format!("no transaction spans {}: where a later one fails, the earlier have stored their part", figures::listed(&names, 3)))
        .help(
            "give each step one that undoes it, kept in a store so that a crash does not forget it, and state `compensation`; \
             or write one store and let the others follow by an outbox",
        );
}
