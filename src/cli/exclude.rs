//! What is left out although a path leads to it: patterns as in a `.gitignore`.

use std::path::{Path, PathBuf};

use clap::Args;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::config::Found;
use super::disk::{self, Input};

/// What the command line says of it.
#[derive(Args, Debug)]
pub(super) struct LeftOut {
    /// Leave out what matches in folders, as in a `.gitignore`
    #[arg(long, value_name = "PATTERN", value_parser = pattern)]
    exclude: Vec<String>,
    /// Leave it out also where it is named itself, as hooks do, and Markdown without a design as well
    #[arg(long)]
    force_exclude: bool,
}

impl LeftOut {
    /// What is left out by the command line and by the configurations of a run.
    ///
    /// # Errors
    /// Says which pattern is none.
    pub(super) fn with<'a>(
        &self,
        configurations: impl Iterator<Item = &'a Found>,
    ) -> Result<Excluded, String> {
        let mut excluded = Excluded { is_forced: self.force_exclude, sets: Vec::new() };
        excluded.add(Path::new(""), &self.exclude)?;
        for found in configurations {
            excluded.add(found.folder().unwrap_or(Path::new("")), &found.settings.exclude)?;
        }
        Ok(excluded)
    }
}

/// Patterns, each set from the folder that it is written for.
#[derive(Debug)]
pub(super) struct Excluded {
    /// Whether also files are left out that are named themselves.
    is_forced: bool,
    sets: Vec<(PathBuf, Gitignore)>,
}

impl Excluded {
    /// Takes patterns in that speak of what lies in a folder.
    fn add(&mut self, folder: &Path, patterns: &[String]) -> Result<(), String> {
        if patterns.is_empty() {
            return Ok(());
        }
        let folder = disk::real(folder);
        let mut set = GitignoreBuilder::new(&folder);
        for pattern in patterns {
            enter(&mut set, pattern)?;
        }
        let set = set.build().map_err(|error| error.to_string())?;
        self.sets.push((folder, set));
        Ok(())
    }

    /// Whether a file is left out, by itself or with a folder that it lies in. Standard input counts as lying where
    /// its name says.
    pub(super) fn takes(&self, input: &Input, stdin_name: Option<&Path>) -> bool {
        if self.is_forced && disk::has_no_design(input) {
            return true;
        }
        let place = input.place(stdin_name);
        if self.sets.is_empty() || place.as_os_str().is_empty() || !(input.is_found || self.is_forced) {
            return false;
        }
        let path = disk::real(place);
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
