//! A design's files: its own and those it includes, each read and parsed once.

use crate::check::{LoadError, Loader};
use crate::diagnostic::{Edit, Fix, Label};
use crate::model::{Fault, FaultKind};
use crate::nearest::nearest_of;
use crate::source::{FileId, SourceFile, Sources, Span};
use crate::syntax::{self, SyntaxError, ast};

/// A design has at most this many files.
pub const MAX_FILES: usize = 1_000;

/// What was read.
pub(super) struct Files {
    pub(super) sources: Sources,
    /// The tree of each file, in the order of `sources`.
    pub(super) trees: Vec<ast::File>,
    pub(super) faults: Vec<Fault>,
}

/// Reads a file and all that it includes, whether directly or not.
pub(super) fn read(file: SourceFile, loader: &dyn Loader) -> Files {
    read_by(file, loader, &mut |id, file| syntax::parse_file(id, file))
}

/// Parses a file: anew, or with what is known of it.
type Parse<'a> = dyn FnMut(FileId, &SourceFile) -> (ast::File, Vec<SyntaxError>) + 'a;

/// The same with a parser of one's own, which gives what `syntax::parse_file` does.
pub(super) fn read_by(file: SourceFile, loader: &dyn Loader, parse: &mut Parse) -> Files {
    let mut files = Files { sources: Sources::default(), trees: Vec::new(), faults: Vec::new() };
    files.take_in(file, loader, parse, &mut Vec::new());
    files
}

impl Files {
    /// Where the design begins.
    pub(super) fn start(&self) -> Span {
        let own = FileId::default();
        let start = self.sources.file(own).start();
        Span::new(own, start, start)
    }

    /// `open` are the files that are being read: each includes the next.
    fn take_in(&mut self, file: SourceFile, loader: &dyn Loader, parse: &mut Parse, open: &mut Vec<FileId>) {
        let id = self.sources.add(file);
        let (tree, errors) = parse(id, self.sources.file(id));
        self.faults.extend(errors.into_iter().map(Fault::from));
        let templates = tree.templates();
        let statements = tree.statements.iter().map(|it| it.as_read(|kind| templates.contains(kind)));
        let includes: Vec<ast::Include> = statements
            .filter_map(|it| if let ast::Statement::Include(it) = it { Some(it.clone()) } else { None })
            .collect();
        self.trees.push(tree);
        open.push(id);
        for include in &includes {
            self.include(include, id, loader, parse, open);
        }
        open.pop();
    }

    fn include(
        &mut self,
        include: &ast::Include,
        from: FileId,
        loader: &dyn Loader,
        parse: &mut Parse,
        open: &mut Vec<FileId>,
    ) {
        let file = match loader.load(&self.sources.file(from).name, &include.path.value) {
            Ok(file) => file,
            Err(error) => {
                let mut fault = not_loaded(include, &error);
                if error == LoadError::NotFound {
                    let name = &self.sources.file(from).name;
                    suggest(&mut fault, include, &loader.beside(name, &include.path.value));
                }
                return self.faults.push(fault);
            }
        };
        if let Some(open_at) = open.iter().position(|id| self.sources.file(*id).name == file.name) {
            let circle = &open[open_at..];
            self.faults.push(cycle(include, circle, &self.sources));
        } else if self.sources.iter().any(|(_, known)| known.name == file.name) {
            // Included by another way already: it is read once.
        } else if self.trees.len() >= MAX_FILES {
            self.faults.push(over_limit(include));
        } else {
            self.take_in(file, loader, parse, open);
        }
    }
}

fn not_loaded(include: &ast::Include, error: &LoadError) -> Fault {
    let path = &include.path.value;
    let (kind, message, label, help) = match error {
        LoadError::NotFound => (
            FaultKind::IncludeNotFound,
            format!("the included file `{path}` does not exist"),
            "no such file",
            "correct the path, which is relative to this file, or take the line out",
        ),
        LoadError::Unreadable(reason) => (
            FaultKind::IncludeNotFound,
            format!("the included file `{path}` can't be read: {reason}"),
            "can't be read",
            "let it be read, or take the line out",
        ),
        LoadError::NotUtf8(offset) => (
            FaultKind::IncludeNotFound,
            format!("the included file `{path}` is not UTF-8 text: byte {offset} fits no character"),
            "not UTF-8",
            "save it as UTF-8",
        ),
        LoadError::OutsideRoot => (
            FaultKind::IncludeOutsideRoot,
            format!("the included file `{path}` lies outside of the project"),
            "outside of the project",
            "copy it into the project, or put an empty `loadpath.toml` where the project begins",
        ),
        LoadError::NoDesign => (
            FaultKind::IncludeNotFound,
            format!("the included file `{path}` holds no design: none of its fences is tagged `arch`"),
            "holds no design",
            "begin the fence of the design with ```arch",
        ),
        LoadError::TooLarge(bytes) => (
            FaultKind::TooLarge,
            format!("the included file `{path}` has {bytes} bytes, more than are read"),
            "is not read",
            "split it into several files",
        ),
    };
    Fault { help: Some(help.to_owned()), ..about(kind, message, include.path.span, label) }
}

/// Names the file that a path most likely means.
fn suggest(fault: &mut Fault, include: &ast::Include, paths: &[String]) {
    let Some((near, is_sure)) = nearest_of(&include.path.value, paths.iter().map(String::as_str)) else {
        return;
    };
    fault.help = Some(format!("did you mean `{near}`?"));
    fault.fix = Some(Fix {
        title: format!("write `{near}`"),
        is_safe: is_sure,
        edits: vec![Edit { span: include.path.span, text: format!("\"{near}\"") }],
    });
}

fn cycle(include: &ast::Include, circle: &[FileId], sources: &Sources) -> Fault {
    let names: Vec<_> = circle.iter().map(|id| format!("`{}`", sources.file(*id).name)).collect();
    let message = match names.as_slice() {
        [only] => format!("{only} includes itself"),
        _ => format!("{} and back again include each other", names.join(", ")),
    };
    let fault = about(FaultKind::IncludeCycle, message, include.path.span, "leads back to where it began");
    Fault { help: Some("move what both need into a third file, and include that".to_owned()), ..fault }
}

fn over_limit(include: &ast::Include) -> Fault {
    let message = format!("the design has over {MAX_FILES} files");
    let fault = about(FaultKind::TooLarge, message, include.path.span, "is not read");
    Fault { help: Some("put several of them into one".to_owned()), ..fault }
}

fn about(kind: FaultKind, message: String, span: Span, label: impl Into<String>) -> Fault {
    Fault {
        kind,
        message,
        labels: vec![Label { span, message: label.into(), element: None }],
        help: None,
        fix: None,
        element: "system".to_owned(),
    }
}
