//! The catalogue's data are sound: found by every name, in range, sourced, and as published.

#![expect(
    clippy::float_cmp,
    reason = "the data are held against the same decimal figures, not reckoned with"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use loadpath::catalogue::{
    Confidence, Encryption, Fact, Facts, Kind, Known, Parameters, Unit, engine, engines, parameter,
    parameters, protocol, protocols,
};
use loadpath::source::FileId;
use loadpath::syntax::ast::{Item, Statement, Tail};
use loadpath::syntax::parse;
use proptest::prelude::*;
use smol_str::SmolStr;

/// Every fact of kinds, engines and parameters with a name to complain by.
fn all_facts() -> Vec<(String, Unit, Fact)> {
    let kinds = Kind::ALL.into_iter().map(|kind| (kind.name(), kind.facts()));
    let rows: Vec<_> = kinds.chain(engines().iter().map(|it| (it.name, &it.facts))).collect();
    let mut all = Vec::new();
    for (row, facts) in rows {
        for (name, unit) in Facts::FIGURES {
            all.extend(facts.figure(name).map(|fact| (format!("{row}.{name}"), *unit, fact)));
        }
    }
    all.extend(parameters().iter().map(|it| (it.name.to_owned(), it.default.unit, it.default)));
    all
}

fn is_word(name: &str) -> bool {
    name.bytes().all(|it| it == b'_' || it.is_ascii_lowercase() || it.is_ascii_digit())
        && name.as_bytes()[0].is_ascii_lowercase()
}

fn availability(name: &str) -> Option<f64> {
    engine(name).unwrap_or_else(|| panic!("`{name}` is an engine")).facts.availability.map(|it| it.value)
}

/// The downtime that an availability leaves of a span of time, in seconds.
fn downtime(availability: f64, span: Fact) -> f64 {
    (1.0 - availability) * span.value
}

#[test]
fn each_name_and_alias_of_an_engine_leads_to_it_and_to_it_alone() {
    let mut seen = BTreeSet::new();
    for engine in engines() {
        for name in engine.aliases.iter().chain([&engine.name]) {
            assert!(seen.insert(*name), "`{name}` is the name of two engines");
            assert!(is_word(name), "`{name}` is no word of the language");
            assert_eq!(loadpath::catalogue::engine(name).unwrap().name, engine.name);
        }
    }
}

#[test]
fn each_name_and_alias_of_a_protocol_leads_to_it_and_to_it_alone() {
    let mut seen = BTreeSet::new();
    for row in protocols() {
        for name in row.aliases.iter().chain([&row.name]) {
            assert!(seen.insert(*name), "`{name}` is the name of two protocols");
            assert!(is_word(name), "`{name}` is no word of the language");
            assert_eq!(protocol(name).unwrap().name, row.name);
        }
    }
}

#[test]
fn rows_and_aliases_are_sorted() {
    assert!(engines().is_sorted_by(|a, b| a.name < b.name));
    assert!(protocols().is_sorted_by(|a, b| a.name < b.name));
    assert!(parameters().is_sorted_by(|a, b| a.name < b.name));
    assert!(engines().iter().all(|it| it.aliases.is_sorted()));
    assert!(protocols().iter().all(|it| it.aliases.is_sorted()));
}

#[test]
fn case_and_hyphens_do_not_matter_to_a_lookup() {
    assert_eq!(engine("PostgreSQL").unwrap().name, "postgres");
    assert_eq!(engine("RDS-Multi-AZ").unwrap().name, "rds_multi_az");
    assert_eq!(protocol("Change-Data_Capture").unwrap().name, "cdc");
    assert!(engine("postgres ").is_none());
    assert!(engine("").is_none());
    assert!(protocol("carrier-pigeon").is_none());
}

proptest! {
    /// A lookup agrees with a walk over all rows, whatever is asked.
    #[test]
    fn a_lookup_finds_what_a_walk_finds(name in "[a-zA-Z_0-9-]{0,12}|.{0,8}") {
        let plain = name.to_ascii_lowercase().replace('-', "_");
        let walked = engines().iter().find(|it| it.name == plain || it.aliases.contains(&plain.as_str()));
        prop_assert_eq!(engine(&name).map(|it| it.name), walked.map(|it| it.name));
        let walked = protocols().iter().find(|it| it.name == plain || it.aliases.contains(&plain.as_str()));
        prop_assert_eq!(protocol(&name).map(|it| it.name), walked.map(|it| it.name));
    }
}

#[test]
fn each_kind_is_found_by_its_word_and_by_nothing_else() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.name()), Some(kind));
        assert!(is_word(kind.name()));
        let first = kind.name().split('_').next().unwrap();
        assert!(kind.title().to_lowercase().starts_with(first) && !kind.title().contains('_'), "{kind}");
    }
    assert!(Kind::ALL.is_sorted());
    assert_eq!(Kind::parse("Service"), None);
    assert_eq!(Kind::parse("load balancer"), None);
}

#[test]
fn each_figure_has_a_source_and_the_unit_of_its_name() {
    for (name, unit, fact) in all_facts() {
        assert_eq!(fact.unit, unit, "{name}");
        assert!(!fact.source.trim().is_empty() && fact.source.len() < 80, "{name}: {}", fact.source);
        assert!(!fact.source.contains("://"), "{name} names a host");
    }
    assert!(protocols().iter().all(|it| !it.source.is_empty()));
}

#[test]
fn each_figure_is_in_a_plausible_range() {
    for (name, unit, fact) in all_facts() {
        let plausible = match unit {
            Unit::Share => 0.005..=1.0,
            Unit::Seconds => 1e-4..=3.0 * 365.0 * 86_400.0,
            // From one record to what is stored before a design is split.
            Unit::Bytes => 1e2..=1e13,
            Unit::BytesPerSecond => 1e4..=1e9,
            Unit::PerSecond | Unit::Count => 1.0..=1e6,
        };
        assert!(plausible.contains(&fact.value), "{name} is {}", fact.value);
        if name.ends_with(".availability") {
            assert!(fact.value >= 0.95, "{name} is {}", fact.value);
        }
    }
}

#[test]
fn the_slow_tail_is_slower_than_the_median() {
    let kinds = Kind::ALL.into_iter().map(Kind::facts);
    for facts in kinds.chain(engines().iter().map(|it| &it.facts)) {
        if let (Some(median), Some(tail)) = (facts.service_time, facts.service_time_p99) {
            assert!(median.value < tail.value);
        }
    }
}

#[test]
fn words_are_those_that_the_language_knows() {
    let models = ["relational", "key_value", "document", "wide_column", "graph", "time_series", "warehouse"]
        .as_slice();
    let deliveries = ["at_most_once", "at_least_once", "exactly_once"].as_slice();
    let replications = ["sync", "async", "quorum"].as_slice();
    let consistencies = ["strong", "eventual"].as_slice();
    for engine in engines() {
        let facts = &engine.facts;
        for (word, known) in [
            (facts.model, models),
            (facts.delivery, deliveries),
            (facts.replication, replications),
            (facts.consistency, consistencies),
        ] {
            assert!(word.is_none_or(|it| known.contains(&it)), "{}: {word:?}", engine.name);
        }
    }
}

#[test]
fn each_engine_is_of_some_kind_and_of_none_twice() {
    for engine in engines() {
        let kinds: BTreeSet<_> = engine.kinds.iter().collect();
        assert!(!kinds.is_empty() && kinds.len() == engine.kinds.len(), "{}", engine.name);
        assert!(!kinds.contains(&Kind::Client) && !kinds.contains(&Kind::Person), "{}", engine.name);
    }
}

/// A broker's promises are about messages: only what can be a queue, or holds data, has any.
#[test]
fn only_brokers_promise_delivery() {
    for engine in engines().iter().filter(|it| it.facts.delivery.is_some() || it.facts.is_log) {
        assert!(engine.kinds.iter().any(|kind| kind.is_queue()), "{}", engine.name);
    }
}

#[test]
fn a_plaintext_protocol_names_an_encrypted_one() {
    for row in protocols() {
        let secure =
            row.secure.map(|name| protocol(name).unwrap_or_else(|| panic!("`{name}` is a protocol")));
        match (row.encryption, secure) {
            (Encryption::Always, None) => {}
            (Encryption::Never | Encryption::Either, Some(it)) => {
                assert_eq!(it.encryption, Encryption::Always, "{}", row.name);
            }
            (encryption, _) => panic!("{} is {encryption:?} and names {:?}", row.name, row.secure),
        }
    }
}

#[test]
fn protocols_know_their_encryption_and_nature() {
    let secure = |name| protocol(name).unwrap().secure;
    assert_eq!(secure("http"), Some("https"));
    assert_eq!(secure("redis"), Some("rediss"));
    assert_eq!(secure("ws"), Some("wss"));
    assert_eq!(secure("ftp"), Some("sftp"));
    assert_eq!(protocol("mqtt").unwrap().ports, [1883]);
    for name in ["tcp", "sql", "websocket", "rpc"] {
        assert_eq!(protocol(name).unwrap().encryption, Encryption::Either, "{name}");
    }
    let copies: Vec<_> = protocols().iter().filter(|it| it.copies_data).map(|it| it.name).collect();
    assert_eq!(copies, ["cdc", "replication", "snapshot"]);
    assert!(protocol("udp").unwrap().datagram && !protocol("tcp").unwrap().datagram);
    assert!(protocol("https").unwrap().is_request && !protocol("kafka").unwrap().is_request);
    assert!(protocol("wss").unwrap().long_lived && !protocol("https").unwrap().long_lived);
    assert!(protocol("tls").unwrap().byte_stream && !protocol("srtp").unwrap().byte_stream);
    assert!(protocol("soap").unwrap().by_name && !protocol("rest").unwrap().by_name);
    assert!(protocol("grpc").unwrap().programs_only && !protocol("grpc_web").unwrap().programs_only);
    assert!(protocol("long_polling").unwrap().polls && !protocol("sse").unwrap().polls);
    // A datagram waits for none before it.
    assert!(protocols().iter().all(|it| !(it.byte_stream && it.datagram)));
}

/// The published figures, row by row.
#[test]
fn published_slas_are_as_published() {
    for (name, published) in [
        ("route53", 1.0),
        ("cloudfront", 0.999),
        ("azure_front_door", 0.9999),
        ("elb", 0.9999),
        ("alb", 0.9999),
        ("elb_single_az", 0.999),
        ("azure_application_gateway", 0.9995),
        ("ec2", 0.995),
        ("gce", 0.999),
        ("alibaba_ecs", 0.99975),
        ("lambda", 0.9995),
        ("app_service", 0.9995),
        ("azure_functions", 0.999),
        ("rds", 0.995),
        ("rds_multi_az", 0.9995),
        ("aurora", 0.9999),
        ("azure_sql", 0.9999),
        ("azure_sql_zone_redundant", 0.99995),
        ("spanner", 0.9999),
        ("spanner_multi_region", 0.99999),
        ("dynamodb", 0.9999),
        ("mongodb_atlas", 0.99995),
        ("elasticache", 0.995),
        ("elasticache_multi_az", 0.9999),
        ("s3", 0.999),
        ("s3_infrequent_access", 0.99),
        ("redshift", 0.999),
        ("sqs", 0.999),
        ("eventbridge", 0.9999),
        ("kinesis", 0.999),
        ("pubsub", 0.9995),
        ("aws_api_gateway", 0.9995),
        ("cognito", 0.999),
        ("entra_id", 0.9999),
        ("twilio", 0.9995),
        ("datadog", 0.998),
    ] {
        assert_eq!(availability(name), Some(published), "{name}");
    }
}

#[test]
fn what_no_vendor_promises_stays_unknown() {
    for name in
        ["cloud_sql", "memorystore", "azure_cache", "fargate", "postgres", "kafka", "stripe", "paypal"]
    {
        assert_eq!(availability(name), None, "{name}");
    }
    assert!(engine("stripe").unwrap().facts.unpublished_sla);
    assert!(engines().iter().all(|it| !it.facts.unpublished_sla || it.facts.availability.is_none()));
}

/// An instance is one failure unit, whoever runs it; a deployment that survives the loss of one is not.
#[test]
fn a_single_instance_is_not_managed() {
    for name in ["rds", "cloud_sql", "elasticache", "memorystore", "azure_cache", "ec2", "gce", "postgres"] {
        assert!(!engine(name).unwrap().facts.managed, "{name}");
    }
    for name in
        ["rds_multi_az", "cloud_sql_ha", "aurora", "dynamodb", "azure_sql", "alb", "s3", "sqs", "stripe"]
    {
        assert!(engine(name).unwrap().facts.managed, "{name}");
    }
    let managed: Vec<_> = Kind::ALL.into_iter().filter(|it| it.facts().managed).collect();
    assert_eq!(managed, [Kind::ThirdParty, Kind::Dns, Kind::Cdn, Kind::Function, Kind::ObjectStore]);
}

#[test]
fn a_replica_of_a_promise_is_lower_than_the_promise_of_the_whole() {
    for (single, whole) in [
        ("elb_single_az", "elb"),
        ("ec2", "ec2_multi_az"),
        ("rds", "rds_multi_az"),
        ("elasticache", "elasticache_multi_az"),
        ("dax", "dax_multi_az"),
        ("spanner", "spanner_multi_region"),
    ] {
        assert!(availability(single) < availability(whole), "{single} and {whole}");
    }
}

#[test]
fn capacities_are_those_of_one_node() {
    let figure = |name: &str, figure: &str| engine(name).unwrap().facts.figure(figure).unwrap().value;
    assert_eq!(figure("postgres", "read_capacity"), 20_000.0);
    assert_eq!(figure("postgres", "write_capacity"), 5_000.0);
    assert_eq!(figure("postgres", "storage_capacity"), 2e12);
    assert_eq!(figure("redis", "capacity"), 100_000.0);
    assert_eq!(figure("kafka", "capacity"), 100_000.0);
    assert_eq!(figure("kafka", "bandwidth"), 50e6);
    assert_eq!(figure("sqs", "max_age"), 4.0 * 86_400.0);
    assert_eq!(figure("sqs", "max_in_flight"), 120_000.0);
    assert_eq!(figure("dynamodb", "max_item"), 400e3);
    assert_eq!(figure("s3", "partition_write_capacity"), 3_500.0);
    assert_eq!(figure("lambda", "max_duration"), 900.0);
    assert_eq!(figure("redis", "service_time"), 0.0005);
}

#[test]
fn an_engine_takes_over_what_it_is_like_and_keeps_what_it_says() {
    let (redis, cache) = (&engine("redis").unwrap().facts, &engine("elasticache").unwrap().facts);
    assert_eq!(cache.capacity, redis.capacity);
    assert_eq!((redis.availability, cache.failover), (None, None));
    assert!(redis.failover.is_some());
    assert_eq!(engine("rds_multi_az").unwrap().facts.failover.unwrap().value, 120.0);
    assert_eq!(engine("rds_multi_az_cluster").unwrap().facts.failover.unwrap().value, 35.0);
}

#[test]
fn brokers_and_stores_say_what_a_crash_leaves() {
    let durable = |name: &str| engine(name).unwrap().facts.is_durable;
    assert_eq!(durable("kafka"), Some(true));
    assert_eq!(durable("rabbitmq"), None);
    assert_eq!(durable("rabbitmq_classic"), Some(false));
    assert_eq!(durable("rabbitmq_quorum"), Some(true));
    assert_eq!(durable("redis_pubsub"), Some(false));
    assert_eq!(durable("memcached"), Some(false));
    assert!(["etcd", "zookeeper", "consul"].iter().all(|it| engine(it).unwrap().facts.consensus));
    assert_eq!(engine("sqs").unwrap().facts.is_ordered, Some(false));
    assert_eq!(engine("elasticsearch").unwrap().facts.is_system_of_record, Some(false));
}

#[test]
fn a_component_knows_what_its_engine_says_and_then_what_its_kind_says() {
    let value = |kind, name: &str, figure: &str| {
        let known = Known { kind, engine: engine(name) };
        known.get(|facts| facts.figure(figure)).map(|it| it.value)
    };
    assert_eq!(value(Kind::Cdn, "cloudfront", "availability"), Some(0.999));
    assert_eq!(value(Kind::Cdn, "cloudfront", "hit_ratio"), Some(0.8));
    assert_eq!(value(Kind::Database, "mongodb", "write_capacity"), Some(10_000.0));
    assert_eq!(value(Kind::Database, "oracle", "write_capacity"), Some(5_000.0));
    assert_eq!(value(Kind::Database, "never_heard_of", "write_capacity"), Some(5_000.0));
    assert_eq!(value(Kind::ThirdParty, "stripe", "service_time"), Some(0.3));
}

/// A name server of one's own has no vendor's promise, a graph database no relational one's capacity, and a
/// managed balancer not the limits of a proxy on one machine.
#[test]
fn an_engine_of_another_nature_takes_nothing_from_its_kind() {
    let known = |kind, name| Known { kind, engine: engine(name) };
    let bind = known(Kind::Dns, "bind");
    assert!(!bind.is_managed() && bind.get(|facts| facts.availability).is_none());
    assert!(known(Kind::Database, "neo4j").get(|facts| facts.write_capacity).is_none());
    assert!(known(Kind::LoadBalancer, "alb").is_managed());
    assert!(known(Kind::LoadBalancer, "alb").get(|facts| facts.capacity).is_none());
    assert!(known(Kind::LoadBalancer, "haproxy").get(|facts| facts.capacity).is_some());
}

#[test]
fn kinds_are_sorted_into_what_rules_ask_for() {
    let those =
        |predicate: fn(Kind) -> bool| Kind::ALL.into_iter().filter(|it| predicate(*it)).collect::<Vec<_>>();
    assert_eq!(those(Kind::is_outside), [Kind::Client, Kind::Person, Kind::ThirdParty]);
    assert_eq!(those(Kind::is_chooser), [Kind::Dns, Kind::LoadBalancer, Kind::Registry]);
    assert_eq!(those(Kind::is_router), [Kind::Cdn, Kind::ReverseProxy, Kind::ApiGateway]);
    assert_eq!(those(Kind::is_queue), [Kind::Queue, Kind::Stream]);
    for kind in Kind::ALL {
        assert!(!kind.is_store() || kind.holds_data(), "{kind}");
        assert!(!kind.is_caller_only() || kind.is_outside(), "{kind}");
        assert!(!(kind.holds_data() && kind.is_stateless()), "{kind}");
        assert!(!(kind.is_outside() && kind.is_run_by_us()), "{kind}");
    }
}

#[test]
fn parameters_are_those_of_the_semantics() {
    let defaults = Parameters::default();
    for (fact, value) in [
        (defaults.node_availability, 0.995),
        (defaults.zone_availability, 0.9997),
        (defaults.region_availability, 0.99995),
        (defaults.third_party_availability, 0.999),
        (defaults.repair_stateful, 14_400.0),
        (defaults.repair_stateless, 900.0),
        (defaults.failed_failover_automatic, 0.05),
        (defaults.failed_failover_manual, 0.2),
        (defaults.switch_manual, 1_800.0),
        (defaults.switch_hot, 60.0),
        (defaults.switch_warm, 600.0),
        (defaults.correlation_unstated, 0.05),
        (defaults.correlation_stated, 0.02),
        (defaults.peak_factor, 3.0),
        (defaults.utilisation_target, 0.7),
        (defaults.utilisation_spare, 0.5),
        (Parameters::MONTH, 2_592_000.0),
        (Parameters::YEAR, 31_536_000.0),
        (defaults.promise_startup, 0.995),
        (defaults.promise_critical, 0.9999),
    ] {
        assert_eq!(fact.value, value, "{fact:?}");
    }
    assert_eq!(defaults.third_party_availability.confidence, Confidence::Low);
    assert_eq!(Kind::ThirdParty.facts().availability, None);
}

/// The table of nines: minutes of a month, hours of a year.
#[test]
fn each_nine_leaves_a_tenth_of_the_downtime() {
    for (availability, month, year) in [
        (0.99, 432.0, 87.6),
        (0.995, 216.0, 43.8),
        (0.999, 43.2, 8.76),
        (0.9995, 21.6, 4.38),
        (0.9999, 4.32, 0.876),
        (0.99999, 0.432, 0.0876),
    ] {
        assert!((downtime(availability, Parameters::MONTH) / 60.0 - month).abs() < 1e-6, "{availability}");
        assert!((downtime(availability, Parameters::YEAR) / 3600.0 - year).abs() < 1e-6, "{availability}");
    }
}

/// Every engine and every protocol that the reviewed designs and the examples write is known.
#[test]
fn the_words_of_real_designs_are_known() {
    let (mut engines, mut words) = (BTreeSet::new(), BTreeSet::new());
    for path in designs() {
        let text = fs::read_to_string(&path).unwrap();
        let (file, errors) = parse(FileId(0), &text);
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        for statement in file.statements {
            match statement {
                Statement::Element(element) => collect(&element.tail, &mut engines, &mut words),
                Statement::Template(template) => collect(&template.tail, &mut engines, &mut words),
                Statement::Link(link) => words.extend(link.protocols.into_iter().map(|it| it.text)),
                _ => {}
            }
        }
    }
    let strangers: Vec<_> = engines.iter().filter(|it| engine(it).is_none()).collect();
    assert!(strangers.is_empty() && engines.len() >= 25, "engines: {strangers:?} of {engines:?}");
    let strangers: Vec<_> = words.iter().filter(|it| protocol(it).is_none()).collect();
    assert!(strangers.is_empty() && words.len() >= 10, "protocols: {strangers:?} of {words:?}");
}

fn designs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["examples", "tests/syntax/designs"].map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let paths = files.into_iter().flatten().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|it| it == "arch")).collect()
}

/// The engines and protocols of an element and of all that stands inside it.
fn collect(tail: &Tail, engines: &mut BTreeSet<SmolStr>, protocols: &mut BTreeSet<SmolStr>) {
    engines.extend(tail.engines.iter().map(|it| it.text.clone()));
    for item in tail.body.iter().flat_map(|body| &body.items) {
        match item {
            Item::Element(element) => collect(&element.tail, engines, protocols),
            Item::Link(link) => protocols.extend(link.protocols.iter().map(|it| it.text.clone())),
            Item::Property(_) => {}
        }
    }
}

/// Each row is a field or, where it is a definition, a constant; a configuration may set the fields, to whatever it
/// likes and nothing else with them.
#[test]
fn each_parameter_can_be_set_unless_it_is_a_definition() {
    for row in parameters() {
        let mut all = Parameters::default();
        assert_eq!((row.of(&all), parameter(row.name).map(|it| it.title)), (row.default, Some(row.title)));
        let value = row.default.value * 2.0;
        all.set(row, value);
        let others = |it: &&loadpath::catalogue::Parameter| it.of(&all) != it.default;
        let changed: Vec<_> = parameters().iter().filter(others).map(|it| it.name).collect();
        if let Some(why) = row.fixed {
            assert!(changed.is_empty() && !why.is_empty(), "{}: {changed:?}", row.name);
            continue;
        }
        assert_eq!(changed, [row.name]);
        let fact = row.of(&all);
        assert!(fact.is_own() && fact.value == value && fact.unit == row.default.unit, "{fact:?}");
    }
    let fixed: Vec<_> = parameters().iter().filter(|it| it.fixed.is_some()).map(|it| it.name).collect();
    assert_eq!(fixed, ["month", "utilisation_limit", "year"]);
}

/// The defaults keep to their own bounds.
#[test]
fn defaults_are_within_their_bounds() {
    for row in parameters() {
        assert!(row.default.value >= row.least.unwrap_or(f64::MIN_POSITIVE), "{}", row.name);
        if let Some(other) = row.at_most.and_then(parameter) {
            assert!(row.default.value <= other.default.value, "{} is at most {}", row.name, other.name);
            assert_eq!(row.default.unit, other.default.unit, "{}", row.name);
        }
    }
}
