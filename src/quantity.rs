//! Quantities with their units: what may be multiplied by what is a matter of types, so that a rate can never meet
//! a duration by accident.
//!
//! Plain numbers (counts, shares, factors) are `f64`. A month is 30 days and a year 365, everywhere.

use std::cmp::Ordering;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

/// Declares quantities, each in its base unit.
macro_rules! quantities {
    ($($(#[doc = $doc:literal])+ $name:ident in $unit:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// None of it.
            pub const ZERO: Self = Self(0.0);
            /// More than any figure.
            pub const INFINITE: Self = Self(f64::INFINITY);

            /// From a figure in the base unit.
            pub const fn new(figure: f64) -> Self {
                Self(figure)
            }

            /// The figure in the base unit.
            pub const fn $unit(self) -> f64 {
                self.0
            }

            /// Whether there is any.
            pub fn is_positive(self) -> bool {
                self.0 > 0.0
            }

            /// Whether it is a figure, and not without end.
            pub fn is_finite(self) -> bool {
                self.0.is_finite()
            }

            /// The larger of two.
            #[must_use]
            pub fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }

            /// The smaller of two.
            #[must_use]
            pub fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }

            /// Which of two is larger, for sorting.
            pub fn total_cmp(&self, other: &Self) -> Ordering {
                self.0.total_cmp(&other.0)
            }
        }

        impl Add for $name {
            type Output = Self;

            fn add(self, more: Self) -> Self {
                Self(self.0 + more.0)
            }
        }

        impl Sub for $name {
            type Output = Self;

            fn sub(self, less: Self) -> Self {
                Self(self.0 - less.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, more: Self) {
                self.0 += more.0;
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
                all.fold(Self::ZERO, Add::add)
            }
        }

        impl Mul<f64> for $name {
            type Output = Self;

            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }

        impl Mul<$name> for f64 {
            type Output = $name;

            fn mul(self, of: $name) -> $name {
                $name(self * of.0)
            }
        }

        impl Div<f64> for $name {
            type Output = Self;

            fn div(self, by: f64) -> Self {
                Self(self.0 / by)
            }
        }

        impl Div for $name {
            type Output = f64;

            fn div(self, by: Self) -> f64 {
                self.0 / by.0
            }
        }
    )+};
}

quantities! {
    /// Events a second: requests, messages, jobs.
    Rate in per_second;
    /// Time, in seconds.
    Duration in seconds;
    /// Data, in bytes.
    Size in bytes;
    /// Data a second, in bytes.
    Throughput in bytes_per_second;
}

/// Declares which products make which quantity, with all quotients that follow.
macro_rules! products {
    ($($one:ident * $other:ident = $product:ident, $from:expr;)+) => {$(
        impl Mul<$other> for $one {
            type Output = $product;

            fn mul(self, by: $other) -> $product {
                $from(self.0 * by.0)
            }
        }

        impl Mul<$one> for $other {
            type Output = $product;

            fn mul(self, by: $one) -> $product {
                $from(self.0 * by.0)
            }
        }
    )+};
}

/// Declares a quotient.
macro_rules! quotients {
    ($($of:ident / $by:ident = $quotient:ident;)+) => {$(
        impl Div<$by> for $of {
            type Output = $quotient;

            fn div(self, by: $by) -> $quotient {
                $quotient(self.0 / by.0)
            }
        }
    )+};
}

/// A plain number, as a product or quotient of quantities gives it.
type Number = f64;

products! {
    Rate * Duration = Number, std::convert::identity;
    Rate * Size = Throughput, Throughput;
    Throughput * Duration = Size, Size;
}

quotients! {
    Throughput / Rate = Size;
    Throughput / Size = Rate;
    Size / Duration = Throughput;
    Size / Throughput = Duration;
}

impl Div<Rate> for f64 {
    type Output = Duration;

    fn div(self, by: Rate) -> Duration {
        Duration(self / by.0)
    }
}

impl Div<Duration> for f64 {
    type Output = Rate;

    fn div(self, by: Duration) -> Rate {
        Rate(self / by.0)
    }
}

impl Duration {
    /// A second.
    pub const SECOND: Self = Self(1.0);
    /// A day.
    pub const DAY: Self = Self(86_400.0);
    /// A month of 30 days.
    pub const MONTH: Self = Self(30.0 * 86_400.0);
    /// A year of 365 days.
    pub const YEAR: Self = Self(365.0 * 86_400.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Little's law, and the size of what flows: what the types let through is what the formulas say.
    #[test]
    fn products_have_the_unit_that_follows() {
        let in_flight: f64 = Rate::new(500.0) * Duration::new(30.0);
        assert!((in_flight - 15_000.0).abs() < 1e-9);
        let bytes: Size = Rate::new(10.0) * Size::new(100.0) * Duration::new(3.0);
        assert_eq!(bytes, Size::new(3_000.0));
        let to_fill: Duration = 600.0 / Rate::new(2.0);
        assert_eq!(to_fill, Duration::new(300.0));
        assert_eq!(1.0 / Duration::new(0.1), Rate::new(10.0));
        assert_eq!(Size::new(100.0) / Throughput::new(50.0), Duration::new(2.0));
    }
}
