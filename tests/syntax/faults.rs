//! Faults that a design may have: each is named, and none hides another or a healthy statement.

use std::fmt::Write;

use proptest::prelude::*;

use super::{read, render};

/// A fault on its own, and the message it must have.
pub(crate) const FAULTS: &[(&str, &str)] = &[
    ("flow broken { reads", "`{` is never closed"),
    ("system \"broken\" {\n  users = 10M", "`{` is never closed"),
    ("region broken {\n  a -> b {\n    timeout = 1s\n  service other\n}", "`{` is never closed"),
    ("service stray }", "`}` closes nothing"),
    ("service unopened zones = 3 }", "the property `zones` stands outside of the block"),
    ("service quoted \"never closed", "the text in quotes does not end on its line"),
    ("service block \"never closed {\n  zones = 3\n}", "the text in quotes does not end on its line"),
    ("service rows \"in two\n  rows\"", "the text in quotes does not end on its line"),
    ("cache units { ttl = 5 parsec }", "`parsec` is not expected here"),
    ("cache unit { ttl = 5parsec }", "`parsec` is no unit"),
    ("cache gap { ttl = 5 min }", "a unit touches its number"),
    ("cache value { ttl = }", "`ttl =` has no value"),
    ("a -> : https", "`->` leads nowhere"),
    ("a -> -> b", "`->` and `->` follow each other"),
    ("a -> b, c | d", "`,` and `|` mix in one set"),
    ("a -> b / c else d", "`/` and `else` mix in one set"),
    ("a => b", "`=>` is no arrow"),
    ("a → b", "`→` is no arrow"),
    ("a -> b c", "`,` is missing before `c`"),
    ("a -> b, : https", "nothing follows `,`"),
    ("a | b -> c", "`|` stands among callers"),
    ("a -> b, c -> d", "only the last hop may lead to several without parentheses"),
    ("service many 3x", "a count is written `x3`"),
    ("service range x3..2", "the range `x3..2` ends before it begins"),
    ("service { zones = 3..2 }", "the range `3..2` ends before it begins"),
    ("flow \"Without a name\" { reads }", "a `flow` has no name"),
    ("system shop { users = 3 }", "the name of a `system` is a text in quotes"),
    ("template bare", "a `template` says no kind"),
    ("include common.arch", "the path of an `include` is a text in quotes"),
    ("allow \"no rule\"", "an `allow` names no rule"),
    ("constraint named", "a `constraint` has no block"),
    ("constraint { forbid = a -> b without c }", "`without` speaks of a way along a flow, not of one link"),
    (
        "constraint { forbid = a -> ... -> b with { tls } }",
        "`with` speaks of one link, not of a way along a flow",
    ),
    ("service brace\n{\n  zones = 3\n}", "`{` stands on the line of its head"),
    ("service dots { ratio = 1.2.3 }", "a number has one dot at most"),
    ("a -> ()", "the parentheses are empty"),
    ("a -> (b, c", "`(` is never closed"),
    ("service list { data = [pii, pci }", "`[` is never closed"),
    ("service engine :", "`:` names nothing"),
    ("service tag #", "`#` has no tag"),
    ("service escape \"a\\qb\"", "`\\q` is no escape"),
    ("flow comma { share = 1%, writes, a -> b }", "`,` stands between the properties and the path"),
    ("service colon { timeout: 5s }", "the property `timeout` is set with `=`"),
    ("service negative { rate = -5/s }", "no figure is negative"),
    ("service größe", "`ö` cannot stand in a name"),
    ("service single 'quotes'", "text stands in straight double quotes"),
    ("flow holds { service inner }", "a flow holds its properties and its path"),
    ("a -> b { c -> d }", "this block holds properties only"),
    ("region holds { flow inner { a -> b } }", "`flow` stands inside a block"),
    ("service twice \"one\" \"two\"", "a second label"),
    ("service control \u{7}", "the control character U+0007 stands in the text"),
    ("flow gap { a -> ... }", "`...` stands between two names of a flow's path"),
    ("alow LP101 on api", "unknown word `alow`; did you mean `allow`?"),
    ("flwo gap { a -> ... -> d }", "unknown word `flwo`; did you mean `flow`?"),
    ("constraint { requre = kind database { backup } }", "unknown word `requre`; did you mean `require`?"),
    ("service blank x 2", "a count is written `x2`"),
    ("a - > b", "`- >` is no arrow"),
    ("a ~ > b", "`~ >` is no arrow"),
    ("service property\nrate = 5/s", "a property stands outside of any block"),
    ("service groups { daily = 1,000,000 }", "a number has no commas"),
    ("service thousands { capacity = 12,345/s, zones = 3 }", "a number has no commas"),
    ("service much { capacity = 1,500k/s }", "a number has no commas"),
    ("service commas { ratio = 1,2,3 }", "a number has no commas"),
    (
        "service decimal { slo = 99,95%, zones = 3 }",
        "a decimal is written with a point, and not with a comma",
    ),
    ("service exact { slo = 99,999% }", "a decimal is written with a point, and not with a comma"),
    ("system \"Minutes\" { daily_users = 1m }", "`m` is no unit"),
    ("service dot { slo = 99. }", "digits are missing behind the dot"),
    ("service time { rate = 12/ }", "a time is missing behind `/`"),
    ("service times { rate = 5/5 }", "a time is missing behind `/`"),
    ("service blanks { capacity = 1k / s, zones = 3 }", "a figure has no blanks in it"),
    ("service half { capacity = 1k/ sec }", "a figure has no blanks in it"),
    ("# a comment -> of much", "`#` begins no comment"),
    ("service inside {\n  ## a comment: of two signs\n  zones = 3\n}", "`##` begins no comment"),
    ("#comment", "`#comment` begins no statement"),
    ("service my api", "a name has no blanks in it"),
    ("service my big api { zones = 3 }", "a name has no blanks in it"),
    ("database users postgres { zones = 3 }", "`:` is missing before the engine `postgres`"),
    ("service number 3", "a count is written `x3`"),
    ("flow colon: a -> b -> c", "the path of a `flow` stands in its block"),
    ("flow plain a -> b", "the path of a `flow` stands in its block"),
    ("flow own -> b", "the path of a `flow` stands in its block"),
    ("allow LP101 db \"why\"", "`on` is missing before the place"),
    ("a > b", "`>` is no arrow"),
    ("a >> b : https", "`>>` is no arrow"),
    ("a - b", "`-` is no arrow"),
    ("a -> b [https]", "a protocol stands behind `:`, and not in brackets"),
    ("a -> b (https, tls) { timeout = 1s }", "a protocol stands behind `:`, and not in brackets"),
    ("a -> b [fast]", "a protocol stands behind `:`, and not in brackets"),
    ("a -> b https", "`:` or `,` is missing before `https`"),
    ("b <- a", "`<-` is no arrow: a link is written from its caller"),
    ("b, c <- a : https { timeout = 1s }", "`<-` is no arrow: a link is written from its caller"),
    ("b <- a -> c", "`<-` is no arrow: a link is written from its caller"),
    ("a ->\na -> b", "`->` leads nowhere: the next row is a link by itself"),
    ("flow row {\n  a -> b ~>\n  b -> c\n}", "`~>` leads nowhere: the next row is a link by itself"),
    ("flow equals {\n  reads, rate =\n  a -> b\n}", "`rate =` has no value"),
];

/// A statement without a fault, and how it is rendered.
fn healthy(number: usize) -> (String, String) {
    match number % 4 {
        0 => (
            format!("service ok_{number} x2 {{ zones = 2 }}"),
            format!("(service ok_{number} x2..2 {{ zones=2}})\n"),
        ),
        1 => (format!("ok_{number} -> a, b : https"), format!("(link ok_{number} -> (all a b) :https)\n")),
        2 => (
            format!("flow ok_{number} {{ reads\n  a -> b\n}}"),
            format!("(flow ok_{number} reads (chain a -> b))\n"),
        ),
        _ => (
            format!("region ok_{number} {{\n  service c\n}}"),
            format!("(region ok_{number} {{ (service c)}})\n"),
        ),
    }
}

#[test]
fn each_fault_has_its_message_and_no_other() {
    let mut wrong = String::new();
    for (text, message) in FAULTS {
        let messages: Vec<_> = read(text).1.into_iter().map(|it| it.message).collect();
        if messages != [*message] {
            let _ = writeln!(wrong, "{text}\n    is {messages:?}\n    not {message:?}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Whatever stands in it, a comment of another language is one fault, and the rows around it are read.
#[test]
fn a_comment_of_another_language_costs_its_row() {
    for comment in ["# api {", "#\t(see \"that", "## a; b -> c }", "#"] {
        let (file, errors) =
            read(&format!("service a\n{comment}\nservice b {{\n  {comment}\n  zones = 2\n}}\nservice c"));
        let messages: Vec<&str> = errors.iter().map(|it| it.message.as_str()).collect();
        let signs = comment.chars().take_while(|it| *it == '#').collect::<String>();
        let rendered = render::file(&file);
        assert!(
            rendered.contains("(service a)") && rendered.contains("(service c)"),
            "{comment}: {rendered}"
        );
        assert!(
            messages.contains(&format!("`{signs}` begins no comment").as_str()),
            "{comment}: {messages:?}"
        );
    }
}

/// A chain may be broken behind an arrow, and a text may stand in quotes wherever it stands.
#[test]
fn what_only_looks_like_a_fault_is_none() {
    for text in [
        "a ->\n  b : https",
        "a ->\nb -> c",
        "a ->\n  b ->\n  c",
        "service s { ports = [80,443] }",
        "service s { description = \"1,000,000 of them # 99,9%\" }",
        "service s // # not this one",
    ] {
        assert_eq!(read(text).1, [], "{text}");
    }
}

#[test]
fn what_each_fault_is_called() {
    let mut shown = String::new();
    for (text, _) in FAULTS {
        let _ = writeln!(shown, "{}", text.trim());
        let (file, errors) = read(text);
        for error in errors {
            let place = &text[error.span.range()];
            let _ = writeln!(shown, "  ! {}\n    {place:?} {}", error.message, error.label);
            if let Some(help) = error.help {
                let _ = writeln!(shown, "    = {help}");
            }
            if let Some(fix) = error.fix {
                let mut mended = (*text).to_owned();
                mended.replace_range(fix.span.range(), &fix.text);
                let _ = writeln!(shown, "    + {}", mended.replace('\n', "\n      "));
            }
        }
        for line in render::file(&file).lines() {
            let _ = writeln!(shown, "  {line}");
        }
        shown.push('\n');
    }
    super::snapshot("faults", &shown);
}

#[test]
fn a_fix_leaves_no_fault_behind() {
    for (text, _) in FAULTS {
        for error in read(text).1 {
            let Some(fix) = error.fix else { continue };
            let mut mended = (*text).to_owned();
            mended.replace_range(fix.span.range(), &fix.text);
            assert_eq!(read(&mended).1, [], "{text} became {mended}");
        }
    }
}

#[test]
fn messages_are_plain_lines_in_the_words_of_the_language() {
    for (text, _) in FAULTS {
        for error in read(text).1 {
            for line in [Some(&error.message), Some(&error.label), error.help.as_ref()].into_iter().flatten()
            {
                assert!(!line.is_empty() && !line.ends_with('.') && !line.contains('\n'), "{line}");
                let first = line.chars().next().unwrap_or_default();
                assert!(!first.is_uppercase(), "{line}");
            }
        }
    }
}

/// A design of these faults, in this order, with healthy statements between where asked.
fn check(faults: &[usize], healthy_between: &[usize], line_end: &str) -> Result<(), String> {
    let mut text = String::new();
    let mut ranges = Vec::new();
    let mut expected = Vec::new();
    for (at, fault) in faults.iter().enumerate() {
        for number in 0..healthy_between[at] {
            let (statement, rendering) = healthy(at * 10 + number);
            text += &statement.replace('\n', line_end);
            text += line_end;
            expected.push(rendering);
        }
        let start = text.len();
        text += &FAULTS[*fault].0.replace('\n', line_end);
        ranges.push(start..text.len() + 1);
        text += line_end;
    }
    let (statement, rendering) = healthy(900);
    text += &statement;
    expected.push(rendering);

    let (file, errors) = read(&text);
    let found: Vec<_> = errors.iter().map(|it| (it.message.as_str(), it.span.start)).collect();
    for (range, fault) in ranges.iter().zip(faults) {
        if !errors.iter().any(|it| range.contains(&(it.span.start as usize))) {
            return Err(format!("{:?} is not reported in:\n{text}\n{found:?}", FAULTS[*fault].0));
        }
    }
    if errors.len() > faults.len() + 1 {
        return Err(format!("{} faults, but {found:#?} in:\n{text}", faults.len()));
    }
    let rendered = render::file(&file);
    match expected.iter().find(|it| !rendered.contains(it.as_str())) {
        Some(lost) => Err(format!("{lost} is lost in:\n{text}\n{rendered}\n{found:?}")),
        None => Ok(()),
    }
}

#[test]
fn every_two_faults_next_to_each_other_are_both_reported() {
    let pairs = (0..FAULTS.len()).flat_map(|one| (0..FAULTS.len()).map(move |other| [one, other]));
    let wrong: Vec<_> = pairs
        .flat_map(|pair| [check(&pair, &[1, 0], "\n"), check(&pair, &[0, 1], "\n")])
        .filter_map(Result::err)
        .collect();
    assert!(wrong.is_empty(), "{} pairs:\n{}", wrong.len(), wrong[..wrong.len().min(9)].join("\n=====\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_five_faults_are_all_reported_and_the_rest_is_kept(
        faults in proptest::sample::subsequence((0..FAULTS.len()).collect::<Vec<_>>(), 5).prop_shuffle(),
        between in proptest::collection::vec(0_usize..4, 5),
        is_dos in any::<bool>(),
    ) {
        let checked = check(&faults, &between, if is_dos { "\r\n" } else { "\n" });
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
    }
}
