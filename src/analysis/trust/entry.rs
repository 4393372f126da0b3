//! Entries: where requests come in, and what is stated on the way from there to what answers them.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::place::Place;
use super::{Ground, is_operational, scoped};
use crate::catalogue::Kind;
use crate::model::{Architecture, Component, ComponentId, Link, LinkId, Property};

/// Where requests come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// By a link: from outside, or from a root of a design that nobody outside calls.
    Link(LinkId),
    /// By a port that is open to the outside.
    Port(ComponentId),
}

impl Entry {
    /// The link, if it is one.
    pub fn link(self) -> Option<LinkId> {
        match self {
            Self::Link(link) => Some(link),
            Self::Port(_) => None,
        }
    }
}

/// All entries: ports that no link of the outside uses first, then links in the order of their declaration.
pub(super) fn entries(architecture: &Architecture, places: &[Place]) -> Vec<Entry> {
    let is_outside = |id: ComponentId| places[id.0 as usize].ground == Ground::Outside;
    let is_call = |link: &Link| {
        let target = architecture.component(link.target);
        target.kind != Kind::Dns && !is_operational(link) && !link.copies_data()
    };
    let from_outside = |link: &&Link| is_outside(link.source) && !is_outside(link.target) && is_call(link);
    let ports = architecture.components().filter(|component| {
        component.has(Property::Published)
            && !architecture.links_to(component.id).any(|link| is_outside(link.source))
    });
    let mut found: Vec<Entry> = ports.map(|component| Entry::Port(component.id)).collect();
    let links = architecture.links().filter(from_outside).map(|link| Entry::Link(link.id));
    found.extend(links);
    if found.is_empty() {
        let is_root = |link: &&Link| {
            let source = architecture.component(link.source);
            let is_called = architecture.links_to(source.id).any(|it| it.source != source.id);
            source.kind.is_compute() && !is_called && !is_outside(link.target) && is_call(link)
        };
        found.extend(architecture.links().filter(is_root).map(|link| Entry::Link(link.id)));
    }
    found
}

/// Whether a component's work is to find out who somebody is: it must let strangers in, and strangers guess.
pub fn is_login(component: &Component) -> bool {
    const WORDS: &[&str] = &["auth", "authentication", "login", "signin", "signup", "sso", "identity", "idp"];
    let is_word = |word: &str| WORDS.contains(&without(without(word, "service"), "server"));
    let name = &component.name;
    // Nearly all names are in lower case already, and every component is asked.
    let is_lower = !name.bytes().any(|it| it.is_ascii_uppercase());
    let name = if is_lower { Cow::Borrowed(name.as_str()) } else { name.to_ascii_lowercase().into() };
    component.kind == Kind::Identity || name.split(['.', '_', '-']).any(is_word)
}

/// A word without what it ends with, however often.
fn without<'a>(mut word: &'a str, end: &str) -> &'a str {
    while let Some(rest) = word.strip_suffix(end) {
        word = rest;
    }
    word
}

/// Follows requests from their entries through proxies to what answers, and tells who is reached unguarded.
///
/// A guard is anything on the way that states what is looked for. Each component is visited once, so that all
/// entries together take linear time.
pub struct Walk<'a, G> {
    architecture: &'a Architecture,
    is_guard: G,
    seen: FxHashSet<ComponentId>,
}

/// What a guard may state something on.
#[derive(Clone, Copy)]
pub enum Guard<'a> {
    /// A link, or a flow that takes it.
    Link(&'a Link),
    /// A component on the way.
    Component(&'a Component),
}

impl<'a, G: Fn(Guard<'a>) -> bool> Walk<'a, G> {
    /// A walk that asks `is_guard` of everything on its way.
    pub fn new(architecture: &'a Architecture, is_guard: G) -> Self {
        Self { architecture, is_guard, seen: FxHashSet::default() }
    }

    /// What a link leads to that no guard stands before, and that no earlier entry has reached so.
    pub fn unguarded(&mut self, entry: &'a Link) -> Vec<&'a Component> {
        let mut found = Vec::new();
        let mut waiting = vec![entry];
        while let Some(link) = waiting.pop() {
            if (self.is_guard)(Guard::Link(link)) {
                continue;
            }
            let target = self.architecture.component(link.target);
            if !self.seen.insert(target.id) || (self.is_guard)(Guard::Component(target)) {
                continue;
            }
            let forwards = forwarded(self.architecture, target);
            if forwards.is_empty() {
                found.push(target);
            }
            // The last is taken off first: pushed in reverse they are followed in the order of writing.
            waiting.extend(forwards.into_iter().rev());
        }
        found
    }
}

/// The links by which a proxy hands requests on to what serves them; none for what answers by itself.
pub fn forwarded<'a>(architecture: &'a Architecture, component: &Component) -> Vec<&'a Link> {
    if !component.kind.is_proxy() {
        return Vec::new();
    }
    architecture
        .links_from(component.id)
        .filter(|link| {
            let kind = architecture.component(link.target).kind;
            let serves = kind.is_compute() || kind.is_proxy() || kind == Kind::External;
            serves && !is_operational(link)
        })
        .collect()
}

/// Whether a property is stated to be there for a component: on it, on a group around it, or on the system.
pub fn is_in_force(architecture: &Architecture, component: &Component, property: Property) -> bool {
    scoped(architecture, component, property).is_some_and(|it| it.has)
}
