//! `[parameters]`: the figures that a company reckons with, where a design states none, in the place of the catalogue's.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::{Reader, fault};
use crate::catalogue::{self, Fact, Parameter, Unit};
use crate::diagnostic::Diagnostic;
use crate::figures;
use crate::model::Override;
use crate::nearest::nearest;
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::ast::{Dimension, Quantity, ValueKind};

impl Reader<'_> {
    /// `node_availability = "99.9%"`, `peak_factor = 2`.
    pub(super) fn parameters(&mut self, value: &Spanned<DeValue>) {
        let Some(table) = self.table("parameters", value) else { return };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let Some(parameter) = catalogue::parameter(name) else {
                let near = nearest(name, settable().map(|it| it.name));
                let help = near.map_or_else(
                    || "`docs/loadpath.schema.json` lists all of them".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                self.fault(key.span(), format!("there is no parameter `{name}`"), "not known", Some(help));
                continue;
            };
            if let Some(why) = parameter.fixed {
                let help = Some("leave it out".to_owned());
                self.fault(key.span(), format!("`{name}` can't be set: {why}"), "a definition", help);
                continue;
            }
            if let Some(value) = self.figure(parameter, key.span(), value) {
                self.settings.config.parameters.push(value);
            }
        }
    }

    fn figure(
        &mut self,
        parameter: &'static Parameter,
        key: Range<usize>,
        value: &Spanned<DeValue>,
    ) -> Option<Override> {
        let (name, example) = (parameter.name, example(parameter));
        if !matches!(value.get_ref(), DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_)) {
            self.wrong(name, value, &format!("{}, such as {example}", expected(parameter.default.unit)));
            return None;
        }
        let property = self.as_in_a_design(key.start, value)?;
        let found = match property.value.map(|it| it.kind) {
            Some(ValueKind::Quantity(Quantity { amount, dimension })) if amount.is_finite() => {
                if dimension == measured_in(parameter.default.unit) {
                    return self.possible(parameter, amount, value);
                }
                told(dimension)
            }
            Some(ValueKind::Quantity(_)) => "without end",
            Some(ValueKind::Range(..)) => "a range",
            _ => "no figure",
        };
        let message = format!("`{name}` takes {}, and this is {found}", expected(parameter.default.unit));
        self.fault(value.span(), message, "another kind of value", Some(format!("write it like {example}")));
        None
    }

    /// The figure, if it can be.
    fn possible(
        &mut self,
        parameter: &'static Parameter,
        amount: f64,
        value: &Spanned<DeValue>,
    ) -> Option<Override> {
        let Parameter { name, default, least, most, .. } = parameter;
        let told = written(default.unit, amount);
        let most = most.or((default.unit == Unit::Share).then_some(1.0));
        let (message, help) = match (least, most) {
            (None, _) if amount <= 0.0 => {
                (format!("`{name}` is zero"), format!("write more than zero, such as {}", example(parameter)))
            }
            (Some(least), _) if amount < *least => {
                let least = written(default.unit, *least);
                (format!("`{name}` is {told}, less than {least}"), format!("write `{least}` or more"))
            }
            (_, Some(most)) if amount > most => {
                let most = written(default.unit, most);
                (format!("`{name}` is {told}, more than {most}"), format!("write `{most}` or less"))
            }
            _ => {
                let Range { start, end } = value.span();
                let span = Span::new(FileId(0), start, end);
                return Some(Override { parameter, value: amount, span, file: self.file.clone() });
            }
        };
        self.fault(value.span(), message, "impossible", Some(help));
        None
    }
}

/// What can't hold together of what is set, each with its file: a parameter over one that it may not be over.
pub(super) fn disordered(overrides: &[Override]) -> Vec<(SourceFile, Diagnostic)> {
    let all = Override::all(overrides);
    let set = |name: &str| overrides.iter().find(|it| it.parameter.name == name);
    let mut found = Vec::new();
    for row in settable() {
        let Some(other) = row.at_most.and_then(catalogue::parameter) else { continue };
        let (low, high) = (row.of(&all), other.of(&all));
        if low.value <= high.value {
            continue;
        }
        let Some(culprit) = set(row.name).or_else(|| set(other.name)) else { continue };
        let [told_low, told_high] =
            figures::apart_by(low.value, high.value, |value, _| written(low.unit, value));
        let message = format!("`{}` is {told_low}, over `{}`, which is {told_high}", row.name, other.name);
        let help = format!("set both so that `{}` is at most `{}`", row.name, other.name);
        let label = "can't hold together";
        found.push((culprit.file.clone(), fault(culprit.span.range(), message, label, Some(help))));
    }
    found
}

/// What a configuration may set.
fn settable() -> impl Iterator<Item = &'static Parameter> {
    catalogue::parameters().iter().filter(|it| it.fixed.is_none())
}

/// How the default is written in a configuration: `"4h"`, `3`.
fn example(parameter: &Parameter) -> String {
    let told = written(parameter.default.unit, parameter.default.value);
    if parameter.default.unit == Unit::Count { format!("`{told}`") } else { format!("`\"{told}\"`") }
}

/// A figure as the language reads it: in its shortest form, without blanks.
fn written(unit: Unit, value: f64) -> String {
    let told = Fact { value, unit, ..catalogue::Parameters::YEAR }.to_string();
    told.replace("years", "y").replace("days", "d").split_whitespace().collect()
}

fn measured_in(unit: Unit) -> Dimension {
    match unit {
        Unit::Share => Dimension::Percent,
        Unit::Seconds => Dimension::Duration,
        Unit::Bytes => Dimension::Size,
        Unit::PerSecond => Dimension::Rate,
        Unit::BytesPerSecond => Dimension::Throughput,
        Unit::Count => Dimension::Number,
    }
}

fn expected(unit: Unit) -> &'static str {
    told(measured_in(unit))
}

fn told(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Number => "a plain number",
        Dimension::Percent => "a percentage",
        Dimension::Duration => "a length of time",
        Dimension::Size => "a size",
        Dimension::Rate => "a rate",
        Dimension::Throughput => "an amount of data per time",
        Dimension::Growth => "a percentage per time",
        Dimension::TimeShare => "time per time",
    }
}
