//! Paths through networks: the reference cases, cycles, and networks too wide to be exact.

use loadpath::analysis::reliability::{
    self as kernel, Availability, Budget, ElementId, Node, Program, at_least_of, contributions, single_cuts,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A directed network whose nodes may fail.
struct Network<'a> {
    links: Vec<(&'a str, &'a str)>,
    target: &'a str,
    elements: BTreeMap<&'a str, Node>,
}

impl Network<'_> {
    /// Up when some path leads from here to the target. A call to a component that is waiting itself is no
    /// way on, so a cycle is followed once.
    fn reaches(&self, program: &mut Program, from: &str, waiting: &mut Vec<String>) -> Node {
        let own = self.elements[from];
        if from == self.target {
            return own;
        }
        waiting.push(from.to_owned());
        let next = self.links.iter().filter(|(source, _)| *source == from).map(|(_, target)| *target);
        let next: Vec<&str> = next.filter(|it| !waiting.iter().any(|waiting| waiting == it)).collect();
        let ways: Vec<Node> = next.into_iter().map(|it| self.reaches(program, it, waiting)).collect();
        waiting.pop();
        let way = program.any(ways);
        program.all([own, way])
    }
}

fn number(value: &Value) -> f64 {
    value.as_str().expect("figures are strings").parse().expect("a number")
}

/// P(up) of a node of a case: a plain figure, or k of n like units.
fn node_availability(case: &Value, name: &str) -> f64 {
    match &case["nodes"][name] {
        Value::Null => number(&case["node_p"]),
        Value::Object(units) => at_least_of(
            units["n"].as_u64().expect("a count") as u32,
            units["k"].as_u64().expect("a count") as u32,
            1.0 - number(&units["p"]),
        ),
        plain => number(plain),
    }
}

#[test]
fn the_reference_cases_come_out() {
    let file: Value = serde_json::from_str(include_str!("../data/reliability.json")).expect("JSON");
    let cases = file["cases"].as_array().expect("a list");
    assert_eq!(cases.len(), 14);
    for case in cases {
        let mut program = Program::new();
        let links: Vec<(&str, &str)> = case["edges"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|link| (link[0].as_str().expect("a name"), link[1].as_str().expect("a name")))
            .collect();
        assert_eq!(case["edge_p"], "1", "no case has failing links");
        let mut elements = BTreeMap::new();
        for name in links.iter().flat_map(|(source, target)| [*source, *target]) {
            let next = ElementId(elements.len() as u32);
            elements.entry(name).or_insert_with(|| program.event(next, node_availability(case, name), 0));
        }
        let network = Network { links, target: case["t"].as_str().expect("a name"), elements };
        let source = case["s"].as_str().expect("a name");
        let root = network.reaches(&mut program, source, &mut Vec::new());
        let got = kernel::availability(&program, root, &mut Budget::default());
        let expected: f64 = case["availability_f64"].as_str().expect("a figure").parse().expect("a number");
        assert!(
            matches!(got, Availability::Exact(it) if (it - expected).abs() < 1e-12),
            "{}: {got:?} instead of {expected}",
            case["name"]
        );
    }
}

/// Each of `width` nodes in each of `depth` layers is up when its own event is, and one of two in the next.
fn layered(width: usize, depth: usize, up: f64) -> (Program, Node) {
    let mut program = Program::new();
    let mut layer: Vec<Node> = Vec::new();
    for at in 0..depth {
        let below = layer.clone();
        layer = (0..width)
            .map(|place| {
                let own = program.event(ElementId((at * width + place) as u32), up, 0);
                if at == 0 {
                    return own;
                }
                let some = program.any([below[place], below[(place * 3 + 1) % width]]);
                program.all([own, some])
            })
            .collect();
    }
    let root = program.any(layer);
    (program, root)
}

/// Bridge: two ways through, and a link between them; all five 0.9 gives 0.97848.
#[test]
fn the_bridge_comes_out() {
    let mut program = Program::new();
    let link: Vec<Node> = (0..5).map(|at| program.event(ElementId(at), 0.9, 0)).collect();
    let ways = [vec![0, 3], vec![1, 4], vec![0, 2, 4], vec![1, 2, 3]];
    let ways: Vec<Node> = ways.iter().map(|way| program.all(way.iter().map(|at| link[*at]))).collect();
    let root = program.any(ways);
    let Availability::Exact(got) = kernel::availability(&program, root, &mut Budget::default()) else {
        panic!("a bridge is small");
    };
    assert!((got - 0.97848).abs() < 1e-12, "{got}");
}

/// A chain of layers can be worked out layer by layer: a table of which nodes are up, 2^width of them.
fn layer_by_layer(width: usize, depth: usize, up: f64) -> f64 {
    let chance = |state: usize, possible: usize| -> f64 {
        if state & !possible != 0 {
            return 0.0;
        }
        up.powi(state.count_ones() as i32) * (1.0 - up).powi((possible & !state).count_ones() as i32)
    };
    let all = (1_usize << width) - 1;
    let mut now: Vec<f64> = (0..=all).map(|state| chance(state, all)).collect();
    for _ in 1..depth {
        let mut next = vec![0.0; all + 1];
        for (below, mass) in now.iter().enumerate() {
            let some = |place: &usize| below >> place & 1 == 1 || below >> ((place * 3 + 1) % width) & 1 == 1;
            let possible: usize = (0..width).filter(some).map(|place| 1 << place).sum();
            for (state, next) in next.iter_mut().enumerate() {
                *next += mass * chance(state, possible);
            }
        }
        now = next;
    }
    1.0 - now[0]
}

#[test]
fn deep_layers_are_exact() {
    for (width, depth) in [(3, 40), (5, 30), (6, 20)] {
        let (program, root) = layered(width, depth, 0.9);
        let (got, gains) = contributions(&program, root, &mut Budget::default());
        let expected = layer_by_layer(width, depth, 0.9);
        assert!(
            matches!(got, Availability::Exact(it) if (it - expected).abs() < 1e-12),
            "{got:?} {expected}"
        );
        assert!(gains.expect("exact").iter().all(|gain| *gain >= 0.0));
    }
}

/// On a budget that is too small the bounds hold the exact value between them, and are not wide open.
#[test]
fn bounds_hold_the_exact_value() {
    for (width, depth, up, gap) in [(10, 40, 0.9, 0.6), (10, 40, 0.99, 0.02), (11, 20, 0.999, 1e-4)] {
        let (program, root) = layered(width, depth, up);
        let Availability::Exact(exact) = kernel::availability(&program, root, &mut Budget::default()) else {
            panic!("a width of {width} is within the budget");
        };
        let mut budget = Budget::new(500);
        let (got, gains) = contributions(&program, root, &mut budget);
        assert_eq!(budget.updates_left(), 0);
        let Availability::Bounds { lower, upper } = got else {
            assert!((got.lower() - exact).abs() < 1e-12);
            continue;
        };
        assert!(gains.is_none());
        assert!(lower <= exact + 1e-12 && exact <= upper + 1e-12, "{lower} {exact} {upper}");
        assert!(upper - lower < gap, "{lower} {exact} {upper}");
    }
}

/// A net of 1 600 hosts, all placed on each other, has a frontier of more bits than any state.
#[test]
fn bounds_are_there_for_any_width() {
    let (mut program, layer_root) = layered(1_600, 2, 0.9999);
    let last = program.event(ElementId(1_000_000), 0.99, 0);
    let root = program.all([layer_root, last]);
    let got = kernel::availability(&program, root, &mut Budget::default());
    assert!(got.lower() <= 0.99 + 1e-12 && got.upper() >= 0.99 - 1e-12, "{got:?}");
    assert!(got.upper() - got.lower() < 1e-3, "{got:?}");
    assert_eq!(single_cuts(&program, root), [ElementId(1_000_000)]);
}

/// Depth costs no stack: a hundred thousand gates, each within the next.
#[test]
fn a_very_deep_formula_is_evaluated() {
    let mut program = Program::new();
    let shared = program.event(ElementId(0), 0.9, 0);
    let mut root = program.event(ElementId(1), 0.5, 0);
    for at in 2..100_000 {
        let own = program.event(ElementId(at), 0.5, 0);
        root = if at % 2 == 0 { program.all([root, own]) } else { program.any([root, own, shared]) };
    }
    // From the top: `any` of something with `shared`, which is either up or falls away.
    let got = contributions(&program, root, &mut Budget::default());
    let mut down = 0.5;
    for at in 2..100_000 {
        down = if at % 2 == 0 { 1.0 - (1.0 - down) * 0.5 } else { down * 0.5 };
    }
    let expected = 0.9 + 0.1 * (1.0 - down);
    assert!(matches!(got.0, Availability::Exact(it) if (it - expected).abs() < 1e-12), "{got:?} {expected}");
    assert_eq!(single_cuts(&program, root), []);
}
