//! PlantUML in the manner of C4: stereotypes with their own colours, and nothing that is fetched from elsewhere.

use std::fmt::Write;

use super::drawing::{Arrow, Drawing, Stroke};
use super::look::{Theme, Tone};
use super::words::visible;
use super::{Format, Picture, drawing};

/// `--format plantuml`.
pub(super) static FORMAT: Format =
    Format { name: "plantuml", about: "For PlantUML, in the manner of C4, without includes", render };

fn render(picture: &Picture) -> String {
    let drawing = drawing::drawing(picture);
    let mut out = String::new();
    // A string takes all that is written to it.
    let _ = write(&mut out, &drawing, picture.theme);
    out
}

fn write(out: &mut String, drawing: &Drawing, theme: Theme) -> std::fmt::Result {
    let paper = theme.paper();
    writeln!(out, "@startuml")?;
    writeln!(out, "left to right direction")?;
    writeln!(out, "skinparam backgroundColor {}", paper.background)?;
    writeln!(out, "skinparam defaultFontName Arial")?;
    writeln!(out, "skinparam defaultTextAlignment center")?;
    writeln!(out, "skinparam titleFontColor {}", paper.ink)?;
    writeln!(out, "skinparam arrowColor {}", paper.muted)?;
    writeln!(out, "skinparam arrowFontColor {}", paper.label)?;
    writeln!(out, "skinparam arrowFontSize 10")?;
    writeln!(out, "skinparam shadowing false")?;
    writeln!(out, "hide stereotype")?;
    for tone in drawing.tones() {
        write_tone(out, tone, theme)?;
    }
    let lines = drawing.title.lines().into_iter().map(|line| format!("\\n<size:10>{}</size>", text(&[line])));
    writeln!(out, "title {}{}", text(std::slice::from_ref(&drawing.title.name)), lines.collect::<String>())?;
    write_members(out, drawing, None, theme, 0)?;
    for arrow in &drawing.arrows {
        write_arrow(out, drawing, arrow, theme)?;
    }
    writeln!(out, "@enduml")
}

fn write_tone(out: &mut String, tone: Tone, theme: Theme) -> std::fmt::Result {
    let (hue, name) = (theme.hue(tone), tone.name());
    writeln!(out, "skinparam rectangle<<{name}>> {{")?;
    writeln!(out, "  backgroundColor {}\n  borderColor {}", hue.fill, hue.line)?;
    writeln!(out, "  fontColor {}\n  roundCorner 16\n}}", theme.paper().ink)
}

fn write_members(
    out: &mut String,
    drawing: &Drawing,
    frame: Option<usize>,
    theme: Theme,
    depth: usize,
) -> std::fmt::Result {
    let indent = "  ".repeat(depth);
    let (boxes, frames) = drawing.members(frame);
    for at in boxes {
        let shown = &drawing.boxes[at];
        let title = shown.title.iter().map(|title| format!("<b>{}</b>", text(std::slice::from_ref(title))));
        let lines = shown.lines().into_iter().map(|line| format!("<size:10>{}</size>", text(&[line])));
        let label: Vec<String> = title.chain(lines).collect();
        let border = match shown.remarks.gravest() {
            // A colour behind the stereotype goes before its border.
            Some(severity) => format!(
                " {};line:{};line.bold",
                theme.hue(shown.tone()).fill,
                &theme.level(severity).color[1..]
            ),
            None => String::new(),
        };
        let (id, tone) = (name(&drawing.box_id(at)), shown.tone().name());
        writeln!(out, "{indent}rectangle \"{}\" as {id} <<{tone}>>{border}", label.join("\\n"))?;
    }
    for at in frames {
        let frame = &drawing.frames[at];
        let (id, tone) = (name(&drawing.frame_id(at)), frame.tone.name());
        writeln!(out, "{indent}rectangle \"{}\" as {id} <<{tone}>> {{", text(&[frame.line()]))?;
        write_members(out, drawing, Some(at), theme, depth + 1)?;
        writeln!(out, "{indent}}}")?;
    }
    Ok(())
}

fn write_arrow(out: &mut String, drawing: &Drawing, arrow: &Arrow, theme: Theme) -> std::fmt::Result {
    let mut styles = Vec::new();
    match arrow.remarks.gravest() {
        Some(severity) => styles.push(theme.level(severity).color.to_owned()),
        None if arrow.is_side => styles.push(theme.paper().faint.to_owned()),
        None => {}
    }
    styles.extend(match arrow.stroke {
        Stroke::Solid => None,
        Stroke::Dashed => Some("dashed".to_owned()),
        Stroke::Dotted => Some("dotted".to_owned()),
    });
    if arrow.remarks.weight.is_some_and(|weight| weight > 1.8) {
        styles.push("bold".to_owned());
    }
    let styles = if styles.is_empty() { String::new() } else { format!("[{}]", styles.join(",")) };
    let head = if arrow.is_host { "-" } else { "->" };
    let label = arrow.lines();
    let label = if label.is_empty() { String::new() } else { format!(" : {}", text(&label)) };
    let (tail, to) = (name(&drawing.box_id(arrow.tail)), name(&drawing.box_id(arrow.head)));
    writeln!(out, "{tail} -{styles}{head} {to}{label}")
}

/// An id as PlantUML takes it.
fn name(id: &str) -> String {
    id.replace('-', "_")
}

/// Lines of text. Whatever PlantUML reads as markup, a call or the start of something else stands as its code.
fn text(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| plain(&visible(line))).collect();
    lines.join("\\n")
}

fn plain(line: &str) -> String {
    let characters: Vec<char> = line.chars().collect();
    let mut text = String::new();
    for (at, character) in characters.iter().copied().enumerate() {
        let is_beside = |place: Option<usize>| place.and_then(|it| characters.get(it)) == Some(&character);
        let is_doubled = is_beside(at.checked_sub(1)) || is_beside(Some(at + 1));
        let is_markup = match character {
            // Alone they are letters like others, which keeps names readable.
            '_' | '-' | '/' | '.' | '+' => is_doubled || at == 0,
            ' ' | ',' | '(' | ')' => false,
            _ => character.is_ascii_punctuation(),
        };
        if is_markup {
            let _ = write!(text, "<U+{:04X}>", u32::from(character));
        } else {
            text.push(character);
        }
    }
    if text.is_empty() { " ".to_owned() } else { text }
}
