use super::{Asked, Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds files that users bring and that nobody looks into before others get them.
    ///
    /// ## Why it matters
    /// What one user uploads another opens. A file that is a program, or a picture that breaks the reader, is served
    /// from your own address.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service photos { uploads, scanned = none } // finding: "`photos` takes files from users and looks into none"
    /// object_store files
    /// browser -> photos -> files
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service photos { uploads, scanned }
    /// object_store files
    /// browser -> photos -> files
    /// ```
    ///
    /// ## How it is detected
    /// A component or a link states `uploads`, and neither it nor what the files go to states that they are `scanned`.
    /// Stated as none it is a warning of its own; all that say nothing are one question. There is no fix: writing the
    /// word scans nothing.
    ///
    /// ## Known false alarms
    /// Files that only their own user ever gets back: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// A user uploads a page with a script as a picture. Who opens it, and from which address?
    ///
    /// ## A good answer
    /// - that it is looked at before anybody gets it, and by what
    /// - that it is handed out from another address, as a file and not as a page
    ///
    /// ## References
    /// - CWE-434: Unrestricted Upload of File with Dangerous Type
    /// - OWASP ASVS 5.0: 5.2.1, 5.4.3
    /// - OWASP Top 10 2025: A06 Insecure Design
    static RULE = {
        code: "LP520",
        summary: "files from users that nobody looks into",
        levels: [Warning],
    }
}

const NOTE: &str = "others open what one user brought, from an address that they trust";
const HELP: &str = "take the types that are needed and no others, scan each file before anybody gets it, serve them from an address of their own, \
     and state `scanned`";

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let takes_files = |it: &Component| {
        it.has(Property::Uploads) || architecture.links_to(it.id).any(|link| link.has(Property::Uploads))
    };
    let is_scanned = |it: &Component| {
        let links = || architecture.links_to(it.id).chain(architecture.links_from(it.id));
        it.has(Property::Scanned)
            || it.has(Property::Because)
            || links().any(|link| {
                link.has(Property::Scanned) || architecture.component(link.target).has(Property::Scanned)
            })
    };
    let mut unsaid: Vec<&Component> = Vec::new();
    for component in architecture.components().filter(|it| takes_files(it) && !is_scanned(it)) {
        let Some(span) = component.span(Property::Scanned) else {
            unsaid.push(component);
            continue;
        };
        let message = format!("`{}` takes files from users and looks into none", component.name);
        findings
            .on_component(Severity::Warning, component, "takes what comes", message)
            .place(span, "stated here")
            .note(NOTE)
            .help(HELP);
    }
    let in_words = |it: &&Component| -> Asked { (it.name.to_string(), it.span, "takes files".to_owned()) };
    let (count, asked) = findings.open_of(architecture, &unsaid, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let message = match count {
        1 => format!("who looks into the files that users bring to `{first}`?"),
        many => format!("who looks into the files that users bring? {many} components take some"),
    };
    if let Some(mut finding) = findings.question(Severity::Warning, &asked, message) {
        finding.note(NOTE).help(HELP);
    }
}
