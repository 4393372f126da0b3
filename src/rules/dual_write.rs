use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::ownership::{self, Marks, Together};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Link, LinkId, Property};

declare_rule! {
    /// Finds requests that write two stores, or a store and a queue, with nothing that makes both happen or neither.
    ///
    /// ## Why it matters
    /// Two writes are two moments. A crash, a timeout or a release between them leaves the first done and the second not: the
    /// order is stored and never shipped, the event is sent for an order that does not exist. Nobody is told, and the two
    /// differ for ever.
    ///
    /// ## Example
    /// ```arch
    /// client browser { rate = 10/s }
    /// service shop
    /// database orders : postgres
    /// queue placed : kafka
    /// worker fulfilment { idempotent }
    /// browser -> shop -> orders { writes }
    /// shop ~> placed // finding: "`shop` writes `orders` and `placed` one after the other"
    /// placed ~> fulfilment
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser { rate = 10/s }
    /// service shop
    /// database orders : postgres
    /// queue placed : kafka
    /// worker fulfilment { idempotent }
    /// browser -> shop -> orders { writes }
    /// orders ~> placed : cdc
    /// placed ~> fulfilment
    /// ```
    ///
    /// ## How it is detected
    /// One component, in one flow or where its links are marked `writes`, writes two stores or a store and a queue: all of
    /// them, not one by case, in a pool or as a fallback. What is `optional`, `batch` or `for = …` may be lost, a cache is
    /// filled again, and a target that follows the other by `replication`, `cdc` or `snapshot` is not written by hand. A
    /// blob that is written and then its row aside: a blob without a row is only waste. Workers aside as well: what they work
    /// on is handed to them again until all of it is done. It is silent on `outbox`, `compensation` or `because` at the
    /// writer, the flow or one of the links.
    ///
    /// The rate of writes is the mean; how often something fails between two writes (one in ten thousand) is the
    /// catalogue's. No fix is offered: it takes an outbox or a log that is read.
    ///
    /// ## Known false alarms
    /// An outbox that is not drawn: state `outbox` on the service. A second write that a job repairs: state `compensation`.
    ///
    /// ## An interviewer asks
    /// The process dies between one write and the next. Who notices, and what puts it right?
    ///
    /// ## A good answer
    /// - that one write decides, and the others follow from it: an outbox, or the log of changes
    /// - how long they may lag behind
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 11: keeping systems in sync.
    /// - C. Richardson, *Microservices Patterns*, "Transactional outbox".
    static RULE = {
        code: "LP407",
        summary: "two writes in one request, with nothing that makes both happen",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let marks = Marks::of(architecture);
    let mut told: FxHashSet<Vec<LinkId>> = FxHashSet::default();
    for together in ownership::written_together(architecture, &marks) {
        if is_made_sure(&together) || ownership::is_redelivered_to(architecture, together.writer) {
            continue;
        }
        let links = apart(architecture, &together);
        let ids: Vec<_> = links.iter().map(|link| link.id).collect();
        if links.len() < 2 || !told.insert(ids) {
            continue;
        }
        report(cx, findings, &together, &links);
    }
}

/// Whether the design says what makes both happen, or why it need not.
fn is_made_sure(together: &Together) -> bool {
    const SAID: [Property; 3] = [Property::Outbox, Property::Compensation, Property::Because];
    SAID.into_iter().any(|property| {
        together.writer.has(property)
            || together.flow.is_some_and(|flow| flow.has(property))
            || together.links.iter().any(|link| link.has(property))
    })
}

/// The links to what may come to differ.
fn apart<'a>(architecture: &'a Architecture, together: &Together<'a>) -> Vec<&'a Link> {
    let mut links: Vec<&Link> = together
        .links
        .iter()
        .copied()
        .filter(|link| {
            let target = architecture.component(link.target);
            let holds = ownership::is_place_of_data(target) || target.kind.is_queue();
            holds
                && !link.is_beside_the_path()
                && !ownership::is_derived(architecture, target)
                && target.host != Some(together.writer.id)
        })
        .collect();
    // What is known to lose messages was never promised, and a blob without its row is only waste.
    links.retain(|link| !architecture.component(link.target).is(Property::OnFull, "drop"));
    let is_blob =
        |link: &Link| matches!(architecture.component(link.target).kind, Kind::ObjectStore | Kind::FileStore);
    links.retain(|link| !is_blob(link));
    // A store that hands on what it holds is read by whoever follows.
    let hands_on = |link: &Link| architecture.links_from(link.target).any(Link::copies_each_write);
    if links.iter().filter(|link| !architecture.component(link.target).kind.is_queue()).all(|it| hands_on(it))
        && links.iter().any(|link| is_fed_by_copy(architecture, link))
    {
        return Vec::new();
    }
    // Messages alone: two queues are not a record and its echo.
    if !links.iter().any(|link| !architecture.component(link.target).kind.is_queue()) {
        return Vec::new();
    }
    links
}

fn is_fed_by_copy(architecture: &Architecture, link: &Link) -> bool {
    architecture.links_to(link.target).any(Link::copies_data)
}

fn report(cx: &Context, findings: &mut Findings, together: &Together, links: &[&Link]) {
    let architecture = cx.architecture;
    let name = &together.writer.name;
    let targets: Vec<&str> =
        links.iter().map(|link| architecture.component(link.target).name.as_str()).collect();
    let listed = figures::listed(&targets, 4);
    let message =
        format!("`{name}` writes {listed} one after the other, and nothing makes all of it happen or none");
    let last = links[links.len() - 1];
    let mut finding =
        findings.on_link(Severity::Warning, architecture, last, "lost if it stops before this", message);
    for link in &links[..links.len() - 1] {
        finding.label(architecture.link_name(link), link.span, "done already");
    }
    if let Some(flow) = together.flow {
        finding.flow(flow.name.as_str());
    }
    let one_in = cx.architecture.parameters.writes_per_break.value;
    let demand = cx.analysis.load.link(last.id);
    let mean = demand.mean.writes + demand.mean.other;
    let day = 86_400.0;
    let daily = mean.per_second() * day / one_in;
    if demand.is_known() && daily > 0.0 {
        let often = if daily >= 1.0 {
            format!("{} a day", figures::number_to(daily, 2))
        } else {
            format!("one in {}", crate::quantity::Duration::new(day / daily))
        };
        let one_in = figures::number(one_in);
        finding.note(format!(
            "{mean}, and one in {one_in} (assumed) broken off between them: {often} differ for ever"
        ));
    } else {
        finding.note("what stops between the two leaves them different for ever, and nobody is told");
    }
    let store = links
        .iter()
        .map(|link| architecture.component(link.target))
        .find(|it| it.kind == Kind::Database)
        .map_or(targets[0], |it| it.name.as_str());
    finding.help(format!(
        "write `{store}` alone, with an outbox in the same transaction, and let what follows read it: `{store} ~> … : cdc`"
    ));
}
