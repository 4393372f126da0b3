//! A design's text to what follows from it, as many tests need it.

use loadpath::analysis::Analysis;
use loadpath::model::{self, Architecture};
use loadpath::source::{FileId, Span};
use loadpath::syntax;

/// A design without faults, and what follows from it.
#[track_caller]
pub(crate) fn analysed(text: &str) -> (Architecture, Analysis) {
    let (file, errors) = syntax::parse(FileId(0), text);
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    let architecture = model::build(&[file], Span::default());
    assert!(architecture.faults.is_empty(), "{:#?}\n{text}", architecture.faults);
    let analysis = Analysis::of(&architecture);
    (architecture, analysis)
}
