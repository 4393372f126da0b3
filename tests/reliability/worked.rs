//! The worked numbers of the semantics: percent with five digits, u = 0.005, repair 4 h = 14 400 s.

use loadpath::analysis::reliability::{
    self as kernel, Availability, Budget, ElementId, Node, Program, at_least_of, contributions, double_cuts,
    majority, replicated, single_cuts, spread, switch_unavailability, switched,
};

const U: f64 = 0.005;
const REPAIR: f64 = 14_400.0;
const ZONE: f64 = 0.9997;
/// The common-cause share where the placement is stated, and where it is not.
const STATED: f64 = 0.02;
const UNSTATED: f64 = 0.05;

/// Builds a program whose elements are numbered as they come.
#[derive(Default)]
struct Builder {
    program: Program,
    elements: u32,
}

impl Builder {
    fn element(&mut self) -> ElementId {
        self.elements += 1;
        ElementId(self.elements - 1)
    }

    fn event(&mut self, up: f64, spare: u32) -> Node {
        let element = self.element();
        self.program.event(element, up, spare)
    }

    fn zones(&mut self, count: u32) -> Vec<Node> {
        (0..count).map(|_| self.event(ZONE, 0)).collect()
    }

    fn spread_over(&mut self, zones: &[Node], replicas: u32, needs: u32) -> Node {
        let tables = spread(U, replicas, needs, STATED, zones.len() as u32);
        let element = self.element();
        self.program.placed(element, zones.to_vec(), tables.up, tables.spare)
    }

    /// One replica in one zone.
    fn one_in(&mut self, zone: Node) -> Node {
        self.spread_over(&[zone], 1, 1)
    }

    fn availability(&self, root: Node) -> f64 {
        match kernel::availability(&self.program, root, &mut Budget::default()) {
            Availability::Exact(value) => value,
            bounds @ Availability::Bounds { .. } => panic!("{bounds:?}"),
        }
    }
}

/// Percent as the tables give it: the last digit may be rounded either way.
fn assert_percent(got: f64, percent: f64, digits: i32) {
    let half = 0.500_001 * 10_f64.powi(-digits);
    assert!((got * 100.0 - percent).abs() <= half, "{} instead of {percent}", got * 100.0);
}

/// The switch of an automatic failover.
fn switch(seconds: f64, p: f64) -> f64 {
    switch_unavailability(p, seconds, REPAIR)
}

#[test]
fn replicas_with_a_common_cause() {
    for (replicas, independent, digits, unstated) in
        [(2, 99.9975, 5, 99.97274), (3, 99.999_987_5, 7, 99.97499)]
    {
        assert_percent(replicated(U, replicas, 1, 0.0), independent, digits);
        assert_percent(replicated(U, replicas, 1, UNSTATED), unstated, 5);
    }
    assert!((replicated(U, 1, 1, UNSTATED) - 0.995).abs() < 1e-15, "one replica shares no cause");
}

#[test]
fn replicas_over_zones() {
    let table = [(2, [99.95760, 99.98730, 99.98730]), (3, [99.95999, 99.98983, 99.98999])];
    for (replicas, by_zones) in table {
        for (at, percent) in by_zones.into_iter().enumerate() {
            let mut builder = Builder::default();
            let zones = builder.zones(at as u32 + 1);
            let root = builder.spread_over(&zones, replicas, 1);
            assert_percent(builder.availability(root), percent, 5);
        }
    }
}

#[test]
fn a_loss_of_a_zone_takes_those_that_stand_in_it_alone() {
    let mut builder = Builder::default();
    let zones = builder.zones(3);
    let six = builder.spread_over(&zones, 6, 4);
    assert_eq!(single_cuts(&builder.program, six), []);
    let elements = [0, 1, 2, 3].map(ElementId);
    // With a zone gone four of six are left, so no other unit may go; and two zones are two too many.
    let pairs = double_cuts(&builder.program, six, 100).pairs;
    let [first, second, third, own] = elements;
    assert_eq!(
        pairs,
        [(first, second), (first, third), (first, own), (second, third), (second, own), (third, own)]
    );
    let mut builder = Builder::default();
    let zone = builder.zones(1);
    let three = builder.spread_over(&zone, 3, 1);
    assert_eq!(single_cuts(&builder.program, three), [first]);
}

/// Six over three zones, four needed, behind 0.9999.
#[test]
fn zones_shared_and_a_balancer() {
    let mut builder = Builder::default();
    let zones = builder.zones(3);
    let replicas = builder.spread_over(&zones, 6, 4);
    let balancer = builder.event(0.9999, 0);
    let root = builder.program.all([balancer, replicas]);
    let got = builder.availability(root);
    assert!((got - 0.999_779_918_762_567_7).abs() < 1e-12, "{got}");
}

#[test]
fn failover_through_a_switch() {
    let table = [
        (0.0, 0.0, 99.99750),
        (30.0, 0.02, 99.98653),
        (30.0, 0.05, 99.97164),
        (60.0, 0.05, 99.97066),
        (60.0, 0.10, 99.94588),
        (120.0, 0.05, 99.96869),
        (1800.0, 0.20, 99.84825),
        (REPAIR, 0.05, 99.50000),
    ];
    for (seconds, p, percent) in table {
        assert_percent(switched(U, U, switch(seconds, p)), percent, 5);
        // The same as events.
        let mut builder = Builder::default();
        let [primary, standby] = [0, 1].map(|_| builder.event(1.0 - U, 0));
        let taking_over = builder.event(1.0 - switch(seconds, p), 0);
        let instead = builder.program.all([taking_over, standby]);
        let root = builder.program.any([primary, instead]);
        assert_percent(builder.availability(root), percent, 5);
    }
}

/// Each region: a managed balancer, two apps, one database; and DNS that switches over.
#[test]
fn two_regions() {
    let stack = |builder: &mut Builder| {
        let parts = [0.9999, replicated(U, 2, 1, UNSTATED), 0.995].map(|up| builder.event(up, 0));
        let region = builder.event(0.999_95, 0);
        builder.program.all([parts[0], parts[1], parts[2], region])
    };
    for (seconds, p, percent) in [(150.0, 0.05, 99.96477), (1800.0, 0.20, 99.83533), (0.0, 0.0, 99.99706)] {
        let mut builder = Builder::default();
        let [first, second] = [0, 1].map(|_| stack(&mut builder));
        let dns = builder.event(1.0 - switch(seconds, p), 0);
        let instead = builder.program.all([dns, second]);
        let root = builder.program.any([first, instead]);
        assert_percent(builder.availability(root), percent, 5);
        assert_eq!(single_cuts(&builder.program, root), []);
    }
}

#[test]
fn quorums() {
    assert_percent(at_least_of(3, majority(3), U), 99.992_525, 6);
    assert_percent(at_least_of(4, majority(4), U), 99.985_100, 6);
}

/// api ×3 over three zones, a database of three nodes placed who knows where.
#[test]
fn reads_and_writes_of_a_replicated_store() {
    let standbys = 1.0 - replicated(U, 2, 1, 0.0);
    let stores = [
        (replicated(U, 3, 1, UNSTATED), 99.96498),
        (switched(U, standbys, switch(60.0, 0.05)), 99.96300),
        (1.0 - U, 99.49004),
    ];
    for (store, percent) in stores {
        let mut builder = Builder::default();
        let zones = builder.zones(3);
        let api = builder.spread_over(&zones, 3, 1);
        let store = builder.event(store, 0);
        let root = builder.program.all([api, store]);
        assert_percent(builder.availability(root), percent, 5);
    }
}

#[test]
fn designs_in_series() {
    let app = replicated(U, 3, 1, UNSTATED);
    let pair = switched(U, U, switch(60.0, 0.05));
    let designs: [(&[f64], f64); 6] = [
        (&[0.995, 0.995], 99.00250),
        (&[0.995, app, pair], 99.44592),
        (&[0.9999, app, pair], 99.93566),
        (&[0.9999, app, 0.995], 99.46517),
        (&[0.999, 0.995, 0.999], 99.30110),
        (&[replicated(U, 2, 1, UNSTATED), 0.999], 99.87277),
    ];
    for (parts, percent) in designs {
        let mut builder = Builder::default();
        let parts: Vec<Node> = parts.iter().map(|up| builder.event(*up, 0)).collect();
        let root = builder.program.all(parts);
        assert_percent(builder.availability(root), percent, 5);
    }
}

/// A managed balancer, app ×3 and a pair with failover, over the same two zones, or in one.
#[test]
fn app_and_pair_over_shared_zones() {
    for (count, percent, spofs) in [(2, 99.94861, vec![]), (1, 99.92067, vec![ElementId(0)])] {
        let mut builder = Builder::default();
        let zones = builder.zones(count);
        let balancer = builder.event(0.9999, 1);
        let app = builder.spread_over(&zones, 3, 1);
        let primary = builder.one_in(zones[0]);
        let standby = builder.one_in(zones[count as usize - 1]);
        let taking_over = builder.event(1.0 - switch(60.0, 0.05), 0);
        let instead = builder.program.all([taking_over, standby]);
        let store = builder.program.any([primary, instead]);
        let root = builder.program.all([balancer, app, store]);
        assert_percent(builder.availability(root), percent, 5);
        assert_eq!(single_cuts(&builder.program, root), spofs);
    }
}

#[test]
fn a_diamond_shares_its_foot() {
    let mut builder = Builder::default();
    let [a, b, c, d] = [0, 1, 2, 3].map(|_| builder.event(0.995, 0));
    let [left, right] = [b, c].map(|middle| builder.program.all([middle, d]));
    let root = builder.program.all([a, left, right]);
    let got = builder.availability(root);
    // 0.995^4, not the product along both paths.
    assert!((got - 0.995_f64.powi(4)).abs() < 1e-12, "{got}");
}

/// a → b, b → a | c: entered at a the alternative a is waiting, so c is needed; entered at b, it is not.
#[test]
fn cycles_from_either_entry() {
    let mut builder = Builder::default();
    let [a, b, c] = [0, 1, 2].map(|_| builder.event(0.995, 0));
    let entered_at_a = builder.program.all([a, b, c]);
    let way = builder.program.any([a, c]);
    let entered_at_b = builder.program.all([b, way]);
    let (at_a, at_b) = (builder.availability(entered_at_a), builder.availability(entered_at_b));
    assert!((at_a - 0.985_074_875).abs() < 1e-12 && (at_b - 0.994_975_125).abs() < 1e-12, "{at_a} {at_b}");
    assert_eq!(single_cuts(&builder.program, entered_at_a), [0, 1, 2].map(ElementId));
    assert_eq!(single_cuts(&builder.program, entered_at_b), [ElementId(1)]);
}

/// x 0.995 − (y | z, 0.99 each): 215.978, 4.298 and 4.298 min in a month of 43 200 min.
#[test]
fn shares_of_the_downtime() {
    let mut builder = Builder::default();
    let x = builder.event(0.995, 0);
    let [y, z] = [0, 1].map(|_| builder.event(0.99, 0));
    let some = builder.program.any([y, z]);
    let root = builder.program.all([x, some]);
    let (_, gains) = contributions(&builder.program, root, &mut Budget::default());
    for (gain, minutes) in gains.expect("exact").into_iter().zip([215.978, 4.298, 4.298]) {
        assert!((gain * 43_200.0 - minutes).abs() < 5e-4, "{} instead of {minutes}", gain * 43_200.0);
    }
}

/// A queue that fills in 600 s, consumers that take 900 s to repair: a third of their outages blocks.
#[test]
fn a_blocking_queue_needs_its_consumers_at_times() {
    let mut builder = Builder::default();
    let [queue, consumer] = [0.999, 0.995].map(|up| builder.event(up, 0));
    let never = builder.program.constant(true);
    let blocked = builder.program.choice([(1.0 / 3.0, consumer), (2.0 / 3.0, never)]);
    let root = builder.program.all([queue, blocked]);
    let got = builder.availability(root);
    assert!((got - 0.999 * (1.0 - 0.005 / 3.0)).abs() < 1e-12, "{got}");
    // The consumer's loss is survived until the queue is full, so it is no single cut.
    assert_eq!(single_cuts(&builder.program, root), [ElementId(0)]);
}

/// A network of caches that serves 95 % by itself while the origin is down.
#[test]
fn stale_answers() {
    let mut builder = Builder::default();
    let [edge, origin, store] = [0.999, 0.995, 0.999].map(|up| builder.event(up, 0));
    let miss = builder.program.all([origin, store]);
    let hit = builder.program.constant(true);
    let answer = builder.program.choice([(0.95, hit), (0.05, miss)]);
    let root = builder.program.all([edge, answer]);
    assert_percent(builder.availability(root), 99.87005, 5);
}

/// A balancer that does not notice which member is down answers with their average.
#[test]
fn an_unhealthy_pool_answers_with_the_average() {
    let mut builder = Builder::default();
    let members: Vec<Node> = (0..40).map(|at| builder.event(f64::from(at) / 40.0, 0)).collect();
    let root = builder.program.choice(members.into_iter().map(|member| (1.0 / 40.0, member)));
    let got = builder.availability(root);
    assert!((got - 19.5 / 40.0).abs() < 1e-12, "{got}");
    assert_eq!(single_cuts(&builder.program, root), []);
}
