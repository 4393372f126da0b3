use super::{Asked, Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Link, Property};

declare_rule! {
    /// Asks what takes a flood, where many come in from outside and nothing stands before the design.
    ///
    /// ## Why it matters
    /// A flood costs its sender a few coins. What has no shield answers it with its own machines until they are full,
    /// and bills for it.
    ///
    /// ## Example
    /// ```arch
    /// client browser { rate = 5k/s }
    /// load_balancer edge : nginx x3 // finding: "nothing takes a flood before `edge`"
    /// service shop x9
    /// browser -> edge -> shop : https
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser { rate = 5k/s }
    /// load_balancer edge : nginx x3 { waf, ddos_protection }
    /// service shop x9
    /// browser -> edge -> shop : https
    /// ```
    ///
    /// Nor here:
    /// ```arch
    /// client browser { rate = 5/s }
    /// load_balancer edge : nginx x3
    /// service shop x2
    /// browser -> edge -> shop : https
    /// ```
    ///
    /// ## How it is detected
    /// A client comes in at 1 000 requests a second or more at peak (assumed to be public enough), by a link to
    /// something that is no CDN, and neither the link, what it leads to, nor the system states a `waf` or
    /// `ddos_protection`. All such entries are one question. There is no fix: a shield is a part of the design.
    ///
    /// ## Known false alarms
    /// Balancers that some providers shield by themselves: state `ddos_protection`.
    ///
    /// ## An interviewer asks
    /// Somebody sends a hundred times your peak for an hour. What is full first, and who pays?
    ///
    /// ## A good answer
    /// - what fills first, and what stands before it that has more room
    /// - what is refused at the edge, and how it is told from users
    ///
    /// ## References
    /// - CWE-770: Allocation of Resources Without Limits or Throttling
    /// - OWASP ASVS 5.0: 15.2.2
    /// - OWASP Top 10 2025: A06 Insecure Design
    static RULE = {
        code: "LP513",
        summary: "a public entry with much traffic and nothing that takes a flood",
        levels: [Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let shields = [Property::Waf, Property::DdosProtection];
    let system = &architecture.system.properties;
    if architecture.system.is_demo() || shields.iter().any(|it| system.is_stated(*it)) {
        return;
    }
    let is_open = |link: &&Link| {
        let (client, target) = architecture.ends(link);
        let demand = cx.analysis.load.link(link.id);
        client.kind == Kind::Client
            && !matches!(target.kind, Kind::Cdn | Kind::Dns)
            && !target.kind.is_outside()
            && !target.is_managed()
            && !shields.iter().any(|it| link.is_stated(*it) || target.is_stated(*it))
            && demand.is_known()
            && demand.peak.total() >= cx.architecture.parameters.flood_rate.rate()
    };
    let mut open: Vec<&Link> = cx.analysis.trust.outside_entries(architecture).filter(is_open).collect();
    open.sort_by_key(|link| link.id);
    open.dedup_by_key(|link| link.target);
    let in_words = |link: &&Link| -> Asked {
        let target = architecture.component(link.target);
        (
            target.name.to_string(),
            target.span,
            format!("{} at peak", cx.analysis.load.link(link.id).peak.total()),
        )
    };
    let (count, asked) = findings.open_of(architecture, &open, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let message = match count {
        1 => format!("nothing takes a flood before `{first}`"),
        many => format!("nothing takes a flood before {many} entries, `{first}` among them"),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding
            .note("a flood costs its sender little, and is answered here until the machines are full")
            .help("put a CDN or a shield of the provider before it and say so: `ddos_protection`, and `waf` for what is aimed at the application");
    }
}
