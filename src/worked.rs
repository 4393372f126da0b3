//! Quantities that remember how they came about, and can print it: `10M users × 20/day ÷ 86 400 s × 3 = 6 944/s`.

use std::fmt;
use std::ops::{Add, Div, Mul};

use smol_str::SmolStr;

/// A quantity with its working.
///
/// What is multiplied by what is checked by the quantities' types; the working follows along.
#[derive(Clone, Debug, PartialEq)]
pub struct Worked<Q> {
    /// The quantity.
    pub value: Q,
    terms: Vec<Term>,
}

/// One factor of a product, or one part of a sum.
#[derive(Clone, Debug, PartialEq)]
struct Term {
    sign: Sign,
    text: SmolStr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Times,
    Over,
    Plus,
}

impl Sign {
    fn text(self) -> &'static str {
        match self {
            Self::Times => " × ",
            Self::Over => " ÷ ",
            Self::Plus => " + ",
        }
    }
}

impl<Q> Worked<Q> {
    /// A quantity as it is given: `10M users`.
    pub fn given(value: Q, text: impl Into<SmolStr>) -> Self {
        Self { value, terms: vec![Term { sign: Sign::Times, text: text.into() }] }
    }

    /// How it came about, without what it comes to: `10M users × 20/day ÷ 86 400 s`.
    pub fn working(&self) -> String {
        let mut text = String::new();
        for (at, term) in self.terms.iter().enumerate() {
            if at > 0 {
                text.push_str(term.sign.text());
            }
            text.push_str(&term.text);
        }
        text
    }

    /// Whether something was reckoned, and not only given.
    pub fn is_reckoned(&self) -> bool {
        self.terms.len() > 1
    }

    /// The same quantity under a name of its own, in which its working is no longer told.
    #[must_use]
    pub fn named(self, text: impl Into<SmolStr>) -> Self {
        Self::given(self.value, text)
    }
}

fn is_sum(terms: &[Term]) -> bool {
    terms.iter().any(|term| term.sign == Sign::Plus)
}

/// The terms as factors: a sum in brackets is one.
fn factors(terms: Vec<Term>) -> Vec<Term> {
    if !is_sum(&terms) {
        return terms;
    }
    let sum = Worked { value: (), terms };
    vec![Term { sign: Sign::Times, text: format!("({})", sum.working()).into() }]
}

/// The terms as parts of a sum: a product is one.
fn parts(terms: Vec<Term>) -> Vec<Term> {
    if is_sum(&terms) {
        return terms;
    }
    let product = Worked { value: (), terms };
    vec![Term { sign: Sign::Plus, text: product.working().into() }]
}

/// One product after the other; a ÷ (b × c) is written as a ÷ b ÷ c.
fn joined(terms: Vec<Term>, sign: Sign, others: Vec<Term>) -> Vec<Term> {
    let mut terms = factors(terms);
    terms.extend(factors(others).into_iter().map(|term| {
        let sign = match (sign, term.sign) {
            (Sign::Over, Sign::Over) => Sign::Times,
            (Sign::Over, _) => Sign::Over,
            (_, own) => own,
        };
        Term { sign, ..term }
    }));
    terms
}

impl<A: Mul<B>, B> Mul<Worked<B>> for Worked<A> {
    type Output = Worked<A::Output>;

    fn mul(self, by: Worked<B>) -> Self::Output {
        Worked { value: self.value * by.value, terms: joined(self.terms, Sign::Times, by.terms) }
    }
}

impl<A: Div<B>, B> Div<Worked<B>> for Worked<A> {
    type Output = Worked<A::Output>;

    fn div(self, by: Worked<B>) -> Self::Output {
        Worked { value: self.value / by.value, terms: joined(self.terms, Sign::Over, by.terms) }
    }
}

impl<A: Add<Output = A>> Add for Worked<A> {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        let mut terms = parts(self.terms);
        terms.extend(parts(more.terms));
        Self { value: self.value + more.value, terms }
    }
}

/// `10M users × 20/day ÷ 86 400 s = 2 315/s`; a quantity that is only given stands alone.
impl<Q: fmt::Display> fmt::Display for Worked<Q> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.is_reckoned() {
            write!(f, "{} = {}", self.working(), self.value)
        } else {
            f.write_str(&self.working())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Duration, Rate, Size};

    #[test]
    fn a_product_tells_its_factors() {
        let users = Worked::given(10e6, "10M users");
        let each = Worked::given(20.0, "20/day");
        let day = Worked::given(Duration::DAY, "86 400 s");
        let mean: Worked<Rate> = users * each / day;
        assert_eq!(mean.to_string(), "10M users × 20/day ÷ 86 400 s = 2 315/s");
        let peak = mean * Worked::given(3.0, "3");
        assert_eq!(peak.to_string(), "10M users × 20/day ÷ 86 400 s × 3 = 6 944/s");
    }

    #[test]
    fn a_sum_is_bracketed_where_it_is_a_factor() {
        let a = Worked::given(Rate::new(1.0), "1/s") * Worked::given(2.0, "2");
        let b = Worked::given(Rate::new(3.0), "3/s");
        let sum = a + b;
        assert_eq!(sum.to_string(), "1/s × 2 + 3/s = 5/s");
        let bytes = sum * Worked::given(Size::new(100.0), "100 B");
        assert_eq!(bytes.to_string(), "(1/s × 2 + 3/s) × 100 B = 500 B/s");
    }

    #[test]
    fn what_is_divided_by_a_product_is_divided_by_each_factor() {
        let nodes: Worked<f64> =
            Worked::given(12.0_f64, "12") / (Worked::given(2.0_f64, "2") * Worked::given(3.0_f64, "3"));
        assert_eq!(nodes.working(), "12 ÷ 2 ÷ 3");
        assert!((nodes.value - 2.0).abs() < 1e-12);
    }
}
