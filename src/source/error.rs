//! Why the bytes of a file could not be had.

/// A file or directory of the source that could not be read. Ends the work on that part of that
/// file, never that on the rest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind}")]
pub struct ReadError {
    /// Relative to the data directory; the input's own path if the input itself is meant.
    pub path: String,
    /// The reason.
    pub kind: ReadErrorKind,
}

/// The reason of a [`ReadError`]. Absent, unreadable and empty are three different answers, and the
/// last is no error at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each message says what its fields are")]
pub enum ReadErrorKind {
    #[error("no such file or directory")]
    Absent,
    #[error("permission denied")]
    Denied,
    #[error("is a directory, not a file")]
    IsDirectory,
    #[error("is a file, not a directory")]
    NotADirectory,
    #[error("is neither a file nor a directory")]
    NotAFile,
    #[error("is larger than the {limit} bytes it may have")]
    TooLarge { limit: u64 },
    #[error(
        "no space left in {directory} after {written} bytes were unpacked there: \
         name a directory with more room by --temp-dir or TMPDIR"
    )]
    NoSpace { directory: String, written: u64 },
    #[error("{0}")]
    Archive(String),
    #[error("{0}")]
    Io(String),
}

impl ReadError {
    /// `kind` at `path`.
    pub fn new(path: impl Into<String>, kind: ReadErrorKind) -> Self {
        Self { path: path.into(), kind }
    }

    /// What the operating system said about `path`.
    pub(super) fn io(path: impl Into<String>, error: &std::io::Error) -> Self {
        use std::io::ErrorKind as Os;
        let kind = match error.kind() {
            Os::NotFound => ReadErrorKind::Absent,
            Os::PermissionDenied => ReadErrorKind::Denied,
            Os::IsADirectory => ReadErrorKind::IsDirectory,
            Os::NotADirectory => ReadErrorKind::NotADirectory,
            _ => ReadErrorKind::Io(error.to_string()),
        };
        Self::new(path, kind)
    }

    /// Whether there is nothing at that path, as opposed to something that cannot be read.
    pub fn is_absent(&self) -> bool {
        self.kind == ReadErrorKind::Absent
    }
}
