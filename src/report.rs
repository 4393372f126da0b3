//! Reports: one file for each form in which a review, or its design, leaves the program.

pub mod dot;
