//! Prepared transactions (pg_twophase/*).
use crate::types::{Oid, TimestampTz, Xid};

/// One transaction prepared for two-phase commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Its transaction id.
    pub xid: Xid,
    /// Its global identifier.
    pub gid: String,
    /// When it was prepared.
    pub prepared_at: TimestampTz,
    /// The role that prepared it.
    pub owner: Oid,
    /// Its database.
    pub database: Oid,
    /// Its committed subtransactions.
    pub subxacts: Vec<Xid>,
}
