//! The designs of the folders that an editor has open, as far as they lie on the disk: which include which, and what
//! they declare.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::super::disk::{self, Input};
use crate::editor::outline;
use crate::source::{FileId, SourceFile};
use crate::syntax::{self, ast};

/// So many designs of a folder are looked at; a folder with more is no project of designs.
const MOST: usize = 2_000;

/// The designs of a folder, each read once.
#[derive(Default)]
pub(super) struct Project {
    /// Each file with its tree, by its name.
    pub(super) files: BTreeMap<String, (SourceFile, ast::File)>,
}

impl Project {
    /// Reads a folder. What can't be read is passed over: it is told of where it is opened.
    pub(super) fn of(folder: &Path) -> Self {
        let (inputs, _) = disk::inputs(&[folder.to_owned()]);
        let mut files = BTreeMap::new();
        for input in inputs.into_iter().take(MOST) {
            let input = Input { path: std::path::absolute(&input.path).unwrap_or(input.path), ..input };
            if let Ok(file) = disk::read(&input, None) {
                let (tree, _) = syntax::parse_file(FileId::default(), &file);
                files.insert(file.name.clone(), (file, tree));
            }
        }
        Self { files }
    }

    /// The designs that include a file, directly or not, and that nothing else includes.
    pub(super) fn wholes_of(&self, part: &str) -> Vec<PathBuf> {
        let mut seen = BTreeSet::from([part]);
        let mut waiting = vec![part];
        let mut wholes = Vec::new();
        while let Some(at) = waiting.pop() {
            let includers: Vec<&str> = self
                .files
                .iter()
                .filter(|(name, _)| self.includes(name, at))
                .map(|(name, _)| name.as_str())
                .collect();
            if includers.is_empty() && at != part {
                wholes.push(PathBuf::from(at));
            }
            waiting.extend(includers.into_iter().filter(|it| seen.insert(it)));
        }
        wholes.sort();
        wholes
    }

    /// The ways from a folder to the designs that a file of it can include: not itself, nor what includes it, nor what lies
    /// outside of the folder's project.
    pub(super) fn includable(&self, file: &str, folder: &Path) -> Vec<String> {
        let root = disk::root_above(folder);
        let designs = self.files.keys().filter(|it| it.as_str() != file && !self.includes(it, file));
        let designs = designs.map(Path::new).filter(|it| it.extension().is_some_and(|it| it == "arch"));
        designs.filter(|it| it.starts_with(&root)).map(|it| disk::shown(&disk::way(folder, it))).collect()
    }

    fn includes(&self, whole: &str, part: &str) -> bool {
        let folder = Path::new(whole).parent().unwrap_or(Path::new(""));
        self.files.get(whole).is_some_and(|(_, tree)| {
            outline::includes(&tree.statements)
                .any(|it| disk::shown(&folder.join(it.path.value.as_str())) == part)
        })
    }
}
