//! The numerical kernel against worked numbers, enumeration of all states, and properties.

mod brute_force;
mod networks;
mod properties;
mod worked;
