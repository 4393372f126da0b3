use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::Property;

declare_rule! {
    /// Finds components that show what users sent without encoding it for where it goes.
    ///
    /// ## Why it matters
    /// A comment that holds a script runs in the browser of everybody who reads it, with the rights of each of them.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service forum { output_encoding = none } // finding: "`forum` shows what users sent as it is"
    /// browser -> forum
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service forum { output_encoding }
    /// browser -> forum
    /// ```
    ///
    /// ## How it is detected
    /// A component states `output_encoding = none`. What says nothing is not asked about: templates do it by
    /// themselves. There is no fix: writing the word does not change the program.
    ///
    /// ## Known false alarms
    /// Output that no browser reads and in which nothing comes from users: take the word out.
    ///
    /// ## An interviewer asks
    /// A user is called `<script>`. What do the others see?
    ///
    /// ## A good answer
    /// - a name that looks odd, and no script that runs
    /// - how that is held for each place where text is shown, and what the browser is told not to run
    ///
    /// ## References
    /// - CWE-79: Cross-site Scripting; CWE-116: Improper Encoding or Escaping of Output
    /// - OWASP ASVS 5.0: 1.2.1
    /// - OWASP Top 10 2025: A05 Injection
    static RULE = {
        code: "LP510",
        summary: "output of what users sent that is not encoded",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for component in cx.architecture.components().filter(|it| it.is_absent(Property::OutputEncoding)) {
        let message = format!("`{}` shows what users sent as it is", component.name);
        let mut finding = findings.on_component(Severity::Error, component, "hands scripts on", message);
        if let Some(span) = component.span(Property::OutputEncoding) {
            finding.place(span, "stated here");
        }
        finding
            .note("a script in it runs in the browser of whoever reads it, with the rights of each")
            .help("encode at the last moment for where it goes (HTML, attribute, URL, JSON), best by a template that always does");
    }
}
