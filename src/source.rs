//! Source text and places in it: what every other floor points at.

use std::fmt;
use std::ops::Range;

use self::markdown::Markdown;

pub use self::markdown::{Fence, is_markdown, plain_text};

mod markdown;

/// Whether a character turns the direction of the text that follows: with it a line can read otherwise than it is.
pub fn turns(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Which of the files of one check a [`Span`] points into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file that the range lies in.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start: start as u32, end: end as u32 }
    }

    /// The smallest span that holds both; both lie in one file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The bytes, as an index into the file's text.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// How many bytes it covers.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A line and a column, both from 1; the column counts Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in Unicode scalar values, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One file: how the reader calls it, and what it says.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as it was given, with `/` between its parts; `-` for standard input.
    pub name: String,
    /// The whole text.
    pub text: String,
    lines: Vec<u32>,
    /// What of it is a design, where it is Markdown.
    markdown: Option<Markdown>,
}

impl SourceFile {
    /// A file of this name and text. By its name it is Markdown, or a design as a whole.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let (name, text) = (name.into(), text.into());
        let mut lines = vec![0];
        lines
            .extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1));
        let markdown = is_markdown(&name).then(|| markdown::read(&text));
        Self { name, text, lines, markdown }
    }

    /// The text as a design: in Markdown, blanks stand for all but the fences, so that every place stays.
    pub fn design(&self) -> &str {
        self.markdown.as_ref().map_or(&self.text, |it| &it.design)
    }

    /// The fences of Markdown that hold the design, in order; nothing of a file that is one as a whole.
    pub fn fences(&self) -> Option<&[Fence]> {
        self.markdown.as_ref().map(|it| it.fences.as_slice())
    }

    /// The stretches that statements stand in: none goes on from one to the next.
    pub fn parts(&self) -> Vec<Range<usize>> {
        match self.fences() {
            Some(fences) => fences.iter().map(|it| it.lines.clone()).collect(),
            None => std::iter::once(0..self.text.len()).collect(),
        }
    }

    /// Where the design begins: what is said of it as a whole is said there.
    pub fn start(&self) -> usize {
        match &self.markdown {
            Some(markdown) => markdown.design.find(|it: char| !it.is_ascii_whitespace()).unwrap_or(0),
            None => 0,
        }
    }

    /// The line and column of a byte; a byte past the end is at the end.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines[line - 1] as usize;
        let end = self.text.floor_char_boundary((offset as usize).max(start));
        Position { line, column: self.text[start..end].chars().count() + 1 }
    }

    /// How many lines it has; a newline at the end begins no further one.
    pub fn line_count(&self) -> usize {
        let is_closed = self.lines.len() > 1 && self.lines.last() == Some(&(self.text.len() as u32));
        self.lines.len() - usize::from(is_closed)
    }

    /// The bytes of a line, from 1, without its newline; nothing past the end.
    pub fn line_range(&self, line: usize) -> Range<usize> {
        let Some(start) = line.checked_sub(1).and_then(|at| self.lines.get(at)) else {
            return self.text.len()..self.text.len();
        };
        let start = *start as usize;
        let end = self.lines.get(line).map_or(self.text.len(), |next| *next as usize);
        start..start + self.text[start..end].trim_end_matches(['\n', '\r']).len()
    }
}

/// The files of one check: the design and all that it includes.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Takes a file in and says by which id it is known from now on.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// Calls all files otherwise.
    pub fn rename(&mut self, called: impl Fn(&str) -> String) {
        self.files.iter_mut().for_each(|it| it.name = called(&it.name));
    }

    /// The file of this id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files with their ids, the design's own first.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(at, file)| (FileId(at as u32), file))
    }

    /// The text that a span covers.
    pub fn text(&self, span: Span) -> &str {
        &self.file(span.file).text[span.range()]
    }

    /// Where a span begins.
    pub fn position(&self, span: Span) -> Position {
        self.file(span.file).position(span.start)
    }

    /// Where a span ends: the place after its last character.
    pub fn end(&self, span: Span) -> Position {
        self.file(span.file).position(span.end)
    }
}
