use super::{Asked, Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Link, Property};

declare_rule! {
    /// Finds calls that come in from other companies with nothing that proves who sent them.
    ///
    /// ## Why it matters
    /// The address of a webhook is known to many. Whoever knows it may report a payment that was never made.
    ///
    /// ## Example
    /// ```arch
    /// third_party stripe : stripe
    /// service orders
    /// stripe -> orders : https { signed = none } // finding: "anybody may call `orders` as if it were `stripe`"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// third_party stripe : stripe
    /// service orders
    /// stripe -> orders : https { signed }
    /// ```
    ///
    /// ## How it is detected
    /// A third party calls into the design, and the link states neither `signed`, `auth`, `mtls` nor an `allow_list`.
    /// `signed = none` is a warning of its own; all that say nothing are one question. There is no fix: what is not
    /// checked is not checked by a word.
    ///
    /// ## Known false alarms
    /// A call that tells nothing but "look again", after which the truth is fetched: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// I send the same message to this address. What happens?
    ///
    /// ## A good answer
    /// - that a signature with a secret shows who sent it
    /// - that a second one of the same message changes nothing
    ///
    /// ## References
    /// - CWE-345: Insufficient Verification of Data Authenticity; CWE-347; CWE-294 for replays
    /// - OWASP ASVS 5.0: 4.1.5
    /// - OWASP Top 10 2025: A08 Software or Data Integrity Failures
    static RULE = {
        code: "LP521",
        summary: "calls from another company that anybody could have made",
        levels: [Warning, Advice],
    }
}

const NOTE: &str =
    "whoever knows the address can send what another company is believed to have sent, and send it twice";
const HELP: &str = "check the sender's signature and the age of each message before anything is done (`signed`), or ask the sender for the truth";

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let proofs = [Property::Signed, Property::Auth, Property::Mtls, Property::AllowList, Property::Because];
    let is_webhook = |link: &&Link| {
        let (source, target) = architecture.ends(link);
        source.kind == Kind::ThirdParty
            && !target.kind.is_outside()
            && !link.has(Property::For)
            && !proofs.iter().any(|it| link.has(*it) || *it != Property::Because && target.has(*it))
    };
    let mut unsaid: Vec<&Link> = Vec::new();
    for link in architecture.links().filter(is_webhook) {
        let Some(span) = link.span(Property::Signed) else {
            unsaid.push(link);
            continue;
        };
        let (source, target) = architecture.ends(link);
        let message = format!("anybody may call `{}` as if it were `{}`", target.name, source.name);
        findings
            .on_link(Severity::Warning, architecture, link, "comes from anywhere", message)
            .place(span, "stated here")
            .note(NOTE)
            .help(HELP);
    }
    let in_words =
        |link: &&Link| -> Asked { (architecture.link_name(link), link.span, "who sent it?".to_owned()) };
    let (count, asked) = findings.open_of(architecture, &unsaid, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let message = match count {
        1 => {
            format!("how does it show that `{first}` comes from there? it states neither `signed` nor `auth`")
        }
        many => format!(
            "how do {many} calls of other companies show where they come from? they state neither `signed` nor `auth`"
        ),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note(NOTE).help(HELP);
    }
}
