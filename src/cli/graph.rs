//! `loadpath graph`: draws a design.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::Exit;
use super::design::{self, Opened, Source};
use super::graphviz::{self, Drawn};
use super::output;
use crate::check;
use crate::report::graph::{FORMATS, Format, Overlay, Picture, Theme, View, Wanted, dot, svg};

/// Draw a design, with its findings where they belong
///
/// `loadpath graph shop.arch --output shop.svg`: the ending of the file says how it is written, where `--format` does not. SVG
/// and PNG are drawn by Graphviz, where it is installed. Leaves with 2 if something can't be read, drawn or written;
/// findings are drawn, and fail nothing.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// How the picture is written; else the ending of the file says so, else it is `dot`
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    format: Option<Written>,
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

/// How a picture is written.
#[derive(Clone, Copy, Debug)]
enum Written {
    /// As text.
    Text(&'static Format),
    /// As Graphviz draws it.
    Drawn(Drawn),
}

/// What Graphviz draws, with whom it is for.
const DRAWN: [(&str, &str, Drawn); 2] = [
    ("svg", "A drawing for pages, by Graphviz", Drawn::Svg),
    ("png", "A picture of dots, by Graphviz", Drawn::Png),
];

impl Written {
    /// By what it is called.
    fn named(name: &str) -> Option<Self> {
        let drawn = DRAWN.iter().find(|it| it.0 == name).map(|it| Self::Drawn(it.2));
        drawn.or_else(|| FORMATS.iter().find(|it| it.name == name).map(|it| Self::Text(it)))
    }

    /// By the ending of the file that it is written to.
    fn of_file(file: &Path) -> Option<Self> {
        let ending = file.extension()?.to_str()?.to_ascii_lowercase();
        Self::named(match ending.as_str() {
            "gv" => "dot",
            "mmd" => "mermaid",
            "puml" => "plantuml",
            "dsl" => "structurizr",
            other => other,
        })
    }
}

fn formats() -> impl TypedValueParser<Value = Written> {
    let texts = FORMATS.iter().map(|it| (it.name, it.about));
    let all = DRAWN.iter().map(|it| (it.0, it.1)).chain(texts);
    PossibleValuesParser::new(all.map(|(name, about)| PossibleValue::new(name).help(about)))
        .map(|name| Written::named(&name).expect("clap takes no other"))
}

fn overlays() -> impl TypedValueParser<Value = Overlay> {
    let values = Overlay::ALL.iter().map(|it| PossibleValue::new(it.name()).help(it.about()));
    PossibleValuesParser::new(values)
        .map(|name| *Overlay::ALL.iter().find(|it| it.name() == name).expect("clap takes no other"))
}

fn themes() -> impl TypedValueParser<Value = Theme> {
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
    let picture = Picture { view, overlay, theme, ..Picture::of(&checked) };
    let bytes = match arguments.written()? {
        Written::Text(format) => (format.render)(&picture).into_bytes(),
        Written::Drawn(wanted) => arguments.draw(&picture, wanted)?,
    };
    if let Some(target) = &arguments.output {
        kept.design(&checked.sources);
        kept.refuse(target)?;
    }
    output::write_bytes_to(arguments.output.as_deref(), &bytes)?;
    Ok(Exit::Clean)
}

impl Arguments {
    /// How the picture is written.
    fn written(&self) -> Result<Written, String> {
        let Some(file) = self.output.as_deref().filter(|_| self.format.is_none()) else {
            return Ok(self.format.unwrap_or(Written::Text(FORMATS[0])));
        };
        match file.extension().and_then(|it| it.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("html" | "htm") => Err("a page with the picture in it is written by `loadpath report --format html`".to_owned()),
            Some("pdf") => Err("a picture is written as SVG or PNG, and a page that prints well by `loadpath report --format html`".to_owned()),
            _ => Ok(Written::of_file(file).unwrap_or(Written::Text(FORMATS[0]))),
        }
    }

    /// The picture by Graphviz.
    fn draw(&self, picture: &Picture, wanted: Drawn) -> Result<Vec<u8>, String> {
        if wanted == Drawn::Png && self.output.is_none() && io::stdout().is_terminal() {
            return Err("a PNG is nothing for a terminal; name a file, as in `--output shop.png`".to_owned());
        }
        let drawn = graphviz::drawn(&dot::dot(picture), wanted)?;
        Ok(match wanted {
            Drawn::Png => drawn,
            Drawn::Svg => svg::finished(&String::from_utf8_lossy(&drawn), picture).into_bytes(),
        })
    }

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
