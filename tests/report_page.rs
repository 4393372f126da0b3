//! The report as a page and as Markdown: what it says, that it is bounded, and (in a real browser, by the tests in `page/`)
//! that it is drawn, reached by keys, printed and quiet. `tests/run` installs what that needs into `page/node_modules`.

use std::path::Path;
use std::process::Command;

use loadpath::check::{Config, NoFiles, Profile, check};
use loadpath::report::dossier::{Dossier, FORMATS};
use loadpath::report::figures::CutOrder;
use loadpath::report::text::Look;
use loadpath::source::SourceFile;

/// A report in this format.
fn report(design: &str, format: &str) -> String {
    let config = Config { profile: Profile::Review, ..Config::default() };
    let checked = check(SourceFile::new("shop.arch", design), &NoFiles, &config);
    let format = FORMATS.iter().find(|it| it.name == format).expect("there is such a format");
    (format.render)(&Dossier::of(&checked, CutOrder::One), Look::PLAIN)
}

/// The words of a page.
fn words(page: &str) -> String {
    let body = page.split("<body>").nth(1).and_then(|it| it.split("<script").next()).expect("it has a body");
    let mut words = String::new();
    let mut is_tag = false;
    for letter in body.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => is_tag = false,
            _ if !is_tag => words.push(letter),
            _ => {}
        }
    }
    words.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
}

fn assert_says(design: &str, sentences: &[&str]) {
    let page = words(&report(design, "html"));
    let text = report(design, "md");
    for sentence in sentences {
        assert!(page.contains(sentence), "{sentence}\n{}", &page[..page.len().min(3000)]);
        let plain = |it: &str| it.trim_end_matches('.').replace('`', "").to_lowercase();
        assert!(plain(&text).contains(&plain(sentence)), "{sentence}\n{text}");
    }
}

#[test]
fn the_page_in_a_browser() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let installed = root.join("page/node_modules/.installed");
    assert!(installed.exists(), "{} is missing: `tests/run` installs it", installed.display());
    let mut command = Command::new("npm");
    command.args(["test", "--silent"]).current_dir(root.join("page"));
    let output = command.env("LOADPATH", env!("CARGO_BIN_EXE_loadpath")).output().expect("npm starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// A month has 43 200 minutes: 99% is 432 of them, and 99.9% allows 43.2.
#[test]
fn a_promise_that_is_missed_says_by_how_much() {
    let design = "client web\nservice api x1 { availability = 99%, capacity = 100/s }\nweb -> api\n\
                  flow ask { web -> api; rate = 50/s, peak_factor = 3, availability = 99.9% }";
    assert_says(
        design,
        &[
            "1 flow misses what is asked.",
            "Promises 99.9%, the chain gives 99%: down 432 min a month where 43.2 are allowed, 389 too many.",
            // 150/s of 100/s.
            "api gives way first: at peak it is asked for 150% of what it can do, and it can carry 0.667 times today's load.",
        ],
    );
}

#[test]
fn a_promise_that_is_kept_says_what_is_to_spare() {
    let design = "client web\nservice api x1 { availability = 99%, service_time = 10ms, service_time_p99 = 20ms }\nweb -> api\n\
                  flow ask { web -> api; availability = 98%, latency_p99 = 50ms }";
    assert_says(
        design,
        &[
            "1 flow keeps what is asked.",
            "Promises 98%, the chain gives 99%: down 432 of the 864 min a month allowed, 432 to spare.",
            "p99 is 20 ms of the 50 ms asked, 30 ms to spare.",
        ],
    );
    let page = words(&report(design, "html"));
    assert!(page.contains("How often ask is asked is unknown: state daily_users and per_user, or its rate."));
}

#[test]
fn what_takes_too_long_says_so() {
    let design = "client web\nservice api x3 { service_time = 80ms, service_time_p99 = 300ms }\nweb -> api\n\
                  flow ask { web -> api; latency_p99 = 200ms }";
    assert_says(design, &["p99 is 300 ms, and 200 ms are asked: too long."]);
}

#[test]
fn what_is_unknown_says_what_to_state() {
    let design = "client web\nservice api x3\nservice other x3\nweb -> api -> other\n\
                  flow ask { web -> api -> other; latency_p99 = 200ms }";
    assert_says(design, &["how long api and other take is unknown: state their service_time."]);
    assert!(words(&report(design, "html")).contains("What is not known"));
}

#[test]
fn who_promises_nothing_is_told_what_to_state() {
    let design = "client web\nservice api x1 { availability = 99% }\nweb -> api\nflow ask { web -> api }";
    assert_says(
        design,
        &[
            "Promises nothing; the chain gives 99%, down 432 min a month. State availability to have it judged.",
        ],
    );
}

#[test]
fn what_is_accepted_stands_with_its_reason() {
    let design = "client web\nservice api x1\nweb -> api\nflow ask { web -> api; availability = 99.9% }\n\
                  allow single-point-of-failure on api \"until May\"";
    let page = words(&report(design, "html"));
    assert!(page.contains("Accepted: until May"), "{page}");
    assert!(report(design, "md").contains("| until May |"));
}

/// Whatever is told of a design, it is told: of nothing, of a broken one, of a very large one.
#[test]
fn any_design_has_a_report_of_bounded_length() {
    let many: String =
        (0..10_000).map(|at| format!("service s{at} x1\nclient c{at}\nc{at} -> s{at}\n")).collect();
    let broken = "service\n}}} flow \"\u{202e}\nsystem { availability = 200% }";
    for (design, most) in [("", 40_000), (broken, 60_000), (many.as_str(), 2_000_000)] {
        for format in ["html", "md"] {
            let told = report(design, format);
            let own = told.len().saturating_sub(if format == "html" { 672_000 } else { 0 });
            assert!(own < most, "{own} bytes of {format}");
            assert!(told.ends_with('\n'));
            assert!(!told.contains('\u{202e}'));
        }
    }
}

#[test]
fn the_same_design_gives_the_same_report() {
    let design = std::fs::read_to_string("examples/twitter.arch").expect("it is there");
    for format in FORMATS {
        assert_eq!(report(&design, format.name), report(&design, format.name), "{}", format.name);
    }
}

/// A name may be anything: nothing of it is markup, in the page or in its data. (Of the Markdown a reader of it says so, in
/// `page/test`.)
#[test]
fn what_a_name_holds_is_no_markup() {
    let design = r#"system "</script><b>&\"'" { availability = 99.9% }
client web "<img onerror=x>"
service api "@team #1 [x](y) `a|b" x1
web -> api "</title>" : http
"#;
    let page = report(design, "html");
    for mark in ["<img", "<b>", "</script><", "<img onerror"] {
        assert!(!page.contains(mark), "{mark}");
    }
    assert_eq!(page.matches("</title>").count(), 1);
    let data =
        page.split("id=\"data\">").nth(1).and_then(|it| it.split("</script>").next()).expect("it has data");
    assert!(!data.contains(['<', '>', '&']));
    serde_json::from_str::<serde_json::Value>(data).expect("it is JSON");
}

/// What a part costs is one figure, wherever the page says it: beside its bar it is that of the findings.
#[test]
fn the_waterfall_has_the_figures_of_the_findings() {
    let mut looked = 0;
    for path in crate::rules::files("examples", "arch") {
        let design = std::fs::read_to_string(&path).expect("text");
        let page = report(&design, "html");
        let json: serde_json::Value = serde_json::from_str(&report(&design, "json")).expect("it is JSON");
        for flow in json["flows"].as_array().expect("a list") {
            for part in flow["contributors"].as_array().expect("a list").iter().take(12) {
                let [minutes, share] = ["minutes", "share"].map(|it| part[it].as_f64().expect("a number"));
                if share < 0.001 {
                    continue;
                }
                looked += 1;
                let figure = format!("<td class=\"figure\">{}</td>", loadpath::figures::minutes(minutes));
                assert!(page.contains(&figure), "{}: {part} of {}", path.display(), flow["name"]);
            }
        }
    }
    assert!(looked > 100, "{looked}");
}

/// What is to be stated is code, as everywhere.
#[test]
fn a_note_of_an_estimate_has_its_words_of_the_language_as_code() {
    let page = report("system { daily_users = 1M }\nclient app\n", "html");
    assert!(page.contains("nothing else rests on it; state <code>concurrent</code>"), "{page}");
}

/// Who is handed a page sees no exit code.
#[test]
fn a_text_that_can_not_be_read_in_full_says_so_on_the_page() {
    let told = "he text has 1 error of the language: the figures are those of what could be read.";
    for format in ["html", "md"] {
        assert!(report("client a\nservice b\na -> b\nb -> ->\n", format).contains(told), "{format}");
        assert!(!report("client a\nservice b\na -> b\n", format).contains(told), "{format}");
    }
}
