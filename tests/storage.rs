//! What stores hold, and when, against figures that are worked out by hand. A month has 30 days, a year 365.

use loadpath::analysis::storage::{self, Data};
use loadpath::model::Architecture;
use loadpath::quantity::{Duration, Size};

use crate::analysed::analysed;

/// Within a millionth: these are the same sums, done by hand.
#[track_caller]
fn close(found: Size, bytes: f64) {
    assert!((found.bytes() / bytes - 1.0).abs() < 1e-6, "{found} for {bytes}");
}

/// Within the rounding of the source.
#[track_caller]
fn about(found: Size, bytes: f64) {
    assert!((found.bytes() / bytes - 1.0).abs() < 0.1, "{found} for {bytes}");
}

fn years(years: f64) -> Duration {
    Duration::YEAR * years
}

fn of(text: &str, name: &str) -> Option<Data> {
    let (architecture, analysis) = analysed(text);
    let id = architecture.component_named(name).expect("it is drawn").id;
    storage::data(&architecture, &analysis.load)[id.0 as usize]
}

fn of_system(text: &str) -> Data {
    let (architecture, analysis) = analysed(text);
    storage::of_system(&architecture, &analysis.bases, &analysis.load).expect("it states its data")
}

fn example(name: &str) -> String {
    let path = format!("{}/examples/{name}.arch", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("the example is there")
}

/// The System Design Primer's Twitter: 10 KB × 500M a day = 5 TB a day = 150 TB a month, in three years 5.4 PB;
/// exactly 150 × 36.5 months = 5 475 TB.
#[test]
fn a_stated_growth_comes_out_raw() {
    let data = of_system(&example("twitter"));
    let end = data.at(years(3.0));
    close(end.value, 5.475e15);
    about(end.value, 5.4e15);
    assert_eq!(end.to_string(), "150 TB/month × 1 095 days ÷ 30 days a month = 5.47 PB");
    let by_year: Vec<f64> = data.by_year().iter().map(|(_, raw)| raw.value.bytes()).collect();
    // 150 TB × 365 ÷ 30 = 1 825 TB a year.
    assert_eq!(by_year.len(), 3);
    close(Size::new(by_year[0]), 1.825e15);
    close(Size::new(by_year[1]), 3.65e15);
    // 10 KB × 500M a day, without the stated growth: 5 TB × 30 = 150 TB a month.
    let written = of_system(
        "system \"T\" { record_size = 10KB, writes = 500M/day }\nclient a\ndatabase d\na -> d { writes }\n",
    );
    close(written.at(Duration::MONTH).value, 150e12);
}

/// The Primer's AWS design: 1 KB × 1bn writes a month = 1 TB a month, 36 TB in three years; exactly 36.5.
#[test]
fn writes_of_a_size_come_out_raw() {
    let written = of_system(
        "system \"A\" { record_size = 1KB, writes = 1bn/month }\nclient a\ndatabase d\na -> d { writes }\n",
    );
    close(written.at(Duration::MONTH).value, 1e12);
    let end = written.at(years(3.0));
    about(end.value, 36e12);
    assert_eq!(end.to_string(), "386/s writes × 1 KB × 3 years = 36.5 TB");
    about(of_system(&example("aws-5-millions")).at(years(3.0)).value, 36e12);
}

/// The Primer's Pastebin: 1.27 KB × 10M a month = 12.7 GB a month, 450 GB in three years (exactly 463.6), which are
/// also stated as 360M records: 457 GB. These are one amount, said twice, and not two.
#[test]
fn what_is_said_twice_counts_once() {
    let data = of_system(&example("pastebin"));
    let end = data.at(years(3.0));
    close(end.value, 12.7e9 * 36.5);
    about(end.value, 450e9);
    close(data.total().expect("it is stated"), 360e6 * 1.27e3);
    let written = of_system(
        "system \"P\" { record_size = 1.27KB, writes = 10M/month }\nclient a\ndatabase d\na -> d { writes }\n",
    );
    close(written.at(Duration::MONTH).value, 12.7e9);
    about(written.at(years(3.0)).value, 450e9);
}

/// Xu's ad clicks: 1bn clicks a day of 0.1 KB are 100 GB a day and 3 TB a month.
#[test]
fn clicks_of_a_day_come_out_raw() {
    let data = of_system(
        "system \"C\" { record_size = 0.1KB, writes = 1bn/day }\nclient a\ndatabase d\na -> d { writes }\n",
    );
    close(data.at(Duration::DAY).value, 100e9);
    close(data.at(Duration::MONTH).value, 3e12);
    // The design says 10k/s, to which its source rounds 1bn a day: 864M a day, 86.4 GB. How much is read is unsaid.
    // 31.536 TB in the first year, and 30 % more in each: × (1 + 1.3 + 1.69) = 125.8 TB.
    let drawn = of_system(&example("ad-clicks"));
    close(drawn.added.expect("it is written").throughput() * Duration::DAY, 86.4e9);
    close(drawn.at(years(3.0)).value, 31.536e12 * 3.99);
}

/// `writes/day × size × retention × RF × 1.3`: 10M users × 20 a day = 200M requests, of which 1 in 101 writes:
/// 1 980 198 × 500 B = 990 MB a day, × 1 825 days = 1.807 TB raw; × 1.3 = 2.349 TB with indexes; × 3 copies =
/// 7.047 TB. One of 3 replicas holds all of it, one of 4 shards a quarter: 587 GB.
#[test]
fn overheads_stand_on_lines_of_their_own() {
    let text = |count: &str| {
        format!(
            "system \"S\" {{ daily_users = 10M, per_user = 20/day, reads_per_write = 100, record_size = 500B, \
             retention = 5y }}\nclient a\nservice s\ndatabase d : postgres {count}\na -> s -> d\n"
        )
    };
    let laid_of = |text: &str| {
        let (architecture, analysis) = analysed(text);
        let store = architecture.component_named("d").expect("it is drawn");
        let data = storage::data(&architecture, &analysis.load)[store.id.0 as usize].expect("it is known");
        storage::laid(&architecture.parameters, store, data.at(data.end().0))
    };
    let raw = 200e6 / 101.0 * 500.0 * 1_825.0;
    let copied = laid_of(&text("x3"));
    close(copied.raw.value, raw);
    assert_eq!(copied.raw.to_string(), "22.9/s writes × 500 B × 5 years = 1.81 TB");
    close(copied.indexed.value, raw * 1.3);
    let all = copied.copies.expect("three are stated");
    close(all.value, raw * 1.3 * 3.0);
    assert_eq!(all.to_string(), "2.35 TB × 3 copies = 7.05 TB");
    close(copied.per_node.expect("all of it").value, raw * 1.3);
    let sharded = laid_of(&text("{ shards = 4, shard_key = user_id }"));
    close(sharded.raw.value, raw);
    let node = sharded.per_node.expect("a quarter");
    close(node.value, raw * 1.3 / 4.0);
    assert_eq!(node.to_string(), "2.35 TB ÷ 4 shards = 587 GB");
    assert_eq!(sharded.copies, None, "nobody says how many");
}

/// 1 TB that grows by half each year is 1.5, 2.25, 3.375 TB after one, two and three years.
#[test]
fn a_stock_grows_by_its_share_compounded() {
    let data = of(
        "database d { storage = 1TB, growth = 50%/year, retention = 10y }\nservice s\ns -> d\n\
         system \"S\" { horizon = 3y }\n",
        "d",
    )
    .expect("it is stated");
    let found: Vec<f64> = data.by_year().iter().map(|(_, raw)| raw.value.bytes() / 1e12).collect();
    for (found, by_hand) in found.iter().zip([1.5, 2.25, 3.375]) {
        assert!((found - by_hand).abs() < 1e-9, "{found} for {by_hand}");
    }
    assert_eq!(data.at(years(2.0)).to_string(), "1 TB × 1.5^2 = 2.25 TB");
    assert_eq!(data.exceeds(Size::new(2e12)), Some(years(2.0)));
    assert_eq!(data.exceeds(Size::new(0.5e12)), Some(Duration::ZERO), "it is too much today");
    assert_eq!(data.exceeds(Size::new(4e12)), None);
}

/// A stream of 10 GB a day that grows by 30 % each year: 3.65 TB in the first year, 4.745 in the second, 6.1685 in
/// the third: 14.5635 TB together. Kept for a year only, the third year's 6.1685 TB are there.
#[test]
fn a_stream_grows_from_year_to_year_and_goes_as_it_grows_old() {
    let stream = |kept: &str| {
        let store = format!("record_size = 1KB, growth = 30%/year{kept}");
        let system = "system \"S\" { writes = 10M/day, horizon = 3y }\n";
        of(&format!("{system}client a\ndatabase d {{ {store} }}\na -> d {{ writes }}\n"), "d")
            .expect("it is known")
    };
    let all = stream("");
    close(all.at(years(1.0)).value, 3.65e12);
    close(all.at(years(2.0)).value, 8.395e12);
    close(all.at(years(3.0)).value, 14.5635e12);
    close(stream(", retention = 1y").at(years(3.0)).value, 6.1685e12);
    // Half a year of the third year's stream.
    close(stream(", retention = 182.5d").at(years(3.0)).value, 3.08425e12);
    assert_eq!(
        all.at(years(3.0)).to_string(),
        "116/s writes × 1 KB × 3.99 years (counting 30% more each year) = 14.6 TB"
    );
}

/// What is there already is added to, and goes as it grows old: of 6 TB that are kept for 3 years a third is gone
/// after one, while 100 GB × 365 ÷ 30 = 1.217 TB have come in.
#[test]
fn what_there_is_and_what_comes_in_add_up() {
    let store = |more: &str| {
        of(&format!("service s\ndatabase d {{ storage = 6TB, growth = 100GB/month{more} }}\ns -> d\n"), "d")
            .expect("it is stated")
    };
    let year = 100e9 * 365.0 / 30.0;
    close(store("").at(years(1.0)).value, 6e12 + year);
    let kept = store(", retention = 3y");
    close(kept.at(years(1.0)).value, 4e12 + year);
    close(kept.at(years(3.0)).value, 3.0 * year);
    close(kept.at(years(9.0)).value, 3.0 * year);
    assert_eq!(
        store("").at(years(1.0)).to_string(),
        "6 TB + 100 GB/month × 365 days ÷ 30 days a month = 7.22 TB"
    );
}

/// How long data is kept is no amount that stores part between them: 10/s × 2 KB for a year, not for ever. What one
/// record of the system takes says nothing of either.
#[test]
fn each_of_several_stores_keeps_its_records_as_long_as_the_system_says() {
    let text = "system \"S\" { retention = 1y, record_size = 1KB }\nclient a { writes = 10/s }\nservice s\n\
                database d { record_size = 2KB }\ndatabase e\na -> s -> d, e\n";
    close(of(text, "d").expect("it is stated").at(years(9.0)).value, 10.0 * 2e3 * 86_400.0 * 365.0);
    assert!(of(text, "e").is_none());
}

/// The figure alone and the figure with its working are the same, whatever is stated.
#[test]
fn the_working_comes_to_the_figure() {
    let stocks = ["", "storage = 2TB, ", "records = 1bn, "];
    let growths = ["", "growth = 30%/year, ", "growth = 40GB/month, ", "growth = 20/s, "];
    let kept = ["", "retention = 1y, ", "retention = forever, ", "retention = 30d, "];
    for stock in stocks {
        for growth in growths {
            for kept in kept {
                let text = format!(
                    "system \"S\" {{ writes = 50/s, horizon = 4y }}\nclient a\n\
                     database d {{ {stock}{growth}{kept}record_size = 2KB }}\na -> d {{ writes }}\n"
                );
                let data = of(&text, "d").expect("something is written");
                for months in [0.0, 1.0, 7.0, 12.0, 31.0, 48.0, 60.0] {
                    let time = Duration::MONTH * months;
                    let (plain, worked) = (data.size_at(time), data.at(time));
                    let differs = (plain - worked.value).bytes().abs() > 1e-9 * plain.bytes().max(1.0);
                    assert!(!differs, "{text}: {plain}, {worked}");
                }
            }
        }
    }
}

/// A copy holds what its source does; what nobody states is unknown.
#[test]
fn copies_hold_the_same_and_silence_is_no_data() {
    let text = "service s\ndatabase main { storage = 4TB }\ndatabase copy { shards = 2 }\ndatabase other\n\
                s -> main, other\nmain ~> copy : replication\n";
    let (architecture, analysis) = analysed(text);
    let found = storage::data(&architecture, &analysis.load);
    let id = |architecture: &Architecture, name: &str| {
        architecture.component_named(name).expect("it is drawn").id.0 as usize
    };
    assert_eq!(found[id(&architecture, "copy")], found[id(&architecture, "main")]);
    assert_eq!(found[id(&architecture, "other")], None);
    let nodes = storage::per_node(&architecture, &analysis.load);
    assert_eq!(nodes[id(&architecture, "copy")], Some(Size::new(2e12)));
}

/// What a flow states is the data of the one store that it alone writes to: 10/s × 2 MB × 1 year = 630.72 TB.
#[test]
fn a_flow_speaks_of_the_store_that_it_alone_writes_to() {
    let text = |other: &str| {
        format!(
            "client a\nservice s\nobject_store photos\ndatabase users\na -> s\ns -> photos, users\n\
             flow upload {{ writes, rate = 10/s, record_size = 2MB, retention = 1y; a -> s -> photos }}\n{other}"
        )
    };
    let sign_up = "flow sign_up { writes, rate = 1/s; a -> s -> users }\n";
    let data = of(&text(sign_up), "photos").expect("the flow states it");
    close(data.at(years(1.0)).value, 10.0 * 2e6 * 365.0 * 86_400.0);
    assert_eq!(of(&text(sign_up), "users"), None);
    let second = "flow import { writes, rate = 1/s; a -> s -> photos }\n";
    assert_eq!(of(&text(second), "photos"), None, "its records may be of another size");
}

/// Data is looked at for a hundred years at the most, however far the horizon is.
#[test]
fn a_horizon_without_measure_has_an_end() {
    let data =
        of("system \"S\" { horizon = 100000y }\nservice s\ndatabase d { growth = 1GB/day }\ns -> d\n", "d")
            .expect("it is stated");
    assert_eq!(data.by_year().len(), 100);
}
