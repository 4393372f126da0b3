//! Which rules run and at which levels: selectors, the more exact of which holds.

use loadpath::check::choice::{Choice, Level, Selector};
use loadpath::check::{Checked, Config, NoFiles, Profile, check};
use loadpath::diagnostic::Severity;
use loadpath::rules::RULES;
use loadpath::source::SourceFile;

fn selectors(texts: &[&str]) -> Vec<Selector> {
    texts.iter().map(|text| Selector::parse(text).expect("it takes rules")).collect()
}

/// The codes that run with a choice in a review.
fn running(choice: &Choice) -> Vec<&'static str> {
    let running = RULES.iter().filter(|rule| choice.runs(rule, true) && !rule.is_of_the_language());
    running.map(|rule| rule.code).collect()
}

fn choice(select: &[&str], extend: &[&str], ignore: &[&str]) -> Choice {
    Choice {
        select: selectors(select),
        extend: selectors(extend),
        ignore: selectors(ignore),
        levels: Vec::new(),
    }
}

#[test]
fn a_selector_is_a_code_a_name_a_head_of_codes_a_category_or_all() {
    assert_eq!(running(&choice(&["LP101"], &[], &[])), ["LP101"]);
    assert_eq!(running(&choice(&["single-point-of-failure"], &[], &[])), ["LP101"]);
    assert_eq!(running(&choice(&["lp10"], &[], &[])).len(), 9);
    assert_eq!(running(&choice(&["availability"], &[], &[])), running(&choice(&["LP1"], &[], &[])));
    assert_eq!(running(&choice(&["ALL"], &[], &[])), running(&Choice::default()));
}

/// A misspelt selector takes nothing, and must not pass for silence.
#[test]
fn what_takes_no_rule_is_refused_with_what_is_near() {
    let refused = |text: &str| Selector::parse(text).expect_err("it takes no rule");
    assert_eq!(
        refused("single-point-of-failur"),
        "`single-point-of-failur` is no rule, code or category; did you mean `single-point-of-failure`?"
    );
    assert_eq!(refused("securty"), "`securty` is no rule, code or category; did you mean `security`?");
    assert!(refused("LP999").starts_with("`LP999` is no rule, code or category"));
    assert!(refused("").starts_with("`` is no rule"));
}

#[test]
fn the_more_exact_selector_holds_and_ignore_among_equals() {
    let without_one = choice(&["LP1"], &[], &["LP101"]);
    assert!(!running(&without_one).contains(&"LP101"));
    assert!(running(&without_one).contains(&"LP102"));
    assert_eq!(running(&choice(&["LP101"], &[], &["LP1"])), ["LP101"]);
    assert_eq!(running(&choice(&["LP1"], &[], &["LP1"])), [""; 0]);
    assert_eq!(running(&choice(&["LP101"], &["LP502"], &[])), ["LP101", "LP502"]);
    assert!(running(&choice(&[], &["LP101"], &["LP1"])).contains(&"LP101"));
}

const DESIGN: &str = "client browser\nservice api\nbrowser -> api : http\nservice apii { replicsa = 3 }\n";

fn checked(profile: Profile, choice: Choice) -> Checked {
    let config = Config { profile, choice, ..Config::default() };
    check(SourceFile::new("design.arch", DESIGN), &NoFiles, &config)
}

fn codes(checked: &Checked) -> Vec<(&'static str, Severity)> {
    checked.diagnostics.iter().map(|it| (it.code, it.severity)).collect()
}

/// A design that could not be read without guessing must not pass for reviewed.
#[test]
fn what_breaks_the_language_is_always_said() {
    let nothing = choice(&["LP101"], &[], &["ALL"]);
    assert!(codes(&checked(Profile::Ci, nothing)).contains(&("LP005", Severity::Error)));
    let nothing = choice(&[], &[], &["ALL"]);
    assert_eq!(codes(&checked(Profile::Review, nothing)), [("LP005", Severity::Error)]);
    assert!(Selector::parse("LP001").expect("a rule").is_of_the_language());
    assert!(!Selector::parse("LP0").expect("rules").is_of_the_language());
}

/// Who names a rule wants to hear it, whatever the profile.
#[test]
fn a_rule_that_is_named_gives_its_advice_in_every_profile() {
    let all = codes(&checked(Profile::Review, Choice::default()));
    let advice = all.iter().find(|(_, level)| *level == Severity::Advice).expect("there is some").0;
    assert!(codes(&checked(Profile::Ci, Choice::default())).iter().all(|(code, _)| *code != advice));
    assert!(codes(&checked(Profile::Ci, choice(&[], &[advice], &[]))).contains(&(advice, Severity::Advice)));
    let family = &advice[..3];
    assert!(
        codes(&checked(Profile::Ci, choice(&[family], &[], &[]))).iter().all(|(code, _)| *code != advice)
    );
}

#[test]
fn a_level_of_ones_own_is_that_of_all_findings_and_the_last_word_holds() {
    let level = |text: &str, level| (Selector::parse(text).expect("it takes rules"), level);
    let all = codes(&checked(Profile::Review, Choice::default()));
    let is_quiet = |(code, level): &&(&str, Severity)| *level == Severity::Advice && !code.starts_with("LP0");
    let advice = all.iter().find(is_quiet).expect("there is some").0;
    let family = &advice[..3];
    let louder = Choice {
        levels: vec![
            level(advice, Level::At(Severity::Warning)),
            level(family, Level::Off),
            level(advice, Level::At(Severity::Error)),
        ],
        ..Choice::default()
    };
    let found = codes(&checked(Profile::Ci, louder));
    assert!(found.contains(&(advice, Severity::Error)), "{found:?}");
    assert!(found.iter().all(|(code, _)| !code.starts_with(family) || *code == advice));
    let quieter = Choice { levels: vec![level("ALL", Level::At(Severity::Advice))], ..Choice::default() };
    assert_eq!(codes(&checked(Profile::Ci, quieter)), [("LP005", Severity::Error)]);
}

/// What a design accepts is shown to who asks for it.
#[test]
fn accepted_findings_are_shown_where_nothing_may_be_accepted() {
    let design = "database a\nservice api\napi -> a\n\
        constraint kept { require = kind database { backup } }\nallow broken-constraint on a \"a trial\"\n";
    let broken = |ignores_allows| {
        let config = Config { ignores_allows, ..Config::default() };
        let checked = check(SourceFile::new("design.arch", design), &NoFiles, &config);
        let shown = checked.diagnostics.iter().filter(|it| it.code == "LP024").count();
        (shown, checked.suppressed.len())
    };
    assert_eq!(broken(false), (0, 1));
    assert_eq!(broken(true), (1, 0));
}
