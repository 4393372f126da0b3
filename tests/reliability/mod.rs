//! The numerical kernel against worked numbers, enumeration of all states, and properties.
#![expect(clippy::cast_possible_wrap, reason = "the numbers in tests are small")]

mod brute_force;
mod networks;
mod properties;
mod worked;
