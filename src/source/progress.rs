//! How long work says how far it is, without knowing who listens.

/// Hears about work that takes long. Implemented by the command line; [`Quiet`] hears nothing.
pub trait Progress: Sync {
    /// `what` starts; `total` bytes will be worked on, if that is known.
    fn start(&self, what: &str, total: Option<u64>);
    /// `bytes` more are done. Called from any thread.
    fn advance(&self, bytes: u64);
    /// The work that started last is over.
    fn finish(&self);
}

/// Nobody listens.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn start(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn finish(&self) {}
}
