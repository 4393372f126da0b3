//! The JSON schema of `loadpath.toml`, made from the rules, the properties and the catalogue: for editors that complete.

use serde_json::{Map, Value, json};

use crate::catalogue::{self, Unit};
use crate::model::property::DEFINITIONS;
use crate::rules::{Family, RULES};
use crate::settings::{FILE_NAME, KEYS};

/// The schema, as JSON text.
pub fn schema() -> String {
    let properties: Map<String, Value> =
        KEYS.iter().map(|(key, about)| ((*key).to_owned(), described(of_key(key), about))).collect();
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": FILE_NAME,
        "description": "Which rules of loadpath run and how gravely they speak, and a company's own figures",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "definitions": { "selector": selector(), "engine": engine() },
    });
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

fn described(mut schema: Value, about: &str) -> Value {
    schema["description"] = about.into();
    schema
}

fn of_key(key: &str) -> Value {
    let selectors = json!({ "type": "array", "items": { "$ref": "#/definitions/selector" } });
    match key {
        "extend" | "baseline" => json!({ "type": "string" }),
        "profile" => json!({ "enum": ["ci", "review"] }),
        "select" | "extend-select" | "ignore" => selectors,
        "levels" => json!({
            "type": "object",
            "propertyNames": { "$ref": "#/definitions/selector" },
            "additionalProperties": { "enum": ["error", "warning", "advice", "off"] },
        }),
        "fail-on" => json!({ "enum": ["error", "warning", "advice", "never"] }),
        "max-findings" | "max-warnings" => json!({ "type": "integer", "minimum": 0 }),
        "exclude" => json!({ "type": "array", "items": { "type": "string" } }),
        "parameters" => parameters(),
        _ => json!({ "type": "object", "additionalProperties": { "$ref": "#/definitions/engine" } }),
    }
}

fn selector() -> Value {
    let names = RULES.iter().map(|rule| rule.name());
    let categories = Family::ALL.into_iter().map(|family| family.name().to_owned());
    let all: Vec<String> = names.chain(categories).chain(["ALL".to_owned()]).collect();
    json!({
        "description": "rules: a code, a name, the head of codes (LP5), a category, or ALL",
        "anyOf": [{ "enum": all }, { "type": "string", "pattern": "^[Ll][Pp][0-9]{0,3}$" }],
    })
}

fn engine() -> Value {
    let names: Vec<&str> = catalogue::engines().iter().map(|engine| engine.name).collect();
    let mut properties: Map<String, Value> = DEFINITIONS
        .iter()
        .map(|it| (it.name.to_owned(), json!({ "description": it.meaning.trim() })))
        .collect();
    properties.insert(
        "like".to_owned(),
        json!({ "description": "the catalogue's engine that it is, but for what is stated here", "anyOf": [{ "enum": names }, { "type": "string" }] }),
    );
    json!({
        "description": "what each component with this engine states",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn parameters() -> Value {
    let settable = catalogue::parameters().iter().filter(|it| it.fixed.is_none());
    let properties: Map<String, Value> = settable
        .map(|it| {
            let plain =
                if it.default.unit == Unit::Count { json!(["number", "string"]) } else { json!("string") };
            let about = format!("{}: {} unless set", it.title, it.default);
            (it.name.to_owned(), json!({ "type": plain, "description": about }))
        })
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}
