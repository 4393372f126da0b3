use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Link, Property};

declare_rule! {
    /// Finds GET and HEAD requests that change something.
    ///
    /// ## Why it matters
    /// Everybody on the way believes that a GET may be repeated, made ahead of time and answered from a copy: browsers,
    /// proxies, crawlers, retries. One of them deletes what it only meant to look at.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop
    /// browser -> shop : https { method = get, writes } // finding: "`browser -> shop` changes something by GET"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop
    /// browser -> shop : https { method = post, writes }
    /// ```
    ///
    /// ## How it is detected
    /// A link states `method = get` or `head` and that it `writes`, be it among other things: whatever takes it does so
    /// by this method. A held connection (`wss`) is opened by GET and changes nothing by that. There is no fix: the
    /// method is a part of the interface.
    ///
    /// ## Known false alarms
    /// It writes no more than a log or a count: take `writes` off.
    ///
    /// ## An interviewer asks
    /// A crawler follows every link that leads here. What is left?
    ///
    /// ## A good answer
    /// - that what changes something asks for another method
    /// - who else repeats a GET on its own: browsers, proxies, retries
    ///
    /// ## References
    /// - RFC 9110, 9.2.1: safe methods
    /// - CWE-650: Trusting HTTP Permission Methods on the Server Side; CWE-352
    static RULE = {
        code: "LP705",
        summary: "a GET that changes something",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let is_safe_method = |word: &str| matches!(word.to_ascii_uppercase().as_str(), "GET" | "HEAD");
    let writes = |it: &&Link| it.has(Property::Writes) && it.figure(Property::Writes) != Some(0.0);
    for link in cx.architecture.links().filter(writes).filter(|it| !it.is_held_open()) {
        let Some(method) = link.word(Property::Method).filter(|it| is_safe_method(it)) else { continue };
        let name = cx.architecture.link_name(link);
        let message = format!("`{name}` changes something by {}", method.to_ascii_uppercase());
        let mut finding =
            findings.on_link(Severity::Error, cx.architecture, link, "believed to change nothing", message);
        for property in [Property::Method, Property::Writes] {
            if let Some(span) = link.span(property) {
                finding.place(span, "stated here");
            }
        }
        finding
            .note("browsers make a GET ahead of time, caches answer it, retries and crawlers repeat it")
            .help("take POST, PUT, PATCH or DELETE for what changes something");
    }
}
