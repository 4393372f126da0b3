//! The parameters that a configuration sets: that each counts wherever it is reckoned with, and nowhere else.

use std::fs;

use loadpath::catalogue::{Parameter, Unit, parameters};
use loadpath::check::{Checked, Config, Profile, check};
use loadpath::model::Override;
use loadpath::report::docs;
use loadpath::report::estimate::Estimate;
use loadpath::report::figures::{CutOrder, Figures};
use loadpath::rules::RULES;
use loadpath::settings::{FILE_NAME, read};
use loadpath::source::{SourceFile, Span};
use proptest::prelude::*;
use serde_json::Value;

use crate::rules::{Beside, NAME};

/// The source of what a configuration sets.
const OWN: &str = "your configuration, `loadpath.toml`";

/// A design, reviewed in full with a configuration.
fn reviewed(design: &str, config: &Config) -> Checked {
    let config = Config { profile: Profile::Review, ..config.clone() };
    check(SourceFile::new(NAME, design), &Beside(design), &config)
}

#[track_caller]
fn with(design: &str, parameters: &str) -> Checked {
    let text = format!("[parameters]\n{parameters}\n");
    let settings = read(&SourceFile::new(FILE_NAME, text)).unwrap_or_else(|faults| panic!("{faults:#?}"));
    reviewed(design, &settings.config)
}

fn set(parameter: &'static Parameter, value: f64) -> Override {
    Override { parameter, value, span: Span::default(), file: SourceFile::new(FILE_NAME, "") }
}

fn settable() -> impl Iterator<Item = &'static Parameter> {
    parameters().iter().filter(|it| it.fixed.is_none())
}

/// Everything that is told of a design but the list of what is assumed.
fn told(design: &str, overrides: Vec<Override>) -> String {
    let checked = reviewed(design, &Config { parameters: overrides, ..Config::default() });
    let mut figures: Value =
        serde_json::from_str(&Figures::of(&checked, CutOrder::Two).json()).expect("the output is JSON");
    figures.as_object_mut().expect("a table").remove("assumptions");
    format!("{:?}\n{figures}\n{}", checked.diagnostics, Estimate::of(&checked).json())
}

/// The lines of one rule.
fn found(checked: &Checked, code: &str) -> Vec<String> {
    let own = checked.diagnostics.iter().filter(|it| it.code == code);
    own.map(|it| format!("{} {}", it.message, it.help.clone().unwrap_or_default())).collect()
}

/// The first example of a rule, on which it speaks.
fn example(code: &str) -> String {
    let rule = RULES.iter().find(|it| it.code == code).expect("it is a rule");
    docs::examples(rule).swap_remove(0).source
}

#[track_caller]
fn close(found: f64, worked: f64) {
    assert!((found - worked).abs() <= 1e-9 * worked.abs(), "{found} is not {worked}");
}

const ONE_NODE: &str = "\
system \"Shop\" { rate = 100/s, availability = 99% }
client app
service api x1 { service_time = 10ms, capacity = 1k/s }
app -> api
";

/// One node is up as often as is said of one node: 99.5 %, or 99.9 %.
#[test]
fn an_availability_follows() {
    let up = |checked: &Checked| checked.analysis.availability[0].low.lower();
    close(up(&with(ONE_NODE, "")), 0.995);
    close(up(&with(ONE_NODE, "node_availability = \"99.9%\"")), 0.999);
}

/// Two of a pair, with a common cause for 20 % of the outages of one: u = 0.5 %, of which 0.1 % is common; of the rest both
/// at once, 0.4 %² = 0.0016 %.
#[test]
fn a_common_cause_follows() {
    let pair = ONE_NODE.replace("x1", "x2");
    let checked = with(&pair, "correlation_unstated = \"20%\"");
    close(checked.analysis.availability[0].low.lower(), (1.0 - 0.001) * (1.0 - 0.004_f64.powi(2)));
}

/// 100 requests a second on average are 300 at peak, or 200.
#[test]
fn a_load_follows() {
    let peak = |checked: &Checked| {
        let api = checked.architecture.component_named("api").expect("it is there");
        checked.analysis.load.component(api.id).peak.total().per_second()
    };
    close(peak(&with(ONE_NODE, "")), 300.0);
    close(peak(&with(ONE_NODE, "peak_factor = 2")), 200.0);
}

/// One in a hundred takes five times the median of 10 ms, or eight times: 30 ms more.
#[test]
fn a_latency_follows() {
    let tail = |checked: &Checked| {
        let steps = &checked.analysis.latency(&checked.architecture, 0).steps;
        steps.iter().map(|it| it.each.tail.seconds()).fold(0.0, f64::max)
    };
    close(tail(&with(ONE_NODE, "")), 0.05);
    close(tail(&with(ONE_NODE, "tail_factor = 8")), 0.08);
}

/// What is too much for a small team is a threshold as any other.
#[test]
fn a_threshold_follows() {
    let code = RULES.iter().find(|it| it.name() == "too-many-store-kinds").expect("it is a rule").code;
    let design = example(code);
    assert_eq!(found(&with(&design, ""), code).len(), 1);
    assert_eq!(found(&with(&design, "store_kinds = 9"), code), [""; 0]);
}

/// The search for what reaches a promise goes by the same figures as the promise: with better nodes it needs less, and
/// with good enough ones there is nothing to search for.
#[test]
fn the_search_for_a_cure_follows() {
    let design = example("LP103");
    let usual = found(&with(&design, ""), "LP103");
    let slower = found(
        &with(&design, "repair_stateful = \"12h\"\nfailed_failover_automatic = \"0%\"\nswitch_hot = \"5s\""),
        "LP103",
    );
    assert!(!usual.is_empty() && usual != slower, "{usual:?} {slower:?}");
    let good = "node_availability = \"100%\"\nzone_availability = \"100%\"\nregion_availability = \"100%\"";
    assert_eq!(found(&with(&design, good), "LP103"), [""; 0]);
}

/// An assumption of a company's own names its configuration, not the source of the figure that it replaces; what nobody
/// stated is still asked for, what the configuration states is not.
#[test]
fn an_assumption_names_the_configuration() {
    let assumed = |checked: &Checked| {
        let figures: Value = serde_json::from_str(&Figures::of(checked, CutOrder::Two).json()).expect("JSON");
        let all = figures["assumptions"].as_array().expect("a list").clone();
        all.into_iter().find(|it| it["property"] == "peak_factor").expect("it is assumed")
    };
    let usual = assumed(&with(ONE_NODE, ""));
    assert!(usual["source"].as_str().is_some_and(|it| it.starts_with("semantics")), "{usual}");
    let own = assumed(&with(ONE_NODE, "peak_factor = 2"));
    assert_eq!(own["source"], OWN);
    assert_eq!((own["value"].as_f64(), own["confidence"].as_str()), (Some(2.0), Some("high")));

    let design = example("LP909");
    assert_eq!(found(&with(&design, ""), "LP909").len(), 1);
    assert_eq!(found(&with(&design, "node_availability = \"99.5%\"\npeak_factor = 3"), "LP909"), [""; 0]);
}

/// What a design states wins over the configuration.
#[test]
fn a_design_has_the_last_word() {
    let design = ONE_NODE.replace("capacity = 1k/s", "capacity = 1k/s, availability = 99.95%");
    close(with(&design, "node_availability = \"90%\"").analysis.availability[0].low.lower(), 0.9995);
}

/// All designs that the project has, each with the rule or the file that it stands in.
fn designs() -> Vec<(String, String)> {
    let mut designs = Vec::new();
    for rule in RULES {
        designs.extend(docs::examples(rule).into_iter().map(|it| (rule.name(), it.source)));
    }
    for path in crate::rules::files("tests/rules", "md") {
        let rule = path.file_stem().expect("it has a name").to_string_lossy().replace('_', "-");
        let text = fs::read_to_string(&path).expect("it can be read");
        let fences = crate::docs::fences(&text).into_iter();
        designs.extend(fences.map(|it| (rule.clone(), docs::example(&it.body).source)));
    }
    designs.extend(CASES.iter().map(|(parameter, design)| ((*parameter).to_owned(), (*design).to_owned())));
    designs
}

/// For what no rule's example speaks of, a design that does.
const CASES: &[(&str, &str)] = &[
    ("promise_startup", "system \"Shop\" { intent = startup }\nclient app\nservice api\napp -> api\n"),
    (
        "pushed_content",
        "client app\ncdn edge { delivery_mode = push, ttl = 12h }\nobject_store files\napp -> edge -> files\n",
    ),
    (
        "replica_reads_reasonable",
        "system \"Shop\" { reads = 300/s, writes = 10/s, record_size = 1KB, retention = 1y }\nclient app\nservice api\n\
         database orders : cassandra x3\napp -> api -> orders\n",
    ),
    (
        "round_trip_zones",
        "region eu { zone a { service api { service_time = 10ms } }; zone b { service users { service_time = 10ms } } }\n\
         client app\napp -> api -> users\n",
    ),
    (
        "sharding_writes",
        "system \"Shop\" { reads = 100/s, writes = 100/s, record_size = 100B, retention = 1y }\nclient app\nservice api\n\
         database orders : postgres { shards = 8, shard_key = customer }\napp -> api -> orders\n",
    ),
];

/// Figures far below and far above the default, within what it may be.
fn far(row: &Parameter) -> [f64; 2] {
    let most = row.most.unwrap_or(if row.default.unit == Unit::Share { 1.0 } else { f64::INFINITY });
    let least = row.least.unwrap_or(f64::MIN_POSITIVE);
    [(row.default.value / 20.0).max(least), (row.default.value * 20.0).min(most)]
}

/// What no rule reads itself, and whose examples follow it all the same.
const FOLLOWS: &[(&str, &str)] = &[
    ("actions_per_user", "unstated-consistency"),
    ("autoscale_peak_factor", "needless-queue"),
    ("busy_user_rate", "too-many-services"),
    ("cache_overhead", "undersized-cache"),
    ("concurrent_share_of_daily_users", "missing-system"),
    ("consumer_utilisation", "slow-consumers"),
    ("copies", "weak-quorum"),
    ("correlation_stated", "single-zone-redundancy"),
    ("correlation_unstated", "syntax"),
    ("drain", "unscaled-consumers"),
    ("hot_share", "undersized-cache"),
    ("index_overhead", "outgrown-storage"),
    ("log_messages", "unthrottled-push"),
    ("multi_region_rto", "needless-multi-region"),
    ("peak_factor", "missing-system"),
    ("promise_critical", "single-point-of-failure"),
    ("promise_internal", "unstated-read-write-ratio"),
    ("promise_personal", "critical-third-party"),
    ("promise_production", "missed-slo"),
    ("region_availability", "shared-fate"),
    ("repair_stateless", "unreachable-component"),
    ("round_trip_regions", "shared-fate"),
    ("round_trip_zone", "syntax"),
    ("sharding_storage_limit", "read-bottleneck"),
    ("small_rate", "missing-system"),
    ("small_users", "needless-queue"),
    ("surely_early_use", "missing-timeout"),
    ("switch_warm", "slow-failover"),
    ("tail_factor", "syntax"),
];

/// Each parameter is reckoned with: with another figure something else is told of a design. That design is a case of its
/// own, or an example of a rule that reads the parameter or goes by what does.
#[test]
fn each_parameter_moves_something() {
    let designs = designs();
    let idle = settable().filter(|row| {
        let readers = readers(row.name);
        let follows = |origin: &String| {
            origin == row.name || readers.contains(origin) || FOLLOWS.contains(&(row.name, origin.as_str()))
        };
        let moves = |design: &str| {
            let usual = told(design, Vec::new());
            far(row).into_iter().any(|value| told(design, vec![set(row, value)]) != usual)
        };
        !designs.iter().any(|(origin, design)| follows(origin) && moves(design))
    });
    let idle: Vec<&str> = idle.map(|it| it.name).collect();
    assert_eq!(idle, [""; 0], "these move nothing: name a rule in `FOLLOWS`, or write a case");
}

/// The rules that read a parameter.
fn readers(parameter: &str) -> Vec<String> {
    let reads = |name: &String| {
        let file = format!("{}/src/rules/{}.rs", env!("CARGO_MANIFEST_DIR"), name.replace('-', "_"));
        let text = fs::read_to_string(file).expect("each rule has its file");
        text.contains(&format!("parameters.{parameter}."))
    };
    RULES.iter().map(|rule| rule.name()).filter(reads).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// To set what holds anyway changes nothing but who says so.
    #[test]
    fn a_default_that_is_set_changes_nothing(at in any::<prop::sample::Index>(), which in prop::collection::vec(any::<bool>(), 128)) {
        let designs = designs();
        let (_, design) = at.get::<(String, String)>(&designs);
        let overrides = settable().zip(which).filter(|(_, is_set)| *is_set).map(|(row, _)| set(row, row.default.value));
        let mut sources: Vec<&str> = settable().map(|it| it.default.source).chain([OWN]).collect();
        // The longest first, for one may be a part of another.
        sources.sort_by_key(|it| std::cmp::Reverse(it.len()));
        let unsaid = |text: String| sources.iter().fold(text, |text, source| text.replace(source, "-"));
        // What the configuration says is not asked for.
        let told = |overrides| {
            let checked = reviewed(design, &Config { parameters: overrides, ..Config::default() });
            let found: Vec<_> = checked.diagnostics.iter().filter(|it| it.code != "LP909").collect();
            unsaid(format!("{found:?}\n{}\n{}", Figures::of(&checked, CutOrder::Two).json().replace("\"low\"", "\"high\"").replace("\"medium\"", "\"high\""), Estimate::of(&checked).json()))
        };
        prop_assert_eq!(told(overrides.collect()), told(Vec::new()));
    }

    /// Whatever may be set, no figure is lost on the way: availabilities stay between nothing and all.
    #[test]
    fn whatever_is_set_makes_sense(at in any::<prop::sample::Index>(), factors in prop::collection::vec(-3.0..3.0, 128)) {
        let designs = designs();
        let overrides: Vec<Override> = settable()
            .zip(factors)
            .map(|(row, factor): (_, f64)| {
                let [low, high] = far(row);
                set(row, (row.default.value * 10_f64.powf(factor)).clamp(low, high))
            })
            .collect();
        let checked = reviewed(&at.get::<(String, String)>(&designs).1, &Config { parameters: overrides, ..Config::default() });
        for judged in &checked.analysis.availability {
            prop_assert!((0.0..=1.0).contains(&judged.low.lower()), "{:?}", judged.low);
        }
        let shown = format!("{:?}{}", checked.diagnostics, Figures::of(&checked, CutOrder::Two).json());
        prop_assert!(!shown.contains("NaN"), "{shown}");
    }
}

/// A wrong value is answered with an example of a right one, and that one is right.
#[test]
fn each_example_is_accepted() {
    for row in settable() {
        let read = |value: &str| {
            let text = format!("[parameters]\n{} = {value}\n", row.name);
            read(&SourceFile::new(FILE_NAME, text))
        };
        let faults = read("\"1%/year\"").expect_err("it is of another kind");
        let help = faults[0].help.clone().expect("it says what to write");
        let right =
            help.strip_prefix("write it like `").and_then(|it| it.strip_suffix('`')).expect("an example");
        let settings = read(right).unwrap_or_else(|faults| panic!("{}: {right}: {faults:#?}", row.name));
        let value = settings.config.parameters[0].value;
        assert!((value / row.default.value - 1.0).abs() < 1e-9, "{}: {right} is {value}", row.name);
    }
}
