//! Loadpath reviews a software architecture the way a structural engineer reviews a building: it follows the
//! load from where it enters to where it rests, and says what gives way.
//!
//! Data flows one way: text → [`syntax`] → model → analysis → rules → findings → a report.

pub mod analysis;
pub mod catalogue;
pub mod check;
pub mod cli;
pub mod diagnostic;
pub mod editor;
pub mod figures;
pub mod interview;
pub mod learn;
pub mod model;
mod nearest;
pub mod quantity;
pub mod report;
pub mod rules;
pub mod settings;
pub mod source;
pub mod syntax;
pub mod web;
pub mod worked;
