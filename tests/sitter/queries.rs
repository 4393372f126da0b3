//! The queries: each word of a design has one colour, and the right one; declarations, uses and folds are found.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;

use tree_sitter::{Node, Query, QueryCursor, StreamingIterator as _};

use super::{designs, folder, language, tree};

fn query(name: &str) -> Query {
    let path = folder().join("queries").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    compiled(name, &text)
}

fn compiled(name: &str, text: &str) -> Query {
    Query::new(&tree_sitter_arch::LANGUAGE.into(), text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Emacs has a list of its own, with the names of its faces.
fn emacs() -> Query {
    let text = include_str!("../../editors/emacs/arch-ts-mode.el");
    let (_, list) = text.split_once("arch-ts-mode--colours\n  '(").expect("the list has a name");
    let (list, _) = list.split_once(")\n  \"What").expect("the list has a description");
    compiled("arch-ts-mode.el", list)
}

/// What a query finds in a text: where, and as what.
fn captures(query: &Query, text: &str) -> Vec<(Range<usize>, String)> {
    let tree = tree(text);
    let mut cursor = QueryCursor::new();
    let mut captures = cursor.captures(query, tree.root_node(), text.as_bytes());
    let mut found = Vec::new();
    while let Some((matched, at)) = captures.next() {
        let capture = matched.captures()[*at];
        let name = query.capture_names()[capture.index as usize];
        found.push((capture.node.byte_range(), name.to_owned()));
    }
    found
}

/// The words and signs of a tree, but for line ends.
fn words(node: Node, found: &mut Vec<Range<usize>>) {
    if node.child_count() == 0 && node.kind() != "\n" {
        found.push(node.byte_range());
    }
    for child in node.children(&mut node.walk()) {
        words(child, found);
    }
}

/// Editors differ in which of several patterns wins, so one alone must fit.
#[test]
fn each_word_of_every_design_has_one_colour() {
    let lists = [query("highlights.scm"), emacs()];
    for design in designs().iter().filter(|it| language::takes(it)) {
        let mut all = Vec::new();
        words(tree(design).root_node(), &mut all);
        for list in &lists {
            let mut colours = BTreeMap::new();
            for (range, colour) in captures(list, design) {
                let word = &design[range.clone()];
                if let Some(other) = colours.insert((range.start, range.end), colour.clone()) {
                    panic!("`{word}` is {other} and {colour}:\n{design}");
                }
            }
            for word in &all {
                let is_coloured = colours.keys().any(|(start, end)| *start <= word.start && word.end <= *end);
                assert!(is_coloured, "`{}` has no colour:\n{design}", &design[word.clone()]);
            }
        }
    }
}

/// In `test/highlight`, the line below says what stands above `^`, and above `<-` at its head.
#[test]
fn words_have_the_colours_that_are_written_under_them() {
    let highlights = query("highlights.scm");
    let mut checked = 0;
    for entry in fs::read_dir(folder().join("test/highlight")).expect("the folder is there") {
        let text = fs::read_to_string(entry.expect("it can be read").path()).expect("it is text");
        let colours = captures(&highlights, &text);
        let (mut line_start, mut above) = (0, 0);
        for line in text.split_inclusive('\n') {
            let said = line.strip_prefix("//").map_or("", str::trim_start);
            let column = match said.split_once(' ') {
                Some(("^", colour)) => Some((line.len() - said.len(), colour)),
                Some(("<-", colour)) => Some((0, colour)),
                _ => None,
            };
            if let Some((column, expected)) = column {
                let at = above + column;
                let around = colours.iter().filter(|(range, _)| range.contains(&at));
                let innermost =
                    around.min_by_key(|(range, _)| range.len()).map(|(_, colour)| colour.as_str());
                assert_eq!(innermost, Some(expected.trim_end()), "`{}`", &text[at..text.len().min(at + 20)]);
                checked += 1;
            } else {
                above = line_start;
            }
            line_start += line.len();
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn declarations_uses_folds_and_indents_are_found() {
    let text = "template ha : database x3\n\
                region east { service api { data = [pii] }; ha users\n  monitoring {}\n}\n\
                monitoring\n\
                web -> east.api, (users | log) { timeout } // c\n\
                flow view { web -> api }\n\
                constraint near { forbid = users -> #far }\n\
                allow LP101 on api\n";
    let mut shown = text.to_owned();
    for name in ["folds", "indents", "injections", "locals", "tags"] {
        let _ = writeln!(shown, "---- {name}");
        for (range, capture) in captures(&query(&format!("{name}.scm")), text) {
            if range.len() < text.len() {
                let _ = writeln!(shown, "{capture:<22} {:?}", &text[range]);
            }
        }
    }
    insta::assert_snapshot!(shown);
}
