//! Files and places in SARIF's words.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::{Report, message};
use crate::diagnostic::Label;
use crate::source::{Position, Sources, Span};

/// What relative paths are relative to, by the name that most readers know.
pub(super) const BASE: &str = "%SRCROOT%";

/// The files of a run.
pub(super) struct Artifacts<'a> {
    report: &'a Report<'a>,
    places: FxHashMap<&'a str, usize>,
}

impl<'a> Artifacts<'a> {
    pub(super) fn of(report: &'a Report<'a>) -> Self {
        Self { report, places: report.files.iter().enumerate().map(|(at, name)| (*name, at)).collect() }
    }

    pub(super) fn all(&self) -> Vec<Value> {
        let artifact = |name: &&str| json!({ "location": self.artifact(name), "encoding": "UTF-8", "roles": ["analysisTarget"] });
        self.report.files.iter().map(artifact).collect()
    }

    /// Where a file is.
    pub(super) fn artifact(&self, name: &str) -> Value {
        let index = self.places[name];
        let address = self.report.address(name);
        if is_absolute(address) {
            let slash = if address.starts_with('/') { "" } else { "/" };
            return json!({ "uri": format!("file://{slash}{}", encoded(address)), "index": index });
        }
        json!({ "uri": encoded(address), "uriBaseId": BASE, "index": index })
    }

    /// A place in a file, with what is to be said there.
    pub(super) fn location(&self, sources: &Sources, label: &Label) -> Value {
        let mut location = self.place(sources, label.span);
        if !label.message.is_empty() {
            location["message"] = message(&label.message);
        }
        location
    }

    /// A place in a file.
    pub(super) fn place(&self, sources: &Sources, span: Span) -> Value {
        json!({
            "physicalLocation": {
                "artifactLocation": self.artifact(&sources.file(span.file).name),
                "region": region(sources, span),
            },
        })
    }
}

pub(super) fn region(sources: &Sources, span: Span) -> Value {
    let (start, end): (Position, Position) = (sources.position(span), sources.end(span));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// Whether a path begins at the root or at a drive: the slashes of a name are `/` on every platform.
fn is_absolute(name: &str) -> bool {
    let drive = |it: &[u8]| it[0].is_ascii_alphabetic() && it[1] == b':' && it[2] == b'/';
    name.starts_with('/') || name.as_bytes().get(..3).is_some_and(drive)
}

/// A path as a part of a URI: all but what RFC 3986 calls unreserved, and the slashes, is percent-encoded.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
