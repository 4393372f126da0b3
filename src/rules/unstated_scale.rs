use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Properties, Property};
use crate::quantity::Rate;

declare_rule! {
    /// Asks how much a design must carry, where nothing says so.
    ///
    /// ## Why it matters
    /// Ten requests a second and ten thousand are different designs. Without a scale nobody can say what is overloaded,
    /// what is too large, or what breaks first: every box is a matter of taste.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { availability = 99.9% } // finding: "nothing says how much `Shop` must carry"
    /// client browser
    /// service shop
    /// browser -> shop
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { availability = 99.9%, daily_users = 20k, per_user = 30/day }
    /// client browser
    /// service shop
    /// browser -> shop
    /// ```
    ///
    /// ## How it is detected
    /// Neither the system nor a flow, a client, a link or a schedule states users or a rate. Where users are stated and
    /// nothing says what one of them does, it is advice, unless they are so few that their number says enough (under 1
    /// 000). Where the system states a rate, and flows that all state their own carry less than half of it, the rest
    /// goes nowhere. It is silent where nothing is called, on a demo, on a design that `assume = nothing` makes a sum
    /// of published SLAs, and without a `system`, which `missing-system` asks for. There is no fix: the figure is not
    /// in the text.
    ///
    /// ## Known false alarms
    /// A drawing that is not about load. Allow it there, or say `intent = demo`.
    ///
    /// ## An interviewer asks
    /// How many users, and what does one of them do on a day?
    ///
    /// ## A good answer
    /// - the users and what each of them does, to one digit: it decides how much of all this is needed
    /// - the busiest hour, as a multiple of the mean
    ///
    /// ## References
    /// - System Design Primer, "How to approach a system design interview question", step 1.
    /// - A. Xu, *System Design Interview*, chapter 2, "Back-of-the-envelope estimation".
    static RULE = {
        code: "LP901",
        summary: "a design that does not say how much it must carry",
        levels: [Warning, Advice],
    }
}

const USERS: [Property; 4] =
    [Property::Users, Property::MonthlyUsers, Property::DailyUsers, Property::Concurrent];
const RATES: [Property; 6] =
    [Property::PerUser, Property::Rate, Property::Reads, Property::Writes, Property::Peak, Property::Every];

fn check(cx: &Context, findings: &mut Findings) {
    let system = &cx.architecture.system;
    let Some(name) = &system.name else { return };
    let is_sum = system.properties.is(Property::Assume, "nothing");
    if system.is_demo() || is_sum || cx.analysis.bases.is_empty() {
        return;
    }
    if let Some((stated, taken)) = cx.analysis.load.left_over(cx.architecture) {
        unclaimed(cx, findings, stated, taken);
        return;
    }
    if states_a_rate(cx) {
        return;
    }
    let users = USERS.iter().find_map(|it| system.properties.entry(*it));
    let Some(users) = users else {
        if !states_users(cx) {
            nothing(cx, findings, name);
        }
        return;
    };
    let few = cx.architecture.parameters.small_users.value;
    let count = system.properties.figure(users.property).unwrap_or(0.0);
    if count < few {
        return;
    }
    findings
        .report(
            Severity::Advice,
            "system",
            system.span,
            "what does one of them do?",
            format!("{} use `{name}`, and nothing says what one of them does", figures::count(count as usize, "user", "users")),
        )
        .place(users.span, "the users are stated here")
        .note("the load of each part is users times what one does; without it no part can be held against its capacity")
        .help("say it: `per_user = 20/day`, or a `rate` on each flow");
}

fn unclaimed(cx: &Context, findings: &mut Findings, stated: Rate, taken: Rate) {
    let system = &cx.architecture.system;
    let [stated, taken] = figures::apart(stated, taken);
    let message = format!(
        "{stated} come on average, and the flows carry {taken} of it: nothing is held against the rest"
    );
    let mut finding =
        findings.report(Severity::Warning, "system", system.span, format!("states {stated}"), message);
    for flow in cx.architecture.flows().take(4) {
        finding.label(flow.name.as_str(), flow.span, "states its own");
    }
    finding
        .note("what no flow carries comes to no component: all that is said of load and latency leaves it out")
        .help("name a flow for the rest, such as `flow browse { … }`: where it states no rate, it takes what is left");
}

fn nothing(cx: &Context, findings: &mut Findings, name: &str) {
    let system = &cx.architecture.system;
    let has_promise = cx.analysis.journeys.iter().any(|it| it.promise.slo.is_some());
    findings
        .report(
            Severity::Warning,
            "system",
            system.span,
            "how many users, and how often?",
            format!("nothing says how much `{name}` must carry"),
        )
        .note(if has_promise { "the promise is held against failures, but nothing against load" } else { "without a scale nothing can be called too small or too large" })
        .help("say how many use it and what one of them does: `daily_users = 20k, per_user = 30/day`, or a `rate` on each flow");
}

/// Whether anything states how often it happens.
fn states_a_rate(cx: &Context) -> bool {
    let says = |properties: &Properties| RATES.iter().any(|property| properties.value(*property).is_some());
    let architecture = cx.architecture;
    cx.analysis.load.is_known()
        || says(&architecture.system.properties)
        || architecture.flows().any(|flow| says(&flow.properties))
        || architecture.links().any(|link| says(&link.properties))
        || architecture.components().any(|component| says(&component.properties))
}

/// Whether a flow or a client states who uses it.
fn states_users(cx: &Context) -> bool {
    let says = |properties: &Properties| USERS.iter().any(|property| properties.has(*property));
    cx.architecture.flows().any(|flow| says(&flow.properties))
        || cx.architecture.components().any(|component| says(&component.properties))
}
