//! What a run has read of the disk: a file that many designs include is read once, and says the same to all of them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use crate::check::LoadError;
use crate::syntax::MAX_BYTES;

/// As many bytes are kept; what goes beyond is read again.
const MOST: usize = MAX_BYTES;

type Read = Arc<OnceLock<Result<Arc<str>, LoadError>>>;

/// Texts by the real paths of their files.
#[derive(Debug, Default)]
pub(super) struct Memory {
    texts: Mutex<FxHashMap<PathBuf, Read>>,
    bytes: AtomicUsize,
}

impl Memory {
    /// The text of a file, which is read if nobody has; two that ask at the same time wait for the same reading.
    pub(super) fn text(
        &self,
        path: &Path,
        read: impl FnOnce() -> Result<String, LoadError>,
    ) -> Result<String, LoadError> {
        let place = {
            let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(texts.entry(path.to_owned()).or_default())
        };
        let mut is_new = false;
        let text = place.get_or_init(|| {
            is_new = true;
            read().map(Arc::from)
        });
        let bytes = text.as_ref().map_or(0, |text| text.len());
        if is_new && self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes > MOST {
            self.bytes.fetch_sub(bytes, Ordering::Relaxed);
            self.texts.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
        }
        text.clone().map(|text| text.as_ref().to_owned())
    }
}
