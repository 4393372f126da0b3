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
use layout::Layout;
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
    for (arrow, is_forward) in drawing.arrows.iter().zip(&layout.is_forward) {
        write_arrow(out, drawing, arrow, *is_forward)?;
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

fn write_arrow(out: &mut String, drawing: &Drawing, arrow: &Arrow, is_forward: bool) -> std::fmt::Result {
    let (tail, head) = (id(&drawing.boxes[arrow.tail].name), id(&drawing.boxes[arrow.head].name));
    let mut attributes: Vec<String> = Vec::new();
    attributes.extend(arrow.label.as_ref().map(|label| format!("label=<{label}>")));
    for (name, value) in &arrow.attributes {
        attributes.push(format!("{name}={}", id(value)));
    }
    for (name, frame) in [("ltail", arrow.frames.0), ("lhead", arrow.frames.1)] {
        if let Some(frame) = frame {
            attributes.push(format!("{name}={}", id(&format!("cluster_{}", drawing.frames[frame].name))));
        }
    }
    if !is_forward {
        attributes.push("constraint=false".to_owned());
    } else if drawing.boxes[arrow.tail].is_entry {
        // What is asked first stands next to who asks.
        attributes.push("weight=2".to_owned());
    }
    write!(out, "  {tail} -> {head}")?;
    if attributes.is_empty() { writeln!(out, ";") } else { writeln!(out, " [{}];", attributes.join(", ")) }
}
