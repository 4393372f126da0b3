//! The words and signs of a text, comments and line ends among them: for the formatter, and for saying what
//! stands where the grammar stopped.

use std::ops::Range;

use super::split::Cutter;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `api`, `us_east.api`
    Word,
    /// `x3`, `x2..10`
    Count,
    /// `200ms`, `2..10`, `100:1`
    Figure,
    /// `"…"`
    Text,
    /// A quote that nothing closes on its line.
    UnclosedText,
    /// `#pci`
    Tag,
    /// `->`, `~>`
    Arrow,
    /// `...`
    Gap,
    /// `// …`
    LineComment,
    /// `/* … */`
    BlockComment,
    /// The end of a row.
    NewLine,
    /// Any other character.
    Sign(char),
}

/// A word or sign, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

impl Token {
    /// The word or sign itself.
    pub fn text<'text>(&self, text: &'text str) -> &'text str {
        &text[self.start..self.end]
    }

    /// Whether it is a comment.
    pub fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::LineComment | Kind::BlockComment)
    }
}

/// The tokens of a stretch of text.
pub fn tokens(text: &str, range: Range<usize>) -> Vec<Token> {
    let lexer = Lexer { text, cutter: Cutter::new(text), limit: range.end };
    let mut tokens = Vec::new();
    let mut at = range.start;
    while let Some(character) = text[at..range.end].chars().next() {
        if matches!(character, ' ' | '\t' | '\r') {
            at += 1;
            continue;
        }
        let (kind, end) = lexer.token(at, character);
        tokens.push(Token { kind, start: at, end });
        at = end;
    }
    tokens
}

struct Lexer<'text> {
    text: &'text str,
    cutter: Cutter<'text>,
    limit: usize,
}

impl Lexer<'_> {
    fn token(&self, at: usize, first: char) -> (Kind, usize) {
        let rest = &self.text[at..self.limit];
        match first {
            '\n' => (Kind::NewLine, at + 1),
            '"' => {
                let (end, is_closed) = self.cutter.string_end(at, self.limit);
                (if is_closed { Kind::Text } else { Kind::UnclosedText }, end)
            }
            '/' if rest.starts_with("//") => (Kind::LineComment, self.cutter.comment_end(at, self.limit)),
            '/' if rest.starts_with("/*") => (Kind::BlockComment, self.cutter.comment_end(at, self.limit)),
            '-' | '~' if rest[1..].starts_with('>') => (Kind::Arrow, at + 2),
            '.' if rest.starts_with("...") => (Kind::Gap, at + 3),
            '#' => {
                let end = self.cutter.word_end(at + 1, self.limit);
                if end > at + 1 { (Kind::Tag, end) } else { (Kind::Sign('#'), end) }
            }
            '0'..='9' => (Kind::Figure, self.figure_end(at)),
            'A'..='Z' | 'a'..='z' | '_' => self.word(at),
            other => (Kind::Sign(other), at + other.len_utf8()),
        }
    }

    fn word(&self, at: usize) -> (Kind, usize) {
        let end = self.cutter.word_end(at, self.limit);
        let word = &self.text[at..end];
        if word.len() > 1 && word.starts_with('x') && word[1..].bytes().all(|it| it.is_ascii_digit()) {
            let upper = self.text[end..self.limit].strip_prefix("..");
            return (Kind::Count, upper.map_or(end, |it| end + 2 + digits(it)));
        }
        (Kind::Word, self.path_end(end))
    }

    fn path_end(&self, mut end: usize) -> usize {
        while let [b'.', next, ..] = self.text.as_bytes()[end..self.limit]
            && (next.is_ascii_alphabetic() || next == b'_')
        {
            end = self.cutter.word_end(end + 1, self.limit);
        }
        end
    }

    /// As the grammar's `measure`.
    fn figure_end(&self, at: usize) -> usize {
        let end = self.quantity_end(at);
        let rest = &self.text.as_bytes()[end..self.limit];
        match rest {
            [b'.', b'.', b'0'..=b'9', ..] => self.quantity_end(end + 2),
            [b'.', b'.', ..] => end + 2,
            [b':', b'0'..=b'9', ..] => self.quantity_end(end + 1),
            _ => end,
        }
    }

    fn quantity_end(&self, at: usize) -> usize {
        let rest = &self.text[at..self.limit];
        let mut end = rest.find(|it: char| !it.is_ascii_digit() && it != '_').unwrap_or(rest.len());
        if let [b'.', b'0'..=b'9', ..] = rest.as_bytes()[end..] {
            end += 1 + digits(&rest[end + 1..]);
        }
        let letters = |text: &str| text.find(|it: char| !is_letter(it)).unwrap_or(text.len());
        if rest[end..].starts_with('%') {
            end += 1;
        } else {
            end += letters(&rest[end..]);
        }
        match rest[end..].strip_prefix('/').map(letters) {
            Some(time) if time > 0 => at + end + 1 + time,
            _ => at + end,
        }
    }
}

fn digits(text: &str) -> usize {
    text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len())
}

fn is_letter(it: char) -> bool {
    it.is_ascii_alphabetic() || matches!(it, 'µ' | 'μ')
}
