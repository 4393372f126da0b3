//! Figures with what they measure: what a page tells, and what a reader answers.

use std::fmt;

use crate::figures;
use crate::source::FileId;
use crate::syntax;
use crate::syntax::ast::{Dimension, ValueKind};

/// A figure in the base unit of what it measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// How much: seconds, bytes, a second, bytes a second; 0.999 of a share.
    pub value: f64,
    /// What of.
    pub measure: Measure,
}

/// What a figure measures, and how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A count, or how many times.
    Number,
    /// A share of one.
    Percent,
    /// A share of the time, of which what is missing counts.
    Availability,
    /// Time that something is down, in minutes so that two of them compare.
    Minutes,
    /// Time.
    Duration,
    /// Events a second.
    Rate,
    /// Bytes.
    Size,
    /// Bytes a second.
    Throughput,
}

impl Measure {
    /// What a figure of the language measures; nothing of those that no page tells.
    pub(super) fn of(dimension: Dimension) -> Option<Self> {
        Some(match dimension {
            Dimension::Number => Self::Number,
            Dimension::Percent => Self::Percent,
            Dimension::Duration => Self::Duration,
            Dimension::Size => Self::Size,
            Dimension::Rate => Self::Rate,
            Dimension::Throughput => Self::Throughput,
            Dimension::Growth | Dimension::TimeShare => return None,
        })
    }

    /// The powers of time and of data in it: of a rate −1 and 0.
    fn powers(self) -> (i8, i8) {
        match self {
            Self::Number | Self::Percent | Self::Availability => (0, 0),
            Self::Minutes | Self::Duration => (1, 0),
            Self::Rate => (-1, 0),
            Self::Size => (0, 1),
            Self::Throughput => (-1, 1),
        }
    }

    fn of_powers(powers: (i8, i8)) -> Option<Self> {
        let all = [Self::Number, Self::Duration, Self::Rate, Self::Size, Self::Throughput];
        all.into_iter().find(|it| it.powers() == powers)
    }

    fn is_share(self) -> bool {
        matches!(self, Self::Percent | Self::Availability)
    }
}

impl Figure {
    pub(super) fn new(value: f64, measure: Measure) -> Self {
        Self { value, measure }
    }

    /// A figure as a design would state it: `200ms`, `99.9%`, `20/day`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let stated = format!("figure = {text}");
        let property = syntax::property(FileId(0), &stated, 0).ok()?;
        let ValueKind::Quantity(quantity) = property.value?.kind else { return None };
        Some(Self::new(quantity.amount, Measure::of(quantity.dimension)?))
    }

    /// Whether both measure the same, so that they can be added and compared.
    pub(super) fn is_like(self, other: Self) -> bool {
        self.measure.powers() == other.measure.powers()
    }

    /// The sum with another, or the difference; nothing where they measure different things.
    pub(super) fn plus(self, other: Self, sign: f64) -> Option<Self> {
        let measure = match (self.measure, other.measure) {
            (one, other) if one.is_share() || other.is_share() => Measure::Percent,
            (one, _) => one,
        };
        self.is_like(other).then(|| Self::new(self.value + sign * other.value, measure))
    }

    /// The product with another; nothing where there is no word for its unit.
    pub(super) fn times(self, other: Self) -> Option<Self> {
        let ((time, data), (more_time, more_data)) = (self.measure.powers(), other.measure.powers());
        let measure = if self.measure.is_share() && other.measure.is_share() {
            Measure::Percent
        } else {
            self.kept(other, Measure::of_powers((time + more_time, data + more_data))?)
        };
        Some(Self::new(self.value * other.value, measure))
    }

    /// The quotient by another; nothing where there is no word for its unit.
    pub(super) fn over(self, other: Self) -> Option<Self> {
        let ((time, data), (less_time, less_data)) = (self.measure.powers(), other.measure.powers());
        let measure = self.kept(other, Measure::of_powers((time - less_time, data - less_data))?);
        Some(Self::new(self.value / other.value, measure))
    }

    /// Minutes stay minutes where they are multiplied.
    fn kept(self, other: Self, measure: Measure) -> Measure {
        let has_minutes = [self, other].iter().any(|it| it.measure == Measure::Minutes);
        if has_minutes && measure == Measure::Duration { Measure::Minutes } else { measure }
    }

    /// Whether another is as near as a tolerance asks; of an availability that is said of what is missing.
    pub(super) fn is_near(self, other: Self, tolerance: f64) -> bool {
        let missing = |it: f64| if self.measure == Measure::Availability { 1.0 - it } else { it };
        let (right, given) = (missing(self.value), missing(other.value));
        // A hair over the edge is the rounding of it.
        self.is_like(other) && (given - right).abs() <= right.abs() * tolerance + 1e-12
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let value = self.value;
        f.write_str(&match self.measure {
            Measure::Number => figures::number(value),
            Measure::Percent => figures::percent(value),
            Measure::Availability => figures::availability(value),
            Measure::Minutes => figures::minutes(value / 60.0),
            Measure::Duration => figures::duration(value),
            Measure::Rate => figures::rate(value),
            Measure::Size => figures::size(value),
            Measure::Throughput => figures::throughput(value),
        })
    }
}
