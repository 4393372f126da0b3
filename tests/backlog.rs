//! Queues against those who work on them: worked figures, a simulation, and what must hold of every queue.

use proptest::prelude::*;

use loadpath::analysis::Analysis;
use loadpath::analysis::backlog::{self, Amount, Backlog, Course, Crew};
use loadpath::model::Architecture;
use loadpath::quantity::{Duration, Rate};

use crate::analysed::analysed;

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3_600.0;

#[track_caller]
fn near(got: f64, wanted: f64) {
    assert!((got - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{got} is not {wanted}");
}

fn rate(per_second: f64) -> Rate {
    Rate::new(per_second)
}

fn seconds(seconds: f64) -> Duration {
    Duration::new(seconds)
}

/// T·ρ ÷ (1 − ρ) of half an hour: .8 → 30 × 4 = 120 min; .9 → 30 × 9 = 270 min; .95 → 30 × 19 = 570 min.
#[test]
fn a_backlog_drains_with_the_room_that_is_left() {
    for (busy, hours) in [(0.8, 2.0), (0.9, 4.5), (0.95, 9.5)] {
        let drained = backlog::time_to_drain(rate(100.0 * busy), rate(100.0), seconds(30.0 * MINUTE));
        near(drained.expect("there is room").seconds(), hours * HOUR);
    }
    assert_eq!(backlog::time_to_drain(rate(100.0), rate(100.0), seconds(1.0)), None);
}

/// Half an hour at 80/s leaves 80 × 1 800 = 144 000; to be rid of it within 2 h takes 80 × (1 + 0.5 ÷ 2) = 100/s.
#[test]
fn the_capacity_for_a_drain_is_the_inverse_of_its_time() {
    near(backlog::left_by_outage(rate(80.0), seconds(30.0 * MINUTE)), 144_000.0);
    let capacity = backlog::capacity_to_drain(rate(80.0), seconds(30.0 * MINUTE), seconds(2.0 * HOUR));
    near(capacity.per_second(), 100.0);
}

/// Room for 600 000 at 300/s against 200/s: 600 000 ÷ 100 = 6 000 s; with nobody working 600 000 ÷ 300 = 2 000 s; then
/// 100/s find it full. Consumers that keep up never let it fill.
#[test]
fn a_bounded_queue_fills_by_what_is_not_worked_off() {
    let fills = |arriving, working| backlog::time_to_fill(600_000.0, rate(arriving), rate(working));
    near(fills(300.0, 200.0).expect("it fills").seconds(), 6_000.0);
    near(fills(300.0, 0.0).expect("it fills").seconds(), 2_000.0);
    assert_eq!(fills(200.0, 200.0), None);
    near(backlog::growth(rate(300.0), rate(200.0)).per_second(), 100.0);
    let later = Course::default().after(rate(300.0), rate(200.0), Some(600_000.0), seconds(6_010.0));
    near(later.waiting, 600_000.0);
    near(later.turned_away, 10.0 * 100.0);
}

/// SQS: 500/s that take 30 s each are 15 000 in flight; a backlog of 36 000 at 200/s is 3 min old.
#[test]
fn what_is_in_flight_and_how_old_it_is_follow_from_the_pace() {
    near(backlog::in_flight(rate(500.0), seconds(30.0)), 15_000.0);
    near(backlog::waited(36_000.0, rate(200.0)).seconds(), 180.0);
}

/// 100/s against 80/s: what is taken after 20 days came after 16 of them, and is four days old.
#[test]
fn messages_of_a_growing_queue_grow_old() {
    let days = |count: f64| seconds(count * 24.0 * HOUR);
    let aged = backlog::time_to_age(days(4.0), rate(100.0), rate(80.0)).expect("it grows");
    near(aged.seconds(), days(20.0).seconds());
    assert_eq!(backlog::time_to_age(days(4.0), rate(80.0), rate(80.0)), None);
}

/// Peak 90/s, average 30/s, 100/s worked off. An outage of 10 min leaves 54 000, which at 10/s of room would take 90
/// min; only 50 of the busiest hour are left, which take 30 000; the other 24 000 go at 70/s in 343 s.
#[test]
fn a_drain_goes_on_after_the_busiest_hour_with_more_room() {
    let arriving = Amount { mean: rate(30.0), peak: rate(90.0) };
    let drain = |outage| {
        let drained =
            backlog::time_to_drain_after(arriving, rate(100.0), rate(100.0), seconds(outage), f64::INFINITY);
        drained.expect("there is room").seconds()
    };
    near(drain(10.0 * MINUTE), 50.0 * MINUTE + 24_000.0 / 70.0);
    // Inside the hour it is the plain formula: 4 min × 9 = 36 min.
    near(drain(4.0 * MINUTE), 36.0 * MINUTE);
    // Two hours leave 90 × 3 600 + 30 × 3 600 = 432 000, at 70/s.
    near(drain(2.0 * HOUR), 432_000.0 / 70.0);
    // Where the peak is the average, both agree.
    let steady = Amount { mean: rate(80.0), peak: rate(80.0) };
    let drained =
        backlog::time_to_drain_after(steady, rate(100.0), rate(100.0), seconds(30.0 * MINUTE), f64::INFINITY);
    near(drained.expect("there is room").seconds(), 2.0 * HOUR);
}

/// No more waits than there is room for: 150/s for 30 min would be 270 000, of 1 000 the rest is turned away, and at
/// 170 − 150 = 20/s they are gone after 50 s.
#[test]
fn no_more_is_worked_off_than_there_is_room_for() {
    let steady = Amount { mean: rate(150.0), peak: rate(150.0) };
    let drained =
        backlog::time_to_drain_after(steady, rate(170.0), rate(170.0), seconds(30.0 * MINUTE), 1_000.0);
    near(drained.expect("there is room").seconds(), 50.0);
}

/// The only backlog of a design.
#[track_caller]
fn only(text: &str) -> Backlog {
    let (architecture, analysis) = analysed(text);
    let all = &analysis.backlogs(&architecture).all;
    assert_eq!(all.len(), 1, "{text}\n{all:#?}");
    all[0].clone()
}

#[track_caller]
fn capacity(backlog: &Backlog) -> String {
    backlog.capacity().expect("it is known").to_string()
}

/// 100/s × 3 at peak against 2 × 100/s: 150 %; the queue grows by 100/s and is full after 360 000 ÷ 100 = 3 600 s.
/// Its last message waits 360 000 ÷ 200 = 30 min, and after the hour 100/s of room are rid of it in another.
#[test]
fn consumers_fall_behind_by_what_they_cannot_carry() {
    let text = "service api { rate = 100/s }
queue jobs : rabbitmq { max_length = 360k }
worker mailer x2 { capacity = 100/s }
api ~> jobs ~> mailer
";
    let (architecture, analysis) = analysed(text);
    let backlog = only(text);
    assert_eq!(capacity(&backlog), "2 × 100/s = 200/s");
    let busy = backlog.busy().expect("all is known");
    near(busy.peak, 1.5);
    near(busy.mean, 0.5);
    near(backlog.growth().expect("known").per_second(), 100.0);
    near(backlog.time_to_fill(&architecture, &backlog.feeds[0]).expect("it fills").seconds(), 3_600.0);
    near(backlog.wait_after_peak().expect("known").seconds(), 30.0 * MINUTE);
    near(backlog.time_to_recover().expect("known").seconds(), HOUR);
    // 300 ÷ (100 × 70 %) = 4.3.
    assert_eq!(backlog.replicas_for(0.7), Some(5));
    assert!(analysis.backlogs(&architecture).judged().contains(&backlog.consumers[0].component));
}

/// A peak that the entry states is its peak: 250/s of 200/s, with nothing assumed.
#[test]
fn a_component_states_its_own_peak() {
    let text = "service api { rate = 100/s, peak = 250/s }
queue jobs : rabbitmq
worker mailer x2 { capacity = 100/s }
api ~> jobs ~> mailer
";
    let backlog = only(text);
    near(backlog.busy().expect("known").peak, 1.25);
    assert!(!backlog.is_peak_assumed);
    assert!(only(&text.replace(", peak = 250/s", "")).is_peak_assumed);
}

/// Two that share one queue are one: 50/s + 3 × 10/s = 80/s for 40/s, although half of that is more than one carries.
#[test]
fn competing_consumers_are_judged_together() {
    let backlog = only(
        "system \"S\" { peak_factor = 1 }
service api { rate = 40/s }
queue jobs : rabbitmq
worker fast { capacity = 50/s, replicas = 1 }
worker slow x3 { capacity = 10/s }
api ~> jobs
jobs ~> fast, slow
",
    );
    assert_eq!(capacity(&backlog), "1 × 50/s + 3 × 10/s = 80/s");
    near(backlog.busy().expect("known").peak, 0.5);
}

/// How messages are parted by what they are is a guess, so only both together are sure; stated shares are taken apart.
#[test]
fn routes_are_judged_together_unless_their_shares_are_stated() {
    let text = |consumers: &str| {
        format!(
            "system \"S\" {{ peak_factor = 1 }}
service api {{ rate = 100/s }}
queue jobs : rabbitmq
stream events : kafka
worker mail x1 {{ capacity = 70/s }}
worker sms x1 {{ capacity = 80/s }}
worker audit x1 {{ capacity = 200/s }}
{consumers}
"
        )
    };
    let busy = |consumers: &str| -> Vec<f64> {
        let (architecture, analysis) = analysed(&text(consumers));
        let all = &analysis.backlogs(&architecture).all;
        all.iter().map(|it| (it.busy().expect("known").peak * 1e3).round() / 1e3).collect()
    };
    assert_eq!(busy("api ~> jobs ~> mail / sms"), [0.667]);
    assert_eq!(busy("api ~> events ~> mail / sms\nevents ~> audit"), [0.667, 0.5]);
    let shared = "api ~> jobs\njobs ~> mail { share = 60% }\njobs ~> sms { share = 40% }";
    assert_eq!(busy(shared), [0.857, 0.5]);
}

/// Each of a log's consumers gets all of it.
#[test]
fn consumers_of_a_log_are_judged_apart() {
    let (architecture, analysis) = analysed(
        "system \"S\" { peak_factor = 1 }
service api { rate = 40/s }
stream events : kafka
worker one x1 { capacity = 50/s }
worker two x2 { capacity = 50/s }
api ~> events
events ~> one, two
",
    );
    let busy: Vec<f64> =
        analysis.backlogs(&architecture).all.iter().map(|it| it.busy().expect("known").peak).collect();
    assert_eq!(busy, [0.8, 0.4]);
}

/// Of eight that read six partitions six work: 6 × 50/s.
#[test]
fn no_more_consumers_of_a_log_work_than_it_has_partitions() {
    let text = "service api { rate = 40/s }
stream events : kafka { partitions = 6 }
worker one x8 { capacity = 50/s }
api ~> events ~> one
";
    assert_eq!(capacity(&only(text)), "6 × 50/s = 300/s");
    assert!(only(text).consumers[0].is_held_by_partitions());
    assert_eq!(capacity(&only(&text.replace("x8", "x2.."))), "6 × 50/s = 300/s");
    assert_eq!(capacity(&only(&text.replace(" { partitions = 6 }", ""))), "8 × 50/s = 400/s");
    assert_eq!(capacity(&only(&text.replace("stream events : kafka", "queue events"))), "8 × 50/s = 400/s");
}

/// 30/s and 60/s at one worker of 100/s, and 5/s that it is asked directly: 95 %.
#[test]
fn a_consumer_of_two_queues_does_the_work_of_both() {
    let backlog = only(
        "system \"S\" { peak_factor = 1 }
service mail { rate = 30/s }
service sms { rate = 60/s }
client support
queue mails : rabbitmq
queue texts : rabbitmq
worker sender x1 { capacity = 100/s }
mail ~> mails ~> sender
sms ~> texts ~> sender
support -> sender
flow ask { rate = 5/s
  support -> sender }
",
    );
    assert_eq!(backlog.feeds.len(), 2);
    near(backlog.arriving().peak.per_second(), 90.0);
    near(backlog.other.peak.per_second(), 5.0);
    near(backlog.busy().expect("known").peak, 0.95);
}

/// Ten at once (the catalogue's) of 200 ms each are 50/s a replica.
#[test]
fn a_written_service_time_makes_the_pace_where_no_capacity_is_written() {
    let text = |stated: &str| {
        format!(
            "service api {{ rate = 10/s }}
queue jobs : rabbitmq
worker mailer x2 {{ {stated} }}
api ~> jobs ~> mailer
"
        )
    };
    let timed = only(&text("service_time = 200ms"));
    assert_eq!(capacity(&timed), "2 × 10 at once ÷ 200 ms = 100/s");
    assert!(!timed.is_capacity_written());
    // A written capacity wins, and is not multiplied by what is taken at once.
    let written = only(&text("service_time = 200ms, capacity = 70/s, batch_size = 10"));
    assert_eq!(capacity(&written), "2 × 70/s = 140/s");
    assert!(written.is_capacity_written());
    let nothing = only(&text("idempotent"));
    assert!(nothing.is_capacity_guessed());
    // Of a range the worse end is reckoned with; the milder one is another reading of the whole design.
    for (range, worse, milder) in
        [("capacity = 20/s..40/s", 0.75, 0.375), ("service_time = 200ms..400ms", 0.6, 0.3)]
    {
        let (architecture, analysis) = analysed(&text(range));
        let busy = |architecture: &Architecture, analysis: &Analysis| {
            analysis.backlogs(architecture).all[0].busy().expect("known").peak
        };
        near(busy(&architecture, &analysis), worse);
        let mild = architecture.at_milder_ends().expect("a range is stated");
        near(busy(&mild, &Analysis::of(&mild)), milder);
    }
}

/// Who fetches messages is fed by what comes into the queue.
#[test]
fn a_polling_consumer_gets_what_comes_into_the_queue() {
    let backlog = only(
        "system \"S\" { peak_factor = 2 }
service api { rate = 40/s }
queue jobs : sqs
worker mailer x2 { capacity = 50/s }
api ~> jobs
mailer -> jobs { reads }
",
    );
    near(backlog.busy().expect("known").peak, 0.8);
}

/// Without an upper end there is no capacity to fall behind.
#[test]
fn a_consumer_that_scales_without_end_has_no_capacity() {
    for (consumer, crew) in [
        ("worker mailer x2.. { capacity = 1/s }", Crew::Endless),
        ("worker mailer { capacity = 1/s, autoscale }", Crew::Endless),
        ("worker mailer { capacity = 1/s, autoscale = 20 }", Crew::Of(20)),
        ("worker mailer x2..10 { capacity = 1/s }", Crew::Of(10)),
        ("function mailer { capacity = 1/s }", Crew::Whole),
    ] {
        let text = format!("service api {{ rate = 40/s }}\nqueue jobs\n{consumer}\napi ~> jobs ~> mailer\n");
        let backlog = only(&text);
        assert_eq!(backlog.consumers[0].crew, crew, "{consumer}");
        assert_eq!(backlog.capacity().is_some(), matches!(crew, Crew::Of(_)), "{consumer}");
    }
}

/// Two of eight work, 150 ÷ (2 × 100) = 75 %, whoever asks.
#[test]
fn load_and_backlog_count_the_same_consumers() {
    let text = "system \"T\" { peak_factor = 1 }\nservice a x2 { rate = 150/s }\nstream q { partitions = 2 }\n\
                worker w x8 { capacity = 100/s }\na ~> q ~> w\n";
    let (architecture, analysis) = analysed(text);
    let backlog = &analysis.backlogs(&architecture).all[0];
    let worker = architecture.component_named("w").expect("it is drawn");
    near(backlog.capacity().expect("known").value.per_second(), 200.0);
    assert_eq!(backlog.consumers[0].working(), analysis.load.carriers(worker).map(f64::from));
    near(analysis.load.utilisation(worker).expect("known").share, backlog.busy().expect("known").peak);
}

/// A message is two calls of the bank, so its quota of 300 lets 150/s be worked off. Of the 400 calls at peak 50 messages a
/// second are left over, 180 000 in the hour, which (150 − 100)/s work off in another; and an outage of 15 min at peak leaves
/// 200 × 900 = 180 000, 45 min more of the peak 50 × 2 700 = 135 000 more, and 315 000 ÷ 50 = 6 300 s later all are done.
#[test]
fn a_quota_holds_back_what_consumers_carry() {
    let text = "system \"T\" { peak_factor = 2 }\nservice a x2 { rate = 100/s }\nqueue q\n\
                worker w x8 { capacity = 50/s, repair = 15min }\nthird_party bank { quota = 300/s }\n\
                a ~> q ~> w\nw -> bank { calls = 2 }\n";
    let (architecture, analysis) = analysed(text);
    let backlog = &analysis.backlogs(&architecture).all[0];
    let held = backlog.held_by().expect("they carry 400/s");
    near(held.messages.per_second(), 150.0);
    near(held.calls_for(backlog.arriving().peak).per_second(), 400.0);
    near(backlog.busy().expect("known").peak, 0.5);
    near(backlog.growth().expect("known").per_second(), 50.0);
    near(backlog.time_to_recover().expect("it ends").seconds(), HOUR);
    let drained = backlog.time_to_drain(&architecture, seconds(15.0 * MINUTE)).expect("it ends");
    near(drained.seconds(), 45.0 * MINUTE + 6_300.0);
    // Whom others call as well, or what is not less than they carry, holds nothing.
    let others = text.replace("a ~> q ~> w", "a ~> q ~> w\na -> bank");
    assert_eq!(only(&others).quota, None);
    assert_eq!(only(&text.replace("x8", "x3")).held_by(), None);
}

/// A small generator of our own: multiply and add, the upper bits (Knuth's MMIX).
struct Dice(u64);

impl Dice {
    /// Evenly above nothing and up to one.
    fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 1.0) / (1_u64 << 53) as f64
    }

    /// A time between events that come at random.
    fn pause(&mut self, per_second: f64) -> f64 {
        -self.part().ln() / per_second
    }
}

/// One server, messages at random, each done after a random time; the server is down until `outage`. When is nothing
/// left for the first time after it?
fn drained_in_simulation(dice: &mut Dice, arriving: f64, working: f64, outage: f64) -> f64 {
    let (mut waiting, mut next_arrival, mut next_done) = (0_u64, dice.pause(arriving), f64::INFINITY);
    let mut is_up = false;
    loop {
        if !is_up && outage <= next_arrival {
            is_up = true;
            next_done = outage + dice.pause(working);
            if waiting == 0 {
                return 0.0;
            }
        } else if next_arrival < next_done {
            waiting += 1;
            next_arrival += dice.pause(arriving);
        } else {
            waiting -= 1;
            if waiting == 0 {
                return next_done - outage;
            }
            next_done += dice.pause(working);
        }
    }
}

/// 200 outages of half an hour at ρ .5, .8 and .9: the mean of what is simulated is λT ÷ (μ − λ) within four standard
/// errors. A run's time has the variance T·λ ÷ (μ − λ)² from the backlog and B·(λ + μ) ÷ (μ − λ)³ from its way down.
#[test]
fn a_simulated_outage_drains_as_the_formula_says() {
    const RUNS: u32 = 200;
    let mut dice = Dice(20_260_101);
    let (working, outage) = (2.0, 30.0 * MINUTE);
    for busy in [0.5, 0.8, 0.9] {
        let arriving = working * busy;
        let spare = working - arriving;
        let formula = backlog::time_to_drain(rate(arriving), rate(working), seconds(outage));
        let formula = formula.expect("there is room").seconds();
        let sum: f64 = (0..RUNS).map(|_| drained_in_simulation(&mut dice, arriving, working, outage)).sum();
        let mean = sum / f64::from(RUNS);
        let left = arriving * outage;
        let variance = left / spare.powi(2) + left * (arriving + working) / spare.powi(3);
        let error = (variance / f64::from(RUNS)).sqrt();
        assert!((mean - formula).abs() < 4.0 * error, "ρ {busy}: {mean} s, not {formula} s ± {error} s");
    }
}

proptest! {
    /// What comes in is worked off, waits, or was turned away; whatever comes and goes, in whatever order.
    #[test]
    fn nothing_is_lost_on_the_way(
        room in prop::option::of(0.0..1e4_f64),
        steps in prop::collection::vec((0.0..1e3_f64, 0.0..1e3_f64, 0.0..1e4_f64), 1..20),
    ) {
        let mut course = Course::default();
        for (arriving, working, time) in steps {
            let before = course;
            course = course.after(rate(arriving), rate(working), room, seconds(time));
            let told = course.worked + course.waiting + course.turned_away;
            prop_assert!((course.arrived - told).abs() <= 1e-9 * course.arrived.max(1.0), "{course:?}");
            prop_assert!(course.waiting <= room.unwrap_or(f64::INFINITY));
            prop_assert!(course.worked >= before.worked && course.turned_away >= before.turned_away);
            prop_assert!(course.worked - before.worked <= working * time * (1.0 + 1e-9));
        }
    }

    /// An outage that is gone through step by step is empty when the formula says, and not before.
    #[test]
    fn a_course_is_empty_when_the_drain_is_over(
        busy in 0.01..0.99_f64,
        working in 0.1..1e4_f64,
        outage in 1.0..1e5_f64,
    ) {
        let (arriving, working) = (rate(working * busy), rate(working));
        let down = Course::default().after(arriving, Rate::ZERO, None, seconds(outage));
        let drain = backlog::time_to_drain(arriving, working, seconds(outage)).expect("there is room");
        let half = down.after(arriving, working, None, drain * 0.5);
        prop_assert!((half.waiting - down.waiting / 2.0).abs() <= 1e-6 * down.waiting);
        prop_assert!(half.after(arriving, working, None, drain * 0.5).waiting <= 1e-6 * down.waiting);
    }
}
