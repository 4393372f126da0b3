//! Which way each arrow runs and what stands in one column, so that the picture reads from left to right.
//!
//! Graphviz places columns so that arrows are short; it is told which arrows have a say in that, and which
//! stores at the end of the lines belong side by side. To put all stores into the last column would make a long
//! arc of every arrow that skips columns.

use std::collections::BTreeMap;

use super::grid;
use crate::report::graph::drawing::{Arrow, Drawing, Station, Stroke};

/// Which way an arrow runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// To a column further right.
    Forward,
    /// To a column further left: it closes a circle.
    Back,
    /// Wherever its ends happen to be.
    Free,
}

/// What Graphviz is told beside boxes and arrows.
pub(super) struct Layout {
    /// Which way each arrow runs, in the order of the drawing.
    pub(super) ways: Vec<Way>,
    /// Boxes that share a column, from the top.
    pub(super) columns: Vec<Vec<usize>>,
    /// Boxes that stand in a row, from the left.
    pub(super) rows: Vec<Vec<usize>>,
    /// Whether these are all columns, from left to right, whatever the arrows say.
    pub(super) is_grid: bool,
}

/// The layout of a drawing.
pub(super) fn layout(drawing: &Drawing) -> Layout {
    let leads = leading(drawing);
    let order = order(drawing, &leads);
    let mut place = vec![0; drawing.boxes.len()];
    for (at, shown) in order.iter().enumerate() {
        place[*shown] = at;
    }
    let way = |(arrow, leads): (&Arrow, &bool)| match leads {
        false => Way::Free,
        true if place[arrow.tail] < place[arrow.head] => Way::Forward,
        true => Way::Back,
    };
    let ways: Vec<Way> = drawing.arrows.iter().zip(&leads).map(way).collect();
    let depths = depths(drawing, &ways, &order);
    grid::layout(drawing, &ways, &depths).unwrap_or_else(|| Layout {
        columns: columns(drawing, &ways, &depths),
        rows: Vec::new(),
        ways,
        is_grid: false,
    })
}

/// Which arrows may say where the columns are: those that carry requests, those from frame to frame (Graphviz
/// may draw a line within a column twice where it leaves a frame), and the first line to a box that nothing
/// else leads to.
fn leading(drawing: &Drawing) -> Vec<bool> {
    let mut is_reached = vec![false; drawing.boxes.len()];
    for arrow in drawing.arrows.iter().filter(|arrow| !is_beside(drawing, arrow)) {
        is_reached[arrow.head] = true;
    }
    let leads = |arrow: &Arrow| {
        let is_first = !std::mem::replace(&mut is_reached[arrow.head], true);
        let leaves = drawing.boxes[arrow.tail].frame != drawing.boxes[arrow.head].frame;
        arrow.tail != arrow.head && (!is_beside(drawing, arrow) || (arrow.is_side && leaves) || is_first)
    };
    drawing.arrows.iter().map(leads).collect()
}

/// Whether an arrow tells little of where its ends belong: a copy, or what every tier tells a monitor, which it would draw
/// to the far end of the picture, and its lines across all of it.
fn is_beside(drawing: &Drawing, arrow: &Arrow) -> bool {
    let is_watched = drawing.boxes[arrow.head].station == Station::Monitor;
    arrow.is_side || (is_watched && arrow.stroke == Stroke::Dotted)
}

/// All boxes so that arrows lead from earlier to later ones, but for those that close a circle: the reverse
/// of the order in which a walk from the entries leaves them.
fn order(drawing: &Drawing, leads: &[bool]) -> Vec<usize> {
    let count = drawing.boxes.len();
    let mut targets: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut is_reached = vec![false; count];
    for (arrow, _) in drawing.arrows.iter().zip(leads).filter(|(_, leads)| **leads) {
        targets[arrow.tail].push(arrow.head);
        is_reached[arrow.head] = true;
    }
    // People first, then whatever nothing leads to, then what stands in circles only.
    let mut starts: Vec<usize> = (0..count).collect();
    starts.sort_by_key(|at| (drawing.boxes[*at].station != Station::Entry, is_reached[*at]));
    let mut is_seen = vec![false; count];
    let mut left = Vec::with_capacity(count);
    for start in starts {
        if std::mem::replace(&mut is_seen[start], true) {
            continue;
        }
        let mut stack = vec![(start, 0)];
        while let Some((at, next)) = stack.last_mut() {
            let Some(target) = targets[*at].get(*next) else {
                left.push(*at);
                stack.pop();
                continue;
            };
            *next += 1;
            if !std::mem::replace(&mut is_seen[*target], true) {
                stack.push((*target, 0));
            }
        }
    }
    left.reverse();
    left
}

/// The ends of the lines that belong side by side: those of one group that are as far from the entries, and
/// all of a group that holds nothing else.
fn columns(drawing: &Drawing, ways: &[Way], depths: &[usize]) -> Vec<Vec<usize>> {
    let mut is_end: Vec<bool> =
        drawing.boxes.iter().map(|shown| shown.station == Station::DataTier).collect();
    for arrow in forward(drawing, ways) {
        is_end[arrow.tail] = false;
    }
    let mut is_tier = vec![true; drawing.frames.len()];
    for (shown, is_end) in drawing.boxes.iter().zip(&is_end) {
        if let Some(frame) = shown.frame {
            is_tier[frame] &= is_end;
        }
    }
    let mut columns: BTreeMap<(Option<usize>, usize), Vec<usize>> = BTreeMap::new();
    for at in (0..drawing.boxes.len()).filter(|at| is_end[*at]) {
        let frame = drawing.boxes[at].frame;
        let depth = if frame.is_some_and(|frame| is_tier[frame]) { 0 } else { depths[at] };
        columns.entry((frame, depth)).or_default().push(at);
    }
    columns.into_values().filter(|column| column.len() > 1).collect()
}

/// The longest line that leads to each box. What starts a line by itself (a batch job) stands next to what it
/// calls, not with the people.
fn depths(drawing: &Drawing, ways: &[Way], order: &[usize]) -> Vec<usize> {
    let count = drawing.boxes.len();
    let mut targets: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut is_start = vec![true; count];
    for arrow in forward(drawing, ways) {
        targets[arrow.tail].push(arrow.head);
        is_start[arrow.head] = false;
    }
    let mut depths = vec![0; count];
    let push = |depths: &mut Vec<usize>| {
        for at in order {
            for target in &targets[*at] {
                depths[*target] = depths[*target].max(depths[*at] + 1);
            }
        }
    };
    push(&mut depths);
    for at in (0..count).filter(|at| is_start[*at] && drawing.boxes[*at].station != Station::Entry) {
        if let Some(nearest) = targets[at].iter().map(|target| depths[*target]).min() {
            depths[at] = nearest - 1;
        }
    }
    push(&mut depths);
    depths
}

fn forward<'a>(drawing: &'a Drawing, ways: &'a [Way]) -> impl Iterator<Item = &'a Arrow> {
    drawing.arrows.iter().zip(ways).filter(|(_, way)| **way == Way::Forward).map(|(arrow, _)| arrow)
}
