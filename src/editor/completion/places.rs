//! Where a finding is accepted: those elements first on which its rule finds something now.

use rustc_hash::{FxHashMap, FxHashSet};

use super::names::Named;
use super::{Proposals, Proposed};
use crate::editor::spot::Behind;
use crate::model::{ComponentId, Entity, Link};
use crate::source::Span;
use crate::syntax::ast::Arrow;

/// The arrows, and what each says.
pub(super) const ARROWS: [(Arrow, &str); 2] = [
    (Arrow::Sync, "calls it, and waits for the answer"),
    (Arrow::Async, "sends it a message, and does not wait"),
];

/// What comes behind where something is found.
const OTHERS: usize = 10;

impl Proposals<'_> {
    /// The elements on which a rule, by its name or code, finds something that nothing accepts but what is being written.
    fn found(&self, rule: &str) -> FxHashSet<String> {
        let checked = self.view.checked;
        let accepted = checked.suppressed.iter().filter(|it| self.is_at_end(it.allow));
        let findings = checked.diagnostics.iter().chain(accepted.map(|it| &it.diagnostic));
        findings
            .filter(|it| it.name.eq_ignore_ascii_case(rule) || it.code.eq_ignore_ascii_case(rule))
            .flat_map(|it| it.asked.iter().chain([&it.element]))
            .cloned()
            .collect()
    }

    /// Whether the word belongs to a statement's line, of which less is read for now: `allow rule` of `allow rule on `.
    fn is_at_end(&self, statement: Span) -> bool {
        let text = self.view.file(self.word.file).design();
        let between = text.get(statement.end as usize..self.word.start as usize);
        statement.file == self.word.file
            && (self.is_here(statement) || between.is_some_and(|it| !it.contains(['\n', ';'])))
    }

    /// The elements after `on`, links included where something is found on them.
    pub(super) fn places(&mut self, rule: &str) {
        let found = self.found(rule);
        let rank = |name: &str, other: usize| if found.contains(name) { 0 } else { OTHERS + other };
        self.components(|_| true, |it| rank(&it.name, 0));
        self.groups(OTHERS + 1, |_| true);
        self.flows(|it| rank(&it.name, 2));
        if self.spot.path.is_some() || matches!(self.spot.behind, Behind::Arrow | Behind::Dot) {
            return;
        }
        let names: FxHashMap<ComponentId, String> = self.named().into_iter().filter_map(named).collect();
        let links = self.architecture.links().filter(|it| found.contains(&self.architecture.link_name(it)));
        let ends = |it: &Link| Some((names.get(&it.source)?, names.get(&it.target)?, it.arrow));
        let links: Vec<String> = links
            .filter_map(ends)
            .map(|(source, target, arrow)| format!("{source} {} {target}", sign(arrow)))
            .collect();
        for link in links {
            self.add(0, Proposed::Link, &link, "a link");
        }
    }

    /// What a link leads to that is accepted, behind its arrow.
    pub(super) fn places_behind(&mut self, rule: &str, from: &str, arrow: Arrow) {
        let found = self.found(rule);
        let linked: FxHashMap<ComponentId, bool> = self
            .links(from, arrow)
            .map(|it| (it.target, found.contains(&self.architecture.link_name(it))))
            .collect();
        self.components(
            |it| linked.contains_key(&it.id),
            |it| usize::from(linked.get(&it.id) != Some(&true)),
        );
    }

    /// The arrows of links on which the rule finds something.
    pub(super) fn accepted_arrows(&mut self, rule: &str, from: &str) {
        let found = self.found(rule);
        for (arrow, detail) in ARROWS {
            if self.links(from, arrow).any(|it| found.contains(&self.architecture.link_name(it))) {
                self.word(sign(arrow), detail);
            }
        }
    }

    /// The links that come from a component with such an arrow.
    fn links(&self, from: &str, arrow: Arrow) -> impl Iterator<Item = &Link> {
        let links = self.component_at(from).into_iter().flat_map(|it| self.architecture.links_from(it));
        links.filter(move |it| it.arrow == arrow)
    }
}

fn named(Named { entity, name }: Named) -> Option<(ComponentId, String)> {
    match entity {
        Entity::Component(id) => Some((id, name)),
        Entity::Group(_) => None,
    }
}

/// How an arrow is written.
pub(super) fn sign(arrow: Arrow) -> &'static str {
    match arrow {
        Arrow::Sync => "->",
        Arrow::Async => "~>",
    }
}
