//! What the page asks, and the answers, as JSON: all of them out of the library, as the command line and editors have them.
//! Places are bytes of the text that was sent.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Desk;
use crate::check::{Config, Profile, Session};
use crate::editor::completion::{self, Proposal};
use crate::editor::{View, hover};
use crate::interview::{self, Level, Prompt, Verdict};
use crate::model::GroupId;
use crate::report::dossier::Dossier;
use crate::report::figures::CutOrder;
use crate::report::graph::{Element, Overlay, Picture, Theme, dot};
use crate::report::interview::Outcome;
use crate::report::review::Feedback;
use crate::report::text::{Look, printable};
use crate::report::{self, Report};
use crate::source::{FileId, SourceFile, Span, plain_text};
use crate::syntax;

/// So many findings are listed; the rest is counted.
const MOST_FINDINGS: usize = 500;
/// A picture with a longer text is not drawn: a browser would be at it for minutes.
const MOST_DOT: usize = 1024 * 1024;

type Answer = Result<Value, Unanswered>;

/// Why there is no answer.
pub(super) enum Unanswered {
    /// The question can't be read.
    Unreadable,
    /// It is about something that there is not: what, in a sentence.
    Unknown(String),
}

impl From<serde_json::Error> for Unanswered {
    fn from(_: serde_json::Error) -> Self {
        Self::Unreadable
    }
}

/// Who answers what is asked at an address.
pub(super) fn at(path: &str) -> Option<fn(&Desk, &[u8]) -> Answer> {
    Some(match path {
        "/api/opening" => |desk, _| Ok(json!({ "name": desk.name, "text": desk.text })),
        "/api/examples" => |_, _| Ok(examples()),
        "/api/check" => check,
        "/api/review" => review,
        "/api/complete" => complete,
        "/api/hover" => hover,
        "/api/format" => format,
        "/api/prompts" => |_, _| Ok(serde_json::from_str(&report::interview::list_in_json())?),
        "/api/interview/start" => start,
        "/api/interview/ask" => ask,
        _ => return None,
    })
}

/// A design as it stands in the page.
#[derive(Deserialize)]
struct Design {
    name: String,
    text: String,
}

impl Design {
    fn file(&self) -> SourceFile {
        SourceFile::new(self.name.as_str(), self.text.as_str())
    }

    /// What is made of it once it is checked.
    fn seen<T>(&self, desk: &Desk, profile: Profile, make: impl FnOnce(&View) -> T) -> T {
        let config = Config { profile, ..desk.config.clone() };
        let mut session = Session::default();
        let checked = session.check(self.file(), &*desk.files, &config);
        make(&View::of(&checked, session.trees()))
    }
}

/// A place in a design.
#[derive(Deserialize)]
struct Spot {
    #[serde(flatten)]
    design: Design,
    at: usize,
}

impl Spot {
    /// A place in the text, whatever was sent.
    fn within(&self) -> u32 {
        self.design.text.floor_char_boundary(self.at) as u32
    }
}

fn asked<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(body)
}

#[derive(Deserialize)]
struct Check {
    #[serde(flatten)]
    design: Design,
    /// Whether advice is wanted as well.
    advice: bool,
    overlay: String,
    dark: bool,
}

fn check(desk: &Desk, body: &[u8]) -> Answer {
    let check: Check = asked(body)?;
    let profile = if check.advice { Profile::Review } else { Profile::Ci };
    let mut found = check.design.seen(desk, profile, |view| found(view, &check));
    found["interview"] = interview_of(&check.design.text);
    Ok(found)
}

fn found(view: &View, check: &Check) -> Value {
    let design = view.checked;
    let mut report = Report::of(std::slice::from_ref(design));
    let panels = report::page::panels(&Dossier::of(design, CutOrder::One), &report);
    report.shorten(MOST_FINDINGS);
    let overlay = Overlay::ALL.into_iter().find(|it| it.name() == check.overlay).unwrap_or_default();
    let theme = if check.dark { Theme::Dark } else { Theme::Light };
    let dot = Some(dot::dot(&Picture { overlay, theme, ..Picture::of(design) }));
    json!({
        "report": report::json::output(&report),
        "dot": dot.filter(|it| it.len() <= MOST_DOT),
        "shapes": shapes(view),
        "figures": panels.figures,
        "estimate": panels.estimate,
        "rules": panels.rules,
    })
}

/// The interview that a text is of, with its task; nothing where it is of none.
fn interview_of(text: &str) -> Value {
    let Ok(session) = interview::Session::read(text) else { return Value::Null };
    let name = format!("{} {}", session.prompt.name, session.tier.name);
    json!({ "name": name, "task": session.prompt.ask })
}

/// Where everything that may be drawn is declared in the text itself.
fn shapes(view: &View) -> Vec<Value> {
    let architecture = &view.checked.architecture;
    let components =
        architecture.components().map(|it| (Element::Component(it.id), it.name.to_string(), it.span));
    let groups = (0..).zip(architecture.groups());
    let groups = groups.map(|(at, it)| (Element::Group(GroupId(at)), it.name.to_string(), it.span));
    let links = architecture.links().map(|it| (Element::Link(it.id), architecture.link_name(it), it.span));
    let is_here = |(_, _, span): &(Element, String, Span)| span.file == FileId(0);
    let shape = |(shape, element, span): (Element, String, Span)| json!({ "id": shape.id(), "element": element, "start": span.start, "end": span.end });
    components.chain(groups).chain(links).filter(is_here).map(shape).collect()
}

#[derive(Deserialize)]
struct ForLevel {
    #[serde(flatten)]
    design: Design,
    level: String,
}

/// The verdict where the text is of an interview, else the review of a design.
fn review(desk: &Desk, body: &[u8]) -> Answer {
    let ForLevel { design, level } = asked(body)?;
    let level = Level::ALL.into_iter().find(|it| it.name() == level);
    let level = level.ok_or(Unanswered::Unreadable)?;
    let html = match Verdict::of(design.file(), &*desk.files, &desk.config, level) {
        Ok(verdict) => report::page::judged(&Outcome::of(verdict)),
        Err(_) => design
            .seen(desk, Profile::Review, |view| report::page::reviewed(&Feedback::of(view.checked, level))),
    };
    Ok(json!({ "html": html }))
}

#[derive(Deserialize)]
struct Start {
    prompt: String,
    tier: String,
}

/// The text that a candidate begins with.
fn start(_: &Desk, body: &[u8]) -> Answer {
    let start: Start = asked(body)?;
    let unknown = |what: String| Unanswered::Unknown(printable(&what));
    let prompt = Prompt::find(&start.prompt);
    let prompt = prompt.ok_or_else(|| unknown(interview::unknown_prompt(&start.prompt)))?;
    let tier = prompt.tier(&start.tier);
    let tier = tier.ok_or_else(|| unknown(interview::unknown_tier(prompt, &start.tier)))?;
    let text = interview::start(prompt, tier, None);
    Ok(json!({ "interview": interview_of(&text), "text": text }))
}

#[derive(Deserialize)]
struct Question {
    #[serde(flatten)]
    design: Design,
    ask: String,
}

fn ask(_: &Desk, body: &[u8]) -> Answer {
    let Question { design, ask } = asked(body)?;
    Ok(match interview::ask(&design.text, &ask) {
        Ok(answered) => {
            let look = Look { width: usize::MAX, ..Look::PLAIN };
            json!({ "answer": report::interview::answer(&answered, &design.name, look), "text": answered.text })
        }
        Err(refusal) => json!({ "refusal": report::interview::refused(&design.name, &refusal) }),
    })
}

fn complete(desk: &Desk, body: &[u8]) -> Answer {
    let spot: Spot = asked(body)?;
    Ok(spot
        .design
        .seen(desk, Profile::Ci, |view| {
            let completion = completion::completion(view, FileId(0), spot.within(), &Vec::new)?;
            let items: Vec<Value> = completion.proposals.iter().map(proposal).collect();
            Some(json!({ "from": completion.word.start, "items": items }))
        })
        .into())
}

fn proposal(proposal: &Proposal) -> Value {
    json!({
        "label": proposal.label,
        "detail": proposal.detail,
        "told": plain_text(&proposal.told),
        "text": proposal.text,
        "snippet": proposal.snippet,
        "rank": proposal.rank,
    })
}

fn hover(desk: &Desk, body: &[u8]) -> Answer {
    let spot: Spot = asked(body)?;
    Ok(spot
        .design
        .seen(desk, Profile::Review, |view| {
            let found = hover::hover(&[view], &spot.design.name, spot.within())?;
            Some(json!({ "from": found.span.start, "to": found.span.end, "text": plain_text(&found.text) }))
        })
        .into())
}

/// The text in its one form; none where it has faults.
fn format(_: &Desk, body: &[u8]) -> Answer {
    let design: Design = asked(body)?;
    Ok(json!({ "text": syntax::format_file(&design.file()).ok() }))
}

/// The examples that the page offers: those with mistakes to find, then sound ones.
#[rustfmt::skip] // One a line.
const EXAMPLES: &[(&str, &str)] = &[
    ("checkout-naive", include_str!("../../examples/checkout-naive.arch")),
    ("news-feed-naive", include_str!("../../examples/news-feed-naive.arch")),
    ("chat-naive", include_str!("../../examples/chat-naive.arch")),
    ("ride-hailing-naive", include_str!("../../examples/ride-hailing-naive.arch")),
    ("ticket-booking-naive", include_str!("../../examples/ticket-booking-naive.arch")),
    ("payment-naive", include_str!("../../examples/payment-naive.arch")),
    ("rate-limiter-naive", include_str!("../../examples/rate-limiter-naive.arch")),
    ("notifications-naive", include_str!("../../examples/notifications-naive.arch")),
    ("todo-overengineered", include_str!("../../examples/todo-overengineered.arch")),
    ("team-wiki-overengineered", include_str!("../../examples/team-wiki-overengineered.arch")),
    ("url-shortener", include_str!("../../examples/url-shortener.arch")),
    ("pastebin", include_str!("../../examples/pastebin.arch")),
    ("news-feed", include_str!("../../examples/news-feed.arch")),
    ("chat", include_str!("../../examples/chat.arch")),
    ("ride-hailing", include_str!("../../examples/ride-hailing.arch")),
    ("ticket-booking", include_str!("../../examples/ticket-booking.arch")),
    ("payment", include_str!("../../examples/payment.arch")),
    ("rate-limiter", include_str!("../../examples/rate-limiter.arch")),
    ("notifications", include_str!("../../examples/notifications.arch")),
    ("team-wiki", include_str!("../../examples/team-wiki.arch")),
];

fn examples() -> Value {
    let example = |(name, text): &(&str, &str)| json!({ "name": name, "about": about(text), "text": text });
    EXAMPLES.iter().map(example).collect()
}

/// What a design says of itself at its head, but for where it is from.
fn about(text: &str) -> String {
    let head = text.lines().map_while(|line| line.strip_prefix("//")).map(str::trim);
    head.take_while(|line| !line.starts_with("Source:")).collect::<Vec<_>>().join(" ")
}
