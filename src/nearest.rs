//! The nearest known word, for "did you mean".

/// The candidate that a misspelt word most likely means; ties go to the first.
///
/// A third of the letters may differ (transpositions count once), at most three: of `a` or `db` none, since any
/// other short name would be as near.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = (length / 3).min(3);
    // What is longer or shorter by more is no nearer: a word as long as its file is not compared with anything.
    let may_be_near = |candidate: &str| candidate.chars().count().abs_diff(length) <= limit;
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && may_be_near(candidate))
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_transposition_counts_once_and_strangers_are_left_alone() {
        assert_eq!(nearest("databsae", ["service", "database"]), Some("database"));
        assert_eq!(nearest("tmeout", ["ttl", "timeout"]), Some("timeout"));
        assert_eq!(nearest("saga", ["tags", "storage"]), None);
        assert_eq!(nearest("db", ["database", "dc"]), None);
    }
}
