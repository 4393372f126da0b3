//! The rules: each a value, whole in one file of `rules/`.
//!
//! A new rule is its file and the two lines below that name it: `mod` and `RULES`.

use crate::analysis::Analysis;
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Severity};
use crate::model::{Architecture, Component, Fault, FaultKind, Link};
use crate::source::Span;

/// All rules, by code.
pub static RULES: &[&Rule] = &[];

/// What a rule may look at.
pub struct Context<'a> {
    /// The design.
    pub architecture: &'a Architecture,
    /// What was computed from it.
    pub analysis: &'a Analysis,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its code, `LP101`.
    pub code: &'static str,
    /// The path of its module, from which its name is made.
    pub module: &'static str,
    /// What it flags, in a few words, lower case, no full stop.
    pub summary: &'static str,
    /// The levels that its findings may have, the gravest first.
    pub levels: &'static [Severity],
    /// Whether only `--profile review` evaluates it.
    pub is_review_only: bool,
    /// Its documentation: Markdown.
    pub docs: &'static str,
    /// What it does.
    pub check: fn(&Context, &mut Findings),
}

impl Rule {
    /// Its name: its file's, with hyphens.
    pub fn name(&self) -> String {
        self.module.rsplit("::").next().unwrap_or_default().replace('_', "-")
    }
}

/// Declares a rule: the documentation comment becomes [`Rule::docs`].
macro_rules! declare_rule {
    ($(#[doc = $doc:literal])+ static RULE = {
        code: $code:literal,
        summary: $summary:literal,
        levels: [$($level:ident),+ $(,)?]
        $(, review_only: $review:literal)? $(,)?
    }) => {
        $(#[doc = $doc])+
        pub(super) static RULE: crate::rules::Rule = crate::rules::Rule {
            code: $code,
            module: module_path!(),
            summary: $summary,
            levels: &[$(crate::diagnostic::Severity::$level),+],
            is_review_only: false $(|| $review)?,
            docs: concat!($($doc, "\n"),+),
            check,
        };
    };
}
use declare_rule;

/// What a rule has found so far.
pub struct Findings {
    rule: &'static Rule,
    name: &'static str,
    found: Vec<Diagnostic>,
}

impl Findings {
    /// An empty list for a rule.
    pub fn new(rule: &'static Rule) -> Self {
        // Names live as long as the rules do: the table is static and small.
        let name = NAMES.get_or_init(|| RULES.iter().map(|rule| rule.name()).collect());
        let at = RULES.iter().position(|it| std::ptr::eq(*it, rule)).expect("a rule of the table");
        Self { rule, name: &name[at], found: Vec::new() }
    }

    /// What was found.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.found
    }

    /// Reports a finding on an element. The span is the culprit's, drawn with `label`.
    pub fn report(
        &mut self,
        severity: Severity,
        element: impl Into<String>,
        span: Span,
        label: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding<'_> {
        debug_assert!(self.rule.levels.contains(&severity), "{} reports at its own levels", self.rule.code);
        let element = element.into();
        self.found.push(Diagnostic {
            code: self.rule.code,
            name: self.name,
            severity,
            message: message.into(),
            labels: vec![Label { span, message: label.into(), element: Some(element.clone()) }],
            notes: Vec::new(),
            help: None,
            element,
            flows: Vec::new(),
            fix: None,
        });
        Finding(self.found.last_mut().expect("just pushed"))
    }

    /// Reports a finding on a component, at its name.
    pub fn on_component(
        &mut self,
        severity: Severity,
        component: &Component,
        label: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding<'_> {
        self.report(severity, component.name.as_str(), component.span, label, message)
    }

    /// Reports a finding on a link, at its target's name in the statement.
    pub fn on_link(
        &mut self,
        severity: Severity,
        architecture: &Architecture,
        link: &Link,
        label: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding<'_> {
        self.report(severity, architecture.link_name(link), link.span, label, message)
    }

    /// One question about many: what is unstated is one finding a design, at most five of them labelled.
    /// `asked` is (element, span, label), dearest first; nothing is reported where it is empty.
    pub fn question(
        &mut self,
        severity: Severity,
        asked: &[(String, Span, String)],
        message: impl Into<String>,
    ) -> Option<Finding<'_>> {
        let ((element, span, label), rest) = asked.split_first()?;
        let mut finding = self.report(severity, element.clone(), *span, label.clone(), message);
        for (element, span, label) in rest.iter().take(4) {
            finding.label(element.clone(), *span, label.clone());
        }
        Some(finding)
    }

    /// Reports the faults of one kind that the lower floors found.
    pub fn faults(&mut self, architecture: &Architecture, kind: FaultKind) {
        for Fault { message, labels, help, fix, element, .. } in
            architecture.faults.iter().filter(|fault| fault.kind == kind)
        {
            let culprit = &labels[0];
            let mut finding = self.report(
                self.rule.levels[0],
                element.clone(),
                culprit.span,
                culprit.message.clone(),
                message.clone(),
            );
            finding.0.labels.extend(labels[1..].iter().cloned());
            finding.0.help.clone_from(help);
            finding.0.fix.clone_from(fix);
        }
    }
}

static NAMES: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();

/// A finding that is being told.
pub struct Finding<'a>(&'a mut Diagnostic);

impl Finding<'_> {
    /// Another place that it is about.
    pub fn label(&mut self, element: impl Into<String>, span: Span, message: impl Into<String>) -> &mut Self {
        self.0.labels.push(Label { span, message: message.into(), element: Some(element.into()) });
        self
    }

    /// A place that is no element: a property, a statement.
    pub fn place(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.0.labels.push(Label { span, message: message.into(), element: None });
        self
    }

    /// Why it matters, or a fact of the same story.
    pub fn note(&mut self, note: impl Into<String>) -> &mut Self {
        self.0.notes.push(note.into());
        self
    }

    /// What to do, as a command.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.0.help = Some(help.into());
        self
    }

    /// A flow that it concerns.
    pub fn flow(&mut self, flow: impl Into<String>) -> &mut Self {
        let flow = flow.into();
        if !self.0.flows.contains(&flow) {
            self.0.flows.push(flow);
        }
        self
    }

    /// A change of text that mends it.
    pub fn fix(&mut self, title: impl Into<String>, is_safe: bool, edits: Vec<Edit>) -> &mut Self {
        self.0.fix = Some(Fix { title: title.into(), is_safe, edits });
        self
    }
}
