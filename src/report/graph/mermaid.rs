//! A flowchart for Mermaid, which GitHub, GitLab and most wikis draw from a fence of Markdown.

use std::fmt::Write;

use super::drawing::{Arrow, Drawing, Stroke};
use super::look::{Theme, Tone};
use super::words::visible;
use super::{Format, Picture, drawing};
use crate::diagnostic::Severity;

/// From this width on a line is drawn as a thick one.
const HEAVY: f64 = 1.8;

/// `--format mermaid`.
pub(super) static FORMAT: Format =
    Format { name: "mermaid", about: "A flowchart for Mermaid, as in a fence of Markdown", render };

fn render(picture: &Picture) -> String {
    let drawing = drawing::drawing(picture);
    let mut out = String::new();
    // A string takes all that is written to it.
    let _ = write(&mut out, &drawing, picture.theme);
    out
}

fn write(out: &mut String, drawing: &Drawing, theme: Theme) -> std::fmt::Result {
    let title = [vec![drawing.title.name.clone()], drawing.title.facts.clone()].concat().join(" · ");
    let base = if theme == Theme::Dark { "dark" } else { "neutral" };
    // What stands before the chart is YAML, which takes a string of JSON.
    writeln!(
        out,
        "---\ntitle: {}\nconfig:\n  theme: {base}\n---\nflowchart LR",
        serde_json::json!(visible(&title))
    )?;
    write_members(out, drawing, None, 1)?;
    for arrow in &drawing.arrows {
        write_arrow(out, drawing, arrow)?;
    }
    write_classes(out, drawing, theme)?;
    for (at, arrow) in drawing.arrows.iter().enumerate() {
        let color = match arrow.remarks.gravest() {
            Some(severity) => theme.level(severity).color,
            None if arrow.is_side => theme.paper().faint,
            None => continue,
        };
        writeln!(out, "  linkStyle {at} stroke:{color}")?;
    }
    Ok(())
}

fn write_members(
    out: &mut String,
    drawing: &Drawing,
    frame: Option<usize>,
    depth: usize,
) -> std::fmt::Result {
    let indent = "  ".repeat(depth);
    let (boxes, frames) = drawing.members(frame);
    for at in boxes {
        let shown = &drawing.boxes[at];
        let lines: Vec<String> = shown.title.iter().cloned().chain(shown.lines()).collect();
        let (open, close) =
            if shown.tone == Tone::of(crate::catalogue::Kind::Database) { ("[(", ")]") } else { ("(", ")") };
        writeln!(out, "{indent}{}{open}{}{close}", name(&drawing.box_id(at)), text(&lines))?;
        let level = shown.remarks.gravest().map_or(String::new(), |it| format!(",{}", it.name()));
        // A class is given by a line of its own: the shorthand takes one class alone.
        writeln!(out, "{indent}class {} {}{level}", name(&drawing.box_id(at)), class(shown.tone()))?;
    }
    for at in frames {
        let frame = &drawing.frames[at];
        let id = name(&drawing.frame_id(at));
        writeln!(out, "{indent}subgraph {id}[{}]", text(&[frame.line()]))?;
        write_members(out, drawing, Some(at), depth + 1)?;
        writeln!(out, "{indent}end")?;
        writeln!(out, "{indent}class {id} {}", class(frame.tone))?;
    }
    Ok(())
}

fn write_arrow(out: &mut String, drawing: &Drawing, arrow: &Arrow) -> std::fmt::Result {
    let is_heavy = arrow.remarks.weight.is_some_and(|weight| weight > HEAVY);
    let line = match arrow.stroke {
        _ if arrow.is_host => "-.-",
        Stroke::Dashed | Stroke::Dotted => "-.->",
        Stroke::Solid if is_heavy => "==>",
        Stroke::Solid => "-->",
    };
    let lines = arrow.lines();
    let label = if lines.is_empty() { String::new() } else { format!("|{}|", text(&lines)) };
    let [tail, head] = ends(drawing, arrow);
    writeln!(out, "  {tail} {line}{label} {head}")
}

/// What an arrow joins: frames where it leads from group to group, unless one holds the other.
fn ends(drawing: &Drawing, arrow: &Arrow) -> [String; 2] {
    let end = |shown: usize, frame: Option<usize>, other: usize| match frame {
        Some(at) if !drawing.frames_around(other).contains(&at) => name(&drawing.frame_id(at)),
        _ => name(&drawing.box_id(shown)),
    };
    [end(arrow.tail, arrow.frames.0, arrow.head), end(arrow.head, arrow.frames.1, arrow.tail)]
}

fn write_classes(out: &mut String, drawing: &Drawing, theme: Theme) -> std::fmt::Result {
    let ink = theme.paper().ink;
    for tone in drawing.tones() {
        let hue = theme.hue(tone);
        writeln!(out, "  classDef {} fill:{},stroke:{},color:{ink}", class(tone), hue.fill, hue.line)?;
    }
    for severity in [Severity::Error, Severity::Warning, Severity::Advice] {
        let level = theme.level(severity);
        writeln!(out, "  classDef {} stroke:{},stroke-width:3px", severity.name(), level.color)?;
    }
    Ok(())
}

fn class(tone: Tone) -> String {
    format!("is_{}", tone.name())
}

/// An id as Mermaid takes it: a hyphen may begin a line.
fn name(id: &str) -> String {
    id.replace('-', "_")
}

/// Lines in quotes. Whatever might be read as an entity, markup or a directive is an entity itself.
fn text(lines: &[String]) -> String {
    let mut quoted = String::from("\"");
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            quoted.push_str("<br/>");
        }
        for (place, character) in visible(line).chars().enumerate() {
            let is_list = place == 0 && matches!(character, '-' | '*' | '+' | '0'..='9');
            if is_list || "\"#&<>\\`%;_*{}[]|~$".contains(character) {
                let _ = write!(quoted, "#{};", u32::from(character));
            } else {
                quoted.push(character);
            }
        }
    }
    if quoted.len() == 1 {
        quoted.push(' ');
    }
    quoted + "\""
}
