//! The editors' files follow the language: what it knows, they colour. Neovim, Emacs and a client that is nothing else
//! talk to the language server.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use loadpath::catalogue::Kind;
use loadpath::model::GroupKind;

/// The words of a `syntax keyword GROUP …` in the Vim file.
fn keywords(text: &str, group: &str) -> BTreeSet<String> {
    let head = format!("syntax keyword {group} ");
    let lines = text.lines().filter_map(|line| line.strip_prefix(&head));
    lines.flat_map(str::split_whitespace).filter(|word| *word != "contained").map(str::to_owned).collect()
}

#[test]
fn vim_colours_every_kind_and_no_other() {
    let text = fs::read_to_string("editors/vim/syntax/arch.vim").expect("the file stands in the repository");
    let kinds: BTreeSet<String> = Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect();
    let groups: BTreeSet<String> = GroupKind::ALL.iter().map(|kind| kind.name().to_owned()).collect();
    assert_eq!(keywords(&text, "archKind"), kinds);
    assert_eq!(keywords(&text, "archGroup"), groups);
}

/// The words between two places of a file, whatever signs stand around them.
fn words(file: &str, from: &str, to: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(file).expect("the file stands in the repository");
    let (_, list) = text.split_once(from).unwrap_or_else(|| panic!("{file} has `{from}`"));
    let (list, _) = list.split_once(to).unwrap_or_else(|| panic!("{file} has `{to}`"));
    let words = list.split(|letter: char| !letter.is_ascii_lowercase() && letter != '_');
    words.filter(|word| !word.is_empty() && *word != "item").map(str::to_owned).collect()
}

#[test]
fn every_editor_colours_every_kind_and_no_other() {
    let kinds: BTreeSet<String> = Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect();
    let groups: BTreeSet<String> = GroupKind::ALL.iter().map(|kind| kind.name().to_owned()).collect();
    for (file, kind, group, end) in [
        ("editors/emacs/arch-mode.el", "(defconst arch-mode-kinds\n", "(defconst arch-mode-groups\n", ")"),
        ("editors/kate/arch.xml", "<list name=\"kinds\">", "<list name=\"groups\">", "</list>"),
        ("editors/sublime/arch.sublime-syntax", "  kind: '\\b(?:", "  group: '\\b(?:", ")"),
    ] {
        assert_eq!(words(file, kind, end), kinds, "{file}");
        assert_eq!(words(file, group, end), groups, "{file}");
    }
}

/// Runs a program that finds `loadpath` as an editor does, and fails with what it says.
fn passes(command: &mut Command) {
    let program = Path::new(env!("CARGO_BIN_EXE_loadpath"));
    let folder = program.parent().expect("it lies in a folder");
    let others = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([folder.to_owned()].into_iter().chain(std::env::split_paths(&others)));
    command.env("PATH", path.expect("no folder has a colon")).env("LOADPATH", program);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    let name = command.get_program().display().to_string();
    let output = command.output().unwrap_or_else(|error| panic!("{name}: {error}; `tests/run` installs it"));
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
    assert!(output.status.success(), "{said}");
}

#[test]
fn the_language_server_keeps_to_the_protocol() {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/validators/python/bin/python");
    let arguments = ["-m", "pytest", "tests/editors"];
    passes(Command::new(python).args(arguments).env("PYTHONDONTWRITEBYTECODE", "1"));
}

#[test]
fn neovim_edits_designs() {
    passes(Command::new("nvim").args(["--headless", "--clean", "-c", "luafile tests/editors/neovim.lua"]));
}

#[test]
fn emacs_edits_designs() {
    let arguments = ["-q", "--batch", "-L", "editors/emacs", "-l", "tests/editors/emacs.el"];
    passes(Command::new("emacs").args(arguments).args(["-f", "ert-run-tests-batch-and-exit"]));
}
