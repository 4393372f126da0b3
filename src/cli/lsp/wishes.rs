//! What a client wishes to see: the settings of an editor, and what is wrong with them.

use serde_json::{Map, Value};

use super::findings::SOURCE;
use crate::check::Profile;

/// What is shown beside the text.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is switched by itself")]
pub(super) struct Wishes {
    /// How much is asked; nothing where the configuration says it.
    pub(super) profile: Option<Profile>,
    pub(super) load: bool,
    pub(super) utilisation: bool,
    pub(super) availability: bool,
    /// Whether flows are told of above their declarations.
    pub(super) lens: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { profile: None, load: true, utilisation: true, availability: true, lens: true }
    }
}

/// The settings for Loadpath among those of an editor: under its name, or by themselves. Nothing where there are none.
pub(super) fn own(settings: &Value) -> Option<&Map<String, Value>> {
    settings.get(SOURCE).unwrap_or(settings).as_object().filter(|it| !it.is_empty())
}

/// What is wrong with the settings as a whole.
pub(super) fn misshapen(settings: &Value) -> Option<String> {
    let own = settings.get(SOURCE).unwrap_or(settings);
    let is_none = own.is_null() || own.is_object() || own.as_array().is_some_and(Vec::is_empty);
    (!is_none).then(|| wrong(SOURCE, own, "an object of `profile`, `hints` and `lens`"))
}

/// Whether some of the settings are for Loadpath: an editor may send those of others.
pub(super) fn concern(settings: &Map<String, Value>) -> bool {
    settings.keys().any(|it| KEYS.contains(&it.as_str()))
}

const KEYS: [&str; 3] = ["profile", "hints", "lens"];

/// What an extension of an editor keeps among the settings for itself.
const OF_THE_EDITOR: [&str; 2] = ["path", "trace"];

impl Wishes {
    /// Takes settings over; what they do not say stays. Gives what of them means nothing.
    pub(super) fn take(&mut self, settings: &Map<String, Value>) -> Vec<String> {
        let mut troubles = Vec::new();
        for (key, value) in settings.iter().filter(|(_, value)| !value.is_null()) {
            let taken = match key.as_str() {
                "profile" => self.take_profile(value),
                "lens" => switch("lens", &mut self.lens, value),
                "hints" => match value.as_object() {
                    Some(hints) => {
                        troubles
                            .extend(hints.iter().filter_map(|(key, value)| self.take_hint(key, value).err()));
                        Ok(())
                    }
                    None => {
                        Err(wrong("hints", value, "an object of `load`, `utilisation` and `availability`"))
                    }
                },
                key if OF_THE_EDITOR.contains(&key) => Ok(()),
                key => Err(unknown(key, "`profile`, `hints` and `lens`")),
            };
            troubles.extend(taken.err());
        }
        troubles
    }

    fn take_profile(&mut self, value: &Value) -> Result<(), String> {
        self.profile = match value.as_str() {
            Some("ci") => Some(Profile::Ci),
            Some("review") => Some(Profile::Review),
            Some("default") => None,
            _ => return Err(wrong("profile", value, "`\"ci\"`, `\"review\"` or `\"default\"`")),
        };
        Ok(())
    }

    fn take_hint(&mut self, key: &str, value: &Value) -> Result<(), String> {
        let shown = match key {
            "load" => &mut self.load,
            "utilisation" => &mut self.utilisation,
            "availability" => &mut self.availability,
            _ => return Err(unknown(&format!("hints.{key}"), "`load`, `utilisation` and `availability`")),
        };
        switch(&format!("hints.{key}"), shown, value)
    }
}

/// Switches what a key is about; `null` leaves it as it is.
fn switch(key: &str, shown: &mut bool, value: &Value) -> Result<(), String> {
    if !value.is_null() {
        *shown = value.as_bool().ok_or_else(|| wrong(key, value, "`true` or `false`"))?;
    }
    Ok(())
}

fn unknown(key: &str, known: &str) -> String {
    format!("the editor's settings for Loadpath have `{key}`, which means nothing: there are {known}")
}

fn wrong(key: &str, value: &Value, allowed: &str) -> String {
    let value: String = value.to_string().chars().take(80).collect();
    format!("the editor's settings for Loadpath have `{value}` for `{key}`, which is {allowed}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn troubles(settings: &Value) -> Vec<String> {
        Wishes::default().take(settings.as_object().expect("settings are an object"))
    }

    #[test]
    fn what_means_nothing_is_named_with_what_would() {
        for (settings, key, allowed) in [
            (json!({ "profile": "nope" }), "`\"nope\"` for `profile`", "`\"review\"`"),
            (json!({ "profile": 1 }), "`1` for `profile`", "`\"ci\"`"),
            (json!({ "hint": { "load": false } }), "`hint`", "`hints`"),
            (json!({ "hints": { "laod": false } }), "`hints.laod`", "`load`"),
            (json!({ "hints": { "load": "no" } }), "`\"no\"` for `hints.load`", "`true` or `false`"),
            (json!({ "hints": false }), "`false` for `hints`", "an object"),
            (json!({ "lens": "perhaps" }), "`\"perhaps\"` for `lens`", "`true` or `false`"),
        ] {
            let told = troubles(&settings);
            assert!(told.len() == 1 && told[0].contains(key) && told[0].contains(allowed), "{told:?}");
        }
        let sound =
            json!({ "path": "/bin/loadpath", "profile": "ci", "hints": { "load": null }, "lens": null });
        assert_eq!(troubles(&sound), [""; 0]);
    }

    #[test]
    fn what_is_right_beside_what_is_wrong_counts() {
        let mut wishes = Wishes::default();
        let settings = json!({ "profile": "review", "hints": { "laod": false, "load": false }, "lens": 1 });
        assert_eq!(wishes.take(settings.as_object().expect("it is one")).len(), 2);
        assert!(wishes.profile == Some(Profile::Review) && !wishes.load && wishes.utilisation && wishes.lens);
    }
}
