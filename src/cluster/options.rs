//! How to open a cluster, and why one cannot be opened.
use crate::layout::PgVersion;

/// What the user says about the input. Sizes serve where nothing in the input tells them; the
/// version overrides whatever the input says.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenOptions {
    /// Read it as this major version, whatever it says itself.
    pub pg_version: Option<PgVersion>,
    /// Bytes in a block of a relation.
    pub block_size: Option<u32>,
    /// Bytes in a full segment file of a relation.
    pub segment_size: Option<u64>,
    /// Bytes in a block of WAL.
    pub wal_block_size: Option<u32>,
    /// Bytes in a WAL segment.
    pub wal_segment_size: Option<u32>,
}

/// Why an input cannot be opened as a cluster. Each message is one sentence for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each message says what its fields are")]
pub enum OpenError {
    #[error(
        "{witness} says PostgreSQL {major}, which is newer than the {newest} that is known here; --pg-version reads it as another major"
    )]
    TooNew { witness: String, major: u32, newest: u16 },
    #[error(
        "{witness} says PostgreSQL {version}, which is older than the {oldest} that can be read"
    )]
    TooOld { witness: String, version: String, oldest: u16 },
    #[error("unsupported: {witness} was written on a big-endian machine")]
    BigEndian { witness: String },
    #[error(
        "unsupported: {witness} was written with data aligned to {max_align} bytes (a 32-bit machine)"
    )]
    Alignment { witness: String, max_align: u32 },
    #[error("unsupported: the cluster is encrypted ({evidence})")]
    Encrypted { evidence: String },
    #[error("nothing here tells which PostgreSQL wrote it ({looked_at}); --pg-version does")]
    NoVersion { looked_at: String },
    #[error("{size} is no {what}: expected a power of two from {least} to {most}")]
    Size { what: &'static str, size: u64, least: u64, most: u64 },
    #[error(
        "{0} is not a PostgreSQL data directory: it has neither PG_VERSION nor global nor base"
    )]
    NotACluster(String),
    #[error(transparent)]
    Read(#[from] crate::source::ReadError),
}
