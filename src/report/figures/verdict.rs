//! What the figures of a flow come to in plain words: whether it keeps what is asked of it, and by how much.

use super::time::{Reach, Taken, Time};
use super::{Flow, Known, Minutes, Reading, text};
use crate::analysis::blame::exceeds;
use crate::figures;
use crate::report::text::Look;

/// How something fares against what is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Fares {
    /// Whatever the unstated is.
    Kept,
    /// Whatever the unstated is.
    Missed,
    /// It depends on what is unstated, or nothing is asked.
    Open,
}

impl Fares {
    /// The word for it.
    pub(in crate::report) fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Missed => "missed",
            Self::Open => "open",
        }
    }
}

/// A sentence without its full stop, and what it comes to; names stand in backticks.
pub(in crate::report) struct Verdict {
    pub(in crate::report) fares: Fares,
    pub(in crate::report) sentence: String,
}

/// What is said of a design that holds nothing.
const NOTHING_YET: &str =
    "There is nothing in this design yet: write a `client`, what it calls, and a line such as `web -> api`";
/// Components of which no time is known and that are named, at most.
const MOST_NAMED: usize = 3;

impl Flow {
    /// All that is said of a flow: of its availability, then of each time that is asked of it.
    pub(in crate::report) fn verdicts(&self) -> Vec<Verdict> {
        let mut verdicts = vec![self.on_availability()];
        if let Some(time) = &self.latency {
            let Taken { p50, p99, is_lower_bound, .. } = time.taken;
            verdicts.extend(time.asked_p99.map(|asked| time.against(asked, p99, "p99", "asked")));
            let median = Reach { lower: p50, upper: (!is_lower_bound).then_some(p50) };
            verdicts.extend(time.asked_p50.map(|asked| time.against(asked, median, "p50", "asked")));
        }
        if let Some(end) = &self.end_to_end {
            let (what, freshness) = ("from end to end, p99", "allowed to be fresh");
            verdicts.extend(end.asked_p99.map(|asked| end.against(asked, end.taken.p99, what, freshness)));
        }
        verdicts
    }

    /// The gravest of its verdicts: what is missed, else what is open.
    pub(in crate::report) fn fares(&self) -> Fares {
        let verdicts = self.verdicts();
        let is_any = |fares| verdicts.iter().any(|it| it.fares == fares);
        [Fares::Missed, Fares::Open].into_iter().find(|it| is_any(*it)).unwrap_or(Fares::Kept)
    }

    /// Whether its promise of availability is kept.
    pub(in crate::report) fn keeps_its_promise(&self) -> Fares {
        let Some(slo) = self.slo else { return Fares::Open };
        let meets = |up: f64| !exceeds(1.0 - up, 1.0 - slo);
        match self.availability {
            Known::Exact { value } | Known::Bounds { lower: value, .. } if meets(value) => Fares::Kept,
            Known::Exact { .. } => Fares::Missed,
            Known::Bounds { upper, .. } if !meets(upper) => Fares::Missed,
            Known::Bounds { .. } => Fares::Open,
        }
    }

    fn on_availability(&self) -> Verdict {
        let fares = self.keeps_its_promise();
        let sentence = match (self.slo, self.budget_minutes_per_month) {
            (Some(slo), Some(budget)) => self.against_promise(slo, budget, fares),
            _ => self.without_promise(),
        };
        Verdict { fares, sentence }
    }

    fn against_promise(&self, slo: f64, budget: f64, fares: Fares) -> String {
        let taken =
            if self.slo_origin == "stated" { "promises" } else { "is taken by its intent to promise" };
        let (promised, given) = match self.availability {
            Known::Exact { value } => {
                let [promised, given] = figures::apart_by(slo, value, figures::availability_to);
                (promised, format!("gives {given}"))
            }
            Known::Bounds { .. } => (
                figures::availability(slo),
                format!("gives between {}", text::known(self.availability).replace("..", " and ")),
            ),
        };
        let allowed = figures::minutes(budget);
        let told = match (fares, self.downtime_minutes_per_month) {
            (Fares::Missed, Minutes::Exact(down)) => {
                let [down, budget, over] = [down, budget, down - budget].map(figures::number);
                format!("down {down} min a month where {budget} are allowed, {over} too many")
            }
            (Fares::Missed, Minutes::Bounds { lower, .. }) => {
                format!("down at least {} a month of the {allowed} allowed", figures::minutes(lower))
            }
            (Fares::Kept, Minutes::Exact(down)) => {
                let [down, spare] = [down, budget - down].map(figures::number);
                format!("down {down} of the {allowed} a month allowed, {spare} to spare")
            }
            (Fares::Kept, Minutes::Bounds { upper, .. }) => {
                format!("down at most {} of the {allowed} a month allowed", figures::minutes_at_most(upper))
            }
            (Fares::Open, _) => format!("{allowed} a month are allowed, and which end holds is not known"),
        };
        format!("{taken} {promised}, the chain {given}: {told}")
    }

    fn without_promise(&self) -> String {
        let nothing = match self.slo_origin {
            "high" => "is to be highly available, with no figure for it",
            "demo" => "is a demo and promises nothing",
            _ => "promises nothing",
        };
        let given = text::known(self.availability).replace("..", " to ");
        let down = match self.downtime_minutes_per_month {
            Minutes::Exact(minutes) => figures::minutes(minutes),
            Minutes::Bounds { upper, .. } => format!("at most {}", figures::minutes_at_most(upper)),
        };
        format!(
            "{nothing}; the chain gives {given}, down {down} a month. State `availability` to have it judged"
        )
    }
}

impl Time {
    /// What takes so long against what is asked.
    fn against(&self, asked: f64, reach: Reach, what: &str, word: &str) -> Verdict {
        // What equals the limit, but for the last digits of a sum, is not over it.
        let exceeds = |time: f64| time > asked * (1.0 + 1e-9);
        let limit = figures::duration(asked);
        if let Some(endless) = self.taken.endless() {
            return Verdict {
                fares: Fares::Missed,
                sentence: format!("{what}: {endless}; {limit} are {word}"),
            };
        }
        let (fares, mut sentence) = match reach.upper {
            _ if exceeds(reach.lower) => {
                let at_least = if reach.upper.is_none() { "at least " } else { "" };
                let [reached, limit] = figures::apart_by(reach.lower, asked, figures::duration_at_least_to);
                (Fares::Missed, format!("{what} is {at_least}{reached}, and {limit} are {word}: too long"))
            }
            Some(most) if !exceeds(most) => {
                let spare = figures::duration_at_least(asked - most);
                let told = reach.told(Look::PLAIN);
                (Fares::Kept, format!("{what} is {told} of the {limit} {word}, {spare} to spare"))
            }
            Some(_) => (Fares::Open, format!("{what} is {} of the {limit} {word}", reach.told(Look::PLAIN))),
            None => {
                let least = figures::duration_at_least(reach.lower);
                (Fares::Open, format!("{what} is at least {least} of the {limit} {word}"))
            }
        };
        for open in self.open() {
            sentence += &format!("; {open}");
        }
        Verdict { fares, sentence }
    }

    /// Why it has no bound, where it has none; what of it is not known, and what to state to know it.
    pub(in crate::report) fn open(&self) -> Vec<String> {
        let unknown = (!self.unknown.is_empty()).then(|| untimed(&self.unknown));
        self.taken.endless().into_iter().chain(unknown).collect()
    }
}

/// What to state of components of which no time is known.
pub(in crate::report) fn untimed(names: &[String]) -> String {
    let (take, their) = if names.len() == 1 { ("takes", "its") } else { ("take", "their") };
    format!("how long {} {take} is unknown: state {their} `service_time`", named(names))
}

/// The first of some names in backticks, and how many more there are.
pub(super) fn named(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_NAMED).map(|it| format!("`{it}`")).collect();
    match (names.len().saturating_sub(MOST_NAMED), shown.as_slice()) {
        (0, [first @ .., last]) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        (0, _) => shown.concat(),
        (more, _) => format!("{} and {more} more", shown.join(", ")),
    }
}

impl Reading {
    /// How many flows keep what is asked of them; a sentence without its full stop.
    pub(in crate::report) fn in_sum(&self) -> String {
        let asked = self.flows.iter().filter(|it| it.slo.is_some() || it.verdicts().len() > 1);
        let fares: Vec<Fares> = asked.map(Flow::fares).collect();
        let of = |wanted| fares.iter().filter(|it| **it == wanted).count();
        let (count, kept, missed, open) = (fares.len(), of(Fares::Kept), of(Fares::Missed), of(Fares::Open));
        let all = figures::count(count, "flow", "flows");
        let verb = |count, one: &str, many: &str| if count == 1 { one.to_owned() } else { many.to_owned() };
        match (kept, missed, open) {
            (0, 0, 0) if self.components.is_empty() => NOTHING_YET.to_owned(),
            (0, 0, 0) => "No flow promises anything that could be judged".to_owned(),
            (_, 0, 0) => format!("{all} {} what is asked", verb(count, "keeps", "keep")),
            (0, _, 0) => format!("{all} {} what is asked", verb(count, "misses", "miss")),
            (0, 0, _) => format!("Whether {all} {} what is asked is open", verb(count, "keeps", "keep")),
            _ => {
                let verbs = [(missed, verb(missed, "misses", "miss")), (kept, verb(kept, "keeps", "keep"))];
                let mut told = Vec::new();
                for (count, verb) in verbs.into_iter().filter(|it| it.0 > 0) {
                    let what = if told.is_empty() { "what is asked" } else { "it" };
                    told.push(format!("{count} {verb} {what}"));
                }
                if open > 0 {
                    told.push(format!("{open} {} open", verb(open, "is", "are")));
                }
                format!("Of {all}, {}", told.join(", "))
            }
        }
    }

    /// What is full first, and at how much of today's load; none where no utilisation is known.
    pub(in crate::report) fn headroom(&self) -> Option<Verdict> {
        let first = self.bottlenecks.first()?;
        let (name, used) = (&first.element, figures::percent(first.utilisation));
        let assumed = if first.is_assumed { ", on an assumed capacity" } else { "" };
        let users = first.at_users.map(|users| format!(", {} users", figures::number(users)));
        let users = users.unwrap_or_default();
        let times = figures::number(first.at_times_load);
        let is_over = first.utilisation > 1.0;
        let sentence = if is_over {
            format!(
                "`{name}` gives way first: at peak it is asked for {used} of what it can do{assumed}, and it can carry {times} \
                 times today's load{users}"
            )
        } else {
            format!(
                "`{name}` is the tightest part: {used} full at peak{assumed}, and full at {times} times today's load{users}"
            )
        };
        Some(Verdict { fares: if is_over { Fares::Missed } else { Fares::Kept }, sentence })
    }
}
