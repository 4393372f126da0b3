//! How long each floor takes, and how that grows: `cargo bench`.
//!
//! Times do not carry from machine to machine; `ratios` (printed first) holds each goal against a reference that
//! is taken in the same run.

mod generate;

use divan::Bencher;
use loadpath::analysis::Analysis;
use loadpath::check::{Config, NoFiles, check};
use loadpath::model::{self, Architecture};
use loadpath::source::{FileId, SourceFile, Span};
use loadpath::syntax;

const SIZES: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

fn main() {
    ratios::print();
    divan::main();
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

/// The goals, each against its reference in the same run.
mod ratios {
    use std::time::{Duration, Instant};

    use super::{Config, NoFiles, SourceFile, check, generate};

    pub(super) fn print() {
        growth();
    }

    /// The median of some runs.
    fn median(mut run: impl FnMut()) -> Duration {
        let mut times: Vec<Duration> = (0..5)
            .map(|_| {
                let start = Instant::now();
                run();
                start.elapsed()
            })
            .collect();
        times.sort_unstable();
        times[2]
    }

    fn growth() {
        let time = |components: usize| {
            let text = generate::design(components);
            median(|| {
                let file = SourceFile::new("generated.arch", text.as_str());
                assert!(!check(file, &NoFiles, &Config::default()).sources.iter().count().eq(&0));
            })
            .as_secs_f64()
        };
        let (small, large) = (time(1_000), time(100_000));
        let exponent = (large / small).log10() / 2.0;
        println!("check, 100 000 components: {large:.2} s (goal 0.6 s on the machine of the goals)");
        println!("growth from 1 000 components: N^{exponent:.2} (goal N^1.1)");
    }
}
