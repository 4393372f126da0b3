use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Component, Link, Properties, Property};
use rustc_hash::FxHashSet;

declare_rule! {
    /// Finds callers from outside who prove who they are by too little for what they may do.
    ///
    /// ## Why it matters
    /// A password alone is guessed, bought or given away. Where it opens what an administrator may do, one mail is
    /// enough to lose everything.
    ///
    /// ## Example
    /// ```arch
    /// person admin
    /// service console { auth = password, mfa = none, data = [pii] }
    /// database users { data = [pii] }
    /// admin -> console : https // finding: "a password alone opens `console` and pii"
    /// console -> users
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// person admin
    /// service console { auth = oidc, mfa, data = [pii] }
    /// database users { data = [pii] }
    /// admin -> console : https
    /// console -> users
    /// ```
    ///
    /// ## How it is detected
    /// A link from outside, or the component that it leads to, states `auth = basic`, which sends the password with
    /// each request; or it states `mfa = none` and what is behind is classified or an account that may do all (`grants
    /// = [admin]`). Nothing is asked of what says nothing. There is no fix: a second factor is not made by writing the
    /// word.
    ///
    /// ## Known false alarms
    /// A network that only the team reaches: draw it, and put the caller inside.
    ///
    /// ## An interviewer asks
    /// A password is on a list of leaked ones. What keeps its finder out?
    ///
    /// ## A good answer
    /// - a second proof that can't be leaked with the first
    /// - who has to bring it, and what happens when it is lost
    ///
    /// ## References
    /// - CWE-308: Use of Single-factor Authentication; CWE-523 for `basic`
    /// - OWASP ASVS 5.0: 6.3.3
    /// - OWASP Top 10 2025: A07 Authentication Failures
    static RULE = {
        code: "LP518",
        summary: "proof of identity that is too weak for what it opens",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let mut told = FxHashSet::default();
    for link in cx.analysis.trust.outside_entries(cx.architecture) {
        let target = cx.architecture.component(link.target);
        let scopes = [&link.properties, &target.properties];
        let basic = scopes.into_iter().find(|it| it.is(Property::Auth, "basic"));
        let single =
            scopes.into_iter().find(|it| it.is_absent(Property::Mfa)).filter(|_| is_dear(cx, link, target));
        if let Some(weak) = basic.or(single).filter(|_| told.insert(target.id)) {
            report(cx, findings, link, target, weak, basic.is_some());
        }
    }
}

/// Whether much is lost with it.
fn is_dear(cx: &Context, link: &Link, target: &Component) -> bool {
    let may_do_all = |it: &Properties| ["admin", "all"].iter().any(|word| it.is(Property::Grants, word));
    let classes = cx.analysis.trust.carried(link).classes.and(cx.analysis.trust.held(target.id));
    !classes.classified().is_empty() || may_do_all(&link.properties) || may_do_all(&target.properties)
}

fn report(
    cx: &Context,
    findings: &mut Findings,
    link: &Link,
    target: &Component,
    weak: &Properties,
    is_basic: bool,
) {
    let classes = cx.analysis.trust.held(target.id).classified();
    let opens = if classes.is_empty() { String::new() } else { format!(" and {classes}") };
    let message = if is_basic {
        format!("`{}` takes the password with each request (`basic`)", target.name)
    } else {
        format!("a password alone opens `{}`{opens}", target.name)
    };
    let mut finding = findings.on_link(Severity::Warning, cx.architecture, link, "comes in by it", message);
    let property = if is_basic { Property::Auth } else { Property::Mfa };
    if let Some(span) = weak.span(property) {
        finding.place(span, "stated here");
    }
    finding.label(target.name.as_str(), target.span, "opened");
    finding.note("passwords are guessed, bought and given away, and one that travels with each request is seen more often");
    finding.help(if is_basic {
        "let a provider check it once and hand out tokens that end (`auth = oidc`)"
    } else {
        "ask for a second factor that can't be handed on (`mfa`): a key or a passkey"
    });
}
