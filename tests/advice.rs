//! Advice that is followed to the letter: it does what it says, and brings nothing that speaks against it.

use std::collections::BTreeSet;

use loadpath::analysis::improve::{Improvement, Outcome, Searches, Step as Change};
use loadpath::analysis::missed::{Missed, missed};
use loadpath::analysis::plan::{Deletion, Step};
use loadpath::analysis::reliability::Availability;
use loadpath::check::what_if::{Question, what_if};
use loadpath::check::{Checked, Config, Profile};
use loadpath::diagnostic::{Diagnostic, Severity};
use loadpath::figures;
use loadpath::source::SourceFile;
use proptest::prelude::*;

use crate::availability_random::drawing::{Dice, Drawing, Style};
use crate::fixes::{checked, designs};
use crate::plan;
use crate::rules::{Beside, NAME};

/// The design with what is asked of it.
fn changed(text: &str, settings: Vec<String>) -> Checked {
    let question = Question { settings, ..Question::default() };
    let config = Config { profile: Profile::Review, ..Config::default() };
    let answer = what_if(SourceFile::new(NAME, text), &Beside(text), &config, &question);
    answer.unwrap_or_else(|refusal| panic!("{question:?}: {refusal:?}\n{text}")).after.expect("it is changed")
}

/// Findings of which there was none on the same element before.
fn new<'a>(before: &'a Checked, after: &'a Checked) -> impl Iterator<Item = &'a Diagnostic> {
    let known: BTreeSet<(&str, &str)> =
        before.diagnostics.iter().map(|it| (it.code, it.element.as_str())).collect();
    after.diagnostics.iter().filter(move |it| !known.contains(&(it.code, it.element.as_str())))
}

/// Whether what could go is what a set of changes brings. What stood there before and was too much already is told only
/// now, for a rule about too much says nothing of a flow that misses its promise.
fn undoes(deletion: &Deletion, found: &Improvement, before: &Checked) -> bool {
    let had = before.architecture.component(deletion.component).least_replicas().unwrap_or(1);
    match deletion.step {
        Step::Replicas { from, .. } => from > had,
        Step::Primaries(count) => count > had,
        Step::Region(_) | Step::Regions(_) => {
            found.steps.iter().any(|it| matches!(it, Change::SecondRegion(_)))
        }
        _ => false,
    }
}

/// What is wrong with the set of changes for one flow, a line each.
fn faults(text: &str, before: &Checked, missed: &Missed, found: &Improvement) -> Vec<String> {
    let settings = found.settings(&before.architecture);
    let after = changed(text, settings.clone());
    let mut faults = Vec::new();
    let flow = &before.analysis.bases[missed.journey.base];
    // The worst of the routes that missed it.
    let routes = missed.others.iter().map(|(journey, _)| *journey).chain([missed.journey]);
    let names: Vec<&str> = routes.map(|it| it.name.as_str()).collect();
    let judged = after.analysis.judged().filter(|(journey, _)| names.contains(&journey.name.as_str()));
    let low = judged
        .map(|(_, it)| if missed.is_completed { it.completed.expect("it has an end") } else { it.low })
        .map(Availability::lower)
        .fold(1.0, f64::min);
    if (low - found.availability).abs() > 1e-9 {
        faults.push(format!("reaches {low}, not {}", found.availability));
    }
    if after.diagnostics.iter().any(|it| it.code == "LP103" && it.element == flow.element) {
        faults.push("misses still".to_owned());
    }
    for finding in new(before, &after).filter(|it| it.severity == Severity::Error) {
        faults.push(format!("brings {} {}", finding.code, finding.message));
    }
    for deletion in &after.analysis.plan(&after.architecture).deletions {
        if undoes(deletion, found, before) {
            faults.push(format!("is taken back: {deletion:?}"));
        }
    }
    faults.iter().map(|it| format!("{} with {settings:?} {it}", flow.name)).collect()
}

/// What is wrong with the sets of changes for all flows of a design that miss their promise, and how many were found.
fn followed(text: &str) -> (usize, Vec<String>) {
    let before = checked(text);
    let mut searches = Searches::new(&before.architecture, &before.analysis.load);
    let mut count = 0;
    let mut found = Vec::new();
    for missed in missed(&before.architecture, &before.analysis) {
        if let Outcome::Reached(improvement) = missed.cheapest(&mut searches) {
            count += 1;
            found.extend(faults(text, &before, &missed, &improvement));
        }
    }
    (count, found)
}

/// The help of the only flow that misses its promise.
fn help(text: &str) -> String {
    let design = checked(text);
    let missed: Vec<&Diagnostic> = design.diagnostics.iter().filter(|it| it.code == "LP103").collect();
    assert_eq!(missed.len(), 1, "{missed:#?}");
    missed[0].help.clone().expect("it says what to do")
}

/// Each route is 99.5 %, and 99.97274 % with two of its service (u = .005, β = .05).
#[test]
fn all_routes_of_a_flow_are_mended_by_one_set() {
    let text = "system \"S\" { availability = 99.9% }
client browser
api_gateway edge { managed, availability = 100% }
service cart, search x1
browser -> edge
edge -> cart, search
";
    let help = help(text);
    assert!(help.starts_with("run `cart` x2 and run `search` x2: 99.9727%"), "{help}");
}

/// Who has nodes enough is told what they lack, and not their number.
#[test]
fn nodes_that_are_there_are_only_to_take_over() {
    let text = "client u\ndatabase db x4\nu -> db\nflow f { availability = 99.9%; u -> db }\n";
    assert!(help(text).starts_with("let `db` fail over automatically: "), "{}", help(text));
    let masterless = text.replace("db x4", "db : cassandra x1");
    assert!(help(&masterless).starts_with("run `db` x2: "), "{}", help(&masterless));
}

/// Two nodes in two zones are enough for who reads, and not for who writes: a switch may fail.
#[test]
fn who_writes_to_a_shared_store_is_told_more_than_who_reads_it() {
    let text = "system \"S\" { availability = 99.95% }
client app
load_balancer lb : alb
service api x3
database db : mysql x1
app -> lb -> api -> db
flow r { reads; app -> lb -> api -> db }
flow w { writes; app -> lb -> api -> db }
";
    let design = checked(text);
    let missed = design.diagnostics.iter().filter(|it| it.code == "LP103");
    let helps: Vec<&str> = missed.map(|it| it.help.as_deref().expect("it says what to do")).collect();
    let [read, written] = helps[..] else { panic!("{helps:#?}") };
    assert!(read.contains("`db` x2") && read.contains("99.9671%"), "{read}");
    assert!(written.contains("take an engine for `db`"), "{written}");
}

#[test]
fn the_cheapest_set_keeps_the_promise_of_every_design_that_is_kept() {
    let mut reached = 0;
    let mut wrong = Vec::new();
    for (name, text) in designs() {
        let (count, faults) = followed(&text);
        reached += count;
        wrong.extend(faults.into_iter().map(|it| format!("{name}: {it}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(reached > 50, "{reached}");
}

#[test]
fn the_cheapest_set_keeps_the_promise_of_what_is_drawn_at_random() {
    let mut reached = 0;
    let mut wrong = Vec::new();
    for number in 0..300 {
        let style = if number % 3 == 0 { Style::RINGS } else { Style::LAYERED };
        let mut dice = Dice::new((8 << 32) + number);
        let slo = dice.pick(&["80%", "95%", "99%", "99.5%"]);
        let drawing = Drawing::random(&mut dice, style);
        let text = format!("system \"Drawn\" {{ availability = {slo}, rate = 10/s }}\n{}", drawing.text());
        let (count, faults) = followed(&text);
        reached += count;
        wrong.extend(faults.into_iter().map(|it| format!("{it}\n{text}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(reached > 50, "{reached}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_cheapest_set_keeps_the_promise_of_what_is_made(design in plan::designs()) {
        prop_assume!(design.can_be_built());
        let text = design.text();
        let (_, wrong) = followed(&text);
        prop_assert!(wrong.is_empty(), "{}\n{text}", wrong.join("\n"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// What reads a single node and what writes to it are up as often, until there are two.
    #[test]
    fn flows_that_share_their_stores_are_each_told_their_own_set(
        design in plan::designs(),
        slo in prop::sample::select(vec!["99%", "99.5%", "99.9%", "99.95%"]),
        nodes in 1..3_u32,
        others in prop::sample::select(vec!["reads", "writes", "reads, consistency = strong"]),
    ) {
        prop_assume!(design.can_be_built());
        let path = "browser -> edge -> door -> app -> main";
        let text = format!(
            "{}database shared : postgres x{nodes}\napp -> shared\n\
             flow look {{ share = 60%, availability = {slo}, reads; {path} }}\n\
             flow note {{ share = 10%, availability = {slo}, writes; {path} }}\n\
             flow find {{ share = 20%, availability = {slo}, reads; browser -> edge -> door -> app -> shared }}\n\
             flow keep {{ share = 10%, availability = {slo}, {others}; browser -> edge -> door -> app -> shared }}\n",
            design.text(),
        );
        let (_, wrong) = followed(&text);
        prop_assert!(wrong.is_empty(), "{}\n{text}", wrong.join("\n"));
    }
}

/// What LP102 says is reached is reached, and its finding is gone: 5 000/s take three of 2 000/s, so two zones of two each
/// fall alike, and five over three leave three.
#[test]
fn what_is_spread_over_zones_survives_the_loss_of_one() {
    let text = "system \"S\" { rate = 5k/s, availability = 99.9% }
client browser
load_balancer edge : alb
service api x4 { zones = 1, capacity = 2k/s }
browser -> edge -> api
";
    let design = checked(text);
    let finding = design.diagnostics.iter().find(|it| it.code == "LP102").expect("all stand in one zone");
    let help = finding.help.clone().expect("it says what to do");
    assert!(help.starts_with("run `api` x5 and spread it over 3 zones (`zones = 3`): "), "{help}");
    let after = changed(text, vec!["api.replicas=5".to_owned(), "api.zones=3".to_owned()]);
    assert!(after.diagnostics.iter().all(|it| it.code != "LP102"));
    let low = after.analysis.availability[0].low.lower();
    assert!(low > design.analysis.availability[0].low.lower());
    assert!(help.contains(&figures::availability(low)), "{help}");
}
