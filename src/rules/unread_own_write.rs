use super::{Context, Findings, declare_rule};
use crate::analysis::touched;
use crate::diagnostic::Severity;
use crate::model::{Component, ComponentId, Link, Property};
use rustc_hash::{FxHashMap, FxHashSet};

declare_rule! {
    /// Finds users who write to a store and read from a copy of it that may be behind: they may not see what they wrote.
    ///
    /// ## Why it matters
    /// Somebody posts, is led to the page of the post, and finds nothing there. The copy has it a second later; by then the
    /// post was sent twice.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service write_api, read_api
    /// database posts : postgres
    /// database posts_copy : postgres
    /// browser -> write_api -> posts { writes }
    /// browser -> read_api -> posts_copy { reads } // finding: "what `browser` has just written to `posts` may be missing when it reads `posts_copy`"
    /// posts ~> posts_copy : replication
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service write_api, read_api
    /// database posts : postgres
    /// database posts_copy : postgres
    /// browser -> write_api -> posts { writes }
    /// browser -> read_api -> posts, posts_copy { reads, consistency = strong } // own posts from the primary
    /// posts ~> posts_copy : replication
    /// ```
    ///
    /// ## How it is detected
    /// A client's requests write to a store, and requests of the same client read from another that it copies to
    /// asynchronously. It is silent where the reading flow, the link or the copy states its `consistency`: then it is decided.
    /// Strong reads from a copy are `strong-read-from-replica`'s. All are one question. There is no fix: who reads what from
    /// where is a choice.
    ///
    /// ## Known false alarms
    /// Those who write are not those who read: draw them as two clients.
    ///
    /// ## An interviewer asks
    /// I post, and load the page again at once. Do I see my post?
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 5, "Reading your own writes".
    /// - D. Terry et al., Session Guarantees for Weakly Consistent Replicated Data, PDIS 1994.
    static RULE = {
        code: "LP417",
        summary: "users who may not see what they have just written",
        levels: [Warning],
    }
}

/// A read of a copy by who writes the original.
struct Unread<'a> {
    client: &'a Component,
    store: &'a Component,
    copy: &'a Component,
    link: &'a Link,
    flow: &'a str,
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let found = unread(cx);
    let asked = found.iter().map(|it| {
        let label = format!("read here, and `{}` is written", it.store.name);
        (cx.architecture.link_name(it.link), it.link.span, label)
    });
    let asked = findings.open(cx.architecture, asked.collect());
    let Some(first) = found
        .iter()
        .find(|it| asked.first().is_some_and(|(name, ..)| *name == cx.architecture.link_name(it.link)))
    else {
        return;
    };
    let Unread { client, store, copy, .. } = first;
    let more = match asked.len() {
        1 => String::new(),
        2 => ", and so in one more way".to_owned(),
        count => format!(", and so in {} more ways", count - 1),
    };
    let message = format!(
        "what `{}` has just written to `{}` may be missing when it reads `{}`{more}",
        client.name, store.name, copy.name
    );
    let Some(mut finding) = findings.question(Severity::Warning, &asked, message) else { return };
    finding.label(store.name.as_str(), store.span, "written");
    finding.label(copy.name.as_str(), copy.span, "follows later");
    finding.flow(first.flow);
    let lag = cx
        .architecture
        .links_to(copy.id)
        .find_map(|it| it.duration(Property::Lag))
        .or_else(|| copy.duration(Property::Lag));
    let usual =
        || store.known().get(|facts| facts.lag).map(|it| format!("up to {} (assumed)", it.duration()));
    if let Some(lag) = lag.map(|it| it.to_string()).or_else(usual) {
        finding.note(format!("the copy is {lag} behind: longer than it takes to load the next page"));
    }
    finding.help(format!(
        "read what a user has just written from `{}` for a while, or wait until the copy has it; where it is no matter, say \
         `consistency = eventual` on the flow",
        store.name
    ));
}

fn unread<'a>(cx: &'a Context) -> Vec<Unread<'a>> {
    let architecture = cx.architecture;
    let sources: FxHashMap<ComponentId, ComponentId> = architecture
        .links()
        .filter(|it| {
            it.copies_each_write() && it.is_async() && architecture.component(it.target).is_replica()
        })
        .map(|it| (it.target, it.source))
        .collect();
    if sources.is_empty() {
        return Vec::new();
    }
    let all = || cx.analysis.journeys.iter().zip(cx.analysis.touched(architecture));
    let mut written: FxHashSet<(ComponentId, ComponentId)> = FxHashSet::default();
    for (journey, touched) in all().filter(|(journey, _)| journey.mode.writes) {
        let stores =
            touched.calls(architecture).filter(|(link, it)| it.kind.is_store() && !link.is_reads_only());
        for (_, store) in stores {
            written.extend(journey.entries.iter().map(|entry| (*entry, store.id)));
        }
    }
    let mut told = FxHashSet::default();
    let mut found = Vec::new();
    for (journey, touched) in all().filter(|(journey, _)| journey.mode.reads) {
        if touched::asked(architecture, journey, Property::Consistency).is_some() {
            continue;
        }
        for (link, copy) in touched.calls(architecture).filter(|(link, _)| !link.is_writes_only()) {
            let Some(source) = sources.get(&copy.id) else { continue };
            let is_decided = link.is_stated(Property::Consistency) || copy.is_stated(Property::Consistency);
            let client = journey.entries.iter().find(|entry| written.contains(&(**entry, *source)));
            if let Some(client) = client.filter(|_| !is_decided && told.insert(link.id)) {
                found.push(Unread {
                    client: architecture.component(*client),
                    store: architecture.component(*source),
                    copy,
                    link,
                    flow: &journey.name,
                });
            }
        }
    }
    found
}
