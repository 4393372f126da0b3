//! Markdown for who shows none: the same words without their marks.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What a Markdown text says, without the marks of Markdown: blocks stand apart, a row of a table is a line.
pub fn plain_text(markdown: &str) -> String {
    let mut plain = String::new();
    let mut row: Vec<String> = Vec::new();
    let mut is_in_row = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Text(it) | Event::Code(it) | Event::Html(it) | Event::InlineHtml(it) => {
                match row.last_mut() {
                    Some(cell) if is_in_row => *cell += &it,
                    _ => plain += &it,
                }
            }
            Event::SoftBreak | Event::HardBreak => plain.push('\n'),
            Event::Start(Tag::Item) => {
                end_line(&mut plain);
                plain += "- ";
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => is_in_row = true,
            Event::Start(Tag::TableCell) => row.push(String::new()),
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                is_in_row = false;
                end_line(&mut plain);
                plain += &joined(&std::mem::take(&mut row));
            }
            Event::Start(
                Tag::Paragraph | Tag::Heading { .. } | Tag::List(_) | Tag::CodeBlock(_) | Tag::Table(_),
            ) => set_apart(&mut plain),
            _ => {}
        }
    }
    plain.trim_end().to_owned()
}

/// `peak: 3/s, measured`; cells that are empty say nothing.
fn joined(row: &[String]) -> String {
    let said: Vec<&str> = row.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
    match said.split_first() {
        Some((first, [])) => (*first).to_owned(),
        Some((first, rest)) => format!("{first}: {}", rest.join(", ")),
        None => String::new(),
    }
}

fn end_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// Ends a block, unless the next begins an item of a list.
fn set_apart(text: &mut String) {
    if !text.is_empty() && !text.ends_with("- ") {
        text.truncate(text.trim_end().len());
        *text += "\n\n";
    }
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn words_stay_and_marks_go() {
        let markdown = "\
**api**: a *service*, `go`

The <b> & \"API\"

| | |
|---|---|
| load | 3/s at *peak* |
| known | |

---

| assumed | | source |
|---|---|---|
| `timeout` | 1 s | [Manual](https://example.com) |

- one
- two
  lines

```arch
client web
```

The end.
";
        let plain = "\
api: a service, go

The <b> & \"API\"

load: 3/s at peak
known

assumed: source
timeout: 1 s, Manual

- one
- two
lines

client web

The end.";
        assert_eq!(plain_text(markdown), plain);
        assert_eq!(plain_text(""), "");
    }
}
