//! Numbers that were worked out by hand.
