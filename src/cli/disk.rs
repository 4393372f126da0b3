//! Designs on a disk: which files are meant, what they say, and what they may include.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::WalkBuilder;
use rustc_hash::FxHashSet;

use super::ignoring;
use crate::check::{LoadError, Loader};
use crate::source::{self, SourceFile};
use crate::syntax::MAX_BYTES;

/// What marks the folder that a project begins in.
const ROOT_MARKS: [&str; 2] = ["loadpath.toml", ".git"];

/// The argument that stands for standard input.
pub(super) const STDIN: &str = "-";

/// What is said of pipes and devices.
pub(super) const NO_FILE: &str = "it is no regular file";

/// A file to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    /// Whether it was found in a folder, not named itself.
    pub(super) is_found: bool,
}

impl Input {
    pub(super) fn is_stdin(&self) -> bool {
        self.path.as_os_str() == STDIN
    }

    /// The path as it is shown: with `/`, without `./` at its head.
    pub(super) fn name(&self) -> String {
        shown(&self.path)
    }

    /// Where it lies: what is included is looked for beside it.
    pub(super) fn place<'a>(&'a self, stdin_name: Option<&'a Path>) -> &'a Path {
        if self.is_stdin() { stdin_name.unwrap_or(Path::new("")) } else { &self.path }
    }

    /// The name of the file that is read: standard input may have one given.
    pub(super) fn file_name(&self, stdin_name: Option<&Path>) -> String {
        match stdin_name {
            Some(name) if self.is_stdin() => shown(name),
            _ => self.name(),
        }
    }
}

/// The files that paths mean, each once, in their order: a folder means the designs in it and below, but for those
/// that its `.gitignore` leaves out. What a path means no file by is told apart.
pub(super) fn inputs(paths: &[PathBuf]) -> (Vec<Input>, Vec<String>) {
    let mut inputs: Vec<Input> = Vec::new();
    let mut troubles = Vec::new();
    let mut seen = FxHashSet::default();
    let mut take = |input: Input| {
        if seen.insert(input.name()) {
            inputs.push(input);
        }
    };
    for path in paths {
        if path.is_dir() {
            let (found, mut trouble) = designs_in(path);
            if found.is_empty() && trouble.is_empty() {
                trouble.push(format!(
                    "no `.arch` files in `{}`, and no Markdown with `arch` fences",
                    path.display()
                ));
            }
            for path in found {
                take(Input { path, is_found: true });
            }
            troubles.append(&mut trouble);
        } else {
            take(Input { path: path.clone(), is_found: false });
        }
    }
    (inputs, troubles)
}

fn designs_in(folder: &Path) -> (Vec<PathBuf>, Vec<String>) {
    if let Some(trouble) = ignoring::trouble_in(folder).or_else(|| ignoring::trouble_above(folder)) {
        return (Vec::new(), vec![trouble]);
    }
    let mut found = Vec::new();
    let mut troubles = Vec::new();
    let shut: Arc<Mutex<Vec<String>>> = Arc::default();
    let disk = Disk::around(&folder.join("any"));
    let walk = WalkBuilder::new(folder)
        .require_git(false)
        .sort_by_file_name(Ord::cmp)
        .filter_entry({
            let shut = Arc::clone(&shut);
            move |entry| {
                let is_folder = entry.file_type().is_some_and(|it| it.is_dir());
                let trouble = is_folder.then(|| ignoring::trouble_in(entry.path())).flatten();
                let is_open = trouble.is_none();
                shut.lock().expect("nobody else writes to it").extend(trouble);
                is_open
            }
        })
        .build();
    for entry in walk {
        match entry {
            // Nobody named it: a link must not show, or have rewritten, what lies elsewhere.
            Ok(entry) if entry.path_is_symlink() && !disk.holds(entry.path()) => {
                if entry.path().is_file() && entry.path().extension().is_some_and(|it| it == "arch") {
                    troubles.push(explained(&shown(entry.path()), &LoadError::OutsideRoot));
                }
            }
            Ok(entry) if entry.path().is_file() && holds_a_design(entry.path()) => {
                found.push(entry.into_path());
            }
            Ok(_) => {}
            Err(error) => troubles.push(error.to_string()),
        }
    }
    troubles.append(&mut shut.lock().expect("the walk is over"));
    (found, troubles)
}

/// Whether a file in a folder is a design: by its name, and Markdown by its fences.
fn holds_a_design(path: &Path) -> bool {
    let name = shown(path);
    if source::is_markdown(&name) {
        return File::open(path).is_ok_and(|file| text(file, name).is_ok());
    }
    path.extension().is_some_and(|it| it == "arch")
}

/// Whether a file that was named is Markdown without a design, as most Markdown is that hooks hand over.
pub(super) fn has_no_design(input: &Input) -> bool {
    let name = input.name();
    let is_asked = !input.is_stdin() && !input.is_found && source::is_markdown(&name);
    is_asked && open(&input.path).and_then(|file| text(file, name)).err() == Some(LoadError::NoDesign)
}

/// Reads a design; what can't be read says why.
pub(super) fn read(input: &Input, stdin_name: Option<&Path>) -> Result<SourceFile, String> {
    if input.is_stdin() {
        let name = input.file_name(stdin_name);
        return text(io::stdin().lock(), name.clone()).map_err(|error| explained(&name, &error));
    }
    let name = input.name();
    open(&input.path).and_then(|file| text(file, name.clone())).map_err(|error| explained(&name, &error))
}

/// Opening a named pipe waits for who writes to it, perhaps for ever. One that a shell makes (`<(…)`) has its writer, and
/// stands in no folder.
fn open(path: &Path) -> Result<File, LoadError> {
    let is_odd = fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir());
    if is_odd && fs::canonicalize(path).is_ok() {
        return Err(LoadError::Unreadable(NO_FILE.to_owned()));
    }
    File::open(path).map_err(|error| unreadable(&error))
}

fn explained(name: &str, error: &LoadError) -> String {
    match error {
        LoadError::NotFound => format!("`{name}` does not exist"),
        LoadError::OutsideRoot => format!("`{name}` lies outside of the project"),
        LoadError::Unreadable(reason) => format!("can't read `{name}`: {reason}"),
        LoadError::NotUtf8(offset) => {
            format!("`{name}` is not UTF-8 text: byte {offset} fits no character; save it as UTF-8")
        }
        LoadError::NoDesign => {
            format!("`{name}` holds no design: none of its fences is tagged `arch`, as in ```arch")
        }
        LoadError::TooLarge(_) => {
            format!("`{name}` has over {} MiB, which is more than is read", MAX_BYTES / (1024 * 1024))
        }
    }
}

/// All of a text, but never more than a design may have.
fn text(reader: impl Read, name: String) -> Result<SourceFile, LoadError> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() > MAX_BYTES {
        return Err(LoadError::TooLarge(bytes.len() as u64));
    }
    source_file(name, bytes)
}

/// A design out of the bytes of its file.
pub(super) fn source_file(name: String, bytes: Vec<u8>) -> Result<SourceFile, LoadError> {
    let text =
        String::from_utf8(bytes).map_err(|error| LoadError::NotUtf8(error.utf8_error().valid_up_to()))?;
    let file = SourceFile::new(name, text);
    if file.fences().is_some_and(<[_]>::is_empty) { Err(LoadError::NoDesign) } else { Ok(file) }
}

fn unreadable(error: &io::Error) -> LoadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => LoadError::NotFound,
        io::ErrorKind::PermissionDenied => LoadError::Unreadable("permission denied".to_owned()),
        io::ErrorKind::IsADirectory => LoadError::Unreadable("it is a folder".to_owned()),
        _ => LoadError::Unreadable(error.to_string()),
    }
}

/// Reads what a design includes, from the disk, and nothing outside of its project.
#[derive(Debug)]
pub(super) struct Disk {
    /// The folder of the design, as it was given and as it is.
    folder: PathBuf,
    real_folder: Option<PathBuf>,
    /// Where the project begins.
    root: Option<PathBuf>,
}

impl Disk {
    /// For a design of this path; one from standard input counts as lying where its name says.
    pub(super) fn around(design: &Path) -> Self {
        let folder = match design.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let real_folder = fs::canonicalize(&folder).ok();
        let root = real_folder.as_deref().map(root_above);
        Self { folder, real_folder, root }
    }

    /// Whether what a path leads to lies inside the project.
    fn holds(&self, path: &Path) -> bool {
        let root = self.root.as_deref();
        root.is_some_and(|root| fs::canonicalize(path).is_ok_and(|real| real.starts_with(root)))
    }

    /// How a file inside the project is called: from the design's folder, so that one file has one name.
    fn name(&self, real: &Path) -> String {
        let Some(from) = &self.real_folder else { return shown(real) };
        let shared = from.components().zip(real.components()).take_while(|(a, b)| a == b).count();
        let mut path = self.folder.clone();
        path.extend(from.components().skip(shared).map(|_| Component::ParentDir));
        path.extend(real.components().skip(shared));
        shown(&path)
    }
}

impl Loader for Disk {
    fn load(&self, from: &str, path: &str) -> Result<SourceFile, LoadError> {
        let root = self.root.as_deref().ok_or(LoadError::NotFound)?;
        let beside = if from == STDIN { self.folder.clone() } else { folder_of(Path::new(from)) };
        let asked = beside.join(path);
        // Where nothing is, the path as it is written says whether it leads out: what is there must not be told.
        let real = match fs::canonicalize(&asked) {
            Ok(real) => real,
            Err(error) if is_inside(root, &asked) => return Err(unreadable(&error)),
            Err(_) => return Err(LoadError::OutsideRoot),
        };
        if !real.starts_with(root) {
            return Err(LoadError::OutsideRoot);
        }
        text(open(&real)?, self.name(&real))
    }
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Whether a path that leads nowhere would lie in the root, as it is written.
fn is_inside(root: &Path, path: &Path) -> bool {
    let Ok(absolute) = std::path::absolute(path) else { return false };
    let mut plain = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => _ = plain.pop(),
            Component::CurDir => {}
            _ => plain.push(part),
        }
    }
    // The part that exists may be reached by a symbolic link.
    let real = plain.ancestors().find_map(|it| fs::canonicalize(it).ok());
    real.is_some_and(|real| real.starts_with(root))
}

/// The nearest folder above that is marked as a project's, else the folder itself.
pub(super) fn root_above(folder: &Path) -> PathBuf {
    let marked = folder.ancestors().find(|it| ROOT_MARKS.iter().any(|mark| it.join(mark).exists()));
    marked.unwrap_or(folder).to_owned()
}

/// How a file is called from a folder: by the way from there where it lies in it, else as it is.
pub(super) fn name_from(folder: &Path, file: &str) -> String {
    let (Ok(folder), Ok(path)) = (std::path::absolute(folder.join(".")), std::path::absolute(file)) else {
        return file.to_owned();
    };
    path.strip_prefix(folder).map_or_else(|_| file.to_owned(), shown)
}

/// A path as it is shown: with `/`, without `./` and without a way out and back in.
pub(super) fn shown(path: &Path) -> String {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            _ => plain.push(part),
        }
    }
    plain.to_string_lossy().replace('\\', "/")
}

/// Puts a new text in a file's place at once: a reader sees the old one or the new one, and its permissions stay.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A symbolic link stays one: what it leads to is replaced.
    let path = fs::canonicalize(path)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = path.with_file_name(name);
    let written = File::create_new(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.set_permissions(fs::metadata(&path)?.permissions())?;
        file.sync_all()?;
        fs::rename(&beside, &path)
    });
    if written.is_err() {
        // What could not be put in place is not left lying about.
        let _ = fs::remove_file(&beside);
    }
    written
}
