//! pg_commit_ts (`CommitTimestampEntry`, access/transam/commit_ts.c): 10 bytes per transaction,
//! unaligned. Written only while track_commit_timestamp is on.
use super::Place;
use crate::format::bytes::{i64, u16};
use crate::format::error::Parse;
use crate::layout::Dialect;
use crate::types::{TimestampTz, Xid};

/// `SizeOfCommitTimestampEntry`.
pub const LEN: u32 = 10;

/// When a transaction committed, and where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitTs {
    /// Commit time.
    pub time: TimestampTz,
    /// Replication origin, 0 for none.
    pub nodeid: u16,
}

impl CommitTs {
    /// Reads an entry; `None` is one that was never written.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`].
    pub fn parse(input: &[u8]) -> Parse<'_, Option<Self>> {
        let (rest, time) = i64(input)?;
        let (rest, nodeid) = u16(rest)?;
        Ok((rest, (time != 0).then_some(Self { time: TimestampTz(time), nodeid })))
    }
}

/// The entry of `xid`.
pub fn place(xid: Xid, dialect: &Dialect) -> Place {
    super::place_of_fixed(u64::from(xid.0), LEN, &dialect.geometry)
}
