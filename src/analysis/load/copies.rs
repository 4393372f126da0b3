//! Copies of data: what follows a store applies all that is written to it.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use rustc_hash::FxHashMap;

use super::{Arrivals, Demand, Load, Traffic};
use crate::analysis::journey::Journey;
use crate::model::{Architecture, ComponentId, Link, Property};

impl Load {
    /// Hands what is written to each store on to its copies, and theirs; what feeds a queue or a stream that way
    /// goes on from there as a journey of its own, which is returned.
    pub(super) fn follow_copies(&mut self, architecture: &Architecture) -> Vec<(Journey, Arrivals)> {
        let graph = copies(architecture);
        if graph.node_count() == 0 {
            return Vec::new();
        }
        let mut rings = kosaraju_scc(&graph);
        // The last copies come first.
        rings.reverse();
        let mut fed = Vec::new();
        for ring in rings {
            self.share_in_ring(&graph, &ring);
            for edge in ring.iter().flat_map(|node| graph.edges(*node)) {
                let (source, target) = (graph[edge.source()], graph[edge.target()]);
                let handed_on = edge.weight().figure(Property::Calls).unwrap_or(1.0);
                let written = self.written(source).scaled(handed_on);
                self.links[edge.weight().id.0 as usize].add_all(&written);
                if architecture.component(target).kind.is_queue() {
                    fed.push((target, written));
                } else if !ring.contains(&edge.target()) {
                    self.components[target.0 as usize].add_all(&written);
                }
            }
        }
        fed.into_iter()
            .filter(|(_, written)| written.is_known() && written.mean.total().is_positive())
            .map(|(queue, written)| {
                let peak_factor = written.peak.total() / written.mean.total();
                let is_peak_assumed = written.is_peak_assumed;
                let arrivals = Arrivals { mean: written.mean, peak_factor, is_peak_assumed };
                (Journey::of_component(architecture.component(queue)), arrivals)
            })
            .collect()
    }

    /// Stores that copy to each other: each applies what is written to the others.
    fn share_in_ring(&mut self, graph: &DiGraph<ComponentId, &Link>, ring: &[NodeIndex]) {
        if ring.len() < 2 {
            return;
        }
        let own: Vec<Demand> = ring.iter().map(|node| self.written(graph[*node])).collect();
        let mut all = Demand::default();
        for written in &own {
            all.add_all(written);
        }
        for (node, own) in ring.iter().zip(own) {
            let others = Demand {
                mean: Traffic::of_writes(all.mean.writes - own.mean.writes),
                peak: Traffic::of_writes(all.peak.writes - own.peak.writes),
                ..all
            };
            self.components[graph[*node].0 as usize].add_all(&others);
        }
    }

    /// What is written to a component.
    fn written(&self, id: ComponentId) -> Demand {
        let demand = self.component(id);
        Demand {
            mean: Traffic::of_writes(demand.mean.writes),
            peak: Traffic::of_writes(demand.peak.writes),
            ..*demand
        }
    }
}

/// Who copies each write to whom.
fn copies(architecture: &Architecture) -> DiGraph<ComponentId, &Link> {
    let mut graph: DiGraph<ComponentId, &Link> = DiGraph::new();
    let mut nodes: FxHashMap<ComponentId, NodeIndex> = FxHashMap::default();
    for link in architecture.links().filter(|link| link.copies_each_write()) {
        let mut node = |id| *nodes.entry(id).or_insert_with(|| graph.add_node(id));
        let (source, target) = (node(link.source), node(link.target));
        graph.add_edge(source, target, link);
    }
    graph
}
