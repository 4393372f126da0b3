//! The load of random designs against an interpreter that goes every way from the entries by itself and sums up what
//! comes.

pub(crate) mod drawing;
mod interpreter;

use crate::analysed::analysed;
use crate::availability_random::drawing::Dice;
use drawing::Drawing;
use interpreter::Interpreter;
use loadpath::analysis::load::{Demand, Traffic};
use loadpath::catalogue::Kind;
use loadpath::model::{CallTree, Property};
use loadpath::quantity::Rate;
use loadpath::syntax::ast::Relation;

fn amounts(traffic: Traffic) -> [f64; 3] {
    [traffic.reads, traffic.writes, traffic.other].map(Rate::per_second)
}

#[track_caller]
fn same(found: [f64; 3], expected: [f64; 3], what: &str, text: &str) {
    for (found, expected) in found.into_iter().zip(expected) {
        let is_close = (found - expected).abs() <= 1e-9 * expected.abs().max(1.0);
        assert!(is_close, "{what}: {found} instead of {expected}\n{text}");
    }
}

fn drawings(count: u64, seed: u64) -> impl Iterator<Item = (Drawing, Dice)> {
    (0..count).map(move |number| {
        let mut dice = Dice::new(seed + number);
        (Drawing::random(&mut dice), dice)
    })
}

/// Each component and link carries the sum over all ways that lead to it.
#[test]
fn a_design_carries_what_comes_by_all_ways() {
    let mut carried = 0;
    for (drawing, _) in drawings(1_500, 1 << 40) {
        let text = drawing.text();
        let (architecture, analysis) = analysed(&text);
        let mut interpreter = Interpreter::new(&architecture, &drawing);
        interpreter.run();
        for component in architecture.components() {
            let demand = analysis.load.component(component.id);
            let at = component.id.0 as usize;
            same(amounts(demand.mean), interpreter.components[at], &component.name, &text);
            carried += usize::from(demand.mean.total().is_positive());
        }
        for link in architecture.links() {
            let found = amounts(analysis.load.link(link.id).mean);
            let name = architecture.link_name(link);
            same(found, interpreter.links[link.id.0 as usize], &name, &text);
        }
        for cache in architecture.components() {
            let spared = analysis.load.spared_by(cache.id).iter();
            let spared: f64 = spared.map(|it| it.mean.total().per_second()).sum();
            let expected = interpreter.hits[cache.id.0 as usize];
            same([spared, 0.0, 0.0], [expected, 0.0, 0.0], &format!("spared by {}", cache.name), &text);
        }
    }
    assert!(carried > 4_000, "{carried}");
}

/// The peak is the mean times its factor, for reads, writes and the rest alike; all three make the total.
#[test]
fn the_peak_is_the_mean_times_its_factor() {
    for (drawing, _) in drawings(200, 2 << 40) {
        let text = drawing.text().replacen("system \"s\" { ", "system \"s\" { peak_factor = 4, ", 1);
        let (architecture, analysis) = analysed(&text);
        for component in architecture.components() {
            let demand = analysis.load.component(component.id);
            same(amounts(demand.peak), amounts(demand.mean).map(|it| it * 4.0), &component.name, &text);
            let all: f64 = amounts(demand.mean).into_iter().sum();
            same([all, 0.0, 0.0], [demand.mean.total().per_second(), 0.0, 0.0], &component.name, &text);
        }
    }
}

/// Whatever comes to a component came by one of its links, or entered there.
#[test]
fn what_comes_to_a_component_came_by_its_links_or_entered() {
    for (drawing, _) in drawings(400, 3 << 40) {
        let text = drawing.text();
        let (architecture, analysis) = analysed(&text);
        let total = |demand: &Demand| demand.mean.total().per_second();
        let mut entered = 0.0;
        for component in architecture.components() {
            let came: f64 =
                architecture.links_to(component.id).map(|it| total(analysis.load.link(it.id))).sum();
            let more = total(analysis.load.component(component.id)) - came;
            assert!(more > -1e-9 * came.max(1.0), "{} loses {more}\n{text}", component.name);
            entered += more;
        }
        let arrived = analysis.load.total_mean().map_or(0.0, Rate::per_second);
        if analysis.load.total_mean().is_some() {
            same([entered, 0.0, 0.0], [arrived, 0.0, 0.0], "what entered", &text);
        }
    }
}

/// At a proxy, and at a queue that hands each message to one: what leaves for those that serve is what came, less
/// what a CDN answered; each call that is written multiplies.
#[test]
fn proxies_and_queues_lose_nothing_and_add_nothing() {
    let mut compared = 0;
    for (drawing, _) in drawings(1_500, 4 << 40).filter(|(drawing, _)| !drawing.has_paths()) {
        let text = drawing.text();
        let (architecture, analysis) = analysed(&text);
        for component in architecture.components() {
            let is_one_of_several =
                component.kind == Kind::Queue || component.kind.is_chooser() || component.kind == Kind::Cdn;
            let links: Vec<_> = architecture.links_from(component.id).collect();
            let is_plain =
                links.iter().all(|it| it.properties.iter().all(|it| it.property == Property::Share));
            let serve = |id| {
                matches!(architecture.component(id).kind, Kind::Service | Kind::Worker | Kind::ObjectStore)
            };
            if !is_one_of_several || !is_plain || links.is_empty() || !links.iter().all(|it| serve(it.target))
            {
                continue;
            }
            // A set of `,` in a pool is asked as a whole.
            let is_asked_as_a_whole = |tree: &CallTree| {
                matches!(tree, CallTree::Set(relation, members) if *relation != Relation::All
                    && members.iter().any(|it| matches!(it, CallTree::Set(Relation::All, _))))
            };
            if architecture.calls_of(component.id).any(|call| is_asked_as_a_whole(&call.tree)) {
                continue;
            }
            let came = analysis.load.component(component.id).mean.total().per_second();
            let left: f64 = links.iter().map(|it| analysis.load.link(it.id).mean.total().per_second()).sum();
            let hits: f64 =
                analysis.load.spared_by(component.id).iter().map(|it| it.mean.total().per_second()).sum();
            same([left + hits, 0.0, 0.0], [came, 0.0, 0.0], &component.name, &text);
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

/// The load of each component by its name.
fn loads(text: &str) -> Vec<(String, [f64; 3])> {
    let (architecture, analysis) = analysed(text);
    let mut loads: Vec<_> = architecture
        .components()
        .map(|it| (it.name.to_string(), amounts(analysis.load.component(it.id).mean)))
        .collect();
    loads.sort_by(|one, other| one.0.cmp(&other.0));
    loads
}

#[test]
fn more_users_never_lower_a_demand_and_ten_times_are_ten_times() {
    for (drawing, _) in drawings(200, 5 << 40) {
        let text = drawing.text();
        let mut more = drawing.clone();
        more.scale = 10.0;
        for ((name, once), (_, ten)) in loads(&text).into_iter().zip(loads(&more.text())) {
            same(ten, once.map(|it| it * 10.0), &name, &text);
        }
    }
}

#[test]
fn more_calls_never_lower_a_demand() {
    let mut compared = 0;
    for (drawing, _) in drawings(500, 6 << 40) {
        let text = drawing.text();
        if !text.contains("calls = 2") {
            continue;
        }
        let more = text.replacen("calls = 2", "calls = 3", 1);
        for ((name, before), (_, after)) in loads(&text).into_iter().zip(loads(&more)) {
            for (before, after) in before.into_iter().zip(after) {
                assert!(after >= before - 1e-9, "{name} falls from {before} to {after}\n{text}");
                compared += 1;
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn a_lower_hit_ratio_never_lowers_a_demand() {
    let mut compared = 0;
    for (drawing, _) in drawings(500, 7 << 40) {
        let text = drawing.text();
        if !text.contains("hit_ratio = 80%") {
            continue;
        }
        let less = text.replacen("hit_ratio = 80%", "hit_ratio = 40%", 1);
        for ((name, before), (_, after)) in loads(&text).into_iter().zip(loads(&less)) {
            for (before, after) in before.into_iter().zip(after) {
                assert!(after >= before - 1e-9, "{name} falls from {before} to {after}\n{text}");
                compared += 1;
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

/// Names may be used before they are declared, and it changes nothing.
#[test]
fn the_order_of_declaration_changes_nothing() {
    for (drawing, mut dice) in drawings(400, 8 << 40) {
        let text = drawing.text();
        let mut mixed = drawing.clone();
        mixed.shuffle(&mut dice);
        for ((name, one), (_, other)) in loads(&text).into_iter().zip(loads(&mixed.text())) {
            same(other, one, &name, &format!("{text}\n---\n{}", mixed.text()));
        }
    }
}
