//! Addresses as clients spell them. Some leave letters as they are that an address must encode (`ü`, blanks, `[`): they
//! are encoded where they come in, and what goes out is spelled as its client did.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::str::FromStr as _;

use lsp_types::Uri;
use serde_json::Value;

/// What the client spells otherwise than the protocol wants it.
#[derive(Default)]
pub(super) struct Addresses {
    /// As the client spells it, by what it should be.
    spelled: HashMap<String, String>,
}

impl Addresses {
    /// Encodes what is missing in the addresses of a message that has come.
    pub(super) fn read(&mut self, value: &mut Value) {
        match value {
            Value::Array(values) => values.iter_mut().for_each(|it| self.read(it)),
            Value::Object(members) => {
                for (key, value) in members {
                    match value {
                        Value::String(text) if is_address(key) => self.mend(text),
                        _ => self.read(value),
                    }
                }
            }
            _ => {}
        }
    }

    fn mend(&mut self, text: &mut String) {
        if Uri::from_str(text).is_err() {
            let spelled = std::mem::replace(text, encoded(text));
            self.spelled.insert(text.clone(), spelled);
        }
    }

    /// Spells the addresses of a message that goes out as its client does.
    pub(super) fn spell(&self, value: &mut Value) {
        if self.spelled.is_empty() {
            return;
        }
        match value {
            Value::String(text) => {
                if let Some(spelled) = self.spelled.get(text) {
                    text.clone_from(spelled);
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|it| self.spell(it)),
            Value::Object(members) => {
                members.values_mut().for_each(|it| self.spell(it));
                // Edits stand under the addresses of their files.
                if members.keys().any(|it| self.spelled.contains_key(it)) {
                    let spelled = |key: String| self.spelled.get(&key).cloned().unwrap_or(key);
                    let all = std::mem::take(members);
                    members.extend(all.into_iter().map(|(key, value)| (spelled(key), value)));
                }
            }
            _ => {}
        }
    }
}

/// Whether what stands under a key is an address.
fn is_address(key: &str) -> bool {
    matches!(key, "uri" | "rootUri" | "oldUri" | "newUri" | "scopeUri" | "targetUri")
}

/// An address with all encoded that can't stand in one as it is.
fn encoded(address: &str) -> String {
    let mut encoded = String::new();
    for (at, byte) in address.bytes().enumerate() {
        let digits = address.as_bytes().get(at + 1..at + 3);
        let stands = match byte {
            b'%' => digits.is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit)),
            _ => byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=".contains(&byte),
        };
        if stands {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn odd_spellings_come_in_as_addresses_and_go_out_as_they_came() {
        let mut addresses = Addresses::default();
        for (spelled, expected) in [
            ("file:///a/ü.arch", "file:///a/%C3%BC.arch"),
            ("file:///a b.arch", "file:///a%20b.arch"),
            ("file:///a[1].arch", "file:///a%5B1%5D.arch"),
            ("file:///100%.arch", "file:///100%25.arch"),
            ("file:///100%25 ü%2x.arch", "file:///100%25%20%C3%BC%252x.arch"),
            ("file:///C:\\a\\b.arch", "file:///C:%5Ca%5Cb.arch"),
            ("file:///sound.arch", "file:///sound.arch"),
        ] {
            let mut message = json!({ "textDocument": { "uri": spelled, "text": "a[1].arch" } });
            addresses.read(&mut message);
            assert_eq!(message, json!({ "textDocument": { "uri": expected, "text": "a[1].arch" } }));
            assert!(Uri::from_str(expected).is_ok(), "{expected}");
            let mut answer =
                json!({ "edit": { "changes": { expected: [] } }, "locations": [{ "uri": expected }] });
            addresses.spell(&mut answer);
            let told = json!({ "edit": { "changes": { spelled: [] } }, "locations": [{ "uri": spelled }] });
            assert_eq!(answer, told);
        }
    }
}
