//! Text of any script in the room that a picture has for it.

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

/// Facts in lines: several in one where they fit, one in several where it is too long.
pub(super) fn joined(facts: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for fact in facts {
        for (at, part) in wrapped(fact, width, 2).into_iter().enumerate() {
            match lines.last_mut() {
                Some(line) if at == 0 && columns(line) + 3 + columns(&part) <= width => {
                    line.push_str(" · ");
                    line.push_str(&part);
                }
                _ => lines.push(part),
            }
        }
    }
    lines
}
