//! Designs on a disk: which files are meant, what they say, and what they may include.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::WalkBuilder;
use rustc_hash::{FxHashMap, FxHashSet};

use super::glob::Glob;
use super::ignoring;
use super::memory::Memory;
use crate::check::{LoadError, Loader};
use crate::report::text::printable;
use crate::source::{self, SourceFile};
use crate::syntax::MAX_BYTES;

/// What marks the folder that a project begins in.
const ROOT_MARKS: [&str; 2] = ["loadpath.toml", ".git"];

/// The argument that stands for standard input.
pub(super) const STDIN: &str = "-";

/// What the help of commands says of the paths they take.
pub(super) const PATHS: &str =
    "Design files, folders of them, patterns, or `-` for standard input [default: .]";

/// So many files of a folder are looked at for one that a path may mean.
const MOST_BESIDE: usize = 1_000;

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

/// The paths that a command line means: where it names none the folder at hand, or standard input if that has a name.
pub(super) fn asked(paths: &[PathBuf], stdin_name: Option<&Path>) -> Result<Vec<PathBuf>, String> {
    let has_stdin = paths.iter().any(|it| it.as_os_str() == STDIN);
    match (stdin_name, paths) {
        (Some(_), []) => Ok(vec![PathBuf::from(STDIN)]),
        (Some(_), _) if !has_stdin => Err(UNASKED_STDIN.to_owned()),
        (None, []) => Ok(vec![PathBuf::from(".")]),
        _ => Ok(paths.to_vec()),
    }
}

/// What is said where standard input has a name and is not asked for.
pub(super) const UNASKED_STDIN: &str =
    "`--stdin-filename` names standard input, and no path is `-`, which stands for it";

/// The files that paths mean, each once, in their order: a folder means the designs in it and below, but for those
/// that its `.gitignore` leaves out, and so does a pattern. What a path means no file by is told apart.
pub(super) fn inputs(paths: &[PathBuf]) -> (Vec<Input>, Vec<String>) {
    let mut inputs: Vec<Input> = Vec::new();
    let mut troubles = Vec::new();
    let mut folders = FxHashMap::default();
    let mut seen = FxHashSet::default();
    let mut take = |input: Input| {
        // One file has many spellings. A link to it is another file: it may be named for what it stands for.
        let folder = folder_of(&input.path);
        let folder = folders.entry(folder).or_insert_with_key(|it| real(it));
        if seen.insert((folder.clone(), input.path.file_name().map(ToOwned::to_owned))) {
            inputs.push(input);
        }
    };
    for path in paths {
        if path.is_dir() {
            let (found, mut trouble) = designs_in(path, None);
            if found.is_empty() && trouble.is_empty() {
                trouble.push(format!(
                    "no `.arch` files in `{}`, and no Markdown with `arch` fences",
                    told(path)
                ));
            }
            for path in found {
                take(Input { path, is_found: true });
            }
            troubles.append(&mut trouble);
        } else if Glob::is_one(path) {
            match matching(path) {
                Ok((found, mut trouble)) => {
                    for path in found {
                        take(Input { path, is_found: true });
                    }
                    troubles.append(&mut trouble);
                }
                Err(trouble) => troubles.push(trouble),
            }
        } else {
            take(Input { path: path.clone(), is_found: false });
        }
    }
    (inputs, troubles)
}

/// The designs that a pattern means, and what else is to be told.
fn matching(pattern: &Path) -> Result<(Vec<PathBuf>, Vec<String>), String> {
    let name = told(pattern);
    let glob =
        Glob::read(pattern).map_err(|why| format!("`{name}` does not exist, and is no pattern: {why}"))?;
    let (mut found, troubles) =
        if glob.folder.is_dir() { designs_in(&glob.folder, glob.depth) } else { Default::default() };
    found.retain(|file| glob.takes(file));
    if found.is_empty() && troubles.is_empty() {
        return Err(format!("no file is called like `{name}`, and no design matches it as a pattern"));
    }
    Ok((found, troubles))
}

/// The designs in a folder, and no more than so many folders deep.
fn designs_in(folder: &Path, depth: Option<usize>) -> (Vec<PathBuf>, Vec<String>) {
    if let Some(trouble) = ignoring::trouble_in(folder).or_else(|| ignoring::trouble_above(folder)) {
        return (Vec::new(), vec![trouble]);
    }
    let mut found = Vec::new();
    let mut troubles = Vec::new();
    let shut: Arc<Mutex<Vec<String>>> = Arc::default();
    let disk = Disk::around(&folder.join("any"));
    let walk = WalkBuilder::new(folder)
        .require_git(false)
        .max_depth(depth)
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
                if entry.path().is_file() && is_design(entry.path()) {
                    troubles.push(explained(&shown(entry.path()), &LoadError::OutsideRoot));
                }
            }
            Ok(entry) if entry.path().is_file() && holds_a_design(entry.path()) => {
                found.push(entry.into_path());
            }
            Ok(_) => {}
            Err(error) => troubles.push(not_walked(folder, &error)),
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
    is_design(path)
}

/// Whether a file is a design by its name.
pub(super) fn is_design(path: &Path) -> bool {
    path.extension().is_some_and(|it| it.eq_ignore_ascii_case("arch"))
}

/// What keeps a folder from being walked through.
fn not_walked(folder: &Path, error: &ignore::Error) -> String {
    let path = match error {
        ignore::Error::WithPath { path, .. } => Some(path.as_path()),
        ignore::Error::WithDepth { err, .. } => match &**err {
            ignore::Error::WithPath { path, .. } => Some(path.as_path()),
            _ => None,
        },
        _ => None,
    };
    match error.io_error() {
        Some(why) => explained(&given(path.unwrap_or(folder)), &unreadable(why)),
        None => printable(&error.to_string()),
    }
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
    open(&input.path)
        .and_then(|file| text(file, input.name()))
        .map_err(|error| explained(&given(&input.path), &error))
}

/// Reads one of several designs: one that another includes is read once.
pub(super) fn read_shared(
    input: &Input,
    stdin_name: Option<&Path>,
    memory: &Memory,
) -> Result<SourceFile, String> {
    if input.is_stdin() {
        return read(input, stdin_name);
    }
    let name = input.name();
    let kept = || memory.text(&real(&input.path), || whole(open(&input.path)?));
    kept().and_then(|text| design(name, text)).map_err(|error| explained(&given(&input.path), &error))
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
    let name = printable(name);
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
    design(name, whole(reader)?)
}

/// The same without a look at what it holds.
fn whole(reader: impl Read) -> Result<String, LoadError> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() > MAX_BYTES {
        return Err(LoadError::TooLarge(bytes.len() as u64));
    }
    utf8(bytes)
}

fn utf8(bytes: Vec<u8>) -> Result<String, LoadError> {
    String::from_utf8(bytes).map_err(|error| LoadError::NotUtf8(error.utf8_error().valid_up_to()))
}

/// A design out of the bytes of its file.
pub(super) fn source_file(name: String, bytes: Vec<u8>) -> Result<SourceFile, LoadError> {
    design(name, utf8(bytes)?)
}

fn design(name: String, text: String) -> Result<SourceFile, LoadError> {
    let file = SourceFile::new(name, text);
    if file.fences().is_some_and(<[_]>::is_empty) { Err(LoadError::NoDesign) } else { Ok(file) }
}

fn unreadable(error: &io::Error) -> LoadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => LoadError::NotFound,
        _ => LoadError::Unreadable(reason(error)),
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
    /// What was read already.
    memory: Arc<Memory>,
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
        Self { folder, real_folder, root, memory: Arc::default() }
    }

    /// The same, which reads nothing that another design of the run has read.
    pub(super) fn sharing(self, memory: &Arc<Memory>) -> Self {
        Self { memory: Arc::clone(memory), ..self }
    }

    /// Whether what a path leads to lies inside the project.
    fn holds(&self, path: &Path) -> bool {
        let root = self.root.as_deref();
        root.is_some_and(|root| fs::canonicalize(path).is_ok_and(|real| real.starts_with(root)))
    }

    /// How a file inside the project is called: from the design's folder, so that one file has one name.
    fn name(&self, real: &Path) -> String {
        let Some(from) = &self.real_folder else { return shown(real) };
        shown(&self.folder.join(way(from, real)))
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
        let text = self.memory.text(&real, || whole(open(&real)?))?;
        design(self.name(&real), text)
    }

    fn beside(&self, from: &str, path: &str) -> Vec<String> {
        let folder = if from == STDIN { self.folder.clone() } else { folder_of(Path::new(from)) };
        let asked = folder.join(path);
        let Some(asked) = asked.parent().filter(|it| self.holds(it)) else { return Vec::new() };
        let written = path.rfind('/').map_or("", |at| &path[..=at]);
        let Ok(entries) = fs::read_dir(asked) else { return Vec::new() };
        let names = entries.flatten().take(MOST_BESIDE).filter_map(|it| it.file_name().into_string().ok());
        let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '.' | '_' | '-' | ' ');
        let is_itself = |name: &str| written.is_empty() && Path::new(from).file_name() == Some(name.as_ref());
        let is_one = |name: &String| {
            (is_design(Path::new(name)) || source::is_markdown(name))
                && name.chars().all(is_plain)
                && !is_itself(name)
        };
        let mut paths: Vec<String> = names.filter(is_one).map(|name| format!("{written}{name}")).collect();
        paths.sort();
        paths
    }
}

/// The way from a folder to a file, both as they really lie.
pub(super) fn way(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let out = from.components().skip(shared).map(|_| Component::ParentDir);
    out.chain(to.components().skip(shared)).collect()
}

/// The folder that a file lies in.
pub(super) fn folder_of(file: &Path) -> PathBuf {
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

/// How a file is called from a folder, however it is spelled: by the way from there.
pub(super) fn name_from(folder: &Path, file: &str) -> String {
    if file == STDIN {
        return file.to_owned();
    }
    let path = Path::new(file);
    let Some(name) = path.file_name() else { return file.to_owned() };
    // A link is called by its own name.
    shown(&way(&real(&folder.join(".")), &real(&folder_of(path)).join(name)))
}

/// A link that leads on more often than this leads in a circle.
const MAX_LINKS: usize = 40;

/// Where a path leads, also where nothing is there yet.
pub(super) fn real(path: &Path) -> PathBuf {
    let mut path = if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.to_owned() };
    for _ in 0..MAX_LINKS {
        if let Ok(real) = fs::canonicalize(&path) {
            return real;
        }
        let Ok(next) = fs::read_link(&path) else { break };
        path = folder_of(&path).join(next);
    }
    // Of what need not be there the part that is.
    let path = std::path::absolute(&path).unwrap_or(path);
    let there = path.ancestors().find_map(|it| Some((fs::canonicalize(it).ok()?, it)));
    let real = there.and_then(|(real, there)| Some(real.join(path.strip_prefix(there).ok()?)));
    real.unwrap_or(path)
}

/// A path as it was given, for messages: nothing in it is obeyed by a terminal.
pub(super) fn told(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// The same without `./`, and with `/`.
fn given(path: &Path) -> String {
    let plain: PathBuf = path.components().filter(|it| *it != Component::CurDir).collect();
    let plain = if plain.as_os_str().is_empty() { path } else { &plain };
    plain.to_string_lossy().replace('\\', "/")
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
    if plain.as_os_str().is_empty() && !path.as_os_str().is_empty() {
        plain.push(".");
    }
    plain.to_string_lossy().replace('\\', "/")
}

/// Writes a new file; one that is there already stays as it is, and `otherwise` says what to do then.
pub(super) fn create(path: &Path, text: &str, otherwise: &str) -> Result<(), String> {
    let written = File::create_new(path).and_then(|mut it| it.write_all(text.as_bytes()));
    let name = told(path);
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => format!("`{name}` is there already, and stays as it is{otherwise}"),
        _ => format!("can't write `{name}`: {}", reason(&error)),
    })
}

/// Puts a new text in a file's place; one that no longer says what was read of it stays as it is.
pub(super) fn replace(path: &Path, before: &str, after: &str) -> Result<(), String> {
    if is_replaced(path, before, after)? { Ok(()) } else { Err(changed_meanwhile(path)) }
}

/// What is said of a file that somebody else changed between reading and writing.
pub(super) fn changed_meanwhile(path: &Path) -> String {
    format!(
        "`{}` is changed by somebody else at this moment, and nothing is written: run this again",
        told(path)
    )
}

/// Puts a new text in a file's place at once: a reader sees the old one or the new one, and its permissions and its owner
/// stay. A file with further names, or of an owner that can't be given, is written into instead. Whether that was done: a
/// file that no longer says what was read of it, or that another run has its hands on, stays as it is.
pub(super) fn is_replaced(path: &Path, before: &str, after: &str) -> Result<bool, String> {
    replaced(path, before, after).map_err(|error| format!("can't write `{}`: {}", told(path), reason(&error)))
}

fn replaced(path: &Path, before: &str, after: &str) -> io::Result<bool> {
    // A symbolic link stays one: what it leads to is replaced.
    let path = fs::canonicalize(path)?;
    let about = fs::metadata(&path)?;
    // A folder that may be written to lets any file in it be replaced: also one that was shut on purpose.
    if about.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let mut own = File::options().read(true).write(true).open(&path)?;
    // Held by whoever writes, until the file is closed. Where there are no locks, the look at what it says is left.
    if matches!(own.try_lock(), Err(TryLockError::WouldBlock)) {
        return Ok(false);
    }
    if !has_further_names(&about) {
        let beside = beside(&path, after, &about)?;
        // An editor asks for no lock: this is looked at last.
        if !says(&mut own, &path, before)? {
            return Ok(false);
        }
        if beside.is_owned {
            fs::rename(&beside.path, &path)?;
            return Ok(true);
        }
    }
    if !says(&mut own, &path, before)? {
        return Ok(false);
    }
    own.rewind()?;
    own.set_len(0)?;
    own.write_all(after.as_bytes())?;
    own.sync_all()?;
    Ok(true)
}

/// A new text beside the file that it is for; what is not put in its place is not left lying about.
struct Beside {
    path: PathBuf,
    /// Whether it has the owner of the file.
    is_owned: bool,
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn beside(path: &Path, text: &str, about: &fs::Metadata) -> io::Result<Beside> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let path = path.with_file_name(name);
    let mut file = File::create_new(&path)?;
    let mut beside = Beside { path, is_owned: false };
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    beside.is_owned = give_to_owner(&file, about);
    file.set_permissions(about.permissions())?;
    Ok(beside)
}

/// Whether an open file is still the one at a path, and says this.
fn says(own: &mut File, path: &Path, text: &str) -> io::Result<bool> {
    let mut bytes = Vec::with_capacity(text.len());
    own.rewind()?;
    own.take(text.len() as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes == text.as_bytes() && is_one_file(&own.metadata()?, &fs::metadata(path)?))
}

#[cfg(unix)]
fn is_one_file(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Where files have no number, one that took another's place has been written since.
#[cfg(not(unix))]
fn is_one_file(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    one.len() == other.len() && one.modified().ok() == other.modified().ok()
}

#[cfg(unix)]
fn has_further_names(about: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(about) > 1
}

#[cfg(not(unix))]
fn has_further_names(_: &fs::Metadata) -> bool {
    false
}

/// Gives a new file to the owner and the group of an old one; whether that could be done.
#[cfg(unix)]
fn give_to_owner(file: &File, about: &fs::Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let (owner, group) = (about.uid(), about.gid());
    let is_same = |it: fs::Metadata| (it.uid(), it.gid()) == (owner, group);
    file.metadata().is_ok_and(is_same) || fchown(file, Some(owner), Some(group)).is_ok()
}

#[cfg(not(unix))]
fn give_to_owner(_: &File, _: &fs::Metadata) -> bool {
    true
}

/// Why something can't be written or read, in few words.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied if error.raw_os_error().is_none() => {
            format!("permission denied: {error}")
        }
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}
