use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Properties, Property};
use crate::source::Span;
use crate::syntax::ast::Dimension;

declare_rule! {
    /// Finds stated numbers that can't all be true.
    ///
    /// ## Why it matters
    /// Every figure of a review is reckoned from these. If two of them contradict each other, one is wrong, and with it all
    /// that follows: half the servers, or twice the bill.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" {
    ///   daily_users   = 3M // finding: "more users a day than a month"
    ///   monthly_users = 1M
    ///   rate          = 500/s
    ///   peak          = 200/s // finding: "the peak is under the average"
    /// }
    /// client browser
    /// service shop
    /// browser -> shop
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" {
    ///   daily_users   = 300k
    ///   monthly_users = 1M
    ///   rate          = 500/s
    ///   peak          = 2k/s
    /// }
    /// client browser
    /// service shop
    /// browser -> shop
    /// ```
    ///
    /// ## How it is detected
    /// On the system, each flow, component and link: `peak` under the average (`rate`, or users times `per_user`), or
    /// against it and `peak_factor`; more daily than monthly users or more of either than users, or more at once than
    /// on a day; users times `per_user` against `rate`; `reads` and `writes` against `rate` and against
    /// `reads_per_write`; `records` times `record_size` against `storage`. Over the design: flows' shares over 100 %,
    /// or under it where all state one; flows that together have more than the system's rate. Figures are as written,
    /// of ranges both ends; differences up to 10 % are rounding. There is no fix: nobody can tell which of the numbers
    /// is wrong.
    ///
    /// ## Known false alarms
    /// Storage that holds more than the records: indexes and copies belong to the nodes, so state what the records take.
    ///
    /// ## An interviewer asks
    /// Walk me from the users to the requests a second. Does it come out at what you wrote?
    ///
    /// ## A good answer
    /// - the sum, said aloud: users times what each does, over the seconds of a day
    /// - which of the figures was wrong
    ///
    /// ## References
    /// - J. Bentley, *Programming Pearls*, column 7, "The Back of the Envelope".
    static RULE = {
        code: "LP906",
        summary: "stated numbers that contradict each other",
        levels: [Error],
    }
}

/// What is held against each other.
const COMPARED: [Property; 14] = [
    Property::Users,
    Property::MonthlyUsers,
    Property::DailyUsers,
    Property::Concurrent,
    Property::PerUser,
    Property::Rate,
    Property::Reads,
    Property::Writes,
    Property::ReadsPerWrite,
    Property::Peak,
    Property::PeakFactor,
    Property::Records,
    Property::RecordSize,
    Property::Storage,
];

/// What is taken for rounding.
const TOLERANCE: f64 = 0.1;

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let system = &architecture.system;
    if system.is_demo() {
        return;
    }
    let mut all = Vec::new();
    contradictions(&system.properties, &mut all);
    for contradiction in all.drain(..) {
        contradiction.report(findings, "system");
    }
    for flow in architecture.flows() {
        contradictions(&flow.properties, &mut all);
        all.drain(..).for_each(|it| it.report(findings, &flow.name));
    }
    for component in architecture.components() {
        contradictions(&component.properties, &mut all);
        all.drain(..).for_each(|it| it.report(findings, &component.name));
    }
    for link in architecture.links() {
        contradictions(&link.properties, &mut all);
        if !all.is_empty() {
            let name = architecture.link_name(link);
            all.drain(..).for_each(|it| it.report(findings, &name));
        }
    }
    shares(cx, findings);
    flows_over_the_system(cx, findings);
}

/// A figure as written: both ends of a range, and where it stands.
#[derive(Clone, Copy)]
struct Stated {
    low: f64,
    high: f64,
    span: Span,
}

impl Stated {
    fn of(properties: &Properties, property: Property, dimension: Dimension) -> Option<Self> {
        properties.figure_of(property, dimension)?;
        let (low, high) = properties.range(property)?;
        Some(Self { low, high, span: properties.span(property)? })
    }

    fn times(self, other: Self) -> Self {
        Self { low: self.low * other.low, high: self.high * other.high, span: self.span }
    }

    fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high, span: self.span }
    }

    /// Whether it is under another however both are read.
    fn is_under(self, other: Self, tolerance: f64) -> bool {
        self.high < other.low * (1.0 - tolerance) - 1e-12
    }

    fn differs(self, other: Self) -> bool {
        self.is_under(other, TOLERANCE) || other.is_under(self, TOLERANCE)
    }
}

/// Two statements that can't both be true.
struct Contradiction {
    message: String,
    at: Span,
    label: String,
    against: Vec<(Span, String)>,
    help: String,
}

impl Contradiction {
    fn report(self, findings: &mut Findings, element: &str) {
        let mut finding = findings.report(Severity::Error, element, self.at, self.label, self.message);
        for (span, label) in self.against {
            finding.place(span, label);
        }
        finding.help(self.help);
    }
}

fn contradictions(properties: &Properties, found: &mut Vec<Contradiction>) {
    // Most things state no two of them.
    if properties.iter().filter(|entry| COMPARED.contains(&entry.property)).nth(1).is_none() {
        return;
    }
    let count = |property| Stated::of(properties, property, Dimension::Number);
    let rate = |property| Stated::of(properties, property, Dimension::Rate);
    users(properties, found);
    let by_users = [Property::DailyUsers, Property::Users, Property::MonthlyUsers]
        .into_iter()
        .find_map(count)
        .zip(rate(Property::PerUser))
        .map(|(users, each)| (users.times(each), users.span, each.span));
    if let (Some(stated), Some((reckoned, users, each))) = (rate(Property::Rate), by_users)
        && stated.differs(reckoned)
    {
        found.push(Contradiction {
            message: format!(
                "the rate is not what the users do: {} against {} reckoned",
                figures::rate(stated.high),
                figures::rate(reckoned.high)
            ),
            at: stated.span,
            label: figures::rate(stated.high),
            against: vec![
                (users, "so many users".to_owned()),
                (each, format!("times this makes {}", figures::rate(reckoned.high))),
            ],
            help: "keep the two that you know, and leave the third to be reckoned".to_owned(),
        });
    }
    peak(properties, by_users.map(|(reckoned, users, _)| Stated { span: users, ..reckoned }), found);
    reads_and_writes(properties, found);
    let records = count(Property::Records).zip(Stated::of(properties, Property::RecordSize, Dimension::Size));
    if let (Some((records, size)), Some(storage)) =
        (records, Stated::of(properties, Property::Storage, Dimension::Size))
    {
        let reckoned = records.times(size);
        if storage.differs(reckoned) {
            found.push(Contradiction {
                message: format!(
                    "the storage is not what the records take: {} against {} reckoned",
                    figures::size(storage.high),
                    figures::size(reckoned.high)
                ),
                at: storage.span,
                label: figures::size(storage.high),
                against: vec![
                    (records.span, "so many records".to_owned()),
                    (size.span, format!("of this size make {}", figures::size(reckoned.high))),
                ],
                help: "correct the one that is wrong, or leave the storage to be reckoned".to_owned(),
            });
        }
    }
}

/// Nobody comes on a day who does not come in its month.
fn users(properties: &Properties, found: &mut Vec<Contradiction>) {
    let count = |property| Stated::of(properties, property, Dimension::Number);
    let (all, monthly) = (count(Property::Users), count(Property::MonthlyUsers));
    let (daily, at_once) = (count(Property::DailyUsers), count(Property::Concurrent));
    let pairs = [
        (daily, monthly, "more users a day than a month", "a day", "a month"),
        (daily, all.filter(|_| monthly.is_none()), "more users a day than there are", "a day", "in all"),
        (monthly, all, "more users a month than there are", "a month", "in all"),
        (at_once, daily.or(monthly).or(all), "more users at once than there are", "at once", "there are"),
    ];
    for (part, whole, message, of_part, of_whole) in pairs {
        let (Some(part), Some(whole)) = (part, whole) else { continue };
        if whole.is_under(part, 0.0) {
            let [few, many] = figures::apart_by(whole.high, part.low, figures::number_to);
            found.push(Contradiction {
                message: format!("{message}: {many} against {few}"),
                at: part.span,
                label: format!("{many} {of_part}"),
                against: vec![(whole.span, format!("{few} {of_whole}"))],
                help: "correct the one that is wrong; often the two were swapped".to_owned(),
            });
        }
    }
}

/// The busiest hour is no quieter than the average one.
fn peak(properties: &Properties, by_users: Option<Stated>, found: &mut Vec<Contradiction>) {
    let rate = |property| Stated::of(properties, property, Dimension::Rate);
    let together =
        rate(Property::Reads).zip(rate(Property::Writes)).map(|(reads, writes)| reads.plus(writes));
    let mean =
        rate(Property::Rate).or(by_users).or(together).or(rate(Property::Reads)).or(rate(Property::Writes));
    let (Some(peak), Some(mean)) = (rate(Property::Peak), mean) else { return };
    let [most, average] = figures::apart_by(peak.high, mean.low, figures::rate_to);
    if peak.is_under(mean, 0.0) {
        found.push(Contradiction {
            message: format!("the peak is under the average: {most} against {average}"),
            at: peak.span,
            label: format!("{most} in the busiest hour"),
            against: vec![(mean.span, format!("{average} on average"))],
            help: "correct the one that is wrong; a peak is usually two to ten times the average".to_owned(),
        });
        return;
    }
    let Some(factor) = Stated::of(properties, Property::PeakFactor, Dimension::Number) else { return };
    let reckoned = mean.times(factor);
    if peak.differs(reckoned) {
        let reckoned = figures::rate(reckoned.high);
        found.push(Contradiction {
            message: format!("the peak is not what its factor makes: {most} against {reckoned} reckoned"),
            at: peak.span,
            label: most,
            against: vec![
                (mean.span, format!("{average} on average")),
                (factor.span, format!("times this makes {reckoned}")),
            ],
            help: "keep the peak or its factor, and leave out the other".to_owned(),
        });
    }
}

fn reads_and_writes(properties: &Properties, found: &mut Vec<Contradiction>) {
    let rate = |property| Stated::of(properties, property, Dimension::Rate);
    let (Some(reads), Some(writes)) = (rate(Property::Reads), rate(Property::Writes)) else { return };
    let both = reads.plus(writes);
    if let Some(all) = rate(Property::Rate)
        && all.differs(both)
    {
        let (stated, reckoned) = (figures::rate(all.high), figures::rate(both.high));
        found.push(Contradiction {
            message: format!("reads and writes do not make up the rate: {reckoned} against {stated}"),
            at: all.span,
            label: format!("{stated} in all"),
            against: vec![
                (reads.span, format!("{} of reads", figures::rate(reads.high))),
                (writes.span, format!("and {} of writes make {reckoned}", figures::rate(writes.high))),
            ],
            help: "correct the one that is wrong, or leave the rate to be reckoned".to_owned(),
        });
    }
    if let Some(ratio) = Stated::of(properties, Property::ReadsPerWrite, Dimension::Number)
        && writes.high > 0.0
    {
        let found_ratio = Stated {
            low: reads.low / writes.high,
            high: reads.high / writes.low.max(1e-300),
            span: ratio.span,
        };
        if ratio.differs(found_ratio) {
            let (stated, reckoned) = (figures::number(ratio.high), figures::number(reads.high / writes.high));
            found.push(Contradiction {
                message: format!(
                    "reads and writes are not in their ratio: {reckoned} against {stated} stated"
                ),
                at: ratio.span,
                label: format!("{stated} reads a write"),
                against: vec![
                    (reads.span, figures::rate(reads.high)),
                    (writes.span, format!("{}: {reckoned} reads a write", figures::rate(writes.high))),
                ],
                help: "keep two of the three, and leave the last to be reckoned".to_owned(),
            });
        }
    }
}

/// The parts of the traffic are all of it, and no more.
fn shares(cx: &Context, findings: &mut Findings) {
    let of = |properties: &Properties| Stated::of(properties, Property::Share, Dimension::Percent);
    let flows: Vec<(String, Option<Stated>)> =
        cx.architecture.flows().map(|flow| (flow.name.to_string(), of(&flow.properties))).collect();
    let clients: Vec<(String, Option<Stated>)> = cx
        .architecture
        .components()
        .filter(|component| component.kind.is_outside() && component.has(Property::Share))
        .map(|component| (component.name.to_string(), of(&component.properties)))
        .collect();
    // Which clients else there are can't be said, so only too much is wrong there.
    let has_rate = |properties: &Properties| properties.is_stated(Property::Rate);
    let are_all_parts = !cx.architecture.flows().any(|flow| has_rate(&flow.properties));
    shares_of(findings, "flows", &flows, are_all_parts);
    shares_of(findings, "clients", &clients, false);
}

fn shares_of(findings: &mut Findings, what: &str, parts: &[(String, Option<Stated>)], are_all: bool) {
    let stated: Vec<(&String, Stated)> =
        parts.iter().filter_map(|(name, share)| share.map(|share| (name, share))).collect();
    let Some((first, share)) = stated.first() else { return };
    let low: f64 = stated.iter().map(|(_, share)| share.low).sum();
    let high: f64 = stated.iter().map(|(_, share)| share.high).sum();
    let is_over = low > 1.0 + 1e-6;
    // A hundredth is rounding.
    let is_under = are_all && stated.len() == parts.len() && high < 0.99;
    if !is_over && !is_under {
        return;
    }
    let [sum, _] = figures::apart_by(if is_over { low } else { high }, 1.0, figures::percent_to);
    let mut finding = findings.report(
        Severity::Error,
        first.as_str(),
        share.span,
        figures::percent(share.high),
        format!("the shares of the {what} make {sum}, not 100%"),
    );
    for (name, share) in stated.iter().skip(1).take(4) {
        finding.label(name.as_str(), share.span, figures::percent(share.high));
    }
    if stated.len() > 5 {
        finding.note(format!("and {} more", stated.len() - 5));
    }
    finding.help(if is_over {
        "let them add up to 100%: traffic is counted once"
    } else {
        "let them add up to 100%, or leave one share out: it gets the rest"
    });
}

/// Flows are parts of the system's traffic, not more than all of it.
fn flows_over_the_system(cx: &Context, findings: &mut Findings) {
    let system = &cx.architecture.system.properties;
    let rate = |properties: &Properties, property| Stated::of(properties, property, Dimension::Rate);
    let by_users = [Property::DailyUsers, Property::Users, Property::MonthlyUsers]
        .into_iter()
        .find_map(|property| Stated::of(system, property, Dimension::Number))
        .zip(rate(system, Property::PerUser))
        .map(|(users, each)| users.times(each));
    let Some(all) = rate(system, Property::Rate).or(by_users) else { return };
    let flows: Vec<_> = cx
        .architecture
        .flows()
        .filter_map(|flow| rate(&flow.properties, Property::Rate).map(|it| (flow, it)))
        .collect();
    let sum: f64 = flows.iter().map(|(_, rate)| rate.low).sum();
    let Some((first, own)) = flows.first() else { return };
    if sum <= all.high * (1.0 + TOLERANCE) {
        return;
    }
    let [sum, whole] = figures::apart_by(sum, all.high, figures::rate_to);
    let mut finding = findings.report(
        Severity::Error,
        first.name.as_str(),
        own.span,
        figures::rate(own.high),
        format!("the flows have more traffic than the system: {sum} against {whole}"),
    );
    for (flow, rate) in flows.iter().skip(1).take(3) {
        finding.label(flow.name.as_str(), rate.span, figures::rate(rate.high));
    }
    finding.place(all.span, format!("{whole} in all"));
    finding.help("correct the one that is wrong, or leave the system's rate out: it is the sum of its flows");
}
