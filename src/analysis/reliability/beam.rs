//! Proven bounds from a limited number of states: when there are more, the likeliest stay as they are, and the
//! others are blurred, for a lower bound by taking values for down that may be up, for an upper bound by
//! taking values for up that may be down. All nodes are monotone, so the result errs to that side.

use super::circuit::Circuit;
use super::frontier::{States, Word, advance, steps};
use super::network::Side;
use super::plan::{Plan, Slot};

/// An end of the interval that the result's probability lies in, keeping at most `keep` states at a time, and
/// whether nothing had to be blurred, so that it is exact; none if a state has too many bits.
pub(super) fn bound(plan: &Plan, circuit: &Circuit, keep: usize, side: Side) -> Option<(f64, bool)> {
    match plan.slots {
        0..=64 => Some(bound_in::<1>(plan, circuit, keep, side)),
        65..=256 => Some(bound_in::<4>(plan, circuit, keep, side)),
        257..=1024 => Some(bound_in::<16>(plan, circuit, keep, side)),
        _ => None,
    }
}

fn bound_in<const N: usize>(plan: &Plan, circuit: &Circuit, keep: usize, side: Side) -> (f64, bool) {
    let mut now = States::<N>::initial();
    let mut next = States::default();
    let mut exact = true;
    for step in &steps::<N>(plan, circuit) {
        advance(step, &circuit.figures, &now, &mut next, None);
        if next.len() > keep {
            exact = false;
            next = blurred(&next, plan.slots, keep, side);
        }
        std::mem::swap(&mut now, &mut next);
    }
    (now.up(plan.result), exact)
}

/// At most so many states that bound these to one side.
fn blurred<const N: usize>(states: &States<N>, slots: u32, keep: usize, side: Side) -> States<N> {
    let ranking = ranking(states, keep / 2);
    let (likely, unlikely) = ranking.split_at(keep / 2);
    let order = cheapest_first(states, unlikely, slots, side);
    // The fewest values that will do; to blur all of them leaves one state.
    let enough = |count: &usize| merged(states, unlikely, &order[..*count], side).len() <= keep - keep / 2;
    let (mut too_few, mut count) = (0, order.len());
    while count - too_few > 1 {
        let middle = usize::midpoint(too_few, count);
        if enough(&middle) {
            count = middle;
        } else {
            too_few = middle;
        }
    }
    let rest = merged(states, unlikely, &order[..count], side);
    let mut result = States::default();
    result.reset(keep);
    for at in likely {
        result.add(states.words[*at as usize], states.mass[*at as usize]);
    }
    for (word, mass) in rest.words.iter().zip(&rest.mass) {
        result.add(*word, *mass);
    }
    result
}

/// The positions of the states, the likeliest `first` ones in front; either part in the order of the states.
fn ranking<const N: usize>(states: &States<N>, first: usize) -> Vec<u32> {
    let mut ranking: Vec<u32> = (0..states.len() as u32).collect();
    ranking.select_nth_unstable_by(first, |left, right| {
        let mass = |at: &u32| states.mass[*at as usize];
        mass(right).total_cmp(&mass(left)).then(left.cmp(right))
    });
    ranking[..first].sort_unstable();
    ranking[first..].sort_unstable();
    ranking
}

/// The slots that tell these states apart, those first that are rarely other than what they will be taken for.
fn cheapest_first<const N: usize>(states: &States<N>, members: &[u32], slots: u32, side: Side) -> Vec<Slot> {
    let mut up = vec![0.0; slots as usize];
    let mut ups = vec![0; slots as usize];
    let mut total = 0.0;
    for at in members {
        let mass = states.mass[*at as usize];
        total += mass;
        for slot in states.words[*at as usize].slots() {
            up[slot as usize] += mass;
            ups[slot as usize] += 1;
        }
    }
    let loss = |slot: Slot| match side {
        Side::Lower => up[slot as usize],
        Side::Upper => total - up[slot as usize],
    };
    // A slot that is up nowhere may be free, and a free slot has to stay down.
    let mut order: Vec<Slot> =
        (0..slots).filter(|slot| ups[*slot as usize] > 0 && ups[*slot as usize] < members.len()).collect();
    order.sort_by(|left, right| loss(*left).total_cmp(&loss(*right)).then(left.cmp(right)));
    order
}

fn merged<const N: usize>(states: &States<N>, members: &[u32], slots: &[Slot], side: Side) -> States<N> {
    let mask = Word::of(slots);
    let mut merged = States::default();
    merged.reset(members.len());
    for at in members {
        let word = states.words[*at as usize];
        let word = if side == Side::Lower { word.without(&mask) } else { word.with(&mask) };
        merged.add(word, states.mass[*at as usize]);
    }
    merged
}
