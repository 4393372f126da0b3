//! The configurations of folders, as an editor has them: while one is being written and can't be used, the last that could
//! be goes on to hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp_types::{Diagnostic, Uri};

use super::super::config::{Configurations, Found, Origin, Refused};
use super::findings;
use super::place::{self, Encoding, Lines};
use crate::source::SourceFile;

/// The configurations of folders, each read when it is asked for first.
#[derive(Default)]
pub(super) struct Configured {
    by_folder: BTreeMap<PathBuf, Held>,
    /// The files that say what holds, and those that would, were they there.
    looked_at: BTreeSet<PathBuf>,
    /// What is to be told to the person at the editor, once.
    troubles: Vec<String>,
}

/// The configuration of a folder.
#[derive(Default)]
struct Held {
    /// The last that could be used; nothing where none could.
    found: Option<Arc<Found>>,
    /// Why what stands on the disk can't be.
    refused: Option<Refused>,
    /// Whether it is as on the disk.
    is_read: bool,
}

impl Configured {
    /// What holds in a folder.
    pub(super) fn of(&mut self, folder: &Path) -> Arc<Found> {
        const ORIGIN: &Origin = &Origin::NEAREST;
        let held = self.by_folder.entry(folder.to_owned()).or_default();
        if !std::mem::replace(&mut held.is_read, true) {
            let mut configurations = Configurations::new(ORIGIN);
            let before = held.refused.take().map(|it| it.sentence());
            match configurations.around(folder) {
                Ok(found) => held.found = Some(found),
                Err(refused) => {
                    let why = refused.sentence();
                    if before.as_ref() != Some(&why) {
                        let holds = if held.found.is_some() {
                            "what it said before holds"
                        } else {
                            "nothing of it holds"
                        };
                        self.troubles.push(format!("{why}; until it is mended, {holds}"));
                    }
                    held.refused = Some(refused);
                }
            }
            self.looked_at.extend(configurations.files());
        }
        held.found.clone().unwrap_or_default()
    }

    /// Lets all be read anew when it is asked for next.
    pub(super) fn outdate(&mut self) {
        self.by_folder.values_mut().for_each(|it| it.is_read = false);
        self.looked_at.clear();
    }

    /// Whether a file says what holds in a folder, or would, were it there.
    pub(super) fn looks_at(&self, file: &Path) -> bool {
        self.looked_at.contains(file)
    }

    /// What is to be told to the person at the editor, which is not told again.
    pub(super) fn take_troubles(&mut self) -> Vec<String> {
        let mut troubles = std::mem::take(&mut self.troubles);
        // Several folders may have one configuration.
        troubles.dedup();
        troubles
    }

    /// The files that can't be used, by name, each with what is wrong in it.
    pub(super) fn faults(&self, encoding: Encoding) -> BTreeMap<String, (Uri, Vec<Diagnostic>)> {
        let refused = self
            .by_folder
            .values()
            .filter(|it| it.is_read)
            .filter_map(|it| it.refused.as_ref()?.faults.as_deref());
        let told = |(file, faults): &(SourceFile, Vec<_>)| {
            let uri = place::uri_of(&std::path::absolute(&file.name).ok()?)?;
            let lines = Lines::of(&file.text, encoding);
            let told = faults.iter().map(|it| findings::of_configuration(&lines, it)).collect();
            Some((file.name.clone(), (uri, told)))
        };
        refused.filter_map(told).collect()
    }
}
