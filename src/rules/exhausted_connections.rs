use super::{Context, Findings, declare_rule};
use crate::analysis::capacity::assumed_peak;
use crate::analysis::resources::{self, Held, Sockets, Starved};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Property, Replicas};

declare_rule! {
    /// Finds connections that run out: the pools of all callers over what a store takes, the sockets of all users over
    /// what nodes hold, and a pool that is smaller than what a call holds at peak.
    ///
    /// ## Why it matters
    /// A connection is memory at both ends, and the end of it is a wall: the next caller gets an error or waits for a
    /// slot, however idle the processors are. Adding replicas of the caller, the usual cure for load, makes it worse, for
    /// each brings a pool of its own.
    ///
    /// ## Example
    /// ```arch
    /// service api x40 { pool = 20 }
    /// database orders : postgres { max_connections = 500 } // finding: "keep 800 connections to `orders`"
    /// api -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api x40 { pool = 10 }
    /// database orders : postgres { max_connections = 500 }
    /// api -> orders
    /// ```
    ///
    /// Users that hold a connection each:
    /// ```arch
    /// client phone { concurrent = 1M }
    /// service gateway x4 { max_connections = 100k } // finding: "250k connections on each of 4 nodes"
    /// phone -> gateway : wss
    /// ```
    ///
    /// And calls that hold more than there are, by Little's law:
    /// ```arch
    /// client browser { rate = 1k/s }
    /// service api x5
    /// database orders : postgres { service_time = 100ms, max_connections = 500 }
    /// browser -> api
    /// api -> orders { pool = 50 } // finding: "needs 60 connections to `orders` at peak"
    /// ```
    ///
    /// ## How it is detected
    /// Three cases. *Pools*: replicas × `pool` of every caller (the upper end of a range), added up, against the
    /// `max_connections` of a node; what writes goes to the primary, what only reads is spread over the nodes that are
    /// read, and all is parted over shards. *Sockets*: the users that are on at once (`concurrent` of a client, a flow,
    /// the system or the component) where they are linked by what stays open (`websocket`, `sse`, `mqtt`, `connections
    /// = long`), over the replicas, through proxies as well. *Little's law*: peak rate ÷ replicas × service time of the
    /// target, against the `pool` of the caller. Limits and times that are not written are the catalogue's, and named
    /// as assumed; what somebody else runs has none unless it is stated. There is no fix: smaller pools, fewer replicas
    /// and a proxy are different answers.
    ///
    /// ## Known false alarms
    /// A pool whose size is a maximum that is never reached at once: state the size that is.
    ///
    /// ## An interviewer asks
    /// Those that call it double. How many connections are then open?
    ///
    /// ## A good answer
    /// - callers times what each holds, against what the other end bears
    /// - smaller pools, or something between that shares the connections
    ///
    /// ## References
    /// - J. Little, "A proof for the queuing formula L = λW", 1961.
    /// - PostgreSQL documentation, "Connections and authentication": `max_connections`.
    /// - [CWE-770](https://cwe.mitre.org/data/definitions/770.html): allocation of resources without limits.
    /// - OWASP ASVS 5.0, 13.1.2: limits of connections and pools.
    static RULE = {
        code: "LP311",
        summary: "connections that run out",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for starved in resources::exhausted_pools(cx.architecture) {
        pools(cx, findings, &starved);
    }
    for full in resources::full_of_sockets(cx.architecture) {
        sockets(cx, findings, &full);
    }
    for held in resources::starved_callers(cx.architecture, &cx.analysis.load) {
        callers(cx, findings, &held);
    }
}

fn pools(cx: &Context, findings: &mut Findings, starved: &Starved) {
    let Starved { store, on_a_node, limit, pools } = starved;
    let mut names: Vec<&str> = Vec::new();
    for pooled in pools {
        if !names.contains(&pooled.caller.name.as_str()) {
            names.push(&pooled.caller.name);
        }
    }
    let whose = match names.len() {
        1 => format!("the pools of `{}` keep", names[0]),
        _ => format!("the pools of {} keep", figures::listed(&names, 3)),
    };
    let of_node = if store.shards() > 1.0 { " to each shard of" } else { " to" };
    let mark = limit.mark();
    let [kept, most] = figures::apart_by(*on_a_node, limit.most, figures::number_to);
    let message = format!("{whose} {kept} connections{of_node} `{}`, which takes {most}{mark}", store.name);
    let mut finding = findings.on_component(Severity::Warning, store, format!("takes {most}{mark}"), message);
    for pooled in pools.iter().take(4) {
        let told = resources::counted(&pooled.connections);
        finding.label(cx.architecture.link_name(pooled.link), pooled.link.span, told);
    }
    finding.note(
        "whoever comes when all are taken gets an error; each replica that is added brings a pool of its own",
    );
    let all: f64 = pools.iter().map(|it| it.connections.value).sum();
    let largest = &pools[0];
    let pool = largest.link.figure(Property::Pool).or_else(|| largest.caller.figure(Property::Pool));
    let fitting =
        pool.map(|pool| (pool * limit.most / on_a_node).floor()).filter(|it| *it >= 1.0 && all > 0.0);
    finding.help(match fitting {
        Some(fitting) => format!(
            "keep `pool = {}` or less in each replica of `{}`, or put a connection pooler between them",
            figures::number(fitting),
            largest.caller.name
        ),
        None => "put a connection pooler between them: there are more replicas than connections".to_owned(),
    });
}

fn sockets(cx: &Context, findings: &mut Findings, full: &Sockets) {
    let component = full.component;
    let mark = full.limit.mark();
    let [each, most] = figures::apart_by(full.each().value, full.limit.most, figures::number_to);
    let on = match full.nodes {
        nodes if nodes > 1.0 => format!("on each of {} nodes", figures::number(nodes)),
        _ => "on one node".to_owned(),
    };
    let message =
        format!("users hold {each} connections {on} of `{}`, which takes {most}{mark}", component.name);
    let mut finding =
        findings.on_component(Severity::Warning, component, format!("takes {most} a node{mark}"), message);
    if let Some(link) = full.link {
        finding.label(cx.architecture.link_name(link), link.span, "held open");
    }
    if full.nodes > 1.0 {
        finding.note(resources::counted(&full.each()));
    }
    let target = cx.architecture.parameters.utilisation_target.value;
    let filled = full.all / component.shards() / full.limit.most;
    // Of two that are 70% full the one that is left does not hold the users of both.
    let wanted = (filled / target).ceil().max(filled.ceil() + 1.0);
    finding
        .note("the next user can't connect at all, and those that are dropped come back all at once")
        .help(format!(
            "run {wanted} of it (`{} x{wanted}`): then each holds {}, and the loss of one leaves room for its users",
            component.name,
            figures::number(full.all / (wanted * component.shards()))
        ));
}

fn callers(cx: &Context, findings: &mut Findings, held: &Held) {
    let Some(pool) = held.pool else { return };
    let (caller, target) = cx.architecture.ends(held.link);
    let needed = figures::number(held.needed.value.ceil());
    let demand = cx.analysis.load.link(held.link.id);
    let by_mean = held.needed.value * (demand.mean.total() / demand.peak.total());
    let is_peak_assumed = demand.is_peak_assumed && by_mean <= pool;
    let assumed = if is_peak_assumed { " (assumed peak)" } else { "" };
    let message = format!(
        "each replica of `{}` needs {needed} connections to `{}` at peak{assumed}, and its pool has {}",
        caller.name,
        target.name,
        figures::number(pool)
    );
    let label = format!("{needed} at once{}", held.time.mark());
    let mut finding = findings.on_link(Severity::Warning, cx.architecture, held.link, label, message);
    let stated = held.link.span(Property::Pool).or_else(|| caller.span(Property::Pool));
    if let Some(span) = stated {
        finding.place(span, "the pool");
    }
    let mut told = resources::counted(&held.needed);
    if held.time.is_assumed {
        told += &format!(", where a call takes {} (assumed)", held.time.most);
    }
    finding.note(told);
    if is_peak_assumed {
        finding.note(assumed_peak(&cx.architecture.parameters));
    }
    if let Some(hanging) = &held.hanging {
        finding.note(format!("while it hangs, up to its timeout: {}", resources::counted(hanging)));
    }
    finding
        .note("requests wait for a connection while the target is idle, longer with each second of the peak");
    let wanted = held.needed.value / cx.architecture.parameters.utilisation_target.value;
    let larger = format!("give each replica `pool = {}`", wanted.ceil());
    finding.help(match caller.replicas {
        Replicas::Stated { most: Some(replicas), .. } => {
            let all = wanted.ceil() * f64::from(replicas) * caller.shards();
            let more = (f64::from(replicas) * wanted / pool).ceil();
            format!(
                "{larger}, {} connections to `{}` in all, or run {more} replicas of `{}` (`{} x{more}`)",
                figures::number(all),
                target.name,
                caller.name,
                caller.name
            )
        }
        _ => format!("{larger}, if `{}` takes so many, or run more replicas", target.name),
    });
}
