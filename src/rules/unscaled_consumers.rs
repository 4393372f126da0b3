use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::backlog::{Backlog, Standing};
use crate::diagnostic::Severity;
use crate::figures;

declare_rule! {
    /// Finds consumers that are busy at peak and do not grow with their queue.
    ///
    /// ## Why it matters
    /// The length of a queue is the best measure there is for how many consumers it takes. Where nothing looks at it, the
    /// first peak that is higher than the last one becomes a backlog, and somebody has to see it and add consumers by hand.
    ///
    /// ## Example
    /// ```arch
    /// service api { rate = 100/s, peak = 300/s }
    /// queue mails : rabbitmq { max_length = 1M, on_full = reject }
    /// worker mailer x4 { capacity = 100/s } // finding: "`mailer` is 75% busy at peak, and nothing adds more of it"
    /// api ~> mails ~> mailer
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api { rate = 100/s, peak = 300/s }
    /// queue mails : rabbitmq { max_length = 1M, on_full = reject }
    /// worker mailer x4..8 { capacity = 100/s, autoscale }
    /// api ~> mails ~> mailer
    /// ```
    ///
    /// ## How it is detected
    /// What comes at peak is over 70 % of the consumers' written capacity, and no more than 80 %, from where
    /// `slow-consumers` speaks; none of them states `autoscale`, or a range of replicas. All of them are one question.
    /// There is no fix: when more are started is a choice.
    ///
    /// ## Known false alarms
    /// A load that can't grow, as from a fixed number of machines: allow it, with that as the reason.
    ///
    /// ## An interviewer asks
    /// What starts another worker, and how long does that take?
    ///
    /// ## A good answer
    /// - the measure that starts one: how long the oldest has waited
    /// - how long that takes, and how much piles up until then
    ///
    /// ## References
    /// - AWS, "Scaling policy based on Amazon SQS".
    /// - KEDA: scaling on the length of a queue.
    static RULE = {
        code: "LP215",
        summary: "busy consumers that do not grow with their queue",
        levels: [Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let is_unscaled = |it: &&Backlog| {
        it.standing(&cx.architecture.parameters) == Some(Standing::Narrow)
            && !it.consumers.iter().any(|consumer| consumer.is_scaled(cx.architecture))
    };
    let mut unscaled: Vec<&Backlog> =
        cx.analysis.backlogs(cx.architecture).all.iter().filter(is_unscaled).collect();
    let busy = |it: &Backlog| it.busy().map_or(0.0, |busy| busy.peak);
    unscaled.sort_by(|a, b| busy(b).total_cmp(&busy(a)));
    let consumer = |it: &Backlog| cx.architecture.component(it.consumers[0].component);
    let in_words = |it: &&Backlog| -> Asked {
        let capacity = it.capacity().map(|it| it.value).unwrap_or_default();
        let label = format!("{} at peak, of {capacity}", it.work().peak);
        (consumer(it).name.to_string(), consumer(it).span, label)
    };
    let (count, asked) = findings.open_of(cx.architecture, &unscaled, in_words);
    let Some((name, ..)) = asked.first() else { return };
    let Some(first) = unscaled.iter().find(|it| consumer(it).name == *name) else { return };
    let share = figures::percent(busy(first));
    let parameters = &cx.architecture.parameters;
    let message = match (count, first.consumers.as_slice()) {
        (1, [_]) => format!("`{name}` is {share} busy at peak, and nothing adds more of it"),
        (1, _) => {
            format!("`{name}` and those who share its queue are {share} busy at peak, and nothing adds more")
        }
        _ => format!(
            "{count} consumers are over {} busy at peak, and nothing adds more",
            figures::percent(parameters.utilisation_target.value)
        ),
    };
    let queue = cx.architecture.component(first.feeds[0].queue);
    let Some(mut finding) = findings.question(Severity::Advice, &asked, message) else { return };
    finding.label(queue.name.as_str(), queue.span, "its length says how many it takes");
    finding.note("a peak that is higher than the last becomes a backlog, until somebody sees it");
    let help = match first.replicas_for(parameters.utilisation_spare.value) {
        Some(most) => {
            let least = consumer(first).least_replicas().unwrap_or(1);
            format!("scale with the length of the queue: `{name} x{least}..{most} {{ autoscale }}`")
        }
        None => "scale with the length of the queue: `autoscale`".to_owned(),
    };
    finding.help(help);
}
