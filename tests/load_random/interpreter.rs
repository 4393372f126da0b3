//! The definitions of the load, one way at a time: from each entry along every link, as deep as it goes.

use super::drawing::{Drawing, DrawnFlow};
use loadpath::catalogue::Kind;
use loadpath::model::{Architecture, CallTree, Component, ComponentId, Link, LinkId, Property};
use loadpath::syntax::ast::Relation;

/// Reads, writes, and what is not said to be either.
type Amount = [f64; 3];

fn times(amount: Amount, factor: f64) -> Amount {
    amount.map(|it| it * factor)
}

fn add(to: &mut Amount, amount: Amount) {
    for (to, more) in to.iter_mut().zip(amount) {
        *to += more;
    }
}

/// A flow that is drawn, or one client's way by one of its targets.
struct Journey<'a> {
    flow: Option<&'a DrawnFlow>,
    entries: Vec<ComponentId>,
    first: Vec<LinkId>,
    reads: bool,
    writes: bool,
    amount: Option<Amount>,
}

pub(crate) struct Interpreter<'a> {
    architecture: &'a Architecture,
    drawing: &'a Drawing,
    pub(crate) components: Vec<Amount>,
    pub(crate) links: Vec<Amount>,
    /// What each cache or CDN answered.
    pub(crate) hits: Vec<f64>,
}

impl<'a> Interpreter<'a> {
    pub(crate) fn new(architecture: &'a Architecture, drawing: &'a Drawing) -> Self {
        Self {
            architecture,
            drawing,
            components: vec![[0.0; 3]; architecture.components().len()],
            links: vec![[0.0; 3]; architecture.links().len()],
            hits: vec![0.0; architecture.components().len()],
        }
    }

    pub(crate) fn run(&mut self) {
        for journey in self.journeys() {
            let Some(amount) = journey.amount else { continue };
            let share = 1.0 / journey.entries.len() as f64;
            for entry in &journey.entries {
                self.go(&journey, *entry, times(amount, share), None);
            }
        }
    }

    fn id(&self, name: &str) -> ComponentId {
        self.architecture.component_named(name).expect("it is drawn").id
    }

    fn link_of(&self, source: &str, target: &str) -> LinkId {
        let target = self.id(target);
        let mut links = self.architecture.links_from(self.id(source));
        links.find(|link| link.target == target).expect("it is drawn").id
    }

    // ---- what enters

    fn journeys(&self) -> Vec<Journey<'a>> {
        if self.drawing.flows.is_empty() {
            return self
                .drawing
                .clients
                .iter()
                .flat_map(|(name, rate)| self.of_client(name, *rate))
                .collect();
        }
        let mut journeys: Vec<Journey> =
            self.drawing.flows.iter().filter_map(|flow| self.of_flow(flow)).collect();
        let ratio = self.drawing.reads_per_write;
        let rate = self.drawing.rate;
        let of_mode = |rate: f64, reads: bool, writes: bool| -> Amount {
            match (reads, writes, ratio) {
                (true, false, _) => [rate, 0.0, 0.0],
                (false, true, _) => [0.0, rate, 0.0],
                (_, _, Some(ratio)) => [rate * ratio / (1.0 + ratio), rate / (1.0 + ratio), 0.0],
                _ => [0.0, 0.0, rate],
            }
        };
        let mut left = of_mode(rate, true, true);
        let mut spoken = 0.0;
        for journey in &mut journeys {
            let flow = journey.flow.expect("a flow");
            if let Some(rate) = flow.rate {
                let amount = of_mode(rate, journey.reads, journey.writes);
                journey.amount = Some(amount);
            } else if let Some(share) = flow.share {
                journey.amount = Some(of_mode(rate * share / 100.0, journey.reads, journey.writes));
                spoken += share / 100.0;
            }
        }
        // What is left after the shares and the rates, evenly over those who say neither.
        left = times(left, 1.0 - spoken);
        let taken: Amount = journeys.iter().filter(|it| it.flow.is_some_and(|it| it.rate.is_some())).fold(
            [0.0; 3],
            |mut sum, it| {
                add(&mut sum, it.amount.expect("its rate"));
                sum
            },
        );
        if ratio.is_some() {
            let reading = journeys.iter().filter(|it| it.amount.is_none() && it.reads).count() as f64;
            let writing = journeys.iter().filter(|it| it.amount.is_none() && it.writes).count() as f64;
            for journey in journeys.iter_mut().filter(|it| it.amount.is_none()) {
                let reads = if journey.reads { (left[0] - taken[0]).max(0.0) / reading } else { 0.0 };
                let writes = if journey.writes { (left[1] - taken[1]).max(0.0) / writing } else { 0.0 };
                journey.amount = Some([reads, writes, 0.0]);
            }
        } else {
            let all: f64 = taken.into_iter().sum();
            let open = journeys.iter().filter(|it| it.amount.is_none()).count() as f64;
            for journey in journeys.iter_mut().filter(|it| it.amount.is_none()) {
                let part = (left[2] - all).max(0.0) / open;
                journey.amount = Some(of_mode(part, journey.reads, journey.writes));
            }
        }
        journeys
    }

    fn of_flow(&self, flow: &'a DrawnFlow) -> Option<Journey<'a>> {
        let targets: Vec<&String> = flow.chains.iter().flat_map(|it| it.iter().skip(2).step_by(2)).collect();
        let mut entries: Vec<ComponentId> = Vec::new();
        for source in flow.chains.iter().flat_map(|it| it[..it.len() - 2].iter().step_by(2)) {
            let id = self.id(source);
            if !targets.contains(&source) && !entries.contains(&id) {
                entries.push(id);
            }
        }
        if flow.chains.is_empty() {
            let calls =
                |id: &ComponentId| self.architecture.links_from(*id).any(|it| !it.is_beside_the_path());
            entries = self.drawing.clients.iter().map(|it| self.id(&it.0)).filter(calls).collect();
        }
        (!entries.is_empty()).then(|| Journey {
            flow: Some(flow),
            entries,
            first: Vec::new(),
            reads: flow.mode != Some("writes"),
            writes: flow.mode != Some("reads"),
            amount: None,
        })
    }

    /// Each separate target of a client is a journey; what it brings is parted among them, reads among those that
    /// read and writes among those that write.
    fn of_client(&self, name: &str, rate: f64) -> Vec<Journey<'a>> {
        let entry = self.id(name);
        let mut starts: Vec<Vec<LinkId>> = Vec::new();
        for call in self.architecture.calls_of(entry) {
            part(&call.tree, &mut starts);
        }
        let link = |id: &LinkId| self.architecture.link(*id);
        starts.retain(|first| first.iter().any(|it| !link(it).is_beside_the_path()));
        let reads = |first: &Vec<LinkId>| first.iter().any(|it| !is_writes_only(link(it)));
        let writes = |first: &Vec<LinkId>| first.iter().any(|it| !is_reads_only(link(it)));
        let reading = starts.iter().filter(|it| reads(it)).count() as f64;
        let writing = starts.iter().filter(|it| writes(it)).count() as f64;
        let all = starts.len() as f64;
        starts
            .into_iter()
            .map(|first| {
                let (reads, writes) = (reads(&first), writes(&first));
                let amount = match (self.drawing.reads_per_write, reads, writes) {
                    (Some(ratio), ..) if reading > 0.0 && writing > 0.0 => {
                        let of_reads = rate * ratio / (1.0 + ratio) / reading;
                        let of_writes = rate / (1.0 + ratio) / writing;
                        [if reads { of_reads } else { 0.0 }, if writes { of_writes } else { 0.0 }, 0.0]
                    }
                    (_, true, false) => [rate / all, 0.0, 0.0],
                    (_, false, true) => [0.0, rate / all, 0.0],
                    _ => [0.0, 0.0, rate / all],
                };
                Journey { flow: None, entries: vec![entry], first, reads, writes, amount: Some(amount) }
            })
            .collect()
    }

    // ---- where it goes

    fn go(&mut self, journey: &Journey, at: ComponentId, amount: Amount, came: Option<LinkId>) {
        add(&mut self.components[at.0 as usize], amount);
        for (link, amount) in self.leaving(journey, at, amount, came) {
            add(&mut self.links[link.0 as usize], amount);
            self.go(journey, self.architecture.link(link).target, amount, Some(link));
        }
    }

    /// The steps of a chain, as links.
    fn steps(&self, chain: &[String]) -> Vec<LinkId> {
        (2..chain.len()).step_by(2).map(|at| self.link_of(&chain[at - 2], &chain[at])).collect()
    }

    fn chains(&self, journey: &Journey) -> Vec<Vec<LinkId>> {
        journey.flow.map_or(Vec::new(), |flow| flow.chains.iter().map(|it| self.steps(it)).collect())
    }

    fn takes(&self, journey: &Journey, link: LinkId) -> bool {
        self.chains(journey).iter().flatten().any(|step| *step == link)
    }

    fn is_open(&self, journey: &Journey, link: &Link, came: Option<LinkId>) -> bool {
        let target = self.architecture.component(link.target);
        if target.kind == Kind::Client
            || [Property::Startup, Property::Batch, Property::For].iter().any(|it| link.has(*it))
        {
            return false;
        }
        if journey.entries.contains(&link.source)
            && !journey.first.is_empty()
            && !journey.first.contains(&link.id)
        {
            return false;
        }
        let fits = (journey.reads || !is_reads_only(link)) && (journey.writes || !is_writes_only(link));
        let chains = self.chains(journey);
        if chains.is_empty() {
            return fits;
        }
        let steps = || chains.iter().flatten();
        if !steps().any(|it| *it == link.id) {
            let goes_on = steps().any(|it| self.architecture.link(*it).source == link.source);
            return fits && (link.is_async() || !goes_on);
        }
        // What comes by one chain goes on by it.
        let Some(came) = came else { return true };
        let follows = |step: LinkId| chains.iter().any(|it| it.windows(2).any(|two| two == [came, step]));
        let begins = chains.iter().any(|it| it[0] == link.id);
        follows(link.id) || begins || !steps().any(|it| follows(*it))
    }

    fn leaving(
        &mut self,
        journey: &Journey,
        at: ComponentId,
        amount: Amount,
        came: Option<LinkId>,
    ) -> Vec<(LinkId, Amount)> {
        let architecture = self.architecture;
        let component = architecture.component(at);
        let kind = component.kind;
        let is_open = |link: LinkId| self.is_open(journey, architecture.link(link), came);
        let mut trees: Vec<CallTree> =
            architecture.calls_of(at).filter_map(|call| call.tree.narrowed(&is_open)).collect();
        let is_router = matches!(kind, Kind::ApiGateway | Kind::ReverseProxy | Kind::Cdn);
        let mut out: Vec<(LinkId, Amount)> = Vec::new();
        if is_router || matches!(kind, Kind::LoadBalancer | Kind::Queue) {
            let mut apart: Vec<CallTree> = Vec::new();
            for tree in trees.drain(..) {
                flatten(tree, &mut apart);
            }
            // What a proxy itself uses is asked by every request.
            let is_used = |tree: &CallTree| match tree {
                CallTree::Link(link) => is_router && !self.serves(*link),
                CallTree::Set(..) => false,
            };
            let (used, routes): (Vec<CallTree>, Vec<CallTree>) = apart.into_iter().partition(is_used);
            for tree in &used {
                self.part(journey, tree, amount, &mut out);
            }
            match routes.len() {
                0 => {}
                1 => self.part(journey, &routes[0], amount, &mut out),
                _ if kind == Kind::Queue => {
                    self.part(journey, &CallTree::Set(Relation::Route, routes), amount, &mut out);
                }
                _ => {
                    let routes: Vec<CallTree> =
                        routes.into_iter().filter_map(|it| self.chosen(journey, it)).collect();
                    self.one_of(journey, &routes, amount, &mut out);
                }
            }
        } else {
            for tree in &trees {
                if let CallTree::Link(link) = tree {
                    let share = architecture.link(*link).figure(Property::Share).unwrap_or(1.0);
                    let is_alone = kind != Kind::Client
                        && architecture
                            .calls_of(at)
                            .any(|it| matches!(it.tree, CallTree::Link(it) if it == *link));
                    self.part(journey, tree, times(amount, if is_alone { share } else { 1.0 }), &mut out);
                    continue;
                }
                self.part(journey, tree, amount, &mut out);
            }
        }
        for (link, amount) in &mut out {
            *amount = self.over(journey, architecture.link(*link), *amount);
        }
        self.answer(component, &mut out);
        self.spare(journey, &mut out);
        out
    }

    fn serves(&self, link: LinkId) -> bool {
        let kind = self.architecture.component(self.architecture.link(link).target).kind;
        matches!(kind, Kind::Service | Kind::Worker | Kind::ObjectStore) || kind.is_proxy()
    }

    /// Of alternatives and routes those that the path names, where it names any.
    fn chosen(&self, journey: &Journey, tree: CallTree) -> Option<CallTree> {
        match tree {
            CallTree::Set(Relation::Any | Relation::Route | Relation::Else, _) => {
                tree.narrowed(&|link| self.takes(journey, link)).or(Some(tree))
            }
            tree => Some(tree),
        }
    }

    fn part(&self, journey: &Journey, tree: &CallTree, amount: Amount, out: &mut Vec<(LinkId, Amount)>) {
        let Some(tree) = self.chosen(journey, tree.clone()) else { return };
        match &tree {
            CallTree::Link(link) => out.push((*link, amount)),
            CallTree::Set(Relation::All, members) => {
                for member in members {
                    self.part(journey, member, amount, out);
                }
            }
            CallTree::Set(Relation::Else, members) => {
                self.part(journey, &members[0], amount, out);
                members[1..].iter().for_each(|it| self.part(journey, it, [0.0; 3], out));
            }
            CallTree::Set(_, members) => self.one_of(journey, members, amount, out),
        }
    }

    /// One of these, by their shares: reads among those that take reads, writes among those that take writes.
    fn one_of(
        &self,
        journey: &Journey,
        members: &[CallTree],
        amount: Amount,
        out: &mut Vec<(LinkId, Amount)>,
    ) {
        let mut parts = vec![[0.0; 3]; members.len()];
        for class in 0..3 {
            let open: Vec<usize> = (0..members.len())
                .filter(|at| {
                    members[*at].links().iter().any(|link| {
                        let link = self.architecture.link(*link);
                        !(class == 0 && is_writes_only(link) || class == 1 && is_reads_only(link))
                    })
                })
                .collect();
            let share = |at: usize| match &members[at] {
                CallTree::Link(link) => self.architecture.link(*link).figure(Property::Share),
                CallTree::Set(..) => None,
            };
            let stated: f64 = open.iter().filter_map(|at| share(*at)).sum();
            let unstated = open.iter().filter(|at| share(**at).is_none()).count();
            // Where all say theirs, these are parts of the whole, whatever they add up to.
            let whole = if unstated == 0 || stated > 1.0 { stated } else { 1.0 };
            for at in &open {
                let left = (whole - stated) / unstated.max(1) as f64;
                parts[*at][class] = amount[class] * share(*at).unwrap_or(left) / whole;
            }
        }
        for (member, amount) in members.iter().zip(parts) {
            self.part(journey, member, amount, out);
        }
    }

    fn over(&self, journey: &Journey, link: &Link, amount: Amount) -> Amount {
        let target = self.architecture.component(link.target);
        let shards = if link.has(Property::Scatter) { target.shards() } else { 1.0 };
        let [reads, writes, other] = times(amount, link.figure(Property::Calls).unwrap_or(1.0) * shards);
        if is_reads_only(link) {
            let looked_up = if journey.reads { 0.0 } else { writes };
            return [reads + other + looked_up, 0.0, 0.0];
        }
        if is_writes_only(link) {
            let noted_down = if journey.writes { 0.0 } else { reads };
            return [0.0, writes + other + noted_down, 0.0];
        }
        let looks = target.kind == Kind::Cache && !writes_through(target) && !self.leads_on(journey, link);
        if target.kind == Kind::Identity || looks {
            [reads + writes, 0.0, other]
        } else {
            [reads, writes, other]
        }
    }

    /// Whether a store is written to only by way of the cache that a link calls.
    fn leads_on(&self, journey: &Journey, link: &Link) -> bool {
        let writing = |from: ComponentId| -> Vec<ComponentId> {
            let ways = self.architecture.links_from(from);
            ways.filter(|it| self.is_open(journey, it, None) && !is_reads_only(it))
                .map(|it| it.target)
                .collect()
        };
        let direct = writing(link.source);
        writing(link.target)
            .iter()
            .any(|it| self.architecture.component(*it).kind.is_store() && !direct.contains(it))
    }

    /// A CDN, and a cache that fetches, answers its hits.
    fn answer(&mut self, component: &Component, out: &mut [(LinkId, Amount)]) {
        if !matches!(component.kind, Kind::Cdn | Kind::Cache) {
            return;
        }
        for (link, amount) in out {
            let link = self.architecture.link(*link);
            let most = link.figure(Property::Cacheable).unwrap_or(1.0);
            let hits = amount[0] * component.figure(Property::HitRatio).expect("drawn").min(most);
            amount[0] -= hits;
            self.hits[component.id.0 as usize] += hits;
        }
    }

    /// The cache that a caller asks answers for the stores that it calls as well.
    fn spare(&mut self, journey: &Journey, out: &mut [(LinkId, Amount)]) {
        let targets: Vec<ComponentId> = out.iter().map(|it| self.architecture.link(it.0).target).collect();
        for id in targets {
            let cache = self.architecture.component(id);
            if cache.kind != Kind::Cache {
                continue;
            }
            let callers: Vec<ComponentId> =
                self.architecture.links_to(id).map(|it| it.source).chain([id]).collect();
            let fetched: Vec<ComponentId> = self
                .architecture
                .links_from(id)
                .filter(|it| self.is_open(journey, it, None))
                .map(|it| it.target)
                .collect();
            for (link, amount) in out.iter_mut() {
                let link = self.architecture.link(*link);
                let store = self.architecture.component(link.target);
                let is_cached = store.kind == Kind::Database
                    && self
                        .architecture
                        .links_to(store.id)
                        .any(|it| !it.is_async() && callers.contains(&it.source));
                if !is_cached {
                    continue;
                }
                if fetched.contains(&store.id) && !is_reads_only(link) {
                    amount[0] = 0.0;
                    if writes_through(cache) && !is_writes_only(link) {
                        amount[1] = 0.0;
                    }
                } else {
                    let hits = amount[0] * cache.figure(Property::HitRatio).expect("drawn");
                    self.hits[id.0 as usize] += hits;
                    amount[0] -= hits;
                }
            }
        }
    }
}

fn part(tree: &CallTree, starts: &mut Vec<Vec<LinkId>>) {
    match tree {
        CallTree::Set(Relation::All | Relation::Route, members) => {
            for member in members {
                part(member, starts);
            }
        }
        tree => starts.push(tree.links()),
    }
}

fn flatten(tree: CallTree, into: &mut Vec<CallTree>) {
    match tree {
        CallTree::Set(Relation::All, members) => members.into_iter().for_each(|it| flatten(it, into)),
        tree => into.push(tree),
    }
}

fn is_reads_only(link: &Link) -> bool {
    link.has(Property::Reads) && !link.has(Property::Writes)
}

fn is_writes_only(link: &Link) -> bool {
    link.has(Property::Writes) && !link.has(Property::Reads)
}

fn writes_through(cache: &Component) -> bool {
    ["write_through", "write_behind"].iter().any(|it| cache.is(Property::Strategy, it))
}
