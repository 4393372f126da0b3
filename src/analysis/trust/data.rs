//! Classes of data, and how they travel: what a store holds reaches those who call it and comes from them, until
//! a link or a component says otherwise.

use std::collections::VecDeque;
use std::fmt;

use smol_str::SmolStr;

use super::is_operational;
use crate::model::property::DATA_CLASSES;
use crate::model::{Architecture, Component, ComponentId, Link, LinkId, Property};

/// A set of classes of data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Classes(u8);

impl Classes {
    /// None.
    pub const NONE: Self = Self(0);

    /// The classes of these words; others are passed over.
    pub fn of(words: &[SmolStr]) -> Self {
        let bits = words.iter().filter_map(|word| DATA_CLASSES.iter().position(|class| class == word));
        Self(bits.fold(0, |set, at| set | 1 << at))
    }

    /// Whether nothing is known.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// All that are in either.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Those whose loss harms people or is fined: secrets, cards, health, personal and financial data.
    #[must_use]
    pub fn sensitive(self) -> Self {
        self.up_to("financial")
    }

    /// Those that few may see: the sensitive and the confidential.
    #[must_use]
    pub fn classified(self) -> Self {
        self.up_to("confidential")
    }

    /// Those that not everybody may see: all but the public.
    #[must_use]
    pub fn restricted(self) -> Self {
        self.up_to("internal")
    }

    /// Whether the class of this word is among them.
    pub fn has(self, class: &str) -> bool {
        DATA_CLASSES.iter().position(|it| *it == class).is_some_and(|at| self.0 & (1 << at) != 0)
    }

    /// Whether this holds a more delicate class than the other.
    pub fn is_more_delicate_than(self, other: Self) -> bool {
        self.0.trailing_zeros() < other.0.trailing_zeros()
    }

    /// How delicate the most delicate class is: 0 for `secret`, the most for nothing.
    pub fn rank(self) -> u32 {
        self.0.trailing_zeros()
    }

    /// The words, the most delicate first.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        DATA_CLASSES.iter().enumerate().filter(move |(at, _)| self.0 & (1 << at) != 0).map(|(_, word)| *word)
    }

    fn up_to(self, class: &str) -> Self {
        let last = DATA_CLASSES.iter().position(|it| *it == class).expect("a class of the table");
        Self(self.0 & (((1_u16 << (last + 1)) - 1) as u8))
    }
}

/// `pci and pii`, as a sentence says it.
impl fmt::Display for Classes {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let words: Vec<&str> = self.words().collect();
        match words.as_slice() {
            [] => f.write_str("no classified"),
            [only] => f.write_str(only),
            [most @ .., last] => write!(f, "{} and {last}", most.join(", ")),
        }
    }
}

/// What a link carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The classes.
    pub classes: Classes,
    /// Whether the link, or a flow that takes it, says so itself; else it follows from what its ends hold.
    pub is_stated: bool,
    /// The component that the most delicate class comes from, where it follows.
    pub origin: Option<ComponentId>,
}

impl Carried {
    /// Whether it is stated that nothing passes but what everybody may see.
    pub fn is_public(self) -> bool {
        self.is_stated && self.classes.restricted().is_empty()
    }
}

/// What components hold and links carry.
#[derive(Debug)]
pub(super) struct Data {
    held: Vec<Classes>,
    origins: Vec<ComponentId>,
    carried: Vec<Carried>,
}

impl Data {
    pub(super) fn of(architecture: &Architecture) -> Self {
        let stated = stated_on_links(architecture);
        let mut spread = Spread::new(architecture, &stated);
        spread.run();
        let carried = architecture
            .links()
            .zip(&stated)
            .map(|(link, stated)| carried(architecture, link, *stated, &spread))
            .collect();
        Self { carried, held: spread.held, origins: spread.origins }
    }

    pub(super) fn held(&self, component: ComponentId) -> Classes {
        self.held[component.0 as usize]
    }

    pub(super) fn origin(&self, component: ComponentId) -> ComponentId {
        self.origins[component.0 as usize]
    }

    pub(super) fn carried(&self, link: LinkId) -> Carried {
        self.carried[link.0 as usize]
    }
}

/// What the links say of themselves, or the flows that take them.
fn stated_on_links(architecture: &Architecture) -> Vec<Option<Classes>> {
    let own = |link: &Link| link.is_stated(Property::Data).then(|| Classes::of(link.words(Property::Data)));
    let mut stated: Vec<Option<Classes>> = architecture.links().map(own).collect();
    for flow in architecture.flows().filter(|flow| flow.has(Property::Data)) {
        let classes = Classes::of(flow.words(Property::Data));
        for step in &flow.path.steps {
            if !architecture.link(*step).is_stated(Property::Data) {
                let place = &mut stated[step.0 as usize];
                *place = Some(place.unwrap_or_default().and(classes));
            }
        }
    }
    stated
}

fn carried(
    architecture: &Architecture,
    link: &Link,
    stated: Option<Classes>,
    Spread { held, forwarded, origins, .. }: &Spread,
) -> Carried {
    if let Some(classes) = stated {
        return Carried { classes, is_stated: true, origin: None };
    }
    let from = match way(architecture, link) {
        Some(Way::Back) => link.target,
        Some(Way::Forth) => link.source,
        None => return Carried { classes: Classes::NONE, is_stated: false, origin: None },
    };
    let at = from.0 as usize;
    let forwarded = forwarded[link.source.0 as usize];
    // What callers send through a proxy comes from no component of the design.
    let is_held = !held[at].without(forwarded).is_empty();
    let classes = held[at].and(forwarded);
    Carried { classes, is_stated: false, origin: is_held.then_some(origins[at]) }
}

/// Which way classes are told along a link.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// From the called to the caller: who reads or writes pii handles pii.
    Back,
    /// With the message: out of a queue, into a copy.
    Forth,
}

fn way(architecture: &Architecture, link: &Link) -> Option<Way> {
    let (source, target) = architecture.ends(link);
    if link.copies_data() || link.is(Property::For, "backup") || source.kind.is_queue() {
        return Some(Way::Forth);
    }
    // A person or a device is sent what it may see; what a store itself calls says nothing of what it holds.
    let is_use = !is_operational(link) && !target.kind.is_caller_only() && !source.kind.holds_data();
    is_use.then_some(Way::Back)
}

/// Classes on their way through a design, until nothing changes: each component changes once a class.
struct Spread<'a> {
    architecture: &'a Architecture,
    stated: &'a [Option<Classes>],
    /// The caches and copies that are made from each component.
    copies: Vec<Vec<ComponentId>>,
    held: Vec<Classes>,
    /// What reaches a proxy by links that say what they carry, and goes on from there.
    forwarded: Vec<Classes>,
    origins: Vec<ComponentId>,
    changed: VecDeque<ComponentId>,
}

impl<'a> Spread<'a> {
    fn new(architecture: &'a Architecture, stated: &'a [Option<Classes>]) -> Self {
        let everywhere = everywhere(architecture);
        let mut copies = vec![Vec::new(); architecture.components().len()];
        for component in architecture.components() {
            for property in [Property::Caches, Property::DerivedFrom] {
                for of in architecture.references(component, property) {
                    copies[of.0 as usize].push(component.id);
                }
            }
        }
        let held = architecture.components().map(|component| {
            if !component.is_stated(Property::Data) && component.kind.is_store() {
                return everywhere;
            }
            Classes::of(component.data_classes())
        });
        Self {
            architecture,
            stated,
            copies,
            held: held.collect(),
            forwarded: vec![Classes::NONE; architecture.components().len()],
            origins: architecture.components().map(|component| component.id).collect(),
            changed: VecDeque::new(),
        }
    }

    fn run(&mut self) {
        for component in self.architecture.components() {
            if !self.held[component.id.0 as usize].is_empty() {
                self.changed.push_back(component.id);
            }
        }
        for link in self.architecture.links() {
            self.take_stated(link);
        }
        while let Some(component) = self.changed.pop_front() {
            self.pass_on(component);
        }
    }

    /// What a link says that it carries is held at its ends.
    fn take_stated(&mut self, link: &Link) {
        let Some(classes) = self.stated[link.id.0 as usize] else { return };
        let (source, target) = self.architecture.ends(link);
        let takes = |component: &Component| !component.kind.is_outside();
        if takes(target) {
            self.add(link.target, classes, link.target);
        }
        if target.kind.is_proxy() {
            self.forward(link.target, classes);
        }
        if takes(source) && !source.kind.is_store() {
            self.add(link.source, classes, link.source);
        }
    }

    /// What comes in at a proxy goes on to whatever stands behind it.
    fn forward(&mut self, proxy: ComponentId, classes: Classes) {
        let architecture = self.architecture;
        let mut waiting = vec![proxy];
        while let Some(proxy) = waiting.pop() {
            let more = self.forwarded[proxy.0 as usize].and(classes);
            if more == self.forwarded[proxy.0 as usize] {
                continue;
            }
            self.forwarded[proxy.0 as usize] = more;
            for link in architecture.links_from(proxy) {
                if !self.is_open(link) || is_operational(link) {
                    continue;
                }
                let target = architecture.component(link.target);
                if target.kind.is_proxy() {
                    waiting.push(target.id);
                }
                if !target.kind.is_outside() {
                    self.add(target.id, classes, target.id);
                }
            }
        }
    }

    fn pass_on(&mut self, component: ComponentId) {
        let architecture = self.architecture;
        let (classes, origin) = (self.held[component.0 as usize], self.origins[component.0 as usize]);
        for link in architecture.links_to(component) {
            if self.is_open(link) && way(architecture, link) == Some(Way::Back) {
                self.add(link.source, classes, origin);
            }
        }
        for link in architecture.links_from(component) {
            if self.is_open(link) && way(architecture, link) == Some(Way::Forth) {
                self.add(link.target, classes, origin);
            }
        }
        for at in 0..self.copies[component.0 as usize].len() {
            self.add(self.copies[component.0 as usize][at], classes, origin);
        }
    }

    fn is_open(&self, link: &Link) -> bool {
        self.stated[link.id.0 as usize].is_none()
    }

    fn add(&mut self, to: ComponentId, classes: Classes, origin: ComponentId) {
        // What a component says of itself is all that it holds.
        if self.architecture.component(to).is_stated(Property::Data) {
            return;
        }
        let at = to.0 as usize;
        let more = self.held[at].and(classes);
        if more == self.held[at] {
            return;
        }
        if classes.is_more_delicate_than(self.held[at]) {
            self.origins[at] = origin;
        }
        self.held[at] = more;
        self.changed.push_back(to);
    }
}

/// What the system says of all its data, or a flow that names no path.
fn everywhere(architecture: &Architecture) -> Classes {
    let system = Classes::of(architecture.system.properties.words(Property::Data));
    architecture
        .flows()
        .filter(|flow| flow.path.is_empty())
        .fold(system, |classes, flow| classes.and(Classes::of(flow.words(Property::Data))))
}
