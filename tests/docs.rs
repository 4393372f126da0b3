//! The documents that are made from the tool are up to date. `UPDATE=1 cargo test docs` writes them anew.
//!
//! In the README and the guides, what stands between `<!-- name -->` and `<!-- /name -->` is made by `made`; a `text`
//! fence that opens with `$ loadpath …` is the output of that command on the `arch` fence before it, or the last two, with
//! the `toml loadpath.toml` fence before it as their configuration.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use loadpath::analysis::availability::MONTH_MINUTES;
use loadpath::analysis::latency::What;
use loadpath::check::Checked;
use loadpath::diagnostic::Diagnostic;
use loadpath::figures;
use loadpath::learn::{Lesson, topics};
use loadpath::quantity::Duration;
use loadpath::report::docs::pages::{self, Shown};
use loadpath::report::docs::{self, Example, reference};
use loadpath::report::text::{self, Look};
use loadpath::rules::{RULES, Rule};

use crate::rules::files;

/// What a rule reports on an example, as a terminal shows it, and what accepts the first of it.
fn shown(rule: &Rule, example: &Example) -> Shown {
    let checked = crate::rules::checked(example);
    let own: Vec<&Diagnostic> = checked.diagnostics.iter().filter(|it| it.code == rule.code).collect();
    let findings: Vec<String> =
        own.iter().map(|it| text::finding(&checked.sources, it, Look::PLAIN)).collect();
    let name = rule.name();
    let reason = "\"why it is right here\"";
    let allows = [format!("allow {name} on {} {reason}", own[0].element), format!("allow {name} {reason}")];
    // It is shown where it does what it says.
    let accepts = |allow: &String| {
        let source = format!("{}{allow}\n", example.source);
        let checked = crate::rules::checked(&Example { source, expected: Vec::new() });
        checked.suppressed.iter().any(|it| it.diagnostic.message == own[0].message)
    };
    Shown { findings: findings.join("\n"), allow: allows.into_iter().find(accepts) }
}

pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The documents that people write: the README and the guides.
pub(crate) fn documents() -> Vec<String> {
    let name = |file: &PathBuf| file.file_name().expect("it has a name").to_string_lossy().into_owned();
    let guides = files("docs", "md");
    std::iter::once("README.md".to_owned())
        .chain(guides.iter().map(|file| format!("docs/{}", name(file))))
        .collect()
}

pub(crate) fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_default().replace("\r\n", "\n")
}

/// A fenced block of a document.
pub(crate) struct Fence {
    /// What stands behind the backticks.
    pub(crate) tag: String,
    pub(crate) body: String,
}

/// All fenced blocks, in order.
pub(crate) fn fences(markdown: &str) -> Vec<Fence> {
    let mut found = Vec::new();
    let mut open: Option<Fence> = None;
    for line in markdown.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(fence), None) => add(&mut fence.body, line),
            (None, Some(tag)) => open = Some(Fence { tag: tag.to_owned(), body: String::new() }),
            (None, None) => {}
        }
    }
    found
}

/// Adds a line to a text.
pub(crate) fn add(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// A document with all that is made in it made anew.
fn filled(name: &str, markdown: &str) -> String {
    let mut shown = String::new();
    // The design that outputs and figures are of: the last one above them, after the one before it.
    let mut designs = [String::new(), String::new()];
    let mut config = None;
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        add(&mut shown, line);
        if let Some(tag) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
            match body.first().and_then(|first| first.strip_prefix("$ loadpath ")) {
                Some(arguments) if tag == "text" => {
                    add(&mut shown, body[0]);
                    shown += &output(&designs, config.as_deref(), arguments);
                }
                _ => body.iter().for_each(|it| add(&mut shown, it)),
            }
            shown += "```\n";
            if tag == "toml loadpath.toml" {
                config = Some(body.join("\n"));
            }
            if tag.starts_with("arch") {
                designs.rotate_left(1);
                designs[1].clear();
                for it in &body {
                    add(&mut designs[1], it);
                }
            }
        } else if let Some(mark) = line.strip_prefix("<!-- ").and_then(|it| it.strip_suffix(" -->"))
            && let Some(content) = made(mark, &designs[1])
        {
            let end = format!("<!-- /{mark} -->");
            assert!(lines.by_ref().any(|it| it == end), "{name} has the mark `{end}`");
            shown += &content;
            add(&mut shown, &end);
        }
    }
    shown
}

/// What stands between the marks of this name; `design` is the one above.
fn made(mark: &str, design: &str) -> Option<String> {
    Some(match mark {
        "rules" => docs::table(RULES, Some("docs/rules/")),
        "chapters" => pages::chapters(),
        "topics" => topics().map(|it| format!("- [{}](learn/{}.md)\n", it.title(), it.name)).collect(),
        "properties" => reference::properties(),
        "meanings" => reference::meanings(),
        "kinds" => reference::kinds(),
        "engines" => reference::engines(),
        "protocols" => reference::protocols(),
        "parameters" => reference::parameters(),
        "figures" => availability_of(design),
        "shares" => shares_of(design),
        "load" => load_of(design),
        "time" => time_of(design),
        "steps" => steps_of(design),
        "queues" => queues_of(design),
        _ => return None,
    })
}

/// What the program prints when `arguments` end in the name of a file that holds the last design; one that is named
/// before it holds the design before it. The configuration stands beside them.
fn output(designs: &[String; 2], config: Option<&str>, arguments: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("docs-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder for tests can be written");
    // The project begins here, whatever stands above.
    fs::write(folder.join("loadpath.toml"), "").expect("it can be written");
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let is_design = |name: &&&str| Path::new(name).extension().is_some_and(|it| it == "arch");
    assert!(arguments.last().as_ref().is_some_and(is_design), "`{arguments:?}` end in a design");
    for (name, design) in arguments.iter().rev().filter(is_design).zip(designs.iter().rev()) {
        fs::write(folder.join(name), design).expect("it can be written");
    }
    if let Some(config) = config {
        fs::write(folder.join("loadpath.toml"), config).expect("it can be written");
    }
    let shown = run(&folder, &arguments);
    fs::remove_dir_all(&folder).expect("the folder is this test's own");
    timeless(&shown)
}

/// Standard output of the program.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadpath"));
    let command = command.args(arguments).current_dir(folder).env_remove("CLICOLOR_FORCE");
    command.env_remove("GITHUB_STEP_SUMMARY");
    let output = command.output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.is_empty(), "{arguments:?} complains: {said}");
    String::from_utf8(output.stdout).expect("it is UTF-8")
}

/// The time in the closing line is another in every run: documents show 1 ms.
fn timeless(shown: &str) -> String {
    let Some(at) = shown.rfind(" in ").filter(|_| shown.trim_end().ends_with("ms)")) else {
        return shown.to_owned();
    };
    format!("{} in 1 ms)\n", &shown[..at])
}

/// A design that has flows to judge.
fn judged(design: &str) -> Checked {
    let checked = crate::rules::checked(&Example { source: design.to_owned(), expected: Vec::new() });
    assert!(!checked.analysis.journeys.is_empty(), "it has a flow:\n{design}");
    checked
}

/// The availability of each flow of a design, and what takes it down alone.
fn availability_of(design: &str) -> String {
    let Checked { architecture, analysis, .. } = judged(design);
    let mut shown = reference::head(&["flow", "availability", "down a month", "down with the loss of one"]);
    for (journey, flow) in analysis.judged() {
        let cuts: Vec<String> =
            flow.single_cuts.iter().map(|it| format!("`{}`", it.name(&architecture))).collect();
        let up = flow.low.lower();
        reference::row(
            &mut shown,
            &[
                &journey.name,
                &figures::availability(up),
                &figures::minutes((1.0 - up) * MONTH_MINUTES),
                &cuts.join(", "),
            ],
        );
    }
    shown
}

/// What each element costs the first flow of a design.
fn shares_of(design: &str) -> String {
    let Checked { architecture, analysis, .. } = judged(design);
    let mut shown = reference::head(&["element", "minutes a month that it costs"]);
    for part in &analysis.availability[0].contributions {
        let name = format!("`{}`", part.element.name(&architecture));
        reference::row(&mut shown, &[&name, &figures::minutes(part.minutes())]);
    }
    shown
}

/// What each component of a design carries.
fn load_of(design: &str) -> String {
    let Checked { architecture, analysis, .. } = judged(design);
    let mut shown = reference::head(&["component", "mean", "peak", "used at peak"]);
    for component in architecture.components().filter(|it| !it.kind.is_caller_only()) {
        let demand = analysis.load.component(component.id);
        let used = analysis.load.utilisation(component);
        reference::row(
            &mut shown,
            &[
                &format!("`{}`", component.name),
                &demand.mean.total().to_string(),
                &demand.peak.total().to_string(),
                &used.map(|it| figures::percent(it.share)).unwrap_or_default(),
            ],
        );
    }
    shown
}

/// How long each flow takes until it is answered, and until all is done that it names.
fn time_of(design: &str) -> String {
    let Checked { architecture, analysis, .. } = judged(design);
    let mut shown = reference::head(&[
        "flow",
        "",
        "half within",
        "one in a hundred, at least",
        "at most, all slow at once",
    ]);
    for (at, journey) in analysis.journeys.iter().enumerate() {
        let answered = analysis.latency(&architecture, at);
        let done = analysis.latency_to_the_end(&architecture, at);
        for (until, time) in [("answered", answered), ("done", done)] {
            if until == "done" && time == answered {
                continue;
            }
            let sums = [time.median, time.least, time.most].map(|it| it.to_string());
            reference::row(&mut shown, &[&journey.name, until, &sums[0], &sums[1], &sums[2]]);
        }
    }
    shown
}

/// What a design's first flow waits for until it is answered, one thing after the other.
fn steps_of(design: &str) -> String {
    let Checked { architecture, analysis, .. } = judged(design);
    let mut shown = reference::head(&["step", "what", "half within", "one in a hundred, at most"]);
    for step in &analysis.latency(&architecture, 0).steps {
        let what = match step.what {
            What::Work(_) => "its own work",
            What::Wait(_) => "waiting for its turn",
            What::Trip(_) => "the way there and back",
            What::Batch(_) => "until the batch leaves",
            What::Schedule(_) => "until it runs again",
            What::Lag(_) => "until the copy has it",
        };
        let (element, _) = step.what.element(&architecture);
        let times = [step.median(), step.most()].map(|it| it.to_string());
        reference::row(&mut shown, &[&format!("`{element}`"), what, &times[0], &times[1]]);
    }
    shown
}

/// What comes to the queues of a design and what is worked off.
fn queues_of(design: &str) -> String {
    let Checked { architecture, analysis, .. } = judged(design);
    let head = ["queue", "at peak", "worked off", "used", "full after", "outage", "worked off after"];
    let mut shown = reference::head(&head);
    for backlog in &analysis.backlogs(&architecture).all {
        let (outage, _) = backlog.outage(&architecture);
        let time = |time: Option<Duration>| time.map_or("never".to_owned(), |it| it.to_string());
        for feed in &backlog.feeds {
            reference::row(
                &mut shown,
                &[
                    &format!("`{}`", architecture.component(feed.queue).name),
                    &feed.amount.peak.to_string(),
                    &backlog.capacity().map(|it| it.value.to_string()).unwrap_or_default(),
                    &backlog.busy().map(|it| figures::percent(it.peak)).unwrap_or_default(),
                    &time(backlog.time_to_fill(&architecture, feed)),
                    &outage.to_string(),
                    &time(backlog.time_to_drain(&architecture, outage)),
                ],
            );
        }
    }
    shown
}

/// Compares a document with what it should say, or writes it.
pub(crate) fn assert_up_to_date(name: &str, wanted: &str) {
    if env::var_os("UPDATE").is_some() {
        fs::write(path(name), wanted).expect("the document can be written");
        return;
    }
    let found = fs::read_to_string(path(name)).unwrap_or_default().replace("\r\n", "\n");
    let line = found.lines().zip(wanted.lines()).position(|(a, b)| a != b).unwrap_or(found.lines().count());
    assert!(found == wanted, "{name} is out of date from line {}: run `UPDATE=1 cargo test docs`", line + 1);
}

#[test]
fn each_rule_has_its_page_and_each_page_its_rule() {
    let mut wanted = pages::all(shown);
    for (name, page) in &wanted {
        assert_up_to_date(&format!("docs/rules/{name}"), page);
    }
    wanted.sort();
    let names: Vec<PathBuf> = wanted.iter().map(|(name, _)| path("docs/rules").join(name)).collect();
    assert_eq!(files("docs/rules", "md"), names);
}

/// Each topic as a page of the book: what `loadpath learn` writes of it.
#[test]
fn each_topic_has_its_page() {
    for topic in topics() {
        let lesson = Lesson::of(topic).expect("it can be worked out");
        let page = loadpath::report::learn::markdown(&lesson, Some("../rules/"));
        let (title, rest) = page.split_once('\n').expect("it begins with a heading");
        let name = topic.name;
        let origin = format!(
            "<!-- Made from `src/learn/{name}.md`: edit it there, then run `UPDATE=1 cargo test docs`. -->"
        );
        assert_up_to_date(&format!("docs/learn/{name}.md"), &format!("{title}\n\n{origin}\n{rest}"));
    }
    assert_eq!(files("docs/learn", "md").len(), topics().count());
}

/// What breaks the language can't be accepted; all else can.
#[test]
fn each_finding_of_a_page_is_accepted_as_it_says() {
    for rule in RULES {
        let example = docs::examples(rule).swap_remove(0);
        let is_accepted = shown(rule, &example).allow.is_some();
        assert_eq!(is_accepted, !rule.is_of_the_language(), "{}", rule.code);
    }
}

#[test]
fn the_schema_of_the_configuration_is_up_to_date() {
    assert_up_to_date("docs/loadpath.schema.json", &docs::schema::schema());
}

#[test]
fn the_readme_and_the_guides_are_up_to_date() {
    for name in documents() {
        let text = read(&name);
        assert_up_to_date(&name, &filled(&name, &text));
    }
}

/// What the documents show is what the formatter makes of it.
#[test]
fn every_design_in_a_document_is_in_its_form() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(run(folder, &["fmt", "--check", "README.md", "docs"]), "");
}

/// The picture of the README is what the tool draws today.
#[test]
fn the_picture_is_up_to_date() {
    let dot = run(Path::new(env!("CARGO_MANIFEST_DIR")), &["graph", "examples/checkout-naive.arch"]);
    if env::var_os("UPDATE").is_some() {
        let drawn = Command::new("dot").arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut drawn = drawn.expect("Graphviz is installed: `apt-get install graphviz`");
        let mut pipe = drawn.stdin.take().expect("it is piped");
        pipe.write_all(dot.as_bytes()).expect("it is read");
        drop(pipe);
        let output = drawn.wait_with_output().expect("it ends");
        assert!(output.status.success(), "Graphviz draws it");
        fs::write(path("docs/checkout-naive.svg"), output.stdout).expect("the picture can be written");
    }
    assert_up_to_date("docs/checkout-naive.dot", &dot);
    // Graphviz of another version places boxes elsewhere; what must be there are the boxes.
    let picture = read("docs/checkout-naive.svg");
    for component in ["browser", "shop", "orders", "sessions", "mails", "mailer", "payments"] {
        assert!(picture.contains(&format!("<title>{component}</title>")), "the picture shows `{component}`");
    }
}

/// All examples on one page, each as the tool draws it today.
#[test]
fn the_sheet_of_pictures_has_every_example() {
    let examples: Vec<String> = crate::rules::files("examples", "arch")
        .iter()
        .map(|path| path.file_name().expect("it has a name").to_string_lossy().into_owned())
        .collect();
    let draw = |name: &String, format| {
        run(
            Path::new(env!("CARGO_MANIFEST_DIR")),
            &["graph", &format!("examples/{name}"), "--format", format],
        )
    };
    if env::var_os("UPDATE").is_some() {
        let pictures: Vec<String> = examples.iter().map(|name| draw(name, "svg")).collect();
        fs::write(path("docs/pictures.svg"), sheet(&pictures)).expect("the sheet can be written");
    }
    let sheet = read("docs/pictures.svg");
    assert!(sheet.len() < 1_500_000, "{} bytes", sheet.len());
    assert_eq!(sheet.matches("<svg ").count(), examples.len() + 1);
    for name in &examples {
        let picture: serde_json::Value = serde_json::from_str(&draw(name, "json")).expect("it is JSON");
        for shown in picture["boxes"].as_array().expect("a list") {
            let Some(title) = shown["title"].as_str() else { continue };
            let escaped = title.replace('-', "&#45;");
            assert!(sheet.contains(&format!(">{escaped}<")), "{name}: the sheet shows `{title}`");
        }
    }
}

/// Pictures in columns, each below the shortest.
fn sheet(pictures: &[String]) -> String {
    const COLUMNS: usize = 3;
    const WIDTH: f64 = 900.0;
    const GAP: f64 = 24.0;
    let mut heights = [GAP; COLUMNS];
    let mut placed = String::new();
    for picture in pictures {
        let (view, inner) = parts(picture);
        let size: Vec<f64> = view.split(' ').map(|it| it.parse().expect("a number")).collect();
        let scale = (WIDTH / size[2]).min(1.0);
        let (width, height) = (size[2] * scale, size[3] * scale);
        let column = (0..COLUMNS).min_by(|a, b| heights[*a].total_cmp(&heights[*b])).expect("there are some");
        let (x, y) = (GAP + column as f64 * (WIDTH + GAP), heights[column]);
        placed += &format!(
            "<svg x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"{view}\">{inner}</svg>\n"
        );
        heights[column] += height + GAP;
    }
    let (width, height) = (GAP + COLUMNS as f64 * (WIDTH + GAP), heights.into_iter().fold(0.0, f64::max));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n\
         <title>The examples, as `loadpath graph` draws them</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#e2e8f0\"/>\n{placed}</svg>\n"
    )
}

/// The view box of a picture, and what is in it, without the ids and titles that only one picture of a page may have.
fn parts(picture: &str) -> (&str, String) {
    let view = picture.split("viewBox=\"").nth(1).and_then(|it| it.split('"').next()).expect("it has one");
    let open = picture.find("<g id=").expect("Graphviz draws a group");
    let inner = &picture[open..picture.rfind("</svg>").expect("it ends")];
    let mut kept = String::new();
    for line in inner.lines().filter(|it| !it.starts_with("<title>") && !it.starts_with("<!--")) {
        let line = match line.strip_prefix("<g id=\"") {
            Some(rest) => format!("<g{}", rest.split_once('"').map_or("", |(_, rest)| rest)),
            None => line.to_owned(),
        };
        kept += &line;
        kept.push('\n');
    }
    (view, kept)
}
