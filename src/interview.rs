//! The mock interview: how a design stands in one, step by step, and what an interviewer would ask of it.
//!
//! Everything rests on a finding or a figure, and points at its line; the same text always gets the same answer.

mod aloud;
mod bank;
mod beside;
mod criteria;
mod figure;
mod ladder;
mod left_open;
mod matching;
mod partition;
mod prompt;
mod question;
mod review;
mod rubric;
mod saying;
mod session;
mod subject;
mod verdict;
mod working;

pub use beside::Beside;
pub use ladder::Bottleneck;
pub use partition::{GivesUp, Partition};
pub use prompt::{Mistake, Prompt, Reckoning, SUBJECTS, Tier, Topic, prompts};
pub use question::Question;
pub use review::{Held, Mark, Review, StepReview, TradeOff};
pub use rubric::{Criterion, Evidence, Grade, Level, POINTS, RUBRIC, Step};
pub use session::{Answered, Refusal, Session, ask, start, unknown_prompt, unknown_tier};
pub use verdict::{Clarified, Estimated, Made, Nearness, Number, Verdict};
