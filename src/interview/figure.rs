//! Estimates as people write them: `~5k rps`, `5,000/s`, `18M/hour`, `180 gigabytes`, `10M users * 5 / 86400 s = 580/s`.

use super::working::{self, Measure, Reading};
use crate::analysis::estimate::Amount;
use crate::figures;
use crate::model::property::expected_dimension;
use crate::syntax::ast;

/// Longer estimates are none.
const LONGEST: usize = 200;

/// An estimate in the base unit of what is to be estimated. A bare number is in that unit; beside a `=` stands its working. Of figures
/// that are no further apart than `tolerance` it is what lies between them.
///
/// # Errors
/// Says why it is none, and what it takes.
pub(super) fn figure(said: &str, truth: Amount, tolerance: f64) -> Result<f64, String> {
    let dimension = match truth {
        Amount::Count(_) => ast::Dimension::Number,
        Amount::Rate(_) => ast::Dimension::Rate,
        Amount::Size(_) => ast::Dimension::Size,
        Amount::Throughput(_) => ast::Dimension::Throughput,
    };
    let takes = |why: String| format!("{why}; it takes {}", expected_dimension(dimension));
    if said.len() > LONGEST {
        return Err(takes("it is too long".to_owned()));
    }
    let asked = Measure::of(dimension).unwrap_or_default();
    let mut trouble = None;
    let mut sides: Vec<Vec<Reading>> = Vec::new();
    let mut is_worked = false;
    for side in working::sides(said).map_err(takes)? {
        let readings = side.unwrap_or_else(|why| {
            trouble.get_or_insert(why);
            Vec::new()
        });
        is_worked |= readings.iter().any(|it| it.is_worked);
        let fits = |it: &Reading| fitting(it, asked).map_err(|why| trouble.get_or_insert(why)).is_ok();
        sides.push(readings.into_iter().filter(fits).collect());
    }
    let figures = meant(&sides, is_worked);
    let least = figures.iter().copied().reduce(f64::min);
    let most = figures.iter().copied().reduce(f64::max);
    let (Some(least), Some(most)) = (least, most) else {
        return Err(takes(trouble.unwrap_or("there is no figure in it".to_owned())));
    };
    if most > least * tolerance {
        let times = figures::number(most / least);
        return Err(format!("it has figures that are {times} times apart: choose one"));
    }
    Ok((least * most).sqrt())
}

/// Of what stands beside a `=`, the last plain figure where the rest is its working; else all that is said.
fn meant(sides: &[Vec<Reading>], is_worked: bool) -> Vec<f64> {
    let is_plain = |side: &&Vec<Reading>| side.iter().any(|it| !it.is_worked);
    let result = sides.iter().rev().find(is_plain).filter(|_| is_worked).map(std::slice::from_ref);
    let told = || result.unwrap_or(sides).iter().flatten();
    // Beside `180GB for 10M links` the links are no answer.
    let has_unit = told().any(|it| it.has_unit);
    told().filter(|it| !(it.is_counted && has_unit)).map(|it| it.amount).collect()
}

/// Whether a reading is of what is asked for; a number without a unit that is a factor of it may be one of seconds or of bytes.
fn fitting(it: &Reading, asked: Measure) -> Result<(), String> {
    if !it.amount.is_finite() {
        return Err("it is more than can be counted".to_owned());
    }
    if it.amount <= 0.0 {
        return Err("it is to be over 0".to_owned());
    }
    if it.is_each {
        return Err("it is the figure of each, and that of all is asked for".to_owned());
    }
    let is_asked = match (asked.bytes - it.measure.bytes, asked.seconds - it.measure.seconds) {
        _ if !it.has_unit => true,
        (0, 0) if it.is_by_day && asked.seconds < 0 => {
            return Err("it is divided by the time twice: leave out `/ 86400`, or the unit".to_owned());
        }
        (0, 0) => true,
        (_, 1 | -1) if it.is_worked && !it.is_in_seconds => {
            return Err("a time in it has no unit: write `365 days`".to_owned());
        }
        (0 | 1, 0 | 1) => it.is_worked && it.is_scaled,
        (0, -1) => it.is_parted,
        (1, -1) => it.is_parted && it.is_scaled,
        _ => false,
    };
    if is_asked { Ok(()) } else { Err(format!("it comes to {}", kind(it.measure))) }
}

fn kind(it: Measure) -> &'static str {
    match (it.bytes, it.seconds) {
        (0, 0) => "a number",
        (0, 1) => "a time",
        (0, -1) => "a rate",
        (1, 0) => "a size",
        (1, -1) => "an amount of data per time",
        _ => "nothing that is measured",
    }
}
