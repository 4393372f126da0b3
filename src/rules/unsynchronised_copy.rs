use super::{Context, Findings, declare_rule};
use crate::analysis::ownership::{Marks, Writing};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Component, Property};

declare_rule! {
    /// Finds copies of data that nothing brings changes to.
    ///
    /// ## Why it matters
    /// An index, a report table or a denormalised copy is right on the day it is built. If nobody carries later changes
    /// to it, it drifts from its source, and those who ask it act on what was true once.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// database products : postgres
    /// search_index catalogue : elasticsearch { derived_from = products } // finding: "nothing brings its changes"
    /// shop -> products
    /// shop -> catalogue { reads }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// database products : postgres
    /// search_index catalogue : elasticsearch { derived_from = products }
    /// shop -> products
    /// shop -> catalogue { reads }
    /// products ~> catalogue : cdc
    /// ```
    ///
    /// ## How it is detected
    /// A store that is `derived_from` another, and a search index or warehouse that nothing is said to be made from, to
    /// which every link only reads: marked `reads`, or taken by flows that only read. Any link that may write it, any copy
    /// of data to it and any queue that feeds it keeps the rule silent, and so does `immutable`, `because`, or a design that
    /// draws no link to it at all. No fix is offered: the way to follow is a part of the design.
    ///
    /// ## Known false alarms
    /// An import that is not drawn: draw it, `batch`, with its `every`.
    ///
    /// ## An interviewer asks
    /// Something is renamed. When does this copy say so, and by what?
    ///
    /// ## A good answer
    /// - what brings each change to the copy, and how far behind it may be
    /// - how it is built anew when one was missed
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 11: change data capture.
    static RULE = {
        code: "LP416",
        summary: "a copy of data with no way to follow its source",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let marks = std::cell::OnceCell::new();
    for copy in architecture.components().filter(|it| is_copy(it)) {
        let is_fed = |link: &crate::model::Link| {
            link.copies_data()
                || architecture.component(link.source).kind.is_queue()
                || marks.get_or_init(|| Marks::of(architecture)).writing(architecture, link) != Writing::Never
        };
        let mut links = architecture.links_to(copy.id);
        let pulls = architecture.links_from(copy.id).next().is_some();
        if links.len() > 0 && !pulls && !links.any(is_fed) {
            report(architecture, findings, copy);
        }
    }
}

fn is_copy(store: &Component) -> bool {
    let is_made_for_copies = store.kind == Kind::SearchIndex
        || (store.kind == Kind::Database && store.is(Property::Model, "warehouse"));
    let is_one = store.has(Property::DerivedFrom) && store.kind.is_store();
    (is_one || is_made_for_copies)
        && !store.has(Property::Immutable)
        && !store.has(Property::Because)
        && !store.has(Property::SourceOfTruth)
}

fn report(architecture: &Architecture, findings: &mut Findings, copy: &Component) {
    let sources: Vec<&Component> = architecture
        .references(copy, Property::DerivedFrom)
        .into_iter()
        .map(|id| architecture.component(id))
        .collect();
    let name = &copy.name;
    let names: Vec<&str> = sources.iter().map(|it| it.name.as_str()).collect();
    let message = if names.is_empty() {
        format!("`{name}` is only read: nothing brings data into it")
    } else {
        format!("`{name}` is made from {}, and nothing brings its changes there", figures::listed(&names, 3))
    };
    let mut finding = findings.on_component(Severity::Warning, copy, "never learns of a change", message);
    for source in sources.iter().take(3) {
        finding.label(source.name.as_str(), source.span, "changes here");
    }
    let source = names.first().copied().unwrap_or("store");
    finding
        .note("it is right on the day it is built; from then on those who ask it act on what was true once")
        .help(format!(
            "draw how it follows: `{source} ~> {name} : cdc`, a queue and a worker, or a `batch` that builds it anew"
        ));
}
