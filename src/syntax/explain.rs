//! Says what is wrong where the grammar stopped, in the language's own words.
//!
//! Likely slips have a message of their own; for anything else, what was expected is named.

use std::ops::Range;

use pest::Parser as _;
use pest::error::{Error, ErrorVariant, InputLocation};

use super::SyntaxError;
use super::grammar::{Grammar, Rule};
use super::split::Context;
use super::token::{Kind, Token, tokens};
use super::units;
use crate::catalogue;
use crate::nearest::nearest;
use crate::source::{FileId, Span};

/// The message for a quote without its partner.
pub(super) const UNCLOSED_TEXT: &str = "the text in quotes does not end on its line";

/// Where the grammar stopped, and what it would have taken.
pub(super) struct Failure {
    /// From the start of what was parsed, in bytes.
    pub(super) at: usize,
    expected: Vec<Rule>,
}

impl Failure {
    pub(super) fn from_pest(error: &Error<Rule>) -> Self {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let expected = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives.clone(),
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        Self { at, expected }
    }
}

/// The fault of a line that stands in such a block.
pub(super) fn explain(
    file: FileId,
    text: &str,
    line: Range<usize>,
    failure: &Failure,
    context: Context,
) -> SyntaxError {
    let stopped = (line.start + failure.at).min(line.end);
    let words: Vec<_> = tokens(text, line.clone())
        .into_iter()
        .filter(|it| !it.is_comment() && it.kind != Kind::NewLine)
        .collect();
    // The grammar may stop inside a word: at the second dot of `1.2.3`.
    let at = words.iter().position(|it| it.end > stopped).unwrap_or(words.len());
    let place = Fault { file, text, words: &words, at, stopped, end: line.end, context };
    place.slip().unwrap_or_else(|| place.expected(&failure.expected))
}

struct Fault<'text> {
    file: FileId,
    text: &'text str,
    words: &'text [Token],
    /// The first word that the grammar did not take.
    at: usize,
    /// Where the grammar stopped.
    stopped: usize,
    end: usize,
    context: Context,
}

impl Fault<'_> {
    fn slip(&self) -> Option<SyntaxError> {
        self.unreadable()
            .or_else(|| self.parted_arrow())
            .or_else(|| self.turned_arrow())
            .or_else(|| self.arrow())
            .or_else(|| self.keyword())
            .or_else(|| self.clause())
            .or_else(|| self.commas())
            .or_else(|| self.over_time())
            .or_else(|| self.figure())
            .or_else(|| self.missing())
            .or_else(|| self.several_words())
            .or_else(|| self.protocol())
            .or_else(|| self.misplaced())
    }

    /// Quotes and characters that the language does not have.
    fn unreadable(&self) -> Option<SyntaxError> {
        if let Some(quote) = self.words.iter().find(|it| it.kind == Kind::UnclosedText) {
            return Some(SyntaxError::new(
                UNCLOSED_TEXT,
                self.span(quote),
                "opened here",
                "close it with `\"` on the same line",
            ));
        }
        let found = self.found()?;
        let Kind::Sign(sign) = found.kind else { return None };
        let span = self.span(&found);
        let slip = match sign {
            '\'' | '‘' | '’' | '“' | '”' | '«' | '»' => SyntaxError::new(
                "text stands in straight double quotes",
                span,
                "another sort of quote",
                "write it like `\"this\"`",
            ),
            '→' | '⟶' | '⇒' | '➜' => arrow_slip(span, &sign.to_string(), "->"),
            '.' if let Some(figure) =
                self.previous().filter(|it| it.kind == Kind::Figure && it.end == found.start) =>
            {
                let written = figure.text(self.text);
                if written.contains('.') {
                    SyntaxError::new(
                        "a number has one dot at most",
                        span,
                        "a second dot",
                        "write it like `1.5`",
                    )
                } else {
                    SyntaxError::new(
                        "digits are missing behind the dot",
                        span,
                        "a digit is expected after it",
                        format!("go on, as in `{written}.5`, or delete the dot"),
                    )
                }
            }
            '-' if self.previous().is_some_and(|it| it.kind == Kind::Word && it.end == found.start) => {
                SyntaxError::new(
                    "a name does not end with `-`",
                    span,
                    "no letter or digit follows",
                    "delete it, or go on with a letter or digit",
                )
                .mended_by(span, "")
            }
            '-' if self.word(self.at + 1).is_some_and(|it| it.kind == Kind::Figure) => {
                SyntaxError::new("no figure is negative", span, "a sign", "write the figure without it")
            }
            _ if sign.is_alphabetic() => SyntaxError::new(
                format!("`{sign}` cannot stand in a name"),
                span,
                "a name has the letters a to z, digits, `_` and `-`",
                "write the name so, and the words of your language in a label: `\"…\"`",
            ),
            _ if !sign.is_ascii() => SyntaxError::new(
                format!("the character `{}` means nothing here", sign.escape_debug()),
                span,
                "is not known",
                "delete it",
            ),
            _ => return None,
        };
        Some(slip)
    }

    /// `- >`: the two signs of an arrow, with a blank between them.
    fn parted_arrow(&self) -> Option<SyntaxError> {
        let (first, last) = (self.found()?, self.word(self.at + 1)?);
        let meant = match (first.kind, last.kind) {
            (Kind::Sign('-'), Kind::Sign('>')) => "->",
            (Kind::Sign('~'), Kind::Sign('>')) => "~>",
            _ => return None,
        };
        let span = self.span(&first).to(self.span(&last));
        Some(arrow_slip(span, &self.text[first.start..last.end], meant))
    }

    /// `api <- app`: said from the wrong end.
    fn turned_arrow(&self) -> Option<SyntaxError> {
        let at = self.words.iter().position(|it| it.kind == Kind::Sign('<'))?;
        let (first, sign) = (self.words.first()?, self.words[at]);
        let (dash, caller) = (self.word(at + 1)?, self.word(at + 2)?);
        let is_arrow = dash.kind == Kind::Sign('-') && dash.start == sign.end && at > 0;
        let are_names = self.words[..at].iter().all(|it| matches!(it.kind, Kind::Word | Kind::Sign(',')));
        if !is_arrow || !are_names || caller.kind != Kind::Word {
            return None;
        }
        let callees = &self.text[first.start..self.words[at - 1].end];
        let turned = format!("{} -> {callees}", caller.text(self.text));
        let mended = format!("{turned}{}", &self.text[caller.end..self.end]);
        let slip = SyntaxError::new(
            "`<-` is no arrow: a link is written from its caller",
            Span::new(self.file, sign.start, dash.end),
            "`->` is expected, from the caller",
            format!("write `{turned}`"),
        );
        // `b <- a -> c` may call both, or one behind the other.
        let is_whole = self.context == Context::File
            && self.words[at..].iter().all(|it| it.kind != Kind::Arrow)
            && is_statement(&mended);
        Some(if is_whole {
            slip.mended_by(Span::new(self.file, first.start, caller.end), turned)
        } else {
            slip
        })
    }

    fn arrow(&self) -> Option<SyntaxError> {
        if let Some(slip) = self.half_arrow() {
            return Some(slip);
        }
        let start = self.words.first()?.start;
        let near = |at: usize| self.text.is_char_boundary(at);
        let near_start = (self.stopped.saturating_sub(2).max(start)..=self.stopped).find(|it| near(*it))?;
        let near_end = ((self.stopped + 3).min(self.end)..=self.end).find(|it| near(*it))?;
        let around = &self.text[near_start..near_end];
        // An arrow of another language begins one sign before or after where the grammar stopped.
        for (sign, meant) in [
            ("<->", "->"),
            ("<-", "->"),
            ("-->", "->"),
            ("==>", "->"),
            ("=>", "->"),
            ("~~>", "~>"),
            ("--", "->"),
        ] {
            let Some(offset) = around.find(sign) else { continue };
            if near_start + offset > self.stopped {
                continue;
            }
            let span = Span::new(self.file, near_start + offset, near_start + offset + sign.len());
            return Some(arrow_slip(span, sign, meant));
        }
        let previous = self.previous().filter(|it| it.kind == Kind::Arrow)?;
        let arrow = previous.text(self.text);
        let span = self.span(&previous);
        Some(match self.found() {
            Some(found) if found.kind == Kind::Arrow => SyntaxError::new(
                format!("`{arrow}` and `{}` follow each other", found.text(self.text)),
                self.span(&found),
                "a name is missing before it",
                "delete one, or name the component between them",
            ),
            _ => SyntaxError::new(
                format!("`{arrow}` leads nowhere"),
                span,
                "a name is expected after it",
                "name the component it calls",
            ),
        })
    }

    /// `app > api`, `app >> api`, `app - api`: one sign of an arrow between two names.
    fn half_arrow(&self) -> Option<SyntaxError> {
        let (found, previous) = (self.found()?, self.previous()?);
        let Kind::Sign(sign @ ('>' | '-')) = found.kind else { return None };
        let last = self.words[self.at..].iter().take_while(|it| it.kind == found.kind).last()?;
        let next = self.words[self.at..].iter().find(|it| it.kind != found.kind)?;
        let are_names = previous.kind == Kind::Word && next.kind == Kind::Word;
        // `api-` is a name that is not finished.
        let is_apart = sign == '>' || previous.end < found.start;
        let holds_links = matches!(self.context, Context::File | Context::Body | Context::Flow);
        if !are_names || !is_apart || !holds_links || last.end - found.start > 2 {
            return None;
        }
        let span = self.span(&found).to(self.span(last));
        Some(arrow_slip(span, &self.text[found.start..last.end], "->"))
    }

    /// Statements that a word opens: what they need.
    fn keyword(&self) -> Option<SyntaxError> {
        let first = self.words.first()?;
        if self.at == 0 || first.kind != Kind::Word {
            return None;
        }
        let word = first.text(self.text);
        let opens = self
            .word(1)
            .is_some_and(|it| matches!(it.kind, Kind::Word | Kind::Text) || it.kind == Kind::Sign('{'));
        if !opens {
            return None;
        }
        let is_known = ["system", "include", "template", "flow", "constraint", "allow"].contains(&word);
        if is_known && !matches!(self.context, Context::File) && self.context != Context::Constraint {
            return Some(SyntaxError::new(
                format!("`{word}` stands inside a block"),
                self.span(first),
                "belongs at the top of the file",
                "move it out of the block",
            ));
        }
        let at_first = self.at == 1;
        let at_end = self.found().is_none();
        let (message, label, help) = match word {
            "system" if at_first => (
                "the name of a `system` is a text in quotes",
                "quotes are expected here",
                "write `system \"Shop\" { … }`",
            ),
            "include" if at_first => (
                "the path of an `include` is a text in quotes",
                "quotes are expected here",
                "write `include \"common.arch\"`",
            ),
            "flow" if at_first => (
                "a `flow` has no name",
                "a name is expected before this",
                "write `flow checkout \"Check out\" { … }`",
            ),
            "flow" if self.at == 2 && self.words[self.at..].iter().any(|it| it.kind == Kind::Arrow) => {
                return Some(self.path_without_block());
            }
            "allow"
                if self.at == 2
                    && self.context == Context::File
                    && self.found().is_some_and(|it| it.kind == Kind::Word) =>
            {
                let place = self.here();
                return Some(
                    SyntaxError::new(
                        "`on` is missing before the place",
                        place,
                        "`on` is expected before this",
                        "write `allow LP101 on db \"why\"`",
                    )
                    .mended_by(self.gap_before(), " on "),
                );
            }
            "template" if self.word(1).is_some_and(|it| it.kind != Kind::Word) => (
                "a `template` has no name",
                "a name is expected before this",
                "write `template ha_postgres : database { … }`",
            ),
            "template" if self.at <= 2 => (
                "a `template` says no kind",
                "`:` and a kind are expected here",
                "write `template ha_postgres : database { … }`",
            ),
            "allow" if at_first => (
                "an `allow` names no rule",
                "a rule's code or name is expected before this",
                "write `allow LP101 on db \"why\"`",
            ),
            "allow" if self.previous().is_some_and(|it| it.text(self.text) == "on") => (
                "`on` names no place",
                "a component, `a -> b` or `#tag` is expected here",
                "write `allow LP101 on db \"why\"`",
            ),
            "constraint" if at_end => (
                "a `constraint` has no block",
                "`{` is expected here",
                "write `constraint { forbid = kind client -> kind database }`",
            ),
            _ => return None,
        };
        Some(SyntaxError::new(message, self.here(), label, help))
    }

    /// `flow f: app -> api`: the path of a flow, which stands in no block.
    fn path_without_block(&self) -> SyntaxError {
        let name = self.words[1];
        let path =
            if self.found().is_some_and(|it| it.kind == Kind::Sign(':')) { self.at + 1 } else { self.at };
        let path = self.word(path).filter(|it| it.kind == Kind::Word);
        let block = path.map(|it| format!(" {{ {} }}", &self.text[it.start..self.end]));
        let mended = block.as_ref().map(|it| format!("{}{it}", &self.text[self.words[0].start..name.end]));
        let is_whole = mended.as_ref().is_some_and(|it| it.lines().count() == 1 && is_statement(it));
        let help = match &mended {
            Some(mended) if is_whole => format!("write `{mended}`"),
            _ => format!("write `flow {} {{ app -> api }}`", name.text(self.text)),
        };
        let slip = SyntaxError::new(
            "the path of a `flow` stands in its block",
            self.here(),
            "`{` is expected before the path",
            help,
        );
        match block.filter(|_| is_whole) {
            Some(block) => slip.mended_by(Span::new(self.file, name.end, self.end), block),
            None => slip,
        }
    }

    /// A misspelt clause of a constraint: `requre = kind database { backup }`.
    fn clause(&self) -> Option<SyntaxError> {
        let first =
            self.words.first().filter(|it| self.context == Context::Constraint && it.kind == Kind::Word)?;
        self.word(1).filter(|it| it.kind == Kind::Sign('='))?;
        let written = first.text(self.text);
        let meant = nearest(written, ["forbid", "require"])?;
        Some(super::misspelt::fault(self.span(first), written, meant))
    }

    /// `1,000,000` and `99,9%`: a number has no commas.
    fn commas(&self) -> Option<SyntaxError> {
        let found = self.found().filter(|it| self.is_after_comma(*it))?;
        let touches = |one: &Token, other: &Token| one.end == other.start;
        let is_comma = |at: usize| {
            at > 0
                && self.word(at).is_some_and(|it| it.kind == Kind::Sign(','))
                && touches(&self.words[at - 1], &self.words[at])
                && self
                    .word(at + 1)
                    .is_some_and(|it| it.kind == Kind::Figure && touches(&self.words[at], &it))
        };
        let (mut first, mut last) = (self.at, self.at);
        while first >= 2 && is_comma(first - 1) && self.words[first - 2].kind == Kind::Figure {
            first -= 2;
        }
        while is_comma(last + 1) {
            last += 2;
        }
        let whole = Span::new(self.file, self.words[first].start, self.words[last].end);
        let written = &self.text[self.words[first].start..self.words[last].end];
        let digits = written.trim_end_matches(|it: char| !it.is_ascii_digit());
        let unit = &written[digits.len()..];
        if let Some((plain, short)) = in_groups(digits, unit) {
            let help = match &short {
                Some(short) => format!("write `{short}`, or `{plain}`"),
                None => format!("write `{plain}`"),
            };
            return Some(
                SyntaxError::new("a number has no commas", whole, "its digits stand in groups", help)
                    .mended_by(whole, short.unwrap_or(plain)),
            );
        }
        if last - first > 2 || digits.contains('.') {
            return Some(SyntaxError::new(
                "a number has no commas",
                whole,
                "has several",
                "write its digits without them, or part values by `, `",
            ));
        }
        let mended = written.replace(',', ".");
        Some(
            SyntaxError::new(
                "a decimal is written with a point, and not with a comma",
                self.span(&found),
                "stands apart from the digits before the comma",
                format!("write `{mended}`"),
            )
            .mended_by(whole, mended),
        )
    }

    /// `12/` and `1k / s`: a rate without its time, or with blanks in it.
    fn over_time(&self) -> Option<SyntaxError> {
        let slash = self.found().filter(|it| it.kind == Kind::Sign('/'))?;
        let figure = self.previous().filter(|it| it.kind == Kind::Figure)?;
        let number = figure.text(self.text);
        let (digits, amount) = units::split(number);
        if amount.contains('/') {
            return None;
        }
        if let Some(time) = self.word(self.at + 1).filter(|it| it.kind == Kind::Word) {
            let name = format!("{amount}/{}", time.text(self.text));
            let meant = units::unit(&name).map(|_| name.clone()).or_else(|| units::nearest(&name));
            if let Some(unit) = meant {
                let whole = self.span(&figure).to(self.span(&time));
                return Some(
                    SyntaxError::new(
                        "a figure has no blanks in it",
                        whole,
                        "blanks stand around its `/`",
                        format!("write `{digits}{unit}`"),
                    )
                    .mended_by(whole, format!("{digits}{unit}")),
                );
            }
        }
        Some(SyntaxError::new(
            "a time is missing behind `/`",
            self.span(&figure).to(self.span(&slash)),
            "a time is expected after it",
            format!("write it like `{number}/s`, `{number}/day` or `{number}/month`"),
        ))
    }

    /// Figures and counts written another way.
    fn figure(&self) -> Option<SyntaxError> {
        let found = self.found()?;
        let written = found.text(self.text);
        let previous = self.previous();
        if found.kind == Kind::Word
            && let Some(number) = previous.filter(|it| it.kind == Kind::Figure)
            && number.end < found.start
            && units::split(number.text(self.text)).1.is_empty()
            && let Some(unit) =
                units::unit(written).map(|_| written.to_owned()).or_else(|| units::nearest(written))
        {
            let apart = Span::new(self.file, number.end, found.end);
            let joined = format!("{}{unit}", number.text(self.text));
            return Some(
                SyntaxError::new(
                    "a unit touches its number",
                    self.span(&number).to(self.span(&found)),
                    "a blank stands between",
                    format!("write `{joined}`"),
                )
                .mended_by(apart, unit),
            );
        }
        if found.kind == Kind::Figure
            && let Some(count) = written.strip_suffix('x')
            && count.bytes().all(|it| it.is_ascii_digit())
        {
            return Some(
                SyntaxError::new(
                    format!("a count is written `x{count}`"),
                    self.span(&found),
                    "the `x` comes first",
                    format!("write `x{count}`"),
                )
                .mended_by(self.span(&found), format!("x{count}")),
            );
        }
        if found.kind == Kind::Figure
            && written.bytes().all(|it| it.is_ascii_digit())
            && self.at >= 2
            && matches!(self.context, Context::File | Context::Body)
            && self.words[..self.at].iter().all(|it| matches!(it.kind, Kind::Word | Kind::Sign(',')))
        {
            let name = self.words[self.at - 1].text(self.text);
            return Some(SyntaxError::new(
                format!("a count is written `x{written}`"),
                self.span(&found),
                "neither a count nor part of the name",
                format!("write `x{written}` for how many there are, or `{name}_{written}` for a name"),
            ));
        }
        if written == "x"
            && let Some(number) = self.word(self.at + 1).filter(|it| it.kind == Kind::Figure)
            && number.text(self.text).bytes().all(|it| it.is_ascii_digit())
        {
            let count = number.text(self.text);
            let apart = Span::new(self.file, found.end, number.start);
            return Some(
                SyntaxError::new(
                    format!("a count is written `x{count}`"),
                    self.span(&found).to(self.span(&number)),
                    "a blank stands between",
                    format!("write `x{count}`"),
                )
                .mended_by(apart, ""),
            );
        }
        if found.kind == Kind::Count && previous.is_none_or(|it| it.kind != Kind::Word) {
            return Some(SyntaxError::new(
                format!("`{written}` is a count, not a name"),
                self.span(&found),
                "a name is expected here",
                "choose another name: `x` and digits are always a count",
            ));
        }
        if found.kind == Kind::Figure && previous.is_some_and(|it| it.kind == Kind::Sign(':')) && self.at >= 2
        {
            let name = self.words[self.at - 2];
            let colon = self.span(&self.words[self.at - 1]);
            return Some(
                SyntaxError::new(
                    format!("the property `{}` is set with `=`", name.text(self.text)),
                    colon,
                    "`:` names an engine or a protocol",
                    format!("write `{} = {written}`", name.text(self.text)),
                )
                .mended_by(colon, " ="),
            );
        }
        None
    }

    /// What a sign asks for and does not get.
    fn missing(&self) -> Option<SyntaxError> {
        let previous = self.previous()?;
        let span = self.here();
        let found = self.found();
        let slip = match (previous.kind, found.map(|it| it.kind)) {
            (Kind::Sign('='), _) => {
                let name = self.word(self.at.wrapping_sub(2)).map_or("it", |it| it.text(self.text));
                SyntaxError::new(
                    format!("`{name} =` has no value"),
                    span,
                    "a value is expected here",
                    format!("write a value, or `{name}` alone: it is there, its figure unknown"),
                )
            }
            (Kind::Sign(':'), _) => SyntaxError::new(
                "`:` names nothing",
                self.span(&previous),
                "an engine or a protocol is expected after it",
                "name it, or delete the `:`",
            ),
            (Kind::Sign('('), Some(Kind::Sign(')'))) => SyntaxError::new(
                "the parentheses are empty",
                self.span(&previous).to(span),
                "names are expected between",
                "write the names, or delete the parentheses",
            ),
            (Kind::Sign(sign @ (',' | '|' | '/')), _) => SyntaxError::new(
                format!("nothing follows `{sign}`"),
                self.span(&previous),
                "a name is expected after it",
                format!("write what follows, or delete the `{sign}`"),
            ),
            (Kind::Word, _) if previous.text(self.text) == "else" && self.at > 1 => SyntaxError::new(
                "nothing follows `else`",
                self.span(&previous),
                "a name is expected after it",
                "name the fallback",
            ),
            _ => return None,
        };
        Some(slip)
    }

    /// `service my api`: a name has no blanks; what follows it may be an engine that lacks its `:`.
    fn several_words(&self) -> Option<SyntaxError> {
        let found = self.found().filter(|it| it.kind == Kind::Word)?;
        let previous = self.previous().filter(|it| it.kind == Kind::Word && self.at >= 2)?;
        let opens = ["system", "include", "template", "flow", "constraint", "allow"];
        let is_element = matches!(self.context, Context::File | Context::Body)
            && self.words[..self.at].iter().all(|it| matches!(it.kind, Kind::Word | Kind::Sign(',')))
            && !opens.contains(&self.words[0].text(self.text));
        if !is_element || self.word(self.at + 1).is_some_and(|it| it.kind == Kind::Sign('=')) {
            return None;
        }
        let (name, written) = (previous.text(self.text), found.text(self.text));
        let head = self.words[0].text(self.text);
        if let Some(kind) = catalogue::Kind::parse(head)
            && catalogue::engine(written).is_some_and(|it| it.kinds.contains(&kind))
            && self.at == 2
        {
            return Some(
                SyntaxError::new(
                    format!("`:` is missing before the engine `{written}`"),
                    self.span(&found),
                    "`:` is expected before it",
                    format!("write `{head} {name} : {written}`"),
                )
                .mended_by(self.gap_before(), " : "),
            );
        }
        let more = self.words[self.at..].iter().take_while(|it| it.kind == Kind::Word);
        let words: Vec<&str> =
            std::iter::once(name).chain(more.clone().map(|it| it.text(self.text))).collect();
        let span = self.span(&previous).to(self.span(more.last().unwrap_or(&found)));
        Some(SyntaxError::new(
            "a name has no blanks in it",
            span,
            "is not one name",
            format!("write `{}` for one of them, or `{}` for several", words.join("_"), words.join(", ")),
        ))
    }

    /// `app -> api [https]`: a protocol without its `:`.
    fn protocol(&self) -> Option<SyntaxError> {
        let found = self.found()?;
        let is_link = matches!(self.context, Context::File | Context::Body)
            && self.words[..self.at].iter().any(|it| it.kind == Kind::Arrow)
            && self.previous().is_some_and(|it| matches!(it.kind, Kind::Word | Kind::Text | Kind::Sign(')')));
        if !is_link {
            return None;
        }
        if found.kind == Kind::Word && catalogue::protocol(found.text(self.text)).is_some() {
            let written = found.text(self.text);
            return Some(SyntaxError::new(
                format!("`:` or `,` is missing before `{written}`"),
                self.span(&found),
                "a protocol, or another target",
                format!("write `: {written}` if it is the protocol, `, {written}` if it is called as well"),
            ));
        }
        let closing = match found.kind {
            Kind::Sign('[') => ']',
            Kind::Sign('(') => ')',
            _ => return None,
        };
        let inside = &self.words[self.at + 1..];
        let length = inside.iter().position(|it| it.kind == Kind::Sign(closing))?;
        let (inside, last) = (&inside[..length], inside[length]);
        let is_protocol =
            |it: &Token| it.kind == Kind::Word && catalogue::protocol(it.text(self.text)).is_some();
        let are_known =
            !inside.is_empty() && inside.iter().all(|it| it.kind == Kind::Sign(',') || is_protocol(it));
        if !are_known && closing == ')' {
            return None;
        }
        let names = inside.first().zip(inside.last()).map(|(a, b)| self.text[a.start..b.end].to_owned());
        let meant = format!(": {}", names.filter(|_| are_known).as_deref().unwrap_or("https"));
        let whole = self.span(&found).to(self.span(&last));
        let slip = SyntaxError::new(
            "a protocol stands behind `:`, and not in brackets",
            whole,
            "`:` is expected here",
            format!(
                "write `{}`",
                if are_known {
                    meant.clone()
                } else {
                    format!("{meant}` or what else is spoken, or `{{ timeout = 1s }}")
                }
            ),
        );
        let start = self.words[0].start;
        let mended = format!("{}{meant}{}", &self.text[start..found.start], &self.text[last.end..self.end]);
        Some(if are_known && is_statement(&mended) { slip.mended_by(whole, meant) } else { slip })
    }

    /// What is well written and stands in the wrong place.
    fn misplaced(&self) -> Option<SyntaxError> {
        let found = self.found()?;
        let span = self.span(&found);
        let written = found.text(self.text);
        let has_arrow = self.words[..self.at].iter().any(|it| it.kind == Kind::Arrow);
        let slip = match found.kind {
            Kind::Tag if self.at == 0 => SyntaxError::new(
                format!("`{written}` begins no statement"),
                span,
                "a tag stands behind a name",
                format!("write `service api {written}` for a tag, and `// …` for a comment"),
            ),
            Kind::Sign('#') => SyntaxError::new(
                "`#` has no tag",
                span,
                "a name is expected right after it",
                "write it like `#pci`",
            ),
            Kind::Sign(sign @ (')' | ']')) => SyntaxError::new(
                format!("`{sign}` closes nothing"),
                span,
                "no bracket is open here",
                "delete it",
            )
            .mended_by(span, ""),
            Kind::Sign('{') if self.at == 0 => SyntaxError::new(
                "a block has no head",
                span,
                "a kind, a flow or a link is expected before it",
                "write what the block belongs to",
            ),
            Kind::Sign('=') if self.context == Context::File => SyntaxError::new(
                "a property stands outside of any block",
                span,
                "is not expected here",
                "write it in the block of what it describes: `{ … }`",
            ),
            Kind::Word
                if !has_arrow
                    && matches!(self.context, Context::File | Context::Body)
                    && self.word(self.at + 1).is_some_and(|it| it.kind == Kind::Sign('=')) =>
            {
                SyntaxError::new(
                    format!("the property `{written}` stands outside of the block"),
                    span,
                    "`{` is expected before it",
                    "write it in the block: `{ … }`",
                )
            }
            Kind::Sign(sign @ ('|' | '/')) if !has_arrow => SyntaxError::new(
                format!("`{sign}` stands among callers"),
                span,
                "callers are parted by commas",
                "write `a, b -> c`",
            ),
            Kind::Word if self.context == Context::Constraint && written == "without" => SyntaxError::new(
                "`without` speaks of a way along a flow, not of one link",
                span,
                "not of one link",
                "write `-> ... ->` before it",
            ),
            Kind::Word if self.context == Context::Constraint && written == "with" => SyntaxError::new(
                "`with` speaks of one link, not of a way along a flow",
                span,
                "not of a way",
                "write `->` before it, or `where` for what is at its end",
            ),
            Kind::Word | Kind::Sign('(') if has_arrow => SyntaxError::new(
                format!("`,` is missing before `{written}`"),
                span,
                "another target begins here",
                "part targets by `,` `|` `else` or `/`",
            )
            .mended_by(self.gap_before(), ", "),
            Kind::Word | Kind::Text | Kind::Sign(':') if self.context == Context::Flow => SyntaxError::new(
                "a flow holds its properties and its path",
                span,
                "neither a property nor a path",
                "declare components and links outside of the flow",
            ),
            Kind::Word | Kind::Text | Kind::Arrow | Kind::Sign(':') if self.context == Context::Settings => {
                SyntaxError::new(
                    "this block holds properties only",
                    span,
                    "is not expected in a property",
                    "part properties by commas or lines: `timeout = 1s, retries = 1`",
                )
            }
            _ => return None,
        };
        Some(slip)
    }

    /// Anything else: what the grammar would have taken.
    fn expected(&self, expected: &[Rule]) -> SyntaxError {
        let mut names: Vec<_> = expected.iter().filter_map(|it| human(*it)).collect();
        names.dedup();
        let mut seen = Vec::new();
        names.retain(|it| {
            let is_new = !seen.contains(it);
            seen.push(it);
            is_new
        });
        names.truncate(4);
        let found = match self.found() {
            Some(found) => {
                let shown: String = found.text(self.text).chars().take(30).collect();
                format!("`{}` is not expected here", shown.escape_debug())
            }
            None => "the statement ends too soon".to_owned(),
        };
        let label = match names.split_last() {
            None => "the statement could end before this".to_owned(),
            Some((last, [])) => format!("expected {last}"),
            Some((last, rest)) => format!("expected {} or {last}", rest.join(", ")),
        };
        SyntaxError { help: None, ..SyntaxError::new(found, self.here(), label, "") }
    }

    fn found(&self) -> Option<Token> {
        self.words.get(self.at).copied()
    }

    /// Whether a figure goes on from digits and a comma, as in `99,9%`.
    fn is_after_comma(&self, figure: Token) -> bool {
        figure.kind == Kind::Figure && {
            let mut before = self.text[..figure.start].chars().rev();
            before.next() == Some(',') && before.next().is_some_and(|it| it.is_ascii_digit())
        }
    }

    fn previous(&self) -> Option<Token> {
        self.word(self.at.wrapping_sub(1))
    }

    fn word(&self, at: usize) -> Option<Token> {
        self.words.get(at).copied()
    }

    /// The blanks before the word that was not taken.
    fn gap_before(&self) -> Span {
        let end = self.found().map_or(self.stopped, |it| it.start);
        Span::new(self.file, self.previous().map_or(end, |it| it.end), end)
    }

    /// The word that was not taken; past the end, the last one.
    fn here(&self) -> Span {
        match self.found().or_else(|| self.words.last().copied()) {
            Some(word) => self.span(&word),
            None => Span::new(self.file, self.stopped, self.stopped),
        }
    }

    fn span(&self, token: &Token) -> Span {
        Span::new(self.file, token.start, token.end)
    }
}

/// Whether a text is one statement without a fault.
fn is_statement(text: &str) -> bool {
    Grammar::parse(Rule::only_statement, text).is_ok()
}

/// A number with commas between its thousands, without them and shorter where that is as exact: `1,500,000` is `1500000`
/// and `1.5M`; nothing where its digits stand in no such groups, or it may be a decimal: of `0,125` and `99,999%` it is.
fn in_groups(digits: &str, unit: &str) -> Option<(String, Option<String>)> {
    let whole = digits.split('.').next()?;
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let are_groups = is_number(first) && first.len() <= 3 && !first.starts_with('0') && unit != "%";
    if !are_groups || !groups.all(|it| it.len() == 3 && is_number(it)) {
        return None;
    }
    let plain = digits.replace(',', "");
    // What has a unit already, a rate apart, takes no other.
    let number = plain.parse::<u64>().ok().filter(|_| unit.is_empty() || unit.starts_with('/'));
    let short = number.and_then(|number| {
        let sizes = [(1_000_000_000, "bn"), (1_000_000, "M"), (1_000, "k")];
        let (size, name) =
            sizes.into_iter().find(|(size, _)| number >= *size && number % (size / 10) == 0)?;
        let tenth = match number % size / (size / 10) {
            0 => String::new(),
            tenth => format!(".{tenth}"),
        };
        Some(format!("{}{tenth}{name}{unit}", number / size))
    });
    Some((format!("{plain}{unit}"), short))
}

fn arrow_slip(span: Span, written: &str, meant: &str) -> SyntaxError {
    let message = match written {
        "<-" | "<->" => format!("`{written}` is no arrow: a link is written from its caller"),
        _ => format!("`{written}` is no arrow"),
    };
    let slip = SyntaxError::new(
        message,
        span,
        "`->` or `~>` is expected here",
        format!("write `{meant}`: `->` waits for the answer, `~>` does not"),
    );
    if written.starts_with('<') { slip } else { slip.mended_by(span, meant) }
}

/// What the reader calls it; nothing for what need not be named.
fn human(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::name | Rule::path | Rule::rule_name | Rule::source | Rule::targets => "a name",
        Rule::text => "a text in quotes",
        Rule::value | Rule::measure | Rule::choice | Rule::quantity => "a value",
        Rule::list => "a list",
        Rule::count => "a count",
        Rule::tag => "a tag",
        Rule::engine => "an engine",
        Rule::protocols | Rule::spoken => "a protocol",
        Rule::r#where => "`where`",
        Rule::with => "`with`",
        Rule::without => "`without`",
        Rule::body | Rule::settings | Rule::flow_body | Rule::constraint_body => "a block",
        Rule::sync | Rule::r#async | Rule::hop => "an arrow",
        Rule::relation => "`,` `|` `/` `else`",
        Rule::property => "a property",
        Rule::chain => "a path",
        Rule::clause | Rule::clause_word => "`forbid` or `require`",
        Rule::select | Rule::by_kind => "a kind, a tag or a name",
        Rule::on_word => "`on`",
        Rule::element | Rule::member => "a component or group",
        Rule::link | Rule::own_link => "a link",
        Rule::EOI => "the end of the line",
        _ => return None,
    })
}
