//! What is left out although a path leads to it: patterns as in a `.gitignore`.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns, each set from the folder that it is written for.
#[derive(Debug, Default)]
pub(super) struct Excluded {
    sets: Vec<(PathBuf, Gitignore)>,
}

impl Excluded {
    /// Takes patterns in that speak of what lies in a folder.
    ///
    /// # Errors
    /// Says which pattern is none.
    pub(super) fn add(&mut self, folder: &Path, patterns: &[String]) -> Result<(), String> {
        if patterns.is_empty() {
            return Ok(());
        }
        let folder = real(folder);
        let mut set = GitignoreBuilder::new(&folder);
        for pattern in patterns {
            set.add_line(None, pattern).map_err(|error| format!("`{pattern}` is no pattern: {error}"))?;
        }
        let set = set.build().map_err(|error| error.to_string())?;
        self.sets.push((folder, set));
        Ok(())
    }

    /// Whether a file is left out, by itself or with a folder that it lies in.
    pub(super) fn takes(&self, path: &Path) -> bool {
        if self.sets.is_empty() {
            return false;
        }
        let path = real(path);
        self.sets.iter().any(|(folder, set)| {
            path.starts_with(folder) && set.matched_path_or_any_parents(&path, path.is_dir()).is_ignore()
        })
    }
}

fn real(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}
