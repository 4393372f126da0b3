//! What may be written at a place: what is offered, how it is put into what stands there, and that the check takes it.

mod taken;
mod usual;

use loadpath::check::{Config, NoFiles, Session};
use loadpath::editor::View;
use loadpath::editor::completion::{Completion, Proposal, completion};
use loadpath::source::{FileId, SourceFile};

/// What is offered at `‸`, which is taken out of the text.
fn at_cursor(text: &str) -> Completion {
    let at = text.find('‸').expect("the place is marked");
    asked(&text.replace('‸', ""), at).expect("it is a place of a design")
}

fn asked(text: &str, at: usize) -> Option<Completion> {
    let mut session = Session::default();
    let checked = session.check(SourceFile::new("shop.arch", text), &NoFiles, &Config::default());
    let view = View::of(&checked, session.trees());
    completion(&view, FileId(0), at as u32, &|| vec!["common.arch".to_owned(), "parts/edge.arch".to_owned()])
}

fn labels(text: &str) -> Vec<String> {
    at_cursor(text).proposals.into_iter().map(|it| it.label).collect()
}

fn proposal(text: &str, label: &str) -> Proposal {
    let found = at_cursor(text).proposals.into_iter().find(|it| it.label == label);
    found.unwrap_or_else(|| panic!("`{label}` is offered"))
}

/// What stands there once a proposal is taken by an editor that fills in snippets.
fn written(text: &str, label: &str) -> String {
    let Proposal { snippet, text: plain, .. } = proposal(text, label);
    let word = at_cursor(text).word;
    let mut text = text.replace('‸', "");
    let new = snippet.or(plain).unwrap_or_else(|| label.to_owned());
    text.replace_range(word.start as usize..word.end as usize, &new);
    text
}

fn offers(text: &str, wanted: &str) {
    let labels = labels(text);
    let missing: Vec<&str> = wanted.split(' ').filter(|it| !labels.iter().any(|known| known == it)).collect();
    assert!(missing.is_empty(), "{missing:?} is not among {labels:?} in {text}");
}

fn withholds(text: &str, unwanted: &str) {
    let labels = labels(text);
    let found: Vec<&str> = unwanted.split(' ').filter(|it| labels.iter().any(|known| known == it)).collect();
    assert!(found.is_empty(), "{found:?} is offered in {text}");
}

const SHOP: &str = "\
client web
service api #core
database orders : postgres
queue mails : sqs
worker mailer
region eu { service pay }
network dmz { service gate }
web -> api -> orders
api ~> mails ~> mailer
flow buy { web -> api -> orders }
template ha : database { failover = 30s }
template big : ha { shards = 4 }
";

fn shop(more: &str) -> String {
    format!("{SHOP}{more}")
}

/// Where `=` follows, the name alone is written.
#[test]
fn a_property_brings_no_second_sign() {
    for (text, label, wanted) in [
        ("service y { ca‸ = 30/s }", "capacity", "service y { capacity = 30/s }"),
        ("service y { ca‸= 30/s }", "capacity", "service y { capacity= 30/s }"),
        ("service y { ca‸ 30/s }", "capacity", "service y { capacity = 30/s }"),
        ("service y { ca‸ }", "capacity", "service y { capacity = $0 }"),
        ("service y { ca‸, zones = 3 }", "capacity", "service y { capacity = $0, zones = 3 }"),
        ("service y { be‸ }", "because", "service y { because = \"$0\" }"),
        ("web -> api { ti‸ = 1s }", "timeout", "web -> api { timeout = 1s }"),
        ("flow f { sh‸ = 10% }", "share", "flow f { share = 10% }"),
        ("constraint c { le‸ = warning }", "level", "constraint c { level = warning }"),
        ("constraint c { fo‸ = a -> b }", "forbid", "constraint c { forbid = a -> b }"),
    ] {
        assert_eq!(written(text, label), wanted);
    }
}

/// Behind a sign what is written has the blank of the one form, unless it is there; behind a bracket of a list it has none.
#[test]
fn what_is_taken_stands_a_blank_behind_its_sign() {
    for (text, label, wanted) in [
        ("cache y { ttl =‸ }", "1h", "cache y { ttl = 1h }"),
        ("cache y { ttl = ‸ }", "1h", "cache y { ttl = 1h }"),
        ("cache y { ttl =5‸ }", "5min", "cache y { ttl = 5min }"),
        ("service y {ca‸ }", "capacity", "service y { capacity = $0 }"),
        ("database y { data =‸ }", "pii", "database y { data = pii }"),
        ("database y { data = [‸] }", "pii", "database y { data = [pii] }"),
        ("database y { data = [pii,‸] }", "pci", "database y { data = [pii, pci] }"),
        ("database y :‸", "postgres", "database y : postgres"),
        ("client a\nservice b\na ->‸", "b", "client a\nservice b\na -> b"),
        ("client a\nservice b\na -> b :h‸", "https", "client a\nservice b\na -> b : https"),
        ("service b #core\nservice c #‸", "core", "service b #core\nservice c #core"),
    ] {
        assert_eq!(written(text, label), wanted);
    }
}

/// An engine that is like another speaks its protocol too; who is called decides, and then who calls.
#[test]
fn a_protocol_that_an_engine_speaks_comes_first() {
    let first = |engine: &str, link: &str| {
        let text = format!("service a\nqueue jobs : {engine}\nservice b : postgres\n{link} : ‸");
        labels(&text).into_iter().take(4).collect::<Vec<_>>()
    };
    for engine in ["rabbitmq", "rabbitmq_quorum", "rabbitmq_classic"] {
        assert_eq!(first(engine, "a ~> jobs")[..2], ["amqp", "amqps"]);
        assert_eq!(first(engine, "jobs ~> a")[..2], ["amqp", "amqps"]);
    }
    assert_eq!(first("rabbitmq", "jobs ~> b"), ["postgres", "tls", "amqp", "amqps"]);
    assert_eq!(first("msk", "a ~> jobs")[0], "kafka");
    assert_eq!(first("sqs", "a ~> jobs"), first("sqs", "a -> nothing"));
}

/// What follows a statement's word stays what it is: nothing is to be filled in.
#[test]
fn a_statement_is_bare_where_its_name_follows() {
    for (text, label, wanted) in [
        ("cl‸ web", "client", "client web"),
        ("fl‸ f { a -> b }", "flow", "flow f { a -> b }"),
        ("sy‸ \"Shop\" { }", "system", "system \"Shop\" { }"),
        ("con‸ { }", "constraint", "constraint { }"),
        ("reg‸ east { }", "region", "region east { }"),
        ("cl‸", "client", "client ${1:name}"),
    ] {
        assert_eq!(written(text, label), wanted);
    }
}

#[test]
fn before_an_arrow_stand_sources_alone() {
    let labels = labels(&shop("‸ -> orders\n"));
    assert_eq!(labels, ["api", "gate", "mailer", "mails", "pay", "web"]);
}

#[test]
fn what_a_clause_asks_for_are_properties() {
    let text = shop("constraint c { require = kind database { ‸ } }");
    offers(&text, "backup shards encrypted_at_rest");
    withholds(&text, "level forbid require hit_ratio strategy");
    offers(&shop("constraint c { require = api { ‸ } }"), "capacity");
    offers(&shop("constraint c { require = kind any where { ‸ } { backup } }"), "data hit_ratio");
    offers(&shop("constraint c { forbid = web -> api with { ‸ } }"), "timeout");
    withholds(&shop("constraint c { require = kind database { backup, ‸ } }"), "backup");
    assert_eq!(
        written("constraint c { require = kind queue { ‸ } }", "max_length"),
        "constraint c { require = kind queue { max_length } }"
    );
}

#[test]
fn a_clause_speaks_of_kinds_of_the_language() {
    offers(&shop("constraint c { forbid = kind ‸ }"), "any database flow system");
    withholds(&shop("constraint c { forbid = kind ‸ }"), "ha big region network api");
    withholds(&shop("constraint c { forbid = kind client -> kind ‸ }"), "flow system ha");
    offers(&shop("constraint c { forbid = ‸ }"), "kind api eu buy");
    withholds(&shop("constraint c { forbid = kind client -> ‸ }"), "buy");
    offers(&shop("constraint c { forbid = kind client ‸ }"), "where");
    offers(&shop("constraint c { forbid = kind client -> api ‸ }"), "where with");
    offers(&shop("constraint c { forbid = kind client -> ... -> api ‸ }"), "where without");
    offers(&shop("constraint c { forbid = kind client -> api : https | ‸ }"), "grpc");
}

#[test]
fn a_link_leads_to_components_and_not_to_its_own_source() {
    withholds(&shop("web -> ‸"), "eu dmz web buy");
    offers(&shop("web -> ‸"), "api pay gate");
    withholds(&shop("service a { -> ‸ }"), "a");
    withholds(&shop("web, api -> ‸"), "web api");
    withholds(&shop("web -> (pay, ‸)"), "web pay");
    offers(&shop("eu -> ‸ : replication"), "dmz");
}

#[test]
fn a_step_of_a_flow_is_a_declared_link() {
    assert_eq!(labels(&shop("flow f { web -> ‸ }")), ["api"]);
    assert_eq!(labels(&shop("flow f { web -> api ~> ‸ }")), ["mails"]);
    assert!(proposal(&shop("flow f { web -> ‸ }"), "api").is_likely);
    offers(&shop("flow f { eu.pay -> ‸ }"), "api orders");
}

/// What stands at the cursor alone is being written: it declares nothing.
#[test]
fn a_half_typed_word_is_not_offered_back() {
    withholds("client web\nserv‸", "serv");
    offers("client web\nserv‸", "service");
    withholds("service y #h‸", "h");
    withholds("service x #hot\nservice y #h‸", "h");
    offers("service x #hot\nservice y #h‸", "hot");
    withholds(&shop("template t : ser‸"), "t");
    withholds(&shop("template ha : ‸"), "ha big");
    offers(&shop("template t : ‸"), "ha big service region");
    withholds("service y { caches = ‸ }", "y");
}

#[test]
fn units_follow_the_number_that_is_typed() {
    for (text, wanted) in [
        ("web -> api { timeout = 250‸ }", "250ms 250s 250min 250h 250d"),
        ("web -> api { timeout = 250m‸ }", "250ms 250min 250month"),
        ("web -> api { timeout = 40..50‸ }", "40..50ms 40..50s"),
        ("service a { capacity = 250‸ }", "250/s 250k/s 250/day 250Mbps"),
        ("service a { capacity = 2k/‸ }", "2k/s 2k/min 2k/day"),
        ("system \"S\" { per_user = 20/‸ }", "20/day 20/s"),
        ("system \"S\" { per_user = 20/d‸ }", "20/day"),
        ("system \"S\" { daily_users = 10‸ }", "10 10k 10M"),
        ("system \"S\" { reads_per_write = 100‸ }", "100 100:1"),
        ("system \"S\" { availability = 99.9‸ }", "99.9%"),
        ("system \"S\" { record_size = 2k‸ }", "2KB 2KiB"),
    ] {
        offers(text, wanted);
        assert!(at_cursor(text).is_incomplete, "another digit brings other figures");
    }
    withholds("web -> api { timeout = 250m‸ }", "250s 200ms none");
    assert_eq!(labels("system \"S\" { per_user = 20‸ }")[0], "20/day");
}

#[test]
fn what_there_are_few_of_is_not_counted_in_thousands() {
    for property in ["zones", "replicas", "regions", "needs"] {
        withholds(&format!("service a {{ {property} = ‸ }}"), "1k 1M");
        assert_eq!(labels(&format!("service a {{ {property} = 3‸ }}")), ["3"]);
    }
    offers("service a { zones = ‸ }", "2 3");
}

#[test]
fn what_is_usual_of_a_kind_comes_first() {
    let first = |text: &str, count: usize| labels(text).into_iter().take(count).collect::<Vec<_>>();
    assert_eq!(first("client y { ‸ }", 4), ["rate", "from", "concurrent", "daily_users"]);
    withholds("client y { ‸ }", "caches max_length on_full waf backup hit_ratio");
    assert_eq!(first("cache y { ‸ }", 4), ["caches", "strategy", "ttl", "hit_ratio"]);
    assert_eq!(first("queue y { ‸ }", 2), ["max_length", "on_full"]);
    assert!(first("service y { ‸ }", 3).contains(&"capacity".to_owned()));
    assert!(first("web -> api { ‸ }", 3).contains(&"timeout".to_owned()));
    withholds("database y { ‸ }", "strategy daily_users");
    offers("database y { ‸ }", "networks because lag memory");
    withholds("client y { ‸ }", "availability capacity zones");
    let database = labels("database y { ‸ }");
    let place = |name: &str| database.iter().position(|it| it == name);
    assert!(place("waf") > place("because"), "what no database states is last");
}

/// Nothing is left out everywhere.
#[test]
fn each_property_is_offered_somewhere() {
    let mut known: Vec<String> = Vec::new();
    let kinds = loadpath::catalogue::Kind::ALL.map(|it| format!("{it} y {{ ‸ }}"));
    let others = [
        "system \"S\" { ‸ }",
        "flow f { ‸ }",
        "constraint c { ‸ }",
        "region r { ‸ }",
        "client a\na -> b { ‸ }",
    ];
    for text in kinds.into_iter().chain(others.map(str::to_owned)) {
        known.extend(labels(&text));
    }
    let all = loadpath::model::Property::ALL.iter().map(|it| it.name());
    let missing: Vec<&str> = all.filter(|name| !known.iter().any(|it| it == name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_dotted_name_goes_on_with_what_the_group_holds() {
    assert_eq!(labels(&shop("web -> eu.‸")), ["pay"]);
    assert_eq!(labels(&shop("web -> eu.p‸")), ["pay"]);
    assert_eq!(labels(&shop("eu.‸ -> api")), ["pay"]);
    assert_eq!(labels(&shop("service b { on = eu.‸ }")), ["pay"]);
    assert_eq!(labels(&shop("web -> e‸u.pay")), ["dmz", "eu"]);
    assert_eq!(labels(&shop("web -> nowhere.‸")), [""; 0]);
    assert_eq!(written(&shop("web -> eu.p‸\n"), "pay"), shop("web -> eu.pay\n"));
}

/// A name is written as it leads to what it names: short in its own group, dotted where two bear it.
#[test]
fn a_name_is_as_long_as_it_has_to_be() {
    let two = "client web\nregion eu { service pay; database db }\nregion us { service pay\n";
    offers(&format!("{two}}}\nweb -> ‸"), "eu.pay us.pay db");
    offers(&format!("{two} service till\n till -> ‸ }}"), "pay eu.pay db");
    let template = "template stamp : region {\n service api\n database db\n api -> ‸\n}\nstamp one, two\n";
    offers(template, "db");
}

#[test]
fn an_include_names_files_of_the_project() {
    assert_eq!(labels("include \"‸\""), ["common.arch", "parts/edge.arch"]);
    assert_eq!(written("include \"com‸\"\nclient web", "common.arch"), "include \"common.arch\"\nclient web");
    assert_eq!(written("include \"com‸\nclient web", "common.arch"), "include \"common.arch\"\nclient web");
    assert_eq!(labels("client web \"‸\""), [""; 0]);
}

#[test]
fn sources_stand_in_parentheses_too() {
    offers(&shop("(web, ‸) -> api"), "pay gate");
    withholds(&shop("(web, ‸) -> api"), "web api");
    offers(&shop("(‸"), "web api");
}

#[test]
fn another_relation_follows_a_target() {
    assert_eq!(labels(&shop("web -> api els‸")), ["else"]);
    assert_eq!(labels(&shop("flow f { web -> api els‸ }")), ["else"]);
    assert_eq!(labels(&shop("web -> api, pay els‸")), [""; 0]);
    assert!(at_cursor(&shop("web -> api ‸")).may_end);
    offers(&shop("web -> api else ‸"), "pay");
}

#[test]
fn groups_of_a_sort_are_values() {
    assert_eq!(labels(&shop("service b { networks = ‸ }")), ["dmz", "none"]);
    offers(&shop("service b { tags = ‸ }"), "core");
}

#[test]
fn a_rule_is_found_by_its_code() {
    assert_eq!(proposal("allow LP3‸", "overloaded").sought.as_deref(), Some("LP301"));
    assert_eq!(proposal("allow LP2‸", "missing-timeout").sought.as_deref(), Some("LP209"));
    assert_eq!(proposal("allow l‸", "overloaded").sought.as_deref(), Some("LP301"));
    assert_eq!(proposal("allow over‸", "overloaded").sought, None);
    // An editor that asks but once finds both.
    assert_eq!(proposal("allow ‸", "overloaded").sought.as_deref(), Some("overloaded LP301"));
    assert!(at_cursor("allow ‸").is_incomplete);
    assert_eq!(labels("allow overloaded ‸"), ["on"]);
    assert_eq!(labels(&shop("allow missing-timeout on api -> ‸")), ["orders"]);
}

#[test]
fn what_is_stated_is_not_offered_again() {
    withholds("flow f { share = 10%, ‸ }", "share");
    withholds("flow f {\n ‸\n share = 10%\n}", "share");
    withholds("client a\na -> b { timeout = 1s, ‸ }", "timeout");
    withholds("service a x3 : go { ‸ }", "replicas engine");
    withholds("database a { data = [pii, ‸] }", "pii none");
    withholds("client a\na -> b : https, ‸", "https");
    assert_eq!(
        labels("client a\nservice b\na -> b { method = ‸ }"),
        ["post", "get", "head", "put", "patch", "delete", "none"]
    );
}

#[test]
fn a_kind_says_what_it_is_for() {
    assert_eq!(proposal("ser‸", "service").detail, "a program of yours that answers requests");
    assert!(proposal("ser‸", "service").told.contains("assumed"));
    assert_eq!(proposal("reg‸", "region").detail, "a geographical region; what it holds fails with it");
    assert!(proposal("database d : ‸", "postgres").told.contains("postgres"));
    assert_eq!(labels("database d : ‸")[0], "postgres");
}

#[test]
fn nothing_is_offered_in_comments_and_texts() {
    for text in [
        "// ser‸",
        "/* ser‸ */",
        "service a \"ser‸\"",
        "service a { because = \"x‸\" }",
        "service ‸",
        "flow ‸",
    ] {
        assert_eq!(labels(text), [""; 0], "{text}");
    }
}

/// Ten thousand names are not sent for each letter: those that hold the letters are, and the others when it is more of them.
#[test]
fn of_very_many_names_those_that_fit_are_offered() {
    let mut text = String::new();
    for at in 0..3_000 {
        text += &format!("service part{at}\n");
    }
    let found = at_cursor(&format!("{text}part1 -> p29‸"));
    assert!(found.is_incomplete);
    assert!(found.proposals.len() < 1_000);
    assert!(found.proposals.iter().any(|it| it.label == "part299"));
}

/// An editor asks in the middle of whatever stands there.
#[test]
fn any_place_of_a_broken_text_can_be_asked() {
    let broken = "fl ow { = -> ( , é \u{202e} \"ü\n} } x3 .. a. .b 2k/ 40.. # -> ) : | [ , kind where { with \\ </script>\ninclude \"ü";
    for text in
        [broken.to_owned(), shop(broken), format!("constraint c {{ {broken}"), format!("require = {broken}")]
    {
        for at in (0..=text.len()).filter(|it| text.is_char_boundary(*it)) {
            asked(&text, at);
        }
    }
}

/// An editor that takes the first proposal where Enter is hit leaves what is whole as it is.
#[test]
fn what_is_typed_in_full_comes_first() {
    for text in [
        "web -> api { retries = 1‸ }",
        "service a { zones = 2‸ }",
        "web -> api { calls = 0.3‸ }",
        "system \"S\" { peak_factor = 2‸ }",
        "system \"S\" { reads_per_write = 50‸ }",
        "system \"S\" { reads_per_write = 50:1‸ }",
        "system \"S\" { daily_users = 2‸ }",
        "web -> api { timeout = 5ms‸ }",
        "web -> api : http‸",
        "database b { replication = sync‸ }",
        "service rate_limiter { rate‸ }",
    ] {
        let typed =
            text.split_once('‸').expect("it is marked").0.rsplit(' ').next().expect("a word is typed");
        assert_eq!(labels(&shop(text))[0], typed, "{text}");
    }
    assert_eq!(labels("allow lp301‸")[0], "overloaded");
    // What was offered for `ht` has `https` first: another letter is asked about anew.
    assert!(at_cursor(&shop("web -> api : ht‸")).is_incomplete);
    assert!(!at_cursor(&shop("web -> api : https‸")).is_incomplete);
}

/// A figure shows a unit near what designs state: nobody promises to be up half of the time.
#[test]
fn a_proposed_figure_is_near_what_designs_state() {
    for (text, far) in [
        ("system \"S\" { availability = ‸ }", "50% 10% 1%"),
        ("service a { slo = ‸ }", "50% 10% 1%"),
        ("database a { retention = ‸ }", "10ms 200ms 1s 30s"),
        ("system \"S\" { rpo = ‸ }", "10ms 1y"),
        ("system \"S\" { rto = ‸ }", "10ms 1y"),
        ("database a { failover = ‸ }", "10ms 1h"),
        ("cache a { memory = ‸ }", "500B 1KB 1MB"),
    ] {
        withholds(text, far);
    }
    offers("database a { retention = ‸ }", "1y 7d 1d");
    offers("cache a { memory = ‸ }", "4GB 10GB");
    assert_eq!(labels("service a { replicas = ‸ }")[..3], ["2", "3", "1"]);
}

/// Where designs mostly say a word, words come before figures, the usual ones first.
#[test]
fn words_come_as_designs_state_them() {
    let first = |text: &str, count: usize| labels(text).into_iter().take(count).collect::<Vec<_>>();
    let backoff = labels("web -> api { backoff = ‸ }");
    let place = |word: &str| backoff.iter().position(|it| it == word).expect("it is offered");
    assert_eq!(backoff[0], "jitter");
    assert!(place("linear") < place("100ms"));
    assert_eq!(first("database a { data = ‸ }", 2), ["pii", "financial"]);
    assert_eq!(first("database a { failover = ‸ }", 3), ["60s", "30s", "manual"]);
    assert_eq!(first("client a\nmonitoring m\na -> m { for = ‸ }", 1), ["telemetry"]);
}

/// What a link may lead to comes as designs are built: from the edge inwards, and what nothing leads to yet first.
#[test]
fn what_usually_follows_is_the_first_target() {
    const PARTS: &str = "\
client app
load_balancer lb
service api, basket
database data
cache fast
queue jobs
worker mailer
third_party pay
";
    let first = |link: &str, count: usize| {
        labels(&format!("{PARTS}{link}")).into_iter().take(count).collect::<Vec<_>>()
    };
    assert_eq!(first("app -> ‸", 4), ["lb", "api", "basket", "mailer"]);
    assert_eq!(first("lb -> ‸", 2), ["api", "basket"]);
    assert_eq!(
        first("lb -> api\nlb -> ‸", 8),
        ["basket", "mailer", "data", "fast", "jobs", "pay", "app", "api"]
    );
    assert_eq!(first("jobs ~> ‸", 3), ["mailer", "api", "basket"]);
    assert_eq!(first("api ~> ‸", 1), ["jobs"]);
    assert_eq!(first("lb -> basket\napi -> ‸", 5), ["data", "fast", "mailer", "basket", "pay"]);
    assert_eq!(first("service extra { -> ‸ }", 2), ["api", "basket"]);
    // The block's owner says what it comes from.
    assert_eq!(labels(&format!("{PARTS}cdn near {{ -> ‸ }}"))[0], "lb");
}

#[test]
fn a_target_that_closes_a_circle_or_is_linked_already_is_last() {
    let parts = "service a\nservice b\nservice c\nservice d\na -> b -> c\n";
    assert_eq!(labels(&format!("{parts}c -> ‸")), ["d", "a", "b"]);
    assert_eq!(labels(&format!("{parts}a -> ‸")), ["d", "c", "b"]);
    // Who sends a message does not wait.
    assert_eq!(labels(&format!("{parts}c ~> ‸")), ["a", "d", "b"]);
}

#[test]
fn a_cache_copies_a_store_before_another_cache() {
    assert_eq!(labels("cache early\ndatabase orders\ncache y { caches = ‸ }")[..2], ["orders", "early"]);
}

/// Behind a link another is likely, and a flow is its paths: what they start from comes before all else.
#[test]
fn what_a_link_starts_from_comes_first_where_links_are_written() {
    let first = |text: &str, count: usize| labels(&shop(text)).into_iter().take(count).collect::<Vec<_>>();
    assert_eq!(first("flow f {\n ‸\n}", 2), ["web", "api"]);
    assert_eq!(first("flow f { ‸ }", 1), ["web"]);
    assert_eq!(first("flow f {\n reads = 1/s\n ‸\n}", 1), ["web"]);
    assert_eq!(first("flow f {\n web -> api\n ‸\n reads = 1/s\n}", 1), ["web"]);
    assert_eq!(first("flow f {\n web -> api\n reads = 1/s\n ‸\n}", 1), ["writes"]);
    assert_eq!(first("flow f {\n ‸\n web -> api\n}", 1), ["writes"]);
    assert_eq!(first("web -> pay\n\n// and\n‸", 2), ["api", "gate"]);
    assert_eq!(first("web -> pay { timeout = 1s }\n‸", 2), ["api", "gate"]);
    assert_eq!(first("region us {\n service x\n x -> api\n ‸\n}", 2), ["api", "gate"]);
    for other in
        ["", "allow missing-timeout on web -> api\n", "service b { -> api }\n", "flow f { web -> api }\n"]
    {
        assert_eq!(first(&format!("{other}‸"), 3), ["big", "ha", "service"], "{other}");
    }
}

/// A design begins with its system and who calls; what is accepted comes at its end.
#[test]
fn an_empty_design_begins_with_its_system() {
    let labels = labels("‸");
    assert_eq!(labels[..4], ["system", "service", "client", "database"]);
    assert_eq!(labels.last().map(String::as_str), Some("allow"));
}

/// What an `allow` speaks of comes first where its rule finds something now, links included.
#[test]
fn a_place_of_a_finding_comes_first() {
    let text = "\
client web { rate = 50/s }
service shop x2
service quotes x2
third_party bank
database orders : postgres
web -> shop : https
shop -> quotes : grpc { timeout = none }
shop -> bank : https
shop -> orders
quotes -> orders { timeout = 100ms }
";
    let at = |more: &str| labels(&format!("{text}{more}"));
    let places = at("allow missing-timeout on ‸");
    assert_eq!(places[..3], ["shop -> bank", "shop -> orders", "shop -> quotes"]);
    assert_eq!(places[3..], ["bank", "orders", "quotes", "shop", "web"]);
    assert_eq!(at("allow lp209 on ‸"), places);
    assert_eq!(at("allow lp309 on ‸")[0], "shop");
    assert_eq!(at("allow missing-timeout on shop ‸"), ["->"]);
    assert_eq!(at("allow missing-timeout on web -> shop, shop ‸"), ["->"]);
    assert_eq!(at("allow missing-timeout on quotes ‸"), [""; 0]);
    assert_eq!(at("allow missing-timeout on quotes -> ‸"), ["orders"]);
    assert!(at_cursor(&format!("{text}allow missing-timeout on shop ‸")).may_end);
}

/// Behind a name who asks is told what may go on; a blank alone opens no list.
#[test]
fn what_goes_on_behind_a_name_is_offered() {
    for (text, wanted) in [
        ("service extra ‸", "x2|:|{ }"),
        ("service extra x‸", "x2|:|{ }"),
        ("service extra x3 ‸", ":|{ }"),
        ("database extra : postgres ‸", "x2|{ }"),
        ("ha extra ‸", "x2|:|{ }"),
        ("region us ‸", "{ }"),
        ("web -> pay : https ‸", "{ }"),
        ("web ‸", "->|~>"),
        ("web, api ‸", "->|~>"),
        ("flow f { web ‸ }", "->|~>"),
    ] {
        assert_eq!(labels(&shop(text)).join("|"), wanted, "{text}");
        assert!(at_cursor(&shop(text)).may_end, "{text}");
    }
    for text in ["service extra, ‸", "service y { api ‸ }", "web ‸ -> api", "flow f { web -> api : tls ‸ }"]
    {
        assert_eq!(labels(&shop(text)), [""; 0], "{text}");
    }
    assert_eq!(written("service y ‸", "{ }"), "service y { $0 }");
}
