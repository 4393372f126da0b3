//! The command line as its users meet it: exit codes, streams, folders, and input that means harm.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

/// A folder of its own for a test, gone after it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).expect("the folder for tests can be written");
        // The project begins here, whatever stands above.
        fs::write(path.join("loadpath.toml"), "").expect("it can be written");
        Self(path)
    }

    /// With this file in it; folders on its way are made.
    pub(crate) fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("it can be made");
        fs::write(path, content).expect("it can be written");
        self
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadpath"));
        command.args(arguments).current_dir(&self.0).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command.env_remove("GITHUB_STEP_SUMMARY");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().expect("the program starts"))
    }

    pub(crate) fn run_with(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        child.stdin.take().expect("it is piped").write_all(input).expect("it is read");
        Ran::from(child.wait_with_output().expect("it ends"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("errors are UTF-8"),
        }
    }
}

/// A design without findings of the language.
const CLEAN: &str = "service api\ndatabase orders\napi -> orders\n";
/// One with an error of the language.
const BROKEN: &str = "service api\ndatabase orders\napi -> order\n";

/// The findings of a run in JSON, as (code, file, line).
fn findings(ran: &Ran) -> Vec<(String, String, u64)> {
    let json: Value = serde_json::from_str(&ran.out).expect("the output is JSON");
    let text = |it: &Value, key: &str| it[key].as_str().expect("a text").to_owned();
    let all = json["findings"].as_array().expect("a list");
    all.iter()
        .map(|it| (text(it, "code"), text(it, "file"), it["span"]["line"].as_u64().expect("a line")))
        .collect()
}

// ---- exit codes

#[test]
fn a_design_without_errors_leaves_with_0_and_one_with_errors_with_1() {
    let folder = Folder::new().with("clean.arch", CLEAN).with("broken.arch", BROKEN);
    assert_eq!(folder.run(&["check", "clean.arch"]).code, Some(0));
    let ran = folder.run(&["check", "broken.arch"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("error[LP002] unknown-name"), "{}", ran.out);
    assert!(ran.out.contains("did you mean `orders`?"), "{}", ran.out);
}

#[test]
fn lint_is_another_name_for_check() {
    let folder = Folder::new().with("broken.arch", BROKEN);
    assert_eq!(folder.run(&["lint", "broken.arch"]).code, Some(1));
}

#[test]
fn the_level_that_fails_can_be_chosen() {
    let warned = "service api\napi -> api\n";
    let folder = Folder::new().with("warned.arch", warned).with("broken.arch", BROKEN);
    for (arguments, code) in [
        (["check", "warned.arch", "--fail-on", "error"], 0),
        (["check", "warned.arch", "--fail-on", "warning"], 1),
        (["check", "warned.arch", "--fail-on", "advice"], 1),
        (["check", "broken.arch", "--fail-on", "never"], 0),
    ] {
        assert_eq!(folder.run(&arguments).code, Some(code), "{arguments:?}");
    }
    assert_eq!(folder.run(&["check", "broken.arch", "--exit-zero"]).code, Some(0));
}

#[test]
fn what_can_not_be_done_leaves_with_2() {
    let folder = Folder::new().with("clean.arch", CLEAN);
    fs::create_dir(folder.0.join("empty")).expect("it can be made");
    for arguments in [
        &["check", "nowhere.arch"][..],
        &["check", "empty"],
        &["check", "--format", "nonsense"],
        &["check", "clean.arch", "--output", "no/such/folder/out.txt"],
        &["nonsense"],
        &["explain", "LP999"],
        &["fmt", "nowhere.arch"],
        &["check", "clean.arch", "nowhere.arch"],
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.err);
        assert!(!ran.err.is_empty(), "{arguments:?} says what is wrong");
    }
    assert!(folder.run(&["check", "empty"]).err.contains("no `.arch` files in `empty`"));
    assert!(folder.run(&["check", "nowhere.arch"]).err.contains("`nowhere.arch` does not exist"));
}

/// A path that leads to nothing is mended where one file lies there that is nearly called so; what lies outside of the
/// project is never named.
#[test]
fn an_include_that_is_not_there_is_told_which_file_is_meant() {
    let folder = Folder::new()
        .with("loadpath.toml", "")
        .with("parts/common.arch", "service api\n")
        .with("shop.arch", "include \"parts/comon.arch\"\n")
        .with("parts/up.arch", "include \"../../comon.arch\"\n");
    let ran = folder.run(&["check", "shop.arch"]);
    assert!(ran.out.contains("help: did you mean `parts/common.arch`?"), "{}", ran.out);
    assert!(!folder.run(&["check", "parts/up.arch"]).out.contains("did you mean"));
    folder.run(&["check", "shop.arch", "--fix"]);
    assert_eq!(
        fs::read_to_string(folder.0.join("shop.arch")).expect("it stands"),
        "include \"parts/common.arch\"\n"
    );
}

#[test]
fn a_file_that_can_not_be_read_never_hides_the_others() {
    let folder = Folder::new().with("broken.arch", BROKEN);
    let ran = folder.run(&["check", "nowhere.arch", "broken.arch", "--format", "concise"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.out.starts_with("broken.arch:3:8: error[LP002] nothing is called `order`"), "{}", ran.out);
    let ran = folder.run(&["check", "nowhere.arch", "broken.arch", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.out).expect("the output is JSON");
    assert_eq!(json["troubles"], serde_json::json!(["`nowhere.arch` does not exist"]));
    assert_eq!(findings(&ran).len(), 1);
}

// ---- where designs come from

#[test]
fn standard_input_is_a_design_by_the_name_it_is_given() {
    let folder = Folder::new().with("designs/common.arch", "database orders\n");
    let text = b"include \"common.arch\"\nservice api\napi -> orders, order\n";
    let arguments = ["check", "-", "--stdin-filename", "designs/shop.arch", "--format", "concise"];
    let ran = folder.run_with(&arguments, text);
    assert_eq!(ran.out, "designs/shop.arch:3:16: error[LP002] nothing is called `order`\n");
    assert_eq!(ran.code, Some(1));
    assert!(
        folder.run_with(&["check", "-", "--format", "concise"], BROKEN.as_bytes()).out.starts_with("-:3:8: ")
    );
}

#[test]
fn a_folder_means_its_designs_in_order_but_for_what_git_ignores() {
    let folder = Folder::new()
        .with("b.arch", BROKEN)
        .with("a/deep.arch", BROKEN)
        .with("a/notes.txt", BROKEN)
        .with("generated/out.arch", BROKEN)
        .with(".gitignore", "generated/\n");
    let files = |ran: &Ran| findings(ran).into_iter().map(|it| it.1).collect::<Vec<_>>();
    let ran = folder.run(&["check", "--format", "json"]);
    assert_eq!(files(&ran), ["a/deep.arch", "b.arch"]);
    assert_eq!(
        files(&folder.run(&["check", "b.arch", ".", "./b.arch", "--format", "json"])),
        ["b.arch", "a/deep.arch"]
    );
}

/// The nearest file has the last word, the later line in it, and `.ignore` over `.gitignore`; whether git is there or not.
#[test]
fn what_folders_leave_out_adds_up_from_the_top() {
    let folder = Folder::new()
        .with(".gitignore", "*.old.arch\n/drafts/*\n!/drafts/kept.arch\n")
        .with(".ignore", "!named.old.arch\n")
        .with("a.arch", BROKEN)
        .with("a.old.arch", BROKEN)
        .with("named.old.arch", BROKEN)
        .with("drafts/kept.arch", BROKEN)
        .with("drafts/b.arch", BROKEN)
        .with("deep/.gitignore", "!c.old.arch\nhere.arch\n")
        .with("deep/c.old.arch", BROKEN)
        .with("deep/here.arch", BROKEN)
        .with("deep/drafts/here.arch", BROKEN)
        .with("deep/drafts/there.arch", BROKEN);
    let files = |place: &str| {
        findings(&folder.run(&["check", place, "--format", "json"]))
            .into_iter()
            .map(|it| it.1)
            .collect::<Vec<_>>()
    };
    let all = ["a.arch", "deep/c.old.arch", "deep/drafts/there.arch", "drafts/kept.arch", "named.old.arch"];
    assert_eq!(files("."), all);
    assert_eq!(files("deep"), ["deep/c.old.arch", "deep/drafts/there.arch"], "what lies above holds as well");
    let excluded = folder.0.join(".git/info/exclude");
    fs::create_dir_all(excluded.parent().expect("it lies in a folder")).expect("it can be made");
    assert_eq!(files("."), all);
    fs::write(&excluded, "deep/\n").expect("it can be written");
    assert_eq!(files("."), ["a.arch", "drafts/kept.arch", "named.old.arch"]);
}

#[test]
fn a_folder_that_is_called_like_a_design_is_a_folder() {
    let folder = Folder::new().with("x.arch/inner.arch", BROKEN).with("y.arch/notes.txt", "");
    let ran = folder.run(&["check", "x.arch", "--format", "concise"]);
    assert!(ran.out.starts_with("x.arch/inner.arch:3:8: "), "{}", ran.out);
    assert_eq!(folder.run(&["check", "y.arch"]).code, Some(2));
}

#[test]
fn many_designs_are_reported_in_the_same_order_every_time() {
    let mut folder = Folder::new();
    for at in 0..40 {
        folder = folder.with(&format!("{at:02}.arch"), BROKEN);
    }
    let first = folder.run(&["check", "--format", "json"]);
    let names: Vec<String> = findings(&first).into_iter().map(|it| it.1).collect();
    assert_eq!(names, (0..40).map(|at| format!("{at:02}.arch")).collect::<Vec<_>>());
    assert_eq!(folder.run(&["check", "--format", "json"]).out, first.out);
}

#[test]
fn a_file_that_others_include_is_reviewed_with_them_and_its_findings_are_told_once() {
    let common = "database orders\norders -> orders\n";
    let design = "include \"common.arch\"\nservice api\napi -> orders\n";
    let folder = Folder::new().with("common.arch", common).with("one.arch", design).with("two.arch", design);
    let ran = folder.run(&["check", "--format", "json"]);
    assert_eq!(findings(&ran), [("LP010".to_owned(), "common.arch".to_owned(), 2)]);
}

#[test]
fn a_pattern_means_the_designs_that_match_it() {
    let folder = Folder::new()
        .with("b.arch", BROKEN)
        .with("d/x.arch", BROKEN)
        .with("d/deep/y.arch", BROKEN)
        .with("d/notes.txt", BROKEN)
        .with("[odd].arch", BROKEN);
    let files = |pattern: &str| {
        let ran = folder.run(&["check", "--format", "json", pattern]);
        findings(&ran).into_iter().map(|it| it.1).collect::<Vec<_>>()
    };
    assert_eq!(files("*.arch"), ["[odd].arch", "b.arch"]);
    assert_eq!(files("d/*"), ["d/x.arch"]);
    assert_eq!(files("d/**/*.arch"), ["d/deep/y.arch", "d/x.arch"]);
    assert_eq!(files("{b,c}.arc?"), ["b.arch"]);
    assert_eq!(files("[odd].arch"), ["[odd].arch"], "what is called so is meant");
    for command in ["check", "fmt"] {
        let ran = folder.run(&[command, "none/*.arch"]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains("no design matches it as a pattern"), "{}", ran.err);
        let ran = folder.run(&[command, "[.arch"]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains("is no pattern: unclosed character class"), "{}", ran.err);
    }
    assert_eq!(folder.run(&["fmt", "--check", "d/*.arch"]).out, "d/x.arch is not in its form\n");
}

#[test]
fn a_file_of_two_spellings_is_reviewed_once() {
    let folder = Folder::new().with("sub/c.arch", BROKEN);
    let absolute = folder.0.join("sub/c.arch");
    let absolute = absolute.to_string_lossy();
    let ran = folder.run(&["check", "--format", "json", "sub/c.arch", &absolute, "sub/../sub/c.arch", "sub"]);
    assert_eq!(findings(&ran).len(), 1, "{}", ran.out);
}

#[test]
fn the_end_of_a_name_is_read_in_any_case() {
    let folder = Folder::new().with("all/X.ARCH", BROKEN);
    let ran = folder.run(&["check", "--format", "concise", "all"]);
    assert!(ran.out.starts_with("all/X.ARCH:3:8: "), "{}{}", ran.out, ran.err);
}

#[test]
fn a_name_of_standard_input_asks_for_it() {
    let folder = Folder::new().with("clean.arch", CLEAN);
    let ran =
        folder.run_with(&["check", "--stdin-filename", "x.arch", "--format", "concise"], BROKEN.as_bytes());
    assert!(ran.out.starts_with("x.arch:3:8: "), "{}{}", ran.out, ran.err);
    assert_eq!(
        folder.run_with(&["fmt", "--stdin-filename", "x.arch"], b"service   api\n").out,
        "service api\n"
    );
    let ran = folder.run_with(&["graph", "--stdin-filename", "x.arch"], CLEAN.as_bytes());
    assert!(ran.out.starts_with("digraph"), "{}", ran.err);
    for arguments in [
        &["check", "--stdin-filename", "x.arch", "clean.arch"][..],
        &["fmt", "--stdin-filename", "x.arch", "clean.arch"],
        &["report", "--stdin-filename", "x.arch", "clean.arch"],
        &["diff", "--stdin-filename", "x.arch", "clean.arch", "clean.arch"],
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}");
        assert!(ran.err.contains("no path is `-`"), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn what_can_not_be_read_is_called_as_it_was_given() {
    let folder = Folder::new().with("shop.arch", CLEAN);
    let said = |arguments: &[&str]| folder.run(arguments).err;
    assert!(said(&["check", "sub/../shop.arch"]).contains("`sub/../shop.arch` does not exist"));
    assert!(said(&["diff", "shop.arch", "."]).contains("can't read `.`: it is a folder"));
    assert!(said(&["check", "--baseline", ".", "shop.arch"]).contains("can't read `.`: it is a folder"));
    let said = said(&["check", "--max-findings", "x"]);
    assert!(said.contains("write a whole number, such as `100`"), "{said}");
}

#[test]
fn exit_zero_has_the_last_word_on_what_is_found() {
    let folder = Folder::new().with("broken.arch", BROKEN);
    for arguments in [
        &["check", "--exit-zero", "--fail-on", "advice", "broken.arch"][..],
        &["check", "--exit-zero", "--max-warnings", "0", "broken.arch"],
        &["check", "--exit-zero", "--diff", "broken.arch"],
    ] {
        assert_eq!(folder.run(arguments).code, Some(0), "{arguments:?}");
    }
    assert_eq!(folder.run(&["check", "--exit-zero", "nowhere.arch"]).code, Some(2));
}

/// Of an old editor: the whole text would be one line, and a comment in it the last.
#[test]
fn a_file_whose_lines_end_in_cr_alone_is_read_by_its_lines() {
    let text = "// the shop\nservice api\ndatabase orders\napi -> orders\n".replace('\n', "\r");
    let folder = Folder::new().with("old.arch", text).with("dos.arch", CLEAN.replace('\n', "\r\n"));
    let ran = folder.run(&["check", "old.arch"]);
    assert!(ran.out.contains("save the file with LF line ends"), "{}", ran.out);
    assert!(ran.out.contains("1 error in 1 file (checked 2 components, 1 link"), "{}", ran.out);
    assert_eq!(folder.run(&["check", "dos.arch", "--fail-on", "warning"]).code, Some(0));
}

#[test]
fn templates_that_double_on_each_floor_are_too_large_and_hold_no_self() {
    let mut text = String::from("template t0 : zone { service a; service b }\n");
    for at in 1..40 {
        text += &format!("template t{at} : zone {{ t{0} a; t{0} b }}\n", at - 1);
    }
    let folder = Folder::new().with("wide.arch", format!("{text}t39 all\n"));
    let folder = folder.with("self.arch", "template t : zone { u a }\ntemplate u : zone { t b }\nt all\n");
    let ran = folder.run(&["check", "--format", "concise", "wide.arch"]);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    assert!(ran.out.contains("error[LP023] elements stand in each other over 16 deep"), "{}", ran.out);
    let ran = folder.run(&["check", "--format", "concise", "self.arch"]);
    assert!(ran.out.contains("holds itself") && !ran.out.contains("LP023"), "{}", ran.out);
}

// ---- formats

#[test]
fn two_formats_share_no_file_however_it_is_spelled() {
    let folder = Folder::new().with("clean.arch", CLEAN);
    let ran = folder.run(&["check", "clean.arch", "--format", "sarif=./x.out", "--format", "json=x.out"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("would both be written to"), "{}", ran.err);
    assert!(!folder.0.join("x.out").exists());
}

#[test]
fn json_is_what_is_promised() {
    let text =
        "service api\ndatabase orders\napi -> order\napi -> api\nallow self-link on api \"they gossip\"\n";
    let folder = Folder::new().with("shop.arch", text);
    let ran = folder.run(&["check", "shop.arch", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.out).expect("the output is JSON");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&json), ["version", "tool", "files", "troubles", "findings", "suppressed", "summary"]);
    assert_eq!(json["version"], 1);
    assert_eq!(json["tool"]["name"], "loadpath");
    assert_eq!(json["files"], serde_json::json!(["shop.arch"]));
    let finding = &json["findings"][0];
    assert_eq!(
        keys(finding),
        [
            "code", "name", "level", "message", "help", "notes", "file", "element", "flows", "span",
            "related", "fix"
        ]
    );
    assert_eq!(finding["span"], serde_json::json!({ "start": 35, "end": 40, "line": 3, "column": 8 }));
    assert_eq!(finding["level"], "error");
    assert_eq!(finding["fix"]["edits"][0]["text"], "orders");
    let accepted = &json["suppressed"][0];
    assert_eq!(accepted["element"], "api -> api");
    assert_eq!(accepted["reason"], "they gossip");
    assert_eq!(json["summary"]["suppressed"], 1);
    assert_eq!(json["summary"]["components"], 2);
}

#[test]
fn a_finding_says_which_other_places_it_is_about() {
    let folder = Folder::new()
        .with("common.arch", "service orders\n")
        .with("shop.arch", "include \"common.arch\"\nservice orders\n");
    let ran = folder.run(&["check", "shop.arch", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.out).expect("the output is JSON");
    let finding = json["findings"].as_array().expect("a list").iter().find(|it| it["code"] == "LP003");
    let finding = finding.expect("the name is declared twice");
    let own = finding["file"].as_str().expect("a name");
    let other = finding["related"][0]["file"].as_str().expect("another file");
    assert!(
        [("shop.arch", "common.arch"), ("common.arch", "shop.arch")].contains(&(own, other)),
        "{own} {other}"
    );
    let pretty = folder.run(&["check", "shop.arch"]).out;
    assert!(pretty.contains("╭─[shop.arch:2:9]") && pretty.contains("╭─[common.arch:1:9]"), "{pretty}");
}

#[test]
fn output_goes_to_a_file_where_one_is_named() {
    let folder = Folder::new().with("broken.arch", BROKEN);
    let ran = folder.run(&["check", "broken.arch", "--format", "concise", "--output", "out.txt"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    let written = fs::read_to_string(folder.0.join("out.txt")).expect("it is written");
    assert!(written.starts_with("broken.arch:3:8: "));
}

#[test]
fn a_cap_leaves_findings_out_but_counts_them() {
    let folder =
        Folder::new().with("broken.arch", BROKEN.repeat(3).replace("order\n", "order\napi -> ordre\n"));
    let all = folder.run(&["check", "broken.arch", "--format", "concise"]).out.lines().count();
    let ran = folder.run(&["check", "broken.arch", "--format", "concise", "--max-findings", "2"]);
    assert_eq!(ran.out.lines().count(), 3);
    assert!(ran.out.ends_with(&format!("… and {} further findings\n", all - 2)), "{}", ran.out);
    assert_eq!(ran.code, Some(1));
}

#[test]
fn colours_are_written_when_asked_for_and_not_into_a_pipe() {
    let folder = Folder::new().with("broken.arch", BROKEN);
    let escapes = |arguments: &[&str]| folder.run(arguments).out.contains('\u{1b}');
    assert!(!escapes(&["check", "broken.arch"]));
    assert!(escapes(&["check", "broken.arch", "--color", "always"]));
    let forced =
        folder.command(&["check", "broken.arch"]).env("CLICOLOR_FORCE", "1").output().expect("it runs");
    assert!(Ran::from(forced).out.contains('\u{1b}'));
    let not = folder.command(&["check", "broken.arch"]).env("CLICOLOR_FORCE", "0").output().expect("it runs");
    assert!(!Ran::from(not).out.contains('\u{1b}'), "0 means no");
    let both = folder.command(&["check", "broken.arch"]).env("NO_COLOR", "1").output().expect("it runs");
    assert!(!Ran::from(both).out.contains('\u{1b}'));
}

#[test]
fn the_closing_line_counts_and_can_be_left_out() {
    let folder = Folder::new().with("broken.arch", BROKEN).with("clean.arch", CLEAN);
    let last = |arguments: &[&str]| folder.run(arguments).out.lines().last().unwrap_or_default().to_owned();
    let line = last(&["check", "broken.arch"]);
    assert!(line.starts_with("1 error in 1 file (checked 2 components, 0 links in "), "{line}");
    let line = last(&["check", "clean.arch"]);
    assert!(line.starts_with("no findings in 1 file (checked 2 components, 1 link in "), "{line}");
    assert_eq!(folder.run(&["check", "clean.arch", "--quiet"]).out, "");
}

// ---- what may be included

#[test]
fn nothing_outside_of_the_project_is_included() {
    let folder = Folder::new().with("outside/secret.arch", "service secret\n");
    let folder = folder.with("project/loadpath.toml", "").with("project/inner/here.arch", "service here\n");
    let code_of = |text: &str| {
        fs::write(folder.0.join("project/inner/shop.arch"), text).expect("it can be written");
        let ran = folder.run(&["check", "project/inner/shop.arch", "--format", "json"]);
        assert!(!ran.out.contains("`secret`"), "{}", ran.out);
        findings(&ran).first().map(|it| it.0.clone())
    };
    let absolute = folder.0.join("outside/secret.arch");
    for path in ["../../outside/secret.arch", "../../outside/nothing.arch", &absolute.to_string_lossy()] {
        assert_eq!(code_of(&format!("include \"{path}\"\n")).as_deref(), Some("LP019"), "{path}");
    }
    assert_eq!(code_of("include \"nothing.arch\"\n").as_deref(), Some("LP017"));
    assert_eq!(code_of("include \"../inner/here.arch\"\nservice api\napi -> here\n"), None);
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_does_not_lead_out_of_the_project() {
    let folder =
        Folder::new().with("outside/secret.arch", "service secret\n").with("project/loadpath.toml", "").with(
            "project/shop.arch",
            "include \"inside.arch\"\ninclude \"folder/secret.arch\"\nservice api\napi -> api2\n",
        );
    std::os::unix::fs::symlink("../outside/secret.arch", folder.0.join("project/inside.arch"))
        .expect("a link");
    std::os::unix::fs::symlink("../outside", folder.0.join("project/folder")).expect("a link");
    let found = findings(&folder.run(&["check", "project/shop.arch", "--format", "json"]));
    let outside: Vec<u64> = found.iter().filter(|it| it.0 == "LP019").map(|it| it.2).collect();
    assert_eq!(outside, [1, 2]);
}

/// Opening a pipe would wait for who writes to it.
#[cfg(unix)]
#[test]
fn an_included_pipe_is_not_waited_for() {
    let folder = Folder::new().with("shop.arch", "include \"pipe.arch\"\nservice api\n");
    let made = std::process::Command::new("mkfifo").arg(folder.0.join("pipe.arch")).status();
    assert!(made.expect("mkfifo is part of every system").success());
    let found = findings(&folder.run(&["check", "shop.arch", "--format", "json"]));
    assert!(found.iter().any(|it| it.0 == "LP017" && it.2 == 1));
}

#[cfg(unix)]
#[test]
fn a_circle_of_includes_ends_also_through_symbolic_links() {
    let folder = Folder::new()
        .with("a.arch", "include \"b.arch\"\nservice a\n")
        .with("b.arch", "include \"a.arch\"\ninclude \"again/b.arch\"\nservice b\n");
    std::os::unix::fs::symlink(".", folder.0.join("again")).expect("a link");
    let found = findings(&folder.run(&["check", "a.arch", "--format", "json"]));
    let circles: Vec<_> = found.iter().filter(|it| it.0 == "LP018").map(|it| (it.1.as_str(), it.2)).collect();
    assert_eq!(circles, [("b.arch", 1), ("b.arch", 2)]);
}

#[test]
fn what_is_included_twice_is_read_once() {
    let folder = Folder::new()
        .with("common.arch", "database orders\n")
        .with("a.arch", "include \"common.arch\"\n")
        .with("shop.arch", "include \"a.arch\"\ninclude \"./common.arch\"\nservice api\napi -> orders\n");
    let ran = folder.run(&["check", "shop.arch", "--format", "json"]);
    assert_eq!(findings(&ran), []);
    let json: Value = serde_json::from_str(&ran.out).expect("the output is JSON");
    assert_eq!(json["files"], serde_json::json!(["shop.arch", "a.arch", "common.arch"]));
}

// ---- input that means harm

#[test]
fn any_bytes_give_findings_or_a_clear_error() {
    let deep = format!("{}{}", "group g { ".repeat(5_000), "}".repeat(5_000));
    let hostile: &[(&str, Vec<u8>)] = &[
        ("nothing", Vec::new()),
        ("zeros", vec![0; 1_000]),
        ("escapes", b"service \x1b[2J\x1b]0;owned\x07 x\n".to_vec()),
        ("brackets", vec![b'{'; 1_000_000]),
        ("deep", deep.into_bytes()),
        ("quote", b"system \"never closed".to_vec()),
        ("comment", b"/* never closed".to_vec()),
        ("arrows", b"->".repeat(100_000)),
        ("one line", format!("service a {}", "x ".repeat(5_000_000)).into_bytes()),
    ];
    for (name, bytes) in hostile {
        let folder = Folder::new().with("hostile.arch", bytes);
        let ran = folder.run(&["check", "hostile.arch"]);
        assert!(matches!(ran.code, Some(0 | 1)), "{name}: {:?} {}", ran.code, ran.err);
        assert!(
            !ran.out.contains(['\u{1b}', '\u{7}', '\0']),
            "{name}: a control character reaches the terminal"
        );
        assert!(ran.out.lines().all(|line| line.chars().count() < 1_000), "{name}: a line is endless");
    }
}

/// Trojan Source: with such a mark in a comment or a label, a line reads otherwise than it is.
#[test]
fn what_turns_the_direction_of_text_is_an_error_and_never_shown() {
    const MARKS: [char; 9] = [
        '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
        '\u{2069}',
    ];
    for mark in MARKS {
        let clean = "service api \"API\" // internal\nclient app\napp -> api\n";
        let text =
            clean.replace("API", &format!("A{mark}PI")).replace("internal", &format!("{mark}internal"));
        let folder = Folder::new().with("turned.arch", &text);
        let said = format!("the control character U+{:04X} stands in the text", u32::from(mark));
        let ran = folder.run(&["check", "turned.arch"]);
        assert_eq!((ran.code, ran.out.matches(&said).count()), (Some(1), 2), "{}", ran.out);
        for command in
            [&["check"][..], &["check", "--format", "concise"], &["report"], &["estimate"], &["graph"]]
        {
            let ran = folder.run(&[command, &["turned.arch"]].concat());
            assert!(!ran.out.contains(MARKS) && !ran.err.contains(MARKS), "{command:?}: {}", ran.out);
        }
        assert_eq!(folder.run(&["fmt", "turned.arch"]).code, Some(2));
        folder.run(&["check", "--fix", "turned.arch"]);
        assert_eq!(fs::read_to_string(folder.0.join("turned.arch")).expect("it is there"), clean);
    }
}

#[test]
fn what_is_no_utf8_is_named_with_its_place() {
    let folder = Folder::new().with("bad.arch", b"service a\n// \xff\xfe\n").with("clean.arch", CLEAN);
    let ran = folder.run(&["check", "bad.arch", "clean.arch"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("`bad.arch` is not UTF-8 text: byte 13"), "{}", ran.err);
    assert!(ran.out.contains("no findings in 1 file"), "{}", ran.out);
    let folder = folder.with("shop.arch", "include \"bad.arch\"\nservice api\n");
    assert_eq!(findings(&folder.run(&["check", "shop.arch", "--format", "json"]))[0].0, "LP017");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_says_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new().with("locked.arch", CLEAN);
    std::os::unix::fs::symlink("gone.arch", folder.0.join("dangling.arch")).expect("a link");
    let ran = folder.run(&["check", "dangling.arch"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("`dangling.arch` does not exist"), "{}", ran.err);
    let locked = folder.0.join("locked.arch");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).expect("it is ours");
    // To the superuser nothing is locked.
    if fs::read(&locked).is_err() {
        let ran = folder.run(&["check", "locked.arch"]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains("can't read `locked.arch`: permission denied"), "{}", ran.err);
    }
}

#[test]
fn a_reader_who_goes_away_ends_it_quietly() {
    let folder = Folder::new().with("broken.arch", format!("service api\n{}", "api -> nobody\n".repeat(900)));
    let mut command = folder.command(&["check", "broken.arch"]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut first = [0; 16];
    child.stdout.take().expect("it is piped").read_exact(&mut first).expect("it writes");
    // Its end of the pipe is closed here.
    let ran = Ran::from(child.wait_with_output().expect("it ends"));
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
}

// ---- the other commands

#[test]
fn explain_takes_a_code_or_a_name_in_any_case_and_suggests_the_nearest() {
    let folder = Folder::new();
    let by_code = folder.run(&["explain", "lp014"]);
    assert_eq!(by_code.code, Some(0));
    assert!(by_code.out.starts_with("# LP014 synchronous-cycle\n"), "{}", by_code.out);
    assert!(!by_code.out.contains("// finding"), "the marks are the tests' own");
    assert_eq!(folder.run(&["explain", "Synchronous-Cycle"]).out, by_code.out);
    let ran = folder.run(&["explain", "synchronus-cycle"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("did you mean `synchronous-cycle`?"), "{}", ran.err);
}

/// Prose has 80 columns off a terminal, and as many as there are on one; examples stay as they are.
#[test]
fn what_a_rule_says_is_set_to_the_width_there_is() {
    let folder = Folder::new();
    let columns = |line: &str| line.chars().count();
    let mut words = 0;
    for rule in loadpath::rules::RULES {
        let shown = folder.run(&["explain", rule.code]).out;
        let mut is_fence = false;
        for line in shown.lines() {
            is_fence ^= line.trim_start().starts_with("```");
            let is_one_word = !line.trim_start_matches(['-', ' ']).contains(' ');
            assert!(is_fence || is_one_word || columns(line) <= 80, "{}: {line}", rule.code);
        }
        let said = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let whole = loadpath::report::docs::markdown(rule);
        assert!(said(&shown).ends_with(&said(&whole)), "{}: no word is lost", rule.code);
        words += said(&whole).len();
    }
    assert!(words > 10_000);
    let terminal = |command: &str, width: usize| {
        let inner = format!("stty rows 24 cols {width}; '{}' {command}", env!("CARGO_BIN_EXE_loadpath"));
        let mut script = Command::new("script");
        script.args(["-qec", &inner, "/dev/null"]).stdin(Stdio::null());
        let out = script.output().expect("util-linux has `script`").stdout;
        String::from_utf8(out).expect("it is UTF-8").replace('\r', "")
    };
    let narrow = terminal("rules", 80);
    assert!(narrow.lines().all(|it| columns(it) <= 80), "{narrow}");
    assert!(narrow.lines().count() > loadpath::rules::RULES.len());
    let narrow = terminal("explain LP101", 60);
    let prose = narrow.split("```").step_by(2).flat_map(str::lines);
    assert!(prose.clone().all(|it| columns(it) <= 60), "{narrow}");
    assert!(prose.map(columns).max() > Some(50), "{narrow}");
}

#[test]
fn rules_are_listed_for_readers_documents_and_programs() {
    let folder = Folder::new();
    let count = loadpath::rules::RULES.len();
    assert_eq!(folder.run(&["rules"]).out.lines().count(), count);
    assert_eq!(folder.run(&["rules", "--format", "markdown"]).out.lines().count(), count + 2);
    let json: Value =
        serde_json::from_str(&folder.run(&["rules", "--format", "json"]).out).expect("it is JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(count));
    assert_eq!(json[0]["code"], "LP001");
}

#[test]
fn fmt_writes_the_one_form_and_keeps_the_file_permissions() {
    let folder = Folder::new().with("shop.arch", "service   api\ndatabase orders\napi->orders\n");
    let path = folder.0.join("shop.arch");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
    }
    let before = fs::read_to_string(&path).expect("it can be read");
    assert_eq!(folder.run(&["fmt", "--check", "shop.arch"]).code, Some(1));
    assert_eq!(fs::read_to_string(&path).expect("it can be read"), before, "a check changes nothing");
    let ran = folder.run(&["fmt", "shop.arch"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    let formatted = fs::read_to_string(&path).expect("it can be read");
    assert!(formatted.contains("api -> orders"), "{formatted}");
    assert_eq!(folder.run(&["fmt", "--check", "."]).code, Some(0));
    assert_eq!(folder.run_with(&["fmt", "-"], before.as_bytes()).out, formatted);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o640);
    }
    let others = fs::read_dir(&folder.0).expect("it can be read").count();
    assert_eq!(others, 2, "nothing is left lying about");
}

#[test]
fn fmt_leaves_a_file_that_it_can_not_read_as_it_is() {
    let text = "service   api {\napi > orders\n";
    let folder = Folder::new().with("shop.arch", text);
    let ran = folder.run(&["fmt", "shop.arch"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("`shop.arch` stays as it is"), "{}", ran.err);
    assert_eq!(fs::read_to_string(folder.0.join("shop.arch")).expect("it can be read"), text);
}

#[test]
fn fmt_diff_shows_what_it_would_change() {
    let folder = Folder::new().with("shop.arch", "service api\ndatabase orders\napi->orders\n");
    let ran = folder.run(&["fmt", "--diff", "shop.arch"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("-api->orders\n+api -> orders\n"), "{}", ran.out);
    let text = fs::read_to_string(folder.0.join("shop.arch")).expect("it can be read");
    assert!(text.contains("api->orders"), "a diff changes nothing");
}

#[test]
fn init_writes_a_design_that_is_clean_and_in_its_form_and_never_overwrites() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["init"]).code, Some(0));
    let ran = folder.run(&["check", "design.arch", "--fail-on", "warning"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert_eq!(folder.run(&["fmt", "--check", "design.arch"]).code, Some(0));
    fs::write(folder.0.join("design.arch"), "mine\n").expect("it can be written");
    let ran = folder.run(&["init", "."]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("is there already"), "{}", ran.err);
    assert_eq!(fs::read_to_string(folder.0.join("design.arch")).expect("it can be read"), "mine\n");
}

#[test]
fn completions_are_written_for_the_shells() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish"] {
        let ran = folder.run(&["completions", shell]);
        assert!(ran.code == Some(0) && ran.out.contains("loadpath"), "{shell}");
    }
}

// ---- fixes

/// A design with a misspelt name (safe) and a queue that does not say what happens when it is full (unsafe).
const MENDABLE: &str = "service api // asks\nqueue jobs : rabbitmq { max_length = 10, dead_letter }\nworker mailer { idempotent }\n\
                        api ~> jbos\njobs ~> mailer\n";

#[test]
fn fixes_are_made_in_place_and_what_is_left_is_told() {
    let folder = Folder::new().with("shop.arch", MENDABLE);
    let ran = folder.run(&["check", "--fix", "shop.arch"]);
    let text = fs::read_to_string(folder.0.join("shop.arch")).expect("it is there");
    assert_eq!(text, MENDABLE.replace("~> jbos\n", "~> jobs\n"), "only the safe one is made");
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert!(ran.out.contains("warning[LP202]") && !ran.out.contains("LP002"), "{}", ran.out);
    assert!(ran.out.contains("1 mended; 1 can be mended by `--fix --unsafe-fixes`"), "{}", ran.out);
    let ran = folder.run(&["check", "--fix", "--unsafe-fixes", "shop.arch"]);
    assert!(ran.out.contains("1 mended\n") && !ran.out.contains("LP202"), "{}", ran.out);
    let text = fs::read_to_string(folder.0.join("shop.arch")).expect("it is there");
    assert!(text.contains("{ max_length = 10, dead_letter, on_full = reject }"), "{text}");
}

#[test]
fn a_difference_is_shown_and_nothing_written() {
    let folder = Folder::new().with("shop.arch", MENDABLE).with("clean.arch", CLEAN);
    let ran = folder.run(&["check", "--diff", "."]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.starts_with("--- a/shop.arch\n+++ b/shop.arch\n"), "{}", ran.out);
    assert!(ran.out.contains("\n-api ~> jbos\n+api ~> jobs\n"), "{}", ran.out);
    assert!(!ran.out.contains("on_full"), "{}", ran.out);
    assert_eq!(fs::read_to_string(folder.0.join("shop.arch")).expect("it is there"), MENDABLE);
    let ran = folder.run(&["check", "--diff", "clean.arch"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
}

#[test]
fn a_mended_standard_input_goes_out_and_its_findings_beside_it() {
    let folder = Folder::new();
    let ran = folder.run_with(&["check", "--fix", "-"], MENDABLE.as_bytes());
    assert_eq!(ran.out, MENDABLE.replace("~> jbos\n", "~> jobs\n"));
    assert!(ran.err.contains("LP202"), "{}", ran.err);
    let ran = folder.run_with(&["check", "--fix", "-"], CLEAN.as_bytes());
    assert_eq!(ran.out, CLEAN, "an editor's filter gets its text back");
}

#[test]
fn only_files_that_were_asked_for_are_mended() {
    let folder = Folder::new()
        .with("lib/common.arch", "queue mails : rabitmq { max_lenght = 10 }\n")
        .with("a/shop.arch", "include \"../lib/common.arch\"\nservice api\napi ~> mails\n");
    let read = |name: &str| fs::read_to_string(folder.0.join(name)).expect("it is there");
    folder.run(&["check", "--fix", "a/shop.arch"]);
    assert!(read("lib/common.arch").contains("max_lenght"), "nobody asked for it");
    let ran = folder.run(&["check", "--fix", "."]);
    assert!(read("lib/common.arch").contains("max_length = 10"), "{}\n{}", ran.out, ran.err);
}

#[test]
fn a_file_that_several_designs_include_is_mended_once() {
    let design = "include \"common.arch\"\nservice api\napi ~> mails\n";
    let folder = Folder::new()
        .with("common.arch", "queue mails { max_lenght = 10 }\n")
        .with("one.arch", design)
        .with("two.arch", design);
    let ran = folder.run(&["check", "--fix", "."]);
    assert!(ran.out.contains("1 mended"), "{}", ran.out);
    let text = fs::read_to_string(folder.0.join("common.arch")).expect("it is there");
    assert_eq!(text, "queue mails { max_length = 10 }\n");
}

#[test]
fn what_is_taken_out_takes_its_line_with_it() {
    let text = "service api\n  allow LP301 on api \"no more\"  \nservice b; api -> b; api -> b ; b -> c\nservice c\n";
    let folder = Folder::new().with("shop.arch", text);
    let ran = folder.run(&["check", "--fix", "--unsafe-fixes", "shop.arch"]);
    let text = fs::read_to_string(folder.0.join("shop.arch")).expect("it is there");
    assert_eq!(text, "service api\nservice b; api -> b; b -> c\nservice c\n", "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn a_mended_file_keeps_its_permissions_and_its_place_behind_a_link() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = Folder::new().with("real.arch", MENDABLE);
    let real = folder.0.join("real.arch");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("they can be set");
    symlink("real.arch", folder.0.join("shop.arch")).expect("it can be made");
    folder.run(&["check", "--fix", "shop.arch"]);
    assert!(fs::symlink_metadata(folder.0.join("shop.arch")).expect("it is there").is_symlink());
    assert_eq!(fs::metadata(&real).expect("it is there").permissions().mode() & 0o777, 0o640);
    assert!(fs::read_to_string(&real).expect("it is there").contains("api ~> jobs"));
}
