//! The constraints that `examples/library` offers: each is broken by a design that breaks it, and kept by one that is sound.

use loadpath::check::{Checked, Config, LoadError, Loader, Profile, check};
use loadpath::source::SourceFile;

const LIBRARY: &str = include_str!("../examples/library/constraints.arch");

struct Library;

impl Loader for Library {
    fn load(&self, _: &str, path: &str) -> Result<SourceFile, LoadError> {
        Ok(SourceFile::new(path, LIBRARY))
    }
}

fn with_the_library(design: &str) -> Checked {
    let text = format!("include \"constraints.arch\"\n{design}");
    check(
        SourceFile::new("design.arch", text),
        &Library,
        &Config { profile: Profile::Review, ..Config::default() },
    )
}

/// Who breaks which constraint: the messages of the rule.
fn broken(design: &Checked) -> Vec<&str> {
    design.diagnostics.iter().filter(|it| it.code == "LP024").map(|it| it.message.as_str()).collect()
}

#[test]
fn each_constraint_is_broken_by_a_design_that_does_what_it_forbids() {
    let design = with_the_library(
        r"
        client browser
        api_gateway gate
        service api { sessions = server }
        service admin #gated
        database orders #personal { data = [pii, phi, pci] }
        database stats { backup = 1d }
        cache hot { ttl = 2d }
        queue jobs
        worker sender
        third_party mail
        browser -> gate -> admin
        browser -> api, admin, orders, hot
        browser ~> jobs
        api -> orders, hot, stats
        hot -> api
        api ~> jobs ~> sender
        sender -> mail { timeout = 60s, retries = 5 }
        orders -> mail
        flow order { browser -> orders -> mail }
        flow manage { browser -> admin }
        ",
    );
    let broken = broken(&design);
    assert!(design.architecture.constraints.len() >= 20);
    for constraint in &design.architecture.constraints {
        let name = format!("`{}`", constraint.name.as_ref().expect("each has a name"));
        assert!(
            broken.iter().any(|message| message.contains(&name)),
            "{name} is broken by nothing:\n{broken:#?}"
        );
        assert!(constraint.text.is_some(), "{name} does not say why");
    }
}

#[test]
fn no_constraint_is_broken_by_a_sound_design() {
    let design = with_the_library(
        r#"
        system "Shop" { availability = 99.9% }
        client browser
        api_gateway gate
        group shop {
          owner = sales
          service api x2 { sessions = store }
          service admin x2 #gated
        }
        database orders #personal { data = [pii, phi, pci], encrypted_at_rest, audit_log, backup = 1d, restore_tested }
        cache hot { ttl = 5min }
        queue jobs, failed { max_length = 1k, dead_letter = failed }
        worker sender { idempotent }
        third_party mail
        monitoring
        browser -> gate : https
        gate -> api, admin : https
        api -> hot, orders : tls { timeout = 1s, retries = 1 }
        api ~> jobs ~> sender
        sender -> mail : https { timeout = 2s, retries = 3 }
        flow order { latency_p99 = 1s; browser -> gate -> api -> hot, orders }
        flow manage { latency_p99 = 1s; browser -> gate -> admin }
        "#,
    );
    assert_eq!(broken(&design), [""; 0]);
}

/// A file of constraints is part of a design, and not one that lacks everything.
#[test]
fn the_library_by_itself_has_no_findings() {
    let file = SourceFile::new("constraints.arch", LIBRARY);
    let alone = check(file, &Library, &Config { profile: Profile::Review, ..Config::default() });
    assert_eq!(alone.diagnostics, []);
}
