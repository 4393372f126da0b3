//! Text of any script into DOT and its HTML-like labels: nothing a design can say breaks out of its place.

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

/// What can be shown of a text: no controls, no marks that turn the direction of what follows, no runs of
/// spaces, nothing that XML forbids.
pub(super) fn visible(text: &str) -> String {
    let is_shown = |it: &char| {
        !matches!(it, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}')
            && u32::from(*it) & 0xfffe != 0xfffe
    };
    let spaced: String =
        text.chars().map(|it| if it.is_control() { ' ' } else { it }).filter(is_shown).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text in lines of about `width` columns, at most `most` of them; what is left over is an ellipsis.
pub(super) fn wrapped(text: &str, width: usize, most: usize) -> Vec<String> {
    let text = visible(text);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines.iter().map(|line| shortened(line, width + 1)).collect()
}

/// The text in at most `width` columns, an ellipsis for the rest.
pub(super) fn shortened(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let mut kept: String = text
        .chars()
        .take_while(|character| {
            used += columns_of(*character);
            used <= width
        })
        .collect();
    // A joiner that is left at the end would bind the ellipsis to the letter before it.
    kept.truncate(kept.trim_end_matches(['\u{200d}', ' ', '…']).len());
    kept + "…"
}

/// How many columns a text takes, roughly: letters of East Asia and pictures take two.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn columns_of(character: char) -> usize {
    match u32::from(character) {
        0x0300..=0x036f | 0x200b..=0x200d | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}
