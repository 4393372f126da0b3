//! Estimates as people write them: `~5k rps`, `5,000/s`, `18M/hour`, `500gb`, `20k/4 = 5k/s`.

use crate::analysis::estimate::Amount;
use crate::model::property::expected_dimension;
use crate::source::FileId;
use crate::syntax::{self, ast};

/// Longer estimates are none.
const LONGEST: usize = 100;

/// What people write before a figure that they are not sure of.
const ABOUT: [&str; 5] = ["about", "around", "roughly", "circa", "ca."];

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
    let read = || said.split('=').filter_map(quantity).find(fits);
    let found = if said.len() > LONGEST { None } else { read() };
    found.map(|it| it.amount).ok_or_else(|| format!("it takes {}", expected_dimension(dimension)))
}

/// The figure that a piece of an estimate begins with, a note in brackets aside.
fn quantity(said: &str) -> Option<ast::Quantity> {
    let said = said.split('(').next().unwrap_or_default().trim().trim_end_matches('.');
    let said = said.trim_start_matches(['~', '≈', '>', '<', ' ']);
    let said = ABOUT.iter().find_map(|it| said.strip_prefix(it)).unwrap_or(said);
    let said: String = said.chars().filter(|it| !it.is_whitespace() && *it != '_').collect();
    let (number, unit) = split(&said)?;
    let text = format!("figure = {number}{}", meant(&unit.replace("per", "/"))?);
    match syntax::property(FileId(0), &text, 0).ok()?.value?.kind {
        ast::ValueKind::Quantity(it) => Some(it),
        _ => None,
    }
}

/// Parts `5,000k/s` into 5000 and `k/s`: a comma parts thousands, and a number may have a power of ten.
fn split(said: &str) -> Option<(f64, &str)> {
    let is_digit = |it: char| it.is_ascii_digit() || it == '.' || it == ',';
    let mut end = said.find(|it| !is_digit(it)).unwrap_or(said.len());
    if let Some(power) = said[end..].strip_prefix(['e', 'E']) {
        let digits = power.find(|it: char| !it.is_ascii_digit()).unwrap_or(power.len());
        end += if digits > 0 { 1 + digits } else { 0 };
    }
    let number: f64 = said[..end].replace(',', "").parse().ok()?;
    number.is_finite().then_some((number, &said[end..]))
}

/// The unit that somebody means: `QPS` is `/s`, `gb` is `GB`, and what is counted (`reports/s`) is no matter.
fn meant(unit: &str) -> Option<String> {
    if let Some(meant) = syntax::unit_meant(unit).or_else(|| syntax::unit_meant(&unit.to_lowercase())) {
        return Some(meant);
    }
    let (counted, time) = unit.split_once('/')?;
    let multiple = counted.get(..1).filter(|it| ["k", "K", "M"].contains(it) && counted.len() > 3);
    multiple
        .and_then(|it| syntax::unit_meant(&format!("{it}/{time}")))
        .or_else(|| syntax::unit_meant(&format!("/{time}")))
}
