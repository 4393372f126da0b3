//! What no output is written over: what a run reads, and designs at all.

use std::fs;
use std::path::{Path, PathBuf};

use super::disk;
use crate::settings::FILE_NAME;
use crate::source::Sources;

/// The files that a run reads.
#[derive(Debug, Default)]
pub(super) struct Kept {
    files: Vec<PathBuf>,
}

impl Kept {
    /// Takes in files that are read.
    pub(super) fn files(&mut self, files: impl IntoIterator<Item = PathBuf>) {
        self.files.extend(files);
    }

    /// Takes in a design with all that it includes.
    pub(super) fn design(&mut self, sources: &Sources) {
        self.files.extend(sources.iter().map(|(_, file)| PathBuf::from(&file.name)));
    }

    /// Refuses to write where something is read, by whatever name, or where a design or a configuration stands.
    ///
    /// # Errors
    /// Says so.
    pub(super) fn refuse(&self, target: &Path) -> Result<(), String> {
        let about = fs::metadata(target).ok();
        if about.as_ref().is_some_and(|it| !it.is_file()) {
            // A terminal or a pipe may be read and written at once; into a folder nothing is written.
            return Ok(());
        }
        let place = disk::real(target);
        let is_it = |file: &PathBuf| disk::real(file) == place || is_another_name(file, about.as_ref());
        let name = disk::told(target);
        if self.files.iter().any(is_it) {
            return Err(format!("`{name}` is read here, and is not written over: name another file"));
        }
        let is_design = disk::is_design(&place) || place.file_name().is_some_and(|it| it == FILE_NAME);
        if about.is_some() && is_design {
            let what = "is a design or a configuration, and is not written over";
            return Err(format!("`{name}` {what}: name another file"));
        }
        Ok(())
    }
}

/// Whether a file has another name, by a hard link.
#[cfg(unix)]
fn is_another_name(file: &Path, about: Option<&fs::Metadata>) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let Some(about) = about.filter(|it| it.nlink() > 1) else { return false };
    fs::metadata(file).is_ok_and(|it| (it.dev(), it.ino()) == (about.dev(), about.ino()))
}

#[cfg(not(unix))]
fn is_another_name(_: &Path, _: Option<&fs::Metadata>) -> bool {
    false
}
