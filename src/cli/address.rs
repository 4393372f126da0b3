//! How a file is called wherever the program is run: by its way from where the project begins.

use std::path::{Path, PathBuf};

use super::disk;

/// The way to a file from the folder that the project of this process begins in; the whole path of a file outside of
/// it. Nothing where there is no telling.
pub(super) fn of(name: &str) -> Option<String> {
    if name == disk::STDIN {
        return None;
    }
    let root = disk::root_above(&std::fs::canonicalize(".").ok()?);
    let path = real(Path::new(name))?;
    Some(disk::shown(path.strip_prefix(root).unwrap_or(&path)))
}

/// The path by folders as they are: a link among them leads to where it leads. What need not be there, as the name of
/// standard input, stays as it is written.
fn real(file: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(file).ok()?;
    let folder = path.parent()?;
    Some(std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned()).join(path.file_name()?))
}
