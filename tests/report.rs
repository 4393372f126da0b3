//! The figures of a design, against numbers worked by hand, and their shape for programs.

use std::io::Write as _;
use std::process::{Command, Stdio};

use loadpath::check::{Config, NoFiles, check};
use loadpath::report::figures::{CutOrder, Figures, text};
use loadpath::report::text::Look;
use loadpath::source::SourceFile;
use serde_json::{Value, json};

const SHORTENER: &str = r#"
system "URL shortener" {
  daily_users     = 10M
  per_user        = 20/day
  reads_per_write = 100
  peak_factor     = 3
  record_size     = 500B
  retention       = 5y
  availability    = 99.95%
}
client        browser
load_balancer edge : alb
service       api x6 { zones = 3, capacity = 2k/s }
cache         hot_links : redis    { caches = links, strategy = cache_aside, ttl = 1h, hit_ratio = 90% }
database      links : postgres x3  { replication = async, failover = 30s, data = [internal] }
queue         clicks : kafka       { max_length = 10M, on_full = drop }
worker        counter x2           { capacity = 5k/s, idempotent }
database      stats : clickhouse

browser -> edge : https
edge    -> api  : http
api     -> hot_links, links : tls  { timeout = 200ms, retries = 1 }
api     ~> clicks "one event a click" : kafka { optional }
clicks  ~> counter
counter -> stats

flow redirect "Follow a short link" { share = 99%, reads
  browser -> edge -> api -> hot_links, links
}
flow shorten "Create a short link" { share = 1%, writes; browser -> edge -> api -> links }
"#;

fn figures(design: &str, order: CutOrder) -> Figures {
    let checked = check(SourceFile::new("design.arch", design), &NoFiles, &Config::default());
    assert!(checked.architecture.faults.is_empty(), "{:#?}", checked.architecture.faults);
    Figures::of(&checked, order)
}

/// The figures as a program reads them.
fn read(design: &str) -> Value {
    serde_json::from_str(&figures(design, CutOrder::Two).json()).expect("the output is JSON")
}

/// The one of a list that bears a name.
fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    let list = list.as_array().expect("a list");
    list.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("{name} in {list:#?}"))
}

#[track_caller]
fn close(found: &Value, worked: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{found} is no number"));
    assert!((found - worked).abs() <= 1e-4 * worked.abs(), "{found} is not {worked}");
}

/// The assumptions as (element, property, value).
fn assumed(figures: &Value) -> Vec<(&str, &str, f64)> {
    let all = figures["assumptions"].as_array().expect("a list");
    all.iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().expect("a text");
            (text("element"), text("property"), it["value"].as_f64().expect("a number"))
        })
        .collect()
}

/// 10M users × 20 a day ÷ 86 400 s are 2 314.8 requests a second, 99 % of them to follow a link.
#[test]
fn a_flow_is_held_against_its_slo_with_what_costs_it() {
    let figures = read(SHORTENER);
    let redirect = named(&figures["flows"], "redirect");
    close(&redirect["availability"]["value"], 0.999_55);
    assert!(redirect["availability_at_best"]["value"].as_f64() > Some(0.9999));
    close(&redirect["slo"], 0.9995);
    assert_eq!(redirect["slo_origin"], "stated");
    close(&redirect["downtime_minutes_per_month"], 19.44217);
    close(&redirect["budget_minutes_per_month"], 21.6);
    assert_eq!(redirect["cut_sets"], json!([["edge"]]));
    assert_eq!(redirect["are_cut_sets_truncated"], false);
    assert_eq!(redirect.get("completed"), None, "the clicks are beside the path");
    assert_eq!(redirect.get("route_of"), None);

    let contributors = redirect["contributors"].as_array().expect("a list");
    let of = |name: &str| contributors.iter().find(|it| it["element"] == name).expect("it costs something");
    // Three readable nodes of .995 that share 5 %: 2.5e-4 and .00475³, in a month of 43 200 min.
    close(&of("links")["minutes"], (0.000_25 + 0.004_75_f64.powi(3)) * 43_200.0 * 0.9998);
    close(&of("edge")["minutes"], 0.0001 * 43_200.0 * 0.999_65);
    let shares: f64 = contributors.iter().map(|it| it["share"].as_f64().expect("a number")).sum();
    assert!((shares - 1.0).abs() < 1e-9);
    assert!(contributors.is_sorted_by(|a, b| a["minutes"].as_f64() >= b["minutes"].as_f64()));

    let rate = &redirect["rate"];
    close(&rate["mean"], 2_314.815 * 0.99);
    close(&rate["peak"], 6_944.444 * 0.99);
    close(&rate["reads"], 2_314.815 * 0.99);
    assert_eq!((&rate["writes"], &rate["is_peak_assumed"]), (&json!(0.0), &json!(false)));
    close(&named(&figures["flows"], "shorten")["availability"]["value"], 0.999_54);
}

/// One read in ten misses the cache: 229.2 reads and 23.1 writes a second come to the store.
#[test]
fn a_component_tells_its_load_its_utilisation_and_its_data() {
    let figures = read(SHORTENER);
    let part = |name| named(&figures["components"], name);
    let links = part("links");
    assert_eq!((&links["kind"], &links["engine"]), (&json!("database"), &json!("postgres")));
    assert_eq!((&links["replicas"], &links["is_managed"]), (&json!(3), &json!(false)));
    close(&links["reads"], 229.167);
    close(&links["writes"], 23.148);
    close(&links["peak"], 3.0 * (229.167 + 23.148));
    // 687.5 reads over three nodes of 20k/s, and 69.4 writes on each of 5k/s.
    close(&links["utilisation"], 687.5 / 60_000.0 + 69.444 / 5_000.0);
    assert_eq!(links["is_capacity_assumed"], true);
    // 23.1 links a second of 500 B for five years: 1.8 TB, whole on each node.
    close(&links["storage"], 23.148_148 * 500.0 * 5.0 * 365.0 * 86_400.0);

    close(&part("api")["utilisation"], 6_944.444 / 12_000.0);
    assert_eq!(part("api")["is_capacity_assumed"], false);
    close(&part("counter")["utilisation"], 6_944.444 / 10_000.0);
    // What a click takes is said nowhere: the system's record is a link.
    assert_eq!(part("stats")["storage"], Value::Null);
    assert_eq!(part("edge")["replicas"], Value::Null);
    assert_eq!(part("edge")["is_managed"], true);

    let link = named(&figures["links"], "api -> hot_links");
    assert_eq!(
        (&link["source"], &link["target"], &link["is_async"]),
        (&json!("api"), &json!("hot_links"), &json!(false))
    );
    close(&link["reads"], 2_291.667);
    assert_eq!(named(&figures["links"], "api ~> clicks")["is_async"], true);
}

/// The peak factor, the capacity of `api` and the hit ratio are stated, and so not assumed.
#[test]
fn what_the_figures_rest_on_is_listed_once() {
    let figures = read(SHORTENER);
    let assumed = assumed(&figures);
    for expected in [
        ("edge", "availability", 0.9999),
        ("api", "availability", 0.995),
        ("links", "availability", 0.995),
        ("api", "correlation", 0.02),
        ("zone 1", "availability", 0.9997),
        ("links", "failed_failover_automatic", 0.05),
        ("links", "repair", 14_400.0),
        ("links", "read_capacity", 20_000.0),
        ("links", "write_capacity", 5_000.0),
    ] {
        assert!(assumed.contains(&expected), "{expected:?} in {assumed:#?}");
    }
    let is_assumed = |element, property| assumed.iter().any(|it| (it.0, it.1) == (element, property));
    assert!(!is_assumed("system", "peak_factor"));
    assert!(!is_assumed("api", "capacity"));
    assert!(!is_assumed("hot_links", "hit_ratio"));
    assert!(!is_assumed("links", "failover"));
    let mut pairs: Vec<_> = assumed.iter().map(|(element, property, _)| (element, property)).collect();
    pairs.sort_unstable();
    assert!(pairs.windows(2).all(|it| it[0] != it[1]), "{pairs:?}");
    let edge = figures["assumptions"].as_array().expect("a list").iter().find(|it| it["element"] == "edge");
    let edge = edge.expect("it is assumed");
    assert_eq!((&edge["unit"], &edge["confidence"]), (&json!("share"), &json!("high")));
    assert!(edge["source"].as_str().is_some_and(|it| it.contains("SLA")));
}

/// Nothing is said of load, promise or data: all of that is null.
#[test]
fn what_is_unknown_is_null() {
    let figures = read("client app\nservice api x2\ndatabase main x1\napp -> api -> main\n");
    let flow = &figures["flows"][0];
    assert_eq!(flow["name"], "app by api");
    assert_eq!(
        (&flow["slo"], &flow["budget_minutes_per_month"], &flow["rate"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(flow["slo_origin"], "none");
    let main = named(&figures["components"], "main");
    for key in ["reads", "writes", "mean", "peak", "utilisation", "storage", "engine"] {
        assert_eq!(main[key], Value::Null, "{key}");
    }
    assert_eq!((&figures["system"], &figures["storage"]), (&Value::Null, &Value::Null));
    assert!(assumed(&figures).iter().all(|it| it.1 != "peak_factor"), "no peak is reckoned with");
}

/// Of two apps that serve each other's place, both must go; the balancer alone, or the two nodes of the pair.
#[test]
fn pairs_are_listed_where_they_are_asked_for() {
    let design = "client app\nload_balancer edge x1\nservice left, right x1\n\
                  database main x2 { failover = 60s }\n\
                  app -> edge -> left | right\nleft, right -> main { writes }\n";
    let singles: Value = serde_json::from_str(&figures(design, CutOrder::One).json()).expect("JSON");
    assert_eq!(singles["flows"][0]["cut_sets"], json!([["edge"]]));
    assert_eq!(read(design)["flows"][0]["cut_sets"], json!([["edge"], ["left", "right"], ["main", "main"]]));
}

/// What is written past a queue is a second figure.
#[test]
fn a_flow_past_a_queue_is_completed_less_often_than_accepted() {
    let figures = read(
        "service api x2\nqueue jobs : sqs\nworker renderer x1\napi ~> jobs ~> renderer\n\
         flow render { api ~> jobs ~> renderer }\n",
    );
    let render = &figures["flows"][0];
    let accepted = render["availability"]["value"].as_f64().expect("a number");
    close(&render["availability"]["value"], 0.998_727_7);
    close(&render["completed"]["value"], accepted * 0.995);
    let needs = assumed(&figures);
    assert!(needs.contains(&("renderer", "availability", 0.995)), "{needs:?}");
}

/// Figures that a store states itself, over its shards; a copy holds what its source does.
#[test]
fn data_is_what_is_stated_over_the_shards() {
    let design = |body: &str| {
        format!(
            "service api\ndatabase main {{ {body} }}\ndatabase copy\napi -> main\nmain ~> copy : replication\n"
        )
    };
    let bytes = |body: &str, of: &str| named(&read(&design(body))["components"], of)["storage"].clone();
    close(&bytes("storage = 4TB, shards = 2", "main"), 2e12);
    close(&bytes("records = 1M, record_size = 1KB", "main"), 1e9);
    close(&bytes("records = 1M, record_size = 1KB", "copy"), 1e9);
    // A month has 30 days, a year 365: 10 GB a month for three years are 365 GB.
    close(&bytes("growth = 10GB/month, horizon = 3y", "main"), 365e9);
    close(&bytes("growth = 10/s, record_size = 1KB, retention = 1d", "main"), 864e6);
    // 1 TB that grows by half each year for two years.
    close(&bytes("storage = 1TB, growth = 50%/year, horizon = 2y", "main"), 2.25e12);
    assert_eq!(bytes("record_size = 1KB, retention = 1y", "main"), Value::Null, "nobody says how many");
    assert_eq!(bytes("growth = 10GB/month", "main"), Value::Null, "nobody says for how long");
    assert_eq!(bytes("growth = 10GB/month, retention = forever", "main"), Value::Null);
}

/// Two stores are written to: whose are the system's records?
#[test]
fn data_of_the_system_is_nobodys_where_several_stores_hold_it() {
    let design = |targets: &str| {
        format!(
            "system \"S\" {{ growth = 10GB/month, horizon = 3y }}\nservice api\ndatabase main\nobject_store blobs\n\
             api -> {targets}\n"
        )
    };
    let bytes = |design: &str, of: &str| named(&read(design)["components"], of)["storage"].clone();
    close(&bytes(&design("main"), "main"), 365e9);
    assert_eq!(bytes(&design("main, blobs"), "main"), Value::Null);
    close(&read(&design("main, blobs"))["storage"], 365e9);
}

/// A flow that one without a rate comes by as well carries more than is said.
#[test]
fn a_part_of_the_load_is_marked_as_one() {
    let figures = read(
        "client app, admin\nservice api\nservice search\napp, admin -> api\napi -> search\n\
         flow use { rate = 10/s; app -> api }\nflow manage { admin -> api -> search }\n",
    );
    let api = named(&figures["components"], "api");
    assert_eq!(api["is_partial"], true);
    close(&api["mean"], 10.0);
    let system = assumed(&figures);
    assert!(system.contains(&("system", "peak_factor", 3.0)), "{system:?}");
}

#[test]
fn the_text_fits_into_its_width_and_tells_the_same() {
    for width in [80, 60, 120] {
        let look = Look { width, ..Look::PLAIN };
        let shown = text(&figures(SHORTENER, CutOrder::One), look);
        assert!(shown.lines().all(|line| line.chars().count() <= width.max(72)), "{shown}");
    }
    let shown = text(&figures(SHORTENER, CutOrder::One), Look::PLAIN);
    for part in [
        "URL shortener",
        "✓ redirect",
        "99.955%",
        "99.95%",
        "19.4 min",
        "21.6 min",
        "6 944/s",
        "57.9%",
        "1.82 TB",
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    assert!(!shown.contains('\u{1b}'));
    let plain = text(&figures(SHORTENER, CutOrder::One), Look { is_unicode: false, ..Look::PLAIN });
    assert!(plain.is_ascii(), "{plain}");
}

/// Runs `loadpath report` on a design from standard input: the exit code, the output, the errors.
fn run(arguments: &[&str], design: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadpath"));
    command.arg("report").args(arguments).env_remove("CLICOLOR_FORCE");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // A run that refuses its arguments may have gone before it has read.
    let _ = child.stdin.take().expect("it is piped").write_all(design.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("it is UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_writes_the_figures_in_both_formats() {
    let (code, out, err) = run(&["-", "--format", "json"], SHORTENER);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let figures: Value = serde_json::from_str(&out).expect("the output is JSON");
    assert_eq!((&figures["version"], &figures["files"]), (&json!(1), &json!(["-"])));
    let (code, out, _) = run(&["-"], SHORTENER);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("URL shortener\n"), "{out}");
    let (code, out, _) = run(&["-", "--cut-order", "2"], "client app\nservice api x2\napp -> api\n");
    assert_eq!(code, Some(0));
    assert!(out.contains("two of api"), "{out}");
}

#[test]
fn the_command_leaves_with_1_for_errors_of_the_language_and_with_2_for_what_it_cannot_do() {
    let (code, out, err) = run(&["-", "--format", "json"], "service api\napi -> nobody\n");
    assert_eq!(code, Some(1));
    let figures: Value = serde_json::from_str(&out).expect("what could be read is written");
    assert_eq!(figures["components"][0]["name"], "api");
    assert!(err.contains("1 error of the language"), "{err}");
    let (code, out, err) = run(&["no-such-file.arch"], "");
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("does not exist"), "{err}");
    assert_eq!(run(&["-", "--cut-order", "3"], SHORTENER).0, Some(2));
}

/// Of a range both ends count: 100/s × 2..4 at peak, on 1 000/s..3 000/s a replica.
#[test]
fn figures_at_both_ends_of_a_range_are_reported() {
    let design = "system \"S\" { peak_factor = 2..4, rate = 100/s }\nclient a\nservice api x2 { capacity = 1k/s..3k/s }\na -> api\n";
    let figures = read(design);
    close(&named(&figures["components"], "api")["utilisation"], 400.0 / 2_000.0);
    let milder = &figures["at_milder_ends"];
    close(&named(&milder["components"], "api")["utilisation"], 200.0 / 6_000.0);
    close(&named(&milder["flows"], "a by api")["rate"]["peak"], 200.0);
    let shown = text(&self::figures(design, CutOrder::One), Look::PLAIN);
    assert!(shown.contains("100/s on average, 200/s at peak, 3.33% used"), "{shown}");
    assert!(read(SHORTENER).get("at_milder_ends").is_none());
}

/// Of a range the worse end counts first, and the report says so.
#[test]
fn a_range_counts_with_its_worse_end_and_is_named() {
    let figures = read(
        "system \"S\" { peak_factor = 2..4, rate = 100/s }\nclient a\nservice api x2 { capacity = 1k/s..3k/s }\na -> api\n",
    );
    let assumed = assumed(&figures);
    assert!(assumed.contains(&("system", "peak_factor", 4.0)));
    assert!(assumed.contains(&("api", "capacity", 1000.0)));
    assert_eq!(named(&figures["flows"], "a by api")["rate"]["peak"], 400.0);
}

/// api is computed at 10 to 5 × 10 = 50 ms: 22 agree, 9 are quicker. The flow takes 10 + 0.25 + 4 = 14.25 ms to 50 + 0.25 + 20 =
/// 70.25 ms, of which 300 are more than any.
#[test]
fn what_was_measured_stands_beside_what_is_computed() {
    let design = |measured: &str| {
        format!(
            "client app
service api {{ service_time = 10ms, measured = {measured} }}
database db {{ service_time = 4ms }}
app -> api -> db
flow read {{ measured = 300ms; app -> api -> db }}
"
        )
    };
    let shown = text(&figures(&design("22ms"), CutOrder::One), Look::PLAIN);
    assert!(shown.contains("MEASURED      measured            computed   verdict\n"), "{shown}");
    assert!(shown.contains("  api            22 ms      10 ms to 50 ms    agrees\n"), "{shown}");
    assert!(shown.contains("  read          300 ms  14.2 ms to 70.3 ms    slower\n"), "{shown}");
    let all = read(&design("9ms"))["measured"].clone();
    assert_eq!((&all[0]["element"], &all[0]["agrees"]), (&json!("api"), &json!(false)));
    assert!((all[1]["p50"].as_f64().expect("known") - 0.01425).abs() < 1e-9);
    assert!((all[1]["p99"].as_f64().expect("known") - 0.07025).abs() < 1e-9);
    assert!(text(&figures(&design("9ms"), CutOrder::One), Look::PLAIN).contains("quicker"));
    // A component without its time may take any time over nothing.
    let unknown = read("client app\nservice api { measured = 1s }\napp -> api\n");
    assert_eq!(
        unknown["measured"][0],
        json!({
            "element": "api", "measured": 1.0, "p50": 0.0, "p99": 0.0, "is_lower_bound": true, "agrees": true
        })
    );
    assert!(!text(&figures(SHORTENER, CutOrder::One), Look::PLAIN).contains("MEASURED"));
}

/// 3 × 100/s come to a service of 200/s: whatever the steps take, the wait there has no bound, and each format says so alike.
#[test]
fn what_is_overfull_has_no_bound_in_any_format() {
    let design = "system \"S\" { peak_factor = 3, latency_p99 = 200ms }\nclient app\n\
                  service api x1 { capacity = 200/s, service_time = 10ms, service_time_p99 = 20ms }\n\
                  database db x1 { service_time = 5ms, service_time_p99 = 9ms }\napp -> api -> db\n\
                  flow use { rate = 100/s; app -> api -> db }\n";
    let time = read(design)["flows"][0]["latency"].clone();
    assert_eq!((&time["p99"]["upper"], &time["saturated"]), (&Value::Null, &json!(["api"])));
    for (format, cell) in [("text", None), ("md", Some("| no bound |")), ("html", Some(">no bound</td>"))] {
        let (_, out, _) = run(&["-", "--format", format], design);
        let plain = out.replace("<code>", "`").replace("</code>", "`");
        let told = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("no bound at peak: `api` is over its capacity"), "{format}: {told}");
        assert!(cell.is_none_or(|cell| out.contains(cell)), "{format}: {out}");
        assert!(!told.contains(" ms to "), "{format}: {told}");
    }
    // Where a time is unknown, there is a least, and no most.
    let unknown =
        design.replace(", service_time = 10ms, service_time_p99 = 20ms", "").replace("200/s", "900/s");
    assert_eq!(read(&unknown)["flows"][0]["latency"]["p99"]["upper"], Value::Null);
    let (_, out, _) = run(&["-", "--format", "md"], &unknown);
    assert!(out.contains("p99 is at least ") && out.contains("| ≥") && !out.contains(" ms to "), "{out}");
}

/// What a figure rests on is what it was worked out with: a store of objects is written to in 200 ms, not in the 80 of a
/// read, and of a store that is only written to the capacity is that of writes.
#[test]
fn an_assumption_is_the_figure_that_was_reckoned_with() {
    let design = "system \"S\" { daily_users = 10M, per_user = 10/day, growth = 150TB/month, horizon = 1y }\nclient app\nservice api x1\n\
                  object_store media { managed }\ndatabase log : postgres x1\napp -> api -> media, log { writes }\n\
                  flow put { writes; app -> api -> media, log }\n";
    let figures = read(design);
    let assumed = assumed(&figures);
    let of_media = |property| assumed.iter().find(|it| (it.0, it.1) == ("media", property)).map(|it| it.2);
    assert_eq!((of_media("write_time"), of_media("service_time")), (Some(0.2), None), "{assumed:#?}");
    let (_, page, _) = run(&["-", "--format", "html"], design);
    assert!(page.contains("capacity assumed (range of Postgres primaries 1k-10k/s)"), "{page}");
    // 10M × 10 ÷ 86 400 × 3 = 3 472/s come, and 1 000/s are done: 2.88 of 10M users, and no more, as the finding says.
    assert_eq!(figures["bottlenecks"][0]["at_users"], json!(2_880_000.0));
    assert!(page.contains(">~2.88M</td>"), "{page}");
    let (_, page, _) =
        run(&["-", "--format", "html"], &design.replace("api x1", "api x1 { capacity = 1k/s }"));
    assert!(page.contains("full at 2.88M daily users") && page.contains(">2.88M</td>"), "{page}");
    let (_, text, _) = run(&["-"], design);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("~2.88M") && text.contains("; most of the p99 in media 1 s (assumed)"), "{text}");
}
