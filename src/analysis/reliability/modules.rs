//! Which nodes are modules: nothing that they rest on is used from outside, so that they behave as one
//! independent event. Dutuit and Rauzy, "A linear-time algorithm to find modules of fault trees" (1996).

use super::circuit::Circuit;

/// For each node of the circuit whether it is a module; the root is one.
///
/// A walk from the root dates every visit. A node is a module when all visits to everything below it fall
/// between its own first visit and the moment when the walk leaves it for the first time.
pub(super) fn modules(circuit: &Circuit, root: u32) -> Vec<bool> {
    let dates = walk(circuit, root);
    let mut below = vec![(u32::MAX, 0); circuit.forms.len()];
    let mut found = vec![false; circuit.forms.len()];
    for node in 0..=root {
        let at = node as usize;
        let Some(own) = dates[at] else { continue };
        for &input in circuit.inputs(node) {
            let input = input as usize;
            let Some(date) = dates[input] else { continue };
            below[at].0 = below[at].0.min(date.first).min(below[input].0);
            below[at].1 = below[at].1.max(date.last).max(below[input].1);
        }
        found[at] = below[at].0 > own.first && below[at].1 < own.left;
    }
    found
}

/// When the walk was at a node.
#[derive(Clone, Copy, Debug)]
struct Dates {
    first: u32,
    left: u32,
    last: u32,
}

fn walk(circuit: &Circuit, root: u32) -> Vec<Option<Dates>> {
    let mut dates: Vec<Option<Dates>> = vec![None; circuit.forms.len()];
    let mut now = 0;
    // The nodes on the way from the root, each with the number of the input to go on with.
    let mut path: Vec<(u32, usize)> = Vec::new();
    let mut next = Some(root);
    loop {
        now += 1;
        if let Some(node) = next.take() {
            if let Some(seen) = &mut dates[node as usize] {
                seen.last = now;
            } else {
                dates[node as usize] = Some(Dates { first: now, left: now, last: now });
                path.push((node, 0));
            }
            continue;
        }
        let Some((node, input)) = path.last_mut() else { return dates };
        if let Some(&child) = circuit.inputs(*node).get(*input) {
            *input += 1;
            next = Some(child);
        } else {
            if let Some(own) = &mut dates[*node as usize] {
                own.left = now;
                own.last = now;
            }
            path.pop();
        }
    }
}
