//! `loadpath graph`: draws a design.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};

use super::Exit;
use super::design::{self, Opened, Source};
use super::output::{self, Colour};
use crate::check;
use crate::report::graph::{FORMATS, Format, Overlay, Picture, Theme, View, Wanted};

/// Draw a design, with its findings where they belong
///
/// Pass it on to Graphviz for a picture: `loadpath graph shop.arch | dot -Tsvg > shop.svg`. Leaves with 2 if
/// something can't be read or written; findings are drawn, and fail nothing.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// How the picture is written
    #[arg(long, value_name = "FORMAT", value_parser = formats(), default_value = FORMATS[0].name)]
    format: &'static Format,
    /// Draw only what is near this component or group
    #[arg(long, value_name = "NAME")]
    focus: Option<String>,
    /// How many links away, with `--focus`
    #[arg(long, value_name = "N", default_value_t = 1, requires = "focus")]
    depth: usize,
    /// Draw only this flow, with its steps numbered
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// Draw only the inside of this group, and its neighbours faintly
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// Draw groups as one box: all, or the named ones
    #[arg(long, value_name = "GROUP", num_args = 0..=1, require_equals = true)]
    collapse: Option<Vec<String>>,
    /// What is told of each part
    #[arg(long, value_name = "OVERLAY", value_parser = overlays(), default_value = Overlay::Findings.name())]
    overlay: Overlay,
    /// Light, or dark
    #[arg(long, value_name = "THEME", value_parser = themes(), default_value = "light")]
    theme: Theme,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn formats() -> impl clap::builder::TypedValueParser<Value = &'static Format> {
    let values = FORMATS.iter().map(|it| PossibleValue::new(it.name).help(it.about));
    PossibleValuesParser::new(values)
        .map(|name| *FORMATS.iter().find(|it| it.name == name).expect("clap takes no other"))
}

fn overlays() -> impl clap::builder::TypedValueParser<Value = Overlay> {
    let values = Overlay::ALL.iter().map(|it| PossibleValue::new(it.name()).help(it.about()));
    PossibleValuesParser::new(values)
        .map(|name| *Overlay::ALL.iter().find(|it| it.name() == name).expect("clap takes no other"))
}

fn themes() -> impl clap::builder::TypedValueParser<Value = Theme> {
    PossibleValuesParser::new(["light", "dark"])
        .map(|name| if name == "dark" { Theme::Dark } else { Theme::Light })
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    design::end(draw(arguments))
}

fn draw(arguments: &Arguments) -> Result<Exit, String> {
    let Opened { file, disk, config, mut kept } = arguments.source.read()?;
    let checked = check::check(file, &disk, &config);
    let view = View::find(&arguments.wanted(), &checked.architecture, &checked.analysis)?;
    let Arguments { overlay, theme, .. } = *arguments;
    let text = (arguments.format.render)(&Picture { view, overlay, theme, ..Picture::of(&checked) });
    if let Some(target) = &arguments.output {
        kept.design(&checked.sources);
        kept.refuse(target)?;
    }
    output::write_to(arguments.output.as_deref(), &text, output::look(Colour::Never))?;
    Ok(Exit::Clean)
}

impl Arguments {
    /// Which part of the design is asked for.
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            focus: self.focus.as_deref().map(|name| (name, self.depth)),
            flow: self.flow.as_deref(),
            group: self.group.as_deref(),
            collapse: self.collapse.as_deref(),
        }
    }
}
