use super::{Asked, Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Link, Property};

declare_rule! {
    /// Asks about remote procedure calls that other companies are to make.
    ///
    /// ## Why it matters
    /// What is called by name couples both ends: a new version has to come to both. Partners whom nobody can make
    /// change are better served by resources and documents, which bear what they do not know.
    ///
    /// ## Example
    /// ```arch
    /// third_party partner
    /// api_gateway api
    /// service orders
    /// partner -> api : grpc // finding: "`partner` is to call `api` by gRPC"
    /// api -> orders : grpc
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// third_party partner
    /// api_gateway api
    /// service orders
    /// partner -> api : https, rest
    /// api -> orders : grpc
    /// ```
    ///
    /// ## How it is detected
    /// A third party calls into the design by gRPC, Thrift, RMI, SOAP or another call by name, and by nothing else. It
    /// is silent with a `because`. There is no fix: an interface is not changed by a word.
    ///
    /// ## Known false alarms
    /// Partners who asked for it: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// You rename a field. How many companies must change their programs on the same day?
    ///
    /// ## A good answer
    /// - that fields are added and never change what they mean
    /// - who is called by name, and who by a documented address
    ///
    /// ## References
    /// - System Design Primer, "RPC and REST calls comparison"
    /// - R. Fielding, Architectural Styles and the Design of Network-based Software Architectures, 2000
    static RULE = {
        code: "LP706",
        summary: "a protocol of one's own programs for everybody else's",
        levels: [Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let is_rpc = |link: &&Link| {
        let (source, target) = architecture.ends(link);
        source.kind == Kind::ThirdParty
            && !target.kind.is_outside()
            && !link.has(Property::Because)
            && link.speaks_only(|it| it.by_name)
    };
    let links: Vec<&Link> = architecture.links().filter(is_rpc).collect();
    let title = |link: &Link| link.known_protocols().next().map_or("RPC", |it| it.title);
    let in_words =
        |link: &&Link| -> Asked { (architecture.link_name(link), link.span, format!("by {}", title(link))) };
    let (count, asked) = findings.open_of(architecture, &links, in_words);
    let Some(first) =
        links.iter().find(|it| asked.first().is_some_and(|(name, ..)| *name == architecture.link_name(it)))
    else {
        return;
    };
    let (source, target) = architecture.ends(first);
    let message = match count {
        1 => format!(
            "`{}` is to call `{}` by {}, which couples its program to yours",
            source.name,
            target.name,
            title(first)
        ),
        many => format!("{many} calls of other companies are by name, which couples their programs to yours"),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding
            .note("a new version has to come to both ends, and theirs is not yours to change")
            .help("offer them resources over HTTPS (`rest`), keep calls by name for your own services, or say why not in a `because`");
    }
}
