//! How long each floor takes, and how that grows: `cargo bench`.
//!
//! `cargo bench --bench main -- design 10000` writes the design of that size instead, to profile a check of it.
//!
//! Times do not carry from machine to machine; the goals, printed first, are held against a reference that is
//! taken in the same run.

mod generate;
mod goals;

use std::io::Write as _;

use divan::Bencher;
use loadpath::analysis::Analysis;
use loadpath::check::{Config, NoFiles, check};
use loadpath::model::{self, Architecture};
use loadpath::source::{FileId, SourceFile, Span};
use loadpath::syntax;

const SIZES: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

fn main() {
    if let Some(components) = wanted_design() {
        let _ = std::io::stdout().write_all(generate::design(components).as_bytes());
        return;
    }
    goals::print();
    divan::main();
}

/// The size that stands after `design` among the arguments.
fn wanted_design() -> Option<usize> {
    std::env::args().skip_while(|it| it != "design").nth(1)?.parse().ok()
}

fn architecture(text: &str) -> Architecture {
    let (file, errors) = syntax::parse(FileId(0), text);
    assert!(errors.is_empty(), "the generator writes designs without faults");
    model::build(&[file], Span::default())
}

#[divan::bench(args = SIZES)]
fn parse(bencher: Bencher, components: usize) {
    let text = generate::design(components);
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| syntax::parse(FileId(0), &text));
}

#[divan::bench(args = SIZES)]
fn build(bencher: Bencher, components: usize) {
    let text = generate::design(components);
    let files = [syntax::parse(FileId(0), &text).0];
    bencher.bench(|| model::build(&files, Span::default()));
}

#[divan::bench(args = SIZES)]
fn analyse(bencher: Bencher, components: usize) {
    let architecture = architecture(&generate::design(components));
    bencher.bench(|| Analysis::of(&architecture));
}

#[divan::bench(args = SIZES, max_time = 5)]
fn check_all(bencher: Bencher, components: usize) {
    let text = generate::design(components);
    bencher.bench(|| check(SourceFile::new("generated.arch", text.as_str()), &NoFiles, &Config::default()));
}

#[divan::bench(args = [6, 8, 10])]
fn availability_layered_100_deep(bencher: Bencher, width: usize) {
    let architecture = architecture(&generate::layered(width, 100));
    bencher.bench(|| Analysis::of(&architecture));
}
