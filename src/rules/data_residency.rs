use super::{Context, Findings, declare_rule};
use crate::catalogue;
use crate::diagnostic::Severity;
use crate::model::{Component, Group, GroupKind, Property};
use crate::source::Span;

declare_rule! {
    /// Finds data that leaves the region where it must stay.
    ///
    /// ## Why it matters
    /// Where a law or a contract says that data stays in a place, a copy elsewhere breaks it on the day it is made,
    /// whoever reads it.
    ///
    /// ## Example
    /// ```arch
    /// region eu_west { database users : postgres { residency = eu, data = [pii] } }
    /// region us_east { database copy : postgres }
    /// service app
    /// app -> eu_west.users
    /// eu_west.users ~> us_east.copy : replication // finding: "`users` must stay in eu, and is copied to `copy` in `us_east`"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// region eu_west { database users : postgres { residency = eu, data = [pii] } }
    /// region eu_central { database copy : postgres }
    /// service app
    /// app -> eu_west.users
    /// eu_west.users ~> eu_central.copy : replication
    /// ```
    ///
    /// ## How it is detected
    /// A store states a `residency` (its own, a group's or the system's), and it stands, or is copied to a store that
    /// stands, in a region somewhere else: by the region's own `residency`, else by its name, where that begins as the
    /// regions of the large providers do. A region whose place is not known says nothing. There is no fix: data is
    /// moved, not words.
    ///
    /// ## Known false alarms
    /// The copy holds nothing that the law speaks of: state its `data`.
    ///
    /// ## An interviewer asks
    /// Which of these boxes stand outside of the country whose law applies, and what of the users is in them?
    ///
    /// ## A good answer
    /// - which data the law is about, and where each copy of it is, backups too
    /// - what is moved, or left out of the copy
    ///
    /// ## References
    /// - GDPR, chapter V: transfers to third countries
    /// - OWASP ASVS 5.0: 14.2.4
    static RULE = {
        code: "LP516",
        summary: "data that leaves the place where it must stay",
        levels: [Error],
    }
}

/// The words of a residency, and how the areas of the catalogue begin that they mean.
const PLACES: [(&str, &str); 12] = [
    ("eu", "europe"),
    ("europe", "europe"),
    ("germany", "europe"),
    ("de", "europe"),
    ("france", "europe"),
    ("us", "north_america"),
    ("usa", "north_america"),
    ("canada", "north_america"),
    ("singapore", "singapore"),
    ("australia", "australia"),
    ("japan", "tokyo"),
    ("brazil", "south_america"),
];

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for store in architecture.components().filter(|it| it.kind.is_store()) {
        let Some((must, span)) = residency(cx, store) else { continue };
        if let Some(region) = elsewhere(cx, store, &must) {
            let message = format!("`{}` must stay in {must}, and stands in `{}`", store.name, region.name);
            let mut finding = findings.on_component(Severity::Error, store, "stands elsewhere", message);
            finding.place(span, "stated here").label(region.name.as_str(), region.span, "another place");
            finding.note(NOTE).help(format!("move `{}` to a region in {must}", store.name));
        }
        for link in architecture.links_from(store.id).filter(|it| it.copies_data()) {
            let copy = architecture.component(link.target);
            let Some(region) =
                elsewhere(cx, copy, &must).filter(|_| residency(cx, copy).is_none_or(|(own, _)| own == must))
            else {
                continue;
            };
            let message = format!(
                "`{}` must stay in {must}, and is copied to `{}` in `{}`",
                short(store),
                short(copy),
                region.name
            );
            let mut finding =
                findings.on_link(Severity::Error, architecture, link, "leaves its place", message);
            finding.place(span, "stated here").label(copy.name.as_str(), copy.span, "holds it elsewhere");
            finding
                .note(NOTE)
                .help(format!("copy it to a region in {must}, or leave what must stay out of the copy"));
        }
    }
}

const NOTE: &str = "where data must stay, a copy elsewhere breaks that on the day it is made";

fn short(component: &Component) -> &str {
    component.name.rsplit('.').next().unwrap_or(&component.name)
}

/// Where a store's data must stay, and where that is said.
fn residency(cx: &Context, store: &Component) -> Option<(String, Span)> {
    let groups = cx.architecture.groups_of(store.id).map(|(_, group)| &group.properties);
    let system = [&cx.architecture.system.properties];
    std::iter::once(&store.properties).chain(groups).chain(system).find_map(|it| {
        let word = it.word(Property::Residency).or_else(|| it.text(Property::Residency))?;
        Some((word.to_lowercase(), it.span(Property::Residency)?))
    })
}

/// The region that a component stands in, if that is known to be somewhere else.
fn elsewhere<'a>(cx: &'a Context, component: &Component, must: &str) -> Option<&'a Group> {
    let region = cx.architecture.group(cx.architecture.enclosing(component.id, GroupKind::Region)?);
    if let Some(own) = region.properties.word(Property::Residency) {
        return (own.to_lowercase() != must).then_some(region);
    }
    let (_, area) = PLACES.iter().find(|(word, _)| *word == must)?;
    let name = region.name.rsplit('.').next().unwrap_or(&region.name).to_lowercase().replace('-', "_");
    let stands_in = catalogue::area(&name)?;
    (!stands_in.starts_with(area)).then_some(region)
}
