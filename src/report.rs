//! Findings as they are shown: each format is a file, and none knows another.

pub mod docs;
pub mod dot;
pub mod json;
pub mod text;
