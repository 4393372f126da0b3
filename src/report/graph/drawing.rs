//! A picture in boxes, frames and arrows: what is drawn and what it says, in plain text, and nothing of how any format
//! writes it.

use super::Picture;
use super::arrows;
use super::boxes::Boxes;
use super::found::Found;
use super::look::{Tone, icon};
use super::outline::Outline;
use super::overlay::Notes;
use super::scope::Scope;
use super::title::{self, Title};
use super::words::{joined, shortened, wrapped};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{ComponentId, GroupId, LinkId};

/// Columns of a name, of the small lines, and of an arrow's label.
pub(super) const NAME_WIDTH: usize = 30;
pub(super) const SMALL_WIDTH: usize = 40;
pub(super) const LABEL_WIDTH: usize = 24;

/// A picture in boxes, frames and arrows.
pub(super) struct Drawing {
    /// What stands above the picture.
    pub(super) title: Title,
    /// The groups, a parent before its members.
    pub(super) frames: Vec<Frame>,
    /// The components, or what is drawn as one.
    pub(super) boxes: Vec<Box>,
    /// The links.
    pub(super) arrows: Vec<Arrow>,
}

/// What of the design a shape stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// A component.
    Component(ComponentId),
    /// A group, as a frame or as one box.
    Group(GroupId),
    /// A link, or the first of several that are drawn as one.
    Link(LinkId),
}

impl Element {
    /// The id by which a page finds the shape: `component-3`, by the number of the model.
    pub fn id(self) -> String {
        match self {
            Self::Component(ComponentId(at)) => format!("component-{at}"),
            Self::Group(GroupId(at)) => format!("group-{at}"),
            Self::Link(LinkId(at)) => format!("link-{at}"),
        }
    }
}

impl Frame {
    /// All that it says, in a line: `REGION · eu · Europe`.
    pub(super) fn line(&self) -> String {
        let parts = self.kind.iter().chain([&self.title]).chain(&self.note);
        parts.filter(|it| !it.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
    }
}

/// A group that is drawn around its members.
pub(super) struct Frame {
    /// The group; nothing for what only gathers what is left over.
    pub(super) element: Option<Element>,
    /// Its own in the drawing.
    pub(super) name: String,
    /// The frame that it stands in, which comes before it.
    pub(super) parent: Option<usize>,
    /// What it is, where that says more than that it is a group: `REGION`.
    pub(super) kind: Option<String>,
    /// What it is called.
    pub(super) title: String,
    /// What it is for.
    pub(super) note: Option<String>,
    /// Its colour.
    pub(super) tone: Tone,
}

/// A level, and what it is about: a finding, or a figure that is one.
#[derive(Clone)]
pub(super) struct Badge {
    /// How grave it is.
    pub(super) severity: Severity,
    /// What is told first, in bold: a code.
    pub(super) strong: String,
    /// The rest, which may be nothing.
    pub(super) words: String,
}

impl Badge {
    /// `✖ LP101 single point of failure`
    pub(super) fn line(&self) -> String {
        format!("{} {} {}", icon(self.severity), self.strong, self.words).trim_end().to_owned()
    }
}

/// What stands below the name of a box or along an arrow beside what it is.
#[derive(Clone, Default)]
pub(super) struct Remarks {
    /// Figures, in the reader's words, a line each.
    pub(super) figures: Vec<String>,
    /// What is wrong, the gravest first.
    pub(super) badges: Vec<Badge>,
    /// How many badges were left out.
    pub(super) more: usize,
    /// Its colour, where that is not the one of its role.
    pub(super) tone: Option<Tone>,
    /// How heavy a line is, where that says something: from 1.
    pub(super) weight: Option<f64>,
}

impl Remarks {
    /// What is told, a line each, with a sign for each level.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = self.figures.clone();
        lines.extend(self.badges.iter().map(Badge::line));
        if self.more > 0 {
            lines.push(format!("+{} more", self.more));
        }
        lines
    }

    /// The gravest level.
    pub(super) fn gravest(&self) -> Option<Severity> {
        self.badges.iter().map(|badge| badge.severity).min()
    }
}

/// Where a box belongs on the way of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Station {
    /// Traffic starts here.
    Entry,
    /// It resolves names.
    Directory,
    /// It watches the others.
    Monitor,
    /// It keeps data, or is somebody else's: such boxes share a column where they end the lines.
    DataTier,
    /// Between these.
    Between,
}

impl Station {
    /// Of components of this kind.
    pub(super) fn of(kind: Kind) -> Self {
        match kind {
            Kind::Dns => Self::Directory,
            Kind::Monitoring => Self::Monitor,
            Kind::ThirdParty | Kind::External => Self::DataTier,
            _ if kind.is_caller_only() => Self::Entry,
            _ if kind.holds_data() => Self::DataTier,
            _ => Self::Between,
        }
    }
}

/// One box.
pub(super) struct Box {
    /// What it stands for; nothing where it is many of a kind, or holds a place.
    pub(super) element: Option<Element>,
    /// Its own in the drawing.
    pub(super) name: String,
    /// The frame that it stands in.
    pub(super) frame: Option<usize>,
    /// What it is called there; nothing where it only holds a place.
    pub(super) title: Option<String>,
    /// What it is for, in lines.
    pub(super) label: Vec<String>,
    /// What it is, and its facts.
    pub(super) facts: Vec<String>,
    /// What is told of it.
    pub(super) remarks: Remarks,
    /// The colour of its role.
    pub(super) tone: Tone,
    /// It stands for many.
    pub(super) is_many: bool,
    /// It is drawn faintly: it stands outside of what is wanted.
    pub(super) is_stub: bool,
    /// Where it belongs on the way of a request.
    pub(super) station: Station,
}

impl Box {
    /// All that it says below its title, a line each.
    pub(super) fn lines(&self) -> Vec<String> {
        self.label.iter().chain(&self.facts).cloned().chain(self.remarks.lines()).collect()
    }

    /// Its colour: of what is told of it, else of its role.
    pub(super) fn tone(&self) -> Tone {
        if self.is_stub { Tone::Stub } else { self.remarks.tone.unwrap_or(self.tone) }
    }
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stroke {
    /// Somebody waits.
    Solid,
    /// Nobody waits.
    Dashed,
    /// It stands beside the users' path.
    Dotted,
}

/// How a link stands to those that are written with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Any one of them serves.
    Pool,
    /// One of them, by what is asked for.
    Route,
    /// Taken when those before it are down.
    Fallback,
}

/// One arrow.
pub(super) struct Arrow {
    /// The link, or the first of several; nothing for what is none.
    pub(super) link: Option<LinkId>,
    /// Where it begins and ends.
    pub(super) tail: usize,
    pub(super) head: usize,
    /// The frames that its ends stand for, where it leads from group to group.
    pub(super) frames: (Option<usize>, Option<usize>),
    /// What is said along it.
    pub(super) words: Vec<String>,
    /// What is told of it.
    pub(super) remarks: Remarks,
    /// How it is drawn.
    pub(super) stroke: Stroke,
    /// Nobody waits at its end.
    pub(super) is_async: bool,
    /// How it stands to others.
    pub(super) mark: Option<Mark>,
    /// A copy of data, or where something runs: no request takes it, and it is drawn palely.
    pub(super) is_side: bool,
    /// Where something runs: it has no head.
    pub(super) is_host: bool,
}

impl Arrow {
    /// All that is said along it, a line each, with how it stands to others for formats that have no sign for that.
    pub(super) fn lines(&self) -> Vec<String> {
        let mark = match self.mark {
            Some(Mark::Pool) => Some("any one of these"),
            Some(Mark::Route) => Some("one of these, by case"),
            // That is one of its words.
            Some(Mark::Fallback) | None => None,
        };
        let words = self.words.iter().cloned().chain(mark.map(ToOwned::to_owned)).collect::<Vec<_>>();
        let mut lines = joined(&words, LABEL_WIDTH);
        lines.extend(self.remarks.lines());
        lines
    }
}

impl Drawing {
    /// The id of a box: of what it stands for, else by its place.
    pub(super) fn box_id(&self, at: usize) -> String {
        self.boxes[at].element.map_or_else(|| format!("box-{at}"), Element::id)
    }

    /// The id of a frame.
    pub(super) fn frame_id(&self, at: usize) -> String {
        self.frames[at].element.map_or_else(|| format!("frame-{at}"), Element::id)
    }

    /// The id of an arrow.
    pub(super) fn arrow_id(&self, at: usize) -> String {
        self.arrows[at].link.map_or_else(|| format!("arrow-{at}"), |link| Element::Link(link).id())
    }

    /// The frames around a box, the innermost first.
    pub(super) fn frames_around(&self, shown: usize) -> Vec<usize> {
        std::iter::successors(self.boxes[shown].frame, |at| self.frames[*at].parent).collect()
    }

    /// What stands in each frame, and outside of all: the boxes and frames of a parent.
    pub(super) fn members(&self, frame: Option<usize>) -> (Vec<usize>, Vec<usize>) {
        let boxes = (0..self.boxes.len()).filter(|at| self.boxes[*at].frame == frame);
        let frames = (0..self.frames.len()).filter(|at| self.frames[*at].parent == frame);
        (boxes.collect(), frames.collect())
    }

    /// All tones that boxes and frames have, each once.
    pub(super) fn tones(&self) -> Vec<Tone> {
        let mut tones: Vec<Tone> = Vec::new();
        for tone in self.boxes.iter().map(Box::tone).chain(self.frames.iter().map(|it| it.tone)) {
            if !tones.contains(&tone) {
                tones.push(tone);
            }
        }
        tones
    }
}

/// Draws a picture.
pub(super) fn drawing(picture: &Picture) -> Drawing {
    let architecture = picture.architecture;
    let scope = Scope::of(picture);
    let outline = Outline::of(picture, &scope);
    let found = Found::of(architecture, picture.diagnostics);
    let notes = Notes::of(picture, &found);
    let frames = outline.frames.iter().map(|id| frame(picture, &outline, *id)).collect();
    let boxes = Boxes { architecture, scope: &scope, outline: &outline, notes: &notes };
    let boxes = (0..outline.shown.len()).map(|place| boxes.at(place)).collect();
    let arrows = arrows::all(architecture, &scope, &outline, &notes);
    let title = title::title(picture, &scope, &outline, &found, &notes);
    let mut drawing = Drawing { title, frames, boxes, arrows };
    if scope.is_all {
        gather_unlinked(&mut drawing);
    }
    drawing
}

/// Puts what nothing is linked to into a frame of its own, for it would be strewn among the entries. The
/// directory stays where it is: whoever comes in asks it, linked or not.
fn gather_unlinked(drawing: &mut Drawing) {
    let mut is_alone: Vec<bool> =
        drawing.boxes.iter().map(|it| it.frame.is_none() && it.station != Station::Directory).collect();
    for arrow in &drawing.arrows {
        is_alone[arrow.tail] = false;
        is_alone[arrow.head] = false;
    }
    let count = is_alone.iter().filter(|is_alone| **is_alone).count();
    if count == 0 || count == drawing.boxes.len() {
        return;
    }
    for (shown, _) in drawing.boxes.iter_mut().zip(is_alone).filter(|(_, is_alone)| *is_alone) {
        shown.frame = Some(drawing.frames.len());
    }
    drawing.frames.push(Frame {
        element: None,
        name: "not linked".to_owned(),
        parent: None,
        kind: None,
        title: "not linked".to_owned(),
        note: None,
        tone: Tone::Apart,
    });
}

fn frame(picture: &Picture, outline: &Outline, id: GroupId) -> Frame {
    let group = picture.architecture.group(id);
    let kind = group.kind.name();
    Frame {
        element: Some(Element::Group(id)),
        name: group.name.to_string(),
        parent: outline.frame(group.parent),
        kind: (kind != "group").then(|| kind.to_uppercase()),
        title: shortened(last_part(&group.name), NAME_WIDTH),
        note: group.label.as_ref().map(|label| wrapped(label, SMALL_WIDTH, 1).concat()),
        tone: Tone::Group(group.kind),
    }
}

/// The last part of a dotted name: where it stands shows the rest.
pub(super) fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
