//! Figures as people write them: `~5k rps`, `5,000/s`, `18M/hour`, `500gb`, `99.84 percent`.

use super::ast::{Quantity, ValueKind};
use super::{property, unit_meant};
use crate::source::FileId;

/// What people write before a figure that they are not sure of.
const ABOUT: [&str; 5] = ["about", "around", "roughly", "circa", "ca."];

/// The figure that a text begins with, a note in brackets aside; nothing where it begins with none.
pub fn figure_meant(said: &str) -> Option<Quantity> {
    let said = said.split('(').next().unwrap_or_default().trim().trim_end_matches('.');
    let said = said.trim_start_matches(['~', '≈', '>', '<', ' ']);
    let said = ABOUT.iter().find_map(|it| said.strip_prefix(it)).unwrap_or(said);
    let said: String = said.chars().filter(|it| !it.is_whitespace() && *it != '_').collect();
    let (number, unit) = split(&said)?;
    let text = format!("figure = {number}{}", meant(&in_signs(unit))?);
    match property(FileId(0), &text, 0).ok()?.value?.kind {
        ValueKind::Quantity(it) => Some(it),
        _ => None,
    }
}

/// Parts `5,000k/s` into 5000 and `k/s`; a number may have a power of ten.
fn split(said: &str) -> Option<(f64, &str)> {
    let is_digit = |it: char| it.is_ascii_digit() || it == '.' || it == ',';
    let mut end = said.find(|it| !is_digit(it)).unwrap_or(said.len());
    if let Some(power) = said[end..].strip_prefix(['e', 'E']) {
        let digits = power.find(|it: char| !it.is_ascii_digit()).unwrap_or(power.len());
        end += if digits > 0 { 1 + digits } else { 0 };
    }
    let number: f64 = without_commas(&said[..end]).parse().ok()?;
    number.is_finite().then_some((number, &said[end..]))
}

/// A comma parts thousands, or is a point where what follows it is no group of three: `5,000` and `12,4`.
fn without_commas(number: &str) -> String {
    match number.split_once(',') {
        Some((_, after)) if after.len() != 3 && !after.contains([',', '.']) => number.replace(',', "."),
        _ => number.replace(',', ""),
    }
}

/// `percent` is a sign, and so is the `per` before a time.
fn in_signs(unit: &str) -> String {
    if unit == "percent" { "%".to_owned() } else { unit.replace("per", "/") }
}

/// The unit that somebody means: `QPS` is `/s`, `gb` is `GB`, and what is counted (`reports/s`) is no matter.
fn meant(unit: &str) -> Option<String> {
    if let Some(meant) = unit_meant(unit).or_else(|| unit_meant(&unit.to_lowercase())) {
        return Some(meant);
    }
    let (counted, time) = unit.split_once('/')?;
    let multiple = counted.get(..1).filter(|it| ["k", "K", "M"].contains(it) && counted.len() > 3);
    multiple.and_then(|it| unit_meant(&format!("{it}/{time}"))).or_else(|| unit_meant(&format!("/{time}")))
}
