//! The mock interview: its bank of prompts, and what a candidate's file gets for an answer.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use loadpath::analysis::estimate::Amount;
use loadpath::check::{Config, NoFiles};
use loadpath::interview::{
    Answered, Level, Nearness, Prompt, Refusal, Session, Step, Tier, Topic, Verdict, ask, prompts, start,
};
use loadpath::report::interview::{FORMATS, Outcome};
use loadpath::report::text::Look;
use loadpath::rules;
use loadpath::source::SourceFile;
use loadpath::syntax;
use proptest::prelude::*;
use serde_json::Value;

use crate::cli::Folder;

/// Each prompt at each of its scales.
fn tiers() -> impl Iterator<Item = (&'static Prompt, &'static Tier)> {
    prompts().iter().flat_map(|prompt| prompt.tiers.iter().map(move |tier| (prompt, tier)))
}

fn figure(amount: Amount) -> f64 {
    match amount {
        Amount::Count(it) => it,
        Amount::Rate(it) => it.per_second(),
        Amount::Size(it) => it.bytes(),
        Amount::Throughput(it) => it.bytes_per_second(),
    }
}

// ---- the bank

#[test]
fn the_bank_is_as_large_as_is_promised_and_every_prompt_is_whole() {
    assert!(prompts().len() >= 20, "{}", prompts().len());
    for prompt in prompts() {
        let name = prompt.name;
        assert!(name.chars().all(|it| it.is_ascii_lowercase() || it == '-'), "{name}");
        assert!(!prompt.ask.contains(|it: char| it.is_ascii_digit()), "{name}: its task has a number");
        assert!((2..=4).contains(&prompt.tiers.len()), "{name}");
        assert!((5..=9).contains(&prompt.topics.len()), "{name}");
        assert!((3..=6).contains(&prompt.reckonings.len()), "{name}");
        assert!((3..=6).contains(&prompt.mistakes.len()), "{name}");
        assert!(prompt.topics.iter().all(|it| (1..=3).contains(&it.points)), "{name}");
    }
}

/// No two topics of a prompt are called the same, or nobody could tell which is asked for.
#[test]
fn each_word_means_one_topic() {
    for prompt in prompts() {
        let mut seen = BTreeSet::new();
        for topic in prompt.topics {
            let names: BTreeSet<String> =
                topic.words.iter().chain([&topic.name]).map(|it| it.replace('-', " ")).collect();
            for name in names {
                assert_eq!(name, name.to_lowercase(), "{}", prompt.name);
                assert!(seen.insert(name.clone()), "{}: `{name}` means two topics", prompt.name);
            }
        }
        let names: BTreeSet<&str> = prompt.reckonings.iter().map(|it| it.name).collect();
        assert_eq!(names.len(), prompt.reckonings.len(), "{}", prompt.name);
    }
}

/// The reference designs are sound: with all that an interviewer would ask nothing is found, and nothing is accepted.
#[test]
fn nothing_is_found_in_any_reference_design() {
    for (prompt, tier) in tiers() {
        let reference = tier.reference();
        let found: Vec<&str> = reference.diagnostics.iter().map(|it| it.message.as_str()).collect();
        assert!(found.is_empty(), "{} {}: {found:#?}", prompt.name, tier.name);
        assert!(reference.suppressed.is_empty(), "{} {}", prompt.name, tier.name);
        assert_eq!(syntax::format(tier.design).as_deref(), Ok(tier.design), "{} {}", prompt.name, tier.name);
        assert!(tier.summary().ends_with('.'), "{} {}: {}", prompt.name, tier.name, tier.summary());
    }
}

#[test]
fn every_answer_is_filled_from_every_design_and_every_estimate_has_its_figure() {
    for (prompt, tier) in tiers() {
        for topic in prompt.topics {
            let answer = topic.answer(tier);
            assert!(!answer.contains(['{', '}']), "{} {}: {answer}", prompt.name, tier.name);
            for name in topic.states {
                let is_told = topic.answer.contains(&format!("{{{name}}}"));
                assert!(is_told, "{} {}: {name} is not told", prompt.name, topic.name);
            }
        }
        let reference = tier.reference();
        for reckoning in prompt.reckonings {
            let line = reckoning.line(&reference);
            let value = line.map(|it| figure(it.amount));
            let is_figure = value.is_some_and(|it| it.is_finite() && it > 0.0);
            assert!(is_figure, "{} {}: {} is {value:?}", prompt.name, tier.name, reckoning.figure);
        }
    }
}

#[test]
fn the_rules_that_mistakes_name_are_there() {
    for prompt in prompts() {
        for code in prompt.mistakes.iter().flat_map(|it| it.rules) {
            assert!(rules::find(code).is_some(), "{}: {code}", prompt.name);
        }
    }
}

// ---- to begin

/// What a candidate begins with has no number of the system, says nothing of what there is to ask, and is in its form.
#[test]
fn a_file_to_begin_with_gives_nothing_away() {
    for (prompt, tier) in tiers() {
        let text = start(prompt, tier, None);
        assert_eq!(syntax::format(&text).as_deref(), Ok(text.as_str()), "{} {}", prompt.name, tier.name);
        let told: String = text.lines().filter(|it| !it.contains(" minutes. ")).collect();
        assert!(!told.contains(|it: char| it.is_ascii_digit()), "{} {}: {told}", prompt.name, tier.name);
        let is_number = |it: &&str| ["million", "billion"].contains(it) || it.ends_with("thousand");
        assert!(!tier.about.split(' ').any(|it| is_number(&it)), "{} {}", prompt.name, tier.about);
        assert!(prompt.topics.iter().all(|it| !text.contains(it.asks)), "{}", prompt.name);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let session = Session::read(&text).expect("it names its interview");
        assert_eq!((session.prompt.name, session.tier.name), (prompt.name, tier.name));
        assert_eq!(session.open(), prompt.topics.len());
        assert_eq!(session.estimated.len(), prompt.reckonings.len());
    }
}

// ---- to ask

/// The clock of the page has the phases that the file tells.
#[test]
fn the_page_gives_each_step_as_long_as_the_file_says() {
    let clock = include_str!("../page/src/serve/clock.ts");
    let text = begun("chat", "launch");
    let told = |line: &str| {
        let (name, minutes) = line.strip_prefix("// ")?.split_once(" minutes.")?.0.split_once(", ")?;
        Some(format!("[\"{name}\", {minutes}]"))
    };
    let phases: Vec<String> = text.lines().filter_map(told).collect();
    assert_eq!(phases.len(), Step::ALL.len(), "{text}");
    assert!(phases.iter().all(|it| clock.contains(it)), "{phases:?}");
}

fn prompt(name: &str) -> &'static Prompt {
    Prompt::find(name).unwrap_or_else(|| panic!("there is no prompt `{name}`"))
}

/// A candidate's first file for a prompt.
fn begun(name: &str, tier: &str) -> String {
    let prompt = prompt(name);
    start(prompt, prompt.tier(tier).unwrap_or_else(|| panic!("`{name}` has no tier `{tier}`")), None)
}

fn answered(text: &str, words: &str) -> Answered {
    ask(text, words).unwrap_or_else(|why| panic!("{words}: {why:?}\n{text}"))
}

/// Asks for some topics, one after the other.
fn asked<'a>(text: &str, topics: impl IntoIterator<Item = &'a Topic>) -> String {
    topics.into_iter().fold(text.to_owned(), |text, topic| answered(&text, topic.name).text)
}

#[test]
fn an_answer_is_written_into_the_file() {
    let first = answered(&begun("chat", "launch"), "How many people use it?");
    insta::assert_snapshot!(answered(&first.text, "may a message be lost?").text);
    assert_eq!((first.topic.name, first.is_known), ("traffic", false));
    assert_eq!(first.flows, ["send"]);
}

/// Every topic is found by its own name and by each of its words, also within a sentence and in capitals.
#[test]
fn a_topic_is_found_by_each_of_its_words() {
    for prompt in prompts() {
        let text = start(prompt, &prompt.tiers[0], None);
        for topic in prompt.topics {
            for word in topic.words.iter().chain([&topic.name]) {
                for question in [(*word).to_owned(), format!("And {}?!", word.to_uppercase())] {
                    assert_eq!(
                        answered(&text, &question).topic.name,
                        topic.name,
                        "{}: {question}",
                        prompt.name
                    );
                }
            }
        }
    }
}

/// A good question in whole sentences is understood as what it is.
#[test]
fn a_topic_is_found_by_a_good_question() {
    let mut wrong = Vec::new();
    for prompt in prompts() {
        let text = start(prompt, &prompt.tiers[0], None);
        for topic in prompt.topics {
            let found = ask(&text, topic.asks).map_or("nothing", |it| it.topic.name);
            if found != topic.name {
                wrong.push(format!("{}: {} as {found}: {}", prompt.name, topic.name, topic.asks));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_question_is_understood_as_what_most_of_its_words_name() {
    let text = begun("url-shortener", "scale");
    for (question, topic) in [
        ("how many people follow a link, and when most?", "traffic"),
        ("what is the read/write ratio?", "ratio"),
        ("retension", "storage"),
        ("availabilty", "availability"),
        ("How long is a link kept?", "storage"),
        ("may it be down?  DOWNTIME", "availability"),
        ("is a short code guessable", "names"),
        ("How often may it be down?", "availability"),
        ("how fast should a redirect be?", "latency"),
        ("do we need statistics in real time?", "counts"),
        ("how do we keep spammers out? is there a limit on spam?", "abuse"),
        ("do links expire?", "storage"),
        ("can a user pick a custom alias", "names"),
        ("what's the read-heavy ratio, reads against writes", "ratio"),
    ] {
        assert_eq!(answered(&text, question).topic.name, topic, "{question}");
    }
    let text = begun("ride-hailing", "country");
    for (question, topic) in [
        ("How many riders and drivers are there?", "drivers"),
        ("what's the peak load", "riders"),
        ("how often do drivers send their location", "places"),
        ("how many rides per day", "riders"),
        ("can two riders get the same driver", "matching"),
        ("how long do we keep trip data", "history"),
        ("what availability do we need", "uptime"),
        ("how fast should a match be found?", "latency"),
    ] {
        assert_eq!(answered(&text, question).topic.name, topic, "{question}");
    }
    let text = begun("url-shortener", "scale");
    let long = "x ".repeat(1_000_000);
    for question in ["", "what is the colour of the logo?", "who are you", "?", "\u{202e}", "a", &long] {
        assert!(matches!(ask(&text, question), Err(Refusal::NoAnswer(8, _))), "{question:.80}");
    }
}

/// Who asks for the users is told how many they are, and where nobody counts them, what they do.
#[test]
fn who_uses_it_is_a_question_for_the_users() {
    for prompt in prompts() {
        let answered = answered(&start(prompt, &prompt.tiers[0], None), "Who uses it?");
        let has_users = |it: &Topic| it.states.iter().any(|it| it.ends_with("_users"));
        let is_right = has_users(answered.topic) || !prompt.topics.iter().any(has_users);
        assert!(is_right, "{}: {}", prompt.name, answered.topic.name);
    }
}

/// Who is not understood is told what the open questions are about, as far as any interviewer would say it.
#[test]
fn a_question_that_is_not_understood_is_helped_on() {
    let text = begun("url-shortener", "launch");
    let said = |text: &str| {
        let refusal = ask(text, "the colour of its logo").expect_err("it is no topic");
        loadpath::report::interview::refused("a.arch", &refusal)
    };
    let open = said(&text);
    for about in ["who uses it, how often, and when most", "what may be late, wrong, lost or down"] {
        assert!(open.contains(about), "{open}");
    }
    let topics = prompt("url-shortener").topics;
    assert!(topics.iter().all(|it| !open.contains(it.asks) && !open.contains(it.name)), "{open}");
    let last = said(&asked(&text, topics.iter().filter(|it| it.name != "latency")));
    assert!(last.contains("1 question is open (what may be late, wrong, lost or down)"), "{last}");
}

/// What the interviewer understands of questions as people put them: a topic, `none`, or `several`.
const QUESTIONS: &[(&str, &[(&str, &str)])] = &[
    (
        "ad-clicks",
        &[
            ("clicks per day?", "traffic"),
            ("do advertisers need the numbers in real time?", "freshness"),
            ("is it ok if we loose a few clicks?", "exactness"),
            ("what p99 for the redirect?", "promise"),
            ("how exact must counts be?", "exactness"),
            ("how quickly must clicks show up in the dashboard?", "freshness"),
            ("how many clicks per second?", "traffic"),
            ("what happens with late events?", "late-clicks"),
            ("can a click be counted twice?", "exactness"),
            ("how do we deal with bots?", "fraud"),
            ("how long is raw data stored?", "history"),
        ],
    ),
    (
        "autocomplete",
        &[
            ("DAU?", "traffic"),
            ("do we correct typos?", "matching"),
            ("what's the latency budget?", "latency"),
            ("is hate speech filtered?", "filtering"),
            ("how many queries per second?", "traffic"),
            ("how fast must suggestions appear?", "latency"),
            ("how long are searches kept?", "history"),
            ("is it personalised?", "ranking"),
            ("how many suggestions should be returned?", "none"),
            ("do we filter bad words?", "filtering"),
        ],
    ),
    (
        "chat",
        &[
            ("how big is the largest room?", "rooms"),
            ("max group size?", "rooms"),
            ("p99?", "latency"),
            ("message ordering guarantees?", "order"),
            ("how many concurrent websocket connections?", "connections"),
            ("what happens to messages while a user is offline?", "away"),
            ("asdf qwer zxcv", "none"),
            ("are messages end to end encrypted?", "none"),
            ("do messages need to be ordered?", "order"),
            ("media attachments?", "history"),
            ("how many users are there, how long are messages kept, how often may it be down?", "several"),
            ("How many people use it?", "traffic"),
            ("may a message be lost?", "delivery"),
            ("how many messages are sent a day?", "traffic"),
            ("how big can a group be?", "rooms"),
            ("can users see who is online?", "connections"),
            ("can messages be deleted?", "none"),
            ("can a user be blocked?", "none"),
            ("how many people can be in a group?", "rooms"),
            ("how fast should messages arrive?", "latency"),
            ("do we need video calls?", "none"),
            ("what happens if a server crashes?", "delivery"),
            ("how large is a message?", "history"),
            ("how many servers are there?", "none"),
            ("what is the maximum number of participants in a group chat?", "rooms"),
            ("do we need read receipts?", "none"),
            ("how long should we store the messages?", "history"),
            ("what about push notifications for offline users?", "away"),
            ("how reliable must it be?", "availability"),
            ("what latency is acceptable?", "latency"),
            ("how many users are there? do messages expire? what latency is needed?", "several"),
        ],
    ),
    (
        "collaborative-editor",
        &[
            ("how many simultaneous editors per doc?", "together"),
            ("can you undo changes?", "history"),
            ("who has permission to edit?", "sharing"),
            ("is eventual consistency fine?", "merging"),
            ("how many users edit the same document?", "together"),
            ("do we need to work offline?", "merging"),
            ("how many users are there?", "traffic"),
            ("how many people can edit a document simultaneously?", "together"),
            ("is there version history?", "history"),
        ],
    ),
    (
        "distributed-cache",
        &[
            ("cache size?", "size"),
            ("read/write ratio?", "mix"),
            ("are there hot keys?", "hot-keys"),
            ("do entries have a TTL?", "eviction"),
            ("is strong consistency required?", "staleness"),
            ("how many interviews do you do a week?", "none"),
            ("hit rate?", "none"),
            ("what happens when a node fails?", "loss"),
            ("how much data do we store?", "size"),
            ("what eviction policy should we use?", "eviction"),
            ("how many reads per write?", "mix"),
            ("how big are the values?", "size"),
            ("is it ok to lose data on restart?", "loss"),
        ],
    ),
    (
        "file-sync",
        &[
            ("how many files does a user have?", "none"),
            ("average file size?", "bytes"),
            ("do we keep old versions?", "versions"),
            ("how long until a change reaches my other laptop?", "delay"),
            ("tell me everything", "none"),
            ("how big are the files?", "bytes"),
            ("what happens when two devices edit the same file?", "conflict"),
            ("how quickly must changes sync?", "delay"),
            ("can a file be shared?", "sharing"),
            ("are files encrypted?", "sharing"),
        ],
    ),
    (
        "hotel-search",
        &[
            ("consistency?", "correctness"),
            ("how up-to-date do the prices have to be?", "freshness"),
            ("sort options?", "filters"),
            ("how much does the office cost?", "none"),
            ("can a room be double booked?", "correctness"),
            ("how many hotels are there?", "inventory"),
            ("how fresh must prices be?", "freshness"),
            ("how many searches a day?", "traffic"),
            ("do we handle payments?", "none"),
            ("what filters are there?", "filters"),
            ("how many hotels do we list?", "inventory"),
            ("can users leave reviews?", "none"),
        ],
    ),
    (
        "job-scheduler",
        &[
            ("exactly-once or at-least-once execution?", "twice"),
            ("how precise does the timing need to be?", "lateness"),
            ("what happens to a job that hangs forever?", "length"),
            ("how long do we keep the run history?", "history"),
            ("am I doing well so far?", "none"),
            ("what if a job fails?", "failure"),
            ("how long does a job run?", "length"),
            ("how long do jobs take?", "length"),
            ("can a job run twice?", "twice"),
            ("how many jobs run per day?", "traffic"),
            ("can a job be lost?", "durability"),
            ("how many retries?", "failure"),
            ("how punctual must a job be?", "lateness"),
            ("how often are jobs retried?", "failure"),
            ("can jobs depend on each other?", "none"),
            ("how late may a job start?", "lateness"),
        ],
    ),
    (
        "leaderboard",
        &[
            ("how many active players?", "traffic"),
            ("is the leaderboard global or per month?", "board-size"),
            ("how do we stop players from submitting fake scores?", "cheating"),
            ("is this a trick question?", "none"),
            ("How quickly must a new score show up in the ranking?", "freshness"),
            ("How many players compete on one leaderboard?", "board-size"),
            ("How often do people look at the leaderboard compared with scores posted?", "reads"),
            ("how many scores per second?", "traffic"),
            ("how many users do we have?", "traffic"),
            ("what about ties?", "ties"),
            ("how many matches are played a day?", "traffic"),
            ("how do we prevent cheating?", "cheating"),
            ("is the ranking real time?", "freshness"),
            ("when does the board reset?", "board-size"),
        ],
    ),
    (
        "metrics-monitoring",
        &[
            ("how many alerts are there?", "none"),
            ("how quickly must an alert be delivered?", "alarms"),
            ("how many metrics per host?", "series"),
            ("scrape interval?", "interval"),
            ("retention?", "retention"),
            ("what if the monitoring system itself dies?", "self"),
            ("which programming language do you prefer?", "none"),
            ("can data points be lost?", "gaps"),
            ("how long do we keep the metrics?", "retention"),
            ("how many servers do we monitor?", "machines"),
            ("how often are metrics collected?", "interval"),
            ("who gets alerted?", "alarms"),
        ],
    ),
    (
        "news-feed",
        &[
            ("do posts contain images or video?", "storage"),
            ("read heavy or write heavy?", "ratio"),
            ("how do we handle users with millions of followers?", "followers"),
            ("can the feed be slightly stale?", "freshness"),
            ("how is the weather today?", "none"),
            ("can a post be missed?", "none"),
            ("private posts?", "none"),
            ("what about deleted posts?", "none"),
            ("how many posts are written a day?", "ratio"),
            ("how soon must followers see a new post?", "freshness"),
            ("how many friends does a user have?", "followers"),
            ("do we need search?", "none"),
            ("is there a like button?", "none"),
            ("are there ads?", "none"),
            ("is the feed chronological or ranked?", "order"),
            ("what about celebrities?", "followers"),
        ],
    ),
    (
        "notifications",
        &[
            ("how many emails do we send daily?", "traffic"),
            ("is losing a notificaton acceptable?", "delivery"),
            ("how many notifications a day?", "traffic"),
            ("how many pushes a day?", "traffic"),
            ("can a notification be sent twice?", "delivery"),
            ("what if the SMS provider is down?", "providers"),
            ("how fast must a notification arrive?", "availability"),
            ("can users opt out?", "consent"),
            ("do we need to support email?", "none"),
        ],
    ),
    (
        "pastebin",
        &[
            ("max paste size?", "size"),
            ("do pastes expire after a while?", "expiry"),
            ("availability target?", "availability"),
            ("should I use Kubernetes?", "none"),
            ("how many pastes are made a day?", "ratio"),
            ("how long should pastes be stored?", "expiry"),
            ("how large can a paste be?", "size"),
            ("can a paste be private?", "privacy"),
            ("is there syntax highlighting?", "none"),
            ("how many pastes per day?", "ratio"),
            ("do pastes expire?", "expiry"),
        ],
    ),
    (
        "payments",
        &[
            ("TPS?", "payments"),
            ("PCI compliance?", "cards"),
            ("who won the world cup?", "none"),
            ("how many payments do we process per day?", "payments"),
            ("how quickly must a payment be confirmed?", "speed"),
            ("what if the user clicks twice?", "twice"),
            ("do we store credit cards?", "cards"),
            ("which currencies are supported?", "none"),
            ("what happens if the payment provider is down?", "uptime"),
            ("which payment methods?", "none"),
            ("how do we avoid charging twice?", "twice"),
            ("how many transactions per second?", "payments"),
        ],
    ),
    (
        "product-search",
        &[
            ("catalog size?", "products"),
            ("QPS at peak?", "searches"),
            ("how often are products changed?", "changes"),
            ("how many searches per second?", "searches"),
            ("how many products are in the catalogue?", "products"),
            ("do we handle typos?", "words"),
            ("how soon must a price change be visible?", "changes"),
        ],
    ),
    (
        "rate-limiter",
        &[
            ("who sets the limits?", "limits"),
            ("can a customer exceed the limit briefly?", "exactness"),
            ("fail open or fail closed?", "failure"),
            ("how many api keys are there?", "customers"),
            ("what time is it?", "none"),
            ("what happens when the rate limiter itself fails?", "failure"),
            ("should requests pass if Redis is down?", "failure"),
            ("what happens if the limiter is down?", "failure"),
            ("how many requests per second?", "traffic"),
            ("how accurate must the limit be?", "exactness"),
            ("how much latency may the limiter add?", "latency"),
        ],
    ),
    (
        "ride-hailing",
        &[
            ("how often do cars report where they are?", "places"),
            ("active drivers at peak?", "drivers"),
            ("how do we avoid assigning a driver twice?", "matching"),
            ("Can a driver be double-booked?", "matching"),
            ("what happens when a driver declines?", "matching"),
            ("how many trips per day?", "riders"),
            ("what data can we lose?", "uptime"),
            ("surge pricing?", "none"),
            ("how many rides a day? how fast must it answer? what about payment?", "several"),
            ("how many users are there per day?", "riders"),
            ("how quickly must a driver be found?", "latency"),
            ("how often is the location updated?", "places"),
            ("how many drivers are online?", "drivers"),
            ("do we need carpooling?", "none"),
        ],
    ),
    (
        "ticket-booking",
        &[
            ("how many seats does a hall have?", "none"),
            ("do we sell resale tickets?", "none"),
            ("how long does a user have to pay?", "hold"),
            ("what is the traffic spike at on sale?", "sale"),
            ("can two users book the same seat?", "sold-twice"),
            ("how long have you worked here?", "none"),
            ("How many tickets are sold a day?", "buyers"),
            ("how many tickets do we sell per day?", "buyers"),
            ("how many purchases per day?", "buyers"),
            ("what happens with unpaid seats?", "hold"),
            ("can the same seat be sold twice?", "sold-twice"),
            ("how long is a seat reserved?", "hold"),
            ("how many users visit the site?", "traffic"),
            ("are there mobile apps?", "none"),
            ("what happens when a payment fails?", "payment"),
            ("how big is the spike when sales open?", "sale"),
            ("what response time do users expect?", "speed"),
        ],
    ),
    (
        "url-shortener",
        &[
            ("how fresh are the counters?", "counts"),
            ("what is the meaning of life?", "none"),
            ("can links be customized?", "names"),
            ("do we track click stats?", "counts"),
            ("how many short links are created per month?", "ratio"),
            ("what is your favourite colour?", "none"),
            ("Can users pick custom aliases?", "names"),
            ("should we delete old links?", "storage"),
            ("How many new URLs per month?", "ratio"),
            ("How many URLs are shortened per second?", "ratio"),
            ("Do users need accounts?", "none"),
            ("how many links a day, how long are they kept, how fast must it be?", "several"),
            ("how many links a day and how long are they kept?", "several"),
            ("what is the expected traffic?", "traffic"),
            ("what should the latency be and how many users are there?", "several"),
            ("should the links be encrypted?", "none"),
            ("how many redirects per second?", "traffic"),
            ("what's the read to write ratio?", "ratio"),
            ("do we need analytics?", "counts"),
            ("how short must the code be?", "names"),
            ("what uptime is expected?", "availability"),
            ("can a link be edited?", "names"),
            ("how many users, how many links, and what latency?", "several"),
        ],
    ),
    (
        "video-streaming",
        &[
            ("how large is an average video?", "uploads"),
            ("do we need live?", "scope"),
            ("upload rate?", "uploads"),
            ("which bitrates and qualities?", "bytes"),
            ("which cloud provider should I use?", "none"),
            ("how soon must an upload be watchable?", "ready"),
            ("how soon after uploading can people watch a video?", "ready"),
            ("How quickly is a new video available to others?", "ready"),
            ("can views be approximate?", "none"),
            ("where are the viewers?", "none"),
            ("how many videos are uploaded each day?", "uploads"),
            ("how long should videos be stored?", "keep"),
            ("do we support live streaming?", "scope"),
            ("how many minutes does a user watch?", "bytes"),
            ("which resolutions do we support?", "none"),
            ("how much bandwidth is needed?", "bytes"),
            ("how long does transcoding take?", "ready"),
        ],
    ),
    (
        "web-crawler",
        &[
            ("how many pages in total?", "none"),
            ("how many pages do we crawl per month?", "pages"),
            ("do we obey robots.txt?", "politeness"),
            ("images too?", "size"),
            ("do you like pizza?", "none"),
            ("what happens if the crawler crashes?", "loss"),
            ("Where do the seed URLs come from?", "safety"),
            ("how many pages per second?", "pages"),
            ("where do you get the first addresses from?", "safety"),
            ("do we render javascript?", "none"),
            ("how often should we revisit a page?", "freshness"),
            ("do we respect robots.txt?", "politeness"),
            ("how large is a page on average?", "size"),
            ("how do we detect duplicates?", "duplicates"),
        ],
    ),
];

#[test]
fn questions_are_understood_as_people_put_them() {
    let mut wrong = Vec::new();
    for (name, questions) in QUESTIONS {
        let text = start(prompt(name), &prompt(name).tiers[0], None);
        for (question, topic) in *questions {
            let found = match ask(&text, question) {
                Ok(it) => it.topic.name,
                Err(Refusal::NoAnswer(..) | Refusal::LeftOpen(_)) => "none",
                Err(Refusal::Several) => "several",
                Err(other) => panic!("{name}: {question}: {other:?}"),
            };
            if found != *topic {
                wrong.push(format!("{name}: {question}: {found} in place of {topic}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What interviewers are usually asked and a task says nothing of is left open, and said to be: no topic has it then, and nothing is
/// written. Where a topic is asked for by such a word, that is the answer.
#[test]
fn what_a_task_says_nothing_of_is_left_open() {
    for (name, question, says) in [
        ("chat", "Mobile or web?", "no kind of device"),
        ("chat", "Which countries are the users in?", "names no place"),
        ("chat", "what is out of scope?", "does not name"),
        ("chat", "How big is the team?", "who runs it"),
        ("ad-clicks", "how big is the team?", "who runs it"),
        ("news-feed", "can we use AWS?", "yours to choose"),
        ("leaderboard", "what about the budget?", "No budget"),
        ("url-shortener", "may links be lost?", "nothing of a loss"),
        ("pastebin", "What about durability?", "nothing of a loss"),
        ("chat", "what consistency do we need?", "choose, and say what"),
    ] {
        match ask(&start(prompt(name), &prompt(name).tiers[0], None), question) {
            Err(Refusal::LeftOpen(said)) => assert!(said.contains(says), "{name}: {question}: {said}"),
            other => panic!("{name}: {question}: {other:?}"),
        }
    }
    for (name, question, topic) in [
        ("ad-clicks", "What about bots?", "fraud"),
        ("ad-clicks", "how big is one record?", "history"),
        ("chat", "may data be lost?", "delivery"),
        ("payments", "can we lose anything if a server crashes?", "loss"),
    ] {
        let answered =
            ask(&start(prompt(name), &prompt(name).tiers[0], None), question).expect("a topic has it");
        assert_eq!(answered.topic.name, topic, "{name}: {question}");
    }
}

/// An answer is read without its question: it doesn't begin as if the question stood before it.
#[test]
fn an_answer_stands_alone() {
    for prompt in prompts() {
        for topic in prompt.topics {
            let first = topic.answer.split([' ', ',', ';', ':', '.']).next();
            assert!(
                !matches!(first, Some("Yes" | "Not" | "Never" | "Then" | "They")),
                "{}: {}",
                prompt.name,
                topic.answer
            );
            assert!(
                !["No:", "No;", "No,", "No."].iter().any(|it| topic.answer.starts_with(it)),
                "{}",
                topic.answer
            );
        }
    }
}

/// Asking again changes nothing, and in whatever order one asks, the file says the same in the end.
#[test]
fn asking_is_idempotent_and_its_order_does_not_matter() {
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines().map(|it| it.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    for (prompt, tier) in tiers() {
        let text = asked(&start(prompt, tier, None), prompt.topics);
        let again = asked(&text, prompt.topics);
        assert_eq!(text, again, "{} {}", prompt.name, tier.name);
        let backwards = asked(&start(prompt, tier, None), prompt.topics.iter().rev());
        assert_eq!(lines(&text), lines(&backwards), "{} {}", prompt.name, tier.name);
        assert_eq!(Session::read(&text).expect("it is one").open(), 0);
        assert_eq!(syntax::format(&text).as_deref(), Ok(text.as_str()), "{} {}", prompt.name, tier.name);
        assert!(text.lines().all(|it| it.chars().count() <= 80), "{text}");
    }
}

/// Into which of two `system`s an answer belongs nobody can say; one without a name is none yet. Nothing is lost of either.
#[test]
fn an_answer_is_written_into_no_second_system() {
    let head = "// interview: chat launch\n";
    for (design, line, said) in [
        ("system \"Chat\" {}\nsystem \"Mine\" { peak_factor = 9 }\n", 3, "this is a second one"),
        ("system \"Chat\" {}\nsystem { peak_factor = 9 }\n", 3, "this is a second one"),
        ("\nsystem { peak_factor = 9 }\n", 3, "a `system` has no name"),
    ] {
        match ask(&format!("{head}{design}"), "traffic") {
            Err(Refusal::Unreadable(at, why)) => {
                assert_eq!((at, why.contains(said)), (Some(line), true), "{design}: {why}");
            }
            other => panic!("{design}: {other:?}"),
        }
    }
    assert!(answered(&format!("{head}system \"Mine\" {{}}\n"), "traffic").text.contains("daily_users"));
}

/// A number of the candidate's own stays, and is told.
#[test]
fn an_answer_is_written_over_nothing() {
    let text = begun("url-shortener", "launch").replace("{}", "{ daily_users = 10000, peak_factor = 9 }");
    let answered = answered(&text, "traffic");
    assert!(answered.text.contains("peak_factor = 9"), "{}", answered.text);
    assert!(!answered.text.contains("10k\n"), "{}", answered.text);
    let kept: Vec<(&str, &str, &str)> =
        answered.kept.iter().map(|(name, own, told)| (name.as_str(), own.as_str(), told.as_str())).collect();
    // Ten thousand is what the interviewer says, however it is written.
    assert_eq!(kept, [("peak_factor", "9", "5")]);
}

/// Designs as candidates write them, in every form: the answer finds its place, and the design is the same besides.
#[test]
fn an_answer_finds_its_place_in_any_form_of_design() {
    let head = "// interview: chat launch\n";
    for design in [
        "",
        "service a",
        "service a // no line end",
        "system \"Chat\"",
        "system \"Chat\" // mine",
        "system \"Chat\" { team = 3, availability = 99% } // mine\nservice a\n",
        "system \"Chat\" {\n  team = 3 // us\n  // that's all }\n}\nservice a\n",
        "system \"Chat\" {\n  team = 3 }\n",
        "client a\nservice b\na -> b\nflow send { a -> b }\n",
        "client a\nservice b\na -> b\nflow send { peak = 5/s\n  a -> b // } \n  }\n",
        "client a\nservice b\na -> b\nflow send {\n  a -> b }\n",
        "/* a comment */\n\n\n",
    ] {
        for design in [design.to_owned(), design.replace('\n', "\r\n")] {
            let text = format!("\u{feff}{head}{design}");
            let after = asked(&text, prompt("chat").topics);
            let session = Session::read(&after).expect("it is still one");
            assert_eq!(session.open(), 0, "{after}");
            assert!(is_within(&text, &after), "{after}");
            let stated = ["daily_users", "concurrent", "retention", "catch_up", "peak_factor"];
            assert!(stated.iter().all(|it| after.contains(it)), "{after}");
        }
    }
}

/// Whether all that is no blank stands in another text as well, in the same order.
fn is_within(text: &str, other: &str) -> bool {
    let mut letters = other.chars();
    text.chars().filter(|it| !it.is_whitespace()).all(|it| letters.any(|other| other == it))
}

#[test]
fn a_file_that_cant_be_read_stays_as_it_is() {
    let head = "// interview: chat launch\n";
    for (design, line) in [
        ("service a {\n", Some(3)),
        ("\n\nsevice = \"a", Some(4)),
        ("/* open", None),
        ("system \"Chat", Some(2)),
        ("a ->", Some(2)),
        ("\u{0}", Some(2)),
    ] {
        let text = format!("{head}{design}");
        match ask(&text, "traffic") {
            Err(Refusal::Unreadable(at, message)) => {
                assert!(line.is_none() || at.is_some(), "{design}: {message}");
                assert!(!message.is_empty(), "{design}");
            }
            other => panic!("{design}: {other:?}"),
        }
    }
    for (text, said) in [
        ("", "its first line is to be"),
        ("service a\n", "its first line is to be"),
        ("// interview: caht launch\n", "did you mean `chat`?"),
        ("// interview: chat lunch\n", "it has `launch`, `growth`, `scale`"),
        ("// interview:\n", "no prompt is called ``"),
    ] {
        match ask(text, "traffic") {
            Err(Refusal::NoInterview(why)) => assert!(why.contains(said), "{text}: {why}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

// ---- the verdict

fn judged(text: &str) -> Verdict {
    let file = SourceFile::new("chat.arch", text);
    Verdict::of(file, &NoFiles, &Config::default(), Level::Senior)
        .unwrap_or_else(|why| panic!("{why}\n{text}"))
}

fn told(text: &str, format: &str) -> String {
    let format = FORMATS.iter().find(|it| it.name == format).expect("it is a format");
    (format.render)(&Outcome::of(judged(text)), Look::PLAIN)
}

fn shown(amount: Amount) -> String {
    match amount {
        Amount::Count(it) => it.to_string(),
        Amount::Rate(it) => it.to_string(),
        Amount::Size(it) => it.to_string(),
        Amount::Throughput(it) => it.to_string(),
    }
}

/// The file of who asked everything, estimated everything as it is, and drew this design.
fn perfect(prompt: &Prompt, tier: &Tier, design: &str) -> String {
    let reference = tier.reference();
    let mut text = format!("// interview: {} {}\n", prompt.name, tier.name);
    for topic in prompt.topics {
        text += &format!("// asked: {}\n// {}\n", topic.name, topic.answer(tier));
    }
    for reckoning in prompt.reckonings {
        let line = reckoning.line(&reference).expect("it has a figure");
        text += &format!("// estimate {} = {}\n", reckoning.name, shown(line.amount));
    }
    text + design
}

/// Who asks everything, estimates rightly and draws a sound design has nearly all points, at every scale of every prompt; whoever
/// leaves one of the three out has not.
#[test]
fn each_of_the_three_has_its_weight() {
    for (prompt, tier) in tiers() {
        let name = format!("{} {}", prompt.name, tier.name);
        let perfect = perfect(prompt, tier, tier.design);
        let whole = judged(&perfect);
        for level in Level::ALL {
            assert!(
                whole.score_at(level) >= 97.0,
                "{name}: {} {:?}",
                whole.score_at(level),
                Step::ALL.map(|it| whole.points(it))
            );
        }
        assert!(
            whole.numbers.is_empty() && whole.mistakes.is_empty() && whole.beside.is_empty(),
            "{name}: {:?}",
            whole.beside
        );
        assert!(whole.estimated.iter().all(|it| it.nearness == Nearness::Right), "{name}");

        let unasked = judged(&perfect.replace("// asked: ", "// "));
        assert!(
            unasked.points(Step::Clarify) < 0.1 && unasked.score() < whole.score() - 10.0,
            "{name}: {}",
            unasked.score()
        );
        let wrong = judged(&perfect.replace("// estimate ", "// guess "));
        assert!(wrong.score() < whole.score() - 7.0, "{name}: {}", wrong.score());
        let naive = "client user\nservice app\ndatabase data\nuser -> app -> data\nflow all { user -> app -> data }\n";
        let naive = judged(&self::perfect(prompt, tier, naive));
        assert!(naive.score() < whole.score() - 4.0, "{name}: {}", naive.score());
        for nothing in ["", "service alone\n", "client user\n"] {
            let nothing = judged(&(start(prompt, tier, None) + nothing));
            assert!(nothing.score() < 1.0, "{name}: {}", nothing.score());
        }
    }
}

/// The way through it as a candidate goes it: started, asked, estimated, drawn.
#[test]
fn a_file_that_was_begun_and_asked_for_leads_to_all_points() {
    for (prompt, tier) in tiers() {
        let reference = tier.reference();
        let mut text = asked(&start(prompt, tier, None), prompt.topics);
        for reckoning in prompt.reckonings {
            let line = reckoning.line(&reference).expect("it has a figure");
            text = text.replace(
                &format!("// estimate {} = ?", reckoning.name),
                &format!("// estimate {} = ~{} = by hand", reckoning.name, shown(line.amount)),
            );
        }
        let comments: String =
            text.lines().filter(|it| it.trim_start().starts_with("//")).map(|it| format!("{it}\n")).collect();
        let verdict = judged(&(comments + tier.design));
        assert!(verdict.score() >= 97.0, "{} {}: {}", prompt.name, tier.name, verdict.score());
    }
}

/// An order of magnitude is what counts: three times off is right, ten times close, more is off.
#[test]
fn estimates_are_graded_by_order_of_magnitude() {
    let (prompt, tier) = (prompt("url-shortener"), &prompt("url-shortener").tiers[0]);
    let perfect = perfect(prompt, tier, tier.design);
    let line = perfect.lines().find(|it| it.contains("estimate peak")).expect("it is one").to_owned();
    let graded = |said: &str| {
        let text = perfect.replace(&line, &format!("// estimate peak = {said}"));
        judged(&text).estimated.remove(0).nearness
    };
    // 10 000 × 5 ÷ 86 400 s × 5 = 2.89 a second.
    for said in ["2.89/s", "1/s", "8.5/s", "3", "~ 3 /s", "170/min", "250k/day", "3/s = 10k * 5 / 86400 * 5"]
    {
        assert_eq!(graded(said), Nearness::Right, "{said}");
    }
    for said in ["0.9/s", "0.3/s", "9/s", "28/s"] {
        assert!(matches!(graded(said), Nearness::Close(_)), "{said}");
    }
    for said in ["0.28/s", "289/s", "30/s", "1M/s"] {
        assert!(matches!(graded(said), Nearness::Off(_)), "{said}");
    }
    // As people write it.
    for said in [
        "3 qps",
        "3 QPS",
        "3tps",
        "about 3",
        "3 req/s",
        "3 requests/second",
        "3 per second",
        "3e0/s",
        "~3 rps.",
        "10,000/hour",
        "3,0/s",
        "0.003K/s",
        "0.003k reports/s",
        "3/s (10k × 5)",
        "50k/day × 5 / 86400 = 3/s",
    ] {
        assert_eq!(graded(said), Nearness::Right, "{said}");
    }
    for said in ["2.89 GB", "soon", "-3/s", "0/s", "1..5/s", "\u{202e}9", &"9".repeat(5000)] {
        assert!(matches!(graded(said), Nearness::Unreadable(_)), "{said}: {:?}", graded(said));
    }
    assert_eq!(graded("?"), Nearness::Missing);
    assert_eq!(graded(""), Nearness::Missing);
}

/// The estimates of one who needs 579 requests and 284 KB a second at the peak, and keeps 183 GB: what each comes to.
fn graded(name: &str, said: &str) -> Nearness {
    let text =
        format!("// interview: url-shortener growth\n// estimate {name} = {said}\nsystem \"X\" {{}}\n");
    let estimated = judged(&text).estimated.into_iter().find(|it| it.reckoning.name == name);
    estimated.expect("there is such an estimate").nearness
}

/// Arithmetic is worked out with its units, and a figure in words is one.
#[test]
fn an_estimate_is_read_as_it_is_meant_on_paper() {
    for (name, all) in [
        (
            "peak",
            &[
                "6*10^2/s",
                "6 × 10² /s",
                "6x10^2/s",
                "10M/86400*5",
                "10M / 86400 s * 5",
                "10 000 000 / 86,400 * 5",
                "1M users * 10 clicks/user/day * 5",
                "(1M*10/day)*5",
                "50 million/day",
                "50M a day",
                "50M daily",
                "600 rps",
                "580 requests per second at peak",
                "50M / 86400 per second",
                "5% of 12k/s",
                "100/s + 480/s",
                "500-700/s",
                "between 500 and 700 rps",
                "0.5 to 0.7k/s",
                "600/s (50M/day)",
                "600/s (10M users)",
                "1M users × 10 per day / 86400 × 5 = 580/s",
                "1M*10*5 = 50M -> 50M/86400 = 580",
                "580/s or so?",
            ][..],
        ),
        (
            "storage",
            &[
                "180 gigabytes",
                "1.8e11 bytes",
                "180 billion bytes",
                "2.3/s * 500B * 5 years",
                "2.3/s × 500 bytes × 150M",
                "2 links/s × 500 bytes × 86400 × 365 × 5",
                "180GB for 360M links",
            ],
        ),
        (
            "bandwidth",
            &["2.2 Mbps", "2.2 Mbit/s", "2.2 Mb/s", "2.2 megabits per second", "550/s*500", "50M*500B/86400"],
        ),
    ] {
        for said in all {
            assert_eq!(graded(name, said), Nearness::Right, "{name}: {said}");
        }
    }
    assert!(matches!(graded("peak", "5-10k/s"), Nearness::Off(times) if (12.0..12.5).contains(&times)));
}

/// Who writes two figures has not chosen one, however they are put; who means none that is known is told how to write it.
#[test]
fn an_estimate_is_one_figure_and_what_is_none_is_told() {
    for said in [
        "600 or 60000",
        "600/s ... or maybe 60000/s",
        "600 - 60000/s",
        "600 to 60000/s",
        "600 (or 60000)",
        "600 (60000)",
        "600 = 60000/s",
        "600, 60000",
        "600 60000",
        "600/s or 60000 requests",
        "10M/86400 or 10M/86400*5",
    ] {
        let nearness = graded("peak", said);
        let is_told =
            matches!(&nearness, Nearness::Unreadable(why) if why.ends_with("times apart: choose one"));
        assert!(is_told, "{said}: {nearness:?}");
    }
    for (name, said, why) in [
        ("peak", "1M × 10 per day / 86400", "divided by the time twice"),
        ("peak", "180 gigabytes", "it comes to a size; it takes a rate"),
        ("peak", "10m/day", "`m` may be many things: write `M`"),
        ("peak", "10parsec", "`parsec` is no unit"),
        ("peak", "60/s per node", "the figure of each"),
        ("peak", "*5", "a figure is missing before `*`"),
        ("peak", "5 * = 7 *", "a figure is missing"),
        ("peak", "5GB + 7/s", "figures of two kinds"),
        ("peak", "10^400", "more than can be counted"),
        ("peak", "1/0", "more than can be counted"),
        ("peak", "((((((", "no figure in it"),
        ("peak", "€5", "`€` can't be read in it"),
        ("storage", "200k/day * 365 * 5 * 500B", "write `365 days`"),
        ("storage", "2.3/s*500B", "it comes to an amount of data per time; it takes a size"),
    ] {
        let nearness = graded(name, said);
        assert!(
            matches!(&nearness, Nearness::Unreadable(told) if told.contains(why)),
            "{name}: {said}: {nearness:?}"
        );
    }
}

/// However deep its brackets nest, and whatever else stands in it, an estimate is read to its end.
#[test]
fn an_estimate_of_many_signs_is_borne() {
    for said in ["(", "5(", "(5)", "5 or ", "2^", "5-", "5*(", "5/s ", "a ", "5 per "] {
        let said = said.repeat(199 / said.len()) + "5";
        assert_ne!(graded("peak", &said), Nearness::Right, "{said}");
    }
}

/// A slip in the name of an estimate is read as what is meant, and the last of several counts.
#[test]
fn an_estimate_is_found_by_its_name() {
    let text =
        |estimate: &str| format!("// interview: url-shortener launch\n{estimate}\nsystem \"X\" {{}}\n");
    for right in [
        "// estimate peak = 3/s",
        "// Estimate Peak: 3/s",
        "// estimate peek = 3/s",
        "// estimate peak = 99/s\n// estimate peak = 3/s",
    ] {
        assert_eq!(judged(&text(right)).estimated[0].nearness, Nearness::Right, "{right}");
    }
    let storage =
        judged("// interview: url-shortener launch\n// estimate storage = 1,000 mb\nsystem \"X\" {}\n");
    assert!(!matches!(storage.estimated[2].nearness, Nearness::Unreadable(_)), "{:?}", storage.estimated[2]);
}

/// What keeps nothing does not do what is asked, and what can't be judged earns nothing: drawing less is no way up.
#[test]
fn a_design_that_leaves_out_the_store_is_held_down() {
    let bare = "// interview: url-shortener scale\nsystem \"X\" {}\nclient browser\n\
                service api : lambda { managed, rate_limit = 10/s }\nbrowser -> api : https { auth = none, timeout = 2s }\n";
    let stored = format!(
        "{bare}database links : dynamodb {{ managed }}\napi -> links : https {{ timeout = 500ms }}\n"
    );
    let [bare, stored] = [judged(bare), judged(&stored)];
    for level in Level::ALL {
        assert!(bare.score_at(level) <= 54.0, "{}", bare.score_at(level));
        assert!(
            stored.score_at(level) > bare.score_at(level),
            "{}: {}",
            level.name(),
            stored.score_at(level)
        );
    }
    assert!(bare.held.expect("it is held down").says.starts_with("it keeps nothing"));
}

/// An answer counts as long as its numbers stand in the file.
#[test]
fn what_was_asked_is_in_the_file() {
    let begun = begun("url-shortener", "launch");
    let asked = answered(&begun, "traffic").text;
    let points = |text: &str| judged(text).points(loadpath::interview::Step::Clarify);
    assert!(points(&asked) > 0.0);
    let typed = begun.replace("{}", "{\n  // asked: traffic\n}");
    assert!(points(&typed) <= 0.0, "{typed}");
    // Asked again, what was lost comes back, and what contradicts is told.
    let lost = asked.replace("peak_factor = 5", "").replace("= 10k", "= 5");
    let again = answered(&lost, "traffic");
    assert!(again.text.contains("peak_factor = 5") && !again.is_known, "{}", again.text);
    assert_eq!(again.kept.len(), 1, "{:?}", again.kept);
    assert_eq!(again.text.matches("asked: traffic").count(), 1, "{}", again.text);
    // What may stand in another file is not written a second time.
    let included = "// interview: url-shortener launch\ninclude \"system.arch\"\nclient c\n";
    assert!(matches!(ask(included, "traffic"), Err(Refusal::Unreadable(..))));
}

/// A line that is typed by hand reveals nothing, and earns nothing: an answer stands as the interviewer gave it, in lines of any length.
#[test]
fn an_answer_that_nobody_gave_earns_nothing() {
    let begun = begun("url-shortener", "launch");
    let points = |text: &str| judged(text).points(Step::Clarify);
    for topic in ["counts", "names", "abuse"] {
        let typed = begun.replace("{}", &format!("{{\n  // asked: {topic}\n  // Whatever.\n}}"));
        assert!(points(&typed) <= 0.0, "{typed}");
        // Asked after all, it is answered.
        let asked = answered(&typed, topic);
        assert!(!asked.is_known && points(&asked.text) > 0.0, "{}", asked.text);
        let words: Vec<&str> = asked.answer.split(' ').collect();
        let told = format!("// asked: {topic}\n  // {}\n", words.join("\n  //   "));
        let reflowed = begun.replace("{}", &format!("{{\n  {told}}}"));
        assert!(points(&reflowed) > 0.0 && answered(&reflowed, topic).is_known, "{reflowed}");
    }
    // That of another scale is none.
    let asked = answered(&begun, "latency").text.replace("shortener launch", "shortener scale");
    assert!(points(&asked) <= 0.0, "{asked}");
}

/// What is not asked for can't be hidden from: the design is judged by the interviewer's numbers, and guesses are named.
#[test]
fn a_design_is_judged_by_the_interviewers_numbers() {
    let prompt = prompt("url-shortener");
    let tier = prompt.tier("scale").expect("it has one");
    let small = prompt.tiers[0].design;
    // The design of the launch at the numbers of the launch is sound, and for this scale it is not.
    let verdict = judged(&perfect(prompt, tier, small));
    assert!(verdict.review.held.is_some(), "{}", verdict.score());
    let differing: Vec<&str> =
        verdict.numbers.iter().filter(|it| it.said.is_some()).map(|it| it.name).collect();
    assert!(differing.contains(&"daily_users") && differing.contains(&"retention"), "{differing:?}");
    assert!(verdict.numbers.iter().all(|it| it.is_asked && !it.is_guessed()));
    let codes: Vec<&str> = verdict.mistakes.iter().map(|it| it.code).collect();
    assert!(codes.contains(&"LP301"), "{codes:?}");

    // A sketch states no figure that could be too small; by those of the catalogue it does not carry the load either.
    let sketch =
        "client user\nservice app\ndatabase data\nuser -> app -> data\nflow all { user -> app -> data }\n";
    let verdict = judged(&perfect(prompt, tier, sketch));
    assert!(
        verdict.held.as_ref().is_some_and(|it| it.says.starts_with("`data` is 179% busy")),
        "{:?}",
        verdict.held
    );
    assert!(verdict.score() <= 65.0 && verdict.numbers.iter().any(|it| it.name == "daily_users"));

    let guessed = format!(
        "// interview: url-shortener launch\n{}",
        small.replace("peak_factor     = 5", "peak_factor = 3")
    );
    let numbers = judged(&guessed).numbers;
    let told = |name: &str| numbers.iter().find(|it| it.name == name).expect("it is told");
    assert!(told("daily_users").is_guessed() && !told("daily_users").is_asked);
    assert!(!told("peak_factor").is_guessed());
    assert_eq!(told("peak_factor").said.as_ref().map(|it| it.0.as_str()), Some("3"));
}

/// Another sound shape costs nothing: other names, other engines, one part more with a reason.
#[test]
fn a_sound_design_of_another_shape_costs_nothing() {
    for (prompt, tier, from, to) in [
        ("url-shortener", "launch", "postgres", "mysql"),
        ("url-shortener", "growth", "service       api x3  ", "service       api x4  "),
        ("url-shortener", "scale", "redis_cluster", "valkey_cluster"),
        ("chat", "launch", ": alb", ": gcp_load_balancer"),
    ] {
        let prompt = self::prompt(prompt);
        let tier = prompt.tier(tier).expect("it has one");
        let design = tier.design.replace(from, to);
        if design == tier.design {
            continue;
        }
        let (one, other) =
            (judged(&perfect(prompt, tier, tier.design)), judged(&perfect(prompt, tier, &design)));
        assert!(
            (one.score() - other.score()).abs() < 0.5,
            "{from} as {to}: {} for {}",
            other.score(),
            one.score()
        );
    }
    let (prompt, tier) = (self::prompt("url-shortener"), &self::prompt("url-shortener").tiers[0]);
    let renamed = tier.design.replace("links", "rows").replace("api", "shortener").replace("edge", "front");
    let (one, other) =
        (judged(&perfect(prompt, tier, tier.design)), judged(&perfect(prompt, tier, &renamed)));
    assert!((one.score() - other.score()).abs() < 1e-9, "{} for {}", other.score(), one.score());
}

/// A design for another scale is told what it could do without.
#[test]
fn what_only_one_of_two_designs_has_is_told_with_a_figure() {
    let prompt = prompt("url-shortener");
    let (launch, scale) = (&prompt.tiers[0], prompt.tier("scale").expect("it has one"));
    let beside = |tier: &Tier, design: &str| -> Vec<String> {
        judged(&perfect(prompt, tier, design)).beside.into_iter().map(|it| it.says).collect()
    };
    insta::assert_debug_snapshot!((beside(launch, scale.design), beside(scale, launch.design)));
}

/// What others run the task asks for at every scale: who leaves it out is told, and so is who has fewer of it.
#[test]
fn a_third_party_that_is_missing_is_told() {
    let bare = "client user\nservice app x2 { zones = 2 }\ndatabase data : postgres x2 { failover = 30s }\nuser -> app -> data\n";
    let beside = |name: &str, design: &str| -> Vec<String> {
        let text = begun(name, prompt(name).tiers[0].name);
        judged(&(text + design))
            .beside
            .into_iter()
            .map(|it| it.says)
            .filter(|it| it.contains("part"))
            .collect()
    };
    assert_eq!(beside("payments", bare), ["no third party: the reference has `psp`"]);
    let one = format!("{bare}third_party mail\napp ~> mail\n");
    assert_eq!(
        beside("notifications", &one),
        ["1 third party, `mail`, where the reference has 3: `push`, `mail` and `sms`"]
    );
    assert_eq!(beside("url-shortener", &one), ["`mail`: the reference has no third party"]);
    assert!(beside("notifications", &format!("{one}third_party sms, push\napp ~> sms, push\n")).is_empty());
}

/// In each format every point is told, within 80 columns on a terminal.
#[test]
fn a_verdict_is_told_in_every_format() {
    for (prompt, tier) in tiers() {
        for text in [
            start(prompt, tier, None),
            perfect(prompt, tier, tier.design),
            perfect(prompt, tier, prompt.tiers[0].design),
        ] {
            let shown = told(&text, "text");
            let wide = shown.lines().find(|it| it.chars().count() > 80);
            assert_eq!(wide, None, "{} {}", prompt.name, tier.name);
        }
    }
    let text = first_try();
    let json: Value = serde_json::from_str(&told(&text, "json")).expect("it is JSON");
    let verdict = judged(&text);
    let named = Some(verdict.session.prompt.name);
    assert_eq!((json["version"].as_u64(), json["prompt"].as_str()), (Some(1), named));
    let points: f64 =
        json["steps"].as_array().expect("steps").iter().filter_map(|it| it["points"].as_f64()).sum();
    let all: f64 = Step::ALL.iter().map(|step| verdict.points(*step)).sum();
    assert!((points - all).abs() < 0.3, "{points} and {all}");
    let page = told(&text, "html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Mock interview"), "{page:.300}");
}

/// An interview that hardly began is told how many questions are open and what about, in every format, and none of the answers; once
/// there is a design all of them are told.
#[test]
fn a_verdict_gives_nothing_away_before_there_is_a_design() {
    for (prompt, tier) in tiers() {
        let reference = tier.reference();
        let begun = start(prompt, tier, None);
        let asked = answered(&begun, prompt.topics[0].name).text;
        for format in FORMATS.iter().map(|it| it.name) {
            for (text, open) in [(&begun, prompt.topics), (&asked, &prompt.topics[1..])] {
                let told = told(text, format);
                let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(words.contains("what may be late, wrong, lost or down"), "{format}: {told}");
                for topic in open {
                    assert!(!words.contains(topic.asks) && !words.contains(topic.why), "{format}: {told}");
                }
                for reckoning in prompt.reckonings {
                    let line = reckoning.line(&reference).expect("it has a figure");
                    let is_of_task = begun.contains(reckoning.how);
                    assert!(is_of_task || !words.contains(reckoning.how), "{format}: {told}");
                    let figure = shown(line.amount);
                    assert!(
                        figure.len() < 4 || !words.contains(&format!("it is {figure}")),
                        "{format}: {told}"
                    );
                }
                assert!(!words.contains(&tier.summary()), "{format}: {told}");
            }
        }
    }
    let (prompt, tier) = (prompt("chat"), &prompt("chat").tiers[0]);
    let drawn = told(&format!("// interview: chat launch\n{}", tier.design), "markdown");
    assert!(
        prompt.topics.iter().all(|it| drawn.contains(it.asks)) && drawn.contains(&tier.summary()),
        "{drawn}"
    );
    let json: Value = serde_json::from_str(&told(&begun("chat", "launch"), "json")).expect("it is JSON");
    let open = json["open"].as_array().expect("it is a list");
    let count: u64 = open.iter().filter_map(|it| it["count"].as_u64()).sum();
    assert_eq!((count, open[0]["about"].as_str()), (9, Some("who uses it, how often, and when most")));
    assert!(json["topics"] == Value::Array(Vec::new()) && json["reference"].is_null(), "{json}");
    assert!(json["estimates"][0]["value"].is_null() && json["numbers"] == Value::Array(Vec::new()), "{json}");
}

/// Estimates are graded before there is a design, without the figure.
#[test]
fn an_estimate_is_graded_before_there_is_a_design() {
    let text = begun("url-shortener", "launch")
        .replace("peak = ?", "peak = 3/s")
        .replace("writes = ?", "writes = 9k/s");
    let told = told(&text, "text");
    for said in ["3/s is right", "9k/s is off", "nothing is estimated"] {
        assert!(told.contains(said), "{told}");
    }
    assert!(!told.contains("times too") && !told.contains("2.89/s"), "{told}");
}

#[test]
fn a_verdict_of_an_interview_that_hardly_began() {
    insta::assert_snapshot!(told(&begun("url-shortener", "launch"), "text"));
}

#[test]
fn a_verdict_as_a_terminal_shows_it() {
    insta::assert_snapshot!(told(&first_try(), "text"));
}

#[test]
fn a_verdict_as_markdown() {
    insta::assert_snapshot!(told(&first_try(), "markdown"));
}

/// As somebody goes about it for the first time: two things asked, one number guessed, a cache for a load that needs none.
fn first_try() -> String {
    std::fs::read_to_string("tests/interview/first-try.arch").expect("it stands in the repository")
}

// ---- whatever is written

/// What a hostile candidate writes shows as what it is, and nothing of it is obeyed.
#[test]
fn hostile_words_are_borne() {
    let evil = "</script><img onerror=x>\u{1b}[31m\u{202e}|`*";
    let text = format!(
        "// interview: chat launch\n// asked: {evil}\n// estimate messages = {evil}\n// estimate online = 5 {evil}\nsystem \"{}\" {{ peak_factor = 2 }}\nservice a \"{0}\"\n",
        "</script><img onerror=x>\\\"",
    );
    for format in FORMATS {
        let shown = told(&text, format.name);
        // Programs get the words as they are.
        let is_obeyed = |it: char| it == '\u{1b}' || it == '\u{202e}' && format.name != "json";
        assert!(!shown.contains(is_obeyed), "{}: {shown}", format.name);
        assert!(format.name != "html" || !shown.contains("<img"), "{shown}");
    }
    for head in [format!("// interview: {evil} launch\n"), format!("// interview: chat {evil}\n")] {
        assert!(Session::read(&head).is_err());
    }
}

/// Text as candidates write it, and as nobody would.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("system \"Chat\" {".to_owned()),
        Just("}".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("// asked: order\n".to_owned()),
        Just("// estimate online = ".to_owned()),
        Just("flow send {".to_owned()),
        Just("rate = 5/s".to_owned()),
        Just("client a\nservice b\na -> b\n".to_owned()),
        Just("/* ".to_owned()),
        Just("\"".to_owned()),
        Just("\u{feff}".to_owned()),
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Whatever stands in a file, an answer takes nothing of it away, and a file that can't be read gets none.
    #[test]
    fn nothing_of_a_file_is_lost_by_asking(text in any_text(), question in "[a-z ?]{0,30}", topic in 0..9_usize) {
        let text = format!("// interview: chat scale\n{text}");
        let _ = ask(&text, &question);
        match ask(&text, prompt("chat").topics[topic].name) {
            Ok(answered) if answered.is_known => prop_assert_eq!(&answered.text, &text),
            Ok(answered) => {
                prop_assert!(is_within(&text, &answered.text), "{}", answered.text);
                if syntax::format(&text).as_deref() != Ok(text.as_str()) {
                    let mut letters = answered.text.chars();
                    prop_assert!(text.chars().all(|it| letters.any(|other| other == it)), "{}", answered.text);
                }
                let again = ask(&answered.text, answered.topic.name).expect("it can still be read");
                prop_assert!(again.is_known && again.text == answered.text);
            }
            Err(Refusal::Unreadable(..)) => {}
            Err(other) => prop_assert!(false, "{:?}", other),
        }
        for format in FORMATS {
            prop_assert!(!told(&text, format.name).is_empty());
        }
    }
}

// ---- the command

#[test]
fn the_whole_of_it_on_the_command_line() {
    let folder = Folder::new();
    let run = |arguments: &[&str]| folder.run(&[&["interview"], arguments].concat());
    let read = || std::fs::read_to_string(folder.0.join("chat.arch")).expect("it is there");
    assert_eq!(
        run(&["list"]).out.lines().filter(|it| !it.starts_with(' ') && it.contains(": ")).count(),
        prompts().len()
    );
    let json: Value = serde_json::from_str(&run(&["list", "--format", "json"]).out).expect("it is JSON");
    assert_eq!(json["prompts"].as_array().map(Vec::len), Some(prompts().len()));

    assert!(run(&["check"]).err.contains("there is no interview here"));
    assert!(run(&["ask", "chat", "load"]).err.contains("`loadpath interview start chat` writes it"));
    assert_eq!(run(&["start", "chat", "--tier", "launch"]).code, Some(0));
    let begun = read();
    let again = run(&["start", "chat"]);
    assert_eq!((again.code, read() == begun), (Some(2), true), "{}", again.err);
    assert!(again.err.contains("is there already, and stays as it is"), "{}", again.err);
    assert_eq!(run(&["start", "chat", "--tier", "launch", "--output", "-"]).out, begun);

    assert_eq!(run(&["ask", "chat", "how", "many", "people?"]).code, Some(0));
    let asked = read();
    assert!(asked.contains("daily_users = 2k"), "{asked}");
    let known = run(&["ask", "./chat.arch", "traffic"]);
    assert!(known.out.contains("has that already") && read() == asked, "{}", known.out);
    let none = run(&["ask", "chat", "the colour of its logo"]);
    assert_eq!((none.code, read() == asked), (Some(2), true), "{}", none.err);
    assert!(none.err.contains("no answer to that; 8 questions are open ("), "{}", none.err);
    let open = run(&["ask", "chat", "Mobile or web?"]);
    assert_eq!((open.code, read() == asked), (Some(0), true), "{}", open.err);
    assert_eq!(
        open.out,
        "The task names no kind of device: draw one client, unless you have a reason to\ntell them apart. (left open: nothing is written)\n"
    );
    let several = run(&["ask", "chat", "how long are messages kept, and how fast must they be sent?"]);
    assert_eq!((several.code, read() == asked), (Some(2), true), "{}", several.err);
    assert!(several.err.contains("one thing at a time"), "{}", several.err);

    let checked = run(&["check", "--level", "junior"]);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
    assert!(
        checked.out.starts_with("Chat, launch: ") && checked.out.contains("judged as junior"),
        "{}",
        checked.out
    );
    assert_eq!(run(&["check", "chat", "--output", "verdict.html"]).code, Some(0));
    assert!(
        run(&["check", "chat", "--format", "text", "--output", "chat.arch"])
            .err
            .contains("is not written over")
    );
    assert!(run(&["reference", "chat.arch"]).out.starts_with("// "));
    assert_eq!(run(&["reference", "chat", "--tier", "launch"]).out, run(&["reference", "chat.arch"]).out);

    std::fs::write(folder.0.join("chat.arch"), format!("{asked}\nservice (\n")).expect("it can be written");
    let torn = run(&["ask", "chat", "order"]);
    assert_eq!(torn.code, Some(2));
    assert!(torn.err.contains("nothing is written until that is mended"), "{}", torn.err);
    assert_eq!(run(&["check"]).code, Some(1));
}

#[test]
fn wrong_names_are_told_with_those_that_are_meant() {
    let folder = Folder::new()
        .with("other.arch", "service a\n")
        .with("notes.md", "# Notes\n\n```arch\nservice a\n```\n");
    let run = |arguments: &[&str]| folder.run(&[&["interview"], arguments].concat());
    for (arguments, said) in [
        (&["start", "chatt"][..], "did you mean `chat`?"),
        (&["start", "chat", "--tier", "huge"], "it has `launch`, `growth`, `scale`"),
        (&["ask", "other.arch", "load"], "is of no interview"),
        (&["check", "other.arch"], "is of no interview"),
        (&["check", "notes.md"], "is Markdown"),
        (&["check", "none.arch"], "does not exist"),
        (&["reference", "\u{1b}[31m"], "no prompt is called"),
        (&["start", "\u{202e}"], "no prompt is called"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.err.contains(said)), (Some(2), true), "{arguments:?}: {}", ran.err);
        assert!(!ran.err.contains(['\u{1b}', '\u{202e}']), "{arguments:?}");
    }
}

/// However many ask at once, each answer is in the file in the end, and no file beside it.
#[test]
fn twenty_who_ask_at_once_have_twenty_answers() {
    let folder = Folder::new();
    let topics = prompt("chat").topics;
    assert_eq!(folder.run(&["interview", "start", "chat", "--tier", "launch"]).code, Some(0));
    let asking: Vec<_> = topics
        .iter()
        .cycle()
        .take(20)
        .map(|it| {
            let mut command = folder.command(&["interview", "ask", "chat", it.name]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
        })
        .collect();
    let answered = asking.into_iter().map(|it| it.wait_with_output().expect("it ends"));
    let told = answered.filter(|it| it.status.code() == Some(0) && it.stdout.ends_with(b".\n")).count();
    assert_eq!(told, 20);
    let text = std::fs::read_to_string(folder.0.join("chat.arch")).expect("it is there");
    for topic in topics {
        assert_eq!(text.matches(&format!("// asked: {}\n", topic.name)).count(), 1, "{text}");
    }
    // With the configuration of the folder.
    assert_eq!(std::fs::read_dir(&folder.0).expect("it is there").count(), 2);
}

/// What an editor saves while an answer is being made stays, and the answer is written into that.
#[test]
fn what_an_editor_saves_meanwhile_is_not_written_over() {
    let folder = Folder::new();
    let path = folder.0.join("chat.arch");
    // Long enough for an answer to take a while.
    let parts: String = (0..4_000).map(|at| format!("service s{at} {{ replicas = 3 }}\n")).collect();
    let begun = begun("chat", "launch") + &parts;
    for wait in [0, 20, 50, 100, 200, 400] {
        std::fs::write(&path, &begun).expect("it can be written");
        let mut command = folder.command(&["interview", "ask", "chat", "traffic"]);
        let mut asking = command.stdout(Stdio::null()).spawn().expect("the program starts");
        std::thread::sleep(Duration::from_millis(wait));
        let (saved, new) = (format!("{begun}service saved\n"), folder.0.join("saved"));
        std::fs::write(&new, saved).expect("it can be written");
        // An editor does not look whether somebody else wrote; where the answer was there before, it is the editor that loses it.
        std::fs::rename(&new, &path).expect("it can be put in place");
        let is_answered = asking.wait().expect("it ends").success();
        let text = std::fs::read_to_string(&path).expect("it is there");
        assert!(is_answered && text.contains("service saved\n"), "after {wait} ms");
    }
}
