//! What a finding is known by from one run to the next, whatever moves around it: its rule, its file and its
//! element. Figures change with a design, and lines with what is written above them.
//!
//! What breaks the language is about no element that a design is sure to have: it is known by the words of its line.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::Report;
use crate::diagnostic::Diagnostic;
use crate::rules;
use crate::source::Sources;

/// The fingerprints of a report: of its findings, then of those that are accepted, then of those that a baseline knows,
/// each once in it. One that comes to be accepted or known keeps its own.
pub(super) fn fingerprints(report: &Report) -> Vec<String> {
    let found = report.findings.iter().map(|(sources, it)| (*sources, *it));
    let accepted = report.suppressed.iter().map(|(sources, it)| (*sources, &it.diagnostic));
    let all: Vec<_> = found.chain(accepted).chain(report.known.iter().copied()).collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|at| all[*at].1.span().start);
    let mut fingerprints = vec![String::new(); all.len()];
    let mut seen: FxHashMap<(&str, &str, Cow<str>), usize> = FxHashMap::default();
    for at in order {
        let (sources, finding) = all[at];
        let address = report.address(&sources.file(finding.span().file).name);
        let key = (finding.code, address, subject(sources, finding));
        let told = format!("{}\n{}\n{}", key.0, key.1, key.2);
        let times = seen.entry(key).or_default();
        *times += 1;
        fingerprints[at] = digest(&format!("{told}\n{times}"));
    }
    fingerprints
}

/// A line of more bytes than this is not looked at as a whole.
const LONGEST_LINE: usize = 1_000;

/// What a finding is about.
fn subject<'a>(sources: &'a Sources, finding: &'a Diagnostic) -> Cow<'a, str> {
    if !rules::is_of_the_language(finding.code) {
        return Cow::Borrowed(&finding.element);
    }
    let file = sources.file(finding.span().file);
    let line = file.line_range(file.position(finding.span().start).line);
    let start = (finding.span().start as usize).clamp(line.start, line.end);
    // Of a very long line the part that the finding begins.
    let line = if line.len() > LONGEST_LINE { start..line.end.min(start + LONGEST_LINE) } else { line };
    let design = file.design();
    let words = &design[design.floor_char_boundary(line.start)..design.floor_char_boundary(line.end)];
    Cow::Owned(words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// FNV-1a of 128 bits: the same in every version of every library, and nobody gains by a collision.
fn digest(text: &str) -> String {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = text.bytes().fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}
