//! Load along the links, against numbers worked by hand.

use crate::analysed::analysed;
use loadpath::analysis::load::Demand;

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
