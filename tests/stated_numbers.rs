//! The numbers that the sources of the examples state come out of the examples, within the sources' own rounding (10 %).

use crate::analysed::analysed;
use loadpath::analysis::storage;

/// What is looked at.
#[derive(Clone, Copy, Debug)]
enum Figure {
    /// Requests a second that come to a component, on average.
    Mean(&'static str),
    /// Of these the reads.
    Reads(&'static str),
    /// Of these the writes.
    Writes(&'static str),
    /// Requests a second that come to a component in the busiest hour.
    Peak(&'static str),
    /// Requests a second over a link, on average.
    Over(&'static str, &'static str),
    /// What all requests together are, on average.
    All,
    /// Bytes of the whole at its horizon.
    Stored,
}

use Figure::{All, Mean, Over, Peak, Reads, Stored, Writes};

const PASTEBIN: &str = include_str!("../examples/pastebin.arch");
const TWITTER: &str = include_str!("../examples/twitter.arch");
const AWS_5: &str = include_str!("../examples/aws-5-millions.arch");
const NAIVE: &str = include_str!("../examples/notifications-naive.arch");
const NOTIFICATIONS: &str = include_str!("../examples/notifications.arch");
const AD_CLICKS: &str = include_str!("../examples/ad-clicks.arch");

/// What the source says, and where its design shows it.
#[rustfmt::skip] // A table.
const STATED: &[(&str, &str, Figure, f64)] = &[
    // 10M pastes written a month: 4 a second on average.
    ("pastebin", PASTEBIN, Writes("sql_write"), 4.0),
    ("pastebin", PASTEBIN, Mean("write_api"), 4.0),
    // 100M pastes read a month: 40 a second on average.
    ("pastebin", PASTEBIN, Reads("memory_cache"), 40.0),
    ("pastebin", PASTEBIN, Mean("read_api"), 40.0),
    // 12.7 GB a month: 450 GB in 3 years.
    ("pastebin", PASTEBIN, Stored, 450e9),
    // 500M tweets a day: 6 000 a second.
    ("twitter", TWITTER, Writes("sql_write"), 6_000.0),
    ("twitter", TWITTER, Mean("write_api"), 6_000.0),
    // Each is delivered to 10 people on average: 60 000 deliveries a second.
    ("twitter", TWITTER, Over("fanout_service", "memory_cache"), 60_000.0),
    // 250bn reads a month: 100 000 a second.
    ("twitter", TWITTER, Mean("read_api"), 100_000.0),
    // 10bn searches a month: 4 000 a second.
    ("twitter", TWITTER, Mean("search_api"), 4_000.0),
    ("twitter", TWITTER, Over("search_api", "search_service"), 4_000.0),
    // 150 TB a month: 5.4 PB in 3 years.
    ("twitter", TWITTER, Stored, 5.4e15),
    // 1bn writes a month: 400 a second on average.
    ("aws-5-millions", AWS_5, Over("client", "lb"), 40_000.0 + 400.0),
    ("aws-5-millions", AWS_5, Writes("web_server"), 400.0),
    // 100bn reads a month: 40 000 a second on average.
    ("aws-5-millions", AWS_5, Reads("read_api"), 40_000.0),
    ("aws-5-millions", AWS_5, Reads("memory_cache"), 40_000.0),
    // 1 TB a month: 36 TB in 3 years.
    ("aws-5-millions", AWS_5, Stored, 36e12),
    // 10M pushes, 1M SMS and 5M mails a day: 185 a second.
    ("notifications-naive", NAIVE, All, 185.0),
    ("notifications-naive", NAIVE, Mean("notification_system"), 185.0),
    ("notifications", NOTIFICATIONS, All, 185.0),
    ("notifications", NOTIFICATIONS, Mean("notification_server"), 185.0),
    ("notifications", NOTIFICATIONS, Writes("notification_log"), 185.0),
    // 1bn clicks a day: 10 000 a second, 50 000 at peak.
    ("ad-clicks", AD_CLICKS, Mean("kafka_raw"), 10_000.0),
    ("ad-clicks", AD_CLICKS, Mean("aggregation_service"), 10_000.0),
    ("ad-clicks", AD_CLICKS, Peak("kafka_raw"), 50_000.0),
    ("ad-clicks", AD_CLICKS, Writes("raw_db"), 10_000.0),
];

#[test]
fn the_stated_numbers_come_out() {
    let mut wrong = Vec::new();
    for (name, text, figure, stated) in STATED {
        let found = look(text, *figure);
        if (found - stated).abs() > 0.1 * stated {
            wrong.push(format!("{name}, {figure:?}: {found}, and the source says {stated}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn look(text: &str, figure: Figure) -> f64 {
    let (architecture, analysis) = analysed(text);
    let id = |name: &str| architecture.component_named(name).expect("it is declared").id;
    let demand = |name: &str| *analysis.load.component(id(name));
    let rate = match figure {
        Mean(name) => demand(name).mean.total(),
        Reads(name) => demand(name).mean.reads,
        Writes(name) => demand(name).mean.writes,
        Peak(name) => demand(name).peak.total(),
        Over(source, target) => {
            let link = architecture.links_from(id(source)).find(|link| link.target == id(target));
            analysis.load.link(link.expect("it is declared").id).mean.total()
        }
        All => analysis.load.total_mean().expect("all is stated"),
        Stored => return storage::total(&architecture).expect("all is stated").bytes(),
    };
    rate.per_second()
}
