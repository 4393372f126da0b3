//! The look: a hue for each role, a tint for each kind of group, a shade for each step of a figure, a colour and an icon
//! for each level.
//!
//! Colours are Tailwind's: on light 50 and 100 to fill, 200 and 600 for borders, 700 for text; on dark 950 to fill, 500
//! for borders, 300 for text; so that hues are of equal strength. Nothing is told by its colour alone.

use crate::analysis::trust::Ground;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::GroupKind;

/// Light, or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on white.
    #[default]
    Light,
    /// Light ink on slate.
    Dark,
}

/// What a component is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Outside,
    Edge,
    Compute,
    Messages,
    Cache,
    Store,
    Keys,
    Operations,
}

impl Role {
    /// In a word, for formats that have classes.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Edge => "edge",
            Self::Compute => "compute",
            Self::Messages => "messages",
            Self::Cache => "cache",
            Self::Store => "store",
            Self::Keys => "keys",
            Self::Operations => "operations",
        }
    }
}

/// The darkest of the shades that a figure has, from 0.
pub(super) const DARKEST: u8 = 4;

/// What gives a shape its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// What it is for.
    Role(Role),
    /// The kind of group.
    Group(GroupKind),
    /// How much of something there is, from 0 to [`DARKEST`].
    Shade(u8),
    /// How far it is trusted.
    Ground(Ground),
    /// Nothing is known.
    Unknown,
    /// It belongs to what is around.
    Stub,
    /// It belongs nowhere.
    Apart,
}

impl Tone {
    /// Of a component of this kind.
    pub(super) fn of(kind: Kind) -> Self {
        Self::Role(match kind {
            Kind::Client | Kind::Person | Kind::ThirdParty | Kind::External => Role::Outside,
            Kind::Dns | Kind::Cdn | Kind::LoadBalancer | Kind::ReverseProxy | Kind::ApiGateway => Role::Edge,
            Kind::Service | Kind::Function | Kind::Worker | Kind::Scheduler => Role::Compute,
            Kind::Queue | Kind::Stream => Role::Messages,
            Kind::Cache => Role::Cache,
            Kind::Database | Kind::ObjectStore | Kind::FileStore | Kind::SearchIndex => Role::Store,
            Kind::Identity | Kind::Secrets => Role::Keys,
            Kind::Registry | Kind::Config | Kind::Monitoring => Role::Operations,
        })
    }

    /// In a word, for formats that have classes.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Role(role) => role.name(),
            Self::Group(kind) => kind.name(),
            Self::Shade(step) => {
                ["shade0", "shade1", "shade2", "shade3", "shade4"][usize::from(step.min(DARKEST))]
            }
            Self::Ground(Ground::Outside) => "outside",
            Self::Ground(Ground::Public) => "public",
            Self::Ground(Ground::Dmz) => "dmz",
            Self::Ground(Ground::Inside) => "inside",
            Self::Unknown => "unknown",
            Self::Stub => "stub",
            Self::Apart => "apart",
        }
    }
}

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

/// What a picture is drawn on, and with.
#[derive(Clone, Copy)]
pub(super) struct Paper {
    /// Behind everything.
    pub(super) background: &'static str,
    /// Names and titles.
    pub(super) ink: &'static str,
    /// What is said along lines.
    pub(super) label: &'static str,
    /// Lines, and what stands beside names.
    pub(super) muted: &'static str,
    /// Lines and words of the least weight.
    pub(super) faint: &'static str,
}

/// How a level of finding is shown.
#[derive(Clone, Copy)]
pub(super) struct Level {
    /// The badge, the border and the line.
    pub(super) color: &'static str,
    /// Text on the badge.
    pub(super) on: &'static str,
    /// Text of this level on the paper.
    pub(super) text: &'static str,
    /// What tells it without a colour.
    pub(super) icon: &'static str,
}

impl Theme {
    /// What a picture is drawn on, and with.
    pub(super) fn paper(self) -> Paper {
        match self {
            Self::Light => Paper {
                background: "white",
                ink: "#0f172a",
                label: "#475569",
                muted: "#64748b",
                faint: "#94a3b8",
            },
            Self::Dark => Paper {
                background: "#0f172a",
                ink: "#f1f5f9",
                label: "#cbd5e1",
                muted: "#94a3b8",
                faint: "#64748b",
            },
        }
    }

    /// The colours of a tone.
    pub(super) fn hue(self, tone: Tone) -> Hue {
        match self {
            Self::Light => light(tone),
            Self::Dark => dark(tone),
        }
    }

    /// How a level is shown.
    pub(super) fn level(self, severity: Severity) -> Level {
        let (color, on, light, dark) = match severity {
            Severity::Error => ("#dc2626", "#ffffff", "#b91c1c", "#fca5a5"),
            Severity::Warning => ("#f59e0b", "#1c1917", "#b45309", "#fcd34d"),
            Severity::Advice => ("#2563eb", "#ffffff", "#1d4ed8", "#93c5fd"),
        };
        Level { color, on, text: if self == Self::Dark { dark } else { light }, icon: icon(severity) }
    }
}

/// What tells a level without a colour.
pub(super) fn icon(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✖",
        Severity::Warning => "▲",
        Severity::Advice => "◆",
    }
}

fn light(tone: Tone) -> Hue {
    match tone {
        Tone::Role(Role::Outside) | Tone::Ground(Ground::Outside) => hue("#f1f5f9", "#94a3b8", "#475569"),
        Tone::Role(Role::Edge) => hue("#e0f2fe", "#0284c7", "#0369a1"),
        Tone::Role(Role::Compute) => hue("#ede9fe", "#7c3aed", "#6d28d9"),
        Tone::Role(Role::Messages) | Tone::Ground(Ground::Dmz) => hue("#fef3c7", "#d97706", "#b45309"),
        Tone::Role(Role::Cache) => hue("#ffe4e6", "#e11d48", "#be123c"),
        Tone::Role(Role::Store) | Tone::Ground(Ground::Inside) => hue("#dcfce7", "#16a34a", "#15803d"),
        Tone::Role(Role::Keys) => hue("#fae8ff", "#c026d3", "#a21caf"),
        Tone::Role(Role::Operations) => hue("#ccfbf1", "#0d9488", "#0f766e"),
        Tone::Group(GroupKind::Region) => hue("#f0f9ff", "#bae6fd", "#0369a1"),
        Tone::Group(GroupKind::Zone) => hue("#ecfeff", "#a5f3fc", "#0e7490"),
        Tone::Group(GroupKind::Host) => hue("#fffbeb", "#fde68a", "#b45309"),
        Tone::Group(GroupKind::Network) => hue("#faf5ff", "#ddd6fe", "#6d28d9"),
        Tone::Group(GroupKind::Group) => hue("#f8fafc", "#cbd5e1", "#475569"),
        Tone::Shade(0) => hue("#f8fafc", "#94a3b8", "#475569"),
        Tone::Shade(1) => hue("#fef9c3", "#ca8a04", "#854d0e"),
        Tone::Shade(2) => hue("#fde68a", "#d97706", "#92400e"),
        Tone::Shade(3) => hue("#fdba74", "#ea580c", "#7c2d12"),
        Tone::Shade(_) => hue("#fca5a5", "#dc2626", "#7f1d1d"),
        Tone::Ground(Ground::Public) => hue("#fee2e2", "#ef4444", "#b91c1c"),
        Tone::Unknown => hue("#ffffff", "#94a3b8", "#64748b"),
        Tone::Stub | Tone::Apart => hue("#ffffff", "#cbd5e1", "#64748b"),
    }
}

fn dark(tone: Tone) -> Hue {
    match tone {
        Tone::Role(Role::Outside) | Tone::Ground(Ground::Outside) | Tone::Shade(0) => {
            hue("#1e293b", "#64748b", "#cbd5e1")
        }
        Tone::Role(Role::Edge) => hue("#082f49", "#0ea5e9", "#7dd3fc"),
        Tone::Role(Role::Compute) => hue("#2e1065", "#8b5cf6", "#c4b5fd"),
        Tone::Role(Role::Messages) | Tone::Ground(Ground::Dmz) => hue("#451a03", "#f59e0b", "#fcd34d"),
        Tone::Role(Role::Cache) => hue("#4c0519", "#f43f5e", "#fda4af"),
        Tone::Role(Role::Store) | Tone::Ground(Ground::Inside) => hue("#052e16", "#22c55e", "#86efac"),
        Tone::Role(Role::Keys) => hue("#4a044e", "#d946ef", "#f0abfc"),
        Tone::Role(Role::Operations) => hue("#042f2e", "#14b8a6", "#5eead4"),
        Tone::Group(GroupKind::Region) => hue("#0c1e33", "#0c4a6e", "#7dd3fc"),
        Tone::Group(GroupKind::Zone) => hue("#0a222c", "#164e63", "#67e8f9"),
        Tone::Group(GroupKind::Host) => hue("#221c14", "#78350f", "#fcd34d"),
        Tone::Group(GroupKind::Network) => hue("#191a3a", "#4c1d95", "#c4b5fd"),
        Tone::Group(GroupKind::Group) => hue("#151f33", "#334155", "#cbd5e1"),
        Tone::Shade(1) => hue("#422006", "#a16207", "#fde047"),
        Tone::Shade(2) => hue("#713f12", "#ca8a04", "#fef08a"),
        Tone::Shade(3) => hue("#7c2d12", "#ea580c", "#fed7aa"),
        Tone::Shade(_) => hue("#7f1d1d", "#ef4444", "#fecaca"),
        Tone::Ground(Ground::Public) => hue("#450a0a", "#ef4444", "#fca5a5"),
        Tone::Unknown | Tone::Stub | Tone::Apart => hue("#0f172a", "#475569", "#94a3b8"),
    }
}
