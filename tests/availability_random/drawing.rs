//! Random small designs, drawn as text: a few components, what they state, and who calls whom.

use std::fmt::Write;

/// A sequence of numbers that looks random and is the same everywhere (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to one less than `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    /// True so often in a hundred.
    pub(crate) fn percent(&mut self, often: usize) -> bool {
        self.below(100) < often
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// A component as drawn.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) replicas: Option<u32>,
    /// In percent.
    pub(crate) availability: Option<f64>,
    pub(crate) properties: Vec<String>,
    group: Option<usize>,
}

impl Drawn {
    pub(crate) fn has(&self, property: &str) -> bool {
        self.properties.iter().any(|it| it.starts_with(property))
    }
}

#[derive(Clone, Debug)]
struct Group {
    head: String,
    parent: Option<usize>,
}

/// A link as a path names it.
struct Step {
    source: String,
    arrow: &'static str,
    target: String,
}

/// A design as drawn.
#[derive(Clone, Debug)]
pub(crate) struct Drawing {
    pub(crate) components: Vec<Drawn>,
    groups: Vec<Group>,
    links: Vec<String>,
    flows: Vec<String>,
}

/// How a drawing is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Components besides the client, at most.
    pub(crate) most: usize,
    /// Out of a hundred links, how many may lead back.
    pub(crate) back: usize,
}

impl Style {
    pub(crate) const LAYERED: Self = Self { most: 6, back: 0 };
    pub(crate) const RINGS: Self = Self { most: 6, back: 45 };
}

impl Drawing {
    pub(crate) fn random(dice: &mut Dice, style: Style) -> Self {
        let count = 2 + dice.below(style.most - 1);
        let groups = groups(dice);
        let mut drawing = Self { components: Vec::new(), groups, links: Vec::new(), flows: Vec::new() };
        let mut nodes_left = 9;
        for at in 0..count {
            let component = drawing.component(dice, at, style, &mut nodes_left);
            drawing.components.push(component);
        }
        drawing.link(dice, style);
        if dice.percent(8) {
            drawing.components.push(Drawn {
                kind: "dns",
                name: "names".to_owned(),
                replicas: None,
                availability: Some(99.0),
                properties: Vec::new(),
                group: None,
            });
        }
        drawing
    }

    fn component(&self, dice: &mut Dice, at: usize, style: Style, nodes_left: &mut u32) -> Drawn {
        const KINDS: [&str; 16] = [
            "service",
            "service",
            "service",
            "service",
            "service",
            "database",
            "database",
            "database",
            "load_balancer",
            "load_balancer",
            "cache",
            "api_gateway",
            "third_party",
            "object_store",
            "queue",
            "cdn",
        ];
        let kind = if at == 0 {
            dice.pick(&["service", "load_balancer", "api_gateway", "service"])
        } else {
            dice.pick(&KINDS)
        };
        let is_run =
            matches!(kind, "service" | "database" | "load_balancer" | "cache" | "queue" | "api_gateway");
        let replicas =
            (is_run && dice.percent(70)).then(|| (1 + dice.below(3) as u32).min(*nodes_left).max(1));
        *nodes_left = nodes_left.saturating_sub(replicas.unwrap_or(1)).max(1);
        let availability = dice.percent(70).then(|| [90.0, 95.0, 80.0, 99.0, 99.9, 100.0][dice.below(6)]);
        let properties = properties(dice, kind, replicas.unwrap_or(1), style);
        let is_placed = properties.iter().any(|it| it.starts_with("zones") || it.starts_with("regions"));
        let open: Vec<usize> = (0..self.groups.len())
            .filter(|group| !is_placed || !self.groups[*group].head.starts_with("zone"))
            .collect();
        let group = (!open.is_empty() && dice.percent(60)).then(|| open[dice.below(open.len())]);
        let mut drawn = Drawn { kind, name: format!("c{at}"), replicas, availability, properties, group };
        if kind == "service" && at > 0 && dice.percent(6) {
            drawn.properties.push(format!("on = c{}", dice.below(at)));
        }
        drawn
    }

    /// Each component calls a few of those after it, and now and then one before it.
    fn link(&mut self, dice: &mut Dice, style: Style) {
        let count = self.components.len();
        let mut steps: Vec<Step> = Vec::new();
        for at in 0..=count {
            let source = if at == 0 { "u".to_owned() } else { self.components[at - 1].name.clone() };
            let mut targets: Vec<usize> = (at..count).collect();
            if at > 0 {
                targets.extend((0..at - 1).filter(|_| dice.percent(style.back)));
            }
            dice.shuffle(&mut targets);
            let most = if at == 0 { 2 } else { 5 };
            targets.truncate(dice.below(most) + usize::from(at == 0 || at == 1));
            if at == 0 && !targets.contains(&0) {
                targets[0] = 0;
            }
            while !targets.is_empty() {
                let rest = targets.split_off((1 + dice.below(targets.len() + 2)).min(targets.len()));
                let names: Vec<String> = targets.iter().map(|it| self.components[*it].name.clone()).collect();
                let is_queue = targets.iter().any(|it| self.components[*it].kind == "queue");
                let is_async = at > 0 && dice.percent(if is_queue { 70 } else { 4 });
                let arrow = if is_async { "~>" } else { "->" };
                steps.extend(names.iter().map(|it| Step {
                    source: source.clone(),
                    arrow,
                    target: it.clone(),
                }));
                let body = body_of_link(dice, names.len() > 1);
                self.links.push(format!("{source} {arrow} {}{body}", expression(dice, &names, true)));
                targets = rest;
            }
        }
        for (at, store) in self.components.iter().enumerate().skip(1) {
            let source = &self.components[at - 1];
            let is_linked = steps.iter().any(|it| it.source == source.name && it.target == store.name);
            if source.kind == "database" && store.kind == "database" && !is_linked && dice.percent(30) {
                self.links.push(format!("{} -> {} : replication", source.name, store.name));
            }
        }
        if dice.percent(55) {
            self.flows.extend((0..=dice.below(2)).map(|at| flow(dice, at, &steps)));
        }
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from("client u\n");
        self.write_group(None, &mut text);
        for line in self.links.iter().chain(&self.flows) {
            let _ = writeln!(text, "{line}");
        }
        text
    }

    fn write_group(&self, group: Option<usize>, text: &mut String) {
        for it in self.components.iter().filter(|it| it.group == group) {
            let replicas = it.replicas.map_or(String::new(), |count| format!(" x{count}"));
            let mut properties = it.properties.clone();
            properties.extend(it.availability.map(|percent| format!("availability = {percent}%")));
            let _ = writeln!(text, "{} {}{replicas} {{ {} }}", it.kind, it.name, properties.join(", "));
        }
        for (at, it) in self.groups.iter().enumerate().filter(|(_, it)| it.parent == group) {
            let _ = writeln!(text, "{} {{", it.head);
            self.write_group(Some(at), text);
            text.push_str("}\n");
        }
    }
}

fn groups(dice: &mut Dice) -> Vec<Group> {
    let mut groups = Vec::new();
    if dice.percent(65) {
        return groups;
    }
    for at in 0..=dice.below(3) {
        let kind = dice.pick(&["region", "zone", "host", "group"]);
        let parent = (at > 0 && dice.percent(50)).then(|| at - 1);
        groups.push(Group { head: format!("{kind} g{at}"), parent });
    }
    groups
}

/// What a component of this kind may state of itself.
fn properties(dice: &mut Dice, kind: &str, replicas: u32, style: Style) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut say = |dice: &mut Dice, often: usize, text: String| {
        if dice.percent(often) {
            found.push(text);
        }
    };
    // A chooser's coin is thrown once a request: in a ring it would have to be said for which.
    if matches!(kind, "load_balancer" | "service") && style.back == 0 {
        say(dice, 6, "health_check = none".to_owned());
    }
    match kind {
        "queue" => {
            say(dice, 20, "on_full = drop".to_owned());
            return found;
        }
        "cache" => {
            let strategy = dice.pick(&["cache_aside", "read_through", "cache_aside"]);
            say(dice, 60, format!("strategy = {strategy}"));
        }
        "cdn" => {
            if style.back == 0 {
                say(dice, 40, "serve_stale, hit_ratio = 75%".to_owned());
            }
            return found;
        }
        "third_party" | "object_store" => return found,
        "load_balancer" => say(dice, 15, "managed".to_owned()),
        _ => {}
    }
    if replicas < 2 {
        let switch = dice.pick(&["failover", "failover = 30s", "standby = hot", "standby = cold"]).to_owned();
        say(dice, 8, switch);
        say(dice, 10, "zones = 2".to_owned());
        return found;
    }
    let place = dice.pick(&["zones = 1", "zones = 2", "zones = 2", "zones = 3", "regions = 2"]);
    say(dice, 25, place.to_owned());
    let correlation = [0, 2, 10, 50][dice.below(4)];
    say(dice, 35, format!("correlation = {correlation}%"));
    let is_quorum = kind == "database" && dice.percent(20);
    if is_quorum {
        say(dice, 100, "replication = quorum".to_owned());
        let quorum = 1 + dice.below(replicas as usize);
        say(dice, 30, format!("write_quorum = {quorum}"));
        say(dice, 30, "read_quorum = 1".to_owned());
        return found;
    }
    let needs = 1 + dice.below(replicas as usize);
    say(
        dice,
        30,
        format!("needs = {}", if needs as u32 == replicas { "all".to_owned() } else { needs.to_string() }),
    );
    let often = if kind == "database" { 60 } else { 12 };
    let switch = [
        "failover = 30s",
        "failover = manual",
        "failover",
        "standby = hot",
        "standby = warm",
        "standby = cold",
        "mode = active_passive",
        "failover = none",
        "failover = 60s, standby = hot",
        "failover = none, standby = hot",
        "failover = 10min, repair = 1h",
    ];
    let switch = dice.pick(&switch);
    say(dice, often, switch.to_owned());
    if kind == "database" {
        say(dice, 20, "replication = async".to_owned());
        say(dice, 15, "consistency = strong".to_owned());
        say(dice, 8, "shards = 2".to_owned());
    }
    found
}

/// `a, (b | c)`: a tree of relations, no two of one kind directly in each other.
fn expression(dice: &mut Dice, names: &[String], is_top: bool) -> String {
    let relation = if is_top {
        dice.pick(&[", ", ", ", " | ", " | ", " else ", " else ", " / "])
    } else {
        dice.pick(&[", ", " | ", " else "])
    };
    expression_of(dice, names, relation)
}

fn expression_of(dice: &mut Dice, names: &[String], relation: &str) -> String {
    if names.len() == 1 {
        return names[0].clone();
    }
    let inner = if names.len() > 2 && dice.percent(50) { 2 + dice.below(names.len() - 2) } else { 0 };
    let (nested, single) = names.split_at(inner);
    let mut members: Vec<String> = single.to_vec();
    if !nested.is_empty() {
        let other = loop {
            let other = dice.pick(&[", ", " | ", " else ", " / "]);
            if other != relation {
                break other;
            }
        };
        members.insert(dice.below(members.len() + 1), format!("({})", expression_of(dice, nested, other)));
    }
    members.join(relation)
}

fn body_of_link(dice: &mut Dice, is_set: bool) -> String {
    let mut properties: Vec<&str> = Vec::new();
    if is_set && dice.percent(60) {
        properties.push(dice.pick(&["failover = 60s", "failover = manual", "failover", "standby = warm"]));
    } else if dice.percent(12) {
        properties.push(dice.pick(&["availability = 90%", "availability = 99%"]));
    }
    if dice.percent(20) {
        properties.push(dice.pick(&["reads", "writes", "reads", "writes", "reads, writes"]));
    }
    if dice.percent(12) {
        properties.push(dice.pick(&["optional", "startup", "batch", "scatter", "scatter", "required"]));
    }
    if properties.is_empty() { String::new() } else { format!(" {{ {} }}", properties.join(", ")) }
}

/// One or two walks along the links, from the client.
fn flow(dice: &mut Dice, number: usize, steps: &[Step]) -> String {
    let mut text = format!("flow f{number} {{ {}", dice.pick(&["reads", "writes", "share = 40%"]));
    if dice.percent(10) {
        text.push_str(", consistency = strong");
    }
    for _ in 0..=dice.below(2) {
        let mut walk = vec!["u"];
        text.push_str("\n  u");
        for _ in 0..=dice.below(4) {
            let at = walk[walk.len() - 1];
            let next: Vec<&Step> =
                steps.iter().filter(|it| it.source == at && !walk.contains(&it.target.as_str())).collect();
            if next.is_empty() {
                break;
            }
            let step = dice.pick(&next);
            walk.push(&step.target);
            let _ = write!(text, " {} {}", step.arrow, step.target);
        }
    }
    text + "\n}"
}
