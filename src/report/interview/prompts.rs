//! The bank of prompts as a list.

use std::fmt::Write as _;

use serde::Serialize;

use crate::interview::{Prompt, prompts};
use crate::report::json::pretty;
use crate::report::text::wrap;

/// The version of the format.
const VERSION: u32 = 1;

/// What stands before what a tier is about.
const INDENT: usize = 4 + 10 + 2;

const HOW_ON: &str = "`loadpath interview start PROMPT --tier TIER` writes the file that you begin with.";

/// The prompts with their tiers below them, so many columns wide.
pub fn text(width: usize) -> String {
    let mut shown = String::new();
    for prompt in prompts() {
        let _ = writeln!(shown, "{}: {}", prompt.name, prompt.title);
        for tier in prompt.tiers {
            for (at, line) in wrap(tier.about, width.saturating_sub(INDENT)).iter().enumerate() {
                let name = if at == 0 { tier.name } else { "" };
                let _ = writeln!(shown, "    {name:10}  {line}");
            }
        }
    }
    shown.push('\n');
    for line in wrap(HOW_ON, width) {
        let _ = writeln!(shown, "{line}");
    }
    shown
}

/// The prompts for notes.
pub fn markdown() -> String {
    let mut shown = "# Prompts\n".to_owned();
    for prompt in prompts() {
        let _ = write!(shown, "\n## {}\n\n{}\n\n", prompt.title, prompt.ask);
        for tier in prompt.tiers {
            let _ = writeln!(
                shown,
                "- `loadpath interview start {} --tier {}`: {}",
                prompt.name, tier.name, tier.about
            );
        }
    }
    shown
}

#[derive(Serialize)]
struct List {
    version: u32,
    prompts: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    title: &'static str,
    ask: &'static str,
    tiers: Vec<Scale>,
    /// How many questions are open, and what asking all of them earns.
    open: usize,
    points: u32,
    estimates: Vec<&'static str>,
}

#[derive(Serialize)]
struct Scale {
    name: &'static str,
    about: &'static str,
}

/// The prompts for programs.
pub fn json() -> String {
    let entry = |it: &'static Prompt| Entry {
        name: it.name,
        title: it.title,
        ask: it.ask,
        tiers: it.tiers.iter().map(|it| Scale { name: it.name, about: it.about }).collect(),
        open: it.topics.len(),
        points: it.points(),
        estimates: it.reckonings.iter().map(|it| it.name).collect(),
    };
    pretty(&List { version: VERSION, prompts: prompts().iter().map(entry).collect() })
}
