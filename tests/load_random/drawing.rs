//! Random small designs without cycles, drawn as text: who calls whom how often, and what enters.

use std::fmt::Write;

use crate::availability_random::drawing::Dice;

/// A statement of links from one component.
#[derive(Clone, Debug)]
struct Statement {
    source: String,
    arrow: &'static str,
    targets: String,
    body: String,
}

/// A flow as drawn: what it states, and its chains, each a walk by names.
#[derive(Clone, Debug)]
pub(crate) struct DrawnFlow {
    pub(crate) name: String,
    pub(crate) mode: Option<&'static str>,
    /// Requests a second.
    pub(crate) rate: Option<f64>,
    /// In percent.
    pub(crate) share: Option<f64>,
    pub(crate) chains: Vec<Vec<String>>,
}

/// A design as drawn.
#[derive(Clone, Debug)]
pub(crate) struct Drawing {
    /// The clients, and what each brings where no flow is drawn.
    pub(crate) clients: Vec<(String, f64)>,
    components: Vec<String>,
    statements: Vec<Statement>,
    pub(crate) flows: Vec<DrawnFlow>,
    /// What the whole carries, in requests a second.
    pub(crate) rate: f64,
    pub(crate) reads_per_write: Option<f64>,
    /// All rates times this.
    pub(crate) scale: f64,
}

const KINDS: [&str; 17] = [
    "service",
    "service",
    "service",
    "service",
    "load_balancer",
    "api_gateway",
    "reverse_proxy",
    "cdn",
    "cache",
    "cache",
    "database",
    "database",
    "queue",
    "stream",
    "worker",
    "object_store",
    "identity",
];

impl Drawing {
    pub(crate) fn random(dice: &mut Dice) -> Self {
        let count = 3 + dice.below(6);
        let kinds: Vec<&str> = (0..count).map(|_| dice.pick(&KINDS)).collect();
        let clients: Vec<(String, f64)> =
            (0..=dice.below(2)).map(|at| (format!("u{at}"), 10.0 + dice.below(90) as f64)).collect();
        let mut drawing = Self {
            components: kinds.iter().enumerate().map(|(at, kind)| component(dice, at, kind)).collect(),
            clients,
            statements: Vec::new(),
            flows: Vec::new(),
            rate: 100.0 + dice.below(900) as f64,
            reads_per_write: dice.percent(50).then(|| 1.0 + dice.below(20) as f64),
            scale: 1.0,
        };
        let mut steps: Vec<(String, &'static str, String)> = Vec::new();
        for at in 0..drawing.clients.len() {
            let source = drawing.clients[at].0.clone();
            let targets: Vec<usize> = (0..count.min(3)).filter(|it| *it == 0 || dice.percent(30)).collect();
            drawing.link(dice, &source, None, &targets, &kinds, &mut steps);
        }
        for at in 0..count {
            let mut targets: Vec<usize> = (at + 1..count).filter(|_| dice.percent(50)).collect();
            targets.truncate(4);
            drawing.link(dice, &format!("c{at}"), Some(kinds[at]), &targets, &kinds, &mut steps);
        }
        if dice.percent(70) {
            drawing.flows = (0..=dice.below(3)).map(|at| flow(dice, at, &steps)).collect();
        }
        drawing
    }

    pub(crate) fn has_paths(&self) -> bool {
        self.flows.iter().any(|flow| !flow.chains.is_empty())
    }

    fn link(
        &mut self,
        dice: &mut Dice,
        source: &str,
        kind: Option<&str>,
        targets: &[usize],
        kinds: &[&str],
        steps: &mut Vec<(String, &'static str, String)>,
    ) {
        let mut left = targets.to_vec();
        while !left.is_empty() {
            let rest = left.split_off((1 + dice.below(left.len() + 1)).min(left.len()));
            let names: Vec<String> = left.iter().map(|it| format!("c{it}")).collect();
            let is_queue = left.iter().all(|it| matches!(kinds[*it], "queue" | "stream"));
            let feeds = matches!(kind, Some("queue" | "stream"));
            let is_async = kind.is_some() && (feeds || is_queue || dice.percent(5));
            let arrow = if is_async { "~>" } else { "->" };
            steps.extend(names.iter().map(|it| (source.to_owned(), arrow, it.clone())));
            self.statements.push(Statement {
                source: source.to_owned(),
                arrow,
                targets: expression(dice, &names),
                body: body(dice, kind, names.len()),
            });
            left = rest;
        }
    }

    pub(crate) fn shuffle(&mut self, dice: &mut Dice) {
        dice.shuffle(&mut self.components);
        dice.shuffle(&mut self.statements);
        dice.shuffle(&mut self.flows);
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("system \"s\" {{ rate = {}/s", self.rate * self.scale);
        if let Some(ratio) = self.reads_per_write {
            let _ = write!(text, ", reads_per_write = {ratio}");
        }
        text.push_str(" }\n");
        for (name, rate) in &self.clients {
            let _ = writeln!(text, "client {name} {{ rate = {}/s }}", rate * self.scale);
        }
        for component in &self.components {
            let _ = writeln!(text, "{component}");
        }
        for Statement { source, arrow, targets, body } in &self.statements {
            let _ = writeln!(text, "{source} {arrow} {targets}{body}");
        }
        for flow in &self.flows {
            let mut properties: Vec<String> = flow.mode.into_iter().map(str::to_owned).collect();
            properties.extend(flow.rate.map(|it| format!("rate = {}/s", it * self.scale)));
            properties.extend(flow.share.map(|it| format!("share = {it}%")));
            let _ = writeln!(text, "flow {} {{ {}", flow.name, properties.join(", "));
            for chain in &flow.chains {
                let _ = writeln!(text, "  {}", chain.concat());
            }
            text.push_str("}\n");
        }
        text
    }
}

fn component(dice: &mut Dice, at: usize, kind: &str) -> String {
    let mut properties: Vec<&str> = Vec::new();
    match kind {
        "cache" => {
            properties.push(dice.pick(&["hit_ratio = 80%", "hit_ratio = 80%", "hit_ratio = 25%"]));
            let strategy = ["cache_aside", "read_through", "write_through", "write_behind", "refresh_ahead"];
            let strategy = strategy[dice.below(5)];
            return format!("{kind} c{at} {{ {}, strategy = {strategy} }}", properties[0]);
        }
        "cdn" => properties.push(dice.pick(&["hit_ratio = 80%", "hit_ratio = 95%"])),
        "database" if dice.percent(30) => properties.push("shards = 4, shard_key = id"),
        _ => {}
    }
    format!("{kind} c{at} {{ {} }}", properties.join(", "))
}

/// `a, (b | c)`: several targets and how they relate.
fn expression(dice: &mut Dice, names: &[String]) -> String {
    let relations = [", ", ", ", " | ", " | ", " else ", " / "];
    let relation = dice.pick(&relations);
    if names.len() < 3 || dice.percent(50) {
        return names.join(relation);
    }
    let inner = loop {
        let inner = dice.pick(&relations);
        if inner != relation {
            break inner;
        }
    };
    let (nested, single) = names.split_at(2);
    let nested = format!("({})", nested.join(inner));
    std::iter::once(nested).chain(single.iter().cloned()).collect::<Vec<_>>().join(relation)
}

fn body(dice: &mut Dice, source: Option<&str>, targets: usize) -> String {
    let mut properties: Vec<&str> = Vec::new();
    if dice.percent(25) {
        properties.push(dice.pick(&["reads", "writes", "reads, writes"]));
    }
    if dice.percent(15) {
        properties.push(dice.pick(&["calls = 2", "calls = 0.5"]));
    }
    if source.is_some() && dice.percent(10) {
        properties.push(dice.pick(&[
            "scatter",
            "optional",
            "startup",
            "batch",
            "cacheable = 50%",
            "for = health",
        ]));
    }
    if source.is_some() && targets == 1 && dice.percent(20) {
        properties.push(dice.pick(&["share = 30%", "share = 60%"]));
    }
    if properties.is_empty() { String::new() } else { format!(" {{ {} }}", properties.join(", ")) }
}

/// Walks along the links, from a client, with and without a path, a rate, a share.
fn flow(dice: &mut Dice, number: usize, steps: &[(String, &'static str, String)]) -> DrawnFlow {
    let mode = [None, Some("reads"), Some("writes")][dice.below(3)];
    let mut flow =
        DrawnFlow { name: format!("f{number}"), mode, rate: None, share: None, chains: Vec::new() };
    match dice.below(3) {
        0 => flow.rate = Some(5.0 + dice.below(50) as f64),
        1 => flow.share = Some([10.0, 20.0, 30.0][dice.below(3)]),
        _ => {}
    }
    if dice.percent(20) {
        return flow;
    }
    for _ in 0..=dice.below(3) {
        let seen: Vec<String> = flow.chains.iter().flatten().cloned().collect();
        let heads: Vec<&String> =
            steps.iter().map(|it| &it.0).filter(|it| seen.contains(*it) || it.starts_with('u')).collect();
        let mut at = heads[dice.below(heads.len())].clone();
        let mut chain = vec![at.clone()];
        for _ in 0..=dice.below(4) {
            let next: Vec<_> = steps.iter().filter(|it| it.0 == at).collect();
            if next.is_empty() {
                break;
            }
            let (_, arrow, target) = next[dice.below(next.len())];
            chain.extend([format!(" {arrow} "), target.clone()]);
            at.clone_from(target);
        }
        if chain.len() > 1 {
            flow.chains.push(chain);
        }
    }
    flow
}
