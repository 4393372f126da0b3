use super::{Context, Findings, declare_rule};
use crate::analysis::trust::{self, Classes, Scoped};
use crate::catalogue::Kind;
use crate::diagnostic::{Edit, Severity};
use crate::model::{Component, Property};

declare_rule! {
    /// Finds stores that keep classified data unencrypted, or do not say.
    ///
    /// ## Why it matters
    /// Disks are sold, snapshots are copied and backups are mislaid. Encrypted they are worth nothing to whoever finds
    /// them; in the clear the loss of one is the loss of everything on it, and in most countries has to be reported.
    ///
    /// ## Example
    /// ```arch
    /// service booking
    /// database patients : postgres { data = [phi], encrypted_at_rest = none } // finding: "keeps phi unencrypted"
    /// booking -> patients : tls
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service booking
    /// database patients : postgres { data = [phi], encrypted_at_rest }
    /// booking -> patients : tls
    /// ```
    ///
    /// ## How it is detected
    /// Databases, stores of objects and files, search indexes, queues and streams that hold classified data: stated with
    /// `data`, on the store, on a link or flow that leads to it, or for the whole system. `encrypted_at_rest = none`, on
    /// the store or what it stands in, is an error for secret, card, health, personal and financial data, and a warning for
    /// confidential data. Those that say nothing are one question, which is a warning for the former.
    ///
    /// Providers that encrypt unless told not to (S3, DynamoDB, Azure SQL and others) are not asked. The fix states
    /// that it is encrypted; it is unsafe, for the disks have to be.
    ///
    /// ## Known false alarms
    /// Data that the application encrypts before it stores it: say `encrypted_at_rest` all the same.
    ///
    /// ## An interviewer asks
    /// A backup of this store is lost: what has been lost?
    ///
    /// ## A good answer
    /// - that only unreadable bytes have been, and where their key is kept
    /// - who may use the key, and how that is noticed
    ///
    /// ## References
    /// - CWE-312: Cleartext Storage of Sensitive Information
    /// - OWASP ASVS 5.0: 14.1.2, 14.2.4, chapter 11
    /// - OWASP Top 10 2025: A04 Cryptographic Failures; PCI DSS 4.0.1: 3.5.1
    static RULE = {
        code: "LP503",
        summary: "a store that keeps classified data unencrypted",
        levels: [Error, Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let mut unstated: Vec<(&Component, Classes)> = Vec::new();
    for store in architecture.components().filter(|it| keeps_data(it)) {
        let classes = trust.held(store.id).classified();
        if classes.is_empty() {
            continue;
        }
        match trust::scoped(architecture, store, Property::EncryptedAtRest) {
            Some(Scoped { has: true, .. }) => {}
            Some(stated) => report(findings, store, classes, stated),
            None if trust::encrypts_at_rest_by_itself(store) => {}
            None => unstated.push((store, classes)),
        }
    }
    unstated.sort_by_key(|(_, classes)| classes.rank());
    ask(cx, findings, &unstated);
}

/// A cache in memory leaves nothing behind, one with a volume does.
fn keeps_data(component: &Component) -> bool {
    component.kind.is_store()
        || component.kind.is_queue()
        || component.kind == Kind::Cache && component.has(Property::Persistence)
}

fn report(findings: &mut Findings, store: &Component, classes: Classes, stated: Scoped) {
    let severity = if classes.sensitive().is_empty() { Severity::Warning } else { Severity::Error };
    let message = format!("`{}` keeps {classes} unencrypted", store.name);
    let mut finding = findings.on_component(severity, store, format!("holds {classes}"), message);
    finding.place(stated.span, "stated here");
    finding.note("whoever gets hold of a disk, a snapshot or a backup can read all of it");
    finding.help("encrypt the disk or the volume, its snapshots and its backups: state `encrypted_at_rest`");
    finding.fix(
        "write `encrypted_at_rest`: who gets hold of a disk reads nothing",
        false,
        vec![Edit { span: stated.span, text: "encrypted_at_rest".to_owned() }],
    );
}

fn ask(cx: &Context, findings: &mut Findings, unstated: &[(&Component, Classes)]) {
    let is_sensitive = unstated.iter().any(|(_, classes)| !classes.sensitive().is_empty());
    let asked = unstated
        .iter()
        .map(|(store, classes)| (store.name.to_string(), store.span, format!("holds {classes}")))
        .collect();
    let asked = findings.open(cx.architecture, asked);
    let message = match asked.as_slice() {
        [(store, ..)] => format!("`{store}` keeps classified data and does not say whether it is encrypted"),
        several => {
            format!("{} stores keep classified data and do not say whether it is encrypted", several.len())
        }
    };
    let severity = if is_sensitive { Severity::Warning } else { Severity::Advice };
    if let Some(mut finding) = findings.question(severity, &asked, message) {
        finding.note("an unencrypted disk, snapshot or backup that is lost is read by whoever finds it");
        finding.help("state `encrypted_at_rest` on the stores, or once for the system");
    }
}
