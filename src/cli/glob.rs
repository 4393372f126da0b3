//! Patterns in the place of paths, where no shell has expanded them: `'designs/**/*.arch'`.

use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

/// The letters that make a path a pattern.
const SIGNS: [char; 4] = ['*', '?', '[', '{'];

/// A pattern of paths below a folder.
#[derive(Debug)]
pub(super) struct Glob {
    /// The folder that all of them lie in.
    pub(super) folder: PathBuf,
    /// How many folders deep they lie there, where the pattern says so.
    pub(super) depth: Option<usize>,
    matcher: GlobMatcher,
}

impl Glob {
    /// Whether a path is a pattern, for which nothing of its name may be there.
    pub(super) fn is_one(path: &Path) -> bool {
        path.to_string_lossy().contains(SIGNS) && std::fs::symlink_metadata(path).is_err()
    }

    /// Reads one.
    ///
    /// # Errors
    /// Says why it is none.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let is_plain = |it: &Component| !it.as_os_str().to_string_lossy().contains(SIGNS);
        let folder: PathBuf = path.components().take_while(is_plain).collect();
        let rest: PathBuf = path.components().skip_while(is_plain).collect();
        let text = rest.to_string_lossy().into_owned();
        let glob = GlobBuilder::new(&text).literal_separator(true).build();
        let matcher = glob.map_err(|error| error.kind().to_string())?.compile_matcher();
        let depth = (!text.contains("**")).then(|| rest.components().count());
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        Ok(Self { folder, depth, matcher })
    }

    /// Whether it takes a file below its folder.
    pub(super) fn takes(&self, file: &Path) -> bool {
        file.strip_prefix(&self.folder).is_ok_and(|rest| self.matcher.is_match(rest))
    }
}
