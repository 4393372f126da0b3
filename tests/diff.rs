//! What a change of a design does: worked by hand, read both ways round, and out of real git repositories.

use std::fs;
use std::path::Path;
use std::process::Command;

use loadpath::check::diff::diff;
use loadpath::check::{Checked, Config, NoFiles, Profile, check};
use loadpath::diagnostic::Severity;
use loadpath::report::diff::{Difference, markdown, text};
use loadpath::report::text::Look;
use loadpath::source::SourceFile;
use serde_json::{Value, json};

use crate::cli::{Folder, Ran};
use crate::rules::files;

fn checked(design: &str) -> Checked {
    let config = Config { profile: Profile::Review, ..Config::default() };
    check(SourceFile::new("design.arch", design), &NoFiles, &config)
}

fn difference(before: &Checked, after: &Checked) -> Difference {
    Difference::of([before, after], ["old".to_owned(), "new".to_owned()], &diff(before, after))
}

/// The answer as a program reads it.
#[track_caller]
fn read(before: &str, after: &str) -> Value {
    let json = difference(&checked(before), &checked(after)).json();
    serde_json::from_str(&json).expect("the output is JSON")
}

fn codes(findings: &Value) -> Vec<(&str, &str)> {
    let all = findings.as_array().expect("a list").iter();
    all.map(|it| (it["code"].as_str().expect("a text"), it["element"].as_str().expect("a text"))).collect()
}

#[track_caller]
fn close(found: &Value, worked: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{found} is no number"));
    assert!((found - worked).abs() <= 1e-3 * worked.abs(), "{found} is not {worked}");
}

/// 60/s take 10 ms each of a node that is up 99%: 432 min of 43 200 are lost.
const ONE: &str = "
system \"s\" { peak_factor = 1 }
client a { rate = 60/s }
service api x1 { capacity = 100/s, service_time = 10ms, service_time_p99 = 30ms, availability = 99% }
a -> api
";

// ---- figures

/// Twice the capacity is half the use; 99.9% are 43.2 min; 120/s of 200/s are as full as 60/s of 100/s.
#[test]
fn figures_move_as_worked_by_hand() {
    let answer = read(ONE, &ONE.replace("99%", "99.9%").replace("100/s", "200/s"));
    let flow = &answer["flows"][0];
    assert_eq!((&flow["name"], &flow["fares"]), (&json!("a by api"), &json!("better")), "{answer:#}");
    close(&flow["availability"]["before"]["value"], 0.99);
    close(&flow["availability"]["after"]["value"], 0.999);
    close(&flow["downtime_minutes_per_month"]["before"], 432.0);
    close(&flow["downtime_minutes_per_month"]["after"], 43.2);
    close(&flow["peak"]["before"], 60.0);
    close(&answer["components"][0]["utilisation"]["before"], 0.6);
    close(&answer["components"][0]["utilisation"]["after"], 0.3);
    let twice = read(ONE, &ONE.replace("60/s", "120/s").replace("100/s", "200/s"));
    close(&twice["flows"][0]["peak"]["after"], 120.0);
    assert_eq!((&twice["components"], &twice["unchanged_components"]), (&json!([]), &json!(2)));
}

/// A twentieth of a node more is nothing to speak of, unless it is the one that fills it.
#[test]
fn a_little_more_is_told_of_only_where_it_overflows() {
    let busy = |rate: &str| read(ONE, &ONE.replace("60/s", rate))["components"].clone();
    assert_eq!(busy("64/s"), json!([]));
    close(&busy("66/s")[0]["utilisation"]["after"], 0.66);
    let full = ONE.replace("60/s", "99/s");
    let answer = read(&full, &ONE.replace("60/s", "101/s"));
    close(&answer["components"][0]["utilisation"]["after"], 1.01);
    assert_eq!(answer["flows"][0]["fares"], "worse");
    assert_eq!(answer["flows"][0]["latency"]["after"]["saturated"], json!(["api"]));
}

/// 60/s to 90/s of 100/s: with 80/s the milder end is worse, and the worse end better.
#[test]
fn both_ends_of_a_range_are_compared() {
    let ranged = ONE.replace("60/s", "60/s..90/s");
    let (before, after) = (checked(&ranged), checked(&ONE.replace("60/s", "80/s")));
    let told = difference(&before, &after);
    let answer: Value = serde_json::from_str(&told.json()).expect("the output is JSON");
    let milder = &answer["at_milder_ends"];
    for (figures, was) in [(&answer, 0.9), (milder, 0.6)] {
        close(&figures["components"][0]["utilisation"]["before"], was);
        close(&figures["components"][0]["utilisation"]["after"], 0.8);
    }
    assert_eq!(
        (&answer["flows"][0]["fares"], &milder["flows"][0]["fares"]),
        (&json!("better"), &json!("worse"))
    );
    let shown = text(&told, Look::PLAIN);
    assert!(shown.contains("\nFLOWS at the milder ends of the ranges\n"), "{shown}");
    assert!(shown.contains("\nCOMPONENTS, used at peak at the milder ends of the ranges\n"), "{shown}");
    assert!(
        markdown(&told).contains("1 flow differs at the milder ends of the ranges"),
        "{}",
        markdown(&told)
    );
    assert_eq!(read(&ranged, &ranged)["at_milder_ends"]["flows"], json!([]));
    assert!(read(ONE, ONE).get("at_milder_ends").is_none());
}

// ---- elements

#[test]
fn elements_come_go_and_state_something_else() {
    let before = "
client a
service api x2 { capacity = 1k/s, because = \"it is so\", password = \"swordfish\", tier = gold }
zone east { database d : postgres }
a -> api : https
api -> d { timeout = 1s, retries = 1 }
flow f { reads; a -> api -> d }
";
    let after = "
client a
service api x3 { capacity = 1000/s, because = \"it is not\", password = \"changed\", tier = silver }
zone west { database d : mysql }
a -> api : grpc
api -> d { timeout = 2s }
api -> d { timeout = 2s }
flow f { writes; a -> api -> d }
";
    let answer = read(before, after);
    let told: Vec<String> = answer["elements"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| {
            let text = |it: &Value| it.as_str().unwrap_or("-").to_owned();
            let properties = it["properties"].as_array().expect("a list").iter();
            let properties = properties
                .map(|it| format!("{} {} {}", text(&it["name"]), text(&it["before"]), text(&it["after"])));
            let properties = properties.collect::<Vec<_>>().join(", ");
            format!("{} {} {}: {properties}", text(&it["fate"]), text(&it["what"]), text(&it["name"]))
        })
        .collect();
    assert_eq!(
        told,
        [
            "added group west: kind - zone",
            "changed component api: password *** ***, replicas x2 x3, tier gold silver",
            "changed component d: engine postgres mysql, in east west",
            "changed link a -> api: protocol https grpc",
            "changed link api -> d: retries 1 -, timeout 1s 2s",
            "changed flow f: reads yes -, writes - yes",
            "removed group east: kind zone -",
        ],
        "{answer:#}"
    );
    assert!(!answer.to_string().contains("swordfish"));
}

/// What a team asks and accepts, and what its elements are made from.
#[test]
fn constraints_allows_and_templates_come_go_and_state_something_else() {
    let before = "
template store : database : postgres x2 { backup = 1h, password = \"swordfish\" }
store d
service api
api -> d
constraint sealed \"all is sealed\" { forbid = kind service ->
  kind database { published } }
constraint { require = kind database { backup } }
allow missing-timeout on api -> d \"until May\"
allow LP5 on #old
";
    let after = "
template store : database : postgres x3 { backup = 60min, password = \"changed\", tier = gold }
template front : service
store d
service api
api -> d
constraint sealed \"all is well sealed\" { forbid = kind service -> kind database { published }
  level = warning }
constraint { require = kind database { backup = 1h } }
allow missing-timeout on api -> d \"until June\"
";
    let elements = |answer: &Value| -> Vec<String> {
        let ours = ["template", "constraint", "allow"];
        let all = answer["elements"].as_array().expect("a list").iter();
        all.filter(|it| ours.iter().any(|our| it["what"] == *our))
            .map(|it| {
                let text = |it: &Value| it.as_str().unwrap_or("-").to_owned();
                let properties = it["properties"].as_array().expect("a list").iter();
                let property = |it: &Value| {
                    format!("{} {} {}", text(&it["name"]), text(&it["before"]), text(&it["after"]))
                };
                let properties = properties.map(property).collect::<Vec<_>>().join(", ");
                format!("{} {} {}: {properties}", text(&it["fate"]), text(&it["what"]), text(&it["name"]))
            })
            .collect()
    };
    let answer = read(before, after);
    assert_eq!(
        elements(&answer),
        [
            "changed template store: password *** ***, replicas x2 x3, tier - gold",
            "added template front: extends - service",
            "changed constraint sealed: level error warning",
            "added constraint kind database { backup = 1h }: level - error, require - kind database { backup = 1h }",
            "changed allow missing-timeout on api -> d: reason until May until June",
            "removed constraint kind database { backup }: level error -, require kind database { backup } -",
            "removed allow LP5 on #old: ",
        ]
    );
    assert!(!answer.to_string().contains("swordfish"));
    assert_eq!(elements(&read(before, before)), [""; 0]);
}

/// Nothing in a text says that what is called otherwise is the same.
#[test]
fn what_is_renamed_goes_and_comes() {
    let answer = read(ONE, &ONE.replace("api", "shop"));
    let told: Vec<String> = answer["elements"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| {
            format!("{} {}", it["fate"].as_str().expect("a text"), it["name"].as_str().expect("a text"))
        })
        .collect();
    assert_eq!(told, ["added shop", "added a -> shop", "removed api", "removed a -> api"]);
    let fares: Vec<&Value> =
        answer["flows"].as_array().expect("a list").iter().map(|it| &it["fares"]).collect();
    assert_eq!(fares, ["added", "removed"]);
}

// ---- findings

/// Lines that move are no change, and other figures are no new finding.
#[test]
fn a_finding_is_known_by_its_rule_and_element() {
    let promised = ONE.replace("peak_factor = 1", "peak_factor = 1, availability = 99.95%");
    let moved = read(&promised, &format!("// a word\n\n{promised}"));
    assert_eq!((&moved["findings"]["come"], &moved["findings"]["changed"]), (&json!([]), &json!([])));
    let worse = read(&promised, &promised.replace("99%", "98%"));
    assert_eq!(codes(&worse["findings"]["come"]), []);
    let changed = worse["findings"]["changed"].as_array().expect("a list");
    let missed = changed.iter().find(|it| it["after"]["code"] == "LP103").expect("it misses its promise");
    assert!(missed["before"]["message"].as_str().expect("a text").contains("432 min"), "{missed:#}");
    assert!(missed["after"]["message"].as_str().expect("a text").contains("864 min"), "{missed:#}");
    let good = read(&promised, &promised.replace("99%", "99.99%"));
    assert!(codes(&good["findings"]["gone"]).contains(&("LP103", "a -> api")), "{good:#}");
}

/// Two faults of one statement's element are two, whatever rule they break.
#[test]
fn another_fault_of_the_language_is_another_finding() {
    let wrong = |name: &str| format!("client a\nservice api\na -> api\napi -> {name}\n");
    let answer = read(&wrong("db1"), &wrong("db2"));
    assert_eq!(codes(&answer["findings"]["come"]).len(), 1, "{answer:#}");
    assert_eq!(codes(&answer["findings"]["gone"]).len(), 1);
    assert_eq!(answer["findings"]["come"][0]["line"], 4);
}

#[test]
fn what_comes_to_be_accepted_goes_and_is_told_so() {
    let promised = ONE.replace("peak_factor = 1", "peak_factor = 1, availability = 99.95%");
    let answer = read(&promised, &format!("{promised}allow missed-slo: \"a demo\"\n"));
    let gone = answer["findings"]["gone"].as_array().expect("a list");
    let missed = gone.iter().find(|it| it["code"] == "LP103").expect("it goes");
    assert_eq!(missed["is_accepted_in_other"], true);
}

#[test]
fn a_finding_that_rises_to_a_level_has_come_to_it() {
    let (before, after) = (checked(ONE), checked(ONE));
    let mut change = diff(&before, &after);
    let mut was = before.diagnostics[0].clone();
    was.severity = Severity::Warning;
    let mut is = was.clone();
    is.severity = Severity::Error;
    change.findings.changed = vec![(was, is)];
    assert!(change.comes_at(Severity::Error));
    assert!(!change.comes_at(Severity::Advice), "it was there already");
}

// ---- both ways round

fn examples() -> Vec<(String, Checked)> {
    let all = files("examples", "arch").into_iter();
    all.map(|it| (it.display().to_string(), checked(&fs::read_to_string(&it).expect("text")))).collect()
}

#[test]
fn nothing_differs_from_itself() {
    for (name, design) in examples() {
        let same = difference(&design, &design);
        let told = text(&same, Look::PLAIN);
        assert!(told.lines().count() <= 3 && told.contains("nothing changes"), "{name}: {told}");
        assert_eq!(
            markdown(&same),
            "### ".to_owned() + told.lines().next().expect("a title") + "\n\n**nothing changes**\n"
        );
        assert!(!diff(&design, &design).comes_at(Severity::Advice));
    }
}

/// A value with before and after, come and gone, better and worse, the other way round; lists lose their order.
fn mirrored(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mirror = |key: &str| {
                match key {
                    "before" => "after",
                    "after" => "before",
                    "come" => "gone",
                    "gone" => "come",
                    key => key,
                }
                .to_owned()
            };
            Value::Object(members.iter().map(|(key, it)| (mirror(key), mirrored(it))).collect())
        }
        Value::Array(all) => Value::Array(all.iter().map(mirrored).collect()),
        Value::String(text) => json!(match text.as_str() {
            "worse" => "better",
            "better" => "worse",
            "added" => "removed",
            "removed" => "added",
            text => text,
        }),
        other => other.clone(),
    }
}

/// All that a value says, whatever the order.
fn said(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut all: Vec<String> =
                members.iter().map(|(key, it)| format!("{key}={}", said(it))).collect();
            all.sort();
            format!("{{{}}}", all.join(","))
        }
        Value::Array(all) => {
            let mut all: Vec<String> = all.iter().map(said).collect();
            all.sort();
            format!("[{}]", all.join(","))
        }
        other => other.to_string(),
    }
}

/// Each example against the next, and each naive design against its sound one, in both directions and all formats.
#[test]
fn a_change_read_backwards_is_its_mirror_and_all_fits_in_80_columns() {
    let all = examples();
    let mut pairs: Vec<(usize, usize)> = (1..all.len()).map(|at| (at - 1, at)).collect();
    pairs.push((all.len() - 1, 0));
    for (old, new) in pairs {
        let ((name, before), (_, after)) = (&all[old], &all[new]);
        let there = difference(before, after);
        let back = difference(after, before);
        let json = |it: &Difference| serde_json::from_str::<Value>(&it.json()).expect("JSON");
        let (mut there_json, mut back_json) = (json(&there), mirrored(&json(&back)));
        for it in [&mut there_json, &mut back_json] {
            for side in ["before", "after"] {
                it[side]["name"] = Value::Null;
            }
        }
        assert_eq!(said(&there_json), said(&back_json), "{name}");
        for shown in [&there, &back] {
            let told = text(shown, Look::PLAIN);
            for line in told.lines() {
                assert!(line.chars().count() <= 80, "{name}: {line}");
            }
            assert_eq!(told, text(shown, Look::PLAIN));
            let comment = markdown(shown);
            assert!(comment.ends_with('\n') && comment.len() < 60_000, "{name}: {}", comment.len());
            assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count());
        }
    }
}

// ---- the command

const GOOD: &str = "client a\nservice api\na -> api\n";
const BAD: &str = "client a\nservice api\na -> apo\n";

#[test]
fn only_what_comes_fails() {
    let folder = Folder::new().with("good.arch", GOOD).with("bad.arch", BAD);
    let code = |arguments: &[&str]| folder.run(&[&["diff"], arguments].concat()).code;
    assert_eq!(code(&["good.arch", "bad.arch"]), Some(1));
    assert_eq!(code(&["bad.arch", "good.arch"]), Some(0));
    assert_eq!(code(&["bad.arch", "bad.arch"]), Some(0));
    assert_eq!(code(&["good.arch", "bad.arch", "--fail-on", "never"]), Some(0));
    assert_eq!(code(&["good.arch", "nowhere.arch"]), Some(2));
    assert_eq!(code(&["-", "-"]), Some(2));
}

#[test]
fn one_of_two_may_come_by_standard_input_and_the_answer_go_to_a_file() {
    let folder = Folder::new().with("part/old.arch", GOOD).with("part/more.arch", "service web\n");
    let with_more = format!("include \"more.arch\"\n{GOOD}");
    let arguments = ["diff", "part/old.arch", "-", "--stdin-filename", "part/new.arch"];
    let ran = folder.run_with(&arguments, with_more.as_bytes());
    assert!(ran.out.contains("+ component web"), "{}{}", ran.out, ran.err);
    let ran = folder.run(&["diff", "part/old.arch", "part/old.arch", "--format", "json", "--output", "out"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    let written = fs::read_to_string(folder.0.join("out")).expect("it is written");
    assert_eq!(serde_json::from_str::<Value>(&written).expect("JSON")["version"], 1);
}

#[test]
fn which_of_two_has_errors_is_said_and_nothing_is_a_design() {
    let folder = Folder::new().with("good.arch", GOOD).with("bad.arch", BAD);
    let ran = folder.run(&["diff", "bad.arch", "good.arch"]);
    assert!(ran.err.contains("the old design has 1 error of the language"), "{}", ran.err);
    assert!(!ran.err.contains("the new design"), "{}", ran.err);
    let ran = folder.run(&["diff", "/dev/null", "good.arch"]);
    assert!(ran.code == Some(0) && ran.out.contains("+ component api"), "{}{}", ran.out, ran.err);
    let ran = folder.run(&["diff", "good.arch", "/dev/null"]);
    assert!(ran.code == Some(0) && ran.out.contains("- component api"), "{}{}", ran.out, ran.err);
}

// ---- git

pub(crate) fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]);
    command.args(arguments).current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.output().expect("git starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A repository of its own with all that the folder holds committed.
pub(crate) fn committed(folder: Folder) -> Folder {
    git(&folder.0, &["init", "--quiet"]);
    git(&folder.0, &["add", "--all"]);
    git(&folder.0, &["commit", "--quiet", "--message", "first"]);
    folder
}

const MAIN: &str = "include \"../shared/base.arch\"\nservice api\na -> api\n";

#[test]
fn a_revision_is_read_with_what_it_includes() {
    let folder = committed(
        Folder::new().with("shared/base.arch", "client a { rate = 1/s }\n").with("shop/main.arch", MAIN),
    );
    let folder = folder
        .with("shared/base.arch", "client a { rate = 2/s }\n")
        .with("shop/main.arch", format!("{MAIN}service web\n"));
    for (at, name) in
        [("", "git:HEAD:shop/main.arch"), ("shop", "git:main:main.arch"), ("shop", "git:HEAD:./main.arch")]
    {
        let mut command = folder.command(&["diff", name, "main.arch"]);
        if at.is_empty() {
            command = folder.command(&["diff", name, "shop/main.arch"]);
        }
        let output = command.current_dir(folder.0.join(at)).output().expect("the program starts");
        let told = String::from_utf8(output.stdout).expect("text");
        assert!(told.contains("~ component a: rate 1/s → 2/s"), "{name}: {told}{:?}", output.stderr);
        assert!(told.contains("+ component web"), "{told}");
    }
    let ran = folder.run(&[
        "diff",
        "git:HEAD:shop/main.arch",
        "git:HEAD^{/fir}:shop/main.arch",
        "--format",
        "json",
    ]);
    let json: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(json["before"]["files"], json!(["shop/main.arch", "shared/base.arch"]), "{}", ran.err);
    assert_eq!(json["elements"], json!([]));
}

/// What a commit would hold, be it what the folder holds or not.
#[test]
fn the_index_is_read_with_what_it_includes() {
    let base = "client a { rate = 1/s }\n";
    let folder = committed(Folder::new().with("shared/base.arch", base).with("shop/main.arch", MAIN));
    let folder = folder.with("shared/base.arch", base.replace('1', "2"));
    git(&folder.0, &["add", "--all"]);
    let folder = folder.with("shared/base.arch", base.replace('1', "3"));
    let mut command = folder.command(&["diff", "git:HEAD:main.arch", "git::main.arch"]);
    let ran = Ran::from(command.current_dir(folder.0.join("shop")).output().expect("it starts"));
    assert!(ran.out.contains("git:HEAD:main.arch → git::main.arch"), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("~ component a: rate 1/s → 2/s"), "{}{}", ran.out, ran.err);
    let ran = folder.run(&["diff", "git::shop/main.arch", "shop/main.arch"]);
    assert!(ran.out.contains("~ component a: rate 2/s → 3/s"), "{}{}", ran.out, ran.err);
}

#[test]
fn what_git_does_not_have_is_told() {
    let folder = committed(Folder::new().with("main.arch", GOOD).with("sub/x.arch", [0xff]));
    let said = |old: &str| {
        let ran = folder.run(&["diff", old, "main.arch"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{old}: {}", ran.err);
        ran.err
    };
    assert!(said("git:nope:main.arch").contains("git knows no revision `nope`"));
    assert!(said("git:--help:main.arch").contains("git knows no revision `--help`"));
    assert!(said("git:--output=x:main.arch").contains("git knows no revision"));
    assert!(said("git:HEAD\nHEAD:main.arch").contains("git knows no revision"));
    assert!(said("git:HEAD:other.arch").contains("there is no `other.arch` in revision `HEAD`"));
    assert!(said("git:HEAD:--help").contains("there is no `--help`"));
    assert!(said("git:HEAD:../main.arch").contains("outside of the repository"));
    assert!(said("git:HEAD:/etc/passwd").contains("outside of the repository"));
    assert!(said("git:HEAD:sub").contains("it is a folder"));
    assert!(said("git:HEAD:sub/x.arch").contains("is not UTF-8"));
    assert!(said("git:HEAD").contains("write `git:main:shop.arch`"));
    assert!(said("git:").contains("write `git:main:shop.arch`"));
    assert!(said("git::").contains("write `git:main:shop.arch`"));
    assert!(said("git::other.arch").contains("there is no `other.arch` in the index"));
    assert!(said("git::../main.arch").contains("outside of the repository"));
    assert!(said("git::sub").contains("there is no `sub` in the index"));
    assert_eq!(fs::read_dir(&folder.0).expect("a folder").count(), 4, "nothing is written");
}

#[test]
fn without_git_or_a_repository_it_says_so() {
    let folder = committed(Folder::new().with("main.arch", GOOD));
    let arguments = ["diff", "git:HEAD:main.arch", "main.arch"];
    let output = folder.command(&arguments).env("PATH", "").output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("needs the program `git`"));
    let mut command = folder.command(&arguments);
    let output = command.env("GIT_DIR", "/nowhere").output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("lies in no git repository"));
}

#[test]
fn an_include_of_a_revision_stays_in_its_repository() {
    let outside = "include \"../secret.arch\"\ninclude \"/etc/hosts\"\nclient a\n";
    let folder = committed(Folder::new().with("main.arch", outside));
    let ran = folder.run(&["diff", "git:HEAD:main.arch", "git:HEAD:main.arch", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let old = folder.with("empty.arch", "client a\n");
    let ran = old.run(&["diff", "empty.arch", "git:HEAD:main.arch"]);
    assert_eq!(ran.out.matches("LP019").count(), 2, "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_inside_a_repository_and_not_out_of_it() {
    let folder = Folder::new().with("real.arch", "service web\n").with("main.arch", "include \"in.arch\"\n");
    let folder = folder.with("bad.arch", "include \"out.arch\"\n");
    std::os::unix::fs::symlink("real.arch", folder.0.join("in.arch")).expect("a link");
    std::os::unix::fs::symlink("/etc/hosts", folder.0.join("out.arch")).expect("a link");
    let folder = committed(folder);
    let ran = folder.run(&["diff", "git:HEAD:bad.arch", "git:HEAD:main.arch"]);
    assert!(ran.out.contains("+ component web") && ran.out.contains("- LP019"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_file_of_a_revision_may_be_no_larger_than_one_of_a_disk() {
    let large = " ".repeat(loadpath::syntax::MAX_BYTES + 1);
    let folder =
        Folder::new().with("large.arch", large).with("main.arch", "include \"large.arch\"\nclient a\n");
    let folder = committed(folder.with("empty.arch", "client a\n"));
    let ran = folder.run(&["diff", "git:HEAD:large.arch", "main.arch"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("which is more than is read"), "{}", ran.err);
    let ran = folder.run(&["diff", "empty.arch", "git:HEAD:main.arch"]);
    assert!(ran.out.contains("+ LP023 error"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_path_from_the_root_and_a_clone_without_its_past_are_understood() {
    let folder = committed(Folder::new().with("sub/main.arch", GOOD));
    let absolute = folder.0.join("sub/main.arch");
    let name = format!("git:HEAD:{}", absolute.to_string_lossy());
    for place in ["", "sub"] {
        let mut command = folder.command(&["diff", &name, &absolute.to_string_lossy()]);
        let output = command.current_dir(folder.0.join(place)).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let ran = folder.run(&["diff", "git:HEAD:new.arch", "sub/main.arch"]);
    assert!(ran.err.contains("`loadpath diff /dev/null new.arch`"), "{}", ran.err);
    git(&folder.0, &["commit", "--quiet", "--allow-empty", "--message", "second"]);
    let from = format!("file://{}", folder.0.display());
    git(&folder.0, &["clone", "--quiet", "--depth", "1", &from, "short"]);
    let mut command = folder.command(&["diff", "git:HEAD~1:sub/main.arch", "sub/main.arch"]);
    let output = command.current_dir(folder.0.join("short")).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("git knows no revision `HEAD~1`") && said.contains("`fetch-depth: 0`"), "{said}");
}

/// A comment on a pull request, all of it.
#[test]
fn the_comment_reads_well() {
    let promised = ONE.replace("peak_factor = 1", "peak_factor = 1, availability = 99.95%");
    let worse = promised.replace("60/s", "120/s").replace("= 99% }", "= 98% }");
    let config = Config::default();
    let checked = |design: &str| check(SourceFile::new("shop.arch", design), &NoFiles, &config);
    insta::assert_snapshot!(markdown(&difference(&checked(&promised), &checked(&worse))));
}

/// What a design says calls nobody in a comment, and stands in no issue.
#[test]
fn a_comment_calls_nobody() {
    let before = "system \"s\"\nclient a\nservice b x1\na -> b\n";
    let after = before.replace("\"s\"", "\"@team or @all, see #12 or !7 <img src=x>\"");
    let comment = markdown(&difference(&checked(before), &checked(&after)));
    for (at, _) in comment.match_indices(['@', '#', '!']) {
        let next = comment[at + 1..].chars().next().unwrap_or(' ');
        assert!(!next.is_alphanumeric(), "{comment}");
    }
    assert!(comment.contains("@\u{200b}"), "{comment}");
    assert!(comment.contains("&lt;img src=x>: old → new"), "{comment}");
    // What nothing closes is no code, in which a tag would be harmless.
    let open = before.replace("\"s\"", "\"a ` <b>\"");
    let comment = markdown(&difference(&checked(before), &checked(&open)));
    assert!(comment.contains("name s → a ` &lt;b>"), "{comment}");
}
