//! The `.arch` language for tree-sitter, and the queries that stand beside its grammar.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_arch() -> *const ();
}

/// The language: `parser.set_language(&tree_sitter_arch::LANGUAGE.into())`.
// The generated parser gives a pointer to static data.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_arch) };

/// What each word is, to be coloured by.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");

/// What is written in other languages.
pub const INJECTIONS_QUERY: &str = include_str!("../../queries/injections.scm");

/// Which names are declared, and which are used.
pub const LOCALS_QUERY: &str = include_str!("../../queries/locals.scm");

/// What a list of symbols shows.
pub const TAGS_QUERY: &str = include_str!("../../queries/tags.scm");
