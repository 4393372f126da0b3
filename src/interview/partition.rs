//! What a design gives up while its nodes can't reach each other: of each store, to be current or to answer.

use super::subject::Subject;
use crate::analysis::consistency::{self, Quorum};
use crate::catalogue::Kind;
use crate::figures;
use crate::model::{Component, Property};
use crate::source::Span;

/// What is given up in a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivesUp {
    /// To answer: whoever is cut off from the majority, or from the primary, is refused.
    Availability,
    /// To be current: all sides answer, with what they know.
    Consistency,
    /// Nothing says which.
    Unsaid,
}

impl GivesUp {
    /// The word for it in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Availability => "availability",
            Self::Consistency => "consistency",
            Self::Unsaid => "unsaid",
        }
    }
}

/// What a store does while its nodes can't reach each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Partition {
    /// The store.
    pub element: String,
    /// Where that is decided.
    pub place: Span,
    /// What is given up.
    pub gives_up: GivesUp,
    /// What happens: a sentence without its full stop.
    pub says: String,
}

/// Of each store whose data more than one node has, in the order of the text.
pub(super) fn partitions(subject: &Subject) -> Vec<Partition> {
    let stores = subject.architecture.components().filter(|it| {
        matches!(it.kind, Kind::Database | Kind::FileStore | Kind::Cache)
            && !it.is_replica()
            && consistency::is_spread(it)
            && (it.kind != Kind::Cache || it.has(Property::SourceOfTruth))
    });
    stores.map(|store| partition(subject, store)).collect()
}

fn partition(subject: &Subject, store: &Component) -> Partition {
    let (gives_up, says, place) = decided(subject, store);
    Partition { element: store.name.to_string(), place: place.unwrap_or(store.span), gives_up, says }
}

fn decided(subject: &Subject, store: &Component) -> (GivesUp, String, Option<Span>) {
    let architecture = subject.architecture;
    let stated = [&store.properties, &architecture.system.properties]
        .into_iter()
        .find_map(|it| Some((it.word(Property::OnPartition)?, it.span(Property::OnPartition)?)));
    match stated {
        Some(("consistent", place)) => {
            let says = "whoever is cut off from the majority, or from the primary, is refused".to_owned();
            return (GivesUp::Availability, says, Some(place));
        }
        Some((_, place)) => {
            let says = "all sides go on answering, with what they know".to_owned();
            return (GivesUp::Consistency, says, Some(place));
        }
        None => {}
    }
    if let Some(quorum) = Quorum::of(&architecture.parameters, store) {
        return by_quorum(store, quorum);
    }
    if let Some(primaries) = consistency::primaries(store) {
        let place = store.span(Property::Primaries).or(store.span(Property::Mode));
        let rule =
            store.span(Property::ConflictResolution).filter(|_| store.has(Property::ConflictResolution));
        let wins = match rule {
            Some(rule) => format!("and `{}` settles afterwards what they decided apart", subject.text(rule)),
            None => "and nothing says which of two decisions wins afterwards".to_owned(),
        };
        let says = format!("{primaries} primaries go on taking writes apart, {wins}");
        return (GivesUp::Consistency, says, place);
    }
    match consistency::replication(store) {
        // Where no node leads, any of them takes a write, unless a number of them is asked for.
        _ if answers_anywhere(store) => by_engine(store),
        Some(following) if following.is_async => {
            let lost = consistency::unsafe_stores(architecture).into_iter().find(|it| it.store == store.id);
            let writes = lost
                .and_then(|it| it.lag)
                .and_then(|lag| consistency::lost(&subject.analysis.load, store.id, lag.time))
                .map(|lost| format!(": up to {}", consistency::told(&lost)))
                .unwrap_or_default();
            let says = if store.has_failover() {
                format!("a copy that is cut off may take over without the last writes{writes}")
            } else {
                "copies that are cut off go on answering what they last knew; writes wait for the primary"
                    .to_owned()
            };
            (GivesUp::Consistency, says, store.span(Property::Replication))
        }
        Some(_) => {
            let says = "a write that no copy can confirm is refused".to_owned();
            (GivesUp::Availability, says, store.span(Property::Replication))
        }
        None => by_engine(store),
    }
}

fn answers_anywhere(store: &Component) -> bool {
    let is_masterless = store.engine().is_some_and(|it| it.facts.masterless && !it.facts.consensus);
    is_masterless && (!store.is_stated(Property::Replication) || store.is(Property::Replication, "async"))
}

fn by_quorum(store: &Component, quorum: Quorum) -> (GivesUp, String, Option<Span>) {
    let Quorum { copies, read, write, .. } = quorum;
    let place = store.span(Property::WriteQuorum).or(store.span(Property::ReadQuorum));
    if quorum.overlaps() {
        let needed = read.max(write);
        let says = format!("the side with fewer than {needed} of {copies} copies is refused");
        return (GivesUp::Availability, says, place);
    }
    let says = format!(
        "{} a read and {} a write, so both sides answer, and a read may miss the last write",
        figures::count(read as usize, "copy answers", "copies answer"),
        figures::count(write as usize, "takes", "take")
    );
    (GivesUp::Consistency, says, place)
}

fn by_engine(store: &Component) -> (GivesUp, String, Option<Span>) {
    let Some(engine) = store.engine() else { return unsaid(store) };
    let title = engine.title;
    if engine.facts.consensus || engine.facts.consistency == Some("strong") {
        let says = format!("{title} refuses whoever is cut off from the majority (assumed)");
        return (GivesUp::Availability, says, None);
    }
    if engine.facts.consistency == Some("eventual") || engine.facts.masterless {
        let says = format!("{title} answers from whichever copy can be reached (assumed)");
        return (GivesUp::Consistency, says, None);
    }
    unsaid(store)
}

fn unsaid(store: &Component) -> (GivesUp, String, Option<Span>) {
    let says =
        format!("nothing says whether `{}` then refuses, or answers what may be out of date", store.name);
    (GivesUp::Unsaid, says, None)
}
