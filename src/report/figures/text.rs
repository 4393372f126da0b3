//! The figures for a reader: what the flows keep, what the parts carry, what is assumed, with few digits.

use std::fmt::Write as _;

use super::{Assumed, Carried, Contributor, Count, Figures, Flow, Known, Minutes, Part};
use crate::figures;
use crate::report::text::{Look, Style, wrap};

/// The elements that cost a flow most and are named, at most.
const MAX_CONTRIBUTORS: usize = 5;
/// The part of the downtime under which one is not named.
const LEAST_SHARE: f64 = 0.005;
/// The cut sets that are named, at most.
const MAX_CUT_SETS: usize = 12;
/// The widest that a name is in a table; a longer one has a line of its own.
const MAX_NAME: usize = 26;

/// The figures as text, ended by a newline.
pub fn text(figures: &Figures, look: Look) -> String {
    let mut shown = String::new();
    let title = figures.system.clone().or_else(|| figures.files.first().cloned()).unwrap_or_default();
    let _ = writeln!(shown, "{}", look.paint(Style::Bold, &title));
    let sizes = [
        figures::count(figures.flows.len(), "flow", "flows"),
        figures::count(figures.components.len(), "component", "components"),
        figures::count(figures.links.len(), "link", "links"),
    ];
    let stored = figures.storage.map(|bytes| format!("; {} of data", figures::size(bytes)));
    let _ = writeln!(shown, "{}{}", sizes.join(", "), stored.unwrap_or_default());
    flows(&mut shown, &figures.flows, look);
    components(&mut shown, &figures.components, look);
    assumptions(&mut shown, &figures.assumptions, look);
    shown
}

// ---- flows

const FLOW_COLUMNS: [(&str, usize); 5] =
    [("", 0), ("availability", 16), ("SLO", 10), ("down a month", 14), ("budget", 11)];

fn flows(shown: &mut String, flows: &[Flow], look: Look) {
    if flows.is_empty() {
        return;
    }
    let names = flows.iter().map(|flow| flow.name.chars().count() + 2);
    let widths = widths(&FLOW_COLUMNS, names.max().unwrap_or(0), look);
    heading(shown, "FLOWS", &FLOW_COLUMNS, &widths, look);
    for flow in flows {
        let (mark, style) = flow.verdict(look);
        let cells = [
            format!("{} {}", look.paint(style, mark), flow.name),
            known(flow.availability),
            flow.slo.map_or_else(|| flow.slo_word(look), figures::availability),
            match flow.downtime_minutes_per_month {
                Minutes::Exact(minutes) => figures::minutes(minutes),
                // The worse end is what a promise would be held against.
                Minutes::Bounds { upper, .. } => format!("< {}", figures::minutes(upper)),
            },
            flow.budget_minutes_per_month.map_or_else(|| look.dash(), figures::minutes),
        ];
        row(shown, &cells, &widths, 2 + flow.name.chars().count());
        details(shown, flow, look);
    }
}

impl Flow {
    /// Kept, missed whatever the unstated is, or neither: it depends, or nothing is asked.
    fn verdict(&self, look: Look) -> (&'static str, Style) {
        let (kept, missed, open) = if look.is_unicode { ("✓", "✗", "·") } else { ("+", "x", "-") };
        let Some(slo) = self.slo else { return (open, Style::Faint) };
        // Equality is not over the budget.
        let meets = |up: f64| up >= slo - 1e-9 * (1.0 - slo);
        match self.availability {
            Known::Exact { value } | Known::Bounds { lower: value, .. } if meets(value) => {
                (kept, Style::Help)
            }
            Known::Exact { .. } => (missed, Style::Error),
            Known::Bounds { upper, .. } if !meets(upper) => (missed, Style::Error),
            Known::Bounds { .. } => (open, Style::Faint),
        }
    }

    fn slo_word(&self, look: Look) -> String {
        match self.slo_origin {
            "high" => "high".to_owned(),
            "demo" => "demo".to_owned(),
            _ => look.dash(),
        }
    }
}

pub(in crate::report) fn known(availability: Known) -> String {
    match availability {
        Known::Exact { value } => figures::availability(value),
        Known::Bounds { lower, upper } => {
            format!("{}..{}", figures::availability(lower), figures::availability(upper))
        }
    }
}

fn details(shown: &mut String, flow: &Flow, look: Look) {
    if let Some(rate) = &flow.rate {
        let assumed = if rate.is_peak_assumed { " (assumed)" } else { "" };
        let kind = match (rate.reads, rate.writes) {
            (Some(_), Some(0.0)) => "reads, ",
            (Some(0.0), Some(_)) => "writes, ",
            _ => "",
        };
        let of = flow.route_of.as_ref().map(|of| format!(", all of {of}")).unwrap_or_default();
        let (mean, peak) = (figures::rate(rate.mean), figures::rate(rate.peak));
        detail(shown, "load", &format!("{kind}{mean} on average, {peak} at peak{assumed}{of}"), look);
    }
    if let Some(completed) = flow.completed {
        detail(shown, "completed", &known(completed), look);
    }
    let best = known(flow.availability_at_best);
    if best != known(flow.availability) {
        detail(
            shown,
            "at best",
            &format!("{best}, if what is unstated is redundant and rented parts hold"),
            look,
        );
    }
    let counts = |it: &&Contributor| it.share >= LEAST_SHARE;
    let contributors: Vec<String> = flow
        .contributors
        .iter()
        .take(MAX_CONTRIBUTORS)
        .filter(counts)
        .map(|it| format!("{} {} ({})", it.element, figures::minutes(it.minutes), whole_percent(it.share)))
        .collect();
    if !contributors.is_empty() {
        let more = more(flow.contributors.len(), contributors.len());
        detail(shown, "cost", &format!("{}{more}", contributors.join(", ")), look);
    }
    let Some(sets) = &flow.cut_sets else { return };
    let named: Vec<String> = sets.iter().take(MAX_CUT_SETS).map(|set| together(set)).collect();
    if !named.is_empty() {
        let more = if flow.are_cut_sets_truncated {
            format!(", and more than {} others", sets.len() - named.len())
        } else {
            more(sets.len(), named.len())
        };
        detail(shown, "down with", &format!("{}{more}", named.join(", ")), look);
    }
}

/// What is lost together: `a + b`, or two replicas of one.
fn together(set: &[String]) -> String {
    match set {
        [one, other] if one == other => format!("two of {one}"),
        _ => set.join(" + "),
    }
}

fn more(all: usize, most: usize) -> String {
    if all > most { format!(", and {} more", all - most) } else { String::new() }
}

fn whole_percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// `    word      text`, the text under its own beginning.
pub(in crate::report) fn detail(shown: &mut String, word: &str, text: &str, look: Look) {
    const INDENT: usize = 16;
    for (at, line) in wrap(text, look.width.saturating_sub(INDENT)).iter().enumerate() {
        let word = if at == 0 { word } else { "" };
        let _ = writeln!(shown, "    {}{line}", look.paint(Style::Faint, &format!("{word:<12}")));
    }
}

// ---- components

const PART_COLUMNS: [(&str, usize); 6] =
    [("", 0), ("replicas", 9), ("mean", 10), ("at peak", 10), ("used", 9), ("data", 10)];

fn components(shown: &mut String, parts: &[Part], look: Look) {
    if parts.is_empty() {
        return;
    }
    let widths =
        widths(&PART_COLUMNS, parts.iter().map(|it| it.name.chars().count()).max().unwrap_or(0), look);
    heading(shown, "COMPONENTS", &PART_COLUMNS, &widths, look);
    for part in parts {
        let used = part.utilisation.map(|share| {
            let assumed = if part.is_capacity_assumed { "~" } else { "" };
            format!("{assumed}{}", figures::percent(share))
        });
        let cells = [
            part.name.clone(),
            part.count(look),
            part.carried.told(|it| it.mean, look),
            part.carried.told(|it| it.peak, look),
            used.unwrap_or_else(|| look.dash()),
            part.storage.map_or_else(|| look.dash(), figures::size),
        ];
        row(shown, &cells, &widths, part.name.chars().count());
    }
    let mut legend = Vec::new();
    if parts.iter().any(|it| it.carried.is_partial) {
        legend.push(format!("{} there is more, and nobody says how much", look.at_least()));
    }
    if parts.iter().any(|it| it.utilisation.is_some() && it.is_capacity_assumed) {
        legend.push("~ of an assumed capacity".to_owned());
    }
    legend.push(format!("{} unknown, or it does not apply", look.dash()));
    for line in wrap(&legend.join("; "), look.width.saturating_sub(2)) {
        let _ = writeln!(shown, "  {}", look.paint(Style::Faint, &line));
    }
}

impl Part {
    fn count(&self, look: Look) -> String {
        let nodes = match self.replicas {
            Some(Count::Of(count)) => count.to_string(),
            Some(Count::Range { least, most: Some(most) }) => format!("{least}..{most}"),
            Some(Count::Range { least, most: None }) => format!("{least}.."),
            None if self.is_managed => "managed".to_owned(),
            None => look.dash(),
        };
        if self.shards > 1.0 { format!("{nodes} of {}", figures::number(self.shards)) } else { nodes }
    }
}

impl Carried {
    fn told(&self, of: fn(&Self) -> Option<f64>, look: Look) -> String {
        match of(self) {
            Some(0.0) if !self.is_partial => "0".to_owned(),
            Some(amount) if self.is_partial => format!("{}{}", look.at_least(), figures::rate(amount)),
            Some(amount) => figures::rate(amount),
            None => look.dash(),
        }
    }
}

// ---- assumptions

/// What is assumed alike is told once, with all that it is assumed of.
fn assumptions(shown: &mut String, assumed: &[Assumed], look: Look) {
    if assumed.is_empty() {
        return;
    }
    let _ = writeln!(shown, "\n{}", look.paint(Style::Bold, "ASSUMED"));
    let mut groups: Vec<(&Assumed, Vec<&str>)> = Vec::new();
    for it in assumed {
        let alike = |(first, _): &(&Assumed, Vec<&str>)| {
            first.property == it.property
                && first.source == it.source
                && first.value.to_bits() == it.value.to_bits()
        };
        match groups.iter_mut().find(|group| alike(group)) {
            Some((_, elements)) => elements.push(&it.element),
            None => groups.push((it, vec![&it.element])),
        }
    }
    for (it, elements) in groups {
        let head = format!("{} {}", it.property, it.told());
        let source = format!("({}; confidence {})", it.source, it.confidence);
        let lines = wrap(&format!("{head} {source}"), look.width.saturating_sub(2));
        for line in lines {
            let _ = writeln!(shown, "  {line}");
        }
        for line in wrap(&elements.join(", "), look.width.saturating_sub(6)) {
            let _ = writeln!(shown, "      {}", look.paint(Style::Faint, &line));
        }
    }
}

impl Assumed {
    fn told(&self) -> String {
        match self.unit {
            "share" => figures::availability(self.value),
            "seconds" => figures::duration(self.value),
            "bytes" => figures::size(self.value),
            "per_second" => figures::rate(self.value),
            "bytes_per_second" => format!("{}/s", figures::size(self.value)),
            _ => figures::number(self.value),
        }
    }
}

// ---- tables

impl Look {
    pub(in crate::report) fn dash(self) -> String {
        if self.is_unicode { "–" } else { "-" }.to_owned()
    }

    fn at_least(self) -> &'static str {
        if self.is_unicode { "≥" } else { ">" }
    }
}

/// The names' column as wide as it takes, the others as they say.
fn widths<const N: usize>(columns: &[(&str, usize); N], longest: usize, look: Look) -> [usize; N] {
    let others: usize = columns.iter().map(|(_, width)| width).sum();
    let room = look.width.saturating_sub(others + 2).clamp(10, MAX_NAME.max(longest.min(40)));
    let mut widths = columns.map(|(_, width)| width);
    widths[0] = longest.clamp(10, room);
    widths
}

fn heading<const N: usize>(
    shown: &mut String,
    title: &str,
    columns: &[(&str, usize); N],
    widths: &[usize; N],
    look: Look,
) {
    let _ = write!(shown, "\n{}", look.paint(Style::Bold, &format!("{title:<0$}", widths[0] + 2)));
    for ((word, _), width) in columns.iter().zip(widths).skip(1) {
        let _ = write!(shown, "{}", look.paint(Style::Faint, &format!("{word:>width$}")));
    }
    shown.push('\n');
}

/// A line of a table: the first cell from the left, the others to the right. `letters` is how wide the first
/// is, which may hold colours; where it does not fit, the others stand on the next line.
fn row<const N: usize>(shown: &mut String, cells: &[String; N], widths: &[usize; N], letters: usize) {
    let _ = write!(shown, "  {}", cells[0]);
    if letters > widths[0] {
        let _ = write!(shown, "\n  {:1$}", "", widths[0]);
    } else {
        let _ = write!(shown, "{:1$}", "", widths[0] - letters);
    }
    for (cell, width) in cells.iter().zip(widths).skip(1) {
        // A cell that is too wide keeps its distance.
        let padded =
            if cell.chars().count() < *width { format!("{cell:>width$}") } else { format!(" {cell}") };
        shown.push_str(&padded);
    }
    shown.push('\n');
}
