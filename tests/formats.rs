//! What `loadpath check` writes for others to read: each format, and several in one run. That each is what it claims to
//! be is held by `validators`.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::cli::{Folder, Ran};

/// An error with a fix, and a path: two that wait for each other.
const SHOP: &str = "service shop\nservice stock\nshop -> stock { timeout = 1s }\nstock -> shop { timeout = 1s }\nshop -> stok { timeout = 1s }\n";

const CLEAN: &str = "service api\ndatabase orders\napi -> orders\n";

/// A warning that is accepted, and one that is not.
const ACCEPTED: &str = "service api\nservice log\nservice gate\ngate -> api, log\napi -> api\nlog -> log\nallow self-link on api \"they gossip\"\n";

/// A design in which one rule finds so many.
fn loops(count: usize) -> String {
    let looped = |at| format!("service s{at}\ngate -> s{at}\ns{at} -> s{at}\n");
    format!("service gate\n{}", (0..count).map(looped).collect::<String>())
}

fn read(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The one run of a SARIF log of `shop.arch`.
fn sarif(folder: &Folder, arguments: &[&str]) -> Value {
    let ran = folder.run(&[&["check", "--format", "sarif", "shop.arch"], arguments].concat());
    parsed(&ran.out)["runs"][0].clone()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} in {value:#}"))
}

fn result<'a>(run: &'a Value, code: &str) -> &'a Value {
    let found = list(&run["results"]).iter().find(|it| it["ruleId"] == code);
    found.unwrap_or_else(|| panic!("{code} in {:#}", run["results"]))
}

// ---- several in one run

#[test]
fn several_formats_are_written_in_one_run_and_no_file_but_those_asked_for() {
    let folder = Folder::new().with("shop.arch", SHOP);
    let formats = ["--format", "concise", "--format", "sarif=out.sarif", "--format", "junit=out.xml"];
    let ran = folder.run(&[&["check", "shop.arch"][..], &formats].concat());
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    assert!(ran.out.starts_with("shop.arch:4:10: warning[LP014]"), "{}", ran.out);
    assert!(read(&folder, "out.sarif").contains("\"version\": \"2.1.0\""));
    assert!(read(&folder, "out.xml").contains("<testsuites"));
    let entries = fs::read_dir(&folder.0).expect("it can be read");
    let names: BTreeSet<String> = entries
        .map(|it| it.expect("it can be read").file_name().into_string().expect("it is UTF-8"))
        .collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["loadpath.toml", "out.sarif", "out.xml", "shop.arch"]);
}

#[test]
fn a_format_without_a_file_of_its_own_goes_where_output_says() {
    let folder = Folder::new().with("shop.arch", SHOP);
    let formats = ["--format", "json=a.json", "--format", "concise", "--output", "b.txt"];
    let ran = folder.run(&[&["check", "shop.arch"][..], &formats].concat());
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert_eq!(parsed(&read(&folder, "a.json"))["version"], 1);
    assert!(read(&folder, "b.txt").starts_with("shop.arch:4:10: warning[LP014]"));
}

#[test]
fn a_file_may_have_an_equals_sign_in_its_name() {
    let folder = Folder::new().with("shop.arch", SHOP);
    folder.run(&["check", "shop.arch", "--format", "concise=a=b.txt"]);
    assert!(read(&folder, "a=b.txt").starts_with("shop.arch:4:10: warning[LP014]"));
}

#[test]
fn the_commands_of_github_may_stand_among_the_lines_of_a_log() {
    let folder = Folder::new().with("shop.arch", SHOP);
    let ran = folder.run(&["check", "shop.arch", "--format", "pretty", "--format", "github"]);
    assert!(ran.out.contains("error[LP002]") && ran.out.contains("::error title=LP002"), "{}", ran.out);
}

#[test]
fn what_would_be_written_over_something_else_is_refused_before_anything_is_done() {
    let folder = Folder::new().with("shop.arch", SHOP);
    for (formats, part) in [
        (
            &["--format", "json", "--format", "pretty"][..],
            "`json` and `pretty` would both be written to standard output",
        ),
        (&["--format", "sarif", "--format", "sarif"], "standard output"),
        (
            &["--format", "json=x", "--format", "concise=x"],
            "`json` and `concise` would both be written to `x`",
        ),
        (&["--format", "json", "--format", "concise=x", "--output", "x"], "written to `x`"),
        (&["--format", "json=x", "--output", "y"], "`--output` is for a format that names no file"),
        (&["--format", "json="], "names no file"),
        (&["--format", "xml"], "[possible values: pretty, concise, json, sarif, github, gitlab, junit]"),
        (&["--format", "json=x", "--diff"], "cannot be used with"),
    ] {
        let ran = folder.run(&[&["check", "shop.arch"][..], formats].concat());
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{formats:?}");
        assert!(ran.err.contains(part), "{formats:?}: {}", ran.err);
        assert!(!folder.0.join("x").exists() && !folder.0.join("y").exists(), "{formats:?}");
    }
}

#[test]
fn one_that_can_not_be_written_leaves_with_2_and_keeps_no_other_from_it() {
    let folder = Folder::new().with("clean.arch", CLEAN);
    let formats = ["--format", "sarif=no/such/folder.sarif", "--format", "json=out.json"];
    let ran = folder.run(&[&["check", "clean.arch"][..], &formats].concat());
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("can't write `no/such/folder.sarif`"), "{}", ran.err);
    assert_eq!(parsed(&read(&folder, "out.json"))["summary"]["files"], 1);
}

#[test]
fn beside_a_mended_standard_input_the_files_are_written_all_the_same() {
    let folder = Folder::new();
    let mendable = "service api\nqueue jobs { max_lenght = 10 }\napi ~> jobs\n";
    let formats = ["--format", "concise", "--format", "json=out.json"];
    let ran = folder.run_with(&[&["check", "--fix", "-"][..], &formats].concat(), mendable.as_bytes());
    assert_eq!(ran.out, mendable.replace("lenght", "length"));
    assert!(ran.err.contains("[LP202]"), "{}", ran.err);
    assert_eq!(parsed(&read(&folder, "out.json"))["summary"]["mended"], 1);
}

#[test]
fn what_several_designs_say_stands_file_by_file() {
    let one = "include \"common.arch\"\nservice one\ncommon -> one\none -> one\n";
    let two = "include \"common.arch\"\nservice two\ncommon -> two, other\ntwo -> two\nother -> other\n";
    let folder = Folder::new()
        .with("one.arch", one)
        .with("two.arch", two)
        .with("common.arch", "service common\nservice other\ncommon -> other\nother -> other\n");
    let ran = folder.run(&["check", "--format", "concise", "one.arch", "two.arch"]);
    let mut files: Vec<&str> = ran.out.lines().filter_map(|line| line.split(':').next()).collect();
    let both = files.iter().filter(|it| **it == "common.arch").count();
    assert!(both > 1, "each of the two says something of the file that both include: {}", ran.out);
    files.dedup();
    assert_eq!(files, ["one.arch", "common.arch", "two.arch"], "{}", ran.out);
}

// ---- sarif

#[test]
fn sarif_says_what_is_found_where_and_by_which_rule() {
    let folder = Folder::new().with("shop.arch", SHOP);
    let run = sarif(&folder, &[]);
    let unknown = result(&run, "LP002");
    assert_eq!(unknown["level"], "error");
    assert_eq!(
        unknown.pointer("/locations/0/physicalLocation").expect("it stands somewhere"),
        &json!({
            "artifactLocation": { "uri": "shop.arch", "uriBaseId": "%SRCROOT%", "index": 0 },
            "region": { "startLine": 5, "startColumn": 9, "endLine": 5, "endColumn": 13 },
        })
    );
    assert!(text(unknown, "/message/text").starts_with("nothing is called `stok`.\n"), "{unknown:#}");
    let index = unknown["ruleIndex"].as_u64().expect("a number") as usize;
    let rule = &run["tool"]["driver"]["rules"][index];
    assert_eq!((text(rule, "/id"), text(rule, "/name")), ("LP002", "unknown-name"));
    assert_eq!(text(rule, "/shortDescription/text"), "a name that nothing declares.");
    assert_eq!(text(rule, "/defaultConfiguration/level"), "error");
    assert_eq!(rule["properties"], json!({ "tags": ["language"] }), "it is no matter of security");
    assert!(text(rule, "/help/markdown").starts_with("## Why it matters\n"));
    assert!(run["originalUriBaseIds"]["%SRCROOT%"].is_object());
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(
        run["invocations"],
        json!([{ "executionSuccessful": true, "toolExecutionNotifications": [] }])
    );
}

#[test]
fn sarif_counts_columns_in_unicode_scalar_values() {
    // Four bytes, two units of UTF-16, one scalar value.
    let folder = Folder::new().with("shop.arch", "service api \"𝄞\"; api -> ap\n");
    let run = sarif(&folder, &[]);
    let region = result(&run, "LP002").pointer("/locations/0/physicalLocation/region");
    assert_eq!(region, Some(&json!({ "startLine": 1, "startColumn": 25, "endLine": 1, "endColumn": 27 })));
}

#[test]
fn sarif_offers_the_fixes() {
    let folder = Folder::new().with("shop.arch", SHOP);
    let run = sarif(&folder, &[]);
    let fix = &result(&run, "LP002")["fixes"][0];
    // `shop` is linked to `stock` already: another may be meant.
    assert_eq!(fix["properties"], json!({ "safe": false }));
    assert_eq!(
        fix["artifactChanges"],
        json!([{
            "artifactLocation": { "uri": "shop.arch", "uriBaseId": "%SRCROOT%", "index": 0 },
            "replacements": [{
                "deletedRegion": { "startLine": 5, "startColumn": 9, "endLine": 5, "endColumn": 13 },
                "insertedContent": { "text": "stock" },
            }],
        }])
    );
}

/// What is said at the steps of a finding's path, and where they stand.
fn steps(result: &Value) -> Vec<(&str, u64)> {
    let steps = result.pointer("/codeFlows/0/threadFlows/0/locations").map_or(&[][..], list);
    let line = |it: &Value| it.pointer("/location/physicalLocation/region/startLine").and_then(Value::as_u64);
    steps.iter().map(|it| (text(it, "/location/message/text"), line(it).expect("a line"))).collect()
}

#[test]
fn sarif_walks_a_path_in_the_order_in_which_a_request_takes_it() {
    let retried = "{ retries = 3, backoff = exponential_jitter }";
    let path = format!(
        "service a\nservice b\nservice c\nservice d\nb -> c {retried}\na -> b {retried}\nc -> d {retried}\n"
    );
    let folder = Folder::new().with("shop.arch", path);
    let run = sarif(&folder, &[]);
    let storm = result(&run, "LP211");
    let culprit = storm.pointer("/locations/0/physicalLocation/region/startLine");
    assert_eq!(culprit, Some(&json!(7)), "the last call is the culprit");
    let [first, second, third] = steps(storm)[..] else { panic!("{storm:#}") };
    assert_eq!([first.1, second.1, third.1], [6, 5, 7]);
}

#[test]
fn in_a_circle_the_culprit_closes_it() {
    let folder = Folder::new().with("shop.arch", SHOP);
    let run = sarif(&folder, &[]);
    let last = ("`stock` waits for `shop`, which waits for it", 4);
    assert_eq!(steps(result(&run, "LP014")), [("`shop` waits for `stock`", 3), last]);
    // A request comes in at `c`, and takes the links of lines 7, 6 and 5.
    let circle = "client app\nservice c\nservice d\nservice e\ne -> c\nd -> e\nc -> d\napp -> c\n";
    let folder = folder.with("shop.arch", circle);
    let run = sarif(&folder, &[]);
    let lines: Vec<u64> = steps(result(&run, "LP014")).into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines, [7, 6, 5]);
}

#[test]
fn links_that_only_happen_to_meet_are_no_path() {
    let folder = Folder::new().with("shop.arch", "service a\nservice b\nservice c\na -> b -> c : http\n");
    let run = sarif(&folder, &[]);
    let plain = result(&run, "LP502");
    assert!(!list(&plain["relatedLocations"]).is_empty(), "both links are asked about: {plain:#}");
    assert_eq!(steps(plain), []);
}

#[test]
fn sarif_lists_what_is_accepted_with_its_reason() {
    let folder = Folder::new().with("shop.arch", ACCEPTED);
    let run = sarif(&folder, &[]);
    let [open, accepted] = list(&run["results"]) else { panic!("{:#}", run["results"]) };
    assert_eq!(open.get("suppressions"), None);
    let suppression = &accepted["suppressions"][0];
    assert_eq!(
        (text(suppression, "/kind"), text(suppression, "/justification")),
        ("inSource", "they gossip")
    );
    let line = suppression.pointer("/location/physicalLocation/region/startLine");
    assert_eq!(line, Some(&json!(7)), "where the `allow` stands");
}

/// What a baseline knows is listed as well, so that code scanning does not take it for mended, and fails no run.
#[test]
fn sarif_lists_what_a_baseline_knows_and_tells_it_from_what_is_new() {
    // An error that can be known: what breaks the language never is.
    let shop = "service shop\nservice stock\ndatabase orders { published = 5432, encrypted_at_rest, backup }\n\
                shop -> stock { timeout = 1s }\nstock -> shop { timeout = 1s }\nshop -> orders : tls { timeout = 1s }\n";
    let folder = Folder::new().with("shop.arch", shop);
    let with = ["--baseline", "team/known.json"];
    fs::create_dir(folder.0.join("team")).expect("it can be made");
    let written = sarif(&folder, &[&with[..], &["--write-baseline"]].concat());
    assert_eq!(list(&written["results"]).len(), 2);
    let more = "shop -> shop\nstock -> stock\nallow LP010 on shop \"they gossip\"\n";
    let folder = folder.with("shop.arch", format!("{shop}{more}"));
    let ran = folder.run(&[&["check", "--format", "sarif", "shop.arch"], &with[..]].concat());
    assert_eq!(ran.code, Some(0), "the error is known: {}", ran.out);
    let run = parsed(&ran.out)["runs"][0].clone();
    let known = json!({ "kind": "external", "status": "accepted", "justification": "in the baseline team/known.json" });
    let told: Vec<_> = list(&run["results"])
        .iter()
        .map(|it| (text(it, "/ruleId"), it.get("baselineState").and_then(Value::as_str), &it["suppressions"]))
        .collect();
    let [new, accepted, first, second] = told[..] else { panic!("{told:#?}") };
    assert_eq!(new, ("LP010", Some("new"), &Value::Null));
    assert_eq!((accepted.0, accepted.1, text(accepted.2, "/0/kind")), ("LP010", None, "inSource"));
    assert_eq!(first, ("LP504", Some("unchanged"), &json!([known])));
    assert_eq!(second, ("LP014", Some("unchanged"), &json!([known])));
    assert!(list(&sarif(&folder, &[])["results"]).iter().all(|it| it.get("baselineState").is_none()));
}

/// LP504 names CWE-668, CWE-1327 and CWE-1392 in its references.
#[test]
fn sarif_refers_to_the_weaknesses_that_a_rule_finds() {
    let folder = Folder::new().with("shop.arch", SHOP);
    let run = sarif(&folder, &[]);
    let rules = list(&run["tool"]["driver"]["rules"]);
    let rule = rules.iter().find(|it| it["id"] == "LP504").expect("all rules are listed");
    let numbers: Vec<&str> = list(&rule["relationships"]).iter().map(|it| text(it, "/target/id")).collect();
    assert_eq!(numbers, ["668", "1327", "1392"]);
    assert_eq!(
        rule["properties"],
        json!({
            "tags": ["security", "external/cwe/cwe-668", "external/cwe/cwe-1327", "external/cwe/cwe-1392"],
            "security-severity": "8.0",
        })
    );
    let taxonomy = &run["taxonomies"][0];
    let known: BTreeSet<&str> = list(&taxonomy["taxa"]).iter().map(|it| text(it, "/id")).collect();
    for relationship in rules.iter().flat_map(|rule| list(&rule["relationships"])) {
        assert!(known.contains(text(relationship, "/target/id")), "{relationship}");
    }
    assert_eq!(run["tool"]["driver"]["supportedTaxonomies"][0]["name"], taxonomy["name"]);
}

/// Single braces in a message would hold places for arguments, and brackets might make a link.
#[test]
fn sarif_messages_hold_nothing_that_a_reader_would_fill_in() {
    let text = "service api\ndatabase db { capacity = 5 }\napi -> db\ninclude \"[x](y){0}.arch\"\n";
    let folder = Folder::new().with("shop.arch", text);
    let run = sarif(&folder, &["--profile", "review"]);
    let said = self::text(result(&run, "LP017"), "/message/text");
    assert!(said.contains("`[x\\](y){{0}}.arch`"), "{said}");
}

#[test]
fn sarif_tells_what_could_not_be_read_and_what_was_left_out() {
    let folder = Folder::new().with("shop.arch", loops(3));
    let ran = folder.run(&["check", "--format", "sarif", "--max-findings", "1", "shop.arch", "nowhere.arch"]);
    assert_eq!(ran.code, Some(2));
    let invocation = parsed(&ran.out)["runs"][0]["invocations"][0].clone();
    assert_eq!(invocation["executionSuccessful"], false);
    let told = list(&invocation["toolExecutionNotifications"]).iter();
    let told: Vec<_> = told.map(|it| (text(it, "/level"), text(it, "/message/text"))).collect();
    assert_eq!(told, [("error", "`nowhere.arch` does not exist"), ("note", "… and 2 further findings")]);
}

#[test]
fn addresses_are_relative_to_the_project_and_outside_of_it_absolute() {
    let folder = Folder::new().with("a b/ü#100%.arch", SHOP);
    let uri = |path: &str| {
        let ran = folder.run(&["check", "--format", "sarif", path]);
        parsed(&ran.out).pointer("/runs/0/artifacts/0/location").expect("it is listed").clone()
    };
    let relative = uri("a b/ü#100%.arch");
    assert_eq!(text(&relative, "/uri"), "a%20b/%C3%BC%23100%25.arch");
    assert_eq!(text(&relative, "/uriBaseId"), "%SRCROOT%");
    assert_eq!(uri(&folder.0.join("a b/ü#100%.arch").to_string_lossy()), relative);
    let other = Folder::new().with("shop.arch", SHOP);
    let absolute = uri(&other.0.join("shop.arch").to_string_lossy());
    assert!(text(&absolute, "/uri").starts_with("file:///"), "{absolute}");
    assert_eq!(absolute.get("uriBaseId"), None);
}

#[test]
fn addresses_and_fingerprints_are_the_same_from_every_folder_of_a_project() {
    let folder = Folder::new().with("shop.arch", SHOP).with("deep/shop.arch", SHOP);
    let from = |place: &str, path: &str| {
        let mut command = folder.command(&["check", "--format", "sarif", path]);
        let output = command.current_dir(folder.0.join(place)).output().expect("it starts");
        let run = parsed(&Ran::from(output).out)["runs"][0].clone();
        (run["artifacts"].clone(), run["results"].clone())
    };
    let plain = from(".", "shop.arch");
    assert_eq!(text(&plain.0, "/0/location/uri"), "shop.arch");
    assert_eq!(from("deep", "../shop.arch"), plain);
    assert_eq!(from("deep", &folder.0.join("shop.arch").to_string_lossy()), plain);
    assert_eq!(text(&from("deep", "shop.arch").0, "/0/location/uri"), "deep/shop.arch");
}

// ---- fingerprints

/// The fingerprints of a design's findings by their elements, from both formats that have them.
fn fingerprints(design: &str) -> Vec<(String, String)> {
    let folder = Folder::new().with("shop.arch", design);
    let run = sarif(&folder, &[]);
    let ours = list(&run["results"]).iter().map(|it| {
        let element = text(it, "/locations/0/logicalLocations/0/fullyQualifiedName");
        (
            element.to_owned(),
            it["partialFingerprints"]["loadpathFinding/v1"].as_str().expect("a text").to_owned(),
        )
    });
    let ours: Vec<_> = ours.collect();
    let issues = parsed(&folder.run(&["check", "--format", "gitlab", "shop.arch"]).out);
    for (issue, (_, fingerprint)) in list(&issues).iter().zip(&ours) {
        assert_eq!(
            issue["fingerprint"].as_str(),
            Some(fingerprint.as_str()),
            "both formats know it by the same"
        );
    }
    ours
}

#[test]
fn a_finding_keeps_its_fingerprint_when_lines_move_and_figures_change() {
    let before = fingerprints(ACCEPTED);
    let moved = format!("// A word\n// or two.\n\n{}", ACCEPTED.replace("service log", "service log x3"));
    assert_eq!(fingerprints(&moved), before);
    let renamed = fingerprints(&ACCEPTED.replace("log", "logger"));
    assert_ne!(renamed[0].1, before[0].1, "another element is another finding");
}

/// All errors of the language are about the system; they are told apart by the line that they stand on.
#[test]
fn an_error_of_the_language_takes_no_other_s_fingerprint() {
    let of = |design: &str| fingerprints(design).into_iter().map(|it| it.1).collect::<Vec<_>>();
    let both = of("service api\napi -> nope\napi -> nope2\napi > x\n");
    let moved = of("service api\n\napi  ->  nope2 // as ever\n".trim_end_matches(" // as ever\n"));
    assert_eq!((both.len(), moved.len()), (3, 1), "{both:?} {moved:?}");
    assert_eq!(moved[0], both[1]);
    let long = format!("service api\n{}\n", "api -> nope; ".repeat(200));
    assert_eq!(of(&long).into_iter().collect::<BTreeSet<_>>().len(), 200);
}

#[test]
fn a_finding_that_comes_to_be_accepted_keeps_its_fingerprint() {
    let sorted = |mut list: Vec<(String, String)>| {
        list.sort();
        list
    };
    let open = ACCEPTED.split("allow").next().expect("it has a beginning");
    assert_eq!(sorted(fingerprints(open)), sorted(fingerprints(ACCEPTED)));
}

#[test]
fn a_finding_that_a_baseline_comes_to_know_keeps_its_fingerprint() {
    let folder = Folder::new().with("shop.arch", SHOP);
    let of = |run: Value| -> BTreeSet<String> {
        list(&run["results"]).iter().map(|it| it["partialFingerprints"].to_string()).collect()
    };
    let open = of(sarif(&folder, &[]));
    assert_eq!(of(sarif(&folder, &["--baseline", "known.json", "--write-baseline"])), open);
}

#[test]
fn several_findings_of_one_rule_on_one_element_have_each_its_own() {
    let design = "service gate\nservice api { memroy = 1GB, capcity = 2/s, zonse = 3 }\ngate -> api\n";
    let found = fingerprints(design);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found.iter().map(|(element, _)| element).collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(found.iter().map(|(_, it)| it).collect::<BTreeSet<_>>().len(), 3);
}

// ---- github

fn github(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let ran = folder.run(&[&["check", "--format", "github"], arguments].concat());
    ran.out.lines().map(str::to_owned).collect()
}

#[test]
fn github_gets_a_command_a_finding_with_all_that_would_end_it_escaped() {
    let folder = Folder::new().with("a,b:c%.arch", SHOP);
    let lines = github(&folder, &["a,b:c%.arch"]);
    let first =
        "::error title=LP002 unknown-name,file=a%2Cb%3Ac%25.arch,line=5,endLine=5,col=9,endColumn=13::";
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with(&format!("{first}nothing is called `stok`%0Ahelp: ")), "{}", lines[0]);
    assert!(lines[1].starts_with("::warning title=LP014 synchronous-cycle,"), "{}", lines[1]);
}

#[test]
fn github_gets_the_gravest_first_and_is_told_what_it_does_not_show() {
    let design = format!("{}api -> s0\n", loops(12));
    let folder = Folder::new().with("shop.arch", design);
    let lines = github(&folder, &["shop.arch"]);
    let levels: Vec<&str> = lines.iter().filter_map(|it| it.split([' ', ':']).nth(2)).collect();
    assert_eq!(levels, [vec!["error"], vec!["warning"; 12], vec!["notice"]].concat());
    let told =
        "::notice::GitHub shows 10 of a level; the log and the summary of this step have 2 warnings more";
    assert_eq!(lines.last().map(String::as_str), Some(told));
    let lines = github(&folder, &["--max-findings", "3", "shop.arch"]);
    let told = "::notice::10 further findings are left out by `--max-findings`";
    assert_eq!((lines.len(), lines.last().map(String::as_str)), (4, Some(told)));
}

#[test]
fn github_gets_a_summary_of_the_step_where_it_names_a_file_for_it() {
    let folder = Folder::new().with("shop.arch", SHOP).with("summary.md", "# Before\n");
    let run = |format: &str| {
        let mut command = folder.command(&["check", "shop.arch", "--format", format]);
        command.env("GITHUB_STEP_SUMMARY", folder.0.join("summary.md"));
        Ran::from(command.output().expect("it starts"))
    };
    run("json");
    assert_eq!(read(&folder, "summary.md"), "# Before\n", "no other format writes it");
    assert_eq!(run("github").code, Some(1));
    let summary = read(&folder, "summary.md");
    assert!(
        summary.starts_with("# Before\n## Loadpath: 1 error, 1 warning in 1 file\n\n| level |"),
        "{summary}"
    );
    let row = "| error | shop.arch:5:9 | nothing is called `stok` | LP002 unknown-name |";
    assert!(summary.lines().any(|line| line == row), "{summary}");
    fs::remove_file(folder.0.join("summary.md")).expect("it is there");
    fs::create_dir(folder.0.join("summary.md")).expect("it can be made");
    let ran = run("github");
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("can't write"), "{}", ran.err);
}

// ---- gitlab

#[test]
fn gitlab_gets_an_issue_a_finding_and_none_for_what_is_accepted() {
    let folder = Folder::new().with("shop.arch", format!("{ACCEPTED}api -> nobody\n"));
    let issues = parsed(&folder.run(&["check", "--format", "gitlab", "shop.arch"]).out);
    let issues: Vec<_> = list(&issues)
        .iter()
        .map(|it| (text(it, "/check_name"), text(it, "/severity"), it["location"].clone()))
        .collect();
    let at = |line: u32| json!({ "path": "shop.arch", "lines": { "begin": line, "end": line } });
    assert_eq!(issues, [("self-link", "major", at(6)), ("unknown-name", "critical", at(8))]);
}

// ---- junit

#[test]
fn junit_has_a_suite_a_file_and_a_case_a_finding() {
    let folder = Folder::new().with("clean.arch", CLEAN).with("shop.arch", ACCEPTED);
    let ran = folder.run(&["check", "--format", "junit", "clean.arch", "shop.arch", "nowhere.arch"]);
    assert_eq!(ran.code, Some(2));
    let lines: Vec<&str> = ran.out.lines().map(str::trim).collect();
    for line in [
        "<testsuites name=\"loadpath\" tests=\"4\" failures=\"1\" errors=\"1\">",
        "<testsuite name=\"clean.arch\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">",
        "<testcase name=\"no findings\" classname=\"clean.arch\"/>",
        "<testsuite name=\"shop.arch\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"1\">",
        "<testcase name=\"LP010 self-link: log -&gt; log\" classname=\"shop.arch\">",
        "<skipped>they gossip</skipped>",
        "<error message=\"`nowhere.arch` does not exist\"/>",
    ] {
        assert!(lines.contains(&line), "{line}\nin\n{}", ran.out);
    }
}

#[test]
fn junit_calls_no_file_clean_of_which_findings_were_left_out() {
    let folder = Folder::new().with("shop.arch", loops(2));
    let ran = folder.run(&["check", "--format", "junit", "--max-findings", "0", "shop.arch"]);
    assert!(ran.out.contains("<testsuite name=\"shop.arch\" tests=\"0\""), "{}", ran.out);
}

#[test]
fn junit_has_no_character_that_xml_forbids() {
    let folder = Folder::new().with("a\u{1}b\u{b}\u{ffff}.arch", CLEAN);
    let ran = folder.run(&["check", "--format", "junit", "."]);
    assert!(ran.out.contains("<testsuite name=\"a\u{fffd}b\u{fffd}\u{fffd}.arch\""), "{}", ran.out);
}
