//! The server of the page: what the page asks and gets, and whoever else asks, in whatever way.
//! What the page makes of it is seen in a browser, by `page/test/serve.test.mjs`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use loadpath::check::{Config, LoadError, Loader};
use loadpath::interview::Prompt;
use loadpath::source::SourceFile;
use loadpath::web::{self, Desk, MOST_BYTES};

use crate::cli::Folder;

/// How long an answer may take, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_mins(2);

/// `loadpath serve`, at any free port, ended after the test.
struct Server {
    child: Child,
    port: u16,
    folder: Folder,
}

impl Server {
    fn new() -> Self {
        Self::of(Folder::new(), &[])
    }

    fn of(folder: Folder, arguments: &[&str]) -> Self {
        let mut command = folder.command(&[&["serve", "--port", "0"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        let out = child.stdout.as_mut().expect("it is piped");
        BufReader::new(out).read_line(&mut line).expect("it says where it is");
        let port = line.trim().strip_prefix("http://127.0.0.1:").and_then(|it| it.parse().ok());
        Self { child, port: port.unwrap_or_else(|| panic!("no address: {line}")), folder }
    }

    fn get(&self, path: &str) -> Answer {
        ask(self.port, format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port))
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        post(self.port, path, &body.to_string())
    }

    fn check(&self, text: &str) -> Value {
        let answer = self.post("/api/check", &question(text));
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// It is there, and sound.
    fn is_well(&self) {
        assert_eq!(codes(&self.check("service api\napi -> order\n")), ["LP002"]);
    }

    /// What the system says that it takes of memory, in KiB.
    fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).expect("Linux says so");
        line.split_whitespace().next().and_then(|it| it.parse().ok()).expect("it is a number")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("it is JSON")
    }
}

fn question(text: &str) -> Value {
    json!({ "name": "design.arch", "text": text, "advice": true, "overlay": "findings", "dark": false })
}

fn codes(found: &Value) -> Vec<&str> {
    let findings = found["report"]["findings"].as_array().expect("it is a list");
    let wrong = findings.iter().filter(|it| it["level"] != "advice");
    wrong.map(|it| it["code"].as_str().expect("it has one")).collect()
}

fn post(port: u16, path: &str, body: &str) -> Answer {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    ask(port, &(head + body))
}

fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("it can be set");
    stream
}

/// Sends these very bytes, and reads until the connection ends; the status 0 is no answer at all.
fn ask(port: u16, request: impl AsRef<[u8]>) -> Answer {
    let mut stream = connect(port);
    // Whoever is refused may find the connection shut while it still sends.
    let _ = stream.write_all(request.as_ref());
    read(&mut stream)
}

fn read(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let mut piece = [0; 16 * 1024];
    while let Ok(count @ 1..) = stream.read(&mut piece) {
        bytes.extend_from_slice(&piece[..count]);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_lowercase(), body: body.to_owned() }
}

// ---- what the page gets

#[test]
fn the_page_and_its_parts_are_served_under_a_policy() {
    let server = Server::new();
    for (path, kind) in [
        ("/", "text/html"),
        ("/serve.js", "text/javascript"),
        ("/serve.css", "text/css"),
        ("/painter.js", "text/javascript"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.head.contains(&format!("content-type: {kind}")), "{path}: {}", answer.head);
        assert!(answer.head.contains("x-content-type-options: nosniff"), "{path}: {}", answer.head);
        assert!(answer.body.len() > 1_000, "{path}");
        let policy =
            answer.head.lines().find(|it| it.starts_with("content-security-policy: ")).expect("it has one");
        for rule in
            ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(
            !policy.replace("style-src-attr 'unsafe-inline'", "").contains("unsafe-inline")
                && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
        assert!(!answer.head.contains("access-control"), "{}", answer.head);
    }
    let nonce = |page: &Answer| {
        page.body.split("name=\"nonce\" content=\"").nth(1).expect("it is told")[..32].to_owned()
    };
    let (one, other) = (server.get("/"), server.get("/"));
    assert!(one.head.contains(&nonce(&one)) && nonce(&one) != nonce(&other));
}

#[test]
fn a_check_says_what_the_command_line_says() {
    let text = std::fs::read_to_string("examples/checkout-naive.arch").expect("it is there");
    let server = Server::of(Folder::new().with("design.arch", &text), &["design.arch"]);
    let ran = server.folder.run(&["check", "--profile=review", "--format=json", "design.arch"]);
    let said: Value = serde_json::from_str(&ran.out).expect("it is JSON");
    let found = server.check(&text);
    assert_eq!(found["report"]["findings"], said["findings"]);
    assert!(found["report"]["findings"].as_array().is_some_and(|it| it.len() > 10));
    let shapes = found["shapes"].as_array().expect("it is a list");
    let orders = shapes.iter().find(|it| it["element"] == "orders").expect("it is drawn");
    let place = orders["start"].as_u64().expect("a place") as usize
        ..orders["end"].as_u64().expect("a place") as usize;
    assert!(text[place].contains("orders"), "{orders}");
    assert!(found["dot"].as_str().is_some_and(|it| it.contains(orders["id"].as_str().expect("it has one"))));
    assert!(
        found["figures"]
            .as_str()
            .is_some_and(|it| it.contains("down 687 min a month where 21.6 are allowed"))
    );
    assert!(found["estimate"].as_str().is_some_and(|it| it.contains("200k users × 30/day")));
    assert!(found["rules"].as_str().is_some_and(|it| it.contains("single-point-of-failure")));
}

#[test]
fn what_an_editor_asks_is_answered_at_places_in_bytes() {
    let server = Server::new();
    let text = "service shop \"Läden\" x2\ndatabase orders : po";
    let at = json!({ "name": "design.arch", "text": text, "at": text.len() });
    let completion = server.post("/api/complete", &at).json();
    assert_eq!(completion["from"].as_u64(), Some(text.len() as u64 - 2));
    assert!(completion["items"].as_array().is_some_and(|it| it.iter().any(|it| it["label"] == "postgres")));
    let at = text.find("orders").expect("it is there");
    let told =
        server.post("/api/hover", &json!({ "name": "design.arch", "text": text, "at": at + 1 })).json();
    assert_eq!((told["from"].as_u64(), told["to"].as_u64()), (Some(at as u64), Some(at as u64 + 6)));
    let formed =
        server.post("/api/format", &json!({ "name": "design.arch", "text": "service   api\n" })).json();
    assert_eq!(formed["text"], "service api\n");
    let broken = server.post("/api/format", &json!({ "name": "design.arch", "text": "service {\n" })).json();
    assert_eq!(broken["text"], Value::Null);
    // Within a letter, and past the end.
    for at in [15, 16, 1_000_000] {
        for path in ["/api/complete", "/api/hover"] {
            let answer = server.post(path, &json!({ "name": "design.arch", "text": text, "at": at }));
            assert_eq!(answer.status, 200, "{path} at {at}");
        }
    }
}

#[test]
fn a_review_is_that_of_the_command_line_in_its_words() {
    let text = std::fs::read_to_string("examples/news-feed-naive.arch").expect("it is there");
    let server = Server::of(Folder::new().with("design.arch", &text), &["design.arch"]);
    for level in ["junior", "staff"] {
        let ran = server.folder.run(&["review", "--level", level, "--format=html", "design.arch"]);
        let review = server
            .post("/api/review", &json!({ "name": "design.arch", "text": text, "level": level }))
            .json();
        let html = review["html"].as_str().expect("it is text");
        assert!(html.contains("<h2 id=\"score-title\">") && ran.out.contains(html), "{html}");
    }
}

#[test]
fn an_interview_is_begun_asked_and_judged_as_on_the_command_line() {
    let server = Server::new();
    let prompts = server.post("/api/prompts", &Value::Null).json();
    let names: Vec<&str> =
        prompts["prompts"].as_array().into_iter().flatten().filter_map(|it| it["name"].as_str()).collect();
    assert!(names.len() > 15 && names.contains(&"chat"), "{names:?}");
    let begin = |prompt: &str, tier: &str| {
        server.post("/api/interview/start", &json!({ "prompt": prompt, "tier": tier }))
    };
    let start = |prompt, tier| begin(prompt, tier).json();
    for (prompt, tier, said) in [
        ("chatt", "growth", "no prompt is called `chatt`; did you mean `chat`?"),
        ("chat", "huge", "`chat` has no tier `huge`; it has `launch`, `growth`, `scale`"),
    ] {
        let unknown = begin(prompt, tier);
        assert_eq!((unknown.status, unknown.body.as_str()), (404, said));
    }
    let tier = &prompts["prompts"]
        .as_array()
        .and_then(|it| it.iter().find(|it| it["name"] == "chat"))
        .expect("it is there")["tiers"][1]["name"];
    let tier = tier.as_str().expect("it has a name");
    let written = server.folder.run(&["interview", "start", "chat", "--tier", tier, "--output", "-"]).out;
    assert_eq!(start("chat", tier)["text"].as_str(), Some(written.as_str()));
    let ask = |text: &str, words: &str| {
        server.post("/api/interview/ask", &json!({ "name": "chat.arch", "text": text, "ask": words })).json()
    };
    // Which interview a text is of is read from the text, and a design is of none.
    let interview = |text: &str| server.check(text)["interview"].clone();
    assert_eq!(interview(&written)["name"], format!("chat {tier}"));
    assert_eq!(interview(&written), start("chat", tier)["interview"]);
    assert_eq!(interview("service api\n"), Value::Null);
    let answered = ask(&written, "how many people use it?");
    assert!(answered["answer"].as_str().is_some_and(|it| it.contains("use it on a day")), "{answered}");
    let text = answered["text"].as_str().expect("it has one");
    assert!(text.contains("asked: traffic"), "{text}");
    assert!(
        ask(text, "the meaning of life?")["refusal"]
            .as_str()
            .is_some_and(|it| it.contains("no answer to that"))
    );
    assert!(
        ask("service api\n", "how many?")["refusal"].as_str().is_some_and(|it| it.contains("no interview"))
    );
    let drawn =
        format!("// interview: chat {tier}\n{}", Prompt::find("chat").expect("it is one").tiers[1].design);
    for (text, is_drawn) in [(text, false), (drawn.as_str(), true)] {
        std::fs::write(server.folder.0.join("chat.arch"), text).expect("it can be written");
        let judged = server.folder.run(&["interview", "check", "chat.arch", "--format", "html"]).out;
        let review =
            server.post("/api/review", &json!({ "name": "chat.arch", "text": text, "level": "senior" }));
        let review = review.json();
        let html = review["html"].as_str().expect("it is text");
        assert!(judged.contains(html), "{html}");
        assert_eq!(html.contains("Beside a design that is right at this scale"), is_drawn, "{html}");
        assert_eq!(html.contains("once there is a design that can be judged"), !is_drawn, "{html}");
    }
}

#[test]
fn the_examples_are_those_of_the_repository_and_say_what_they_are() {
    let examples = Server::new().post("/api/examples", &Value::Null).json();
    let examples = examples.as_array().expect("it is a list");
    assert!(examples.len() > 15);
    for example in examples {
        let text = std::fs::read_to_string(format!(
            "examples/{}.arch",
            example["name"].as_str().expect("it has one")
        ));
        assert_eq!(example["text"].as_str(), text.ok().as_deref());
        let about = example["about"].as_str().expect("it has one");
        assert!(about.len() > 20 && !about.contains("Source:"), "{about}");
    }
}

/// A design is read once, with what it includes; whatever the page says, nothing else is.
#[test]
fn the_page_reaches_no_file_that_was_not_named() {
    let folder = Folder::new().with("shop.arch", "include \"common.arch\"\nservice api\n");
    let folder = folder.with("common.arch", "database orders\n").with("secret.arch", "service hunter2\n");
    let server = Server::of(folder, &["shop.arch"]);
    let opening = server.post("/api/opening", &Value::Null).json();
    assert_eq!(
        (opening["name"].as_str(), opening["text"].as_str()),
        (Some("shop.arch"), Some("include \"common.arch\"\nservice api\n"))
    );
    let check = |text: &str| {
        let mut question = question(text);
        question["name"] = "shop.arch".into();
        server.post("/api/check", &question).body
    };
    assert!(!check("include \"common.arch\"\nservice api\napi -> orders\n").contains("LP017"));
    for path in ["secret.arch", "./secret.arch", "/etc/passwd", "../../../../etc/passwd"] {
        let said = check(&format!("include \"{path}\"\nservice api\n"));
        assert!(
            said.contains("only what its design included")
                && !said.contains("hunter2")
                && !said.contains("root:"),
            "{path}: {said}"
        );
    }
    let ran = server.folder.run(&["serve", "--port", "0", "gone.arch"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("`gone.arch` does not exist"), "{}", ran.err);
}

#[test]
fn a_port_that_is_taken_is_told_of() {
    let server = Server::new();
    let ran = server.folder.run(&["serve", "--port", &server.port.to_string()]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    let said = format!(
        "can't listen at 127.0.0.1:{}: the port is in use; `--port 0` takes any that is free",
        server.port
    );
    assert!(ran.err.contains(&said), "{}", ran.err);
}

/// Ctrl-C is how it is meant to end: it leaves as one that did all it was asked, also while somebody is connected.
#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_without_a_complaint() {
    let folder = Folder::new();
    let mut command = folder.command(&["serve", "--port", "0"]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut line = String::new();
    let out = child.stdout.as_mut().expect("it is piped");
    BufReader::new(out).read_line(&mut line).expect("it says where it is");
    let port = line.trim().rsplit(':').next().and_then(|it| it.parse().ok()).expect("it is a port");
    assert_eq!(post(port, "/api/opening", "{}").status, 200);
    let _idle = connect(port);
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.is_ok_and(|it| it.success()));
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}

/// What a page has, its head has as well; a question has no head.
#[test]
fn a_head_is_answered_as_the_page_without_its_body() {
    let server = Server::new();
    let head = |path: &str| {
        ask(server.port, format!("HEAD {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", server.port))
    };
    let (page, only_head) = (server.get("/serve.css"), head("/serve.css"));
    assert_eq!((only_head.status, only_head.body.as_str()), (200, ""));
    let length = format!("content-length: {}", page.body.len());
    assert!(page.head.contains(&length) && only_head.head.contains(&length), "{}", only_head.head);
    assert_eq!(head("/nothing").status, 404);
    assert_eq!(head("/api/check").status, 405);
}

// ---- who else asks

/// A page of somebody else's can have a browser ask here, but not as this page does.
#[test]
fn nobody_is_answered_but_the_page_itself() {
    let server = Server::new();
    let port = server.port;
    let body = question("service api\n").to_string();
    let asked = |method: &str, path: &str, headers: &str| {
        let length =
            if method == "POST" { format!("Content-Length: {}\r\n", body.len()) } else { String::new() };
        let sent = if method == "POST" { body.as_str() } else { "" };
        ask(port, format!("{method} {path} HTTP/1.1\r\n{headers}{length}\r\n{sent}"))
    };
    let json = "Content-Type: application/json\r\n";
    let own = format!("Host: 127.0.0.1:{port}\r\n");
    // By any of the names that this machine has for itself.
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")] {
        let headers = format!("Host: {host}\r\nOrigin: http://{host}\r\n{json}");
        assert_eq!(asked("POST", "/api/check", &headers).status, 200, "{host}");
    }
    for host in [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example",
        "[::1]",
        "0.0.0.0",
        "",
        "127.0.0.1:4747@evil.example",
    ] {
        assert_eq!(asked("GET", "/", &format!("Host: {host}\r\n")).status, 403, "{host}");
        let with_port = format!("Host: {host}:{port}\r\n{json}");
        if host != "127.0.0.1" && host != "[::1]" {
            assert_eq!(asked("POST", "/api/check", &with_port).status, 403, "{host}");
        }
    }
    assert_eq!(asked("GET", "/", "").status, 403, "without a host");
    assert_eq!(asked("GET", "/", &format!("{own}Host: evil.example\r\n")).status, 403, "with two");
    assert_eq!(asked("GET", &format!("http://127.0.0.1:{port}/"), &own).status, 403, "as of a proxy");
    for origin in [
        "http://evil.example",
        "null",
        "",
        "https://127.0.0.1",
        "http://127.0.0.1",
        &format!("http://localhost:{port}"),
        &format!("http://127.0.0.1:{port}.evil.example"),
    ] {
        let headers = format!("{own}Origin: {origin}\r\n{json}");
        let answer = asked("POST", "/api/check", &headers);
        assert_eq!(answer.status, 403, "{origin}");
        assert!(!answer.head.contains("access-control"), "{}", answer.head);
    }
    for (method, path, headers, status) in [
        // What a form or a simple request of another page can send.
        ("POST", "/api/check", "Content-Type: text/plain\r\n", 415),
        ("POST", "/api/check", "Content-Type: application/x-www-form-urlencoded\r\n", 415),
        ("POST", "/api/check", "", 415),
        ("POST", "/", json, 405),
        ("GET", "/api/check", "", 405),
        ("HEAD", "/api/check", "", 405),
        ("PUT", "/api/check", json, 405),
        ("DELETE", "/", "", 405),
        ("OPTIONS", "/api/check", "", 405),
        ("TRACE", "/", "", 405),
        ("POST", "/api/", json, 404),
        ("POST", "/api/checks", json, 404),
    ] {
        assert_eq!(
            asked(method, path, &format!("{own}{headers}")).status,
            status,
            "{method} {path} {headers}"
        );
    }
    server.is_well();
}

#[test]
fn no_path_leads_to_a_file() {
    let server = Server::of(Folder::new().with("secret.txt", "hunter2"), &[]);
    for path in [
        "/secret.txt",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2f..%2fetc/passwd",
        "//etc/passwd",
        "/./",
        "/serve.js/",
        "/serve.js%00",
        "/SERVE.JS",
        "/dist/serve.js",
        "/\\..\\secret.txt",
        "/favicon.ico",
    ] {
        let answer = server.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.body.contains("hunter2") && !answer.body.contains("root:"), "{path}");
    }
    assert_eq!(server.get("/?a=b").status, 200, "what is asked of the page itself is its own matter");
}

/// Whatever bytes come, they are refused or dropped, and the next is served.
#[test]
fn what_is_no_request_is_refused_or_dropped() {
    let server = Server::new();
    let port = server.port;
    let head =
        format!("POST /api/check HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n");
    let long = "x".repeat(1_000_000);
    let many: String = (0..10_000).map(|at| format!("X-{at}: y\r\n")).collect();
    let junk: Vec<Vec<u8>> = vec![
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        vec![0; 100_000],
        vec![b'\n'; 100_000],
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"GET /\r\n\r\n".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        format!("GET /{long} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").into(),
        format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX: {long}\r\n\r\n").into(),
        format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{many}\r\n").into(),
        format!("{head}Content-Length: 99999999999999999999\r\n\r\n").into(),
        format!("{head}Content-Length: -1\r\n\r\n").into(),
        format!("{head}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd").into(),
        format!("{head}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n").into(),
        format!("{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n").into(),
    ];
    for request in junk {
        let begin = String::from_utf8_lossy(&request[..request.len().min(60)]).into_owned();
        let mut stream = connect(port);
        let _ = stream.write_all(&request);
        let _ = stream.shutdown(Shutdown::Write);
        let answer = read(&mut stream);
        assert!(answer.status == 0 || (400..500).contains(&answer.status), "{begin}: {}", answer.status);
    }
    for body in [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "{\"text\":1}",
        "\u{feff}{}",
        &"[".repeat(100_000),
        "{\"name\":\"a\",\"text\":\"\\ud800\"}",
    ] {
        for path in
            ["/api/check", "/api/hover", "/api/complete", "/api/format", "/api/review", "/api/interview/ask"]
        {
            assert_eq!(post(port, path, body).status, 400, "{path}: {body:.40}");
        }
    }
    server.is_well();
}

#[test]
fn more_than_two_mebibytes_are_refused_however_they_come() {
    let server = Server::new();
    let port = server.port;
    let large = "x".repeat(MOST_BYTES + 1);
    assert!(matches!(post(port, "/api/check", &large).status, 0 | 413));
    let head = format!(
        "POST /api/check HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let mut stream = connect(port);
    stream.write_all(head.as_bytes()).expect("it is read");
    let piece = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    // Without end, as long as it is taken.
    let sent = (0..10_000).take_while(|_| stream.write_all(piece.as_bytes()).is_ok()).count();
    assert!(sent < 1_000, "{sent} pieces of 64 KiB are taken");
    server.is_well();
    assert!(server.memory() < 512 * 1024, "{} KiB", server.memory());
}

/// Hostile texts are bounded as everywhere, and what is said of them is text.
#[test]
fn a_text_that_means_harm_is_answered_in_bounded_time() {
    let server = Server::new();
    let many: String = (0..10_000).map(|at| format!("service s{at}\n")).collect();
    let linked: String = (1..3_000).map(|at| format!("service t{at}\nt{at} -> t{}\n", at / 2)).collect();
    for text in [
        "group g { ".repeat(100_000),
        "(".repeat(1_000_000),
        format!("service {}", "x".repeat(1_000_000)),
        "service api\n".repeat(20_000),
        "\u{202e}\0\u{7f}\r\n".repeat(10_000),
        "service \"</script><img src=x onerror=alert(1)>\"\n".to_owned(),
        many,
        linked,
    ] {
        let begun = Instant::now();
        let answer = server.post("/api/check", &question(&text));
        assert_eq!(answer.status, 200, "{text:.40}");
        assert!(answer.json()["figures"].as_str().is_some_and(|it| !it.contains("<img")), "{text:.40}");
        assert!(answer.body.len() < 20_000_000, "{text:.40}: {} bytes", answer.body.len());
        assert!(begun.elapsed() < Duration::from_mins(1), "{text:.40}: {:?}", begun.elapsed());
    }
    server.is_well();
}

/// Whoever sends a byte a second, or nothing, is sent away, and holds nobody else up.
#[test]
fn who_never_ends_a_request_is_sent_away() {
    let server = Server::new();
    let port = server.port;
    let begun = Instant::now();
    let head = format!(
        "POST /api/check HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    );
    let beginnings = ["", "GET / HTTP/1.1\r\nHo", head.as_str()];
    let slow: Vec<_> = (0..30)
        .map(|at| {
            let mut stream = connect(port);
            stream.write_all(beginnings[at % 3].as_bytes()).expect("it is read");
            std::thread::spawn(move || {
                // A byte now and then is no end either.
                while stream.write_all(b"x").is_ok() && begun.elapsed() < PATIENCE {
                    std::thread::sleep(Duration::from_secs(1));
                }
                begun.elapsed()
            })
        })
        .collect();
    server.is_well();
    assert!(begun.elapsed() < Duration::from_secs(9), "nobody else waits for them: {:?}", begun.elapsed());
    for thread in slow {
        let took = thread.join().expect("it ends");
        assert!(took < Duration::from_mins(1), "{took:?}");
    }
    server.is_well();
}

/// Of more who are connected and ask nothing than it has room for, those who came first are sent away: a newcomer gets in at once.
#[test]
fn who_is_connected_and_asks_nothing_keeps_nobody_out() {
    let server = Server::new();
    let mut held: Vec<TcpStream> = (0..600).map(|_| connect(server.port)).collect();
    let begun = Instant::now();
    assert_eq!(server.get("/").status, 200);
    server.is_well();
    // Long before those who are idle are sent away for that alone.
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    let is_shut = |it: &mut TcpStream| matches!(it.read(&mut [0]), Ok(0) | Err(_));
    assert_eq!(held.iter_mut().take(500).filter_map(|it| is_shut(it).then_some(())).count(), 500);
    // The last one to come is still there, and is answered.
    let mut last = held.pop().expect("there are 600");
    let request = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", server.port);
    last.write_all(request.as_bytes()).expect("it is read");
    assert_eq!(read(&mut last).status, 200);
}

/// Several people at once, on more designs than it has threads: each answer is the one to its question, and none is lost.
#[test]
fn under_load_every_answer_is_right_and_none_is_lost() {
    const CLIENTS: usize = 8;
    const CHECKS: usize = 40;
    let server = Server::new();
    let begun = Instant::now();
    let mut took: Vec<Duration> = std::thread::scope(|scope| {
        let client = |client: usize| {
            let server = &server;
            move || {
                let check = |at: usize| {
                    let begun = Instant::now();
                    let name = format!("s{client}x{at}");
                    let found = server.check(&format!("service {name}\n{name} -> nobody{at}\n"));
                    assert_eq!(codes(&found), ["LP002"]);
                    assert_eq!(found["shapes"][0]["element"], name);
                    assert!(found["report"].to_string().contains(&format!("nothing is called `nobody{at}`")));
                    begun.elapsed()
                };
                (0..CHECKS).map(check).collect::<Vec<_>>()
            }
        };
        let clients: Vec<_> = (0..CLIENTS).map(|at| scope.spawn(client(at))).collect();
        clients.into_iter().flat_map(|it| it.join().expect("all is well")).collect()
    });
    took.sort_unstable();
    assert_eq!(took.len(), CLIENTS * CHECKS);
    let all = begun.elapsed();
    let _ = writeln!(
        std::io::stdout(),
        "{} checks by {CLIENTS} clients in {all:?}: median {:?}, p99 {:?}, {} KiB",
        took.len(),
        took[took.len() / 2],
        took[took.len() * 99 / 100],
        server.memory()
    );
    assert!(all < PATIENCE, "{all:?}");
    assert!(server.memory() < 512 * 1024, "{} KiB", server.memory());
}

/// More is asked than it does at once: who is not answered is told so, and in the end all are.
#[test]
fn past_what_it_does_at_once_it_says_so() {
    let server = Server::new();
    let text: String = (1..1_000).map(|at| format!("service t{at}\nt{at} -> t{}\n", at / 2)).collect();
    let body = question(&text).to_string();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asked: Vec<_> =
            (0..60).map(|_| scope.spawn(|| post(server.port, "/api/check", &body).status)).collect();
        asked.into_iter().map(|it| it.join().expect("it ends")).collect()
    });
    let count = |status| statuses.iter().filter(|it| **it == status).count();
    assert_eq!(count(200) + count(503), 60, "{statuses:?}");
    assert!(count(200) >= 32 && count(503) > 0, "{statuses:?}");
    server.is_well();
}

/// A fault in one answer is an answer as well, and takes no other with it.
#[test]
fn a_panic_is_answered_with_500_and_ends_nothing() {
    struct Faulty;
    impl Loader for Faulty {
        fn load(&self, _: &str, path: &str) -> Result<SourceFile, LoadError> {
            panic!("a fault at `{path}`, on purpose")
        }
    }
    let listener = web::listen(0).expect("a port is free");
    let port = listener.local_addr().expect("it has one").port();
    let desk =
        Desk { name: String::new(), text: String::new(), config: Config::default(), files: Box::new(Faulty) };
    std::thread::spawn(move || web::serve(listener, desk));
    for _ in 0..5 {
        assert_eq!(post(port, "/api/check", &question("include \"a.arch\"\n").to_string()).status, 500);
        assert_eq!(post(port, "/api/check", &question("service api\n").to_string()).status, 200);
    }
}
