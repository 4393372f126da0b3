//! The README keeps its word: its commands exist, its links lead somewhere, its example fits a screen.

use std::path::Path;
use std::process::Command;

use crate::docs::{fences, read, run};

/// What a reader is asked to type, without installing: one command to see it, one to test it.
fn commands() -> Vec<String> {
    let blocks = fences(&read("README.md"));
    let blocks = blocks.iter().filter(|it| it.tag == "sh");
    blocks.flat_map(|it| it.body.lines()).map(str::to_owned).collect()
}

#[test]
fn three_commands_install_run_and_test() {
    assert_eq!(
        commands(),
        ["cargo install --path .", "cargo run --release -- check examples/checkout-naive.arch", "tests/run"]
    );
}

#[test]
fn the_command_to_run_finds_what_the_picture_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let arguments = commands()[1].split_once(" -- ").expect("it has arguments").1.to_owned();
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadpath"));
    let output = command.args(arguments.split(' ')).current_dir(root).output().expect("it starts");
    assert_eq!(output.status.code(), Some(1), "errors are found");
    assert!(root.join("tests/run").is_file());
}

#[test]
fn the_example_is_short_and_its_output_fits_eighty_columns() {
    let blocks = fences(&read("README.md"));
    let design = blocks.iter().find(|it| it.tag == "arch").expect("it shows a design");
    assert!(design.body.lines().count() <= 14, "{}", design.body);
    let output = blocks.iter().find(|it| it.tag == "text").expect("it shows what is found");
    assert!(output.body.starts_with("$ loadpath check "), "{}", output.body);
    assert!(output.body.contains("error[LP"), "{}", output.body);
    for line in output.body.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn the_table_of_commands_names_each_command_there_is() {
    let help = run(Path::new(env!("CARGO_MANIFEST_DIR")), &["help"]);
    let commands = help.split("Commands:\n").nth(1).and_then(|it| it.split("\n\n").next());
    let names =
        commands.expect("the help lists commands").lines().filter_map(|it| it.split_whitespace().next());
    let readme = read("README.md");
    for name in names.filter(|it| *it != "help") {
        let rows = readme.lines().filter(|it| it.starts_with(&format!("| `loadpath {name}"))).count();
        assert_eq!(rows, 1, "`loadpath {name}` has a line in the table");
    }
}

#[test]
fn the_language_guide_says_what_each_kind_is_for() {
    let guide = read("docs/language.md");
    let section = guide.split("\n### Components\n").nth(1).and_then(|it| it.split("\n### ").next());
    let section = section.expect("it has the section");
    for kind in loadpath::catalogue::Kind::ALL {
        let rows = section.lines().filter(|it| it.starts_with(&format!("| `{kind}` | "))).count();
        assert_eq!(rows, 1, "`{kind}` has a line on what it is for");
    }
}
