//! What a `loadpath.toml` says, and what is said of one that makes no sense.

use std::fmt::Write as _;

use loadpath::check::choice::{Level, Selector};
use loadpath::check::{Checked, Config, NoFiles, Profile, check};
use loadpath::diagnostic::Severity;
use loadpath::report::text::{self, Look};
use loadpath::settings::{FILE_NAME, FailOn, KEYS, Settings, read};
use loadpath::source::{SourceFile, Sources};

fn file(text: &str) -> SourceFile {
    SourceFile::new(FILE_NAME, text)
}

#[track_caller]
fn settings(text: &str) -> Settings {
    read(&file(text)).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// The faults as they are shown.
fn refused(text: &str) -> String {
    let mut sources = Sources::default();
    sources.add(file(text));
    let mut shown = String::new();
    for fault in read(&file(text)).expect_err("it has faults") {
        let _ = writeln!(shown, "{}", text::finding(&sources, &fault, Look::PLAIN));
    }
    shown
}

const WHOLE: &str = r#"
extend = "../company.toml"
profile = "review"
select = ["LP1", "security"]
extend-select = ["LP209"]
ignore = ["missing-backup"]
fail-on = "warning"
max-findings = 20
max-warnings = 3
exclude = ["drafts/"]
baseline = "known.json"

[levels]
missing-timeout = "error"
LP8 = "off"

[engine.acme_db]
like = "postgres"
write_capacity = "8k/s"
replication = "sync"
managed = true

[parameters]
node_availability = "99.9%"
peak_factor = 2
"#;

#[test]
fn each_key_is_read() {
    let settings = settings(WHOLE);
    let selector = |text| Selector::parse(text).expect("it takes rules");
    assert_eq!(settings.extend.as_deref(), Some("../company.toml"));
    assert_eq!(settings.config.profile, Profile::Review);
    assert_eq!(settings.config.choice.select, [selector("LP1"), selector("LP5")]);
    assert_eq!(settings.config.choice.extend, [selector("LP209")]);
    assert_eq!(settings.config.choice.ignore, [selector("missing-backup")]);
    let levels = [(selector("LP8"), Level::Off), (selector("missing-timeout"), Level::At(Severity::Error))];
    assert!(levels.iter().all(|it| settings.config.choice.levels.contains(it)));
    assert_eq!(settings.fail_on, Some(FailOn::Level(Severity::Warning)));
    assert_eq!((settings.max_findings, settings.max_warnings), (Some(20), Some(3)));
    assert_eq!(
        (settings.exclude.as_slice(), settings.baseline.as_deref()),
        (&["drafts/".to_owned()][..], Some("known.json"))
    );
    assert_eq!(settings.config.engines.len(), 1);
    let set: Vec<_> = settings.config.parameters.iter().map(|it| (it.parameter.name, it.value)).collect();
    assert_eq!(set, [("node_availability", 0.999), ("peak_factor", 2.0)]);
    for (key, _) in KEYS {
        assert!(WHOLE.contains(key), "`{key}` is tried here");
    }
}

#[test]
fn an_empty_file_says_nothing() {
    let settings = settings("");
    assert_eq!((settings.config.profile, settings.states_profile), (Profile::Ci, false));
    assert_eq!(settings.config.choice, Config::default().choice);
}

#[test]
fn each_fault_is_shown_with_its_place() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(refused(r#"
profil = "review"
select = ["LP1", "LP999", 3]
ignore = "LP2"
fail-on = "warnings"
max-findings = -1

[levels]
LP101 = "loud"
LP001 = "off"

[engine.acme_db]
like = "postgress"
capacity = "8 apples"
timout = "1s"
runbook = "x"

[engines]
"#));
    });
}

#[test]
fn each_fault_of_a_parameter_is_shown_with_its_place() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(refused(r#"
[parameters]
node_availabilty = "99.9%"
colour = "red"
zone_availability = "120%"
region_availability = 0.9999
repair_stateful = "50%"
repair_stateless = "0s"
switch_hot = "30 s"
switch_warm = "forever"
switch_manual = "10..20min"
peak_factor = 0.5
horizon = -3
drain = true
small_rate = "often"
cdn_bandwidth = 100
month = "31d"
utilisation_limit = "120%"
surely_early_use = "30%"
"#));
    });
}

#[test]
fn a_parameter_that_is_set_twice_is_no_toml() {
    let shown = refused("[parameters]\npeak_factor = 2\npeak_factor = 3\n");
    assert!(shown.contains("duplicate key") && shown.contains("3 │ peak_factor = 3"), "{shown}");
}

/// Two that hang together may be set together, in one file or in two.
#[test]
fn parameters_that_hang_together_are_held_together() {
    let both = "[parameters]\nsurely_early_use = \"30%\"\nearly_use = \"40%\"\n";
    assert_eq!(settings(both).config.parameters.len(), 2);
    let own = settings("extend = \"x\"\n[parameters]\nsurely_early_use = \"30%\"\n");
    assert_eq!(own.disordered().len(), 1);
    let base = settings("[parameters]\nearly_use = \"40%\"\n");
    assert!(own.over(base).disordered().is_empty());
}

/// They are merged by key, and the nearer file wins.
#[test]
fn the_nearer_file_sets_a_parameter() {
    let base = settings("[parameters]\npeak_factor = 2\nnode_availability = \"99.9%\"\n");
    let own = settings("[parameters]\npeak_factor = 4\nhorizon = \"5y\"\n");
    let both = own.over(base).config.parameters;
    let mut set: Vec<_> = both.iter().map(|it| (it.parameter.name, it.value)).collect();
    set.sort_by_key(|(name, _)| *name);
    assert_eq!(
        set,
        [("horizon", 5.0 * 365.0 * 86_400.0), ("node_availability", 0.999), ("peak_factor", 4.0)]
    );
}

#[test]
fn what_is_no_toml_is_shown_with_its_place() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(refused("profile = review\nselect = [\n"));
    });
}

/// Lists go on, single values replace.
#[test]
fn a_file_goes_on_from_another() {
    let base = settings(
        "profile = \"review\"\nignore = [\"LP1\"]\nselect = [\"LP2\"]\nmax-findings = 5\nexclude = [\"a\"]\n[levels]\nLP3 = \"off\"\n",
    );
    let own = settings(
        "ignore = [\"LP4\"]\nselect = [\"LP5\"]\nfail-on = \"never\"\nexclude = [\"b\"]\n[levels]\nLP3 = \"error\"\n",
    );
    let both = own.over(base);
    assert_eq!(both.config.profile, Profile::Review);
    assert_eq!(both.config.choice.ignore.len(), 2);
    assert_eq!(both.config.choice.select, [Selector::parse("LP5").expect("rules")]);
    assert_eq!((both.max_findings, both.fail_on), (Some(5), Some(FailOn::Never)));
    assert_eq!(both.exclude, ["a", "b"]);
    assert_eq!(both.config.choice.levels.last().map(|it| it.1), Some(Level::At(Severity::Error)));
}

fn reviewed(design: &str, config: &str) -> Checked {
    let config = Config { profile: Profile::Review, ..settings(config).config };
    check(SourceFile::new("design.arch", design), &NoFiles, &config)
}

const ORDERS: &str = "\
system \"Shop\" { availability = 99.9% }
client app { writes = 3k/s }
service api x40
database orders : acme_db
app -> api -> orders
";

/// A company's engine is stated once, and each component with it states what it states.
#[test]
fn a_company_states_its_own_engines() {
    let overloaded = |config: &str| {
        let checked = reviewed(ORDERS, config);
        let found = checked.diagnostics.iter().find(|it| it.code == "LP301" && it.element == "orders");
        found.map(|it| it.message.clone())
    };
    let small = overloaded("[engine.acme_db]\nlike = \"postgres\"\nwrite_capacity = \"1k/s\"\n")
        .expect("it is too small");
    assert!(small.contains("1k/s") || small.contains("1 000/s"), "{small}");
    assert_eq!(overloaded("[engine.acme_db]\nlike = \"postgres\"\nwrite_capacity = \"100k/s\"\n"), None);
}

#[test]
fn what_a_component_states_itself_wins_over_its_engine() {
    let design = ORDERS.replace(": acme_db", ": acme_db { write_capacity = 100k/s }");
    let checked = reviewed(&design, "[engine.acme_db]\nwrite_capacity = \"1k/s\"\n");
    assert!(checked.diagnostics.iter().all(|it| it.code != "LP301"));
}

/// A figure of a company's is stated, and is pointed at where it is.
#[test]
fn an_engine_is_like_one_of_the_catalogue() {
    let checked = reviewed(ORDERS, "[engine.acme_db]\nlike = \"postgres\"\nmanaged = true\n");
    let orders = checked.architecture.components().find(|it| it.name == "orders").expect("it is there");
    assert!(orders.is_engine("postgres") && orders.is_managed());
    assert!(checked.sources.iter().any(|(_, file)| file.name == FILE_NAME));
}
