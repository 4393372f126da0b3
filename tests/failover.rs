//! Failovers that take too long, and regions that are one too few: worked numbers.

use crate::analysed::analysed;

use loadpath::analysis::failover::{TooSlowFor, budget_seconds, slow};
use loadpath::analysis::regions::{Asks, one_region};
use loadpath::diagnostic::Severity;

/// T_fo alone against a month of 30 days: 2 592 000 s × (1 − T).
#[test]
fn a_month_leaves_so_many_seconds() {
    for (slo, seconds) in [(0.999, 2592.0), (0.9995, 1296.0), (0.9999, 259.2), (0.99999, 25.92)] {
        assert!((budget_seconds(slo) - seconds).abs() < 1e-6, "{slo}");
    }
}

/// Two regions (each .99995 with a managed balancer .9999, app ×2, one db .995) behind a name. One is up
/// .99995 × .9999 × (1 − 272.6e-6) × .995 = 1 − u with u = .0054203. The switch fails one time in twenty and takes 150 s
/// of 4 h: s = .05 + .0104167 × .95 = .0598958. U = u × (s + u − us) = 3.5227e-4.
#[test]
fn a_failover_by_name_takes_what_the_catalogue_says_of_names() {
    let region = |name: &str| {
        format!(
            "region {name} {{
  load_balancer edge {{ managed, availability = 99.99% }}
  service app x2 {{ availability = 99.5%, needs = 1 }}
  database db x1 {{ availability = 99.5% }}
  edge -> app -> db
}}
"
        )
    };
    let text = format!(
        "{}{}client browser
dns names
browser -> names -> east.edge else west.edge {{ failover }}
",
        region("east"),
        region("west")
    );
    let (_, analysis) = analysed(&text);
    let judged = &analysis.availability[0];
    assert!((judged.low.lower() - 0.999_647_7).abs() < 1e-6, "{:?}", judged.low);
    let switching = judged.switchings[0];
    assert!((switching.switch.seconds - 150.0).abs() < 1e-9 && switching.switch.is_assumed);
}

fn pair(asked: &str, store: &str) -> String {
    format!(
        "system \"Shop\" {{ {asked} }}
client browser
database orders x2 {{ {store} }}
browser -> orders {{ writes }}
"
    )
}

fn levels(text: &str) -> Vec<(Severity, TooSlowFor)> {
    let (architecture, analysis) = analysed(text);
    slow(&architecture, &analysis).iter().map(|it| (it.level, it.too_slow)).collect()
}

/// A warm standby takes 600 s: s = .05 + 600 ÷ 14 400 − product = .0896, and .005 × .0896 = 4.48e-4 is more than 99.99 %
/// and 99.96 % allow, less than 99.9 % does. A month at 99.99 % leaves 259 s, at 99.96 % 1 037 s.
#[test]
fn a_warm_standby_is_too_slow_for_four_nines() {
    let found = levels(&pair("availability = 99.99%", "standby = warm"));
    assert!(
        matches!(found[..], [(Severity::Error, TooSlowFor::Budget(seconds))] if (seconds - 259.2).abs() < 1e-6)
    );
    assert_eq!(levels(&pair("availability = 99.96%", "standby = warm")), []);
}

/// 300 s are more than a month at 99.99 % leaves, though a primary that is never lost hardly ever needs them: then
/// the promise holds, and it is advice.
#[test]
fn a_slow_failover_that_is_hardly_ever_needed_is_advice() {
    let found = levels(&pair("availability = 99.99%", "failover = 300s, availability = 99.99%"));
    assert!(matches!(found[..], [(Severity::Advice, TooSlowFor::Budget(_))]), "{found:?}");
}

/// What is written against what is written is an error; what the catalogue assumes is none.
#[test]
fn a_missed_recovery_is_an_error_where_the_time_is_written() {
    let recovery = |store| levels(&pair("rto = 30s", store));
    assert!(matches!(recovery("failover = 60s")[..], [(Severity::Error, TooSlowFor::Recovery(_))]));
    assert!(matches!(recovery("failover")[..], [(Severity::Warning, TooSlowFor::Recovery(_))]));
    assert_eq!(recovery("failover = 30s"), []);
    assert_eq!(recovery("failover = manual"), []);
}

/// 99.995 % times 99.996 % is 99.991 %: over 99.99 % from one region can be kept, 99.995 % can't.
#[test]
fn a_promise_that_one_region_keeps_is_nobodys_matter() {
    let one = |slo: &str| {
        let text = format!(
            "system \"Till\" {{ availability = {slo} }}
client browser
region east {{ service app x3 {{ availability = 99.996%, needs = 3, correlation = 100% }} }}
browser -> app
"
        );
        let (architecture, analysis) = analysed(&text);
        one_region(&architecture, &analysis).iter().map(|it| (it.level, it.asks)).collect::<Vec<_>>()
    };
    assert_eq!(one("99.99%"), []);
    assert!(matches!(one("99.995%")[..], [(Severity::Warning, Asks::Promise(_))]), "{:?}", one("99.995%"));
}
