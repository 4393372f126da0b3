use super::{Context, Findings, declare_rule};
use crate::analysis::trust::is_operational;
use crate::diagnostic::{Edit, Severity};
use crate::model::{Component, Link, Properties, Property};
use crate::source::Span;

declare_rule! {
    /// Finds accounts that may do more than the links they are for ever do.
    ///
    /// ## Why it matters
    /// Whoever takes over a service has its rights. If a report that only reads can also drop tables, one hole in it costs
    /// the tables.
    ///
    /// ## Example
    /// ```arch
    /// service  reports
    /// database orders
    /// reports -> orders : tls { reads, grants = admin } // finding: "may administer `orders`, and only reads it"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service  reports
    /// database orders
    /// reports -> orders : tls { reads, grants = read }
    /// ```
    ///
    /// ## How it is detected
    /// `grants` on a link to something that holds data, or else on the component that calls, is held against what is
    /// drawn: `reads` uses `read`, `writes` uses `write`, neither mark uses both. `admin` and `all` are more than any
    /// of these, unless the link is for running the system (`for = manages`, `deploy`, `backup`). Grants with other
    /// words are not judged. The fix narrows what is granted to what the links use; it is unsafe, for other programs
    /// may use the account.
    ///
    /// ## Known false alarms
    /// A service that changes its own schema when it starts: give that an account and a link of its own, `for = deploy`.
    ///
    /// ## An interviewer asks
    /// If this one is taken over, what can its account do?
    ///
    /// ## A good answer
    /// - the few things that it needs to do, and no other
    /// - who grants that, and when it was last looked at
    ///
    /// ## References
    /// - CWE-250: Execution with Unnecessary Privileges; CWE-732
    /// - OWASP ASVS 5.0: 13.2.2
    /// - OWASP Top 10 2025: A01 Broken Access Control
    static RULE = {
        code: "LP508",
        summary: "grants that exceed what the links use",
        levels: [Warning],
    }
}

/// Rights on data, as far as they are judged.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Rights {
    read: bool,
    write: bool,
    administer: bool,
}

impl Rights {
    /// What the words grant; nothing where one of them is no common word.
    fn granted(properties: &Properties) -> Option<Self> {
        let mut rights = Self::default();
        for word in properties.words(Property::Grants) {
            match word.as_str() {
                "read" | "select" => rights.read = true,
                "write" => rights.write = true,
                "admin" | "all" | "owner" | "root" | "superuser" | "dba" => rights.administer = true,
                _ => return None,
            }
        }
        (rights != Self::default()).then_some(rights)
    }

    /// What a link uses.
    fn used(link: &Link) -> Self {
        Self { read: !link.is_writes_only(), write: !link.is_reads_only(), administer: is_operational(link) }
    }

    fn and(self, other: Self) -> Self {
        Self {
            read: self.read || other.read,
            write: self.write || other.write,
            administer: self.administer || other.administer,
        }
    }

    /// The worst of what is granted and never used.
    fn beyond(self, used: Self) -> Option<&'static str> {
        if used.administer {
            return None;
        }
        if self.administer {
            return Some("administer");
        }
        if self.write && !used.write {
            return Some("write to");
        }
        (self.read && !used.read).then_some("read")
    }

    /// What is done with these, as a sentence says it.
    fn deed(self) -> &'static str {
        match (self.read, self.write) {
            (true, false) => "only reads",
            (false, true) => "only writes",
            _ => "only reads and writes",
        }
    }

    /// The words that grant just these.
    fn words(self) -> &'static str {
        match (self.read, self.write) {
            (true, false) => "read",
            (false, true) => "write",
            _ => "[read, write]",
        }
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for link in cx.architecture.links() {
        let target = cx.architecture.component(link.target);
        let Some(span) = link.properties.span(Property::Grants) else { continue };
        let Some(granted) = Rights::granted(&link.properties).filter(|_| target.kind.holds_data()) else {
            continue;
        };
        let used = Rights::used(link);
        if let Some(excess) = granted.beyond(used) {
            let name = cx.architecture.link_name(link);
            let message = format!("`{name}` may {excess} `{}`, and {} it", target.name, used.deed());
            let label = format!("{} it", used.deed());
            let element = (name, link.span);
            report(findings, element, label, message, span, used);
        }
    }
    for component in cx.architecture.components() {
        check_account(cx, findings, component);
    }
}

/// An account is used by all the links of a component that have no grants of their own.
fn check_account(cx: &Context, findings: &mut Findings, component: &Component) {
    let Some(span) = component.properties.span(Property::Grants) else { return };
    let Some(granted) = Rights::granted(&component.properties) else { return };
    let is_data = |link: &&Link| {
        let target = cx.architecture.component(link.target);
        target.kind.holds_data() && !link.is_stated(Property::Grants)
    };
    // On a store it is what its callers may do, elsewhere what its own account may.
    let links: Vec<&Link> = if component.kind.holds_data() {
        cx.architecture.links_to(component.id).filter(is_data).filter(|link| !link.copies_data()).collect()
    } else {
        cx.architecture.links_from(component.id).filter(is_data).collect()
    };
    let Some(used) = links.iter().map(|link| Rights::used(link)).reduce(Rights::and) else { return };
    let Some(excess) = granted.beyond(used) else { return };
    let stores = match links.as_slice() {
        _ if component.kind.holds_data() => format!("`{}`", component.name),
        [link] => format!("`{}`", cx.architecture.component(link.target).name),
        several => format!("{} stores", several.len()),
    };
    let who = if component.kind.holds_data() {
        format!("callers of {stores} may {excess} it, and it {}", passive(used))
    } else {
        format!("`{}` may {excess} {stores}, and {} there", component.name, used.deed())
    };
    let element = (component.name.to_string(), component.span);
    report(findings, element, used.deed().to_owned(), who, span, used);
}

fn passive(used: Rights) -> &'static str {
    match used.deed() {
        "only reads" => "is only read",
        "only writes" => "is only written",
        _ => "is only read and written",
    }
}

fn report(
    findings: &mut Findings,
    (element, at): (String, Span),
    label: String,
    message: String,
    granted: Span,
    used: Rights,
) {
    let mut finding = findings.report(Severity::Warning, element, at, label, message);
    finding.place(granted, "granted here");
    finding.note("whoever takes over the caller has all of its rights, used or not");
    let text = format!("grants = {}", used.words());
    finding.help(format!("grant what is used: `{text}`"));
    finding.fix(
        format!("write `{text}`: what is used, and no more"),
        false,
        vec![Edit { span: granted, text }],
    );
}
