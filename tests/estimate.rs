//! The back of the envelope, against what is worked by hand.

use std::fs;
use std::process::Command;

use loadpath::check::{Config, NoFiles, check};
use loadpath::report::estimate::{Estimate, markdown, text};
use loadpath::report::text::Look;
use loadpath::source::SourceFile;
use serde_json::Value;

use crate::rules::files;

const SHORTENER: &str = include_str!("../examples/url-shortener.arch");

fn estimate(design: &str) -> Estimate {
    Estimate::of(&check(SourceFile::new("design.arch", design), &NoFiles, &Config::default()))
}

fn read(design: &str) -> Value {
    serde_json::from_str(&estimate(design).json()).expect("the output is JSON")
}

/// A line by its section, element and what it is.
#[track_caller]
fn line<'a>(sheet: &'a Value, section: &str, element: &str, what: &str) -> &'a Value {
    let sections = sheet["sections"].as_array().expect("a list");
    let section = sections.iter().find(|it| it["name"] == section).unwrap_or_else(|| panic!("{section}"));
    let lines = section["lines"].as_array().expect("a list");
    let found = lines.iter().find(|it| it["element"] == element && it["what"] == what);
    found.unwrap_or_else(|| panic!("{what} of {element} in {lines:#?}"))
}

fn open(sheet: &Value, section: &str) -> Vec<String> {
    let sections = sheet["sections"].as_array().expect("a list");
    let section = sections.iter().find(|it| it["name"] == section);
    let open = section.map(|it| it["open"].as_array().expect("a list").clone()).unwrap_or_default();
    open.iter().map(|it| it.as_str().expect("a text").to_owned()).collect()
}

#[track_caller]
fn close(line: &Value, worked: f64) {
    let found = line["value"].as_f64().unwrap_or_else(|| panic!("{line} has no number"));
    assert!((found - worked).abs() <= 2e-3 * worked.abs(), "{line} is not {worked}");
}

/// The catalogue's own table, 20 actions a user a day: 1M users 231/s, 694/s at peak; 10M 2.3k and 6.9k; 100M 23k
/// and 69k.
#[test]
fn users_become_requests_a_second() {
    for (users, mean, peak) in [("1M", 231.5, 694.4), ("10M", 2_315.0, 6_944.0), ("100M", 23_148.0, 69_444.0)]
    {
        let sheet = read(&format!(
            "system \"s\" {{ daily_users = {users}, per_user = 20/day, peak_factor = 3 }}\nclient a\nservice b\na -> b\n"
        ));
        close(line(&sheet, "traffic", "system", "mean"), mean);
        close(line(&sheet, "traffic", "system", "peak"), peak);
        let working =
            line(&sheet, "traffic", "system", "peak")["working"].as_str().expect("a text").to_owned();
        assert_eq!(working, format!("{users} users × 20/day ÷ 86 400 s × 3"));
    }
}

/// 40 a second are 104M in a month of 30 days; custom says about 100M.
#[test]
fn a_rate_is_so_many_a_month() {
    let sheet = read("client a { rate = 40/s }\nservice b\na -> b\n");
    close(line(&sheet, "traffic", "system", "a month"), 40.0 * 2_592_000.0);
}

/// Reads and writes: 100 : 1 of 2 315/s by the shares of the flows.
#[test]
fn reads_and_writes_are_told_apart() {
    let sheet = read(SHORTENER);
    close(line(&sheet, "traffic", "system", "reads"), 2_314.8 * 0.99);
    close(line(&sheet, "traffic", "system", "writes"), 23.148);
    let redirect = line(&sheet, "flows", "redirect", "peak");
    close(redirect, 6_875.0);
    assert_eq!(redirect["working"], "10M users × 20/day ÷ 86 400 s × 99% × 3");
    assert_eq!(redirect["is_assumed"], false);
}

/// ceil(6 944 ÷ (2 000 × 70 %)) = ceil(4.96) = 5 of the 6 that are there; two workers of 5k/s: ceil(1.98) = 2.
#[test]
fn servers_are_the_peak_over_seven_tenths_of_the_capacity() {
    let sheet = read(SHORTENER);
    let api = line(&sheet, "servers", "api", "nodes needed");
    close(api, 5.0);
    assert_eq!(api["working"], "6 944/s ÷ 2 000/s ÷ 70% = 4.96");
    assert_eq!(
        (&api["note"], &api["is_short"], &api["is_assumed"]),
        (&"6 stated".into(), &false.into(), &false.into())
    );
    close(line(&sheet, "servers", "counter", "nodes needed"), 2.0);
    let links = line(&sheet, "servers", "links", "peak");
    close(links, 756.9);
    assert_eq!(links["working"], "6 875/s of redirect × 10% missed by hot_links + 69.4/s of shorten");
    let few = read(&SHORTENER.replace("api x6", "api x4"));
    assert_eq!(line(&few, "servers", "api", "nodes needed")["is_short"], true);
    assert_eq!(open(&sheet, "servers"), ["state `capacity` of `stats` to know how many it takes"]);
}

/// 30 000 reads and 2 000 writes at peak on nodes of 20k/5k: each applies 40 % of writes, which leaves 30 % for
/// 150 % of reads: 5 nodes. 4 000 writes are 80 %: no copy helps, 80 % + 150 % ÷ 3 = 130 % is two shards.
#[test]
fn the_nodes_of_a_store_all_apply_its_writes() {
    let store = |writes: u32| {
        read(&format!(
            "client a {{ reads = 30k/s, writes = {writes}/s, rate = 30k/s }}\nsystem \"s\" {{ peak_factor = 1 }}\n\
             database d x3 {{ read_capacity = 20k/s, write_capacity = 5k/s }}\na -> d\n"
        ))
    };
    let sheet = store(2_000);
    let nodes = line(&sheet, "servers", "d", "nodes needed");
    close(nodes, 5.0);
    assert_eq!(nodes["working"], "150% for reads ÷ (70% − 40% for writes) = 5");
    assert_eq!(nodes["is_short"], true);
    let sheet = store(4_000);
    let shards = line(&sheet, "servers", "d", "shards needed");
    close(shards, 2.0);
    assert_eq!(shards["working"], "130% of a node ÷ 70% = 1.86");
}

/// 23.1 writes a second of 500 B for five years: 1.825 TB raw; × 1.3 with indexes; × 3 copies, each on its own line.
#[test]
fn storage_is_raw_by_year_and_overheads_apart() {
    let sheet = read(SHORTENER);
    for year in 1..=5 {
        let what = if year == 1 { "raw after 1 year".to_owned() } else { format!("raw after {year} years") };
        close(line(&sheet, "storage", "links", &what), 23.148 * 500.0 * 86_400.0 * 365.0 * f64::from(year));
    }
    close(line(&sheet, "storage", "links", "with indexes"), 1.825e12 * 1.3);
    close(line(&sheet, "storage", "links", "all copies"), 1.825e12 * 1.3 * 3.0);
    assert_eq!(line(&sheet, "storage", "links", "raw after 5 years")["is_assumed"], false);
    assert_eq!(line(&sheet, "storage", "links", "with indexes")["is_assumed"], true);
}

/// 20 % of a day's distinct bytes × 1.2: 2 291.7/s × 500 B × 86 400 s × 0.2 × 1.2 = 23.76 GB.
#[test]
fn a_cache_holds_the_hot_set() {
    let sheet = read(SHORTENER);
    close(line(&sheet, "memory", "hot_links", "hot set"), 2_291.67 * 500.0 * 86_400.0 * 0.2 * 1.2);
}

/// rps × payload: 300/s at peak × 10 KB = 3 MB/s, which are 24 Mbps.
#[test]
fn bandwidth_is_calls_times_payload() {
    let sheet = read("client a { rate = 100/s }\nservice b\na -> b { payload = 10KB }\n");
    let out = line(&sheet, "bandwidth", "a -> b", "out at peak");
    close(out, 3e6);
    assert_eq!(out["note"], "24 Mbps");
}

/// Little's law: 300/s ÷ 2 replicas × 10 ms = 1.5 at once on each.
#[test]
fn connections_in_use_are_the_rate_times_the_time() {
    let sheet =
        read("client a { rate = 100/s }\nservice b x2\ndatabase d { service_time = 10ms }\na -> b -> d\n");
    close(line(&sheet, "connections", "b -> d", "in use, a replica"), 1.5);
}

#[test]
fn what_is_unknown_says_what_to_state_and_an_assumption_is_used_nowhere_else() {
    let sheet = read("system \"s\" { daily_users = 1M }\nclient a\nservice b { capacity = 1k/s }\na -> b\n");
    assert_eq!(open(&sheet, "traffic"), ["state `per_user` to know how much comes"]);
    let so = line(&sheet, "traffic", "system", "mean, if so");
    close(so, 231.5);
    assert_eq!(so["is_assumed"], true);
    assert!(so["note"].as_str().expect("a text").contains("20 actions a user assumed"));
    assert!(
        sheet["sections"].as_array().expect("a list").iter().all(|it| it["name"] != "servers"),
        "{sheet:#}"
    );
    let sheet = read("client a\nservice b\na -> b\n");
    assert!(open(&sheet, "traffic")[0].starts_with("state `daily_users` and `per_user`"));
    let sheet = read("client a { rate = 1/s }\nclient c\nservice b\na, c -> b\n");
    assert!(open(&sheet, "traffic")[0].contains("`c by b`"), "{sheet:#}");
}

#[test]
fn an_assumed_peak_factor_is_marked_and_sourced() {
    let sheet = read("client a { rate = 10/s }\nservice b\na -> b\n");
    let peak = line(&sheet, "traffic", "system", "peak");
    assert_eq!((&peak["is_assumed"], &peak["working"]), (&true.into(), &"10/s × 3 (assumed)".into()));
    assert!(text(&estimate("client a { rate = 10/s }\nservice b\na -> b\n"), Look::PLAIN).contains("~30/s"));
}

#[test]
fn every_example_is_reckoned_in_80_columns_and_in_all_formats() {
    for path in files("examples", "arch") {
        let sheet = estimate(&fs::read_to_string(&path).expect("text"));
        for line in text(&sheet, Look::PLAIN).lines() {
            assert!(line.chars().count() <= 80, "{}: {line}", path.display());
        }
        let rows = markdown(&sheet)
            .lines()
            .filter(|it| it.starts_with('|'))
            .map(|it| it.matches(" | ").count())
            .collect::<Vec<_>>();
        assert!(rows.iter().all(|it| (4..=5).contains(it)), "{}: {rows:?}", path.display());
    }
}

#[test]
fn the_command_writes_what_is_asked_and_says_of_what_could_not_be_read() {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loadpath"));
        let command = command.arg("estimate").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
        command.env_remove("CLICOLOR_FORCE").output().expect("the program starts")
    };
    let ran = run(&["examples/url-shortener.arch"]);
    assert_eq!(ran.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&ran.stdout).contains("= 10M users × 20/day ÷ 86 400 s × 3"));
    let ran = run(&["examples/url-shortener.arch", "--format", "markdown"]);
    assert!(String::from_utf8_lossy(&ran.stdout).starts_with("## URL shortener: the back of the envelope\n"));
    assert_eq!(run(&["examples/nowhere.arch"]).status.code(), Some(2));
}
