//! How each criterion is judged: by what is stated, by what can be reckoned, or by what the rules found.

pub(super) mod clarify;
pub(super) mod estimate;
pub(super) mod found;
