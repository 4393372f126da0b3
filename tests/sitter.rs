//! The grammar for editors (`editors/tree-sitter-arch`) takes and refuses the texts that `grammar/arch.pest` does.

use std::fs;
use std::path::{Path, PathBuf};

use loadpath::report::docs;
use loadpath::rules::RULES;
use loadpath::source::{FileId, SourceFile};
use loadpath::syntax::{ErrorKind, SyntaxError, parse};
use proptest::prelude::*;
use proptest::sample::Index;
use tree_sitter::{Parser, Tree};

use crate::syntax::{faults::FAULTS, loose};

mod kept;
mod language;
mod queries;

/// What the language says of a text that the grammar takes: each with a text of which it is said. Beside these stand
/// figures (units that do not exist, too many digits) and nesting, which are no matter of grammar either.
const BEYOND_THE_GRAMMAR: &[(&str, &str)] = &[
    ("flwo gap { a -> ... -> d }", "unknown word"),
    ("// \u{7}", "the control character U+"),
    ("a -> b, c | d", " mix in one set"),
    ("a -> b, c -> d", "only the last hop may lead to several without parentheses"),
    ("a -> ...", "`...` stands between two names of a flow's path"),
    ("a ->\na -> b", " leads nowhere: the next row is a link by itself"),
    ("service api \"one\" \"two\"", "a second "),
    ("service api x3..2", " ends before it begins"),
    (r#"service api "\q""#, " is no escape"),
];

/// Said of the one thing that the language's grammar takes and editors refuse: two counts in a row (`x2 x3`).
const SECOND_COUNT: &str = "a second count";

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/tree-sitter-arch")
}

pub(crate) fn tree(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_arch::LANGUAGE.into()).expect("the library reads parsers of this age");
    parser.parse(text, None).expect("nothing cuts it short")
}

fn is_beyond_the_grammar(error: &SyntaxError) -> bool {
    error.kind != ErrorKind::Syntax || BEYOND_THE_GRAMMAR.iter().any(|(_, part)| error.message.contains(part))
}

/// Where the grammars part on a text, if they do.
fn difference(text: &str) -> Result<(), String> {
    let tree = tree(text);
    let is_taken = !tree.root_node().has_error();
    let fail = |why: &str| Err(format!("{why}\n{text:?}\n{text}\n{}", tree.root_node().to_sexp()));
    let errors = parse(FileId(0), text).1;
    match (is_taken, language::takes(text)) {
        (true, false) => return fail("editors alone take it"),
        (false, true) if !errors.iter().any(|it| it.message == SECOND_COUNT) => {
            return fail("editors alone refuse it");
        }
        (false, false) if errors.is_empty() => return fail("it has no fault, and editors refuse it"),
        _ => {}
    }
    match errors.iter().find(|it| is_taken && !is_beyond_the_grammar(it)) {
        Some(error) => fail(&format!("editors do not see: {}", error.message)),
        None => Ok(()),
    }
}

/// All files with one of these endings that are kept in the repository.
fn files(endings: &[&str]) -> Vec<PathBuf> {
    let is_kept = |entry: &ignore::DirEntry| entry.file_name() != ".git";
    let mut walk = ignore::WalkBuilder::new(env!("CARGO_MANIFEST_DIR"));
    walk.hidden(false).require_git(false).filter_entry(is_kept);
    let paths = walk.build().map(|entry| entry.expect("it can be read").into_path());
    paths.filter(|it| it.extension().is_some_and(|it| endings.iter().any(|ending| it == *ending))).collect()
}

/// Every design there is: files, fences of Markdown, examples of rules, and faults.
fn designs() -> Vec<String> {
    let mut designs = Vec::new();
    for path in files(&["arch", "md"]) {
        let text = fs::read_to_string(&path).expect("it can be read");
        let file = SourceFile::new(path.to_string_lossy(), text);
        designs.extend(file.parts().into_iter().map(|part| file.design()[part].to_owned()));
    }
    designs.extend(RULES.iter().flat_map(|rule| docs::examples(rule)).map(|example| example.source));
    designs.extend(FAULTS.iter().map(|(text, _)| (*text).to_owned()));
    designs
}

#[test]
fn every_design_is_taken_or_refused_as_by_the_language() {
    let designs = designs();
    assert!(designs.len() > 500, "{}", designs.len());
    let refused = designs.iter().filter(|it| !language::takes(it)).count();
    assert!(refused > 30, "{refused} are faulty");
    let wrong: Vec<_> = designs.iter().filter_map(|it| difference(it).err()).collect();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(9)].join("\n=====\n"));
}

#[test]
fn what_the_language_says_beyond_its_grammar_is_said_of_texts_that_the_grammar_takes() {
    for (text, part) in BEYOND_THE_GRAMMAR {
        let errors = parse(FileId(0), text).1;
        assert!(errors.iter().any(|it| it.message.contains(part)), "{text}: {errors:?}");
        assert!(!tree(text).root_node().has_error(), "{text}");
    }
}

#[test]
fn of_what_the_grammar_takes_editors_refuse_two_counts_in_a_row_alone() {
    let text = "service api x2 x3";
    assert!(language::takes(text) && tree(text).root_node().has_error());
    assert_eq!(parse(FileId(0), text).1[0].message, SECOND_COUNT);
}

/// Small designs with a construct each in them, to be edited.
const SEEDS: &[&str] = &[
    "system \"Shop \\\"A\\\"\" { users = 10M, growth = 30%/year\n horizon = 5y; intent = demo,\n}\n",
    "include \"common.arch\"; template ha : database x3 \"l\" { replication = sync; -> audit }\n",
    "service api, worker \"Serves\" : go | rust x3 #core { zones = 3, idempotent }\n",
    "region east { service a; dns; database b { backup\n -> log : tls }\n a, b -> c\n a, b, }\n",
    "monitoring\nqueue x2.. : sqs #a #b\nflow : x\nconstraint x3 { a }\nflow, x -> allow\n",
    "a -> b, c | d else (e / f) \"l\" : tls, http { timeout = 1s, optional }\n(a, b) ~> us.east.c -> d\n",
    "flow f \"L\" #t { share = 99%, reads\n a, b -> ... ~> c\n}\nflow g { writes; a -> b }\n",
    "constraint c \"T\" { forbid = kind client -> kind database { backup }, because = \"x\"\n require }\n",
    "constraint { require = kind any -> kind third_party : https | tls with { timeout } }\n",
    "constraint { forbid = #t where { x } -> ... -> kind where { y } without kind, forbid = kind.x }\n",
    "allow single-point on db, a -> b, #legacy \"until\"\nallow LP101 on on\nallow o \"x\"\n",
    "c { a = 1_000.5, b = 40..50ms; d = 2.., e = 100:1, f = [pii, [x | y], \"t\",\n], g = /day, h = 5µs }\n",
];

/// Words and signs, of which some are next to none in a design.
const WORDS: &[&str] = &[
    " ",
    "\n",
    "\n\n",
    ";",
    ",",
    "|",
    "/",
    ":",
    "=",
    "->",
    "~>",
    "...",
    "..",
    ".",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "\"t\"",
    "\\",
    "#",
    "#t",
    "x3",
    "x2..",
    "x",
    "x3a",
    "a",
    "a-b",
    "-",
    "a.b",
    "5",
    "5ms",
    "1.5",
    "1_0",
    "%",
    "//",
    "// c\n",
    "/*",
    "*/",
    "/* c\n */",
    "\r\n",
    "\t",
    "else",
    "on",
    "kind",
    "where",
    "with",
    "without",
    "forbid",
    "require",
    "system",
    "include",
    "template",
    "flow",
    "constraint",
    "allow",
    "é",
    "µ",
    "'",
];

/// A text in words, blanks and signs.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let end = if is_word(first) {
            rest.find(|it| !is_word(it)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces
}

/// A text after edits: each takes out, puts in, replaces, doubles or exchanges a piece.
fn edited(text: &str, edits: &[(Index, u8, usize)]) -> String {
    let mut pieces = pieces(text);
    for (place, edit, word) in edits {
        if pieces.is_empty() {
            break;
        }
        let other = word % pieces.len();
        let at = place.index(pieces.len());
        match edit {
            0 => _ = pieces.remove(at),
            1 => pieces.insert(at, WORDS[*word]),
            2 => pieces[at] = WORDS[*word],
            3 => pieces.insert(at, pieces[at]),
            _ => pieces.swap(at, other),
        }
    }
    pieces.concat()
}

fn edits() -> impl Strategy<Value = Vec<(Index, u8, usize)>> {
    proptest::collection::vec((any::<Index>(), 0..5_u8, 0..WORDS.len()), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    /// Edits make most texts faulty, and some into what nobody would write.
    #[test]
    fn edited_designs_are_taken_or_refused_as_by_the_language(
        seed in 0..SEEDS.len(),
        edits in edits(),
    ) {
        difference(&edited(SEEDS[seed], &edits)).map_err(TestCaseError::fail)?;
    }

    /// Words in any order.
    #[test]
    fn any_words_are_taken_or_refused_as_by_the_language(
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..12),
    ) {
        difference(&words.concat()).map_err(TestCaseError::fail)?;
        difference(&words.join(" ")).map_err(TestCaseError::fail)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Whatever the language allows, as loosely as it allows it, and with an edit or two.
    #[test]
    fn loose_designs_are_taken_or_refused_as_by_the_language(
        tape in proptest::collection::vec(any::<u8>(), 0..200),
        edits in edits(),
    ) {
        let design = loose::design(&tape);
        difference(&design).map_err(TestCaseError::fail)?;
        difference(&edited(&design, &edits)).map_err(TestCaseError::fail)?;
    }
}
