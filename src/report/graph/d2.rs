//! Terrastruct's D2.

use std::fmt::Write;

use super::drawing::{Arrow, Drawing, Mark, Stroke};
use super::look::Theme;
use super::words::visible;
use super::{Format, Picture, drawing};
use crate::diagnostic::Severity;

/// `--format d2`.
pub(super) static FORMAT: Format = Format { name: "d2", about: "For D2", render };

fn render(picture: &Picture) -> String {
    let drawing = drawing::drawing(picture);
    let mut out = String::new();
    // A string takes all that is written to it.
    let _ = write(&mut out, &drawing, picture.theme);
    out
}

fn write(out: &mut String, drawing: &Drawing, theme: Theme) -> std::fmt::Result {
    let title = text(&[vec![drawing.title.name.clone()], drawing.title.lines()].concat());
    let number = if theme == Theme::Dark { 200 } else { 0 };
    writeln!(out, "vars: {{ d2-config: {{ theme-id: {number} }} }}")?;
    writeln!(out, "direction: right")?;
    write_classes(out, drawing, theme)?;
    writeln!(out, "title: {title} {{ shape: text; near: top-center; style.font-size: 20 }}")?;
    write_members(out, drawing, None, 0)?;
    for arrow in &drawing.arrows {
        write_arrow(out, drawing, arrow, theme)?;
    }
    Ok(())
}

fn write_classes(out: &mut String, drawing: &Drawing, theme: Theme) -> std::fmt::Result {
    let ink = theme.paper().ink;
    writeln!(out, "classes: {{")?;
    for tone in drawing.tones() {
        let hue = theme.hue(tone);
        writeln!(
            out,
            "  {}: {{ style: {{ fill: \"{}\"; stroke: \"{}\"; font-color: \"{ink}\"; border-radius: 8 }} }}",
            tone.name(),
            hue.fill,
            hue.line
        )?;
    }
    for severity in [Severity::Error, Severity::Warning, Severity::Advice] {
        let color = theme.level(severity).color;
        writeln!(out, "  {}: {{ style: {{ stroke: \"{color}\"; stroke-width: 3 }} }}", severity.name())?;
    }
    writeln!(out, "}}")
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
        let level = shown.remarks.gravest().map_or(String::new(), |it| format!("; {}", it.name()));
        let class = shown.tone().name();
        writeln!(out, "{indent}{}: {} {{ class: [{class}{level}] }}", drawing.box_id(at), text(&lines))?;
    }
    for at in frames {
        let frame = &drawing.frames[at];
        let (id, label) = (drawing.frame_id(at), text(&[frame.line()]));
        writeln!(out, "{indent}{id}: {label} {{\n{indent}  class: {}", frame.tone.name())?;
        write_members(out, drawing, Some(at), depth + 1)?;
        writeln!(out, "{indent}}}")?;
    }
    Ok(())
}

fn write_arrow(out: &mut String, drawing: &Drawing, arrow: &Arrow, theme: Theme) -> std::fmt::Result {
    let mut styles = Vec::new();
    match arrow.stroke {
        Stroke::Solid => {}
        Stroke::Dashed => styles.push("style.stroke-dash: 5".to_owned()),
        Stroke::Dotted => styles.push("style.stroke-dash: 2".to_owned()),
    }
    match arrow.remarks.gravest() {
        Some(severity) => {
            styles.push(format!("style.stroke: \"{}\"", theme.level(severity).color));
        }
        None if arrow.is_side => styles.push(format!("style.stroke: \"{}\"", theme.paper().faint)),
        None => {}
    }
    if let Some(weight) = arrow.remarks.weight {
        styles.push(format!("style.stroke-width: {}", weight.round().clamp(1.0, 15.0)));
    }
    match arrow.mark {
        Some(Mark::Pool) => styles.push("source-arrowhead.shape: circle".to_owned()),
        Some(Mark::Route) => styles.push("source-arrowhead.shape: diamond".to_owned()),
        Some(Mark::Fallback) | None => {}
    }
    let sign = match (arrow.is_host, arrow.mark) {
        (true, _) => "--",
        (false, Some(Mark::Pool | Mark::Route)) => "<->",
        (false, _) => "->",
    };
    let [tail, head] = ends(drawing, arrow);
    let label = text(&arrow.lines());
    let styles = if styles.is_empty() { String::new() } else { format!(" {{ {} }}", styles.join("; ")) };
    writeln!(out, "{tail} {sign} {head}: {label}{styles}")
}

/// What an arrow joins, with the frames around it: frames where it leads from group to group, unless one holds the
/// other.
fn ends(drawing: &Drawing, arrow: &Arrow) -> [String; 2] {
    let path = |frames: &[usize], last: Option<String>| {
        let outer = frames.iter().rev().map(|at| drawing.frame_id(*at));
        outer.chain(last).collect::<Vec<_>>().join(".")
    };
    let end = |shown: usize, frame: Option<usize>, other: usize| {
        let around = drawing.frames_around(shown);
        let held = drawing.frames_around(other);
        match frame.and_then(|frame| around.iter().position(|at| *at == frame)) {
            Some(inner) if !held.contains(&around[inner]) => path(&around[inner..], None),
            _ => path(&around, Some(drawing.box_id(shown))),
        }
    };
    [end(arrow.tail, arrow.frames.0, arrow.head), end(arrow.head, arrow.frames.1, arrow.tail)]
}

/// Lines in quotes; a dollar would begin a substitution.
fn text(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| visible(line)).collect();
    let mut quoted = String::from("\"");
    for character in lines.join("\n").chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '"' | '\\' | '$' => quoted.extend(['\\', character]),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}
