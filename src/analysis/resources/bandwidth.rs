//! Bytes over the network: how many each link carries at peak, and what comes to a node and goes from it.

use rustc_hash::FxHashMap;

use super::{Limit, nodes};
use crate::analysis::load::{Load, has_unreadable_standby};
use crate::analysis::storage;
use crate::figures;
use crate::model::{Architecture, Component, Flow, Link, LinkId, Property};
use crate::quantity::{Rate, Size, Throughput};
use crate::worked::Worked;

/// What one call carries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Payload {
    /// How much.
    pub size: Size,
    /// Whether it is taken to be one record, for want of a payload.
    pub is_record: bool,
}

/// What a link carries at peak in one direction.
#[derive(Clone, Debug)]
pub struct Bytes<'a> {
    /// Which.
    pub link: &'a Link,
    /// Calls a second × payload.
    pub carried: Worked<Throughput>,
    /// Whether a call is taken to carry one record.
    pub is_assumed: bool,
}

/// What comes in and goes out at peak, link by link.
#[derive(Clone, Debug, Default)]
pub struct Flowing<'a> {
    /// What comes in.
    pub received: Vec<Bytes<'a>>,
    /// What goes out.
    pub sent: Vec<Bytes<'a>>,
}

/// All of it.
pub fn sum(bytes: &[Bytes]) -> Throughput {
    bytes.iter().map(|it| it.carried.value).sum()
}

/// Bits a second, as networks are sold: `800 Mbps`.
pub fn bits(throughput: Throughput) -> String {
    bits_to(throughput, 0)
}

/// The same with at least so many digits that count.
pub fn bits_to(throughput: Throughput, digits: i32) -> String {
    let bits = throughput.bytes_per_second() * 8.0;
    let units = [(1e12, "Tbps"), (1e9, "Gbps"), (1e6, "Mbps"), (1e3, "kbps")];
    let (unit, name) = units.into_iter().find(|(unit, _)| bits >= *unit).unwrap_or((1.0, "bps"));
    format!("{} {name}", figures::number_to(bits / unit, digits))
}

/// What the calls of each link carry.
#[derive(Clone, Debug, Default)]
pub struct Payloads {
    by_flows: FxHashMap<LinkId, Size>,
}

impl Payloads {
    /// Of a design. The payload of a flow is carried from where it enters to the first program or store: what goes
    /// on from there is another message. Where the flows that take a link differ, it is unknown.
    pub fn of(architecture: &Architecture) -> Self {
        Self::of_flows(architecture, |_| true)
    }

    /// What one read of each link carries: flows that only write do not count.
    pub fn of_reads(architecture: &Architecture) -> Self {
        Self::of_flows(architecture, |flow| flow.has(Property::Reads) || !flow.has(Property::Writes))
    }

    fn of_flows(architecture: &Architecture, counts: impl Fn(&Flow) -> bool) -> Self {
        let mut stated: FxHashMap<LinkId, Option<Size>> = FxHashMap::default();
        let is_any = architecture.flows().any(|flow| flow.is_stated(Property::Payload));
        for flow in architecture.flows().filter(|flow| is_any && counts(flow)) {
            for step in &flow.path.steps {
                let size = flow.size(Property::Payload).filter(|_| passes_on(architecture, flow, *step));
                let known = stated.entry(*step).or_insert(size);
                *known = known.filter(|it| Some(*it) == size);
            }
        }
        Self { by_flows: stated.into_iter().filter_map(|(link, size)| Some((link, size?))).collect() }
    }

    /// What one call of a link carries: as the link says, else its flows, else one record where it leads to what
    /// keeps records.
    pub fn on(&self, architecture: &Architecture, link: &Link) -> Option<Payload> {
        let stated = link.size(Property::Payload).or_else(|| self.by_flows.get(&link.id).copied());
        if let Some(size) = stated {
            return Some(Payload { size, is_record: false });
        }
        let (source, target) = architecture.ends(link);
        let keeper = [target, source].into_iter().find(|it| it.kind.holds_data())?;
        let record = keeper
            .size(Property::RecordSize)
            .or_else(|| architecture.system.properties.size(Property::RecordSize))?;
        Some(Payload { size: record, is_record: true })
    }
}

fn passes_on(architecture: &Architecture, flow: &Flow, step: LinkId) -> bool {
    let source = architecture.link(step).source;
    let kind = architecture.component(source).kind;
    kind.is_outside() || kind.is_proxy() || kind.is_queue() || flow.path.heads.contains(&source)
}

/// Calls a second at peak by which the far end sends, and by which the near end does.
///
/// An answer to a read is what the target sends; a write, and what nobody waits for, is what the source sends.
fn directions(load: &Load, link: &Link) -> (Rate, Rate) {
    let peak = load.link(link.id).peak;
    if link.is_async() { (Rate::ZERO, peak.total()) } else { (peak.reads + peak.other, peak.writes) }
}

fn bytes(link: &Link, payload: Payload, rate: Rate) -> Option<Bytes<'_>> {
    let carried =
        Worked::given(rate, rate.to_string()) * Worked::given(payload.size, payload.size.to_string());
    rate.is_positive().then_some(Bytes { link, carried, is_assumed: payload.is_record })
}

impl<'a> Flowing<'a> {
    /// Of a component at peak, the links whose payload is known.
    pub fn of(
        architecture: &'a Architecture,
        load: &Load,
        payloads: &Payloads,
        component: &Component,
    ) -> Self {
        let mut flowing = Self::default();
        let links = architecture.links_to(component.id).chain(architecture.links_from(component.id));
        for link in links.filter(|link| load.link(link.id).is_reached && link.source != link.target) {
            let Some(payload) = payloads.on(architecture, link) else { continue };
            let (by_target, by_source) = directions(load, link);
            let (sent, received) =
                if link.target == component.id { (by_target, by_source) } else { (by_source, by_target) };
            flowing.received.extend(bytes(link, payload, received));
            flowing.sent.extend(bytes(link, payload, sent));
        }
        for all in [&mut flowing.received, &mut flowing.sent] {
            all.sort_by(|a, b| b.carried.value.total_cmp(&a.carried.value));
        }
        flowing
    }
}

/// A network that carries less than it should.
#[derive(Clone, Debug)]
pub struct Saturated<'a> {
    /// The component whose nodes it is of; none for a link.
    pub component: Option<&'a Component>,
    /// Whether it is what is sent, or what comes in.
    pub is_sent: bool,
    /// What one node carries at peak, or the link.
    pub carried: Throughput,
    /// The nodes that share it.
    pub nodes: f64,
    /// What it bears.
    pub limit: Limit<Throughput>,
    /// What it is made of, the most first.
    pub bytes: Vec<Bytes<'a>>,
}

impl Saturated<'_> {
    /// Whether only calls that are taken to carry one record make it too much.
    pub fn is_by_records(&self) -> bool {
        let stated: Throughput =
            self.bytes.iter().filter(|it| !it.is_assumed).map(|it| it.carried.value).sum();
        stated / self.nodes <= self.limit.most
    }
}

/// The nodes and links whose network is full at peak.
pub fn saturated<'a>(architecture: &'a Architecture, load: &Load) -> Vec<Saturated<'a>> {
    let mut found = Vec::new();
    let payloads = Payloads::of(architecture);
    for component in architecture.components() {
        let Some(limit) = limit(component) else { continue };
        let flowing = Flowing::of(architecture, load, &payloads, component);
        let Some(shares) = Shares::of(component) else { continue };
        let sent = (sum(&flowing.sent), shares.sent, true, flowing.sent);
        let received = (sum(&flowing.received), shares.received, false, flowing.received);
        let of_node = |it: &(Throughput, f64, bool, Vec<Bytes<'a>>)| it.0 / it.1;
        // What the catalogue knows is what a node takes in.
        let is_sending = !limit.is_assumed && of_node(&sent) >= of_node(&received);
        let fuller = if is_sending { sent } else { received };
        let carried = of_node(&fuller);
        let (_, nodes, is_sent, bytes) = fuller;
        if carried > limit.most {
            found.push(Saturated { component: Some(component), is_sent, carried, nodes, limit, bytes });
        }
    }
    for link in architecture.links() {
        let Some(most) = link.throughput(Property::Bandwidth).filter(|_| load.link(link.id).is_reached)
        else {
            continue;
        };
        let Some(payload) = payloads.on(architecture, link) else { continue };
        let (by_target, by_source) = directions(load, link);
        let Some(bytes) = bytes(link, payload, by_target.max(by_source)) else { continue };
        let carried = bytes.carried.value;
        if carried > most {
            let is_sent = by_source >= by_target;
            let limit = Limit::stated(most);
            found.push(Saturated {
                component: None,
                is_sent,
                carried,
                nodes: 1.0,
                limit,
                bytes: vec![bytes],
            });
        }
    }
    found
}

/// What the network of one node bears: as written, else the catalogue's.
fn limit(component: &Component) -> Option<Limit<Throughput>> {
    if component.is_stated(Property::Bandwidth) {
        return component.throughput(Property::Bandwidth).map(Limit::stated);
    }
    // How many brokers there are is not guessed at for a figure that is itself a guess.
    let fact = component.known().get(|facts| facts.bandwidth)?;
    component.least_replicas().map(|_| Limit::assumed(fact.throughput()))
}

/// By how many nodes what is sent, and what comes in, is shared.
struct Shares {
    sent: f64,
    received: f64,
}

impl Shares {
    /// Each node of a shard takes all its writes; reads, and what has no state, spread over them.
    fn of(component: &Component) -> Option<Self> {
        let nodes = nodes(component)?;
        let shards = component.shards();
        let all = nodes * shards;
        if !component.kind.is_store() {
            return Some(Self { sent: all, received: all });
        }
        let readers = if has_unreadable_standby(component) { shards } else { all };
        Some(Self { sent: readers, received: storage::parts(component)?.max(shards) })
    }
}
