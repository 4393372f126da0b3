//! The words that a statement, or a line of a block, begins with.

use super::{Proposal, Proposals, Proposed, usual};
use crate::catalogue::Kind;
use crate::editor::hover;
use crate::editor::spot::{Behind, Within};
use crate::model::GroupKind;

/// The statements of a file that begin with a word of their own, those first that are usual, and what is to be filled in.
const STATEMENTS: &[(&str, &str)] = &[
    ("system", "system \"${1:Name}\" {\n\t$0\n}"),
    ("flow", "flow ${1:name} {\n\t$0\n}"),
    ("template", "template ${1:name} : ${2:service} {\n\t$0\n}"),
    ("include", "include \"${1:common.arch}\""),
    ("constraint", "constraint ${1:name} \"${2:why}\" {\n\t$0\n}"),
    ("allow", "allow ${1:rule} on ${2:name} \"${3:why}\""),
];

/// Templates, kinds and groups come behind what a block itself states, then the statements, then what links start from.
const TEMPLATES: usize = 639;
const KINDS: usize = 640;
const GROUPS: usize = 670;
const STATEMENT: usize = 680;
const SOURCES: usize = 700;

/// Where links are being written, what they start from comes before all of that; what a block states stands behind it.
const FIRST: usize = 0;
const BEHIND_SOURCES: usize = 10;

impl Proposals<'_> {
    pub(super) fn line(&mut self) {
        let is_path_open = self.spot.within == Within::Flow && !self.spot.has_link;
        let is_linking = self.spot.is_behind_link || is_path_open;
        let (sources, properties) = if is_linking { (FIRST, BEHIND_SOURCES) } else { (SOURCES, 0) };
        match &self.spot.within {
            Within::File => {
                if self.may_be_head() {
                    self.statements();
                    self.kinds(true);
                }
                self.sources(sources);
            }
            Within::Body { kind, .. } => {
                let is_group = self.group_kind(kind).is_some();
                if !is_group || self.spot.behind != Behind::Word {
                    self.properties(if is_group { properties } else { 0 });
                }
                if is_group {
                    if self.may_be_head() {
                        self.kinds(true);
                    }
                    self.sources(sources);
                }
            }
            Within::Flow => {
                self.properties(properties);
                self.sources(sources);
            }
            Within::Constraint => {
                if matches!(self.spot.behind, Behind::Nothing | Behind::Equals | Behind::Comma) {
                    self.demand("forbid");
                    self.demand("require");
                }
                self.properties(100);
            }
            Within::System | Within::Link | Within::Asked(_) => self.properties(0),
        }
    }

    /// Whether a kind or a statement's word may stand here: not where an arrow follows.
    fn may_be_head(&self) -> bool {
        let behind = self.spot.behind;
        self.spot.path.is_none()
            && matches!(behind, Behind::Nothing | Behind::Word | Behind::Tail | Behind::Block)
    }

    fn statements(&mut self) {
        let is_named = self.architecture.system.name.is_some();
        let is_empty = self.architecture.components().len() == 0;
        let statements = STATEMENTS.iter().enumerate();
        for (at, (word, snippet)) in statements.filter(|(_, (word, _))| *word != "system" || !is_named) {
            let is_begun = *word != "system" || !is_empty;
            self.keyword(word, snippet).rank = if is_begun { STATEMENT + at } else { FIRST };
        }
    }

    fn demand(&mut self, word: &str) {
        let is_set = self.spot.behind == Behind::Equals;
        let proposal = self.keyword(word, &format!("{word} = $0"));
        if !is_set {
            proposal.text = Some(format!("{word} = "));
        }
    }

    /// A word with its card, and what is to be filled in where nothing stands behind it.
    fn keyword(&mut self, word: &str, snippet: &str) -> &mut Proposal {
        let is_alone = self.spot.behind == Behind::Nothing || self.spot.behind == Behind::Comma;
        let told = hover::of_keyword(word).unwrap_or_default();
        let detail = told.split_once(": ").map_or(told, |(_, detail)| detail);
        let proposal = self.add(0, Proposed::Keyword, word, detail);
        proposal.snippet = is_alone.then(|| snippet.to_owned());
        proposal
    }

    /// The kinds, the groups and the templates; those that begin a statement have a name to fill in.
    pub(super) fn kinds(&mut self, as_statement: bool) {
        let is_alone = as_statement && self.spot.behind == Behind::Nothing;
        for kind in Kind::ALL {
            let snippet = is_alone.then(|| format!("{kind} ${{1:name}}"));
            self.kind_of_component(kind).snippet = snippet;
        }
        for kind in GroupKind::ALL {
            let name = kind.name();
            let proposal = self.add(GROUPS, Proposed::Kind, name, hover::group_meaning(kind));
            proposal.snippet = is_alone.then(|| format!("{name} ${{1:name}} {{\n\t$0\n}}"));
        }
        for template in &self.architecture.templates {
            if self.is_here(template.span) {
                continue;
            }
            let name = template.name.text.as_str();
            let detail = format!("a template of {}", template.base.text);
            let proposal = self.add(TEMPLATES, Proposed::Kind, name, &detail);
            proposal.snippet = is_alone.then(|| format!("{name} ${{1:name}}"));
        }
    }

    pub(super) fn kind_of_component(&mut self, kind: Kind) -> &mut Proposal {
        let told = hover::of_kind(kind.name()).unwrap_or_default();
        let rank = KINDS + usual::place("kind", kind.name());
        let proposal = self.add(rank, Proposed::Kind, kind.name(), &kind.meaning().replace('`', ""));
        proposal.told = told;
        proposal
    }

    /// The kinds that a template may extend: not itself, nor what extends it.
    pub(super) fn bases(&mut self, template: &str) {
        self.kinds(false);
        let templates = &self.architecture.templates;
        let extends = |name: &str| {
            let mut name = name;
            for _ in 0..=templates.len() {
                if name == template {
                    return true;
                }
                match templates.iter().find(|it| it.name.text == name) {
                    Some(it) => name = &it.base.text,
                    None => return false,
                }
            }
            true
        };
        self.all.retain(|it| !extends(&it.label));
    }

    /// What includes may name, each with the quote behind it where that is missing.
    pub(super) fn files(&mut self, files: &[String]) {
        let text = self.view.file(self.word.file).design();
        let is_closed = text[self.word.end as usize..].starts_with('"');
        for file in files {
            let proposal = self.add(0, Proposed::File, file, "a file of this project");
            proposal.text = (!is_closed).then(|| format!("{file}\""));
        }
    }
}
