//! Bars: each is a small picture beside the number that it draws, which a reader who can't see it does not need.

use maud::{Markup, html};

/// A stretch of a bar, in the unit of its scale.
pub(super) struct Stretch {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) class: &'static str,
}

/// What all bars of one chart are drawn to.
pub(super) struct Scale {
    /// The right end.
    pub(super) full: f64,
    /// Where a limit stands.
    pub(super) limit: Option<f64>,
}

/// The drawing has so many units from left to right.
const WIDTH: f64 = 200.0;
/// No stretch that is something is drawn as nothing.
const LEAST: f64 = 0.8;

impl Scale {
    pub(super) fn bar(&self, stretches: &[Stretch]) -> Markup {
        html! {
            svg.bar viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                rect.ground x="0" y="2" width="200" height="6" {}
                @for it in stretches {
                    @let (from, to) = (self.place(it.from), self.place(it.to));
                    @let width = (to - from).max(LEAST);
                    @let x = from.min(WIDTH - width);
                    rect class=(it.class) x=(digits(x)) y="2" width=(digits(width)) height="6" {}
                }
                @if let Some(limit) = self.limit {
                    @let x = self.place(limit).min(WIDTH - 1.0);
                    rect.limit x=(digits(x)) y="0" width="1" height="10" {}
                }
            }
        }
    }

    fn place(&self, value: f64) -> f64 {
        if self.full > 0.0 { (value / self.full).clamp(0.0, 1.0) * WIDTH } else { 0.0 }
    }
}

/// The columns of a chart: what, its bar, and two figures.
pub(super) fn head([what, one, other]: [&str; 3]) -> Markup {
    html! {
        colgroup { col.name; col; col.number; col.number; }
        thead {
            tr {
                th scope="col" { (what) }
                td {}
                th.figure scope="col" { (one) }
                th.figure scope="col" { (other) }
            }
        }
    }
}

fn digits(value: f64) -> String {
    format!("{value:.2}")
}
