//! The files of the page, as `page/build.mjs` makes them.

use std::hash::{BuildHasher as _, RandomState};

use hyper::body::Bytes;

use crate::report::page::SCRIPT;

const PAGE: &str = include_str!("../../page/dist/serve.html");
const SERVE: &str = include_str!("../../page/dist/serve.js");
const STYLE: &str = include_str!("../../page/dist/serve.css");

/// What a file is and holds. The page knows the word by which it may add styles of its own.
pub(super) fn at(path: &str, nonce: &str) -> Option<(&'static str, Bytes)> {
    Some(match path {
        "/" => ("text/html; charset=utf-8", PAGE.replace("{{nonce}}", nonce).into()),
        "/serve.js" => ("text/javascript; charset=utf-8", SERVE.into()),
        "/serve.css" => ("text/css; charset=utf-8", STYLE.into()),
        // Run as a worker, the script of a report is Graphviz.
        "/painter.js" => ("text/javascript; charset=utf-8", SCRIPT.into()),
        _ => return None,
    })
}

/// A word that nobody else knows.
pub(super) fn nonce() -> String {
    format!("{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1))
}
