use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rustc_hash::FxHashMap;

use super::{Context, Findings, declare_rule};
use crate::analysis::latency::{Asked, Distance, Latency, Step, Story, What, budget, trip};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{GroupKind, LinkId, Property};
use crate::quantity::Duration;

declare_rule! {
    /// Finds calls between regions that eat what a flow may take.
    ///
    /// ## Why it matters
    /// Light in glass goes 200 km in a millisecond, there and back 100: a way over an ocean costs more than all the work at
    /// its end, for each call, and nothing makes it shorter. A page that makes five such calls is slow for everybody.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// region east {
    ///   service shop x2 { service_time = 20ms }
    /// }
    /// region west {
    ///   database users { service_time = 2ms }
    /// }
    /// app -> shop
    /// shop -> users { calls = 4 } // finding: "4 calls of `shop` to `users`, between regions, take 240 ms (assumed)"
    /// flow home { latency_p99 = 200ms; app -> shop -> users }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// region east {
    ///   service shop x2 { service_time = 20ms }
    ///   database copy { service_time = 2ms }
    /// }
    /// region west {
    ///   database users { service_time = 2ms }
    /// }
    /// app -> shop -> copy
    /// users ~> copy : replication
    /// flow home { latency_p99 = 200ms; app -> shop -> copy }
    /// ```
    ///
    /// ## How it is detected
    /// A synchronous link whose ends stand in two regions, on the chain of waits of a flow with a `latency_p99`: its
    /// round trip times its calls, against what is asked. The round trip is `measured` on the link, else the
    /// catalogue's (assumed), by the names of the regions where these tell where they stand (`us-east-1`). It is
    /// reported where it takes half of what is asked or more (a parameter), or where the flow would keep its promise
    /// without it. Where written times alone miss the promise, LP307 tells it, as an error. There is no fix: which end
    /// moves is a decision.
    ///
    /// ## Known false alarms
    /// Two regions that stand side by side: write the round trip on the link (`measured = 5ms`).
    ///
    /// ## An interviewer asks
    /// How far is it from this service to its data, and how often does one request go there?
    ///
    /// ## A good answer
    /// - how often one request goes that way, and what that adds up to
    /// - what is moved: the data, the work, or all calls into one
    ///
    /// ## References
    /// - Dean, Numbers Everyone Should Know: California to the Netherlands and back takes 150 ms.
    /// - AWS Well-Architected, Performance Efficiency Pillar: PERF04, location by network requirements.
    static RULE = {
        code: "LP308",
        summary: "a synchronous call between regions eats what a flow may take",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    // Without two regions there is no way between them.
    if cx.architecture.groups().filter(|it| it.kind == GroupKind::Region).count() < 2 {
        return;
    }
    let misses =
        cx.analysis.missed_latencies(cx.architecture).iter().filter(|it| it.asked != Asked::Freshness);
    let stories: FxHashMap<usize, Story> =
        misses.map(|it| (cx.analysis.journeys[it.journey].base, it.story)).collect();
    let mut found: BTreeMap<LinkId, Hop> = BTreeMap::new();
    for (at, journey) in cx.analysis.journeys.iter().enumerate() {
        let Some(hop) = Hop::of(cx, at, stories.get(&journey.base).copied()) else { continue };
        match found.entry(hop.link) {
            Entry::Occupied(mut known) => known.get_mut().take_in(&hop),
            Entry::Vacant(free) => _ = free.insert(hop),
        }
    }
    for hop in found.into_values() {
        hop.report(cx, findings);
    }
}

/// A way between regions, and the flow of whose time it takes most.
struct Hop {
    link: LinkId,
    trips: f64,
    time: Duration,
    budget: Duration,
    span: crate::source::Span,
    journeys: Vec<usize>,
}

impl Hop {
    /// The longest way between regions of a journey, where it is too long for what is asked; with the story of what
    /// the journey misses.
    fn of(cx: &Context, at: usize, story: Option<Story>) -> Option<Self> {
        let journey = &cx.analysis.journeys[at];
        let (budget, span) = budget(cx.architecture, journey, Property::LatencyP99)?;
        let latency = cx.analysis.latency(cx.architecture, at);
        let (link, step) = longest(cx, latency)?;
        let is_told = match story {
            None => step.least() < budget * cx.architecture.parameters.round_trip_share.value,
            Some(Story::BetweenRegions(it)) => it != link,
            Some(_) => true,
        };
        let hop =
            Self { link, trips: step.times.least, time: step.least(), budget, span, journeys: vec![at] };
        (!is_told).then_some(hop)
    }

    /// Takes in the journeys of another hop by the same link; the first is the one of whose time it takes most.
    fn take_in(&mut self, hop: &Self) {
        if hop.time / hop.budget > self.time / self.budget {
            let journeys = hop.journeys.iter().chain(&self.journeys).copied().collect();
            *self = Self { journeys, ..*hop };
        } else {
            self.journeys.extend(&hop.journeys);
        }
    }

    fn report(&self, cx: &Context, findings: &mut Findings) {
        let link = cx.architecture.link(self.link);
        let (source, target) = cx.architecture.ends(link);
        let trip = trip(cx.architecture, link);
        let assumed = if trip.assumed.is_some() { " (assumed)" } else { "" };
        let flow = &cx.analysis.bases[cx.analysis.journeys[self.journeys[0]].base];
        let [time, budget] = figures::apart(self.time, self.budget);
        let (calls, take) = match self.trips {
            trips if trips > 1.0 => (format!("{} calls", figures::number(trips)), "take"),
            _ => ("each call".to_owned(), "takes"),
        };
        // More than all of it is no part of it.
        let may = if self.time > self.budget {
            format!(", where `{}` may take {budget}", flow.name)
        } else {
            format!(" of the {budget} that `{}` may take", flow.name)
        };
        let message = format!(
            "{calls} of `{}` to `{}`, between regions, {take} {time}{assumed}{may}",
            source.name, target.name
        );
        let label = format!("{} there and back{assumed}", trip.time);
        let mut finding = findings.on_link(Severity::Warning, cx.architecture, link, label, message);
        finding.place(self.span, format!("{budget} asked here"));
        for id in [link.source, link.target] {
            if let Some(region) = cx.architecture.enclosing(id, GroupKind::Region) {
                let (region, component) = (cx.architecture.group(region), cx.architecture.component(id));
                finding.label(
                    component.name.as_str(),
                    component.span,
                    format!("stands in `{}`", region.name),
                );
            }
        }
        for at in &self.journeys {
            finding.flow(cx.analysis.bases[cx.analysis.journeys[*at].base].name.as_str());
        }
        let reckoned = if self.trips > 1.0 {
            format!("{} × {} = {time}; ", figures::number(self.trips), trip.time)
        } else {
            String::new()
        };
        finding.note(format!(
            "{reckoned}no machine makes the way shorter: it is paid for each call, by each request"
        ));
        finding.help(self.help(cx, trip.time));
    }

    /// What to do about it, and what would be left: without the way, or with one call where there are several.
    fn help(&self, cx: &Context, once: Duration) -> String {
        let link = cx.architecture.link(self.link);
        let target = cx.architecture.component(link.target);
        let journey = &cx.analysis.journeys[self.journeys[0]];
        let region = cx.architecture.enclosing(link.source, GroupKind::Region);
        let region = region
            .map_or("the caller's region".to_owned(), |it| format!("`{}`", cx.architecture.group(it).name));
        let reads = journey.mode.reads && !link.is_writes_only();
        let writes = journey.mode.writes && !link.is_reads_only();
        let name = &target.name;
        let advice = match (target.kind.is_store(), reads, writes) {
            (false, ..) => format!("run `{name}` in {region} as well, or call it behind a queue"),
            (true, true, false) => format!("keep a copy of `{name}` in {region} to read from"),
            (true, false, _) => format!("write to `{name}` through a queue in {region}"),
            (true, true, true) => {
                format!("keep a copy of `{name}` in {region} to read from, and write through a queue")
            }
        };
        let latency = cx.analysis.latency(cx.architecture, self.journeys[0]);
        let is_lower_bound = latency.is_lower_bound() || !latency.saturated.is_empty();
        let left = latency.least_without(|it| it.what == What::Trip(self.link));
        let told = |time| figures::time_left(time, self.budget, is_lower_bound);
        let one_call = if self.trips > 1.0 {
            format!("; or make one call of the {}: {}", figures::number(self.trips), told(left + once))
        } else {
            String::new()
        };
        format!("{advice}: without the way {}{one_call}", told(left))
    }
}

fn longest<'a>(cx: &Context, latency: &'a Latency) -> Option<(LinkId, &'a Step)> {
    let far = latency.steps.iter().filter_map(|step| match step.what {
        What::Trip(id) => {
            let distance = trip(cx.architecture, cx.architecture.link(id)).distance;
            (distance == Distance::Regions).then_some((id, step))
        }
        _ => None,
    });
    far.max_by(|a, b| a.1.least().total_cmp(&b.1.least()))
}
