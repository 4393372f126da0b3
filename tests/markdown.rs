//! Designs in Markdown: whatever holds their fences, they say the same as by themselves, and nothing else is touched.

use loadpath::check::{Checked, Config, Profile, check, mend};
use loadpath::diagnostic::Diagnostic;
use loadpath::source::{FileId, SourceFile, Span};
use loadpath::syntax::{ast::Statement, format, format_file, parse, parse_file};
use proptest::prelude::*;

use crate::availability_random::drawing::Dice;
use crate::cli::Folder;
use crate::fixes::designs;
use crate::rules::Beside;

const NAME: &str = "design.md";

fn file(text: &str) -> SourceFile {
    SourceFile::new(NAME, text)
}

/// The elements of a design as they stand there: line, column, text.
fn elements(text: &str) -> Vec<(usize, usize, String)> {
    let file = file(text);
    let (tree, errors) = parse_file(FileId(0), &file);
    assert_eq!(errors, [], "{text}");
    let element = |it: &Statement| if let Statement::Element(it) = it { Some(it.span) } else { None };
    tree.statements
        .iter()
        .filter_map(element)
        .map(|span| {
            let place = file.position(span.start);
            (place.line, place.column, file.text[span.range()].to_owned())
        })
        .collect()
}

/// What stands in a fence is found where a reader sees it.
#[test]
fn places_are_those_of_the_markdown() {
    let api = |line, column| vec![(line, column, "service api".to_owned())];
    for (text, expected) in [
        ("# Shop\n\n```arch\nservice api\n```\n", api(4, 1)),
        ("~~~arch\nservice api\n~~~\n", api(2, 1)),
        ("`````arch\nservice api\n`````\n", api(2, 1)),
        ("``` arch title=x\nservice api\n```\n", api(2, 1)),
        ("  ```arch\n  service api\n  ```\n", api(2, 3)),
        ("```arch\nservice api", api(2, 1)),
        ("> It is so:\n> ```arch\n> service api\n> ```\n", api(3, 3)),
        (">```arch\n>service api\n>```\n", api(2, 2)),
        (">> ```arch\n>> service api\n\nAfter\n", api(2, 4)),
        ("- first\n- second\n\n  ```arch\n  service api\n  ```\n", api(5, 3)),
        ("1. ```arch\n   service api\n   ```\n", api(2, 4)),
        ("-\t```arch\n\tservice api\n\t```\n", api(2, 2)),
        ("- > ```arch\n  > service api\n  > ```\n", api(2, 5)),
        ("Größe 🚀\r\n\r\n> ```arch\r\n> service api\r\n> ```\r\n", api(4, 3)),
        ("\u{feff}```arch\nservice api\n```\n", api(2, 1)),
    ] {
        assert_eq!(elements(text), expected, "{text}");
    }
}

#[test]
fn all_fences_are_one_design_in_order_and_those_of_other_sorts_are_none() {
    let text = "```arch\nservice a\n```\n\n```sh\nservice no\n```\n\n- ~~~arch\n  service b\n  ~~~\n\n```arch ignore\nbroken\n  {\n```\n\n```archive\nservice no\n```\n\n    ```arch\n    service no\n    ```\n\n<!--\n```arch\nservice no\n```\n-->\n\n```arch\nservice c\n```\n";
    let found = elements(text);
    let names: Vec<_> = found.iter().map(|(line, _, text)| (*line, text.as_str())).collect();
    assert_eq!(names, [(2, "service a"), (10, "service b"), (33, "service c")]);
}

/// What is not closed in one fence costs nothing in the next.
#[test]
fn no_fence_reaches_into_the_next() {
    for (open, message) in [
        ("service a {\n  zones = 3", "`{` is never closed"),
        ("service a\n/* never ends", "the comment is never closed"),
        ("service a\na -> \"b", "the text in quotes does not end on its line"),
        ("service a\na ->", ""),
    ] {
        let text = format!("> ```arch\n> {}\n> ```\n\n```arch\nservice b\n```\n", open.replace('\n', "\n> "));
        let file = file(&text);
        let (tree, errors) = parse_file(FileId(0), &file);
        let next = text.find("service b").expect("it stands there");
        assert!(!errors.is_empty() && errors.iter().all(|it| (it.span.end as usize) < next), "{errors:#?}");
        assert!(message.is_empty() || errors.iter().any(|it| it.message == message), "{errors:#?}");
        let mut kept = tree.statements.iter().filter_map(|it| match it {
            Statement::Element(it) => Some(file.text[it.span.range()].lines().next().unwrap_or_default()),
            _ => None,
        });
        assert_eq!(kept.next_back(), Some("service b"), "{text}");
    }
}

/// A document with designs in it, and where each of its bytes stands in the text of them all.
struct Document {
    text: String,
    /// The byte of the design for each byte of `text`, and for its end.
    plain: Vec<usize>,
    at: usize,
}

impl Document {
    /// Puts each part into a container of its own.
    fn of(parts: &[&str], dice: &mut Dice) -> Self {
        let mut document = Self { text: String::new(), plain: Vec::new(), at: 0 };
        let line_end = dice.pick(&["\n", "\r\n"]);
        for (at, part) in parts.iter().enumerate() {
            document.beside(&format!("Größe 🚀 `arch`{line_end}{line_end}"));
            // Two quotes or lists that follow each other would be one.
            document.beside(&format!("# {at}{line_end}{line_end}"));
            document.fence(part, line_end, at + 1 == parts.len(), dice);
        }
        document.plain.push(document.at);
        document
    }

    fn beside(&mut self, text: &str) {
        self.text += text;
        self.plain.resize(self.text.len(), self.at);
    }

    fn fence(&mut self, part: &str, line_end: &str, is_last: bool, dice: &mut Dice) {
        let (mut first, mut margin) = (String::new(), String::new());
        for _ in 0..dice.below(4) {
            let (marker, rest) =
                [("> ", "> "), ("- ", "  "), ("1. ", "   "), ("*   ", "    ")][dice.below(4)];
            first += marker;
            margin += rest;
        }
        // After the sign of a list, five blanks would make it code of another sort.
        let indent = if dice.percent(50) {
            String::new()
        } else {
            self.beside(&format!("{first}So:{line_end}{}{line_end}", margin.trim_end()));
            first.clone_from(&margin);
            " ".repeat(dice.below(4))
        };
        let fence = dice.pick(&["`", "~"]).repeat(4 + dice.below(3));
        self.beside(&format!("{first}{indent}{fence}arch{line_end}"));
        for line in part.split_inclusive('\n') {
            let said = line.trim_end_matches('\n');
            let before = format!("{margin}{indent}");
            self.beside(if said.is_empty() { before.trim_end() } else { &before });
            self.text += said;
            self.plain.extend(self.at..self.at + said.len());
            self.at += said.len();
            self.beside(line_end);
            self.at += 1;
        }
        if is_last && dice.percent(30) {
            return;
        }
        self.beside(&format!("{margin}{indent}{fence}{line_end}{line_end}"));
    }

    fn back(&self, span: Span) -> (usize, usize) {
        (self.plain[span.start as usize], self.plain[span.end as usize])
    }
}

/// A design in parts of whole statements, where it has no faults.
fn parts<'a>(text: &'a str, dice: &mut Dice) -> Vec<&'a str> {
    let lines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
    let (before, after) = text.split_at(lines[dice.below(lines.len())]);
    let is_whole = |part: &str| {
        let (tree, errors) = parse(FileId(0), part);
        errors.is_empty() && !tree.statements.is_empty() && part.trim() == part.trim_end_matches('\n')
    };
    if is_whole(before) && is_whole(after) { vec![before, after] } else { vec![text] }
}

fn reviewed(file: SourceFile, plain: &str) -> Checked {
    check(file, &Beside(plain), &Config { profile: Profile::Review, ..Config::default() })
}

/// A finding, with its places in the design.
fn told(finding: &Diagnostic, place: impl Fn(Span) -> (usize, usize)) -> String {
    let labels: Vec<_> = finding.labels.iter().map(|it| (place(it.span), &it.message)).collect();
    let fix: Vec<_> = finding.fix.iter().map(|it| (&it.title, it.is_safe, it.edits.len())).collect();
    format!(
        "{} {}\n  {labels:?}\n  {:?} {:?} {fix:?}",
        finding.code, finding.message, finding.notes, finding.help
    )
}

fn all(checked: &Checked, place: impl Fn(Span) -> (usize, usize)) -> Vec<String> {
    let mut told: Vec<_> = checked.diagnostics.iter().map(|it| told(it, &place)).collect();
    told.sort();
    told
}

/// What the fences say, one after the other.
fn said(file: &SourceFile) -> String {
    file.fences().expect("it is Markdown").iter().map(|it| it.text.as_str()).collect()
}

/// All but what the fences say.
fn beside(file: &SourceFile) -> String {
    let mut beside = String::new();
    let mut from = 0;
    for part in file.parts() {
        beside += &file.text[from..part.start];
        beside += "<design>";
        from = part.end;
    }
    beside + &file.text[from..]
}

/// In any container a design has the same findings at the same words, its fixes make the same of it, and so does the
/// formatter; what stands outside of the fences stays.
#[test]
fn a_design_in_markdown_says_what_it_says_by_itself() {
    let mut dice = Dice::new(77);
    let (mut findings, mut fixes, mut split) = (0, 0, 0);
    for (name, text) in designs() {
        let text = format!("{}\n", text.trim());
        // One that includes itself has another name here.
        if text.contains("include \"design.arch\"") || text.trim().is_empty() {
            continue;
        }
        let parts = parts(&text, &mut dice);
        split += usize::from(parts.len() > 1);
        let document = Document::of(&parts, &mut dice);
        let markdown = &document.text;
        assert_eq!(said(&file(markdown)), text, "{name}\n{markdown}");

        let alone = reviewed(SourceFile::new("design.arch", text.as_str()), &text);
        let held = reviewed(file(markdown), &text);
        let expected = all(&alone, |span| (span.start as usize, span.end as usize));
        assert_eq!(all(&held, |span| document.back(span)), expected, "{name}\n{markdown}");
        findings += expected.len();

        for finding in &held.diagnostics {
            let Some(fix) = &finding.fix else { continue };
            let same = |it: &&Diagnostic| {
                told(it, |span| (span.start as usize, span.end as usize))
                    == told(finding, |span| document.back(span))
            };
            let fix_alone =
                alone.diagnostics.iter().find(same).and_then(|it| it.fix.as_ref()).expect("the same");
            let mended = file(&mend::made(&held.sources, &fix.edits)[NAME]);
            assert_eq!(
                said(&mended),
                mend::made(&alone.sources, &fix_alone.edits)["design.arch"],
                "{name}\n{markdown}"
            );
            assert_eq!(beside(&mended), beside(&file(markdown)), "{name}\n{markdown}");
            fixes += 1;
        }

        let Ok(formatted) = format_file(&file(markdown)) else { continue };
        let formatted = file(&formatted);
        let expected: String = parts.iter().map(|it| format(it).expect("it has no faults")).collect();
        assert_eq!(said(&formatted), expected, "{name}\n{markdown}");
        assert_eq!(beside(&formatted), beside(&file(markdown)), "{name}\n{markdown}");
        assert_eq!(format_file(&formatted).as_ref(), Ok(&formatted.text), "{name}\n{markdown}");
    }
    assert!(
        findings > 1_000 && fixes > 50 && split > 50,
        "{findings} findings, {fixes} fixes, {split} split"
    );
}

/// Pieces that Markdown and designs are made of.
const PIECES: &[&str] = &[
    "```arch\n",
    "```\n",
    "~~~arch\n",
    "~~~\n",
    "````arch\n",
    "````\n",
    "> ",
    ">",
    "- ",
    "1. ",
    "  ",
    "    ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\0",
    "\u{feff}",
    "ü🚀",
    "service a",
    "a -> b",
    " { ",
    " }",
    "/* ",
    " */",
    "\"",
    "// x",
    "text",
    "<!--\n",
    "-->\n",
    "# ",
    "---\n",
    "```arch ignore\n",
    "[^1]: ",
    "`",
    "\\",
    "system \"x\" {\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text is taken: places stay within it, and what is written touches the fences alone and comes to rest.
    #[test]
    fn any_text_is_read_as_markdown(
        words in proptest::collection::vec(0_usize..PIECES.len(), 0..60),
        noise in any::<String>(),
        at in any::<prop::sample::Index>(),
    ) {
        let mut pieces: Vec<&str> = words.iter().map(|it| PIECES[*it]).collect();
        pieces.insert(at.index(pieces.len() + 1), &noise);
        let text = pieces.concat();
        let file = file(&text);
        prop_assert_eq!(file.design().len(), text.len());
        let rows = |text: &str| text.match_indices('\n').map(|it| it.0).collect::<Vec<_>>();
        prop_assert_eq!(rows(file.design()), rows(&text));
        let checked = check(file.clone(), &loadpath::check::NoFiles, &Config::default());
        for label in checked.diagnostics.iter().flat_map(|it| &it.labels) {
            prop_assert!(label.span.end as usize <= text.len() && label.span.start <= label.span.end);
        }
        if let Ok(formatted) = format_file(&file) {
            let formatted = self::file(&formatted);
            prop_assert_eq!(beside(&formatted), beside(&file), "{:?} becomes {:?}", text, formatted.text);
            prop_assert_eq!(format_file(&formatted), Ok(formatted.text.clone()), "{:?}", text);
        }
    }
}

// ---- the command line

const DOCUMENT: &str =
    "# Shop\n\n> ```arch\n> servce   api\n> database orders\n> api->orders\n> ```\n\nThe   end.\n";

#[test]
fn every_command_takes_markdown() {
    let clean = DOCUMENT.replace("servce", "service");
    let folder = Folder::new().with("shop.md", &clean).with("shop.markdown", &clean);
    for command in [&["check"][..], &["report"], &["graph"], &["estimate"], &["what-if", "--fail", "orders"]]
    {
        for name in ["shop.md", "shop.markdown"] {
            let ran = folder.run(&[command, &[name]].concat());
            assert_eq!(ran.code, Some(0), "{command:?} {}", ran.err);
        }
    }
    let ran = folder.run_with(
        &["check", "--stdin-filename", "docs/shop.md", "--format", "concise", "-"],
        DOCUMENT.as_bytes(),
    );
    assert!(ran.out.starts_with("docs/shop.md:4:3: error[LP004] `servce` is not a kind"), "{}", ran.out);
}

#[test]
fn a_folder_means_the_markdown_that_holds_designs() {
    let folder = Folder::new()
        .with("docs/a.md", DOCUMENT)
        .with("docs/b.md", "# About arch\n\n```arch ignore\nservce x\n```\n")
        .with("docs/c.md", b"```arch\n\xff\n```\n")
        .with("docs/d.arch", "servce d\n")
        .with("none/readme.md", "# Nothing\n");
    let ran = folder.run(&["check", "--format", "concise", "docs"]);
    let files: Vec<_> =
        ran.out.lines().filter(|it| it.contains("LP004")).filter_map(|it| it.split(':').next()).collect();
    assert_eq!((ran.code, files, ran.err.as_str()), (Some(1), vec!["docs/a.md", "docs/d.arch"], ""));
    let ran = folder.run(&["check", "none"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("no `.arch` files in `none`, and no Markdown with `arch` fences"),
        "{}",
        ran.err
    );
}

/// Who names a file expects it to be looked at: a fence that has lost its tag must not pass for a clean design.
#[test]
fn markdown_without_a_design_that_is_named_is_refused() {
    let folder = Folder::new().with("a.md", "# Nothing\n").with("b.arch", "include \"a.md\"\nservice b\n");
    for command in ["check", "estimate", "report", "graph"] {
        let ran = folder.run(&[command, "a.md"]);
        assert_eq!(ran.code, Some(2), "{command}");
        assert!(
            ran.err.contains("`a.md` holds no design: none of its fences is tagged `arch`"),
            "{}",
            ran.err
        );
    }
    let ran = folder.run(&["check", "--format", "concise", "b.arch"]);
    assert!(ran.out.contains("the included file `a.md` holds no design"), "{}", ran.out);
}

/// A hook hands over all Markdown that changes. Of most of it nothing has a form, and there is nothing to review.
#[test]
fn markdown_without_a_design_is_no_trouble_to_a_hook() {
    let text = "# Nothing\n";
    let folder = Folder::new().with("a.md", text).with("b.md", "```arch\nservce b\n```\n");
    for arguments in
        [&["fmt", "a.md"][..], &["fmt", "--check", "a.md"], &["check", "--force-exclude", "a.md"]]
    {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""), "{arguments:?}");
    }
    assert_eq!(std::fs::read_to_string(folder.0.join("a.md")).expect("it is there"), text);
    let ran = folder.run(&["check", "--force-exclude", "--format", "concise", "a.md", "b.md"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    assert!(ran.out.starts_with("b.md:2:1: error[LP004]"), "{}", ran.out);
    let ran = folder.run(&["check", "--force-exclude", "a.md", "gone.md"]);
    assert_eq!(ran.code, Some(2), "what is not there is no Markdown without a design");
}

#[test]
fn a_fence_includes_what_lies_beside_its_file() {
    let folder = Folder::new()
        .with("docs/common.arch", "database orders\n")
        .with("docs/shop.md", "- ```arch\n  include \"common.arch\"\n  service api\n  api -> orders\n");
    let ran = folder.run(&["check", "--format", "concise", "docs/shop.md"]);
    assert_eq!((ran.code, ran.out.contains("LP002")), (Some(0), false), "{}{}", ran.out, ran.err);
}

#[test]
fn fmt_writes_the_fences_alone() {
    let clean = DOCUMENT.replace("servce", "service").replace('\n', "\r\n");
    let written = clean.replace("service   api", "service api").replace("api->orders", "api -> orders");
    let written = written.replace("service api", "service  api");
    let folder = Folder::new().with("shop.md", &clean);
    assert_eq!(folder.run(&["fmt", "--check", "shop.md"]).code, Some(1));
    let ran = folder.run(&["fmt", "--diff", "shop.md"]);
    assert!(ran.out.contains("+> api -> orders"), "{}", ran.out);
    let ran = folder.run_with(&["fmt", "--stdin-filename", "shop.md", "-"], clean.as_bytes());
    assert_eq!(ran.out, written);
    assert_eq!(folder.run(&["fmt", "shop.md"]).code, Some(0));
    assert_eq!(std::fs::read_to_string(folder.0.join("shop.md")).expect("it is there"), written);
    assert_eq!(folder.run(&["fmt", "--check", "."]).code, Some(0));
}

/// What stands before a line is not the formatter's: it stays where the line stays, and goes on before a new one.
#[test]
fn fmt_keeps_what_stands_before_each_line() {
    let formatted = |text: &str| format_file(&file(text)).expect("it has no faults");
    for (text, expected) in [
        (">```arch\n>client   b\n> client c\n>```\n", ">```arch\n>client b\n> client c\n>```\n"),
        (
            "-\t```arch\n\tservice   api\n\tclient b\n\t```\n",
            "-\t```arch\n\tservice api\n\tclient  b\n\t```\n",
        ),
        (
            ">```arch\n>service api { zones = 3\n> }\n>```\n",
            ">```arch\n>service api {\n>   zones = 3\n> }\n>```\n",
        ),
        (
            "> ```arch\n> client  a\n> \n>\n> client b\n> ```\n",
            "> ```arch\n> client a\n> \n> client b\n> ```\n",
        ),
    ] {
        let written = formatted(text);
        assert_eq!(formatted(&written), written, "{text}");
        assert_eq!(written, expected);
        assert_eq!(beside(&file(&written)), beside(&file(text)));
    }
}

/// What stands at the head for a program that makes pages is no Markdown.
#[test]
fn front_matter_holds_no_design() {
    let fence = "```arch\nservice api\n```\n";
    let api = |line| vec![(line, 1, "service api".to_owned())];
    let inner = "```arch\n  broken\n  ```\n";
    for mark in ["---", "+++"] {
        let head = format!("{mark}\ntitle: |\n  {inner}{mark}\n");
        assert_eq!(elements(&format!("{head}\n{fence}")), api(9));
        assert_eq!(elements(&format!("\u{feff}{}\r\n{}", head.replace('\n', "\r\n"), fence)), api(9));
    }
    assert_eq!(elements(&format!("---\ntitle: x\n...\n\n{fence}")), api(6));
    // A rule across the page, and what nothing closes, are no head.
    assert_eq!(elements(&format!("---\n\n{fence}\n---\n")), api(4));
    assert_eq!(elements(&format!("---\nSo:\n\n{fence}")), api(5));
}

#[test]
fn check_mends_the_fences_alone() {
    let folder = Folder::new().with("shop.md", DOCUMENT);
    let ran = folder.run(&["check", "--diff", "shop.md"]);
    assert!(ran.out.contains("-> servce   api\n+> service   api\n"), "{}", ran.out);
    assert_eq!(folder.run(&["check", "--fix", "shop.md"]).code, Some(0));
    let mended = std::fs::read_to_string(folder.0.join("shop.md")).expect("it is there");
    assert_eq!(mended, DOCUMENT.replace("servce", "service"));
}
