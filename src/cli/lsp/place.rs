//! Places: lines and columns of the protocol to bytes and back, and paths to addresses and back.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use lsp_types::{Position, PositionEncodingKind, Range, Uri};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use crate::source::Span;

/// What columns count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Halves of UTF-16, which every client knows.
    #[default]
    Utf16,
}

impl Encoding {
    /// Bytes where the client can count them, else what every client can.
    pub(super) fn of(offered: &Value) -> Self {
        let mut offered = offered.as_array().into_iter().flatten();
        if offered.any(|it| it == PositionEncodingKind::UTF8.as_str()) { Self::Utf8 } else { Self::Utf16 }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, letter: char) -> usize {
        match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Utf16 => letter.len_utf16(),
        }
    }

    /// The columns of a text. Lines may be huge, and few have other letters than a byte holds.
    fn columns(self, text: &str) -> usize {
        if self == Self::Utf8 || text.is_ascii() {
            return text.len();
        }
        text.chars().map(|it| self.width(it)).sum()
    }
}

/// A text by the lines of the protocol, which end with `\n`, `\r\n` or `\r`.
pub(super) struct Lines<'a> {
    text: &'a str,
    encoding: Encoding,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: &usize| match bytes[*at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(ends_line);
        let starts = std::iter::once(0).chain(ends.map(|at| at + 1)).collect();
        Self { text, encoding, starts }
    }

    /// The byte of a position. One past the end of its line is at the end, one inside of a letter before it.
    pub(super) fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else { return self.text.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let row = self.text[start..end].trim_end_matches(['\n', '\r']);
        let mut left = position.character as usize;
        if row.is_ascii() {
            return start + left.min(row.len());
        }
        for (at, letter) in row.char_indices() {
            let width = self.encoding.width(letter);
            if left < width {
                return start + at;
            }
            left -= width;
        }
        start + row.len()
    }

    pub(super) fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let column = self.encoding.columns(&self.text[self.starts[line]..offset]);
        Position { line: line as u32, character: column as u32 }
    }

    pub(super) fn range(&self, span: Span) -> Range {
        self.range_of(span.start as usize, span.end as usize)
    }

    pub(super) fn range_of(&self, start: usize, end: usize) -> Range {
        Range { start: self.position(start), end: self.position(end) }
    }

    /// The end of the line that a byte stands in, without what ends it.
    pub(super) fn line_end(&self, offset: usize) -> usize {
        let next = self.starts.partition_point(|start| *start <= offset);
        let end = self.starts.get(next).copied().unwrap_or(self.text.len());
        self.text[..end].trim_end_matches(['\n', '\r']).len().max(offset.min(self.text.len()))
    }
}

/// What stands in an address as it is.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'|');

/// The path that an address names, where it names a file.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let path = uri.as_str().strip_prefix("file://")?;
    let path = path.strip_prefix("localhost").unwrap_or(path);
    let path = percent_decode_str(path).decode_utf8().ok()?;
    if cfg!(windows) {
        let path = path.strip_prefix('/').unwrap_or(&path);
        return Some(PathBuf::from(path.replace('/', "\\")));
    }
    path.starts_with('/').then(|| PathBuf::from(path.as_ref()))
}

/// The address of a file; nothing if its path can't be written as one.
pub(super) fn uri_of(path: &Path) -> Option<Uri> {
    let path = path.to_str()?.replace('\\', "/");
    let encoded = utf8_percent_encode(&path, PATH).to_string();
    let slash = if encoded.starts_with('/') { "" } else { "/" };
    Uri::from_str(&format!("file://{slash}{encoded}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_letters_and_line_ends() {
        let text = "a\u{1F980}b\r\né\rz\n";
        let lines = Lines::of(text, Encoding::Utf16);
        let at = |line, character| lines.offset(Position { line, character });
        assert_eq!([at(0, 0), at(0, 1), at(0, 2), at(0, 3), at(0, 4), at(0, 9)], [0, 1, 1, 5, 6, 6]);
        assert_eq!([at(1, 0), at(1, 1), at(2, 0), at(2, 1), at(3, 0), at(7, 7)], [8, 10, 11, 12, 13, 13]);
        for (offset, _) in text.char_indices().filter(|(_, it)| !matches!(it, '\r' | '\n')) {
            assert_eq!(lines.offset(lines.position(offset)), offset);
        }
        let bytes = Lines::of(text, Encoding::Utf8);
        assert_eq!(bytes.position(5), Position { line: 0, character: 5 });
        assert_eq!(lines.position(5), Position { line: 0, character: 3 });
    }

    #[test]
    fn addresses_of_odd_paths() {
        for path in ["/a/b.arch", "/with blank/#1 é?.arch", "/100%/x.arch"] {
            let uri = uri_of(Path::new(path)).expect("an address");
            assert_eq!(path_of(&uri), Some(PathBuf::from(path)), "{}", uri.as_str());
        }
        let typed = Uri::from_str("file:///c%3A/x%20y.arch").expect("an address");
        assert_eq!(path_of(&typed).map(|it| it.to_string_lossy().contains("x y")), Some(true));
    }
}
