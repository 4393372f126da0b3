//! The rules in SARIF's words, and the weaknesses of the CWE that they find.

use serde_json::{Value, json};

use super::{escaped, level, sentence};
use crate::diagnostic::Severity;
use crate::report::docs;
use crate::rules::{self, Family, RULES, Rule};

/// The tool: who speaks here, with all rules by code.
pub(super) fn driver() -> Value {
    json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": RULES.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
        "supportedTaxonomies": [taxonomy_reference()],
    })
}

/// The place of a rule in that list.
pub(super) fn index(code: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.code == code)
}

fn descriptor(rule: &Rule) -> Value {
    let why = rule.section("Why it matters");
    let help = format!("{}\n\n`loadpath explain {}` says more, with examples.", sentence(&why), rule.code);
    let weaknesses = docs::weaknesses(rule);
    let mut descriptor = json!({
        "id": rule.code,
        "name": rule.name(),
        "shortDescription": { "text": escaped(&sentence(rule.summary)) },
        "fullDescription": { "text": escaped(&sentence(&why)) },
        "help": { "text": escaped(&help), "markdown": escaped(&docs::prose(rule)) },
        "defaultConfiguration": { "level": level(rule.levels[0]) },
        "properties": properties(rule, &weaknesses),
    });
    if let Some(uri) = docs::address(rule) {
        descriptor["helpUri"] = json!(uri);
    }
    if !weaknesses.is_empty() {
        descriptor["relationships"] = weaknesses.iter().copied().map(relationship).collect();
    }
    descriptor
}

/// Tags as code scanning knows them. A severity in its figures (7 to 8.9 is high, 4 to 6.9 medium) belongs to what
/// concerns security, and to nothing else.
fn properties(rule: &Rule, weaknesses: &[u32]) -> Value {
    let family = rules::family(rule.code);
    let is_of_security = family == Family::Security || !weaknesses.is_empty();
    let mut tags = vec![family.name().to_owned()];
    if is_of_security && family != Family::Security {
        tags.push(Family::Security.name().to_owned());
    }
    tags.extend(weaknesses.iter().map(|number| format!("external/cwe/cwe-{number:03}")));
    let mut properties = json!({ "tags": tags });
    if is_of_security {
        properties["security-severity"] = json!(match rule.levels[0] {
            Severity::Error => "8.0",
            Severity::Warning => "5.0",
            Severity::Advice => "2.0",
        });
    }
    properties
}

// ---- the CWE

/// All weaknesses that some rule names.
pub(super) fn taxonomy() -> Value {
    let mut numbers: Vec<u32> = RULES.iter().flat_map(|rule| docs::weaknesses(rule)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let taxon = |number: &u32| json!({ "id": number.to_string(), "name": format!("CWE-{number}"), "helpUri": docs::page_of_weakness(*number) });
    json!({
        "name": "CWE",
        "organization": "MITRE",
        "shortDescription": { "text": "The MITRE Common Weakness Enumeration." },
        "informationUri": "https://cwe.mitre.org/",
        "isComprehensive": false,
        "taxa": numbers.iter().map(taxon).collect::<Vec<_>>(),
    })
}

fn taxonomy_reference() -> Value {
    json!({ "name": "CWE", "index": 0 })
}

fn relationship(number: u32) -> Value {
    json!({
        "target": { "id": number.to_string(), "toolComponent": taxonomy_reference() },
        "kinds": ["relevant"],
    })
}
