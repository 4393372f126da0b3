//! The book keeps its word. Each fenced block of each document is looked at by what it is:
//!
//! | block | is |
//! |---|---|
//! | `arch` | understood; with `arch,ignore` it shows a fault |
//! | `text` that opens with `$ loadpath …` | what that command prints (`tests/docs.rs` compares it) |
//! | `sh` | run, in a folder with the designs of its page |
//! | `toml` | read as a configuration |
//! | `yaml`, `groovy` | held against the linter of whoever reads it, and what it calls of Loadpath is run |
//! | `json` | of the keys that the command above it writes, each with a value of its type |
//!
//! Any other stands in `NOT_RUN`, with the reason. The pages of the rules are made from what `tests/rules.rs` runs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use loadpath::diagnostic::{Diagnostic, Severity};
use loadpath::report::docs::Example;
use loadpath::report::text;
use loadpath::source::SourceFile;

use crate::cli::Folder;
use crate::docs::{Fence, add, documents, fences, path, read};
use crate::rules::files;

/// Blocks that are not run, by document and the beginning of the block, and why.
const NOT_RUN: [(&str, &str, &str); 16] = [
    ("README.md", "cargo install --path .\n", "it builds the program that these tests run"),
    ("README.md", "cargo run --release -- check", "it builds it anew; `tests/readme.rs` runs what it calls"),
    ("README.md", "tests/run\n", "it is what runs this"),
    ("CONTRIBUTING.md", "INSTA_UPDATE=always cargo test", "it runs the tests and writes documents"),
    ("CONTRIBUTING.md", "cargo bench", "it takes minutes and valgrind"),
    ("ARCHITECTURE.md", "text → syntax →", "a picture"),
    ("docs/ci.md", "docker build", "it takes Docker; `tests/ci.rs` lints the Dockerfile"),
    ("docs/ci.md", "pipeline {", "nobody here reads a Jenkinsfile; what it calls of Loadpath is run"),
    ("docs/editors.md", "{\n  \"profile\"", "a client sends each of these settings in `tests/editors`"),
    ("docs/editors.md", "vim.opt.runtimepath", "`tests/editors/neovim.lua` names the same folders"),
    ("docs/editors.md", "vim.lsp.config(", "it takes a Neovim that Debian does not have"),
    ("docs/editors.md", "(require 'arch-mode)", "`tests/editors/emacs.el` does so"),
    ("docs/editors.md", "(with-eval-after-load 'eglot", "`tests/editors/emacs.el` evaluates it"),
    ("docs/editors.md", "hx --grammar build", "it takes Helix; `tests/editors.rs` runs what comes after"),
    ("docs/editors.md", "{ \"markdown\"", "it takes Kate"),
    ("docs/editors.md", "{ \"lsp\"", "it takes Zed"),
];

/// The documents whose blocks are looked at.
fn looked_at() -> Vec<String> {
    let others = ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "editors/README.md"];
    documents().into_iter().chain(others.map(str::to_owned)).collect()
}

#[test]
fn every_block_of_every_document_does_what_its_page_says() {
    let mut not_run = BTreeSet::new();
    for name in looked_at() {
        let page = read(&name);
        let mut designs = [String::new(), String::new()];
        for fence in fences(&page) {
            let is_it = |it: &(&str, &str, &str)| it.0 == name && fence.body.starts_with(it.1);
            if let Some(at) = NOT_RUN.iter().position(is_it) {
                not_run.insert(at);
            } else {
                look_at(&name, &page, &fence, &designs);
            }
            if matches!(fence.tag.as_str(), "yaml" | "groovy") {
                calls(&fence.body);
            }
            if fence.tag.starts_with("arch") {
                designs.rotate_left(1);
                designs[1] = fence.body;
            }
        }
    }
    assert_eq!(not_run.len(), NOT_RUN.len(), "each block that is not run is there: {not_run:?}");
}

/// Looks at a block; `designs` are the last two above it.
fn look_at(name: &str, page: &str, fence: &Fence, designs: &[String; 2]) {
    let body = &fence.body;
    match fence.tag.as_str() {
        "arch" => assert_eq!(faults(body), [""; 0], "{name}\n{body}"),
        "arch,ignore" => assert!(!faults(body).is_empty(), "{name} shows no fault in\n{body}"),
        "text" => assert!(body.starts_with("$ loadpath "), "{name}: what is this the output of?\n{body}"),
        "sh" => run_in_shell(body, designs),
        "toml" | "toml loadpath.toml" => {
            let file = SourceFile::new("loadpath.toml", body.as_str());
            loadpath::settings::read(&file).unwrap_or_else(|faults| panic!("{name}: {faults:#?}"));
        }
        "yaml" => {
            let (file, text) = recipe(body);
            crate::ci::assert_valid(&file, &text);
        }
        "json" => {
            let shown = serde_json::from_str(body).unwrap_or_else(|error| panic!("{name}: {error}\n{body}"));
            let above = &page[..page.find(body).expect("it stands there")];
            assert_eq!(not_written(&shown, &written(above), name), None);
        }
        tag => panic!("{name}: nobody looks at a block of `{tag}`:\n{body}"),
    }
}

/// What the rules of the language, LP001 to LP024, object to; but a circle (LP014) may be what is shown.
fn faults(design: &str) -> Vec<String> {
    let checked = crate::rules::checked(&Example { source: design.to_owned(), expected: Vec::new() });
    let is_fault = |it: &&Diagnostic| {
        it.code.starts_with("LP0") && it.code != "LP014" && it.severity != Severity::Advice
    };
    let faults = checked.diagnostics.iter().filter(is_fault);
    faults.map(|it| text::concise(&checked.sources, it)).collect()
}

/// Runs commands as a reader would, in a repository that holds the page's designs: the last under the name
/// that the script calls, and there as the one before it on `origin/main`.
fn run_in_shell(script: &str, [before, after]: &[String; 2]) {
    let tidy = "service api\n";
    let is_design = |name: &str| Path::new(name).extension().is_some_and(|it| it == "arch");
    let file = script.split([' ', ':']).find(|it| is_design(it)).unwrap_or("shop.arch");
    let or_tidy = |design: &String| if design.is_empty() { tidy.to_owned() } else { design.clone() };
    let folder = Folder::new().with("design/shop.arch", tidy).with(file, or_tidy(before));
    let folder = crate::diff::committed(folder).with(file, or_tidy(after));
    crate::diff::git(&folder.0, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let program = Path::new(env!("CARGO_BIN_EXE_loadpath")).parent().expect("it lies in a folder");
    let others = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    shell.args(["-ec", script]).current_dir(&folder.0);
    let output = shell.env("PATH", format!("{}:{others}", program.display())).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    // Findings are an answer as well.
    assert!(matches!(output.status.code(), Some(0 | 1)) && said.is_empty(), "{script}\n{said}");
}

/// A recipe with the file it is for: its first line names it; steps alone are those of a workflow.
fn recipe(body: &str) -> (String, String) {
    if let Some(name) = body.lines().next().and_then(|it| it.strip_prefix("# ")) {
        return (name.to_owned(), body.to_owned());
    }
    assert!(body.starts_with("- "), "it names its file, or is a list of steps:\n{body}");
    let steps: String = body.lines().map(|line| format!("      {line}\n")).collect();
    let head = "name: designs\non: pull_request\npermissions: {}\njobs:\n  review:\n    name: Review\n    \
                runs-on: ubuntu-latest\n    steps:\n";
    (".github/workflows/steps.yml".to_owned(), format!("{head}{steps}"))
}

/// Runs what a recipe calls of Loadpath: the program takes it, whatever it finds.
fn calls(recipe: &str) {
    let plain = |line: &'_ str| line.trim().trim_start_matches("- ").trim_start_matches("run: ").to_owned();
    for line in recipe.lines().map(plain) {
        let line = line.trim_start_matches("script: ").trim_start_matches("sh '").trim_end_matches('\'');
        let Some(call) = line.strip_prefix("loadpath ") else { continue };
        // What a shell fills in is run as a whole, in `ci.rs`.
        if call.contains('$') {
            continue;
        }
        let folder = Folder::new().with("design/shop.arch", "service api\n");
        let ran = folder.run(&call.split(' ').map(|it| it.trim_end_matches('/')).collect::<Vec<_>>());
        assert!(matches!(ran.code, Some(0 | 1)), "{call}: {}", ran.err);
    }
}

/// What the command that a page names last, as `loadpath … --format json`, writes of an example.
fn written(above: &str) -> Value {
    let command = above.rsplit('`').find(|it| it.starts_with("loadpath ") && it.ends_with(" --format json"));
    let command = command.expect("the page says what writes it").trim_start_matches("loadpath ");
    let (good, naive) = ("examples/payment.arch", "examples/payment-naive.arch");
    let command = command.replace("FILE", good).replace("OLD", good).replace("NEW", naive);
    let mut arguments: Vec<&str> = command.split(' ').collect();
    match arguments[0] {
        "check" => arguments.push("examples/checkout-naive.arch"),
        "interview" => arguments
            .iter_mut()
            .filter(|it| **it == good)
            .for_each(|it| *it = "tests/interview/first-try.arch"),
        "what-if" => arguments.extend(["--zone-loss", "--load", "20x"]),
        _ => {}
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_loadpath"));
    let output = program.args(&arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let output = output.expect("it starts").stdout;
    serde_json::from_slice(&output).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
}

/// What is shown and not written: each key has to be there, at its place and with a value of its type.
fn not_written(shown: &Value, written: &Value, way: &str) -> Option<String> {
    match (shown, written) {
        (Value::Object(shown), Value::Object(written)) => shown.iter().find_map(|(key, shown)| {
            let way = format!("{way}.{key}");
            written.get(key).map_or(Some(way.clone()), |written| not_written(shown, written, &way))
        }),
        // An entry is like one of those that are written; plain words and figures may be others.
        (Value::Array(shown), Value::Array(written)) => {
            shown.iter().filter(|it| it.is_object()).find_map(|shown| {
                let faults: Vec<_> = written.iter().map(|written| not_written(shown, written, way)).collect();
                if faults.iter().any(Option::is_none) {
                    return None;
                }
                faults.into_iter().next().unwrap_or(Some(format!("{way}, of which the example has none")))
            })
        }
        (Value::Null, _) | (_, Value::Null) => None,
        _ => (std::mem::discriminant(shown) != std::mem::discriminant(written))
            .then(|| format!("{way}: {shown}, where {written} is written")),
    }
}

/// The pages that are made as a whole.
fn made() -> Vec<PathBuf> {
    ["docs/rules", "docs/learn"].into_iter().flat_map(|folder| files(folder, "md")).collect()
}

/// Every guide and every page of a rule or a topic is a chapter.
#[test]
fn the_book_holds_every_page() {
    let summary = read("docs/SUMMARY.md");
    for file in files("docs", "md").into_iter().chain(made()) {
        let name =
            file.strip_prefix(path("docs")).expect("it lies there").to_string_lossy().replace('\\', "/");
        assert!(name == "SUMMARY.md" || summary.contains(&format!("({name})")), "{name} is in no chapter");
    }
}

#[test]
fn every_link_leads_to_a_file_and_a_heading_that_are_there() {
    let documents = looked_at().iter().map(|it| path(it)).chain(made()).collect::<Vec<_>>();
    for file in documents {
        let text = fs::read_to_string(&file).expect("it is text");
        let folder = file.parent().expect("it lies in a folder");
        for link in prose(&text).split("](").skip(1).filter_map(|it| it.split(')').next()) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (target, heading) = link.split_once('#').map_or((link, None), |(it, at)| (it, Some(at)));
            let target = if target.is_empty() { file.clone() } else { folder.join(target) };
            assert!(target.exists(), "{}: `{link}` leads nowhere", file.display());
            if let Some(heading) = heading {
                let found = fs::read_to_string(&target).expect("it is text");
                let is_there =
                    prose(&found).lines().any(|line| line.starts_with('#') && anchor(line) == heading);
                assert!(is_there, "{}: `{link}` names no heading", file.display());
            }
        }
    }
}

/// A document without its fenced blocks and code spans.
fn prose(markdown: &str) -> String {
    let mut is_fence = false;
    let mut shown = String::new();
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            is_fence = !is_fence;
        } else if !is_fence {
            let outside = line.split('`').step_by(2).collect::<Vec<_>>().join("");
            // Of a heading the code is a part of the anchor.
            add(&mut shown, if line.starts_with('#') { line } else { &outside });
        }
    }
    shown
}

/// The anchor of a heading.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.map(|it| if it == ' ' { '-' } else { it }).collect()
}
