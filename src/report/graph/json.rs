//! The picture for programs: what is drawn and what it says, described in `docs/graph.md`.

use serde::Serialize;

use super::drawing::{Arrow, Box, Drawing, Frame, Mark, Remarks, Stroke};
use super::title::Title;
use super::{Format, Picture, drawing};
use crate::report::json;

/// The version of the format.
const VERSION: u32 = 1;

/// `--format json`.
pub(super) static FORMAT: Format = Format { name: "json", about: "For programs", render };

#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    tool: Tool,
    system: Option<&'a str>,
    overlay: &'static str,
    facts: &'a [String],
    lines: Vec<String>,
    frames: Vec<FrameOut<'a>>,
    boxes: Vec<BoxOut<'a>>,
    arrows: Vec<ArrowOut<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct FrameOut<'a> {
    id: String,
    name: &'a str,
    kind: Option<&'a str>,
    title: &'a str,
    label: Option<&'a str>,
    parent: Option<String>,
}

#[derive(Serialize)]
struct BoxOut<'a> {
    id: String,
    name: &'a str,
    title: Option<&'a str>,
    label: &'a [String],
    facts: &'a [String],
    role: &'static str,
    tone: &'static str,
    is_many: bool,
    is_stub: bool,
    frame: Option<String>,
    #[serde(flatten)]
    told: Told<'a>,
}

#[derive(Serialize)]
struct ArrowOut<'a> {
    id: String,
    source: String,
    target: String,
    words: &'a [String],
    stroke: &'static str,
    is_async: bool,
    carries_requests: bool,
    relation: Option<&'static str>,
    weight: Option<f64>,
    #[serde(flatten)]
    told: Told<'a>,
}

/// What is told of a shape.
#[derive(Serialize)]
struct Told<'a> {
    figures: &'a [String],
    badges: Vec<BadgeOut<'a>>,
    more: usize,
}

#[derive(Serialize)]
struct BadgeOut<'a> {
    level: &'static str,
    strong: &'a str,
    words: &'a str,
}

fn render(picture: &Picture) -> String {
    let drawing = drawing::drawing(picture);
    let Title { facts, lines, .. } = &drawing.title;
    json::pretty(&Output {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        system: picture.architecture.system.name.as_deref(),
        overlay: picture.overlay.name(),
        facts,
        lines: lines.iter().map(super::title::TitleLine::line).collect(),
        frames: drawing.frames.iter().enumerate().map(|(at, it)| frame(&drawing, at, it)).collect(),
        boxes: drawing.boxes.iter().enumerate().map(|(at, it)| shown(&drawing, at, it)).collect(),
        arrows: drawing.arrows.iter().enumerate().map(|(at, it)| arrow(&drawing, at, it)).collect(),
    })
}

fn frame<'a>(drawing: &Drawing, at: usize, frame: &'a Frame) -> FrameOut<'a> {
    FrameOut {
        id: drawing.frame_id(at),
        name: &frame.name,
        kind: frame.kind.as_deref(),
        title: &frame.title,
        label: frame.note.as_deref(),
        parent: frame.parent.map(|at| drawing.frame_id(at)),
    }
}

fn shown<'a>(drawing: &Drawing, at: usize, shown: &'a Box) -> BoxOut<'a> {
    BoxOut {
        id: drawing.box_id(at),
        name: &shown.name,
        title: shown.title.as_deref(),
        label: &shown.label,
        facts: &shown.facts,
        role: shown.tone.name(),
        tone: shown.tone().name(),
        is_many: shown.is_many,
        is_stub: shown.is_stub,
        frame: shown.frame.map(|at| drawing.frame_id(at)),
        told: told(&shown.remarks),
    }
}

fn arrow<'a>(drawing: &Drawing, at: usize, arrow: &'a Arrow) -> ArrowOut<'a> {
    ArrowOut {
        id: drawing.arrow_id(at),
        source: drawing.box_id(arrow.tail),
        target: drawing.box_id(arrow.head),
        words: &arrow.words,
        stroke: match arrow.stroke {
            Stroke::Solid => "solid",
            Stroke::Dashed => "dashed",
            Stroke::Dotted => "dotted",
        },
        is_async: arrow.is_async,
        carries_requests: !arrow.is_side,
        relation: arrow.mark.map(|mark| match mark {
            Mark::Pool => "any",
            Mark::Route => "route",
            Mark::Fallback => "fallback",
        }),
        weight: arrow.remarks.weight,
        told: told(&arrow.remarks),
    }
}

fn told(remarks: &Remarks) -> Told<'_> {
    Told {
        figures: &remarks.figures,
        badges: remarks
            .badges
            .iter()
            .map(|it| BadgeOut { level: it.severity.name(), strong: &it.strong, words: &it.words })
            .collect(),
        more: remarks.more,
    }
}
