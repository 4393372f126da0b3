//! The goals, each beside a reference that is taken in the same run.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use loadpath::analysis::Analysis;
use loadpath::check::{Config, NoFiles, Session, check};
use loadpath::source::{FileId, SourceFile};
use loadpath::syntax;
use rayon::prelude::*;

use super::{architecture, generate};

/// Measures and prints them.
pub(super) fn print() {
    let folder = std::env::temp_dir().join(format!("loadpath-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    cold_start(&folder);
    against_graphviz(&folder);
    growth(&folder);
    availability();
    many_files();
    keystrokes();
    many_configured_files(&folder.join("project"));
    fs::remove_dir_all(&folder).expect("the folder is this run's own");
}

/// The median time of some runs.
fn median(runs: usize, mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[runs / 2]
}

fn ratio(of: Duration, reference: Duration) -> f64 {
    of.as_secs_f64() / reference.as_secs_f64()
}

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).expect("a file of one's own can be written");
    path
}

/// Runs a command to its end; none where it is not installed.
fn run(command: &str, arguments: &[&str]) -> Option<()> {
    let mut command = Command::new(command);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().ok().map(|_| ())
}

fn check_command(path: &Path) -> Duration {
    let path = path.to_str().expect("the path is text");
    median(9, || run(env!("CARGO_BIN_EXE_loadpath"), &["check", path]).expect("the binary is built"))
}

fn cold_start(folder: &Path) {
    let path = written(folder, "thirty.arch", &generate::design(30));
    let name = path.to_str().expect("the path is text");
    let ours = median(51, || run(env!("CARGO_BIN_EXE_loadpath"), &["check", name]).expect("it is built"));
    let wc = median(51, || run("wc", &["-c", name]).expect("wc is part of every system"));
    println!(
        "cold check of 30 components: {:.1} × `wc -c` of it (goal 2): {ours:.2?} against {wc:.2?}",
        ratio(ours, wc)
    );
}

fn against_graphviz(folder: &Path) {
    let text = generate::design(10_000);
    let architecture = architecture(&text);
    let mut dot = String::from("digraph {\n");
    for component in architecture.components() {
        let _ = writeln!(dot, "  {} [label=\"{}\"];", component.name, component.kind);
    }
    for link in architecture.links() {
        let (source, target) = architecture.ends(link);
        let _ = writeln!(dot, "  {} -> {};", source.name, target.name);
    }
    dot.push_str("}\n");
    let dot = written(folder, "ten-thousand.dot", &dot);
    let design = written(folder, "ten-thousand.arch", &text);
    let dot = dot.to_str().expect("the path is text");
    if run("gc", &["-n", dot]).is_none() {
        println!("check of 10 000 components: not held against `gc -n`, which is not installed (graphviz)");
        return;
    }
    let gc = median(9, || run("gc", &["-n", dot]).expect("it ran before"));
    let ours = check_command(&design);
    println!(
        "check of {} components and {} links: {:.1} × `gc -n` (goal 3): {ours:.2?} against {gc:.2?}",
        architecture.components().len(),
        architecture.links().len(),
        ratio(ours, gc)
    );
}

fn growth(folder: &Path) {
    let time = |components: usize| {
        let path = written(folder, "growth.arch", &generate::design(components));
        (check_command(&path), path)
    };
    let (small, _) = time(1_000);
    let (large, path) = time(100_000);
    let exponent = ratio(large, small).log10() / 2.0;
    let read = median(9, || drop(black_box(fs::read(&path))));
    let memory = peak_megabytes(&path).map_or_else(|| "unknown".to_owned(), |it| format!("{it} MB"));
    println!(
        "check of 100 000 components: {large:.2?} (goal 0.6 s where reading the file took {read:.2?}), \
         N^{exponent:.2} from 1 000 (goal 1.1), at most {memory} of memory (goal 400 MB)"
    );
}

/// The most memory that a check of this file holds at a time, by what Linux tells of a process while it runs.
fn peak_megabytes(path: &Path) -> Option<u64> {
    let mut check = Command::new(env!("CARGO_BIN_EXE_loadpath"));
    let mut check = check.arg("check").arg(path).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let status = format!("/proc/{}/status", check.id());
    let mut peak = None;
    while check.try_wait().ok()?.is_none() {
        let told = fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        peak = kilobytes.map(|it| it / 1024).or(peak);
        thread::sleep(Duration::from_millis(1));
    }
    peak
}

fn availability() {
    for (width, goal) in [(6, "10 ms"), (10, "1 s")] {
        let architecture = architecture(&generate::layered(width, 100));
        let time = median(5, || drop(black_box(Analysis::of(&architecture))));
        println!("exact availability, 100 layers of {width}: {time:.2?} (goal {goal})");
    }
}

fn many_files() {
    let texts: Vec<String> = (0..1_000).map(|at| generate::design(30 + at % 3)).collect();
    let parsed = median(5, || {
        texts.par_iter().for_each(|text| drop(black_box(syntax::parse(FileId(0), text))));
    });
    let checked = median(5, || {
        texts.par_iter().for_each(|text| {
            let file = SourceFile::new("generated.arch", text.as_str());
            drop(black_box(check(file, &NoFiles, &Config::default())));
        });
    });
    println!(
        "1 000 designs of 30 components: {:.1} × parsing them (goal 3): {checked:.2?} against {parsed:.2?}",
        ratio(checked, parsed)
    );
}

/// What is typed, letter by letter, in the middle of a design; `<` takes the last letter back.
const TYPED: &str = "// one more
servic<e extra x2 \"Typed\" { capacity = 1k<<2k/s, zones = 2 }
edge_0 -> extra : https { timeout = 500ms, retries = 1 }
extra -> orders_1, itms<<ems_1 : tls { timeout = 200ms }
flow typed { share = 1%, reads; user_0 -> edge_0 -> extra -> orders_1 }
";

/// From a keystroke to its findings, as an editor's server has them, against a fresh check of the same text.
fn keystrokes() {
    for (components, goal) in [(1_000, "5 ms"), (10_000, "16 ms")] {
        let mut text = generate::design(components);
        let middle = text[..text.len() / 2].rfind("\nclient ").map_or(0, |at| at + 1);
        let file = |text: &str| SourceFile::new("generated.arch", text);
        let mut session = Session::default();
        let mut shown = session.check(file(&text), &NoFiles, &Config::default());
        let mut at = middle;
        let mut times = Vec::new();
        for letter in TYPED.chars() {
            if letter == '<' {
                at -= 1;
                text.remove(at);
            } else {
                text.insert(at, letter);
                at += 1;
            }
            let start = Instant::now();
            shown = session.check(file(&text), &NoFiles, &Config::default());
            times.push(start.elapsed());
        }
        drop(black_box(shown));
        let fresh = median(3, || drop(black_box(check(file(&text), &NoFiles, &Config::default()))));
        times.sort_unstable();
        let (middle, late) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        println!(
            "keystroke to findings, {components} components: {:.2} × a fresh check, median {middle:.2?}, p99 {late:.2?} (goal {goal})",
            ratio(middle, fresh)
        );
    }
}

/// All that a `loadpath.toml` may ask at once.
const CONFIGURATION: &str = r#"
profile = "review"
fail-on = "warning"
extend-select = ["availability"]
ignore = ["LP903"]
exclude = ["drafts/", "*.old.arch"]
baseline = "known.json"

[levels]
missing-timeout = "error"
missed-slo = "warning"

[engine.ledger]
like = "postgres"
capacity = "9k/s"
"#;

/// The whole program on a folder, with its output, against reading and parsing the files in this process.
fn many_configured_files(folder: &Path) {
    fs::create_dir_all(folder).expect("a folder of one's own can be made");
    written(folder, "loadpath.toml", CONFIGURATION);
    let designs = (0..1_000).map(|at| generate::design(30 + at % 3));
    let paths: Vec<PathBuf> =
        designs.enumerate().map(|(at, text)| written(folder, &format!("{at:03}.arch"), &text)).collect();
    let name = folder.to_str().expect("the path is text");
    let check = |more: &[&str]| {
        run(env!("CARGO_BIN_EXE_loadpath"), &[&["check", name], more].concat()).expect("the binary is built");
    };
    check(&["--write-baseline"]);
    let parsed = median(5, || {
        paths.par_iter().for_each(|path| {
            let text = fs::read_to_string(path).expect("it was written before");
            drop(black_box(syntax::parse(FileId(0), &text)));
        });
    });
    let checked = median(5, || check(&[]));
    println!(
        "the same as files, by the program, with all of a `loadpath.toml`: {:.1} × reading and parsing them (goal 3): \
         {checked:.2?} against {parsed:.2?}",
        ratio(checked, parsed)
    );
}
