//! The look: a hue for each role, a tint for each kind of group, a colour and an icon for each level.
//!
//! Colours are Tailwind's: 50 and 100 to fill, 200 and 600 for borders, 700 for text, so that hues are of equal
//! strength. A level is never told by its colour alone.

use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::GroupKind;

/// The font whose metrics Graphviz knows everywhere, also where it can't ask for fonts.
pub(super) const FONT: &str = "Arial";
/// Names and titles.
pub(super) const INK: &str = "#0f172a";
/// What stands beside them.
pub(super) const MUTED: &str = "#64748b";
/// Lines and words of the least weight.
pub(super) const FAINT: &str = "#94a3b8";

/// Three strengths of one hue.
#[derive(Clone, Copy)]
pub(super) struct Hue {
    /// The area.
    pub(super) fill: &'static str,
    /// Its border.
    pub(super) line: &'static str,
    /// Small text on it.
    pub(super) text: &'static str,
}

const fn hue(fill: &'static str, line: &'static str, text: &'static str) -> Hue {
    Hue { fill, line, text }
}

/// The hue of what a component is for.
pub(super) fn hue_of(kind: Kind) -> Hue {
    match kind {
        Kind::Client | Kind::Person | Kind::ThirdParty | Kind::External => {
            hue("#f1f5f9", "#94a3b8", "#475569")
        }
        Kind::Dns | Kind::Cdn | Kind::LoadBalancer | Kind::ReverseProxy | Kind::ApiGateway => {
            hue("#e0f2fe", "#0284c7", "#0369a1")
        }
        Kind::Service | Kind::Function | Kind::Worker | Kind::Scheduler => {
            hue("#ede9fe", "#7c3aed", "#6d28d9")
        }
        Kind::Queue | Kind::Stream => hue("#fef3c7", "#d97706", "#b45309"),
        Kind::Cache => hue("#ffe4e6", "#e11d48", "#be123c"),
        Kind::Database | Kind::ObjectStore | Kind::FileStore | Kind::SearchIndex => {
            hue("#dcfce7", "#16a34a", "#15803d")
        }
        Kind::Identity | Kind::Secrets => hue("#fae8ff", "#c026d3", "#a21caf"),
        Kind::Registry | Kind::Config | Kind::Monitoring => hue("#ccfbf1", "#0d9488", "#0f766e"),
    }
}

/// The tint of a group.
pub(super) fn tint_of(kind: GroupKind) -> Hue {
    match kind {
        GroupKind::Region => hue("#f0f9ff", "#bae6fd", "#0369a1"),
        GroupKind::Zone => hue("#ecfeff", "#a5f3fc", "#0e7490"),
        GroupKind::Host => hue("#fffbeb", "#fde68a", "#b45309"),
        GroupKind::Network => hue("#faf5ff", "#ddd6fe", "#6d28d9"),
        GroupKind::Group => hue("#f8fafc", "#cbd5e1", "#475569"),
    }
}

/// How a level of finding is shown.
#[derive(Clone, Copy)]
pub(super) struct Level {
    /// The badge, the border and the line.
    pub(super) color: &'static str,
    /// Text on the badge.
    pub(super) on: &'static str,
    /// Text of this level on white.
    pub(super) text: &'static str,
    /// What tells it without a colour.
    pub(super) icon: &'static str,
}

/// How this level is shown.
pub(super) fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level { color: "#dc2626", on: "#ffffff", text: "#b91c1c", icon: "✖" },
        Severity::Warning => Level { color: "#f59e0b", on: "#1c1917", text: "#b45309", icon: "▲" },
        Severity::Advice => Level { color: "#2563eb", on: "#ffffff", text: "#1d4ed8", icon: "◆" },
    }
}
