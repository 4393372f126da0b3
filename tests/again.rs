//! A text that is parsed again after a change says what it says when it is parsed anew.

use std::fs;
use std::path::Path;

use loadpath::source::{FileId, SourceFile};
use loadpath::syntax::{Parsed, parse_file};
use proptest::prelude::*;

const ID: FileId = FileId(0);

/// What is typed, pasted and taken out; what begins and ends things among it.
const PIECES: &[&str] = &[
    "",
    "a",
    " ",
    "\n",
    "\n\n",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "/*",
    "*/",
    "//",
    ",",
    ";",
    "->",
    " ~> b",
    "|",
    "=",
    " else ",
    "...",
    "x3",
    ": redis",
    "5 GB",
    "é",
    "\u{1F980}",
    "\r\n",
    "\t",
    "\u{1}",
    "\u{feff}",
    "service api x2 {\n",
    "flow f { share = 10%; a -> b }\n",
    "system \"S\" { users = 1M }\n",
    "a -> b, c : https { timeout = 1s }\n",
    "constraint { forbid = kind client -> kind database }\n",
    "allow LP101 on a \"x\"\n",
    "include \"x.arch\"\n",
];

/// All designs below `examples`, by name.
fn examples() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).expect("it can be read") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|it| it == "arch" || it == "md") {
                found.push((path.display().to_string(), fs::read_to_string(&path).expect("it is text")));
            }
        }
    }
    found.sort();
    found
}

/// Types into a text, one edit after the other, and holds each parse against a fresh one.
fn hold(name: &str, text: &str, edits: &[(usize, usize, usize)]) {
    let mut text = text.to_owned();
    let mut kept = Parsed::of(ID, &SourceFile::new(name, text.as_str()));
    for (at, length, piece) in edits {
        let start = text.floor_char_boundary(at % (text.len() + 1));
        let end = text.floor_char_boundary((start + length).min(text.len()));
        let before = text.clone();
        text.replace_range(start..end, PIECES[piece % PIECES.len()]);
        let file = SourceFile::new(name, text.as_str());
        kept = kept.again(ID, &file);
        let (tree, errors) = parse_file(ID, &file);
        assert_eq!(kept.errors, errors, "faults, after {before:?} became {text:?}");
        assert_eq!(kept.tree, tree, "tree, after {before:?} became {text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_edits_in_any_order(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<usize>(), prop_oneof![Just(0), 0..3_usize, 0..200_usize], any::<usize>()), 1..12),
    ) {
        let examples = examples();
        let (name, text) = &examples[which.index(examples.len())];
        hold(name, text, &edits);
    }

    #[test]
    fn edits_of_short_texts(
        pieces in prop::collection::vec(0..PIECES.len(), 0..24),
        edits in prop::collection::vec((any::<usize>(), 0..6_usize, any::<usize>()), 1..16),
    ) {
        let text: String = pieces.iter().map(|it| PIECES[*it]).collect();
        hold("short.arch", &text, &edits);
    }
}

/// Each character of a design typed from its first to its last, and taken out again from the end.
#[test]
fn typed_letter_by_letter() {
    let text =
        "system \"S\" {\n  users = 10M\n}\nclient web\nservice api x3 { zones = 3 }\nweb -> api : https\n";
    let mut kept = Parsed::of(ID, &SourceFile::new("a.arch", ""));
    let lengths = (0..=text.len()).chain((0..text.len()).rev());
    for length in lengths {
        let file = SourceFile::new("a.arch", &text[..length]);
        kept = kept.again(ID, &file);
        let (tree, errors) = parse_file(ID, &file);
        assert_eq!((&kept.tree, &kept.errors), (&tree, &errors), "of {:?}", &text[..length]);
    }
}
