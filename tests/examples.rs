//! The examples as they are reviewed: read these snapshots like a review.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use loadpath::check::{Checked, Config, NoFiles, Profile, check};
use loadpath::diagnostic::Severity;
use loadpath::report::text::{self, Look};
use loadpath::source::SourceFile;
use loadpath::syntax;

/// Every example with its review, by name.
fn reviewed() -> BTreeMap<String, Checked> {
    let entries = fs::read_dir("examples").expect("the examples stand in the repository");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths
        .filter(|path| path.extension().is_some_and(|it| it == "arch"))
        .map(|path| {
            let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("it can be read");
            let file = SourceFile::new(format!("examples/{name}.arch"), text);
            let config = Config { profile: Profile::Review, ..Config::default() };
            (name, check(file, &NoFiles, &config))
        })
        .collect()
}

#[test]
fn each_example_is_reviewed_as_its_readers_see_it() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "examples/snapshots" }, {
        for (name, checked) in reviewed() {
            let mut shown = String::new();
            for finding in &checked.diagnostics {
                let _ = writeln!(shown, "{}", text::finding(&checked.sources, finding, Look::PLAIN));
            }
            insta::assert_snapshot!(name, shown);
        }
    });
}

#[test]
fn the_good_example_is_silent_and_the_bad_one_is_not() {
    let reviewed = reviewed();
    assert_eq!(reviewed["team-wiki"].diagnostics, []);
    let loud = reviewed["checkout-naive"].diagnostics.iter().filter(|it| it.severity == Severity::Error);
    assert!(loud.count() >= 8);
}

/// A design is printed the way it is kept.
#[test]
fn each_example_is_in_the_form_that_fmt_gives() {
    for (name, checked) in reviewed() {
        for (_, file) in checked.sources.iter() {
            let printed = syntax::format(&file.text).expect("an example has no faults");
            assert_eq!(printed, file.text, "{name}: run `loadpath fmt examples`");
        }
    }
}
