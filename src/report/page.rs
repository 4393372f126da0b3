//! The report as a page: one file that needs no other, no network and, but for the picture, no script.
//!
//! All words, tables and bars are written here, so that the page reads and prints as it is; the script of `page/` adds the
//! picture, filters and ways from one to the other. The policy of the page lets nothing else run, and nothing be fetched.

mod bars;
mod budget;
mod data;
mod estimate;
mod findings;
mod grounds;
pub(super) mod interview;
mod latency;
mod load;
mod panels;
mod prose;
pub(super) mod review;
mod verdict;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::dossier::{Dossier, Format};
use super::figures::Reading;
use super::text::{Look, excerpt, printable};
use super::{Report, Summary, entitled};
use crate::figures;
use findings::Shown;
pub use panels::{Panels, judged, panels, reviewed};

/// One file for the browser, for paper, and to pass on.
pub static FORMAT: Format = Format {
    name: "html",
    alias: None,
    about: "A page for the browser, for paper, and to pass on: one file that fetches nothing",
    render,
};

/// The script with Graphviz in it, as `page/build.mjs` makes it, and the digest by which the page's policy knows it.
pub const SCRIPT: &str = include_str!("../../page/dist/report.js");
const SCRIPT_DIGEST: &str = include_str!("../../page/dist/report.js.sha256");
/// The same of the style.
const STYLE: &str = include_str!("../../page/dist/report.css");
const STYLE_DIGEST: &str = include_str!("../../page/dist/report.css.sha256");

/// Rows of one table and entries of one list, at most: the rest is counted. The JSON has all.
const MOST_ROWS: usize = 200;
/// Flows that have a chart of their own, at most.
const MOST_CHARTS: usize = 40;

fn render(dossier: &Dossier, _: Look) -> String {
    let report = Report::of(std::slice::from_ref(dossier.design));
    let shown = Shown::of(&report);
    let sections = sections(dossier, &report, &shown);
    let title = title(dossier);
    let page = document(
        &format!("{title}: report"),
        ("#verdict", "To the verdict"),
        &html! {
            (header(dossier, &title))
            (body(&sections))
            footer {
                p {
                    "Written by Loadpath " (env!("CARGO_PKG_VERSION")) ". A month is 30 days, a year 365. "
                    "~ rests on an assumed figure, ≥ says that there is more, – that it is unknown or does not apply."
                }
            }
        },
    );
    let (top, end) = page.rsplit_once("</body>").expect("the page ends its body");
    let data = data::json(dossier, &shown);
    format!(
        "{top}<script type=\"application/json\" id=\"data\">{data}</script>\n<script>{SCRIPT}</script>\n</body>{end}\n"
    )
}

/// A page that fetches nothing, and lets no other script and style in than its own.
fn document(title: &str, (anchor, skip): (&str, &str), inside: &Markup) -> String {
    let policy = format!(
        "default-src 'none'; worker-src blob:; style-src '{STYLE_DIGEST}'; script-src '{SCRIPT_DIGEST}' 'wasm-unsafe-eval'; base-uri \
         'none'; form-action 'none'"
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="generator" content=(concat!("loadpath ", env!("CARGO_PKG_VERSION")));
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href=(anchor) { (skip) }
                (inside)
            }
        }
    };
    written(page)
}

/// The markup as text. What a name holds that turns or hides text is seen as what it is.
fn written(markup: Markup) -> String {
    markup.into_string().chars().map(visible).collect()
}

/// The sections, with a list of them beside.
fn body(sections: &[Section]) -> Markup {
    html! {
        div.page {
            (contents(sections))
            main { (one_after_another(sections)) }
        }
    }
}

fn one_after_another(sections: &[Section]) -> Markup {
    html! {
        @for section in sections {
            section id=(section.id) aria-labelledby={ (section.id) "-title" } {
                h2 id={ (section.id) "-title" } { (section.title) }
                (section.body)
            }
        }
    }
}

fn visible(letter: char) -> char {
    let is_hidden = letter != '\n' && (letter.is_control() || excerpt::is_obeyed(letter));
    if is_hidden { excerpt::visible(letter) } else { letter }
}

/// A part of the page.
struct Section {
    id: &'static str,
    title: &'static str,
    body: Markup,
}

/// What there is of sections, by their ids and titles.
fn there(parts: impl IntoIterator<Item = (&'static str, &'static str, Option<Markup>)>) -> Vec<Section> {
    let made = |(id, title, body): (_, _, Option<Markup>)| Some(Section { id, title, body: body? });
    parts.into_iter().filter_map(made).collect()
}

fn sections(dossier: &Dossier, report: &Report, shown: &Shown) -> Vec<Section> {
    let figures = &dossier.figures;
    let Reading { flows, .. } = &figures.reading;
    there([
        ("verdict", "Verdict", Some(verdict::section(dossier, &report.summary))),
        ("diagram", "Diagram", (!figures.reading.components.is_empty()).then(|| diagram(dossier))),
        ("findings", "Findings", Some(findings::section(dossier.design, report, shown))),
        ("budget", "Where the downtime comes from", budget::section(flows)),
        ("latency", "Where the time goes", latency::section(flows)),
        ("load", "Load and capacity", load::section(dossier)),
        ("estimate", "Estimates", estimate::section(dossier.design)),
        ("assumptions", "Assumptions", grounds::assumptions(&figures.assumptions)),
        ("accepted", "Accepted findings", grounds::accepted(report)),
        ("unknown", "What is not known", grounds::unknown(dossier)),
        ("rules", "The rules that found something", findings::rules(shown)),
    ])
}

fn title(dossier: &Dossier) -> String {
    let figures = &dossier.figures;
    printable(entitled(figures.system.as_deref(), &figures.files))
}

fn header(dossier: &Dossier, title: &str) -> Markup {
    let figures = &dossier.figures;
    let reading = &figures.reading;
    let sizes = [
        figures::count(reading.flows.len(), "flow", "flows"),
        figures::count(reading.components.len(), "component", "components"),
        figures::count(reading.links.len(), "link", "links"),
    ];
    let stored = figures.storage.map(|bytes| format!("{} of data", figures::size(bytes)));
    html! {
        header {
            div {
                h1 { (title) }
                p.facts {
                    (sizes.join(", ")) @if let Some(stored) = stored { ", " (stored) }
                    " · " (files(&figures.files))
                }
            }
            button #theme type="button" hidden { "Dark" }
        }
    }
}

/// The first file, and how many are included.
fn files(files: &[String]) -> Markup {
    let Some((first, others)) = files.split_first() else { return html! {} };
    html! {
        code { (first) }
        @if !others.is_empty() { " and " (figures::count(others.len(), "included file", "included files")) }
    }
}

fn contents(sections: &[Section]) -> Markup {
    html! {
        nav aria-label="Contents" {
            ol {
                @for section in sections {
                    li { a href={ "#" (section.id) } { (section.title) } }
                }
            }
        }
    }
}

/// The place of the picture, which the script draws.
fn diagram(dossier: &Dossier) -> Markup {
    let file = dossier.figures.files.first().map_or("FILE", String::as_str);
    html! {
        noscript {
            p {
                "The picture is drawn by JavaScript, which is off here. Let this page run it, it fetches nothing, or draw the picture by "
                code { "loadpath graph " (file) " --output picture.svg" }
                "; all figures and findings stand below."
            }
        }
        div #viewer hidden {
            a.skip href="#findings" { "Past the picture" }
            div.tools {
                fieldset #overlays { legend { "Show" } }
                div #zoom role="toolbar" aria-label="View" {
                    button #turn type="button" title="Turn: to the right, or down" aria-label="Turn" { "⤵" }
                    button #closer type="button" title="Zoom in (+)" aria-label="Zoom in" { "+" }
                    button #further type="button" title="Zoom out (−)" aria-label="Zoom out" { "−" }
                    button #whole type="button" title="All of it, and back (0)" aria-pressed="false" { "Whole" }
                }
            }
            div #picture role="group" tabindex="0" aria-label="Diagram" {}
            div #card aria-hidden="true" hidden {}
            p #trouble role="status" hidden {}
            p.hint {
                "A click leads to what is found of a part, else to its row. Ctrl and the wheel, or + and −, zoom; arrow keys move; 0 shows all of it, and leads back."
            }
        }
    }
}

/// So many errors, warnings and pieces of advice.
fn counted(summary: &Summary) -> String {
    let counts = [
        (summary.errors, "error", "errors"),
        (summary.warnings, "warning", "warnings"),
        (summary.advice, "piece of advice", "pieces of advice"),
    ];
    let found =
        counts.into_iter().filter(|it| it.0 > 0).map(|(count, one, many)| figures::count(count, one, many));
    let found: Vec<String> = found.collect();
    if found.is_empty() { "nothing".to_owned() } else { found.join(", ") }
}

/// What is not listed any more.
fn more(all: usize, most: usize, what: (&str, &str)) -> Markup {
    html! {
        @if all > most {
            p.more { "And " (figures::count(all - most, what.0, what.1)) " more: " code { "--format json" } " has all." }
        }
    }
}
