//! A baseline: findings that were there when a team began, which only new ones are told beside.
//!
//! A finding is known by its file, its rule and the element it is about, never by its line, so that an edit elsewhere
//! makes no old finding new. What breaks the language is never known: it is always said.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Checked;
use crate::diagnostic::Diagnostic;
use crate::rules;

/// The version of the file's form.
const VERSION: u32 = 1;

/// Findings that are known, and how often each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<Key, usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Key {
    file: String,
    rule: String,
    element: String,
}

/// The file as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    key: Key,
    #[serde(default = "once", skip_serializing_if = "is_once")]
    count: usize,
}

fn once() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_once(count: &usize) -> bool {
    *count == 1
}

impl Baseline {
    /// Reads one.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn read(text: &str) -> Result<Self, String> {
        let written: Written = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if written.version != VERSION {
            return Err(format!("it is of version {}, and version {VERSION} is understood", written.version));
        }
        let mut known = BTreeMap::new();
        for entry in written.findings {
            *known.entry(entry.key).or_default() += entry.count;
        }
        Ok(Self { known })
    }

    /// All findings of some designs that can be known; `name` says how a file is called from where the baseline stands.
    pub fn of(designs: &[Checked], name: impl Fn(&str) -> String) -> Self {
        let mut baseline = Self::default();
        for design in designs {
            for key in keys(design, &design.diagnostics, &name).into_iter().flatten() {
                *baseline.known.entry(key).or_default() += 1;
            }
        }
        baseline
    }

    /// As it is written, sorted, a line a finding, so that changes of it are read well.
    pub fn written(&self) -> String {
        let entries = self.known.iter().map(|(key, count)| Entry { key: key.clone(), count: *count });
        // Texts and numbers are always JSON.
        let lines: Vec<String> = entries.filter_map(|it| serde_json::to_string(&it).ok()).collect();
        let findings =
            if lines.is_empty() { "[]".to_owned() } else { format!("[\n    {}\n  ]", lines.join(",\n    ")) };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": {findings}\n}}\n")
    }

    /// With what another one knows that a run does not speak of: in other files, by other rules, or as advice that its
    /// profile does not show.
    #[must_use]
    pub fn keeping(
        mut self,
        old: &Self,
        designs: &[Checked],
        name: impl Fn(&str) -> String,
        is_looked_for: impl Fn(&str, &str) -> bool,
    ) -> Self {
        let mut unshown: BTreeMap<Key, usize> = BTreeMap::new();
        for key in designs.iter().flat_map(|design| keys(design, &design.unshown, &name)).flatten() {
            *unshown.entry(key).or_default() += 1;
        }
        for (key, count) in &old.known {
            let there = unshown.get(key).copied().unwrap_or(0);
            let kept = if is_looked_for(&key.file, &key.rule) { there.min(*count) } else { *count };
            if kept > 0 {
                *self.known.entry(key.clone()).or_default() += kept;
            }
        }
        self
    }

    /// Takes what is known out of the findings of some designs, and says how many known ones were looked for, by their
    /// file and rule, and not met.
    pub fn take_from(
        &self,
        designs: &mut [Checked],
        name: impl Fn(&str) -> String,
        is_looked_for: impl Fn(&str, &str) -> bool,
    ) -> usize {
        let mut left = self.known.clone();
        let mut meets = |key: Key| {
            let known = left.get_mut(&key).filter(|count| **count > 0);
            known.map(|count| *count -= 1).is_some()
        };
        for design in designs.iter_mut() {
            let mut keys = keys(design, &design.diagnostics, &name).into_iter();
            let is_known = |_: &mut Diagnostic| keys.next().flatten().is_some_and(&mut meets);
            design.known.extend(design.diagnostics.extract_if(.., is_known));
        }
        // Advice that is not shown is there all the same.
        for key in designs.iter().flat_map(|design| keys(design, &design.unshown, &name)).flatten() {
            meets(key);
        }
        let stale = left.iter().filter(|(key, count)| **count > 0 && is_looked_for(&key.file, &key.rule));
        stale.map(|(_, count)| count).sum()
    }
}

/// The keys of findings of a design, in order; none of one that is always said.
fn keys(design: &Checked, findings: &[Diagnostic], name: impl Fn(&str) -> String) -> Vec<Option<Key>> {
    let key = |it: &Diagnostic| Key {
        file: name(&design.sources.file(it.span().file).name),
        rule: it.name.to_owned(),
        element: it.element.clone(),
    };
    let can_be_known = |it: &&Diagnostic| !rules::is_of_the_language(it.code);
    findings.iter().map(|it| Some(it).filter(can_be_known).map(key)).collect()
}
