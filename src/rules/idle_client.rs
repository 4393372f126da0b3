use super::{Context, Findings, declare_rule, is_torn};
use crate::diagnostic::Severity;

declare_rule! {
    /// Finds clients and persons that neither call anything nor are called.
    ///
    /// ## Why it matters
    /// Load enters a design at its clients. One that is linked to nothing brings none, and all that it would use is
    /// judged without it.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// client phone // finding: "`phone` does nothing"
    /// service api
    /// browser -> api
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// client phone
    /// service api
    /// browser, phone -> api
    /// ```
    ///
    /// ## How it is detected
    /// No link begins or ends there. A file with names or text that could not be read is not judged: the link may be
    /// there. There is no fix: what it calls is not in the text.
    ///
    /// ## Known false alarms
    /// A person who is drawn for the picture alone.
    ///
    /// ## An interviewer asks
    /// What does this user do first?
    ///
    /// ## A good answer
    /// - the first request that they make, and what answers it
    /// - or that nobody of this kind is served here
    ///
    /// ## References
    /// - Kinds in the language's reference.
    static RULE = {
        code: "LP013",
        summary: "a client that neither calls nor is called",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if is_torn(architecture) {
        return;
    }
    let idle: Vec<_> = architecture
        .components()
        .filter(|it| it.kind.is_caller_only())
        .filter(|it| architecture.links_from(it.id).len() + architecture.links_to(it.id).len() == 0)
        .map(|it| (it.name.to_string(), it.span, "linked to nothing".to_owned()))
        .collect();
    let idle = findings.open(architecture, idle);
    let message = match idle.as_slice() {
        [(only, ..)] => format!("`{only}` does nothing"),
        [(first, ..), (second, ..)] => format!("`{first}` and `{second}` do nothing"),
        several => format!("{} clients do nothing", several.len()),
    };
    if let Some(mut finding) = findings.question(Severity::Warning, &idle, message) {
        finding.help("link what is used from there, or take it out");
    }
}
