//! What comes in at peak, and how full that makes what serves it.

use super::{Key, Note, Picture, Told, shade};
use crate::analysis::capacity::{self, exceeds};
use crate::analysis::load::Load;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Link};
use crate::report::graph::drawing::{Badge, Remarks};
use crate::report::graph::facts::carried;
use crate::report::graph::look::Tone;

/// How full it is where each next shade begins; the last two are the limit and what is full.
const STEPS: [f64; 4] = [0.2, 0.5, 0.7, 1.0];
/// How much heavier the busiest line is than one that carries next to nothing.
const HEAVIER: f64 = 2.5;

/// What is told of each.
pub(super) fn told(picture: &Picture) -> Told {
    let (architecture, load) = (picture.architecture, &picture.analysis.load);
    let rate = |link: &Link| load.link(link.id).peak.total().per_second();
    let busiest = architecture.links().map(rate).fold(0.0, f64::max);
    let of_link = |link: &Link| {
        let figures = vec![carried(load.link(link.id)).unwrap_or_else(|| "load unknown".to_owned())];
        let rate = rate(link);
        // Rates lie decades apart: their logarithms are what the eye can compare.
        let weight = (busiest > 0.0).then(|| 1.0 + HEAVIER * rate.ln_1p() / busiest.ln_1p());
        Note { remarks: Remarks { figures, weight, ..Remarks::default() }, rank: rate }
    };
    let requests = architecture.links().filter(|link| !link.copies_data());
    Told {
        components: architecture.components().map(|it| (it.id, of_component(load, it))).collect(),
        links: requests.map(|it| (it.id, of_link(it))).collect(),
        summary: Vec::new(),
        keys: vec![
            Key { tone: Tone::Shade(0), words: "below 20%" },
            Key { tone: Tone::Shade(1), words: "20 to 50%" },
            Key { tone: Tone::Shade(2), words: "50 to 70%" },
            Key { tone: Tone::Shade(3), words: "70 to 100%" },
            Key { tone: Tone::Shade(4), words: "full at peak" },
            Key { tone: Tone::Unknown, words: "unknown" },
        ],
    }
}

fn of_component(load: &Load, component: &Component) -> Note {
    let demand = load.component(component.id);
    let coming = carried(demand).map(|rate| format!("{rate} at peak"));
    if component.kind.is_outside() {
        return Note {
            remarks: Remarks { figures: coming.into_iter().collect(), ..Remarks::default() },
            rank: 0.0,
        };
    }
    let mut figures = vec![coming.unwrap_or_else(|| "load unknown".to_owned())];
    let Some(used) = load.utilisation(component).filter(|used| used.share.is_finite()) else {
        figures.push("how full: unknown".to_owned());
        let tone = Some(Tone::Unknown);
        return Note { remarks: Remarks { figures, tone, ..Remarks::default() }, rank: 0.0 };
    };
    let of = if used.is_assumed { "of an assumed capacity" } else { "of its capacity" };
    let percent = figures::percent(used.share);
    let mut badges = Vec::new();
    match severity(used.share) {
        Some(severity) => badges.push(Badge { severity, strong: percent, words: of.to_owned() }),
        None => figures.push(format!("{percent} {of}")),
    }
    let tone = Some(shade(used.share, STEPS));
    Note { remarks: Remarks { figures, badges, tone, ..Remarks::default() }, rank: used.share }
}

/// Full is grave; over what can be sustained is worth a look.
fn severity(share: f64) -> Option<Severity> {
    if exceeds(share, 1.0) {
        Some(Severity::Error)
    } else if exceeds(share, capacity::limit()) {
        Some(Severity::Warning)
    } else {
        None
    }
}
