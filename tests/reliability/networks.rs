//! Paths through networks: the reference cases, cycles, and networks too wide to be exact.
