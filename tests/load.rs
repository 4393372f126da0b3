//! Load along the links, against numbers worked by hand.

use crate::analysed::analysed;
use loadpath::analysis::load::{Circumstances, Demand, Load};
use loadpath::model::ComponentId;

fn demand(text: &str, component: &str) -> Demand {
    let (architecture, analysis) = analysed(text);
    *analysis.load.component(architecture.component_named(component).expect("declared").id)
}

fn utilisation(text: &str, component: &str) -> f64 {
    let (architecture, analysis) = analysed(text);
    let component = architecture.component_named(component).expect("declared");
    analysis.load.utilisation(component).expect("known").share
}

#[track_caller]
fn close(found: f64, worked: f64) {
    assert!((found - worked).abs() <= 0.001 * worked.abs().max(1e-9), "{found} is not {worked}");
}

const SHORTENER: &str = include_str!("../examples/url-shortener.arch");

/// 10M users × 20 a day ÷ 86 400 s = 2 315 a second; × 3 = 6 944 at peak.
#[test]
fn users_make_requests() {
    let api = demand(SHORTENER, "api");
    close(api.mean.total().per_second(), 2314.8);
    close(api.peak.total().per_second(), 6944.4);
    assert!(api.is_known());
}

/// 99 % of the requests read, and nine of ten of these are answered by the cache; 1 % write.
#[test]
fn a_cache_lets_its_misses_through() {
    let links = demand(SHORTENER, "links");
    close(links.mean.reads.per_second(), 2314.8 * 0.99 * 0.1);
    close(links.mean.writes.per_second(), 2314.8 * 0.01);
    close(demand(SHORTENER, "hot_links").mean.reads.per_second(), 2314.8 * 0.99);
}

#[test]
fn a_cdn_passes_its_misses_and_all_writes() {
    let text = "
client a { reads = 10k/s, writes = 10/s }
cdn cdn { hit_ratio = 95% }
service origin
a -> cdn -> origin
";
    let origin = demand(text, "origin");
    close(origin.mean.reads.per_second(), 500.0);
    close(origin.mean.writes.per_second(), 10.0);
}

/// Each is asked once, however the circle closes.
#[test]
fn a_circle_carries_each_request_once() {
    let text = "
client a { rate = 100/s }
service orders, pay, stock
a -> orders -> pay -> stock -> orders
";
    for name in ["orders", "pay", "stock"] {
        close(demand(text, name).mean.total().per_second(), 100.0);
    }
}

/// 30 000 reads and 2 000 writes on three nodes of 20k and 5k: 90 %; with one gone 115 %.
#[test]
fn every_node_applies_every_write() {
    let text = |nodes: u32| {
        format!(
            "client a {{ reads = 10k/s, writes = 0.6667k/s }}\ndatabase db x{nodes} {{ read_capacity = 20k/s, write_capacity = 5k/s }}\na -> db\n"
        )
    };
    close(utilisation(&text(3), "db"), 0.9);
    close(utilisation(&text(2), "db"), 1.15);
}

#[test]
fn pools_part_the_load_and_a_fallback_gets_none() {
    let text = "
client a { rate = 90/s }
service one, two, three
service first, second
a -> one | two | three
";
    close(demand(text, "one").mean.total().per_second(), 30.0);
    let text = "client a { rate = 90/s }\nservice first, second\na -> first else second\n";
    close(demand(text, "first").mean.total().per_second(), 90.0);
    assert!(demand(text, "second").mean.total().per_second().abs() < 1e-12);
}

#[test]
fn shares_part_routes_and_calls_multiply() {
    let text = "
client a { rate = 100/s }
load_balancer lb
service big, small
database db
a -> lb
lb -> big { share = 80% }
lb -> small
big -> db { calls = 3 }
";
    close(demand(text, "big").mean.total().per_second(), 80.0);
    close(demand(text, "small").mean.total().per_second(), 20.0);
    close(demand(text, "db").mean.total().per_second(), 240.0);
}

/// A path that names some of the routes sends nothing by the others.
#[test]
fn a_path_chooses_among_routes() {
    let text = include_str!("../examples/notifications.arch");
    let per_day = |millions: f64| millions * 1e6 / 86_400.0;
    close(demand(text, "queue_ios").mean.total().per_second(), per_day(5.0));
    close(demand(text, "queue_sms").mean.total().per_second(), per_day(1.0));
    close(demand(text, "queue_email").mean.total().per_second(), per_day(5.0));
    close(demand(text, "db").mean.reads.per_second(), per_day(16.0) * 0.2);
}

#[test]
fn without_a_rate_the_load_is_unknown_not_zero() {
    let api = demand("client a\nservice api\na -> api\n", "api");
    assert!(!api.is_known() && !api.is_reached);
    let text =
        "client a, b\nservice api\na, b -> api\nflow x { rate = 5/s; a -> api }\nflow y { b -> api }\n";
    let api = demand(text, "api");
    assert!(api.is_partial && !api.is_known());
}

#[test]
fn a_written_peak_wins_over_the_factor() {
    let text = "client a\nservice api\na -> api\nflow x { rate = 10k/s, peak = 50k/s; a -> api }\n";
    close(demand(text, "api").peak.total().per_second(), 50_000.0);
}

/// What enters leaves: at a proxy the sum over its targets is what came in.
#[test]
fn proxies_lose_nothing() {
    let text = "
client a { rate = 70/s }
api_gateway gate
service one, two
object_store files
identity auth
a -> gate -> one, two, files, auth
";
    let (architecture, analysis) = analysed(text);
    let total = |name: &str| {
        analysis
            .load
            .component(architecture.component_named(name).expect("declared").id)
            .mean
            .total()
            .per_second()
    };
    close(total("one") + total("two") + total("files"), 70.0);
    close(total("auth"), 70.0);
}

/// Reads and writes a second of a component, on average.
fn apart(text: &str, component: &str) -> (f64, f64) {
    let mean = demand(text, component).mean;
    (mean.reads.per_second(), mean.writes.per_second())
}

#[track_caller]
fn carries(text: &str, component: &str, reads: f64, writes: f64) {
    let (found_reads, found_writes) = apart(text, component);
    close(found_reads, reads);
    close(found_writes, writes);
}

/// 90 reads and 10 writes a second before a cache that answers 80 %, by its strategy.
fn cached(strategy: &str) -> String {
    format!(
        "client a {{ reads = 90/s, writes = 10/s }}\nservice api\ncache c {{ strategy = {strategy}, hit_ratio = 80% }}\n\
         database db\na -> api -> c -> db\n"
    )
}

/// A read-through cache fetches 20 % of the 90; what is written comes by it as well, and it looks up at each.
#[test]
fn a_read_through_cache_fetches_its_misses() {
    let text = "
client a { reads = 90/s, writes = 10/s }
service api
cache c { strategy = read_through, hit_ratio = 80% }
database db
a -> api -> c
c -> db { reads }
api -> db { writes }
";
    // The cache is asked by each of the 100, of which 20 % are fetched; the 10 writes go by the caller's own way.
    carries(text, "c", 100.0, 0.0);
    carries(text, "db", 20.0, 10.0);
}

/// A write-through cache takes both and passes 20 % of 90 reads and all 10 writes.
#[test]
fn a_write_through_cache_passes_its_misses_and_all_writes() {
    let text = cached("write_through");
    carries(&text, "c", 90.0, 10.0);
    carries(&text, "db", 18.0, 10.0);
}

/// A write-behind cache writes later, and as much.
#[test]
fn a_write_behind_cache_passes_all_writes_later() {
    let text = cached("write_behind").replace("c -> db", "c\nc ~> db");
    carries(&text, "c", 90.0, 10.0);
    carries(&text, "db", 18.0, 10.0);
}

/// What the cache fetches by itself does not come by its caller's own link to the store as well.
#[test]
fn a_cache_that_fetches_by_itself_leaves_its_callers_link_to_the_writes() {
    let text = "
client a { reads = 90/s, writes = 10/s }
service api
cache c { strategy = write_through, hit_ratio = 80% }
database db
a -> api -> c, db
c -> db
";
    carries(text, "db", 18.0, 10.0);
    let aside = text.replace("write_through", "cache_aside").replace("c -> db\n", "");
    // All 100 look up; of the 90 reads 20 % go on, and the 10 writes.
    carries(&aside, "c", 100.0, 0.0);
    carries(&aside, "db", 18.0, 10.0);
}

/// A CDN that answers 95 % and may keep half of what comes by a link passes the other half.
#[test]
fn a_cdn_answers_no_more_than_may_be_kept() {
    let text = "
client a { reads = 100/s }
cdn edge { hit_ratio = 95% }
service origin
a -> edge
edge -> origin { cacheable = 50% }
";
    carries(text, "origin", 50.0, 0.0);
    carries(&text.replace("cacheable = 50%", "cacheable = none"), "origin", 100.0, 0.0);
    carries(&text.replace(" { cacheable = 50% }", ""), "origin", 5.0, 0.0);
}

/// One search asks all four shards: 10 × 4 = 40.
#[test]
fn a_scattered_request_asks_each_shard() {
    let text = "
client a { reads = 10/s }
service api
database db { shards = 4 }
a -> api
api -> db { scatter }
";
    carries(text, "db", 40.0, 0.0);
}

/// Once an hour 7 200 reads: two a second. The clock knows no peak.
#[test]
fn a_batch_by_the_clock_carries_its_calls() {
    let text = "
client a { rate = 5/s }
service api
database db
worker report { every = 1h }
a -> api -> db
report -> db { batch, reads, calls = 7200 }
";
    let db = demand(text, "db");
    close(db.mean.reads.per_second(), 2.0);
    close(db.mean.other.per_second(), 5.0);
    close(db.peak.reads.per_second(), 2.0);
    close(db.peak.other.per_second(), 15.0);
}

/// What nobody calls and states a rate is an entry of its own.
#[test]
fn a_component_that_nobody_calls_brings_its_own_rate() {
    let text = "
client a { rate = 5/s }
service api
worker sensors { rate = 40/s }
database db
a -> api -> db
sensors -> db
";
    close(demand(text, "db").mean.total().per_second(), 45.0);
    close(demand(text, "sensors").mean.total().per_second(), 40.0);
}

/// 86 400 users × 20 a day ÷ 86 400 s = 20; the system says what one does.
#[test]
fn clients_say_their_users_and_the_system_what_one_does() {
    let text = "
system \"s\" { per_user = 20/day }
client web { users = 86400 }
client app { users = 43200 }
service api, mobile
web -> api
app -> mobile
";
    close(demand(text, "api").mean.total().per_second(), 20.0);
    close(demand(text, "mobile").mean.total().per_second(), 10.0);
}

/// 300 a second by 2 to 1: 200 and 100.
#[test]
fn the_systems_traffic_is_parted_by_users() {
    let text = "
system \"s\" { rate = 300/s }
client web { users = 2M }
client app { users = 1M }
service api, mobile
web -> api
app -> mobile
";
    close(demand(text, "api").mean.total().per_second(), 200.0);
    close(demand(text, "mobile").mean.total().per_second(), 100.0);
}

/// 110 a second at ten reads a write: 100 and 10.
#[test]
fn reads_per_write_parts_what_is_unmarked() {
    let text = "
system \"s\" { rate = 110/s, reads_per_write = 10 }
client a
service api
database db
a -> api -> db
";
    carries(text, "db", 100.0, 10.0);
}

/// A client's reads go by the links that only reads take, and its writes by those that only writes take.
#[test]
fn a_clients_reads_and_writes_go_by_their_own_links() {
    let text = "
client a { reads = 90/s, writes = 10/s }
service queries, commands
a -> queries  { reads }
a -> commands { writes }
";
    carries(text, "queries", 90.0, 0.0);
    carries(text, "commands", 0.0, 10.0);
    let shared = "
client a { rate = 100/s }
service big, small
a -> big   { share = 80% }
a -> small { share = 20% }
";
    close(demand(shared, "big").mean.total().per_second(), 80.0);
    close(demand(shared, "small").mean.total().per_second(), 20.0);
}

/// A queue hands each message to one of its consumers, a stream a copy to each.
#[test]
fn consumers_compete_for_a_queue_and_get_copies_of_a_stream() {
    let text = "
client a { rate = 60/s }
service api
queue q
worker one, two, three
a -> api ~> q
q ~> one, two
q ~> three
";
    for name in ["one", "two", "three"] {
        close(demand(text, name).mean.total().per_second(), 20.0);
        close(demand(&text.replace("queue q", "stream q"), name).mean.total().per_second(), 60.0);
        close(demand(&text.replace("queue q", "queue q : kafka"), name).mean.total().per_second(), 60.0);
    }
}

/// Both streams are written by the same workers; what came by one is not written to the store of the other.
#[test]
fn what_comes_by_one_way_of_a_path_goes_on_by_it() {
    let text = include_str!("../examples/ad-clicks.arch");
    close(demand(text, "db_writers").mean.total().per_second(), 20_000.0);
    close(demand(text, "raw_db").mean.writes.per_second(), 10_000.0);
    close(demand(text, "agg_db").mean.writes.per_second(), 10_000.0);
}

/// 10 rows a second change; each is a message, and each message a call of the indexer's store.
#[test]
fn captured_changes_go_on_by_a_stream_and_its_workers() {
    let text = "
client a { reads = 90/s, writes = 10/s }
service api
database db
stream changes
worker indexer
search_index find
a -> api -> db
db ~> changes : cdc
changes ~> indexer -> find
";
    close(demand(text, "changes").mean.total().per_second(), 10.0);
    close(demand(text, "indexer").mean.total().per_second(), 10.0);
    close(demand(text, "find").mean.total().per_second(), 10.0);
    close(demand(text, "db").mean.total().per_second(), 100.0);
}

/// Of 10 changes a second one in ten is a message.
#[test]
fn of_captured_changes_as_many_go_on_as_the_link_says() {
    let text = "
client a { writes = 10/s }
service api
database db
stream changes
worker indexer
a -> api -> db
db ~> changes : cdc { calls = 0.1 }
changes ~> indexer
";
    close(demand(text, "changes").mean.total().per_second(), 1.0);
    close(demand(text, "indexer").mean.total().per_second(), 1.0);
    close(demand(text, "db").mean.total().per_second(), 10.0);
}

/// Semantics 1.8: a flow that reads passes a link that is marked as a write by, unless its path names it; then each of
/// its requests notes something down.
#[test]
fn a_write_that_a_reading_flow_names_is_made() {
    let text = "
client a
service api
database seen, unseen
a -> api -> seen, unseen { writes }
flow look { reads, rate = 10/s; a -> api -> seen }
";
    carries(text, "seen", 0.0, 10.0);
    carries(text, "unseen", 0.0, 0.0);
}

/// 10 payments a second are called for; the 10 calls back are a flow of their own, and come once.
#[test]
fn what_a_third_party_calls_back_is_counted_once() {
    let text = "
client a
service shop, hooks
third_party bank
database orders
a -> shop -> bank
bank -> hooks -> orders
flow pay { rate = 10/s; a -> shop -> bank }
";
    let counted = format!("{text}flow paid {{ rate = 10/s; bank -> hooks -> orders }}\n");
    close(demand(&counted, "bank").mean.total().per_second(), 20.0);
    close(demand(&counted, "hooks").mean.total().per_second(), 10.0);
    // Where no flow speaks of it, it goes with the calls.
    close(demand(text, "hooks").mean.total().per_second(), 10.0);
}

/// A flow says what each user does, and the system how many there are: 864k × 10 a day = 100/s.
#[test]
fn a_flow_says_what_each_of_the_systems_users_does() {
    let text = "
system \"Shop\" { daily_users = 864k }
client a
service shop, till
flow look { per_user = 10/day; a -> shop }
flow buy { per_user = 1/day; a -> till }
a -> shop, till
";
    close(demand(text, "shop").mean.total().per_second(), 100.0);
    close(demand(text, "till").mean.total().per_second(), 10.0);
}

/// A chain that begins in the middle of another goes on from whatever comes there.
#[test]
fn a_second_chain_from_a_component_takes_all_that_comes_to_it() {
    let text = "
client a, b
service shop
database orders
queue placed
a -> shop -> orders
b -> shop ~> placed
flow buy { rate = 10/s; a -> shop -> orders; shop ~> placed }
";
    close(demand(text, "orders").mean.total().per_second(), 10.0);
    close(demand(text, "placed").mean.total().per_second(), 10.0);
}

/// A replica applies all that is written to what it follows; primaries that follow each other apply all.
#[test]
fn replicas_and_rings_of_primaries_apply_all_writes() {
    let text = "
client a { writes = 30/s }
client b { writes = 12/s }
service east_api, west_api
database east, west, copy
a -> east_api -> east
b -> west_api -> west
east ~> west : replication
west ~> east : replication
west ~> copy : replication
";
    for name in ["east", "west", "copy"] {
        carries(text, name, 0.0, 42.0);
    }
}

/// In ordinary times nothing goes to dead letters, and a retry goes back to where it came from.
#[test]
fn dead_letters_and_retries_carry_nothing() {
    let text = "
client a { rate = 60/s }
service api
queue q { dead_letter = lost }
queue lost
worker one
a -> api ~> q ~> one ~> q
one ~> lost
";
    close(demand(text, "q").mean.total().per_second(), 60.0);
    close(demand(text, "one").mean.total().per_second(), 60.0);
    close(demand(text, "lost").mean.total().per_second(), 0.0);
}

/// Routes of a service may be written one link each, by their shares.
#[test]
fn routes_may_be_links_of_their_own() {
    let text = "
client a { rate = 100/s }
service api, cheap, dear
a -> api
api -> cheap { share = 90% }
api -> dear  { share = 10%, calls = 3 }
";
    close(demand(text, "cheap").mean.total().per_second(), 90.0);
    close(demand(text, "dear").mean.total().per_second(), 30.0);
}

/// The load under other circumstances, as total means by name.
fn under(
    text: &str,
    component: &str,
    change: impl Fn(&mut Circumstances, &dyn Fn(&str) -> ComponentId),
) -> f64 {
    let (architecture, analysis) = analysed(text);
    let id = |name: &str| architecture.component_named(name).expect("declared").id;
    let mut circumstances = Circumstances::default();
    change(&mut circumstances, &id);
    let load = Load::under(&architecture, &analysis.bases, &circumstances);
    load.component(id(component)).mean.total().per_second()
}

#[test]
fn circumstances_change_what_comes() {
    // Ten times as many come.
    close(under(SHORTENER, "api", |it, _| it.factor = 10.0), 23_148.0);
    // The cache answers nothing: all that is asked comes to the store.
    close(under(SHORTENER, "links", |it, id| it.cold.extend([id("hot_links")])), 2_314.8);
    let pool = "
client a { rate = 90/s }
load_balancer lb
service one, two, three
service first, second
a -> lb -> one | two | three
one -> first else second
";
    close(under(pool, "two", |_, _| {}), 30.0);
    close(under(pool, "two", |it, id| it.down.extend([id("one")])), 45.0);
    close(under(pool, "one", |it, id| it.down.extend([id("one")])), 0.0);
    close(under(pool, "second", |_, _| {}), 0.0);
    close(under(pool, "second", |it, id| it.down.extend([id("first")])), 30.0);
    // Whoever is left takes all, also where each says its share.
    let shared = "
client a { rate = 100/s }
load_balancer lb
service big, small
a -> lb
lb -> big   { share = 80% }
lb -> small { share = 20% }
";
    close(under(shared, "small", |it, id| it.down.extend([id("big")])), 100.0);
}

/// A flow of which nothing but the name is written, as while it is typed, takes no share from the others and is not judged;
/// any other without a path is judged over the whole design. Where no other is written, each client's links are.
#[test]
fn a_flow_that_is_only_named_takes_nothing() {
    const SHOP: &str = "system \"Shop\" { rate = 100/s, availability = 99% }
client browser
service api x2 { capacity = 1k/s }
database goods : postgres
browser -> api -> goods
";
    let named = |flows: &str| {
        let (_, analysis) = analysed(&format!("{SHOP}{flows}"));
        analysis.journeys.iter().map(|it| it.name.to_string()).collect::<Vec<_>>()
    };
    let look = "flow look { browser -> api -> goods }\n";
    assert_eq!(named(&format!("{look}flow typed\n")), ["look"]);
    assert_eq!(named(&format!("{look}flow typed \"All else\"\n")), ["look", "typed"]);
    assert_eq!(named(&format!("{look}flow typed {{ reads }}\n")), ["look", "typed"]);
    assert_eq!(named("flow typed\n"), named(""));
    close(demand(&format!("{SHOP}{look}flow typed\n"), "api").mean.total().per_second(), 100.0);
}
