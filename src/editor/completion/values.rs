//! The values of a property: its words, what it may refer to, and figures with the units that fit.

use super::{Proposals, Proposed, usual};
use crate::catalogue::Kind;
use crate::editor::spot::{Chosen, Within};
use crate::model::property::{Form, Place, Statement, Value, expected_dimension};
use crate::model::{GroupKind, Property, REFERENCES, word};
use crate::syntax::ast::Dimension;
use crate::syntax::figure;

/// What comes before them: what the letters typed are the beginning of, and a number with its units behind that.
const MEANT: usize = 0;
const WITH_UNITS: usize = 50;

/// Where the figures of a property begin that designs give words.
const FIGURES: usize = 100;

/// How many ranks behind the figures that designs state those come which only show a unit.
const EXAMPLES: usize = 50;

/// What comes behind the values that are known: others of the design, and `none`.
const OTHERS: usize = 200;
const NONE: usize = 900;

impl Proposals<'_> {
    pub(super) fn values(&mut self, name: &str, listed: &[String], is_whole: bool) {
        let Some(property) = Property::parse(name) else { return };
        if self.typed.starts_with(|it: char| it.is_ascii_digit()) {
            return self.figures_typed(property);
        }
        match property {
            Property::Engine => {
                let kind = match &self.spot.within {
                    Within::Body { kind, .. } | Within::Asked(Chosen::Kind(kind)) => kind.clone(),
                    _ => String::new(),
                };
                self.engines(&kind);
            }
            Property::Tags => self.tags(),
            Property::Networks => self.group_names(GroupKind::Network),
            Property::Zones => self.group_names(GroupKind::Zone),
            Property::Regions => self.group_names(GroupKind::Region),
            _ => {}
        }
        for form in property.definition().forms {
            match *form {
                Form::Words(words) => self.words(property, words),
                Form::Reference => self.referred(|it| fit(property, it), listed),
                Form::Is(dimension) if is_whole => self.figures(property, dimension),
                Form::Ratio if is_whole => _ = self.add(OTHERS, Proposed::Value, "100:1", "a ratio"),
                Form::AnyWord => self.other_words(property),
                Form::Is(_) | Form::Ratio | Form::Text | Form::Flag => {}
            }
        }
        if is_whole && self.spot.path.is_none() && has_absence(property) {
            self.add(NONE, Proposed::Value, "none", "there is none");
        }
        self.all.retain(|it| !listed.contains(&it.label));
    }

    /// The words of a property, each in one spelling, the usual ones first: `get` is the same as `GET`.
    fn words(&mut self, property: Property, words: &[&str]) {
        if self.spot.path.is_some() {
            return;
        }
        let usual = usual::values(property.name());
        for (at, known) in words.iter().enumerate() {
            if !words[..at].iter().any(|it| it.eq_ignore_ascii_case(known)) {
                let rank = usual.iter().position(|it| it == known).unwrap_or(usual.len() + at);
                self.add(rank, Proposed::Value, known, word::meaning(property, known).unwrap_or_default());
            }
        }
    }

    /// Words that other designs give a property which takes any, and those that this one gives it elsewhere.
    fn other_words(&mut self, property: Property) {
        let is_of_names = [Property::Tags, Property::Engine, Property::Networks].contains(&property);
        if is_of_names || REFERENCES.contains(&property) || self.spot.path.is_some() {
            return;
        }
        let usual = usual::values(property.name()).iter().filter(|it| !is_figure(it));
        let usual = usual.map(|it| (OTHERS, (*it).to_owned(), "as designs say"));
        let here = self.architecture.bearers().flat_map(|it| it.properties().iter().collect::<Vec<_>>());
        let here = here.filter(|it| it.property == property && !self.is_here(it.span));
        let here = here.filter_map(|it| match &it.statement {
            Statement::Value(Value::Words(words)) => Some(words),
            _ => None,
        });
        let here = here.flatten().map(|it| (OTHERS - 1, it.to_string(), "as elsewhere in this design"));
        for (rank, word, detail) in usual.chain(here).collect::<Vec<_>>() {
            self.add(rank, Proposed::Value, &word, detail);
        }
    }

    /// Figures as designs state them, then some near those to show the units; the number is the author's.
    fn figures(&mut self, property: Property, dimension: Dimension) {
        if self.spot.path.is_some() {
            return;
        }
        let usual = usual::values(property.name());
        let first = if usual.first().is_some_and(|it| is_figure(it)) { 0 } else { FIGURES };
        let is_of = |it: &str| figure(it).is_none_or(|it| it.dimension == dimension);
        let known = usual.iter().enumerate();
        let known: Vec<(usize, &str)> = known
            .filter(|(_, it)| is_figure(it) && !it.contains(':') && is_of(it))
            .map(|(at, it)| (first + at, *it))
            .collect();
        // Of numbers without a unit those that designs state tell enough.
        let is_number = dimension == Dimension::Number;
        let is_wanted = |it: &&str| {
            if is_number {
                known.len() < 2 && (!is_large(it) || counts_many(property))
            } else {
                how_far(property, it).is_none_or(|far| far <= NEAR)
            }
        };
        let examples = examples(dimension).iter().copied().filter(is_wanted).enumerate();
        let examples = examples.map(|(at, it)| (first + EXAMPLES + at, it));
        for (rank, shape) in known.iter().copied().chain(examples) {
            self.add(rank, Proposed::Value, shape, expected_dimension(dimension));
        }
    }

    /// The number that is typed, with each unit that it may have.
    fn figures_typed(&mut self, property: Property) {
        // Of a range the unit of its upper end holds for both.
        let start = self.typed.rfind("..").map_or(0, |it| it + 2);
        let digits = |it: char| !matches!(it, '0'..='9' | '_' | '.');
        let end = self.typed[start..].find(digits).map_or(self.typed.len(), |it| start + it);
        let (number, unit) = self.typed.split_at(end);
        let usual = usual::values(property.name()).iter().copied().filter(|it| is_figure(it));
        // What designs state is nearer than what a unit makes of the number.
        for (rank, known) in usual
            .clone()
            .filter(|it| it.len() > number.len() && unit.is_empty() && it.starts_with(number))
            .enumerate()
        {
            self.add(MEANT + rank, Proposed::Value, known, "as designs say");
        }
        if end == start || number.ends_with('.') {
            return;
        }
        for form in property.definition().forms {
            if *form == Form::Ratio && ":1".starts_with(unit) {
                self.add(OTHERS, Proposed::Value, &format!("{number}:1"), "a ratio");
            }
            let Form::Is(dimension) = *form else { continue };
            let units = units(dimension).into_iter().filter(|it| starts_with(it, unit));
            let units =
                units.filter(|it| dimension != Dimension::Number || it.is_empty() || counts_many(property));
            for (at, known) in units.enumerate() {
                let figure = format!("{number}{known}");
                let rank = how_far(property, &figure).unwrap_or(10 + at);
                self.add(WITH_UNITS + rank, Proposed::Value, &figure, expected_dimension(dimension));
            }
        }
    }
}

/// Whether a unit begins with what is typed of it, in whatever case.
fn starts_with(unit: &str, typed: &str) -> bool {
    unit.get(..typed.len()).is_some_and(|it| it.eq_ignore_ascii_case(typed))
}

fn is_figure(value: &str) -> bool {
    value.starts_with(|it: char| it.is_ascii_digit())
}

/// `10M`, `1k`
fn is_large(number: &str) -> bool {
    number.ends_with(|it: char| it.is_ascii_alphabetic())
}

/// Whether a number counts what there are thousands of, as far as designs tell: users, not zones.
fn counts_many(property: Property) -> bool {
    usual::values(property.name()).iter().any(|it| is_figure(it) && is_large(it))
}

/// How far a figure may be from all that designs state for a property, to show a unit there.
const NEAR: usize = 10;

/// How far a figure is from the nearest that designs state for a property, in tenths of powers of ten: of `200`, `200ms` is
/// nearer than `200s` where it waits for a second. Nothing where no design tells.
fn how_far(property: Property, written: &str) -> Option<usize> {
    const FARTHEST: f64 = 90.0;
    let of = figure(written)?;
    let known = usual::values(property.name()).iter().filter_map(|it| figure(it));
    let known = known.filter(|it| it.dimension == of.dimension);
    let far = |of: f64, known: f64| 10.0 * (of / known).log10().abs();
    // `90%` is as far from `99%` as what is lost: ten times as much.
    let far = known.map(|it| match of.dimension {
        Dimension::Percent => far(of.amount, it.amount).max(far(lost(of.amount), lost(it.amount))),
        _ => far(of.amount, it.amount),
    });
    // Of nothing all are as far.
    Some(far.min_by(f64::total_cmp)?.min(FARTHEST).round() as usize)
}

/// What a share leaves; hardly anything, and not nothing, where it is all.
fn lost(share: f64) -> f64 {
    const LEAST: f64 = 1e-6;
    (1.0 - share).max(LEAST)
}

/// A few figures of a dimension, for a property of which no design tells.
fn examples(dimension: Dimension) -> &'static [&'static str] {
    match dimension {
        Dimension::Percent => &["99.9%", "90%", "50%", "10%", "1%"],
        Dimension::Duration => &["10ms", "200ms", "1s", "30s", "5min", "1h", "1d", "1y"],
        Dimension::Size => &["500B", "1KB", "1MB", "10GB", "1TB"],
        Dimension::Rate => &["10/s", "1k/s", "20/day"],
        Dimension::Throughput => &["100Mbps", "12GB/month"],
        Dimension::Growth => &["30%/year"],
        Dimension::TimeShare => &["30min/month"],
        Dimension::Number => &["1", "2", "3", "10", "1k", "1M"],
    }
}

/// The units of a dimension, the usual ones first.
fn units(dimension: Dimension) -> Vec<String> {
    const TIMES: [&str; 5] = ["s", "min", "h", "day", "month"];
    let of = |units: &[&str]| units.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let by = |amounts: &[&str], times: &[&str]| {
        let times = times.iter().flat_map(|time| amounts.iter().map(move |it| format!("{it}/{time}")));
        times.collect::<Vec<_>>()
    };
    match dimension {
        Dimension::Number => of(&["", "k", "M", "bn"]),
        Dimension::Percent => of(&["%"]),
        Dimension::Duration => of(&["ms", "s", "min", "h", "d", "w", "month", "y", "us", "ns"]),
        Dimension::Size => of(&["B", "KB", "MB", "GB", "TB", "PB", "KiB", "MiB", "GiB", "TiB"]),
        Dimension::Rate => by(&["", "k", "M"], &TIMES),
        Dimension::Throughput => {
            let mut units = of(&["Mbps", "Gbps"]);
            units.extend(by(&["KB", "MB", "GB", "TB"], &["s", "day", "month"]));
            units
        }
        Dimension::Growth => by(&["%"], &["year", "month"]),
        Dimension::TimeShare => by(&["min", "h", "s"], &["month", "year", "day"]),
    }
}

/// Whether a property may be stated as absent: neither a text nor what something is in any case.
fn has_absence(property: Property) -> bool {
    let definition = property.definition();
    definition.forms != [Form::Text] && definition.places != [Place::Constraint] && property != Property::Tags
}

/// Whether a property may refer to a component of this kind, and how likely it is: the lower, the more.
fn fit(property: Property, kind: Kind) -> Option<usize> {
    match property {
        Property::Caches | Property::DerivedFrom => {
            let place = if kind.is_store() { 0 } else { 1 + usize::from(kind.is_queue()) };
            kind.holds_data().then_some(place)
        }
        Property::DeadLetter => kind.is_queue().then_some(0),
        _ => (!kind.is_caller_only()).then_some(0),
    }
}
