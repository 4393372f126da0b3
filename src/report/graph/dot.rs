//! Graphviz's DOT: boxes as tables of HTML, frames as clusters.
//!
//! Each shape has the id of what it stands for, `component-3`, `group-1` or `link-12` by the numbers of the model, and
//! classes: what it is, and the gravest level on it. A page finds the shapes of the SVG by them.

mod grid;
mod label;
mod layout;

use std::fmt::Write;

use super::drawing::{Arrow, Drawing, Element, Frame, Remarks, Station, Stroke};
use super::look::Theme;
use super::{Format, Picture, drawing};
use crate::diagnostic::Severity;
use label::{id, quoted};
use layout::{Layout, Way};

/// The font whose metrics Graphviz knows everywhere, also where it can't ask for fonts.
const FONT: &str = "Arial";

/// `--format dot`.
pub static FORMAT: Format = Format { name: "dot", about: "For Graphviz", render: dot };

/// The design as a DOT graph, ready for `dot -Tsvg`. The same picture always gives the same text.
pub fn dot(picture: &Picture) -> String {
    let drawing = drawing::drawing(picture);
    let layout = layout::layout(&drawing);
    let mut out = String::new();
    // A string takes all that is written to it.
    let _ = Writer { drawing: &drawing, theme: picture.theme }.write(&mut out, &layout);
    out
}

/// Writes a drawing in the colours of a theme.
struct Writer<'a> {
    drawing: &'a Drawing,
    theme: Theme,
}

impl Writer<'_> {
    fn write(&self, out: &mut String, layout: &Layout) -> std::fmt::Result {
        let paper = self.theme.paper();
        let (background, label, ink, muted) = (paper.background, paper.label, paper.ink, paper.muted);
        // Between the boxes of a grid there are the lines to what stands behind them.
        let nodesep = if layout.is_grid { 0.2 } else { 0.38 };
        writeln!(out, "digraph architecture {{")?;
        writeln!(
            out,
            "  graph [rankdir=LR, newrank=true, compound=true, remincross=true, splines=spline, nodesep={nodesep}, ranksep=0.62,"
        )?;
        writeln!(
            out,
            "         pad=0.3, bgcolor=\"{background}\", fontname={FONT}, fontsize=11, fontcolor=\"{label}\", labelloc=t, labeljust=l,"
        )?;
        writeln!(out, "         label=<{}>];", label::of_title(&self.drawing.title, self.theme))?;
        writeln!(out, "  node [shape=plain, fontname={FONT}, fontsize=11, fontcolor=\"{ink}\"];")?;
        writeln!(
            out,
            "  edge [fontname={FONT}, fontsize=9, fontcolor=\"{label}\", color=\"{muted}\", penwidth=1.2, arrowsize=0.7];"
        )?;
        writeln!(out)?;
        self.write_members(out, &Members::of(self.drawing), None, 1)?;
        writeln!(out)?;
        for column in &layout.columns {
            let names: Vec<String> = column.iter().map(|at| id(&self.drawing.boxes[*at].name)).collect();
            writeln!(out, "  {{ rank=same; {}; }}", names.join("; "))?;
        }
        // What is not drawn holds columns in their order, and boxes in their rows.
        let line = |boxes: &mut dyn Iterator<Item = usize>| {
            boxes.map(|at| id(&self.drawing.boxes[at].name)).collect::<Vec<_>>().join(" -> ")
        };
        if layout.is_grid {
            let firsts = line(&mut layout.columns.iter().map(|column| column[0]));
            writeln!(out, "  {firsts} [style=invis, weight=0];")?;
        }
        for row in &layout.rows {
            writeln!(out, "  {} [style=invis, weight=8];", line(&mut row.iter().copied()))?;
        }
        for (arrow, way) in self.drawing.arrows.iter().zip(&layout.ways) {
            self.write_arrow(out, arrow, *way)?;
        }
        writeln!(out, "}}")
    }

    fn write_members(
        &self,
        out: &mut String,
        members: &Members,
        frame: Option<usize>,
        depth: usize,
    ) -> std::fmt::Result {
        let indent = "  ".repeat(depth);
        let at = frame.unwrap_or(self.drawing.frames.len());
        for shown in &members.boxes[at] {
            let shown = &self.drawing.boxes[*shown];
            let known = known_as(shown.element, &shown.remarks);
            writeln!(
                out,
                "{indent}{} [{known}label=<{}>];",
                id(&shown.name),
                label::of_box(shown, self.theme)
            )?;
        }
        for inner in &members.frames[at] {
            let frame = &self.drawing.frames[*inner];
            writeln!(out, "{indent}subgraph {} {{", id(&cluster(frame)))?;
            self.write_frame(out, frame, &indent)?;
            self.write_members(out, members, Some(*inner), depth + 1)?;
            writeln!(out, "{indent}}}")?;
        }
        Ok(())
    }

    fn write_frame(&self, out: &mut String, frame: &Frame, indent: &str) -> std::fmt::Result {
        let hue = self.theme.hue(frame.tone);
        writeln!(
            out,
            "{indent}  graph [{}label=<{}>, labeljust=l, style=\"rounded,filled\", fillcolor=\"{}\", color=\"{}\", fontcolor=\"{}\", fontsize=9, margin=16];",
            known_as(frame.element, &Remarks::default()),
            label::of_frame(frame),
            hue.fill,
            hue.line,
            hue.text
        )
    }

    /// An arrow that runs back is written from its head to its tail: Graphviz then keeps the columns, and lays it
    /// beside the arrows that it answers.
    fn write_arrow(&self, out: &mut String, arrow: &Arrow, way: Way) -> std::fmt::Result {
        let mut ends = [(arrow.tail, "ltail", arrow.frames.0), (arrow.head, "lhead", arrow.frames.1)];
        if way == Way::Back {
            ends = [(arrow.head, "ltail", arrow.frames.1), (arrow.tail, "lhead", arrow.frames.0)];
        }
        let mut attributes: Vec<String> = Vec::new();
        let known = known_as(arrow.link.map(Element::Link), &arrow.remarks);
        attributes.extend(known.strip_suffix(", ").map(ToOwned::to_owned));
        attributes.extend(label::of_arrow(arrow, self.theme).map(|label| format!("label=<{label}>")));
        attributes.extend(self.line(arrow));
        attributes.extend(shapes(arrow, way));
        for (_, name, frame) in ends {
            attributes.extend(frame.map(|at| format!("{name}={}", id(&cluster(&self.drawing.frames[at])))));
        }
        if way == Way::Free {
            attributes.push("constraint=false".to_owned());
        } else if self.drawing.boxes[ends[0].0].station == Station::Entry {
            // What is asked first stands next to who asks.
            attributes.push("weight=2".to_owned());
        }
        let [from, to] = ends.map(|(at, ..)| id(&self.drawing.boxes[at].name));
        write!(out, "  {from} -> {to}")?;
        if attributes.is_empty() {
            writeln!(out, ";")
        } else {
            writeln!(out, " [{}];", attributes.join(", "))
        }
    }

    /// How its line is drawn: in the colour of what is wrong with it, and the heavier the more it says.
    fn line(&self, arrow: &Arrow) -> Vec<String> {
        let mut attributes = Vec::new();
        match arrow.stroke {
            Stroke::Solid => {}
            Stroke::Dashed => attributes.push("style=dashed".to_owned()),
            Stroke::Dotted => attributes.push("style=dotted".to_owned()),
        }
        let paper = self.theme.paper();
        let (color, text, weight) = match arrow.remarks.gravest() {
            Some(severity) => {
                let level = self.theme.level(severity);
                (level.color, level.text, if severity == Severity::Advice { 1.6 } else { 2.2 })
            }
            None if arrow.is_side => (paper.faint, paper.faint, 0.0),
            None => ("", "", 0.0),
        };
        if !color.is_empty() {
            attributes.push(format!("color=\"{color}\", fontcolor=\"{text}\""));
        }
        let weight = arrow.remarks.weight.unwrap_or_default().max(weight);
        if weight > 0.0 {
            // Heads grow with the line.
            let head = (1.1 / weight.sqrt()).clamp(0.45, 0.7);
            attributes.push(format!("penwidth={weight:.1}, arrowsize={head:.2}"));
        }
        attributes
    }
}

/// The shapes at the ends of a line; where it is written from its head to its tail, each at the other end.
fn shapes(arrow: &Arrow, way: Way) -> Vec<String> {
    let is_back = way == Way::Back;
    let tail = arrow.mark.and_then(label::arrowtail);
    let head = match () {
        () if arrow.is_host => Some("none"),
        () if arrow.is_async => Some("vee"),
        () => None,
    };
    let (at_head, at_tail) = if is_back { ("arrowtail", "arrowhead") } else { ("arrowhead", "arrowtail") };
    let mut attributes = Vec::new();
    match (is_back, tail) {
        (_, Some(_)) => attributes.push("dir=both".to_owned()),
        (true, None) => attributes.push("dir=back".to_owned()),
        (false, None) => {}
    }
    attributes.extend(head.map(|shape| format!("{at_head}={shape}")));
    attributes.extend(tail.map(|shape| format!("{at_tail}={shape}")));
    attributes
}

/// The id and the classes of a shape, with what parts them from other attributes; nothing where it stands for nothing.
fn known_as(element: Option<Element>, remarks: &Remarks) -> String {
    let Some(element) = element else { return String::new() };
    let sort = match element {
        Element::Component(_) => "component",
        Element::Group(_) => "group",
        Element::Link(_) => "link",
    };
    let level = remarks.gravest().map_or(String::new(), |severity| format!(" {}", severity.name()));
    format!("id={}, class={}, ", quoted(&element.id()), quoted(&format!("{sort}{level}")))
}

fn cluster(frame: &Frame) -> String {
    format!("cluster_{}", frame.name)
}

/// What stands in each frame, and outside of all.
struct Members {
    boxes: Vec<Vec<usize>>,
    frames: Vec<Vec<usize>>,
}

impl Members {
    fn of(drawing: &Drawing) -> Self {
        // The last place is for what stands in no frame.
        let outside = drawing.frames.len();
        let mut members =
            Self { boxes: vec![Vec::new(); outside + 1], frames: vec![Vec::new(); outside + 1] };
        for (at, shown) in drawing.boxes.iter().enumerate() {
            members.boxes[shown.frame.unwrap_or(outside)].push(at);
        }
        for (at, frame) in drawing.frames.iter().enumerate() {
            members.frames[frame.parent.unwrap_or(outside)].push(at);
        }
        members
    }
}
