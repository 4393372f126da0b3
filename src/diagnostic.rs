//! What a review says, as plain data: no floor below the reports knows how it is shown.

use crate::source::Span;

/// How grave a finding is; the order is from the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Breaks a stated promise, or lets someone in.
    Error,
    /// Wrong in most designs.
    Warning,
    /// What an interviewer would ask.
    Advice,
}

impl Severity {
    /// The word for it in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

/// A place that a finding is about, and what to say there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What to say there; lower case, no full stop; may be empty.
    pub message: String,
    /// The component, flow or link (`a -> b`) that stands there.
    pub element: Option<String>,
}

/// A change of text that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: "give the queue a limit".
    pub title: String,
    /// Whether there is but one right answer; where a choice is made in the author's place, it is unsafe.
    pub is_safe: bool,
    /// The replacements, none overlapping, by place.
    pub edits: Vec<Edit>,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's code, `LP101`.
    pub code: &'static str,
    /// The rule's name, `single-point-of-failure`.
    pub name: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong, with figures; one line, lower case, no full stop.
    pub message: String,
    /// The places it is about; the first is the culprit. Never empty.
    pub labels: Vec<Label>,
    /// Why it matters, and facts of the same story: whole sentences without the full stop of the last.
    pub notes: Vec<String>,
    /// What to do about it, as a command.
    pub help: Option<String>,
    /// The element it is about: a component, a flow, `a -> b`, `a ~> b`, or `system`.
    pub element: String,
    /// The elements that one question about many is about, as far as they are labelled: each can be accepted by itself.
    /// Empty for a finding on one element.
    pub asked: Vec<String>,
    /// The flows that it concerns, by name.
    pub flows: Vec<String>,
    /// A change of text that mends it.
    pub fix: Option<Fix>,
    /// How much of the ranges that the design states it holds for; none where it states none.
    pub extent: Option<Extent>,
}

/// How much of the ranges that a design states a finding holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// At both ends, and so at all between.
    Whole,
    /// At the worse ends alone.
    Part,
}

impl Extent {
    /// The word for it in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Part => "part",
        }
    }
}

impl Diagnostic {
    /// Where the culprit stands.
    pub fn span(&self) -> Span {
        self.labels[0].span
    }
}
