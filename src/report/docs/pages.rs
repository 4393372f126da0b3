//! The rules in the book: a page for each, a page for each family, and their chapters.

use std::fmt::Write as _;

use super::{Example, examples, headed, table};
use crate::report::text::capital;
use crate::rules::{self, Family, RULES, Rule};

/// What a rule says of its first example.
pub struct Shown {
    /// Its findings, as a terminal shows them.
    pub findings: String,
    /// The statement that accepts the first of them, if one does.
    pub allow: Option<String>,
}

/// Every page, by the name of its file.
pub fn all(show: impl Fn(&Rule, &Example) -> Shown) -> Vec<(String, String)> {
    let families = Family::ALL.map(|family| (format!("{}.md", family.name()), family_page(family)));
    let rules = RULES.iter().map(|rule| (format!("{}.md", rule.code), page(rule, &show)));
    families.into_iter().chain(rules).collect()
}

/// The chapters of the rules, for the summary of the book.
pub fn chapters() -> String {
    let mut shown = String::new();
    for family in Family::ALL {
        let _ = writeln!(shown, "- [{}](rules/{}.md)", title(family), family.name());
        for rule in of(family) {
            let _ = writeln!(shown, "  - [{} {}](rules/{}.md)", rule.code, rule.name(), rule.code);
        }
    }
    shown
}

fn of(family: Family) -> impl Iterator<Item = &'static &'static Rule> {
    RULES.iter().filter(move |rule| rules::family(rule.code) == family)
}

/// The name of a family as a heading.
fn title(family: Family) -> String {
    capital(family.name())
}

fn family_page(family: Family) -> String {
    let mut shown = format!("# {}\n\n<!-- Made by `UPDATE=1 cargo test docs`. -->\n\n", title(family));
    let _ = writeln!(
        shown,
        "The rules whose codes begin with {}; `{}` and `{}` both stand for all of them where rules are\nselected.\n",
        family.head(),
        family.head(),
        family.name(),
    );
    shown + &table(of(family), Some(""))
}

/// What `explain` prints, with the findings under the first example, how to accept them, and which rules are near.
fn page(rule: &Rule, show: impl Fn(&Rule, &Example) -> Shown) -> String {
    let example = examples(rule).swap_remove(0);
    let Shown { findings, allow } = show(rule, &example);
    // The examples are each a design of their own, and some are wrong on purpose: no command takes them for one.
    let docs = headed(rule).replace("```arch\n", "```arch,ignore\n");
    let (heading, docs) = docs.split_once('\n').expect("it begins with a heading");
    let fence_end = docs.match_indices("```\n").next().map_or(docs.len(), |(at, fence)| at + fence.len());
    let (above, below) = docs.split_at(fence_end);
    let mut shown = format!("{heading}\n\n<!-- Made from `src/rules/{}.rs`", rule.name().replace('-', "_"));
    let _ = write!(
        shown,
        ": edit it there, then run `UPDATE=1 cargo test docs`. -->\n{above}\n```text\n{findings}```\n{below}"
    );
    let accepted = match allow {
        Some(allow) => format!(
            "What you know and want as it is, the design says, with its reason:\n\n```text\n{allow}\n```\n\n\
             `on` takes a component, a link or a tag; without it, the whole file is meant."
        ),
        None => {
            "It can't be accepted by an `allow`: it tells of the text, which has to be mended.".to_owned()
        }
    };
    let _ = write!(shown, "\n## To accept it\n\n{accepted}\n");
    let related: Vec<String> = RULES.iter().filter(|it| is_related(rule, it)).map(|it| entry(it)).collect();
    if !related.is_empty() {
        let _ = write!(shown, "\n## Rules near it\n\n{}", related.concat());
    }
    shown
}

/// Whether the documentation of one of two rules names the other.
fn is_related(rule: &Rule, other: &Rule) -> bool {
    rule.code != other.code && (rule.docs.contains(other.code) || other.docs.contains(rule.code))
}

fn entry(rule: &Rule) -> String {
    format!("- [{} {}]({}.md): {}\n", rule.code, rule.name(), rule.code, rule.summary)
}
