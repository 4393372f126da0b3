//! Columns that fit a page: where the lines alone would make of a picture a tower, a ribbon or a diagonal, as a gateway of
//! twenty groups, a chain of twenty or a mesh do, its boxes stand in a grid that still reads from left to right.
//!
//! Each box stands as far to the right as it is from the entries. What is too many for one column takes several beside
//! each other; a chain that is too long goes on in a row below, as text does.

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::layout::{Layout, Way};
use crate::report::graph::drawing::{Arrow, Drawing, Station};

/// Fewer boxes than this are read however they stand.
const FEWEST: usize = 14;
/// A column of more boxes, or more columns, are more than a page takes.
const TALLEST: usize = 9;
const WIDEST: usize = 9;
/// What a box takes of a page with the room around it, in parts of the page's width and height.
const BOX: (f64, f64) = (1.0 / 4.5, 1.0 / 4.0);

/// Lists of boxes: columns from left to right, each from the top, or rows from the top, each from the left.
type Lists = Vec<Vec<usize>>;

/// The grid of a drawing without frames whose lines would make it too tall or too wide.
pub(super) fn layout(drawing: &Drawing, ways: &[Way], longest: &[usize]) -> Option<Layout> {
    let is_framed = drawing.boxes.iter().any(|shown| shown.frame.is_some());
    if is_framed || drawing.boxes.len() < FEWEST {
        return None;
    }
    let tiers = tiers(longest);
    let tallest = tiers.iter().map(Vec::len).max().unwrap_or(0);
    if tallest <= TALLEST && tiers.len() <= WIDEST {
        return None;
    }
    let tiers = if tiers.len() > WIDEST { self::tiers(&shortest(drawing, ways)) } else { tiers };
    let tiers: Lists = tiers.into_iter().map(|tier| ends_first(drawing, tier)).collect();
    let (columns, rows) = staggered(&tiers);
    let columns = folded(columns);
    Some(Layout { ways: self::ways(drawing, &columns), columns, rows, is_grid: true })
}

/// What is as far from the entries, together.
fn tiers(depths: &[usize]) -> Lists {
    let mut tiers = vec![Vec::new(); depths.iter().max().map_or(0, |deepest| deepest + 1)];
    for (at, depth) in depths.iter().enumerate() {
        tiers[*depth].push(at);
    }
    tiers.retain(|tier: &Vec<usize>| !tier.is_empty());
    tiers
}

/// The shortest line that leads to each box: in a mesh the longest one visits them all.
fn shortest(drawing: &Drawing, ways: &[Way]) -> Vec<usize> {
    let mut targets: Vec<Vec<usize>> = vec![Vec::new(); drawing.boxes.len()];
    let mut is_start = vec![true; drawing.boxes.len()];
    for (arrow, way) in drawing.arrows.iter().zip(ways).filter(|(_, way)| **way != Way::Free) {
        targets[arrow.tail].push(arrow.head);
        is_start[arrow.head] &= *way == Way::Back;
    }
    let is_entry = |at: usize| is_start[at] || drawing.boxes[at].station == Station::Entry;
    let mut depths = vec![usize::MAX; drawing.boxes.len()];
    let mut next: VecDeque<usize> = (0..drawing.boxes.len()).filter(|at| is_entry(*at)).collect();
    for at in &next {
        depths[*at] = 0;
    }
    while let Some(at) = next.pop_front() {
        for target in &targets[at] {
            if depths[*target] == usize::MAX {
                depths[*target] = depths[at] + 1;
                next.push_back(*target);
            }
        }
    }
    // Each box is led to from an entry, as `layout` orders them so.
    depths.into_iter().map(|depth| if depth == usize::MAX { 0 } else { depth }).collect()
}

/// What calls on stands nearest to what it calls.
fn ends_first(drawing: &Drawing, mut tier: Vec<usize>) -> Vec<usize> {
    let mut calls_on = vec![false; drawing.boxes.len()];
    for arrow in &drawing.arrows {
        calls_on[arrow.tail] = true;
    }
    tier.sort_by_key(|at| calls_on[*at]);
    tier
}

/// Each tier in as many columns as make the whole the largest on a page, and the rows that these make.
fn staggered(tiers: &Lists) -> (Lists, Lists) {
    let tallest = tiers.iter().map(Vec::len).max().unwrap_or(1);
    let columns = |rows: usize| tiers.iter().map(|tier| tier.len().div_ceil(rows)).sum::<usize>();
    let size = |rows: &usize| needed(columns(*rows), *rows);
    let rows = (1..=tallest).min_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(1);
    let (mut columns, mut lines) = (Lists::new(), Lists::new());
    for tier in tiers {
        // As even as can be: seven in columns of up to four are four and three.
        let rows = tier.len().div_ceil(tier.len().div_ceil(rows));
        columns.extend(tier.chunks(rows).map(<[usize]>::to_vec));
        lines.extend((0..rows).map(|row| tier.iter().skip(row).step_by(rows).copied().collect()));
    }
    lines.retain(|line| line.len() > 1);
    (columns, lines)
}

/// Columns below each other, where a ribbon of them would be too long for a page.
fn folded(columns: Lists) -> Lists {
    let rows = columns.iter().map(Vec::len).max().unwrap_or(1);
    let size = |lines: &usize| needed(columns.len().div_ceil(*lines), rows * lines);
    let lines = (1..=columns.len().max(1)).min_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(1);
    let wide = columns.len().div_ceil(lines).max(1);
    let mut folded = vec![Vec::new(); wide.min(columns.len())];
    for (at, column) in columns.into_iter().enumerate() {
        folded[at % wide].extend(column);
    }
    folded
}

/// How many pages wide or high a grid is, whichever is more.
fn needed(columns: usize, rows: usize) -> f64 {
    (columns as f64 * BOX.0).max(rows as f64 * BOX.1)
}

/// Which way each arrow runs between the columns.
fn ways(drawing: &Drawing, columns: &Lists) -> Vec<Way> {
    let mut place = vec![0; drawing.boxes.len()];
    for (at, column) in columns.iter().enumerate() {
        for shown in column {
            place[*shown] = at;
        }
    }
    let way = |arrow: &Arrow| match place[arrow.tail].cmp(&place[arrow.head]) {
        Ordering::Less => Way::Forward,
        Ordering::Greater => Way::Back,
        Ordering::Equal => Way::Free,
    };
    drawing.arrows.iter().map(way).collect()
}
