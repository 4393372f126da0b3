//! The editors' files follow the language: what it knows, they colour. Neovim, Emacs and a client that is nothing else
//! talk to the language server.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use loadpath::catalogue::Kind;
use loadpath::check::{Config, NoFiles, check};
use loadpath::model::GroupKind;
use loadpath::source::SourceFile;
use serde_json::Value;

/// What is wrong with a text by itself, whatever stands around it: not read, no kind, no property, no such value.
const LANGUAGE: &[&str] = &["LP001", "LP004", "LP005", "LP006", "LP007", "LP008", "LP009"];

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

/// The names of colours that themes of Helix know, as far as the grammar has them.
const COLOURS_OF_HELIX: [&str; 15] = [
    "attribute",
    "comment",
    "constant",
    "constant.builtin",
    "constant.character.escape",
    "constant.numeric",
    "function",
    "keyword",
    "operator",
    "punctuation.bracket",
    "punctuation.delimiter",
    "string",
    "type",
    "variable",
    "variable.other.member",
];

/// The colours that a file of queries gives.
fn colours(queries: &str) -> BTreeSet<&str> {
    let lines = queries.lines().filter(|line| !line.starts_with(';'));
    let words = lines.flat_map(|line| line.split([' ', ')', ']', '(']));
    words.filter_map(|word| word.strip_prefix('@')).collect()
}

#[test]
fn the_recipe_for_helix_gives_the_colours_their_names_there() {
    let page = crate::docs::read("docs/editors.md");
    let blocks = crate::docs::fences(&page);
    let recipe = blocks.iter().find_map(|it| it.body.strip_prefix("hx --grammar build\n"));
    let recipe =
        recipe.expect("the page has a recipe").replace("/path/to/loadpath", env!("CARGO_MANIFEST_DIR"));
    let home = crate::cli::Folder::new();
    let status = Command::new("sh").args(["-euc", &recipe]).env("HOME", &home.0).status();
    assert!(status.expect("there is a shell").success());
    let queries = home.0.join(".config/helix/runtime/queries/arch");
    let highlights = fs::read_to_string(queries.join("highlights.scm")).expect("the recipe makes it");
    assert_eq!(colours(&highlights), BTreeSet::from(COLOURS_OF_HELIX));
    assert!(queries.join("indents.scm").exists());
}

/// A file of settings, as who follows its recipe has it.
fn settings(path: &str) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let text = text.replace("/path/to/loadpath", env!("CARGO_MANIFEST_DIR"));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Neither editor is here to be tried: what their files name is there.
#[test]
fn the_settings_for_helix_and_zed_lead_to_the_grammar() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let has_parser = |folder: &Path| folder.join("src/parser.c").exists();
    let helix = settings("editors/helix/languages.toml");
    let source = helix["grammar"][0]["source"]["path"].as_str().expect("it says where the grammar is");
    assert!(has_parser(Path::new(source)), "{source}");
    assert_eq!(helix["grammar"][0]["name"], helix["language"][0]["name"]);

    let zed = settings("editors/zed/extension.toml");
    let grammar = &zed["grammars"]["arch"];
    assert_eq!(grammar["repository"], format!("file://{}", root.display()));
    assert!(has_parser(&root.join(grammar["path"].as_str().expect("it says where the grammar is"))));
    let language = settings("editors/zed/languages/arch/config.toml");
    assert_eq!((&language["grammar"], &language["name"]), (&"arch".into(), &"Arch".into()));
    assert_eq!(zed["language_servers"]["loadpath"]["language_ids"]["Arch"], "arch");
    for queries in ["highlights.scm", "injections.scm"] {
        let [own, other] = ["zed/languages/arch", "tree-sitter-arch/queries"]
            .map(|it| fs::read_to_string(root.join("editors").join(it).join(queries)).expect("it is there"));
        assert_eq!(own, other, "{queries} is the one that is tried");
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

/// A design with a word of each sort.
const COLOURED: &str = "\
// The shop.
system \"Shop\" { daily_users = 10M, availability = 99.9% }
service api x3 : go #core {
  -> orders : tls { timeout = 1s }
}
flow buy \"Buy\" { web ~> api }
allow missing-timeout on api \"why\"
";

/// The coloured words of a text, each with its colour, out of what a program makes of it: a colour stands between two signs,
/// and before its word.
fn coloured<'a>(made: &'a str, before: &str, behind: &str, end: &str) -> BTreeMap<&'a str, &'a str> {
    let pieces = made.split(before).skip(1).filter_map(|it| it.split_once(behind));
    pieces.filter_map(|(colour, rest)| Some((rest.split_once(end)?.0, colour))).collect()
}

/// Each sort has one colour, those of different sorts differ, and nothing else has one.
fn has_colours(found: &BTreeMap<&str, &str>, sorts: &[&[&str]]) {
    let words: BTreeSet<&str> = sorts.iter().copied().flatten().copied().collect();
    assert_eq!(found.keys().copied().collect::<BTreeSet<_>>(), words);
    for sort in sorts {
        assert!(sort.iter().all(|it| found[it] == found[sort[0]]), "{sort:?} in {found:#?}");
    }
    let colours: BTreeSet<&str> = sorts.iter().map(|it| found[it[0]]).collect();
    assert_eq!(colours.len(), sorts.len(), "{found:#?}");
}

/// What a program says that reads colours out of a folder of its own; it finds the design there.
fn said_in(folder: &crate::cli::Folder, command: &mut Command) -> String {
    let name = command.get_program().display().to_string();
    let output = command.arg(folder.0.join("design.arch")).output();
    let output = output.unwrap_or_else(|error| panic!("{name}: {error}; `tests/run` installs it"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is text")
}

/// By the library of Kate itself, which tells no folder but that of its recipe.
#[test]
fn kate_colours_a_design() {
    let syntax = fs::read_to_string("editors/kate/arch.xml").expect("the file stands in the repository");
    let folder = crate::cli::Folder::new()
        .with("org.kde.syntax-highlighting/syntax/arch.xml", syntax)
        .with("design.arch", COLOURED);
    let mut command = Command::new("kate-syntax-highlighter");
    let made = said_in(&folder, command.args(["--output-format", "html"]).env("XDG_DATA_HOME", &folder.0));
    has_colours(
        &coloured(&made, "<span style=\"", "\">", "</span>"),
        &[
            &["// The shop."],
            &["system", "flow", "allow", "on"],
            &["&quot;Shop&quot;", "&quot;Buy&quot;", "&quot;why&quot;"],
            &["daily_users", "availability", "timeout", "service"],
            &["10M", "99.9%", "x3", "1s"],
            &[": go", ": tls"],
            &["#core", "-&gt;", "~&gt;"],
        ],
    );
}

/// By bat, which reads the syntaxes of Sublime Text with an engine of its own.
#[test]
fn bat_colours_a_design_by_the_syntax_for_sublime_text() {
    let syntax =
        fs::read_to_string("editors/sublime/arch.sublime-syntax").expect("the file stands in the repository");
    let folder =
        crate::cli::Folder::new().with("syntaxes/arch.sublime-syntax", syntax).with("design.arch", COLOURED);
    let bat = || {
        let mut command = Command::new("batcat");
        command.env("BAT_CONFIG_DIR", &folder.0).env("BAT_CACHE_PATH", folder.0.join("cache"));
        command
    };
    let built = bat().args(["cache", "--build"]).output().expect("`tests/run` installs it");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let made = said_in(&folder, bat().args(["--color=always", "--theme=ansi", "--style=plain"]));
    has_colours(
        &coloured(&made, "\u{1b}[3", "m", "\u{1b}[0m"),
        &[
            &["// The shop.", "\"Shop\"", "\"Buy\"", "\"why\""],
            &["system", "service", "flow", "allow", "on", "->", "~>"],
            &["10M", "99.9%", "x3", "1s"],
            &["#core"],
            &["buy"],
        ],
    );
}

/// The words that one rule of the grammar for VS Code takes: the first `(a|b|c)` of its pattern.
fn alternatives(grammar: &Value, rule: &str) -> BTreeSet<String> {
    let pattern = grammar["repository"][rule]["match"].as_str().expect("the rule has a pattern");
    let words = pattern
        .split(['(', ')'])
        .find(|it| it.contains('|') && it.starts_with(|it: char| it.is_ascii_lowercase()));
    words.expect("it takes one of several words").split('|').map(str::to_owned).collect()
}

#[test]
fn vs_code_colours_every_kind_and_no_other() {
    let path = "editors/vscode/syntaxes/arch.tmLanguage.json";
    let text = fs::read_to_string(path).expect("the file stands in the repository");
    let grammar: Value = serde_json::from_str(&text).expect("it is JSON");
    let kinds: BTreeSet<String> = Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect();
    let groups: BTreeSet<String> = GroupKind::ALL.iter().map(|kind| kind.name().to_owned()).collect();
    assert_eq!(alternatives(&grammar, "kind"), kinds);
    assert_eq!(alternatives(&grammar, "group"), groups);
}

/// A snippet, filled in with what it proposes: the first of several.
fn filled(body: &str) -> String {
    let mut proposals: BTreeMap<String, String> = BTreeMap::new();
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('$') {
        text += before;
        let (place, after) = match after.strip_prefix('{') {
            Some(place) => place.split_once('}').expect("a place ends"),
            None => after.split_at(after.find(|it: char| !it.is_ascii_digit()).unwrap_or(after.len())),
        };
        let (number, proposed) = place.split_at(place.find([':', '|']).unwrap_or(place.len()));
        if !proposed.is_empty() {
            let first = proposed[1..].split([',', '|']).next().unwrap_or_default();
            proposals.insert(number.to_owned(), first.to_owned());
        }
        text += proposals.get(number).map_or("", String::as_str);
        rest = after;
    }
    text + rest
}

#[test]
fn snippets_of_vs_code_are_of_the_language() {
    let text =
        fs::read_to_string("editors/vscode/snippets/arch.json").expect("the file stands in the repository");
    let snippets: Value = serde_json::from_str(&text).expect("it is JSON");
    for (name, snippet) in snippets.as_object().expect("snippets by name") {
        let lines: Vec<&str> = match &snippet["body"] {
            Value::String(line) => vec![line],
            body => body.as_array().expect("lines").iter().filter_map(Value::as_str).collect(),
        };
        let design = filled(&lines.join("\n"));
        let file = SourceFile::new("snippet.arch", design.as_str());
        let found = check(file, &NoFiles, &Config::default()).diagnostics;
        // What it names stands elsewhere; all else of the language must be right.
        let faults: Vec<_> = found.iter().filter(|it| LANGUAGE.contains(&it.code)).collect();
        assert!(faults.is_empty(), "{name}:\n{design}\n{faults:#?}");
    }
}
