//! Written values to checked ones: form, unit and word of every property.

use smol_str::SmolStr;

use super::property::{Entry, Form, Own, Owner, Statement, Value};
use super::{Fault, FaultKind, Properties, Property};
use crate::diagnostic::{Edit, Fix, Label};
use crate::nearest::{is_one_letter_off, nearest_of};
use crate::syntax::ast::{self, Dimension, Quantity, ValueKind};

/// Names that people write for properties that have others, the more usual first.
const SLIPS: &[(&str, &[Property])] = &[
    ("latency", &[Property::LatencyP99, Property::ServiceTime]),
    ("p99", &[Property::LatencyP99, Property::ServiceTimeP99]),
    ("p50", &[Property::LatencyP50, Property::ServiceTime]),
    ("sla", &[Property::Slo]),
    ("uptime", &[Property::Availability]),
    ("rps", &[Property::Rate]),
    ("qps", &[Property::Rate]),
    ("throughput", &[Property::Capacity, Property::Rate]),
    ("instances", &[Property::Replicas]),
    ("nodes", &[Property::Replicas]),
    ("count", &[Property::Replicas]),
    ("dlq", &[Property::DeadLetter]),
    ("dead_letter_queue", &[Property::DeadLetter]),
    ("ssl", &[Property::Tls]),
    ("limit", &[Property::MaxLength, Property::RateLimit]),
    ("size", &[Property::RecordSize]),
    ("encrypted", &[Property::EncryptedAtRest]),
    ("encryption", &[Property::EncryptedAtRest]),
    ("authentication", &[Property::Auth]),
    ("retry", &[Property::Retries]),
    ("users_per_day", &[Property::DailyUsers]),
    ("dau", &[Property::DailyUsers]),
    ("mau", &[Property::MonthlyUsers]),
    ("az", &[Property::Zones]),
    ("availability_zones", &[Property::Zones]),
    ("backups", &[Property::Backup]),
    ("reason", &[Property::Because]),
];

/// Checks what an owner states; what can't be read is left out and reported. A misspelt name says what it is meant for,
/// unless that is said as well: nobody asks for what stands there.
pub(super) fn properties<'a>(
    written: impl Iterator<Item = &'a ast::Property> + Clone,
    owner: Owner,
    element: &str,
    faults: &mut Vec<Fault>,
) -> Properties {
    let mut properties = Properties::with_room(written.clone().count());
    let mut misspelt = Vec::new();
    for it in written {
        let name = it.name.text.as_str();
        let Some(property) = Property::parse(name) else {
            let meant = unknown_property(it, owner, element, &mut properties, faults);
            misspelt.extend(meant.map(|property| (property, it)));
            continue;
        };
        let statement = match &it.value {
            None => Statement::Present,
            Some(value) => match statement(property, value) {
                // A constraint asks for what lies within bounds, which may begin where no figure can be.
                Ok(statement) if owner == Owner::Constraint => statement,
                Ok(statement) => match impossible(property, &statement, value, element) {
                    Some(fault) => {
                        faults.push(fault);
                        Statement::Present
                    }
                    None => statement,
                },
                // What is said wrongly is said all the same: its figure is unknown, and nobody asks for it again.
                Err(mismatch) => {
                    faults.push(mismatch.fault(property, value, element));
                    Statement::Present
                }
            },
        };
        let entry = Entry { property, statement, span: it.span };
        if let Some(first) = properties.entry(property) {
            faults.push(Fault {
                kind: FaultKind::DuplicateName,
                message: format!("`{name}` is stated twice"),
                labels: vec![
                    label(it.span, "again here", element),
                    label(first.span, "first stated here", element),
                ],
                help: Some("keep one of them".to_owned()),
                fix: None,
                element: element.to_owned(),
            });
            continue;
        }
        properties.insert(entry);
    }
    for (property, it) in misspelt {
        if properties.entry(property).is_none() {
            let value = it.value.as_ref().map(|value| statement(property, value).ok());
            let is_possible = |says: &Statement| {
                it.value.as_ref().is_none_or(|value| impossible(property, says, value, element).is_none())
            };
            let statement = value.flatten().filter(is_possible).unwrap_or(Statement::Present);
            properties.insert(Entry { property, statement, span: it.span });
        }
    }
    properties
}

/// Figures of which there is at least a little.
const ABOVE_ZERO: &[Property] = &[
    Property::Capacity,
    Property::ReadCapacity,
    Property::WriteCapacity,
    Property::StorageCapacity,
    Property::Memory,
    Property::Bandwidth,
    Property::MaxConnections,
    Property::Pool,
    Property::Quota,
    Property::Replicas,
    Property::Shards,
    Property::Zones,
    Property::Regions,
    Property::Needs,
    Property::WriteQuorum,
    Property::ReadQuorum,
    Property::Primaries,
    Property::Partitions,
    Property::MaxLength,
    Property::MaxAge,
    Property::BatchSize,
    Property::Timeout,
    Property::Horizon,
    Property::Repair,
    Property::LatencyP50,
    Property::LatencyP99,
    Property::Freshness,
];

/// Why no system can have such a figure; nothing where one can.
fn impossible(property: Property, statement: &Statement, value: &ast::Value, element: &str) -> Option<Fault> {
    let Statement::Value(Value::Figure { low, high, dimension }) = statement else { return None };
    let (low, high, name) = (*low, *high, property.name());
    let is_range = low < high;
    let (message, help) = match property {
        _ if *dimension == Dimension::Percent && high > 1.0 && high.is_finite() => (
            format!("`{name}` is {}%, more than all there is", (high * 1e8).round() / 1e6),
            "write a share of at most `100%`",
        ),
        _ if *dimension == Dimension::TimeShare && high > 1.0 => (
            format!("`{name}` is more time than there is"),
            "write less than the whole, such as `30min/month`",
        ),
        Property::PeakFactor if low < 1.0 => (
            format!("`peak_factor` is {low}, which puts the busiest hour below the average"),
            "write how many times the average the busiest hour is, such as `3`",
        ),
        Property::Layer if !(1.0..=7.0).contains(&low) => {
            (format!("`layer` is {low}, and there are 7"), "write `4` or `7`")
        }
        _ if low <= 0.0 && ABOVE_ZERO.contains(&property) => (
            format!("`{name}` {} zero", if is_range { "begins at" } else { "is" }),
            "write more than zero, or `none` if there is none",
        ),
        _ => return None,
    };
    Some(Fault {
        kind: FaultKind::ImpossibleValue,
        message,
        labels: vec![label(value.span, "impossible", element)],
        help: Some(help.to_owned()),
        fix: None,
        element: element.to_owned(),
    })
}

fn label(span: crate::source::Span, message: &str, element: &str) -> Label {
    Label { span, message: message.to_owned(), element: Some(element.to_owned()) }
}

/// A property that a name that is none is taken for.
struct Meant {
    property: Property,
    /// Whether the owner can state it.
    is_here: bool,
    /// Whether nothing else can be meant.
    is_sure: bool,
}

/// What a name that is no property is taken for: what the owner can state comes first, and of that what takes the value.
fn meant(name: &str, value: Option<&ast::Value>, owner: Owner) -> Option<Meant> {
    // A constraint asks for what others state, and so does whoever has the engine.
    let fits = |it: Property| it.belongs_to(owner) || matches!(owner, Owner::Constraint | Owner::Engine);
    let usual = SLIPS.iter().find(|(slip, _)| *slip == name).map_or(&[][..], |(_, meant)| meant);
    let takes = |it: Property| value.is_none_or(|value| statement(it, value).is_ok());
    let here = || usual.iter().copied().filter(|it| fits(*it));
    if let Some(property) = here().find(|it| takes(*it)).or_else(|| here().next()) {
        return Some(Meant { property, is_here: true, is_sure: false });
    }
    let near = |is_here: bool| {
        let among = Property::ALL.iter().filter(|it| fits(**it) == is_here).map(|it| it.name());
        let (near, is_only) = nearest_of(name, among)?;
        let is_sure = is_here && is_only && is_one_letter_off(name, near);
        Some(Meant { property: Property::parse(near)?, is_here, is_sure })
    };
    let elsewhere =
        || usual.first().map(|property| Meant { property: *property, is_here: false, is_sure: false });
    near(true).or_else(elsewhere).or_else(|| near(false))
}

/// Tells of a name that is no property; gives the one that is surely meant.
fn unknown_property(
    it: &ast::Property,
    owner: Owner,
    element: &str,
    properties: &mut Properties,
    faults: &mut Vec<Fault>,
) -> Option<Property> {
    let name = it.name.text.as_str();
    let Some(Meant { property, is_here, is_sure }) = meant(name, it.value.as_ref(), owner) else {
        let statement = it.value.as_ref().map_or(Statement::Present, own_statement);
        properties.own.push(Own { name: it.name.text.clone(), statement, span: it.name.span });
        return None;
    };
    let meant = property.name();
    faults.push(Fault {
        kind: FaultKind::UnknownProperty,
        message: format!("{} has no property `{name}`", owner.title()),
        labels: vec![label(it.name.span, "not a property", element)],
        help: Some(if is_here {
            format!("did you mean `{meant}`?")
        } else {
            format!("`{meant}` is for {}: move it there, or say it in a `description`", property.whose())
        }),
        fix: is_here.then(|| Fix {
            title: format!("write `{meant}`"),
            is_safe: is_sure,
            edits: vec![Edit { span: it.name.span, text: meant.to_owned() }],
        }),
        element: element.to_owned(),
    });
    Some(property).filter(|it| is_sure && it.belongs_to(owner))
}

enum Mismatch {
    /// Another form, with what was found.
    Form(String),
    /// A word that is not among those that fit.
    Word(ast::Name, Vec<&'static str>),
    /// Something more exact to say, and what can be written instead.
    Hint(String, String, Option<Instead>),
}

/// What can be written in a value's place.
struct Instead {
    text: String,
    /// Whether nothing else can be meant.
    is_sure: bool,
}

impl Mismatch {
    fn fault(self, property: Property, value: &ast::Value, element: &str) -> Fault {
        let name = property.name();
        let expected = || {
            property.definition().forms.iter().map(|form| form.expected()).collect::<Vec<_>>().join(", or ")
        };
        match self {
            Self::Form(found) => Fault {
                kind: FaultKind::WrongType,
                message: format!("`{name}` takes {}, not {found}", expected()),
                labels: vec![label(value.span, &found, element)],
                help: Some(format!("write {} (or the bare name, or `none`)", expected())),
                fix: None,
                element: element.to_owned(),
            },
            Self::Hint(found, help, instead) => Fault {
                kind: FaultKind::WrongType,
                message: format!("`{name}` takes {}, not {found}", expected()),
                labels: vec![label(value.span, &found, element)],
                help: Some(help),
                fix: instead.map(|Instead { text, is_sure }| Fix {
                    title: format!("write `{text}`"),
                    is_safe: is_sure,
                    edits: vec![Edit { span: value.span, text }],
                }),
                element: element.to_owned(),
            },
            Self::Word(word, known) => {
                let near = nearest_of(&word.text, known.iter().copied());
                let is_sure = near.is_some_and(|(_, is_sure)| is_sure);
                let near = near.map(|(near, _)| near);
                let list = known.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
                Fault {
                    kind: FaultKind::UnknownValue,
                    message: format!("`{}` is not a value of `{name}`", word.text),
                    labels: vec![label(word.span, "not known here", element)],
                    help: Some(match near {
                        Some(near) => format!("did you mean `{near}`? it may be {list} or `none`"),
                        None => format!("it may be {list} or `none`"),
                    }),
                    fix: near.map(|near| Fix {
                        title: format!("write `{near}`"),
                        is_safe: is_sure,
                        edits: vec![Edit { span: word.span, text: near.to_owned() }],
                    }),
                    element: element.to_owned(),
                }
            }
        }
    }
}

fn statement(property: Property, value: &ast::Value) -> Result<Statement, Mismatch> {
    if let ValueKind::Names(names) = &value.kind
        && let [name] = names.as_slice()
        && let Some(presence) = presence(&name.text)
    {
        return Ok(presence);
    }
    checked(property, value).map(Statement::Value)
}

/// What the words say that stand for a value where a property is there or not; whatever is called so, they name nothing.
pub(crate) fn presence(word: &str) -> Option<Statement> {
    match word {
        "none" | "false" => Some(Statement::Absent),
        "true" => Some(Statement::Present),
        _ => None,
    }
}

/// What is said of a property of the author's own, in whatever form.
fn own_statement(value: &ast::Value) -> Statement {
    let figure = |low: Quantity, high: f64| Value::Figure { low: low.amount, high, dimension: low.dimension };
    Statement::Value(match &value.kind {
        ValueKind::Names(names) => {
            let words: Vec<SmolStr> = names.iter().map(|name| name.text.clone()).collect();
            if let [word] = words.as_slice()
                && let Some(presence) = presence(word)
            {
                return presence;
            }
            Value::Words(words)
        }
        // A word in quotes is the same word.
        ValueKind::Text(text) => Value::Words(vec![text.clone()]),
        ValueKind::Quantity(quantity) => figure(*quantity, quantity.amount),
        ValueKind::Range(low, high) => figure(*low, high.map_or(f64::INFINITY, |high| high.amount)),
        ValueKind::Ratio(over, under) => {
            let ratio = over / under;
            Value::Figure { low: ratio, high: ratio, dimension: Dimension::Number }
        }
        ValueKind::List(values) => {
            let (mut words, mut numbers) = (Vec::new(), Vec::new());
            for value in values {
                match &value.kind {
                    ValueKind::Names(names) => words.extend(names.iter().map(|name| name.text.clone())),
                    ValueKind::Text(text) => words.push(text.clone()),
                    ValueKind::Quantity(quantity) => numbers.push(quantity.amount),
                    _ => {}
                }
            }
            if words.is_empty() && !numbers.is_empty() {
                Value::Numbers(numbers)
            } else {
                Value::Words(words)
            }
        }
    })
}

fn checked(property: Property, value: &ast::Value) -> Result<Value, Mismatch> {
    let forms = property.definition().forms;
    match &value.kind {
        ValueKind::Quantity(quantity) => figure(forms, *quantity, *quantity),
        ValueKind::Range(low, high) => {
            let open = Quantity { amount: f64::INFINITY, dimension: low.dimension };
            figure(forms, *low, high.unwrap_or(open))
        }
        ValueKind::Ratio(over, under) if forms.contains(&Form::Ratio) => {
            let ratio = over / under;
            Ok(Value::Figure { low: ratio, high: ratio, dimension: Dimension::Number })
        }
        ValueKind::Ratio(..) => Err(Mismatch::Form("a ratio".to_owned())),
        ValueKind::Text(text) if forms.contains(&Form::Text) => Ok(Value::Text(text.clone())),
        ValueKind::Text(text) if known_words(forms).contains(&text.as_str()) => Err(Mismatch::Hint(
            "a text".to_owned(),
            format!("write `{text}` without the quotes"),
            Some(Instead { text: text.to_string(), is_sure: true }),
        )),
        ValueKind::Text(_) => Err(Mismatch::Form("a text".to_owned())),
        ValueKind::Names(names) => words(forms, names),
        ValueKind::List(values) => list(forms, values),
    }
}

fn figure(forms: &[Form], low: Quantity, high: Quantity) -> Result<Value, Mismatch> {
    let dimension = low.dimension;
    if forms.contains(&Form::Is(dimension)) {
        return Ok(Value::Figure { low: low.amount, high: high.amount, dimension });
    }
    let found = found_dimension(dimension);
    let takes = |wanted| forms.contains(&Form::Is(wanted));
    let digits = low.amount;
    let is_one = low == high;
    Err(match dimension {
        Dimension::Size if takes(Dimension::Number) && digits < 1e6 => Mismatch::Hint(
            found.to_owned(),
            format!("`B` always means bytes; write `{digits}bn` for billions, or `{digits}` alone"),
            is_one.then(|| Instead { text: format!("{digits}bn"), is_sure: false }),
        ),
        // The figure is not repeated: of `99,9%` only the part before the comma has come this far.
        Dimension::Number if takes(Dimension::Percent) => Mismatch::Hint(
            found.to_owned(),
            "write a percentage with its sign, such as `99.9%`".to_owned(),
            // Of `99,9` the comma is not seen here: only a figure with a point is sure to be the whole.
            (is_one && (1.0..=100.0).contains(&digits))
                .then(|| Instead { text: format!("{digits}%"), is_sure: digits.fract() > 0.0 }),
        ),
        Dimension::Number if takes(Dimension::Duration) => Mismatch::Hint(
            found.to_owned(),
            format!("a duration needs its unit: `{0}ms`, `{0}s`, `{0}min`, `{0}h` or `{0}d`", spell(digits)),
            None,
        ),
        Dimension::Number if takes(Dimension::Rate) => Mismatch::Hint(
            found.to_owned(),
            format!("a rate needs its time: `{0}/s`, `{0}/day` or `{0}/month`", spell(digits)),
            None,
        ),
        Dimension::Number if takes(Dimension::Size) => Mismatch::Hint(
            found.to_owned(),
            format!("a size needs its unit: `{0}B`, `{0}KB`, `{0}MB` or `{0}GB`", spell(digits)),
            None,
        ),
        _ => Mismatch::Form(found.to_owned()),
    })
}

fn spell(digits: f64) -> String {
    format!("{digits}")
}

fn found_dimension(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Number => "a number without a unit",
        Dimension::Percent => "a percentage",
        Dimension::Duration => "a duration",
        Dimension::Size => "a size in bytes",
        Dimension::Rate => "a rate",
        Dimension::Throughput => "an amount of data per time",
        Dimension::Growth => "a percentage per time",
        Dimension::TimeShare => "a time per time",
    }
}

/// The words that fit.
fn known_words(forms: &[Form]) -> Vec<&'static str> {
    let lists =
        forms.iter().filter_map(|form| if let Form::Words(words) = form { Some(*words) } else { None });
    lists.flatten().copied().collect()
}

fn words(forms: &[Form], names: &[ast::Name]) -> Result<Value, Mismatch> {
    let texts = || Value::Words(names.iter().map(|name| name.text.clone()).collect());
    if forms.iter().any(|form| matches!(form, Form::AnyWord | Form::Reference)) {
        return Ok(texts());
    }
    let known = known_words(forms);
    if known.is_empty() {
        return Err(Mismatch::Form(format!("the word `{}`", names[0].text)));
    }
    match names.iter().find(|name| !known.contains(&name.text.as_str())) {
        Some(stranger) => Err(Mismatch::Word(stranger.clone(), known)),
        None => Ok(texts()),
    }
}

fn list(forms: &[Form], values: &[ast::Value]) -> Result<Value, Mismatch> {
    if forms.contains(&Form::Is(Dimension::Number))
        && let Some(numbers) = values
            .iter()
            .map(|value| match &value.kind {
                ValueKind::Quantity(it) if it.dimension == Dimension::Number => Some(it.amount),
                _ => None,
            })
            .collect::<Option<Vec<f64>>>()
    {
        return Ok(Value::Numbers(numbers));
    }
    let mut all: Vec<SmolStr> = Vec::new();
    for value in values {
        match &value.kind {
            ValueKind::Names(names) => {
                if let Value::Words(words) = words(forms, names)? {
                    all.extend(words);
                }
            }
            ValueKind::Text(text) if forms.contains(&Form::Text) => all.push(text.clone()),
            _ => return Err(Mismatch::Form("a list of these".to_owned())),
        }
    }
    Ok(Value::Words(all))
}
