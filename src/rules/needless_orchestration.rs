use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds orchestrators and meshes for designs of a handful of parts.
    ///
    /// ## Why it matters
    /// An orchestrator is a distributed system of its own, with versions, networks and certificates that somebody has
    /// to know. It pays where many things are moved about every day.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 5k, per_user = 20/day, team = 3, orchestrator = kubernetes } // finding: "an orchestrator for 2 deployables"
    /// client browser
    /// service shop x2
    /// worker mailer
    /// database orders : postgres
    /// queue mails : sqs
    /// browser -> shop -> orders
    /// shop ~> mails ~> mailer
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 5k, per_user = 20/day, team = 3 }
    /// client browser
    /// service shop x2
    /// worker mailer
    /// database orders : postgres
    /// queue mails : sqs
    /// browser -> shop -> orders
    /// shop ~> mails ~> mailer
    /// ```
    ///
    /// ## How it is detected
    /// The system states an `orchestrator`, fewer than five services and workers are drawn, on fewer than ten nodes,
    /// and the design states its scale; a warning where the `team` is under five as well, else advice. Or it states a
    /// `mesh` for fewer than ten services. Those that others run (functions, managed platforms) count as nothing to
    /// run. It is silent with a `because`. There is no fix: what runs it is a choice.
    ///
    /// ## Known false alarms
    /// The company runs one for all its teams: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// Who upgrades it, and what did it do for you last week?
    ///
    /// ## A good answer
    /// - how many things it runs, and who knows how
    /// - what would run them at this size
    ///
    /// ## References
    /// - D. McKinley, "Choose Boring Technology"
    /// - Kubernetes documentation, "Production environment"
    static RULE = {
        code: "LP811",
        summary: "an orchestrator for a handful of parts",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let system = &architecture.system;
    if system.is_demo() || system.properties.has(Property::Because) || !cx.analysis.load.is_known() {
        return;
    }
    let deployables: Vec<&Component> = architecture
        .components()
        .filter(|it| {
            matches!(it.kind, Kind::Service | Kind::Worker) && !it.is_managed() && !it.has(Property::Because)
        })
        .collect();
    let few = |count: usize, limit: f64| (count as f64) < limit;
    let nodes: u32 = deployables.iter().map(|it| it.least_replicas().unwrap_or(1)).sum();
    let is_open = deployables.iter().any(|it| {
        it.has(Property::Autoscale) || it.is_stated(Property::Replicas) && it.least_replicas().is_none()
    });
    let team = system.properties.figure(Property::Team);
    let is_small = few(deployables.len(), cx.architecture.parameters.orchestration_deployables.value)
        && f64::from(nodes) < cx.architecture.parameters.orchestration_nodes.value
        && !is_open
        && !deployables.is_empty();
    let severity = if team.is_some_and(|it| it < cx.architecture.parameters.orchestration_team.value) {
        Severity::Warning
    } else {
        Severity::Advice
    };
    let platform = system.properties.word(Property::Orchestrator).is_some_and(|it| {
        matches!(it, "ecs" | "fargate" | "cloud_run" | "app_service" | "compose" | "systemd")
    });
    let stated = |property| system.properties.span(property).filter(|_| system.properties.has(property));
    if let Some(span) = stated(Property::Orchestrator).filter(|_| is_small && !platform) {
        let count = figures::count(deployables.len(), "deployable", "deployables");
        let on = figures::count(nodes as usize, "node", "nodes");
        let message = format!("an orchestrator for {count} on {on} is more to run than what it runs");
        let mut finding = findings.report(severity, "system", system.span, "runs so few", message);
        finding.place(span, "stated here");
        for component in deployables.iter().take(4) {
            finding.label(component.name.as_str(), component.span, "one of them");
        }
        finding
            .note("it has versions, networks and certificates of its own, which somebody has to know at night")
            .help(format!(
                "let the provider run the processes, or a few machines with a unit each; it pays from {} deployables on",
                figures::number(cx.architecture.parameters.orchestration_deployables.value * 2.0)
            ));
    } else if let Some(span) = stated(Property::Mesh)
        .filter(|_| few(deployables.len(), cx.architecture.parameters.mesh_services.value))
    {
        let count = figures::count(deployables.len(), "service", "services");
        let message = format!("a mesh of proxies for {count}: each call passes two of them");
        findings
            .report(severity, "system", system.span, "so few speak with each other", message)
            .place(span, "stated here")
            .note("what it does for timeouts, retries and certificates a library does in so few programs")
            .help("state timeouts and `mtls` on the links, and take a mesh when there are tens of services");
    }
}
