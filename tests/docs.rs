//! The documents that are made from the rules are up to date. `UPDATE=1 cargo test docs` writes them anew.

use std::path::{Path, PathBuf};
use std::{env, fs};

use loadpath::report::docs::{self, Example};
use loadpath::report::text::{self, Look};
use loadpath::rules::Rule;

/// What a rule reports on an example, as a terminal shows it.
fn rendered(rule: &Rule, example: &Example) -> String {
    let checked = crate::rules::checked(example);
    let own = checked.diagnostics.iter().filter(|it| it.code == rule.code);
    own.map(|it| text::finding(&checked.sources, it, Look::PLAIN)).collect::<Vec<_>>().join("\n")
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares a document with what it should say, or writes it.
fn assert_up_to_date(name: &str, wanted: &str) {
    if env::var_os("UPDATE").is_some() {
        fs::write(path(name), wanted).expect("the document can be written");
        return;
    }
    let found = fs::read_to_string(path(name)).unwrap_or_default().replace("\r\n", "\n");
    let line = found.lines().zip(wanted.lines()).position(|(a, b)| a != b).unwrap_or(found.lines().count());
    assert!(found == wanted, "{name} is out of date from line {}: run `UPDATE=1 cargo test docs`", line + 1);
}

#[test]
fn the_page_of_the_rules_is_up_to_date() {
    assert_up_to_date("RULES.md", &docs::page(rendered));
}

#[test]
fn the_table_of_the_readme_is_up_to_date() {
    let readme = fs::read_to_string(path("README.md")).expect("it can be read").replace("\r\n", "\n");
    let (begin, end) = ("<!-- rules -->\n", "<!-- /rules -->");
    let (head, rest) = readme.split_once(begin).expect("it has the mark `<!-- rules -->`");
    let (_, tail) = rest.split_once(end).expect("it has the mark `<!-- /rules -->`");
    assert_up_to_date("README.md", &format!("{head}{begin}{}{end}{tail}", docs::table(Some("RULES.md"))));
}

#[test]
fn links_of_the_table_lead_to_headings_of_the_page() {
    let page = docs::page(|_, _| String::new());
    for rule in loadpath::rules::RULES {
        let heading = format!("\n## {} {}\n", rule.code, rule.name());
        assert!(page.contains(&heading), "{heading}");
        // A heading's anchor is its text in lower case, blanks turned into hyphens.
        assert_eq!(
            docs::anchor(rule),
            heading.trim().trim_start_matches("## ").to_lowercase().replace(' ', "-")
        );
    }
}
