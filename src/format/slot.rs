//! pg_replslot/*/state (`ReplicationSlotOnDisk`, replication/slot.c): a replication slot.
//!
//! ```text
//! 0 magic | 4 checksum | 8 version | 12 length | 16 ReplicationSlotPersistentData
//! ```
//! Version and length together tell every shape there has been, whatever wrote the directory, so
//! no layout is asked for: 2 with 160 bytes (12), 168 (13), 184 (14, 15); 3 (16); 5 (from 17).
use super::bytes::{flag, skip, take, u8, u32, u64, until_nul};
use super::error::{Fault, Parse, ParseError, parse_at, stop};
use crate::types::{Lsn, Oid, Xid};
use serde::Serialize;
use std::fmt;

/// `SLOT_MAGIC`.
const MAGIC: u32 = 0x0105_1CA1;

/// A slot as saved, under the C names. What some versions lack is an `Option`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlotState {
    /// Version of the file's format.
    pub version: u32,
    /// Name.
    pub name: String,
    /// Database of a logical slot; 0 makes it a physical one.
    pub database: Oid,
    /// Whether it outlives the server or its session.
    pub persistency: Persistency,
    /// Rows that this transaction and later ones deleted are kept, invalid for none.
    pub xmin: Xid,
    /// The same, of rows in catalogs.
    pub catalog_xmin: Xid,
    /// WAL from here on is kept, invalid for none.
    pub restart_lsn: Lsn,
    /// `restart_lsn` as it was when the slot was invalidated (13 to 15).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invalidated_at: Option<Lsn>,
    /// Why it was invalidated (16 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invalidated: Option<Invalidation>,
    /// How far a logical slot's client has confirmed.
    pub confirmed_flush: Lsn,
    /// Where two-phase decoding was switched on (14 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub two_phase_at: Option<Lsn>,
    /// Whether prepared transactions are decoded (14 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub two_phase: Option<bool>,
    /// Output plugin of a logical slot.
    pub plugin: String,
    /// Whether it was copied from a primary (17 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub synced: Option<bool>,
    /// Whether standbys copy it (17 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failover: Option<bool>,
    /// CRC-32C as stored.
    pub checksum: u32,
    /// CRC-32C of the bytes after it.
    pub computed_checksum: u32,
}

/// `ReplicationSlotPersistency`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Persistency {
    /// Outlives restarts.
    Persistent,
    /// Being created: removed when the server starts.
    Ephemeral,
    /// Ends with its session: removed when the server starts.
    Temporary,
    /// No value that any release writes.
    Unknown(u32),
}

/// `ReplicationSlotInvalidationCause`; displays as pg_replication_slots does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Invalidation {
    /// It is valid.
    None,
    /// WAL it needed was removed.
    WalRemoved,
    /// Rows it needed were removed.
    RowsRemoved,
    /// The primary's wal_level was too low.
    WalLevel,
    /// It was idle for longer than idle_replication_slot_timeout (18 and later).
    IdleTimeout,
    /// No value that any release writes.
    Unknown(u32),
}

/// Which fields the persistent data has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// 12.
    Plain,
    /// 13: `invalidated_at`.
    InvalidatedAt,
    /// 14, 15: two-phase decoding.
    TwoPhase,
    /// 16: the cause instead of `invalidated_at`.
    Cause,
    /// From 17: `synced` and `failover`.
    Failover,
}

impl Shape {
    /// By `version` and `length` of the file.
    const fn of(version: u32, length: u32) -> Option<Self> {
        match (version, length) {
            (2, 160) => Some(Self::Plain),
            (2, 168) => Some(Self::InvalidatedAt),
            (2, 184) => Some(Self::TwoPhase),
            (3, 184) => Some(Self::Cause),
            (5, 184) => Some(Self::Failover),
            _ => None,
        }
    }
}

/// What lies between `restart_lsn` and the plugin's name.
struct Middle {
    invalidated_at: Option<Lsn>,
    invalidated: Option<Invalidation>,
    confirmed_flush: Lsn,
    two_phase_at: Option<Lsn>,
    two_phase: Option<bool>,
}

impl SlotState {
    /// Reads a whole state file.
    ///
    /// # Errors
    /// [`Fault::Truncated`]; [`Fault::Unexpected`] for a wrong magic number or a version and
    /// length that no release writes together. A checksum that does not fit is kept.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        parse_at(bytes, 0, "ReplicationSlotOnDisk", Self::file)
    }

    fn file(input: &[u8]) -> Parse<'_, Self> {
        let (rest, magic) = u32(input)?;
        if magic != MAGIC {
            let found = u64::from(magic);
            return stop(input, Fault::Unexpected { field: "magic", found, expected: "0x1051CA1" });
        }
        let (covered, checksum) = u32(rest)?;
        let (after_version, version) = u32(covered)?;
        let (rest, length) = u32(after_version)?;
        let Some(shape) = Shape::of(version, length) else {
            return match version {
                2 | 3 | 5 => {
                    stop(after_version, unexpected("length", length, "that of its version"))
                }
                _ => stop(covered, unexpected("version", version, "2, 3 or 5")),
            };
        };
        let (_, data) = take(length as usize)(rest)?;
        let (_, checked) = take((length as usize).saturating_add(8))(covered)?;
        let (rest, slot) = Self::data(data, shape)?;
        let computed_checksum = crc32c::crc32c(checked);
        Ok((rest, Self { version, checksum, computed_checksum, ..slot }))
    }

    fn data(input: &[u8], shape: Shape) -> Parse<'_, Self> {
        let (rest, name) = take(64)(input)?;
        let (rest, database) = u32(rest)?;
        let (rest, persistency) = u32(rest)?;
        let (rest, xmin) = u32(rest)?;
        let (rest, catalog_xmin) = u32(rest)?;
        let (rest, restart_lsn) = u64(rest)?;
        let (rest, middle) = Middle::parse(rest, shape)?;
        let (rest, plugin) = take(64)(rest)?;
        let (rest, synced, failover) = if shape == Shape::Failover {
            let (rest, synced) = flag(rest)?;
            let (rest, failover) = flag(rest)?;
            (rest, Some(synced), Some(failover))
        } else {
            (rest, None, None)
        };
        let slot = Self {
            version: 0,
            name: name_text(name),
            database: Oid(database),
            persistency: Persistency::from(persistency),
            xmin: Xid(xmin),
            catalog_xmin: Xid(catalog_xmin),
            restart_lsn: Lsn(restart_lsn),
            invalidated_at: middle.invalidated_at,
            invalidated: middle.invalidated,
            confirmed_flush: middle.confirmed_flush,
            two_phase_at: middle.two_phase_at,
            two_phase: middle.two_phase,
            plugin: name_text(plugin),
            synced,
            failover,
            checksum: 0,
            computed_checksum: 0,
        };
        Ok((rest, slot))
    }

    /// Whether the checksum fits.
    pub const fn checksum_ok(&self) -> bool {
        self.checksum == self.computed_checksum
    }

    /// Whether it is of a database, for logical decoding.
    pub const fn is_logical(&self) -> bool {
        self.database.is_valid()
    }

    /// Whether it was invalidated: it keeps neither WAL nor rows any more.
    pub fn is_invalidated(&self) -> bool {
        let by_cause = self.invalidated.is_some_and(|cause| cause != Invalidation::None);
        by_cause || self.invalidated_at.is_some_and(Lsn::is_valid) && !self.restart_lsn.is_valid()
    }
}

impl Middle {
    fn parse(input: &[u8], shape: Shape) -> Parse<'_, Self> {
        let lsn = |input| u64(input).map(|(rest, lsn)| (rest, Lsn(lsn)));
        let (rest, invalidated_at, invalidated) = match shape {
            Shape::Plain => (input, None, None),
            Shape::InvalidatedAt | Shape::TwoPhase => {
                lsn(input).map(|(rest, at)| (rest, Some(at), None))?
            }
            Shape::Cause | Shape::Failover => {
                let (rest, cause) = u32(input)?;
                let (rest, ()) = skip(4)(rest)?;
                (rest, None, Some(Invalidation::from(cause)))
            }
        };
        let (rest, confirmed_flush) = lsn(rest)?;
        let (rest, two_phase_at, two_phase) = match shape {
            Shape::Plain | Shape::InvalidatedAt => (rest, None, None),
            Shape::TwoPhase | Shape::Cause | Shape::Failover => {
                let (rest, at) = lsn(rest)?;
                let (rest, on) = u8(rest)?;
                (rest, Some(at), Some(on != 0))
            }
        };
        let middle = Self { invalidated_at, invalidated, confirmed_flush, two_phase_at, two_phase };
        Ok((rest, middle))
    }
}

fn unexpected(field: &'static str, found: u32, expected: &'static str) -> Fault {
    Fault::Unexpected { field, found: u64::from(found), expected }
}

fn name_text(field: &[u8]) -> String {
    String::from_utf8_lossy(until_nul(field)).into_owned()
}

impl From<u32> for Persistency {
    fn from(value: u32) -> Self {
        match value {
            0 => Self::Persistent,
            1 => Self::Ephemeral,
            2 => Self::Temporary,
            other => Self::Unknown(other),
        }
    }
}

impl From<u32> for Invalidation {
    fn from(value: u32) -> Self {
        match value {
            0 => Self::None,
            1 => Self::WalRemoved,
            2 => Self::RowsRemoved,
            // 16 and 17 count, from 18 on each cause is a bit: no value means two things.
            3 | 4 => Self::WalLevel,
            8 => Self::IdleTimeout,
            other => Self::Unknown(other),
        }
    }
}

impl fmt::Display for Invalidation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "",
            Self::WalRemoved => "wal_removed",
            Self::RowsRemoved => "rows_removed",
            Self::WalLevel => "wal_level_insufficient",
            Self::IdleTimeout => "idle_timeout",
            Self::Unknown(other) => return write!(f, "unknown cause {other}"),
        })
    }
}

impl Serialize for Invalidation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::SlotState;

    #[test]
    fn a_version_and_length_that_no_release_writes_are_refused() {
        let file = |version: u32, length: u32| {
            [0x0105_1CA1, 0, version, length].map(u32::to_le_bytes).concat()
        };
        let error = |bytes: &[u8]| SlotState::parse(bytes).unwrap_err().to_string();
        let expected = "ReplicationSlotOnDisk at 0x8: version is 9, expected 2, 3 or 5";
        assert_eq!(error(&file(9, 184)), expected);
        let expected =
            "ReplicationSlotOnDisk at 0xc: length is 4000000000, expected that of its version";
        assert_eq!(error(&file(5, 4_000_000_000)), expected);
        let expected = "ReplicationSlotOnDisk at 0x10: needs 160 bytes, 0 left";
        assert_eq!(error(&file(2, 160)), expected);
    }
}
