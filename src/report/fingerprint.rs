//! What a finding is known by from one run to the next, whatever moves around it: its rule, its file and its
//! element. Figures change with a design, and lines with what is written above them.

use rustc_hash::FxHashMap;

use super::Report;

/// The fingerprints of a report: of its findings, then of those that are accepted, then of those that a baseline knows,
/// each once in it. One that comes to be accepted or known keeps its own.
pub(super) fn fingerprints(report: &Report) -> Vec<String> {
    let found = report.findings.iter().map(|(sources, it)| (*sources, *it));
    let accepted = report.suppressed.iter().map(|(sources, it)| (*sources, &it.diagnostic));
    let all: Vec<_> = found.chain(accepted).chain(report.known.iter().copied()).collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|at| all[*at].1.span().start);
    let mut fingerprints = vec![String::new(); all.len()];
    let mut seen: FxHashMap<[&str; 3], usize> = FxHashMap::default();
    for at in order {
        let (sources, finding) = all[at];
        let key = [finding.code, &sources.file(finding.span().file).name, &finding.element];
        let times = seen.entry(key).or_default();
        *times += 1;
        fingerprints[at] = digest(&format!("{}\n{times}", key.join("\n")));
    }
    fingerprints
}

/// FNV-1a of 128 bits: the same in every version of every library, and nobody gains by a collision.
fn digest(text: &str) -> String {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = text.bytes().fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}
