//! What designs usually state, as `src/editor/completion/usual.txt` has it, is counted in the examples that there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use loadpath::check::Checked;
use loadpath::model::property::{Form, Place, Statement};
use loadpath::model::{Bearer, Owner, Property, Replicas};
use loadpath::report::docs::{self, Example};
use loadpath::rules::RULES;

use crate::docs::{assert_up_to_date, documents, fences, read};
use crate::rules::{checked, files};

/// So many values of a property are kept.
const VALUES: usize = 6;

/// What the kinds of components are counted under, all of them.
const KIND: &str = "kind";

const HEAD: &str = "\
# What designs state of each thing; the engines that they build a kind with, the kinds, the protocols that they speak, and the
# values that they give a property: those first that most designs have. Counted in `examples/`, the guides and the rules'
# examples; nobody edits it, `UPDATE=1 cargo test docs` does.
";

/// Every example: the designs of the repository, of its guides and of its rules.
fn examples() -> Vec<String> {
    let designs = files("examples", "arch").into_iter().map(|it| fs::read_to_string(it).expect("it is text"));
    let guides = documents().into_iter().flat_map(|it| fences(&read(&it)));
    let guides = guides.filter(|it| it.tag == "arch").map(|it| it.body);
    let rules = RULES.iter().flat_map(|it| docs::examples(it)).map(|it| it.source);
    designs.chain(guides).chain(rules).collect()
}

/// The word that a thing begins with.
fn word(owner: Owner) -> &'static str {
    match owner {
        Owner::System => "system",
        Owner::Flow => "flow",
        Owner::Link => "link",
        Owner::Group(kind) => kind.name(),
        Owner::Component(kind) => kind.name(),
        Owner::Constraint | Owner::Engine => unreachable!("no example's bearer is one"),
    }
}

/// Whether the words of its values are known to be no names of the design's own.
fn has_known_values(property: Property) -> bool {
    let definition = property.definition();
    let is_own = |it: &Form| *it == Form::Reference;
    !definition.forms.iter().any(is_own)
        && !definition.places.contains(&Place::Everywhere)
        && ![Property::Engine, Property::Networks].contains(&property)
}

type Counts<K> = BTreeMap<K, BTreeMap<String, usize>>;

/// What a design states, each thing once: of whom, and with which values.
fn stated(design: &Checked) -> BTreeSet<(bool, &'static str, String)> {
    let mut stated = BTreeSet::new();
    for bearer in design.architecture.bearers() {
        match bearer {
            Bearer::Link(link) => {
                stated.extend(link.protocols.iter().map(|it| (false, "protocol", it.text.to_string())));
            }
            Bearer::Component(component) => {
                let kind = component.kind.name();
                stated.insert((false, KIND, kind.to_owned()));
                stated.extend(component.engines.iter().map(|it| (false, kind, it.to_string())));
                // `x3` is a count, and no property.
                if let Replicas::Stated { least, most: Some(most) } = component.replicas
                    && least == most
                {
                    stated.insert((false, Property::Replicas.name(), least.to_string()));
                }
            }
            _ => {}
        }
        for entry in bearer.properties().iter() {
            let name = entry.property.name();
            if entry.property.belongs_to(bearer.owner()) {
                stated.insert((true, word(bearer.owner()), name.to_owned()));
            }
            if has_known_values(entry.property) && matches!(entry.statement, Statement::Value(_)) {
                let values = values(design.sources.text(entry.span));
                stated.extend(values.into_iter().map(|it| (false, name, it)));
            }
        }
    }
    stated
}

/// The values that a property's text states: several where it lists words; none where it leaves open which.
fn values(text: &str) -> Vec<String> {
    let value = text.split_once('=').map_or("", |(_, value)| value).trim();
    let listed = value.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(value);
    if listed.is_empty() || listed.contains(['[', '|', '"', '\n']) {
        return Vec::new();
    }
    listed.split(',').map(|it| it.trim().to_owned()).collect()
}

fn table() -> String {
    let (mut properties, mut values): (Counts<&str>, Counts<&str>) = Default::default();
    for source in examples() {
        for (is_property, of, what) in stated(&checked(&Example { source, expected: Vec::new() })) {
            let counts = if is_property { &mut properties } else { &mut values };
            *counts.entry(of).or_default().entry(what).or_default() += 1;
        }
    }
    let mut table = HEAD.to_owned();
    for (of, counts) in properties {
        _ = writeln!(table, "{of}: {}", most_first(counts, usize::MAX));
    }
    for (of, counts) in values {
        let most = if of == KIND { usize::MAX } else { VALUES };
        _ = writeln!(table, "{of} = {}", most_first(counts, most));
    }
    table
}

fn most_first(counts: BTreeMap<String, usize>, most: usize) -> String {
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().take(most).map(|(what, _)| what).collect::<Vec<_>>().join(", ")
}

#[test]
fn what_designs_usually_state_is_counted_in_examples_and_docs() {
    assert_up_to_date("src/editor/completion/usual.txt", &table());
}
