//! Text to typed tree: the only floor that knows the grammar.

pub mod ast;
