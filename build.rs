//! Turns the data files of the catalogue and the prompts of the interview into Rust constants, so that the program parses
//! none of them.
//!
//! A figure of the catalogue is written as in a design (`"99.95%"`, `"20k/s"`, `"4h"`, `"1TB"`, `"50MB/s"`) and carries its unit
//! into the constant. A mistake in the data stops the build and names the row.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Value;

/// The rows of a file by name, and so sorted.
type Rows<T> = BTreeMap<String, T>;
/// A row's further entries: facts, as the fields of `Facts` are called.
type FactRows = BTreeMap<String, Value>;

#[derive(Deserialize)]
struct KindRow {
    #[serde(flatten)]
    facts: FactRows,
}

#[derive(Clone, Deserialize)]
struct EngineRow {
    title: String,
    #[serde(default)]
    aliases: Vec<String>,
    kinds: Vec<String>,
    /// An engine whose facts hold here too, unless the row has its own.
    like: Option<String>,
    #[serde(flatten)]
    facts: FactRows,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProtocolRow {
    title: String,
    #[serde(default)]
    aliases: Vec<String>,
    encryption: String,
    secure: Option<String>,
    #[serde(default)]
    ports: Vec<u16>,
    #[serde(default)]
    traits: Vec<String>,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterRow {
    title: String,
    fact: Value,
    /// The least that it may be set to; more than nothing where the row says no more.
    least: Option<String>,
    /// The most that it may be set to; a share is at most all there is.
    most: Option<String>,
    /// Another parameter that it may not be over.
    at_most: Option<String>,
    /// Why it can't be set, where it can't.
    fixed: Option<String>,
}

/// A prompt of the interview, as its file has it. Its name is that of its folder.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromptRow {
    title: String,
    ask: String,
    tier: Vec<TierRow>,
    question: Vec<TopicRow>,
    estimate: Vec<ReckoningRow>,
    mistake: Vec<MistakeRow>,
}

/// A scale; the reference design is the file beside it that bears its name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TierRow {
    name: String,
    about: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicRow {
    topic: String,
    words: Vec<String>,
    asks: String,
    answer: String,
    states: Vec<String>,
    why: String,
    points: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReckoningRow {
    name: String,
    asks: String,
    figure: String,
    how: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MistakeRow {
    what: String,
    why: String,
    rules: Vec<String>,
}

/// Takes back a fact that the row would have from the engine it is like.
const UNKNOWN: &str = "unknown";

/// The kinds in the order of the enum: `name` in the data, `Name` in the program.
const KINDS: [&str; 25] = [
    "client",
    "person",
    "third_party",
    "external",
    "dns",
    "cdn",
    "load_balancer",
    "reverse_proxy",
    "api_gateway",
    "service",
    "function",
    "worker",
    "scheduler",
    "cache",
    "database",
    "object_store",
    "file_store",
    "search_index",
    "queue",
    "stream",
    "registry",
    "identity",
    "secrets",
    "config",
    "monitoring",
];

/// The traits of protocols: a word of the data, a field of the program.
const PROTOCOL_TRAITS: [(&str, &str); 8] = [
    ("request", "is_request"),
    ("long_lived", "long_lived"),
    ("copies_data", "copies_data"),
    ("datagram", "datagram"),
    ("byte_stream", "byte_stream"),
    ("by_name", "by_name"),
    ("programs_only", "programs_only"),
    ("polls", "polls"),
];

fn main() {
    let mut code = String::new();
    kinds(&mut code, &read("kinds"));
    let spoken = read("protocols");
    engines(&mut code, &all_engines(), &spoken);
    protocols(&mut code, &spoken);
    parameters(&mut code, &read("parameters"));
    areas(&mut code, &read("areas"));
    write("catalogue.rs", &code);
    write("prompts.rs", &prompts());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/catalogue");
    println!("cargo::rerun-if-changed={PROMPTS}");
}

fn write(file: &str, code: &str) {
    let folder = env::var("OUT_DIR").expect("cargo names a folder for what is built");
    fs::write(Path::new(&folder).join(file), code).expect("the build folder can be written");
}

fn read<T: DeserializeOwned>(file: &str) -> Rows<T> {
    parsed(&format!("src/catalogue/{file}.toml"))
}

fn parsed<T: DeserializeOwned>(path: &str) -> T {
    toml::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn text(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Where the prompts stand, a folder each.
const PROMPTS: &str = "src/interview/prompts";

/// The bank of prompts, by name.
fn prompts() -> String {
    let folders = fs::read_dir(PROMPTS).unwrap_or_else(|error| panic!("{PROMPTS}: {error}"));
    let name = |it: fs::DirEntry| it.file_name().into_string().expect("a prompt has a name of letters");
    let mut names: Vec<String> = folders.map(|it| name(it.expect("it can be read"))).collect();
    names.sort();
    let mut code = String::from("static PROMPTS: &[Prompt] = &[\n");
    for name in names {
        let PromptRow { title, ask, tier, question, estimate, mistake } =
            parsed(&format!("{PROMPTS}/{name}/prompt.toml"));
        let _ = writeln!(code, "Prompt {{ name: {name:?}, title: {title:?}, ask: {ask:?}, tiers: &[");
        for TierRow { name: tier, about } in tier {
            let design = text(&format!("{PROMPTS}/{name}/{tier}.arch"));
            let _ = writeln!(code, "Tier {{ name: {tier:?}, about: {about:?}, design: {design:?} }},");
        }
        code += "], topics: &[\n";
        for TopicRow { topic, words, asks, answer, states, why, points } in question {
            let _ = writeln!(
                code,
                "Topic {{ name: {topic:?}, words: &{words:?}, asks: {asks:?}, answer: {answer:?}, states: &{states:?}, \
                 why: {why:?}, points: {points} }},"
            );
        }
        code += "], reckonings: &[\n";
        for ReckoningRow { name, asks, figure, how } in estimate {
            let _ = writeln!(
                code,
                "Reckoning {{ name: {name:?}, asks: {asks:?}, figure: {figure:?}, how: {how:?} }},"
            );
        }
        code += "], mistakes: &[\n";
        for MistakeRow { what, why, rules } in mistake {
            let _ = writeln!(code, "Mistake {{ what: {what:?}, why: {why:?}, rules: &{rules:?} }},");
        }
        code += "] },\n";
    }
    code + "];\n"
}

fn all_engines() -> Rows<EngineRow> {
    let mut all = Rows::new();
    for file in ["edge", "compute", "stores", "messages", "providers"] {
        for (name, row) in read::<EngineRow>(file) {
            assert!(!all.contains_key(&name), "`{name}` in {file}.toml is in another file as well");
            all.insert(name, row);
        }
    }
    all
}

fn kinds(code: &mut String, rows: &Rows<KindRow>) {
    for name in rows.keys() {
        assert!(KINDS.contains(&name.as_str()), "`{name}` is no kind");
    }
    *code += "pub(super) static KIND_FACTS: [Facts; Kind::ALL.len()] = [\n";
    for name in KINDS {
        let facts = rows.get(name).map_or_else(|| "Facts::NONE".into(), |row| facts(name, &row.facts));
        let _ = writeln!(code, "{facts},");
    }
    *code += "];\n";
}

fn engines(code: &mut String, rows: &Rows<EngineRow>, protocols: &Rows<ProtocolRow>) {
    *code += "pub(super) static ENGINES: &[Engine] = &[\n";
    for (name, row) in rows {
        let kinds: Vec<_> = row.kinds.iter().map(|kind| kind_path(name, kind)).collect();
        let _ = writeln!(
            code,
            "Engine {{ name: {name:?}, title: {:?}, aliases: &{:?}, kinds: &[{}], protocol: {:?}, facts: {} }},",
            row.title,
            sorted(&row.aliases),
            kinds.join(", "),
            protocol_of(rows, protocols, name),
            facts(name, &all_facts(rows, name)),
        );
    }
    *code += "];\n";
    names(code, "ENGINE_NAMES", rows.iter().map(|(name, row)| (name, &row.aliases)));
}

/// The protocol that bears the name of an engine, or of the one that it is like.
fn protocol_of<'a>(rows: &Rows<EngineRow>, protocols: &'a Rows<ProtocolRow>, name: &str) -> Option<&'a str> {
    let is_called = |(protocol, row): &(&'a String, &'a ProtocolRow)| {
        *protocol == name || row.aliases.iter().any(|it| it == name)
    };
    let own = protocols.iter().find(is_called).map(|(protocol, _)| protocol.as_str());
    own.or_else(|| protocol_of(rows, protocols, rows[name].like.as_ref()?))
}

/// A row's own facts over those of the engine that it is like.
fn all_facts(rows: &Rows<EngineRow>, name: &str) -> FactRows {
    let row = &rows[name];
    let Some(like) = &row.like else { return row.facts.clone() };
    assert!(rows.contains_key(like) && like != name, "`{name}` is like `{like}`, which is no other engine");
    let mut facts = all_facts(rows, like);
    facts.extend(row.facts.clone());
    facts
}

fn protocols(code: &mut String, rows: &Rows<ProtocolRow>) {
    *code += "pub(super) static PROTOCOLS: &[Protocol] = &[\n";
    for (name, row) in rows {
        let encryption = match row.encryption.as_str() {
            "always" => "Always",
            "never" => "Never",
            "either" => "Either",
            other => panic!("`{name}`: `{other}` is no encryption"),
        };
        for property in &row.traits {
            let is_known = PROTOCOL_TRAITS.iter().any(|(word, _)| word == property);
            assert!(is_known, "`{name}`: `{property}` is no trait of a protocol");
        }
        let traits = PROTOCOL_TRAITS.map(|(word, field)| {
            let has = row.traits.iter().any(|it| it == word);
            format!("{field}: {has}")
        });
        let _ = writeln!(
            code,
            "Protocol {{ name: {name:?}, title: {:?}, aliases: &{:?}, encryption: Encryption::{encryption}, \
             secure: {:?}, ports: &{:?}, {}, source: {:?} }},",
            row.title,
            sorted(&row.aliases),
            row.secure,
            row.ports,
            traits.join(", "),
            row.source,
        );
    }
    *code += "];\n";
    names(code, "PROTOCOL_NAMES", rows.iter().map(|(name, row)| (name, &row.aliases)));
}

/// A field for each that may be set, with the catalogue's figures as defaults; a constant for each definition; and the
/// rows as they can be gone through.
fn parameters(code: &mut String, rows: &Rows<ParameterRow>) {
    let [mut fields, mut defaults, mut constants, mut table] = [(); 4].map(|()| String::new());
    for (name, row) in rows {
        let fact = fact(name, &row.fact);
        let title = sentence(&row.title);
        let access = if row.fixed.is_some() {
            let constant = name.to_uppercase();
            let _ = writeln!(constants, "/// {title}.\npub const {constant}: Fact = {fact};");
            format!("of: |_| Parameters::{constant}, of_mut: |_| None")
        } else {
            let _ = writeln!(fields, "/// {title}.\npub {name}: Fact,");
            let _ = writeln!(defaults, "{name}: {fact},");
            format!("of: |all| all.{name}, of_mut: |all| Some(&mut all.{name})")
        };
        if let Some(other) = &row.at_most {
            assert!(rows.contains_key(other), "`{name}` is at most `{other}`, which is no parameter");
        }
        let _ = writeln!(
            table,
            "Parameter {{ name: {name:?}, title: {:?}, default: {fact}, least: {}, most: {}, at_most: {:?}, fixed: {:?}, \
             {access} }},",
            row.title,
            bound(name, row.least.as_ref()),
            bound(name, row.most.as_ref()),
            row.at_most,
            row.fixed,
        );
    }
    let _ = writeln!(
        code,
        "/// The figures that are reckoned with where a design states none.\n\
         #[derive(Clone, Debug, PartialEq)]\npub struct Parameters {{\n{fields}}}\n\
         /// What is a definition, and so the same everywhere.\nimpl Parameters {{\n{constants}}}\n\n\
         impl Default for Parameters {{\nfn default() -> Self {{\nSelf {{\n{defaults}}}\n}}\n}}\n\
         pub(super) static PARAMETERS: &[Parameter] = &[\n{table}];"
    );
}

/// The least or the most that a parameter may be, in its base unit.
fn bound(name: &str, written: Option<&String>) -> String {
    let Some(written) = written else { return "None".to_owned() };
    let (value, _) = base(written).unwrap_or_else(|| panic!("`{name}`: `{written}` is no figure"));
    format!("Some({value:?})")
}

/// Two tables of one file: the words by which areas are known, the longest first, and the ways between areas.
fn areas(code: &mut String, rows: &Rows<Rows<Value>>) {
    let mut words: Vec<(&str, &str)> = Vec::new();
    for (area, names) in &rows["words"] {
        let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
        words.extend(names.map(|word| (word, area.as_str())));
    }
    words.sort_by_key(|(word, _)| (std::cmp::Reverse(word.len()), *word));
    let _ = writeln!(code, "pub(super) static AREA_WORDS: &[(&str, &str)] = &{words:?};");
    *code += "pub(super) static WAYS: &[(&str, &str, Fact)] = &[\n";
    for (ends, way) in &rows["ways"] {
        let (one, other) = ends.split_once(' ').unwrap_or_else(|| panic!("`{ends}` is not two areas"));
        for area in [one, other] {
            assert!(rows["words"].contains_key(area), "`{area}` is no area");
        }
        let _ = writeln!(code, "({one:?}, {other:?}, {}),", fact(ends, way));
    }
    *code += "];\n";
}

/// The sorted table of all names and aliases with the place of the row each belongs to.
fn names<'a>(code: &mut String, table: &str, rows: impl Iterator<Item = (&'a String, &'a Vec<String>)>) {
    let mut places = BTreeMap::new();
    for (at, (name, aliases)) in rows.enumerate() {
        for word in aliases.iter().chain([name]) {
            let plain = word.bytes().all(|it| it == b'_' || it.is_ascii_lowercase() || it.is_ascii_digit());
            assert!(plain, "`{word}` is not in lower case with `_`");
            assert!(places.insert(word, at).is_none(), "`{word}` is the name of two rows");
        }
    }
    let places: Vec<_> = places.into_iter().collect();
    let _ = writeln!(code, "pub(super) static {table}: &[(&str, u16)] = &{places:?};");
}

/// A `Facts` literal of a row's entries; the compiler refuses a field that it does not know.
fn facts(row: &str, entries: &FactRows) -> String {
    let mut code = "Facts { ".to_owned();
    for (name, value) in entries {
        let value = match value {
            Value::Boolean(value) if name.starts_with("is_") && name != "is_log" => format!("Some({value})"),
            Value::Boolean(value) => value.to_string(),
            Value::String(word) if word == UNKNOWN => "None".to_owned(),
            Value::String(word) => format!("Some({word:?})"),
            _ => format!("Some({})", fact(&format!("{row}.{name}"), value)),
        };
        let _ = write!(code, "{name}: {value}, ");
    }
    code + "..Facts::NONE }"
}

/// A `Fact` literal of `["99.95%", "source", "M"]`.
fn fact(row: &str, value: &Value) -> String {
    let texts: Vec<_> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let [figure, source, confidence] = texts[..] else {
        panic!("`{row}` is not [figure, source, confidence]: {value}");
    };
    let (value, unit) = base(figure).unwrap_or_else(|| panic!("`{row}`: `{figure}` is no figure"));
    let confidence = match confidence {
        "H" => "High",
        "M" => "Medium",
        "L" => "Low",
        other => panic!("`{row}`: `{other}` is no confidence"),
    };
    format!(
        "Fact {{ value: {value:?}, unit: Unit::{unit}, source: {source:?}, confidence: Confidence::{confidence} }}"
    )
}

/// A figure in its base unit. Decimal steps are made in the text, for `99.95%` is to be the nearest number to 0.9995.
fn base(figure: &str) -> Option<(f64, &'static str)> {
    let end = figure.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(figure.len());
    let (number, unit) = figure.split_at(end);
    let step = |exponent: i32| format!("{number}e{exponent}").parse::<f64>().ok();
    let (amount, period) =
        unit.split_once('/').map_or((unit, None), |(amount, period)| (amount, Some(period)));
    if let Some(size) = amount.strip_suffix('B') {
        let bytes = step(thousands(size)?)?;
        return match period {
            None => Some((bytes, "Bytes")),
            Some(period) => Some((bytes / seconds(period)?, "BytesPerSecond")),
        };
    }
    if let Some(period) = period {
        return Some((step(thousands(amount)?)? / seconds(period)?, "PerSecond"));
    }
    match unit {
        "%" => Some((step(-2)?, "Share")),
        "us" => Some((step(-6)?, "Seconds")),
        "ms" => Some((step(-3)?, "Seconds")),
        _ => match seconds(unit) {
            Some(length) => Some((step(0)? * length, "Seconds")),
            None => Some((step(thousands(unit)?)?, "Count")),
        },
    }
}

/// The power of ten of a decimal prefix.
fn thousands(prefix: &str) -> Option<i32> {
    Some(match prefix {
        "" => 0,
        "k" | "K" => 3,
        "M" => 6,
        "G" => 9,
        "T" => 12,
        _ => return None,
    })
}

/// The length of a span of time; a month is 30 days and a year 365.
fn seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3600.0,
        "d" | "day" => 86_400.0,
        "month" => 30.0 * 86_400.0,
        "y" => 365.0 * 86_400.0,
        _ => return None,
    })
}

fn kind_path(row: &str, kind: &str) -> String {
    assert!(KINDS.contains(&kind), "`{row}`: `{kind}` is no kind");
    let camel: String = kind.split('_').map(sentence).collect();
    format!("Kind::{camel}")
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn sorted(words: &[String]) -> Vec<&String> {
    let mut words: Vec<_> = words.iter().collect();
    words.sort();
    words
}
