//! A page as it is written: Markdown with formulas in `{{ }}`, designs in fences, and at its end rules, sources and
//! questions.
//!
//! ````text
//! # Caching
//!
//! One line that says what it is about.
//!
//! ## Before and after
//!
//! Text, with {{p50(look) / before.p50(look)}} in it.
//!
//! ```arch before
//! …
//! ```
//!
//! ## Rules
//!
//! - LP114
//!
//! ## Sources
//!
//! - Who says so.
//!
//! ## Questions
//!
//! ### How long does a read take in the middle?
//!
//! answer: p50(look) in ms within 5%
//!
//! Why that is so.
//!
//! ### Which of them …?
//!
//! - one
//! - another
//!
//! answer: b
//!
//! Why that is so.
//! ````

/// The parts of a page.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) title: &'a str,
    pub(super) summary: &'a str,
    pub(super) body: Vec<Piece<'a>>,
    pub(super) rules: Vec<&'a str>,
    pub(super) sources: Vec<&'a str>,
    pub(super) questions: Vec<Asked<'a>>,
}

/// Text, or a design with its name.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Design { name: &'a str, source: &'a str },
}

/// A question.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) text: &'a str,
    pub(super) choices: Vec<&'a str>,
    pub(super) answer: &'a str,
    pub(super) why: &'a str,
}

const FENCE: &str = "\n```arch ";
const FENCE_END: &str = "\n```\n";

impl<'a> Page<'a> {
    /// The parts of a text.
    ///
    /// # Errors
    /// Says which part is missing.
    pub(super) fn parse(text: &'a str) -> Result<Self, String> {
        let (head, rest) = text.split_once("\n## ").ok_or("there is no section")?;
        let (title, summary) =
            head.strip_prefix("# ").and_then(|it| it.split_once("\n\n")).ok_or("there is no title")?;
        let (body, rest) = rest.split_once("\n## Rules\n").ok_or("there are no rules")?;
        let (rules, rest) = rest.split_once("\n## Sources\n").ok_or("there are no sources")?;
        let (sources, questions) = rest.split_once("\n## Questions\n").ok_or("there are no questions")?;
        // The heading of the first section is a part of it.
        let start = text.len() - text[head.len()..].len() + 1;
        let end = start + "## ".len() + body.len() + 1;
        Ok(Self {
            title: title.trim(),
            summary: summary.trim(),
            body: pieces(&text[start..end])?,
            rules: items(rules),
            sources: items(sources),
            questions: questions.split("\n### ").skip(1).map(Asked::parse).collect::<Result<_, _>>()?,
        })
    }
}

/// Text and designs, in order.
fn pieces(body: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = body;
    while let Some((text, fence)) = rest.split_once(FENCE) {
        let (name, fence) = fence.split_once('\n').ok_or("a fence stays open")?;
        let end = fence.find(FENCE_END).ok_or_else(|| format!("the fence of `{name}` stays open"))?;
        pieces.push(Piece::Text(text.trim()));
        pieces.push(Piece::Design { name, source: &fence[..=end] });
        rest = &fence[end + FENCE_END.len()..];
    }
    pieces.push(Piece::Text(rest.trim()));
    Ok(pieces)
}

fn items(list: &str) -> Vec<&str> {
    list.lines().filter_map(|line| line.strip_prefix("- ")).map(str::trim).collect()
}

impl<'a> Asked<'a> {
    fn parse(text: &'a str) -> Result<Self, String> {
        let (question, why) =
            text.split_once("\nanswer: ").ok_or_else(|| format!("`{text}` has no answer"))?;
        let (answer, why) = why.split_once('\n').ok_or_else(|| format!("`{text}` says not why"))?;
        let text = question.split("\n- ").next().unwrap_or_default().trim();
        Ok(Self { text, choices: items(question), answer: answer.trim(), why: why.trim() })
    }
}
