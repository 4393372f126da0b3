use super::{Asked, Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Component, Property};

declare_rule! {
    /// Asks who changed what, where sensitive data is written and no record of it is kept.
    ///
    /// ## Why it matters
    /// After a theft the first question is what was taken, and by whose account. Without a record the honest answer is:
    /// perhaps all of it.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service billing
    /// database cards { data = [pci] } // finding: "nothing records who changes the pci data of `cards`"
    /// app -> billing -> cards
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service billing { audit_log }
    /// database cards { data = [pci] }
    /// app -> billing -> cards
    /// ```
    ///
    /// ## How it is detected
    /// A store holds cards, health, financial data or secrets and is written to, and neither it, who writes to it, the
    /// link, nor the system states an `audit_log`. All such stores are one question. There is no fix: a record has to
    /// be kept somewhere.
    ///
    /// ## Known false alarms
    /// The database keeps its own: state `audit_log` on it.
    ///
    /// ## An interviewer asks
    /// Somebody asks who has looked at their data. What do you answer?
    ///
    /// ## A good answer
    /// - that who read or changed what, and when, is written down
    /// - where, so that whoever did it can't change it, and for how long
    ///
    /// ## References
    /// - CWE-778: Insufficient Logging
    /// - OWASP ASVS 5.0: 16.3.1, 16.4.3
    /// - OWASP Top 10 2025: A09 Security Logging and Alerting Failures
    static RULE = {
        code: "LP523",
        summary: "changes of sensitive data of which no record is kept",
        levels: [Advice],
        review_only: true,
    }
}

/// The classes of which somebody will ask who has seen them.
const ASKED: [&str; 4] = ["pci", "phi", "financial", "secret"];

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.properties.has(Property::AuditLog) || architecture.system.is_demo() {
        return;
    }
    let is_asked =
        |store: &Component| ASKED.iter().any(|class| store.data_classes().iter().any(|it| it == class));
    let is_kept = |store: &Component| {
        let mut links = architecture.links_to(store.id);
        let groups = architecture.groups_of(store.id);
        store.has(Property::AuditLog)
            || groups.into_iter().any(|(_, group)| group.properties.has(Property::AuditLog))
            || links.any(|it| {
                it.has(Property::AuditLog) || architecture.component(it.source).has(Property::AuditLog)
            })
    };
    let is_written = |store: &Component| architecture.links_to(store.id).any(|it| !it.is_reads_only());
    let stores: Vec<&Component> = architecture
        .components()
        .filter(|it| it.kind.is_store() && is_asked(it) && is_written(it) && !is_kept(it) && !it.is_replica())
        .collect();
    let classes = |it: &Component| {
        it.data_classes()
            .iter()
            .filter(|word| ASKED.contains(&word.as_str()))
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" and ")
    };
    let in_words =
        |it: &&Component| -> Asked { (it.name.to_string(), it.span, format!("holds {}", classes(it))) };
    let (count, asked) = findings.open_of(architecture, &stores, in_words);
    let Some(first) = stores.iter().find(|it| asked.first().is_some_and(|(name, ..)| *name == it.name))
    else {
        return;
    };
    let message = match count {
        1 => format!("nothing records who changes the {} data of `{}`", classes(first), first.name),
        many => format!(
            "nothing records who changes the data of {many} stores, such as the {} data of `{}`",
            classes(first),
            first.name
        ),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding
            .note("after a theft the first question is what was taken, and by whose account")
            .help("write who did what, when, to a place where it can't be changed, and state `audit_log` where that is done");
    }
}
