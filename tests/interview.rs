//! The mock interview: its bank of prompts, and what a candidate's file gets for an answer.

use std::collections::BTreeSet;

use loadpath::analysis::estimate::Amount;
use loadpath::interview::{Answered, Prompt, Refusal, Session, Tier, Topic, ask, prompts, start};
use loadpath::rules;
use loadpath::syntax;

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
        let text = start(prompt, tier);
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

fn prompt(name: &str) -> &'static Prompt {
    Prompt::find(name).unwrap_or_else(|| panic!("there is no prompt `{name}`"))
}

/// A candidate's first file for a prompt.
fn begun(name: &str, tier: &str) -> String {
    let prompt = prompt(name);
    start(prompt, prompt.tier(tier).unwrap_or_else(|| panic!("`{name}` has no tier `{tier}`")))
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
        let text = start(prompt, &prompt.tiers[0]);
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
        let text = start(prompt, &prompt.tiers[0]);
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
    let long = "x ".repeat(1_000_000);
    for question in ["", "what is the colour of the logo?", "who are you", "?", "\u{202e}", "a", &long] {
        assert!(matches!(ask(&text, question), Err(Refusal::NoAnswer(8))), "{question:.80}");
    }
}

/// Asking again changes nothing, and in whatever order one asks, the file says the same in the end.
#[test]
fn asking_is_idempotent_and_its_order_does_not_matter() {
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines().map(|it| it.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    for (prompt, tier) in tiers() {
        let text = asked(&start(prompt, tier), prompt.topics);
        let again = asked(&text, prompt.topics);
        assert_eq!(text, again, "{} {}", prompt.name, tier.name);
        let backwards = asked(&start(prompt, tier), prompt.topics.iter().rev());
        assert_eq!(lines(&text), lines(&backwards), "{} {}", prompt.name, tier.name);
        assert_eq!(Session::read(&text).expect("it is one").open(), 0);
        assert_eq!(syntax::format(&text).as_deref(), Ok(text.as_str()), "{} {}", prompt.name, tier.name);
        assert!(text.lines().all(|it| it.chars().count() <= 80), "{text}");
    }
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
