//! The tree as S-expressions without places: what is compared and what the snapshots show.

use std::fmt::Write;

use loadpath::syntax::ast::{
    Arrow, Body, Clause, ClauseWay, Dimension, Element, File, Hop, Item, Link, Name, Path, Place, Property,
    Quantity, Relation, Select, SelectBy, Statement, Tail, Targets, Value, ValueKind,
};

pub(super) fn file(file: &File) -> String {
    file.statements.iter().map(|it| statement(it) + "\n").collect()
}

pub(super) fn statement(it: &Statement) -> String {
    match it {
        Statement::System(it) => {
            format!("(system {:?}{})", it.label.value, list(&it.properties, property))
        }
        Statement::Include(it) => format!("(include {:?})", it.path.value),
        Statement::Template(it) => {
            format!("(template {} : {}{})", it.name.text, it.base.text, tail(&it.tail))
        }
        Statement::Element(it) => element(it),
        Statement::Misspelt(it) => format!("(misspelt {} {})", statement(&it.written), statement(&it.meant)),
        Statement::Link(it) => link(it),
        Statement::Flow(it) => format!(
            "(flow {}{}{}{}{})",
            it.name.text,
            it.label.as_ref().map(|it| format!(" {:?}", it.value)).unwrap_or_default(),
            list(&it.tags, |it| format!("#{}", it.text)),
            list(&it.properties, property),
            list(&it.chains, |it| format!("(chain {}{})", targets(&it.from), list(&it.hops, hop))),
        ),
        Statement::Constraint(it) => format!(
            "(constraint{}{}{}{})",
            it.name.as_ref().map(|it| format!(" {}", it.text)).unwrap_or_default(),
            it.text.as_ref().map(|it| format!(" {:?}", it.value)).unwrap_or_default(),
            list(&it.clauses, clause),
            list(&it.properties, property),
        ),
        Statement::Allow(it) => format!(
            "(allow {}{}{})",
            it.rule.text,
            list(&it.places, place),
            it.reason.as_ref().map(|it| format!(" {:?}", it.value)).unwrap_or_default(),
        ),
    }
}

fn list<T>(items: &[T], render: impl Fn(&T) -> String) -> String {
    items.iter().fold(String::new(), |mut text, it| {
        let _ = write!(text, " {}", render(it));
        text
    })
}

fn names(names: &[Name]) -> String {
    names.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join("|")
}

fn element(element: &Element) -> String {
    let names = list(&element.names, |it| it.text.to_string());
    format!("({}{names}{})", element.kind.text, tail(&element.tail))
}

fn tail(tail: &Tail) -> String {
    let mut text = String::new();
    if let Some(label) = &tail.label {
        let _ = write!(text, " {:?}", label.value);
    }
    if !tail.engines.is_empty() {
        let _ = write!(text, " :{}", names(&tail.engines));
    }
    if let Some(count) = tail.count {
        let most = count.most.map(|it| it.to_string()).unwrap_or_default();
        let _ = write!(text, " x{}..{most}", count.least);
    }
    text += &list(&tail.tags, |it| format!("#{}", it.text));
    text + &tail.body.as_ref().map(body).unwrap_or_default()
}

fn body(body: &Body) -> String {
    let item = |item: &Item| match item {
        Item::Property(it) => property(it),
        Item::Link(it) => link(it),
        Item::Element(it) => element(it),
    };
    format!(" {{{}}}", list(&body.items, item))
}

fn property(property: &Property) -> String {
    match &property.value {
        None => property.name.text.to_string(),
        Some(it) => format!("{}={}", property.name.text, value(it)),
    }
}

fn value(value: &Value) -> String {
    match &value.kind {
        ValueKind::Quantity(it) => quantity(it),
        ValueKind::Range(lower, upper) => {
            format!("{}..{}", quantity(lower), upper.as_ref().map(quantity).unwrap_or_default())
        }
        ValueKind::Ratio(one, other) => format!("{one}:{other}"),
        ValueKind::Text(it) => format!("{it:?}"),
        ValueKind::Names(it) => names(it),
        ValueKind::List(it) => format!("[{}]", list(it, self::value).trim_start()),
    }
}

fn quantity(quantity: &Quantity) -> String {
    let amount = quantity.amount;
    let unit = match quantity.dimension {
        Dimension::Number => "",
        Dimension::Percent => "of1",
        Dimension::Duration => "s",
        Dimension::Size => "B",
        Dimension::Rate => "/s",
        Dimension::Throughput => "B/s",
        Dimension::Growth => "of1/s",
        Dimension::TimeShare => "s/s",
    };
    format!("{amount}{unit}")
}

fn link(link: &Link) -> String {
    format!(
        "(link{}{}{}{}{})",
        link.from.as_ref().map(|it| format!(" {}", targets(it))).unwrap_or_default(),
        list(&link.hops, hop),
        link.label.as_ref().map(|it| format!(" {:?}", it.value)).unwrap_or_default(),
        list(&link.protocols, |it| format!(":{}", it.text)),
        list(&link.properties, property),
    )
}

fn arrow(arrow: Arrow) -> &'static str {
    match arrow {
        Arrow::Sync => "->",
        Arrow::Async => "~>",
    }
}

fn hop(hop: &Hop) -> String {
    format!("{} {}", arrow(hop.arrow), targets(&hop.to))
}

fn targets(set: &Targets) -> String {
    match set {
        Targets::End(it) => path(it),
        Targets::Gap(_) => "...".to_owned(),
        Targets::Set(relation, members, _) => {
            let relation = match relation {
                Relation::All => "all",
                Relation::Any => "any",
                Relation::Else => "else",
                Relation::Route => "route",
            };
            format!("({relation}{})", list(members, targets))
        }
    }
}

fn path(path: &Path) -> String {
    path.text.to_string()
}

fn clause(clause: &Clause) -> String {
    let object = clause.object.as_ref().map(|it| {
        let (along, sort) = match &it.way {
            ClauseWay::Flow(without) => {
                let without = without.as_ref().map(|it| format!(" without {}", select(it)));
                (" ...", without.unwrap_or_default())
            }
            ClauseWay::Link(protocols, with) => {
                let spoken: String = protocols.iter().map(|it| format!(" :{}", it.text)).collect();
                let with =
                    if with.is_empty() { String::new() } else { format!(" (with{})", list(with, property)) };
                ("", spoken + &with)
            }
        };
        format!(" {}{along} {}{sort}", arrow(it.arrow), select(&it.select))
    });
    let verb = if clause.is_required { "require" } else { "forbid" };
    format!("({verb} {}{})", select(&clause.subject), object.unwrap_or_default())
}

fn select(select: &Select) -> String {
    let by = match &select.by {
        SelectBy::Kind(it) => format!("kind:{}", it.text),
        SelectBy::Tag(it) => format!("#{}", it.text),
        SelectBy::Name(it) => path(it),
    };
    let chosen =
        if select.chosen.is_empty() { by } else { format!("({by} where{})", list(&select.chosen, property)) };
    if select.conditions.is_empty() {
        chosen
    } else {
        format!("({chosen}{})", list(&select.conditions, property))
    }
}

fn place(place: &Place) -> String {
    match place {
        Place::Element(it) => path(it),
        Place::Link(from, by, to) => format!("({} {} {})", path(from), arrow(*by), path(to)),
        Place::Tag(it) => format!("#{}", it.text),
    }
}
