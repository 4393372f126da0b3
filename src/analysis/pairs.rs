//! Which things of two designs go together: by what they are known by, not by where they stand.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Places in two lists that go together; one side is empty where only the other has it.
pub type Pair = (Option<usize>, Option<usize>);

/// Pairs two lists by key, the second of a key with the second: those of `after` in their order, then those that only
/// `before` has.
pub fn pairs<K: Eq + Hash>(
    before: impl IntoIterator<Item = K>,
    after: impl IntoIterator<Item = K>,
) -> Vec<Pair> {
    let mut open: FxHashMap<K, Vec<usize>> = FxHashMap::default();
    for (at, key) in before.into_iter().enumerate() {
        open.entry(key).or_default().push(at);
    }
    // The first of a key is taken first.
    for places in open.values_mut() {
        places.reverse();
    }
    let mut pairs: Vec<Pair> = after
        .into_iter()
        .enumerate()
        .map(|(at, key)| (open.get_mut(&key).and_then(Vec::pop), Some(at)))
        .collect();
    let mut gone: Vec<usize> = open.into_values().flatten().collect();
    gone.sort_unstable();
    pairs.extend(gone.into_iter().map(|at| (Some(at), None)));
    pairs
}
