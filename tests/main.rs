//! The tests of the whole: one binary, one file a subject.

mod availability;
mod catalogue;
mod improve;
mod reliability;
mod rules;
mod syntax;
