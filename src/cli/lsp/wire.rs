//! The wire: messages as they come over standard input and go out on standard output, each behind a head that says how
//! long it is.
//!
//! What is no message costs who sent it an error and nothing else, as long as it is known where the next one begins.

use std::io::{self, BufRead, Read as _, Write as _};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use serde_json::{Map, Value, json};

use super::addresses::Addresses;
use super::answers::Refusal;

/// How many messages wait for an answer before no more are read.
const MOST_WAITING: usize = 10_000;

/// The bytes of the longest message that is read: a design has no more either.
const LONGEST: u64 = 64 << 20;

/// The bytes of the longest head.
const LONGEST_HEAD: u64 = 8 << 10;

/// What came from a client.
pub(super) type Incoming = Result<Message, Fault>;

/// What is wrong with what came.
pub(super) enum Fault {
    /// It is no message; the next one may be.
    Nonsense(Refusal),
    /// Where the next message begins can't be told.
    Astray(String),
}

/// The messages to a client and from it.
pub(super) struct Wire {
    incoming: Receiver<Incoming>,
    addresses: Addresses,
}

impl Wire {
    /// Reads ahead: what was taken back or written over can only be known from all that has come.
    pub(super) fn open() -> Self {
        let (ahead, incoming) = mpsc::sync_channel(MOST_WAITING);
        thread::spawn(move || read_ahead(&mut io::stdin().lock(), &ahead));
        Self { incoming, addresses: Addresses::default() }
    }

    /// All that has come and was not taken.
    pub(super) fn come(&mut self) -> Vec<Incoming> {
        let Self { incoming, addresses } = self;
        incoming.try_iter().map(|it| taken(addresses, it)).collect()
    }

    /// Waits for what comes next; nothing when the client is gone.
    pub(super) fn next(&mut self) -> Option<Incoming> {
        self.incoming.recv().ok().map(|it| taken(&mut self.addresses, it))
    }

    /// Sends a message.
    ///
    /// # Errors
    /// The client can't be written to: it is gone.
    pub(super) fn send(&self, message: impl Into<Message>) -> io::Result<()> {
        let mut message = message.into();
        if let Some(content) = content(&mut message) {
            self.addresses.spell(content);
        }
        message.write(&mut io::stdout().lock())
    }
}

/// Says that something was no message, and so can't be answered by its id.
///
/// # Errors
/// The client can't be written to: it is gone.
pub(super) fn object(Refusal { code, why }: Refusal) -> io::Result<()> {
    let error = json!({ "code": code as i32, "message": why });
    let body = json!({ "jsonrpc": "2.0", "id": null, "error": error }).to_string();
    let mut out = io::stdout().lock();
    write!(out, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    out.flush()
}

fn taken(addresses: &mut Addresses, mut incoming: Incoming) -> Incoming {
    if let Some(content) = incoming.as_mut().ok().and_then(content) {
        addresses.read(content);
    }
    incoming
}

/// What a message says.
fn content(message: &mut Message) -> Option<&mut Value> {
    match message {
        Message::Request(it) => Some(&mut it.params),
        Message::Notification(it) => Some(&mut it.params),
        Message::Response(it) => it.result.as_mut(),
    }
}

fn read_ahead(input: &mut impl BufRead, ahead: &SyncSender<Incoming>) {
    loop {
        let incoming = match framed(input) {
            Ok(None) => return,
            Ok(Some(body)) => match message(body) {
                Ok(None) => continue,
                Ok(Some(message)) => Ok(message),
                Err(refusal) => Err(Fault::Nonsense(refusal)),
            },
            Err(why) => Err(Fault::Astray(why)),
        };
        let is_last = matches!(incoming, Err(Fault::Astray(_)));
        if ahead.send(incoming).is_err() || is_last {
            return;
        }
    }
}

/// The body behind the next head; nothing where the input ends in front of it.
fn framed(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, String> {
    let Some(length) = length(input)? else { return Ok(None) };
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body).map_err(|error| error.to_string())?;
    if (body.len() as u64) < length {
        return Err("the input ends inside of a message".to_owned());
    }
    Ok(Some(body))
}

/// What the next head says of the length of its message, in bytes.
fn length(input: &mut impl BufRead) -> Result<Option<u64>, String> {
    let mut head = input.take(LONGEST_HEAD);
    let mut length = None;
    loop {
        let is_at_start = head.limit() == LONGEST_HEAD;
        let mut line = Vec::new();
        head.read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
        match line.trim_ascii() {
            [] if line.is_empty() && is_at_start => return Ok(None),
            _ if head.limit() == 0 => return Err("the head of a message is longer than 8 KiB".to_owned()),
            _ if !line.ends_with(b"\n") => return Err("the input ends inside of a message's head".to_owned()),
            [] => break,
            field => length = length_in(field)?.or(length),
        }
    }
    match length {
        None => Err("a message's head has no `Content-Length`".to_owned()),
        Some(length) if length > LONGEST => {
            Err(format!("a message of {length} bytes: the longest has 64 MiB"))
        }
        length => Ok(length),
    }
}

/// The length that a line of a head states; others mean nothing here.
fn length_in(field: &[u8]) -> Result<Option<u64>, String> {
    let field = String::from_utf8_lossy(field);
    let Some((name, value)) = field.split_once(':') else {
        return Err("what should be the head of a message is none".to_owned());
    };
    if !name.trim().eq_ignore_ascii_case("content-length") {
        return Ok(None);
    }
    let length = value.trim().parse().map_err(|_| "a message's `Content-Length` is no number of bytes")?;
    Ok(Some(length))
}

/// The message that a body is; nothing where it answers what nobody asked.
fn message(mut body: Vec<u8>) -> Result<Option<Message>, Refusal> {
    mend_halves(&mut body);
    let read = serde_json::from_slice(&body);
    let value = read.map_err(|error| refusal(ErrorCode::ParseError, &format!("this is no JSON: {error}")))?;
    let invalid = |why| refusal(ErrorCode::InvalidRequest, why);
    let Value::Object(mut it) = value else { return Err(invalid("a message is an object, sent by itself")) };
    let id = it.remove("id");
    match it.remove("method") {
        Some(Value::String(method)) => {
            let params = it.remove("params").unwrap_or_default();
            let Some(id) = id else { return Ok(Some(Notification { method, params }.into())) };
            let id = serde_json::from_value(id);
            let id = id.map_err(|_| invalid("an `id` is a text, or a whole number of 32 bits"))?;
            Ok(Some(Request { id, method, params }.into()))
        }
        None if it.contains_key("result") || it.contains_key("error") => Ok(response(id, it)),
        _ => Err(invalid("a message has a `method`, or the `result` or `error` of one")),
    }
}

fn response(id: Option<Value>, mut told: Map<String, Value>) -> Option<Message> {
    let id = serde_json::from_value(id?).ok()?;
    let error = told.remove("error").and_then(|it| serde_json::from_value(it).ok());
    Some(Response { id, result: told.remove("result"), error }.into())
}

fn refusal(code: ErrorCode, why: &str) -> Refusal {
    Refusal { code, why: why.to_owned() }
}

/// Half of a letter, as JavaScript cuts one in two, is no letter: U+FFFD takes its place, which is one unit of UTF-16 too,
/// so that all columns behind it stay.
fn mend_halves(text: &mut [u8]) {
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.iter().position(|it| *it == b'\\')) {
        at += next;
        let unit = |at: usize| text.get(at..).and_then(unit_of);
        at += match unit(at) {
            Some(0xD800..=0xDBFF) if matches!(unit(at + 6), Some(0xDC00..=0xDFFF)) => 12,
            Some(0xD800..=0xDFFF) => {
                text[at..at + 6].copy_from_slice(b"\\ufffd");
                6
            }
            _ => 2,
        };
    }
}

/// The unit of UTF-16 that a text begins with as an escape.
fn unit_of(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        mend_halves(&mut bytes);
        String::from_utf8(bytes).expect("only letters were put in")
    }

    #[test]
    fn half_of_a_letter_is_replaced_and_a_whole_one_stays() {
        for (written, expected) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\uDE00 and \uD83D\uDE00""#, r#""\ufffd and \uD83D\uDE00""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ud83d\n""#, r#""\ufffd\n""#),
            // A backslash in front of what only looks like one.
            (r#""\\ud83d \\\ud83d""#, r#""\\ud83d \\\ufffd""#),
            // What is cut off, or no number, is left to who reads it.
            (r#""\ud8"#, r#""\ud8"#),
            (r#""\uD8zz\"#, r#""\uD8zz\"#),
        ] {
            assert_eq!(mended(written), expected);
        }
    }

    fn framed_in(text: &str) -> Result<Option<String>, String> {
        let body = framed(&mut text.as_bytes())?;
        Ok(body.map(|it| String::from_utf8(it).expect("it is text")))
    }

    #[test]
    fn a_head_says_how_long_its_message_is() {
        for text in [
            "Content-Length: 2\r\n\r\n{}",
            "content-length:2\r\n\r\n{}",
            "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n{} and more",
            "Content-Length: 2\n\n{}",
        ] {
            assert_eq!(framed_in(text), Ok(Some("{}".to_owned())), "{text}");
        }
        assert_eq!(framed_in(""), Ok(None));
    }

    #[test]
    fn a_head_that_leads_astray_is_told_of() {
        let long = format!("X: {}", "x".repeat(9_000));
        for (text, why) in [
            ("\r\n{}", "no `Content-Length`"),
            ("Content-Type: x\r\n\r\n{}", "no `Content-Length`"),
            ("{}\r\n\r\n", "is none"),
            ("Content-Length: many\r\n\r\n{}", "is no number"),
            ("Content-Length: -1\r\n\r\n{}", "is no number"),
            ("Content-Length: 18446744073709551615\r\n\r\n{}", "64 MiB"),
            ("Content-Length: 99999999999\r\n\r\n{}", "a message of 99999999999 bytes"),
            ("Content-Length: 3\r\n\r\n{}", "ends inside of a message"),
            ("Content-Length: 3", "ends inside of a message's head"),
            ("Content-Length: 3\r\n", "ends inside of a message's head"),
            (&long, "longer than 8 KiB"),
        ] {
            let told = framed_in(text).expect_err(text);
            assert!(told.contains(why), "{text}: {told}");
        }
    }

    #[test]
    fn what_answers_nobody_is_passed_over() {
        for text in [r#"{"id":null,"error":{"code":1,"message":""}}"#, r#"{"result":1}"#] {
            assert!(matches!(message(text.as_bytes().to_vec()), Ok(None)), "{text}");
        }
    }
}
