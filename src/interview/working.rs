//! Arithmetic as people write it on paper: `10M users * 5/day * 3`, `10M / 86400 s`, `6*10^2/s`, `500-700/s`.
//!
//! A text is one or several sides with a `=` between them, and a side is one or several expressions with words between them. A
//! `/` before a word belongs to the unit of the figure before it, and before a number it divides. What is counted (`users`) is no
//! matter.

use crate::quantity::Duration;
use crate::syntax::ast::{Dimension, Quantity};
use crate::syntax::{figure_meant, unit_written};

/// What an expression comes to, in bytes and seconds.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(super) struct Reading {
    /// How much.
    pub(super) amount: f64,
    /// Of what.
    pub(super) measure: Measure,
    /// Whether any of its figures has a unit.
    pub(super) has_unit: bool,
    /// Whether it is worked out of several figures.
    pub(super) is_worked: bool,
    /// Whether it has no unit and counts something: `10M users`.
    pub(super) is_counted: bool,
    /// Whether a number without a unit is a factor of it, which may be one of seconds or of bytes.
    pub(super) is_scaled: bool,
    /// Whether it is divided by such a number.
    pub(super) is_parted: bool,
    /// Whether that is the seconds of a day.
    pub(super) is_by_day: bool,
    /// Whether each time in it is told in seconds, so that a number without a unit may be one of them.
    pub(super) is_in_seconds: bool,
    /// Whether it is the figure of each of something: `18GB per node`.
    pub(super) is_each: bool,
    /// The amount without the unit, and without the multiple: `5` of `5k/s`.
    number: f64,
    /// The multiple of the unit: the thousand of `5k/s`.
    multiple: f64,
}

/// The powers of bytes and of seconds: a rate is `(0, -1)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) bytes: i32,
    pub(super) seconds: i32,
}

impl Measure {
    /// Of a dimension; nothing of one that no estimate is made of.
    pub(super) fn of(dimension: Dimension) -> Option<Self> {
        let (bytes, seconds) = match dimension {
            Dimension::Number | Dimension::Percent => (0, 0),
            Dimension::Duration => (0, 1),
            Dimension::Rate => (0, -1),
            Dimension::Size => (1, 0),
            Dimension::Throughput => (1, -1),
            Dimension::Growth | Dimension::TimeShare => return None,
        };
        Some(Self { bytes, seconds })
    }

    fn and(self, other: Self, times: i32) -> Self {
        Self { bytes: self.bytes + times * other.bytes, seconds: self.seconds + times * other.seconds }
    }
}

/// The sides of a text, each with all that it says, or with why it can't be read.
pub(super) fn sides(said: &str) -> Result<Vec<Result<Vec<Reading>, String>>, String> {
    let tokens = tokens(said)?;
    let sides = tokens.split(|it| *it == Token::Sign('='));
    Ok(sides.filter(|it| !it.is_empty()).map(side).collect())
}

// ---- its signs

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'a> {
    Number(f64),
    /// A word, and whether it follows a number without a blank.
    Word(&'a str, bool),
    /// `*`, `/`, `+`, `-`, `^`, `=`, a bracket, or `,` for all that only parts.
    Sign(char),
}

/// Signs that people write for others, the longer ones first.
const SIGNS: [(&str, char); 33] = [
    ("**", '^'),
    ("->", '='),
    ("=>", '='),
    ("×", '*'),
    ("·", '*'),
    ("⋅", '*'),
    ("*", '*'),
    ("÷", '/'),
    ("/", '/'),
    ("+", '+'),
    ("–", '-'),
    ("—", '-'),
    ("−", '-'),
    ("-", '-'),
    ("^", '^'),
    ("→", '='),
    ("≈", '='),
    ("~", '='),
    ("=", '='),
    ("(", '('),
    ("[", '('),
    (")", ')'),
    ("]", ')'),
    ("…", ','),
    (",", ','),
    (";", ','),
    (":", ','),
    (".", ','),
    ("?", ','),
    ("!", ','),
    (">", ','),
    ("<", ','),
    ("'", ','),
];
const SUPERSCRIPTS: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";

fn tokens(said: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut is_glued = false;
    while let Some(first) = said[at..].chars().next() {
        let rest = &said[at..];
        let was_number = std::mem::take(&mut is_glued);
        if first.is_whitespace() {
            at += first.len_utf8();
        } else if first.is_ascii_digit()
            || first == '.' && rest[1..].starts_with(|it: char| it.is_ascii_digit())
        {
            let length = number_length(rest);
            let text: String =
                rest[..length].chars().filter(|it| !it.is_whitespace() && *it != '_').collect();
            let number = figure_meant(&text).ok_or_else(|| format!("`{text}` is no number"))?;
            tokens.push(Token::Number(number.amount));
            at += length;
            is_glued = true;
        } else if first.is_alphabetic() || first == '%' {
            let is_other = |it: char| first == '%' || !it.is_alphabetic();
            let length =
                rest[first.len_utf8()..].find(is_other).map_or(rest.len(), |it| it + first.len_utf8());
            // A hyphen between words is none between figures.
            tokens.push(Token::Word(&rest[..length], was_number));
            at += length;
            at += usize::from(said[at..].starts_with('-') && said[at + 1..].starts_with(char::is_alphabetic));
        } else if SUPERSCRIPTS.contains(first) {
            let length = rest.find(|it| !SUPERSCRIPTS.contains(it)).unwrap_or(rest.len());
            let digits =
                rest[..length].chars().filter_map(|it| SUPERSCRIPTS.chars().position(|one| one == it));
            tokens.push(Token::Sign('^'));
            tokens.push(Token::Number(digits.fold(0.0, |all, it| all * 10.0 + it as f64)));
            at += length;
        } else {
            let sign = SIGNS.iter().find(|it| rest.starts_with(it.0));
            let (text, sign) = sign.ok_or_else(|| format!("`{first}` can't be read in it"))?;
            tokens.push(Token::Sign(*sign));
            at += text.len();
        }
    }
    Ok(tokens)
}

/// How long a number is, with its power of ten, and with blanks between its thousands: `10 000`.
fn number_length(text: &str) -> usize {
    let is_part = |it: char| it.is_ascii_digit() || matches!(it, '.' | ',' | '_');
    let mut end = text.find(|it| !is_part(it)).unwrap_or(text.len());
    end = text[..end].trim_end_matches(['.', ',']).len();
    let digits = |text: &str| text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    if let Some(power) = text[end..].strip_prefix(['e', 'E']) {
        return end + if digits(power) > 0 { 1 + digits(power) } else { 0 };
    }
    if digits(text) > 3 {
        return end;
    }
    while let Some(group) = text[end..].strip_prefix([' ', '\u{a0}', '\u{202f}']).filter(|it| digits(it) == 3)
    {
        end = text.len() - group.len() + 3;
    }
    end
}

// ---- what they say

/// Who says one of these has not decided, or names the ends of a range: another expression begins.
const PARTING: [&str; 8] = ["or", "maybe", "perhaps", "possibly", "to", "and", "plus", "until"];
const TIMES: [&str; 3] = ["x", "times", "of"];
const PER: [&str; 5] = ["per", "a", "an", "each", "every"];
/// Words of as few letters as a unit has, which are none.
const SMALL: [&str; 13] = ["in", "on", "at", "as", "is", "of", "so", "by", "we", "it", "us", "i", "x"];
/// From so many letters on a word may be of what is counted.
const COUNTED: usize = 3;
/// What people count data by on a wire, in bytes.
const BITS: [(&[&str], f64); 5] = [
    (&["bit", "bits"], 0.125),
    (&["kbit", "kbits", "kilobit", "kilobits"], 125.0),
    (&["mbit", "mbits", "megabit", "megabits"], 125e3),
    (&["gbit", "gbits", "gigabit", "gigabits"], 125e6),
    (&["tbit", "tbits", "terabit", "terabits"], 125e9),
];
/// The same where a time follows: `Mb/s`, though a file has `MB`.
const BITS_A_SECOND: [(&str, f64); 3] = [("Mb", 125e3), ("Gb", 125e6), ("Tb", 125e9)];
const ADVERBS: [(&str, &str); 5] =
    [("hourly", "h"), ("daily", "day"), ("weekly", "week"), ("monthly", "month"), ("yearly", "year")];
const DAY: f64 = Duration::DAY.seconds();

/// All that a side says.
fn side(tokens: &[Token]) -> Result<Vec<Reading>, String> {
    let mut reader = Reader { tokens, at: 0, found: Vec::new() };
    let mut is_another = false;
    while let Some(token) = reader.ahead(0) {
        match token {
            Token::Sign('(') if !reader.clone().bracket().iter().any(|it| matches!(it, Token::Number(_))) => {
                reader.bracket();
            }
            Token::Number(_) | Token::Sign('(') => reader.expression(std::mem::take(&mut is_another))?,
            Token::Word(..) | Token::Sign(',' | ')') => {
                is_another |= reader.is_word(&PARTING);
                reader.at += 1;
            }
            Token::Sign(sign) => return Err(format!("a figure is missing before `{sign}`")),
        }
    }
    Ok(reader.found)
}

/// Reads on from a place.
#[derive(Clone)]
struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    found: Vec<Reading>,
}

impl<'a> Reader<'a> {
    fn ahead(&self, by: usize) -> Option<Token<'a>> {
        self.tokens.get(self.at + by).copied()
    }

    fn is_word(&self, words: &[&str]) -> bool {
        matches!(self.ahead(0), Some(Token::Word(word, _)) if is_one_of(word, words))
    }

    fn is_figure(&self, by: usize) -> bool {
        matches!(self.ahead(by), Some(Token::Number(_) | Token::Sign('(')))
    }

    /// One expression, and the figures of a note in brackets behind it.
    fn expression(&mut self, is_another: bool) -> Result<(), String> {
        let mut reading = self.sum()?;
        reading.is_counted &= !is_another;
        self.found.push(reading);
        if self.ahead(0) == Some(Token::Sign('(')) {
            let noted = side(self.bracket()).unwrap_or_default();
            self.found.extend(noted.into_iter().filter(|it| !it.is_worked));
        }
        Ok(())
    }

    /// What stands between a bracket and the one that closes it, or the end.
    fn bracket(&mut self) -> &'a [Token<'a>] {
        let start = self.at + 1;
        let mut depth = 0;
        while let Some(token) = self.ahead(0) {
            match token {
                Token::Sign('(') => depth += 1,
                Token::Sign(')') => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return &self.tokens[start..self.at - 1];
            }
        }
        &self.tokens[start..]
    }

    /// Of a range both ends are found, the upper one last.
    fn sum(&mut self) -> Result<Reading, String> {
        let mut all = self.product()?;
        loop {
            let is_to = self.is_word(&["to"]) && self.is_figure(1) && !all.is_worked;
            match self.ahead(0) {
                Some(Token::Sign('+')) => {
                    self.at += 1;
                    all = all.plus(self.product()?, 1.0)?;
                }
                token if token == Some(Token::Sign('-')) || is_to => {
                    self.at += 1;
                    let other = self.product()?;
                    all = match all.up_to(other) {
                        Some(low) => {
                            self.found.push(low);
                            other
                        }
                        None => all.plus(other, -1.0)?,
                    };
                }
                _ => return Ok(all),
            }
        }
    }

    fn product(&mut self) -> Result<Reading, String> {
        let mut all = self.factor()?;
        loop {
            let is_by_word = |words| self.is_word(words) && self.is_figure(1);
            let (is_times, is_over) = (is_by_word(&TIMES), is_by_word(&PER));
            match self.ahead(0) {
                token if token == Some(Token::Sign('*')) || is_times => {
                    self.at += 1;
                    all = all.times(self.factor()?);
                }
                token if token == Some(Token::Sign('/')) || is_over => {
                    self.at += 1;
                    all = all.over(self.factor()?);
                }
                _ => return Ok(all),
            }
        }
    }

    /// A number or a bracket, its power, and its unit.
    fn factor(&mut self) -> Result<Reading, String> {
        while matches!(self.ahead(0), Some(Token::Word(..))) {
            self.at += 1;
        }
        let mut factor = match self.ahead(0) {
            Some(Token::Number(number)) => {
                self.at += 1;
                Reading::of(number)
            }
            Some(Token::Sign('(')) => {
                let mut inner = side(self.bracket())?;
                let last = inner.pop().ok_or("a bracket is empty")?;
                self.found.extend(inner);
                last
            }
            _ => return Err("a figure is missing in it".to_owned()),
        };
        if let (Some(Token::Sign('^')), Some(Token::Number(power))) = (self.ahead(0), self.ahead(1)) {
            self.at += 2;
            if factor.has_unit {
                return Err("only a number can have a power".to_owned());
            }
            factor = Reading::of(factor.amount.powf(power));
        }
        self.unit(&mut factor)?;
        Ok(factor)
    }

    /// The words behind a figure: its multiple, its unit, what is counted, and per what.
    fn unit(&mut self, figure: &mut Reading) -> Result<(), String> {
        let (mut is_after_word, mut has_time) = (false, false);
        while let Some((word, is_glued, is_per)) = self.word_of_unit() {
            self.at += 1 + usize::from(is_per);
            if is_per || ADVERBS.iter().any(|it| is_one_of(word, &[it.0])) {
                match time(word) {
                    Some(time) if !has_time => {
                        figure.scale(1.0 / time, Measure { bytes: 0, seconds: -1 });
                        has_time = true;
                    }
                    Some(_) => {}
                    None => figure.is_each = true,
                }
                continue;
            }
            let is_small = is_one_of(word, &SMALL) || is_one_of(word, &PER);
            match self.unit_of(word).filter(|_| is_glued || !is_small) {
                Some((times, None)) if !is_after_word && !figure.has_unit => {
                    figure.amount *= times;
                    figure.multiple *= times;
                }
                Some((size, Some(measure)))
                    if !figure.has_unit && (!is_after_word || measure.seconds < 0) =>
                {
                    figure.scale(size, measure);
                    has_time = measure.seconds != 0;
                }
                None if !is_small && (is_glued || word.chars().count() < COUNTED) => {
                    return Err(match word {
                        "m" => "`m` may be many things: write `M`, or `min`".to_owned(),
                        _ => format!("`{word}` is no unit that is known"),
                    });
                }
                _ => is_after_word = true,
            }
        }
        figure.is_counted = is_after_word && !figure.has_unit;
        figure.is_scaled &= figure.is_worked || !figure.is_counted && !figure.has_unit;
        Ok(())
    }

    /// The next word that belongs to a figure, whether it follows without a blank, and whether a `/` or a `per` stands before it.
    fn word_of_unit(&self) -> Option<(&'a str, bool, bool)> {
        let next = match self.ahead(1) {
            Some(Token::Word(word, _)) => Some(word),
            _ => None,
        };
        match self.ahead(0)? {
            Token::Sign('/') => next.map(|word| (word, false, true)),
            Token::Word(word, _) if is_one_of(word, &PER) && !self.is_figure(1) => match next {
                Some(next) if time(next).is_some() || is_one_of(word, &["per"]) => Some((next, false, true)),
                _ => Some((word, false, false)),
            },
            Token::Word(word, is_glued) => {
                let is_sign = is_one_of(word, &TIMES) || is_one_of(word, &PER);
                let is_apart = is_one_of(word, &PARTING) || is_sign && self.is_figure(1);
                (!is_apart).then_some((word, is_glued, false))
            }
            _ => None,
        }
    }

    /// How much one of a unit is, and of what; of a multiple nothing.
    fn unit_of(&self, word: &str) -> Option<(f64, Option<Measure>)> {
        let size = Some(Measure { bytes: 1, seconds: 0 });
        let is_a_time = matches!(self.word_of_unit(), Some((_, _, true)));
        if let Some((_, bytes)) = BITS_A_SECOND.iter().find(|it| it.0 == word && is_a_time) {
            return Some((*bytes, size));
        }
        if let Some((_, bytes)) = BITS.iter().find(|it| is_one_of(word, it.0)) {
            return Some((*bytes, size));
        }
        let Quantity { amount, dimension } = unit_written(word)?;
        let measure = Measure::of(dimension)?;
        Some((amount, (dimension != Dimension::Number).then_some(measure)))
    }
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// The seconds of a time, by its name or by how often that is.
fn time(word: &str) -> Option<f64> {
    let name = ADVERBS.iter().find(|it| is_one_of(word, &[it.0])).map_or(word, |it| it.1);
    unit_written(name).filter(|it| it.dimension == Dimension::Duration).map(|it| it.amount)
}

impl Reading {
    fn of(number: f64) -> Self {
        Self {
            amount: number,
            measure: Measure::default(),
            has_unit: false,
            is_worked: false,
            is_counted: false,
            is_scaled: true,
            is_parted: false,
            is_by_day: false,
            is_in_seconds: true,
            is_each: false,
            number,
            multiple: 1.0,
        }
    }

    fn scale(&mut self, by: f64, measure: Measure) {
        self.amount *= by;
        self.measure = self.measure.and(measure, 1);
        self.has_unit = true;
        self.is_in_seconds &= measure.seconds == 0 || is_same(by, 1.0);
    }

    fn with(self, other: Self) -> Self {
        Self {
            has_unit: self.has_unit || other.has_unit,
            is_worked: true,
            is_counted: false,
            is_scaled: self.is_scaled || other.is_scaled,
            is_parted: self.is_parted || other.is_parted,
            is_by_day: self.is_by_day || other.is_by_day,
            is_in_seconds: self.is_in_seconds && other.is_in_seconds,
            is_each: false,
            ..self
        }
    }

    fn times(self, other: Self) -> Self {
        let (amount, measure) = (self.amount * other.amount, self.measure.and(other.measure, 1));
        Self { amount, measure, ..self.with(other) }
    }

    fn over(self, other: Self) -> Self {
        let all = Self {
            is_scaled: self.is_scaled,
            is_parted: self.is_parted || other.is_scaled,
            is_by_day: self.is_by_day || other.is_scaled && is_same(other.amount, DAY),
            ..self.with(other)
        };
        // Of `50M / 86400 per second` it is the whole that is so much per second.
        if !self.has_unit && !other.is_worked && other.measure.seconds < 0 {
            let number = other.number * other.multiple;
            let amount = self.amount / number * (other.amount / number);
            return Self { amount, measure: other.measure, ..all };
        }
        let (amount, measure) = (self.amount / other.amount, self.measure.and(other.measure, -1));
        Self { amount, measure, ..all }
    }

    fn plus(self, other: Self, times: f64) -> Result<Self, String> {
        if self.has_unit && other.has_unit && self.measure != other.measure {
            return Err("figures of two kinds are added".to_owned());
        }
        let measure = if self.has_unit { self.measure } else { other.measure };
        Ok(Self { amount: self.amount + times * other.amount, measure, ..self.with(other) })
    }

    /// The lower end of a range, which has the unit and the multiple of the upper one where it has none: `5-10k/s`.
    fn up_to(self, high: Self) -> Option<Self> {
        let mut low = self;
        if !self.has_unit {
            let multiple = if is_same(self.multiple, 1.0) { high.multiple } else { self.multiple };
            let unit = high.amount / (high.number * high.multiple);
            low = Self { amount: self.number * multiple * unit, ..high };
        }
        (!self.is_worked && !high.is_worked && low.amount < high.amount).then_some(low)
    }
}

fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() <= other.abs() * 1e-9
}
