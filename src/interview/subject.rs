//! What is judged: a design with all that was found in it.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;

use super::ladder::{self, Bottleneck};
use crate::analysis::Analysis;
use crate::analysis::asking;
use crate::catalogue::Kind;
use crate::check::{Checked, Suppressed};
use crate::diagnostic::Diagnostic;
use crate::model::{Architecture, Component, ComponentId, Properties, Property};
use crate::rules;
use crate::source::Span;

/// A finding that its author accepts, as it is told: with the reason, where there is one.
pub(super) fn told_as_accepted(finding: &Suppressed) -> String {
    let reason = finding.reason.as_deref().map_or_else(String::new, |it| format!(", \"{it}\""));
    format!("accepted{reason}: {}", finding.diagnostic.message)
}

/// A checked design, and its findings of all levels, the gravest first: before all others what can't be read.
pub(super) struct Subject<'a> {
    pub(super) design: &'a Checked,
    pub(super) architecture: &'a Architecture,
    pub(super) analysis: &'a Analysis,
    pub(super) findings: Vec<&'a Diagnostic>,
    explained: OnceCell<Vec<Suppressed>>,
    /// What is full first as the load grows.
    pub(super) bottlenecks: Vec<Bottleneck>,
}

impl<'a> Subject<'a> {
    pub(super) fn of(design: &'a Checked) -> Self {
        let Checked { architecture, analysis, diagnostics, known, unshown, .. } = design;
        let mut findings: Vec<&Diagnostic> = diagnostics.iter().chain(known).chain(unshown).collect();
        // What can't be read as it is meant makes wrong what follows from it. Those of one level stay in the order of the text.
        findings.sort_by_key(|it| (it.severity, !rules::is_of_the_language(it.code)));
        let bottlenecks = ladder::bottlenecks(architecture, &analysis.load);
        Self { design, architecture, analysis, findings, bottlenecks, explained: OnceCell::new() }
    }

    /// What there is too much of, with the reasons that its author gives.
    pub(super) fn explained(&self) -> &[Suppressed] {
        self.explained.get_or_init(|| self.design.explained())
    }

    /// What is accepted, by an `allow` or with a `because`.
    pub(super) fn accepted(&self) -> impl Iterator<Item = &Suppressed> {
        self.design.suppressed.iter().chain(self.explained())
    }

    /// The first finding of a rule.
    pub(super) fn found(&self, code: &str) -> Option<&'a Diagnostic> {
        self.findings.iter().copied().find(|it| it.code == code)
    }

    /// Whether so few use it that little is asked of it.
    pub(super) fn is_small(&self) -> bool {
        asking::is_small(self.architecture, self.analysis)
    }

    /// Whether anything is drawn.
    pub(super) fn is_empty(&self) -> bool {
        self.architecture.components().len() == 0
    }

    /// What of some properties the system states, else a flow, else a component: the first, with where it stands.
    pub(super) fn stated(&self, properties: &[Property]) -> Option<(Property, Span)> {
        let of = |bearer: &Properties| {
            properties
                .iter()
                .find_map(|it| bearer.span(*it).filter(|_| bearer.is_stated(*it)).map(|span| (*it, span)))
        };
        of(&self.architecture.system.properties)
            .or_else(|| self.architecture.flows().find_map(|flow| of(flow)))
            .or_else(|| self.architecture.components().find_map(|it| of(it)))
    }

    /// Whether what stands at a place is a figure that nothing has: it is no answer.
    pub(super) fn is_unreal(&self, place: Span) -> bool {
        self.findings.iter().any(|it| it.code == "LP907" && it.span() == place)
    }

    /// What stands at a place: `daily_users = 10M`.
    pub(super) fn text(&self, place: Span) -> String {
        self.design.sources.text(place).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether somebody's request comes to a part that does something: more than an arrow to a proxy that leads nowhere.
    pub(super) fn leads_somewhere(&self) -> bool {
        self.reached().any(|it| !it.kind.is_proxy() && it.kind != Kind::Dns)
    }

    /// The components that no arrow leads to from anybody who uses the design, nor from what runs by itself.
    pub(super) fn unreached(&self) -> Vec<&'a Component> {
        let architecture = self.architecture;
        let starts = |it: &&Component| {
            let runs_by_itself =
                matches!(it.kind, Kind::Worker | Kind::Scheduler | Kind::Function | Kind::Monitoring);
            it.kind.is_outside() || runs_by_itself || self.analysis.load.component(it.id).is_reached
        };
        let mut found: Vec<ComponentId> = architecture.components().filter(starts).map(|it| it.id).collect();
        let mut seen: FxHashSet<ComponentId> = found.iter().copied().collect();
        let mut at = 0;
        while let Some(id) = found.get(at).copied() {
            at += 1;
            let targets = architecture.links_from(id).map(|it| it.target);
            found.extend(targets.filter(|it| seen.insert(*it)));
        }
        // Names are asked without an arrow, and what is linked to nothing has a rule of its own.
        let is_lost = |it: &&Component| {
            !seen.contains(&it.id) && it.kind != Kind::Dns && architecture.links_from(it.id).len() > 0
        };
        let has_users = architecture.components().any(|it| it.kind.is_outside());
        if has_users { architecture.components().filter(is_lost).collect() } else { Vec::new() }
    }

    /// The components that requests come to.
    pub(super) fn reached(&self) -> impl Iterator<Item = &'a Component> {
        let load = &self.analysis.load;
        let is_reached = |it: &&Component| {
            let demand = load.component(it.id);
            (demand.is_reached || demand.is_partial) && !it.kind.is_outside()
        };
        self.architecture.components().filter(is_reached)
    }
}
