use super::{Context, Findings, declare_rule};
use crate::analysis::storage;
use crate::catalogue::{Kind, parameter};
use crate::diagnostic::Severity;
use crate::model::{Component, Property};
use crate::quantity::Size;
use crate::source::Span;

declare_rule! {
    /// Finds large files that are kept in a database.
    ///
    /// ## Why it matters
    /// A database reads and writes pages, copies every change to its log and its replicas, and holds what it reads in memory. A photo
    /// of a megabyte pushes a thousand rows out of it, at ten times the price of an object store that streams it from a disk.
    ///
    /// ## Example
    /// ```arch
    /// service api
    /// database photos : postgres { record_size = 2MB } // finding: "`photos` keeps records of 2 MB"
    /// api -> photos
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// database photos : postgres { record_size = 500B } // where each of them lies
    /// object_store files : s3
    /// api -> photos, files
    /// ```
    ///
    /// ## How it is detected
    /// A database that is no warehouse states a `record_size` of a megabyte or more, or a link that does not only read brings it a `payload` of that size. The
    /// limit is assumed, and a parameter. A `because` makes it silent. There is no fix: the files need another place.
    ///
    /// ## Known false alarms
    /// Batches of many small records in one call: state the `record_size`.
    ///
    /// ## An interviewer asks
    /// Where do the bytes of an upload go, and what does the database keep of them?
    ///
    /// ## References
    /// - R. Sears, C. van Ingen, J. Gray, To BLOB or Not To BLOB, Microsoft Research 2006.
    static RULE = {
        code: "LP411",
        summary: "large files in a database",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let limit = parameter::BLOB_SIZE.fact.size();
    for store in cx.architecture.of_kind(Kind::Database) {
        let is_made_for_it = matches!(storage::model(store), Some("blob" | "warehouse"));
        if is_made_for_it || store.has(Property::Because) {
            continue;
        }
        let own = store.size(Property::RecordSize).zip(store.span(Property::RecordSize));
        let brought = || {
            let links =
                cx.architecture.links_to(store.id).filter(|it| !it.is_reads_only() && !it.copies_data());
            links
                .filter_map(|it| it.size(Property::Payload).zip(it.span(Property::Payload)))
                .max_by(|a, b| a.0.total_cmp(&b.0))
        };
        if let Some((size, span)) = own.or_else(brought).filter(|(size, _)| *size >= limit) {
            report(findings, store, size, limit, span);
        }
    }
}

fn report(findings: &mut Findings, store: &Component, size: Size, limit: Size, span: Span) {
    let message =
        format!("`{}` keeps records of {size}: from {limit} on they are files (assumed)", store.name);
    findings
        .on_component(Severity::Warning, store, "made for small records", message)
        .place(span, "stated here")
        .note("each one fills pages, the log and every replica's network, and pushes small rows out of memory")
        .help("put the bytes into an object store, straight from the client where it may (`auth = presigned`), and keep their key and what is searched by here");
}
