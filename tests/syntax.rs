//! The language: what each construct becomes, what each fault is called, and that nothing is lost with it.

use loadpath::source::FileId;
use loadpath::syntax::{SyntaxError, ast, parse};

mod render;

/// Designs by hand, each of which must parse without a fault.
const DESIGNS: &[&str] = &[
    include_str!("syntax/designs/01-sdp-pastebin.arch"),
    include_str!("syntax/designs/02-sdp-twitter.arch"),
    include_str!("syntax/designs/08-sdp-aws-single-box.arch"),
    include_str!("syntax/designs/09-sdp-aws-users-2.arch"),
    include_str!("syntax/designs/10-sdp-aws-users-5.arch"),
    include_str!("syntax/designs/11-xu-notification-naive.arch"),
    include_str!("syntax/designs/12-xu-notification-final.arch"),
    include_str!("syntax/designs/21-xu-ad-click.arch"),
    include_str!("syntax/designs/33-overengineered-todo.arch"),
    include_str!("syntax/designs/38-github-2018.arch"),
    include_str!("syntax/designs/44a-azure-one-region.arch"),
    include_str!("syntax/designs/44b-azure-two-regions.arch"),
];

fn read(text: &str) -> (ast::File, Vec<SyntaxError>) {
    parse(FileId(0), text)
}

#[test]
fn every_design_parses_without_a_fault() {
    for design in DESIGNS {
        let (file, errors) = read(design);
        assert_eq!(errors, [], "{design}");
        assert!(file.statements.len() > 5, "{design}");
    }
}

/// Input and output together.
fn shown(text: &str) -> String {
    let (file, errors) = read(text);
    let mut shown = format!("{}\n----\n{}", text.trim(), render::file(&file));
    for error in errors {
        shown += &format!("! {} @ {:?}\n", error.message, &text[error.span.range()]);
    }
    shown
}

#[test]
fn each_construct_has_its_form_in_the_tree() {
    for (name, text) in [
        (
            "system",
            "system \"Shop \\\"A\\\" \\\\ ёлка\" { daily_users = 10M, growth = 30%/year\n horizon = 5y; intent = demo\n}\nsystem \"bare\"",
        ),
        (
            "elements",
            "service api, worker x3 \"Serves\" : go | rust #core #pci { zones = 3 }\ndns\nmonitoring #x\nqueue x2.. : sqs\nregion east { service a; database b { backup; -> log }\n  stateful\n a -> b }\nservice x2..10",
        ),
        (
            "links",
            "a->b\na -> b, c\na ~> (b | c), d \"l\" : tls, http { timeout = 1s, optional }\na, b.c -> d -> e else f : grpc\n(a | b) -> c / (d, (e, f))\na ->\n  b,\n  c\nx -> y |\nz\na -> ( b\n , c\n)\na -> b : https \"late label\"",
        ),
        (
            "flows",
            "flow f \"L\" #t { share = 99%, reads\n  browser -> edge -> api -> hot_links, links\n  a -> ... ~> b\n}\nflow g { share = 1%, writes; browser -> edge }\nflow h",
        ),
        (
            "templates",
            "template ha : database x3 { replication = sync; -> audit }\ntemplate stamp : region {\n  service a\n  a -> b\n}\nha users {}\n",
        ),
        (
            "constraints",
            "constraint { forbid = kind client -> kind database }\nconstraint named \"text\" {\n  forbid = #a ~> ... -> b.c { x = 1 }, because = \"w\"\n  require = kind database { backup }\n}",
        ),
        (
            "allows",
            "allow LP101\nallow single-point-of-failure on links \"why\"\nallow x on a -> b, #legacy, c.d \"q\"\ninclude \"common.arch\"",
        ),
        (
            "values",
            "service v {\n a = 10_000, b = 1.5M, c = 100:1, d = 40..50ms, e = 2.., f = 2..10, g = [pii, 3, \"x\"], h = sqs | rabbitmq\n i = forever, j = none, k = east.db, l = 12GB/month, m = 30%/year, n = 30min/day, o = 100Mbps, p = 1.5GiB\n q =\n  5min, r = [\n  a,\n  b,\n ], s = 99.95%, t = 40ms..1s\n}",
        ),
        (
            "nothing is reserved",
            "flow -> db\nsystem -> allow, template\nflow\nservice flow, system\nelse -> on\nkind { kind = kind }\nconstraint",
        ),
    ] {
        insta::with_settings!({ omit_expression => true, snapshot_path => "syntax/snapshots", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name, shown(text));
        });
    }
}
