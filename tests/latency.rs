//! Time along the longest chain of waits, against numbers worked by hand. Where nothing is drawn of places, a round trip
//! takes 0.25 ms; where only a median is known, the 99th percentile is five times that.

use crate::analysed::analysed;
use loadpath::analysis::latency::{Latency, Story, What, comparisons, trip};
use loadpath::model::Architecture;

/// The first journey's latency until it is answered.
fn latency(text: &str) -> Latency {
    let (architecture, analysis) = analysed(text);
    analysis.latency(&architecture, 0).clone()
}

/// The first journey's latency to its end.
fn to_the_end(text: &str) -> Latency {
    let (architecture, analysis) = analysed(text);
    analysis.latency_to_the_end(&architecture, 0).clone()
}

/// Median, least and most of the one in a hundred, in milliseconds.
#[track_caller]
fn takes(latency: &Latency, median: f64, least: f64, most: f64) {
    let found = [latency.median, latency.least, latency.most].map(|it| it.seconds() * 1e3);
    for (found, worked) in found.iter().zip([median, least, most]) {
        assert!((found - worked).abs() < 1e-6 * worked.max(1.0), "{found} is not {worked}: {latency:#?}");
    }
}

fn named(architecture: &Architecture, ids: &[loadpath::model::ComponentId]) -> Vec<String> {
    ids.iter().map(|id| architecture.component(*id).name.to_string()).collect()
}

/// api 10 + trip .25 + db 4 = 14.25. Least: 14.25 + max(30 − 10, 24 − 4) = 34.25. Most: 30 + .25 + 24 = 54.25.
#[test]
fn times_add_up_along_the_chain() {
    let found = latency(
        "
client app
service api { service_time = 10ms, service_time_p99 = 30ms }
database db { service_time = 4ms, service_time_p99 = 24ms }
app -> api -> db
",
    );
    takes(&found, 14.25, 34.25, 54.25);
    assert!(!found.is_lower_bound());
    // The trip is the catalogue's: written alone are 10 + 4 + 20 = 34.
    assert!((found.written.seconds() - 0.034).abs() < 1e-9);
}

/// Only the median is written: 10 ms, and 5 × 10 = 50 ms; the service's time is neither written nor known.
#[test]
fn what_is_unknown_counts_as_nothing_and_is_named() {
    let text = "
client app
service api
database db { service_time = 10ms }
app -> api -> db
";
    let (architecture, analysis) = analysed(text);
    let found = analysis.latency(&architecture, 0);
    takes(found, 10.25, 50.25, 50.25);
    assert!(found.is_lower_bound());
    assert_eq!(named(&architecture, &found.unknown), ["api"]);
    // The tail is assumed, so written are 10 ms.
    assert!((found.written.seconds() - 0.010).abs() < 1e-9);
}

/// One after the other 20 + .25 + 30 + .25 = 50.5; at once only the longer, 30.25.
#[test]
fn targets_are_waited_for_in_turn_unless_in_parallel() {
    let text = |mark: &str| {
        format!(
            "
client app
service api {{ service_time = 0ms, service_time_p99 = 0ms }}
service one {{ service_time = 20ms, service_time_p99 = 20ms }}
service two {{ service_time = 30ms, service_time_p99 = 30ms }}
app -> api
api -> one {mark}
api -> two {mark}
"
        )
    };
    takes(&latency(&text("")), 50.5, 50.5, 50.5);
    takes(&latency(&text("{ parallel }")), 30.25, 30.25, 30.25);
}

/// Ten calls of 4.25 = 42.5; the one in a hundred at least 42.5 + (20 − 4) = 58.5, at most 10 × 20.25 = 202.5. In parallel
/// one round: 4.25, 20.25, 20.25. From 69 on (.99⁶⁹ = .4998) half of the rounds have a slow call: 20.25. The worst
/// request makes 1000: 4 250 ms.
#[test]
fn calls_multiply_unless_in_parallel() {
    let text = |calls: &str| {
        format!(
            "
client app
service api {{ service_time = 0ms, service_time_p99 = 0ms }}
database db {{ service_time = 4ms, service_time_p99 = 20ms }}
app -> api
api -> db {{ {calls} }}
"
        )
    };
    takes(&latency(&text("calls = 10")), 42.5, 58.5, 202.5);
    takes(&latency(&text("calls = 10, parallel")), 4.25, 20.25, 20.25);
    takes(&latency(&text("calls = 68, parallel")), 4.25, 20.25, 20.25);
    takes(&latency(&text("calls = 69, parallel")), 20.25, 20.25, 20.25);
    let worst = latency(&text("calls = 10, calls_max = 1000")).worst;
    assert!((worst.seconds() - 4.25).abs() < 1e-9);
}

/// 90 % are answered by the cache: the median is 1 + .25. The one in a hundred goes on to the store, and at least the
/// cache's tail counts: 1.25 + 10.25 + (2 − 1) = 12.5; at most all tails do: 2 + .25 + 50 + .25. At 40 % the median goes on
/// as well, 11.5; at 99 % nobody in a hundred.
#[test]
fn a_hit_never_goes_on_to_the_store() {
    let text = |hit: u32| {
        format!(
            "
client app
service api {{ service_time = 0ms, service_time_p99 = 0ms }}
cache hot {{ service_time = 1ms, service_time_p99 = 2ms, hit_ratio = {hit}% }}
database db {{ service_time = 10ms, service_time_p99 = 50ms }}
app -> api -> hot, db
flow read {{ reads; app -> api -> hot, db }}
"
        )
    };
    takes(&latency(&text(90)), 1.25, 12.5, 52.5);
    takes(&latency(&text(40)), 11.5, 12.5, 52.5);
    takes(&latency(&text(99)), 1.25, 2.25, 2.25);
}

/// What a CDN has, it answers: 90 % of what may be kept. Of its own time nothing is known.
#[test]
fn a_cdn_passes_on_what_it_misses() {
    let found = latency(
        "
client app
cdn edge { hit_ratio = 90% }
service api { service_time = 10ms, service_time_p99 = 30ms }
app -> edge -> api
flow read { reads; app -> edge -> api }
",
    );
    takes(&found, 0.0, 10.25, 30.25);
}

/// Of a pool the slowest member counts, of a fallback the first.
#[test]
fn a_pool_is_as_slow_as_its_slowest() {
    let text = |how: &str| {
        format!(
            "
client app
service api {{ service_time = 0ms, service_time_p99 = 0ms }}
service quick {{ service_time = 1ms, service_time_p99 = 1ms }}
service slow {{ service_time = 9ms, service_time_p99 = 9ms }}
app -> api -> quick {how} slow
"
        )
    };
    takes(&latency(&text("|")), 9.25, 9.25, 9.25);
    takes(&latency(&text("else")), 1.25, 1.25, 1.25);
}

/// An optional call is waited for; a start, a copy and what is sent are not.
#[test]
fn only_what_is_waited_for_takes_time() {
    let found = latency(
        "
client app
service api { service_time = 5ms, service_time_p99 = 5ms }
service extra { service_time = 7ms, service_time_p99 = 7ms }
config settings { service_time = 100ms }
queue jobs { service_time = 100ms }
worker mailer { service_time = 100ms }
app -> api
api -> extra { optional }
api -> settings { startup }
api ~> jobs ~> mailer
",
    );
    takes(&found, 12.25, 12.25, 12.25);
}

/// One host: nothing; two zones 1 ms; two regions 60 ms; measured 22 ms.
#[test]
fn a_round_trip_is_as_long_as_the_way() {
    let text = "
region east {
  zone a { host box { service one; service two } }
  zone b { service three }
}
region west { service four }
service five
one -> two
one -> three
one -> four
one -> five
three -> four { measured = 22ms }
";
    let (architecture, _) = analysed(text);
    let times: Vec<f64> = architecture
        .links()
        .map(|link| (trip(&architecture, link).time.seconds() * 1e6).round() / 1e3)
        .collect();
    assert_eq!(times, [0.0, 1.0, 60.0, 0.25, 22.0]);
}

/// A ring of callers ends: a 1 + trip .25 + b 2; the call back to a is not counted.
#[test]
fn a_ring_ends() {
    let found = latency(
        "
client app
service a { service_time = 1ms, service_time_p99 = 1ms }
service b { service_time = 2ms, service_time_p99 = 2ms }
app -> a -> b
b -> a
",
    );
    takes(&found, 3.25, 3.25, 3.25);
}

/// Twenty diamonds one after the other, each of whose ways calls the next: 2²⁰ visits of the last, in no time. The
/// k-th is called 2ᵏ times: 1 ms × (2²¹ − 1) in all, and the ways between cost nothing on one host.
#[test]
fn shared_parts_are_counted_as_often_as_they_are_called() {
    let mut text = "client app\nhost box {\n".to_owned();
    for at in 0..=20 {
        text += &format!("service s{at} {{ service_time = 1ms, service_time_p99 = 1ms }}\n");
        text += &format!("service l{at}, r{at} {{ service_time = 0ms, service_time_p99 = 0ms }}\n");
    }
    text += "}\napp -> s0\n";
    for at in 0..20 {
        text += &format!("s{at} -> l{at}, r{at}\nl{at}, r{at} -> s{}\n", at + 1);
    }
    let all = f64::from((1 << 21) - 1);
    takes(&latency(&text), all, all, all);
}

/// 90/s at peak on one that does 100/s in 10 ms: one server, 90 % busy. Half wait longer than ln(1.8) × 10 ÷ .1 =
/// 58.78 ms, one in a hundred ln(90) × 100 = 449.98 ms. With 110/s the wait has no end, and is not in the sums.
#[test]
fn a_busy_component_is_waited_for() {
    let text = |rate: u32| {
        format!(
            "
client app
service api x1 {{ capacity = 100/s, service_time = 10ms, service_time_p99 = 10ms }}
app -> api
flow x {{ rate = 1/s, peak = {rate}/s; app -> api }}
"
        )
    };
    let found = latency(&text(90));
    let median = 10.0 + 1.8_f64.ln() * 100.0;
    let tail = 10.0 + 90_f64.ln() * 100.0;
    takes(&found, median, tail, tail);
    // Written are 10 ms: how busy it is is reckoned, by a model.
    assert!((found.written.seconds() - 0.010).abs() < 1e-9);
    let (architecture, analysis) = analysed(&text(110));
    let found = analysis.latency(&architecture, 0);
    takes(found, 10.0, 10.0, 10.0);
    assert_eq!(named(&architecture, &found.saturated), ["api"]);
}

/// Eight replicas that each do ten at once (100/s × 100 ms) are one line of 80: at 90 % nearly nobody waits.
#[test]
fn replicas_share_a_line() {
    let text = "
client app
service api x8 { capacity = 100/s, service_time = 100ms }
app -> api
flow x { rate = 1/s, peak = 720/s; app -> api }
";
    let (architecture, analysis) = analysed(text);
    let api = architecture.component_named("api").expect("declared").id;
    let waiting = analysis.waiting(&architecture, api).expect("known");
    assert!((waiting.line.servers - 80.0).abs() < 1e-9);
    assert!((waiting.line.utilisation - 0.9).abs() < 1e-9);
    assert!(waiting.tail.seconds() < 0.05 && waiting.tail.is_positive());
}

/// api 5, trip .25, queue 10 (50), window 200 (half of it), trip .25, worker 20 (60): the median is 5 + .25 + 10 + 100 + .25
/// + 20 = 135.5; least 135.5 + 100 = 235.5; most 5 + .25 + 50 + 200 + .25 + 60 = 315.5.
#[test]
fn the_end_of_a_path_is_behind_its_queues() {
    let text = "
client app
service api { service_time = 5ms, service_time_p99 = 5ms }
queue jobs { service_time = 10ms, service_time_p99 = 50ms, batch_window = 200ms }
worker mailer { service_time = 20ms, service_time_p99 = 60ms }
app -> api ~> jobs ~> mailer
flow send { freshness = 1s; app -> api ~> jobs ~> mailer }
";
    takes(&latency(text), 5.0, 5.0, 5.0);
    takes(&to_the_end(text), 135.5, 235.5, 315.5);
}

/// A worker that runs each minute adds up to a minute, a copy its lag.
#[test]
fn clocks_and_copies_add_to_the_end() {
    let text = "
client app
queue jobs { service_time = 0ms, service_time_p99 = 0ms }
worker counter { service_time = 0ms, service_time_p99 = 0ms, every = 60s }
database main { service_time = 0ms, service_time_p99 = 0ms }
database copy { service_time = 0ms, service_time_p99 = 0ms, lag = 2s }
app ~> jobs ~> counter -> main
main ~> copy : replication
flow count { freshness = 1min; app ~> jobs ~> counter -> main ~> copy }
";
    // Ways: jobs to counter .25 ms, counter to main .25 ms. Clock 30 s for half of them; lag 2 s.
    takes(&to_the_end(text), 32_000.5, 62_000.5, 62_000.5);
    let (architecture, analysis) = analysed(text);
    let misses = analysis.missed_latencies(&architecture);
    assert_eq!(misses.len(), 1);
    assert!(misses[0].is_certain && misses[0].story == Story::Chain);
}

/// The system's promise holds for each flow, but not for what runs by the clock, and a flow's own goes before.
#[test]
fn promises_are_held_against_the_chain() {
    let text = "
system \"Shop\" { latency_p99 = 100ms }
client app
scheduler nightly { every = 1day }
service api { service_time = 150ms, service_time_p99 = 160ms }
app -> api
nightly -> api
flow quick { app -> api }
flow slow { latency_p99 = 1s; app -> api }
flow report { nightly -> api }
";
    let (architecture, analysis) = analysed(text);
    let misses = analysis.missed_latencies(&architecture);
    assert_eq!(misses.len(), 1);
    assert_eq!(analysis.journeys[misses[0].journey].name, "quick");
    assert!(misses[0].is_certain);
    assert!((misses[0].reached.seconds() - 0.160).abs() < 1e-9);
}

/// Three seconds of work for a promise of half a second are one component's story.
#[test]
fn slow_work_is_a_story_of_its_own() {
    let text = "
client app
service api { service_time = 5ms }
service resize { service_time = 3s }
app -> api -> resize
flow upload { latency_p99 = 500ms; app -> api -> resize }
";
    let (architecture, analysis) = analysed(text);
    let misses = analysis.missed_latencies(&architecture);
    let resize = architecture.component_named("resize").expect("declared").id;
    assert_eq!(misses[0].story, Story::SlowWork(resize));
}

/// The steps tell what costs what, in the order in which it comes.
#[test]
fn the_chain_is_told_step_by_step() {
    let text = "
client app
service api { service_time = 5ms }
cache hot
database db
app -> api -> hot, db
";
    let (architecture, analysis) = analysed(text);
    let steps: Vec<String> = analysis
        .latency(&architecture, 0)
        .steps
        .iter()
        .map(|step| match step.what {
            What::Work(id) => architecture.component(id).name.to_string(),
            What::Trip(id) => architecture.link_name(architecture.link(id)),
            _ => panic!("{step:?}"),
        })
        .collect();
    assert_eq!(steps, ["api", "api -> hot", "hot", "api -> db", "db"]);
}

/// api is computed at 10 (50) ms, and measured at 22: it agrees. The flow takes 10 + .25 + 4 = 14.25 to 70.25 ms, and was
/// measured at 300 ms: it does not.
#[test]
fn what_was_measured_stands_beside_what_is_computed() {
    let text = "
client app
service api { service_time = 10ms, measured = 22ms }
database db { service_time = 4ms }
app -> api -> db
flow read { measured = 300ms; app -> api -> db }
";
    let (architecture, analysis) = analysed(text);
    let found = comparisons(&architecture, &analysis);
    assert_eq!(found.len(), 2);
    assert!(found[0].agrees() && !found[1].agrees());
    assert!((found[1].median.seconds() - 0.01425).abs() < 1e-9);
    assert!((found[1].tail.seconds() - 0.07025).abs() < 1e-9);
}

/// Europe to the east of North America takes 80 ms there and back, by the names of regions or by their labels.
#[test]
fn the_names_of_regions_tell_how_far_they_are() {
    let text = "
region us_east_1 { service one }
region second \"EU-West-1\" { service two }
region somewhere { service three }
one -> two
two -> one
one -> three
";
    let (architecture, _) = analysed(text);
    let times: Vec<f64> = architecture
        .links()
        .map(|link| (trip(&architecture, link).time.seconds() * 1e6).round() / 1e3)
        .collect();
    assert_eq!(times, [80.0, 80.0, 60.0]);
}

/// A request reads or writes: api 1 + the longer of 30 and 20, and no request waits for both. Of two ways that state
/// their shares a request takes one: each is under half of them, so it is not in the median, and the longer is in the
/// one in a hundred.
#[test]
fn a_request_takes_one_of_the_ways_that_only_some_take() {
    let text = |first: &str, second: &str| {
        format!(
            "
client app
host box {{
  service api {{ service_time = 1ms, service_time_p99 = 1ms }}
  database one {{ service_time = 30ms, service_time_p99 = 30ms }}
  database two {{ service_time = 20ms, service_time_p99 = 20ms }}
}}
app -> api
api -> one {{ {first} }}
api -> two {{ {second} }}
"
        )
    };
    takes(&latency(&text("reads", "writes")), 31.0, 31.0, 31.0);
    takes(&latency(&text("share = 50%", "share = 50%")), 1.0, 31.0, 31.0);
    takes(&latency(&text("timeout = 1s", "timeout = 1s")), 51.0, 51.0, 51.0);
}

/// Each of three consumers gathers 100 messages of its own 100 a second: a second at most. All together would have them
/// in a third of that.
#[test]
fn each_consumer_fills_its_own_batch() {
    let text = |replicas: u32, partitions: u32| {
        format!(
            "
system \"T\" {{ peak_factor = 1 }}
client app
stream jobs : kafka {{ service_time = 0ms, service_time_p99 = 0ms, partitions = {partitions} }}
worker mailer x{replicas} {{ service_time = 0ms, service_time_p99 = 0ms, batch_size = 100, batch_window = 5s }}
app ~> jobs ~> mailer
flow send {{ rate = 300/s, freshness = 9s; app ~> jobs ~> mailer }}
"
        )
    };
    let batch = |text: &str| {
        let found = to_the_end(text);
        let step = found.steps.iter().find(|step| matches!(step.what, What::Batch(_))).expect("it gathers");
        step.each.tail.seconds()
    };
    assert!((batch(&text(3, 12)) - 1.0).abs() < 1e-9);
    // Two of nine work, one a partition: 100 ÷ 150.
    assert!((batch(&text(9, 2)) - 100.0 / 150.0).abs() < 1e-9);
}

/// Of two that any one serves, the one that is asked more than it can do is the longest way, however short its work.
#[test]
fn what_is_overloaded_is_the_longest_way() {
    let text = "
system \"T\" { peak_factor = 1 }
client app
service api x9 { service_time = 1ms, capacity = 1k/s }
service fast { service_time = 1ms, capacity = 10/s }
service slow { service_time = 900ms, capacity = 10k/s }
app -> api -> fast | slow
flow ask { rate = 100/s; app -> api -> fast | slow }
";
    let (architecture, analysis) = analysed(text);
    let found = analysis.latency(&architecture, 0);
    assert_eq!(named(&architecture, &found.saturated), ["fast"]);
}

/// A blob is written in 200 ms and read in 80 (catalogue); five times that for one in a hundred.
#[test]
fn a_blob_takes_longer_to_write_than_to_read() {
    let text = |mode: &str| {
        format!("client app\nobject_store files : s3\napp -> files\nflow keep {{ {mode}; app -> files }}\n")
    };
    let work = |text: &str| {
        let found = latency(text);
        let step = found.steps.iter().find(|step| matches!(step.what, What::Work(_))).expect("it works");
        [step.each.median, step.each.tail].map(|it| (it.seconds() * 1e3).round() as i64)
    };
    assert_eq!(work(&text("reads")), [80, 400]);
    assert_eq!(work(&text("writes")), [200, 1000]);
    // Both: a request that reads does not write.
    assert_eq!(work(&text("reads, writes")), [80, 400]);
}
