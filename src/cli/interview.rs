//! `loadpath interview`: a mock interview, from the task to the verdict.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};

use super::Exit;
use super::config::{Configurations, Origin};
use super::design::{self, Destination, Format};
use super::disk::{self, Disk, Input};
use super::kept::Kept;
use super::output::{self, Colour};
use super::review::ForLevel;
use crate::figures;
use crate::interview::{self, Prompt, Refusal, Session, Tier, Verdict};
use crate::report::interview as report;
use crate::report::text::{Look, printable};
use crate::source::{SourceFile, is_markdown};

/// Be interviewed: a task, answers that only asking reveals, and a verdict
///
/// A mock interview without a language model. `list` has the tasks, `start` writes the file that a candidate begins with, `ask` puts an answer of the interviewer into it,
/// `check` judges it, `reference` shows a sound design. Leaves with 0; with 1 if the design has errors of the language; with 2 if
/// there is no answer, or if something can't be read or written.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(List),
    Start(Start),
    Ask(Ask),
    Check(Check),
    Reference(Reference),
}

/// List the prompts, each with its scales
#[derive(Args, Debug)]
struct List {
    /// How the list is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Write the file that a candidate begins with: the task, the time, and what is open
#[derive(Args, Debug)]
struct Start {
    /// The prompt, such as `chat`
    prompt: String,
    /// The scale; the middle one without a name
    #[arg(long, value_name = "NAME")]
    tier: Option<String>,
    /// Where, or `-` for standard output; else `PROMPT.arch` here. Nothing is written over
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Ask the interviewer; the answer is written into the file
#[derive(Args, Debug)]
struct Ask {
    /// The prompt, whose file is `PROMPT.arch` here, or the file
    #[arg(value_name = "PROMPT|FILE")]
    subject: String,
    /// What to ask: one thing, in your own words
    #[arg(value_name = "QUESTION", required = true)]
    words: Vec<String>,
}

/// Judge an interview: what was asked, what was estimated, and the design
///
/// Leaves with 0 whatever the score; with 1 if the design has errors of the language; with 2 if something can't be read or written.
#[derive(Args, Debug)]
struct Check {
    /// The file of an interview, or its prompt; without it the only one here
    #[arg(value_name = "FILE|PROMPT")]
    file: Option<String>,
    #[command(flatten)]
    origin: Origin,
    /// For whom: the later steps weigh more the more is expected
    #[arg(long, value_enum, default_value_t)]
    level: ForLevel,
    /// How it is written; else the ending of `--output` names it, and without one it is text
    #[arg(long, value_parser = design::named(report::FORMATS))]
    format: Option<&'static report::Format>,
    #[command(flatten)]
    destination: Destination,
}

/// Show a sound design for a prompt
#[derive(Args, Debug)]
struct Reference {
    /// The prompt, or the file of an interview, which names its scale as well
    #[arg(value_name = "PROMPT|FILE")]
    subject: String,
    /// The scale; the middle one without a name
    #[arg(long, value_name = "NAME")]
    tier: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    design::end(match &arguments.command {
        Command::List(it) => list(it),
        Command::Start(it) => start(it),
        Command::Ask(it) => ask(it),
        Command::Check(it) => check(it),
        Command::Reference(it) => reference(it),
    })
}

/// So long an answer is made anew while others write into the file.
const PATIENCE: Duration = Duration::from_secs(30);

/// Names of one remark, at most.
const MOST_NAMES: usize = 8;

fn look() -> Look {
    output::look(Colour::Never)
}

fn write(text: &str) -> Result<Exit, String> {
    output::write_to(None, text, look()).map(|()| Exit::Clean)
}

fn list(arguments: &List) -> Result<Exit, String> {
    write(&match arguments.format {
        Format::Text => report::list(look().width),
        Format::Markdown => report::list_in_markdown(),
        Format::Json => report::list_in_json(),
    })
}

fn start(arguments: &Start) -> Result<Exit, String> {
    let prompt = prompt(&arguments.prompt)?;
    let output = arguments.output.as_deref().filter(|it| it.as_os_str() != disk::STDIN);
    let named = output.map(disk::told).map(|it| quoted(&it));
    let text = interview::start(prompt, tier(prompt, arguments.tier.as_deref())?, named.as_deref());
    let path = arguments.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}.arch", prompt.name)));
    if path.as_os_str() == disk::STDIN {
        return write(&text);
    }
    disk::create(&path, &text, "; `--output FILE` names another")?;
    let name = disk::told(&path);
    write(&format!("wrote `{name}`: read it, and ask; then run `loadpath interview check {name}`\n"))
}

/// A file's name as a shell takes it.
fn quoted(name: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "/\\._-:".contains(it);
    if name.chars().all(is_plain) { name.to_owned() } else { format!("\"{name}\"") }
}

/// An answer is made of what the file says, so it is made again where somebody else has changed that meanwhile.
fn ask(arguments: &Ask) -> Result<Exit, String> {
    let path = file_of(&arguments.subject)?;
    let name = disk::told(&path);
    let words = arguments.words.join(" ");
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let file = read(&path)?;
        let answered = match interview::ask(&file.text, &words) {
            Ok(answered) => answered,
            // An answer as well, in the columns of a terminal.
            Err(open @ Refusal::LeftOpen(_)) => {
                return write(&report::spoken(&report::refused(&name, &open), look()));
            }
            Err(refusal) => return Err(report::refused(&name, &refusal)),
        };
        if answered.is_known || disk::is_replaced(&path, &file.text, &answered.text)? {
            return write(&report::answer(&answered, &name, look()));
        }
    }
    Err(disk::changed_meanwhile(&path))
}

fn check(arguments: &Check) -> Result<Exit, String> {
    let path = match &arguments.file {
        Some(file) => file_of(file)?,
        None => only_one_here()?,
    };
    let file = read(&path)?;
    let mut configurations = Configurations::new(&arguments.origin);
    let config = configurations.around(path.parent().unwrap_or(Path::new("")))?.settings.config.clone();
    let mut kept = Kept::default();
    kept.files(configurations.files());
    let disk = Disk::around(&path);
    let name = file.name.clone();
    let verdict = Verdict::of(file, &disk, &config, arguments.level.level())
        .map_err(|why| printable(&format!("`{name}`: {why}")))?;
    kept.design(&verdict.design.sources);
    let exit = output::language_exit(&verdict.design);
    let format = arguments.destination.format(arguments.format, report::FORMATS)?;
    let text = (format.render)(&report::Outcome::of(verdict), arguments.destination.look());
    arguments.destination.write(&text, kept, &[])?;
    Ok(exit)
}

/// The file of an interview in this folder, where there is but one.
fn only_one_here() -> Result<PathBuf, String> {
    let entries =
        fs::read_dir(".").map_err(|error| format!("can't read this folder: {}", disk::reason(&error)))?;
    let designs =
        entries.filter_map(|it| Some(PathBuf::from(it.ok()?.file_name()))).filter(|it| disk::is_design(it));
    let is_interview = |it: &PathBuf| read(it).is_ok_and(|file| Session::read(&file.text).is_ok());
    let mut found: Vec<PathBuf> = designs.filter(is_interview).collect();
    found.sort();
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err("there is no interview here; `loadpath interview start PROMPT` begins one".to_owned()),
        several => {
            let names: Vec<String> = several.iter().map(|it| disk::told(it)).collect();
            Err(format!(
                "there are several interviews here: name one of {}",
                figures::listed(&names, MOST_NAMES)
            ))
        }
    }
}

fn reference(arguments: &Reference) -> Result<Exit, String> {
    if let Some(prompt) = Prompt::find(&arguments.subject) {
        return write(tier(prompt, arguments.tier.as_deref())?.design);
    }
    let path = file_of(&arguments.subject)?;
    let session = session(&read(&path)?)?;
    let asked = arguments.tier.as_deref().map(|it| tier(session.prompt, Some(it))).transpose()?;
    write(asked.unwrap_or(session.tier).design)
}

fn prompt(name: &str) -> Result<&'static Prompt, String> {
    Prompt::find(name).ok_or_else(|| printable(&interview::unknown_prompt(name)))
}

/// The scale of a name; without one the middle one.
fn tier(prompt: &'static Prompt, name: Option<&str>) -> Result<&'static Tier, String> {
    match name {
        None => Ok(&prompt.tiers[prompt.tiers.len() / 2]),
        Some(name) => prompt.tier(name).ok_or_else(|| printable(&interview::unknown_tier(prompt, name))),
    }
}

/// The file of a prompt, or the one that is named itself.
fn file_of(subject: &str) -> Result<PathBuf, String> {
    let path = Path::new(subject);
    if let Some(prompt) = Prompt::find(subject).filter(|_| !path.is_file()) {
        let path = PathBuf::from(format!("{}.arch", prompt.name));
        let missing =
            || format!("there is no `{0}.arch` here; `loadpath interview start {0}` writes it", prompt.name);
        return if path.exists() { Ok(path) } else { Err(missing()) };
    }
    if path.exists() || disk::is_design(path) {
        return Ok(path.to_owned());
    }
    Err(printable(&interview::unknown_prompt(subject)))
}

/// The file of an interview.
fn read(path: &Path) -> Result<SourceFile, String> {
    let file = disk::read(&Input { path: path.to_owned(), is_found: false }, None)?;
    if is_markdown(&file.name) {
        return Err(format!(
            "`{}` is Markdown: the file of an interview is a design of its own",
            disk::told(path)
        ));
    }
    Ok(file)
}

fn session(file: &SourceFile) -> Result<Session, String> {
    Session::read(&file.text).map_err(|why| printable(&format!("`{}`: {why}", file.name)))
}
