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
            enter(&mut set, pattern)?;
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

/// Reads a pattern as it was given.
///
/// # Errors
/// Says why it is none.
pub(super) fn pattern(text: &str) -> Result<String, String> {
    enter(&mut GitignoreBuilder::new(""), text).map(|()| text.to_owned())
}

fn enter(set: &mut GitignoreBuilder, pattern: &str) -> Result<(), String> {
    // An unclosed bracket would be taken for a letter, and silently leave nothing out.
    set.allow_unclosed_class(false);
    let entered = set.add_line(None, pattern);
    entered.map(|_| ()).map_err(|error| match error {
        ignore::Error::Glob { err, .. } => format!("`{pattern}` is no pattern: {err}"),
        other => format!("`{pattern}` is no pattern: {other}"),
    })
}

fn real(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}
