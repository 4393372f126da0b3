//! Findings of a sensible length: a name may be as long as its file, and what is said of it goes to every format.

use crate::diagnostic::Diagnostic;

/// As many letters a word, or a name, is shown with.
const WORD: usize = 200;

/// As many letters a text is shown with.
const TEXT: usize = 4_000;

/// Cuts what is too long in a finding. The texts of a fix stay: they are no words about a design but part of it.
pub(super) fn shorten(finding: &mut Diagnostic) {
    cut(&mut finding.element, WORD);
    finding.flows.iter_mut().for_each(|name| cut(name, WORD));
    text(&mut finding.message);
    finding.notes.iter_mut().for_each(text);
    finding.help.iter_mut().for_each(text);
    finding.fix.iter_mut().for_each(|fix| text(&mut fix.title));
    for label in &mut finding.labels {
        text(&mut label.message);
        label.element.iter_mut().for_each(|name| cut(name, WORD));
    }
}

/// Cuts the words of a text, and then all of it.
pub(super) fn text(text: &mut String) {
    if text.len() <= WORD {
        return;
    }
    let is_long = |word: &str| word.len() > WORD && word.chars().nth(WORD).is_some();
    if text.split(' ').any(is_long) {
        let words = text.split(' ').map(|word| {
            let mut word = word.to_owned();
            if is_long(&word) {
                let quote = if word.starts_with('`') { "`" } else { "" };
                cut(&mut word, WORD);
                word += quote;
            }
            word
        });
        *text = words.collect::<Vec<_>>().join(" ");
    }
    cut(text, TEXT);
}

fn cut(text: &mut String, most: usize) {
    if text.len() > most
        && let Some((end, _)) = text.char_indices().nth(most)
    {
        text.truncate(end);
        text.shrink_to_fit();
        text.push('…');
    }
}
