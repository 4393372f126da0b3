//! The editors' files follow the language: what it knows, they colour.

use std::collections::BTreeSet;
use std::fs;

use loadpath::catalogue::Kind;
use loadpath::model::GroupKind;

/// The words of a `syntax keyword GROUP …` in the Vim file.
fn keywords(text: &str, group: &str) -> BTreeSet<String> {
    let head = format!("syntax keyword {group} ");
    let lines = text.lines().filter_map(|line| line.strip_prefix(&head));
    lines.flat_map(str::split_whitespace).filter(|word| *word != "contained").map(str::to_owned).collect()
}

#[test]
fn vim_colours_every_kind_and_no_other() {
    let text = fs::read_to_string("editors/vim/syntax/arch.vim").expect("the file stands in the repository");
    let kinds: BTreeSet<String> = Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect();
    let groups: BTreeSet<String> = GroupKind::ALL.iter().map(|kind| kind.name().to_owned()).collect();
    assert_eq!(keywords(&text, "archKind"), kinds);
    assert_eq!(keywords(&text, "archGroup"), groups);
}
