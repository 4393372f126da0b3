//! Which topic a candidate's question is about: by the words that a prompt knows for it.
//!
//! Besides its names a topic has the words that people usually ask for a property by, and those of a good question.
//!
//! A word counts the more the fewer topics of the prompt have it: in a chat all speak of messages, and one of what is lost. A name of
//! a topic counts twice as much as a word of a good question.

use super::prompt::{Prompt, Topic};
use crate::nearest;

/// Longer questions are read as far as this, in bytes.
const LONGEST: usize = 1_000;

/// Words of no more letters are never taken for others, nor tell a topic unless they are a name of it.
const SHORT: usize = 3;

/// How much a word of a name counts beside one of a good question, and a usual one.
const NAME: f64 = 2.0;
const USUAL: f64 = 1.5;
/// What a word has before it that is written as the prompt writes it, and not as one of many or many of one.
const AS_WRITTEN: f64 = 0.1;
/// The words of no name must tell as much as one that only one other topic has.
const ENOUGH: f64 = 0.5;

/// By what words people usually ask for a property.
const USUAL_WORDS: &[(&str, &[&str])] = &[
    ("daily_users", &["users", "user", "people", "traffic", "scale", "load"]),
    ("monthly_users", &["users", "user", "people", "traffic", "scale", "load"]),
    ("per_user", &["traffic", "load", "requests", "actions"]),
    ("rate", &["rate", "traffic", "load", "requests", "volume", "throughput", "qps"]),
    ("peak_factor", &["peak", "peaks", "busiest", "spike", "load", "traffic"]),
    ("reads_per_write", &["ratio", "reads", "writes", "read", "write"]),
    ("record_size", &["size", "large", "big", "bytes", "storage"]),
    ("payload", &["size", "large", "big", "bytes", "payload"]),
    ("records", &["records", "number", "storage"]),
    ("retention", &["retention", "keep", "kept", "store", "stored", "storage", "delete", "expire"]),
    (
        "availability",
        &["availability", "down", "downtime", "uptime", "available", "outage", "fail", "slo", "sla"],
    ),
    ("latency_p99", &["latency", "fast", "slow", "quick", "quickly", "speed", "milliseconds"]),
    ("freshness", &["fresh", "freshness", "stale", "delay", "late", "old"]),
    ("consistency", &["consistency", "consistent", "stale", "agree"]),
    ("durability", &["durability", "durable", "lose", "lost", "loss"]),
    ("rpo", &["disaster", "recovery", "backup", "lose"]),
    ("rto", &["disaster", "recovery", "restore", "region"]),
    ("concurrent", &["concurrent", "online", "connected", "connections", "simultaneous"]),
];

/// Words that many questions have and no topic is told by.
const PLAIN: &[&str] = &[
    "about",
    "again",
    "also",
    "another",
    "anybody",
    "anyone",
    "before",
    "does",
    "each",
    "else",
    "ever",
    "every",
    "everybody",
    "from",
    "give",
    "given",
    "goes",
    "happen",
    "happens",
    "have",
    "into",
    "itself",
    "large",
    "long",
    "made",
    "make",
    "makes",
    "many",
    "more",
    "most",
    "much",
    "must",
    "never",
    "nobody",
    "nothing",
    "often",
    "only",
    "other",
    "others",
    "people",
    "same",
    "shall",
    "should",
    "somebody",
    "someone",
    "soon",
    "take",
    "than",
    "that",
    "their",
    "them",
    "then",
    "there",
    "they",
    "thing",
    "things",
    "this",
    "until",
    "very",
    "want",
    "were",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "will",
    "with",
    "would",
    "your",
];

/// The topic that a question tells most of; of equals the more important one. Where it tells of none, the one whose name a
/// misspelt word of it most likely is.
pub(super) fn topic(prompt: &Prompt, question: &str) -> Option<&'static Topic> {
    let question = words(&question[..question.floor_char_boundary(LONGEST)]);
    let known: Vec<Known> = prompt.topics.iter().map(Known::of).collect();
    let rated = known.iter().map(|it| (it.topic, it.rate(&question, &known)));
    // Of equals the last would be taken.
    let best = rated.rev().filter(|it| it.1 > 0.0).max_by(|one, other| one.1.total_cmp(&other.1));
    best.map(|it| it.0).or_else(|| misspelt(&known, &question))
}

/// The words of a topic.
struct Known {
    topic: &'static Topic,
    names: Vec<Vec<String>>,
    /// Those by which its properties are asked for.
    usual: Vec<&'static str>,
    /// Those of a good question, without those that tell nothing.
    asked: Vec<String>,
}

impl Known {
    fn of(topic: &'static Topic) -> Self {
        let names = std::iter::once(topic.name).chain(topic.words.iter().copied()).map(words).collect();
        let tells = |it: &String| it.chars().count() > SHORT && !PLAIN.contains(&it.as_str());
        let properties = || topic.states.iter().map(|it| it.rsplit('.').next().unwrap_or(it));
        let of_property = |it| USUAL_WORDS.iter().filter(move |row| row.0 == it).flat_map(|row| row.1);
        let usual = properties().flat_map(of_property).copied().collect();
        Self { topic, names, usual, asked: words(topic.asks).into_iter().filter(tells).collect() }
    }

    fn has(&self, word: &str) -> bool {
        self.names.iter().flatten().any(|it| is_same(it, word)) || self.says(word) > 0.0
    }

    /// How much a question tells of the topic: nothing where it tells too little.
    fn rate(&self, question: &[String], all: &[Self]) -> f64 {
        let mut told: Vec<f64> = question.iter().map(|it| self.says(it)).collect();
        let mut is_named = false;
        for name in &self.names {
            for (at, part) in question.windows(name.len()).enumerate() {
                if part.iter().zip(name).all(|(one, other)| is_same(one, other)) {
                    is_named = true;
                    for (told, (one, other)) in told[at..].iter_mut().zip(part.iter().zip(name)) {
                        *told = told.max(if one == other { NAME + AS_WRITTEN } else { NAME });
                    }
                }
            }
        }
        let shared = |word: &String| all.iter().filter(|it| it.has(word)).count().max(1) as f64;
        let rate = question.iter().zip(told).map(|(word, told)| told / shared(word)).sum();
        if is_named || rate >= ENOUGH { rate } else { 0.0 }
    }

    /// How much a word that is none of its names says of it.
    fn says(&self, word: &str) -> f64 {
        if self.usual.iter().any(|it| is_same(it, word)) {
            USUAL
        } else if self.asked.iter().any(|it| is_same(it, word)) {
            1.0
        } else {
            0.0
        }
    }
}

/// The words of a text in lower case.
fn words(text: &str) -> Vec<String> {
    let parts = text.to_lowercase();
    parts.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// Whether two words are the same, be it one of many.
fn is_same(one: &str, other: &str) -> bool {
    let singular = |it| str::strip_suffix(it, 's').filter(|it| it.len() >= SHORT).unwrap_or(it);
    singular(one) == singular(other)
}

fn misspelt(known: &[Known], question: &[String]) -> Option<&'static Topic> {
    let single = |it: &Known| -> Vec<String> {
        it.names.iter().filter(|it| it.len() == 1).flatten().cloned().collect()
    };
    let names: Vec<(String, &Topic)> =
        known.iter().flat_map(|it| single(it).into_iter().map(|name| (name, it.topic))).collect();
    let may_be_one = |it: &&String| it.chars().count() > SHORT + 1 && !PLAIN.contains(&it.as_str());
    question.iter().filter(may_be_one).find_map(|word| {
        let meant = nearest::nearest(word, names.iter().map(|it| it.0.as_str()))?;
        names.iter().find(|it| it.0 == meant).map(|it| it.1)
    })
}
