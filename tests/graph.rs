//! The picture: what it shows, and that Graphviz takes it whatever a design says.

mod syntax;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use loadpath::analysis::Analysis;
use loadpath::check::{Checked, Config, NoFiles, Profile, check};
use loadpath::diagnostic::{Diagnostic, Label, Severity};
use loadpath::model::{self, Architecture};
use loadpath::report::graph::dot::dot;
use loadpath::report::graph::{Overlay, Picture, Theme, View, Wanted, svg};
use loadpath::source::{SourceFile, Span};
use loadpath::syntax::ast::{
    Arrow, Body, Element, File, Hop, Item, Link, Name, Path as Dotted, Statement, System, Tail, Targets, Text,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

fn checked(source: &str) -> Checked {
    check(
        SourceFile::new("design.arch", source),
        &NoFiles,
        &Config { profile: Profile::Review, ..Config::default() },
    )
}

fn architecture(source: &str) -> Architecture {
    checked(source).architecture
}

fn drawn(architecture: &Architecture, diagnostics: &[Diagnostic]) -> String {
    let analysis = Analysis::of(architecture);
    dot(&Picture {
        architecture,
        analysis: &analysis,
        diagnostics,
        view: View::default(),
        overlay: Overlay::Findings,
        theme: Theme::Light,
    })
}

fn plain(source: &str) -> String {
    drawn(&architecture(source), &[])
}

fn finding(severity: Severity, code: &'static str, name: &'static str, element: &str) -> Diagnostic {
    Diagnostic {
        code,
        name,
        severity,
        message: String::new(),
        labels: vec![Label { span: Span::default(), message: String::new(), element: None }],
        notes: Vec::new(),
        help: None,
        element: element.to_owned(),
        flows: Vec::new(),
        fix: None,
        extent: None,
        asked: Vec::new(),
    }
}

/// What Graphviz makes of a text; a missing `dot` fails the test, for the pictures are half of the product.
fn graphviz(format: &str, text: &str) -> String {
    let mut child = Command::new("dot")
        .arg(format)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Graphviz is installed: `apt-get install graphviz`");
    let mut stdin = child.stdin.take().expect("it is piped");
    let text = text.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("it does not panic").expect("all of it is read");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("Error:") && !said.contains("Warning:"), "{said}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The line that states a box, or an arrow.
fn line<'a>(dot: &'a str, start: &str) -> &'a str {
    let is_it = |line: &&str| line.trim_start().starts_with(start);
    dot.lines().find(is_it).unwrap_or_else(|| panic!("no `{start}` in\n{dot}"))
}

// ---- every design

fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut examples: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the examples are there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "arch"))
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("UTF-8")))
        .collect();
    examples.sort();
    assert!(!examples.is_empty());
    examples
}

/// Each example, with its findings and what its links carry, is drawn by Graphviz without a complaint.
#[test]
fn every_example_is_drawn() {
    for (name, source) in examples() {
        let design = checked(&source);
        let architecture = &design.architecture;
        let text = dot(&Picture::of(&design));
        syntax::read(&text).unwrap_or_else(|fault| panic!("{name}: {fault}\n{text}"));
        assert!(graphviz("-Tcanon", &text).starts_with("digraph"), "{name}");
        let svg = graphviz("-Tsvg", &text);
        // Each box and each arrow is there once: nothing shares a name with another.
        assert_eq!(svg.matches("class=\"edge").count(), architecture.links().len() + hosted(architecture));
        assert!(svg.matches("class=\"node").count() >= architecture.components().len(), "{name}");
    }
}

fn hosted(architecture: &Architecture) -> usize {
    architecture.components().filter(|component| component.host.is_some()).count()
}

/// The same design gives the same text.
#[test]
fn drawing_is_deterministic() {
    for (_, source) in examples() {
        let draw = || dot(&Picture::of(&checked(&source)));
        assert_eq!(draw(), draw());
    }
}

/// A design without anything in it is drawn as its title.
#[test]
fn an_empty_design_is_drawn() {
    let text = plain("");
    assert!(text.contains("<B>Architecture</B>") && text.contains("0 components · 0 links"), "{text}");
    graphviz("-Tsvg", &text);
}

#[test]
fn a_small_design_reads_as_it_is_drawn() {
    let source = r#"
system "Shop" {}
client browser
region eu "Europe" {
  load_balancer edge x2
  service api x3..6 { zones = 3 }
  database orders : postgres x2 { failover = 30s }
}
third_party cards : stripe
browser -> edge : https
edge -> api
api -> orders { writes }
api -> cards { timeout = 2s }
"#;
    let findings = [
        finding(Severity::Warning, "LP101", "single-point-of-failure", "orders"),
        finding(Severity::Error, "LP212", "missing-circuit-breaker", "api -> cards"),
        finding(Severity::Advice, "LP902", "unstated-slo", "system"),
    ];
    let text = drawn(&architecture(source), &findings);
    graphviz("-Tsvg", &text);
    let shown = format!("{}\n\n{text}", source.trim());
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "graph/snapshots" }, {
        insta::assert_snapshot!("small", shown);
    });
}

/// `loadpath graph` writes the picture, to a file as well, and says what it can't read.
#[test]
fn the_command_draws_a_design() {
    let run = |arguments: &[&str]| {
        let command = Command::new(env!("CARGO_BIN_EXE_loadpath"))
            .arg("graph")
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output();
        command.expect("it starts")
    };
    let drawn = run(&["examples/url-shortener.arch"]);
    assert!(drawn.status.success());
    let text = String::from_utf8(drawn.stdout).expect("UTF-8");
    syntax::read(&text).unwrap();
    assert!(text.contains("URL shortener") && text.contains("6.94k/s"), "{text}");

    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("picture.dot");
    let path = file.to_str().expect("UTF-8");
    assert!(run(&["examples/url-shortener.arch", "--format", "dot", "--output", path]).stdout.is_empty());
    assert_eq!(fs::read_to_string(&file).expect("it is written"), text);

    let (svg, png) = (file.with_extension("svg"), file.with_extension("png"));
    for picture in [&svg, &png] {
        let path = picture.to_str().expect("UTF-8");
        let drawn = run(&["examples/url-shortener.arch", "--output", path]);
        assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
    }
    assert!(fs::read_to_string(&svg).expect("it is written").contains("<title>URL shortener</title>"));
    assert!(fs::read(&png).expect("it is written").starts_with(b"\x89PNG"));

    let missing = run(&["no-such.arch"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("`no-such.arch` does not exist"));
}

/// Without Graphviz it is said how to get it, and what does without.
#[test]
fn without_graphviz_it_is_said_how_to_get_it() {
    let output = Command::new(env!("CARGO_BIN_EXE_loadpath"))
        .args(["graph", "examples/url-shortener.arch", "--format", "svg"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("PATH", "/nowhere")
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("apt-get install graphviz") && said.contains("brew install graphviz"), "{said}");
    assert!(said.contains("`loadpath report --format html`"), "{said}");
}

// ---- findings

/// A finding is a border in its level's colour and a badge with icon, code and words: never colour alone.
#[test]
fn a_finding_stands_on_its_component() {
    let design = architecture("service api\ndatabase db\napi -> db");
    let text = drawn(&design, &[finding(Severity::Error, "LP101", "single-point-of-failure", "db")]);
    let (db, api) = (line(&text, "db ["), line(&text, "api ["));
    assert!(db.contains(r##"BORDER="2" STYLE="ROUNDED" COLOR="#dc2626""##), "{db}");
    assert!(db.contains("✖ <B>LP101</B> single point of failure"), "{db}");
    assert!(api.contains(r#"BORDER="1""#) && !api.contains("LP101"), "{api}");
    assert!(text.contains("1 error<"), "{text}");
}

/// The gravest two are told, whatever the order in which they came; the others are counted.
#[test]
fn more_than_two_findings_are_counted() {
    let findings = [
        finding(Severity::Advice, "LP415", "missing-backup", "db"),
        finding(Severity::Warning, "LP503", "unencrypted-at-rest", "db"),
        finding(Severity::Advice, "LP418", "unstated-consistency", "db"),
        finding(Severity::Error, "LP301", "overloaded", "db"),
    ];
    let text = drawn(&architecture("service api\ndatabase db\napi -> db"), &findings);
    let db = line(&text, "db [");
    let error = db.find("✖ <B>LP301</B>").expect("the error is told");
    let warning = db.find("▲ <B>LP503</B>").expect("the warning is told");
    assert!(error < warning && db.contains("+2 more"), "{db}");
    assert!(!db.contains("LP415") && !db.contains("LP418"), "{db}");
}

/// The link at fault is in its level's colour, heavier, and says why; its neighbour is not.
#[test]
fn a_link_at_fault_is_red_and_says_why() {
    let design = architecture("service api\ndatabase db, log\napi -> db\napi ~> log");
    let text = drawn(&design, &[finding(Severity::Error, "LP209", "missing-timeout", "api ~> log")]);
    let at_fault = line(&text, "api -> log");
    assert!(at_fault.contains(r##"color="#dc2626""##) && at_fault.contains("penwidth=2.2"), "{at_fault}");
    assert!(at_fault.contains("✖ <B>LP209</B> missing timeout"), "{at_fault}");
    assert_eq!(line(&text, "api -> db").trim(), r#"api -> db [id="link-0", class="link"];"#);
}

/// Of two links between the same ends the finding is on the one that it points at.
#[test]
fn a_finding_is_on_the_link_that_it_points_at() {
    let design = architecture("client web\nservice api\nweb -> api : https\nweb -> api : http");
    let mut plaintext = finding(Severity::Error, "LP501", "plaintext-across-boundary", "web -> api");
    plaintext.labels[0].span = design.links().nth(1).expect("two links").span;
    let text = drawn(&design, &[plaintext]);
    let arrows: Vec<&str> = text.lines().filter(|line| line.contains("web -> api")).collect();
    assert!(!arrows[0].contains("LP501") && arrows[0].contains("https"), "{text}");
    assert!(arrows[1].contains("LP501"), "{text}");
}

/// What is about a flow or the whole stands in the title.
#[test]
fn findings_on_flows_and_the_system_stand_in_the_title() {
    let findings = [
        finding(Severity::Error, "LP103", "missed-slo", "buy"),
        finding(Severity::Warning, "LP901", "unstated-scale", "system"),
    ];
    let text =
        drawn(&architecture("client web\nservice api\nweb -> api\nflow buy { web -> api }"), &findings);
    let title = line(&text, "label=<");
    assert!(title.contains("✖ <B>LP103</B> missed slo · buy"), "{title}");
    assert!(title.contains("▲ <B>LP901</B> unstated scale<"), "{title}");
    assert!(title.contains("1 error, 1 warning"), "{title}");
}

// ---- lines

/// Waited for: solid. Not waited for: dashed. Beside the users' path: dotted. A copy of data: pale, and it moves
/// nothing that something else leads to.
#[test]
fn lines_tell_how_a_link_is_taken() {
    let text = plain(
        "service api, other\ndatabase db, copy\nqueue jobs\ncache hot\n\
         api -> db\napi ~> jobs\napi -> hot { optional }\ndb ~> copy : replication\nother -> copy",
    );
    assert_eq!(line(&text, "api -> db").trim(), r#"api -> db [id="link-0", class="link"];"#);
    assert!(line(&text, "api -> jobs").contains("style=dashed, arrowhead=vee"), "{text}");
    assert!(line(&text, "api -> hot").contains("optional") && line(&text, "api -> hot").contains("dotted"));
    let copy = line(&text, "db -> copy");
    assert!(copy.contains(r##"color="#94a3b8""##) && copy.contains("constraint=false"), "{copy}");
}

/// One of several by case, any of several, and what is taken when the first is down are told apart.
#[test]
fn alternatives_are_marked() {
    let text = plain(
        "client web, app\napi_gateway gate\nservice a, b, c, d, e, f\n\
         gate -> a / b\nweb -> c | d\napp -> e else f",
    );
    for route in ["gate -> a", "gate -> b"] {
        assert!(line(&text, route).contains("arrowtail=odiamond"), "{text}");
    }
    for member in ["web -> c", "web -> d"] {
        assert!(line(&text, member).contains("arrowtail=odot"), "{text}");
    }
    assert!(!line(&text, "app -> e").contains("fallback"), "{text}");
    assert!(line(&text, "app -> f").contains("fallback"), "{text}");
}

/// `10M × 20/day ÷ 86 400 s × 3 = 6 944/s` at peak.
#[test]
fn links_say_what_they_carry_at_peak() {
    let design = checked(
        "system \"S\" { daily_users = 10M, per_user = 20/day, peak_factor = 3 }\n\
         client web\nservice api\nweb -> api : https\nflow use { web -> api }",
    );
    let text = dot(&Picture { diagnostics: &[], ..Picture::of(&design) });
    assert!(line(&text, "web -> api").contains("https · 6.94k/s"), "{text}");
    assert!(line(&text, "label=<").contains("peak 6.94k/s"), "{text}");
}

/// A circle is drawn: the one link that closes it is written the other way round, so that Graphviz keeps the
/// columns, and its head stays where it belongs.
#[test]
fn a_circle_has_one_way_back() {
    let text = plain("client web\nservice a, b, c\nweb -> a -> b -> c ~> a\na -> a");
    assert_eq!(
        line(&text, "a -> c").trim(),
        r#"a -> c [id="link-3", class="link", style=dashed, dir=back, arrowtail=vee];"#
    );
    assert_eq!(text.matches("dir=back").count(), 1, "{text}");
    let svg = graphviz("-Tsvg", &text);
    assert_eq!(svg.matches("class=\"edge").count(), 5);
}

/// Stores in a group of their own share a column; those among services stay near who asks them.
#[test]
fn a_group_of_stores_is_one_column() {
    let text = plain(
        "client web\nservice a, b, c\ngroup data { database first\n database last }\n\
         web -> a -> b -> c\na -> first\nc -> last",
    );
    assert!(text.contains("{ rank=same; first; last; }"), "{text}");
    let text =
        plain("client web\nservice a, b, c\ndatabase first, last\nweb -> a -> b -> c\na -> first\nc -> last");
    assert!(!text.contains("rank=same"), "{text}");
}

// ---- groups

/// Groups nest as frames; one without members and one that only copies lead to are drawn as well.
#[test]
fn groups_are_frames() {
    let text = plain(
        "region east { zone a { service api }\n zone b {} }\nregion west { service api }\n\
         east ~> west : replication",
    );
    graphviz("-Tsvg", &text);
    for frame in ["cluster_east", "cluster_a", "cluster_b", "cluster_west"] {
        assert!(text.contains(&format!("subgraph {frame} {{")), "{text}");
    }
    assert!(text.contains("REGION · <B>east</B>") && text.contains("nothing inside"), "{text}");
    let copy = line(&text, "\"a.api\" -> \"west.api\"");
    assert!(copy.contains("ltail=cluster_east, lhead=cluster_west"), "{copy}");
    assert!(line(&text, "\"west.api\" [").contains("<B>api</B>"), "the frame says the rest:\n{text}");
}

/// What nothing is linked to stands apart, but for the directory, which is asked without a link.
#[test]
fn what_is_not_linked_stands_apart() {
    let text = plain("dns\nmonitoring\nclient web\nservice api\nweb -> api");
    let apart = text.split("subgraph \"cluster_not linked\"").nth(1).expect("a frame of its own");
    assert!(apart.contains("monitoring [") && !apart.contains("dns ["), "{text}");
}

/// A design of more than 200 components is drawn by its groups, from the innermost outwards, and what is in them
/// is counted: three regions of 90 components are too many, their nine zones are not.
#[test]
fn a_large_design_is_drawn_by_its_groups() {
    let mut source = String::from("client web\n");
    for region in 0..3 {
        let _ = writeln!(source, "region r{region} {{");
        for zone in 0..3 {
            let _ = writeln!(source, "zone z{region}{zone} {{");
            for at in 0..30 {
                let _ = writeln!(source, "service s{region}{zone}_{at}");
            }
            let _ = writeln!(source, "}}");
        }
        let _ = writeln!(
            source,
            "}}\nweb -> s{region}0_0\ns{region}0_0 -> s{region}1_1\ns{region}0_2 -> s{region}1_3"
        );
    }
    let design = architecture(&source);
    assert_eq!(design.components().len(), 271);
    let findings = [
        finding(Severity::Error, "LP301", "overloaded", "s11_4"),
        finding(Severity::Warning, "LP101", "single-point-of-failure", "s11_5"),
    ];
    let text = drawn(&design, &findings);
    graphviz("-Tsvg", &text);
    syntax::read(&text).unwrap();
    assert!(text.contains("subgraph cluster_r1 {") && !text.contains("s00_0"), "{text}");
    let zone = line(&text, "z11 [");
    assert!(zone.contains("ZONE · 30 components") && zone.contains("30 services"), "{zone}");
    assert!(zone.contains("✖ <B>1 error</B>") && zone.contains("▲ <B>1 warning</B>"), "{zone}");
    assert!(line(&text, "z00 -> z01").contains("2 links"), "{text}");
    assert!(line(&text, "label=<").contains("271 components"), "{text}");
}

/// 20 groups of a dozen services, linked as a gateway's targets, as a chain and as a mesh: on a page that shows them whole the
/// smallest text is still read, which a tower, a ribbon or a diagonal of them does not give.
#[test]
fn a_large_design_fits_a_page_whatever_its_shape() {
    let mut groups = String::from("client app\napi_gateway gw\n");
    for at in 0..20 {
        let services: Vec<String> = (0..12).map(|service| format!("service s{at}_{service}")).collect();
        let _ = writeln!(groups, "group g{at} {{ {} }}", services.join("; "));
    }
    let fan: String =
        (0..20).fold("app -> gw\n".to_owned(), |all, at| all + &format!("gw -> g{at}.s{at}_0\n"));
    let chain = (1..20).fold("app -> gw -> g0.s0_0\n".to_owned(), |all, at| {
        all + &format!("g{}.s{}_0 -> g{at}.s{at}_0\n", at - 1, at - 1)
    });
    let mesh = (0..80).fold("app -> gw -> g0.s0_0\n".to_owned(), |all, at| {
        let (from, to) = (at % 20, (at * 7 + at / 20 + 1) % 20);
        all + &format!("g{from}.s{from}_1 -> g{to}.s{to}_0\n")
    });
    for links in [fan, chain, mesh] {
        let text = plain(&format!("{groups}{links}"));
        let drawn = graphviz("-Tplain", &text);
        let size: Vec<f64> = drawn
            .lines()
            .next()
            .expect("a graph")
            .split(' ')
            .skip(2)
            .map(|it| it.parse().expect("inches"))
            .collect();
        assert!(size[0] < 18.0 && size[1] < 18.0, "{size:?} inches\n{links}");
        assert_eq!(text, plain(&format!("{groups}{links}")), "it is always the same");
    }
    // What is read as it is stands as it did.
    assert!(!plain("client app\nservice api\napp -> api\n").contains("invis"));
}

/// Without groups what is of one kind is drawn as one, what there is most of first.
#[test]
fn a_large_design_without_groups_is_drawn_by_its_kinds() {
    let mut source = String::from("client web\ndatabase db\n");
    for at in 0..300 {
        let _ = writeln!(source, "service s{at}\nweb -> s{at} -> db");
    }
    let text = plain(&source);
    assert!(line(&text, "\"300 services\" [").contains("<B>300 services</B>"), "{text}");
    assert!(line(&text, "web -> \"300 services\"").contains("300 links"), "{text}");
    assert!(text.contains("some drawn as one") && !text.contains("s17"), "{text}");
}

// ---- views

/// A region with two services and a store, between who calls and who is called.
const REGION: &str = "client web\nregion eu { service api, other\n database db }\nthird_party cards\nservice far\n\
     web -> api : https\napi -> db, other\nother -> cards\nfar -> cards\n\
     flow buy { web -> api -> db }\nflow pay { web -> api -> other -> cards }";

fn viewed(source: &str, wanted: &Wanted, overlay: Overlay) -> String {
    let design = checked(source);
    let view = View::find(wanted, &design.architecture, &design.analysis).expect("it is there");
    let text = dot(&Picture { view, overlay, diagnostics: &[], ..Picture::of(&design) });
    syntax::read(&text).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
    text
}

/// The names of the boxes that are drawn.
fn boxes(text: &str) -> Vec<&str> {
    let box_lines =
        text.lines().filter(|line| line.contains("label=<<TABLE") && line.contains("=\"component"));
    let mut names: Vec<&str> = box_lines.filter_map(|line| line.trim().split(' ').next()).collect();
    names.sort_unstable();
    names
}

/// Around `db` is `api` alone; what else that is linked to is counted. One link further all of its neighbours are there.
#[test]
fn the_surroundings_of_something_are_drawn_as_deep_as_is_asked() {
    let around = |name, depth| {
        let wanted = Wanted { focus: Some((name, depth)), ..Wanted::default() };
        viewed(REGION, &wanted, Overlay::Findings)
    };
    let near = around("db", 1);
    assert_eq!(boxes(&near), ["api", "db"]);
    assert!(line(&near, "api [").contains("+2 more linked"), "{near}");
    assert!(!line(&near, "db [").contains("more linked") && near.contains("around db"), "{near}");
    assert_eq!(boxes(&around("db", 2)), ["api", "db", "other", "web"]);
    assert_eq!(boxes(&around("db", 0)), ["db"]);
    assert_eq!(
        boxes(&around("eu", 1)),
        ["api", "cards", "db", "other", "web"],
        "a group has surroundings too"
    );
}

/// A flow is its links in the order of its path, and nothing else.
#[test]
fn a_flow_is_drawn_with_its_steps() {
    let wanted = Wanted { flow: Some("pay"), ..Wanted::default() };
    let text = viewed(REGION, &wanted, Overlay::Findings);
    assert_eq!(boxes(&text), ["api", "cards", "other", "web"]);
    for (step, arrow) in [(1, "web -> api"), (2, "api -> other"), (3, "other -> cards")] {
        assert!(line(&text, arrow).contains(&format!("step {step}")), "{text}");
    }
}

/// The inside of a group is drawn in full, its neighbours faintly, without facts; what is further off is not.
#[test]
fn a_group_is_drawn_with_its_neighbours_faintly() {
    let text = viewed(REGION, &Wanted { group: Some("eu"), ..Wanted::default() }, Overlay::Load);
    assert_eq!(boxes(&text), ["api", "cards", "db", "other", "web"]);
    assert!(line(&text, "cards [").contains(r##"BGCOLOR="#ffffff""##), "{text}");
    assert!(
        !line(&text, "cards [").contains("at peak") && line(&text, "api [").contains("load unknown"),
        "{text}"
    );
}

/// Groups are one box each where that is asked for: all, or the named ones. What is asked about stays open.
#[test]
fn groups_are_collapsed() {
    let source = "region a { service x }\nregion b { service y }\nx -> y";
    let collapsed = |names: &[&str], focus| {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        viewed(source, &Wanted { collapse: Some(&names), focus, ..Wanted::default() }, Overlay::Findings)
    };
    let all = collapsed(&[], None);
    assert!(
        line(&all, "a [").contains("REGION · 1 component") && line(&all, "a -> b").contains("link-0"),
        "{all}"
    );
    assert_eq!(boxes(&collapsed(&["b"], None)), ["x"]);
    assert_eq!(boxes(&collapsed(&[], Some(("y", 1)))), ["y"]);
}

/// What several flags ask for is drawn where all of them hold.
#[test]
fn views_combine() {
    let wanted = Wanted { flow: Some("pay"), group: Some("eu"), ..Wanted::default() };
    assert_eq!(boxes(&viewed(REGION, &wanted, Overlay::Latency)), ["api", "cards", "other", "web"]);
    let wanted = Wanted { flow: Some("buy"), focus: Some(("api", 1)), ..Wanted::default() };
    assert_eq!(boxes(&viewed(REGION, &wanted, Overlay::Trust)), ["api", "db", "web"]);
}

/// What is not there is answered with what may have been meant.
#[test]
fn what_is_not_there_is_answered_with_what_is_near() {
    let design = checked(REGION);
    let refused = |wanted: &Wanted| {
        View::find(wanted, &design.architecture, &design.analysis).expect_err("nothing is called so")
    };
    assert_eq!(
        refused(&Wanted { focus: Some(("othr", 1)), ..Wanted::default() }),
        "there is no component or group `othr`; did you mean `other`?"
    );
    assert_eq!(
        refused(&Wanted { flow: Some("sell"), ..Wanted::default() }),
        "there is no flow `sell`; there are: `buy`, `pay`"
    );
    assert_eq!(
        refused(&Wanted { group: Some("us"), ..Wanted::default() }),
        "there is no group `us`; there are: `eu`"
    );
}

// ---- overlays

/// Figures that follow from the design stand on their boxes, and unknown ones are told to be.
#[test]
fn overlays_tell_figures_and_what_is_unknown() {
    let source = "system \"S\" { daily_users = 10M, per_user = 20/day, peak_factor = 3 }\n\
         client web\nservice api x2 { capacity = 3.6k/s, availability = 99% }\nservice log\n\
         database db { capacity = 100k/s, data = [pii] }\n\
         web -> api : http\napi -> db : tls\nflow use { web -> api -> db }";
    let told = |overlay| viewed(source, &Wanted::default(), overlay);
    // 6 944/s ÷ 2 ÷ 3 600/s
    let load = told(Overlay::Load);
    assert!(line(&load, "api [").contains("▲ <B>96.5%</B> of its capacity"), "{load}");
    assert!(line(&load, "log [").contains("load unknown"), "{load}");
    assert!(line(&load, "web -> api").contains("penwidth=3.5"), "the busiest line is the heaviest:\n{load}");
    let availability = told(Overlay::Availability);
    assert!(line(&availability, "api [").contains("(each 99%)"), "{availability}");
    assert!(line(&availability, "log [").contains("no flow needs it"), "{availability}");
    let latency = told(Overlay::Latency);
    assert!(line(&latency, "api [").contains("time unknown"), "{latency}");
    let trust = told(Overlay::Trust);
    assert!(line(&trust, "web -> api").contains("✖ <B>in the clear</B>"), "{trust}");
    assert!(
        line(&trust, "api -> db").contains("encrypted") && line(&trust, "db [").contains("handles pii"),
        "{trust}"
    );
}

/// Every overlay of every example, dark and light, is drawn without a complaint, in colours of its theme alone.
#[test]
fn every_overlay_is_drawn_in_both_themes() {
    for (name, source) in examples() {
        let design = checked(&source);
        for overlay in Overlay::ALL {
            for theme in [Theme::Light, Theme::Dark] {
                let text = dot(&Picture { overlay, theme, ..Picture::of(&design) });
                syntax::read(&text).unwrap_or_else(|fault| panic!("{name}: {fault}\n{text}"));
                let other = if theme == Theme::Dark { "bgcolor=\"white\"" } else { "bgcolor=\"#0f172a\"" };
                assert!(!text.contains(other), "{name}");
                assert!(graphviz("-Tcanon", &text).starts_with("digraph architecture"), "{name}");
            }
        }
    }
}

/// In the SVG are the ids and classes of shapes, a title and a description, and fonts that people have.
#[test]
fn an_svg_is_fit_for_people() {
    let design = checked("system \"A & <b>\" {}\nservice api\ndatabase db\napi -> db");
    let picture = Picture { diagnostics: &[], ..Picture::of(&design) };
    let svg = svg::finished(&graphviz("-Tsvg", &dot(&picture)), &picture);
    assert!(svg.contains("<title>A &amp; &lt;b&gt;</title>\n<desc>2 components · 1 link</desc>"), "{svg}");
    assert!(svg.contains("Inter, ") && !svg.contains("font-family=\"Arial\""), "{svg}");
    assert!(svg.contains("id=\"component&#45;1\" class=\"node component\""), "{svg}");
}

// ---- any text in any place

fn name(text: &str) -> Name {
    Name { text: text.into(), span: Span::default() }
}

fn quoted(text: &str) -> Text {
    Text { value: text.into(), span: Span::default() }
}

fn element(kind: &str, called: &str, label: &str, items: Vec<Item>) -> Element {
    let body = (!items.is_empty()).then_some(Body { items, span: Span::default() });
    let tail = Tail { label: Some(quoted(label)), engines: vec![name(label)], body, ..Tail::default() };
    let tail = if kind == "region" { Tail { engines: Vec::new(), ..tail } } else { tail };
    Element { kind: name(kind), names: vec![name(called)], tail, span: Span::default() }
}

/// A design that says these texts in every place that a picture shows: the grammar would stop some of them, and
/// the picture must not rely on it.
fn design_of(texts: [&str; 4]) -> Architecture {
    let [first, second, label, protocol] = texts;
    let end = |called: &str| Targets::End(Dotted { text: called.into(), span: Span::default() });
    let hop = Hop { arrow: Arrow::Sync, arrow_span: Span::default(), to: end(second) };
    let link = |label: Option<Text>| Link {
        from: Some(end(first)),
        hops: vec![hop.clone()],
        label,
        protocols: vec![name(protocol)],
        properties: Vec::new(),
        braces: None,
        span: Span::default(),
    };
    let system = System {
        label: quoted(label),
        properties: Vec::new(),
        keyword: Span::default(),
        span: Span::default(),
    };
    let inside = element("service", first, label, Vec::new());
    let statements = vec![
        Statement::System(system),
        Statement::Element(element("region", protocol, label, vec![Item::Element(inside)])),
        Statement::Element(element("database", second, label, Vec::new())),
        Statement::Link(link(None)),
        Statement::Link(link(Some(quoted(label)))),
    ];
    model::build(&[File { statements }], Span::default())
}

fn hostile() -> impl Strategy<Value = String> {
    let sharp = proptest::sample::select(vec![
        "\"",
        "\\",
        "\\\"",
        "<",
        ">",
        "</TABLE>",
        "&",
        "&lt;",
        "&#0;",
        "<!--",
        "]]>",
        "\n",
        "\r\n",
        "\0",
        "\u{7f}",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{2066}",
        "\u{feff}",
        "\u{ffff}",
        "\u{1ffff}",
        "];",
        "}",
        "{",
        "->",
        "//",
        "/*",
        "#",
        "\\N",
        "\\G",
        "node",
        "שלום",
        "مرحبا",
        "日本語の名前",
        "👩‍👩‍👧‍👦",
        "e\u{301}",
        " ",
        "%s",
    ]);
    let part = prop_oneof![sharp.prop_map(str::to_owned), any::<String>(), "[a-zA-Z0-9_ .:-]{0,40}"];
    proptest::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

fn of_hostile(texts: &[String; 4]) -> String {
    let design = design_of([&texts[0], &texts[1], &texts[2], &texts[3]]);
    drawn(&design, &[finding(Severity::Error, "LP103", "missed-slo", &texts[2])])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever a design says, nothing breaks out of its label.
    #[test]
    fn no_text_breaks_out_of_its_place(texts in proptest::array::uniform4(hostile())) {
        let text = of_hostile(&texts);
        if let Err(fault) = syntax::read(&text) {
            return Err(TestCaseError::fail(format!("{fault}\n{text}")));
        }
    }
}

/// The same texts, drawn by Graphviz itself: a picture for each, and not a word of complaint.
#[test]
fn graphviz_draws_any_text() {
    let mut runner = TestRunner::deterministic();
    let texts = proptest::array::uniform4(hostile());
    let pictures: Vec<String> =
        (0..150).map(|_| of_hostile(&texts.new_tree(&mut runner).expect("no filter").current())).collect();
    let svg = graphviz("-Tsvg", &pictures.concat());
    assert_eq!(svg.matches("</svg>").count(), pictures.len());
}

/// The reader above is no rubber stamp.
#[test]
fn the_reader_refuses_what_is_broken() {
    let broken = [
        "digraph g { a [label=<<B>x</B>]; }",
        "digraph g { a [label=<<B>x>]; }",
        "digraph g { a [label=<x & y>]; }",
        "digraph g { a [label=<<I>x</I>>]; }",
        "digraph g { \"a -> b; }",
        "digraph g { a -> ; }",
        "digraph g { a; } b",
        "digraph g { \u{7}; }",
    ];
    for text in broken {
        assert!(syntax::read(text).is_err(), "{text}");
    }
    syntax::read("digraph g { a [label=<<B>x &amp; y</B>>]; a -> \"b\\\"\"; { rank=same; a; } }").unwrap();
}

/// The way to a third party takes no time that is counted; the slowest path goes along it all the same, and stands out from
/// the way to what is not waited for. Beside what is typical stands the p99, also where the p50 alone is asked.
#[test]
fn the_slowest_path_is_heavier_than_all_else() {
    let source = "system \"S\" { latency_p50 = 500ms }\nclient web\nservice shop { service_time = 10ms }\ncache near : redis\n\
                  third_party payments : stripe\nservice other { service_time = 1ms }\nweb -> shop -> payments\nweb -> other -> near\n\
                  flow buy { web -> shop -> payments }\nflow look { web -> other -> near }\n";
    let text = viewed(source, &Wanted::default(), Overlay::Latency);
    let weight = |link: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(link)).expect("it is drawn");
        line.split("penwidth=")
            .nth(1)
            .map_or(1.2, |it| it.split([',', ']']).next().unwrap().parse::<f64>().unwrap())
    };
    assert!(weight("web -> shop") > 2.0 && weight("shop -> payments") > 2.0, "{text}");
    assert!(weight("other -> near") < 1.5 && weight("web -> other") < 1.5, "{text}");
    assert!(text.contains("typical · p99 ≥ ") && text.contains("p50 "), "{text}");
    // Patches of the key have a border of at least 3 to 1 on white, whatever is in them.
    assert!(text.contains("BORDER=\"1\" COLOR=\"#64748b\""), "{text}");
}
