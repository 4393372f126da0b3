use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Architecture, Component, ComponentId, Property};

declare_rule! {
    /// Finds stores that are made from another one and that nothing keeps up with it.
    ///
    /// ## Why it matters
    /// An index, a report or a denormalised table is right on the day it is made. If nothing carries the changes over, it tells of
    /// things that are gone and hides those that are new.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop
    /// database products : postgres
    /// search_index search : elasticsearch { derived_from = products } // finding: "nothing carries the changes of `products` into `search`"
    /// browser -> shop -> products, search
    /// flow find { reads; browser -> shop -> search }
    /// flow edit { writes; browser -> shop -> products }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop
    /// database products : postgres
    /// stream changes : kafka
    /// worker indexer { idempotent }
    /// search_index search : elasticsearch { derived_from = products }
    /// browser -> shop -> products, search
    /// products ~> changes : cdc
    /// changes ~> indexer -> search
    /// flow find { reads; browser -> shop -> search }
    /// flow edit { writes; browser -> shop -> products }
    /// ```
    ///
    /// ## How it is detected
    /// A store states what it is `derived_from`. Something follows it where a way leads from the original to it (copies,
    /// streams and those who work on them), where a program that reads the original writes to it besides the users' path or by
    /// the clock, or where a link to it is marked `writes`. It is silent where the original is `immutable`. There is no fix: how it follows
    /// is a choice.
    ///
    /// ## Known false alarms
    /// It is made anew by hand for each release: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// A product is renamed. When does the search find it by its new name, and by what way does it get there?
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 11, "Keeping systems in sync".
    static RULE = {
        code: "LP416",
        summary: "a store made from another that nothing keeps up with it",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for copy in
        architecture.components().filter(|it| it.has(Property::DerivedFrom) && !it.has(Property::Because))
    {
        for original in architecture.references(copy, Property::DerivedFrom) {
            let original = architecture.component(original);
            if !original.has(Property::Immutable) && !is_followed(architecture, original.id, copy) {
                report(findings, original, copy);
            }
        }
    }
}

/// Whether changes of the original come to the copy by some way.
fn is_followed(architecture: &Architecture, original: ComponentId, copy: &Component) -> bool {
    let is_written = architecture.links_to(copy.id).any(|link| {
        let writer = architecture.component(link.source);
        let by_the_clock =
            writer.has(Property::Every) || architecture.links_to(writer.id).any(crate::model::Link::is_async);
        link.is_writes_only()
            || link.is_async()
            || link.copies_data()
            || link.has(Property::Batch)
            || by_the_clock
    });
    if is_written || copy.has(Property::Every) {
        return true;
    }
    // By copies and streams, and those who work on them.
    let mut seen: FxHashSet<ComponentId> = [original].into_iter().collect();
    let mut waiting = vec![original];
    while let Some(id) = waiting.pop() {
        for link in architecture.links_from(id).filter(|it| it.copies_data() || id != original) {
            if link.target == copy.id {
                return true;
            }
            if seen.insert(link.target) {
                waiting.push(link.target);
            }
        }
    }
    false
}

fn report(findings: &mut Findings, original: &Component, copy: &Component) {
    let message = format!("nothing carries the changes of `{}` into `{}`", original.name, copy.name);
    let mut finding = findings.on_component(Severity::Warning, copy, "made once, and then?", message);
    finding.label(original.name.as_str(), original.span, "changes");
    if let Some(span) = copy.span(Property::DerivedFrom) {
        finding.place(span, "stated here");
    }
    finding.note("it goes on telling of what is gone, and hides what is new");
    finding.help(format!(
        "take the changes from the log of `{}` (`{} ~> … : cdc`) to a worker that writes them, or make it anew by the clock \
         (`every = 1h`)",
        original.name, original.name
    ));
}
