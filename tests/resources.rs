//! Memory, bandwidth, connections, quotas and partitions against figures that are worked out by hand.

use loadpath::analysis::resources::{self, BadKey, Flowing, Payloads, WhyHot};
use loadpath::analysis::storage;
use loadpath::model::{Architecture, Component};

use crate::analysed::analysed;

#[track_caller]
fn close(found: f64, by_hand: f64) {
    assert!((found / by_hand - 1.0).abs() < 1e-6, "{found} for {by_hand}");
}

fn named<'a>(architecture: &'a Architecture, name: &str) -> &'a Component {
    architecture.component_named(name).expect("it is drawn")
}

/// 10M users a day × 20 ÷ 86 400 s = 2 315/s, × 3 = 6 944/s.
#[test]
fn ten_million_users_are_two_thousand_requests_a_second() {
    let (_, analysis) =
        analysed("system \"S\" { daily_users = 10M, per_user = 20/day }\nclient a\nservice s\na -> s\n");
    close(analysis.load.total_mean().expect("it is known").per_second(), 10e6 * 20.0 / 86_400.0);
    close(analysis.load.total_peak().expect("it is known").per_second(), 10e6 * 20.0 / 86_400.0 * 3.0);
}

fn hot_set(text: &str) -> Option<loadpath::worked::Worked<loadpath::quantity::Size>> {
    let (architecture, analysis) = analysed(text);
    let data = storage::data(&architecture, &analysis.load);
    resources::hot_set(&architecture, &analysis.load, &data, named(&architecture, "c"))
}

/// 100 reads/s × 86 400 s × 1 KB = 8.64 GB a day, of 1 TB: 20 % × 1.2 of it are 2.0736 GB. Of 5 GB no more than
/// 5 GB are distinct, however much is read: 1.2 GB.
#[test]
fn the_hot_set_is_a_fifth_of_what_is_read_a_day_and_no_more_than_there_is() {
    let text = |stored: &str| {
        format!(
            "client a\nservice s\ncache c {{ caches = d, strategy = cache_aside, hit_ratio = 90% }}\n\
             database d {{ storage = {stored}, record_size = 1KB }}\na -> s\ns -> c, d\nflow read {{ reads, rate = 100/s; a -> s -> c, d }}\n"
        )
    };
    let much = hot_set(&text("1TB")).expect("it is known");
    close(much.value.bytes(), 100.0 * 86_400.0 * 1e3 * 0.2 * 1.2);
    assert_eq!(much.to_string(), "100/s × 1 KB × 1 day × 20% × 1.2 = 2.07 GB");
    let little = hot_set(&text("5GB")).expect("it is known");
    close(little.value.bytes(), 5e9 * 0.2 * 1.2);
    assert_eq!(little.to_string(), "5 GB × 20% × 1.2 = 1.2 GB");
    let unknown = text("5GB").replace("storage = 5GB, ", "");
    assert_eq!(hot_set(&unknown), None, "nobody says how much there is");
}

/// Shards hold different parts, replicas the same: 3 × 2 nodes of 10 GB hold 20 GB.
#[test]
fn replicas_of_a_cache_hold_the_same() {
    let total = |cache: &str| {
        let (architecture, _) = analysed(&format!("service s\ncache c {cache}\ns -> c\n"));
        resources::Memory::of(named(&architecture, "c")).map(|it| it.total().bytes() / 1e9)
    };
    assert_eq!(total(": redis x3 { shards = 2, memory = 10GB }"), Some(20.0));
    assert_eq!(total(": redis x3 { memory = 10GB }"), Some(10.0));
    // Each of its nodes holds a part.
    assert_eq!(total(": memcached x3 { memory = 10GB }"), Some(30.0));
    assert_eq!(total(": redis"), Some(25.0));
    assert_eq!(total(": memcached x3.. { memory = 10GB }"), None, "nobody says how many");
    assert_eq!(total(": elasticache_multi_az"), None, "as large as one pays for");
}

fn flowing<T>(text: &str, name: &str, of: impl Fn(&Flowing) -> T) -> T {
    let (architecture, analysis) = analysed(text);
    let payloads = Payloads::of(&architecture);
    let flowing = Flowing::of(&architecture, &analysis.load, &payloads, named(&architecture, name));
    of(&flowing)
}

/// rps × payload × 8: 1 000/s at peak × 100 KB = 100 MB/s = 800 Mbps. Answers to reads go out; what is written
/// comes in: 10/s × 3 × 1 MB = 30 MB/s.
#[test]
fn bandwidth_is_calls_times_payload_by_direction() {
    let text = "system \"S\" { peak_factor = 1 }\nclient a\nload_balancer l\nservice s x4\nobject_store o\n\
                a -> l -> s -> o\n\
                flow read { reads, rate = 1k/s, payload = 100KB; a -> l -> s }\n\
                flow upload { writes, rate = 10/s; a -> l -> s -> o }\n";
    // Where flows of one link carry different things, it is unknown what its calls carry.
    let unknown = flowing(text, "l", |it| it.sent.len() + it.received.len());
    assert_eq!(unknown, 0);
    let text = text.replace("\nflow upload { writes, rate = 10/s; a -> l -> s -> o }", "");
    let (sent, received) = flowing(&text, "l", |it| (resources::sum(&it.sent), resources::sum(&it.received)));
    assert_eq!((sent.to_string(), received.to_string()), ("100 MB/s".to_owned(), "100 MB/s".to_owned()));
    assert_eq!(resources::bits(sent), "800 Mbps");
    let sent = flowing(&text, "s", |it| it.sent[0].carried.to_string());
    assert_eq!(sent, "1 000/s × 100 KB = 100 MB/s");
    let text = "service s\nclient a\nobject_store o\na -> s\ns -> o { payload = 1MB }\n\
                flow upload { writes, rate = 10/s; a -> s -> o }\n";
    let received = flowing(text, "o", |it| (resources::sum(&it.received), resources::sum(&it.sent)));
    close(received.0.bytes_per_second(), 30e6);
    assert!(!received.1.is_positive());
}

/// For want of a payload a call to a store carries one record, which is assumed.
#[test]
fn a_call_to_a_store_carries_a_record() {
    let text = "system \"S\" { record_size = 2KB, peak_factor = 2 }\nclient a\nservice s\n\
                database d\na -> s -> d\nflow read { reads, rate = 100/s; a -> s -> d }\n";
    let (worked, is_assumed) =
        flowing(text, "d", |it| (it.sent[0].carried.to_string(), it.sent[0].is_assumed));
    assert_eq!((worked.as_str(), is_assumed), ("200/s × 2 KB = 400 KB/s", true));
    assert!(flowing(text, "s", |it| it.sent.is_empty()), "nobody says what the user gets");
}

/// 1M users that hold a connection each: a balancer holds them all, its two targets half each.
#[test]
fn sockets_are_passed_on_and_shared() {
    let (architecture, _) = analysed(
        "client a { concurrent = 1M }\nload_balancer l\nservice s1 x4\nservice s2 x4\n\
         a -> l : wss\nl -> s1 | s2 : websocket\n",
    );
    let held = resources::sockets(&architecture);
    let of = |name: &str| held.get(&named(&architecture, name).id).copied();
    assert_eq!((of("l"), of("s1"), of("s2")), (Some(1e6), Some(5e5), Some(5e5)));
    // 500 000 ÷ 4 = 125 000 a node; one takes 50 000 by the catalogue.
    let full = resources::full_of_sockets(&architecture);
    assert_eq!(full.len(), 2);
    assert_eq!(resources::counted(&full[0].each()), "500k connections ÷ 4 nodes = 125k");
    assert!(full[0].limit.is_assumed);
    close(full[0].nodes_for(), 10.0);
}

/// Requests that come and go hold no connection open.
#[test]
fn plain_requests_are_no_sockets() {
    let (architecture, _) = analysed("client a { concurrent = 1M }\nservice s\na -> s : https\n");
    assert!(resources::sockets(&architecture).is_empty());
}

/// 20 × 10 + 10 × 30 = 500 connections, of at most 400. Of a caller that scales the upper end counts.
#[test]
fn the_pools_of_all_callers_add_up() {
    let text = "service s x5..20 { pool = 10 }\nworker w x10\n\
                database d : postgres { max_connections = 400 }\ns -> d\nw -> d { pool = 30 }\n";
    let (architecture, _) = analysed(text);
    let found = resources::exhausted_pools(&architecture);
    assert_eq!(found.len(), 1);
    close(found[0].on_a_node, 500.0);
    assert_eq!(resources::counted(&found[0].pools[0].connections), "10 replicas × 30 = 300");
    let (architecture, _) = analysed(&text.replace("400", "500"));
    assert!(resources::exhausted_pools(&architecture).is_empty());
}

/// Pools that only read are spread over the nodes that are read: 600 ÷ 3 = 200 a node. Those that write are not.
#[test]
fn a_pool_that_only_reads_is_spread() {
    let text = |mark: &str| {
        format!(
            "service s x30 {{ pool = 20 }}\ndatabase d : postgres x3 {{ max_connections = 300 }}\ns -> d {{ {mark} }}\n"
        )
    };
    let (architecture, _) = analysed(&text("reads"));
    assert!(resources::exhausted_pools(&architecture).is_empty());
    let (architecture, _) = analysed(&text("writes"));
    close(resources::exhausted_pools(&architecture)[0].on_a_node, 600.0);
}

/// Little's law: 3 000/s at peak ÷ 5 replicas × 100 ms = 60 connections; while the target hangs, × 2 s = 1 200.
#[test]
fn connections_needed_are_rate_times_time() {
    let text = "client a { rate = 1k/s }\nservice s x5\ndatabase d { service_time = 100ms }\na -> s\n\
                s -> d { pool = 50, timeout = 2s }\n";
    let (architecture, analysis) = analysed(text);
    let link =
        architecture.links().find(|it| it.target == named(&architecture, "d").id).expect("it is drawn");
    let held = resources::held(&architecture, &analysis.load, link).expect("all is known");
    assert_eq!(resources::counted(&held.needed), "3 000/s ÷ 5 replicas × 100 ms = 60");
    close(held.needed.value, 60.0);
    close(held.hanging.expect("there is a timeout").value, 1_200.0);
    assert_eq!(resources::starved_callers(&architecture, &analysis.load).len(), 1);
    let (architecture, analysis) = analysed(&text.replace("pool = 50", "pool = 60"));
    assert!(resources::starved_callers(&architecture, &analysis.load).is_empty());
}

/// 100/s × 3 = 300/s at peak against a quota of 150/s: after an hour (300 − 150) × 3 600 = 540 000 are left, which
/// (150 − 100) a second work off in 10 800 s.
#[test]
fn a_peak_over_the_quota_leaves_a_backlog() {
    let text = "client a { rate = 100/s }\nservice s\nthird_party t { quota = 150/s }\na -> s -> t\n";
    let (architecture, analysis) = analysed(text);
    let found = resources::over_quota(&architecture, &analysis.load);
    assert_eq!(found.len(), 1);
    let (backlog, time) = found[0].backlog(&architecture.parameters).expect("the mean is under it");
    close(backlog, 540_000.0);
    close(time.seconds(), 10_800.0);
    let over = |text: &str| {
        let (architecture, analysis) = analysed(text);
        resources::over_quota(&architecture, &analysis.load).len()
    };
    assert_eq!(over(&text.replace("150/s", "300/s")), 0);
    // A worker takes from its queue what it is let.
    let queued = "client a { rate = 100/s }\nservice s\nqueue q\nworker w\nthird_party t { quota = 150/s }\n\
                  a -> s ~> q ~> w -> t\n";
    assert_eq!(over(queued), 0);
    assert_eq!(over(&queued.replace("150/s", "90/s")), 1, "but never catches up with the mean");
}

fn key(written: &str) -> Option<BadKey> {
    let (architecture, _) =
        analysed(&format!("service s\ndatabase d {{ shards = 4, shard_key = {written} }}\ns -> d\n"));
    BadKey::of(named(&architecture, "d"))
}

/// A key is as good as its best part.
#[test]
fn keys_are_judged_by_all_of_their_parts() {
    assert_eq!(key("created_at"), Some(BadKey::Monotonic));
    assert_eq!(key("\"event time\""), None, "an event is something else");
    assert_eq!(key("country"), Some(BadKey::FewValues));
    assert_eq!(key("\"A-M, N-Z\""), Some(BadKey::Alphabetical));
    assert_eq!(key("\"first letter\""), Some(BadKey::Alphabetical));
    for good in
        ["user_id", "customer", "id", "\"hash(created_at)\"", "\"user_id, day\"", "\"month + device\""]
    {
        assert_eq!(key(good), None, "{good}");
    }
}

/// 300 000/s × 1 KB at peak = 300 MB/s over 12 partitions = 25 MB/s each; one bears 10.
#[test]
fn a_partition_bears_so_many_bytes() {
    let text = |partitions: u32| {
        format!(
            "service s {{ rate = 100k/s }}\nstream k : kafka x9 {{ partitions = {partitions}, record_size = 1KB }}\n\
             worker w x9\ns ~> k ~> w\n"
        )
    };
    let (architecture, analysis) = analysed(&text(12));
    let found = resources::hot_shards(&architecture, &analysis.load);
    assert_eq!(found.len(), 1);
    let WhyHot::Bytes(each, ..) = found[0].why else { panic!("{:?}", found[0].why) };
    close(each.bytes_per_second(), 25e6);
    let (architecture, analysis) = analysed(&text(30));
    assert!(resources::hot_shards(&architecture, &analysis.load).is_empty());
}
