//! What follows from an architecture: figures and structure, as pure functions without text or places.

pub mod reliability;
