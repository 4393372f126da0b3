//! What others use Loadpath by: hooks, an action, an image, a wheel, a package, pages of the manual, and the recipes of
//! `docs/ci.md`. Each is held against its own linter, which `tests/run` installs into `target/validators`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::cli::Folder;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A validator out of Python's packages.
fn validator(name: &str) -> Command {
    let path = root().join("target/validators/python/bin").join(name);
    assert!(path.exists(), "{} is missing: `tests/run` installs it", path.display());
    let mut command = Command::new(path);
    command.current_dir(root());
    command
}

fn ends(mut command: Command) -> (bool, String) {
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    let said =
        format!("{command:?}\n{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.success(), said)
}

#[track_caller]
fn accepts(command: Command) {
    let (is_content, said) = ends(command);
    assert!(is_content, "{said}");
}

#[track_caller]
fn refuses(command: Command, why: &str) {
    let (is_content, said) = ends(command);
    assert!(!is_content && said.contains(why), "{said}");
}

/// zizmor looks for what lets somebody in.
fn zizmor(file: &Path) -> Command {
    let mut command = validator("zizmor");
    command.args(["--offline", "--no-progress", "--color=never", "--strict-collection"]);
    command.arg("--config").arg(root().join("tests/validators/zizmor.yml")).arg(file);
    command
}

fn schema(name: &str, file: &Path) -> Command {
    let mut command = validator("check-jsonschema");
    command.args(["--builtin-schema", name]).arg(file);
    if name == "vendor.gitlab-ci" {
        command.args(["--data-transform", "gitlab-ci"]);
    }
    command
}

// ---- GitHub

#[test]
fn the_action_is_valid_and_lets_nobody_in() {
    let action = root().join("action.yml");
    accepts(schema("vendor.github-actions", &action));
    let mut pedantic = zizmor(&action);
    pedantic.arg("--persona=pedantic");
    accepts(pedantic);
    // The look is a sharp one.
    let text = read("action.yml");
    let folder = Folder::new()
        .with("injected/action.yml", text.replace("action.sh\"", "action.sh\" ${{ inputs.args }}"))
        .with("unpinned/action.yml", text.replace("9e907b5e64f6b83e7804b09294d44122997950d6 # v4.32.3", "v4"))
        .with("wrong/action.yml", text.replace("using: composite", "using: composed"));
    refuses(zizmor(&folder.0.join("injected/action.yml")), "template-injection");
    refuses(zizmor(&folder.0.join("unpinned/action.yml")), "unpinned-uses");
    refuses(schema("vendor.github-actions", &folder.0.join("wrong/action.yml")), "composed");
}

/// What the action's inputs come to, as the program gets it.
fn arguments_of(paths: &str, args: &str, sarif: &str) -> Vec<String> {
    // In place of the program stands one that writes down what it is given.
    let folder = Folder::new().with("loadpath", "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    let mut script = Command::new("bash");
    script.arg(root().join("action.sh")).current_dir(&folder.0);
    script
        .env("LOADPATH", folder.0.join("program"))
        .env("PATHS", paths)
        .env("ARGS", args)
        .env("SARIF", sarif);
    make_program(&folder.0.join("loadpath"), &folder.0.join("program"));
    let output = script.output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let others: Vec<_> =
        fs::read_dir(&folder.0).expect("it can be read").map(|it| it.expect("read").file_name()).collect();
    assert_eq!(others.len(), 3, "nothing else came to be: {others:?}");
    String::from_utf8(output.stdout).expect("it is UTF-8").lines().map(str::to_owned).collect()
}

/// A copy that may be run, made by another process: one that this process has open for writing may not be.
fn make_program(text: &Path, program: &Path) {
    let made = Command::new("install").args(["-m", "755"]).args([text, program]).status();
    assert!(made.expect("it is part of every system").success());
}

#[test]
fn inputs_of_the_action_are_arguments_and_never_code() {
    let plain = ["check", "--format", "pretty", "--format", "github"];
    assert_eq!(arguments_of(".", "", ""), [&plain[..], &["--", "."]].concat());
    let given = arguments_of("design\n  a b.arch  \r\n\n", "--fail-on\nwarning\n", "out.sarif");
    let asked = ["--format=sarif=out.sarif", "--fail-on", "warning", "--", "design", "a b.arch"];
    assert_eq!(given, [&plain[..], &asked].concat());
    let hostile =
        ["$(touch owned)", "`touch owned`", "; touch owned", "' \" \\ * ?", "${IFS}x", "-n", "&& exit 3 #"];
    for text in hostile {
        let given = arguments_of(text, text, text);
        let sarif = format!("--format=sarif={text}");
        assert_eq!(given, [&plain[..], &[&sarif, text, "--", text]].concat());
    }
}

// ---- pre-commit

#[test]
fn the_hooks_are_valid_and_call_what_there_is() {
    let mut validate = validator("pre-commit");
    validate.args(["validate-manifest", ".pre-commit-hooks.yaml"]);
    accepts(validate);
    let text = read(".pre-commit-hooks.yaml");
    let folder = Folder::new().with("wrong.yaml", text.replace("language: rust", "language: rusty"));
    let mut validate = validator("pre-commit");
    validate.arg("validate-manifest").arg(folder.0.join("wrong.yaml"));
    refuses(validate, "rusty");
    let entries: Vec<&str> = text.lines().filter_map(|it| it.trim().strip_prefix("entry: ")).collect();
    assert_eq!(entries.len(), 2);
    let folder = Folder::new().with("shop.arch", "service   api\n");
    for entry in entries {
        let words: Vec<&str> = entry.split(' ').collect();
        assert_eq!(words[0], "loadpath");
        let ran = folder.run(&words[1..]);
        assert_eq!(ran.code, Some(0), "{entry}: {}", ran.err);
    }
    let formatted = fs::read_to_string(folder.0.join("shop.arch")).expect("it is there");
    assert_eq!(formatted, "service api\n");
}

/// The hooks as pre-commit runs them on all that is committed, with this program in place of one that it would build.
#[test]
fn the_hooks_take_designs_and_markdown_and_leave_the_rest_alone() {
    let program = env!("CARGO_BIN_EXE_loadpath");
    let hooks = read(".pre-commit-hooks.yaml").replace("language: rust", "language: system");
    let hooks = hooks.replace("entry: loadpath", &format!("entry: {program}"));
    let hooks: String = hooks.lines().map(|line| format!("      {line}\n")).collect();
    let plain = "# Nothing\n\n```text\nservice   x\n```\n";
    let folder = Folder::new()
        .with(".pre-commit-config.yaml", format!("repos:\n  - repo: local\n    hooks:\n{hooks}"))
        .with("shop.arch", "service   api\n")
        .with("docs/shop.md", "# Shop\n\n```arch\nservice   web\n```\n")
        .with("docs/plain.md", plain)
        .with("notes.txt", "service   x\n");
    let run = |program: &mut Command| {
        program.current_dir(&folder.0).env("HOME", &folder.0).env("PRE_COMMIT_HOME", folder.0.join(".home"));
        let output = program.output().expect("it starts");
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code(), said)
    };
    let hold = || {
        assert_eq!(run(Command::new("git").args(["init", "--quiet"])).0, Some(0));
        assert_eq!(run(Command::new("git").args(["add", "--all", ":!.home"])).0, Some(0));
        run(validator("pre-commit").args(["run", "--all-files"]))
    };
    let (code, said) = hold();
    assert_eq!(code, Some(1), "files were put into their form: {said}");
    assert!(said.contains("files were modified by this hook"), "{said}");
    let text = |name: &str| fs::read_to_string(folder.0.join(name)).expect("it is there");
    assert_eq!(text("shop.arch"), "service api\n");
    assert_eq!(text("docs/shop.md"), "# Shop\n\n```arch\nservice web\n```\n");
    assert_eq!((text("docs/plain.md").as_str(), text("notes.txt").as_str()), (plain, "service   x\n"));
    assert_eq!(hold().0, Some(0));
    fs::write(folder.0.join("docs/shop.md"), "```arch\nservce web\n```\n").expect("it can be written");
    let (code, said) = hold();
    assert_eq!(code, Some(1));
    assert!(said.contains("`servce` is not a kind"), "{said}");
}

// ---- the recipes

/// The YAML of `docs/ci.md`, each with the file that its first line names.
fn recipes() -> Vec<(String, String)> {
    let page = read("docs/ci.md");
    let blocks = page.split("```yaml\n").skip(1).map(|it| it.split("```").next().unwrap_or_default());
    let named = |block: &str| {
        let name = block.lines().next().and_then(|it| it.strip_prefix("# ")).expect("it names its file");
        (name.to_owned(), block.to_owned())
    };
    blocks.map(named).collect()
}

/// Holds a recipe against the linter of whoever reads a file of its name.
pub(crate) fn assert_valid(name: &str, text: &str) {
    let folder = Folder::new().with(name, text);
    let file = folder.0.join(name);
    match name {
        ".gitlab-ci.yml" => accepts(schema("vendor.gitlab-ci", &file)),
        ".pre-commit-config.yaml" => {
            let mut validate = validator("pre-commit");
            validate.arg("validate-config").arg(&file);
            accepts(validate);
        }
        _ if name.starts_with(".github/workflows/") => {
            accepts(schema("vendor.github-workflows", &file));
            accepts(zizmor(&file));
        }
        _ => panic!("nobody looks at {name}"),
    }
}

#[test]
fn there_is_a_recipe_for_each() {
    let names: Vec<String> = recipes().into_iter().map(|(name, _)| name).collect();
    for kind in [".github/workflows/", ".gitlab-ci.yml", ".pre-commit-config.yaml"] {
        assert!(names.iter().any(|it| it.starts_with(kind)), "there is a recipe for {kind}");
    }
}

#[test]
fn a_recipe_that_is_wrong_is_refused() {
    for (name, text) in recipes() {
        let (schema_name, right, wrong) = match name.as_str() {
            ".gitlab-ci.yml" => ("vendor.gitlab-ci", "when: always", "when: sometimes"),
            ".pre-commit-config.yaml" => continue,
            _ => ("vendor.github-workflows", "runs-on: ubuntu-latest", "runs_on: ubuntu-latest"),
        };
        let folder = Folder::new().with(&name, text.replace(right, wrong));
        let (is_content, said) = ends(schema(schema_name, &folder.0.join(&name)));
        assert!(!is_content, "{said}");
    }
}

/// The recipe for a comment, run as a runner does: it tells what the branch changes, says it once, and fails where a
/// finding comes.
#[test]
fn the_recipe_for_a_comment_tells_what_a_branch_changes() {
    let (_, recipe) =
        recipes().into_iter().find(|(_, text)| text.contains("fetch-depth: 0")).expect("there is one");
    let mut lines = recipe.lines().skip_while(|it| !it.ends_with("run: |")).skip(1);
    let script: String = lines
        .by_ref()
        .take_while(|it| it.is_empty() || it.starts_with("          "))
        .flat_map(|it| [it.trim_start(), "\n"])
        .collect();
    assert!(script.contains("loadpath diff") && !script.contains("${{"), "{script}");
    let folder = Folder::new()
        .with("bin/gh", "#!/bin/sh\nprintf '%s ' \"$@\" > ../gh.txt\n")
        .with("tree/shop.arch", "client app\nservice api\napp -> api\n");
    let tree = folder.0.join("tree");
    let bin = folder.0.join("bin");
    let git = |arguments: &[&str]| {
        let who = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let ran = Command::new("git").args(who).args(arguments).current_dir(&tree).output();
        assert!(ran.expect("git is installed").status.success(), "{arguments:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "shop.arch"]);
    git(&["commit", "-q", "-m", "A shop"]);
    git(&["update-ref", "refs/remotes/origin/main", "main"]);
    make_program(&bin.join("gh"), &bin.join("gh.program"));
    fs::rename(bin.join("gh.program"), bin.join("gh")).expect("it can be moved");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_loadpath"), bin.join("loadpath")).expect("it can be made");
    let run = |base: &str| {
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        let mut shell = Command::new("bash");
        shell.args(["-e", "-c", &script]).current_dir(&tree).env("PATH", path).env("BASE", base);
        shell.env("NUMBER", "7").env("CAN_COMMENT", "true").env("RUNNER_TEMP", &folder.0);
        shell.env("GITHUB_STEP_SUMMARY", folder.0.join("summary.md"));
        let status = shell.output().expect("it starts").status;
        let read = |name: &str| fs::read_to_string(folder.0.join(name)).unwrap_or_default();
        (status.code(), read("gh.txt"), read("summary.md"))
    };
    let (code, told, _) = run("main");
    assert_eq!(code, Some(0));
    assert!(told.starts_with("pr comment 7 --edit-last"), "{told}");
    fs::write(tree.join("shop.arch"), "client app\nservice api\napp -> nope\n").expect("it can be written");
    let (code, _, summary) = run("main");
    assert_eq!(code, Some(1));
    assert!(summary.contains("LP002"), "{summary}");
    let (code, ..) = run("main; touch owned");
    assert_eq!(code, Some(2));
    assert!(!tree.join("owned").exists());
}

/// Each input of the action is described, and the page describes no other.
#[test]
fn the_page_tells_of_the_action_s_inputs() {
    let action = read("action.yml");
    let inputs =
        action.split("inputs:\n").nth(1).and_then(|it| it.split("runs:\n").next()).expect("it has some");
    let is_name = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let names: Vec<&str> = inputs.lines().filter(is_name).map(|it| it.trim().trim_end_matches(':')).collect();
    let page = read("docs/ci.md");
    let rows = page.split("| input | |\n|---|---|\n").nth(1).expect("there is a table").lines();
    let told: Vec<&str> = rows.map_while(|it| it.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(told, names);
}

// ---- images and packages

#[test]
fn the_image_is_described_as_its_linter_asks() {
    let mut hadolint = validator("hadolint");
    hadolint.args(["--failure-threshold", "style", "Dockerfile"]);
    accepts(hadolint);
    let text = read("Dockerfile");
    let folder = Folder::new().with("Dockerfile", text.replace("debian:12-slim", "debian"));
    let mut hadolint = validator("hadolint");
    hadolint.arg(folder.0.join("Dockerfile"));
    refuses(hadolint, "DL3006");
    assert!(text.contains(" git="), "`loadpath diff git:…` asks git");
    let user = text.lines().rev().find_map(|it| it.strip_prefix("USER ")).expect("it is not the superuser");
    assert!(user.split(':').all(|it| it.parse::<u32>().is_ok_and(|id| id > 0)), "{user}");
}

/// What `.dockerignore` lets through is a whole package to cargo.
#[test]
fn the_image_is_built_from_enough() {
    let ignored = read(".dockerignore");
    let folder = Folder::new();
    for name in ignored.lines().filter_map(|it| it.strip_prefix('!')) {
        let to = folder.0.join(name);
        fs::create_dir_all(to.parent().expect("it lies in the folder")).expect("it can be made");
        let copied = Command::new("cp").arg("-r").arg(root().join(name)).arg(to).status();
        assert!(copied.expect("it is part of every system").success(), "{name}");
    }
    let package = metadata(&folder.0);
    assert_eq!(package["name"], "loadpath");
    // Crates beside it, that tests alone use, are read all the same.
    cargo(&folder.0, &["tree", "--offline", "--locked", "--depth", "0"]);
    // Files that the program takes in as it is built.
    for (file, text) in rust_files(&folder.0.join("src")) {
        for name in text.split("include_str!(\"").skip(1).filter_map(|it| it.split('"').next()) {
            assert!(file.with_file_name(name).exists(), "{} takes in {name}", file.display());
        }
    }
}

fn rust_files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("it can be read") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push((path.clone(), fs::read_to_string(&path).expect("it is text")));
        }
    }
    found
}

fn cargo(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(folder).stderr(Stdio::piped());
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is UTF-8")
}

/// What cargo says of the package in a folder.
fn metadata(folder: &Path) -> Value {
    let said = cargo(folder, &["metadata", "--offline", "--no-deps", "--format-version", "1"]);
    let said: Value = serde_json::from_str(&said).expect("it is JSON");
    said["packages"][0].clone()
}

/// All designs of `examples/`, of which the page of `loadpath serve` offers some.
fn examples() -> Vec<String> {
    let entries = fs::read_dir(root().join("examples")).expect("it is there");
    let names = entries.map(|it| it.expect("it can be read").file_name().into_string().expect("it is text"));
    let designs = names.filter(|it| Path::new(it).extension().is_some_and(|it| it == "arch"));
    designs.map(|it| format!("examples/{it}")).collect()
}

#[test]
fn the_package_holds_what_it_is_built_from_and_nothing_of_the_house() {
    let said = cargo(root(), &["package", "--list", "--allow-dirty", "--offline"]);
    let (sources, others): (Vec<&str>, Vec<&str>) = said.lines().partition(|it| it.starts_with("src/"));
    // The first is a note of cargo's on the revision, which only a clean tree has.
    let others: Vec<&str> = others.into_iter().filter(|it| *it != ".cargo_vcs_info.json").collect();
    let needed = ["Cargo.lock", "Cargo.toml", "Cargo.toml.orig", "build.rs", "grammar/arch.pest"];
    let told = ["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md"];
    let page = [
        "page/LICENCES.txt",
        "page/dist/report.css",
        "page/dist/report.css.sha256",
        "page/dist/report.js",
        "page/dist/report.js.sha256",
        "page/dist/serve.css",
        "page/dist/serve.html",
        "page/dist/serve.js",
    ];
    let examples = examples();
    let examples: Vec<&str> = examples.iter().map(String::as_str).collect();
    let mut expected = [&needed[..], &told, &page, &examples].concat();
    expected.sort_unstable();
    assert_eq!(others, expected);
    let taken_in = rust_files(&root().join("src")).into_iter().flat_map(|(file, text)| {
        let names = text.split("include_str!(\"").skip(1).filter_map(|it| it.split('"').next());
        names.map(|name| file.with_file_name(name)).collect::<Vec<_>>()
    });
    for file in taken_in {
        let file = file.canonicalize().expect("it is there");
        let name = file.strip_prefix(root()).expect("it lies in the package").to_string_lossy();
        assert!(sources.contains(&name.as_ref()) || others.contains(&name.as_ref()), "{name} is missing");
    }
    for name in &sources {
        let ending = Path::new(name).extension().and_then(|it| it.to_str());
        // The pages of the topics are built in.
        let is_page = ending == Some("md") && name.starts_with("src/learn/");
        assert!(is_page || matches!(ending, Some("rs" | "toml" | "arch" | "txt")), "{name} is no source");
    }
    let large = |name: &&&str| fs::metadata(root().join(name)).is_ok_and(|it| it.len() > 100 * 1024);
    assert_eq!(sources.iter().filter(large).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn the_wheel_is_described_as_its_standard_asks() {
    let mut validate = validator("validate-pyproject");
    validate.arg("pyproject.toml");
    accepts(validate);
    let wrong = read("pyproject.toml").replace("name = \"loadpath\"", "name = \"load path\"");
    let folder = Folder::new().with("pyproject.toml", wrong);
    let mut validate = validator("validate-pyproject");
    validate.arg(folder.0.join("pyproject.toml"));
    refuses(validate, "name");
}

/// The names in braces are those that cargo-binstall fills in.
#[test]
fn archives_are_looked_for_by_names_that_binstall_knows() {
    const KNOWN: [&str; 9] = [
        "name",
        "repo",
        "target",
        "version",
        "bin",
        "binary-ext",
        "archive-suffix",
        "archive-format",
        "format",
    ];
    let package = metadata(root());
    let binstall = &package["metadata"]["binstall"];
    let templates =
        ["pkg-url", "bin-dir"].map(|it| binstall[it].as_str().unwrap_or_else(|| panic!("{it} is stated")));
    for template in templates {
        let names: Vec<&str> =
            template.split('{').skip(1).filter_map(|it| Some(it.split_once('}')?.0.trim())).collect();
        assert!(!names.is_empty(), "{template}");
        assert!(names.iter().all(|it| KNOWN.contains(it)), "{template}");
    }
}

// ---- the manual

fn groff(page: &str) -> (String, String) {
    let mut command = Command::new("groff");
    command.args(["-ww", "-man", "-Tutf8", "-P-cbou"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("`tests/run` installs groff");
    child.stdin.take().expect("it is piped").write_all(page.as_bytes()).expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("it is UTF-8");
    (text(output.stdout), text(output.stderr))
}

#[test]
fn each_command_has_a_page_of_the_manual() {
    let folder = Folder::new();
    let whole = folder.run(&["man"]);
    let (shown, warned) = groff(&whole.out);
    assert_eq!((whole.code, warned.as_str()), (Some(0), ""));
    let named = shown.lines().filter_map(|it| it.trim().strip_prefix("loadpath-")?.strip_suffix("(1)"));
    let named: Vec<&str> = named.collect();
    assert!(named.len() >= 11 && named.contains(&"check") && named.contains(&"man"), "{named:?}");
    for command in named {
        let page = folder.run(&["man", command]);
        let (shown, warned) = groff(&page.out);
        assert_eq!((page.code, warned.as_str()), (Some(0), ""), "{command}");
        assert!(shown.starts_with(&format!("loadpath-{command}(1)")), "{command}: {shown}");
        assert!(shown.contains("\nSYNOPSIS\n") && shown.contains("\nOPTIONS\n"), "{command}: {shown}");
    }
    for command in ["list", "start", "ask", "check", "reference"] {
        let page = folder.run(&["man", "interview", command]);
        let (shown, warned) = groff(&page.out);
        assert_eq!((page.code, warned.as_str()), (Some(0), ""), "{command}");
        // Of a long name the head leaves out the section.
        assert!(shown.starts_with(&format!("loadpath-interview-{command}")), "{command}: {shown}");
        let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&format!("loadpath interview {command} ")), "{command}: {shown}");
    }
    let (interview, _) = groff(&folder.run(&["man", "interview"]).out);
    assert!(interview.contains("loadpath-interview-ask(1)") && !interview.contains("help(1)"), "{interview}");
    for (names, said) in [
        (&["nonsense"][..], "nonsense"),
        (&["interview", "nonsense"], "interview nonsense"),
        (&["check", "ask"], "check ask"),
    ] {
        let ran = folder.run(&[&["man"], names].concat());
        assert_eq!((ran.code, ran.err), (Some(2), format!("error: there is no command `{said}`\n")));
    }
    assert_ne!(groff(".SH A\n\\*[nothing]\n").1, "", "groff warns");
}
