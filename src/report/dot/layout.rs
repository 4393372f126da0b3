//! Which way each arrow runs and what stands in one column, so that the picture reads from left to right.
//!
//! Graphviz places columns so that arrows are short; it is told which arrows lead forward, and which stores at
//! the end of the lines belong side by side. Arrows that lead forward leave at the right of a box and arrive
//! at the left of the next: one that skips columns then runs level between them instead of in an arc.

use super::drawing::{Arrow, Drawing};

/// How an arrow runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// To a column further right.
    Forward,
    /// Back, or within a column: it has no say in where the columns are.
    Free,
}

/// What Graphviz is told beside boxes and arrows.
pub(super) struct Layout {
    /// How each arrow runs, in the order of the drawing.
    pub(super) courses: Vec<Course>,
    /// Boxes that share a column, in the order of the drawing.
    pub(super) columns: Vec<Vec<usize>>,
}

/// Stores at the end of the lines share a column where none of them moves further than this.
const REACH: usize = 1;

/// The layout of a drawing.
pub(super) fn layout(drawing: &Drawing) -> Layout {
    let leads = leading(drawing);
    let order = order(drawing, &leads);
    let mut place = vec![0; drawing.boxes.len()];
    for (at, shown) in order.iter().enumerate() {
        place[*shown] = at;
    }
    let courses: Vec<Course> = drawing
        .arrows
        .iter()
        .zip(&leads)
        .map(
            |(arrow, leads)| {
                if *leads && place[arrow.tail] < place[arrow.head] { Course::Forward } else { Course::Free }
            },
        )
        .collect();
    let columns = columns(drawing, &courses, &order);
    Layout { courses, columns }
}

/// Which arrows may say where the columns are: those that carry requests, and the first line to a box that
/// nothing else leads to.
fn leading(drawing: &Drawing) -> Vec<bool> {
    let mut is_reached = vec![false; drawing.boxes.len()];
    for arrow in drawing.arrows.iter().filter(|arrow| !arrow.is_side) {
        is_reached[arrow.head] = true;
    }
    let leads = |arrow: &Arrow| {
        arrow.tail != arrow.head && (!arrow.is_side || !std::mem::replace(&mut is_reached[arrow.head], true))
    };
    drawing.arrows.iter().map(leads).collect()
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
    starts.sort_by_key(|at| (!drawing.boxes[*at].is_entry, is_reached[*at]));
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

/// The ends of the lines that belong side by side, by the group that they stand in.
fn columns(drawing: &Drawing, courses: &[Course], order: &[usize]) -> Vec<Vec<usize>> {
    let depths = depths(drawing, courses, order);
    let mut is_end = vec![true; drawing.boxes.len()];
    for (arrow, _) in forward(drawing, courses) {
        is_end[arrow.tail] = false;
    }
    let mut ends: Vec<usize> =
        (0..drawing.boxes.len()).filter(|at| is_end[*at] && drawing.boxes[*at].is_data_tier).collect();
    ends.sort_by_key(|at| (drawing.boxes[*at].frame, std::cmp::Reverse(depths[*at])));
    let mut columns: Vec<Vec<usize>> = Vec::new();
    for at in ends {
        match columns.last_mut() {
            Some(column)
                if drawing.boxes[column[0]].frame == drawing.boxes[at].frame
                    && depths[at] + REACH >= depths[column[0]] =>
            {
                column.push(at);
            }
            _ => columns.push(vec![at]),
        }
    }
    columns.retain(|column| column.len() > 1);
    for column in &mut columns {
        column.sort_unstable();
    }
    columns
}

/// The longest line that leads to each box. What starts a line by itself (a batch job) stands next to what it
/// calls, not with the people.
fn depths(drawing: &Drawing, courses: &[Course], order: &[usize]) -> Vec<usize> {
    let count = drawing.boxes.len();
    let mut targets: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut is_start = vec![true; count];
    for (arrow, _) in forward(drawing, courses) {
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
    for at in (0..count).filter(|at| is_start[*at] && !drawing.boxes[*at].is_entry) {
        if let Some(nearest) = targets[at].iter().map(|target| depths[*target]).min() {
            depths[at] = nearest - 1;
        }
    }
    push(&mut depths);
    depths
}

fn forward<'a>(drawing: &'a Drawing, courses: &'a [Course]) -> impl Iterator<Item = (&'a Arrow, &'a Course)> {
    drawing.arrows.iter().zip(courses).filter(|(_, course)| **course == Course::Forward)
}
