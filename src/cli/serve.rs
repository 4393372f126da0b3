//! `loadpath serve`: a page on this machine to design on, which checks as one types.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::Args;
use rustc_hash::FxHashMap;

use super::Exit;
use super::config::{Configurations, Origin};
use super::design;
use super::init::STARTER;
use super::output::{self, Colour};
use crate::check::{self, LoadError, Loader};
use crate::source::SourceFile;
use crate::web::{self, Desk, MOST_BYTES};

/// Serve a page to design on, for the browser on this machine alone
///
/// Prints the address of the page and serves it until it is ended (Ctrl-C), which it leaves with 0. It listens at 127.0.0.1 and
/// answers nobody but that page. A design is read once, at the start; nothing is ever written.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The design that the page begins with; without one it begins with a first design, which explains itself
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The port to listen at; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = 4747)]
    port: u16,
    #[command(flatten)]
    origin: Origin,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    design::end(serve(arguments))
}

fn serve(arguments: &Arguments) -> Result<Exit, String> {
    let desk = desk(arguments)?;
    let cant = |error: io::Error| {
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => "the port is in use; `--port 0` takes any that is free".to_owned(),
            io::ErrorKind::PermissionDenied => {
                "permission denied; `--port 0` takes any that is free".to_owned()
            }
            _ => error.to_string(),
        };
        format!("can't listen at 127.0.0.1:{}: {why}", arguments.port)
    };
    let listener = web::listen(arguments.port).map_err(cant)?;
    let port = listener.local_addr().map_err(cant)?.port();
    // The page is there, whoever reads this.
    let _ = output::write(&format!("http://127.0.0.1:{port}\n"), output::look(Colour::Never));
    web::serve(listener, desk).map_err(cant)?;
    Ok(Exit::Clean)
}

fn desk(arguments: &Arguments) -> Result<Desk, String> {
    let folder = arguments.file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let config = Configurations::new(&arguments.origin).around(folder)?.settings.config.clone();
    let Some(path) = &arguments.file else {
        let files = Box::new(Included(Read::default()));
        return Ok(Desk { name: "design.arch".to_owned(), text: STARTER.to_owned(), config, files });
    };
    let (file, disk) = design::read(path, None)?;
    if file.text.len() > MOST_BYTES / 2 {
        return Err(format!("`{}` has over 1 MiB, which is more than the page takes", file.name));
    }
    let (name, text) = (file.name.clone(), file.text.clone());
    let reading = Reading { disk: &disk, read: Mutex::default() };
    check::check(file, &reading, &config);
    let read = reading.read.into_inner().unwrap_or_default();
    Ok(Desk { name, text, config, files: Box::new(Included(read)) })
}

/// What was included, by who includes it and the path that is written there.
type Read = FxHashMap<(String, String), Result<SourceFile, LoadError>>;

/// Reads what a design includes, and keeps it.
struct Reading<'a> {
    disk: &'a dyn Loader,
    read: Mutex<Read>,
}

impl Loader for Reading<'_> {
    fn load(&self, from: &str, path: &str) -> Result<SourceFile, LoadError> {
        let read = self.disk.load(from, path);
        if let Ok(mut kept) = self.read.lock() {
            kept.insert((from.to_owned(), path.to_owned()), read.clone());
        }
        read
    }
}

/// What the design included when it was read: whatever the page says, nothing else is.
struct Included(Read);

impl Loader for Included {
    fn load(&self, from: &str, path: &str) -> Result<SourceFile, LoadError> {
        let unread = || {
            LoadError::Unreadable(
                "the page has only what its design included at the start: save this one, and start with it"
                    .to_owned(),
            )
        };
        self.0.get(&(from.to_owned(), path.to_owned())).cloned().unwrap_or_else(|| Err(unread()))
    }
}
