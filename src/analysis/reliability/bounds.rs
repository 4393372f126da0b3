//! Proven bounds in one pass over the circuit, for when the frontier is too wide for anything better.
//!
//! Every node is an increasing function of independent coins, so the nodes are *associated*: they are up
//! together at least as often as if they were independent (Esary, Proschan and Walkup, 1967). Hence
//! P(all) ≥ ∏ P and P(any) ≤ 1 − ∏(1 − P); and P(all) ≤ min P, P(any) ≥ max P hold always.

use super::circuit::{Circuit, Form, Op};

/// Bounds of a node's probability to be up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) lower: f64,
    pub(super) upper: f64,
}

/// The bounds of every node of the circuit.
pub(super) fn bounds(circuit: &Circuit) -> Vec<Bounds> {
    let mut found: Vec<Bounds> = Vec::with_capacity(circuit.forms.len());
    for node in 0..circuit.forms.len() as u32 {
        let inputs: Vec<Bounds> = circuit.inputs(node).iter().map(|input| found[*input as usize]).collect();
        found.push(match circuit.forms[node as usize] {
            Form::Leaf(leaf) => of_table(circuit.table(leaf), &inputs),
            Form::Gate(op, _) => of_gate(op, &inputs),
        });
    }
    found
}

fn of_gate(op: Op, inputs: &[Bounds]) -> Bounds {
    let lowers = inputs.iter().map(|it| it.lower);
    let uppers = inputs.iter().map(|it| it.upper);
    match op {
        Op::All => Bounds { lower: lowers.product(), upper: uppers.fold(1.0, f64::min) },
        Op::Any => Bounds { lower: lowers.fold(0.0, f64::max), upper: some(uppers) },
        Op::AtLeast(needed) => {
            let needed = needed as usize;
            let mut best: Vec<f64> = lowers.collect();
            best.sort_by(|left, right| right.total_cmp(left));
            let mut worst: Vec<f64> = uppers.collect();
            worst.sort_by(f64::total_cmp);
            // With `needed` up, one of any `count − needed + 1` is; and by Markov P ≤ mean count ÷ needed.
            let count = worst.len();
            let markov = worst.iter().sum::<f64>() / needed as f64;
            Bounds {
                lower: best[..needed].iter().product(),
                upper: some(worst[..=count - needed].iter().copied()).min(markov),
            }
        }
    }
}

fn some(chances: impl Iterator<Item = f64>) -> f64 {
    1.0 - chances.map(|up| 1.0 - up).product::<f64>()
}

/// Of a leaf whose table rises with its sites.
fn of_table(table: &[f64], sites: &[Bounds]) -> Bounds {
    let (none, full) = (table[0], table[table.len() - 1]);
    let all: f64 = sites.iter().map(|site| site.lower).product();
    // With one site down it is at most what the table says for all others up.
    let at_most = |(at, site): (usize, &Bounds)| {
        let without = table[table.len() - 1 - (1 << at)];
        without + site.upper * (full - without)
    };
    Bounds {
        lower: none + all * (full - none),
        upper: sites.iter().enumerate().map(at_most).fold(full, f64::min),
    }
}

#[cfg(test)]
mod tests {
    use super::super::circuit::{Reduced, reduce};
    use super::super::{Budget, ElementId, Node, Program, availability};
    use super::*;

    /// A formula of forty nodes of all kinds over one another, different for each seed.
    fn formula(seed: u32) -> (Program, Node) {
        let mut program = Program::new();
        let mut state = seed;
        let mut draw = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        let mut nodes: Vec<Node> =
            (0..6).map(|at| program.event(ElementId(at), 0.5 + 0.08 * f64::from(draw(6)), 0)).collect();
        for at in 6..40 {
            // Mostly of recent nodes, so that what is old matters still.
            let mut earlier = || nodes[nodes.len() - 1 - draw(6) as usize];
            let four = [earlier(), earlier(), earlier(), earlier()];
            nodes.push(match draw(5) {
                0 => program.all(four[..2].iter().copied()),
                1 => program.any(four),
                2 => program.at_least(2, four),
                3 => program.choice(four[..3].iter().map(|it| (0.3, *it))),
                _ => {
                    let up = vec![0.1, 0.7, 0.6, 0.95];
                    program.placed(ElementId(at), four[..2].to_vec(), up, vec![-1, 0, 0, 1])
                }
            });
        }
        (program, nodes[39])
    }

    #[test]
    fn the_quick_bounds_hold_the_exact_value() {
        for seed in 0..500 {
            let (program, root) = formula(seed);
            let exact = availability(&program, root, &mut Budget::default());
            let Reduced::Circuit(circuit, at) = reduce(&program, root) else { continue };
            let found = bounds(&circuit)[at as usize];
            let (lower, upper) = (exact.lower(), exact.upper());
            assert!(found.lower <= upper + 1e-12 && lower <= found.upper + 1e-12, "{found:?} {exact:?}");
        }
    }
}
