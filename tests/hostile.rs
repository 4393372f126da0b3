//! Input that means harm, met by the real program: it ends in bounded time and memory, with a clear word and the right
//! exit code, and touches nothing that it was not asked to. `SECURITY.md` promises this, and names these tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::{Folder, Ran};

/// How long a run may wait for anything, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_mins(10);

/// The program in a folder, bounded: with so much address space, and so many seconds of work without optimisation.
fn bounded(folder: &Folder, mebibytes: usize, arguments: &[&str]) -> Ran {
    let mut command = Command::new("sh");
    command.args(["-c", r#"ulimit -t 60 && ulimit -v "$0" && exec "$@""#, &(mebibytes * 1024).to_string()]);
    command.arg(env!("CARGO_BIN_EXE_loadpath")).args(arguments).current_dir(&folder.0);
    // Each thread's own heap takes address space that nothing is kept in.
    command.env("MALLOC_ARENA_MAX", "1").env("RAYON_NUM_THREADS", "2");
    in_time(command)
}

fn in_time(mut command: Command) -> Ran {
    let begun = Instant::now();
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut streams = (child.stdout.take().expect("it is piped"), child.stderr.take().expect("it is piped"));
    // Pipes are emptied beside, so that a full one holds nothing up.
    let out = std::thread::spawn(move || io::read_to_string(&mut streams.0).expect("output is UTF-8"));
    let err = std::thread::spawn(move || io::read_to_string(&mut streams.1).expect("errors are UTF-8"));
    let status = loop {
        if let Some(status) = child.try_wait().expect("it is our child") {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().expect("it is our child");
            panic!("{command:?} takes longer than {PATIENCE:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    Ran { code: status.code(), out: out.join().expect("it is read"), err: err.join().expect("it is read") }
}

fn link(to: impl AsRef<Path>, at: PathBuf) {
    std::os::unix::fs::symlink(to, at).expect("a link can be made");
}

fn pipe(at: PathBuf) {
    assert!(Command::new("mkfifo").arg(at).status().expect("it is part of every system").success());
}

/// A run that could not read what was asked for says so in a line.
#[track_caller]
fn refused(ran: &Ran, said: &str) {
    assert_eq!(ran.code, Some(2), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains(said), "{}", ran.err);
    assert!(ran.err.lines().count() <= 3 && !ran.err.contains("panicked"), "{}", ran.err);
}

// ---- size

#[test]
fn more_than_64_mib_are_not_read_whatever_they_are() {
    let folder = Folder::new().with("long.arch", vec![b'x'; 100_000_000]);
    link("/dev/zero", folder.0.join("endless.arch"));
    for command in ["check", "fmt", "graph", "report", "estimate"] {
        refused(&bounded(&folder, 512, &[command, "long.arch"]), "`long.arch` has over 64 MiB");
    }
    let mut endless = folder.command(&["check", "-"]);
    endless.stdin(File::open("/dev/zero").expect("every system has it"));
    refused(&in_time(endless), "`-` has over 64 MiB");
    refused(&bounded(&folder, 512, &["check", "endless.arch"]), "it is no regular file");
    let folder = folder.with("shop.arch", "include \"long.arch\"\ninclude \"endless.arch\"\nservice api\n");
    let ran = bounded(&folder, 512, &["check", "--format", "concise", "shop.arch"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.out.contains("shop.arch:1:9: error[LP023] the included file `long.arch`"), "{}", ran.out);
    assert!(ran.out.contains("shop.arch:2:9: error[LP019]"), "{}", ran.out);
}

#[test]
fn a_line_of_60_mb_is_read_and_shown_in_part() {
    let folder = Folder::new().with("text.arch", format!("system \"{}", "x".repeat(60_000_000)));
    let folder = folder.with("word.arch", "x".repeat(6_000_000));
    for (file, said) in [("text.arch", "error[LP001]"), ("word.arch", "error[LP004]")] {
        let ran = bounded(&folder, 2_048, &["check", file]);
        assert_eq!(ran.code, Some(1), "{file}: {}", ran.err);
        assert!(ran.out.starts_with(said) && ran.out.len() < 10_000, "{file}: {:.2000}", ran.out);
    }
}

#[test]
fn a_million_components_are_reviewed() {
    const COUNT: usize = 1_000_000;
    let mut text = String::from("service api\n");
    for at in 1..COUNT {
        let _ = writeln!(text, "service s{at}");
    }
    let folder = Folder::new().with("large.arch", text);
    let ran = bounded(&folder, 2_560, &["check", "large.arch"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("(checked 1000000 components, 0 links in "), "{}", ran.out);
}

/// Each link of a client is a journey, which looks at no other.
#[test]
fn a_client_of_ten_thousand_services_is_reviewed() {
    let mut text = String::from("system \"Wide\" { rate = 10k/s, availability = 99% }\nclient web\n");
    for at in 0..10_000 {
        let _ = writeln!(text, "service s{at} x2 {{ capacity = 500/s }}\nweb -> s{at} : https");
    }
    let folder = Folder::new().with("wide.arch", text);
    let ran = bounded(&folder, 2_560, &["check", "wide.arch"]);
    assert!(ran.out.contains("(checked 10001 components, 10000 links in "), "{}", ran.err);
}

#[test]
fn what_is_nested_deeper_than_64_is_refused_in_no_time() {
    let open = "group g { ".repeat(100_000);
    let shut = format!("{open}{}", "}".repeat(100_000));
    for text in [open, shut, "(".repeat(10_000_000), "[{(".repeat(1_000_000)] {
        let folder = Folder::new().with("deep.arch", format!("service api\n{text}"));
        let ran = bounded(&folder, 1_024, &["check", "--format", "concise", "deep.arch"]);
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        assert!(ran.out.contains("error[LP023] brackets nest deeper than 64"), "{:.500}", ran.out);
    }
}

/// There may be a finding a statement; whoever wants more than ten thousand says so.
#[test]
fn findings_without_end_are_counted_and_the_first_of_them_shown() {
    let folder = Folder::new().with("many.arch", "service api\n".repeat(20_001));
    let ran = bounded(&folder, 1_024, &["check", "--format", "concise", "many.arch"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 10_001);
    assert!(ran.out.ends_with("\n… and 10000 further findings\n"), "{}", &ran.out[ran.out.len() - 300..]);
    let ran = bounded(&folder, 1_024, &["check", "--format", "concise", "--max-findings=30000", "many.arch"]);
    assert_eq!(ran.out.lines().count(), 20_000);
}

#[test]
fn a_chain_of_includes_ends_at_a_stated_length() {
    let mut folder = Folder::new();
    for at in 0..1_200 {
        folder = folder.with(&format!("{at}.arch"), format!("include \"{}.arch\"\nservice s{at}\n", at + 1));
    }
    let ran = bounded(&folder, 1_024, &["check", "--format", "concise", "0.arch"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.out.contains("999.arch:1:9: error[LP023] the design has over 1000 files"), "{}", ran.out);
}

// ---- what lies in a folder

/// Pipes, devices, links that lead nowhere or round in a circle: a folder is walked past all of them.
#[test]
fn a_folder_of_traps_is_walked_past_them() {
    let folder = Folder::new().with("all/good.arch", "service api\napi -> api\n");
    let folder = folder.with("all/folder.arch/inner.arch", "service api\napi -> api\n");
    let all = folder.0.join("all");
    pipe(all.join("pipe.arch"));
    link("/dev/zero", all.join("endless.arch"));
    link("gone.arch", all.join("dangling.arch"));
    link(".", all.join("round"));
    link("round.arch", all.join("round.arch"));
    link("folder.arch", all.join("linked.arch"));
    link("good.arch", all.join("same.arch"));
    let ran = bounded(&folder, 512, &["check", "--format", "concise", "all"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let files = ran.out.lines().filter_map(|line| Some(line.split_once(':')?.0));
    let mut files: Vec<&str> = files.collect();
    files.dedup();
    assert_eq!(files, ["all/folder.arch/inner.arch", "all/good.arch", "all/same.arch"], "{}", ran.out);
    assert_eq!(bounded(&folder, 512, &["fmt", "--check", "all"]).code, Some(0));
}

/// What says what to leave out is read by nobody where it has no end: the folder is not entered, and its neighbours are.
#[test]
fn files_that_say_what_to_leave_out_are_read_only_where_they_end() {
    let odd = "which says what to leave out: it is no regular file";
    let large = "which says what to leave out: it has over 1 MiB, which is more than is read";
    for (name, said) in [(".gitignore", odd), (".ignore", odd), (".git/info/exclude", odd)] {
        let folder = Folder::new().with("all/good.arch", "service api\napi -> api\n");
        let folder = folder.with("all/trap/inner.arch", "service api\napi -> api\n");
        for at in ["all/trap", "."] {
            let trap = folder.0.join(at).join(name);
            fs::create_dir_all(trap.parent().expect("it lies in a folder")).expect("it can be made");
            for kind in ["pipe", "endless"] {
                match kind {
                    "pipe" => pipe(trap.clone()),
                    _ => link("/dev/zero", trap.clone()),
                }
                let ran = bounded(&folder, 512, &["check", "--format", "concise", "all"]);
                refused(&ran, said);
                assert_eq!(ran.out.contains("all/good.arch:2:8"), at != ".", "{name} in {at}: {}", ran.out);
                assert!(!ran.out.contains("inner.arch"), "{name} in {at}: {}", ran.out);
                refused(&bounded(&folder, 512, &["fmt", "--check", "all"]), said);
                fs::remove_file(&trap).expect("it is there");
            }
        }
    }
    // Of the size of a disk, with nothing in it; and those that the system makes up, which say that they are empty.
    let folder = Folder::new().with("good.arch", "service api\napi -> api\n").with(".ignore", "");
    let file = File::create(folder.0.join(".ignore")).expect("it can be made");
    file.set_len(1 << 40).expect("a file may have holes");
    refused(&bounded(&folder, 512, &["check"]), large);
    let folder = folder.with(".ignore", "");
    for made_up in ["/proc/self/pagemap", "/proc/self/mem"] {
        link(made_up, folder.0.join(".gitignore"));
        refused(&bounded(&folder, 512, &["check"]), "says what to leave out: ");
        fs::remove_file(folder.0.join(".gitignore")).expect("it is there");
    }
    // Further trees of a repository keep what they leave out somewhere else.
    let tree = format!("gitdir: {}\n", folder.0.join("tree").display());
    let folder = folder.with(".git", tree);
    let folder = folder.with("tree/commondir", "./common\n").with("tree/common/info/exclude", "*.arch\n");
    assert!(bounded(&folder, 512, &["check"]).err.contains("no `.arch` files"));
    for trap in ["tree/common/info/exclude", "tree/commondir", ".git"] {
        fs::remove_file(folder.0.join(trap)).expect("it is there");
        if trap == ".git" {
            File::create(folder.0.join(trap)).and_then(|it| it.set_len(1 << 40)).expect("it can be made");
        } else {
            link("/dev/zero", folder.0.join(trap));
        }
        refused(&bounded(&folder, 512, &["check"]), "says what to leave out: it ");
    }
}

/// As many patterns as are read at all, none of which is a plain word.
#[test]
fn a_mebibyte_of_patterns_is_read_in_bounded_time_and_memory() {
    let mut patterns: String = (0..70_000).map(|at| format!("[a-z]*{at}?b*\n")).collect();
    patterns.truncate(1024 * 1024);
    let folder = Folder::new().with("good.arch", "service api\napi -> api\n").with(".gitignore", patterns);
    let ran = bounded(&folder, 2_048, &["check", "--format", "concise"]);
    assert!(ran.out.contains("good.arch:2:8"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_trap_that_is_named_is_refused_and_never_waited_for() {
    let folder = Folder::new();
    pipe(folder.0.join("pipe.arch"));
    link("pipe.arch", folder.0.join("to-pipe.arch"));
    link("round.arch", folder.0.join("round.arch"));
    link("gone.arch", folder.0.join("dangling.arch"));
    for command in ["check", "fmt", "graph", "report", "estimate"] {
        for file in ["pipe.arch", "to-pipe.arch", "/dev/zero", "/dev/null"] {
            let ran = bounded(&folder, 512, &[command, file]);
            refused(&ran, &format!("can't read `{file}`: it is no regular file"));
        }
        refused(&bounded(&folder, 512, &[command, "round.arch"]), "can't read `round.arch`");
        refused(&bounded(&folder, 512, &[command, "dangling.arch"]), "`dangling.arch` does not exist");
    }
}

/// What a shell hands over is a pipe as well, but one with somebody at its other end.
#[test]
fn a_pipe_that_a_shell_makes_is_read() {
    let folder = Folder::new();
    let ran = folder.run_with(&["check", "/dev/stdin", "--format=concise"], b"service api\napi -> order\n");
    assert_eq!(ran.out, "/dev/stdin:2:8: error[LP002] nothing is called `order`\n", "{}", ran.err);
}

/// A pull request may bring a link to a key: neither is it shown nor written to.
#[test]
fn a_link_in_a_folder_leads_to_nothing_outside_of_the_project() {
    let secret = "hunter2   secret\n";
    let folder = Folder::new().with("secret.txt", secret).with("project/loadpath.toml", "");
    let folder = folder.with("project/designs/fine.arch", "service api\n");
    let folder = folder.with("project/shared/part.arch", "service   part\n");
    link("../../secret.txt", folder.0.join("project/designs/leak.arch"));
    link("../shared/part.arch", folder.0.join("project/designs/part.arch"));
    for arguments in [&["check", "project"][..], &["check", "--fix", "project"], &["fmt", "project/designs"]]
    {
        let ran = bounded(&folder, 512, arguments);
        refused(&ran, "`project/designs/leak.arch` lies outside of the project");
        assert!(!ran.out.contains("hunter2") && !ran.err.contains("hunter2"), "{}{}", ran.out, ran.err);
        assert_eq!(fs::read_to_string(folder.0.join("secret.txt")).expect("it is there"), secret);
    }
    let part = fs::read_to_string(folder.0.join("project/shared/part.arch")).expect("it is there");
    assert_eq!(part, "service part\n", "inside of the project a link is followed");
}

#[test]
fn includes_that_climb_out_or_go_round_are_told_and_not_followed() {
    let folder = Folder::new().with("secret.arch", "service hunter2\n").with("project/loadpath.toml", "");
    let outside = folder.0.join("secret.arch");
    link("../secret.arch", folder.0.join("project/linked.arch"));
    let text = format!(
        "include \"../secret.arch\"\ninclude \"../../../../../../../../etc/passwd\"\ninclude \"{}\"\n\
         include \"linked.arch\"\ninclude \"shop.arch\"\ninclude \"loop.arch\"\nservice api\napi -> hunter2\n",
        outside.display()
    );
    let folder = folder.with("project/shop.arch", text);
    let folder = folder.with("project/loop.arch", "include \"./shop.arch\"\n");
    let ran = bounded(&folder, 512, &["check", "--format", "concise", "project/shop.arch"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    for line in 1..=4 {
        assert!(ran.out.contains(&format!("shop.arch:{line}:9: error[LP019]")), "{line}: {}", ran.out);
    }
    for place in ["project/shop.arch:5:9: error[LP018]", "project/loop.arch:1:9: error[LP018]"] {
        assert!(ran.out.contains(place), "{place}: {}", ran.out);
    }
    assert!(ran.out.contains("nothing is called `hunter2`"), "{}", ran.out);
}

/// For "did you mean" the names of a folder are enough, and it is one of the project; also where a link leads out of it.
#[test]
fn an_include_that_leads_nowhere_lists_no_folder_outside_of_the_project() {
    let folder = Folder::new()
        .with("secret/hunter2.arch", "service hunter2\n")
        .with("project/loadpath.toml", "")
        .with("project/parts/common.arch", "service api\n")
        .with(
            "project/shop.arch",
            "include \"parts/comon.arch\"\ninclude \"../secret/hunter.arch\"\ninclude \"out/hunter.arch\"\n",
        );
    link("../secret", folder.0.join("project/out"));
    let trace = folder.0.join("trace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-e", "trace=open,openat", "-e", "signal=none", "-o"]).arg(&trace);
    strace.args([env!("CARGO_BIN_EXE_loadpath"), "check", "--format", "concise", "project/shop.arch"]);
    strace.current_dir(&folder.0).stdout(Stdio::null()).stderr(Stdio::null());
    strace.status().expect("`tests/run` installs strace");
    let said = fs::read_to_string(&trace).expect("it is written");
    let opened = |path: &str| said.lines().filter(|it| it.contains(path)).count();
    assert_eq!((opened("project/parts\""), opened("common.arch")), (1, 0), "{said}");
    assert_eq!((opened("secret"), opened("out\""), opened("hunter")), (0, 0, 0), "{said}");
}

/// The same for somebody to whom not everything is open, as it is to the superuser.
#[test]
fn what_may_not_be_read_is_told_of_and_hides_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    // Nobody may see the folder of the tests.
    let mut folder = Folder::new();
    let place = std::env::temp_dir().join(format!("loadpath-{}", std::process::id()));
    fs::create_dir(&place).expect("it is new");
    let _ = fs::remove_dir_all(std::mem::replace(&mut folder.0, place));
    let folder = folder.with("loadpath.toml", "").with("all/locked.arch", "service locked\n");
    let folder = folder.with("all/shut/inner.arch", "").with("all/shop.arch", "include \"locked.arch\"\n");
    let program = folder.0.join("loadpath");
    fs::copy(env!("CARGO_BIN_EXE_loadpath"), &program).expect("it can be copied");
    for (name, mode) in [("", 0o755), ("all/locked.arch", 0), ("all/shut", 0), ("loadpath", 0o755)] {
        fs::set_permissions(folder.0.join(name), fs::Permissions::from_mode(mode)).expect("it is ours");
    }
    let run = |arguments: &[&str]| {
        let is_superuser = fs::read(folder.0.join("all/locked.arch")).is_ok();
        let mut command = Command::new(if is_superuser { "setpriv" } else { "env" });
        if is_superuser {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
        }
        in_time({
            command.arg(&program).args(arguments).current_dir(&folder.0);
            command
        })
    };
    refused(&run(&["check", "all/locked.arch"]), "can't read `all/locked.arch`: permission denied");
    refused(&run(&["fmt", "all/locked.arch"]), "can't read `all/locked.arch`: permission denied");
    let ran = run(&["check", "--format", "concise", "all"]);
    refused(&ran, "can't read `all/locked.arch`: permission denied");
    assert!(ran.err.contains("all/shut"), "{}", ran.err);
    let told =
        "all/shop.arch:1:9: error[LP017] the included file `locked.arch` can't be read: permission denied";
    assert!(ran.out.contains(told), "{}", ran.out);
    // Nobody may write here: nothing is lost over that.
    let folder_now = fs::read_to_string(folder.0.join("all/shop.arch")).expect("it is there");
    refused(&run(&["init", "new.arch"]), "new.arch");
    assert_eq!(folder_now, "include \"locked.arch\"\n");
    fs::set_permissions(folder.0.join("all/shut"), fs::Permissions::from_mode(0o755)).expect("it is ours");
}

/// Files come and go under a tool that runs in CI: each run ends with findings or with a clear word.
#[test]
fn a_file_that_vanishes_meanwhile_is_told_of() {
    let folder = Folder::new().with("here.arch", "service api\n");
    let file = folder.0.join("here.arch");
    let is_over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                let _ = fs::remove_file(&file);
                let _ = fs::write(&file, "service   api\n");
            }
        });
        for at in 0..60 {
            let arguments = [&["check", "here.arch"][..], &["fmt", "here.arch"], &["check", "."]][at % 3];
            let ran = folder.run(arguments);
            let is_told = [
                "does not exist",
                "no `.arch` files",
                "can't write `here.arch`",
                "is changed by somebody else",
                "No such file",
            ];
            let is_clear = match ran.code {
                Some(0) => ran.err.is_empty(),
                Some(2) => is_told.iter().any(|it| ran.err.contains(it)),
                _ => false,
            };
            if !is_clear {
                is_over.store(true, std::sync::atomic::Ordering::Relaxed);
                panic!("{arguments:?}: {:?} {}{}", ran.code, ran.out, ran.err);
            }
        }
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

// ---- bytes

#[test]
fn bytes_that_are_no_text_are_told_with_their_place() {
    let design = "service api\napi -> order\n";
    let wide: Vec<u8> = design.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = Folder::new()
        .with("latin.arch", b"service api // caf\xe9\n")
        .with("wide.arch", [&b"\xff\xfe"[..], &wide].concat())
        .with("cut.arch", b"service api // \xf0\x9f\xa6")
        .with("surrogate.arch", b"service api // \xed\xa0\x80\n")
        .with("zeros.arch", "service a\0b\n")
        .with("marked.arch", format!("\u{feff}{design}"));
    for (file, byte) in [("latin.arch", 18), ("wide.arch", 0), ("cut.arch", 15), ("surrogate.arch", 15)] {
        for command in ["check", "fmt", "graph", "report", "estimate"] {
            let said = format!("`{file}` is not UTF-8 text: byte {byte} fits no character");
            refused(&bounded(&folder, 512, &[command, file]), &said);
        }
    }
    let ran = folder.run(&["check", "--format", "concise", "zeros.arch", "marked.arch"]);
    assert!(ran.out.starts_with("zeros.arch:1:10: error[LP001] the control character U+0000"), "{}", ran.out);
    assert!(ran.out.ends_with("marked.arch:2:8: error[LP002] nothing is called `order`\n"), "{}", ran.out);
    assert!(!ran.out.contains('\0'));
}

// ---- where it writes

/// What answers a question, for each command; `{}` is a design.
const ASKING: [&[&str]; 22] = [
    &["check", "."],
    &["check", "--diff", "--unsafe-fixes", "."],
    &["check", "--profile=review", "--format=github", "."],
    &["check", "--show-settings", "."],
    &["diff", "broken.arch", "shop.arch"],
    &["explain", "LP101"],
    &["rules"],
    &["fmt", "--check", "."],
    &["fmt", "--diff", "."],
    &["graph", "shop.arch"],
    &["report", "shop.arch"],
    &["report", "--format=html", "shop.arch"],
    &["estimate", "shop.arch"],
    &["review", "shop.arch"],
    &["what-if", "--load=2x", "shop.arch"],
    &["learn", "caching"],
    &["interview", "list"],
    &["interview", "reference", "chat"],
    &["interview", "check", "chat.arch"],
    &["completions", "bash"],
    &["man", "check"],
    &["lsp"],
];

/// Commands that are there to write a file.
const WRITING: [&str; 1] = ["init"];

/// Commands that answer until they are ended.
const SERVING: [&str; 1] = ["serve"];

/// A folder to ask questions in, with something to mend and to format.
fn questions() -> Folder {
    let folder = Folder::new().with("broken.arch", "service   api\napi -> ordr\ndatabase order\n");
    let design = fs::read("examples/checkout-naive.arch").expect("it stands in the repository");
    let interview = "// interview: chat launch\nsystem \"Chat\" {}\n";
    folder.with("shop.arch", design).with("chat.arch", interview).with("home/.keep", "").with("tmp/.keep", "")
}

fn ask(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = folder.command(arguments);
    command.env("HOME", folder.0.join("home")).env("TMPDIR", folder.0.join("tmp"));
    command.env_remove("XDG_CACHE_HOME").env_remove("XDG_CONFIG_HOME");
    command
}

/// All files of a folder with what they hold, and when each was last written.
fn all_in(folder: &Path) -> BTreeMap<PathBuf, (Option<Vec<u8>>, std::time::SystemTime)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("it can be read") {
        let path = entry.expect("it can be read").path();
        let written = fs::metadata(&path).and_then(|it| it.modified()).expect("it is known");
        if path.is_dir() {
            all.extend(all_in(&path));
            all.insert(path, (None, written));
        } else {
            let bytes = fs::read(&path).expect("it can be read");
            all.insert(path, (Some(bytes), written));
        }
    }
    all
}

#[test]
fn every_command_is_asked_in_these_tests() {
    let help = Folder::new().run(&["--help"]).out;
    let commands = help.lines().skip_while(|it| *it != "Commands:").skip(1);
    let commands = commands.take_while(|it| !it.is_empty()).filter_map(|it| it.split_whitespace().next());
    let others = [&WRITING[..], &SERVING, &["help"]].concat();
    let asked = |name: &str| ASKING.iter().any(|it| it[0] == name) || others.contains(&name);
    let missing: Vec<&str> = commands.filter(|name| !asked(name)).collect();
    assert!(help.contains("Commands:") && missing.is_empty(), "{missing:?}");
}

/// A question changes nothing: not the designs, nor anything beside them, at home or among temporary files.
#[test]
fn nothing_is_written_that_was_not_asked_for() {
    let folder = questions();
    let before = all_in(&folder.0);
    for arguments in ASKING {
        let ran = Ran::from(ask(&folder, arguments).output().expect("it starts"));
        assert!(matches!(ran.code, Some(0 | 1)), "{arguments:?}: {}", ran.err);
        assert_eq!(all_in(&folder.0), before, "{arguments:?}");
    }
    // The look is a sharp one: one command that is to write does.
    assert_eq!(ask(&folder, &["fmt", "broken.arch"]).status().expect("it starts").code(), Some(0));
    assert_ne!(all_in(&folder.0), before);
}

/// What a fix or a form is asked for is written, and nothing beside it.
#[test]
fn fixes_and_forms_change_the_named_file_alone() {
    for (arguments, file) in [
        (&["fmt", "broken.arch"][..], "broken.arch"),
        (&["check", "--fix", "--unsafe-fixes", "broken.arch"], "broken.arch"),
        (&["interview", "ask", "chat", "how many people?"], "chat.arch"),
    ] {
        let folder = questions();
        let before = all_in(&folder.0);
        ask(&folder, arguments).output().expect("it starts");
        let after = all_in(&folder.0);
        assert!(before.keys().eq(after.keys()), "{arguments:?} leaves nothing lying about");
        let changed: Vec<_> = after.iter().filter(|(path, now)| before[*path].0 != now.0).collect();
        assert_eq!(changed.len(), 1, "{arguments:?}");
        assert!(changed[0].0.ends_with(file), "{arguments:?}");
    }
}

/// An output that is named by mistake, or by who wants harm, takes nothing with it: neither what is read, by whatever name,
/// nor a design that happens to stand there.
#[test]
fn no_output_is_written_over_what_is_read() {
    let folder = questions().with("part.arch", "service part\n").with("known.json", "");
    let folder = folder.with("main.arch", "include \"part.arch\"\nservice api\napi -> part\n");
    let folder = folder.with("known.json", "{\"version\": 1, \"findings\": []}");
    link("main.arch", folder.0.join("link.json"));
    fs::hard_link(folder.0.join("main.arch"), folder.0.join("other.txt")).expect("it can be made");
    let before = all_in(&folder.0);
    for arguments in [
        &["check", "--output", "main.arch", "main.arch"][..],
        &["check", "--fix", "--unsafe-fixes", "--output", "broken.arch", "broken.arch"],
        &["check", "--diff", "--output", "./broken.arch", "broken.arch"],
        &["check", "--format", "pretty", "--format", "sarif=main.arch", "."],
        &["check", "--format", "json=link.json", "main.arch"],
        &["check", "--format", "json=other.txt", "main.arch"],
        &["check", "--format", "json=part.arch", "main.arch"],
        &["check", "--format", "json=shop.arch", "main.arch"],
        &["check", "--format", "json=loadpath.toml", "main.arch"],
        &["check", "--isolated", "--format", "json=loadpath.toml", "main.arch"],
        &["check", "--show-settings", "--output", "loadpath.toml"],
        &["check", "--format", "json=known.json", "--baseline", "known.json", "main.arch"],
        &["check", "--baseline", "main.arch", "--write-baseline", "."],
        &["check", "--baseline", "loadpath.toml", "--write-baseline", "."],
        &["graph", "main.arch", "--output", "part.arch"],
        &["report", "main.arch", "--output", "link.json"],
        &["estimate", "main.arch", "--output", "main.arch"],
        &["what-if", "--load=2x", "main.arch", "--output", "main.arch"],
        &["diff", "main.arch", "shop.arch", "--output", "shop.arch"],
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("not written over"), "{arguments:?}: {}", ran.err);
        assert_eq!(all_in(&folder.0), before, "{arguments:?}");
    }
    let stdin = ["check", "-", "--stdin-filename", "main.arch", "--output", "main.arch"];
    refused(&folder.run_with(&stdin, b"service api\n"), "not written over");
    assert_eq!(all_in(&folder.0), before);
    // What nobody reads is.
    assert_eq!(folder.run(&["check", "--output", "out.txt", "main.arch"]).code, Some(0));
    assert_eq!(folder.run(&["check", "--output", "out.txt", "main.arch"]).code, Some(0));
}

/// A pull request may bring a configuration: it shows nothing of what else lies on the machine, and writes nothing there.
#[test]
fn a_configuration_leads_to_nothing_outside_of_the_project() {
    let folder = Folder::new().with("secret.toml", "hunter2\n").with("project/.git/HEAD", "");
    let folder = folder.with("project/shop.arch", "service api\n").with("project/mine.toml", "hunter2\n");
    link("../secret.toml", folder.0.join("project/linked.toml"));
    link("../evil.json", folder.0.join("project/known.json"));
    let secret = folder.0.join("secret.toml");
    let config = folder.0.join("project/loadpath.toml");
    let outside =
        ["../secret.toml", "linked.toml", "/proc/self/environ", "/dev/zero", &secret.to_string_lossy()]
            .map(|it| format!("extend = \"{it}\"\n"));
    let outside =
        outside.into_iter().chain(["../evil.json", "known.json"].map(|it| format!("baseline = \"{it}\"\n")));
    for text in outside {
        fs::write(&config, &text).expect("it can be written");
        for arguments in [
            &["check", "project"][..],
            &["check", "--write-baseline", "project"],
            &["graph", "project/shop.arch"],
        ] {
            let ran = bounded(&folder, 512, arguments);
            assert_eq!(ran.code, Some(2), "{text}: {}", ran.err);
            // A long path has a line of its own.
            let said = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains("lies outside of the project"), "{text}: {}", ran.err);
            assert!(ran.err.contains("project/loadpath.toml:1:"), "its place is shown: {}", ran.err);
            assert!(!ran.err.contains("hunter2") && !ran.err.contains("RAYON_NUM_THREADS"), "{}", ran.err);
        }
        assert!(!folder.0.join("evil.json").exists(), "{text}");
    }
    fs::remove_file(&config).expect("it is there");
    link("../secret.toml", config.clone());
    let ran = bounded(&folder, 512, &["check", "project"]);
    refused(&ran, "`project/loadpath.toml` lies outside of the project");
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
    // What lies inside is shown, and so is what a user names.
    fs::remove_file(&config).expect("it is there");
    fs::write(&config, "extend = \"mine.toml\"\n").expect("it can be written");
    for arguments in [&["check", "project"][..], &["check", "--config", "secret.toml", "project"]] {
        assert!(bounded(&folder, 512, arguments).err.contains("hunter2"), "{arguments:?}");
    }
}

/// A line that begins with `::` is a command to a runner of GitHub, and an escape one to a terminal.
#[test]
fn a_name_never_begins_a_line_of_its_own() {
    let name = "a\n::stop-commands::x\r\u{1b}[2J.arch";
    let folder = Folder::new().with(name, "service   api\napi -> order\n").with("good.arch", "service api\n");
    let long = format!("system \"{}\"\n", "::stop-commands:: ".repeat(30));
    let folder =
        folder.with("long.arch", format!("{long}service api\napi -> order\nallow LP012 on api \"::x::\"\n"));
    let missing = format!("{name}x");
    for arguments in [
        &["check", name][..],
        &["check", "--profile=review", "--no-suppressions", "long.arch"],
        &["check", "--format=concise", name],
        &["check", "--format=github", "--max-findings=0", name],
        &["check", "--diff", name],
        &["fmt", "--check", name],
        &["fmt", "--diff", name],
        &["report", name],
        &["estimate", name],
        &["what-if", "--load=2x", name],
        &["diff", name, "good.arch"],
        &["graph", name],
        &["check", &missing],
        &["fmt", &missing],
        &["diff", &missing, name],
        &["diff", &format!("git:{missing}:{name}"), name],
        &["check", "--output", name, "good.arch"],
        &["check", "--baseline", name, "good.arch"],
        &["check", "--config", &missing, "good.arch"],
        &["check", "--format", &format!("json={missing}/x"), "good.arch"],
        &["init", name],
        &["check", &format!("{name}*")],
    ] {
        let ran = folder.run(arguments);
        for text in [&ran.out, &ran.err] {
            assert!(!text.contains(['\u{1b}', '\r']), "{arguments:?}: {text}");
            let is_command = |line: &str| line.trim_start().starts_with("::stop-commands");
            assert!(!text.lines().any(is_command), "{arguments:?}: {text}");
        }
    }
}

/// A name may be as long as its file: each format shows its beginning.
#[test]
fn a_name_of_6_mb_is_shown_in_part_in_every_format() {
    let long = "x".repeat(6_000_000);
    let text = format!("service api\napi -> {long}\nservice {long}2\nallow LP012 on api \"{long} {long}\"\n");
    let folder = Folder::new().with("long.arch", text);
    for format in ["pretty", "concise", "json", "github", "gitlab", "junit"] {
        let ran = bounded(&folder, 2_048, &["check", "--format", format, "long.arch"]);
        assert_eq!(ran.code, Some(1), "{format}: {}", ran.err);
        assert!(ran.out.contains("xxx…"), "{format}: {:.2000}", ran.out);
        assert!(ran.out.len() < 50_000, "{format}: {}", ran.out.len());
    }
}

/// A folder in which one may write lets any file in it be replaced, also one that was shut on purpose.
#[test]
fn what_is_read_only_stays_as_it_is_and_an_owner_and_other_names_stay() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    let mendable = "service   api\ndatabase orders\napi -> ordrs\n";
    let folder =
        Folder::new().with("shut.arch", mendable).with("own.arch", mendable).with("twice.arch", mendable);
    let path = |name: &str| folder.0.join(name);
    fs::set_permissions(path("shut.arch"), fs::Permissions::from_mode(0o444)).expect("it is ours");
    for arguments in [["check", "--fix", "shut.arch"].as_slice(), &["fmt", "shut.arch"]] {
        refused(&folder.run(arguments), "can't write `shut.arch`: permission denied: it is read-only");
        assert_eq!(fs::read_to_string(path("shut.arch")).expect("it is there"), mendable);
    }
    fs::hard_link(path("twice.arch"), path("again.txt")).expect("it can be made");
    // Only the superuser can give a file away.
    let is_given = chown(path("own.arch"), Some(65_534), Some(65_534)).is_ok();
    for name in ["own.arch", "twice.arch"] {
        assert_eq!(folder.run(&["fmt", name]).code, Some(0), "{name}");
        assert_ne!(fs::read_to_string(path(name)).expect("it is there"), mendable, "{name}");
    }
    if is_given {
        assert_eq!(fs::metadata(path("own.arch")).expect("it is there").uid(), 65_534);
    }
    let (one, other) = (fs::read(path("twice.arch")), fs::read(path("again.txt")));
    assert_eq!(one.expect("it is there"), other.expect("it is there"), "both names are of one file");
}

/// What many designs include is opened once.
#[test]
fn a_file_that_many_designs_include_is_read_once() {
    let mut folder = Folder::new().with("all/common.arch", "database orders\n");
    for at in 0..60 {
        folder =
            folder.with(&format!("all/{at}.arch"), "include \"common.arch\"\nservice api\napi -> orders\n");
    }
    let trace = folder.0.join("trace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-e", "trace=open,openat", "-e", "signal=none", "-o"]).arg(&trace);
    strace.args([env!("CARGO_BIN_EXE_loadpath"), "check", "all"]).current_dir(&folder.0);
    strace.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("`tests/run` installs strace");
    let said = fs::read_to_string(&trace).expect("it is written");
    assert_eq!(said.lines().filter(|it| it.contains("common.arch")).count(), 1);
    assert_eq!(said.lines().filter(|it| it.contains("/59.arch")).count(), 1);
}

/// What cannot be written down is not done: a report that nobody got must not pass for a clean one.
#[test]
fn a_full_disk_leaves_with_2() {
    let folder = questions();
    // A server that nobody speaks to has nothing to write.
    let writing = ASKING.into_iter().filter(|it| it[0] != "lsp");
    for arguments in writing.chain([&["--help"][..], &["check", "--help"], &["--version"]]) {
        let mut command = ask(&folder, arguments);
        command.stdout(File::options().write(true).open("/dev/full").expect("every Linux has it"));
        let output = command.stderr(Stdio::piped()).output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr);
        // Only the one form and nothing to tell writes nothing.
        if arguments != ["fmt", "--check", "."] {
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        }
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    }
    let ran = folder.run(&["check", "--format", "sarif=/dev/full", "shop.arch"]);
    refused(&ran, "can't write `/dev/full`");
}

#[test]
fn a_reader_who_goes_away_is_no_trouble_to_any_command() {
    let folder = questions();
    for arguments in ASKING.into_iter().chain([&["--help"][..]]) {
        let (reader, writer) = io::pipe().expect("a pipe can be made");
        drop(reader);
        let mut command = ask(&folder, arguments);
        let output = command.stdout(writer).stderr(Stdio::piped()).output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {:?} {said}", output.status);
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    }
}

// ---- whom it speaks to

#[test]
fn no_command_opens_a_connection() {
    let folder = questions();
    let trace = folder.0.join("trace");
    let traced = |command: &[&str]| {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-e", "trace=%network", "-e", "signal=none", "-o"]).arg(&trace);
        strace.args(command).current_dir(&folder.0).stdout(Stdio::null()).stderr(Stdio::null());
        strace.status().expect("`tests/run` installs strace");
        fs::read_to_string(&trace).expect("it is written")
    };
    for arguments in ASKING {
        let said = traced(&[&[env!("CARGO_BIN_EXE_loadpath")], arguments].concat());
        assert_eq!(said, "", "{arguments:?}");
    }
    // The look is a sharp one: it sees what connects.
    let connects = "import socket; socket.socket(socket.AF_INET)";
    assert!(traced(&["python3", "-c", connects]).contains("socket(AF_INET"));
}

/// What is asked there comes from this machine, and nothing goes out or is written.
#[test]
fn serve_listens_at_this_machine_alone_and_connects_to_nobody() {
    let folder = questions();
    let before = all_in(&folder.0);
    let trace = Folder::new().with("trace", "");
    let mut strace = Command::new("strace");
    // The program itself is the child, and the one who looks on is beside it.
    strace
        .args(["-D", "-f", "-qq", "-e", "trace=%network", "-e", "signal=none", "-o"])
        .arg(trace.0.join("trace"));
    strace.args([env!("CARGO_BIN_EXE_loadpath"), "serve", "--port", "0", "shop.arch"]).current_dir(&folder.0);
    let mut child = strace.stdout(Stdio::piped()).spawn().expect("`tests/run` installs strace");
    let mut address = String::new();
    let mut out = io::BufReader::new(child.stdout.take().expect("it is piped"));
    io::BufRead::read_line(&mut out, &mut address).expect("it says where it is");
    let host = address.trim().strip_prefix("http://").expect("it is an address");
    let body = r#"{"name":"shop.arch","text":"include \"http://198.51.100.1/a.arch\"\n","advice":true,"overlay":"","dark":true}"#;
    for (ask, body) in [("GET /", ""), ("POST /api/opening", "{}"), ("POST /api/check", body)] {
        let head = format!("{ask} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n");
        let mut stream = std::net::TcpStream::connect(host).expect("it listens");
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        io::Write::write_all(&mut stream, request.as_bytes()).expect("it is read");
        let answer = io::read_to_string(&mut stream).expect("it is text");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{ask}: {answer:.200}");
    }
    child.kill().expect("it is our child");
    child.wait().expect("it ends");
    let said = fs::read_to_string(trace.0.join("trace")).expect("it is written");
    let called = |name: &str| said.lines().filter(|it| it.contains(&format!(" {name}("))).collect::<Vec<_>>();
    assert_eq!(called("bind").len(), 1, "{said}");
    assert!(called("bind")[0].contains("inet_addr(\"127.0.0.1\")"), "{said}");
    assert!(called("accept4").len() >= 3, "the look is a sharp one: {said}");
    for outwards in ["connect", "sendto", "sendmsg", "sendmmsg"] {
        assert!(!called(outwards).iter().any(|it| it.contains("sa_family")), "{outwards}: {said}");
    }
    assert_eq!(all_in(&folder.0), before);
}

/// Nor could it: of what it is built from, nothing asks anybody. What listens is there, and is met in `src/web` alone.
#[test]
fn nothing_that_it_is_built_from_asks_others() {
    /// Clients, what finds the address of a name, and what speaks to others in secret.
    const ASKS: [&str; 22] = [
        "reqwest",
        "ureq",
        "curl",
        "attohttpc",
        "minreq",
        "isahc",
        "surf",
        "awc",
        "hyper-rustls",
        "hyper-tls",
        "rustls",
        "openssl",
        "openssl-sys",
        "native-tls",
        "schannel",
        "security-framework",
        "h2",
        "quinn",
        "hickory-resolver",
        "trust-dns-resolver",
        "tower",
        "async-std",
    ];
    /// What serves, each with all of it that is built.
    const SERVES: [(&str, &[&str]); 4] = [
        ("hyper", &["default", "http1", "server"]),
        ("hyper-util", &["tokio"]),
        (
            "tokio",
            &[
                "default",
                "libc",
                "mio",
                "net",
                "rt",
                "signal",
                "signal-hook-registry",
                "socket2",
                "sync",
                "time",
                "windows-sys",
            ],
        ),
        ("http-body-util", &["default"]),
    ];
    let lock = fs::read_to_string("Cargo.lock").expect("it stands in the repository");
    let packages: Vec<&str> =
        lock.lines().filter_map(|it| it.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert!(packages.contains(&"miette"), "the lock is read");
    let found: Vec<_> = packages.iter().filter(|it| ASKS.contains(it)).collect();
    assert!(found.is_empty(), "{found:?}");
    let built =
        ["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}|{f}"];
    let built = Command::new(env!("CARGO")).args(built).output().expect("cargo is there");
    let built = String::from_utf8(built.stdout).expect("it is text");
    for (name, allowed) in SERVES {
        let of = |line: &&str| line.split(' ').next() == Some(name);
        let line = built.lines().find(of).unwrap_or_else(|| panic!("{name} is not built"));
        let features = line.split('|').nth(1).unwrap_or_default().trim_end_matches(" (*)");
        let more: Vec<&str> =
            features.split(',').filter(|it| !it.is_empty() && !allowed.contains(it)).collect();
        assert!(more.is_empty(), "{name} has {more:?} as well");
    }
}

// ---- the promises

#[test]
fn each_promise_names_a_test_that_is_there() {
    let page = fs::read_to_string("SECURITY.md").expect("it stands in the repository");
    let tests = ["hostile", "cli", "ci", "serve"]
        .map(|it| fs::read_to_string(format!("tests/{it}.rs")).expect("it is there"));
    let promises: Vec<&str> =
        page.lines().filter(|it| it.starts_with("| ") && !it.starts_with("| what ")).collect();
    assert!(promises.len() > 10, "{promises:?}");
    for promise in promises {
        let named: Vec<&str> =
            promise.rsplit('|').nth(1).expect("a table").split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "{promise} names a test");
        for name in named {
            assert!(
                tests.iter().any(|it| it.contains(&format!("#[test]\nfn {name}()"))),
                "`{name}` is no test"
            );
        }
    }
}

#[test]
fn each_test_here_is_named_by_a_promise() {
    let page = fs::read_to_string("SECURITY.md").expect("it stands in the repository");
    let own = fs::read_to_string("tests/hostile.rs").expect("it is this file");
    let names = own.split("#[test]\nfn ").skip(1).filter_map(|it| it.split_once('(')).map(|it| it.0);
    let about_tests = ["every_command_is_asked_in_these_tests", "each_promise_names_a_test_that_is_there"];
    let about_tests =
        |name: &str| about_tests.contains(&name) || name == "each_test_here_is_named_by_a_promise";
    let missing: Vec<&str> =
        names.filter(|it| !about_tests(it) && !page.contains(&format!("`{it}`"))).collect();
    assert!(missing.is_empty(), "SECURITY.md does not name {missing:?}");
}
