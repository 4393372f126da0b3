use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::waiting;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Link, Property};

declare_rule! {
    /// Finds calls to others, and calls that are repeated, with nothing that stops asking what does not answer.
    ///
    /// ## Why it matters
    /// A third party that hangs is asked by every request, each of which waits until it gives up, and again with each
    /// retry. The caller is full of waiting before anybody has looked.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop
    /// third_party payments : stripe
    /// browser -> shop
    /// shop -> payments : https { timeout = 2s, retries = 2, circuit_breaker = none } // finding: "nothing stops `shop` asking `payments` while it does not answer"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop
    /// third_party payments : stripe
    /// browser -> shop
    /// shop -> payments : https { timeout = 2s, retries = 2, circuit_breaker }
    /// ```
    ///
    /// ## How it is detected
    /// A synchronous call on the way of users to a third party, or one that states `retries`, without a
    /// `circuit_breaker` on the link or its caller. Stated as none it is a warning of its own; all that say nothing are
    /// one question: advice, and a warning where retries are stated towards a third party. A `mesh` does it by itself. There is no fix: when to stop asking is a choice.
    ///
    /// ## Known false alarms
    /// A library of the provider does it: state `circuit_breaker`.
    ///
    /// ## An interviewer asks
    /// This dependency has not answered for a minute. How many of your threads wait for it?
    ///
    /// ## A good answer
    /// - the requests a second times the time each waits before it gives up
    /// - that after some failures nobody asks it for a while, and what is answered then
    ///
    /// ## References
    /// - M. Nygard, *Release It!*, 2nd edition, chapter 5, "Circuit breaker"
    /// - OWASP ASVS 5.0: 13.2.6
    static RULE = {
        code: "LP212",
        summary: "calls that go on asking what does not answer",
        levels: [Warning, Advice],
    }
}

const NOTE: &str =
    "each request waits until it gives up, and with every retry once more, while all others queue behind";
const HELP: &str = "after a few failures in a row answer at once, without asking, and try one call from time to time: `circuit_breaker`";

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() || architecture.system.properties.has(Property::Mesh) {
        return;
    }
    let unwaited = cx.analysis.unwaited(architecture);
    let retries = |link: &Link| {
        let source = architecture.component(link.source);
        [&link.properties, &source.properties]
            .into_iter()
            .find(|it| it.is_stated(Property::Retries))
            .and_then(|it| it.figure(Property::Retries))
            .filter(|it| *it >= 1.0)
    };
    let is_third_party = |link: &Link| architecture.component(link.target).kind == Kind::ThirdParty;
    let is_exposed = |link: &&Link| {
        let (source, target) = architecture.ends(link);
        let is_one = |property| link.has(property) || source.has(property) || target.has(property);
        waiting::is_remote_call(architecture, link)
            && !target.kind.holds_data()
            && source.kind.is_compute()
            && !unwaited.contains(&source.id)
            && (is_third_party(link) || retries(link).is_some())
            && !is_one(Property::CircuitBreaker)
            && !is_one(Property::Mesh)
            && !link.is_beside_the_path()
    };
    let mut open: Vec<&Link> = Vec::new();
    for link in architecture.links().filter(is_exposed) {
        let (source, target) = architecture.ends(link);
        let scopes = [&link.properties, &source.properties];
        let Some(stated) = scopes.into_iter().find(|it| it.is_absent(Property::CircuitBreaker)) else {
            open.push(link);
            continue;
        };
        let message =
            format!("nothing stops `{}` asking `{}` while it does not answer", source.name, target.name);
        let mut finding =
            findings.on_link(Severity::Warning, architecture, link, "asked all the same", message);
        if let Some(span) = stated.span(Property::CircuitBreaker) {
            finding.place(span, "stated here");
        }
        finding.note(NOTE).help(HELP);
    }
    let is_grave = |link: &Link| is_third_party(link) && retries(link).is_some();
    open.sort_by_key(|link| (!is_grave(link), !is_third_party(link), link.id));
    let in_words = |link: &&Link| -> Asked {
        let label = match retries(link) {
            Some(times) => format!("tried {} times", figures::number(times + 1.0)),
            None => "waits for a third party".to_owned(),
        };
        (architecture.link_name(link), link.span, label)
    };
    let (count, asked) = findings.open_of(architecture, &open, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let severity = if open.iter().any(|link| is_grave(link)) { Severity::Warning } else { Severity::Advice };
    let message = match count {
        1 => format!("`{first}` goes on asking what does not answer: no `circuit_breaker` is stated"),
        many => format!("{many} calls go on asking what does not answer: none states a `circuit_breaker`"),
    };
    if let Some(mut finding) = findings.question(severity, &asked, message) {
        finding.note(NOTE).help(HELP);
    }
}
