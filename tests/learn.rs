//! The pages to learn from: whole, with every figure worked out, designs that are what their pages say, and questions
//! whose answers hold when they are worked out another way.

use std::collections::BTreeSet;

use loadpath::learn::{self, Answer, Block, Figure, Given, Lesson, Measure, topics};
use loadpath::report::learn as report;
use loadpath::syntax;
use serde_json::Value;

use crate::cli::Folder;

fn lesson(name: &str) -> Lesson {
    Lesson::of(learn::find(name).expect("there is a page")).expect("it can be worked out")
}

fn lessons() -> impl Iterator<Item = Lesson> {
    topics().map(|topic| Lesson::of(topic).unwrap_or_else(|why| panic!("{why}")))
}

/// What a page says outside of its designs.
fn prose(lesson: &Lesson) -> String {
    let texts = lesson.body.iter().filter_map(|block| match block {
        Block::Text(text) => Some(text.as_str()),
        Block::Design(_) => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_page_is_whole() {
    for lesson in lessons() {
        let topic = lesson.topic;
        assert!(
            !lesson.title.is_empty() && lesson.summary.lines().count() == 1,
            "{topic}: a title, and a line"
        );
        assert!(prose(&lesson).split_whitespace().count() > 150, "{topic} says something");
        assert!(lesson.rules.len() >= 3, "{topic} names rules");
        assert!(lesson.sources.len() >= 2, "{topic} names sources");
        let names: Vec<&str> = lesson.designs().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["before", "after"], "{topic}");
        let figures = lesson.questions.iter().filter(|it| matches!(it.answer, Answer::Figure { .. })).count();
        assert_eq!(lesson.questions.len(), 3, "{topic}");
        assert!((1..3).contains(&figures), "{topic} asks for a figure and has something to choose from");
        for question in &lesson.questions {
            assert!(!question.text.is_empty() && !question.why.is_empty(), "{topic}: {question:#?}");
            let choices: BTreeSet<&String> = question.choices.iter().collect();
            assert!([0, 4].contains(&question.choices.len()), "{topic}: {question:#?}");
            assert_eq!(choices.len(), question.choices.len(), "{topic}: {question:#?}");
        }
    }
}

/// Whoever guesses always the same letter learns nothing.
#[test]
fn no_letter_is_right_more_often_than_the_others_together() {
    let mut right = [0; 4];
    for question in lessons().flat_map(|it| it.questions) {
        if let Answer::Choice { right: place, .. } = question.answer {
            right[place] += 1;
        }
    }
    let all: i32 = right.iter().sum();
    assert!(right.iter().all(|count| *count > 0 && 2 * count < all), "{right:?}");
}

#[test]
fn the_topics_have_names_and_rules_of_their_own() {
    let names: BTreeSet<&str> = topics().map(|it| it.name).collect();
    assert_eq!(names.len(), topics().count());
    for lesson in lessons() {
        let rules: BTreeSet<&str> = lesson.rules.iter().map(|it| it.code).collect();
        assert_eq!(rules.len(), lesson.rules.len(), "{} names a rule twice", lesson.topic);
    }
}

/// Every file is a topic, and every topic a file: the compiler sees to the second.
#[test]
fn no_page_is_forgotten() {
    let files = crate::rules::files("src/learn", "md");
    assert_eq!(files.len(), topics().count(), "a page in src/learn is no line of `CURRICULUM`");
}

/// A design that a page holds up as good has no finding, but for those that the page itself speaks of.
#[test]
fn every_design_is_what_its_page_says() {
    for lesson in lessons() {
        let said = prose(&lesson);
        for design in lesson.designs() {
            let place = format!("{}, {}", lesson.topic, design.name);
            assert_eq!(syntax::format(&design.source).as_deref(), Ok(design.source.as_str()), "{place}");
            assert!(design.source.lines().all(|it| it.chars().count() <= 80), "{place} is too wide");
            for (_, rule, message) in &design.findings {
                assert!(!rule.is_of_the_language(), "{place}: {message}");
                let is_named = design.name == "before" || said.contains(rule.code);
                assert!(is_named, "{place}: {} {message}", rule.code);
            }
        }
    }
}

#[test]
fn no_formula_is_left_in_what_is_shown() {
    for lesson in lessons() {
        for shown in [report::text(&lesson, 80), report::markdown(&lesson, None), report::json(&lesson)] {
            assert!(!shown.contains("{{") && !shown.contains("}}"), "{}:\n{shown}", lesson.topic);
        }
    }
}

/// A line is only wider than the terminal where it stands in a fence, or is one word.
#[test]
fn what_a_terminal_shows_is_no_wider_than_it() {
    for width in [40, 80] {
        let pages = lessons().map(|it| report::text(&it, width));
        for page in pages.chain([report::list(Some(width))]) {
            let mut is_fence = false;
            for line in page.lines() {
                is_fence ^= line.starts_with("```");
                let is_wide = line.chars().count() > width && line.trim_start().contains(' ');
                assert!(is_fence || !is_wide || line.starts_with('#'), "{width}: {line}");
            }
        }
    }
}

/// Sources are for whoever has the program and not its code: papers, books, and the pages of the documentation, where what
/// is named of them (`docs/formulas.md`: *budget*) is a heading or a row of a table.
#[test]
fn sources_lead_to_what_a_reader_has() {
    for lesson in lessons() {
        for source in &lesson.sources {
            assert!(!source.contains("analysis/") && !source.contains(".rs"), "{}: {source}", lesson.topic);
            for named in source.split("`docs/").skip(1) {
                let (page, names) = named.split_once('`').expect("it is closed");
                let text = crate::docs::read(&format!("docs/{page}"));
                let names = names.split(". ").next().unwrap_or_default();
                for name in names.split('*').skip(1).step_by(2) {
                    let is_there = |line: &str| {
                        line.starts_with('#') && line.trim_start_matches(['#', ' ']) == name
                            || line.starts_with(&format!("| {name} |"))
                    };
                    assert!(text.lines().any(is_there), "{}: {name} of docs/{page}", lesson.topic);
                }
            }
        }
    }
}

/// All of so many parts that are each up so often.
fn all_of(count: i32, up: f64) -> f64 {
    up.powi(count)
}

/// The answers, worked out without the library.
fn by_hand() -> Vec<(&'static str, usize, f64)> {
    const DAY: f64 = 86_400.0;
    const MONTH: f64 = 30.0 * DAY;
    let two_of_three = 3.0 * 0.995_f64.powi(2) * 0.005 + 0.995_f64.powi(3);
    vec![
        ("availability", 1, 0.0005 * MONTH),
        ("availability", 2, 0.9999 * 0.9995 * 0.999),
        ("back-pressure", 1, 90_000.0 / 150.0),
        ("back-pressure", 2, 81.0),
        ("cache-levels", 1, 400.0),
        ("cache-levels", 2, 1.0 / 6.0),
        ("caching", 1, 0.005),
        ("caching", 2, 20.0),
        ("cap", 1, 3.0),
        ("cap", 3, 1.0 / 0.08),
        ("cdn", 1, 4_000.0),
        ("cdn", 2, 2.0),
        ("consistency", 1, 3.0),
        ("consistency", 2, 240.0),
        ("databases", 1, 0.8),
        ("databases", 2, 0.6),
        ("dns", 1, 150.0),
        ("dns", 2, (0.0005 * MONTH / 150.0).floor()),
        ("failover", 1, (0.0001 * MONTH / 120.0).floor()),
        ("failover", 2, 1_000.0),
        ("indexes", 1, 4.0),
        ("indexes", 2, 50_000.0 / 4.0),
        ("interview", 1, 20e6 / DAY),
        ("interview", 2, 200.0 * 1e3 * 365.0 * DAY),
        ("latency-numbers", 1, 4.0 * 0.004),
        ("latency-numbers", 2, 1.0 - all_of(20, 0.99)),
        ("load-balancers", 1, 0.9),
        ("load-balancers", 2, 4.0),
        ("microservices", 1, all_of(10, 0.9995)),
        ("microservices", 2, 2.0),
        ("nosql", 1, 30_000.0),
        ("nosql", 2, 20_000.0 * 100.0 * MONTH),
        ("protocols", 1, 4_000.0),
        ("protocols", 2, 5.0),
        ("proxies", 1, 0.9995 * 0.9997),
        ("proxies", 2, 450.0),
        ("proxy-duties", 1, 0.16),
        ("proxy-duties", 2, 12.0),
        ("queues", 1, 80.0 * 1_800.0 / 120.0),
        ("queues", 2, 300.0),
        ("rest-and-rpc", 1, 0.68 / 0.12),
        ("rest-and-rpc", 2, 2_040.0),
        ("scalability", 1, 0.025),
        ("scalability", 2, 5.0),
        ("security", 1, 500.0 * 60.0),
        ("sharding", 1, 7.0),
        ("sharding", 2, 1.0 - all_of(30, 0.999)),
        ("task-queues", 1, 120.0),
        ("task-queues", 2, 150.0),
        ("trade-offs", 1, 60.0),
        ("trade-offs", 3, two_of_three),
    ]
}

#[test]
fn every_answer_comes_out_the_same_by_hand() {
    let mut worked_out = BTreeSet::new();
    for (topic, number, by_hand) in by_hand() {
        let question = &lesson(topic).questions[number - 1];
        let Answer::Figure { right, .. } = question.answer else {
            panic!("{topic} {number} asks for no figure")
        };
        assert!(
            (right.value - by_hand).abs() <= by_hand * 1e-9,
            "{topic} {number}: {right}, by hand {by_hand}"
        );
        worked_out.insert((topic, number));
    }
    for lesson in lessons() {
        for (at, question) in lesson.questions.iter().enumerate() {
            let is_figure = matches!(question.answer, Answer::Figure { .. });
            assert_eq!(
                is_figure,
                worked_out.contains(&(lesson.topic, at + 1)),
                "{} {}",
                lesson.topic,
                at + 1
            );
        }
    }
}

/// What the pages tell of their designs, against what `semantics` and plain arithmetic say.
#[test]
fn what_pages_tell_is_so() {
    for (topic, told) in [
        ("caching", "1.25 ms: 8 times as fast"),
        ("availability", "99.9% allows 43.2 min"),
        ("availability", "Three nodes of 99.5% in a row: `buy` is up 98.51%"),
        ("failover", "a pair of 99.5% reaches 99.9707%"),
        ("back-pressure", "full after 10 min"),
        ("scalability", "33 ms at 70%"),
        ("cap", "The way between these two regions is 80 ms"),
        // 1 + 5 + 9 × 5 + 10 × 0.25, and 1 + 5 + 5 + 2 × 0.25.
        ("latency-numbers", "half of the requests take 53.5 ms"),
        ("latency-numbers", "are left to wait for: 11.5 ms"),
        // 50/s × 1 h ÷ (240 − 50)/s, and 150/s × 1 h ÷ (240 − 150)/s.
        ("queues", "180k messages wait, and are worked off 16 min after"),
        ("queues", "540k wait, and as long as the peak goes on it takes 100 min"),
        ("interview", "2 315/s on average and 6 944/s at peak"),
    ] {
        let page: String = prose(&lesson(topic)).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.contains(told), "{topic}: {told}\n{page}");
    }
}

#[test]
fn a_page_as_a_terminal_shows_it() {
    insta::assert_snapshot!(report::text(&lesson("caching"), 80));
}

#[test]
fn a_page_as_markdown() {
    insta::assert_snapshot!(report::markdown(&lesson("failover"), None));
}

/// A page with a formula in it.
fn page_with(formula: &str) -> Result<Lesson, String> {
    let text = format!(
        "# T\n\nS.\n\n## A\n\n{{{{{formula}}}}}\n\n```arch after\nclient a\nservice b\na -> b\n\nflow f {{ a -> b }}\n```\n\n\
         ## Rules\n\n- LP101\n\n## Sources\n\n- S\n\n## Questions\n"
    );
    Lesson::parse("t", &text)
}

#[test]
fn figures_have_units_that_their_sums_and_products_keep() {
    for (formula, shown) in [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10ms / (0.25ms + 10% * 10ms)", "8"),
        ("500/s * 30s", "15 000"),
        ("10 / 2s", "5/s"),
        ("1KB * 100/s", "100 KB/s"),
        ("1KB * 100/s * 1min", "6 MB"),
        ("1 - 92%", "8%"),
        ("rounded_up(1200/s / 280/s)", "5"),
        ("rounded_up(3 * 0.1 / 0.1)", "3"),
        ("rounded_down(budget(99.99%) / 2min)", "2"),
        ("10% * 20%", "2%"),
        ("budget(99.9%) * 2", "86.4 min"),
        ("time(budget(99.9%) * 2)", "86.4 min"),
        ("engine(redis, service_time) + kind(cache, hit_ratio) * 1ms", "1.3 ms"),
        ("availability(f)", "99.5%"),
    ] {
        let page = page_with(formula).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(prose(&page).lines().last(), Some(shown), "{formula}");
    }
}

#[test]
fn what_can_t_be_worked_out_is_told() {
    for (formula, why) in [
        ("1ms + 1/s", "don't add up"),
        ("1ms * 1ms", "no unit"),
        ("availabilty(f)", "nothing is known of `availabilty`"),
        ("availability(g)", "nothing is known of `availability`"),
        ("later.availability(f)", "nothing is known of `later.availability`"),
        ("used(b)", "nothing is known of `used`"),
        ("budget(99.9%", "stays open"),
        ("(1 + 2", "stays open"),
        ("1 2", "one too many"),
        ("1 +", "breaks off"),
        ("", "breaks off"),
        ("1 / 0", "no end"),
        ("ms", "is no figure"),
    ] {
        let said = page_with(formula).expect_err(formula);
        assert!(said.contains(why), "{formula}: {said}");
    }
}

#[test]
fn a_figure_is_answered_in_any_unit_and_as_near_as_is_asked() {
    let figure = |value, measure, unit: &str| Answer::Figure {
        right: Figure { value, measure },
        tolerance: 0.05,
        unit: unit.to_owned(),
    };
    let (right, wrong, unreadable) = (Given::Right, Given::Wrong, Given::Unreadable);
    let minutes = figure(1296.0, Measure::Minutes, "min");
    for (said, given) in [
        ("21.6", right),
        ("21.6min", right),
        (" 21.6 min \n", right),
        ("1296s", right),
        ("21.6 minutes", right),
        ("0.36 hours", right),
        ("22", right),
        ("23", wrong),
        ("21.6 ms", wrong),
        ("21.6/s", unreadable),
        ("soon", unreadable),
        ("", unreadable),
        ("-", unreadable),
        ("1, timeout = 2", unreadable),
        ("1 }", unreadable),
        ("\u{202e}6.12", unreadable),
    ] {
        assert_eq!(minutes.judge(said), given, "{said:?}");
    }
    // Of an availability what is missing counts: 99.9 % is no rough 99.95 %.
    let share = figure(0.9995, Measure::Availability, "%");
    for (said, given) in [
        ("99.95%", right),
        ("99.95", right),
        ("0.9995", right),
        ("99,95 %", right),
        ("99.95 percent", right),
        ("99.9%", wrong),
        ("0.999", wrong),
        ("100%", wrong),
    ] {
        assert_eq!(share.judge(said), given, "{said:?}");
    }
    let times = figure(20.0, Measure::Number, "");
    for (said, given) in [
        ("20", right),
        ("20x", right),
        ("20 ×", right),
        ("20 times", right),
        ("20-fold", right),
        ("about 20", right),
        ("~20", right),
        ("30 times", wrong),
        ("20ms", unreadable),
        ("times", unreadable),
    ] {
        assert_eq!(times.judge(said), given, "{said:?}");
    }
    let rate = figure(12_400.0, Measure::Rate, "/s");
    for (said, given) in [
        ("12.4k/s", right),
        ("12.4k", right),
        ("12,400/s", right),
        ("12 400 per second", right),
        ("12.4k rps", right),
        ("744k/min", right),
        ("12.4/s", wrong),
        ("12.4 s", unreadable),
    ] {
        assert_eq!(rate.judge(said), given, "{said:?}");
    }
    let choice = Answer::Choice { right: 1, of: 4 };
    for (said, given) in [("b", right), ("B)", right), ("a", wrong), ("e", unreadable), ("bb", unreadable)] {
        assert_eq!(choice.judge(said), given, "{said:?}");
    }
}

#[test]
fn the_list_names_every_topic_once_and_a_misspelt_one_is_guessed() {
    let folder = Folder::new();
    let list = folder.run(&["learn"]);
    assert_eq!(list.code, Some(0));
    for topic in topics() {
        let lines = list.out.lines().filter(|it| it.trim_start().starts_with(&format!("{}  ", topic.name)));
        assert_eq!(lines.count(), 1, "{}", topic.name);
    }
    let json: Value =
        serde_json::from_str(&folder.run(&["learn", "--format", "json"]).out).expect("it is JSON");
    assert_eq!(json["topics"].as_array().map(Vec::len), Some(topics().count()));
    assert!(folder.run(&["learn", "--format", "markdown"]).out.contains("- `caching`: "));

    let wrong = folder.run(&["learn", "cachng"]);
    assert_eq!(
        (wrong.code, wrong.err.as_str()),
        (Some(2), "error: no topic is called `cachng`; did you mean `caching`?\n")
    );
    assert!(folder.run(&["learn", "zzz"]).err.contains("`loadpath learn` lists them all"));
    assert_eq!(folder.run(&["learn", "Load_Balancers"]).code, Some(0));
}

#[test]
fn the_designs_of_a_page_can_be_played_with() {
    let folder = Folder::new();
    let lesson = lesson("caching");
    for design in lesson.designs() {
        let written = folder.run(&["learn", "caching", "--design", &design.name]);
        assert_eq!((written.code, written.out.as_str()), (Some(0), design.source.as_str()));
        let checked = folder.run_with(&["check", "-"], written.out.as_bytes());
        assert_eq!(checked.code, Some(0), "{}", checked.out);
    }
    assert_eq!(
        folder.run(&["learn", "caching", "--design"]).out,
        lesson.designs().last().expect("it has").source
    );
    let wrong = folder.run(&["learn", "caching", "--design", "between"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("no design `between`; it has `before` and `after`"), "{}", wrong.err);
}

#[test]
fn the_quiz_asks_and_says_why() {
    let folder = Folder::new();
    let right = folder.run_with(&["learn", "caching", "--quiz"], b"5\n20\nb\n");
    assert_eq!(right.code, Some(0));
    insta::assert_snapshot!(right.out);
    let wrong = folder.run_with(&["learn", "caching", "--quiz"], b"6\r\n20x\r\nb\r\n");
    assert_eq!(wrong.code, Some(1));
    assert!(
        wrong.out.contains("Wrong: it is 5 ms\n\nAll reads") && wrong.out.ends_with("2 of 3 answers right\n"),
        "{}",
        wrong.out
    );
    // What can't be read is asked again; where nothing more comes, it is wrong.
    let unsure = folder.run_with(&["learn", "caching", "--quiz"], b"what?\n5ms\n");
    assert_eq!(unsure.code, Some(1));
    assert!(
        unsure.out.contains("It takes a figure in `ms`") && unsure.out.ends_with("1 of 3 answers right\n"),
        "{}",
        unsure.out
    );
    assert_eq!(folder.run_with(&["learn", "caching", "--quiz"], b"").code, Some(1));
}

#[test]
fn questions_are_answered_beforehand() {
    let folder = Folder::new();
    let answers = |all: &[&str]| {
        let options = all.iter().flat_map(|it| ["--answer", it]);
        folder.run(&["learn", "caching"].into_iter().chain(options).collect::<Vec<_>>())
    };
    assert_eq!(answers(&["1=5ms", "2=20", "3=b"]).code, Some(0));
    let one = answers(&["3=a"]);
    assert_eq!((one.code, one.out.ends_with("0 of 1 answer right\n")), (Some(1), true), "{}", one.out);
    for (wrong, told) in [
        ("5ms", "write it like `1=b`"),
        ("4=b", "there is no question 4; the page asks 3"),
        ("0=b", "there is no question 0"),
        ("3=z", "it takes `a` to `d`"),
        ("1=soon", "it takes a figure in `ms`"),
    ] {
        let ran = answers(&[wrong]);
        assert_eq!((ran.code, ran.err.contains(told)), (Some(2), true), "{wrong}: {}", ran.err);
    }
    // The others are asked.
    let rest = folder.run_with(&["learn", "caching", "--quiz", "--answer", "1=5ms"], b"20\nb\n");
    assert_eq!(rest.code, Some(0), "{}", rest.out);
}

/// Whatever is typed or piped: no panic, no end without an answer, and nothing of it on the terminal as it came.
#[test]
fn hostile_words_and_answers_are_borne() {
    let folder = Folder::new();
    for name in
        ["</script><img onerror=x>", "\u{1b}[31m", "a\nb", "\u{202e}gnihcac", "", &"x".repeat(100_000)]
    {
        let ran = folder.run(&["learn", name]);
        assert_eq!(ran.code, Some(2), "{name:?}");
        assert!(!ran.err.contains(['\u{1b}', '\u{202e}']) && ran.err.lines().count() == 1, "{:?}", ran.err);
        let ran = folder.run(&["learn", "caching", "--answer", &format!("1={name}")]);
        assert_eq!(ran.code, Some(2), "{name:?}");
        assert!(!ran.err.contains(['\u{1b}', '\u{202e}']) && ran.err.lines().count() == 1, "{:?}", ran.err);
    }
    let endless = [b'1'].repeat(10_000_000);
    let bytes = [0xff, 0xfe, 0x00, b'\n'].repeat(1000);
    for input in [&endless[..], &bytes, "9".repeat(4000).as_bytes(), "((((\n".repeat(5000).as_bytes()] {
        let mut command = folder.command(&["learn", "security", "--quiz"]);
        let file = folder.0.join("input");
        std::fs::write(&file, input).expect("it can be written");
        command.stdin(std::fs::File::open(&file).expect("it is there"));
        assert_eq!(command.output().expect("it starts").status.code(), Some(1));
    }
}
