//! The tests of the whole: one binary, one file a subject.

mod catalogue;
mod syntax;
mod reliability;
