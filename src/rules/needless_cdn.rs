use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Deletion, Step};
use crate::diagnostic::Severity;
use crate::quantity::{Duration, Size};

declare_rule! {
    /// Finds content delivery networks before an origin that sends hardly anything.
    ///
    /// ## Why it matters
    /// A content delivery network saves bytes, distance and load. With few bytes, near users and an idle origin it saves
    /// nothing, and leaves caches to purge and one more party on the users' path.
    ///
    /// ## Example
    /// ```arch
    /// system "Intranet" { daily_users = 400, per_user = 30/day }
    /// client browser
    /// cdn edge : cloudfront // finding: "`edge` sends 18 GB a month"
    /// service portal x2
    /// browser -> edge { payload = 50KB }
    /// edge -> portal
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Intranet" { daily_users = 400, per_user = 30/day }
    /// client browser
    /// service portal x2
    /// browser -> portal { payload = 50KB }
    /// ```
    ///
    /// ## How it is detected
    /// `payload` and rate of all that comes to it are stated and make less than 100 GB a month at the horizon, and its
    /// origin would carry all of it at most half busy. It is silent where it also shields (`waf`, `ddos_protection`,
    /// `rate_limit`, `serve_stale`), where users, residency or routing name places, where less than 50 ms is asked, and
    /// on a `because`. It is advice: the threshold is a judgement. There is no fix: its users have to be led to the
    /// origin.
    ///
    /// ## Known false alarms
    /// One that is there for its certificates or its shield, where nothing says so.
    ///
    /// ## An interviewer asks
    /// How many bytes does it save you, and how far away are your users?
    ///
    /// ## A good answer
    /// - the bytes, and the way that is saved
    /// - from which traffic or distance on it pays
    ///
    /// ## References
    /// - System Design Primer, "Content delivery network": disadvantages.
    static RULE = {
        code: "LP807",
        summary: "a content delivery network for hardly any bytes",
        levels: [Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for deletion in &cx.analysis.plan(cx.architecture).deletions {
        if let Step::Cdn(sent) = deletion.step {
            report(cx, findings, deletion, sent);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, deletion: &Deletion, sent: Size) {
    let cdn = cx.architecture.component(deletion.component);
    let limit = cx.architecture.parameters.cdn_bandwidth.throughput() * Duration::MONTH;
    let message =
        format!("`{}` sends {} a month, and what it spares its origin is {}", cdn.name, sent, deletion.used);
    let mut finding =
        findings.on_component(Severity::Advice, cdn, format!("asked {}", deletion.used.peak_told()), message);
    for link in cx.architecture.links_from(cdn.id).take(3) {
        let origin = cx.architecture.component(link.target);
        finding.label(origin.name.as_str(), origin.span, "could answer all of it");
    }
    finding.help(format!(
        "serve it from the origin: a content delivery network pays from {limit} a month, or for users far away",
    ));
}
