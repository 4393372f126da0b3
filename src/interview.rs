//! The mock interview: how a design stands in one, step by step, and what an interviewer would ask of it.
//!
//! Everything rests on a finding or a figure, and points at its line; the same text always gets the same answer.

mod bank;
mod criteria;
mod ladder;
mod partition;
mod question;
mod review;
mod rubric;
mod saying;
mod subject;

pub use ladder::Bottleneck;
pub use partition::{GivesUp, Partition};
pub use question::Question;
pub use review::{Held, Mark, Review, StepReview, TradeOff};
pub use rubric::{Criterion, Evidence, Grade, Level, POINTS, RUBRIC, Step};
