//! What a component needs to do its part of a journey: all of these, any one of those.
//!
//! The rules of `needed` stand here once; availability, load and every rule about a path ask this module.

use rustc_hash::FxHashSet;

use super::journey::Journey;
use crate::catalogue::Kind;
use crate::model::{Architecture, Call, CallTree, Component, ComponentId, Link, LinkId, Path, Property};
use crate::syntax::ast::Relation;

/// What must be up beside the component itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    /// The target of a link, and the link.
    Link(LinkId),
    /// A component that is asked without a link: a `dns` by who comes from outside.
    Asked(ComponentId),
    /// All of these.
    All(Vec<Need>),
    /// Any one of these: a pool.
    Any(Vec<Need>),
    /// A pool whose chooser does not look who is alive: it answers as its members do on average.
    Unchecked(Vec<Need>),
    /// The first that is up.
    Else(Vec<Need>),
    /// One of these, by case: a journey is split by them before it is judged.
    Routes(Vec<Need>),
}

impl Need {
    /// All links in it, in order.
    pub fn links(&self) -> Vec<LinkId> {
        let mut links = Vec::new();
        self.visit_links(&mut |link| links.push(link));
        links
    }

    /// The links whose targets must all be up, in order.
    pub fn visit_required(&self, visit: &mut impl FnMut(LinkId)) {
        match self {
            Self::Link(link) => visit(*link),
            Self::All(members) => members.iter().for_each(|member| member.visit_required(visit)),
            _ => {}
        }
    }

    fn visit_links(&self, visit: &mut impl FnMut(LinkId)) {
        match self {
            Self::Link(link) => visit(*link),
            Self::Asked(_) => {}
            Self::All(members)
            | Self::Any(members)
            | Self::Unchecked(members)
            | Self::Else(members)
            | Self::Routes(members) => members.iter().for_each(|member| member.visit_links(visit)),
        }
    }
}

/// The first routes in a need, as the links of each.
pub(super) fn routes(need: &Need) -> Option<Vec<Vec<LinkId>>> {
    match need {
        Need::Link(_) | Need::Asked(_) => None,
        Need::Routes(members) => Some(members.iter().map(Need::links).collect()),
        Need::All(members) | Need::Any(members) | Need::Unchecked(members) | Need::Else(members) => {
            members.iter().find_map(routes)
        }
    }
}

/// A design as one journey sees it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The design.
    pub architecture: &'a Architecture,
    /// The journey.
    pub journey: &'a Journey,
    /// Caches whose store could not carry the journey's reads without them.
    pub cold_caches: Option<&'a FxHashSet<ComponentId>>,
    /// Whether what comes after a `~>` counts as well: the journey is completed, not only accepted.
    pub is_completed: bool,
    /// Whether it is asked what takes time, not what must be up: then what is optional and what a cache spares count
    /// as well, and among routes that are not told apart one is taken, not all.
    pub is_timed: bool,
}

impl<'a> View<'a> {
    /// The journey up to and with its queues.
    pub fn new(architecture: &'a Architecture, journey: &'a Journey) -> Self {
        Self { architecture, journey, cold_caches: None, is_completed: false, is_timed: false }
    }

    /// What the journey waits for.
    pub fn timed(architecture: &'a Architecture, journey: &'a Journey) -> Self {
        Self { is_timed: true, ..Self::new(architecture, journey) }
    }

    fn path(&self) -> Option<&'a Path> {
        self.journey.flow.map(|flow| &self.architecture.flow(flow).path).filter(|path| !path.is_empty())
    }

    /// Whether the journey's path is written and takes this link.
    pub fn takes(&self, link: LinkId) -> bool {
        self.path().is_some_and(|path| path.takes(link))
    }

    /// Whether the journey's path is written and goes on from this component.
    pub fn goes_on(&self, component: ComponentId) -> bool {
        self.path().is_some_and(|path| !path.steps_from(component).is_empty())
    }

    /// What a component needs in this journey, itself aside.
    pub fn need(&self, id: ComponentId) -> Need {
        let component = self.architecture.component(id);
        let mut needs = self.needs_of_calls(component);
        if component.kind.is_outside() && self.journey.entries.contains(&id) {
            needs.extend(self.asked_names(id));
        }
        one_or_all(needs)
    }

    /// Every `dns` that nothing is linked to is asked by whoever comes from outside.
    fn asked_names(&self, entry: ComponentId) -> impl Iterator<Item = Need> + use<'a> {
        let architecture = self.architecture;
        let is_linked = move |dns: ComponentId| architecture.links_to(dns).any(|link| link.source == entry);
        let unlinked = architecture.unlinked_names().iter().copied();
        unlinked.filter(move |dns| !is_linked(*dns)).map(Need::Asked)
    }

    /// All that a component can't do without, itself first; none once `looks_left` components were looked at.
    pub fn waited_for(&self, id: ComponentId, looks_left: &mut usize) -> Option<Vec<ComponentId>> {
        let mut found = vec![id];
        let mut seen: FxHashSet<ComponentId> = found.iter().copied().collect();
        let mut at = 0;
        while let Some(id) = found.get(at).copied() {
            at += 1;
            *looks_left = looks_left.checked_sub(1)?;
            self.need(id).visit_required(&mut |link| {
                let target = self.architecture.link(link).target;
                if seen.insert(target) {
                    found.push(target);
                }
            });
        }
        Some(found)
    }

    fn needs_of_calls(&self, component: &Component) -> Vec<Need> {
        let architecture = self.architecture;
        let calls = self.journey.calls_from(architecture, component.id);
        let needed: Vec<CallTree> = calls
            .filter_map(|call: &Call| call.tree.narrowed(&|link| self.is_needed(architecture.link(link))))
            .collect();
        let chosen = self.journey.routes.get(&component.id);
        if component.kind.is_chooser() {
            self.needs_of_chooser(component, needed, chosen)
        } else if component.kind.is_router() {
            self.needs_of_router(needed, chosen)
        } else {
            needed.iter().filter_map(|tree| self.need_of_tree(component, tree, chosen)).collect()
        }
    }

    /// From a balancer targets of one kind are a pool, unless something tells them apart; targets of several
    /// kinds are routes.
    fn needs_of_chooser(
        &self,
        component: &Component,
        needed: Vec<CallTree>,
        chosen: Option<&Vec<LinkId>>,
    ) -> Vec<Need> {
        let (single, mut needs) = self.part(component, needed, chosen);
        let mut kinds: Vec<(Kind, Vec<LinkId>)> = Vec::new();
        for link in single {
            let kind = self.architecture.component(self.architecture.link(link).target).kind;
            match kinds.iter_mut().find(|(it, _)| *it == kind) {
                Some((_, links)) => links.push(link),
                None => kinds.push((kind, vec![link])),
            }
        }
        let mut routes: Vec<Need> = Vec::new();
        for (_, links) in kinds {
            if links.len() > 1 && !self.are_told_apart(component, &links) {
                let is_unchecked = self.is_unchecked(component, &links);
                let members = links.into_iter().map(Need::Link).collect();
                routes.push(if is_unchecked { Need::Unchecked(members) } else { Need::Any(members) });
            } else {
                routes.extend(links.into_iter().map(Need::Link));
            }
        }
        needs.extend(self.choose(routes, chosen));
        needs
    }

    /// From a gateway or proxy what serves requests is a route each; what it uses itself it needs.
    fn needs_of_router(&self, needed: Vec<CallTree>, chosen: Option<&Vec<LinkId>>) -> Vec<Need> {
        let Some(first) = needed.first().map(CallTree::links).and_then(|links| links.first().copied()) else {
            return Vec::new();
        };
        let source = self.architecture.component(self.architecture.link(first).source);
        let (single, mut needs) = self.part(source, needed, chosen);
        let mut routes: Vec<Need> = Vec::new();
        for link in single {
            let kind = self.architecture.component(self.architecture.link(link).target).kind;
            if serves_requests(kind) {
                routes.push(Need::Link(link));
            } else {
                needs.push(Need::Link(link));
            }
        }
        needs.extend(self.choose(routes, chosen));
        needs
    }

    /// Parts what a proxy is linked to one by one (or by `,`) from the sets that say how they relate.
    fn part(
        &self,
        component: &Component,
        needed: Vec<CallTree>,
        chosen: Option<&Vec<LinkId>>,
    ) -> (Vec<LinkId>, Vec<Need>) {
        let mut single = Vec::new();
        let mut needs = Vec::new();
        let mut waiting = needed;
        waiting.reverse();
        while let Some(tree) = waiting.pop() {
            match tree {
                CallTree::Link(link) => single.push(link),
                CallTree::Set(Relation::All, members) => waiting.extend(members.into_iter().rev()),
                CallTree::Set(..) => needs.extend(self.need_of_tree(component, &tree, chosen)),
            }
        }
        (single, needs)
    }

    /// The route that the journey takes where it is split, else all of them.
    fn choose(&self, mut routes: Vec<Need>, chosen: Option<&Vec<LinkId>>) -> Option<Need> {
        if let Some(chosen) = chosen
            && routes.iter().any(|route| route.links().iter().any(|link| chosen.contains(link)))
        {
            routes.retain(|route| route.links().iter().any(|link| chosen.contains(link)));
        }
        match routes.len() {
            0 => None,
            1 => routes.pop(),
            _ if self.journey.needs_all_routes && !self.is_timed => Some(Need::All(routes)),
            _ => Some(Need::Routes(routes)),
        }
    }

    /// Whether it is stated, by the chooser or by its links, that it does not look who is alive.
    fn is_unchecked(&self, chooser: &Component, links: &[LinkId]) -> bool {
        let mut links = links.iter().map(|link| self.architecture.link(*link));
        links.all(|link| {
            link.is_absent(Property::HealthCheck)
                || chooser.is_absent(Property::HealthCheck) && !link.has(Property::HealthCheck)
        })
    }

    /// Whether a flow's path names one of the targets without the others, or they need different things.
    fn are_told_apart(&self, component: &Component, links: &[LinkId]) -> bool {
        let by_path = self.architecture.flows().any(|flow| {
            let taken = links.iter().filter(|link| flow.path.takes(**link)).count();
            taken > 0 && taken < links.len()
        });
        if by_path {
            return true;
        }
        let needed_by = |link: &LinkId| {
            let target = self.architecture.component(self.architecture.link(*link).target);
            let mut targets: Vec<ComponentId> = self
                .architecture
                .links_from(target.id)
                .filter(|link| self.is_needed(link) && link.target != component.id)
                .map(|link| link.target)
                .collect();
            targets.sort_unstable();
            targets.dedup();
            // Members of one pool may call each other: that tells nothing apart.
            targets.retain(|id| !links.iter().any(|it| self.architecture.link(*it).target == *id));
            targets
        };
        let mut needs = links.iter().map(needed_by);
        let first = needs.next();
        needs.any(|it| Some(&it) != first.as_ref())
    }

    fn need_of_tree(
        &self,
        component: &Component,
        tree: &CallTree,
        chosen: Option<&Vec<LinkId>>,
    ) -> Option<Need> {
        match tree {
            CallTree::Link(link) => Some(Need::Link(*link)),
            CallTree::Set(relation, members) => {
                let mut needs: Vec<Need> =
                    members.iter().filter_map(|it| self.need_of_tree(component, it, chosen)).collect();
                if needs.len() < 2 {
                    return needs.pop();
                }
                Some(match relation {
                    Relation::All => Need::All(needs),
                    Relation::Any if self.is_unchecked(component, &tree.links()) => Need::Unchecked(needs),
                    Relation::Any => Need::Any(needs),
                    Relation::Else => Need::Else(needs),
                    Relation::Route => return self.choose(needs, chosen),
                })
            }
        }
    }

    /// Whether the journey waits for what a link leads to.
    pub fn is_needed(&self, link: &Link) -> bool {
        self.is_on_way(link) && !self.is_spared(link)
    }

    /// Whether the journey comes by this link at all, the cache's grace aside.
    fn is_on_way(&self, link: &Link) -> bool {
        let target = self.architecture.component(link.target);
        let source = self.architecture.component(link.source);
        if self.is_beside(link)
            || target.kind.is_caller_only()
            || self.journey.is_called_back_by(self.architecture, link)
        {
            return false;
        }
        if self.journey.entries.contains(&link.source) && !self.starts_with(link) {
            return false;
        }
        let takes = self.takes(link.id);
        if !takes && !self.fits_mode(link) {
            return false;
        }
        if !takes && self.goes_on(link.source) && !self.is_asked_name(source, target) {
            return false;
        }
        if source.kind.is_queue() {
            // What comes out of a queue is waited for only by who waits for the end.
            return self.is_completed && takes;
        }
        if !link.is_async() {
            return true;
        }
        if self.is_timed {
            return self.is_completed && takes;
        }
        if target.kind.is_queue() {
            return !drops(link) && !drops(target);
        }
        link.has(Property::Required) || (self.is_completed && takes)
    }

    /// Whether nobody on the path has to do with a link. An optional call is waited for, and a copy that the end of a
    /// path waits for is named by it.
    fn is_beside(&self, link: &Link) -> bool {
        if !self.is_timed {
            return link.is_beside_the_path();
        }
        let never = [Property::Startup, Property::Batch, Property::For];
        never.into_iter().any(|property| link.has(property))
            || link.copies_data() && !(self.is_completed && self.takes(link.id))
    }

    fn starts_with(&self, link: &Link) -> bool {
        let source = self.architecture.component(link.source);
        let target = self.architecture.component(link.target);
        self.journey.first.is_empty()
            || self.journey.first.contains(&link.id)
            || self.is_asked_name(source, target)
    }

    /// Whether the target is a `dns` that only answers: nothing passes through it.
    fn is_asked_name(&self, source: &Component, target: &Component) -> bool {
        source.kind.is_outside()
            && target.kind == Kind::Dns
            && self.architecture.links_from(target.id).len() == 0
    }

    fn fits_mode(&self, link: &Link) -> bool {
        let mode = self.journey.mode;
        (mode.reads || !link.is_reads_only()) && (mode.writes || !link.is_writes_only())
    }

    /// Whether a cache can be done without, or a store behind a cache that writes later.
    fn is_spared(&self, link: &Link) -> bool {
        let source = self.architecture.component(link.source);
        let target = self.architecture.component(link.target);
        if source.kind == Kind::Cache
            && source.is(Property::Strategy, "write_behind")
            && target.kind.is_store()
        {
            return !self.journey.mode.reads;
        }
        if self.is_timed {
            return false;
        }
        if target.kind != Kind::Cache || target.has(Property::SourceOfTruth) {
            return false;
        }
        match target.word(Property::Strategy) {
            None | Some("cache_aside" | "refresh_ahead") => {}
            Some(_) => return false,
        }
        if !self.has_another_way(link) {
            return false;
        }
        let is_cold = self.cold_caches.is_some_and(|caches| caches.contains(&target.id));
        !(is_cold && self.journey.mode.reads)
    }

    /// Whether the cache's caller comes to what it caches without it.
    fn has_another_way(&self, link: &Link) -> bool {
        let cached = self.architecture.references(self.architecture.component(link.target), Property::Caches);
        let mut waiting: Vec<ComponentId> = self
            .architecture
            .links_from(link.source)
            .filter(|other| other.target != link.target && self.is_on_way(other))
            .map(|other| other.target)
            .collect();
        if cached.is_empty() {
            return waiting.iter().any(|id| self.architecture.component(*id).kind.is_store());
        }
        let mut seen: FxHashSet<ComponentId> = waiting.iter().copied().collect();
        seen.insert(link.source);
        while let Some(at) = waiting.pop() {
            if cached.contains(&at) {
                return true;
            }
            for other in self.architecture.links_from(at) {
                if !other.is_async() && !other.is_beside_the_path() && seen.insert(other.target) {
                    waiting.push(other.target);
                }
            }
        }
        false
    }
}

/// Whether requests are passed on to this kind: the rest is used by the proxy itself.
pub(super) fn serves_requests(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Service
            | Kind::Function
            | Kind::ObjectStore
            | Kind::FileStore
            | Kind::External
            | Kind::ThirdParty
            | Kind::Worker
    ) || kind.is_proxy()
}

/// Whether a full queue loses the message instead of holding up its sender.
fn drops(properties: &crate::model::Properties) -> bool {
    properties.is(Property::OnFull, "drop")
}

fn one_or_all(mut needs: Vec<Need>) -> Need {
    if needs.len() == 1 { needs.pop().expect("one is left") } else { Need::All(needs) }
}
