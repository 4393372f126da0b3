//! Which topic a candidate's question is about: by the words that a prompt knows for it.
//!
//! Besides its names a topic has the words that people usually ask for a property by, and those of a good question. How it is asked is
//! a word as well: `how long` asks for another thing than `how many`.
//!
//! A word counts the more the fewer topics of the prompt have it: in a chat all speak of messages, and one of what is lost. A name of
//! a topic counts twice as much as a word of a good question. A word that the prompt nowhere has tells against every topic: who asks
//! whether messages are encrypted does not ask how many there are.

use super::prompt::{Prompt, Topic};
use crate::nearest;

/// Longer questions are read as far as this, in bytes.
const LONGEST: usize = 1_000;

/// Words of no more letters are never taken for others, nor tell a topic unless they are a name of it.
const SHORT: usize = 2;
/// What is left of a word without its ending has so many letters.
const STEM: usize = 3;

/// How much a word of a name counts beside one of a good question, and a usual one.
const NAME: f64 = 2.0;
const USUAL: f64 = 1.5;
/// What a word has before it that is written as the prompt writes it, and not as one of many or many of one.
const AS_WRITTEN: f64 = 0.1;
/// The words of no name must tell as much as one that only one other topic has.
const ENOUGH: f64 = 0.5;
/// How much more they must tell for a word that the prompt nowhere has.
const UNKNOWN: f64 = 0.8;
/// The same of a topic that counts something, where nobody asks how many: more than a name tells, for what is counted stands in
/// many a question about something else.
const UNKNOWN_OF_MANY: f64 = 1.7;
/// So many such words count: who talks much asks something nevertheless.
const MOST_UNKNOWN: usize = 2;
/// A part of a question is about another topic where the topic of the whole has less than this share of it.
const SHARE: f64 = 0.5;

/// The word for how many there are.
const MANY: &str = "how-many";

/// Two words that tell together what kind of thing is asked for, as one word.
const FORMS: &[(&str, &[&str])] = &[
    (MANY, &["how many"]),
    ("how-long", &["how long"]),
    ("how-soon", &["how soon", "how quickly", "how quick"]),
    ("how-fast", &["how fast"]),
    ("how-often", &["how often"]),
    ("how-large", &["how large", "how big"]),
    ("what-if", &["what happens", "what if"]),
    ("where-from", &["where are", "where do", "where does", "where from", "where is"]),
    ("for-each", &["for each", "for every", "compared to", "compared with"]),
    (
        "a-day",
        &["a day", "a minute", "a month", "a second", "a week", "an hour", "a hour", "each day", "every day"],
    ),
];

/// By what words people usually ask for a property.
const USUAL_WORDS: &[(&str, &[&str])] = &[
    ("daily_users", &["traffic", "scale", "load", MANY, "a-day"]),
    ("monthly_users", &["traffic", "scale", "load", MANY, "a-day"]),
    ("per_user", &["traffic", "load", "requests", "actions"]),
    ("rate", &["rate", "traffic", "load", "requests", "volume", "throughput", "qps", MANY, "a-day"]),
    ("peak_factor", &["peak", "peaks", "busiest", "spike", "load", "traffic"]),
    ("reads_per_write", &["ratio", "reads", "writes", "read", "write", "versus", "for-each", "a-day"]),
    ("record_size", &["size", "bytes", "storage", "store", "how-large"]),
    ("payload", &["size", "bytes", "payload", "how-large"]),
    ("records", &["records", "number", "storage", "store", MANY]),
    ("retention", &["retention", "retain", "keep", "kept", "store", "stored", "storage", "expire"]),
    (
        "availability",
        &[
            "availability",
            "down",
            "downtime",
            "uptime",
            "available",
            "outage",
            "fail",
            "reliable",
            "slo",
            "sla",
        ],
    ),
    (
        "latency_p99",
        &["latency", "fast", "slow", "speed", "milliseconds", "respond", "response", "how-fast", "how-soon"],
    ),
    (
        "freshness",
        &["fresh", "freshness", "stale", "delay", "late", "old", "visible", "available", "show", "how-soon"],
    ),
    ("consistency", &["consistency", "consistent", "stale", "agree"]),
    ("durability", &["durability", "durable", "lose", "lost", "loss", "crash", "what-if"]),
    ("rpo", &["disaster", "recovery", "backup", "lose"]),
    ("rto", &["disaster", "recovery", "restore", "region"]),
    ("concurrent", &["concurrent", "online", "connected", "connections", "simultaneous", MANY]),
];

/// Words that many questions have and no topic is told by.
const PLAIN: &[&str] = &[
    "able",
    "about",
    "acceptable",
    "after",
    "again",
    "all",
    "allow",
    "allowed",
    "also",
    "and",
    "another",
    "any",
    "anybody",
    "anyone",
    "anything",
    "are",
    "average",
    "become",
    "before",
    "but",
    "can",
    "come",
    "comes",
    "could",
    "data",
    "day",
    "deal",
    "did",
    "does",
    "during",
    "each",
    "either",
    "else",
    "enough",
    "ever",
    "every",
    "everybody",
    "expect",
    "expected",
    "for",
    "from",
    "get",
    "gets",
    "give",
    "given",
    "goes",
    "going",
    "got",
    "had",
    "handle",
    "happen",
    "happens",
    "has",
    "have",
    "her",
    "him",
    "his",
    "how",
    "into",
    "its",
    "itself",
    "kind",
    "large",
    "let",
    "like",
    "long",
    "lot",
    "made",
    "make",
    "makes",
    "many",
    "may",
    "more",
    "most",
    "much",
    "must",
    "need",
    "needed",
    "needs",
    "never",
    "new",
    "nobody",
    "not",
    "nothing",
    "now",
    "off",
    "often",
    "one",
    "only",
    "other",
    "others",
    "our",
    "out",
    "people",
    "policy",
    "possible",
    "real",
    "really",
    "same",
    "say",
    "shall",
    "she",
    "should",
    "some",
    "somebody",
    "someone",
    "something",
    "soon",
    "such",
    "support",
    "supported",
    "system",
    "take",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "thing",
    "things",
    "this",
    "those",
    "too",
    "two",
    "until",
    "use",
    "used",
    "user",
    "users",
    "very",
    "want",
    "was",
    "way",
    "were",
    "what",
    "when",
    "whether",
    "which",
    "while",
    "who",
    "why",
    "will",
    "with",
    "work",
    "works",
    "would",
    "yet",
    "you",
    "your",
];

/// Why no topic is found.
#[derive(Debug)]
pub(super) enum Unclear {
    /// The question is about none of them.
    Nothing,
    /// It asks for several things at once.
    Several,
}

/// The topic that a question tells most of; of equals the more important one. Where it tells of none, the one whose name a
/// misspelt word of it most likely is.
///
/// # Errors
/// Says why there is none.
pub(super) fn topic(prompt: &Prompt, question: &str) -> Result<&'static Topic, Unclear> {
    let question = &question[..question.floor_char_boundary(LONGEST)];
    let book = Book::of(prompt);
    let whole = words(question);
    let found = book.best(&whole);
    if book.is_of_several(found, question) {
        return Err(Unclear::Several);
    }
    if let Some(found) = found {
        return Ok(found.topic);
    }
    let is_strange = book.topics.iter().all(|it| it.told(&whole).0.iter().all(|it| *it == 0.0));
    if is_strange { misspelt(&book.topics, &whole) } else { None }.ok_or(Unclear::Nothing)
}

/// What is known of a prompt.
struct Book {
    topics: Vec<Known>,
    /// All words of its task and of its topics.
    said: Vec<String>,
}

impl Book {
    fn of(prompt: &Prompt) -> Self {
        let topics: Vec<Known> = prompt.topics.iter().map(Known::of).collect();
        let texts = prompt.topics.iter().flat_map(|it| [it.asks, it.answer]);
        let mut said: Vec<String> =
            [prompt.title, prompt.ask].into_iter().chain(texts).flat_map(words).collect();
        said.extend(topics.iter().flat_map(|it| it.names.concat()));
        said.extend(topics.iter().flat_map(|it| &it.usual).map(|it| (*it).to_owned()));
        Self { topics, said }
    }

    /// The topic that a question tells most of.
    fn best(&self, question: &[String]) -> Option<&Known> {
        let rated = self.topics.iter().map(|it| (it, self.rate(it, question)));
        // Of equals the last would be taken.
        let best = rated.rev().filter(|it| it.1 > 0.0).max_by(|one, other| one.1.total_cmp(&other.1));
        best.map(|it| it.0)
    }

    /// How much a question tells of a topic: nothing where it tells too little.
    fn rate(&self, topic: &Known, question: &[String]) -> f64 {
        let (told, is_named) = topic.told(question);
        let rate = self.weigh(question, &told);
        let is_formed = question.iter().zip(&told).any(|(word, told)| is_form(word) && *told > 0.0);
        let unknown = question.iter().filter(|it| tells(it) && !self.knows(it)).count().min(MOST_UNKNOWN);
        let least = ENOUGH
            + if is_formed || topic.says(MANY) == 0.0 { UNKNOWN } else { UNKNOWN_OF_MANY } * unknown as f64;
        if rate >= least || is_named && unknown == 0 { rate } else { 0.0 }
    }

    /// What is told by all words, each shared by the topics that have it.
    fn weigh(&self, question: &[String], told: &[f64]) -> f64 {
        let shared = |word: &str| self.topics.iter().filter(|it| it.says(word) > 0.0).count().max(1) as f64;
        let told = question.iter().zip(told).filter(|it| *it.1 > 0.0);
        told.map(|(word, told)| told / shared(word)).sum()
    }

    /// Whether the prompt has a word anywhere.
    fn knows(&self, word: &str) -> bool {
        self.said.iter().any(|it| is_same(it, word))
    }

    /// Whether parts of a question are about others than the topic of the whole, or than the first of them.
    fn is_of_several(&self, whole: Option<&Known>, question: &str) -> bool {
        let question = question.to_lowercase().replace(" and how ", ", how ");
        let parts = question.split([',', ';', '?']).map(words);
        let parts: Vec<(Vec<String>, &Known)> =
            parts.filter_map(|part| self.best(&part).map(|it| (part, it))).collect();
        let Some(topic) = whole.or_else(|| parts.first().map(|it| it.1)) else { return false };
        let weigh = |it: &Known, part: &[String]| self.weigh(part, &it.told(part).0);
        parts.iter().any(|(part, other)| weigh(topic, part) < SHARE * weigh(other, part))
    }
}

/// The words of a topic.
struct Known {
    topic: &'static Topic,
    names: Vec<Vec<String>>,
    /// Those by which its properties are asked for.
    usual: Vec<&'static str>,
    /// Those of a good question and of its names, without those that tell nothing.
    asked: Vec<String>,
}

impl Known {
    fn of(topic: &'static Topic) -> Self {
        let names: Vec<_> =
            std::iter::once(topic.name).chain(topic.words.iter().copied()).map(words).collect();
        let properties = || topic.states.iter().map(|it| it.rsplit('.').next().unwrap_or(it));
        let of_property = |it| USUAL_WORDS.iter().filter(move |row| row.0 == it).flat_map(|row| row.1);
        let usual = properties().flat_map(of_property).copied().collect();
        let asked = words(topic.asks).into_iter().chain(names.concat()).filter(|it| tells(it)).collect();
        Self { topic, names, usual, asked }
    }

    /// How much each word of a question says of the topic, and whether one of its names is among them.
    fn told(&self, question: &[String]) -> (Vec<f64>, bool) {
        let mut told: Vec<f64> = question.iter().map(|it| self.says(it)).collect();
        let mut is_named = false;
        for name in &self.names {
            for (at, part) in question.windows(name.len()).enumerate() {
                if part.iter().zip(name).all(|(one, other)| is_same(one, other)) {
                    is_named = true;
                    for (told, (one, other)) in told[at..].iter_mut().zip(part.iter().zip(name)) {
                        let weight = if PLAIN.contains(&one.as_str()) { 1.0 } else { NAME };
                        *told = told.max(if one == other { weight + AS_WRITTEN } else { weight });
                    }
                }
            }
        }
        (told, is_named)
    }

    /// How much a word says of it that is none of its names.
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

fn is_form(word: &str) -> bool {
    FORMS.iter().any(|it| it.0 == word)
}

fn tells(word: &str) -> bool {
    word.chars().count() > SHORT && !PLAIN.contains(&word)
}

/// The words of a text in lower case, the way in which it asks as one of them.
fn words(text: &str) -> Vec<String> {
    let parts = text.to_lowercase();
    let parts = parts.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    let parts: Vec<&str> = parts.map(|it| if it == "per" { "a" } else { it }).collect();
    let mut words = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        let pair = parts[at..].iter().take(2).copied().collect::<Vec<_>>().join(" ");
        let form = FORMS.iter().find(|it| it.1.contains(&pair.as_str()));
        words.push(form.map_or(parts[at], |it| it.0).to_owned());
        at += if form.is_some() { 2 } else { 1 };
    }
    words
}

/// Whether two words are the same but for their endings.
fn is_same(one: &str, other: &str) -> bool {
    one == other || stem(one) == stem(other)
}

/// A word without its ending: `failed`, `fails` and `failing` are one.
fn stem(word: &str) -> &str {
    let cut = |ending| word.strip_suffix(ending).filter(|it: &&str| it.len() >= STEM);
    ["ing", "ed", "es", "s", "e"].into_iter().find_map(cut).map_or(word, stem)
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
