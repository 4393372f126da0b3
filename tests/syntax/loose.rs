//! Random designs, written as loosely as the language allows: for what must hold of every design.

/// Writes a design by choices from a tape of bytes, so that a shorter tape is a simpler design.
pub(super) struct Loose<'tape> {
    tape: &'tape [u8],
    at: usize,
    depth: usize,
    comments: usize,
    text: String,
}

pub(crate) fn design(tape: &[u8]) -> String {
    let mut loose = Loose { tape, at: 0, depth: 0, comments: 0, text: String::new() };
    while loose.at < tape.len() {
        loose.statement();
        loose.end();
    }
    loose.text
}

impl Loose<'_> {
    fn choose(&mut self, of: usize) -> usize {
        let byte = self.tape.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        byte as usize % of
    }

    fn word(&mut self, words: &[&str]) {
        let word = words[self.choose(words.len())];
        self.text.push_str(word);
    }

    fn comment(&mut self, is_line: bool) {
        self.comments += 1;
        let number = self.comments;
        let comment = if is_line { format!("// c{number} }} \"\n") } else { format!("/* c{number} {{ */") };
        self.text.push_str(&comment);
    }

    /// Blanks, where some are needed.
    fn blank(&mut self) {
        match self.choose(16) {
            0 => self.text.push_str("   "),
            1 => self.text.push('\t'),
            2 => self.comment(false),
            _ => self.text.push(' '),
        }
    }

    /// Blanks, where none are needed.
    fn maybe(&mut self) {
        if self.choose(3) != 0 {
            self.blank();
        }
    }

    /// After what goes on, or inside brackets.
    fn next(&mut self) {
        match self.choose(8) {
            0 => self.text.push_str("\n   "),
            1 => {
                self.text.push(' ');
                self.comment(true);
            }
            2 => self.text.push_str("\n\n"),
            _ => self.maybe(),
        }
    }

    fn end(&mut self) {
        self.maybe();
        match self.choose(8) {
            0 => self.text.push(';'),
            1 => self.text.push_str(";\n"),
            2 => self.text.push_str("\n\n\n"),
            3 => self.comment(true),
            4 => {
                self.text.push_str("\n\n");
                self.comment(true);
            }
            _ => self.text.push('\n'),
        }
    }

    fn name(&mut self) {
        self.word(&["api", "db", "a-b", "_x", "flow", "on", "kind", "system", "x", "x3a", "orders_db", "e2"]);
    }

    fn path(&mut self) {
        self.name();
        if self.choose(5) == 0 {
            self.text.push('.');
            self.name();
        }
    }

    fn kind(&mut self) {
        self.word(&["service", "database", "region", "queue", "ha_postgres", "load_balancer"]);
    }

    fn label(&mut self) {
        self.word(&["\"\"", "\"A label\"", "\"ёлка → \\\"x\\\" \\\\\"", "\"// no { comment\""]);
    }

    fn statement(&mut self) {
        match self.choose(12) {
            0 => {
                self.text.push_str("system");
                self.blank();
                self.label();
                self.maybe_block(Self::properties);
            }
            1 => {
                self.text.push_str("template");
                self.blank();
                self.name();
                self.maybe();
                self.text.push(':');
                self.maybe();
                self.kind();
                self.tail();
                self.maybe_block(Self::body_line);
            }
            2 | 3 => {
                self.text.push_str("flow");
                self.blank();
                self.name();
                if self.choose(2) == 0 {
                    self.blank();
                    self.label();
                }
                self.maybe_block(Self::flow_line);
            }
            4 => {
                self.text.push_str("constraint ");
                self.name();
                self.block(Self::constraint_line);
            }
            5 => {
                self.text.push_str("allow LP101");
                if self.choose(2) == 0 {
                    self.blank();
                    self.text.push_str("on ");
                    self.path();
                    if self.choose(2) == 0 {
                        self.arrow();
                        self.path();
                    }
                    self.text.push(',');
                    self.next();
                    self.text.push_str("#tag");
                }
                self.blank();
                self.label();
            }
            6..=8 => self.link(),
            _ => self.element(),
        }
    }

    fn element(&mut self) {
        self.kind();
        self.blank();
        self.name();
        if self.choose(4) == 0 {
            self.maybe();
            self.text.push(',');
            self.next();
            self.name();
        }
        self.tail();
        self.maybe_block(Self::body_line);
    }

    fn tail(&mut self) {
        let start = self.choose(4);
        for part in 0..self.choose(4) {
            self.blank();
            match (start + part) % 4 {
                0 => self.label(),
                1 => {
                    self.text.push(':');
                    self.maybe();
                    self.word(&["kafka", "sqs |\n rabbitmq", "redis"]);
                }
                2 => self.word(&["x3", "x2..", "x2..10"]),
                _ => self.word(&["#pci", "#a #b"]),
            }
        }
    }

    fn maybe_block(&mut self, line: fn(&mut Self)) {
        if self.choose(2) == 0 && self.depth < 4 {
            self.block(line);
        }
    }

    fn block(&mut self, line: fn(&mut Self)) {
        self.depth += 1;
        self.blank();
        self.text.push('{');
        if self.choose(3) == 0 {
            self.end();
        }
        for _ in 0..self.choose(4) {
            self.maybe();
            line(self);
            self.end();
        }
        self.maybe();
        self.text.push('}');
        self.depth -= 1;
    }

    fn body_line(&mut self) {
        match self.choose(6) {
            0 => self.element(),
            1 => self.link(),
            2 => {
                self.hops();
                self.link_tail();
            }
            _ => self.properties(),
        }
    }

    fn flow_line(&mut self) {
        if self.choose(3) == 0 {
            self.properties();
            return;
        }
        self.path();
        if self.choose(4) == 0 {
            self.arrow();
            self.text.push_str("...");
        }
        self.hops();
    }

    fn constraint_line(&mut self) {
        self.word(&["forbid =", "require ="]);
        self.next();
        self.word(&["kind client", "#pci", "api", "kind database { backup, model = graph; x }"]);
        if self.choose(2) == 0 {
            self.arrow();
            self.word(&["kind database", "... -> #pci", "... ~> a.b { x = 1 }"]);
        }
        if self.choose(3) == 0 {
            self.text.push(',');
            self.next();
            self.property();
        }
    }

    fn properties(&mut self) {
        self.property();
        for _ in 0..self.choose(4) {
            self.maybe();
            self.text.push(',');
            self.next();
            self.property();
        }
    }

    fn property(&mut self) {
        self.word(&["zones", "capacity", "idempotent", "data", "because"]);
        if self.choose(3) != 0 {
            self.maybe();
            self.text.push('=');
            self.next();
            self.value();
        }
    }

    fn value(&mut self) {
        if self.choose(4) == 0 && self.depth < 4 {
            self.depth += 1;
            self.text.push('[');
            for _ in 0..self.choose(4) {
                self.next();
                self.value();
                self.next();
                self.text.push(',');
            }
            self.next();
            self.text.push(']');
            self.depth -= 1;
            return;
        }
        self.word(&[
            "6",
            "1.5M",
            "10_000",
            "200ms",
            "forever",
            "1.5GiB",
            "20/day",
            "12GB/month",
            "99.9%",
            "30min/day",
            "100:1",
            "40..50ms",
            "2..",
            "none",
            "sqs | rabbitmq",
            "east.db",
            "\"text, {\"",
            "5µs",
        ]);
    }

    fn arrow(&mut self) {
        self.maybe();
        self.word(&["->", "~>"]);
        self.next();
    }

    fn hops(&mut self) {
        for _ in 0..self.choose(3) {
            self.arrow();
            if self.choose(3) == 0 { self.parenthesis() } else { self.path() }
        }
        self.arrow();
        self.targets();
    }

    fn targets(&mut self) {
        self.path();
        let relation = [",", "|", " else ", " / "][self.choose(4)];
        for _ in 0..self.choose(3) {
            self.maybe();
            self.text.push_str(relation);
            self.next();
            if self.choose(4) == 0 && self.depth < 4 { self.parenthesis() } else { self.path() }
        }
    }

    fn parenthesis(&mut self) {
        self.depth += 1;
        self.text.push('(');
        self.next();
        self.targets();
        self.next();
        self.text.push(')');
        self.depth -= 1;
    }

    fn link(&mut self) {
        self.path();
        if self.choose(4) == 0 {
            self.text.push(',');
            self.next();
            self.path();
        }
        self.hops();
        self.link_tail();
    }

    fn link_tail(&mut self) {
        match self.choose(5) {
            0 => {
                self.blank();
                self.label();
            }
            1 => self.text.push_str(" : https,\n tls"),
            2 => self.text.push_str(":https \"late\""),
            _ => {}
        }
        self.maybe_block(Self::properties);
    }
}
