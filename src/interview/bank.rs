//! Questions that the figures of a design raise where nothing is wrong with it. Each is asked only with its figure.
//!
//! A new question is its function and its line in `BANK`.

use super::partition;
use super::question::Question;
use super::rubric::Step;
use super::subject::Subject;
use crate::analysis::availability::FlowAvailability;
use crate::analysis::backlog;
use crate::analysis::capacity::{self, Busy};
use crate::analysis::consistency;
use crate::analysis::failover::budget_seconds;
use crate::analysis::journey::Journey;
use crate::analysis::storage;
use crate::catalogue::Kind;
use crate::figures;
use crate::model::{Component, GroupKind, Property};
use crate::quantity::Rate;

/// A question of the figures.
pub(super) struct Raised {
    pub(super) ask: fn(&Subject) -> Option<Question>,
    /// The rules that ask the same, or of what comes before it: where one of them has asked, the bank does not.
    pub(super) also_of: &'static [&'static str],
}

/// All of them, in the order in which they are asked.
#[rustfmt::skip] // One a line.
pub(super) static BANK: &[Raised] = &[
    Raised { ask: twice_the_users, also_of: &["LP301", "LP303"] },
    Raised { ask: a_full_queue, also_of: &["LP201", "LP202"] },
    Raised { ask: a_lost_region, also_of: &["LP108", "LP115"] },
    Raised { ask: a_lost_replica, also_of: &["LP108", "LP301", "LP802"] },
    Raised { ask: an_empty_cache, also_of: &["LP114"] },
    Raised { ask: a_cut_line, also_of: &["LP406", "LP418"] },
    Raised { ask: a_lost_primary, also_of: &["LP403"] },
    Raised { ask: the_dearest_part, also_of: &["LP103"] },
    Raised { ask: the_longest_wait, also_of: &["LP307"] },
    Raised { ask: a_third_party_down, also_of: &["LP112"] },
    Raised { ask: a_dropped_table, also_of: &["LP415"] },
    Raised { ask: data_of_years, also_of: &["LP304"] },
    Raised { ask: one_caller, also_of: &["LP507"] },
    Raised { ask: the_next_shard, also_of: &["LP313", "LP314"] },
    Raised { ask: half_the_money, also_of: &["LP810"] },
];

/// From here on a part has no room for what a failure leaves it.
const FULL: f64 = 1.0;

/// A promise of whose minutes at least this part is used up bears no second part like the dearest.
const CLOSE: f64 = 0.5;

/// What doubles twice.
const FOURFOLD: f64 = 4.0;

/// A cache that takes less than this part of a node off its store is no matter of life and death.
const WORTH_A_QUESTION: f64 = 0.05;

struct Ask<'a> {
    step: Step,
    asks: String,
    because: String,
    answer: &'a [&'a str],
}

impl Ask<'_> {
    fn about(self, component: &Component) -> Question {
        Question {
            step: self.step,
            asks: self.asks,
            because: self.because,
            answer: self.answer.iter().map(|it| (*it).to_owned()).collect(),
            place: Some(component.span),
            code: None,
        }
    }
}

fn busiest(subject: &Subject) -> Vec<Busy> {
    capacity::busiest(subject.architecture, &subject.analysis.load)
}

fn twice_the_users(subject: &Subject) -> Option<Question> {
    let first = subject.bottlenecks.first()?;
    let component = subject.architecture.component_named(&first.element)?;
    let share = figures::percent(first.utilisation);
    let next = if first.at_times_load > FOURFOLD {
        format!("nothing yet: `{}` is the first to be full, {}", first.element, first.full_at())
    } else {
        format!("`{}` first, {}; {}", first.element, first.full_at(), first.step())
    };
    Some(
        Ask {
            step: Step::Scale,
            asks: "Your users double, and double again. What breaks first, and what do you do?".to_owned(),
            because: format!("`{}` is {share} busy at peak, more than anything else", first.element),
            answer: &[
                &next,
                "which figure shows it coming, and how long the step takes to make",
                "what is not changed for it, and why that holds",
            ],
        }
        .about(component),
    )
}

fn a_full_queue(subject: &Subject) -> Option<Question> {
    let architecture = subject.architecture;
    let backlogs = subject.analysis.backlogs(architecture);
    let filling = backlogs.all.iter().flat_map(|it| it.feeds.iter().copied()).filter_map(|feed| {
        let queue = architecture.component(feed.queue);
        let room = backlog::room(architecture, queue)?;
        Some((queue, backlog::time_to_fill(room, feed.amount.peak, Rate::ZERO)?))
    });
    let (queue, time) = filling.min_by(|one, other| one.1.total_cmp(&other.1))?;
    let at_full = match queue.word(Property::OnFull) {
        Some("drop") => "then it drops: which messages those are, and who finds out",
        Some("reject") => "then it rejects: what the sender does with what comes back",
        Some("block") => "then its senders wait: who else waits with them",
        _ => "what happens to the next message: it is refused, dropped, or its sender waits; and why that",
    };
    Some(
        Ask {
            step: Step::Bottleneck,
            asks: format!("What happens if `{}` fills up?", queue.name),
            because: format!("with its consumers gone it is full after {time} of peak"),
            answer: &[
                at_full,
                "how somebody hears of it before it is full: the age of the oldest message, not the length",
                "how long the backlog then takes to be gone",
            ],
        }
        .about(queue),
    )
}

/// What is fullest when a region is lost that is to be survived.
fn a_lost_region(subject: &Subject) -> Option<Question> {
    let architecture = subject.architecture;
    let losses = subject.analysis.region_losses(architecture);
    let then = busiest(subject).into_iter().filter_map(|busy| {
        let component = architecture.component(busy.component);
        let loss = losses.get(&busy.component)?;
        let left = architecture.enclosing(component.id, GroupKind::Region)?;
        Some((component, [loss.gone, left], busy.share_with(component, loss.more, busy.replicas), busy))
    });
    let (component, regions, share, busy) = then.max_by(|one, other| one.2.total_cmp(&other.2))?;
    let [gone, left] = regions.map(|it| architecture.group(it).name.as_str());
    let [now, then] = [busy.share(), share].map(figures::percent);
    let carried = if share < FULL {
        format!("`{}` carries it, {then} busy", component.name)
    } else {
        format!("`{}` can't carry it: {then} of what it does; so what is shed, and by whom", component.name)
    };
    Some(
        Ask {
            step: Step::Bottleneck,
            asks: format!("It is the busiest hour, and `{gone}` is lost. What happens to `{left}`?"),
            because: format!("`{}` would be {then} busy at peak, and is {now} with all regions up", component.name),
            answer: &[
                &carried,
                "who sends the users there, and how long names that are remembered lead them to what is gone",
                "whether its nodes are there before they come, or are started while everybody else starts theirs",
            ],
        }
        .about(component),
    )
}

fn a_lost_replica(subject: &Subject) -> Option<Question> {
    let is_waited_for = |id| subject.analysis.availability.iter().any(|it| it.needed.contains(&id));
    let left = busiest(subject).into_iter().filter(|it| is_waited_for(it.component)).filter_map(|busy| {
        let component = subject.architecture.component(busy.component);
        Some((component, busy.without_replica(component)?, busy))
    });
    let (component, share, busy) = left.max_by(|one, other| one.1.total_cmp(&other.1))?;
    let percent = figures::percent(share);
    let carried = if share < FULL {
        format!("the others carry it, {percent} busy")
    } else {
        format!("the others can't carry it: {percent} of what they can; so what is shed, and by whom")
    };
    Some(
        Ask {
            step: Step::Bottleneck,
            asks: format!(
                "It is the busiest hour, and one of the {} `{}` is gone. What do your users see?",
                busy.replicas, component.name
            ),
            because: format!("the others are then {percent} busy"),
            answer: &[
                &carried,
                "who takes it out of the rotation, after how many failed checks",
                "who starts another, and how long that takes",
            ],
        }
        .about(component),
    )
}

fn an_empty_cache(subject: &Subject) -> Option<Question> {
    let cold = capacity::cold_caches(subject.architecture, subject.analysis);
    let matters = cold.into_iter().filter(|it| it.cold - it.warm.share() >= WORTH_A_QUESTION);
    let worst = matters.max_by(|one, other| one.cold.total_cmp(&other.cold))?;
    let cache = subject.architecture.component(worst.cache);
    let store = subject.architecture.component(worst.store);
    let [warm, cold] = [worst.warm.share(), worst.cold].map(figures::percent);
    let holds = if worst.cold < FULL {
        "the store holds: the cache makes it faster, and is not what keeps it up"
    } else {
        "the store does not hold: so how the cache fills again, a part at a time, and what is answered meanwhile"
    };
    Some(
        Ask {
            step: Step::Bottleneck,
            asks: format!("Somebody flushes `{}` at noon. What happens in the next minute?", cache.name),
            because: format!("`{}` would be {cold} busy at peak, and is {warm} with it", store.name),
            answer: &[
                holds,
                "that one request fetches what many miss, and the others wait for it",
                "that records do not run out together",
            ],
        }
        .about(cache),
    )
}

fn a_cut_line(subject: &Subject) -> Option<Question> {
    let first = partition::partitions(subject).into_iter().next()?;
    let component = subject.architecture.component_named(&first.element)?;
    let decided = match first.gives_up {
        partition::GivesUp::Availability => "being current comes before answering, and who is refused",
        partition::GivesUp::Consistency => {
            "answering comes before being current, and what is then wrong for whom"
        }
        partition::GivesUp::Unsaid => "which of the two comes first, decided by what is worse for the users",
    };
    Some(
        Ask {
            step: Step::Design,
            asks: format!(
                "The line between the nodes of `{}` is cut. A write arrives on one side: do you take it?",
                first.element
            ),
            because: first.says,
            answer: &[decided, "what the two sides do when they see each other again"],
        }
        .about(component),
    )
}

fn a_lost_primary(subject: &Subject) -> Option<Question> {
    let load = &subject.analysis.load;
    let lost = consistency::unsafe_stores(subject.architecture).into_iter().find_map(|it| {
        let lag = it.lag?;
        Some((it.store, lag, consistency::lost(load, it.store, lag.time)?))
    });
    let (store, lag, writes) = lost?;
    let component = subject.architecture.component(store);
    Some(Ask {
        step: Step::Design,
        asks: format!("The primary of `{}` is gone, and a copy takes over. Which writes are missing, and who finds out?", component.name),
        because: format!("its copy is {lag} behind: {}", consistency::told(&writes)),
        answer: &["why so many may be lost, or that a write waits for a copy, and what that costs in time", "what is done with the old primary when it comes back"],
    }
    .about(component))
}

/// Of the flows whose promise is missed or close the one that is nearest to it, or farthest beyond, with the part that
/// takes the largest share. Where nothing is at stake the answer would change nothing, and is not asked for.
fn the_dearest_part(subject: &Subject) -> Option<Question> {
    let used = |(journey, judged): &(&Journey, &FlowAvailability)| {
        Some((1.0 - judged.low.lower()) / (1.0 - journey.promise.slo?))
    };
    let at_stake =
        subject.analysis.judged().filter_map(|it| Some((used(&it)?, it))).filter(|it| it.0 >= CLOSE);
    let (_, (journey, judged)) = at_stake.max_by(|one, other| one.0.total_cmp(&other.0))?;
    let allowed = figures::minutes(budget_seconds(journey.promise.slo?) / 60.0);
    let first = judged.contributions.first().filter(|it| it.minutes() > 0.0)?;
    let name = first.element.name(subject.architecture);
    Some(Question {
        step: Step::Bottleneck,
        asks: format!(
            "Which part costs `{}` the most downtime, and what would you change first?",
            journey.name
        ),
        because: format!(
            "failures of `{name}` are {} of the {} a month that it is down, where {allowed} are allowed",
            figures::minutes(first.minutes()),
            figures::minutes(judged.minutes())
        ),
        answer: vec![
            format!("`{name}`, and what one more of it, or another way around it, would save"),
            "what that costs, and whether the promise asks for it".to_owned(),
        ],
        place: Some(journey.span),
        code: None,
    })
}

fn the_longest_wait(subject: &Subject) -> Option<Question> {
    let architecture = subject.architecture;
    let all = (0..subject.analysis.journeys.len()).map(|at| (at, subject.analysis.latency(architecture, at)));
    let (at, latency) = all.max_by(|one, other| one.1.median.total_cmp(&other.1.median))?;
    let longest = latency.steps.iter().max_by(|one, other| one.median().total_cmp(&other.median()))?;
    if !latency.median.is_positive() || latency.is_lower_bound() {
        return None;
    }
    let journey = &subject.analysis.journeys[at];
    let (name, place) = longest.what.element(architecture);
    Some(Question {
        step: Step::Bottleneck,
        asks: format!(
            "Where do the milliseconds of `{}` go, and which would you take out first?",
            journey.name
        ),
        because: format!("`{name}` takes {} of its {} in the median", longest.median(), latency.median),
        answer: vec![
            "what of it can be done before, after, or beside the request".to_owned(),
            "the tail as well as the median: of many calls the slowest is waited for".to_owned(),
        ],
        place: Some(place),
        code: None,
    })
}

fn a_third_party_down(subject: &Subject) -> Option<Question> {
    let component = subject.architecture.of_kind(Kind::ThirdParty).next()?;
    let needed = subject.analysis.judged().filter(|(_, it)| it.needed.contains(&component.id)).count();
    let because = match needed {
        0 => "no promise waits for it".to_owned(),
        count => format!("{} it", figures::count(count, "flow needs", "flows need")),
    };
    Some(
        Ask {
            step: Step::Bottleneck,
            asks: format!(
                "`{}` is down for an hour on a Friday evening. What can your users still do?",
                component.name
            ),
            because,
            answer: &[
                "what waits for it, and what goes on without it",
                "what is kept meanwhile, where, and how it is made up for",
            ],
        }
        .about(component),
    )
}

fn a_dropped_table(subject: &Subject) -> Option<Question> {
    let store = subject
        .architecture
        .components()
        .find(|it| it.kind.is_store() && it.duration(Property::Backup).is_some())?;
    let since = store.duration(Property::Backup)?;
    let back = match store.duration(Property::RestoreTime) {
        Some(time) => format!("it is back after {time}, without what was written in the last {since}"),
        None => format!(
            "without what was written in the last {since}; how long it takes, measured and not guessed"
        ),
    };
    Some(
        Ask {
            step: Step::Design,
            asks: format!(
                "Somebody drops the data of `{}` at 14:00. At what time are you back, and with which of it?",
                store.name
            ),
            because: format!("a backup is made every {since}"),
            answer: &[
                &back,
                "when a restore was last tried: a backup that never came back is none",
                "replicas do not help: they drop it as well",
            ],
        }
        .about(store),
    )
}

fn data_of_years(subject: &Subject) -> Option<Question> {
    let known = storage::data(subject.architecture, &subject.analysis.load);
    let sized =
        subject.architecture.components().filter_map(|it| Some((it, known[it.id.0 as usize].as_ref()?)));
    let growing = sized.filter(|(it, data)| !it.is_managed() && data.is_growing());
    let told = growing.filter_map(|(it, data)| Some((it, data.by_year().pop()?)));
    let (store, (time, size)) =
        told.max_by(|one, other| one.1.1.value.bytes().total_cmp(&other.1.1.value.bytes()))?;
    Some(
        Ask {
            step: Step::Scale,
            asks: format!(
                "How large is `{}` when it has grown up, and where does it stop fitting on one machine?",
                store.name
            ),
            because: format!("after {time} it holds {} = {}", size.working(), size.value),
            answer: &[
                "what can be thrown away, or moved to where it is cheap, and when",
                "by which key it would be split, and which queries do not know that key",
            ],
        }
        .about(store),
    )
}

fn one_caller(subject: &Subject) -> Option<Question> {
    let architecture = subject.architecture;
    let limited = architecture.components().find(|it| it.has(Property::RateLimit))?;
    let limit = limited.span(Property::RateLimit)?;
    Some(
        Ask {
            step: Step::Design,
            asks: "One caller sends a million of these. What happens?".to_owned(),
            because: format!("`{}` states `{}`", limited.name, subject.text(limit)),
            answer: &[
                "by what callers are told apart: an account, a key, an address",
                "what the one who is refused is told, and when to come again",
                "that the limit is counted in one place, or how far apart the counts may be",
            ],
        }
        .about(limited),
    )
}

fn the_next_shard(subject: &Subject) -> Option<Question> {
    let sharded = subject.architecture.components().find(|it| it.shards() > 1.0)?;
    let key = sharded.span(Property::ShardKey).map(|it| subject.text(it));
    Some(
        Ask {
            step: Step::Scale,
            asks: format!(
                "Which shard of `{}` takes the next write, and which one has your largest customer?",
                sharded.name
            ),
            because: format!(
                "it has {} shards{}",
                figures::number(sharded.shards()),
                key.map(|it| format!(", by `{it}`")).unwrap_or_default()
            ),
            answer: &[
                "why the key spreads both the writes and the data",
                "how one shard more comes in while it runs",
            ],
        }
        .about(sharded),
    )
}

/// Of what has a node to spare, for now: neither what is fuller than it should be, nor the only store.
fn half_the_money(subject: &Subject) -> Option<Question> {
    let architecture = subject.architecture;
    let target = architecture.parameters.utilisation_target.value;
    let has_one_store = architecture.components().filter(|it| it.kind.is_store()).count() == 1;
    let is_the_store = |it: &Busy| has_one_store && architecture.component(it.component).kind.is_store();
    let can_go = |it: &Busy| it.replicas > 1 && !is_the_store(it) && !capacity::exceeds(it.share(), target);
    let idle = busiest(subject)
        .into_iter()
        .filter(|it| it.is_count_stated && can_go(it))
        .min_by(|one, other| one.share().total_cmp(&other.share()))?;
    let component = architecture.component(idle.component);
    Some(
        Ask {
            step: Step::Scale,
            asks: "You have to run it for half the money. What goes first?".to_owned(),
            because: format!(
                "`{}` is {} busy at peak, less than anything else that could have fewer nodes",
                component.name,
                figures::percent(idle.share())
            ),
            answer: &[
                "what each part is there for: load, a promise, or a team",
                "which promise gets weaker without it, in minutes a month",
            ],
        }
        .about(component),
    )
}
