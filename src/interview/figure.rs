//! Estimates as people write them: `~5k rps`, `5,000/s`, `18M/hour`, `500gb`, `20k/4 = 5k/s`.

use crate::analysis::estimate::Amount;
use crate::model::property::expected_dimension;
use crate::syntax::{ast, figure_meant};

/// Longer estimates are none.
const LONGEST: usize = 100;

/// An estimate in the base unit of what is to be estimated. A bare number is in that unit; beside a `=` stands its working.
///
/// # Errors
/// Says what it takes.
pub(super) fn figure(said: &str, truth: Amount) -> Result<f64, String> {
    let dimension = match truth {
        Amount::Count(_) => ast::Dimension::Number,
        Amount::Rate(_) => ast::Dimension::Rate,
        Amount::Size(_) => ast::Dimension::Size,
        Amount::Throughput(_) => ast::Dimension::Throughput,
    };
    let fits = |it: &ast::Quantity| {
        it.amount > 0.0 && (it.dimension == dimension || it.dimension == ast::Dimension::Number)
    };
    let read = || said.split('=').filter_map(figure_meant).find(fits);
    let found = if said.len() > LONGEST { None } else { read() };
    found.map(|it| it.amount).ok_or_else(|| format!("it takes {}", expected_dimension(dimension)))
}
