//! From an architecture and its findings to boxes, frames and arrows: what is drawn, not yet how it is written.

use rustc_hash::FxHashMap;

use super::Picture;
use super::facts::{amount, facts, rate};
use super::look::{self, FAINT, Hue, INK, MUTED};
use super::outline::{Outline, Shown};
use super::text::{columns, escaped, shortened, wrapped};
use crate::analysis::load::{Demand, Load};
use crate::catalogue::Kind;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{
    Architecture, CallTree, Component, ComponentId, Group, GroupId, GroupKind, Link, LinkId, Property,
};
use crate::syntax::ast::{Arrow as Wait, Relation};

/// Badges that a box or an arrow shows before it only counts them.
const BADGES: usize = 2;
/// Findings that the title lists before it only counts them.
const TITLE_FINDINGS: usize = 6;
/// Columns of a name, of the small lines, and of an arrow's label.
const NAME_WIDTH: usize = 30;
const SMALL_WIDTH: usize = 40;
const LABEL_WIDTH: usize = 24;

/// A picture in boxes, frames and arrows.
pub(super) struct Drawing {
    /// What stands above the picture, as an HTML-like label.
    pub(super) title: String,
    /// The groups, a parent before its members.
    pub(super) frames: Vec<Frame>,
    /// The components, or groups that are drawn as one.
    pub(super) boxes: Vec<Box>,
    /// The links.
    pub(super) arrows: Vec<Arrow>,
}

/// A group that is drawn around its members.
pub(super) struct Frame {
    pub(super) name: String,
    pub(super) parent: Option<usize>,
    pub(super) title: String,
    pub(super) tint: Hue,
}

/// One box.
pub(super) struct Box {
    pub(super) name: String,
    pub(super) frame: Option<usize>,
    /// An HTML-like label.
    pub(super) html: String,
    /// Traffic starts here.
    pub(super) is_entry: bool,
    /// Resolves names.
    pub(super) is_directory: bool,
    /// Keeps data, or is somebody else's: such boxes share a column where they end the lines.
    pub(super) is_data_tier: bool,
}

/// One arrow.
pub(super) struct Arrow {
    pub(super) tail: usize,
    pub(super) head: usize,
    /// A copy of data, or where something runs: no request takes it.
    pub(super) is_side: bool,
    /// The frames that its ends stand for, where it leads from group to group.
    pub(super) frames: (Option<usize>, Option<usize>),
    /// An HTML-like label, or nothing.
    pub(super) label: Option<String>,
    /// Attributes as DOT writes them.
    pub(super) attributes: Vec<(&'static str, String)>,
}

/// Draws a picture.
pub(super) fn drawing(picture: &Picture) -> Drawing {
    let architecture = picture.architecture;
    let outline = Outline::of(architecture);
    let found = Found::of(picture);
    let mut drawing = Drawing {
        title: title(picture, &outline, &found),
        frames: outline.frames.iter().map(|id| frame(architecture, &outline, *id)).collect(),
        boxes: Vec::new(),
        arrows: Vec::new(),
    };
    for shown in &outline.shown {
        drawing.boxes.push(match shown {
            Shown::Component(id) => component_box(architecture.component(*id), &outline, &found),
            Shown::Group(id) => group_box(architecture, *id, &outline, &found),
            Shown::Empty(id) => empty_box(architecture.group(*id), outline.frame(Some(*id))),
        });
    }
    drawing.arrows.extend(link_arrows(picture, &outline, &found));
    drawing.arrows.extend(host_arrows(architecture, &outline));
    drawing.arrows.extend(group_arrows(architecture, &outline));
    gather_unlinked(&mut drawing);
    drawing
}

/// Puts what nothing is linked to into a frame of its own, for it would be strewn among the entries. The
/// directory stays where it is: whoever comes in asks it, linked or not.
fn gather_unlinked(drawing: &mut Drawing) {
    let mut is_alone: Vec<bool> =
        drawing.boxes.iter().map(|it| it.frame.is_none() && !it.is_directory).collect();
    for arrow in &drawing.arrows {
        is_alone[arrow.tail] = false;
        is_alone[arrow.head] = false;
    }
    let count = is_alone.iter().filter(|is_alone| **is_alone).count();
    if count == 0 || count == drawing.boxes.len() {
        return;
    }
    for (shown, _) in drawing.boxes.iter_mut().zip(is_alone).filter(|(_, is_alone)| *is_alone) {
        shown.frame = Some(drawing.frames.len());
    }
    drawing.frames.push(Frame {
        name: "not linked".to_owned(),
        parent: None,
        title: frame_title("not linked"),
        tint: Hue { fill: "#ffffff", line: "#cbd5e1", text: MUTED },
    });
}

// ---- findings

/// The findings by what they are drawn on, the gravest first.
#[derive(Default)]
struct Found<'a> {
    components: FxHashMap<ComponentId, Vec<&'a Diagnostic>>,
    links: FxHashMap<LinkId, Vec<&'a Diagnostic>>,
    /// On flows, groups and the system: told in the title.
    others: Vec<&'a Diagnostic>,
}

impl<'a> Found<'a> {
    fn of(picture: &Picture<'a>) -> Self {
        let architecture = picture.architecture;
        let components: FxHashMap<&str, ComponentId> =
            architecture.components().map(|component| (component.name.as_str(), component.id)).collect();
        let mut links: FxHashMap<String, Vec<&Link>> = FxHashMap::default();
        for link in architecture.links() {
            links.entry(architecture.link_name(link)).or_default().push(link);
        }
        let mut sorted: Vec<&Diagnostic> = picture.diagnostics.iter().collect();
        sorted.sort_by_key(|diagnostic| diagnostic.severity);
        let mut found = Self::default();
        for diagnostic in sorted {
            if let Some(id) = components.get(diagnostic.element.as_str()) {
                found.components.entry(*id).or_default().push(diagnostic);
            } else if let Some(links) = links.get(&diagnostic.element) {
                // Several links may join two components: the one that is written where the finding points.
                let meant = |link: &&&Link| diagnostic.labels.iter().any(|label| label.span == link.span);
                let link = links.iter().find(meant).unwrap_or(&links[0]);
                found.links.entry(link.id).or_default().push(diagnostic);
            } else {
                found.others.push(diagnostic);
            }
        }
        found
    }

    fn on_component(&self, id: ComponentId) -> &[&'a Diagnostic] {
        self.components.get(&id).map_or(&[], Vec::as_slice)
    }

    fn on_link(&self, id: LinkId) -> &[&'a Diagnostic] {
        self.links.get(&id).map_or(&[], Vec::as_slice)
    }
}

fn gravest(findings: &[&Diagnostic]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).min()
}

/// The rule's name as words: short, and the same wherever the rule speaks.
fn summary(finding: &Diagnostic) -> String {
    finding.name.replace('-', " ")
}

/// A filled badge with icon, code and what the rule flags.
fn badge(finding: &Diagnostic) -> String {
    let level = look::level(finding.severity);
    pill(
        finding.severity,
        &format!("{} <B>{}</B> {}", level.icon, escaped(finding.code), escaped(&summary(finding))),
    )
}

fn pill(severity: Severity, html: &str) -> String {
    let level = look::level(severity);
    // The spaces are room for fonts that are wider than the one that was measured.
    format!(
        r#"<TABLE BORDER="0" STYLE="ROUNDED" BGCOLOR="{}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1"><TR><TD HEIGHT="2"></TD></TR><TR><TD><FONT POINT-SIZE="8" COLOR="{}">&#160;&#160;{html}&#160;&#160;</FONT></TD></TR></TABLE>"#,
        level.color, level.on
    )
}

fn badge_rows(findings: &[&Diagnostic]) -> Vec<String> {
    let mut rows: Vec<String> = findings.iter().take(BADGES).map(|finding| badge(finding)).collect();
    if findings.len() > BADGES {
        rows.push(small(&format!("+{} more", findings.len() - BADGES), MUTED));
    }
    rows
}

// ---- boxes

fn component_box(component: &Component, outline: &Outline, found: &Found) -> Box {
    let findings = found.on_component(component.id);
    let hue = look::hue_of(component.kind);
    let mut rows = vec![bold(last_part(&component.name), 12)];
    if let Some(label) = &component.label {
        rows.extend(wrapped(label, NAME_WIDTH, 2).iter().map(|line| small(&escaped(line), INK)));
    }
    rows.extend(joined(&facts(component), SMALL_WIDTH).iter().map(|line| small(&escaped(line), hue.text)));
    rows.extend(badge_rows(findings));
    Box {
        name: component.name.to_string(),
        frame: outline.frame(component.group),
        html: table(hue, gravest(findings), &rows),
        is_entry: component.kind.is_caller_only(),
        is_directory: component.kind == Kind::Dns,
        is_data_tier: component.kind.holds_data()
            || matches!(component.kind, Kind::ThirdParty | Kind::External),
    }
}

/// A group that is too much to be drawn in full: what it holds, and how it fares.
fn group_box(architecture: &Architecture, id: GroupId, outline: &Outline, found: &Found) -> Box {
    let group = architecture.group(id);
    let members: Vec<&Component> =
        architecture.components().filter(|component| outline.is_in(component.id, id)).collect();
    let mut rows = vec![bold(last_part(&group.name), 13)];
    if let Some(label) = &group.label {
        rows.extend(wrapped(label, NAME_WIDTH, 2).iter().map(|line| small(&escaped(line), INK)));
    }
    let tint = look::tint_of(group.kind);
    let count = plural(members.len(), "component");
    rows.push(small(&format!("{} · {count}", group.kind.name().to_uppercase()), tint.text));
    rows.extend(joined(&census(&members), SMALL_WIDTH).iter().map(|line| small(&escaped(line), tint.text)));
    let findings: Vec<&Diagnostic> =
        members.iter().flat_map(|member| found.on_component(member.id)).copied().collect();
    rows.extend(tally(&findings).into_iter().map(|(severity, count)| {
        let icon = look::level(severity).icon;
        pill(severity, &format!("{icon} <B>{}</B>", counted(count, severity)))
    }));
    Box {
        name: group.name.to_string(),
        frame: outline.frame(group.parent),
        html: table(tint, gravest(&findings), &rows),
        is_entry: false,
        is_directory: false,
        is_data_tier: false,
    }
}

/// Holds the place of a group without members, for an empty frame would not be drawn.
fn empty_box(group: &Group, frame: Option<usize>) -> Box {
    Box {
        name: format!("{} (empty)", group.name),
        frame,
        html: small("nothing inside", FAINT),
        is_entry: false,
        is_directory: false,
        is_data_tier: false,
    }
}

/// The three kinds that a group has most of.
fn census(members: &[&Component]) -> Vec<String> {
    let mut counts: Vec<(usize, Kind)> = Kind::ALL
        .into_iter()
        .map(|kind| (members.iter().filter(|member| member.kind == kind).count(), kind))
        .filter(|(count, _)| *count > 0)
        .collect();
    counts.sort_by_key(|(count, kind)| (std::cmp::Reverse(*count), *kind));
    counts.iter().take(3).map(|(count, kind)| of_kind(*count, *kind)).collect()
}

fn of_kind(count: usize, kind: Kind) -> String {
    match kind.title() {
        title @ ("DNS" | "monitoring") => format!("{count} {title}"),
        title => match title.strip_suffix('y') {
            Some(stem) if count > 1 => format!("{count} {stem}ies"),
            _ => plural(count, title),
        },
    }
}

fn table(hue: Hue, gravest: Option<Severity>, rows: &[String]) -> String {
    let (border, line) = match gravest {
        Some(severity) => (2, look::level(severity).color),
        None => (1, hue.line),
    };
    let rows = in_rows(rows, "TD");
    // Letters sit high in their rows: the first row is room above them.
    format!(
        r#"<TABLE BORDER="{border}" STYLE="ROUNDED" COLOR="{line}" BGCOLOR="{}" CELLBORDER="0" CELLSPACING="2" CELLPADDING="1"><TR><TD HEIGHT="3"></TD></TR>{rows}<TR><TD></TD></TR></TABLE>"#,
        hue.fill
    )
}

/// Rows of one cell each, which opens with this tag.
fn in_rows(rows: &[String], cell: &str) -> String {
    rows.iter().fold(String::new(), |table, row| table + "<TR><" + cell + ">" + row + "</TD></TR>")
}

fn bold(text: &str, points: u32) -> String {
    let text = escaped(&shortened(text, NAME_WIDTH));
    format!(r#"&#160;&#160;<FONT POINT-SIZE="{points}"><B>{text}</B></FONT>&#160;&#160;"#)
}

/// A small line of HTML.
fn small(html: &str, color: &str) -> String {
    format!(r#"<FONT POINT-SIZE="8" COLOR="{color}">&#160;&#160;{html}&#160;&#160;</FONT>"#)
}

/// Facts in lines: several in one where they fit, one in several where it is too long.
fn joined(facts: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for fact in facts {
        for (at, part) in wrapped(fact, width, 2).into_iter().enumerate() {
            match lines.last_mut() {
                Some(line) if at == 0 && columns(line) + 3 + columns(&part) <= width => {
                    line.push_str(" · ");
                    line.push_str(&part);
                }
                _ => lines.push(part),
            }
        }
    }
    lines
}

// ---- frames

fn frame(architecture: &Architecture, outline: &Outline, id: GroupId) -> Frame {
    let group = architecture.group(id);
    let mut title = format!("<B>{}</B>", escaped(&shortened(last_part(&group.name), NAME_WIDTH)));
    let note = match &group.label {
        Some(label) => wrapped(label, SMALL_WIDTH, 1).concat(),
        None => String::new(),
    };
    if group.kind != GroupKind::Group {
        title = format!("{} · {title}", group.kind.name().to_uppercase());
    }
    if !note.is_empty() {
        title = format!("{title} · {}", escaped(&note));
    }
    Frame {
        name: group.name.to_string(),
        parent: outline.frame(group.parent),
        title: frame_title(&title),
        tint: look::tint_of(group.kind),
    }
}

fn frame_title(html: &str) -> String {
    format!(
        r#"<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR><TD HEIGHT="4"></TD></TR><TR><TD>&#160;{html}&#160;</TD></TR></TABLE>"#
    )
}

/// The last part of a dotted name: where it stands shows the rest.
fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

// ---- arrows

fn link_arrows(picture: &Picture, outline: &Outline, found: &Found) -> Vec<Arrow> {
    let architecture = picture.architecture;
    let marks = marks(architecture);
    let mut arrows = Vec::new();
    // Links that lead between the same two boxes as others do, where groups are drawn as one.
    let mut merged: FxHashMap<(usize, usize), usize> = FxHashMap::default();
    let mut bundles: Vec<(usize, usize, Vec<&Link>)> = Vec::new();
    for link in architecture.links() {
        let (tail, head) = (outline.place(link.source), outline.place(link.target));
        let is_whole = outline.is_whole(tail) && outline.is_whole(head);
        if is_whole {
            arrows.push(link_arrow(picture, link, (tail, head), marks.get(&link.id), found));
        } else if tail != head {
            let at = *merged.entry((tail, head)).or_insert_with(|| {
                bundles.push((tail, head, Vec::new()));
                bundles.len() - 1
            });
            bundles[at].2.push(link);
        }
    }
    arrows.extend(bundles.into_iter().map(|(tail, head, links)| match links.as_slice() {
        [link] => link_arrow(picture, link, (tail, head), marks.get(&link.id), found),
        links => bundle_arrow(tail, head, links, found),
    }));
    arrows
}

fn link_arrow(
    picture: &Picture,
    link: &Link,
    (tail, head): (usize, usize),
    mark: Option<&Mark>,
    found: &Found,
) -> Arrow {
    let findings = found.on_link(link.id);
    let mut attributes = stroke(link);
    if let Some(tail) = mark.and_then(Mark::arrowtail) {
        attributes.push(("dir", "both".to_owned()));
        attributes.push(("arrowtail", tail.to_owned()));
    }
    accuse(&mut attributes, findings);
    let mut words = words(link);
    if matches!(mark, Some(Mark::Fallback)) {
        words.insert(0, "fallback".to_owned());
    }
    if !link.copies_data() {
        words.extend(picture.load.and_then(|load| carried(load.link(link.id))));
    }
    Arrow {
        tail,
        head,
        is_side: link.copies_data(),
        frames: (None, None),
        label: label(&words, findings),
        attributes,
    }
}

/// Several links drawn as one.
fn bundle_arrow(tail: usize, head: usize, links: &[&Link], found: &Found) -> Arrow {
    let findings: Vec<&Diagnostic> = links.iter().flat_map(|link| found.on_link(link.id)).copied().collect();
    let is_async = links.iter().all(|link| link.is_async());
    let mut attributes = line(if is_async { "dashed" } else { "solid" }, is_async, None);
    accuse(&mut attributes, &findings);
    Arrow {
        tail,
        head,
        is_side: links.iter().all(|link| link.copies_data()),
        frames: (None, None),
        label: label(&[plural(links.len(), "link")], &findings),
        attributes,
    }
}

/// How a link's line is drawn: dashed where nobody waits, dotted beside the users' path, pale for copies.
fn stroke(link: &Link) -> Vec<(&'static str, String)> {
    let style = match link.is_beside_the_path() && !link.copies_data() {
        true => "dotted",
        false if link.is_async() => "dashed",
        false => "solid",
    };
    line(style, link.is_async(), link.copies_data().then_some(FAINT))
}

fn line(style: &str, is_async: bool, color: Option<&str>) -> Vec<(&'static str, String)> {
    let mut attributes = Vec::new();
    if style != "solid" {
        attributes.push(("style", style.to_owned()));
    }
    if is_async {
        attributes.push(("arrowhead", "vee".to_owned()));
    }
    if let Some(color) = color {
        attributes.push(("color", color.to_owned()));
        attributes.push(("fontcolor", color.to_owned()));
    }
    attributes
}

/// Draws a line that is at fault in its level's colour, and heavier.
fn accuse(attributes: &mut Vec<(&'static str, String)>, findings: &[&Diagnostic]) {
    let Some(severity) = gravest(findings) else { return };
    let level = look::level(severity);
    attributes.retain(|(name, _)| !matches!(*name, "color" | "fontcolor"));
    let width = if severity == Severity::Advice { "1.6" } else { "2.2" };
    attributes.extend([
        ("color", level.color.to_owned()),
        ("fontcolor", level.text.to_owned()),
        ("penwidth", width.to_owned()),
        // Heads grow with the line.
        ("arrowsize", "0.6".to_owned()),
    ]);
}

/// What is said along a link: its label, else its protocols, else whether it reads or writes; then why it is
/// drawn dotted. That data is copied is told by the line.
fn words(link: &Link) -> Vec<String> {
    let protocols: Vec<&str> = link.protocols.iter().map(|name| name.text.as_str()).collect();
    let mut words = Vec::new();
    if let Some(label) = &link.label {
        words.push(label.to_string());
    } else if !protocols.is_empty() && !link.copies_data() {
        words.push(protocols.join(", ").replace('_', " "));
    } else if link.is_reads_only() {
        words.push("read".to_owned());
    } else if link.is_writes_only() {
        words.push("write".to_owned());
    }
    words.extend(link.words(Property::For).iter().map(ToString::to_string));
    for property in [Property::Optional, Property::Startup, Property::Batch] {
        if link.has(property) {
            words.push(property.name().to_owned());
        }
    }
    words
}

/// The requests in the busiest hour; at least so many where not all are known.
fn carried(demand: &Demand) -> Option<String> {
    let peak = demand.peak.total();
    let least = if demand.is_partial { "≥ " } else { "" };
    (demand.is_reached && peak.is_positive()).then(|| format!("{least}{}", rate(peak.per_second())))
}

/// An arrow's label: its words, then a badge for each finding.
fn label(words: &[String], findings: &[&Diagnostic]) -> Option<String> {
    let mut rows: Vec<String> =
        joined(words, LABEL_WIDTH).iter().map(|line| format!("&#160;{}&#160;", escaped(line))).collect();
    rows.extend(badge_rows(findings));
    match rows.len() {
        0 => None,
        1 if findings.is_empty() => rows.pop(),
        _ => Some(format!(
            r#"<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{}</TABLE>"#,
            in_rows(&rows, "TD")
        )),
    }
}

/// How a link stands to those that are written with it.
enum Mark {
    /// Any one of them serves.
    Pool,
    /// One of them, by what is asked for.
    Route,
    /// Taken when those before it are down.
    Fallback,
}

impl Mark {
    /// The shape where the line begins: all of one set share it.
    fn arrowtail(&self) -> Option<&'static str> {
        match self {
            Self::Pool => Some("odot"),
            Self::Route => Some("odiamond"),
            Self::Fallback => None,
        }
    }
}

fn marks(architecture: &Architecture) -> FxHashMap<LinkId, Mark> {
    let mut marks = FxHashMap::default();
    for component in architecture.components() {
        for call in architecture.calls_of(component.id) {
            mark(&call.tree, &mut marks);
        }
    }
    marks
}

/// The innermost relation is the one that is drawn.
fn mark(tree: &CallTree, marks: &mut FxHashMap<LinkId, Mark>) {
    let CallTree::Set(relation, members) = tree else { return };
    for (at, member) in members.iter().enumerate() {
        for link in member.links() {
            let own = match relation {
                Relation::All => None,
                Relation::Any => Some(Mark::Pool),
                Relation::Route => Some(Mark::Route),
                Relation::Else => (at > 0).then_some(Mark::Fallback),
            };
            if let Some(own) = own {
                marks.insert(link, own);
            }
        }
        mark(member, marks);
    }
}

/// What runs on what: a thin line without an arrow.
fn host_arrows(architecture: &Architecture, outline: &Outline) -> Vec<Arrow> {
    let hosted = architecture.components().filter_map(|component| {
        let (tail, head) = (outline.place(component.id), outline.place(component.host?));
        (outline.is_whole(tail) && outline.is_whole(head)).then(|| Arrow {
            tail,
            head,
            is_side: true,
            frames: (None, None),
            label: None,
            attributes: vec![
                ("style", "dotted".to_owned()),
                ("arrowhead", "none".to_owned()),
                ("color", FAINT.to_owned()),
            ],
        })
    });
    hosted.collect()
}

/// Copies of data from group to group: drawn from frame to frame.
fn group_arrows(architecture: &Architecture, outline: &Outline) -> Vec<Arrow> {
    let end = |end: &Result<GroupId, ComponentId>| match end {
        Ok(group) => outline.stand_in(*group).map(|place| (place, outline.frame_itself(*group))),
        Err(component) => Some((outline.place(*component), None)),
    };
    let mut arrows = Vec::new();
    for link in &architecture.group_links {
        let (Some((tail, from)), Some((head, to))) = (end(&link.source), end(&link.target)) else { continue };
        if tail == head {
            continue;
        }
        let is_async = link.arrow == Wait::Async;
        arrows.push(Arrow {
            tail,
            head,
            is_side: true,
            frames: (from, to),
            label: None,
            attributes: line(if is_async { "dashed" } else { "solid" }, is_async, Some(FAINT)),
        });
    }
    arrows
}

// ---- title

fn title(picture: &Picture, outline: &Outline, found: &Found) -> String {
    let architecture = picture.architecture;
    let name = match &architecture.system.name {
        Some(name) => wrapped(name, 2 * SMALL_WIDTH, 1).concat(),
        None => String::new(),
    };
    let name = if name.is_empty() { "Architecture".to_owned() } else { name };
    let mut facts = vec![
        plural(architecture.components().len(), "component"),
        plural(architecture.links().len(), "link"),
    ];
    if outline.is_collapsed() {
        facts.push("groups drawn as one".to_owned());
    }
    if let Some(peak) = picture.load.and_then(Load::total_peak) {
        facts.push(format!("peak {}", rate(peak.per_second())));
    }
    let all: Vec<&Diagnostic> = picture.diagnostics.iter().collect();
    let counts: Vec<String> =
        tally(&all).into_iter().map(|(severity, count)| counted(count, severity)).collect();
    if !counts.is_empty() {
        facts.push(counts.join(", "));
    }
    let mut rows = vec![
        format!(r#"<FONT POINT-SIZE="18" COLOR="{INK}"><B>{}</B></FONT>"#, escaped(&name)),
        format!(r#"<FONT POINT-SIZE="10" COLOR="{MUTED}">{}</FONT>"#, escaped(&facts.join(" · "))),
    ];
    rows.extend(title_findings(&found.others));
    rows.extend(
        legend(architecture).map(|it| format!(r#"<FONT POINT-SIZE="8" COLOR="{FAINT}">{it}</FONT>"#)),
    );
    let rows = in_rows(&rows, r#"TD ALIGN="LEFT""#);
    format!(
        r#"<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">{rows}<TR><TD HEIGHT="8"></TD></TR></TABLE>"#
    )
}

fn title_findings(findings: &[&Diagnostic]) -> Vec<String> {
    let mut rows: Vec<String> = findings
        .iter()
        .take(TITLE_FINDINGS)
        .map(|finding| {
            let level = look::level(finding.severity);
            let element = match finding.element.as_str() {
                "system" => String::new(),
                element => format!(" · {}", escaped(&shortened(element, NAME_WIDTH))),
            };
            format!(
                r#"<FONT POINT-SIZE="10" COLOR="{}">{} <B>{}</B> {}{element}</FONT>"#,
                level.text,
                level.icon,
                escaped(finding.code),
                escaped(&summary(finding)),
            )
        })
        .collect();
    if findings.len() > TITLE_FINDINGS {
        let more = findings.len() - TITLE_FINDINGS;
        rows.push(format!(r#"<FONT POINT-SIZE="10" COLOR="{MUTED}">+{more} more</FONT>"#));
    }
    rows
}

/// What the lines mean, of those that are drawn.
fn legend(architecture: &Architecture) -> Option<String> {
    let any = |is: fn(&Link) -> bool| architecture.links().any(is);
    let marks = marks(architecture);
    let marked = |is: fn(&Mark) -> bool| marks.values().any(is);
    let lines = [
        (any(|link| link.is_async() && !link.is_beside_the_path()), "dashed: nobody waits"),
        (any(|link| link.is_beside_the_path() && !link.copies_data()), "dotted: beside the users’ path"),
        (any(Link::copies_data) || !architecture.group_links.is_empty(), "pale: a copy of data"),
        (architecture.components().any(|component| component.host.is_some()), "no arrow: runs on it"),
        (marked(|mark| matches!(mark, Mark::Route)), "◇ one of these, by case"),
        (marked(|mark| matches!(mark, Mark::Pool)), "○ any one of these"),
    ];
    let told: Vec<&str> = lines.into_iter().filter(|(is_drawn, _)| *is_drawn).map(|(_, text)| text).collect();
    (!told.is_empty()).then(|| told.join(" &#160; "))
}

/// How many of each level there are, the gravest first.
fn tally(findings: &[&Diagnostic]) -> Vec<(Severity, usize)> {
    [Severity::Error, Severity::Warning, Severity::Advice]
        .into_iter()
        .map(|severity| (severity, findings.iter().filter(|it| it.severity == severity).count()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn counted(count: usize, severity: Severity) -> String {
    match severity {
        Severity::Advice => format!("{} advice", amount(count as f64)),
        _ => plural(count, severity.name()),
    }
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
