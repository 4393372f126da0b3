use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::Property;
use crate::model::property::{Entry, Statement, Value};
use crate::source::Span;

declare_rule! {
    /// Finds passwords and keys that stand in the open.
    ///
    /// ## Why it matters
    /// A design is read by many, copied, and kept for ever in a history. A secret in it is known to all of them, and
    /// has to be changed everywhere at once.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// database orders { password = "hunter2" } // finding: "the password of `orders` stands in the design"
    /// shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// secrets vault
    /// database orders
    /// shop -> orders
    /// shop -> vault { startup }
    /// ```
    ///
    /// ## How it is detected
    /// A component or a link states a `password`: in the open, or a default. Labels, descriptions and other texts are
    /// searched for keys by their well-known beginnings, and for addresses with a password in them. There is no fix: a
    /// secret that was seen is changed, not hidden.
    ///
    /// ## Known false alarms
    /// An example that opens nothing: allow it there.
    ///
    /// ## An interviewer asks
    /// Who has read this file since the password was put into it?
    ///
    /// ## A good answer
    /// - everybody who has a copy, now and before, so that it has to be changed
    /// - where secrets are kept, and who hands them to the program
    ///
    /// ## References
    /// - CWE-798: Use of Hard-coded Credentials; CWE-1392: Use of Default Credentials
    /// - OWASP ASVS 5.0: 13.2.3, 13.3.1
    /// - OWASP Top 10 2025: A07 Authentication Failures
    static RULE = {
        code: "LP515",
        summary: "a secret that stands in the open",
        levels: [Error],
    }
}

/// How keys of well-known services begin.
const BEGINNINGS: [&str; 9] =
    ["AKIA", "ASIA", "ghp_", "gho_", "github_pat_", "xoxb-", "sk_live_", "AIza", "-----BEGIN"];

fn check(cx: &Context, findings: &mut Findings) {
    let mut found: Vec<(Span, String, String)> = Vec::new();
    for bearer in cx.architecture.bearers() {
        let name = || bearer.name(cx.architecture);
        for entry in bearer.properties().iter() {
            if entry.property == Property::Password && entry.statement != Statement::Absent {
                let how = match &entry.statement {
                    Statement::Value(_) => "stands in the design",
                    _ => "stands in the open, or is a default",
                };
                found.push((entry.span, name(), format!("the password of `{}` {how}", name())));
            } else if let Some(what) = secret_in(entry) {
                found.push((
                    entry.span,
                    name(),
                    format!("`{}` of `{}` holds {what}", entry.property.name(), name()),
                ));
            }
        }
    }
    let labels = cx.architecture.components().filter_map(|it| Some((it, it.label.as_deref()?)));
    for (component, what) in labels.filter_map(|(it, label)| Some((it, looks_secret(label)?))) {
        found.push((
            component.span,
            component.name.to_string(),
            format!("the label of `{}` holds {what}", component.name),
        ));
    }
    found.sort();
    found.dedup_by_key(|(span, ..)| *span);
    for (span, element, message) in found {
        findings
            .report(Severity::Error, element, span, "read by whoever reads this", message)
            .note("a design is copied and kept in a history for ever: what was in it once is known")
            .help("change it now, keep the new one in a store of secrets, and let the program fetch it when it starts");
    }
}

fn secret_in(entry: &Entry) -> Option<&'static str> {
    match &entry.statement {
        Statement::Value(Value::Text(text)) => looks_secret(text),
        _ => None,
    }
}

/// What sort of secret a text holds.
fn looks_secret(text: &str) -> Option<&'static str> {
    let is_long = |word: &str| word.len() >= 16 || word.starts_with("-----BEGIN");
    if text.split_whitespace().any(|word| is_long(word) && BEGINNINGS.iter().any(|it| word.starts_with(it))) {
        return Some("a key");
    }
    let has_password = |word: &str| {
        let (_, rest) = word.split_once("://")?;
        let (login, _) = rest.split_once('@')?;
        let (_, password) = login.split_once(':')?;
        (!password.is_empty() && !password.starts_with(['$', '{', '<', '*'])).then_some(())
    };
    text.split_whitespace()
        .any(|word| has_password(word).is_some())
        .then_some("an address with a password in it")
}
