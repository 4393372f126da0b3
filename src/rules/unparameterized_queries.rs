use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::Property;

declare_rule! {
    /// Finds queries that are put together as text from what users send.
    ///
    /// ## Why it matters
    /// Whoever may write a part of a query may write another one: read every table, drop it, or log in as anybody.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop { queries = concatenated } // finding: "`shop` puts queries together as text"
    /// database orders
    /// browser -> shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop { queries = parameterized }
    /// database orders
    /// browser -> shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// A component, or a link to a store, states `queries = concatenated`. Nothing is asked of what says nothing. There
    /// is no fix: writing the word does not change the program.
    ///
    /// ## Known false alarms
    /// Queries in which nothing comes from outside: take the word out.
    ///
    /// ## An interviewer asks
    /// A name with a quote in it comes in. What does the database see?
    ///
    /// ## A good answer
    /// - a name, and nothing else: it never becomes a part of the query
    /// - how that is held for all queries, and not for those one remembers
    ///
    /// ## References
    /// - CWE-89: SQL Injection; CWE-943 for other query languages
    /// - OWASP ASVS 5.0: 1.2.4
    /// - OWASP Top 10 2025: A05 Injection
    static RULE = {
        code: "LP509",
        summary: "queries that are put together from what users send",
        levels: [Error],
    }
}

const NOTE: &str = "a value that holds a quote becomes a part of the query, and may be a query of its own";
const HELP: &str = "hand values over apart from the text (`queries = parameterized`), by a prepared statement or a query builder";

fn check(cx: &Context, findings: &mut Findings) {
    let is_text = |it: &crate::model::Properties| it.is(Property::Queries, "concatenated");
    for component in cx.architecture.components().filter(|it| is_text(it)) {
        let message = format!("`{}` puts queries together as text", component.name);
        let mut finding =
            findings.on_component(Severity::Error, component, "what users send becomes code", message);
        if let Some(span) = component.span(Property::Queries) {
            finding.place(span, "stated here");
        }
        finding.note(NOTE).help(HELP);
    }
    for link in cx.architecture.links().filter(|it| is_text(it)) {
        let name = cx.architecture.link_name(link);
        let message = format!("the queries of `{name}` are put together as text");
        let mut finding =
            findings.on_link(Severity::Error, cx.architecture, link, "what users send becomes code", message);
        if let Some(span) = link.span(Property::Queries) {
            finding.place(span, "stated here");
        }
        finding.note(NOTE).help(HELP);
    }
}
