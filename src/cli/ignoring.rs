//! The files that say what a folder leaves out (`.gitignore` and the like), looked at before the walk reads them: it reads
//! whatever stands there, to its end.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::disk;

/// More than any that is written by hand.
const MAX_BYTES: u64 = 1024 * 1024;

/// Why a walk had better not enter a folder, where there is a reason.
pub(super) fn trouble_in(folder: &Path) -> Option<String> {
    files_of(folder).into_iter().find_map(|file| {
        let why = unfit(&file)?;
        Some(format!("can't read `{}`, which says what to leave out: {why}", disk::shown(&file)))
    })
}

/// The same of all folders that lie above one: what they leave out it leaves out as well.
pub(super) fn trouble_above(folder: &Path) -> Option<String> {
    let real = fs::canonicalize(folder).ok()?;
    real.ancestors().skip(1).find_map(trouble_in)
}

/// All that the walk reads about a folder.
fn files_of(folder: &Path) -> Vec<PathBuf> {
    let git = folder.join(".git");
    let mut files = vec![folder.join(".ignore"), folder.join(".gitignore")];
    if !git.is_file() {
        files.push(git.join("info/exclude"));
        return files;
    }
    // A further tree of a repository: `.git` names the folder of the tree, and that the one of the repository.
    let tree = first_line(&git).and_then(|it| it.strip_prefix("gitdir: ").map(PathBuf::from));
    files.push(git);
    let Some(tree) = tree else { return files };
    let common = tree.join("commondir");
    if let Some(line) = first_line(&common) {
        let common = if line.starts_with('.') { tree.join(line) } else { PathBuf::from(line) };
        files.push(common.join("info/exclude"));
    }
    files.push(common);
    files
}

/// The first line of a file that is fit to be read.
fn first_line(file: &Path) -> Option<String> {
    if unfit(file).is_some() {
        return None;
    }
    BufReader::new(File::open(file).ok()?).lines().next()?.ok()
}

/// Why a file can't be read to its end; that it is not there is no reason.
fn unfit(file: &Path) -> Option<String> {
    let is_regular = fs::metadata(file).ok()?.is_file();
    if !is_regular {
        return (!file.is_dir()).then(|| disk::NO_FILE.to_owned());
    }
    // What a system makes up as it is read has no size of its own.
    let most = MAX_BYTES + 1;
    match io::copy(&mut File::open(file).ok()?.take(most), &mut io::sink()) {
        Ok(read) if read < most => None,
        Ok(_) => Some("it has over 1 MiB, which is more than is read".to_owned()),
        Err(error) => Some(error.to_string()),
    }
}
