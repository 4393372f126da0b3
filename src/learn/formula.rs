//! The formulas in a page: `downtime(buy) / budget(99.9%)`. Figures are written as in a design, operators stand
//! between blanks, and what a function says comes from an analysis, the catalogue, or a closed form.

use super::figure::Figure;
use super::known::{self, Designs};

/// What a function is asked about: a figure, or a word.
#[derive(Clone, Debug)]
pub(super) enum Argument<'a> {
    Figure(Figure),
    Word(&'a str),
}

/// What a formula comes to.
///
/// # Errors
/// Says what can't be worked out.
pub(super) fn evaluate(text: &str, designs: &Designs) -> Result<Figure, String> {
    let mut reader = Reader { tokens: tokens(text), at: 0, designs };
    let figure = reader.sum().map_err(|why| format!("`{text}`: {why}"))?;
    match reader.peek() {
        None if figure.value.is_finite() => Ok(figure),
        None => Err(format!("`{text}` has no end")),
        Some(token) => Err(format!("`{text}`: `{token}` is one too many")),
    }
}

/// Words, and brackets and commas apart.
fn tokens(text: &str) -> Vec<&str> {
    let marks = ['(', ')', ','];
    let parts = |word| {
        str::split_inclusive(word, marks).flat_map(move |part: &str| {
            let end = part.strip_suffix(marks).map_or(part.len(), str::len);
            [&part[..end], &part[end..]]
        })
    };
    text.split_whitespace().flat_map(parts).filter(|it| !it.is_empty()).collect()
}

struct Reader<'a> {
    tokens: Vec<&'a str>,
    at: usize,
    designs: &'a Designs,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn takes(&mut self, token: &str) -> bool {
        let is_it = self.peek() == Some(token);
        self.at += usize::from(is_it);
        is_it
    }

    fn sum(&mut self) -> Result<Figure, String> {
        let mut sum = self.product()?;
        loop {
            let sign = match self.peek() {
                Some("+") => 1.0,
                Some("-") => -1.0,
                _ => return Ok(sum),
            };
            self.at += 1;
            let term = self.product()?;
            sum = sum.plus(term, sign).ok_or_else(|| format!("{sum} and {term} don't add up"))?;
        }
    }

    fn product(&mut self) -> Result<Figure, String> {
        let mut product = self.factor()?;
        loop {
            let combined = match self.peek() {
                Some("*") => Figure::times,
                Some("/") => Figure::over,
                _ => return Ok(product),
            };
            self.at += 1;
            let factor = self.factor()?;
            let none = || format!("there is no unit for {product} with {factor}");
            product = combined(product, factor).ok_or_else(none)?;
        }
    }

    fn factor(&mut self) -> Result<Figure, String> {
        if self.takes("(") {
            let inner = self.sum()?;
            return if self.takes(")") { Ok(inner) } else { Err("a bracket stays open".to_owned()) };
        }
        let word = self.peek().ok_or("it breaks off")?;
        self.at += 1;
        if self.takes("(") {
            let arguments = self.arguments()?;
            return known::call(word, &arguments, self.designs);
        }
        Figure::parse(word).ok_or_else(|| format!("`{word}` is no figure"))
    }

    fn arguments(&mut self) -> Result<Vec<Argument<'a>>, String> {
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.argument()?);
            if self.takes(")") {
                return Ok(arguments);
            }
            if !self.takes(",") {
                return Err("a bracket stays open".to_owned());
            }
        }
    }

    fn argument(&mut self) -> Result<Argument<'a>, String> {
        let word = self.peek().unwrap_or_default();
        let is_alone = matches!(self.tokens.get(self.at + 1).copied(), Some("," | ")"));
        if is_alone && word.starts_with(|it: char| it.is_alphabetic()) {
            self.at += 1;
            return Ok(Argument::Word(word));
        }
        self.sum().map(Argument::Figure)
    }
}
