//! `loadpath check --fix`: makes fixes until none is left, and keeps what comes of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::disk::{self, Disk, Input};
use super::output;
use crate::check::{Checked, LoadError, Loader, mend};
use crate::source::SourceFile;

/// Texts that take the place of those on the disk, by the names of their files.
pub(super) type Texts = BTreeMap<String, String>;

/// A disk on which some files say something else already.
pub(super) struct Overlaid<'a> {
    pub(super) disk: Disk,
    pub(super) texts: &'a Texts,
}

impl Loader for Overlaid<'_> {
    fn load(&self, from: &str, path: &str) -> Result<SourceFile, LoadError> {
        match self.disk.load(from, path) {
            Ok(file) => Ok(match self.texts.get(&file.name) {
                Some(text) => SourceFile::new(file.name, text.as_str()),
                None => file,
            }),
            Err(LoadError::OutsideRoot) => Err(LoadError::OutsideRoot),
            // An editor may show what is not on the disk yet, or is nothing there.
            Err(error) => {
                let beside = Path::new(from).parent().unwrap_or(Path::new(""));
                let name = disk::shown(&beside.join(path));
                self.texts.get(&name).map(|text| SourceFile::new(name.clone(), text.as_str())).ok_or(error)
            }
        }
    }

    fn beside(&self, from: &str, path: &str) -> Vec<String> {
        self.disk.beside(from, path)
    }
}

/// What came of the fixes.
#[derive(Default)]
pub(super) struct Mended {
    /// How many findings are mended.
    pub(super) count: usize,
    /// The files whose text is another now.
    changed: BTreeMap<String, Change>,
    /// What standard input says now, if that was asked for.
    stdin: Option<String>,
}

struct Change {
    path: PathBuf,
    before: String,
    after: String,
}

/// Makes fixes, and fixes of what is found then, until none is left; `again` checks all designs with other texts.
///
/// Only files that were asked for are changed: not what they include from elsewhere.
pub(super) fn mend(
    inputs: &[Input],
    stdin_name: Option<&Path>,
    designs: &mut Vec<Checked>,
    with_unsafe: bool,
    again: impl Fn(&Texts) -> Vec<Checked>,
) -> Mended {
    let asked: BTreeMap<String, &Input> =
        inputs.iter().map(|input| (input.file_name(stdin_name), input)).collect();
    let may_change = |name: &str| asked.contains_key(name);
    let mut mended = Mended::default();
    // Standard input is read but once.
    let stdin = inputs.iter().find(|input| input.is_stdin()).map(|input| input.file_name(stdin_name));
    let mut texts: Texts =
        stdin.iter().filter_map(|name| Some((name.clone(), text_of(designs, name)?.to_owned()))).collect();
    for _ in 0..mend::MAX_ROUNDS {
        let round = mend::round(designs.iter(), &may_change, with_unsafe);
        if round.texts.is_empty() {
            break;
        }
        let mut new = texts.clone();
        new.extend(round.texts.clone());
        let checked = again(&new);
        let tears = |designs: &[Checked]| designs.iter().map(mend::tears).sum::<usize>();
        if tears(&checked) > tears(designs) {
            let mut codes = round.mended;
            codes.sort_unstable();
            codes.dedup();
            output::complain(&format!(
                "fixes of {} would break a design, and are not made",
                codes.join(", ")
            ));
            break;
        }
        for (name, after) in round.texts {
            let before = text_of(designs, &name).unwrap_or_default().to_owned();
            let path = asked[&name].path.clone();
            let change = mended.changed.entry(name).or_insert(Change { path, before, after: String::new() });
            change.after = after;
        }
        mended.count += round.mended.len();
        (*designs, texts) = (checked, new);
    }
    mended.changed.retain(|_, change| change.before != change.after);
    mended.stdin = stdin.and_then(|name| texts.remove(&name));
    mended
}

fn text_of<'a>(designs: &'a [Checked], name: &str) -> Option<&'a str> {
    let files = designs.iter().flat_map(|design| design.sources.iter());
    files.map(|(_, file)| file).find(|file| file.name == name).map(|file| file.text.as_str())
}

impl Mended {
    /// What is changed, as a patch; empty where nothing is.
    pub(super) fn patch(&self) -> String {
        let changes = self.changed.iter();
        changes.map(|(name, change)| output::difference(name, &change.before, &change.after)).collect()
    }

    /// Puts the new texts into the files' places. Standard input has none: its text is handed back.
    pub(super) fn write(self) -> Result<Option<String>, String> {
        for change in self.changed.values().filter(|change| change.path.as_os_str() != disk::STDIN) {
            disk::replace(&change.path, &change.before, &change.after)?;
        }
        Ok(self.stdin)
    }
}
