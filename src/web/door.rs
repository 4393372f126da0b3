//! Who may ask: the page that was served here, by the address that it was served at, and what a browser can't be made to
//! send by another.

use hyper::body::Body as _;
use hyper::body::Incoming;
use hyper::header::{self, HeaderName};
use hyper::{Method, Request, StatusCode};

use super::MOST_BYTES;

/// Why a request is refused; nothing where it is not.
pub(super) fn refusal(request: &Request<Incoming>, port: u16) -> Option<StatusCode> {
    // A name that leads here is not enough: whoever owns a name can have it lead here.
    let Some(host) = only(request, &header::HOST).filter(|it| is_own(it, port)) else {
        return Some(StatusCode::FORBIDDEN);
    };
    if request.uri().authority().is_some() {
        return Some(StatusCode::FORBIDDEN);
    }
    let is_own_page = only(request, &header::ORIGIN).is_some_and(|it| it == format!("http://{host}"));
    if request.headers().contains_key(header::ORIGIN) && !is_own_page {
        return Some(StatusCode::FORBIDDEN);
    }
    let is_question = request.uri().path().starts_with("/api/");
    match *request.method() {
        Method::POST if is_question => unread(request),
        Method::GET | Method::HEAD if !is_question => None,
        _ => Some(StatusCode::METHOD_NOT_ALLOWED),
    }
}

/// Why a question is not even read.
fn unread(request: &Request<Incoming>) -> Option<StatusCode> {
    if !is_json(request) {
        return Some(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let is_large = request.body().size_hint().lower() > MOST_BYTES as u64;
    is_large.then_some(StatusCode::PAYLOAD_TOO_LARGE)
}

/// The value of a header that is there once.
fn only<'a>(request: &'a Request<Incoming>, name: &HeaderName) -> Option<&'a str> {
    let mut values = request.headers().get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn is_own(host: &str, port: u16) -> bool {
    let names = ["127.0.0.1", "localhost", "[::1]"];
    names.iter().any(|name| host == format!("{name}:{port}") || (port == 80 && host == *name))
}

/// A form of another page can send text, but not JSON.
fn is_json(request: &Request<Incoming>) -> bool {
    let kind = only(request, &header::CONTENT_TYPE).unwrap_or_default();
    kind.split(';').next().is_some_and(|it| it.trim().eq_ignore_ascii_case("application/json"))
}
