//! The printed form: it says the same, keeps every comment, and is its own form.

use loadpath::syntax::format;
use proptest::prelude::*;

use super::{DESIGNS, loose, read, render, snapshot};

/// The comments of a text, in their order, by the little that is known of it: a quote hides them.
fn comments(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '/']) {
        rest = &rest[at..];
        if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            found.push(rest[..end].trim_end().to_owned());
            rest = &rest[end..];
        } else if rest.starts_with("/*") {
            let end = rest[2..].find("*/").map_or(rest.len(), |it| it + 4);
            found.push(rest[..end].to_owned());
            rest = &rest[end..];
        } else if rest.starts_with('"') {
            let mut characters = rest[1..].char_indices();
            let mut end = rest.len();
            while let Some((at, character)) = characters.next() {
                match character {
                    '\\' => drop(characters.next()),
                    '"' => {
                        end = at + 2;
                        break;
                    }
                    _ => {}
                }
            }
            rest = &rest[end..];
        } else {
            rest = &rest[1..];
        }
    }
    found
}

fn check(text: &str) -> Result<(), String> {
    let (file, errors) = read(text);
    if !errors.is_empty() {
        return Ok(());
    }
    let printed = format(text).map_err(|it| format!("{it:?} in:\n{text}"))?;
    let (again, errors) = read(&printed);
    if !errors.is_empty() {
        return Err(format!("{errors:?} in:\n{printed}\nof:\n{text}"));
    }
    if render::file(&file) != render::file(&again) {
        return Err(format!(
            "{}\nbecame\n{}\n{text}\n----\n{printed}",
            render::file(&file),
            render::file(&again)
        ));
    }
    if comments(&text.replace('\r', "")) != comments(&printed.replace('\r', "")) {
        return Err(format!("comments are lost or moved:\n{text}\n----\n{printed}"));
    }
    let twice = format(&printed).map_err(|it| format!("{it:?}"))?;
    if twice != printed {
        return Err(format!("not its own form:\n{text}\n----\n{printed}\n----\n{twice}"));
    }
    Ok(())
}

#[test]
fn every_design_says_the_same_when_printed() {
    for design in DESIGNS {
        if let Err(wrong) = check(design) {
            panic!("{wrong}");
        }
    }
}

#[test]
fn the_form_of_a_design() {
    let text = "\
system   \"Shop\"   {users=10 ; per_user = 20/day\n\n\n   peak_factor=3   // at noon\n}
service api #core x3 \"API\" :go{zones=3,capacity=2k/s}   // the api
database links:postgres x3{data=[pii,pci]}; queue q
web,mobile->api \"calls\":https{timeout=1s}
api->(links|other),   q
  // about this
api ~> q : kafka \"events\"
flow f \"L\" { share=1%,writes;a->b->c }
flow long \"A flow that is much too long for a line\" { share = 99%, reads; browser -> edge -> api -> hot_links, links }
flow kept { reads,
  writes
  a -> b
      long_name ~> c }
region east { service a
service b, c { x=1,   // first
  // second
  y = 2,
 } }
service list { published = [
80,
  443, // tls
], x }
third {}
constraint { forbid=kind client->kind database,because=\"w\" }
a -> b,
  c";
    let printed = format(text).unwrap_or_default();
    snapshot("form", &format!("{text}\n----\n{printed}"));
    assert_eq!(check(text), Ok(()));
}

/// Who writes on Windows gets no other file: line ends are those of the first, and a mark at the head stays.
#[test]
fn line_ends_and_the_byte_order_mark_are_kept() {
    for design in DESIGNS {
        let plain = format(design).expect("it has no faults");
        let dos = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
        assert_eq!(format(&format!("\u{feff}{}", design.replace('\n', "\r\n"))).as_ref(), Ok(&dos));
        assert_eq!(format(&dos), Ok(dos));
    }
    assert_eq!(format("client  a\r\n\nclient b").as_deref(), Ok("client a\r\n\r\nclient b\r\n"));
    assert_eq!(format("client  a\n\r\nclient b").as_deref(), Ok("client a\n\nclient b\n"));
}

#[test]
fn a_text_with_faults_is_not_printed() {
    assert_eq!(format("service a {\n").map_err(|it| it.len()), Err(1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_design_however_loosely_written_says_the_same_when_printed(
        tape in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let text = loose::design(&tape);
        let errors = read(&text).1;
        // A row that begins with the name before the arrow is a link of its own: `a ->`, and below it `a -> b`.
        prop_assume!(errors.iter().all(|it| !it.message.contains(" leads nowhere: ")));
        prop_assert!(errors.is_empty(), "{errors:?} in:\n{text}");
        let checked = check(&text);
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
    }

    #[test]
    fn a_changed_design_that_still_parses_says_the_same_when_printed(
        design in 0..DESIGNS.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..12), 1..4),
    ) {
        let checked = check(&changed(DESIGNS[design], &changes));
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>(), words in proptest::collection::vec(0_usize..WORDS.len(), 0..60)) {
        let _ = (read(&text), format(&text));
        let text: String = words.iter().map(|it| WORDS[*it]).collect();
        let (_, errors) = read(&text);
        for error in errors {
            prop_assert!(text.get(error.span.range()).is_some(), "{error:?} points outside of {text:?}");
        }
        let checked = check(&text);
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
    }

    #[test]
    fn a_design_with_changed_bytes_gives_diagnostics_inside_of_it(
        design in 0..DESIGNS.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..9),
    ) {
        let mut bytes = DESIGNS[design].as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let text = String::from_utf8_lossy(&bytes);
        for error in read(&text).1 {
            prop_assert!(text.get(error.span.range()).is_some(), "{error:?}");
        }
    }
}

/// What a random text is made of: most of it means something somewhere.
const WORDS: &[&str] = &[
    "service ",
    "a",
    " ",
    " ",
    "b ",
    "\n",
    "\n",
    ";",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "->",
    "~>",
    ",",
    "|",
    "/",
    " else ",
    "=",
    ":",
    "#",
    "#t",
    "\"",
    "\"x\"",
    "x3",
    "2..",
    "5ms",
    "1:2",
    "...",
    ".",
    "flow ",
    "system ",
    "template ",
    "allow ",
    "constraint ",
    "include ",
    "forbid = ",
    "kind ",
    "on ",
    "//",
    "/*",
    "*/",
    "\\",
    "-",
    "ё",
    "\u{0}",
    "\r\n",
    "forever",
    "\u{2000}",
    "\u{a0}",
    "\u{85}",
    "→",
    "é",
];

/// Deletes, doubles or replaces a few characters.
fn changed(design: &str, changes: &[(prop::sample::Index, usize)]) -> String {
    let mut characters: Vec<char> = design.chars().collect();
    for (at, change) in changes {
        let at = at.index(characters.len());
        match change {
            0..=2 => drop(characters.remove(at)),
            3 => characters.insert(at, characters[at]),
            other => {
                characters.splice(
                    at..at,
                    [" ", "\n", ";", ",\n", "// c\n", "/* c */", " , ", "\t"][other - 4].chars(),
                );
            }
        }
    }
    characters.into_iter().collect()
}
