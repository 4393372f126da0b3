//! `loadpath what-if`: a design before and after something changes or fails.

use clap::Args;

use super::Exit;
use super::design::{self, Destination, Format, Opened, Source};
use super::output;
use crate::check::what_if::{self, Caches, Question, Refusal, Zones};
use crate::report::what_if::{self as report, Changed};

/// Ask what changes if something fails, more comes, or a figure is another
///
/// Leaves with 0; with 1 if the design has errors of the language, for then the figures are those of the part that
/// could be read; with 2 if something can't be read, or nothing is called so.
#[derive(Args, Debug)]
#[command(name = "what-if")]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// A component or a group (a zone, region, host, network) that fails; several after commas
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    fail: Vec<String>,
    /// Lose each zone in turn, or the one of this name or number
    #[arg(long, value_name = "ZONE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    zone_loss: Option<String>,
    /// How much comes: `10x`, `2.5x`, `+50%`
    #[arg(long, value_name = "FACTOR", value_parser = factor, allow_hyphen_values = true)]
    load: Option<f64>,
    /// All caches answer nothing, or those of these names
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    cold_cache: Option<String>,
    /// State a property after the fact: `api.replicas=12`, `api->db.timeout=1s`, `peak_factor=5`
    #[arg(long, value_name = "PROPERTY")]
    set: Vec<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    destination: Destination,
}

/// How many times the load comes: `10x`, `+50%`, `-20%`.
fn factor(text: &str) -> Result<f64, String> {
    let number = |digits: &str| digits.trim().parse::<f64>().ok();
    let factor = if let Some(digits) = text.strip_suffix(['x', 'X', '×']) {
        number(digits)
    } else if let Some(digits) = text.strip_suffix('%') {
        let is_change = digits.starts_with(['+', '-']);
        number(digits).map(|it| if is_change { 1.0 + it / 100.0 } else { it / 100.0 })
    } else {
        None
    };
    let factor = factor.filter(|it| it.is_finite() && *it > 0.0 && *it <= 1e12);
    factor.ok_or_else(|| "write more than nothing, like `10x`, `2.5x`, `+50%` or `-20%`".to_owned())
}

impl Arguments {
    fn question(&self) -> Question {
        let names = |text: &str| text.split(',').map(|it| it.trim().to_owned()).collect();
        Question {
            settings: self.set.clone(),
            load: self.load.unwrap_or(1.0),
            fail: self.fail.iter().map(|it| it.trim().to_owned()).collect(),
            // The bare option means all of them.
            zones: self.zone_loss.as_deref().map(|it| match it {
                "" => Zones::Each,
                zone => Zones::Named(zone.to_owned()),
            }),
            cold: self.cold_cache.as_deref().map(|it| match it {
                "" => Caches::All,
                written => Caches::Named(names(written)),
            }),
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    design::end(answer(arguments))
}

fn answer(arguments: &Arguments) -> Result<Exit, String> {
    let question = arguments.question();
    if question.is_empty() && arguments.load.is_none() {
        return Err(
            "what if what? Name it with --fail, --zone-loss, --load, --cold-cache or --set".to_owned()
        );
    }
    let Opened { file, disk, config, kept } = arguments.source.read()?;
    let answer = match what_if::what_if(file, &disk, &config, &question) {
        Ok(answer) => answer,
        Err(refusal) => return Err(told(refusal)),
    };
    let look = arguments.destination.look();
    let changed = Changed::of(&answer, &question);
    let text = match arguments.format {
        Format::Text => report::text(&changed, look),
        Format::Markdown => report::markdown(&changed),
        Format::Json => changed.json(),
    };
    arguments.destination.write(&text, kept, &[&answer.before])?;
    Ok(output::language_exit(&answer.before))
}

/// Why there is no answer, in one line each.
fn told(refusal: Refusal) -> String {
    match refusal {
        Refusal::Names(message) => message,
        Refusal::Settings(design, wrong) => {
            let told = wrong.iter().map(|it| {
                let help = it.help.as_ref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
                let setting = &design.sources.file(it.span().file).text;
                format!("`{setting}`: {}{help}", it.message)
            });
            told.collect::<Vec<_>>().join("\nerror: ")
        }
    }
}
