//! Memory that threads fill and the one that puts their answers together empties: fresh memory costs
//! more than what is written to it.
use std::sync::{Mutex, PoisonError};

/// Lists that were emptied, to be filled again.
#[derive(Debug)]
pub(super) struct Pool<T>(Mutex<Vec<Vec<T>>>);

impl<T> Pool<T> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    pub(super) fn take(&self) -> Vec<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    pub(super) fn give(&self, mut list: Vec<T>) {
        list.clear();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(list);
    }
}
