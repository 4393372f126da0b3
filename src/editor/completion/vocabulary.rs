//! The words that the catalogue, the rules and the design's tags give.

use rustc_hash::FxHashSet;

use super::{Proposals, Proposed, usual};
use crate::catalogue;
use crate::editor::hover;
use crate::editor::symbols::Subject;
use crate::rules::RULES;

impl Proposals<'_> {
    /// The engines of a kind, those first that are usual.
    pub(super) fn engines(&mut self, kind: &str) {
        let kind = self.kind(kind);
        for engine in catalogue::engines() {
            let rank = match kind {
                Some(kind) if !engine.kinds.contains(&kind) => continue,
                Some(kind) => {
                    usual::place(kind.name(), engine.name) * 2
                        + usize::from(engine.kinds.first() != Some(&kind))
                }
                None => 1,
            };
            self.add(rank, Proposed::Engine, engine.name, engine.title).told =
                hover::of_engine(engine.name).unwrap_or_default();
        }
    }

    /// The protocols, those first that an engine of a target speaks, and their encrypted twins; then those of where the
    /// link comes from.
    pub(super) fn protocols(&mut self, beside: &[String], from: &[String], to: &[String]) {
        let ends = [to, from].map(|it| self.spoken(it));
        for protocol in
            catalogue::protocols().iter().filter(|it| !beside.iter().any(|known| known == it.name))
        {
            let detail = match protocol.encryption {
                catalogue::Encryption::Always => "encrypted",
                catalogue::Encryption::Never => "never encrypted",
                catalogue::Encryption::Either => "encrypted if the link says so",
            };
            let rank = ends
                .iter()
                .position(|it| it.contains(protocol.name))
                .unwrap_or_else(|| ends.len() + usual::place("protocol", protocol.name));
            self.add(rank, Proposed::Protocol, protocol.name, detail).told =
                hover::of_protocol(protocol.name).unwrap_or_default();
        }
    }

    /// What the engines of these components speak.
    fn spoken(&self, components: &[String]) -> FxHashSet<&'static str> {
        let components = components.iter().filter_map(|it| self.architecture.component_named(it));
        components
            .flat_map(|it| &it.engines)
            .filter_map(|it| {
                catalogue::protocol(catalogue::engine(it).map_or(Some(it.as_str()), |it| it.protocol)?)
            })
            .flat_map(|it| std::iter::once(it.name).chain(it.secure))
            .collect()
    }

    /// The rules, those first that find something; by their codes where one is being typed, by both where nothing is yet.
    pub(super) fn rules(&mut self) {
        let found: FxHashSet<&str> = self.view.checked.diagnostics.iter().map(|it| it.code).collect();
        let typed = self.typed.to_ascii_lowercase();
        let is_code =
            |it: &str| !typed.is_empty() && it.to_ascii_lowercase().starts_with(&typed[..typed.len().min(2)]);
        for rule in RULES.iter().filter(|it| !it.is_of_the_language()) {
            let is_found = found.contains(rule.code);
            let detail = format!("{} · {}", rule.code, rule.summary);
            let proposal = self.add(usize::from(!is_found), Proposed::Rule, &rule.name(), &detail);
            let is_named = rule.name().starts_with(typed.as_str());
            proposal.sought = match (typed.is_empty(), is_code(rule.code) && !is_named) {
                (true, _) => Some(format!("{} {}", rule.name(), rule.code)),
                (false, true) => Some(rule.code.to_owned()),
                (false, false) => None,
            };
            if is_found {
                proposal.told = hover::card(rule);
            }
        }
    }

    /// The tags of the design, without the one that is being written.
    pub(super) fn tags(&mut self) {
        let mentions = self.view.symbols().mentions().iter().filter(|it| !self.is_here(it.span));
        let tags: FxHashSet<&str> = mentions
            .filter_map(|it| if let Subject::Tag(tag) = &it.subject { Some(tag.as_str()) } else { None })
            .collect();
        for tag in tags {
            self.add(0, Proposed::Tag, tag, "a tag of this design");
        }
    }
}
