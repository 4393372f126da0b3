//! The nearest known word, for "did you mean".

/// Longer words are compared with nothing: two of them would take the square of their length.
const LONGEST: usize = 100;

/// So many letters of a word tell which it becomes, where only one begins so.
const LEAST_BEGINNING: usize = 3;

/// The candidate that a misspelt word most likely means. Of those that are as near, the first that begins like it: who
/// mistypes a word seldom mistypes its first letter.
///
/// A third of the letters may differ (transpositions count once), at most three: of `a` or `db` none, since any
/// other short name would be as near.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(word, candidates).map(|(candidate, _)| candidate)
}

/// The same, and whether it is the only one that is as near: only then is it sure to be meant.
pub(crate) fn nearest_of<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<(&'a str, bool)> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let length = word.chars().count();
    if length > LONGEST {
        return None;
    }
    let limit = (length / 3).min(3);
    // What is longer or shorter by more is no nearer: a word as long as its file is not compared with anything.
    let may_be_near = |candidate: &str| candidate.chars().count().abs_diff(length) <= limit;
    let lower = word.to_lowercase();
    let mut best: Option<((usize, bool), &str)> = None;
    let mut is_only = true;
    for candidate in candidates.iter().copied().filter(|it| *it != word && may_be_near(it)) {
        let other = candidate.to_lowercase();
        let distance = strsim::osa_distance(&lower, &other);
        if distance > limit {
            continue;
        }
        let nearness = (distance, other.chars().next() != lower.chars().next());
        match best {
            Some((known, _)) if known < nearness => {}
            Some((known, first)) if known == nearness => is_only &= first == candidate,
            _ => (best, is_only) = (Some((nearness, candidate)), true),
        }
    }
    let found = best.map(|(_, candidate)| (candidate, is_only));
    // A word that is half written goes on: what begins otherwise or is shorter is not what it becomes.
    if let Some((candidate, _)) = found
        && candidate.len() >= word.len()
        && candidate.chars().next() == word.chars().next()
    {
        return found;
    }
    beginning(word, candidates.into_iter()).map(|candidate| (candidate, false)).or(found)
}

/// Whether but one letter is another, one too many or too few, or two have changed places.
pub(crate) fn is_one_letter_off(word: &str, meant: &str) -> bool {
    strsim::osa_distance(&word.to_lowercase(), &meant.to_lowercase()) <= 1
}

/// What one slip of the hand does to a word: two letters change places, one is left out, or one is struck twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slip {
    /// The end of the word stands, or only capitals, `_` and `-` differ.
    Within,
    /// The last letter is the one.
    AtEnd,
}

/// The slip that makes this word of the one that is meant; nothing where more differs, or a digit does: `db2` is no slip
/// for `db1`.
pub(crate) fn slip(word: &str, meant: &str) -> Option<Slip> {
    let letters = |text: &str| -> Vec<char> {
        text.chars().filter(|it| !matches!(it, '_' | '-')).flat_map(char::to_lowercase).collect()
    };
    let (word, meant) = (letters(word), letters(meant));
    let same = word.iter().zip(&meant).take_while(|(one, other)| one == other).count();
    let is_twice = |it: char| it.is_alphabetic() && word[..same].last() == Some(&it);
    match (&word[same..], &meant[same..]) {
        ([], []) => Some(Slip::Within),
        ([], [left_out]) if left_out.is_alphabetic() => Some(Slip::AtEnd),
        ([again], []) if is_twice(*again) => Some(Slip::AtEnd),
        ([a, b, rest @ ..], [c, d, other @ ..])
            if (a, b) == (d, c) && a.is_alphabetic() && b.is_alphabetic() && rest == other =>
        {
            Some(Slip::Within)
        }
        (rest, [left_out, other @ ..]) if left_out.is_alphabetic() && rest == other => Some(Slip::Within),
        ([again, rest @ ..], other) if is_twice(*again) && rest == other => Some(Slip::Within),
        _ => None,
    }
}

/// The only candidate that begins with a word of some letters.
fn beginning<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().count() < LEAST_BEGINNING {
        return None;
    }
    let mut found = candidates.filter(|it| it.len() > word.len() && it.starts_with(word));
    let first = found.next()?;
    found.all(|it| it == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::{Slip, nearest, nearest_of, slip};

    #[test]
    fn a_transposition_counts_once_and_strangers_are_left_alone() {
        assert_eq!(nearest("databsae", ["service", "database"]), Some("database"));
        assert_eq!(nearest("tmeout", ["ttl", "timeout"]), Some("timeout"));
        assert_eq!(nearest("saga", ["tags", "storage"]), None);
        assert_eq!(nearest("db", ["database", "dc"]), None);
    }

    #[test]
    fn half_a_word_becomes_the_only_one_that_begins_so() {
        assert_eq!(nearest_of("forb", ["for", "forbid", "require"]), Some(("forbid", false)));
        assert_eq!(nearest_of("zon", ["on", "zones"]), Some(("zones", false)));
        assert_eq!(nearest("ser", ["service", "serial"]), None);
        assert_eq!(nearest("servic", ["service", "services_all"]), Some("service"));
    }

    #[test]
    fn words_as_long_as_a_file_are_compared_with_nothing() {
        let long = "x".repeat(10_000_000);
        assert_eq!(nearest(&long, [format!("{long}2").as_str()]), None);
        assert_eq!(
            nearest("a_long_name_of_a_service", ["a_long_name_of_a_servise"]),
            Some("a_long_name_of_a_servise")
        );
    }

    #[test]
    fn a_slip_of_the_hand_swaps_leaves_out_or_doubles_one_letter() {
        for word in ["ordres", "ordrs", "orrders", "Orders", "ordesr"] {
            assert_eq!(slip(word, "orders"), Some(Slip::Within), "{word}");
        }
        for word in ["order", "orderss"] {
            assert_eq!(slip(word, "orders"), Some(Slip::AtEnd), "{word}");
        }
        for (word, other) in
            [("api2", "api"), ("apix", "api"), ("db1", "db2"), ("lb_west", "lb_east"), ("a2_db", "a_db")]
        {
            assert_eq!(slip(word, other), None, "{word}");
        }
    }

    #[test]
    fn of_those_that_are_as_near_the_one_that_begins_alike_is_meant_and_sure_if_alone() {
        assert_eq!(nearest_of("htps", ["ftps", "https"]), Some(("https", true)));
        assert_eq!(nearest_of("order", ["orders", "ordert"]), Some(("orders", false)));
        assert_eq!(nearest_of("order", ["orders", "orders"]), Some(("orders", true)));
    }
}
