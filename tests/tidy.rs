//! What holds of the house as a whole: which floor may see which, and what stands nowhere.

use std::fs;
use std::path::{Path, PathBuf};

use loadpath::source::FileId;
use loadpath::syntax;

/// The floors, lowest first. A file uses its own and those below; those of one line do not see each other.
const FLOORS: &[&[&str]] = &[
    &["source", "nearest", "quantity"],
    &["figures", "worked"],
    &["diagnostic"],
    &["catalogue"],
    &["syntax"],
    &["model"],
    &["analysis"],
    &["rules"],
    &["check"],
    &["settings", "interview", "learn"],
    &["report"],
    &["editor"],
    &["web"],
    &["cli"],
];

/// Libraries that are met at one place.
const AT_ONE_PLACE: &[(&str, &str)] = &[
    ("miette", "report/text.rs"),
    ("pest", "syntax"),
    ("clap", "cli"),
    ("lsp_server", "cli/lsp"),
    ("lsp_types", "cli/lsp"),
    ("toml", "settings"),
    ("maud", "report/page"),
    ("hyper", "web"),
    ("tokio", "web"),
    ("pulldown_cmark", "source/markdown"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder with an ending, with their path from there.
fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(at) = waiting.pop() {
        for entry in fs::read_dir(at).expect("the folder can be read") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                let name =
                    path.strip_prefix(folder).expect("it lies below").to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).expect("it is text")));
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    files(&root().join("src"), "rs")
}

/// The code without what stands in comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The part of the house that a file belongs to: `report/text.rs` to `report`.
fn part(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

fn floor(part: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&part))
}

/// The names after `crate::`, also of `use crate::{a, b::c}`.
fn used(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = &code[at + path.len()..];
        let word =
            |text: &str| text.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect::<String>();
        match rest.strip_prefix('{') {
            None => used.push(word(rest)),
            Some(list) => {
                let mut depth = 0;
                for member in list.split_inclusive([',', '{', '}']) {
                    if depth == 0 {
                        used.push(word(member.trim_start()));
                    }
                    depth += i32::from(member.ends_with('{')) - i32::from(member.ends_with('}'));
                    if depth < 0 {
                        break;
                    }
                }
            }
        }
    }
    used.retain(|word| !word.is_empty());
    used
}

#[test]
fn the_names_after_crate_are_seen_in_lists_as_well() {
    let code = "use crate::source::Span; use crate::{model::{self, Link}, rules}; crate::check::check()";
    assert_eq!(used(code), ["source", "model", "rules", "check"]);
}

#[test]
fn no_file_sees_a_floor_above_its_own() {
    for (file, text) in sources() {
        let own = part(&file);
        if ["lib", "main"].contains(&own) {
            continue;
        }
        let own_floor =
            floor(own).unwrap_or_else(|| panic!("src/{file} stands on no floor: name it in FLOORS"));
        for used in used(&code(&text)) {
            let Some(floor) = floor(&used) else { continue };
            assert!(
                used == own || floor < own_floor,
                "src/{file} uses `crate::{used}`, which is not below it"
            );
        }
    }
}

#[test]
fn libraries_are_met_at_one_place() {
    for (file, text) in sources() {
        let code = code(&text);
        for (library, place) in AT_ONE_PLACE {
            let is_named = code.contains(&format!("{library}::")) || code.contains(&format!("use {library}"));
            assert!(
                !is_named || file.starts_with(place),
                "src/{file} names {library}, which belongs in src/{place}"
            );
        }
    }
}

/// What a company sets counts everywhere: nothing that reckons or judges goes by the defaults.
#[test]
fn analyses_and_rules_read_parameters_from_the_architecture() {
    for (file, text) in sources() {
        if !["analysis", "rules"].iter().any(|floor| file.starts_with(floor)) {
            continue;
        }
        let code: String = text.split_whitespace().collect();
        for default in ["Parameters::default", "catalogue::parameter", ".default.value"] {
            assert!(!code.contains(default), "src/{file} reads a default: `{default}`");
        }
    }
}

#[test]
fn nothing_unfinished_is_left() {
    // Put together, so that this file is not what is found.
    let marks = ["todo", "dbg", "unimplemented"].map(|it| format!("{it}!("));
    let tests = files(&root().join("tests"), "rs");
    for (file, text) in sources().into_iter().chain(tests) {
        for mark in &marks {
            assert!(!text.contains(mark), "{file} has a `{mark}`");
        }
    }
}

#[test]
fn every_module_opens_with_what_it_is() {
    for (file, text) in sources() {
        let is_rule = file.starts_with("rules/") && file.matches('/').count() == 1;
        assert!(text.starts_with("//!") || is_rule, "src/{file} opens with what it is and why");
    }
}

#[test]
fn every_example_says_what_it_shows_and_is_read_without_a_fault() {
    let examples = files(&root().join("examples"), "arch");
    assert!(!examples.is_empty());
    for (file, text) in examples {
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("// ") && first.len() > 10, "examples/{file} opens with what it shows");
        let (_, errors) = syntax::parse(FileId(0), &text);
        assert_eq!(errors, [], "examples/{file}");
    }
}

/// The designs in a document's fences that are tagged `arch`.
#[test]
fn every_design_in_the_readme_is_read_without_a_fault() {
    let readme = fs::read_to_string(root().join("README.md")).expect("it can be read");
    for (heading, design) in loadpath::report::docs::fences(&readme) {
        let (_, errors) = syntax::parse(FileId(0), &design);
        assert_eq!(errors, [], "README.md, {heading}");
    }
}

#[test]
fn no_design_that_is_shown_has_a_property_out_of_place() {
    use loadpath::check::{Config, NoFiles, check};
    use loadpath::source::SourceFile;
    for (file, text) in files(&root().join("examples"), "arch") {
        let checked = check(SourceFile::new(file, text), &NoFiles, &Config::default());
        let language = |code: &str| code < "LP012" && code != "LP011";
        let found: Vec<_> = checked.diagnostics.iter().filter(|it| language(it.code)).collect();
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn each_analysis_is_described() {
    let modules = fs::read_to_string(root().join("src/analysis.rs")).expect("it is there");
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("it is there");
    let names = modules.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let missing: Vec<&str> = names.filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md does not name {missing:?}");
}
