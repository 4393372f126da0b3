//! A formula as plain data, evaluated by going through all states of all its events: slow and obvious.

use loadpath::analysis::reliability::{ElementId, Node, Program};

/// A node; numbers refer to earlier nodes. An event's element is its own number.
#[derive(Clone, Debug)]
pub(crate) enum Formula {
    Constant(bool),
    Event { up: f64, spare: u32 },
    Placed { sites: Vec<usize>, up: Vec<f64>, spare: Vec<i32> },
    All(Vec<usize>),
    Any(Vec<usize>),
    AtLeast(u32, Vec<usize>),
    Choice(Vec<(f64, usize)>),
}

/// The program that says the same, and its last node.
pub(crate) fn program_of(formulae: &[Formula]) -> (Program, Node) {
    let mut program = Program::new();
    let mut nodes: Vec<Node> = Vec::new();
    for (at, formula) in formulae.iter().enumerate() {
        let element = ElementId(at as u32);
        let these = |numbers: &[usize]| -> Vec<Node> { numbers.iter().map(|it| nodes[*it]).collect() };
        let node = match formula {
            Formula::Constant(up) => program.constant(*up),
            Formula::Event { up, spare } => program.event(element, *up, *spare),
            Formula::Placed { sites, up, spare } => {
                program.placed(element, these(sites), up.clone(), spare.clone())
            }
            Formula::All(children) => program.all(these(children)),
            Formula::Any(children) => program.any(these(children)),
            Formula::AtLeast(needed, children) => program.at_least(*needed, these(children)),
            Formula::Choice(options) => {
                program.choice(options.iter().map(|(weight, it)| (*weight, nodes[*it])).collect::<Vec<_>>())
            }
        };
        nodes.push(node);
    }
    (program, *nodes.last().expect("a formula is not empty"))
}

/// P(the last node is up), with one element perfect if asked.
pub(crate) fn availability(formulae: &[Formula], perfect: Option<usize>) -> f64 {
    enumerate(formulae, perfect, &mut Vec::new())
}

fn enumerate(formulae: &[Formula], perfect: Option<usize>, known: &mut Vec<bool>) -> f64 {
    let at = known.len();
    if at == formulae.len() {
        return f64::from(u8::from(known[at - 1]));
    }
    let mut total = 0.0;
    for (chance, up) in outcomes(&formulae[at], perfect == Some(at), known) {
        if chance > 0.0 {
            known.push(up);
            total += chance * enumerate(formulae, perfect, known);
            known.pop();
        }
    }
    total
}

/// The outcomes of a node and their chances, given the earlier nodes.
fn outcomes(formula: &Formula, perfect: bool, known: &[bool]) -> Vec<(f64, bool)> {
    let coin = |up: f64| vec![(up, true), (1.0 - up, false)];
    match formula {
        Formula::Constant(up) => vec![(1.0, *up)],
        Formula::Event { up, .. } => coin(if perfect { 1.0 } else { *up }),
        Formula::Placed { sites, up, spare } => {
            let mask = mask(sites, known);
            coin(if perfect && spare[mask] >= 0 { 1.0 } else { up[mask] })
        }
        Formula::All(children) => vec![(1.0, children.iter().all(|it| known[*it]))],
        Formula::Any(children) => vec![(1.0, children.iter().any(|it| known[*it]))],
        Formula::AtLeast(needed, children) => {
            vec![(1.0, children.iter().filter(|it| known[**it]).count() >= *needed as usize)]
        }
        Formula::Choice(options) => coin(options.iter().filter(|it| known[it.1]).map(|it| it.0).sum()),
    }
}

fn mask(sites: &[usize], known: &[bool]) -> usize {
    sites.iter().enumerate().map(|(bit, site)| usize::from(known[*site]) << bit).sum()
}

/// Whether the last node can be up when these units are lost.
pub(crate) fn survives(formulae: &[Formula], lost: &[usize]) -> bool {
    let mut known: Vec<bool> = Vec::new();
    for (at, formula) in formulae.iter().enumerate() {
        let gone = lost.iter().filter(|it| **it == at).count() as i32;
        known.push(match formula {
            Formula::Event { spare, .. } => gone <= *spare as i32,
            Formula::Placed { sites, spare, .. } => gone <= spare[mask(sites, &known)],
            Formula::Choice(options) => options.iter().any(|(weight, it)| *weight > 0.0 && known[*it]),
            plain => outcomes(plain, false, &known)[0].1,
        });
    }
    known[formulae.len() - 1]
}
