//! The configuration on the command line: which holds for which design, what is left out, what is known, what fails.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::{Folder, Ran};

/// An error and three warnings: `orders` is published, and is reached in the clear.
const OPEN: &str = "\
system \"Shop\" { team = 3 }
client browser
service api
database orders { published = [5432], data = [pii] }
browser -> api : http
api -> orders : http
";

/// The codes of a run in `concise`, each with its level, sorted.
fn codes(ran: &Ran) -> Vec<String> {
    let mut codes: Vec<String> = ran
        .out
        .lines()
        .filter_map(|line| line.split_once(']').and_then(|(head, _)| head.rsplit_once(' ')))
        .map(|(_, level)| level.replace('[', " "))
        .collect();
    codes.sort();
    codes
}

fn concise(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.run(&[&["check", "--format", "concise"], arguments].concat())
}

#[test]
fn the_nearest_configuration_holds_for_each_design() {
    let folder = Folder::new()
        .with("loadpath.toml", "select = [\"LP504\"]\n")
        .with("a/open.arch", OPEN)
        .with("b/loadpath.toml", "select = [\"LP503\"]\n")
        .with("b/c/open.arch", OPEN);
    let ran = concise(&folder, &[]);
    assert_eq!(ran.code, Some(1));
    let found: Vec<(&str, bool)> = ran
        .out
        .lines()
        .map(|line| (line.split(':').next().expect("a file"), line.contains("LP504")))
        .collect();
    assert!(
        found.contains(&("a/open.arch", true)) && !found.contains(&("b/c/open.arch", true)),
        "{}",
        ran.out
    );
    assert!(!found.contains(&("a/open.arch", false)));
    let one = concise(&folder, &["--config", "loadpath.toml"]);
    assert_eq!(codes(&one), ["error LP504", "error LP504"]);
    assert!(codes(&concise(&folder, &["--isolated"])).len() > 4);
}

#[test]
fn standard_input_takes_the_configuration_of_its_name() {
    let folder = Folder::new().with("deep/loadpath.toml", "select = [\"LP504\"]\n");
    let ran = folder
        .run_with(&["check", "-", "--stdin-filename", "deep/x.arch", "--format", "concise"], OPEN.as_bytes());
    assert_eq!(codes(&ran), ["error LP504"]);
}

#[test]
fn the_command_line_has_the_last_word() {
    let folder = Folder::new()
        .with("loadpath.toml", "select = [\"LP504\"]\nfail-on = \"never\"\n[levels]\nLP504 = \"warning\"\n")
        .with("open.arch", OPEN);
    let ran = concise(&folder, &["open.arch"]);
    assert_eq!((codes(&ran), ran.code), (vec!["warning LP504".to_owned()], Some(0)));
    let ran =
        concise(&folder, &["open.arch", "--select", "security", "--ignore", "LP504", "--fail-on", "error"]);
    assert!(codes(&ran).iter().all(|it| it.contains("LP5") && !it.contains("LP504")), "{}", ran.out);
    assert_eq!(concise(&folder, &["open.arch", "--fail-on", "warning"]).code, Some(1));
    assert_eq!(concise(&folder, &["open.arch", "--max-warnings", "0"]).code, Some(1));
    assert_eq!(concise(&folder, &["open.arch", "--max-warnings", "1"]).code, Some(0));
    let ran = concise(&folder, &["open.arch", "--extend-select", "LP501,LP503"]);
    assert!(codes(&ran).contains(&"warning LP504".to_owned()) && codes(&ran).len() > 1, "{}", ran.out);
}

/// A selector that takes nothing must not pass for silence.
#[test]
fn what_takes_no_rule_ends_with_2() {
    let folder = Folder::new().with("open.arch", OPEN);
    for arguments in
        [["--select", "LP999"], ["--ignore", "securty"], ["--extend-select", ""], ["--ignore", "LP001"]]
    {
        let ran = concise(&folder, &[&["open.arch"], &arguments[..]].concat());
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ran.err.contains("invalid value"), "{}", ran.err);
    }
}

#[test]
fn a_configuration_that_makes_no_sense_is_fatal_and_shown() {
    let folder = Folder::new().with("loadpath.toml", "slect = [\"LP1\"]\n").with("open.arch", OPEN);
    let ran = concise(&folder, &["open.arch"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(
        ran.err.contains("loadpath.toml:1:1") && ran.err.contains("did you mean `select`?"),
        "{}",
        ran.err
    );
    assert_eq!(concise(&folder, &["open.arch", "--isolated"]).code, Some(1));
    let ran = folder.run(&["report", "open.arch"]);
    assert_eq!((ran.code, ran.err.contains("did you mean `select`?")), (Some(2), true));
    let ran = concise(&folder, &["open.arch", "--config", "nowhere.toml"]);
    assert_eq!((ran.code, ran.err.contains("`nowhere.toml` does not exist")), (Some(2), true), "{}", ran.err);
}

#[test]
fn a_configuration_goes_on_from_another_and_not_in_a_circle() {
    let folder = Folder::new()
        .with("company.toml", "select = [\"LP504\", \"LP503\"]\n")
        .with("team/loadpath.toml", "extend = \"../company.toml\"\nignore = [\"LP503\"]\n")
        .with("team/open.arch", OPEN)
        .with("round/loadpath.toml", "extend = \"other.toml\"\n")
        .with("round/other.toml", "extend = \"loadpath.toml\"\n")
        .with("round/open.arch", OPEN);
    assert_eq!(codes(&concise(&folder, &["team"])), ["error LP504"]);
    let ran = concise(&folder, &["round"]);
    assert_eq!((ran.code, ran.err.contains("in a circle")), (Some(2), true), "{}", ran.err);
}

#[test]
fn what_is_excluded_is_not_looked_for_and_with_force_not_taken() {
    let folder = Folder::new()
        .with("loadpath.toml", "exclude = [\"drafts/\", \"*.old.arch\"]\nselect = [\"LP504\"]\n")
        .with("open.arch", OPEN)
        .with("open.old.arch", OPEN)
        .with("drafts/deep/open.arch", OPEN)
        .with("more/open.arch", OPEN);
    assert_eq!(codes(&concise(&folder, &["."])).len(), 2);
    assert_eq!(codes(&concise(&folder, &[".", "--exclude", "more"])).len(), 1);
    let named = ["open.arch", "drafts/deep/open.arch"];
    assert_eq!(codes(&concise(&folder, &named)).len(), 2);
    assert_eq!(codes(&concise(&folder, &[&named[..], &["--force-exclude"]].concat())).len(), 1);
    let ran = concise(&folder, &["drafts/deep/open.arch", "--force-exclude"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
}

/// An editor gives its text by standard input, and puts what it gets in its place.
#[test]
fn what_is_excluded_is_not_taken_from_standard_input_either() {
    let folder = Folder::new().with("loadpath.toml", "exclude = [\"old/\"]\n").with("old/x.arch", "");
    let text = "servce   api\n";
    for (name, more) in [("drafts/y.arch", &["--exclude", "drafts"][..]), ("old/y.arch", &[])] {
        let named = [&["--stdin-filename", name, "-"], more].concat();
        let forced = [&named[..], &["--force-exclude"]].concat();
        let ran = folder.run_with(&[&["check"], &named[..]].concat(), text.as_bytes());
        assert_eq!(ran.code, Some(1), "{name}: {}", ran.err);
        let ran = folder.run_with(&[&["check"], &forced[..]].concat(), text.as_bytes());
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""), "{name}");
        for command in [&["fmt"][..], &["check", "--fix"]] {
            let ran = folder.run_with(&[command, &forced[..]].concat(), text.as_bytes());
            assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), text, ""), "{name}");
        }
    }
}

#[test]
fn fmt_leaves_out_what_check_leaves_out() {
    let loose = "service   api\n";
    let folder = Folder::new()
        .with("loadpath.toml", "exclude = [\"drafts/\"]\n")
        .with("other.toml", "exclude = [\"/open.arch\"]\n")
        .with("open.arch", loose)
        .with("drafts/open.arch", loose);
    let open = "open.arch is not in its form\n";
    let draft = "drafts/open.arch is not in its form\n";
    let both = format!("{draft}{open}");
    for (arguments, told) in [
        (&["."][..], open),
        (&[".", "--isolated"], &both),
        (&[".", "--config", "other.toml"], draft),
        (&[".", "--exclude", "/open.arch"], ""),
        (&["drafts/open.arch"], draft),
        (&["drafts/open.arch", "--force-exclude"], ""),
    ] {
        let ran = folder.run(&[&["fmt", "--check"], arguments].concat());
        let code = Some(i32::from(!told.is_empty()));
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (code, told, ""), "{arguments:?}");
    }
    assert_eq!(folder.run(&["fmt", "--force-exclude", "open.arch", "drafts/open.arch"]).code, Some(0));
    let text = |name: &str| fs::read_to_string(folder.0.join(name)).expect("it is there");
    assert_eq!((text("open.arch").as_str(), text("drafts/open.arch").as_str()), ("service api\n", loose));
    let folder = folder.with("loadpath.toml", "exclude = 3\n");
    assert_eq!(folder.run(&["fmt", "."]).code, Some(2));
}

/// A design that could not be read without guessing never passes for reviewed, whatever was known of it.
#[test]
fn no_baseline_knows_what_breaks_the_language() {
    let broken = format!("{OPEN}api > nowhere\napi -> nope\n");
    let folder = Folder::new().with("open.arch", &broken);
    let with = ["open.arch", "--baseline", "known.json"];
    let ran = folder.run(&[&["check", "--write-baseline"], &with[..]].concat());
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let written = fs::read_to_string(folder.0.join("known.json")).expect("it is written");
    assert!(written.contains("public-datastore") && !written.contains("syntax"), "{written}");
    assert!(!written.contains("unknown-name"), "{written}");
    assert_eq!(codes(&concise(&folder, &with)), ["error LP001", "error LP002"]);
    // Nor does one that was made by hand.
    let entries = ["syntax", "unknown-name"]
        .map(|rule| format!(r#"{{"file":"open.arch","rule":"{rule}","element":"system","count":9}}"#));
    let known = format!(r#"{{"version":1,"findings":[{}]}}"#, entries.join(","));
    let ran = concise(&folder.with("known.json", known), &with);
    let told = codes(&ran);
    assert!(["error LP001", "error LP002"].iter().all(|it| told.iter().any(|told| told == it)), "{told:?}");
}

/// A baseline knows findings by file, rule and element: an edit elsewhere makes none of them new.
#[test]
fn only_what_a_baseline_does_not_know_is_told() {
    let folder = Folder::new().with("designs/open.arch", OPEN);
    let with = ["designs", "--baseline", "known.json"];
    let missing = concise(&folder, &with);
    assert_eq!((missing.code, missing.err.contains("`known.json` does not exist")), (Some(2), true));
    let written = folder.run(&[&["check", "--write-baseline"], &with[..]].concat());
    assert_eq!(written.code, Some(0), "{}", written.err);
    assert!(written.out.contains(" known in "), "{}", written.out);
    let moved = format!("// one\n// two\n{OPEN}").replace("browser -> api", "browser  ->  api");
    let folder = folder.with("designs/open.arch", moved);
    let ran = concise(&folder, &with);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    let folder = folder.with(
        "designs/open.arch",
        format!("{OPEN}database more {{ published = [1], data = [pii] }}\napi -> more\n"),
    );
    let ran = concise(&folder, &with);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out
            .lines()
            .all(|line| line.contains("`more`") || line.contains("api -> more") || line.contains("LP2")),
        "{}",
        ran.out
    );
}

#[test]
fn what_a_baseline_knows_in_vain_is_told_and_pruned() {
    let folder = Folder::new().with("open.arch", OPEN);
    folder.run(&["check", "--baseline", "known.json", "--write-baseline"]);
    let before = fs::read_to_string(folder.0.join("known.json")).expect("it is written");
    let folder = folder.with("open.arch", OPEN.replace("published = [5432], ", ""));
    let ran = folder.run(&["check", "--baseline", "known.json"]);
    assert!(
        ran.out.contains("1 finding of the baseline not met any more: `--write-baseline` takes them out"),
        "{}",
        ran.out
    );
    folder.run(&["check", "--baseline", "known.json", "--write-baseline"]);
    let after = fs::read_to_string(folder.0.join("known.json")).expect("it is written");
    assert_eq!(after.lines().count(), before.lines().count() - 1);
    assert!(!after.contains("public-datastore"));
}

#[test]
fn a_baseline_that_can_not_be_read_is_fatal() {
    let folder =
        Folder::new().with("open.arch", OPEN).with("known.json", "{\"version\": 2, \"findings\": []}");
    let ran = concise(&folder, &["--baseline", "known.json"]);
    assert_eq!((ran.code, ran.err.contains("version 2")), (Some(2), true), "{}", ran.err);
    let folder = folder.with("known.json", "[]");
    assert_eq!(concise(&folder, &["--baseline", "known.json"]).code, Some(2));
    let ran = concise(&folder, &["--write-baseline"]);
    assert_eq!((ran.code, ran.err.contains("`--baseline` names")), (Some(2), true), "{}", ran.err);
}

/// What was not looked at is neither called stale nor taken out.
#[test]
fn a_run_over_a_part_leaves_the_rest_of_a_baseline_alone() {
    let folder = Folder::new().with("one.arch", OPEN).with("two.arch", OPEN);
    let with = |arguments: &[&str]| folder.run(&[&["check", "--baseline", "known.json"], arguments].concat());
    with(&["--write-baseline", "--profile", "review", "."]);
    let read = || fs::read_to_string(folder.0.join("known.json")).expect("it is written");
    let all = read();
    for arguments in [&["one.arch"][..], &["--select", "LP504", "."], &["--ignore", "LP5", "."], &["."]] {
        let ran = with(arguments);
        assert!(!ran.out.contains("not met any more"), "{arguments:?}: {}", ran.out);
        with(&[&["--write-baseline"], arguments].concat());
        assert_eq!(read(), all, "{arguments:?}");
    }
    // Nothing is written where not all could be read.
    let ran = with(&["--write-baseline", "one.arch", "nowhere.arch"]);
    assert_eq!((ran.code, ran.err.contains("is not written, for not all could be read")), (Some(2), true));
    assert_eq!(read(), all);
    // A file that is gone from a folder that was looked through was looked for.
    fs::remove_file(folder.0.join("two.arch")).expect("it is there");
    assert!(!with(&["one.arch"]).out.contains("not met any more"));
    assert!(with(&["."]).out.contains("not met any more"));
    with(&["--write-baseline", "."]);
    assert!(read().contains("one.arch") && !read().contains("two.arch"), "{}", read());
}

#[test]
fn a_baseline_knows_a_file_however_it_is_spelled() {
    let folder = Folder::new().with("bl/shop.arch", OPEN).with("shop.arch", OPEN);
    folder.run(&["check", "--baseline", "bl/known.json", "--write-baseline", "bl", "shop.arch"]);
    let absolute = folder.0.join("bl/shop.arch");
    let absolute = absolute.to_string_lossy();
    for (place, file) in
        [("bl", "../bl/shop.arch"), ("bl", "./shop.arch"), ("bl", &absolute), ("bl", "../shop.arch")]
    {
        let mut command = folder.command(&["check", "--format", "concise", "--baseline", "known.json", file]);
        let ran = Ran::from(command.current_dir(folder.0.join(place)).output().expect("it starts"));
        assert_eq!((ran.out.as_str(), ran.code), ("", Some(0)), "{file}: {}", ran.err);
    }
}

#[test]
fn what_a_configuration_names_in_vain_is_shown_with_its_place() {
    let folder = Folder::new().with("open.arch", OPEN).with("company.toml", "baseline = \"gone.json\"\n");
    for (text, said) in [
        ("extend = \"nope.toml\"", ["`nope.toml` does not exist", "[loadpath.toml:1:10]"]),
        ("extend = \"loadpath.toml\"", ["leads in a circle", "[loadpath.toml:1:10]"]),
        ("baseline = \"known.json\"", ["`loadpath check --write-baseline`", "[loadpath.toml:1:12]"]),
        ("baseline = \"open.arch\"", ["`open.arch` is no baseline", "[loadpath.toml:1:12]"]),
        ("extend = \"company.toml\"", ["`gone.json` does not exist", "[company.toml:1:12]"]),
        ("exclude = [\"a\", \"[\"]", ["`[` is no pattern", "[loadpath.toml:1:17]"]),
        (
            "[levels]\nLP101 = \"off\"\nsingle-point-of-failure = \"error\"",
            ["has two levels", "[loadpath.toml:3:1]"],
        ),
    ] {
        fs::write(folder.0.join("loadpath.toml"), format!("{text}\n")).expect("it can be written");
        let ran = concise(&folder, &["open.arch"]);
        assert_eq!(ran.code, Some(2), "{text}");
        assert!(said.iter().all(|it| ran.err.contains(it)), "{text}: {}", ran.err);
    }
    let ran = concise(&folder, &["open.arch", "--isolated", "--exclude", "["]);
    assert_eq!((ran.code, ran.err.contains("`[` is no pattern")), (Some(2), true), "{}", ran.err);
    let ran = concise(&folder, &["open.arch", "--isolated", "--baseline", "known.json"]);
    assert!(ran.err.contains("does not exist; `--write-baseline` makes one"), "{}", ran.err);
}

/// What is called like a configuration and can't be read as one must not pass for none.
#[cfg(unix)]
#[test]
fn a_configuration_that_is_no_file_is_fatal() {
    let folder =
        Folder::new().with("a/loadpath.toml/x", "").with("a/open.arch", OPEN).with("b/open.arch", OPEN);
    std::os::unix::fs::symlink("nowhere", folder.0.join("b/loadpath.toml")).expect("a link");
    let ran = concise(&folder, &["a/open.arch"]);
    assert_eq!(
        (ran.code, ran.err.contains("`a/loadpath.toml`: it is a folder")),
        (Some(2), true),
        "{}",
        ran.err
    );
    let ran = concise(&folder, &["b/open.arch"]);
    assert_eq!((ran.code, ran.err.contains("is a link that leads nowhere")), (Some(2), true), "{}", ran.err);
}

/// Where the baseline is configured, its path and the names in it start from the configuration.
#[test]
fn a_baseline_of_the_configuration_is_the_same_from_every_folder() {
    let folder =
        Folder::new().with("loadpath.toml", "baseline = \"known.json\"\n").with("deep/open.arch", OPEN);
    assert_eq!(folder.run(&["check", "--write-baseline"]).code, Some(0));
    assert_eq!(concise(&folder, &[]).out, "");
    let mut command = folder.command(&["check", "--format", "concise", "open.arch"]);
    let ran = Ran::from(command.current_dir(folder.0.join("deep")).output().expect("it starts"));
    assert_eq!((ran.out.as_str(), ran.code), ("", Some(0)), "{}", ran.err);
}

#[test]
fn what_a_design_accepts_is_shown_to_who_asks() {
    let folder = Folder::new().with("open.arch", format!("{OPEN}allow LP504 on orders \"until May\"\n"));
    let arguments = ["open.arch", "--select", "LP504"];
    assert_eq!(concise(&folder, &arguments).out, "");
    assert_eq!(codes(&concise(&folder, &[&arguments[..], &["--no-suppressions"]].concat())), ["error LP504"]);
}

#[test]
fn the_settings_are_shown_with_where_they_come_from() {
    let folder = Folder::new().with(
        "loadpath.toml",
        "profile = \"review\"\nignore = [\"LP5\"]\n[levels]\nmissing-timeout = \"error\"\n[engine.acme]\nlike = \"mysql\"\ncapacity = \"9k/s\"\n",
    );
    let folder = folder.with("open.arch", OPEN);
    let ran = folder.run(&["check", "--show-settings", "open.arch"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for line in [
        "profile = \"review\"",
        "fail-on = \"error\"",
        "missing-timeout = \"error\"",
        "public-datastore = \"off\"",
        "# missed-slo = \"error | warning\"",
        "[engine.acme] # from loadpath.toml",
        "like = \"mysql\"",
        "capacity = \"9k/s\"",
    ] {
        assert!(ran.out.lines().any(|it| it == line), "{line}\n{}", ran.out);
    }
    // What is shown is a configuration again, which says the same.
    let again = ran.out.clone();
    let folder = folder.with("loadpath.toml", again);
    let shown = folder.run(&["check", "--show-settings", "open.arch"]).out;
    assert_eq!(shown, ran.out);
}

/// A company's figures hold for all commands.
#[test]
fn an_engine_of_ones_own_is_reckoned_with_everywhere() {
    let folder = Folder::new()
        .with("loadpath.toml", "[engine.acme]\nlike = \"postgres\"\nread_capacity = \"123/s\"\n")
        .with(
            "shop.arch",
            "client app { reads = 90/s }\nservice api x9\ndatabase orders : acme x1\napp -> api -> orders\n",
        );
    // 270/s at peak.
    for (command, told) in [("report", "220%"), ("estimate", "270/s reads ÷ 123/s")] {
        let ran = folder.run(&[command, "shop.arch"]);
        assert!(ran.out.contains(told), "{command}\n{}{}", ran.out, ran.err);
        assert!(!folder.run(&[command, "shop.arch", "--isolated"]).out.contains(told));
    }
}

#[test]
fn a_watched_design_is_reviewed_again_when_it_changes() {
    let folder = Folder::new().with("loadpath.toml", "select = [\"LP504\"]\n").with("open.arch", OPEN);
    let mut command = folder.command(&["check", "--watch", "--format", "concise", "open.arch"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let (sender, lines) = std::sync::mpsc::channel();
    let out = BufReader::new(child.stdout.take().expect("it is piped"));
    std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    let patience = Duration::from_mins(1);
    let first = lines.recv_timeout(patience).expect("it is reviewed once");
    assert!(first.contains("4:"), "{first}");
    let begun = Instant::now();
    let mut second = None;
    // The time of a file may be no finer than a second.
    while second.is_none() && begun.elapsed() < patience {
        fs::write(folder.0.join("open.arch"), format!("// moved\n{OPEN}")).expect("it can be written");
        second = lines.recv_timeout(Duration::from_secs(2)).ok();
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert!(second.expect("it is reviewed again").contains("5:"));
}

#[test]
fn a_configuration_that_comes_later_is_noticed_and_standard_input_is_not_watched() {
    let folder = Folder::new().with("sub/open.arch", OPEN);
    let ran = folder.run(&["check", "--watch", "-"]);
    assert_eq!((ran.code, ran.err.contains("can't be watched")), (Some(2), true), "{}", ran.err);
    let mut command = folder.command(&["check", "--watch", "--format", "concise", "sub/open.arch"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let err = BufReader::new(child.stderr.take().expect("it is piped"));
    let (sender, rounds) = std::sync::mpsc::channel();
    std::thread::spawn(move || err.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    let patience = Duration::from_mins(1);
    rounds.recv_timeout(patience).expect("it is reviewed once");
    fs::write(folder.0.join("sub/loadpath.toml"), "slect = []\n").expect("it can be written");
    let again = rounds.recv_timeout(patience);
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert!(again.expect("it is reviewed again").contains("can't be used"));
}

/// On a terminal a long run says how far it is, and takes the line away again.
#[test]
fn a_long_run_says_how_far_it_is() {
    let inner = format!("'{}' check -q --select LP504 large.arch small.arch", env!("CARGO_BIN_EXE_loadpath"));
    // How large a long run is depends on the machine.
    let ran = |components: usize| {
        let links: String = (0..components).map(|at| format!("service s{at}\ns{at} -> d\n")).collect();
        let folder =
            Folder::new().with("large.arch", format!("database d\n{links}")).with("small.arch", OPEN);
        let mut command = Command::new("script");
        command.args(["-qec", &inner, "/dev/null"]).current_dir(&folder.0).stdin(Stdio::null());
        let out = command.output().expect("util-linux has `script`").stdout;
        (folder, String::from_utf8_lossy(&out).into_owned())
    };
    let says_how_far = |out: &str| out.contains("checked 1 of 2") || out.contains("checked 0 of 2");
    let mut runs = [12_000, 50_000, 200_000].into_iter().map(ran);
    let (folder, out) = runs.find(|(_, out)| says_how_far(out)).expect("a long run says how far it is");
    assert!(out.contains("\u{1b}[K"));
    let quiet = folder.run(&["check", "-q", "--select", "LP504", "large.arch", "small.arch"]);
    assert!(!quiet.err.contains("checked"));
}

/// What a configuration sets holds in each command that takes a design, and is shown as what holds.
#[test]
fn parameters_hold_in_every_command() {
    let design = "system \"Shop\" { daily_users = 1M, per_user = 20/day, availability = 99.7% }\nclient app\nservice api x1\napp -> api\n";
    let folder = Folder::new()
        .with("company.toml", "[parameters]\nnode_availability = \"99.8%\"\npeak_factor = 2\n")
        .with("own/loadpath.toml", "extend = \"../company.toml\"\n[parameters]\npeak_factor = 4\n")
        .with("own/shop.arch", design)
        .with("own/later.arch", design.replace("x1", "x2"));
    let say = |arguments: &[&str]| {
        let (own, isolated) = (folder.run(arguments), folder.run(&[arguments, &["--isolated"]].concat()));
        (own.out, isolated.out)
    };
    for (command, own, isolated) in [
        (&["check", "own/shop.arch"][..], "", "missed-slo"),
        (&["report", "own/shop.arch"], "99.8%", "99.5%"),
        (&["estimate", "own/shop.arch"], "926/s", "694/s"),
        (&["what-if", "own/shop.arch", "--set", "api.replicas=2"], "99.8%", "99.5%"),
        (&["diff", "own/shop.arch", "own/later.arch"], "99.8%", "99.5%"),
        (&["graph", "own/shop.arch"], "926/s", "694/s"),
    ] {
        let said = say(command);
        assert!(said.0.contains(own) && !said.0.contains(isolated), "{command:?}: {}", said.0);
        assert!(said.1.contains(isolated), "{command:?}: {}", said.1);
    }
    let shown = folder.run(&["check", "own/shop.arch", "--show-settings"]).out;
    for line in [
        "[parameters]",
        "node_availability = \"99.8%\" # from company.toml",
        "peak_factor = 4 # from own/loadpath.toml",
    ] {
        assert!(shown.contains(line), "{line} in {shown}");
    }
}

/// Two files that contradict each other are told of in the one that sets the figure.
#[test]
fn parameters_of_two_files_are_held_together() {
    let folder = Folder::new()
        .with("company.toml", "[parameters]\nsurely_early_use = \"15%\"\n")
        .with("loadpath.toml", "extend = \"company.toml\"\n[parameters]\nearly_use = \"12%\"\n")
        .with("shop.arch", OPEN);
    let ran = folder.run(&["check"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("`surely_early_use` is 15%, over `early_use`, which is 12%"), "{}", ran.err);
}
