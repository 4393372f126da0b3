use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::journey::{Journey, PromiseOrigin};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::ComponentId;

declare_rule! {
    /// Asks which journeys there are, where clients do several things and none has a name.
    ///
    /// ## Why it matters
    /// To look at a shop and to pay in it are different promises and different loads. As long as the journeys have no
    /// names, each is held against the same promise and gets the same part of the traffic, and a busy page hides behind a
    /// rare one.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { rate = 200/s, availability = 99.9% }
    /// client browser // finding: "does 2 things, and none has a name"
    /// service catalogue x2
    /// service checkout x2
    /// browser -> catalogue, checkout
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { rate = 200/s, availability = 99.9% }
    /// client browser
    /// service catalogue x2
    /// service checkout x2
    /// browser -> catalogue, checkout
    /// flow look { reads, share = 98%; browser -> catalogue }
    /// flow buy { writes, share = 2%; browser -> checkout }
    /// ```
    ///
    /// ## How it is detected
    /// No `flow` is declared, a client, person or third party has two journeys or more (separate targets, or the routes
    /// of a proxy), and the names would change a figure: the traffic is parted evenly between them (assumed), or one
    /// promise holds for all. Clients whose links state their shares or rates are not asked about the traffic. It is
    /// silent on designs for few users, with `intent = demo | personal | internal`, and where published SLAs are only
    /// summed up. There is no fix: what users do has names only for the author.
    ///
    /// ## Known false alarms
    /// Targets that are one journey together, such as a page and its pictures: name that one flow.
    ///
    /// ## An interviewer asks
    /// What do users do most, and which of that must never fail?
    ///
    /// ## A good answer
    /// - the few things that users do, with the part of the traffic of each
    /// - what each of them is promised, for they are not worth the same
    ///
    /// ## References
    /// - B. Beyer et al., *The Site Reliability Workbook*, chapter 2, "Modeling User Journeys".
    static RULE = {
        code: "LP908",
        summary: "clients that do several things of which none is named as a flow",
        levels: [Advice],
        review_only: true,
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.flows().len() > 0
        || architecture.system.properties.is(crate::model::Property::Assume, "nothing")
        || crate::analysis::asking::is_small(architecture, cx.analysis)
    {
        return;
    }
    let mut doers: Vec<(ComponentId, Vec<&Journey>)> = Vec::new();
    for journey in &cx.analysis.journeys {
        let [entry] = journey.entries[..] else { continue };
        if !architecture.component(entry).kind.is_outside() {
            continue;
        }
        match doers.last_mut().filter(|(id, _)| *id == entry) {
            Some((_, journeys)) => journeys.push(journey),
            None => doers.push((entry, vec![journey])),
        }
    }
    doers.retain(|(_, journeys)| journeys.len() > 1);
    let is_promised = doers.iter().flat_map(|it| &it.1).any(|it| it.promise.origin != PromiseOrigin::Nothing);
    let is_parted = doers.iter().flat_map(|it| &it.1).any(|it| is_parted(cx, it));
    if !is_promised && !is_parted {
        return;
    }
    let in_words = |(id, journeys): &(ComponentId, Vec<&Journey>)| -> Asked {
        let client = architecture.component(*id);
        (client.name.to_string(), client.span, figures::count(journeys.len(), "journey", "journeys"))
    };
    let (count, asked) = findings.open_of(architecture, &doers, in_words);
    let Some((id, journeys)) = doers
        .iter()
        .find(|(id, _)| asked.first().is_some_and(|asked| asked.0 == architecture.component(*id).name))
    else {
        return;
    };
    let name = &architecture.component(*id).name;
    let message = match count {
        1 => format!("`{name}` does {} things, and none has a name", journeys.len()),
        many => format!("{many} clients do several things each, and none has a name"),
    };
    let note = match (is_parted, is_promised) {
        (true, true) => {
            "each is taken for an even part of the traffic (assumed), and held against the same promise"
        }
        (true, false) => "each is taken for an even part of the traffic (assumed)",
        (false, _) => {
            "each is held against the same promise, and what breaks only one can't be told from what breaks all"
        }
    };
    let example = journeys[0].first.first().map_or(String::new(), |link| {
        let link = architecture.link(*link);
        format!("{name} -> {}", architecture.component(link.target).name)
    });
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note(note);
        finding.help(format!(
            "name each with its part and its promise: `flow look {{ reads, share = 90%; {example} }}`"
        ));
    }
}

/// Whether a journey's traffic is known only as an even part.
fn is_parted(cx: &Context, journey: &Journey) -> bool {
    use crate::model::Property::{Rate, Share};
    let links = journey.first.iter().map(|link| cx.architecture.link(*link));
    let mut links = links.filter(|link| link.figure(Share).is_none() && link.rate(Rate).is_none());
    cx.analysis.load.arrivals[journey.base].is_some() && links.next().is_some()
}
