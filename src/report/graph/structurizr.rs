//! Structurizr's DSL: a model of people, systems and containers with a view of them.
//!
//! What the team runs is a container of one software system; who uses it is a person, what others run a system beside it.

use std::fmt::Write;

use rustc_hash::FxHashSet;

use super::drawing::{Arrow, Box, Drawing, Station, Stroke};
use super::look::{Role, Theme, Tone};
use super::words::visible;
use super::{Format, Picture, drawing};

/// `--format structurizr`.
pub(super) static FORMAT: Format = Format { name: "structurizr", about: "Structurizr's DSL", render };

fn render(picture: &Picture) -> String {
    let drawing = drawing::drawing(picture);
    let mut out = String::new();
    // A string takes all that is written to it.
    let _ = write(&mut out, &drawing, picture.theme);
    out
}

fn write(out: &mut String, drawing: &Drawing, theme: Theme) -> std::fmt::Result {
    let name = text(&drawing.title.name);
    writeln!(out, "workspace {name} {} {{", text(&drawing.title.lines().join(" · ")))?;
    writeln!(out, "  model {{")?;
    writeln!(out, "    properties {{\n      \"structurizr.groupSeparator\" \"/\"\n    }}")?;
    for at in (0..drawing.boxes.len()).filter(|at| is_outside(&drawing.boxes[*at])) {
        let sort = if drawing.boxes[at].station == Station::Entry { "person" } else { "softwareSystem" };
        write_element(out, drawing, at, sort, "    ")?;
    }
    writeln!(out, "    whole = softwareSystem {name} {{")?;
    write_members(out, drawing, None, 3)?;
    writeln!(out, "    }}")?;
    write_relationships(out, drawing)?;
    writeln!(out, "  }}")?;
    write_views(out, drawing, theme)?;
    writeln!(out, "}}")
}

/// Whether a box stands for something, and does not only hold a place.
fn is_there(drawing: &Drawing, at: usize) -> bool {
    drawing.boxes[at].title.is_some()
}

fn is_outside(shown: &Box) -> bool {
    shown.tone == Tone::Role(Role::Outside)
}

fn write_members(
    out: &mut String,
    drawing: &Drawing,
    frame: Option<usize>,
    depth: usize,
) -> std::fmt::Result {
    let indent = "  ".repeat(depth);
    let (boxes, frames) = drawing.members(frame);
    for at in boxes.into_iter().filter(|at| !is_outside(&drawing.boxes[*at]) && is_there(drawing, *at)) {
        write_element(out, drawing, at, "container", &indent)?;
    }
    for at in frames {
        // A stroke would begin an inner group.
        writeln!(out, "{indent}group {} {{", text(&drawing.frames[at].line().replace('/', "∕")))?;
        write_members(out, drawing, Some(at), depth + 1)?;
        writeln!(out, "{indent}}}")?;
    }
    Ok(())
}

fn write_element(
    out: &mut String,
    drawing: &Drawing,
    at: usize,
    sort: &str,
    indent: &str,
) -> std::fmt::Result {
    let shown = &drawing.boxes[at];
    let about = [shown.label.clone(), shown.remarks.lines()].concat().join(" · ");
    let (id, called, about) = (name(&drawing.box_id(at)), text(&shown.name), text(&about));
    let technology = match sort {
        "container" => format!(" {}", text(&shown.facts.join(" · "))),
        _ => String::new(),
    };
    writeln!(out, "{indent}{id} = {sort} {called} {about}{technology} {{")?;
    let level = shown.remarks.gravest().map_or(String::new(), |it| format!(",{}", it.name()));
    writeln!(out, "{indent}  tags \"{}{level}\"\n{indent}}}", shown.tone().name())
}

/// Two relationships of the same ends need words that differ.
fn write_relationships(out: &mut String, drawing: &Drawing) -> std::fmt::Result {
    let mut known: FxHashSet<(usize, usize, String)> = FxHashSet::default();
    let is_there = |arrow: &Arrow| is_there(drawing, arrow.tail) && is_there(drawing, arrow.head);
    for (at, arrow) in drawing.arrows.iter().enumerate().filter(|(_, arrow)| is_there(arrow)) {
        let mut words = arrow.lines().join(" · ");
        if !known.insert((arrow.tail, arrow.head, visible(&words))) {
            words = [words, drawing.arrow_id(at)].join(" ");
            known.insert((arrow.tail, arrow.head, visible(&words)));
        }
        let (tail, head) = (name(&drawing.box_id(arrow.tail)), name(&drawing.box_id(arrow.head)));
        writeln!(out, "    {tail} -> {head} {} \"\" \"{}\"", text(&words), tags(arrow))?;
    }
    Ok(())
}

fn tags(arrow: &Arrow) -> String {
    let stroke = match arrow.stroke {
        Stroke::Solid => "solid",
        Stroke::Dashed => "dashed",
        Stroke::Dotted => "dotted",
    };
    let level = arrow.remarks.gravest().map_or(String::new(), |it| format!(",{}", it.name()));
    format!("{stroke}{level}")
}

fn write_views(out: &mut String, drawing: &Drawing, theme: Theme) -> std::fmt::Result {
    writeln!(out, "  views {{")?;
    writeln!(out, "    container whole \"whole\" {{\n      include *\n      autoLayout lr\n    }}")?;
    writeln!(out, "    styles {{")?;
    for tone in drawing.tones() {
        let hue = theme.hue(tone);
        writeln!(out, "      element \"{}\" {{", tone.name())?;
        writeln!(out, "        background {}\n        stroke {}", hue.fill, hue.line)?;
        writeln!(out, "        color {}\n        shape {}\n      }}", theme.paper().ink, shape(tone))?;
    }
    for (tag, style) in [("solid", "solid"), ("dashed", "dashed"), ("dotted", "dotted")] {
        writeln!(out, "      relationship \"{tag}\" {{\n        style {style}\n      }}")?;
    }
    writeln!(out, "    }}\n  }}")
}

fn shape(tone: Tone) -> &'static str {
    match tone {
        Tone::Role(Role::Store) => "Cylinder",
        Tone::Role(Role::Messages) => "Pipe",
        _ => "RoundedBox",
    }
}

/// An id as Structurizr takes it.
fn name(id: &str) -> String {
    id.replace('-', "_")
}

/// A string in quotes. There is no escape but that of the quote, and `${` would begin a substitution.
fn text(words: &str) -> String {
    let words = visible(words).replace('\\', "∖").replace("${", "$ {").replace('"', "\\\"");
    format!("\"{words}\"")
}
