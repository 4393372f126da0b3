//! What stands where, what is encrypted on its way, and where strangers come in.

use rustc_hash::FxHashSet;

use super::{Key, Note, Picture, Told};
use crate::analysis::trust::{Encryption, Entry, Ground};
use crate::diagnostic::Severity;
use crate::model::{Component, ComponentId, Link, LinkId, Property};
use crate::report::graph::drawing::{Badge, Remarks};
use crate::report::graph::look::Tone;

/// How heavy a line is that crosses a boundary.
const CROSSING: f64 = 2.2;

/// What is told of each.
pub(super) fn told(picture: &Picture) -> Told {
    let (architecture, trust) = (picture.architecture, &picture.analysis.trust);
    let ports = trust.entries().iter().filter_map(|entry| match entry {
        Entry::Port(id) => Some(*id),
        Entry::Link(_) => None,
    });
    let ports: FxHashSet<ComponentId> = ports.collect();
    let entries: FxHashSet<LinkId> = trust.outside_entries(architecture).map(|link| link.id).collect();
    let component = |it: &Component| of_component(picture, it, ports.contains(&it.id));
    let link = |it: &Link| of_link(picture, it, entries.contains(&it.id));
    Told {
        components: architecture.components().map(|it| (it.id, component(it))).collect(),
        links: architecture.links().map(|it| (it.id, link(it))).collect(),
        summary: Vec::new(),
        keys: vec![
            Key { tone: Tone::Ground(Ground::Outside), words: "outside" },
            Key { tone: Tone::Ground(Ground::Public), words: "ours, on a public network" },
            Key { tone: Tone::Ground(Ground::Dmz), words: "ours, between both" },
            Key { tone: Tone::Ground(Ground::Inside), words: "ours, inside" },
        ],
    }
}

fn of_component(picture: &Picture, component: &Component, is_port: bool) -> Note {
    let trust = &picture.analysis.trust;
    let ground = trust.ground(component.id);
    let mut figures = vec![match ground {
        Ground::Outside => "outside".to_owned(),
        Ground::Public => "public network".to_owned(),
        Ground::Dmz => "between outside and inside".to_owned(),
        Ground::Inside => "inside".to_owned(),
    }];
    let held: Vec<&str> = trust.held(component.id).words().collect();
    if !held.is_empty() {
        figures.push(format!("handles {}", held.join(", ")));
    }
    let badges = is_port.then(|| Badge {
        severity: Severity::Advice,
        strong: "entry".to_owned(),
        words: "a port is open to the outside".to_owned(),
    });
    let remarks = Remarks {
        figures,
        badges: badges.into_iter().collect(),
        tone: Some(Tone::Ground(ground)),
        ..Remarks::default()
    };
    // Of many that are drawn as one the one that is trusted least tells.
    let rank = match ground {
        Ground::Outside => 3.0,
        Ground::Public => 2.0,
        Ground::Dmz => 1.0,
        Ground::Inside => 0.0,
    };
    Note { remarks, rank }
}

fn of_link(picture: &Picture, link: &Link, is_entry: bool) -> Note {
    let trust = &picture.analysis.trust;
    let is_crossing = trust.crossing(link).is_some();
    let mut figures = Vec::new();
    let mut badges = Vec::new();
    match trust.encryption(link) {
        Encryption::Encrypted | Encryption::Provided => figures.push("encrypted".to_owned()),
        Encryption::Both => figures.push("encrypted, and in the clear".to_owned()),
        Encryption::Local => figures.push("on one machine".to_owned()),
        Encryption::Plain => badges.push(Badge {
            severity: if is_crossing { Severity::Error } else { Severity::Warning },
            strong: "in the clear".to_owned(),
            words: String::new(),
        }),
        Encryption::Unstated => figures.push("encryption unknown".to_owned()),
    }
    figures.extend(authentication(picture, link, is_entry));
    let carried: Vec<&str> = trust.carried(link).classes.restricted().words().collect();
    if !carried.is_empty() {
        figures.push(carried.join(", "));
    }
    let rank = badges.iter().map(|it| if it.severity == Severity::Error { 2.0 } else { 1.0 }).sum();
    let weight = is_crossing.then_some(CROSSING);
    Note { remarks: Remarks { figures, badges, weight, ..Remarks::default() }, rank }
}

/// How callers prove who they are; of what nobody outside enters by only what is stated.
fn authentication(picture: &Picture, link: &Link, is_entry: bool) -> Option<String> {
    let target = picture.architecture.component(link.target);
    let entry = if is_entry { "entry: " } else { "" };
    let stated = [&link.properties, &target.properties];
    let proof = stated.into_iter().find_map(|it| it.word(Property::Auth));
    if link.has(Property::Mtls) {
        return Some(format!("{entry}mutual TLS"));
    }
    if let Some(proof) = proof.filter(|_| is_entry || link.has(Property::Auth)) {
        return Some(format!("{entry}{}", proof.replace('_', " ")));
    }
    if link.is_absent(Property::Auth) || (is_entry && target.is_absent(Property::Auth)) {
        return Some(format!("{entry}anybody may call"));
    }
    let is_said = link.has(Property::Auth) || target.has(Property::Auth);
    match (is_entry, is_said) {
        (true, true) => Some("entry: callers are known".to_owned()),
        (true, false) => Some("entry: who calls is unsaid".to_owned()),
        (false, _) => None,
    }
}
