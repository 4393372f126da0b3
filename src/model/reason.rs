//! What counts as a reason, of a `because` as of an `allow`.

use super::{Allow, Architecture, Properties, Property};

/// What stands for a reason that its author has still to write.
pub const UNSAID: &str = "say why";

/// The same in other words.
const PLACEHOLDERS: [&str; 3] = [UNSAID, "todo", "tbd"];

impl Properties {
    /// Why it is so; none where its `because` says nothing.
    pub fn reason(&self) -> Option<&str> {
        self.text(Property::Because).filter(|text| is_reason(text))
    }
}

impl Allow {
    /// Why it is accepted; none where nothing is said.
    pub fn why(&self) -> Option<&str> {
        self.reason.as_deref().filter(|text| is_reason(text))
    }
}

impl Architecture {
    /// The design with no reason given for anything; none where it gives none.
    pub fn without_reasons(&self) -> Option<Self> {
        self.bearers().find(|it| it.properties().has(Property::Because))?;
        let mut design = self.clone();
        design.properties_mut().for_each(|it| it.remove(Property::Because));
        Some(design)
    }
}

/// Whether a text says anything: a word (`compliance`) or a reference (`ADR 12`, `#42`). Whether it convinces is for a
/// reader to judge, so that only what can't be meant as a reason is none.
fn is_reason(text: &str) -> bool {
    let said = text.trim_matches(|it: char| !it.is_alphanumeric());
    let mut signs = said.chars().filter(|it| it.is_alphanumeric());
    let first = signs.next();
    // `x`, `xx` and `...` are typed to have typed something.
    let is_word = signs.any(|it| Some(it) != first);
    let names_something = text.contains(|it: char| it.is_alphabetic() || it == '#');
    is_word && names_something && !PLACEHOLDERS.iter().any(|it| said.eq_ignore_ascii_case(it))
}
