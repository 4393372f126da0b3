use super::{Context, Findings, declare_rule};
use crate::diagnostic::{Edit, Severity};
use crate::source::FileId;

declare_rule! {
    /// Finds templates that nothing is made from.
    ///
    /// ## Why it matters
    /// A template that is not used describes nothing, and reads as if it did.
    ///
    /// ## Example
    /// ```arch
    /// template ha_postgres : database x3 { replication = sync } // finding: "nothing is made from `ha_postgres`"
    /// service api
    /// database users : postgres
    /// api -> users
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// template ha_postgres : database x3 { replication = sync }
    /// service api
    /// ha_postgres users : postgres
    /// api -> users
    /// ```
    ///
    /// ## How it is detected
    /// Neither an element nor another template names it. A file that others include may offer more than each of them
    /// uses: templates of included files, and files of templates alone, are not judged. An unsafe fix takes it
    /// out: what was just written is not to vanish unasked.
    ///
    /// ## Known false alarms
    /// A template that is kept for later. Move it into an included file.
    ///
    /// ## An interviewer asks
    /// Which of these boxes are built like that?
    ///
    /// ## A good answer
    /// - which boxes are built like that, or that none is any more
    ///
    /// ## References
    /// - Templates in the language's reference.
    static RULE = {
        code: "LP022",
        summary: "a template that nothing is made from",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.components().len() == 0 {
        return;
    }
    // The first file is the design's own.
    let own = FileId(0);
    for template in cx.architecture.templates.iter().filter(|it| !it.is_used && it.name.span.file == own) {
        let name = &template.name.text;
        findings
            .report(
                Severity::Warning,
                name.as_str(),
                template.name.span,
                "never used",
                format!("nothing is made from `{name}`"),
            )
            .help(format!("write `{name}` as the kind of what it describes, or take it out"))
            .fix("take the template out", false, vec![Edit { span: template.span, text: String::new() }]);
    }
}
