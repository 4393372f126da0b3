//! Designs as they were: `git:REV:PATH` is what the file says in that revision, and so is all that it includes; without a
//! revision it is what stands in the index.
//!
//! The `git` program is asked, never a shell, and only to look: nothing is fetched and nothing written. What a user
//! names goes to it by its standard input, where no name can become an option.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::diff::NOTHING;
use super::disk;
use crate::check::{LoadError, Loader};
use crate::report::text::printable;
use crate::source::SourceFile;
use crate::syntax::MAX_BYTES;

/// What such a name begins with.
const MARK: &str = "git:";

/// More than git says before the text of a file: an id, a kind and a size, or the name that it does not know.
const HEAD_BYTES: usize = 16 * 1024;

/// A revision, and the folder in it that names are relative to.
#[derive(Debug)]
pub(super) struct Revision {
    /// What git finds a path of it behind: the id of its tree, whatever its name comes to mean meanwhile; of the index, the
    /// number of what is in no conflict.
    tree: String,
    /// The folder of this process inside the repository, part by part.
    folder: Vec<String>,
}

/// Whether an argument names a file in a revision, and which.
pub(super) fn named(argument: &OsStr) -> Option<&str> {
    argument.to_str()?.strip_prefix(MARK)
}

/// Reads `REV:PATH`, and says where its includes are read.
pub(super) fn read(name: &str) -> Result<(SourceFile, Revision), String> {
    let (revision, path) = parted(name).ok_or_else(|| {
        format!("`{MARK}{}` names no file of a revision: write `git:main:shop.arch`", printable(name))
    })?;
    let prefix = prefix()?;
    let folder = prefix.split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let (tree, whence) = if revision.is_empty() {
        (":0".to_owned(), "the index".to_owned())
    } else {
        let told = printable(revision);
        let Object::Other { id, .. } = object(&format!("{revision}^{{tree}}"), 0)? else {
            let shallow = if is_shallow() { SHALLOW } else { "" };
            return Err(format!("git knows no revision `{told}`{shallow}"));
        };
        (id, format!("revision `{told}`"))
    };
    let revised = Revision { tree, folder };
    let below_top = below_top(path);
    let file = revised.file(".", below_top.as_deref().unwrap_or(path));
    let path = printable(path);
    let file = file.map_err(|error| match error {
        LoadError::NotFound => format!(
            "there is no `{path}` in {whence}; where it is new, hold it against nothing: \
             `loadpath diff {NOTHING} {path}`"
        ),
        LoadError::OutsideRoot => format!("`{path}` lies outside of the repository"),
        LoadError::Unreadable(reason) => format!("can't read `{path}` in {whence}: {reason}"),
        LoadError::NotUtf8(offset) => {
            format!("`{path}` in {whence} is not UTF-8 text: byte {offset} fits no character")
        }
        LoadError::NoDesign => {
            format!("`{path}` in {whence} holds no design: none of its fences is tagged `arch`")
        }
        LoadError::TooLarge(_) => format!(
            "`{path}` in {whence} has over {} MiB, which is more than is read",
            MAX_BYTES / (1024 * 1024)
        ),
    })?;
    Ok((file, revised))
}

/// What is said where a revision may be missing because the clone has but the last ones.
const SHALLOW: &str = ", and this clone has not all of them: run `git fetch --unshallow`, or check out with \
                       `fetch-depth: 0`";

fn is_shallow() -> bool {
    let output = git(&["rev-parse", "--is-shallow-repository"]).output();
    output.is_ok_and(|it| it.stdout.starts_with(b"true"))
}

/// An absolute path inside of the repository, from the folder of this process.
fn below_top(path: &str) -> Option<String> {
    if !Path::new(path).is_absolute() {
        return None;
    }
    let output = git(&["rev-parse", "--show-toplevel", "--show-cdup"]).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let (top, out) = said.split_once('\n')?;
    let real = disk::real(Path::new(path));
    let inside = real.strip_prefix(disk::real(Path::new(top))).ok()?;
    Some(format!("{}{}", out.trim_end_matches('\n'), inside.to_str()?))
}

/// The revision, which is empty for the index, and the path: parted at the first colon outside of braces, as git does (`main@{10:00}:shop.arch`).
fn parted(name: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let at = name.char_indices().find_map(|(at, it)| {
        match it {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (it == ':' && depth == 0).then_some(at)
    })?;
    let (revision, path) = (&name[..at], &name[at + 1..]);
    (!path.is_empty()).then_some((revision, path))
}

impl Revision {
    /// A file by its path as it is written in a file of `folder`; both relative to the folder of this process.
    fn file(&self, folder: &str, path: &str) -> Result<SourceFile, LoadError> {
        if Path::new(path).is_absolute() {
            return Err(LoadError::OutsideRoot);
        }
        let mut place = self.folder.clone();
        for part in folder.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." => _ = place.pop().ok_or(LoadError::OutsideRoot)?,
                name => place.push(name.to_owned()),
            }
        }
        let found = object(&format!("{}:{}", self.tree, place.join("/")), MAX_BYTES);
        let text = match found.map_err(LoadError::Unreadable)? {
            Object::Text(bytes) => bytes,
            Object::Missing => return Err(LoadError::NotFound),
            Object::Outside => return Err(LoadError::OutsideRoot),
            Object::TooLarge(size) => return Err(LoadError::TooLarge(size)),
            Object::Other { kind, .. } if kind == "tree" => {
                return Err(LoadError::Unreadable("it is a folder".to_owned()));
            }
            Object::Other { .. } => return Err(LoadError::Unreadable("it is no file".to_owned())),
        };
        disk::source_file(self.name(&place), text)
    }

    /// How a file is called: from the folder of this process, so that one file has one name.
    fn name(&self, place: &[String]) -> String {
        let shared = self.folder.iter().zip(place).take_while(|(a, b)| a == b).count();
        let out = self.folder[shared..].iter().map(|_| "..");
        out.chain(place[shared..].iter().map(String::as_str)).collect::<Vec<_>>().join("/")
    }
}

impl Loader for Revision {
    fn load(&self, from: &str, path: &str) -> Result<SourceFile, LoadError> {
        self.file(from.rsplit_once('/').map_or(".", |(folder, _)| folder), path)
    }
}

/// What git has under a name.
enum Object {
    /// A file.
    Text(Vec<u8>),
    /// Nothing.
    Missing,
    /// A symbolic link that leads out of the repository.
    Outside,
    /// A file that is larger than is read, and how large.
    TooLarge(u64),
    /// Something else: a tree.
    Other { id: String, kind: String },
}

/// Asks git for an object; of a file, as much as `most` bytes.
fn object(name: &str, most: usize) -> Result<Object, String> {
    // Each line is a name.
    if name.contains(['\n', '\0']) {
        return Ok(Object::Missing);
    }
    let mut child = git(&["cat-file", "--batch", "--follow-symlinks"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| no_git(&error))?;
    let asked = child.stdin.take().map(|mut stdin| stdin.write_all(format!("{name}\n").as_bytes()));
    let mut answer = Vec::new();
    let read = child.stdout.take().map(|out| out.take((most + HEAD_BYTES) as u64).read_to_end(&mut answer));
    // It has said all that is wanted; what more it would say is not waited for.
    let _ = child.kill();
    let _ = child.wait();
    if !matches!((asked, read), (Some(Ok(())), Some(Ok(_)))) {
        return Err("git does not answer".to_owned());
    }
    understood(answer, most)
}

/// `<id> <kind> <size>` and the text; or a word on why there is none.
fn understood(answer: Vec<u8>, most: usize) -> Result<Object, String> {
    let end = answer.iter().position(|byte| *byte == b'\n').unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let words: Vec<&str> = head.split(' ').collect();
    let (id, kind, size) = match words[..] {
        ["symlink", _] => return Ok(Object::Outside),
        [id, kind, size] => match size.parse::<u64>() {
            Ok(size) => (id, kind, size),
            Err(_) => return Ok(Object::Missing),
        },
        _ => return Ok(Object::Missing),
    };
    if kind != "blob" {
        return Ok(Object::Other { id: id.to_owned(), kind: kind.to_owned() });
    }
    if size > most as u64 {
        return Ok(Object::TooLarge(size));
    }
    let text: Vec<u8> = answer.into_iter().skip(end + 1).take(size as usize).collect();
    if (text.len() as u64) < size {
        return Err("git breaks off in the middle of it".to_owned());
    }
    Ok(Object::Text(text))
}

/// The folder of this process inside its repository.
fn prefix() -> Result<String, String> {
    let output = git(&["rev-parse", "--show-prefix"]).output().map_err(|error| no_git(&error))?;
    if output.status.success() {
        let prefix = String::from_utf8(output.stdout);
        return prefix
            .map(|it| it.trim_end_matches('\n').to_owned())
            .map_err(|_| "the path of this folder is not UTF-8".to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("not a git repository") {
        return Err("this folder lies in no git repository, which `git:` names a file of".to_owned());
    }
    let first = said.lines().next().unwrap_or("it does not say why");
    Err(format!("git refuses: {}", first.trim_start_matches("fatal: ")))
}

/// The `git` program, which fetches nothing, asks nobody and writes nothing.
fn git(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(arguments).stdin(Stdio::null());
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "none");
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    command
}

fn no_git(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "`git:` needs the program `git`, which is not found".to_owned(),
        _ => format!("can't run `git`: {error}"),
    }
}
