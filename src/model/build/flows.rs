//! Flows: the declared links that each chain of a flow's path takes.

use rustc_hash::FxHashSet;

use super::{Builder, Entity};
use crate::diagnostic::Label;
use crate::model::component::ComponentId;
use crate::model::link::{Link, LinkId};
use crate::model::property::Owner;
use crate::model::{Fault, FaultKind, Flow, FlowId, Path, Property, values};
use crate::source::Span;
use crate::syntax::ast::{self, Arrow, Relation, Targets};

impl<'a> Builder<'a> {
    pub(super) fn declare_flow(&mut self, flow: &'a ast::Flow) {
        if let Some(first) = self.flows.get(&flow.name.text) {
            let first = self.architecture.flow(*first).span;
            self.duplicate(
                &format!("the flow `{}` is declared twice", flow.name.text),
                flow.name.span,
                first,
                "rename one of them",
            );
            return;
        }
        let id = FlowId(self.architecture.flows.len() as u32);
        let written = flow.properties.iter();
        let properties =
            values::properties(written, Owner::Flow, &flow.name.text, &mut self.architecture.faults);
        self.flows.insert(flow.name.text.clone(), id);
        self.architecture.flows.push(Flow {
            id,
            name: flow.name.text.clone(),
            label: flow.label.as_ref().map(|label| label.value.clone()),
            tags: flow.tags.iter().map(|tag| tag.text.clone()).collect(),
            properties,
            path: Path::default(),
            is_lost: false,
            is_bare: flow.is_bare,
            span: flow.name.span,
        });
    }

    pub(super) fn flow_path(&mut self, flow: &'a ast::Flow) {
        let Some(id) = self.flows.get(&flow.name.text).copied() else { return };
        if self.architecture.flow(id).span != flow.name.span {
            return;
        }
        let mut path = Path::default();
        let mut sources: Vec<ComponentId> = Vec::new();
        for chain in &flow.chains {
            self.chain(id, chain, &mut path, &mut sources);
        }
        let targets: FxHashSet<ComponentId> =
            path.steps.iter().map(|step| self.architecture.link(*step).target).collect();
        path.heads = sources.iter().copied().filter(|source| !targets.contains(source)).collect();
        path.heads.dedup();
        // A path that leads back to its start begins where it is written first.
        if path.heads.is_empty() {
            path.heads.extend(sources.first().copied());
        }
        let mut seen = FxHashSet::default();
        path.heads.retain(|head| seen.insert(*head));
        let is_lost = path.is_empty() && (!flow.is_whole || !flow.chains.is_empty());
        let flow = &mut self.architecture.flows[id.0 as usize];
        (flow.path, flow.is_lost) = (path, is_lost);
    }

    fn chain(&mut self, flow: FlowId, chain: &'a ast::Chain, path: &mut Path, heads: &mut Vec<ComponentId>) {
        if self.is_property_slip(chain, flow) {
            return;
        }
        let mut sources = self.path_ends(&chain.from);
        heads.extend(sources.iter().map(|(id, _)| *id));
        let mut gap: Option<Span> = None;
        let mut came: Vec<LinkId> = Vec::new();
        for hop in &chain.hops {
            if let Targets::Gap(span) = hop.to {
                gap = Some(span);
                continue;
            }
            let targets = self.path_ends(&hop.to);
            let mut reached: Vec<(ComponentId, Span)> = Vec::new();
            let mut taken: Vec<LinkId> = Vec::new();
            for (target, span) in targets {
                let mut is_linked = false;
                for (source, _) in &sources {
                    let steps: Vec<LinkId> = match gap {
                        None => self.step(flow, *source, target, hop.arrow).into_iter().collect(),
                        Some(_) => self.only_way(*source, target),
                    };
                    let before = || came.iter().filter(|it| self.architecture.link(**it).target == *source);
                    path.connect(before().copied().collect(), &steps);
                    taken.extend(steps.last());
                    for step in steps {
                        is_linked = true;
                        if path.spans.insert(step, span).is_none() {
                            path.steps.push(step);
                            let source = self.architecture.link(step).source;
                            path.from.entry(source).or_default().push(step);
                        }
                    }
                }
                if !is_linked && !sources.is_empty() {
                    self.unlinked(flow, &sources, target, span, hop, gap);
                }
                if !reached.iter().any(|(it, _)| *it == target) {
                    reached.push((target, span));
                }
            }
            sources = reached;
            came = taken;
            gap = None;
        }
    }

    /// `{ writes, a -> b }`: a comma where the properties end.
    fn is_property_slip(&mut self, chain: &ast::Chain, flow: FlowId) -> bool {
        let Targets::Set(Relation::All, members, _) = &chain.from else { return false };
        let Some(Targets::End(path)) = members.first() else { return false };
        let Some(only) = path.only() else { return false };
        let is_property = Property::parse(only).is_some_and(|it| it.belongs_to(Owner::Flow));
        if !is_property || self.find(path, None).is_ok() {
            return false;
        }
        let element = self.architecture.flow(flow).name.to_string();
        self.architecture.faults.push(Fault {
            kind: FaultKind::Syntax,
            message: "`,` stands between the properties and the path".to_owned(),
            labels: vec![Label {
                span: path.span,
                message: "a property, and no step of the path".to_owned(),
                element: None,
            }],
            help: Some("end the properties with `;` or a new line".to_owned()),
            fix: None,
            element,
        });
        true
    }

    fn path_ends(&mut self, targets: &Targets) -> Vec<(ComponentId, Span)> {
        self.ends(targets, None)
            .into_iter()
            .filter_map(|(entity, span)| match entity {
                Entity::Component(id) => Some((id, span)),
                Entity::Group(_) => {
                    self.fault(
                        FaultKind::UnlinkedPath,
                        "a flow passes components, not groups".to_owned(),
                        span,
                        "a group",
                        Some("name the component inside it".to_owned()),
                    );
                    None
                }
            })
            .collect()
    }

    /// The declared link of one step; of several the one that fits the flow's reads or writes.
    fn step(&self, flow: FlowId, source: ComponentId, target: ComponentId, arrow: Arrow) -> Option<LinkId> {
        let flow = self.architecture.flow(flow);
        let fits = |link: &Link| {
            !(flow.is_reads_only() && link.is_writes_only() || flow.is_writes_only() && link.is_reads_only())
        };
        let mut twins = self.twins(source, target, arrow);
        twins.clone().find(|id| fits(self.architecture.link(*id))).or_else(|| twins.next())
    }

    /// The links of the only way from one component to another; nothing where there is none or more than one.
    fn only_way(&self, source: ComponentId, target: ComponentId) -> Vec<LinkId> {
        let reaches = self.ancestors(target);
        let mut way = Vec::new();
        let mut seen = FxHashSet::default();
        let mut at = source;
        while at != target {
            if !seen.insert(at) {
                return Vec::new();
            }
            let mut on = self.architecture.links_from(at).filter(|link| {
                !link.copies_data() && (link.target == target || reaches.contains(&link.target))
            });
            match (on.next(), on.next()) {
                (Some(link), None) => {
                    way.push(link.id);
                    at = link.target;
                }
                _ => return Vec::new(),
            }
        }
        way
    }

    fn ancestors(&self, of: ComponentId) -> FxHashSet<ComponentId> {
        let mut found = FxHashSet::default();
        let mut waiting = vec![of];
        while let Some(at) = waiting.pop() {
            for link in self.architecture.links_to(at).filter(|link| !link.copies_data()) {
                if found.insert(link.source) {
                    waiting.push(link.source);
                }
            }
        }
        found
    }

    fn unlinked(
        &mut self,
        flow: FlowId,
        sources: &[(ComponentId, Span)],
        target: ComponentId,
        span: Span,
        hop: &ast::Hop,
        gap: Option<Span>,
    ) {
        let architecture = &self.architecture;
        let flow = architecture.flow(flow).name.clone();
        let (source, source_span) = sources[0];
        let names = (&architecture.component(source).name, &architecture.component(target).name);
        let (word, other, turned) = match hop.arrow {
            Arrow::Sync => ("->", Arrow::Async, "~>"),
            Arrow::Async => ("~>", Arrow::Sync, "->"),
        };
        let (message, help) = if gap.is_some() {
            (
                format!(
                    "`{flow}` leaves out the way from `{}` to `{}`, and there is not just one",
                    names.0, names.1
                ),
                "name the components between".to_owned(),
            )
        } else {
            let help = if self.seen_links.contains_key(&(source, target, other)) {
                format!("the link is `{} {turned} {}`; write it so here", names.0, names.1)
            } else if self.seen_links.contains_key(&(target, source, hop.arrow)) {
                format!("the link is `{} {word} {}`; turn the step round", names.1, names.0)
            } else {
                format!("declare the link `{} {word} {}`, or take the step out", names.0, names.1)
            };
            (format!("`{flow}` goes from `{}` to `{}`, but no link does", names.0, names.1), help)
        };
        let labels = vec![
            Label { span, message: "not linked".to_owned(), element: Some(names.1.to_string()) },
            Label { span: source_span, message: "from here".to_owned(), element: Some(names.0.to_string()) },
        ];
        self.architecture.faults.push(Fault {
            kind: FaultKind::UnlinkedPath,
            message,
            labels,
            help: Some(help),
            fix: None,
            element: flow.to_string(),
        });
    }
}
