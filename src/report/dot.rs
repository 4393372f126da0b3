//! The picture of a design in Graphviz's DOT: components in the colour of their role, groups as frames, and the
//! findings where they belong.
//!
//! `outline` decides how much is drawn, `drawing` what it looks like, `layout` which way it reads; here it is
//! written down.

mod drawing;
mod facts;
mod layout;
mod look;
mod outline;
mod text;

use std::fmt::Write;

use crate::analysis::load::Load;
use crate::diagnostic::Diagnostic;
use crate::model::Architecture;
use drawing::{Arrow, Drawing};
use layout::{Layout, Way};
use look::{FONT, INK, MUTED};
use text::id;

/// What is to be drawn.
pub struct Picture<'a> {
    /// The design.
    pub architecture: &'a Architecture,
    /// What the review says of it; those that are about no component or link stand in the title.
    pub diagnostics: &'a [Diagnostic],
    /// What its links carry, where that is to be shown.
    pub load: Option<&'a Load>,
}

/// The design as a DOT graph, ready for `dot -Tsvg`. The same picture always gives the same text.
pub fn dot(picture: &Picture) -> String {
    let drawing = drawing::drawing(picture);
    let layout = layout::layout(&drawing);
    let mut out = String::new();
    // A string takes all that is written to it.
    let _ = write(&mut out, &drawing, &layout);
    out
}

fn write(out: &mut String, drawing: &Drawing, layout: &Layout) -> std::fmt::Result {
    writeln!(out, "digraph architecture {{")?;
    writeln!(
        out,
        "  graph [rankdir=LR, newrank=true, compound=true, remincross=true, splines=spline, nodesep=0.38, ranksep=0.62,"
    )?;
    writeln!(
        out,
        "         pad=0.3, bgcolor=white, fontname={FONT}, fontsize=11, fontcolor=\"#334155\", labelloc=t, labeljust=l,"
    )?;
    writeln!(out, "         label=<{}>];", drawing.title)?;
    writeln!(out, "  node [shape=plain, fontname={FONT}, fontsize=11, fontcolor=\"{INK}\"];")?;
    writeln!(
        out,
        "  edge [fontname={FONT}, fontsize=9, fontcolor=\"#475569\", color=\"{MUTED}\", penwidth=1.2, arrowsize=0.7];"
    )?;
    writeln!(out)?;
    let members = Members::of(drawing);
    members.write(out, drawing, None, 1)?;
    writeln!(out)?;
    for column in &layout.columns {
        let names: Vec<String> = column.iter().map(|at| id(&drawing.boxes[*at].name)).collect();
        writeln!(out, "  {{ rank=same; {}; }}", names.join("; "))?;
    }
    for (arrow, way) in drawing.arrows.iter().zip(&layout.ways) {
        write_arrow(out, drawing, arrow, *way)?;
    }
    writeln!(out, "}}")
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

    fn write(
        &self,
        out: &mut String,
        drawing: &Drawing,
        frame: Option<usize>,
        depth: usize,
    ) -> std::fmt::Result {
        let indent = "  ".repeat(depth);
        let at = frame.unwrap_or(drawing.frames.len());
        for shown in &self.boxes[at] {
            let shown = &drawing.boxes[*shown];
            writeln!(out, "{indent}{} [label=<{}>];", id(&shown.name), shown.html)?;
        }
        for inner in &self.frames[at] {
            let frame = &drawing.frames[*inner];
            let tint = frame.tint;
            writeln!(out, "{indent}subgraph {} {{", id(&format!("cluster_{}", frame.name)))?;
            writeln!(
                out,
                "{indent}  graph [label=<{}>, labeljust=l, style=\"rounded,filled\", fillcolor=\"{}\", color=\"{}\", fontcolor=\"{}\", fontsize=9, margin=16];",
                frame.title, tint.fill, tint.line, tint.text
            )?;
            self.write(out, drawing, Some(*inner), depth + 1)?;
            writeln!(out, "{indent}}}")?;
        }
        Ok(())
    }
}

/// An arrow that runs back is written from its head to its tail: Graphviz then keeps the columns, and lays it
/// beside the arrows that it answers.
fn write_arrow(out: &mut String, drawing: &Drawing, arrow: &Arrow, way: Way) -> std::fmt::Result {
    let mut ends = [(arrow.tail, "ltail", arrow.frames.0), (arrow.head, "lhead", arrow.frames.1)];
    let mut attributes: Vec<String> = Vec::new();
    attributes.extend(arrow.label.as_ref().map(|label| format!("label=<{label}>")));
    if way == Way::Back {
        ends = [(arrow.head, "ltail", arrow.frames.1), (arrow.tail, "lhead", arrow.frames.0)];
        let is_marked = arrow.attributes.iter().any(|(name, _)| *name == "dir");
        attributes.push(if is_marked { "dir=both" } else { "dir=back" }.to_owned());
    }
    for (name, value) in &arrow.attributes {
        let name = match *name {
            "dir" if way == Way::Back => continue,
            "arrowhead" if way == Way::Back => "arrowtail",
            "arrowtail" if way == Way::Back => "arrowhead",
            name => name,
        };
        attributes.push(format!("{name}={}", id(value)));
    }
    for (_, name, frame) in ends {
        if let Some(frame) = frame {
            attributes.push(format!("{name}={}", id(&format!("cluster_{}", drawing.frames[frame].name))));
        }
    }
    if way == Way::Free {
        attributes.push("constraint=false".to_owned());
    } else if drawing.boxes[ends[0].0].is_entry {
        // What is asked first stands next to who asks.
        attributes.push("weight=2".to_owned());
    }
    let [from, to] = ends.map(|(at, ..)| id(&drawing.boxes[at].name));
    write!(out, "  {from} -> {to}")?;
    if attributes.is_empty() { writeln!(out, ";") } else { writeln!(out, " [{}];", attributes.join(", ")) }
}
