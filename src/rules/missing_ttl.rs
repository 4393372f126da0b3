use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::load::stores_behind;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Architecture, Component, Properties, Property};

declare_rule! {
    /// Finds caches that are told of changes and keep for ever what they were not told of.
    ///
    /// ## Why it matters
    /// A message that drops a copy is lost one day. Without a time to live the old record is then served until the
    /// cache is started anew.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// cache hot : redis { caches = prices, invalidation = events, ttl = none } // finding: "what `hot` was not told of it keeps for ever"
    /// database prices : postgres
    /// shop -> hot, prices
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// cache hot : redis { caches = prices, invalidation = events, ttl = 1d }
    /// database prices : postgres
    /// shop -> hot, prices
    /// ```
    ///
    /// ## How it is detected
    /// A cache before a store states an `invalidation` and `ttl = none` or `forever`: a warning. All that state an
    /// `invalidation` and say nothing of a `ttl`, be it on a link of theirs, are one piece of advice. What has neither is
    /// `missing-invalidation`'s. It is silent where the cache or all that it keeps is `immutable`. There is no fix: how old a copy may be is a decision.
    ///
    /// ## Known false alarms
    /// Copies are dropped in the same transaction as the write: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// The message that drops this copy is lost. When is it right again?
    ///
    /// ## A good answer
    /// - after the longest time that users bear
    /// - that a time to live bounds what a lost message leaves wrong
    ///
    /// ## References
    /// - R. Nishtala et al., Scaling Memcache at Facebook, NSDI 2013
    static RULE = {
        code: "LP608",
        summary: "copies that nothing but a message ends",
        levels: [Warning, Advice],
    }
}

const NOTE: &str = "a message that is lost leaves the old record in it until the cache is started anew";
const HELP: &str =
    "let each copy run out as well, after the longest time that a wrong answer may be given: `ttl = 1d`";

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let is_told = |it: &&Component| {
        it.has(Property::Invalidation)
            && !ends(it)
            && !has_links_that_end(architecture, it)
            && !it.has(Property::Immutable)
            && !it.has(Property::Because)
            && stores_behind(architecture, it)
                .into_iter()
                .any(|store| !architecture.component(store).has(Property::Immutable))
    };
    let (stated, unsaid): (Vec<&Component>, Vec<&Component>) =
        architecture.of_kind(Kind::Cache).filter(is_told).partition(|it| it.is_stated(Property::Ttl));
    for cache in stated {
        let message = format!("what `{}` was not told of it keeps for ever", cache.name);
        let mut finding =
            findings.on_component(Severity::Warning, cache, "ended by a message alone", message);
        if let Some(span) = cache.span(Property::Ttl) {
            finding.place(span, "stated here");
        }
        finding.note(NOTE).help(HELP);
    }
    let in_words = |it: &&Component| -> Asked {
        (it.name.to_string(), it.span, "and if the message is lost?".to_owned())
    };
    let (count, asked) = findings.open_of(architecture, &unsaid, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let message = match count {
        1 => format!("for how long does `{first}` keep what it was not told of? no `ttl` is stated"),
        many => format!("for how long do {many} caches keep what they were not told of? no `ttl` is stated"),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note(NOTE).help(HELP);
    }
}

/// Whether what is kept runs out one day.
fn ends(properties: &Properties) -> bool {
    let time = properties.duration(Property::Ttl);
    properties.has(Property::Ttl) && time.is_none_or(|it| it.seconds().is_finite())
}

fn has_links_that_end(architecture: &Architecture, cache: &Component) -> bool {
    let (to, from) = (architecture.links_to(cache.id), architecture.links_from(cache.id));
    to.chain(from).any(|link| ends(link))
}
