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
            for key in keys(design, &name).into_iter().flatten() {
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

    /// Takes what is known out of the findings of some designs, and says how many known ones were not met.
    pub fn take_from(&self, designs: &mut [Checked], name: impl Fn(&str) -> String) -> usize {
        let mut left = self.known.clone();
        for design in designs {
            let mut keys = keys(design, &name).into_iter();
            let is_known = |_: &mut Diagnostic| {
                let known =
                    keys.next().flatten().and_then(|key| left.get_mut(&key)).filter(|count| **count > 0);
                known.map(|count| *count -= 1).is_some()
            };
            design.known.extend(design.diagnostics.extract_if(.., is_known));
        }
        left.values().sum()
    }
}

/// The key of each finding of a design, in order; none of one that is always said.
fn keys(design: &Checked, name: impl Fn(&str) -> String) -> Vec<Option<Key>> {
    let key = |it: &Diagnostic| Key {
        file: name(&design.sources.file(it.span().file).name),
        rule: it.name.to_owned(),
        element: it.element.clone(),
    };
    let can_be_known = |it: &&Diagnostic| !rules::is_of_the_language(it.code);
    design.diagnostics.iter().map(|it| Some(it).filter(can_be_known).map(key)).collect()
}
