//! A small reader of DOT that is stricter than Graphviz: it knows what a picture of ours may contain, and finds
//! a label that breaks out of its place even where Graphviz would draw something all the same.

/// Reads a graph, or says what is wrong with it.
pub(crate) fn read(dot: &str) -> Result<(), String> {
    if let Some(control) = dot.chars().find(|it| it.is_control() && *it != '\n') {
        return Err(format!("holds the control {control:?}"));
    }
    let tokens = tokens(dot)?;
    let mut reader = Reader { tokens: &tokens, at: 0 };
    reader.word("digraph")?;
    reader.id()?;
    reader.block()?;
    if reader.at == tokens.len() {
        Ok(())
    } else {
        Err(format!("goes on after its end: {:?}", reader.peek()))
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A bare or quoted name.
    Id(String),
    /// `<…>`
    Html(String),
    /// `->`, `{`, `;` …
    Mark(&'static str),
}

fn tokens(dot: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = dot;
    while let Some(first) = rest.chars().next() {
        let marks = ["->", "{", "}", "[", "]", "=", ",", ";"];
        if first.is_whitespace() {
            rest = &rest[first.len_utf8()..];
        } else if let Some(mark) = marks.into_iter().find(|mark| rest.starts_with(mark)) {
            tokens.push(Token::Mark(mark));
            rest = &rest[mark.len()..];
        } else if first == '"' {
            let end = end_of_string(&rest[1..]).ok_or("a string has no end")?;
            tokens.push(Token::Id(rest[1..=end].to_owned()));
            rest = &rest[end + 2..];
        } else if first == '<' {
            let end = end_of_html(rest).ok_or("an HTML-like label has no end")?;
            tokens.push(Token::Html(rest[1..end].to_owned()));
            rest = &rest[end + 1..];
        } else {
            let end = rest
                .find(|it: char| !(it.is_ascii_alphanumeric() || it == '_' || it == '.'))
                .unwrap_or(rest.len());
            if end == 0 {
                return Err(format!("{first:?} stands in the open"));
            }
            tokens.push(Token::Id(rest[..end].to_owned()));
            rest = &rest[end..];
        }
    }
    Ok(tokens)
}

/// The bytes before the quote that ends the string.
fn end_of_string(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !is_escaped => return Some(at),
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    None
}

fn end_of_html(text: &str) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn takes(&mut self, mark: &'static str) -> bool {
        let is_there = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(is_there);
        is_there
    }

    fn mark(&mut self, mark: &'static str) -> Result<(), String> {
        if self.takes(mark) { Ok(()) } else { Err(format!("expects `{mark}`, finds {:?}", self.peek())) }
    }

    fn id(&mut self) -> Result<String, String> {
        match self.peek().cloned() {
            Some(Token::Id(id)) => {
                self.at += 1;
                Ok(id)
            }
            other => Err(format!("expects a name, finds {other:?}")),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), String> {
        let id = self.id()?;
        if id == word { Ok(()) } else { Err(format!("expects `{word}`, finds `{id}`")) }
    }

    fn block(&mut self) -> Result<(), String> {
        self.mark("{")?;
        while !self.takes("}") {
            self.statement()?;
        }
        Ok(())
    }

    fn statement(&mut self) -> Result<(), String> {
        if self.peek() == Some(&Token::Mark("{")) {
            return self.block();
        }
        let name = self.id()?;
        if name == "subgraph" {
            self.id()?;
            return self.block();
        }
        if self.takes("=") || self.takes("->") {
            self.id()?;
        }
        if self.takes("[") {
            self.attributes()?;
        }
        self.mark(";")
    }

    fn attributes(&mut self) -> Result<(), String> {
        loop {
            self.id()?;
            self.mark("=")?;
            if let Some(Token::Html(html)) = self.peek().cloned() {
                self.at += 1;
                markup(&html)?;
            } else {
                self.id()?;
            }
            if !self.takes(",") {
                return self.mark("]");
            }
        }
    }
}

/// Checks that tags are ours, nest and close, that text is in those that need one, and that every `&` begins an
/// entity.
fn markup(html: &str) -> Result<(), String> {
    if html.contains("<B></B>") || html.contains("\"></FONT>") {
        return Err("text is missing".to_owned());
    }
    let mut open: Vec<&str> = Vec::new();
    for (at, part) in html.split('<').enumerate() {
        let text = if at == 0 {
            part
        } else {
            let (tag, text) = part.split_once('>').ok_or("a tag has no end")?;
            if let Some(name) = tag.strip_prefix('/') {
                if open.pop() != Some(name) {
                    return Err(format!("`</{name}>` closes nothing"));
                }
            } else {
                let name = tag.split(' ').next().unwrap_or_default();
                if !["TABLE", "TR", "TD", "FONT", "B"].contains(&name) {
                    return Err(format!("`<{tag}>` is no tag of ours"));
                }
                open.push(name);
            }
            text
        };
        for entity in text.split('&').skip(1) {
            let name = entity.split(';').next().unwrap_or_default();
            if !["amp", "lt", "gt", "quot", "#160", "#92"].contains(&name) {
                return Err(format!("`&{entity}` is no entity of ours"));
            }
        }
        if text.contains(['>', '"']) {
            return Err(format!("{text:?} is not escaped"));
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} are left open")) }
}
