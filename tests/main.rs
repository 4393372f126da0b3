//! The tests of the whole: one binary, one file a subject.

mod availability;
mod blame;
mod catalogue;
mod changes;
mod cli;
mod docs;
mod dot;
mod editors;
mod improve;
mod load;
mod plan;
mod reliability;
mod report;
mod rules;
mod syntax;
mod text;
mod tidy;
mod trust;
