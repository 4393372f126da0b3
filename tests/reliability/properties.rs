//! What holds of every formula, tried on thousands of random ones.

use super::brute_force::{Formula, availability, program_of, survives};
use loadpath::analysis::reliability::{
    self as kernel, Availability, Budget, ElementId, contributions, double_cuts, single_cuts,
};

/// Numbers that look random and are the same in each run: splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn chance(&mut self) -> f64 {
        match self.below(12) {
            0 => 1.0,
            1 => 0.0,
            _ => (self.next() >> 11) as f64 / (1_u64 << 53) as f64,
        }
    }

    fn some_of(&mut self, earlier: usize, most: usize) -> Vec<usize> {
        (0..self.below(most + 1)).map(|_| self.below(earlier)).collect()
    }
}

/// A formula with about so many random nodes, all kinds of node, and much sharing.
fn random_formula(dice: &mut Dice, random: usize, gates: usize) -> Vec<Formula> {
    let mut formulae = vec![Formula::Event { up: dice.chance(), spare: dice.below(3) as u32 }];
    let (mut random_left, mut gates_left) = (random - 1, gates);
    while random_left + gates_left > 0 {
        let earlier = formulae.len();
        let pick = dice.below(random_left + gates_left);
        formulae.push(if pick < random_left {
            random_left -= 1;
            random_node(dice, earlier)
        } else {
            gates_left -= 1;
            gate(dice, earlier)
        });
    }
    let last = dice.some_of(formulae.len(), 4);
    let top = formulae.len() - 1;
    formulae.push(if dice.below(2) == 0 {
        Formula::All([last, vec![top]].concat())
    } else {
        Formula::Any([last, vec![top]].concat())
    });
    formulae
}

fn random_node(dice: &mut Dice, earlier: usize) -> Formula {
    match dice.below(5) {
        0 => {
            let options = dice.some_of(earlier, 4);
            let total = options.len().max(1) as f64 + f64::from(u8::from(dice.below(4) == 0));
            Formula::Choice(options.into_iter().map(|it| (1.0 / total, it)).collect())
        }
        1 | 2 => placed(dice, earlier),
        _ => Formula::Event { up: dice.chance(), spare: dice.below(3) as u32 },
    }
}

/// A placed event: its tables rise with each site.
fn placed(dice: &mut Dice, earlier: usize) -> Formula {
    let sites = dice.some_of(earlier, 3);
    let worth: Vec<i32> = sites.iter().map(|_| dice.below(3) as i32).collect();
    let least = dice.below(4) as i32 - 1;
    let per_unit = dice.chance();
    let masks = 0..1_usize << sites.len();
    let spare: Vec<i32> = masks
        .map(|mask| {
            worth.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1).map(|it| it.1).sum::<i32>() - least
        })
        .collect();
    let up = spare.iter().map(|spare| if *spare < 0 { 0.0 } else { 1.0 - (1.0 - per_unit).powi(spare + 1) });
    Formula::Placed { sites, up: up.collect(), spare }
}

fn gate(dice: &mut Dice, earlier: usize) -> Formula {
    match dice.below(9) {
        0 => Formula::Constant(dice.below(2) == 0),
        1..=3 => Formula::All(dice.some_of(earlier, 4)),
        4..=6 => Formula::Any(dice.some_of(earlier, 4)),
        _ => {
            let children = dice.some_of(earlier, 5);
            Formula::AtLeast(dice.below(children.len() + 2) as u32, children)
        }
    }
}

/// Small ones for enumeration, in many shapes.
fn formulae(seed: u64, count: usize) -> impl Iterator<Item = Vec<Formula>> {
    let mut dice = Dice(seed);
    (0..count).map(move |_| {
        let random = 2 + dice.below(9);
        let gates = 1 + dice.below(14);
        random_formula(&mut dice, random, gates)
    })
}

#[test]
fn the_availability_is_that_of_all_states_enumerated() {
    for formula in formulae(1, 6000) {
        let (program, root) = program_of(&formula);
        let expected = availability(&formula, None);
        let Availability::Exact(got) = kernel::availability(&program, root, &mut Budget::default()) else {
            panic!("bounds for {formula:?}");
        };
        assert!((got - expected).abs() < 1e-12, "{got} {expected} {formula:?}");
    }
}

#[test]
fn a_contribution_is_what_a_perfect_element_would_gain() {
    for formula in formulae(2, 2000) {
        let (program, root) = program_of(&formula);
        let now = availability(&formula, None);
        // A budget of nothing takes the way of the bounds, which are exact for what is small.
        for mut budget in [Budget::default(), Budget::new(0)] {
            let (_, gains) = contributions(&program, root, &mut budget);
            for (element, gain) in gains.expect("exact").into_iter().enumerate() {
                let expected = availability(&formula, Some(element)) - now;
                assert!((gain - expected).abs() < 1e-12, "{element}: {gain} {expected} {formula:#?}");
            }
        }
    }
}

#[test]
fn single_cuts_are_the_units_whose_loss_nothing_survives() {
    for formula in formulae(3, 4000) {
        let (program, root) = program_of(&formula);
        let expected: Vec<ElementId> = elements(&formula)
            .filter(|element| survives(&formula, &[]) && !survives(&formula, &[*element]))
            .map(|element| ElementId(element as u32))
            .collect();
        assert_eq!(single_cuts(&program, root), expected, "{formula:#?}");
    }
}

#[test]
fn double_cuts_are_the_pairs_without_a_single_cut() {
    for formula in formulae(4, 3000) {
        let (program, root) = program_of(&formula);
        let is_cut = |lost: &[usize]| survives(&formula, &[]) && !survives(&formula, lost);
        let mut expected = Vec::new();
        for first in elements(&formula).filter(|it| !is_cut(&[*it])) {
            for second in elements(&formula).filter(|it| *it >= first && !is_cut(&[*it])) {
                if is_cut(&[first, second]) {
                    expected.push((ElementId(first as u32), ElementId(second as u32)));
                }
            }
        }
        let found = double_cuts(&program, root, 10_000);
        assert!(!found.truncated);
        assert_eq!(found.pairs, expected, "{formula:#?}");
    }
}

#[test]
fn a_limit_on_pairs_is_kept_and_told() {
    let pairs: Vec<Formula> = (0..40).map(|_| Formula::Event { up: 0.9, spare: 1 }).collect();
    let formula = [pairs, vec![Formula::All((0..40).collect())]].concat();
    let (program, root) = program_of(&formula);
    let found = double_cuts(&program, root, 7);
    assert_eq!((found.pairs.len(), found.truncated), (7, true));
    let all = double_cuts(&program, root, 40);
    assert_eq!((all.pairs.len(), all.truncated), (40, false));
}

fn elements(formula: &[Formula]) -> impl Iterator<Item = usize> {
    let is_element = |it: &Formula| matches!(it, Formula::Event { .. } | Formula::Placed { .. });
    (0..formula.len()).filter(move |at| is_element(&formula[*at]))
}

/// An exhausted budget still gives the exact value of what is small.
#[test]
fn small_formulae_are_exact_on_no_budget() {
    for formula in formulae(5, 1000) {
        let (program, root) = program_of(&formula);
        let expected = availability(&formula, None);
        let got = kernel::availability(&program, root, &mut Budget::new(0));
        assert!(
            matches!(got, Availability::Exact(it) if (it - expected).abs() < 1e-12),
            "{got:?} {expected}"
        );
    }
}

/// With next to no states to tell them from, the bounds still hold the value, for every kind of node.
#[test]
fn bounds_hold_whatever_is_left_out() {
    let mut inexact = 0;
    let mut dice = Dice(9);
    for _ in 0..1500 {
        let formula = random_formula(&mut dice, 40, 60);
        let (program, root) = program_of(&formula);
        let exact = kernel::availability(&program, root, &mut Budget::default());
        let got = kernel::availability(&program, root, &mut Budget::new(0).with_bounds(0));
        inexact += usize::from(matches!(got, Availability::Bounds { .. }));
        assert!(got.lower() <= exact.lower() + 1e-12, "{got:?} {exact:?} {formula:#?}");
        assert!(got.upper() >= exact.upper() - 1e-12, "{got:?} {exact:?} {formula:#?}");
    }
    assert!(inexact > 50, "only {inexact} formulae needed more states");
}

#[test]
fn raising_a_probability_never_lowers_the_result() {
    let mut dice = Dice(6);
    for formula in formulae(7, 2000) {
        let (program, root) = program_of(&formula);
        let before = kernel::availability(&program, root, &mut Budget::default()).lower();
        let mut raised = formula.clone();
        for formula in &mut raised {
            if let Formula::Event { up, .. } = formula
                && dice.below(2) == 0
            {
                *up += (1.0 - *up) * dice.chance();
            }
        }
        let (program, root) = program_of(&raised);
        let after = kernel::availability(&program, root, &mut Budget::default()).lower();
        assert!(after >= before - 1e-12, "{before} {after} {formula:#?}");
    }
}

/// The same program gives the same bits, also after another evaluation has used the budget.
#[test]
fn results_are_the_same_in_every_run() {
    for formula in formulae(8, 300) {
        let (program, root) = program_of(&formula);
        let bits =
            |budget: u64| kernel::availability(&program, root, &mut Budget::new(budget)).lower().to_bits();
        assert_eq!(bits(1_000_000), bits(1_000_000));
    }
}
