//! What changes if something fails, a cache is cold, more comes, or a figure is another: against numbers worked by
//! hand.

use std::fs;
use std::process::{Command, Output};

use loadpath::check::what_if::{Answer, Caches, Question, Refusal, Zones, what_if};
use loadpath::check::{Config, NoFiles};
use loadpath::report::figures::{CutOrder, Figures};
use loadpath::report::text::Look;
use loadpath::report::what_if::{Changed, markdown, text};
use loadpath::source::SourceFile;
use serde_json::Value;

use crate::rules::files;

const SHORTENER: &str = include_str!("../examples/url-shortener.arch");

fn asked(design: &str, question: &Question) -> Result<Answer, Refusal> {
    what_if(SourceFile::new("design.arch", design), &NoFiles, &Config::default(), question)
}

#[track_caller]
fn answered(design: &str, question: &Question) -> Answer {
    asked(design, question).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

/// The answer as a program reads it.
#[track_caller]
fn read(design: &str, question: &Question) -> Value {
    let json = Changed::of(&answered(design, question), question).json();
    serde_json::from_str(&json).expect("the output is JSON")
}

fn fail(names: &[&str]) -> Question {
    Question { fail: names.iter().map(ToString::to_string).collect(), ..Question::default() }
}

fn set(settings: &[&str]) -> Question {
    Question { settings: settings.iter().map(ToString::to_string).collect(), ..Question::default() }
}

/// The one of a list that bears a name.
#[track_caller]
fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    let list = list.as_array().expect("a list");
    list.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("{name} in {list:#?}"))
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|it| it["name"].as_str().expect("a name")).collect()
}

#[track_caller]
fn close(found: &Value, worked: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{found} is no number"));
    assert!((found - worked).abs() <= 1e-3 * worked.abs(), "{found} is not {worked}");
}

/// Of 6 875 reads and 69.4 writes a second three nodes of 2k/s and 5k/s take 6 875 ÷ 6 000 + 69.4 ÷ 5 000 =
/// 115.97 % once the cache is gone, and 12.85 % while it is there: redirects need it, short links are still made.
const SMALL: [&str; 2] = ["links.read_capacity=2k/s", "links.write_capacity=5k/s"];

#[test]
fn a_cache_that_its_store_can_not_do_without_takes_its_readers_down() {
    let question = Question { fail: vec!["hot_links".to_owned()], ..set(&SMALL) };
    let answer = read(SHORTENER, &question);
    let case = &answer["cases"][0];
    assert_eq!(case["failed"], serde_json::json!(["hot_links"]));
    close(&case["lost_share"], 0.99);
    let redirect = named(&case["flows"], "redirect");
    assert_eq!(
        (&redirect["state"], &redirect["availability"]["after"]["value"]),
        (&"down".into(), &0.0.into())
    );
    let shorten = named(&case["flows"], "shorten");
    assert_eq!(
        (&shorten["state"], &shorten["overloaded"]),
        (&"degraded".into(), &serde_json::json!(["links"]))
    );
    let links = named(&case["components"], "links");
    close(&links["utilisation"]["after"], 1.1597);
    assert_eq!((&links["takes_over"], &links["state"]), (&true.into(), &"up".into()));
    assert_eq!(named(&case["components"], "hot_links")["state"], "down");
    assert_eq!(names(&case["components"])[0], "links", "what is over its capacity stands first");
}

#[test]
fn a_cold_cache_brings_the_same_load_and_takes_nothing_down() {
    let question = Question { cold: Some(Caches::All), ..set(&SMALL) };
    let case = &read(SHORTENER, &question)["cases"][0];
    assert_eq!(case["cold"], serde_json::json!(["hot_links"]));
    close(&named(&case["components"], "links")["utilisation"]["after"], 1.1597);
    let redirect = named(&case["flows"], "redirect");
    assert_eq!(redirect["state"], "degraded");
    assert_eq!(redirect["overloaded"], serde_json::json!(["links"]));
    close(&case["lost_share"], 0.0);
    let named_one = Question { cold: Some(Caches::Named(vec!["hot_links".to_owned()])), ..set(&SMALL) };
    assert_eq!(&read(SHORTENER, &named_one)["cases"][0], case);
}

/// Six replicas over three zones lose two: 6 944 ÷ (4 × 2 000) = 86.8 % of each, where it was 57.9 %.
#[test]
fn a_zone_takes_its_replicas_along() {
    let question = Question { zones: Some(Zones::Each), ..Question::default() };
    let answer = read(SHORTENER, &question);
    let cases = answer["cases"].as_array().expect("a list");
    assert_eq!(
        cases.iter().map(|it| it["zone"].as_str().expect("a zone")).collect::<Vec<_>>(),
        ["zone 1", "zone 2", "zone 3"]
    );
    for case in cases {
        let api = named(&case["components"], "api");
        close(&api["utilisation"]["before"], 0.5787);
        close(&api["utilisation"]["after"], 0.8681);
        assert_eq!(api["replicas_left"], serde_json::json!({ "left": 4, "of": 6 }));
        assert_eq!(case["unchanged_components"], 7);
        let unplaced = case["unplaced"].as_array().expect("a list");
        assert!(unplaced.iter().any(|it| it == "links") && unplaced.iter().all(|it| it != "edge"));
    }
    let second = Question { zones: Some(Zones::Named("2".to_owned())), ..Question::default() };
    assert_eq!(read(SHORTENER, &second)["cases"][0], cases[1]);
    // What three zones suffer alike is told once.
    let shown = text(&Changed::of(&answered(SHORTENER, &question), &question), Look::PLAIN);
    assert_eq!(shown.matches("FLOWS").count(), 1, "{shown}");
}

/// Seven replicas stand 3, 2 and 2; of one replica in three zones only the first zone matters.
#[test]
fn replica_i_stands_in_zone_1_plus_i_mod_k() {
    let text = "
client a { rate = 60/s }
service b x7 { zones = 3, capacity = 20/s }
service c x1 { zones = 3, capacity = 500/s }
a -> b -> c
";
    let answer = read(text, &Question { zones: Some(Zones::Each), ..Question::default() });
    let left = |zone: usize| &named(&answer["cases"][zone]["components"], "b")["replicas_left"]["left"];
    assert_eq!([left(0), left(1), left(2)], [&4.into(), &5.into(), &5.into()] as [&Value; 3]);
    assert_eq!(named(&answer["cases"][0]["components"], "c")["state"], "down");
    assert_eq!(answer["cases"][0]["flows"][0]["state"], "down");
    assert_eq!(names(&answer["cases"][1]["components"]), ["b"]);
}

const TWO_ZONES: &str = "
client a { rate = 100/s }
load_balancer lb : alb
zone left {
  service x x2 { capacity = 200/s }
  service audit
}
zone right { service y x2 { capacity = 200/s } }
database d : aurora
a -> lb
lb -> x | y
x, y -> d
x ~> log
queue log : sqs
log -> audit
";

/// 100/s on average are 300/s at peak: 150 each, and 300 by what is left, of 400 that two carry.
#[test]
fn what_is_left_takes_over() {
    for question in [
        fail(&["x"]),
        Question { zones: Some(Zones::Named("left".to_owned())), ..Question::default() },
        fail(&["left"]),
    ] {
        let case = &read(TWO_ZONES, &question)["cases"][0];
        let y = named(&case["components"], "y");
        close(&y["peak"]["before"], 150.0);
        close(&y["peak"]["after"], 300.0);
        close(&y["utilisation"]["after"], 0.75);
        assert_eq!(y["takes_over"], true);
        assert_eq!(named(&case["components"], "log")["state"], "cut_off");
        close(&case["lost_share"], 0.0);
        assert!(
            case["flows"].as_array().expect("a list").iter().all(|it| it["state"] == "degraded"),
            "{case:#}"
        );
    }
    let both = &read(TWO_ZONES, &fail(&["x", "right.y"]))["cases"][0];
    assert_eq!(both["flows"][0]["state"], "down");
    close(&both["lost_share"], 1.0);
    assert_eq!(named(&both["components"], "d")["state"], "cut_off");
}

#[test]
fn what_runs_on_a_host_fails_with_it() {
    let text = "
client a { rate = 1/s }
service b { on = box }
service box
a -> b
";
    let case = &read(text, &fail(&["box"]))["cases"][0];
    assert_eq!(named(&case["components"], "b")["state"], "down");
    assert_eq!(case["flows"][0]["state"], "down");
    assert_eq!(read(text, &fail(&["b"]))["cases"][0]["unchanged_components"], 2);
}

/// Every rate is ten times what it was; what the clock starts is not.
#[test]
fn more_load_is_more_everywhere() {
    for path in files("examples", "arch") {
        let design = fs::read_to_string(&path).expect("text");
        if design.contains("every") {
            continue;
        }
        let answer = answered(&design, &Question { load: 10.0, ..Question::default() });
        for component in answer.before.architecture.components() {
            let before = answer.before.analysis.load.component(component.id);
            let after = answer.after().analysis.load.component(component.id);
            let (was, is) = (before.peak.total().per_second(), after.peak.total().per_second());
            assert!((is - 10.0 * was).abs() <= 1e-9 * is, "{} in {}", component.name, path.display());
        }
    }
}

/// 69 444 ÷ (6 × 2 000) = 579 %.
#[test]
fn the_fullest_stands_first_and_is_marked() {
    let question = Question { load: 10.0, ..Question::default() };
    let changed = Changed::of(&answered(SHORTENER, &question), &question);
    let case: Value = serde_json::from_str::<Value>(&changed.json()).expect("JSON")["cases"][0].clone();
    assert_eq!(names(&case["components"])[..2], ["counter", "api"]);
    close(&named(&case["components"], "api")["utilisation"]["after"], 5.787);
    let shown = text(&changed, Look::PLAIN);
    assert!(shown.contains("✗ api        6 944/s → 69 444/s  57.9% → 579%    over its capacity"), "{shown}");
    assert!(
        markdown(&changed).contains("| api | 6 944/s → 69 444/s | 57.9% → 579% | **over its capacity** |")
    );
}

// ---- time

/// Median, least and most of the one in a hundred, in milliseconds.
#[track_caller]
fn takes(time: &Value, worked: [f64; 3]) {
    for (found, worked) in
        [&time["p50"], &time["p99"]["lower"], &time["p99"]["upper"]].into_iter().zip(worked)
    {
        close(found, worked / 1e3);
    }
}

/// Two of 100/s that take 10 ms each have 60/s: ρ = 0.3, of which C(2, 0.6) = 0.1385 wait, one in a hundred for longer
/// than 10 ÷ (2 × 0.7) × ln 13.85 = 18.77 ms; none of half. At least 10 + max(30 − 10, 18.77) = 30 ms, at most 30 + 18.77.
/// One that is left has ρ = 0.6: half wait for 10 ÷ 0.4 × ln(0.6 ÷ 0.5) = 4.558 ms, one in a hundred for 25 × ln 60 =
/// 102.36 ms. At least 14.558 + (102.36 − 4.558) = 112.36 ms, at most 30 + 102.36.
const ALIKE: &str = "
system \"s\" { peak_factor = 1 }
client a { rate = 60/s }
service api x2 { zones = 2, capacity = 100/s, service_time = 10ms, service_time_p99 = 30ms }
a -> api
";

#[test]
fn who_is_left_keeps_requests_waiting_longer() {
    let question = Question { zones: Some(Zones::Named("1".to_owned())), ..Question::default() };
    let time = &read(ALIKE, &question)["cases"][0]["flows"][0]["latency"];
    takes(&time["before"], [10.0, 30.0, 48.77]);
    takes(&time["after"], [14.558, 112.36, 132.36]);
    let changed = Changed::of(&answered(ALIKE, &question), &question);
    let shown = text(&changed, Look::PLAIN);
    assert!(shown.contains("    latency     p99 30 ms to 48.8 ms → 112 ms to 133 ms\n"), "{shown}");
    assert!(markdown(&changed).contains("| 30 ms to 48.8 ms → 112 ms to 133 ms |"), "{}", markdown(&changed));
}

/// 240/s are more than 200/s.
#[test]
fn more_than_is_carried_has_no_bound() {
    let question = Question { load: 4.0, ..Question::default() };
    let changed = Changed::of(&answered(ALIKE, &question), &question);
    let shown = text(&changed, Look::PLAIN);
    assert!(shown.contains("p99 30 ms to 48.8 ms → no bound\n"), "{shown}");
    let time = &read(ALIKE, &question)["cases"][0]["flows"][0]["latency"];
    assert_eq!(time["after"]["saturated"], serde_json::json!(["api"]));
    // Other figures of the same design leave its time as it is, and then nobody speaks of it.
    let question = set(&["api.availability=99%"]);
    assert!(!text(&Changed::of(&answered(ALIKE, &question), &question), Look::PLAIN).contains("latency"));
}

/// A hit takes 10 + 0.25 + 1 = 11.25 ms, and what one in two hundred misses is no matter of one in a hundred: at least
/// 11.25 + 20, at most 30 + 0.25 + 2. While the cache is cold each reads the store as well: 31.5, 31.5 + 80, and
/// 32.25 + 0.25 + 100. While it is down nobody asks it: 30.25, 30.25 + 80, and 30 + 0.25 + 100.
#[test]
fn without_its_cache_a_read_waits_for_the_store() {
    let text = "
client a
service api { service_time = 10ms, service_time_p99 = 30ms }
cache c { hit_ratio = 99.5%, service_time = 1ms, service_time_p99 = 2ms }
database d { service_time = 20ms, service_time_p99 = 100ms }
a -> api -> c, d
flow read { reads; a -> api -> c, d }
";
    let cold = Question { cold: Some(Caches::All), ..Question::default() };
    for (question, worked) in [(cold, [31.5, 111.5, 132.5]), (fail(&["c"]), [30.25, 110.25, 130.25])] {
        let time = &read(text, &question)["cases"][0]["flows"][0]["latency"];
        takes(&time["before"], [11.25, 31.25, 32.25]);
        takes(&time["after"], worked);
    }
}

/// The slower of two: 10 + 0.25 + 20 ms. What is left is the quicker: 10 + 0.25 + 4 ms. If both are down there is no
/// answer, and so no time of it.
#[test]
fn what_stands_in_takes_its_own_time() {
    let text = "
client a
service api { service_time = 10ms, service_time_p99 = 10ms }
service x { service_time = 20ms, service_time_p99 = 20ms }
service y { service_time = 4ms, service_time_p99 = 4ms }
a -> api -> x | y
";
    let time = |names: &[&str]| read(text, &fail(names))["cases"][0]["flows"][0]["latency"].clone();
    takes(&time(&["x"])["before"], [30.25; 3]);
    takes(&time(&["x"])["after"], [14.25; 3]);
    assert_eq!(time(&["x", "y"])["after"], Value::Null);
}

// ---- settings

/// A setting means what it means where it is written.
#[test]
fn a_setting_is_as_good_as_written() {
    let design = "
system \"s\" { daily_users = 1M, per_user = 20/day, availability = 99.9% }
client a
load_balancer lb : alb
service b x3 { capacity = 300/s }
service auto { autoscale }
database d : postgres x2 { failover = 30s }
database e
group inner { service b2 }
a -> lb -> b
b -> d : tls { timeout = 1s }
b -> auto, inner.b2
flow f { reads; a -> lb -> b -> d }
flow g { share = 10%; a -> lb -> b }
";
    let cases: [(&str, &str, &str); 12] = [
        ("b.replicas=12", "b x3", "b x12"),
        ("b.replicas=2..10", "b x3", "b x2..10"),
        ("d.failover=none", "{ failover = 30s }", "{ failover = none }"),
        ("d.engine=mysql", ": postgres", ": mysql"),
        ("b.zones=3", "{ capacity = 300/s }", "{ capacity = 300/s, zones = 3 }"),
        ("e.managed", "database e", "database e { managed }"),
        ("auto.autoscale=none", "{ autoscale }", "{ autoscale = none }"),
        ("b->d.calls=2", "{ timeout = 1s }", "{ timeout = 1s, calls = 2 }"),
        ("g.share=50%", "share = 10%", "share = 50%"),
        ("system.peak_factor=5", "availability = 99.9%", "availability = 99.9%, peak_factor = 5"),
        (" daily_users = 2M ", "daily_users = 1M", "daily_users = 2M"),
        ("inner.b2.availability=98%", "service b2", "service b2 { availability = 98% }"),
    ];
    for (setting, from, to) in cases {
        let answer = answered(design, &set(&[setting]));
        let written = design.replacen(from, to, 1);
        assert_ne!(written, design, "{from}");
        let written = answered(&written, &fail(&["b"])).before;
        let figures = |design| Figures::of(design, CutOrder::One).json();
        let without_files = |json: String| {
            json.lines()
                .filter(|it| !it.contains("--set"))
                .collect::<Vec<_>>()
                .join("\n")
                .replace("\"design.arch\",", "\"design.arch\"")
        };
        assert_eq!(without_files(figures(answer.after())), without_files(figures(&written)), "{setting}");
    }
}

#[test]
fn what_is_no_setting_is_refused_in_the_languages_own_words() {
    let refused = |setting: &str| match asked(SHORTENER, &set(&[setting])) {
        Err(Refusal::Settings(_, wrong)) => wrong.iter().map(|it| it.message.clone()).collect::<Vec<_>>(),
        other => panic!("{setting}: {other:?}"),
    };
    assert_eq!(
        refused("api.replicas=2s"),
        ["`replicas` takes a number such as `6` or `10M`, not a duration"]
    );
    assert_eq!(refused("api.replicsa=2"), ["a service has no property `replicsa`"]);
    assert_eq!(refused("apo.replicas=2"), ["nothing is called `apo`"]);
    assert_eq!(refused("api->edge.timeout=1s"), ["no link goes from `api` to `edge`"]);
    assert_eq!(refused("api.wibble=1"), ["a service has no property `wibble`"]);
    assert_eq!(refused("api.replicas="), ["`replicas =` has no value"]);
    for nonsense in [
        "",
        ".",
        "=",
        "a b.c=1",
        "api.replicas=1, zones=2",
        "..=",
        "api->.x=1",
        "\"",
        "/*",
        "é.x=1",
        "api.x=\u{0}",
    ] {
        assert!(!refused(nonsense).is_empty(), "{nonsense}");
    }
}

/// Two replicas of 2k/s can't carry 2 315/s on average: the flows miss their promise, and six do not.
#[test]
fn findings_come_and_go() {
    let case = &read(SHORTENER, &set(&["api.replicas=1"]))["cases"][0];
    let come = case["findings"]["come"].as_array().expect("a list");
    assert!(come.iter().any(|it| it["code"] == "LP101" && it["element"] == "api"), "{come:#?}");
    let good = SHORTENER.replace("api x6", "api x1");
    let case = &read(&good, &set(&["api.replicas=6"]))["cases"][0];
    let gone = case["findings"]["gone"].as_array().expect("a list");
    assert!(gone.iter().any(|it| it["code"] == "LP101" && it["element"] == "api"), "{gone:#?}");
}

#[test]
fn nothing_changes_where_nothing_does() {
    let case = &read(SHORTENER, &set(&["api.because=\"it is so\""]))["cases"][0];
    assert_eq!(case["flows"], serde_json::json!([]));
    assert_eq!(case["components"], serde_json::json!([]));
    assert_eq!((&case["unchanged_flows"], &case["unchanged_components"]), (&2.into(), &8.into()));
}

// ---- the command

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadpath"));
    let command = command.arg("what-if").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    command.env_remove("CLICOLOR_FORCE").output().expect("the program starts")
}

const EXAMPLE: &str = "examples/url-shortener.arch";

#[test]
fn what_can_not_be_asked_leaves_with_2_and_says_what_could() {
    let said = |arguments: &[&str]| {
        let ran = run(arguments);
        assert_eq!((ran.status.code(), ran.stdout.len()), (Some(2), 0), "{arguments:?}");
        String::from_utf8(ran.stderr).expect("text")
    };
    assert!(said(&[EXAMPLE, "--fail", "apo"]).contains("did you mean `api`?"));
    assert!(said(&[EXAMPLE, "--set", "apo.replicas=2"]).contains("nothing is called `apo`"));
    assert!(said(&[EXAMPLE, "--cold-cache=api"]).contains("name a cache"));
    assert!(said(&[EXAMPLE, "--zone-loss=9"]).contains("`zone 1`"));
    assert!(said(&["examples/checkout-naive.arch", "--zone-loss"]).contains("says nothing of zones"));
    assert!(said(&[EXAMPLE, "--load", "much"]).contains("+50%"));
    assert!(said(&[EXAMPLE, "--load", "0x"]).contains("more than nothing"));
    assert!(said(&[EXAMPLE, "--load", "-100%"]).contains("more than nothing"));
    assert!(said(&[EXAMPLE]).contains("--fail"));
    assert!(said(&["examples/nowhere.arch", "--load", "2x"]).contains("does not exist"));
}

#[test]
fn load_is_a_factor_or_a_change() {
    let load = |written: &str| {
        let ran = run(&[EXAMPLE, "--load", written, "--format", "json"]);
        assert_eq!(ran.status.code(), Some(0), "{written}");
        serde_json::from_slice::<Value>(&ran.stdout).expect("JSON")["load"].as_f64().expect("a number")
    };
    for (written, factor) in [("10x", 10.0), ("2.5x", 2.5), ("+50%", 1.5), ("-20%", 0.8), ("+0%", 1.0)] {
        assert!((load(written) - factor).abs() < 1e-12, "{written}");
    }
}

/// Whatever is asked of whichever example, it is answered in 80 columns.
#[test]
fn every_example_answers_everything_in_80_columns() {
    for path in files("examples", "arch") {
        let design = fs::read_to_string(&path).expect("text");
        let all: Vec<String> = {
            let before = answered(&design, &Question::default()).before;
            before.architecture.components().map(|it| it.name.to_string()).collect()
        };
        let mut questions: Vec<Question> = all.iter().map(|name| fail(&[name])).collect();
        questions.push(Question { load: 100.0, ..Question::default() });
        questions.push(Question { zones: Some(Zones::Each), ..Question::default() });
        questions.push(Question { cold: Some(Caches::All), load: 3.0, ..fail(&[&all[1]]) });
        for question in questions {
            let Ok(answer) = asked(&design, &question) else { continue };
            let changed = Changed::of(&answer, &question);
            for line in text(&changed, Look::PLAIN).lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", path.display());
            }
            assert!(markdown(&changed).ends_with('\n'));
            assert!(changed.json().ends_with("}\n"));
        }
    }
}

/// Only one of two settings of one property can hold, whoever uses a design does not fail, and a name said twice is one.
#[test]
fn what_makes_no_sense_is_refused() {
    let text = "client app\nservice api x2 { capacity = 1/s }\napp -> api\n";
    let refusal = |question: &Question| match asked(text, question) {
        Err(Refusal::Names(message)) => message,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        refusal(&set(&["api.replicas=2", "api.replicas = 3"])),
        "`api.replicas=2` and `api.replicas = 3` state the same: ask one after the other"
    );
    let fail = |names: &[&str]| Question {
        fail: names.iter().map(|it| (*it).to_owned()).collect(),
        ..Question::default()
    };
    assert_eq!(refusal(&fail(&["app"])), "`app` uses the design and does not fail: name what it calls");
    assert_eq!(refusal(&fail(&["apii"])), "nothing is called `apii`: did you mean `api`?");
    let zones = Question { zones: Some(Zones::Each), ..Question::default() };
    assert!(refusal(&zones).starts_with("the design says nothing of zones"));
    assert!(asked(text, &fail(&["api", "api"])).is_ok_and(|it| it.cases[0].failure.names == ["api"]));
    // One component by two names is one, and so is one property of the system.
    let inside = "client app\ngroup shop { service api, web }\napp -> api, web\n";
    let named_twice = asked(inside, &fail(&["shop.api", "api"]));
    assert!(named_twice.is_ok_and(|it| it.cases[0].failure.names == ["shop.api"]));
    assert_eq!(
        refusal(&set(&["system.peak_factor=2", "peak_factor=3"])),
        "`system.peak_factor=2` and `peak_factor=3` state the same: ask one after the other"
    );
}

#[test]
fn who_asks_for_a_cold_cache_is_told_which_there_are() {
    let refusal = |text: &str, cold: Caches| {
        let question = Question { cold: Some(cold), ..Question::default() };
        match asked(text, &question) {
            Err(Refusal::Names(message)) => message,
            other => panic!("{other:?}"),
        }
    };
    let named = |name: &str| Caches::Named(vec![name.to_owned()]);
    let one = "client app\nservice api\ncache hot\napp -> api -> hot\n";
    assert_eq!(refusal(one, named("nope")), "no cache is called `nope`: name a cache: `hot`");
    assert_eq!(refusal(one, named("hott")), "no cache is called `hott`: did you mean `hot`?");
    assert_eq!(refusal(one, named("api")), "`api` is a service, which can't be cold: name a cache: `hot`");
    let two = "client app\nservice api\ncache hot, warm\napp -> api -> hot, warm\n";
    assert_eq!(refusal(two, named("nope")), "no cache is called `nope`: name a cache: `hot` and `warm`");
    let none = "client app\nservice api\napp -> api\n";
    assert_eq!(refusal(none, named("nope")), "no cache is called `nope`: the design has no cache");
    assert_eq!(refusal(none, Caches::All), "nothing can be cold: the design has no cache");
}

/// Twice the load, and twice the peak of the same load, are the same at peak, 12 120/s ÷ (4 × 4 000) = 75.75 %; so is the
/// verdict. Four times it is 151.5 %.
#[test]
fn more_load_and_a_higher_peak_are_judged_alike() {
    let text = "
system \"s\" { peak_factor = 3, availability = 99.9% }
client c
load_balancer lb : alb
service a x4 { capacity = 4k/s }
cache k : redis x1 { caches = d, strategy = cache_aside, hit_ratio = 90% }
database d x2 : postgres { failover = 30s, read_capacity = 2k/s, write_capacity = 1k/s }
c -> lb -> a -> k, d
flow r { rate = 2k/s, reads; c -> lb -> a -> k, d }
flow w { rate = 20/s, writes; c -> lb -> a -> d }
";
    for (load, peak_factor, state, used) in
        [(2.0, "peak_factor=6", "up", 0.7575), (4.0, "peak_factor=12", "degraded", 1.515)]
    {
        let more = read(text, &Question { load, ..Question::default() });
        let higher = read(text, &set(&[peak_factor]));
        for answer in [&more, &higher] {
            let case = &answer["cases"][0];
            close(&named(&case["components"], "a")["utilisation"]["after"], used);
            for flow in ["r", "w"] {
                assert_eq!(named(&case["flows"], flow)["state"], state, "{load} {flow}");
            }
        }
    }
}
