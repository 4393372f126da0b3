//! What the script of the page knows: the pictures, what each shape of them stands for, and where a finding is drawn.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::findings::Shown;
use super::load;
use crate::model::{ComponentId, GroupId};
use crate::report::dossier::Dossier;
use crate::report::figures::{Carried, Part};
use crate::report::graph::{self, Element, Picture, Theme, dot};
use crate::report::text::{Look, printable};

#[derive(Serialize)]
struct Data {
    overlays: Vec<Overlay>,
    /// By the ids of the shapes.
    shapes: BTreeMap<String, Shape>,
    /// The shapes that each listed finding is about, by the finding's number.
    findings: BTreeMap<usize, String>,
}

/// One picture in DOT, in both colours.
#[derive(Serialize)]
struct Overlay {
    name: &'static str,
    /// What it tells.
    about: &'static str,
    light: String,
    dark: String,
}

/// What a shape stands for.
#[derive(Serialize)]
struct Shape {
    name: String,
    facts: Vec<String>,
    /// The numbers of its findings in the list.
    findings: Vec<usize>,
    /// Its row in the table of components, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<String>,
}

/// As JSON that no markup can be in.
pub(super) fn json(dossier: &Dossier, shown: &Shown) -> String {
    let overlays: Vec<Overlay> = graph::Overlay::ALL.into_iter().map(|it| Overlay::of(dossier, it)).collect();
    let places = Places::of(dossier, &overlays);
    let findings: BTreeMap<usize, String> = shown
        .findings
        .iter()
        .filter_map(|it| Some((it.number, places.by_name.get(&it.finding.element)?.clone())))
        .collect();
    let mut shapes = places.shapes;
    for (number, id) in &findings {
        shapes.get_mut(id).into_iter().for_each(|it| it.findings.push(*number));
    }
    let json = serde_json::to_string(&Data { overlays, shapes, findings }).expect("all keys are texts");
    escaped(&printable(&json))
}

/// Within a script nothing may look like markup, nor end a line in an old reader's eyes.
fn escaped(json: &str) -> String {
    let marks = [
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u{2028}", "\\u2028"),
        ("\u{2029}", "\\u2029"),
    ];
    marks.into_iter().fold(json.to_owned(), |json, (mark, escape)| json.replace(mark, escape))
}

impl Overlay {
    fn of(dossier: &Dossier, overlay: graph::Overlay) -> Self {
        let dot = |theme| dot::dot(&Picture { overlay, theme, ..Picture::of(dossier.design) });
        Self {
            name: overlay.name(),
            about: overlay.about(),
            light: dot(Theme::Light),
            dark: dot(Theme::Dark),
        }
    }

    /// The ids of all shapes that stand for something.
    fn ids(&self) -> impl Iterator<Item = &str> {
        let begins = self.light.match_indices("id=\"").map(|(at, mark)| at + mark.len());
        begins.filter_map(|at| self.light[at..].split('"').next())
    }
}

/// The shapes of the pictures, and where what is called so is drawn.
struct Places {
    shapes: BTreeMap<String, Shape>,
    by_name: FxHashMap<String, String>,
}

impl Places {
    fn of(dossier: &Dossier, overlays: &[Overlay]) -> Self {
        let architecture = &dossier.design.architecture;
        let drawn: FxHashSet<&str> = overlays.iter().flat_map(Overlay::ids).collect();
        let is_drawn = |id: &String| drawn.contains(id.as_str());
        let mut places = Self { shapes: BTreeMap::new(), by_name: FxHashMap::default() };
        let reading = &dossier.figures.reading;
        let rows: FxHashSet<u32> = load::fullest(dossier).iter().map(|(id, _)| id.0).collect();
        for (at, group) in architecture.groups().enumerate() {
            let id = Element::Group(GroupId(at as u32)).id();
            let facts = vec![group.kind.name().to_owned()];
            places.put(Some(id).filter(is_drawn), &group.name, facts, None);
        }
        // What stands in a group that is drawn as one box is found there.
        let home = |id: ComponentId| {
            let own = Element::Component(id).id();
            let around = architecture.groups_of(id).map(|(group, _)| Element::Group(group).id());
            std::iter::once(own).chain(around).find(is_drawn)
        };
        for (component, part) in architecture.components().zip(&reading.components) {
            let id = component.id;
            let row = rows.contains(&id.0).then(|| format!("part-{}", id.0));
            places.put(home(id), &part.name, of_component(part), row);
        }
        for (link, way) in architecture.links().zip(&reading.links) {
            let waits = if way.is_async { "nobody waits for it" } else { "the caller waits for it" };
            let facts = [waits.to_owned()].into_iter().chain([carried(&way.carried)]).collect();
            let own = Some(Element::Link(link.id).id()).filter(is_drawn);
            places.put(own.or_else(|| home(link.target)), &way.name, facts, None);
        }
        places
    }

    /// The first that is called so, and the first that a shape stands for, count.
    fn put(&mut self, id: Option<String>, name: &str, facts: Vec<String>, row: Option<String>) {
        let Some(id) = id else { return };
        self.by_name.entry(name.to_owned()).or_insert_with(|| id.clone());
        self.shapes.entry(id).or_insert_with(|| Shape {
            name: name.to_owned(),
            facts,
            findings: Vec::new(),
            row,
        });
    }
}

fn of_component(part: &Part) -> Vec<String> {
    let [_, _, used, data] = part.told(Look::PLAIN);
    let dash = Look::PLAIN.dash();
    let engine = part.engine.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
    let nodes = match part.count(Look::PLAIN) {
        count if count == dash => String::new(),
        count if count == "managed" => ", managed".to_owned(),
        count if count == "1" => ", 1 node".to_owned(),
        count => format!(", {count} nodes"),
    };
    let mut facts = vec![format!("{}{engine}{nodes}", part.kind)];
    facts.push(carried(&part.carried));
    facts.extend((used != dash).then(|| format!("{used} used at peak")));
    facts.extend((data != dash).then(|| format!("{data} on one node")));
    facts
}

fn carried(carried: &Carried) -> String {
    let dash = Look::PLAIN.dash();
    let (mean, peak) = (carried.told(|it| it.mean, Look::PLAIN), carried.told(|it| it.peak, Look::PLAIN));
    if peak == dash { "its load is unknown".to_owned() } else { format!("{mean} on average, {peak} at peak") }
}
