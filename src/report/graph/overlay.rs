//! What is told of each part of a picture beside what it is: findings, or figures of one kind.
//!
//! Every figure is one that the analysis has; what it does not know is told as unknown. Colours go with a figure or a
//! word, and never stand alone.

mod availability;
mod findings;
mod latency;
mod load;
mod trust;

use rustc_hash::FxHashMap;

use super::Picture;
use super::drawing::Remarks;
use super::found::{self, Found};
use super::look::{DARKEST, Tone};
use super::title::TitleLine;
use crate::diagnostic::Diagnostic;
use crate::model::{Component, ComponentId, Link, LinkId};

/// What is told of each part of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlay {
    /// What the review found, and what links carry.
    #[default]
    Findings,
    /// What comes in at peak, and how full that makes it.
    Load,
    /// How available each is, and what its failures cost.
    Availability,
    /// How long each takes.
    Latency,
    /// What stands where, what is encrypted, and where strangers come in.
    Trust,
}

impl Overlay {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Findings, Self::Load, Self::Availability, Self::Latency, Self::Trust];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Findings => "findings",
            Self::Load => "load",
            Self::Availability => "availability",
            Self::Latency => "latency",
            Self::Trust => "trust",
        }
    }

    /// What it says, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Findings => "What the review found, and what links carry",
            Self::Load => "Requests at peak, and how full they make what serves them",
            Self::Availability => "How available each is, and what its failures cost",
            Self::Latency => "How long each takes, and the slowest path",
            Self::Trust => "What stands where, what is encrypted, and where strangers come in",
        }
    }

    /// What the title says of it; of findings nothing.
    pub(super) fn title(self) -> Option<&'static str> {
        match self {
            Self::Findings => None,
            Self::Load => Some("load at peak"),
            Self::Availability => Some("availability"),
            Self::Latency => Some("latency"),
            Self::Trust => Some("trust"),
        }
    }
}

/// What a colour means.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) tone: Tone,
    pub(super) words: &'static str,
}

/// What is told of a component or a link, and how much it matters beside others.
#[derive(Clone, Default)]
struct Note {
    remarks: Remarks,
    rank: f64,
}

/// All that an overlay tells.
#[derive(Default)]
struct Told {
    components: FxHashMap<ComponentId, Note>,
    links: FxHashMap<LinkId, Note>,
    summary: Vec<TitleLine>,
    keys: Vec<Key>,
}

/// What is told of all parts of a picture.
pub(super) struct Notes<'a> {
    overlay: Overlay,
    found: &'a Found<'a>,
    told: Told,
}

impl<'a> Notes<'a> {
    /// Of a picture.
    pub(super) fn of(picture: &Picture, found: &'a Found<'a>) -> Self {
        let told = match picture.overlay {
            Overlay::Findings => findings::told(picture, found),
            Overlay::Load => load::told(picture),
            Overlay::Availability => availability::told(picture),
            Overlay::Latency => latency::told(picture),
            Overlay::Trust => trust::told(picture),
        };
        Self { overlay: picture.overlay, found, told }
    }

    /// Of a component.
    pub(super) fn on_component(&self, id: ComponentId) -> Remarks {
        self.told.components.get(&id).map_or_else(Remarks::default, |note| note.remarks.clone())
    }

    /// Of a link.
    pub(super) fn on_link(&self, link: &Link) -> Remarks {
        self.told.links.get(&link.id).map_or_else(Remarks::default, |note| note.remarks.clone())
    }

    /// Of several components that are drawn as one: their findings are counted; of figures the one that matters most
    /// is told, with whose it is.
    pub(super) fn on_all(&self, members: &[&Component]) -> Remarks {
        if self.overlay == Overlay::Findings {
            let all = members.iter().flat_map(|member| self.found.on_component(member.id));
            return findings::counted(&all.copied().collect::<Vec<&Diagnostic>>());
        }
        let notes = members.iter().filter_map(|it| Some((*it, self.told.components.get(&it.id)?)));
        let Some((component, note)) =
            notes.reduce(|most, it| if it.1.rank > most.1.rank { it } else { most })
        else {
            return Remarks::default();
        };
        let figures = note.remarks.figures.iter().map(|it| format!("{}: {it}", component.name));
        Remarks { figures: figures.collect(), ..note.remarks.clone() }
    }

    /// Of several links that are drawn as one.
    pub(super) fn on_links(&self, links: &[&Link]) -> Remarks {
        if self.overlay == Overlay::Findings {
            let all = links.iter().flat_map(|link| self.found.on_link(link.id));
            return findings::told_of(&all.copied().collect::<Vec<&Diagnostic>>());
        }
        let notes = links.iter().filter_map(|it| self.told.links.get(&it.id));
        let most = notes.reduce(|most, it| if it.rank > most.rank { it } else { most });
        most.map_or_else(Remarks::default, |note| note.remarks.clone())
    }

    /// What is about flows and the whole, for the title.
    pub(super) fn summary(&self) -> Vec<TitleLine> {
        self.told.summary.clone()
    }

    /// What colours mean.
    pub(super) fn keys(&self) -> Vec<Key> {
        self.told.keys.clone()
    }
}

/// The shade of a part of the whole, by where each next one begins.
fn shade(part: f64, steps: [f64; DARKEST as usize]) -> Tone {
    Tone::Shade(steps.iter().filter(|step| part >= **step).count() as u8)
}
