//! Who is connected: no more than a machine bears. Where it is full, whoever has waited longest without a question leaves, so that
//! a newcomer gets in at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

/// So many connections are open at once.
const MOST: usize = 64;

/// All who are connected.
#[derive(Clone, Default)]
pub(super) struct Guests(Arc<Mutex<Present>>);

#[derive(Default)]
struct Present {
    next: u64,
    /// In the order in which they came; with what sends one away who has asked nothing yet.
    guests: BTreeMap<u64, Option<AbortHandle>>,
}

impl Guests {
    /// Lets somebody in; nobody where all have asked and wait for their answers.
    pub(super) fn enter(&self) -> Option<Guest> {
        let mut present = self.present();
        if present.guests.len() >= MOST {
            let (number, idle) =
                present.guests.iter().find_map(|(number, it)| Some((*number, it.clone()?)))?;
            idle.abort();
            present.guests.remove(&number);
        }
        let number = present.next;
        present.next += 1;
        present.guests.insert(number, None);
        Some(Guest { number, all: self.clone() })
    }

    /// Says how a guest is sent away, until it has asked.
    pub(super) fn may_be_sent_away(&self, number: u64, way: AbortHandle) {
        // Who has left already is not taken in again.
        if let Some(guest) = self.present().guests.get_mut(&number) {
            *guest = Some(way);
        }
    }

    fn present(&self) -> MutexGuard<'_, Present> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who is connected, and leaves when this ends.
pub(super) struct Guest {
    pub(super) number: u64,
    all: Guests,
}

impl Guest {
    /// It has asked, and stays until it is answered.
    pub(super) fn has_asked(&self) {
        if let Some(guest) = self.all.present().guests.get_mut(&self.number) {
            *guest = None;
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.all.present().guests.remove(&self.number);
    }
}
