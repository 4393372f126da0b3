//! Properties that are stated after the fact, beside the design: `api.replicas = 12`, `a -> b.timeout = 1s`,
//! `peak_factor = 5`. The value is the language's own, and so is what is said of one that is none.

use super::ast::{Arrow, Path, Place, Property, Setting};
use super::{SyntaxError, recover};
use crate::source::{FileId, Span};

const FORM: &str = "write it like `api.replicas=12`, `api->db.timeout=1s` or `peak_factor=5`";

/// A setting, out of the text that is all of its file.
///
/// # Errors
/// Says what the language does not know in it.
pub fn setting(file: FileId, text: &str) -> Result<Setting, Vec<SyntaxError>> {
    let head = text.find('=').unwrap_or(text.len());
    let place_end = text[..head].rfind('.');
    let place = match place_end {
        None => None,
        Some(end) => place(file, text, end)?,
    };
    let property = property(file, text, place_end.map_or(0, |end| end + 1))?;
    Ok(Setting { place, property, span: Span::new(file, 0, text.len()) })
}

/// A property, out of the text from a byte to its end.
///
/// # Errors
/// Says what the language does not know in it.
pub fn property(file: FileId, text: &str, start: usize) -> Result<Property, Vec<SyntaxError>> {
    let mut errors = Vec::new();
    let mut properties = recover::properties_from(file, text, start, &mut errors);
    if errors.is_empty() && properties.len() != 1 {
        errors.push(SyntaxError::new(
            "a setting states one property",
            Span::new(file, start, text.len()),
            "states none, or several",
            FORM,
        ));
    }
    if errors.is_empty() { Ok(properties.remove(0)) } else { Err(errors) }
}

/// What stands before the property: nothing for the system.
fn place(file: FileId, text: &str, end: usize) -> Result<Option<Place>, Vec<SyntaxError>> {
    let written = &text[..end];
    if written.trim() == "system" {
        return Ok(None);
    }
    for (word, arrow) in [("->", Arrow::Sync), ("~>", Arrow::Async)] {
        if let Some(at) = written.find(word) {
            let from = path(file, text, 0, at)?;
            let to = path(file, text, at + word.len(), end)?;
            return Ok(Some(Place::Link(from, arrow, to)));
        }
    }
    path(file, text, 0, end).map(|path| Some(Place::Element(path)))
}

/// A dotted name.
fn path(file: FileId, text: &str, start: usize, end: usize) -> Result<Path, Vec<SyntaxError>> {
    let mut at = start;
    for part in text[start..end].split('.') {
        let name = part.trim();
        let is_name =
            !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '-');
        if !is_name {
            let from = at + (part.len() - part.trim_start().len());
            let span = Span::new(file, from, from + name.len());
            let message = format!("`{name}` is no name");
            return Err(vec![SyntaxError::new(message, span, "a name is expected here", FORM)]);
        }
        at += part.len() + 1;
    }
    let written = &text[start..end];
    let from = start + (written.len() - written.trim_start().len());
    let span = Span::new(file, from, from + written.trim().len());
    // Blanks around a dot are no part of the name.
    Ok(Path { text: written.split_whitespace().collect::<String>().into(), span })
}
