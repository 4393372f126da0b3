//! A design that is checked again and again while it is written: what did not change is not parsed again.

use super::{Checked, Config, Loader, files, resolved};
use crate::source::SourceFile;
use crate::syntax::{Parsed, ast};

/// A design that is being written, and what is kept of its last check.
#[derive(Debug, Default)]
pub struct Session {
    /// Its files by id: their names, and how they were parsed. The trees are in `trees`.
    parsed: Vec<(String, Parsed)>,
    trees: Vec<ast::File>,
}

impl Session {
    /// Checks the design as it is now; the result is that of [`check`](super::check).
    pub fn check(&mut self, file: SourceFile, loader: &dyn Loader, config: &Config) -> Checked {
        let mut before = std::mem::take(&mut self.parsed);
        for ((_, parsed), tree) in before.iter_mut().zip(std::mem::take(&mut self.trees)) {
            parsed.tree = tree;
        }
        let mut read = files::read_by(file, loader, &mut |id, file| {
            let known = before.get_mut(id.0 as usize).filter(|(name, _)| *name == file.name);
            let mut parsed = match known {
                Some((_, parsed)) => std::mem::take(parsed).again(id, file),
                None => Parsed::of(id, file),
            };
            let tree = std::mem::take(&mut parsed.tree);
            let errors = parsed.errors.clone();
            self.parsed.push((file.name.clone(), parsed));
            (tree, errors)
        });
        let architecture = resolved(&mut read, config);
        self.trees = read.trees;
        Checked::of(read.sources, architecture, config)
    }

    /// The trees of the design's files, in the order of [`Checked::sources`].
    pub fn trees(&self) -> &[ast::File] {
        &self.trees
    }
}
