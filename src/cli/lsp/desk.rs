//! The documents that are open, and what is known of each: open texts go before those on the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lsp_types::{Range, Uri};
use serde::Deserialize;
use serde_json::Value;

use super::super::disk::{self, Disk, Input};
use super::super::mend::{Overlaid, Texts};
use super::configured::Configured;
use super::place::{self, Encoding, Lines};
use super::project::Project;
use crate::analysis;
use crate::check::{Checked, Config, NoFiles, Profile, Session};
use crate::diagnostic::Diagnostic;
use crate::editor::View;
use crate::editor::typing::{self, Typing};
use crate::settings;
use crate::source::{FileId, SourceFile};

/// So many designs that lie beside one on the disk are asked at once.
const MOST_ASIDE: usize = 200;

/// An open document, or a design on the disk that includes one.
pub(super) struct Document {
    pub(super) uri: Uri,
    /// How its file is called; the address itself where it is no file.
    pub(super) name: String,
    path: Option<PathBuf>,
    pub(super) version: i32,
    /// Whether the client has it open.
    is_open: bool,
    session: Session,
    /// The configuration that it was checked with.
    config: Config,
    checked: Option<Checked>,
    is_stale: bool,
}

/// An edit: the text that takes the place of a range, or of all.
#[derive(Deserialize)]
pub(super) struct Change {
    range: Option<Range>,
    text: String,
}

/// The open documents.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) encoding: Encoding,
    /// How much is asked, where the client says so.
    pub(super) profile: Option<Profile>,
    /// By address.
    documents: BTreeMap<String, Document>,
    /// The texts of all open documents, by the names of their files.
    texts: Texts,
    /// The configuration of each folder.
    pub(super) configured: Configured,
    /// The folders that the client works in.
    pub(super) folders: Vec<PathBuf>,
    /// What lies in folders, read when it is asked for first.
    projects: BTreeMap<PathBuf, Project>,
    /// Whether something on the disk is another than was read.
    is_outdated: bool,
    /// The files whose open texts were edited since the last check.
    edited: BTreeSet<String>,
    /// Where the last letter was typed, until something is saved: a file, and the byte behind it.
    caret: Option<(String, u32)>,
    /// The file where somebody types, and what is known of that place: nobody is told that what stands there is wrong.
    typing: Option<(String, Typing)>,
}

impl Desk {
    /// A desk with nothing on it, for a client that counts columns so.
    pub(super) fn of(encoding: Encoding) -> Self {
        Self { encoding, ..Self::default() }
    }

    /// Takes in a document that is opened, if it is a design or may hold one.
    pub(super) fn open(&mut self, uri: Uri, language: &str, version: i32, text: String) {
        let path = place::path_of(&uri);
        let name = path.as_deref().map_or_else(|| named_by_language(&uri, language), disk::shown);
        if !is_design(&name, language) {
            return;
        }
        self.texts.insert(name.clone(), text);
        self.documents.insert(uri.as_str().to_owned(), Document::new(uri, name.clone(), path, version, true));
        self.touched(&name);
        self.add_wholes();
    }

    /// Takes in the designs on the disk that include an open document: it is reviewed as a part of them.
    fn add_wholes(&mut self) {
        let parts: Vec<(String, PathBuf)> = self
            .documents
            .values()
            .filter(|it| it.is_open)
            .filter_map(|it| Some((it.name.clone(), it.path.as_deref()?.parent()?.to_owned())))
            .collect();
        for (part, own_folder) in parts {
            let around = self.folders.iter().find(|it| own_folder.starts_with(it));
            let folder = around.cloned().unwrap_or(own_folder);
            for path in self.project(&folder).wholes_of(&part) {
                let Some(uri) = place::uri_of(&path) else { continue };
                let key = uri.as_str().to_owned();
                let whole = || Document::new(uri, disk::shown(&path), Some(path.clone()), 0, false);
                self.documents.entry(key).or_insert_with(whole);
            }
        }
    }

    /// What lies in a folder.
    fn project(&mut self, folder: &Path) -> &Project {
        self.projects.entry(folder.to_owned()).or_insert_with(|| Project::of(folder))
    }

    /// What lies in the folders that the client works in.
    pub(super) fn projects(&mut self) -> Vec<&Project> {
        for folder in self.folders.clone() {
            self.project(&folder);
        }
        self.folders.iter().filter_map(|it| self.projects.get(it)).collect()
    }

    /// The paths by which a document can include the designs of its project.
    pub(super) fn includable(&self, uri: &Uri) -> Vec<String> {
        let Some(document) = self.documents.get(uri.as_str()) else { return Vec::new() };
        let Some(folder) = document.path.as_deref().and_then(Path::parent) else { return Vec::new() };
        let around = self.folders.iter().find(|it| folder.starts_with(it));
        let project = self.projects.get(around.map_or(folder, PathBuf::as_path));
        project.map(|it| it.includable(&document.name, folder)).unwrap_or_default()
    }

    /// Takes in edits, one after the other; a document that was never opened has none.
    pub(super) fn change(&mut self, uri: &Uri, version: &Value, changes: Vec<Change>) {
        let Some(document) = self.documents.get_mut(uri.as_str()) else { return };
        let version = version.as_i64().and_then(|it| i32::try_from(it).ok());
        document.version = version.unwrap_or(document.version);
        let name = document.name.clone();
        let text = self.texts.entry(name.clone()).or_default();
        self.caret = None;
        let is_one = changes.len() == 1;
        for change in changes {
            match change.range {
                None => *text = change.text,
                Some(range) => {
                    let lines = Lines::of(text, self.encoding);
                    let (start, end) = (lines.offset(range.start), lines.offset(range.end));
                    let (start, end) = (start.min(end), start.max(end));
                    let is_typed = is_one && typing::is_typed(&text[start..end], &change.text);
                    text.replace_range(start..end, &change.text);
                    self.caret = is_typed.then(|| (name.clone(), (start + change.text.len()) as u32));
                }
            }
        }
        self.touched(&name);
    }

    pub(super) fn close(&mut self, uri: &Uri) {
        if let Some(document) = self.documents.remove(uri.as_str()) {
            self.texts.remove(&document.name);
            self.documents.retain(|_, it| it.is_open);
            self.touched(&document.name);
            self.add_wholes();
        }
    }

    /// Whether a file on the disk may be one that findings rest on.
    pub(super) fn concerns(&self, uri: &Uri) -> bool {
        // What can't be told counts.
        let Some(path) = place::path_of(uri) else { return true };
        let is_other_toml = path.extension().is_some_and(|it| it == "toml")
            && path.file_name().is_none_or(|it| it != settings::FILE_NAME)
            && !self.configured.looks_at(&disk::real(&path));
        !is_other_toml
    }

    /// A file on the disk is another than it was: all is read anew when it is asked for next.
    pub(super) fn changed_on_disk(&mut self) {
        self.caret = None;
        self.is_outdated = true;
    }

    fn read_anew(&mut self) {
        self.configured.outdate();
        self.projects.clear();
        self.documents.retain(|_, it| it.is_open);
        self.add_wholes();
        self.documents.values_mut().for_each(|it| it.is_stale = true);
    }

    /// All designs that a file is part of are to be checked again.
    fn touched(&mut self, name: &str) {
        self.edited.insert(name.to_owned());
        for document in self.documents.values_mut() {
            let is_part = |checked: &Checked| checked.sources.iter().any(|(_, file)| file.name == name);
            // What a design includes and could not read may be there now.
            let is_torn = |checked: &Checked| checked.diagnostics.iter().any(|it| it.code == "LP017");
            let checked = document.checked.as_ref();
            document.is_stale |= document.name == name || checked.is_none_or(|it| is_part(it) || is_torn(it));
        }
    }

    /// Checks what is to be checked; gives the documents, by address, that have new findings.
    pub(super) fn check(&mut self) -> Vec<String> {
        if std::mem::take(&mut self.is_outdated) {
            self.read_anew();
        }
        let stale: Vec<String> =
            self.documents.iter().filter(|(_, it)| it.is_stale).map(|(key, _)| key.clone()).collect();
        for key in &stale {
            self.check_one(key);
        }
        if !stale.is_empty() {
            self.typing = self.typing();
        }
        self.edited.clear();
        stale
    }

    fn typing(&self) -> Option<(String, Typing)> {
        let (name, at) = self.caret.as_ref()?;
        let document = self.documents.values().find(|it| it.name == *name)?;
        let (view, file) = self.view(&document.uri)?;
        Some((name.clone(), Typing::of(&view, file, *at)))
    }

    /// Whether a finding in the file of this name is about what is still being typed.
    pub(super) fn is_unfinished(&self, file: &SourceFile, finding: &Diagnostic) -> bool {
        self.typing.as_ref().is_some_and(|(name, it)| *name == file.name && it.is_about(&file.text, finding))
    }

    /// The open documents that nobody has edited since the last check, and whether a design is to be checked again that
    /// they belong to.
    pub(super) fn unedited(&self) -> Vec<(Uri, bool)> {
        let unedited = self.documents().filter(|it| it.checked.is_some() && !self.edited.contains(&it.name));
        unedited.map(|it| (it.uri.clone(), self.designs_of(it).iter().any(|it| it.is_stale))).collect()
    }

    fn check_one(&mut self, key: &str) {
        let Some(folder) =
            self.documents.get(key).map(|it| it.path.as_deref().and_then(Path::parent).map(Path::to_owned))
        else {
            return;
        };
        let config = self.config(folder.as_deref());
        let Some(document) = self.documents.get_mut(key) else { return };
        document.is_stale = false;
        let Some(file) = document.read(&self.texts) else { return };
        let checked = check(&mut document.session, document.path.as_deref(), file, &self.texts, &config);
        let last = document.checked.replace(checked);
        // Of a large design the memory is given back while the findings are told.
        if last.as_ref().is_some_and(|it| analysis::is_large(&it.architecture)) {
            rayon::spawn(move || drop(last));
        }
        document.config = config;
    }

    /// How a design in a folder is checked; one that lies in none has no configuration.
    fn config(&mut self, folder: Option<&Path>) -> Config {
        let mut config = folder.map(|it| self.configured.of(it).settings.config.clone()).unwrap_or_default();
        if let Some(profile) = self.profile {
            config.profile = profile;
        }
        config
    }

    /// The open documents, by address.
    pub(super) fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values().filter(|it| it.is_open)
    }

    /// The designs that are reviewed: what others include is reviewed with them.
    pub(super) fn designs(&self) -> impl Iterator<Item = &Document> {
        self.documents.values().filter(|it| !self.is_part(it))
    }

    /// Whether another open design includes the document: then it is reviewed with that, and not by itself.
    fn is_part(&self, document: &Document) -> bool {
        self.documents.values().any(|it| {
            it.name != document.name && includes(it, &document.name) && !includes(document, &it.name)
        })
    }

    /// The designs that a document belongs to: its own, unless others include it; of those that include each other all, its
    /// own first.
    pub(super) fn designs_of<'a>(&'a self, document: &'a Document) -> Vec<&'a Document> {
        if !self.is_part(document) {
            let is_other = |it: &&Document| it.name != document.name && includes(it, &document.name);
            return std::iter::once(document).chain(self.documents.values().filter(is_other)).collect();
        }
        self.documents.values().filter(|it| includes(it, &document.name) && !self.is_part(it)).collect()
    }

    /// A document as an editor looks at it: the design that it belongs to, and its file there.
    pub(super) fn view<'a>(&'a self, uri: &Uri) -> Option<(View<'a>, FileId)> {
        let document = self.documents.get(uri.as_str())?;
        let view = self.design_of(uri)?.view()?;
        let file = view.file_named(&document.name)?;
        Some((view, file))
    }

    pub(super) fn document(&self, uri: &Uri) -> Option<&Document> {
        self.documents.get(uri.as_str())
    }

    /// The version of a text that is open.
    pub(super) fn version(&self, uri: &Uri) -> Option<i32> {
        self.document(uri).filter(|it| it.is_open).map(|it| it.version)
    }

    /// The design that a document belongs to first.
    pub(super) fn design_of(&self, uri: &Uri) -> Option<&Document> {
        let document = self.documents.get(uri.as_str())?;
        self.designs_of(document).into_iter().next().or(Some(document))
    }

    /// The designs on the disk, not on the desk, that share files with one, directly or by others.
    pub(super) fn aside(&mut self, uri: &Uri) -> Vec<Document> {
        let mut found: Vec<Document> = Vec::new();
        let mut waiting: Vec<String> = self.design_of(uri).into_iter().flat_map(Document::files).collect();
        let mut known: BTreeSet<String> = waiting.iter().cloned().collect();
        while let Some(part) = waiting.pop() {
            // What shares files on the desk is a way to others as well.
            let beside = self.documents.values().filter(|it| it.files().contains(&part));
            let mut more: Vec<String> = beside.flat_map(Document::files).collect();
            let Some(own_folder) = Path::new(&part).parent().map(Path::to_owned) else { continue };
            let folder =
                self.folders.iter().find(|it| own_folder.starts_with(it)).cloned().unwrap_or(own_folder);
            for path in self.project(&folder).wholes_of(&part) {
                let name = disk::shown(&path);
                let is_known = self.documents.values().any(|it| it.name == name)
                    || found.iter().any(|it| it.name == name);
                let Some(uri) = place::uri_of(&path).filter(|_| !is_known && found.len() < MOST_ASIDE) else {
                    continue;
                };
                let mut document = Document::new(uri, name, Some(path.clone()), 0, false);
                document.config = self.config(path.parent());
                if let Some(file) = document.read(&self.texts) {
                    let (path, texts) = (document.path.as_deref(), &self.texts);
                    document.checked =
                        Some(check(&mut document.session, path, file, texts, &document.config));
                    more.extend(document.files());
                    found.push(document);
                }
            }
            waiting.extend(more.into_iter().filter(|it| known.insert(it.clone())));
        }
        found
    }

    /// The design that a document belongs to, checked for itself and for another profile than the client's where one is
    /// named. Its files are called by their ways from its folder, as by who works there.
    pub(super) fn apart(&self, uri: &Uri, profile: Option<Profile>) -> Option<Checked> {
        let design = self.design_of(uri)?;
        let config = Config { profile: profile.unwrap_or(design.config.profile), ..design.config.clone() };
        let path = design.path.as_deref();
        let mut checked =
            check(&mut Session::default(), path, design.read(&self.texts)?, &self.texts, &config);
        if let Some(folder) = path.and_then(Path::parent) {
            checked.sources.rename(|name| disk::shown(&disk::way(folder, Path::new(name))));
        }
        Some(checked)
    }

    /// A design with other texts in some of its files.
    pub(super) fn again(
        &self,
        design: &Document,
        texts: &BTreeMap<String, String>,
    ) -> Option<(Session, Checked)> {
        let mut all = self.texts.clone();
        all.extend(texts.iter().map(|(name, text)| (name.clone(), text.clone())));
        let mut session = Session::default();
        let file = design.read(&all)?;
        let checked = check(&mut session, design.path.as_deref(), file, &all, &design.config);
        Some((session, checked))
    }

    /// The address of a file of this name.
    pub(super) fn uri_of(&self, name: &str) -> Option<Uri> {
        let open = self.documents.values().find(|it| it.name == name);
        open.map(|it| it.uri.clone()).or_else(|| place::uri_of(Path::new(name)))
    }

    /// The names of the files that findings were told of.
    pub(super) fn files(&self) -> BTreeSet<&str> {
        let checked = self.documents.values().filter_map(|it| it.checked.as_ref());
        checked.flat_map(|it| it.sources.iter().map(|(_, file)| file.name.as_str())).collect()
    }
}

/// Checks a design, whose files say what the open texts say.
fn check(
    session: &mut Session,
    path: Option<&Path>,
    file: SourceFile,
    texts: &Texts,
    config: &Config,
) -> Checked {
    match path {
        Some(path) => session.check(file, &Overlaid { disk: Disk::around(path), texts }, config),
        None => session.check(file, &NoFiles, config),
    }
}

impl Document {
    fn new(uri: Uri, name: String, path: Option<PathBuf>, version: i32, is_open: bool) -> Self {
        let session = Session::default();
        let config = Config::default();
        Self { uri, name, path, version, is_open, session, config, checked: None, is_stale: true }
    }

    /// Its file: the open text, or what is on the disk; nothing if that can't be read.
    fn read(&self, texts: &Texts) -> Option<SourceFile> {
        if let Some(text) = texts.get(&self.name) {
            return Some(SourceFile::new(self.name.clone(), text.as_str()));
        }
        disk::read(&Input { path: self.path.clone()?, is_found: false }, None).ok()
    }

    /// The names of its files.
    fn files(&self) -> Vec<String> {
        let sources = self.checked.iter().flat_map(|it| it.sources.iter());
        sources.map(|(_, file)| file.name.clone()).collect()
    }

    pub(super) fn checked(&self) -> Option<&Checked> {
        self.checked.as_ref()
    }

    pub(super) fn view(&self) -> Option<View<'_>> {
        self.checked.as_ref().map(|it| View::of(it, self.session.trees()))
    }
}

fn includes(design: &Document, name: &str) -> bool {
    let checked = design.checked.as_ref();
    checked.is_some_and(|it| it.sources.iter().skip(1).any(|(_, file)| file.name == name))
}

/// Whether a document is a design, or Markdown that may hold some: its language says so, or its name where a client has no
/// word for that language.
fn is_design(name: &str, language: &str) -> bool {
    let is_by_language =
        ["", "arch", "loadpath", "markdown"].iter().any(|it| language.eq_ignore_ascii_case(it));
    is_by_language
        || Path::new(name).extension().is_some_and(|it| it == "arch")
        || crate::source::is_markdown(name)
}

/// A document that is no file goes by its address; whether it is Markdown, its language says.
fn named_by_language(uri: &Uri, language: &str) -> String {
    let is_markdown = language == "markdown" && !crate::source::is_markdown(uri.as_str());
    if is_markdown { format!("{}.md", uri.as_str()) } else { uri.as_str().to_owned() }
}
