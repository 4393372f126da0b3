//! What interviewers are usually asked, and a prompt says nothing of: that it is left open is an answer as well.
//!
//! It is looked at only where no topic of the prompt is asked for by these words. Nothing is written into the file, for nothing is
//! settled, and nothing is lost by asking.

/// The words of a usual question, and what the interviewer says where the task leaves it open.
pub(super) struct LeftOpen {
    pub(super) words: &'static [&'static str],
    pub(super) says: &'static str,
}

#[rustfmt::skip] // One a line.
pub(super) const LEFT_OPEN: &[LeftOpen] = &[
    LeftOpen { words: &["scope"], says: "What the task does not name is not asked for: say what you leave out" },
    LeftOpen { words: &["mobile", "phone", "web", "browser", "ios", "android", "desktop"], says: "The task names no kind of device: draw one client, unless you have a reason to tell them apart" },
    LeftOpen { words: &["country", "countries", "continent", "worldwide", "international"], says: "The task names no place: nothing in it asks for a second region" },
    LeftOpen { words: &["grow", "growth", "future"], says: "No growth is stated: build for what is, and say what breaks first when it doubles" },
    LeftOpen { words: &["team", "engineers", "developers"], says: "The task says nothing of who runs it: whatever you add has to be run by somebody" },
    LeftOpen { words: &["budget", "cost", "costs", "expensive", "cheap"], says: "No budget is stated: what the scale and the promises don't ask for is too much" },
    LeftOpen { words: &["cloud", "aws", "gcp", "azure", "technology", "technologies", "stack", "vendor", "framework"], says: "The technology is yours to choose: say why" },
    LeftOpen { words: &["security", "secure", "privacy", "gdpr", "compliance", "encryption", "encrypted"], says: "The task asks for nothing special: what goes without saying is that callers are known where it matters, and that what crosses a network is encrypted" },
    LeftOpen { words: &["abuse", "spam", "bot", "bots", "scalpers", "scrapers", "attack", "attacks", "ddos"], says: "The task says nothing of it: a limit for each caller is what one expects" },
    LeftOpen { words: &["monitoring", "logging", "logs", "observability", "metrics"], says: "It is no part of the task: say in a sentence how you would know that it works" },
    LeftOpen { words: &["lose", "lost", "durable", "durability", "crash", "backup"], says: "The task says nothing of a loss: what was confirmed is kept, unless an answer tells otherwise" },
    LeftOpen { words: &["consistent", "consistency", "stale"], says: "The task says nothing of it: choose, and say what a reader may miss meanwhile" },
    LeftOpen { words: &["existing", "legacy", "migrate", "migration"], says: "There is nothing yet: you begin with an empty page" },
];
