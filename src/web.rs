//! The server of the local page: it listens at 127.0.0.1 and nowhere else, answers nobody but its own page, and does no
//! more at once than a machine bears.
//!
//! One connection is one request. What is reckoned runs beside, on a few threads, each answer by itself: one that fails
//! takes no other with it. Nothing is read or written here; the design to begin with is passed in.

mod answers;
mod assets;
mod door;
mod guests;

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::signal::ctrl_c;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::check::{Config, Loader};
use answers::Unanswered;
use guests::{Guest, Guests};

/// So many bytes may be asked at once: a design of some ten thousand lines.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;
/// So many answers are waited for at once; who asks then is told to come again.
const MOST_WAITING: usize = 32;
/// The head of a request comes within this time, and so does its body.
const COMING: Duration = Duration::from_secs(10);
/// The whole of a request and its answer takes no longer.
const WHOLE: Duration = Duration::from_mins(2);
/// What a thread has that reckons: as much as the command line.
const STACK: usize = 8 * 1024 * 1024;

/// What the page is about.
pub struct Desk {
    /// What the design that it begins with is called.
    pub name: String,
    /// What that says.
    pub text: String,
    /// How designs are checked.
    pub config: Config,
    /// What they may include.
    pub files: Box<dyn Loader + Send + Sync>,
}

/// Listens at a port of this machine; 0 takes any that is free.
///
/// # Errors
/// Says why the port can't be had.
pub fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

/// Serves until somebody interrupts the process (Ctrl-C).
///
/// # Errors
/// Says why it can't begin.
pub fn serve(listener: TcpListener, desk: Desk) -> io::Result<()> {
    let port = listener.local_addr()?.port();
    listener.set_nonblocking(true)?;
    let threads = std::thread::available_parallelism().map_or(2, |it| it.get().clamp(2, 8));
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime =
        runtime.enable_io().enable_time().max_blocking_threads(threads).thread_stack_size(STACK).build()?;
    let house =
        House { port, desk, guests: Guests::default(), places: Arc::new(Semaphore::new(MOST_WAITING)) };
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::spawn(Arc::new(house).welcome(listener));
        interrupted().await;
        Ok(())
    });
    // Nobody waits for what is still being reckoned.
    runtime.shutdown_background();
    served
}

async fn interrupted() {
    if ctrl_c().await.is_err() {
        // Where nobody hears of it, the system ends the process.
        std::future::pending::<()>().await;
    }
}

/// All that answers need.
struct House {
    port: u16,
    desk: Desk,
    /// Who is connected.
    guests: Guests,
    /// Who waits for an answer.
    places: Arc<Semaphore>,
}

type Answer = Response<Full<Bytes>>;

impl House {
    async fn welcome(self: Arc<Self>, listener: tokio::net::TcpListener) {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // Too many files are open: some close in a while.
                sleep(Duration::from_millis(50)).await;
                continue;
            };
            if let Some(guest) = self.guests.enter() {
                let number = guest.number;
                // There is one thread: it has not begun before it may be sent away.
                let attending = tokio::spawn(Arc::clone(&self).attend(stream, guest));
                self.guests.may_be_sent_away(number, attending.abort_handle());
            }
        }
    }

    async fn attend(self: Arc<Self>, stream: TcpStream, guest: Guest) {
        let guest = Arc::new(guest);
        let service = service_fn(|request| {
            let (house, guest) = (Arc::clone(&self), Arc::clone(&guest));
            async move { Ok::<_, Infallible>(house.answer(request, &guest).await) }
        });
        let mut server = http1::Builder::new();
        server.timer(TokioTimer::new()).header_read_timeout(COMING).keep_alive(false).max_buf_size(64 * 1024);
        // Who breaks off, or never ends, has no answer.
        let _ = timeout(WHOLE, server.serve_connection(TokioIo::new(stream), service)).await;
    }

    async fn answer(self: Arc<Self>, request: Request<Incoming>, guest: &Guest) -> Answer {
        let nonce = assets::nonce();
        let answered = match door::refusal(&request, self.port) {
            Some(refused) => Err(refused),
            None if request.method() == Method::POST => self.asked(request, guest).await,
            None => {
                // Of a HEAD hyper sends the head alone.
                let asset = assets::at(request.uri().path(), &nonce).ok_or(StatusCode::NOT_FOUND);
                asset.map(|(kind, text)| told(StatusCode::OK, kind, text))
            }
        };
        guest.has_asked();
        let mut response = answered.unwrap_or_else(refused);
        guard(response.headers_mut(), &nonce);
        response
    }

    async fn asked(self: Arc<Self>, request: Request<Incoming>, guest: &Guest) -> Result<Answer, StatusCode> {
        let answer = answers::at(request.uri().path()).ok_or(StatusCode::NOT_FOUND)?;
        let body = timeout(COMING, Limited::new(request.into_body(), MOST_BYTES).collect()).await;
        let body = body.map_err(|_| StatusCode::REQUEST_TIMEOUT)?;
        let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?.to_bytes();
        guest.has_asked();
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
        let work = move || {
            // Held until it is done, whether or not anybody still waits for it.
            let _held = place;
            answer(&self.desk, &body).map(|it| it.to_string())
        };
        let answer =
            tokio::task::spawn_blocking(work).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        match answer {
            Ok(json) => Ok(told(StatusCode::OK, "application/json", json)),
            Err(Unanswered::Unreadable) => Err(StatusCode::BAD_REQUEST),
            Err(Unanswered::Unknown(what)) => Ok(told(StatusCode::NOT_FOUND, TEXT, what)),
        }
    }
}

const TEXT: &str = "text/plain; charset=utf-8";

fn told(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn refused(status: StatusCode) -> Answer {
    let mut response = told(status, TEXT, status.canonical_reason().unwrap_or_default());
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    }
    response
}

/// What a browser is told to let nobody do: its own script, style and Graphviz run, and nothing comes from elsewhere or
/// stands in another's frame. CodeMirror sets places in attributes, and its signs are pictures within its style.
fn guard(headers: &mut header::HeaderMap, nonce: &str) {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; style-src-attr \
         'unsafe-inline'; connect-src 'self'; img-src data:; \
         worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let policy = HeaderValue::try_from(policy).expect("it is of printed letters");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
