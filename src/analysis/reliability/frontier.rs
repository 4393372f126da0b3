//! Frontier dynamic programming: a plan is carried out on all states of the frontier at once, each with its
//! probability. What happened to values that are no longer needed is forgotten, so states meet again and
//! their number stays that of the frontier, however long the plan.
//!
//! States are kept in the order in which they arise, never in that of a hash table, so that every sum is the
//! same on every platform.

use super::circuit::Circuit;
use super::plan::{Plan, Rule, Slot};

/// The bits of one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word<const N: usize>([u64; N]);

impl<const N: usize> Word<N> {
    const NONE: Self = Self([0; N]);

    pub(super) fn of(slots: &[Slot]) -> Self {
        let mut word = Self::NONE;
        for slot in slots {
            word.0[*slot as usize / 64] |= 1 << (slot % 64);
        }
        word
    }

    fn has(&self, slot: Slot) -> bool {
        self.0[slot as usize / 64] >> (slot % 64) & 1 == 1
    }

    fn has_all(&self, mask: &Self) -> bool {
        self.0.iter().zip(&mask.0).all(|(own, other)| own & other == *other)
    }

    fn has_any(&self, mask: &Self) -> bool {
        self.0.iter().zip(&mask.0).any(|(own, other)| own & other != 0)
    }

    fn common(&self, mask: &Self) -> u32 {
        self.0.iter().zip(&mask.0).map(|(own, other)| (own & other).count_ones()).sum()
    }

    pub(super) fn with(mut self, mask: &Self) -> Self {
        self.0.iter_mut().zip(&mask.0).for_each(|(own, other)| *own |= other);
        self
    }

    pub(super) fn without(mut self, mask: &Self) -> Self {
        self.0.iter_mut().zip(&mask.0).for_each(|(own, other)| *own &= !other);
        self
    }

    /// The slots that are up.
    pub(super) fn slots(&self) -> impl Iterator<Item = Slot> {
        self.0.iter().enumerate().flat_map(|(at, part)| {
            let mut left = *part;
            std::iter::from_fn(move || {
                let slot = (left != 0).then(|| at as u32 * 64 + left.trailing_zeros());
                left &= left.wrapping_sub(1);
                slot
            })
        })
    }

    /// Fibonacci hashing: the high bits of the product are well mixed.
    fn hash(&self) -> u64 {
        self.0
            .iter()
            .fold(0, |hash: u64, part| (hash.rotate_left(23) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }
}

/// A plan's step with its bits as words.
pub(super) struct Step<const N: usize> {
    table: usize,
    sites: Vec<Slot>,
    bit: Word<N>,
    updates: Vec<Update<N>>,
    both_ways: bool,
}

struct Update<const N: usize> {
    rule: WordRule<N>,
    sources: Word<N>,
    clear: Word<N>,
    target: Word<N>,
}

enum WordRule<const N: usize> {
    Forget,
    All,
    Any,
    AtLeast(u32),
    /// The first so many stages, for each number of sources that are up.
    Count(Vec<Word<N>>),
}

impl<const N: usize> Step<N> {
    fn mask(&self, state: &Word<N>) -> usize {
        self.sites.iter().enumerate().map(|(at, slot)| usize::from(state.has(*slot)) << at).sum()
    }

    /// The state that follows.
    fn follow(&self, mut state: Word<N>) -> Word<N> {
        for update in &self.updates {
            let sources = &update.sources;
            let set = match &update.rule {
                WordRule::Forget => None,
                WordRule::All => state.has_all(sources).then_some(&update.target),
                WordRule::Any => state.has_any(sources).then_some(&update.target),
                WordRule::AtLeast(needed) => (state.common(sources) >= *needed).then_some(&update.target),
                WordRule::Count(stages) => {
                    Some(&stages[(state.common(sources) as usize).min(stages.len() - 1)])
                }
            };
            state = state.without(&update.clear);
            if let Some(set) = set {
                state = state.with(set);
            }
        }
        state
    }
}

pub(super) fn steps<const N: usize>(plan: &Plan, circuit: &Circuit) -> Vec<Step<N>> {
    let update = |update: &super::plan::Update| Update {
        rule: match &update.rule {
            Rule::Forget => WordRule::Forget,
            Rule::All => WordRule::All,
            Rule::Any => WordRule::Any,
            Rule::AtLeast(needed) => WordRule::AtLeast(*needed),
            Rule::Count(stages) => {
                WordRule::Count((0..=stages.len()).map(|count| Word::of(&stages[..count])).collect())
            }
        },
        sources: Word::of(&update.sources),
        clear: Word::of(&update.clear),
        target: Word::of(&[update.target]),
    };
    let step = |step: &super::plan::Step| {
        let leaf = &circuit.leaves[step.leaf as usize];
        Step {
            table: leaf.table as usize,
            sites: step.sites.clone(),
            bit: Word::of(&[step.slot]),
            updates: step.updates.iter().map(update).collect(),
            both_ways: leaf.hopeless,
        }
    };
    plan.steps.iter().map(step).collect()
}

/// States and their probabilities, in the order in which they arose.
#[derive(Clone, Debug, Default)]
pub(super) struct States<const N: usize> {
    pub(super) words: Vec<Word<N>>,
    pub(super) mass: Vec<f64>,
    /// An open hash table of positions in the lists, plus one; 0 is free.
    index: Vec<u32>,
    shift: u32,
}

impl<const N: usize> States<N> {
    pub(super) fn initial() -> Self {
        Self { words: vec![Word::NONE], mass: vec![1.0], index: Vec::new(), shift: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Empties the set and makes room for so many states.
    pub(super) fn reset(&mut self, room: usize) {
        self.words.clear();
        self.mass.clear();
        let size = (2 * room).next_power_of_two().max(4);
        self.index.clear();
        self.index.resize(size, 0);
        self.shift = 64 - size.ilog2();
    }

    /// Adds probability to a state and says where it stands.
    pub(super) fn add(&mut self, word: Word<N>, mass: f64) -> u32 {
        let last = self.index.len() - 1;
        let mut at = (word.hash() >> self.shift) as usize;
        loop {
            let found = self.index[at];
            if found == 0 {
                self.words.push(word);
                self.mass.push(mass);
                self.index[at] = self.words.len() as u32;
                return self.words.len() as u32 - 1;
            }
            if self.words[found as usize - 1] == word {
                self.mass[found as usize - 1] += mass;
                return found - 1;
            }
            at = (at + 1) & last;
        }
    }

    /// The same states, without the means to find them.
    fn copied(&self) -> Self {
        Self { words: self.words.clone(), mass: self.mass.clone(), index: Vec::new(), shift: 0 }
    }

    /// The probability of the states where this slot is up.
    pub(super) fn up(&self, slot: Slot) -> f64 {
        self.words.iter().zip(&self.mass).filter(|(word, _)| word.has(slot)).map(|(_, mass)| mass).sum()
    }
}

/// Where each state of a step has gone: if the coin came up, if it came down; `NOWHERE` if it never does.
pub(super) type Move = [u32; 2];
const NOWHERE: u32 = u32::MAX;

/// Carries out one step; `both_ways` also follows what has no probability.
pub(super) fn advance<const N: usize>(
    step: &Step<N>,
    figures: &[f64],
    now: &States<N>,
    next: &mut States<N>,
    mut record: Option<&mut Vec<Move>>,
) {
    next.reset(2 * now.len());
    let both_ways = step.both_ways && record.is_some();
    for (word, mass) in now.words.iter().zip(&now.mass) {
        let up = figures[step.table + step.mask(word)];
        let mut moved = [NOWHERE; 2];
        if up > 0.0 || both_ways {
            moved[0] = next.add(step.follow(word.with(&step.bit)), mass * up);
        }
        if up < 1.0 || both_ways {
            moved[1] = next.add(step.follow(*word), mass * (1.0 - up));
        }
        if let Some(record) = &mut record {
            record.push(moved);
        }
    }
}

/// More states at a time are not worth their memory (some ten megabytes).
const MOST_STATES: usize = 1 << 18;

/// The probability that the plan's result is up; none if it takes more updates of a state than are left, or
/// too many states.
pub(super) fn exact(plan: &Plan, circuit: &Circuit, updates_left: &mut u64) -> Option<f64> {
    match plan.slots {
        0..=64 => exact_in::<1>(plan, circuit, updates_left),
        65..=256 => exact_in::<4>(plan, circuit, updates_left),
        257..=1024 => exact_in::<16>(plan, circuit, updates_left),
        _ => None,
    }
}

fn exact_in<const N: usize>(plan: &Plan, circuit: &Circuit, updates_left: &mut u64) -> Option<f64> {
    let mut now = States::<N>::initial();
    let mut next = States::default();
    for step in &steps::<N>(plan, circuit) {
        if now.len() > MOST_STATES {
            return None;
        }
        let Some(left) = updates_left.checked_sub(now.len() as u64) else {
            *updates_left = 0;
            return None;
        };
        *updates_left = left;
        advance(step, &circuit.figures, &now, &mut next, None);
        std::mem::swap(&mut now, &mut next);
    }
    Some(now.up(plan.result))
}

/// Adds to the slopes of all leaves what the result gains with their chances, times `weight`.
///
/// States are carried forward as before; then the value of each, the chance of the result to be up from
/// there, is carried backward. The slope of a coin is Σ P(state) · (value if up − value if down), Birnbaum's
/// importance. Only so much of the way is remembered at a time, the rest is gone over again.
pub(super) fn carry_back(plan: &Plan, circuit: &Circuit, weight: f64, slopes: &mut [f64]) {
    match plan.slots {
        0..=64 => carry_back_in::<1>(plan, circuit, weight, slopes),
        65..=256 => carry_back_in::<4>(plan, circuit, weight, slopes),
        _ => carry_back_in::<16>(plan, circuit, weight, slopes),
    }
}

/// The most states whose moves are remembered at a time (about 16 MB).
const MOST_REMEMBERED: usize = 1 << 19;

/// The moves of some steps in a row, with the states before each.
struct Stretch<const N: usize> {
    first: usize,
    before: States<N>,
    /// For each step its states and moves; empty where they have been dropped.
    memory: Vec<(States<N>, Vec<Move>)>,
}

impl<const N: usize> Stretch<N> {
    fn starting(first: usize, before: &States<N>) -> Self {
        Self { first, before: before.copied(), memory: Vec::new() }
    }

    /// Goes over the steps and remembers them; gives the states after the last.
    fn remember(&mut self, steps: &[Step<N>], figures: &[f64]) {
        let mut now = self.before.clone();
        for step in steps {
            now = self.remember_step(step, figures, now);
        }
    }

    fn remember_step(&mut self, step: &Step<N>, figures: &[f64], now: States<N>) -> States<N> {
        let mut next = States::default();
        let mut moves = Vec::with_capacity(now.len());
        advance(step, figures, &now, &mut next, Some(&mut moves));
        next.index = Vec::new();
        self.memory.push((now, moves));
        next
    }
}

fn carry_back_in<const N: usize>(plan: &Plan, circuit: &Circuit, weight: f64, slopes: &mut [f64]) {
    let steps = steps::<N>(plan, circuit);
    let figures = &circuit.figures;
    let mut now = States::<N>::initial();
    let mut stretches = vec![Stretch::starting(0, &now)];
    let mut remembered = 0;
    for (at, step) in steps.iter().enumerate() {
        if remembered + now.len() > MOST_REMEMBERED {
            let full = stretches.last_mut().expect("there is always one");
            full.memory = Vec::new();
            stretches.push(Stretch::starting(at, &now));
            remembered = 0;
        }
        remembered += now.len();
        now = stretches.last_mut().expect("there is always one").remember_step(step, figures, now);
    }
    let mut value: Vec<f64> =
        now.words.iter().map(|word| f64::from(u8::from(word.has(plan.result)))).collect();
    let mut end = steps.len();
    while let Some(mut stretch) = stretches.pop() {
        if stretch.memory.is_empty() {
            stretch.remember(&steps[stretch.first..end], figures);
        }
        for (step, (states, moves)) in steps[stretch.first..end].iter().zip(&stretch.memory).rev() {
            value = states
                .words
                .iter()
                .zip(&states.mass)
                .zip(moves)
                .map(|((word, mass), [up, down])| {
                    let at = step.table + step.mask(word);
                    let chance = figures[at];
                    match (*up, *down) {
                        (NOWHERE, down) => value[down as usize],
                        (up, NOWHERE) => value[up as usize],
                        (up, down) => {
                            let (up, down) = (value[up as usize], value[down as usize]);
                            slopes[at] += weight * mass * (up - down);
                            chance * up + (1.0 - chance) * down
                        }
                    }
                })
                .collect();
        }
        end = stretch.first;
    }
}
