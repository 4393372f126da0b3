//! The rules' documentation is their first test: in each example a rule reports exactly where it is marked.
//!
//! A rule's further cases stand in `tests/rules/<name>.md`: a heading, a sentence, a fence with the same marks.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use loadpath::check::{Checked, Config, LoadError, Loader, Profile, check};
use loadpath::diagnostic::Diagnostic;
use loadpath::report::docs::{self, Example, Expected};
use loadpath::report::text::{self, Look};
use loadpath::rules::{self, RULES, Rule};
use loadpath::source::SourceFile;

/// The name of each example's file; a `common.arch` stands beside it, and nothing else.
pub(crate) const NAME: &str = "design.arch";

pub(crate) struct Beside<'a>(pub(crate) &'a str);

impl Loader for Beside<'_> {
    fn load(&self, _: &str, path: &str) -> Result<SourceFile, LoadError> {
        match path {
            NAME => Ok(SourceFile::new(NAME, self.0)),
            "common.arch" => Ok(SourceFile::new(path, "// What several designs share.\n")),
            _ if path.starts_with("..") => Err(LoadError::OutsideRoot),
            _ => Err(LoadError::NotFound),
        }
    }
}

/// Examples are reviewed in full, advice included.
pub(crate) fn checked(example: &Example) -> Checked {
    let file = SourceFile::new(NAME, example.source.as_str());
    check(file, &Beside(&example.source), &Config { profile: Profile::Review, ..Config::default() })
}

/// What differs between what an example must have and what it has, of this rule and those that it names.
fn differences(rule: &Rule, example: &Example) -> Vec<String> {
    let code = |expected: &Expected| match &expected.rule {
        None => rule.code,
        Some(word) => rules::find(word).unwrap_or_else(|| panic!("`{word}` is no rule")).code,
    };
    let concerned: Vec<&str> = example.expected.iter().map(code).chain([rule.code]).collect();
    let checked = checked(example);
    let mut found: Vec<&Diagnostic> =
        checked.diagnostics.iter().filter(|it| concerned.contains(&it.code)).collect();
    let mut differences = Vec::new();
    for expected in &example.expected {
        let at = found.iter().position(|it| {
            it.code == code(expected)
                && checked.sources.position(it.span()).line == expected.line
                && expected.part.as_ref().is_none_or(|part| it.message.contains(part))
        });
        match at {
            Some(at) => _ = found.remove(at),
            None => differences.push(format!("missing: {expected:?}")),
        }
    }
    differences.extend(found.iter().map(|it| format!("unexpected: {}", text::concise(&checked.sources, it))));
    differences
}

/// Every difference of every example at once, so that one run shows them all.
fn assert_as_marked<'a>(examples: impl Iterator<Item = (&'static Rule, String, &'a Example)>) {
    let mut report = String::new();
    for (rule, title, example) in examples {
        let differences = differences(rule, example);
        if !differences.is_empty() {
            let _ = writeln!(report, "\n{title}\n{}\n{}", example.source, differences.join("\n"));
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn each_documented_example_has_the_findings_that_are_marked() {
    let examples: Vec<_> = RULES
        .iter()
        .flat_map(|rule| {
            docs::examples(rule)
                .into_iter()
                .map(move |it| (*rule, format!("{} {}", rule.code, rule.name()), it))
        })
        .collect();
    assert_as_marked(examples.iter().map(|(rule, title, example)| (*rule, title.clone(), example)));
}

#[test]
fn the_first_example_of_a_rule_fires_and_one_stays_silent() {
    for rule in RULES {
        let examples = docs::examples(rule);
        assert!(
            examples.first().is_some_and(|it| !it.expected.is_empty()),
            "{} fires in its first example",
            rule.code
        );
        assert!(
            examples.iter().any(|it| it.expected.is_empty()),
            "{} has an example without a finding",
            rule.code
        );
    }
}

#[test]
fn each_edge_case_has_the_findings_that_are_marked() {
    let mut cases = Vec::new();
    for path in files("tests/rules", "md") {
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        let rule = rules::find(&name).unwrap_or_else(|| panic!("{} is called like a rule", path.display()));
        let markdown = fs::read_to_string(&path).expect("it can be read");
        let fences = docs::fences(&markdown);
        assert!(!fences.is_empty(), "{} has a case", path.display());
        for (heading, fence) in fences {
            cases.push((rule, format!("{name}: {heading}"), docs::example(&fence)));
        }
    }
    assert_as_marked(cases.iter().map(|(rule, title, example)| (*rule, title.clone(), example)));
}

#[test]
fn each_rule_is_shown_as_its_users_see_it() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "rules/snapshots" }, {
        for rule in RULES {
            let example = docs::examples(rule).swap_remove(0);
            let checked = checked(&example);
            let mut shown = format!("{}\n", example.source);
            for finding in checked.diagnostics.iter().filter(|it| it.code == rule.code) {
                let _ = writeln!(shown, "{}", text::finding(&checked.sources, finding, Look::PLAIN));
            }
            insta::assert_snapshot!(format!("{}-{}", rule.code, rule.name()), shown);
        }
    });
}

#[test]
fn codes_are_unique_and_in_order() {
    assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
    for rule in RULES {
        let digits = rule.code.strip_prefix("LP").expect("a code begins with LP");
        assert!(digits.len() == 3 && digits.bytes().all(|it| it.is_ascii_digit()), "{}", rule.code);
    }
}

/// Whoever meets a finding wants to know whether an edit mends it, and if not, why.
#[test]
fn each_rule_says_of_its_fix_or_why_it_has_none() {
    for rule in RULES {
        let text = rule.docs.split_whitespace().collect::<Vec<_>>().join(" ");
        let section = text.split("## ").find(|it| it.starts_with("How it is detected")).expect("it has one");
        assert!(section.contains(" fix"), "{} says of its fix, or why it has none", rule.code);
    }
}

#[test]
fn names_are_words_with_hyphens_and_none_is_used_twice() {
    let mut names: Vec<String> = RULES.iter().map(|rule| rule.name()).collect();
    for name in &names {
        let is_plain = name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
        assert!(is_plain && !name.starts_with('-') && !name.ends_with('-'), "{name}");
    }
    names.sort();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn every_file_of_a_rule_is_registered() {
    let files: Vec<String> = files("src/rules", "rs")
        .iter()
        .map(|path| path.file_stem().expect("it has a name").to_string_lossy().replace('_', "-"))
        .collect();
    let mut names: Vec<String> = RULES.iter().map(|rule| rule.name()).collect();
    names.sort();
    assert_eq!(files, names);
}

/// What the documentation of each rule holds, in this order. Of what breaks the language nobody is asked in a review.
const SECTIONS: [&str; 7] = [
    "Why it matters",
    "Example",
    "How it is detected",
    "Known false alarms",
    "An interviewer asks",
    ANSWER,
    "References",
];
const ANSWER: &str = "A good answer";

#[test]
fn every_documentation_has_all_its_sections() {
    for rule in RULES {
        let markdown = docs::markdown(rule);
        let mut is_fence = false;
        let mut sections = Vec::new();
        for line in markdown.lines() {
            is_fence ^= line.starts_with("```");
            sections.extend(line.strip_prefix("## ").filter(|_| !is_fence));
        }
        let wanted: Vec<&str> =
            SECTIONS.into_iter().filter(|it| *it != ANSWER || !rule.is_of_the_language()).collect();
        assert_eq!(sections, wanted, "{}", rule.code);
        assert!(!markdown.starts_with('#'), "{} begins with what it finds", rule.code);
        let asked = markdown.split("## An interviewer asks").nth(1).and_then(|it| it.split("## ").next());
        assert!(asked.is_some_and(|it| it.trim_end().ends_with('?')), "{} asks a question", rule.code);
    }
}

/// A question that names a number, or a thing of one trade, does not fit each design on which its rule fires. What may
/// be asked of any design ("two users at once", "after two minutes") is of people and of time.
#[test]
fn what_is_asked_fits_any_design() {
    const NUMBERS: [&str; 14] = [
        "three", "four", "five", "six", "seven", "eight", "nine", "ten", "third", "fourth", "thirty",
        "dozen", "thousand", "million",
    ];
    const TRADES: [&str; 12] = [
        "api",
        "charge",
        "checkout",
        "followers",
        "invoice",
        "login",
        "lyon",
        "orders",
        "payment",
        "seat",
        "shop",
        "sydney",
    ];
    for rule in RULES.iter().filter(|it| !it.is_of_the_language()) {
        for text in [rule.section("An interviewer asks"), rule.section(ANSWER)] {
            for word in text.to_lowercase().split(|it: char| !it.is_alphanumeric()) {
                let is_number = NUMBERS.contains(&word) || word.contains(|it: char| it.is_ascii_digit());
                assert!(!is_number && !TRADES.contains(&word), "{}: {word}: {text}", rule.code);
            }
        }
    }
}

/// An answer is said aloud: in words, and not as a line of a file.
#[test]
fn answers_are_words() {
    for rule in RULES.iter().filter(|it| !it.is_of_the_language()) {
        let answer = rule.section(ANSWER);
        let items = format!("\n{answer}").matches("\n- ").count();
        assert!((1..=3).contains(&items), "{}: {answer}", rule.code);
        assert!(!answer.contains(['`', '=', '{']), "{}: {answer}", rule.code);
    }
}

fn is_of_style(text: &str) -> bool {
    let begins =
        text.chars().next().is_some_and(|it| it.is_lowercase() || it.is_ascii_digit() || "`\"".contains(it));
    begins && !text.ends_with('.') && !text.contains('\n')
}

#[test]
fn every_message_is_a_line_in_lower_case_and_every_finding_has_a_help() {
    for rule in RULES {
        assert!(is_of_style(rule.summary), "{}: {}", rule.code, rule.summary);
        assert!(
            rule.levels.windows(2).all(|pair| pair[0] < pair[1]),
            "{} has its gravest level first",
            rule.code
        );
        for example in docs::examples(rule) {
            for finding in checked(&example).diagnostics.iter().filter(|it| it.code == rule.code) {
                assert!(is_of_style(&finding.message), "{}: {}", rule.code, finding.message);
                let help = finding.help.as_ref().unwrap_or_else(|| panic!("{} has a help", rule.code));
                assert!(!help.trim().is_empty() && !help.ends_with('.'), "{}: {help}", rule.code);
                for label in &finding.labels {
                    assert!(
                        label.message.is_empty() || is_of_style(&label.message),
                        "{}: {}",
                        rule.code,
                        label.message
                    );
                }
                for note in &finding.notes {
                    assert!(!note.ends_with('.'), "{}: {note}", rule.code);
                }
            }
        }
    }
}

/// The files of a folder of the project with an ending, by name.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(root.join(folder)).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|it| it == ending))
        .collect();
    files.sort();
    files
}
