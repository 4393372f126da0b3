use super::{Asked, Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Link, Property};

declare_rule! {
    /// Asks what a caller may see, where it is only said that callers are known.
    ///
    /// ## Why it matters
    /// Who you are is not what you may see. Where only the first is checked, a number in the address is changed, and
    /// another one's invoice comes back.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service invoices { auth = oidc } // finding: "`invoices` knows its callers and does not say what each may see"
    /// database bills { data = [financial] }
    /// app -> invoices -> bills
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service invoices { auth = oidc, authorization }
    /// database bills { data = [financial] }
    /// app -> invoices -> bills
    /// ```
    ///
    /// ## How it is detected
    /// An entry from outside states how callers are known (`auth`, other than `none`), what lies behind is classified,
    /// and neither the link nor any component that the requests come to on the way states an `authorization`. All are
    /// one question, in a review. There is no fix: the check stands in the program.
    ///
    /// ## Known false alarms
    /// Every caller may see everything that is there: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// I am logged in and change the number in the address. Whose data do I get?
    ///
    /// ## A good answer
    /// - that each record is checked against who asks, where it is read
    /// - how one knows that no place was forgotten
    ///
    /// ## References
    /// - CWE-862: Missing Authorization; CWE-639: Authorization Bypass Through User-Controlled Key
    /// - OWASP ASVS 5.0: 8.2.1, 8.4.1
    /// - OWASP Top 10 2025: A01 Broken Access Control
    static RULE = {
        code: "LP517",
        summary: "callers who are known and may then see everything",
        levels: [Advice],
        review_only: true,
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() || architecture.components().any(|it| it.has(Property::Authorization)) {
        return;
    }
    let is_open = |link: &&Link| {
        let target = architecture.component(link.target);
        let knows = link.has(Property::Auth) || target.has(Property::Auth);
        let classes = cx.analysis.trust.carried(link).classes.and(cx.analysis.trust.held(target.id));
        knows
            && !link.has(Property::Authorization)
            && !link.has(Property::Because)
            && !target.has(Property::Because)
            && !classes.classified().is_empty()
    };
    let mut open: Vec<&Link> = cx.analysis.trust.outside_entries(architecture).filter(is_open).collect();
    open.sort_by_key(|link| link.id);
    open.dedup_by_key(|link| link.target);
    let in_words = |link: &&Link| -> Asked {
        let target = architecture.component(link.target);
        (target.name.to_string(), target.span, "and what may each see?".to_owned())
    };
    let (count, asked) = findings.open_of(architecture, &open, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let message = match count {
        1 => format!("`{first}` knows its callers and does not say what each may see"),
        many => format!("{many} entries know their callers and do not say what each may see"),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding
            .note("with the number of another one's record in the address, another one's record comes back")
            .help("check for each record whether this caller may see it, next to where it is read, and state `authorization` there");
    }
}
