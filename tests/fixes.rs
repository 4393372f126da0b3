//! Fixes: whatever is offered anywhere mends what it is offered for, and breaks nothing.

use std::collections::BTreeMap;
use std::fs;

use loadpath::check::{Checked, Config, NoFiles, Profile, check, mend};
use loadpath::diagnostic::{Diagnostic, Severity};
use loadpath::report::docs;
use loadpath::rules::{self, RULES, Rule};
use loadpath::source::SourceFile;

use crate::rules::{Beside, NAME, files};

pub(crate) fn checked(text: &str) -> Checked {
    check(
        SourceFile::new(NAME, text),
        &Beside(text),
        &Config { profile: Profile::Review, ..Config::default() },
    )
}

/// Every example, every rule's examples, and every edge case.
pub(crate) fn designs() -> Vec<(String, String)> {
    let mut designs = Vec::new();
    for path in files("examples", "arch") {
        designs.push((path.display().to_string(), fs::read_to_string(&path).expect("it can be read")));
    }
    for rule in RULES {
        designs.extend(docs::examples(rule).into_iter().map(|it| (rule.code.to_owned(), it.source)));
    }
    for path in files("tests/rules", "md") {
        let markdown = fs::read_to_string(&path).expect("it can be read");
        for (heading, fence) in docs::fences(&markdown) {
            designs.push((format!("{}: {heading}", path.display()), docs::example(&fence).source));
        }
    }
    designs
}

fn count(design: &Checked, is_it: impl Fn(&Diagnostic) -> bool) -> usize {
    design.diagnostics.iter().filter(|it| is_it(it)).count()
}

fn is_of_the_language(finding: &Diagnostic) -> bool {
    rules::find(finding.code).is_some_and(Rule::is_of_the_language)
}

/// What a text says after `//`, line by line; `https://` is none.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.find("// ").map(|at| line[at..].trim_end())).collect()
}

/// After a fix its finding is gone, the text can be read as well as before, its comments stand, and no error of the
/// language has come.
#[test]
fn each_fix_mends_its_finding_and_breaks_nothing() {
    let mut complaints = Vec::new();
    let mut offered: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, text) in designs() {
        let before = checked(&text);
        for finding in &before.diagnostics {
            let Some(fix) = &finding.fix else { continue };
            *offered.entry(finding.code).or_default() += 1;
            let made = mend::made(&before.sources, &fix.edits);
            let Some(mended) = made.get(NAME).filter(|_| made.len() == 1) else {
                complaints.push(format!("{name}: {} changes {:?}", finding.code, made.keys()));
                continue;
            };
            let after = checked(mended);
            let is_it = |it: &Diagnostic| it.code == finding.code && it.element == finding.element;
            let mut faults = Vec::new();
            if count(&after, is_it) >= count(&before, is_it) {
                faults.push("is still there");
            }
            if mend::tears(&after) > mend::tears(&before) {
                faults.push("brings a new error of the language");
            }
            let errors = |design: &Checked| count(design, |it| it.severity == Severity::Error);
            // A name that is right at last may bring to light what could not be judged before.
            if !is_of_the_language(finding) && errors(&after) > errors(&before) {
                faults.push("brings a new error");
            }
            if comments(mended) != comments(&text) {
                faults.push("loses a comment");
            }
            for fault in faults {
                complaints.push(format!("{name}: {} {}: {fault}\n{mended}", finding.code, finding.message));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    for code in [
        "LP002", "LP004", "LP005", "LP006", "LP007", "LP011", "LP015", "LP022", "LP109", "LP202", "LP206",
        "LP209",
    ] {
        assert!(offered.contains_key(code), "{code} offers a fix somewhere: {offered:?}");
    }
}

/// All fixes made together leave none to make, and a text that can be read at least as well.
#[test]
fn all_fixes_together_come_to_an_end() {
    for (name, text) in designs() {
        let mut design = checked(&text);
        let tears = mend::tears(&design);
        let mut rounds = 0;
        loop {
            let round = mend::round([&design].into_iter(), &|name| name == NAME, true);
            let Some(mended) = round.texts.get(NAME) else { break };
            design = checked(mended);
            rounds += 1;
            assert!(rounds < mend::MAX_ROUNDS, "{name}: {:?} never ends\n{mended}", round.mended);
        }
        assert!(mend::tears(&design) <= tears, "{name} can be read no worse");
        assert!(design.diagnostics.iter().all(|it| it.fix.is_none()), "{name} has nothing more to mend");
    }
}

/// The safe fixes of a design, made.
fn mended(text: &str) -> String {
    mended_with(text, false)
}

/// All of its fixes, made.
fn mended_unsafely(text: &str) -> String {
    mended_with(text, true)
}

fn mended_with(text: &str, unsafe_as_well: bool) -> String {
    let design = checked(text);
    let round = mend::round(std::iter::once(&design), &|_| true, unsafe_as_well);
    round.texts.into_values().next().unwrap_or_else(|| text.to_owned())
}

/// Only the word that is misspelt is another one, and the property that it stands in stays.
#[test]
fn a_reference_is_mended_in_its_place() {
    let design = "client app\nservice api\ndatabase orders\ncache hot { caches = ordrs, ttl = 5min }\napp -> api -> hot, orders\n";
    assert_eq!(mended(design), design.replace("ordrs", "orders"));
    let listed = design.replace("caches = ordrs", "caches = [ordrs]");
    assert_eq!(mended(&listed), listed.replace("ordrs", "orders"));
}

/// A name that may be that of something yet to be declared is nobody's to change, nor what was just written to take out.
#[test]
fn no_safe_fix_rewires_a_design_or_takes_out_of_it() {
    let boxes = "client app\nload_balancer lb\nservice api, orders, order_mail\ndatabase stock\napp -> lb -> api -> orders -> stock\napi -> order_mail\n";
    for mended_so in
        ["api -> stcok", "lb -> ordder_mail", "lb -> order_mial", "lb -> Orders", "order_mail -> orrders"]
    {
        let design = format!("{boxes}{mended_so}\n");
        assert_ne!(mended(&design), design, "{mended_so} is a slip of the hand");
    }
    for left in [
        "lb -> api2",
        "api -> apii",
        "app -> lbx",
        "lb -> order_maik",
        "lb -> order",
        "stock -> stcok",
        "orders -> stcok",
        "ordres -> stock",
        "api -> stock, stcok",
        "api ~> (stcok | stock)",
        "template pair : service x2",
        "allow self-link on api",
    ] {
        let design = format!("{boxes}{left}\n");
        assert_eq!(mended(&design), design, "{left} is a guess");
    }
}

/// Nobody asks for what stands there under a misspelt name; where it is said twice, the right name counts.
#[test]
fn a_misspelt_property_says_what_it_is_meant_to() {
    let guessed = "client app { concurrency = 200 }\nservice api { latency = 5ms, limit = 5/s, p99 = 10ms }\nqueue jobs { limit = 10 }\napp -> api ~> jobs\n";
    assert_eq!(mended(guessed), guessed);
    let wanted = "service api { service_time = 5ms, rate_limit = 5/s, service_time_p99 = 10ms }\nqueue jobs { max_length = 10";
    assert!(mended_unsafely(guessed).contains(wanted), "{}", mended_unsafely(guessed));
    let elsewhere = checked("client app\nservice api { dau = 5k }\napp -> api\n");
    let told = elsewhere.diagnostics.iter().find(|it| it.code == "LP005").expect("it is told");
    assert!(told.fix.is_none(), "{told:?}");
    assert_eq!(
        told.help.as_deref(),
        Some(
            "`daily_users` is for the system or a flow or a client, person or third party: move it there, or say it in a `description`"
        )
    );
    let design = |promise: &str| {
        format!(
            "system \"S\" {{ daily_users = 1M, per_user = 1/day, {promise} }}\nclient app\nservice api x2\napp -> api : https\n"
        )
    };
    let codes = |promise: &str| -> Vec<&str> {
        checked(&design(promise)).diagnostics.iter().map(|it| it.code).collect()
    };
    let right = codes("availability = 99.99%");
    assert!(!right.contains(&"LP902") && right.contains(&"LP103"), "{right:?}");
    for promise in ["availabilty = 99.99%", "availabilty = 10%, availability = 99.99%"] {
        let (faults, others): (Vec<_>, Vec<_>) = codes(promise).into_iter().partition(|it| *it == "LP005");
        assert_eq!((faults, others), (vec!["LP005"], right.clone()), "{promise}");
    }
    // Its value may be none, and a name may mean nothing at all.
    assert!(!codes("availabilty = 5MB").contains(&"LP902"));
    assert!(codes("nines = 4").contains(&"LP902"));
}

/// What an author states, be it that there is none, is not written over as if there were but one right answer.
#[test]
fn a_fix_in_place_of_what_is_stated_is_no_safe_one() {
    for design in [
        "client app\nload_balancer lb x2 { health_check = none }\nservice web1, web2 x1\napp -> lb -> web1 | web2\n",
        "service api\nqueue jobs : sqs { dead_letter = none }\nworker renderer x2 { idempotent }\napi ~> jobs ~> renderer\n",
    ] {
        let found = checked(design);
        let fixes: Vec<_> =
            found.diagnostics.iter().filter(|it| ["LP109", "LP206"].contains(&it.code)).collect();
        assert!(fixes.iter().all(|it| it.fix.as_ref().is_some_and(|it| !it.is_safe)), "{fixes:?}");
        assert_eq!(fixes.len(), 1);
        assert_eq!(mended(design), design);
        let unsaid = design.replace(" { dead_letter = none }", "");
        assert_eq!(mended(&unsaid) != unsaid, unsaid != design, "an open question is answered");
    }
}

/// What is as near to several words is not written in an author's place.
#[test]
fn a_word_that_is_as_near_to_several_is_no_safe_fix() {
    let design = "client app\nservice api\napp -> api : htps\n";
    assert_eq!(mended(design), design.replace("htps", "https"));
    let engine = "service api\ndatabase orders : postgers\napi -> orders\n";
    assert_eq!(mended(engine), engine.replace("postgers", "postgres"));
    let another = "service api\ndatabase orders : postgrez\napi -> orders\n";
    assert_eq!(mended(another), another);
    assert_eq!(mended_unsafely(another).lines().nth(1), Some("database orders : postgres"));
    let several = "service orders, ordurs\nservice api\napi -> ordrs\n";
    assert_eq!(mended(several), several);
}

/// What an author wrote to be read is not thrown away with what it stands in.
#[test]
fn what_holds_a_comment_is_not_taken_out() {
    let bare = "service api\ntemplate t : service {\n  capacity = 5/s\n}\n";
    assert_eq!(mended_unsafely(bare), "service api\n");
    let noted = bare.replace("5/s", "5/s // measured in May");
    assert_eq!(mended_unsafely(&noted), noted);
    let quoted = bare.replace("5/s", "5/s, description = \"http://wiki\"");
    assert_eq!(mended_unsafely(&quoted), "service api\n");
}

/// Where what stands before it has a line to itself, so has what is added, as far in; else it goes on behind it.
#[test]
fn what_is_added_stands_as_what_is_beside_it() {
    let design = |body: &str| {
        format!(
            "service api\nqueue jobs : sqs {body}\nworker renderer x2 {{ idempotent }}\napi ~> jobs ~> renderer\n"
        )
    };
    for (body, wanted) in [
        ("{ max_age = 1d }", "{ max_age = 1d, dead_letter }"),
        ("{\n    max_age=1d\n}", "{\n    max_age=1d\n    dead_letter\n}"),
        ("{\n\tmax_age = 1d // kept\n}", "{\n\tmax_age = 1d // kept\n\tdead_letter\n}"),
        ("{\n    max_age=1d, max_length=1k\n}", "{\n    max_age=1d, max_length=1k, dead_letter\n}"),
        ("{ max_length=1k\n    max_age=1d }", "{ max_length=1k\n    max_age=1d, dead_letter }"),
        ("{\r\n    max_age=1d\r\n}", "{\r\n    max_age=1d\r\n    dead_letter\r\n}"),
    ] {
        assert_eq!(mended(&design(body)), design(wanted));
    }
    // In Markdown a line may begin with the sign of a quotation.
    let quoted = |body: &str| {
        let fence = format!("```arch\n{}```\n", design(body));
        fence.lines().map(|it| format!("> {it}\n")).collect::<String>()
    };
    let file = SourceFile::new("shop.md", quoted("{\n    max_age=1d\n}"));
    let found = check(file, &NoFiles, &Config::default());
    let round = mend::round(std::iter::once(&found), &|_| true, false);
    assert_eq!(round.texts["shop.md"], quoted("{\n    max_age=1d\n    dead_letter\n}"));
}
