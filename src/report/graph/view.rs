//! Which part of a design is wanted: all of it, the surroundings of something, a flow, the inside of a group; and which
//! groups are drawn as one.

use crate::analysis::Analysis;
use crate::model::{Architecture, ComponentId, GroupId};
use crate::nearest::nearest;

/// Names that are listed where one was meant that is not there, at most.
const LISTED: usize = 12;

/// A part of a design. What several of these ask for is drawn where all of them hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Only what is near something.
    pub focus: Option<Focus>,
    /// Only what these journeys come to, by their places in the analysis; empty for everything.
    pub journeys: Vec<usize>,
    /// Only the inside of a group, with its neighbours outside as stubs.
    pub group: Option<GroupId>,
    /// Which groups are drawn as one box.
    pub collapse: Collapse,
}

/// The surroundings of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Focus {
    /// What stands in the middle.
    pub on: Place,
    /// How many links away what is drawn may be, whichever way they lead.
    pub depth: usize,
}

/// A component or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A component.
    Component(ComponentId),
    /// A group, with all that stands in it.
    Group(GroupId),
}

/// Which groups are drawn as one box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Collapse {
    /// As many as it takes for the picture to be read: none of a small design.
    #[default]
    Fitting,
    /// These, and as many more as it takes.
    Named(Vec<GroupId>),
    /// All outermost groups.
    All,
}

/// A part of a design by the names of what it is about, as somebody writes them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// A component or a group, and how many links away.
    pub focus: Option<(&'a str, usize)>,
    /// A flow, written or not (`browser by docs`), or a route of one.
    pub flow: Option<&'a str>,
    /// A group.
    pub group: Option<&'a str>,
    /// Groups to be drawn as one; an empty list for all; none for as many as it takes.
    pub collapse: Option<&'a [String]>,
}

impl View {
    /// Finds what is meant.
    ///
    /// # Errors
    /// Where something of that name is not there, in words, with what may have been meant.
    pub fn find(wanted: &Wanted, architecture: &Architecture, analysis: &Analysis) -> Result<Self, String> {
        let focus = wanted
            .focus
            .map(|(name, depth)| Ok::<_, String>(Focus { on: place(architecture, name)?, depth }));
        let collapse = match wanted.collapse {
            None => Collapse::Fitting,
            Some([]) => Collapse::All,
            Some(names) => {
                Collapse::Named(names.iter().map(|name| group(architecture, name)).collect::<Result<_, _>>()?)
            }
        };
        Ok(Self {
            focus: focus.transpose()?,
            journeys: wanted.flow.map(|name| journeys(analysis, name)).transpose()?.unwrap_or_default(),
            group: wanted.group.map(|name| group(architecture, name)).transpose()?,
            collapse,
        })
    }
}

/// A component, else a group.
fn place(architecture: &Architecture, name: &str) -> Result<Place, String> {
    let components: Vec<&str> = architecture.components().map(|it| it.name.as_str()).collect();
    if let Some(at) = named(&components, name) {
        return Ok(Place::Component(ComponentId(at as u32)));
    }
    let groups: Vec<&str> = architecture.groups().map(|it| it.name.as_str()).collect();
    if let Some(at) = named(&groups, name) {
        return Ok(Place::Group(GroupId(at as u32)));
    }
    Err(unknown("component or group", name, &[components, groups].concat()))
}

fn group(architecture: &Architecture, name: &str) -> Result<GroupId, String> {
    let groups: Vec<&str> = architecture.groups().map(|it| it.name.as_str()).collect();
    named(&groups, name).map(|at| GroupId(at as u32)).ok_or_else(|| unknown("group", name, &groups))
}

/// The journeys of a flow: all of its routes, or the one route that is named.
fn journeys(analysis: &Analysis, name: &str) -> Result<Vec<usize>, String> {
    let is_it = |at: &usize| {
        let journey = &analysis.journeys[*at];
        journey.name == name || analysis.bases[journey.base].name == name
    };
    let found: Vec<usize> = (0..analysis.journeys.len()).filter(is_it).collect();
    if found.is_empty() {
        let names: Vec<&str> = analysis.bases.iter().map(|it| it.name.as_str()).collect();
        return Err(unknown("flow", name, &names));
    }
    Ok(found)
}

/// The place of a name: as it is written in full, else the only one that ends in it, as `api` may stand for `eu.api`.
fn named(names: &[&str], name: &str) -> Option<usize> {
    let ends_so = |it: &&str| it.rsplit_once('.').is_some_and(|(_, last)| last == name);
    names.iter().position(|it| *it == name).or_else(|| {
        let mut ending = names.iter().enumerate().filter(|(_, it)| ends_so(it)).map(|(at, _)| at);
        ending.next().filter(|_| ending.next().is_none())
    })
}

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let told = format!("there is no {what} `{name}`");
    if let Some(near) = nearest(name, known.iter().copied()) {
        return format!("{told}; did you mean `{near}`?");
    }
    let ending = format!(".{name}");
    let alike: Vec<&str> = known.iter().copied().filter(|it| it.ends_with(&ending)).collect();
    let (words, listed) = match (alike.is_empty(), known.is_empty()) {
        (false, _) => ("several are called so", alike.as_slice()),
        (true, false) => ("there are", known),
        (true, true) => return format!("{told}, nor any other"),
    };
    let mut names: Vec<String> = listed.iter().take(LISTED).map(|it| format!("`{it}`")).collect();
    if listed.len() > LISTED {
        names.push(format!("{} more", listed.len() - LISTED));
    }
    format!("{told}; {words}: {}", names.join(", "))
}
