//! What takes longer than is asked, and which story that is: one fact has one loud finding.

use super::{Latencies, Latency, Origin, Place, Step, What};
use crate::analysis::Analysis;
use crate::analysis::journey::Journey;
use crate::catalogue::Kind;
use crate::model::{Architecture, ComponentId, LinkId, Properties, Property};
use crate::quantity::Duration;
use crate::source::Span;

use super::distance::{Distance, trip};

/// What is asked in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// `latency_p50`.
    Median,
    /// `latency_p99`.
    Tail,
    /// `freshness`.
    Freshness,
}

/// What a miss comes of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    /// One component's work, which is too long for any request.
    SlowWork(ComponentId),
    /// Calls that are made one after the other for each request.
    FanOut(LinkId),
    /// A way between regions.
    BetweenRegions(LinkId),
    /// Messages that wait for others to go on with.
    Batching(Place),
    /// All of it together.
    Chain,
}

/// A journey that takes longer than is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Miss {
    /// Its place among the journeys: of the routes of a flow the longest.
    pub journey: usize,
    /// What is asked.
    pub asked: Asked,
    /// How much of it.
    pub budget: Duration,
    /// Where it is asked.
    pub span: Span,
    /// What it takes at least.
    pub reached: Duration,
    /// Whether written figures alone take longer.
    pub is_certain: bool,
    /// What it comes of.
    pub story: Story,
}

/// What is asked of a journey: by its flow, else by the system, where somebody waits for it.
pub fn budget(
    architecture: &Architecture,
    journey: &Journey,
    property: Property,
) -> Option<(Duration, Span)> {
    let of = |properties: &Properties| properties.duration(property).zip(properties.span(property));
    if let Some(flow) = journey.properties(architecture)
        && flow.is_stated(property)
    {
        return of(flow);
    }
    let is_waited_for = |id: &ComponentId| {
        let component = architecture.component(*id);
        !matches!(component.kind, Kind::Scheduler | Kind::Worker) && !component.has(Property::Every)
    };
    let is_asked = journey.entries.iter().any(is_waited_for) && !journey.is_beside;
    of(&architecture.system.properties).filter(|_| is_asked)
}

pub(super) fn misses(architecture: &Architecture, analysis: &Analysis, latencies: &Latencies) -> Vec<Miss> {
    const ASKED: [(Asked, Property); 3] = [
        (Asked::Tail, Property::LatencyP99),
        (Asked::Median, Property::LatencyP50),
        (Asked::Freshness, Property::Freshness),
    ];
    let mut found: Vec<Miss> = Vec::new();
    for (at, journey) in analysis.journeys.iter().enumerate() {
        for (asked, property) in ASKED {
            let Some((budget, span)) = budget(architecture, journey, property) else { continue };
            let latency = match asked {
                Asked::Freshness if !goes_on_by_itself(architecture, journey) => continue,
                Asked::Freshness => latencies.completed(architecture, analysis, at),
                _ => latencies.answered(architecture, analysis, at),
            };
            let Some(miss) = miss(architecture, latency, at, asked, budget, span) else { continue };
            // The routes of one flow stand together: the worst of them speaks for it. Nor are both asked times told.
            let same = |it: &&mut Miss| {
                let is_same_flow = analysis.journeys[it.journey].base == journey.base;
                is_same_flow && (it.asked == Asked::Freshness) == (asked == Asked::Freshness)
            };
            match found.iter_mut().rev().take(ASKED.len()).find(same) {
                Some(known) if known.asked == asked && known.reached < miss.reached => *known = miss,
                Some(_) => {}
                None => found.push(miss),
            }
        }
    }
    found
}

/// Whether a journey's path names something behind a queue, or a copy.
fn goes_on_by_itself(architecture: &Architecture, journey: &Journey) -> bool {
    let Some(flow) = journey.flow else { return false };
    architecture.flow(flow).path.steps.iter().any(|step| {
        let link = architecture.link(*step);
        link.is_async() || link.copies_data() || architecture.component(link.source).kind.is_queue()
    })
}

fn miss(
    architecture: &Architecture,
    latency: &Latency,
    journey: usize,
    asked: Asked,
    budget: Duration,
    span: Span,
) -> Option<Miss> {
    let (reached, written) = match asked {
        Asked::Median => (latency.median, latency.written_median),
        Asked::Tail | Asked::Freshness => (latency.least, latency.written),
    };
    // What equals the budget, but for the last digits of a sum, is not over it.
    let exceeds = |time: Duration| time > budget * (1.0 + 1e-9);
    if !exceeds(reached) {
        return None;
    }
    let is_certain = exceeds(written);
    let story = story(architecture, latency, asked, budget, is_certain);
    Some(Miss { journey, asked, budget, span, reached, is_certain, story })
}

fn story(
    architecture: &Architecture,
    latency: &Latency,
    asked: Asked,
    budget: Duration,
    is_certain: bool,
) -> Story {
    if asked == Asked::Freshness {
        let batches = latency.steps.iter().filter(|step| matches!(step.what, What::Batch(_)));
        let longest = batches.max_by(|a, b| a.most().total_cmp(&b.most()));
        return match longest.map(|it| it.what) {
            Some(what @ What::Batch(place))
                if longest.is_some_and(|it| it.each.tail > budget)
                    || latency.least_without(|it| it.what == what) <= budget =>
            {
                Story::Batching(place)
            }
            _ => Story::Chain,
        };
    }
    if let Some(slow) = slow_work(architecture, latency, budget) {
        return Story::SlowWork(slow);
    }
    let batch =
        latency.steps.iter().find(|step| matches!(step.what, What::Batch(_)) && step.each.tail > budget);
    if let Some(Step { what: What::Batch(place), .. }) = batch {
        return Story::Batching(*place);
    }
    // A promise that written figures break is told as what it is, with what costs most.
    if is_certain || asked == Asked::Median {
        return Story::Chain;
    }
    let holds_without = |is_left_out: &dyn Fn(&Step) -> bool| latency.least_without(is_left_out) <= budget;
    let longest = |wanted: &dyn Fn(LinkId) -> bool| {
        let trips = latency.steps.iter().filter_map(|step| match step.what {
            What::Trip(link) if wanted(link) => Some((link, step.least())),
            _ => None,
        });
        trips.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(link, _)| link)
    };
    let is_far = |link| {
        let link = architecture.link(link);
        trip(architecture, link).distance == Distance::Regions
    };
    if let Some(link) = longest(&is_far)
        && holds_without(&|step| matches!(step.what, What::Trip(it) if is_far(it)))
    {
        return Story::BetweenRegions(link);
    }
    let is_repeated = |link: LinkId| {
        let link = architecture.link(link);
        !link.has(Property::Parallel) && link.figure(Property::Calls).is_some_and(|calls| calls > 1.0)
    };
    if let Some(id) = longest(&is_repeated) {
        let target = architecture.link(id).target;
        let is_of_it = |step: &Step| match step.what {
            What::Trip(it) => it == id,
            What::Work(it) | What::Wait(it) => it == target,
            _ => false,
        };
        if holds_without(&is_of_it) {
            return Story::FanOut(id);
        }
    }
    Story::Chain
}

/// The component whose written time alone is longer than what is asked, and than any request's work should be.
fn slow_work(architecture: &Architecture, latency: &Latency, budget: Duration) -> Option<ComponentId> {
    let too_long = budget.max(architecture.parameters.request_work.duration());
    let slow = latency.steps.iter().filter_map(|step| match step.what {
        What::Work(id) if step.each.median_origin == Origin::Written && step.times.written >= 1.0 => {
            Some((id, step.each.median)).filter(|(_, time)| *time > too_long)
        }
        _ => None,
    });
    slow.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(id, _)| id)
}
