//! The tests of the whole: one binary, one file a subject.

mod analysed;
mod availability;
mod availability_random;
mod blame;
mod catalogue;
mod changes;
mod cli;
mod docs;
mod dot;
mod editors;
mod examples;
mod improve;
mod load;
mod plan;
mod readme;
mod reliability;
mod report;
mod resources;
mod rules;
mod storage;
mod syntax;
mod text;
mod tidy;
mod trust;
mod working;
