use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::Component;

declare_rule! {
    /// Finds browsers that are to speak a protocol which no browser speaks.
    ///
    /// ## Why it matters
    /// A page in a browser can ask by HTTP, WebSocket and the like. It can't control the frames of HTTP/2 that gRPC
    /// needs, so the call never leaves it.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop
    /// browser -> shop : grpc // finding: "`browser` can't speak gRPC"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop
    /// browser -> shop : grpc_web
    /// ```
    ///
    /// Nor here:
    /// ```arch
    /// client mobile_app
    /// service shop
    /// mobile_app -> shop : grpc
    /// ```
    ///
    /// ## How it is detected
    /// A client whose name ends in `browser`, or that carries this word as its tag or engine, calls by gRPC, Thrift, RMI
    /// or another protocol of programs alone. A client called `web` may be a program behind a page: nothing is said. There is no fix: a proxy has to translate, or the call be
    /// another.
    ///
    /// ## Known false alarms
    /// A client that is called so and is a program of its own: name it otherwise.
    ///
    /// ## An interviewer asks
    /// What does the page send, byte by byte, and who turns it into gRPC?
    ///
    /// ## A good answer
    /// - what a browser can speak, and who translates
    /// - what the translation costs, or another interface for browsers
    ///
    /// ## References
    /// - gRPC documentation, "gRPC-Web": a proxy between the browser and the service
    static RULE = {
        code: "LP701",
        summary: "a browser that is to speak gRPC",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for client in cx.architecture.of_kind(Kind::Client).filter(|it| is_browser(it)) {
        for link in cx.architecture.links_from(client.id) {
            let mut known = link.known_protocols().peekable();
            let Some(first) = known.peek().copied() else { continue };
            if !known.all(|it| it.programs_only) {
                continue;
            }
            let message = format!("`{}` can't speak {}: no browser does", client.name, first.title);
            findings
                .on_link(Severity::Error, cx.architecture, link, format!("asked by {}", first.title), message)
                .label(client.name.as_str(), client.span, "a browser")
                .note("a page has no hold of the frames of HTTP/2, so the call never leaves it")
                .help(
                    "speak `grpc_web` to a proxy that translates, or offer REST or a WebSocket to browsers",
                );
        }
    }
}

/// Whether it says that it is one.
fn is_browser(client: &Component) -> bool {
    let is_word = |it: &str| matches!(it.to_lowercase().as_str(), "browser" | "browsers");
    let last = client.name.rsplit(['_', '-', '.']).next();
    last.is_some_and(is_word) || client.tags.iter().chain(&client.engines).any(|it| is_word(it))
}
