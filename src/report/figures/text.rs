//! The figures for a reader: what the flows keep, what the parts carry, what is assumed, with few digits.

use std::fmt::Write as _;

use super::growth::Bottleneck;
use super::measured::Compared;
use super::queues::{Held, Queued};
use super::time::{Reach, Taken, Time, Waited};
use super::verdict::{Fares, named};
use super::{Assumed, Carried, Contributor, Count, Figures, Flow, Known, Minutes, Part, Reading};
use crate::figures;
use crate::report::dossier::Format;
use crate::report::entitled;
use crate::report::text::{Look, Style, printable, unfollowed, wrap};

/// The elements that cost a flow most and are named, at most.
const MAX_CONTRIBUTORS: usize = 5;
/// The part of the downtime under which one is not named.
const LEAST_SHARE: f64 = 0.005;
/// The cut sets that are named, at most.
const MAX_CUT_SETS: usize = 12;
/// The steps of a flow's latency that are named, at most.
const MAX_STEPS: usize = 3;
/// The widest that a name is in a table; a longer one has a line of its own.
const MAX_NAME: usize = 26;

/// For a reader at a terminal.
pub(in crate::report) static FORMAT: Format = Format {
    name: "text",
    alias: None,
    about: "For a reader",
    render: |dossier, look| text(&dossier.figures, look),
};

/// The figures as text, ended by a newline.
pub fn text(figures: &Figures, look: Look) -> String {
    let mut shown = String::new();
    let title = entitled(figures.system.as_deref(), &figures.files);
    let _ = writeln!(shown, "{}", look.paint(Style::Bold, &printable(title)));
    let Figures { reading, at_milder_ends, .. } = figures;
    let milder = at_milder_ends.as_ref();
    let sizes = [
        figures::count(reading.flows.len(), "flow", "flows"),
        figures::count(reading.components.len(), "component", "components"),
        figures::count(reading.links.len(), "link", "links"),
    ];
    let stored = figures.storage.map(|bytes| format!("; {} of data", figures::size(bytes)));
    let _ = writeln!(shown, "{}{}", sizes.join(", "), stored.unwrap_or_default());
    if let Some(count) = figures.unfollowed {
        shown.push_str(&unfollowed(count));
    }
    if milder.is_some() {
        let told = "of each range the worse end; `milder` is what the other end comes to";
        let _ = writeln!(shown, "{}", look.paint(Style::Faint, told));
    }
    flows(&mut shown, reading, milder, look);
    components(&mut shown, reading, milder, look);
    queues(&mut shown, &reading.queues, look);
    bottlenecks(&mut shown, &reading.bottlenecks, look);
    measured(&mut shown, &reading.measured, look);
    assumptions(&mut shown, &figures.assumptions, look);
    shown
}

// ---- flows

const FLOW_COLUMNS: [(&str, usize); 5] =
    [("", 0), ("availability", 16), ("SLO", 10), ("down a month", 14), ("budget", 11)];

fn flows(shown: &mut String, reading: &Reading, milder: Option<&Reading>, look: Look) {
    let flows = &reading.flows;
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
                Minutes::Bounds { upper, .. } => format!("< {}", figures::minutes_at_most(upper)),
            },
            flow.budget_minutes_per_month.map_or_else(|| look.dash(), figures::minutes),
        ];
        row(shown, &cells, &widths, 2 + flow.name.chars().count());
        details(shown, flow, look);
        let other = milder.and_then(|it| it.flows.iter().find(|it| it.name == flow.name));
        if let Some(told) = other.and_then(|other| flow.told_beside(other)) {
            detail(shown, "milder", &told, look);
        }
    }
}

impl Flow {
    /// Kept, missed whatever the unstated is, or neither: it depends, or nothing is asked.
    fn verdict(&self, look: Look) -> (&'static str, Style) {
        let (kept, missed, open) = if look.is_unicode { ("✓", "✗", "·") } else { ("+", "x", "-") };
        match self.keeps_its_promise() {
            Fares::Kept => (kept, Style::Help),
            Fares::Missed => (missed, Style::Error),
            Fares::Open => (open, Style::Faint),
        }
    }

    /// What another reading of it comes to, where that differs.
    pub(in crate::report) fn told_beside(&self, other: &Self) -> Option<String> {
        let mut told = Vec::new();
        if known(self.availability) != known(other.availability) {
            told.push(format!("{} available", known(other.availability)));
        }
        if let (Some(own), Some(rate)) = (&self.rate, &other.rate)
            && own.peak.to_bits() != rate.peak.to_bits()
        {
            let (mean, peak) = (figures::rate(rate.mean), figures::rate(rate.peak));
            told.push(format!("{mean} on average, {peak} at peak"));
        }
        (!told.is_empty()).then(|| told.join("; "))
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
            format!("{}..{}", figures::availability_at_least(lower), figures::availability_at_most(upper))
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
    if let Some(latency) = &flow.latency {
        detail(shown, "latency", &latency.told("asked", look), look);
    }
    if let Some(end) = &flow.end_to_end {
        detail(shown, "end to end", &end.told("fresh within", look), look);
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
pub(in crate::report) fn together(set: &[String]) -> String {
    match set {
        [one, other] if one == other => format!("two of {one}"),
        _ => set.join(" + "),
    }
}

fn more(all: usize, most: usize) -> String {
    if all > most { format!(", and {} more", all - most) } else { String::new() }
}

pub(in crate::report) fn whole_percent(share: f64) -> String {
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

impl Time {
    /// `p50 7 ms, p99 27 ms to 35 ms (200 ms asked); most of the p99 in links 25 ms (assumed), edge 5 ms`
    fn told(&self, asked: &str, look: Look) -> String {
        let held_against = |asked_at: Option<f64>| match asked_at {
            Some(limit) => format!(" ({asked} {})", figures::duration(limit)),
            None => String::new(),
        };
        let endless = self.taken.endless();
        let apart = endless.map(|endless| format!("{endless}; but for the wait there ")).unwrap_or_default();
        let [median, tail] = self.taken.but_for_endless_waits(look);
        let mut told = format!(
            "{apart}p50 {median}{}, p99 {tail}{}",
            held_against(self.asked_p50),
            held_against(self.asked_p99),
        );
        let mut steps: Vec<&Waited> = self.steps.iter().filter(|step| step.p99.lower > 0.0).collect();
        steps.sort_by(|a, b| b.p99.lower.total_cmp(&a.p99.lower));
        let named: Vec<String> = steps.iter().take(MAX_STEPS).map(|step| step.told()).collect();
        if !named.is_empty() {
            let _ = write!(told, "; most of the p99 in {}", named.join(", "));
        }
        if !self.unknown.is_empty() {
            let _ = write!(told, "; unknown: {}", shortened(&self.unknown));
        }
        told
    }
}

impl Taken {
    /// How long half of them take: `7 ms`, `≥7 ms`, or `no bound`.
    pub(in crate::report) fn median(&self, look: Look) -> String {
        self.unless_endless(0, look)
    }

    /// How long all but one in a hundred take: `27 ms to 35 ms`, `≥27 ms`, or `no bound`.
    pub(in crate::report) fn tail(&self, look: Look) -> String {
        self.unless_endless(1, look)
    }

    fn unless_endless(&self, at: usize, look: Look) -> String {
        if !self.saturated.is_empty() {
            return "no bound".to_owned();
        }
        self.but_for_endless_waits(look)[at].clone()
    }

    /// The median and the tail of what has a bound.
    fn but_for_endless_waits(&self, look: Look) -> [String; 2] {
        let median = Reach { lower: self.p50, upper: (!self.is_lower_bound).then_some(self.p50) };
        [median, self.p99].map(|it| it.told(look))
    }

    /// Why there is no bound, where that is so: `no bound at peak: `api` is over its capacity`.
    pub(in crate::report) fn endless(&self) -> Option<String> {
        let (is, their) = if self.saturated.len() == 1 { ("is", "its") } else { ("are", "their") };
        let names = named(&self.saturated);
        (!self.saturated.is_empty()).then(|| format!("no bound at peak: {names} {is} over {their} capacity"))
    }
}

impl Reach {
    /// `27 ms to 35 ms`: what is between is never less nor more than it says; `≥27 ms` where nothing bounds it.
    pub(in crate::report) fn told(self, look: Look) -> String {
        let least = figures::duration_at_least(self.lower);
        let Some(upper) = self.upper else { return format!("{}{least}", look.at_least()) };
        let lower = figures::duration(self.lower);
        if lower == figures::duration(upper) {
            return lower;
        }
        format!("{least} to {}", figures::duration_at_most(upper))
    }
}

impl Waited {
    fn told(&self) -> String {
        let what = match self.what {
            "wait" => " (waiting for its turn)",
            "batch" => " (its batch)",
            "schedule" => " (its schedule)",
            "lag" => " (its lag)",
            _ if self.is_assumed => " (assumed)",
            _ => "",
        };
        format!("{} {}{what}", self.element, figures::duration(self.p99.lower))
    }
}

/// The first of some names, and how many more there are.
fn shortened(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(MAX_STEPS).map(String::as_str).collect();
    format!("{}{}", shown.join(", "), more(names.len(), shown.len()))
}

// ---- queues and what breaks first

const QUEUE_COLUMNS: [(&str, usize); 5] =
    [("", 0), ("at peak", 10), ("worked off", 12), ("used", 9), ("full after", 12)];

fn queues(shown: &mut String, queued: &[Queued], look: Look) {
    if queued.is_empty() {
        return;
    }
    let names = queued.iter().flat_map(|it| &it.queues).map(|feed| feed.queue.chars().count());
    let widths = widths(&QUEUE_COLUMNS, names.max().unwrap_or(0), look);
    heading(shown, "QUEUES", &QUEUE_COLUMNS, &widths, look);
    let or_dash = |told: Option<String>| told.unwrap_or_else(|| look.dash());
    for group in queued {
        let assumed = if group.is_capacity_assumed { "~" } else { "" };
        for feed in &group.queues {
            let cells = [
                feed.queue.clone(),
                or_dash(feed.peak.map(figures::rate)),
                or_dash(group.capacity.map(|it| format!("{assumed}{}", figures::rate(it)))),
                or_dash(group.utilisation_peak.map(|it| format!("{assumed}{}", figures::percent(it)))),
                or_dash(feed.full_after.map(figures::duration)),
            ];
            row(shown, &cells, &widths, feed.queue.chars().count());
        }
        detail(shown, "by", &shortened(&group.consumers), look);
        let fills = group.queues.iter().filter_map(|it| it.full_after_in_an_outage).reduce(f64::min);
        let mut told = Vec::new();
        if let Some(drain) = group.drain {
            let assumed = if group.is_outage_assumed { " (assumed)" } else { "" };
            let (outage, drain) = (figures::duration(group.outage), figures::duration(drain));
            told.push(format!("after an outage of {outage}{assumed} the backlog takes {drain}"));
        }
        if let Some(fills) = fills {
            told.push(format!("while they are down it is full after {}", figures::duration(fills)));
        }
        if !told.is_empty() {
            detail(shown, "outage", &told.join("; "), look);
        }
        for held in &group.held_by {
            detail(shown, "held by", &held_by(held), look);
        }
    }
}

/// Whose quota holds consumers back, and what comes of it.
pub(in crate::report) fn held_by(held: &Held) -> String {
    let (by, allows) = (&held.by, figures::rate(held.allows));
    let (mean, peak) = (figures::rate(held.mean), figures::rate(held.peak));
    match (held.waiting, held.recovery) {
        _ if held.mean > held.allows => {
            format!("`{by}` allows {allows} where {mean} come on average: the queue only grows")
        }
        (Some(waiting), Some(recovery)) => {
            let (waiting, recovery) = (figures::number(waiting), figures::duration(recovery));
            format!(
                "`{by}` allows {allows} where {peak} come at peak: after an hour of it {waiting} messages wait, and are \
                 worked off {recovery} later"
            )
        }
        _ => format!("`{by}` allows {allows}: no more is worked off"),
    }
}

const BOTTLENECK_COLUMNS: [(&str, usize); 5] =
    [("", 0), ("used", 9), ("full at", 12), ("users", 9), ("and then", 20)];

fn bottlenecks(shown: &mut String, bottlenecks: &[Bottleneck], look: Look) {
    if bottlenecks.is_empty() {
        return;
    }
    let names = bottlenecks.iter().map(|it| it.element.chars().count());
    let widths = widths(&BOTTLENECK_COLUMNS, names.max().unwrap_or(0), look);
    heading(shown, "BREAKS FIRST", &BOTTLENECK_COLUMNS, &widths, look);
    for it in bottlenecks {
        let assumed = if it.is_assumed { "~" } else { "" };
        let cells = [
            it.element.clone(),
            format!("{assumed}{}", figures::percent(it.utilisation)),
            format!("{assumed}{} times", figures::number(it.at_times_load)),
            it.at_users.map_or_else(|| look.dash(), |users| format!("{assumed}{}", figures::number(users))),
            it.remedy().to_owned(),
        ];
        row(shown, &cells, &widths, it.element.chars().count());
    }
}

impl Bottleneck {
    /// What carries more.
    pub(in crate::report) fn remedy(&self) -> &'static str {
        match self.next {
            "replicas" => "more of it",
            "partitions" => "more partitions",
            "cache" => "a cache before it",
            "read_replicas" => "nodes to read from",
            "shards" => "parts or shards",
            _ => "larger nodes",
        }
    }
}

// ---- what was measured

const MEASURED_COLUMNS: [(&str, usize); 4] = [("", 0), ("measured", 10), ("computed", 20), ("verdict", 10)];

fn measured(shown: &mut String, measured: &[Compared], look: Look) {
    if measured.is_empty() {
        return;
    }
    let names = measured.iter().map(|it| it.element.chars().count());
    let widths = widths(&MEASURED_COLUMNS, names.max().unwrap_or(0), look);
    heading(shown, "MEASURED", &MEASURED_COLUMNS, &widths, look);
    for it in measured {
        let cells = [
            it.element.clone(),
            figures::duration(it.measured),
            it.computed(look),
            if it.is_unknown() { look.dash() } else { it.verdict().to_owned() },
        ];
        row(shown, &cells, &widths, it.element.chars().count());
    }
    let legend = "computed: from the median to the slowest of a hundred";
    let _ = writeln!(shown, "  {}", look.paint(Style::Faint, legend));
}

impl Compared {
    /// Whether nothing of it is computed.
    pub(in crate::report) fn is_unknown(&self) -> bool {
        self.is_lower_bound && self.p50.max(self.p99) <= 0.0
    }

    pub(in crate::report) fn computed(&self, look: Look) -> String {
        if self.is_unknown() {
            return look.dash();
        }
        Reach { lower: self.p50, upper: (!self.is_lower_bound).then_some(self.p99) }.told(look)
    }

    pub(in crate::report) fn verdict(&self) -> &'static str {
        match self {
            _ if self.agrees => "agrees",
            _ if self.measured < self.p50 => "quicker",
            _ => "slower",
        }
    }
}

// ---- components

const PART_COLUMNS: [(&str, usize); 6] =
    [("", 0), ("replicas", 9), ("mean", 10), ("at peak", 10), ("used", 9), ("data", 10)];

fn components(shown: &mut String, reading: &Reading, milder: Option<&Reading>, look: Look) {
    let parts = &reading.components;
    if parts.is_empty() {
        return;
    }
    let widths =
        widths(&PART_COLUMNS, parts.iter().map(|it| it.name.chars().count()).max().unwrap_or(0), look);
    heading(shown, "COMPONENTS", &PART_COLUMNS, &widths, look);
    for (at, part) in parts.iter().enumerate() {
        let [mean, peak, used, data] = part.told(look);
        let cells = [part.name.clone(), part.count(look), mean, peak, used, data];
        row(shown, &cells, &widths, part.name.chars().count());
        // Components stand in the same order in each reading.
        let other = milder.and_then(|it| it.components.get(at)).map(|it| it.told(look));
        if let Some([mean, peak, used, data]) = other.filter(|it| *it != part.told(look)) {
            let told = [(mean, "on average"), (peak, "at peak"), (used, "used"), (data, "of data")];
            let known = told.iter().filter(|(figure, _)| *figure != look.dash());
            let told: Vec<String> = known.map(|(figure, of)| format!("{figure} {of}")).collect();
            detail(shown, "milder", &told.join(", "), look);
        }
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
    /// The mean, the peak, the utilisation and the data.
    pub(in crate::report) fn told(&self, look: Look) -> [String; 4] {
        let used = self.utilisation.map(|share| {
            let assumed = if self.is_capacity_assumed { "~" } else { "" };
            format!("{assumed}{}", figures::percent(share))
        });
        [
            self.carried.told(|it| it.mean, look),
            self.carried.told(|it| it.peak, look),
            used.unwrap_or_else(|| look.dash()),
            self.storage.map_or_else(|| look.dash(), figures::size),
        ]
    }

    pub(in crate::report) fn count(&self, look: Look) -> String {
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
    pub(in crate::report) fn told(&self, of: fn(&Self) -> Option<f64>, look: Look) -> String {
        match of(self) {
            Some(0.0) if !self.is_partial => "0".to_owned(),
            Some(amount) if self.is_partial => {
                format!("{}{}", look.at_least(), figures::rate_at_least(amount))
            }
            Some(amount) => figures::rate(amount),
            None => look.dash(),
        }
    }
}

// ---- assumptions

fn assumptions(shown: &mut String, assumed: &[Assumed], look: Look) {
    if assumed.is_empty() {
        return;
    }
    let _ = writeln!(shown, "\n{}", look.paint(Style::Bold, "ASSUMED"));
    for (it, elements) in alike(assumed) {
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

/// What is assumed alike, with all that it is assumed of.
pub(in crate::report) fn alike(assumed: &[Assumed]) -> Vec<(&Assumed, Vec<&str>)> {
    let mut groups: Vec<(&Assumed, Vec<&str>)> = Vec::new();
    for it in assumed {
        let is_alike = |(first, _): &(&Assumed, Vec<&str>)| {
            first.property == it.property
                && first.source == it.source
                && first.value.to_bits() == it.value.to_bits()
        };
        match groups.iter_mut().find(|group| is_alike(group)) {
            Some((_, elements)) => elements.push(&it.element),
            None => groups.push((it, vec![&it.element])),
        }
    }
    groups
}

impl Assumed {
    pub(in crate::report) fn told(&self) -> String {
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

    pub(in crate::report) fn at_least(self) -> &'static str {
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
