//! The language: what each construct becomes, what each fault is called, and that nothing is lost with it.

use std::fmt::Write;

use loadpath::source::FileId;
use loadpath::syntax::{SyntaxError, ast, parse};

pub(crate) mod faults;
mod form;
pub(crate) mod loose;
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
        let _ = writeln!(shown, "! {} @ {:?}", error.message, &text[error.span.range()]);
    }
    shown
}

fn snapshot(name: &str, shown: &str) {
    insta::with_settings!({
        omit_expression => true,
        snapshot_path => "syntax/snapshots",
        prepend_module_to_snapshot => false,
    }, {
        insta::assert_snapshot!(name, shown);
    });
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
        snapshot(name, &shown(text));
    }
}

#[test]
fn a_file_over_the_limit_is_refused_and_one_of_that_size_is_not() {
    let line = "a -> b\n";
    let mut text = line.repeat(loadpath::syntax::MAX_BYTES / line.len() + 1);
    let (file, errors) = read(&text);
    assert_eq!((file.statements.len(), errors.len()), (0, 1));
    assert_eq!(errors[0].kind, loadpath::syntax::ErrorKind::TooLarge);
    text.truncate(7_000);
    assert_eq!(read(&text).0.statements.len(), 1_000);
}

#[test]
fn brackets_nest_sixty_four_deep_and_no_deeper() {
    for (open, close) in [("group a {", "}"), ("a -> (b, (", "))"), ("service a { x = [", "] }")] {
        let nested = |times: usize| format!("{}{}\nservice healthy", open.repeat(times), close.repeat(times));
        let (file, errors) = read(&nested(100_000));
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].message.contains("deeper than 64"), "{errors:?}");
        assert!(render::file(&file).ends_with("(service healthy)\n"));
    }
    let groups = |times: usize| format!("{}{}", "group a { ".repeat(times), "}".repeat(times));
    assert_eq!(read(&groups(64)).1, []);
    assert_eq!(read(&groups(65)).1.len(), 1);
    let lists = format!("service a {{ x = {}1{} }}", "[".repeat(63), "]".repeat(63));
    assert_eq!(read(&lists).1, []);
}

#[test]
fn a_byte_order_mark_and_dos_line_ends_mean_nothing() {
    for design in DESIGNS {
        let dos = format!("\u{feff}{}", design.replace('\n', "\r\n"));
        let (file, errors) = read(&dos);
        assert_eq!(errors, []);
        assert_eq!(render::file(&file), render::file(&read(design).0));
    }
}

#[test]
fn an_unclosed_comment_is_reported_once_and_what_stands_before_it_is_kept() {
    let (file, errors) = read(
        "service a /* \"fine\" */\nservice b // /* \" \nservice c \"/*\"\n/* never closed\nservice d {\n",
    );
    assert_eq!(render::file(&file), "(service a)\n(service b)\n(service c \"/*\")\n");
    let messages: Vec<_> = errors.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, ["the comment is never closed"]);
}

#[test]
fn every_span_covers_what_it_stands_for() {
    let text =
        "service api, db x3 // trailing }\n a -> b /* c */ ,  c // d\nregion r { stateful // x\n } // y\n";
    let (file, errors) = read(text);
    assert_eq!(errors, []);
    let spans: Vec<_> = file
        .statements
        .iter()
        .map(|it| match it {
            ast::Statement::Element(it) => &text[it.span.range()],
            ast::Statement::Link(it) => &text[it.span.range()],
            _ => unreachable!("only elements and links are written"),
        })
        .collect();
    assert_eq!(spans, ["service api, db x3", "a -> b /* c */ ,  c", "region r { stateful // x\n }"]);
    let ast::Statement::Element(region) = &file.statements[2] else { panic!("a region is an element") };
    let ast::Item::Property(stateful) = &region.tail.body.as_ref().expect("a body").items[0] else {
        panic!("a lone word is a property")
    };
    assert_eq!(&text[stateful.span.range()], "stateful");
}

/// What would make a careless parser slow or deep stays quick.
#[test]
fn a_hostile_text_is_refused_soon() {
    for line in [
        "a {\n",
        "flow x { reads\n",
        "a -> (b\n",
        "a ->\n",
        "a -> ",
        "\"",
        "{",
        "}",
        "(",
        "x = [\n",
        "/*",
        "a -> b, ",
        "a = 1, ",
        "a { b ",
        "service a { x = [1, ",
        "\\",
        "...",
        "\u{0}",
        "a -> b { c -> ",
        "a\n{\n",
        "1",
        "allow a on b, ",
        "{(",
    ] {
        let text = line.repeat(200_000 / line.len());
        let (_, errors) = read(&text);
        assert!(errors.len() <= loadpath::syntax::MAX_ERRORS + 1, "{line}");
    }
}

/// A blank of another script is no blank here, and its bytes are not cut apart.
#[test]
fn a_block_after_a_foreign_blank_is_reported_at_that_blank() {
    for text in ["\u{2000}{", "\u{a0}{é", "service a\u{2003}{ zones = 3 }"] {
        let (_, errors) = read(text);
        assert!(!errors.is_empty(), "{text:?}");
    }
    let (_, errors) = read("service a\u{2003}{ zones = 3 }");
    let messages: Vec<_> = errors.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, ["the character `\\u{2003}` means nothing here"]);
}
