use super::{Context, Findings, declare_rule};
use crate::analysis::ownership::{self, Marks, Writing};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Component, Property};
use crate::quantity::Size;
use crate::source::Span;

declare_rule! {
    /// Finds databases that keep pictures, films and documents as values.
    ///
    /// ## Why it matters
    /// A database is the dearest place for bytes that nobody queries: they push the rows out of its memory, travel through its
    /// log to each replica, and make each backup and restore longer. A store of objects keeps them for a fraction, and hands
    /// them out by itself.
    ///
    /// ## Example
    /// ```arch
    /// client browser { rate = 20/s }
    /// service album
    /// database photos : postgres { record_size = 2MB } // finding: "`photos` keeps values of 2 MB"
    /// browser -> album -> photos
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser { rate = 20/s }
    /// service album
    /// database photos : postgres { record_size = 1KB }
    /// object_store pictures : s3
    /// browser -> album -> photos, pictures
    /// ```
    ///
    /// ## How it is detected
    /// A database, of any model but `blob` and `warehouse`, whose own `record_size`, or the `payload` of a link that writes
    /// it, is over the catalogue's limit; or one that states `model = blob`. The system's `record_size` counts where it
    /// is the only store. A batch and a copy of data may be large. It is silent on a `because`. No fix is offered: the
    /// data must move.
    ///
    /// ## Known false alarms
    /// Large values that must change in one transaction with their rows: state why with `because`.
    ///
    /// ## An interviewer asks
    /// Which query ever looks inside these bytes?
    ///
    /// ## A good answer
    /// - that no query does, so they belong into a store of objects and their key here
    /// - what that does to backups, to memory and to each copy
    ///
    /// ## References
    /// - R. Sears, C. van Ingen, J. Gray, "To BLOB or Not To BLOB", Microsoft Research, 2006: files win over 1 MB.
    /// - Google Cloud, AWS and Azure documentation on the limits of items: 400 KB to 16 MB.
    static RULE = {
        code: "LP411",
        summary: "a database that keeps large objects",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let marks = std::cell::OnceCell::new();
    for store in architecture.of_kind(Kind::Database) {
        if store.has(Property::Because) || ownership::is_derived(architecture, store) {
            continue;
        }
        if store.is(Property::Model, "blob") {
            of_blobs(findings, store);
        } else if ownership::model(store).is_none_or(|it| it != "warehouse")
            && let Some((size, span)) =
                large(architecture, store, || marks.get_or_init(|| Marks::of(architecture)))
        {
            report(cx, findings, store, size, span);
        }
    }
}

/// The size of its values, where it is too large, and where it is stated.
fn large<'a>(
    architecture: &Architecture,
    store: &Component,
    marks: impl Fn() -> &'a Marks,
) -> Option<(Size, Span)> {
    let limit = architecture.parameters.blob_size.size();
    let stated = |it: &crate::model::Properties, property| Some((it.size(property)?, it.span(property)?));
    let is_large = |(size, _): &(Size, Span)| *size >= limit;
    if store.is_stated(Property::RecordSize) {
        return stated(&store.properties, Property::RecordSize).filter(is_large);
    }
    let of_system = stated(&architecture.system.properties, Property::RecordSize).filter(is_large);
    if of_system.is_some() && architecture.components().filter(|it| it.kind.is_store()).nth(1).is_none() {
        return of_system;
    }
    architecture
        .links_to(store.id)
        .filter(|link| link.is_stated(Property::Payload) && !link.is_beside_the_path())
        .filter(|link| marks().writing(architecture, link) == Writing::Surely)
        .find_map(|link| stated(&link.properties, Property::Payload).filter(is_large))
}

fn of_blobs(findings: &mut Findings, store: &Component) {
    let message = format!("`{}` is a database and keeps blobs", store.name);
    let mut finding =
        findings.on_component(Severity::Warning, store, "keeps bytes that nobody queries", message);
    if let Some(span) = store.properties.span(Property::Model) {
        finding.place(span, "stated here");
    }
    finding.note(WHY).help(format!(
        "draw it as an `object_store`, or keep the bytes in one and only their keys in `{}`",
        store.name
    ));
}

const WHY: &str =
    "they push the rows out of its memory, and travel with its log to each replica and into each backup";

fn report(cx: &Context, findings: &mut Findings, store: &Component, size: Size, span: Span) {
    let limit = cx.architecture.parameters.blob_size.size();
    let message = format!(
        "`{}` keeps values of {size}: from {limit} on (assumed) they belong into a store of objects",
        store.name
    );
    let mut finding = findings.on_component(Severity::Warning, store, format!("values of {size}"), message);
    finding.place(span, "stated here");
    let writes = cx.analysis.load.component(store.id).mean.writes;
    if writes.per_second() > 0.0 {
        let day = Size::new(writes.per_second() * size.bytes() * 86_400.0);
        finding.note(format!("at {writes} written, {day} a day go through its log and to each replica"));
    }
    let other = cx.architecture.of_kind(Kind::ObjectStore).next();
    let place = other.map_or("an `object_store`".to_owned(), |it| format!("`{}`", it.name));
    finding.note(WHY).help(format!(
        "keep the bytes in {place} and their keys in `{}`: some {} a row",
        store.name,
        figures::size(1_000.0)
    ));
}
