//! Which topic a candidate's question is about: by the words that a prompt knows for it.
//!
//! Besides its names a topic has the words that people usually ask for a property by, and those of a good question. How it is asked is
//! a word as well: `how long` asks for another thing than `how many`.
//!
//! A word counts the more the fewer topics of the prompt have it: in a chat all speak of messages, and one of what is lost. A name of
//! a topic counts twice as much as a word of a good question. A word that the prompt nowhere has tells against every topic: who asks
//! whether messages are encrypted does not ask how many there are. And an answer must be of the kind that is asked for: how many seats
//! a hall has is not told by how many are sold a day.

use super::left_open::{LEFT_OPEN, LeftOpen};
use super::prompt::{Prompt, Topic};
use crate::nearest;

/// Longer questions are read as far as this, in bytes.
const LONGEST: usize = 1_000;

/// Words of no more letters are never taken for others, nor tell a topic unless they are a name of it.
const SHORT: usize = 2;
/// What is left of a word without its ending has so many letters.
const STEM: usize = 3;

/// A word of fewer letters is no slip of another.
const LEAST_OF_SLIP: usize = 6;
/// A slip makes a word longer or shorter by no more letters.
const MOST_LONGER: usize = 2;
/// Between the words of a name stand no more others.
const MOST_BETWEEN: usize = 2;

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

/// The words for how many there are, how large one is, how many come in a time, and how many for each of something else.
const MANY: &str = "how-many";
const LARGE: &str = "how-large";
const A_DAY: &str = "a-day";
const FOR_EACH: &str = "for-each";
/// Who asks for the users asks how many they are.
const WHO: &str = "who-uses";

/// Words that tell together what kind of thing is asked for, as one word.
const FORMS: &[(&str, &[&str])] = &[
    (MANY, &["how many"]),
    ("how-long", &["how long"]),
    (
        "how-soon",
        &[
            "how soon",
            "how quickly",
            "how quick",
            "how long until",
            "how long till",
            "how long before",
            "how long after",
        ],
    ),
    ("how-fast", &["how fast"]),
    ("how-often", &["how often", "how frequently"]),
    (WHO, &["who uses", "who will use", "who would use", "who is using"]),
    (LARGE, &["how large", "how big", "size", "sizes"]),
    ("what-if", &["what happens", "what if"]),
    ("where-from", &["where are", "where do", "where does", "where from", "where is"]),
    (FOR_EACH, &["for each", "for every", "compared to", "compared with"]),
    (
        A_DAY,
        &[
            "a day",
            "a minute",
            "a month",
            "a second",
            "a sec",
            "a week",
            "a hour",
            "each day",
            "every day",
            "daily",
            "hourly",
        ],
    ),
];

/// The longest of them has so many words.
const LONGEST_FORM: usize = 3;

/// Words that people use for one another, abbreviations and common slips among them; the first is taken for all.
const ALIKE: &[&[&str]] = &[
    &["a", "an", "per"],
    &["qps", "tps", "rps"],
    &["users", "dau", "mau"],
    &["lose", "loose", "loss", "lost"],
    &["mail", "email"],
    &["messages", "msg", "msgs"],
    &["pictures", "images", "photos"],
    &["films", "videos"],
    &["statistics", "stats"],
    &["catalogue", "catalog"],
    &["document", "doc", "docs"],
    &["forged", "fake", "bogus"],
    &["fail", "die", "dies", "died", "breaks"],
    &["down", "unavailable", "unreachable"],
    &["alert", "alarm"],
    &["busiest", "peak"],
    &["versus", "vs"],
    &["burst", "briefly", "temporarily"],
    &["spelling", "misspelt", "misspelled"],
];

/// Forms that ask for an amount: who says nothing else that is known has not said of what.
const AMOUNTS: &[&str] = &[MANY, LARGE, "how-long", "how-often"];

/// How a question begins that takes yes or no.
const YES_OR_NO: &[&str] = &["do", "does", "is", "are", "can", "should"];

/// Who asks how many of something one other has: `how many seats does a hall have`.
const ONE: &[&str] = &["a", "an", "each", "every", "one"];
const HAVING: &[&str] = &["have", "has", "hold", "contain", "own"];

/// Who asks how many there are, and not how many come.
const STOCK: &[&str] = &["are there", "do exist", "in total"];

/// Who is counted where users are.
const PEOPLE: &[&str] = &[
    "people",
    "users",
    "persons",
    "customers",
    "visitors",
    "viewers",
    "players",
    "riders",
    "buyers",
    "members",
];

/// By what words people usually ask for a property.
const USUAL_WORDS: &[(&str, &[&str])] = &[
    ("daily_users", &["traffic", "scale", "load", MANY, A_DAY, WHO]),
    ("monthly_users", &["traffic", "scale", "load", MANY, A_DAY, WHO]),
    ("per_user", &["traffic", "load", "requests", "actions"]),
    ("rate", &["rate", "traffic", "load", "requests", "volume", "throughput", "qps", MANY, A_DAY, WHO]),
    ("peak_factor", &["busiest", "spike", "load", "traffic"]),
    ("reads_per_write", &["ratio", "reads", "writes", "read", "write", "versus", FOR_EACH, A_DAY]),
    ("record_size", &["bytes", "storage", "store", "item", "record", "entry", "row", LARGE]),
    ("payload", &["bytes", "payload", LARGE]),
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
    "active",
    "actually",
    "after",
    "again",
    "all",
    "allow",
    "allowed",
    "also",
    "always",
    "and",
    "another",
    "any",
    "anybody",
    "anyone",
    "anything",
    "approximately",
    "are",
    "average",
    "avg",
    "avoid",
    "become",
    "before",
    "billion",
    "billions",
    "but",
    "can",
    "come",
    "comes",
    "contain",
    "contains",
    "could",
    "current",
    "currently",
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
    "forever",
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
    "include",
    "includes",
    "into",
    "its",
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
    "max",
    "maximum",
    "may",
    "mean",
    "means",
    "million",
    "millions",
    "min",
    "minimum",
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
    "overall",
    "people",
    "policy",
    "possible",
    "prevent",
    "real",
    "really",
    "required",
    "requirement",
    "requirements",
    "roughly",
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
    "stop",
    "such",
    "support",
    "supported",
    "system",
    "take",
    "target",
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
    "thousand",
    "thousands",
    "time",
    "too",
    "total",
    "two",
    "typical",
    "typically",
    "until",
    "use",
    "used",
    "user",
    "users",
    "usual",
    "usually",
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
    /// It is one of those that are usually asked, and the task leaves it open: what is said then.
    LeftOpen(&'static str),
}

/// The topic that a question tells most of; of equals the more important one. Where it tells of none, the one whose name a
/// misspelt word of it most likely is.
///
/// # Errors
/// Says why there is none.
pub(super) fn topic(prompt: &Prompt, question: &str) -> Result<&'static Topic, Unclear> {
    let question = &question[..question.floor_char_boundary(LONGEST)];
    let book = Book::of(prompt);
    let whole = book.mended(words(question));
    let found = book.best(&whole);
    if book.is_of_several(found, question) {
        return Err(Unclear::Several);
    }
    let is_called = || found.is_some_and(|it| it.is_called(&whole));
    if let Some(says) = book.left_open(&whole).filter(|_| !is_called()) {
        return Err(Unclear::LeftOpen(says));
    }
    found.map(|it| it.topic).ok_or(Unclear::Nothing)
}

/// What is known of a prompt.
struct Book {
    topics: Vec<Known>,
    /// All words of its task and of its topics.
    said: Vec<String>,
}

impl Book {
    fn of(prompt: &Prompt) -> Self {
        let mut topics: Vec<Known> = prompt.topics.iter().map(Known::of).collect();
        // Where none counts users, who uses it is told by what they do.
        let counts_users = |it: &Known| it.topic.states.iter().any(|it| it.ends_with("_users"));
        if topics.iter().any(counts_users) {
            topics.iter_mut().filter(|it| !counts_users(it)).for_each(|it| it.usual.retain(|it| *it != WHO));
        }
        let texts = prompt.topics.iter().flat_map(|it| [it.asks, it.answer]);
        let mut said: Vec<String> =
            [prompt.title, prompt.ask].into_iter().chain(texts).flat_map(words).collect();
        said.extend(topics.iter().flat_map(|it| it.names.concat()));
        said.extend(topics.iter().flat_map(|it| &it.usual).map(|it| (*it).to_owned()));
        Self { topics, said }
    }

    /// A question in which a slip of a word that tells a topic is that word.
    fn mended(&self, mut question: Vec<String>) -> Vec<String> {
        let telling = || {
            self.topics
                .iter()
                .flat_map(|it| it.asked.iter().map(String::as_str).chain(it.usual.iter().copied()))
        };
        let is_slip = |it: &&mut String| it.chars().count() >= LEAST_OF_SLIP && tells(it) && !self.knows(it);
        for word in question.iter_mut().filter(is_slip) {
            let (first, length) = (word.chars().next(), word.chars().count());
            // A word that only goes on further is another one: `life` is no `lifetime`.
            let is_near =
                |it: &&str| it.chars().next() == first && it.chars().count().abs_diff(length) <= MOST_LONGER;
            if let Some(meant) = nearest::nearest(word, telling().filter(is_near)) {
                *word = meant.to_owned();
            }
        }
        question
    }

    /// The topic that a question tells most of.
    fn best(&self, question: &[String]) -> Option<&Known> {
        let told = self.told(question);
        let rated = self.topics.iter().zip(&told).map(|(it, own)| (it, self.rate(it, question, own, &told)));
        // Of equals the last would be taken.
        let best = rated.rev().filter(|it| it.1 > 0.0).max_by(|one, other| one.1.total_cmp(&other.1));
        best.map(|it| it.0)
    }

    /// What each word tells of each topic.
    fn told(&self, question: &[String]) -> Vec<Told> {
        self.topics.iter().map(|it| it.told(question)).collect()
    }

    /// How much a question tells of a topic: nothing where it tells too little, or asks for what the topic does not have.
    fn rate(&self, topic: &Known, question: &[String], own: &Told, all: &[Told]) -> f64 {
        let rate = weigh(own, all);
        let told = || question.iter().zip(&own.words).filter(|it| *it.1 > 0.0).map(|it| it.0);
        let is_other_amount = |it: &String| AMOUNTS.contains(&it.as_str()) && topic.says(it) == 0.0;
        let is_strange = |it: &&String| tells(it) && (!self.knows(it) || is_other_amount(it));
        let unknown = question.iter().filter(is_strange).count().min(MOST_UNKNOWN);
        // `How many alerts` asks no more for machines than for anything else that is counted.
        let is_amount_alone = told().all(|it| it == A_DAY || AMOUNTS.contains(&it.as_str()));
        let is_of_other = unknown > 0 || !own.is_named && is_told_elsewhere(question, all);
        if is_amount_alone && is_of_other || !topic.answers(question) {
            return 0.0;
        }
        let is_formed = told().any(|it| is_form(it));
        let least = ENOUGH
            + if is_formed || topic.says(MANY) == 0.0 { UNKNOWN } else { UNKNOWN_OF_MANY } * unknown as f64;
        if rate >= least || own.is_named && unknown == 0 { rate } else { 0.0 }
    }

    /// What is said of a usual question by whose words no topic is asked for.
    fn left_open(&self, question: &[String]) -> Option<&'static str> {
        let has = |word: &&str| question.iter().any(|it| is_same(it, word));
        let is_asked_for = |word: &&str| self.topics.iter().any(|it| it.says(word) > 0.0);
        let is_it = |it: &&LeftOpen| it.words.iter().any(has) && !it.words.iter().any(is_asked_for);
        LEFT_OPEN.iter().find(is_it).map(|it| it.says)
    }

    /// Whether the prompt has a word anywhere.
    fn knows(&self, word: &str) -> bool {
        self.said.iter().any(|it| is_same(it, word))
    }

    /// Whether parts of a question are about others than the topic of the whole, or than the first of them.
    fn is_of_several(&self, whole: Option<&Known>, question: &str) -> bool {
        let question = question.to_lowercase().replace(" and how ", ", how ");
        let parts = question.split([',', ';', '?']).map(|it| self.mended(words(it)));
        let parts: Vec<(Vec<String>, &Known)> =
            parts.filter_map(|part| self.best(&part).map(|it| (part, it))).collect();
        let Some(topic) = whole.or_else(|| parts.first().map(|it| it.1)) else { return false };
        let weigh = |it: &Known, part: &[String]| weigh(&it.told(part), &self.told(part));
        parts.iter().any(|(part, other)| weigh(topic, part) < SHARE * weigh(other, part))
    }
}

/// What the words of a question tell of a topic.
struct Told {
    words: Vec<f64>,
    /// Whether one of its names is among them.
    is_named: bool,
}

/// What is told by all words of a topic, each shared with the topics that have it: a name is hardly shared with who only mentions it.
fn weigh(own: &Told, all: &[Told]) -> f64 {
    let part = |own: f64, other: f64| if own < NAME || other >= own { 1.0 } else { other / own };
    let shared = |at: usize, own: f64| -> f64 {
        all.iter().map(|it| it.words[at]).filter(|it| *it > 0.0).map(|it| part(own, it)).sum()
    };
    let told = own.words.iter().enumerate().filter(|it| *it.1 > 0.0);
    told.map(|(at, told)| told / shared(at, *told)).sum()
}

/// Whether a question has a word besides its forms that tells some topic.
fn is_told_elsewhere(question: &[String], all: &[Told]) -> bool {
    let is_told = |at: usize| all.iter().any(|it| it.words[at] > 0.0);
    question.iter().enumerate().any(|(at, word)| tells(word) && !is_form(word) && is_told(at))
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

    /// How much each word of a question says of the topic.
    fn told(&self, question: &[String]) -> Told {
        let mut told: Vec<f64> = question.iter().map(|it| self.says(it)).collect();
        let mut is_named = false;
        for name in &self.names {
            for places in (0..question.len()).filter_map(|at| places(name, question, at)) {
                is_named = true;
                for (at, other) in places.into_iter().zip(name) {
                    let one = &question[at];
                    let weight = if PLAIN.contains(&one.as_str()) { 1.0 } else { NAME };
                    told[at] = told[at].max(if one == other { weight + AS_WRITTEN } else { weight });
                }
            }
        }
        Told { words: told, is_named }
    }

    /// Whether one of its names is in a question, which more than how it is asked tells: a team has a size as well.
    fn is_called(&self, question: &[String]) -> bool {
        let told = self.told(question);
        let says = |(word, told): (&String, &f64)| !is_form(word) && *told > 0.0;
        told.is_named && question.iter().zip(&told.words).any(says)
    }

    /// Whether its answer is of the kind that is asked for, be it what it is about or not.
    fn answers(&self, question: &[String]) -> bool {
        match question.iter().position(|it| it == MANY) {
            Some(many) => self.tells_how_many(question, &question[many + 1..]),
            None => self.tells_more_than_how_many(question),
        }
    }

    /// Whether something is done at all is not told by how often.
    fn tells_more_than_how_many(&self, question: &[String]) -> bool {
        let is_yes_or_no = question.first().is_some_and(|it| YES_OR_NO.contains(&it.as_str()));
        let is_usual = |it: &String| self.usual.iter().any(|usual| is_same(usual, it));
        !is_yes_or_no || self.says(MANY) == 0.0 || question.iter().any(is_usual)
    }

    fn tells_how_many(&self, question: &[String], after: &[String]) -> bool {
        let asks = words(self.topic.asks);
        let has = |it: &[String]| it.iter().any(|it| HAVING.contains(&it.as_str()));
        let is_of_one = after
            .windows(2)
            .any(|it| ["do", "does"].contains(&it[0].as_str()) && ONE.contains(&it[1].as_str()));
        if is_of_one && has(after) {
            // How many files a user has is not told by how many users there are.
            return asks.iter().any(|it| it == MANY) && has(&asks);
        }
        let is_stock = after.windows(2).any(|it| STOCK.contains(&it.join(" ").as_str()));
        if !is_stock || question.iter().any(|it| [A_DAY, FOR_EACH].contains(&it.as_str())) {
            return true;
        }
        // How many there are is not told by how many come in a time.
        let states = |names: &[&str]| self.topic.states.iter().any(|it| names.contains(it));
        let is_of_people = after.first().is_some_and(|it| PEOPLE.iter().any(|person| is_same(person, it)));
        states(&["records", "concurrent", "monthly_users"])
            || states(&["daily_users"]) && is_of_people
            || self.topic.states.is_empty() && asks.iter().any(|it| it == MANY)
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
    let parts: Vec<&str> = parts.map(usual_word).collect();
    let mut words = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        let form = (1..=LONGEST_FORM.min(parts.len() - at)).rev().find_map(|length| {
            let said = parts[at..at + length].join(" ");
            FORMS.iter().find(|it| it.1.contains(&said.as_str())).map(|it| (it.0, length))
        });
        let (word, length) = form.unwrap_or((parts[at], 1));
        words.push(word.to_owned());
        at += length;
    }
    words
}

/// The word that is taken for all that are used for one another.
fn usual_word(word: &str) -> &str {
    ALIKE.iter().find(|alike| alike.iter().any(|it| is_same(it, word))).map_or(word, |it| it[0])
}

/// Where the words of a name stand in a question, from a place on: in their order, with few others between: `how many short links`
/// are `how many links`.
fn places(name: &[String], question: &[String], from: usize) -> Option<Vec<usize>> {
    if !is_same(question.get(from)?, name.first()?) {
        return None;
    }
    let (mut places, mut between) = (vec![from], 0);
    for word in &name[1..] {
        let mut at = places[places.len() - 1] + 1;
        while !is_same(question.get(at)?, word) {
            between += 1;
            at += 1;
        }
        places.push(at);
    }
    (between <= MOST_BETWEEN).then_some(places)
}

/// Whether two words are the same but for their endings.
fn is_same(one: &str, other: &str) -> bool {
    one == other || stem(one) == stem(other)
}

/// A word without its ending: `failed`, `fails` and `failing` are one.
fn stem(word: &str) -> &str {
    let cut = |ending| word.strip_suffix(ending).filter(|it: &&str| it.len() >= STEM);
    ["ing", "ed", "es", "s", "e", "ion", "iz", "is"].into_iter().find_map(cut).map_or(word, stem)
}
