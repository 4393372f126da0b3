use super::{Context, Findings, declare_rule};
use crate::analysis::asking;
use crate::analysis::consistency::{self, Unread};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds copies that answer those who have just written to what they follow.
    ///
    /// ## Why it matters
    /// A user saves, is shown the page again, and what was saved is not there: the write went to one node, the read came to
    /// another that had not heard of it. The user saves once more, or calls support. It is the first that people notice of
    /// replication.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service blog
    /// database posts : postgres
    /// database posts_read : postgres x2 // finding: "what a user has just written"
    /// browser -> blog
    /// blog -> posts { writes }
    /// blog -> posts_read { reads }
    /// posts ~> posts_read : replication
    /// flow publish { writes, rate = 20/s
    ///   browser -> blog -> posts
    /// }
    /// flow read { reads, rate = 2k/s
    ///   browser -> blog -> posts_read
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service blog
    /// database posts : postgres
    /// database posts_read : postgres x2
    /// browser -> blog
    /// blog -> posts
    /// blog -> posts_read { reads }
    /// posts ~> posts_read : replication
    /// flow publish { writes, rate = 20/s
    ///   browser -> blog -> posts
    /// }
    /// flow read { reads, rate = 2k/s, consistency = eventual
    ///   browser -> blog -> posts_read
    /// }
    /// flow own "A writer's own posts" { reads, rate = 40/s, consistency = strong
    ///   browser -> blog -> posts
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// Two flows begin at the same place, or one does both: it writes to a database and reads from a copy that follows it by
    /// `~> … : replication`, or from a store that states `replication = async` and whose nodes are all read. It is silent where
    /// the reading flow, the store, the link or the system says what a read may miss (`consistency`) or how late it may be
    /// (`freshness`), where few use it, and for views that are derived by change data capture. No fix is offered: where the
    /// read should go is the design's choice.
    ///
    /// ## Known false alarms
    /// Readers that are never those who write, though they come by the same entry; a driver that keeps a writer to the primary
    /// for a while. State `consistency = eventual` on the flow in the first case, `strong` on the link in the second.
    ///
    /// ## An interviewer asks
    /// I change my name and press reload. Which node answers, and what does it say?
    ///
    /// ## A good answer
    /// - that whoever wrote is answered from where it was written, for as long as copies lag
    /// - that all others may read from the copies
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 5: reading your own writes.
    /// - D. Terry and others, "Session guarantees for weakly consistent replicated data", 1994.
    static RULE = {
        code: "LP417",
        summary: "a user's next read may come from a copy that has not got the write yet",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if asking::is_small(cx.architecture, cx.analysis) {
        return;
    }
    for unread in consistency::unread_own_writes(cx.architecture, cx.analysis) {
        report(cx, findings, &unread);
    }
}

fn report(cx: &Context, findings: &mut Findings, unread: &Unread) {
    let primary = cx.architecture.component(unread.primary);
    let copies: Vec<&Component> = unread.copies.iter().map(|id| cx.architecture.component(*id)).collect();
    let Some((store, others)) = copies.split_first() else { return };
    let is_itself = store.id == primary.id;
    let names: Vec<&str> = copies.iter().map(|it| it.name.as_str()).collect();
    let who = if is_itself { format!("a copy in `{}`", store.name) } else { figures::listed(&names, 3) };
    let how_late = unread.lag.map_or_else(
        || if others.is_empty() { "follows later" } else { "follow later" }.to_owned(),
        |lag| format!("may be {lag} behind"),
    );
    let how_late = if others.is_empty() { format!("it {how_late}") } else { format!("they {how_late}") };
    let message = format!("{who} may lack what a user has just written: {how_late}");
    let label = if is_itself {
        "all its nodes are read, and follow later".to_owned()
    } else {
        format!("is read, and follows `{}` later", primary.name)
    };
    let mut finding = findings.on_component(Severity::Warning, store, label.as_str(), message);
    for other in others {
        finding.label(other.name.as_str(), other.span, label.as_str());
    }
    if !is_itself {
        finding.label(primary.name.as_str(), primary.span, "takes the writes");
    } else if let Some(span) = store.span(Property::Replication) {
        finding.place(span, "stated here");
    }
    for at in unread.readers.iter().chain([&unread.writer]) {
        finding.flow(cx.analysis.journeys[*at].name.as_str());
    }
    let reader = &cx.analysis.journeys[unread.readers[0]].name;
    let writer = &cx.analysis.journeys[unread.writer].name;
    finding.note(if reader == writer {
        format!("`{writer}` writes and reads: who reads on at once may not find what was just confirmed")
    } else {
        format!(
            "`{writer}` and `{reader}` begin at the same place: who does one after the other may not find it"
        )
    });
    let kept = unread.lag.map_or_else(|| "a while".to_owned(), |lag| lag.time.to_string());
    let place = if is_itself {
        "the node that took it (`consistency = strong` on the link)".to_owned()
    } else {
        format!("`{}`", primary.name)
    };
    // What is a flow only because the design names none has nothing to say it on.
    let asker = match cx.analysis.journeys[unread.readers[0]].flow {
        Some(_) => format!("`{reader}`"),
        None => "the system".to_owned(),
    };
    finding.help(format!(
        "for {kept} after a write, read from {place}, or say `consistency = eventual` on {asker}, if users can bear it"
    ));
}
