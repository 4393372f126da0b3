//! State, by hand: who answers a read, how far behind, and what a crash loses.

use loadpath::analysis::Analysis;
use loadpath::analysis::consistency::{self, Asking, Level, Quorum, Reader, Staleness, Why};
use loadpath::model::{Architecture, Component};
use loadpath::quantity::Duration;

use crate::analysed::analysed;

#[track_caller]
fn named<'a>(architecture: &'a Architecture, name: &str) -> &'a Component {
    architecture.component_named(name).unwrap_or_else(|| panic!("`{name}` is declared"))
}

/// Who answers the reads of each journey, by name.
fn answers(architecture: &Architecture, analysis: &Analysis) -> Vec<Vec<String>> {
    let mut reader = Reader::new(architecture);
    let names = |journey| {
        let found = reader.answers(journey);
        found.iter().map(|it| architecture.component(it.store).name.to_string()).collect()
    };
    analysis.journeys.iter().map(names).collect()
}

/// The nearest of flow and system asks: a flow that says nothing inherits, one that says something does not.
#[test]
fn a_flow_asks_before_the_system() {
    let (architecture, analysis) = analysed(
        "system \"S\" { consistency = strong }
         client app; database db
         app -> db
         flow plain { app -> db }
         flow late { consistency = eventual; app -> db }",
    );
    let asked = analysis.journeys.iter().map(|it| consistency::asked(&architecture, it));
    let asked: Vec<_> = asked.map(|it| it.expect("asked").what).collect();
    assert_eq!(asked, [Level::Strong, Level::Eventual]);
}

/// A reading flow is answered by the cache and by the copy, a writing one by nobody.
#[test]
fn reads_are_answered_by_caches_and_copies_on_the_path() {
    let (architecture, analysis) = analysed(
        "client app; service api; cache hot { caches = copy }; database main; database copy
         app -> api
         api -> main { writes }
         api -> hot, copy { reads }
         main ~> copy : replication
         flow view { reads; app -> api -> hot, copy }
         flow save { writes; app -> api -> main }",
    );
    assert_eq!(answers(&architecture, &analysis), [vec!["hot".to_owned(), "copy".to_owned()], vec![]]);
}

#[track_caller]
fn why(text: &str) -> Option<(&'static str, Option<f64>)> {
    let (architecture, _) = analysed(text);
    let store = named(&architecture, "db");
    let link =
        architecture.links().find(|link| link.target == store.id && !link.copies_data()).expect("is called");
    let behind = consistency::behind(&architecture, store, link)?;
    let why = match behind.why {
        Why::Stated(_) => "stated",
        Why::Copy(_) => "copy",
        Why::Nodes => "nodes",
        Why::Engine(_) => "engine",
    };
    Some((why, behind.lag.map(|it| it.time.seconds())))
}

/// One node is never behind itself; copies are, unless they are waited for or the reads are kept to the first node.
#[test]
fn what_is_behind() {
    let store = |it: &str| why(&format!("service api; database db {it}\napi -> db"));
    assert_eq!(store(": postgres x1 { replication = async }"), None);
    assert_eq!(store(": postgres x3 { replication = async, lag = 200ms }"), Some(("nodes", Some(0.2))));
    assert_eq!(store(": postgres x3 { replication = async, standby = hot }"), None);
    assert_eq!(store(": postgres x3 { replication = async, consistency = strong }"), None);
    assert_eq!(store(": postgres x3 { replication = sync }"), None);
    assert_eq!(store(": postgres x3"), None, "nothing is said");
    assert_eq!(store(": redis x1"), None);
    assert_eq!(store(": redis x2"), Some(("engine", None)));
    assert_eq!(store(": dynamodb"), Some(("engine", None)));
    assert_eq!(store(": cassandra x3 { read_quorum = 2, write_quorum = 2 }"), None);
    assert_eq!(store("{ consistency = eventual }"), Some(("stated", None)));
    let copy = |arrow: &str| {
        why(&format!("service api; database main : postgres; database db\napi -> db\nmain {arrow}"))
    };
    assert_eq!(copy("~> db : replication { lag = 3s }"), Some(("copy", Some(3.0))));
    // The catalogue's lag of PostgreSQL.
    assert_eq!(copy("~> db : replication"), Some(("copy", Some(1.0))));
    assert_eq!(copy("-> db : replication"), None, "the source waits");
}

/// What says nothing of copies may hold sessions; what each write passes through has them.
#[test]
fn which_caches_are_stale() {
    let stale = |it: &str| {
        let (architecture, _) = analysed(&format!("service api; database db\ncache c {it}\napi -> c, db"));
        consistency::staleness(&architecture, named(&architecture, "c"))
    };
    assert_eq!(stale(""), None);
    assert_eq!(stale("{ caches = db }"), Some(Staleness::Unstated));
    assert!(
        matches!(stale("{ caches = db, ttl = 60s }"), Some(Staleness::Until(ttl, _)) if ttl == Duration::new(60.0))
    );
    assert!(matches!(stale("{ caches = db, invalidation = none }"), Some(Staleness::Untold(_))));
    assert!(matches!(stale("{ strategy = cache_aside }"), Some(Staleness::ByStrategy(_))));
    assert_eq!(stale("{ caches = db, strategy = write_through }"), None);
    assert_eq!(stale("{ caches = db, ttl = 60s, invalidation }"), None);
    assert_eq!(stale("{ caches = db, immutable }"), None);
}

/// 500 writes a second on average and 2 000 at the stated peak: in 5 s that is 10 000. Without a stated peak the mean
/// counts: 500 × 5 = 2 500.
#[test]
fn what_is_lost_is_rate_times_time() {
    let lost = |peak: &str| {
        let (architecture, analysis) = analysed(&format!(
            "client app; database db\napp -> db\nflow save {{ writes, rate = 500/s{peak}; app -> db }}"
        ));
        let db = named(&architecture, "db").id;
        consistency::told(&consistency::lost(&analysis.load, db, Duration::new(5.0)).expect("known"))
    };
    assert_eq!(lost(", peak = 2k/s"), "2 000/s × 5 s = 10 000 writes");
    assert_eq!(lost(""), "500/s × 5 s = 2 500 writes");
}

/// The nearest copy counts: 10 s beside 4 h. One that is waited for loses nothing.
#[test]
fn the_nearest_copy_decides_what_is_lost() {
    let found = |copies: &str| {
        let (architecture, _) = analysed(&format!(
            "service api; database main : postgres x1; database near, far : postgres x1\napi -> main\n{copies}"
        ));
        let found = consistency::unsafe_stores(&architecture);
        found.iter().map(|it| it.lag.map(|lag| lag.time.seconds())).collect::<Vec<_>>()
    };
    let far = "main ~> far : replication { lag = 4h }";
    assert_eq!(found(far), [Some(14_400.0)]);
    assert_eq!(found(&format!("main ~> near : replication {{ lag = 10s }}\n{far}")), [Some(10.0)]);
    assert_eq!(found(&format!("main -> near : replication\n{far}")), [] as [Option<f64>; 0]);
}

/// R + W > N: of 3, 2 + 2 overlap and 1 + 2 do not; of a side that is not stated a majority (2 of 3) is assumed. An
/// engine that shares its records out keeps three copies on twelve nodes.
#[test]
fn quorums_overlap_or_not() {
    let quorum = |it: &str| {
        let (architecture, _) = analysed(&format!("service api; database db {it}\napi -> db"));
        Quorum::of(&architecture.parameters, named(&architecture, "db"))
    };
    let of = |copies, read, write, is_assumed| Some(Quorum { copies, read, write, is_assumed });
    let even = quorum(": riak x3 { read_quorum = 2, write_quorum = 2 }");
    assert_eq!(even, of(3, 2, 2, false));
    assert!(even.is_some_and(|it| it.overlaps() && it.refuses_rivals()));
    let weak = quorum(": riak x3 { read_quorum = 1 }");
    assert_eq!(weak, of(3, 1, 2, true));
    assert!(weak.is_some_and(|it| !it.overlaps() && it.refuses_rivals()));
    assert_eq!(quorum(": cassandra x12 { read_quorum = 2, write_quorum = 2 }"), of(3, 2, 2, true));
    assert_eq!(quorum("x5 { read_quorum = 2, write_quorum = 3 }").map(Quorum::overlaps), Some(false));
    assert_eq!(quorum("x5"), None);
}

/// The store's own word wins; a flow's counts for the stores that it writes; the system's for what no flow excepts.
#[test]
fn the_nearest_says_what_may_be_lost() {
    let (architecture, analysis) = analysed(
        "system \"S\" { durability = no_loss }
         client app; database own { durability = best_effort }; database logs, orders, rest
         app -> own, logs, orders, rest
         flow log { writes, durability = best_effort; app -> logs }
         flow order { writes; app -> orders, own }",
    );
    let asking = Asking::of(&architecture, &analysis);
    let asks = |name: &str| asking.no_loss(named(&architecture, name)).map(|it| it.element);
    assert_eq!(asks("own"), None);
    assert_eq!(asks("logs"), None);
    assert_eq!(asks("orders").as_deref(), Some("system"));
    assert_eq!(asks("rest").as_deref(), Some("system"));
}

/// Two stores that copy to each other are one set; one that only follows is none.
#[test]
fn peers_copy_to_each_other() {
    let (architecture, _) = analysed(
        "database a, b, c, d
         a ~> b : replication
         b ~> a : replication
         a ~> c : replication
         c ~> a : replication
         a ~> d : replication",
    );
    let peers = consistency::peers(&architecture);
    let names: Vec<Vec<&str>> = peers
        .iter()
        .map(|set| set.iter().map(|id| architecture.component(*id).name.as_str()).collect())
        .collect();
    assert_eq!(names, [["a", "b", "c"]]);
}
