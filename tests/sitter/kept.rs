//! What is kept beside the grammar: trees of each construct, and the parser that was made of it.

use std::fs;
use std::process::Command;

use super::{folder, tree};

/// A case of `test/corpus`: what it shows, a text, and its tree, or nothing where the text is to be refused.
struct Case {
    name: String,
    text: String,
    tree: Option<String>,
}

fn cases() -> Vec<Case> {
    const BAR: &str = "================================================================================\n";
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder().join("test/corpus")).expect("the folder is there") {
        let file = fs::read_to_string(entry.expect("it can be read").path()).expect("it is text");
        let parts: Vec<_> = file.split(BAR).skip(1).collect();
        for [head, body] in parts.as_chunks().0 {
            let (text, tree) = body.split_once("\n---\n").expect("the tree stands under a line");
            let (name, is_refused) = match head.split_once('\n') {
                Some((name, marks)) => (name, marks.contains(":error")),
                None => (*head, false),
            };
            let tree = (!is_refused).then(|| tree.split_whitespace().collect::<Vec<_>>().join(" "));
            cases.push(Case { name: name.to_owned(), text: text.to_owned(), tree });
        }
    }
    cases
}

#[test]
fn each_construct_has_its_tree() {
    let cases = cases();
    assert!(cases.len() > 40, "{}", cases.len());
    for case in cases {
        let tree = tree(&case.text);
        match case.tree {
            Some(expected) => assert_eq!(tree.root_node().to_sexp(), expected, "{}", case.name),
            None => assert!(tree.root_node().has_error(), "{} is taken", case.name),
        }
    }
}

/// `generate` writes the sums of the grammar and of the parser that it made of it.
#[cfg(target_os = "linux")]
#[test]
fn the_parser_is_made_of_the_grammar() {
    let ran = Command::new("sha256sum")
        .args(["--check", "--strict", "src/made.sha256"])
        .current_dir(folder())
        .output();
    let output = ran.expect("sha256sum is there");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "run editors/tree-sitter-arch/generate:\n{said}");
    assert_eq!(said.lines().count(), 7, "{said}");
}
