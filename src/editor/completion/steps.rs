//! What a link usually leads to, by what it comes from: from a client the edge, from a queue who works it off.

use super::usual::Family;
use crate::catalogue::Kind;
use crate::syntax::ast::Arrow;

use Family::{Caller, Compute, Edge, Foreign, Queue, Store, Support};

/// How unusual it is that one kind links to another: the lower, the more usual.
pub(super) fn unusual(from: Kind, to: Kind, arrow: Arrow) -> usize {
    let is_async = arrow == Arrow::Async;
    let usual: &[&[Family]] = match family(from) {
        Caller | Foreign => &[&[Edge], &[Compute], &[Support], &[Foreign], &[Queue]],
        // These stand before the other edges.
        Edge if matches!(from, Kind::Dns | Kind::Cdn) => &[&[Edge], &[Compute], &[Store, Family::Cache]],
        Edge => &[&[Compute], &[Edge], &[Support], &[Store, Family::Cache]],
        Compute if is_async => &[&[Queue], &[Compute], &[Foreign, Support], &[Store, Family::Cache]],
        Compute => &[&[Store, Family::Cache, Compute], &[Foreign, Support], &[Queue]],
        Family::Cache => &[&[Store], &[Compute], &[Family::Cache]],
        Store => &[&[Store], &[Queue], &[Family::Cache], &[Compute]],
        Queue => &[&[Compute], &[Queue], &[Store, Family::Cache], &[Foreign]],
        Support => &[&[Support], &[Store, Family::Cache], &[Compute], &[Foreign]],
    };
    let others = usual.len() + usize::from(family(to) == Caller);
    let place = usual.iter().position(|it| it.contains(&family(to))).unwrap_or(others);
    // Who works a queue off is made for it.
    let is_made = matches!(to, Kind::Worker | Kind::Function);
    2 * place + usize::from(from.is_queue() && place == 0 && !is_made)
}

/// The family of a kind as an end of a link: what stands before servers is an edge, if it keeps copies as well.
fn family(kind: Kind) -> Family {
    if kind.is_proxy() { Edge } else { Family::of(kind) }
}
