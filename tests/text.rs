//! Findings as a terminal shows them: whatever the text, all that a finding points at is drawn, within the width.

use loadpath::check::{Checked, Config, NoFiles, Profile, check};
use loadpath::report::text::{self, Look};
use loadpath::source::SourceFile;

fn checked(text: &str) -> Checked {
    check(
        SourceFile::new("shop.arch", text),
        &NoFiles,
        &Config { profile: Profile::Review, ..Config::default() },
    )
}

/// The findings of the language on a text, one after the other.
fn shown(text: &str, look: Look) -> String {
    let checked = checked(text);
    let own = checked.diagnostics.iter().filter(|it| it.code < "LP020");
    own.map(|it| text::finding(&checked.sources, it, look)).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_missing_at_the_end_of_the_file_is_drawn_on_its_last_letter() {
    insta::assert_snapshot!(shown("service api\napi ->\n", Look::PLAIN));
}

#[test]
fn places_far_apart_stand_in_one_box() {
    let text = format!("service api\n{}service api\n", "\n// nothing\n".repeat(60));
    insta::assert_snapshot!(shown(&text, Look::PLAIN));
}

#[test]
fn tabs_wide_letters_and_crlf_keep_the_marks_in_place() {
    insta::assert_snapshot!(shown("service a \"日本語\" {\tttll = 3s }\r\n\ta -> b\r\n", Look::PLAIN));
}

#[test]
fn a_long_line_is_cut_around_what_is_marked_also_without_unicode() {
    let text = format!("service api {{ description = \"{}\", replicsa = 3 }}\n", "long ".repeat(60));
    insta::assert_snapshot!(shown(&text, Look { is_unicode: false, ..Look::PLAIN }));
}

#[test]
fn no_line_is_wider_than_the_terminal_but_by_a_word_of_a_label_at_its_edge() {
    let text = format!(
        "system \"S\" {{ peak_factor = 0.1 }}\nservice {}\na -> b -> c -> a\nservice a, b, c {{ capacity = 0/s, needs = 0 }}\nx -> {}\n",
        "d, ".repeat(80).trim_end_matches(", "),
        "y, ".repeat(80).trim_end_matches(", "),
    );
    for width in [60, 80, 120] {
        for line in shown(&text, Look { width, ..Look::PLAIN }).lines() {
            let edge = if line.trim_start().starts_with('·') { 16 } else { 0 };
            assert!(line.chars().count() <= width + edge, "{width}: {line}");
        }
    }
}

#[test]
fn colours_change_nothing_but_colours() {
    let text = "service api\napi -> ordrs\nservice api x2 { needs = 3 }\n";
    let coloured = shown(text, Look { is_coloured: true, ..Look::PLAIN });
    let mut plain = String::new();
    for part in coloured.split('\u{1b}') {
        plain += match part.strip_prefix('[') {
            Some(rest) => rest.split_once('m').map_or("", |(_, text)| text),
            None => part,
        };
    }
    assert_ne!(coloured, plain);
    let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    assert_eq!(trimmed(&plain), trimmed(&shown(text, Look::PLAIN)));
}
