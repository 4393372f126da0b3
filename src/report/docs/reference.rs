//! The tables of the reference, made from what the tool itself goes by: properties, kinds, engines, protocols,
//! parameters.

use std::fmt::Write as _;

use crate::catalogue::{self, Confidence, Encryption, Facts, Kind};
use crate::model::property::{DEFINITIONS, Form, Place};
use crate::syntax::ast::Dimension;

/// Every property: what it means, how its value is written, what may carry it.
pub fn properties() -> String {
    let mut shown = head(&["property", "meaning", "value", "stands on"]);
    for property in DEFINITIONS {
        let values: Vec<String> = property.forms.iter().map(|form| written(*form)).collect();
        let places: Vec<&str> = property.places.iter().map(|place| carrier(*place)).collect();
        row(
            &mut shown,
            &[
                &code(property.name),
                property.meaning.trim().trim_end_matches('.'),
                &values.join("; "),
                &places.join(", "),
            ],
        );
    }
    shown
}

/// Every kind and what it is for.
pub fn meanings() -> String {
    let mut shown = head(&["kind", "what it is for"]);
    for kind in Kind::ALL {
        row(&mut shown, &[&code(kind.name()), kind.meaning()]);
    }
    shown
}

/// What is known of each kind before an engine is named.
pub fn kinds() -> String {
    let mut shown = head(&[
        "kind",
        "redundant by itself",
        "known figures, unless an engine or the design says otherwise",
    ]);
    for kind in Kind::ALL {
        let facts = kind.facts();
        row(&mut shown, &[&code(kind.name()), yes(facts.managed), &known(facts)]);
    }
    shown
}

/// Every engine with the words for it and what is known of its availability.
pub fn engines() -> String {
    let mut shown = head(&["engine", "also", "is", "kinds", "managed", "availability"]);
    for engine in catalogue::engines() {
        let kinds: Vec<&str> = engine.kinds.iter().map(|kind| kind.name()).collect();
        let availability = engine.facts.availability.map(|it| it.to_string()).unwrap_or_default();
        row(
            &mut shown,
            &[
                &code(engine.name),
                &codes(engine.aliases),
                engine.title,
                &kinds.join(", "),
                yes(engine.facts.managed),
                &availability,
            ],
        );
    }
    shown
}

/// Every protocol and whether it can be read on the way.
pub fn protocols() -> String {
    let mut shown = head(&["protocol", "also", "encrypted", "encrypted instead", "ports"]);
    for protocol in catalogue::protocols() {
        let encrypted = match protocol.encryption {
            Encryption::Always => "always",
            Encryption::Never => "never",
            Encryption::Either => "if the link says so",
        };
        let ports: Vec<String> = protocol.ports.iter().map(u16::to_string).collect();
        let secure = protocol.secure.map(code).unwrap_or_default();
        row(
            &mut shown,
            &[&code(protocol.name), &codes(protocol.aliases), encrypted, &secure, &ports.join(", ")],
        );
    }
    shown
}

/// Every figure that is reckoned with where a design states none.
pub fn parameters() -> String {
    let mut shown = head(&["parameter", "what it is", "default", "source", "trust"]);
    for parameter in catalogue::parameters() {
        let trust = match parameter.default.confidence {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
        };
        row(
            &mut shown,
            &[
                &code(parameter.name),
                parameter.title,
                &parameter.default.to_string(),
                parameter.default.source,
                trust,
            ],
        );
    }
    shown
}

/// The first lines of a table.
pub fn head(titles: &[&str]) -> String {
    let mut shown = String::new();
    row(&mut shown, titles);
    shown + "|" + &"---|".repeat(titles.len()) + "\n"
}

/// A line of a table.
pub fn row(shown: &mut String, cells: &[&str]) {
    let _ = writeln!(shown, "| {} |", cells.join(" | "));
}

fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "" }
}

fn code(word: &str) -> String {
    format!("`{word}`")
}

fn codes(words: &[&str]) -> String {
    words.iter().map(|word| code(word)).collect::<Vec<_>>().join(", ")
}

/// How a value of this form is written.
fn written(form: Form) -> String {
    match form {
        Form::Is(dimension) => dimension_written(dimension).to_owned(),
        Form::Words(words) => codes(words),
        Form::AnyWord => "a word".to_owned(),
        Form::Text => "a text".to_owned(),
        Form::Reference => "a component's name".to_owned(),
        Form::Ratio => "ratio".to_owned(),
        Form::Flag => "the bare name".to_owned(),
    }
}

fn dimension_written(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Number => "number",
        Dimension::Percent => "percentage",
        Dimension::Duration => "duration",
        Dimension::Size => "size",
        Dimension::Rate => "rate",
        Dimension::Throughput => "data per time",
        Dimension::Growth => "percentage per time",
        Dimension::TimeShare => "time per time",
    }
}

fn carrier(place: Place) -> &'static str {
    match place {
        Place::Everywhere => "anything",
        Place::System => "system",
        Place::Flow => "flow",
        Place::Link => "link",
        Place::Group => "group",
        Place::Component => "component",
        Place::Data => "store, cache, queue",
        Place::Store => "store",
        Place::Cache => "cache, CDN",
        Place::Queue => "queue, stream",
        Place::Compute => "service, function, worker, scheduler",
        Place::Edge => "balancer, proxy, gateway, CDN, DNS",
        Place::Outside => "client, person, third party",
        Place::Constraint => "constraint",
    }
}

/// The figures that are known, in the order of the catalogue.
fn known(facts: &Facts) -> String {
    let figures = Facts::FIGURES.iter().filter_map(|(name, _)| {
        facts.figure(name).map(|fact| format!("{} {}", name.replace('_', " "), fact))
    });
    figures.collect::<Vec<_>>().join(", ")
}
