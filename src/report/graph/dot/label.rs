//! Text of any script into DOT and its HTML-like labels: nothing a design can say breaks out of its place.

use crate::report::graph::drawing::{Arrow, Badge, Box, Frame, LABEL_WIDTH, Mark};
use crate::report::graph::look::{Paper, Theme};
use crate::report::graph::title::{Title, TitleLine};
use crate::report::graph::words::{joined, visible};

/// From this width on a line is so heavy that it would cover what is written along it.
const HEAVY: f64 = 1.8;

/// A name as DOT takes it: bare where that is allowed, else in quotes.
pub(super) fn id(name: &str) -> String {
    const KEYWORDS: [&str; 6] = ["node", "edge", "graph", "digraph", "subgraph", "strict"];
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && !KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(name));
    if is_word { name.to_owned() } else { quoted(name) }
}

/// A string in quotes. Line ends and controls become spaces, so the backslash is the only escape left.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", visible(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Text inside an HTML-like label; a space where nothing can be shown, for Graphviz refuses empty tags.
pub(super) fn escaped(text: &str) -> String {
    let text = visible(text);
    if text.is_empty() {
        return "&#160;".to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Graphviz reads a backslash in a label as the start of an escape of its own.
            '\\' => out.push_str("&#92;"),
            other => out.push(other),
        }
    }
    out
}

/// What a box says.
pub(super) fn of_box(shown: &Box, theme: Theme) -> String {
    let (paper, hue) = (theme.paper(), theme.hue(shown.tone()));
    let ink = if shown.is_stub { hue.text } else { paper.ink };
    let Some(title) = &shown.title else {
        // It only holds a place.
        return small(&escaped(&shown.facts.concat()), paper.faint);
    };
    let mut rows = vec![bold(title, if shown.is_many { 13 } else { 12 }, ink)];
    rows.extend(shown.label.iter().map(|line| small(&escaped(line), ink)));
    rows.extend(shown.facts.iter().map(|line| small(&escaped(line), hue.text)));
    rows.extend(shown.remarks.figures.iter().map(|line| figure(line, ink)));
    rows.extend(badges(&shown.remarks.badges, shown.remarks.more, theme));
    let (border, line) = match shown.remarks.gravest() {
        Some(severity) => (2, theme.level(severity).color),
        None => (1, hue.line),
    };
    // Letters sit high in their rows: the first row is room above them.
    format!(
        r#"<TABLE BORDER="{border}" STYLE="ROUNDED" COLOR="{line}" BGCOLOR="{}" CELLBORDER="0" CELLSPACING="2" CELLPADDING="1"><TR><TD HEIGHT="3"></TD></TR>{}<TR><TD></TD></TR></TABLE>"#,
        hue.fill,
        in_rows(&rows, "TD")
    )
}

/// What stands at the head of a frame.
pub(super) fn of_frame(frame: &Frame) -> String {
    let mut html = match &frame.kind {
        Some(kind) => format!("{} · <B>{}</B>", escaped(kind), escaped(&frame.title)),
        None => format!("<B>{}</B>", escaped(&frame.title)),
    };
    if frame.element.is_none() {
        html = escaped(&frame.title);
    }
    if let Some(note) = frame.note.as_ref().filter(|note| !note.is_empty()) {
        html = format!("{html} · {}", escaped(note));
    }
    format!(
        r#"<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR><TD HEIGHT="4"></TD></TR><TR><TD>&#160;{html}&#160;</TD></TR></TABLE>"#
    )
}

/// What is said along an arrow: its words and figures, then its badges.
pub(super) fn of_arrow(arrow: &Arrow, theme: Theme) -> Option<String> {
    let remarks = &arrow.remarks;
    let words: Vec<String> = arrow.words.iter().chain(&remarks.figures).cloned().collect();
    let mut rows: Vec<String> =
        joined(&words, LABEL_WIDTH).iter().map(|line| format!("&#160;{}&#160;", escaped(line))).collect();
    rows.extend(badges(&remarks.badges, remarks.more, theme));
    // A heavy line would run through the letters that lie on it: below them is room for it.
    let is_heavy = remarks.weight.is_some_and(|weight| weight > HEAVY);
    match rows.len() {
        0 => None,
        1 if remarks.badges.is_empty() && !is_heavy => rows.pop(),
        _ if is_heavy => Some(table(&in_rows(&rows, "TD"), r#"<TR><TD HEIGHT="6"></TD></TR>"#)),
        _ => Some(table(&in_rows(&rows, "TD"), "")),
    }
}

fn table(rows: &str, end: &str) -> String {
    format!(r#"<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{rows}{end}</TABLE>"#)
}

/// The shape where the line begins: all of one set share it.
pub(super) fn arrowtail(mark: Mark) -> Option<&'static str> {
    match mark {
        Mark::Pool => Some("odot"),
        Mark::Route => Some("odiamond"),
        Mark::Fallback => None,
    }
}

/// What stands above the picture.
pub(super) fn of_title(title: &Title, theme: Theme) -> String {
    let Paper { ink, muted, faint, .. } = theme.paper();
    let mut rows = vec![
        format!(r#"<FONT POINT-SIZE="18" COLOR="{ink}"><B>{}</B></FONT>"#, escaped(&title.name)),
        format!(r#"<FONT POINT-SIZE="10" COLOR="{muted}">{}</FONT>"#, escaped(&title.facts.join(" · "))),
    ];
    rows.extend(title.lines.iter().map(|line| of_line(line, theme)));
    if !title.keys.is_empty() {
        rows.push(keys(title, theme));
    }
    if !title.strokes.is_empty() {
        let strokes = title.strokes.join(" &#160; ");
        rows.push(format!(r#"<FONT POINT-SIZE="8" COLOR="{faint}">{strokes}</FONT>"#));
    }
    let rows = in_rows(&rows, r#"TD ALIGN="LEFT""#);
    format!(
        r#"<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">{rows}<TR><TD HEIGHT="8"></TD></TR></TABLE>"#
    )
}

fn of_line(line: &TitleLine, theme: Theme) -> String {
    let (color, icon) = match line.severity.map(|it| theme.level(it)) {
        Some(level) => (level.text, format!("{} ", level.icon)),
        None => (theme.paper().muted, String::new()),
    };
    let strong =
        if line.strong.is_empty() { String::new() } else { format!("<B>{}</B> ", escaped(&line.strong)) };
    format!(r#"<FONT POINT-SIZE="10" COLOR="{color}">{icon}{strong}{}</FONT>"#, escaped(&line.words))
}

/// What the colours mean: a patch of each, with its words.
fn keys(title: &Title, theme: Theme) -> String {
    // Pale patches stand out from the paper by their border, which all share.
    let muted = theme.paper().muted;
    let patch = |key: &crate::report::graph::overlay::Key| {
        let hue = theme.hue(key.tone);
        format!(
            r#"<TD BORDER="1" COLOR="{muted}" BGCOLOR="{}" WIDTH="14" HEIGHT="10" FIXEDSIZE="TRUE"></TD><TD ALIGN="LEFT"><FONT POINT-SIZE="8" COLOR="{muted}">{}&#160;&#160;&#160;</FONT></TD>"#,
            hue.fill,
            escaped(key.words)
        )
    };
    let cells: String = title.keys.iter().map(patch).collect();
    format!(r#"<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="3" CELLPADDING="1"><TR>{cells}</TR></TABLE>"#)
}

/// Badges with icon and words, and how many were left out.
fn badges(badges: &[Badge], more: usize, theme: Theme) -> Vec<String> {
    let mut rows: Vec<String> = badges.iter().map(|badge| pill(badge, theme)).collect();
    if more > 0 {
        rows.push(small(&format!("+{more} more"), theme.paper().muted));
    }
    rows
}

fn pill(badge: &Badge, theme: Theme) -> String {
    let level = theme.level(badge.severity);
    let words = if badge.words.is_empty() { String::new() } else { format!(" {}", escaped(&badge.words)) };
    // The spaces are room for fonts that are wider than the one that was measured.
    format!(
        r#"<TABLE BORDER="0" STYLE="ROUNDED" BGCOLOR="{}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1"><TR><TD HEIGHT="2"></TD></TR><TR><TD><FONT POINT-SIZE="8" COLOR="{}">&#160;&#160;{} <B>{}</B>{words}&#160;&#160;</FONT></TD></TR></TABLE>"#,
        level.color,
        level.on,
        level.icon,
        escaped(&badge.strong)
    )
}

/// Rows of one cell each, which opens with this tag.
fn in_rows(rows: &[String], cell: &str) -> String {
    rows.iter().fold(String::new(), |table, row| table + "<TR><" + cell + ">" + row + "</TD></TR>")
}

fn bold(text: &str, points: u32, color: &str) -> String {
    let text = escaped(text);
    format!(r#"&#160;&#160;<FONT POINT-SIZE="{points}" COLOR="{color}"><B>{text}</B></FONT>&#160;&#160;"#)
}

/// A small line of HTML.
fn small(html: &str, color: &str) -> String {
    format!(r#"<FONT POINT-SIZE="8" COLOR="{color}">&#160;&#160;{html}&#160;&#160;</FONT>"#)
}

fn figure(text: &str, color: &str) -> String {
    small(&format!("<B>{}</B>", escaped(text)), color)
}
