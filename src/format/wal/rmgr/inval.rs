//! Cache invalidation messages (`SharedInvalidationMessage`, storage/sinval.h): in commits, in
//! Standby/INVALIDATIONS and from 18 on in Heap/INPLACE.
//!
//! ```text
//! 0 id | 4 dbId | 8 hashValue, catId or relId                    16 bytes each
//! 0 id | 1 backend_hi | 2 backend_lo | 4 rlocator                of smgr
//! ```
use super::Desc;
use super::array::{Array, Element, one};
use crate::format::bytes::u32;
use crate::format::error::Parse;
use crate::types::{Oid, RelFileLocator};
use std::fmt::{self, Write};

/// One message: what others must forget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", tag = "message")]
pub enum Invalidation {
    /// `SharedInvalCatcacheMsg`: entries of one catalog cache.
    Catcache {
        /// The cache (`SysCacheIdentifier`), 0 or more.
        id: i8,
        /// Database, 0 for a shared catalog.
        database: Oid,
        /// Hash value of the entry's key.
        hash_value: u32,
    },
    /// `SHAREDINVALCATALOG_ID`: all entries of a catalog.
    Catalog {
        /// Database, 0 for a shared catalog.
        database: Oid,
        /// The catalog.
        catalog: Oid,
    },
    /// `SHAREDINVALRELCACHE_ID`: one relation's description.
    Relcache {
        /// Database, 0 for a shared relation.
        database: Oid,
        /// The relation, 0 for all.
        relation: Oid,
    },
    /// `SHAREDINVALSMGR_ID`: open files of a relation.
    Smgr {
        /// The backend whose temporary relation it is, -1 for none.
        backend: i32,
        /// The relation's files.
        locator: RelFileLocator,
    },
    /// `SHAREDINVALRELMAP_ID`: a relation map.
    Relmap {
        /// Database, 0 for the shared catalogs.
        database: Oid,
    },
    /// `SHAREDINVALSNAPSHOT_ID`: snapshots of a catalog without a cache.
    Snapshot {
        /// Database, 0 for a shared catalog.
        database: Oid,
        /// The catalog.
        relation: Oid,
    },
    /// `SHAREDINVALRELSYNC_ID` (18 and later): what publications say of a relation.
    Relsync {
        /// Database.
        database: Oid,
        /// The relation, 0 for all.
        relation: Oid,
    },
    /// A kind that no major has.
    Unrecognized {
        /// The kind, below 0.
        id: i8,
    },
}

/// Messages one after another.
pub type Invalidations<'a> = Array<'a, Invalidation>;

impl Element for Invalidation {
    const SIZE: usize = 16;

    fn read(bytes: &[u8]) -> Option<Self> {
        let (&[id, backend_hi, low, high], rest) = bytes.split_first_chunk()?;
        let id = id.cast_signed();
        let (rest, first) = u32(rest).ok()?;
        let (_, second) = u32(rest).ok()?;
        let (database, relation) = (Oid(first), Oid(second));
        Some(match id {
            0.. => Self::Catcache { id, database, hash_value: second },
            -1 => Self::Catalog { database, catalog: relation },
            -2 => Self::Relcache { database, relation },
            -3 => {
                let backend_hi = i32::from(backend_hi.cast_signed());
                let backend = backend_hi << 16 | i32::from(u16::from_le_bytes([low, high]));
                Self::Smgr { backend, locator: one(bytes.get(4..)?).ok()?.1 }
            }
            -4 => Self::Relmap { database },
            -5 => Self::Snapshot { database, relation },
            -6 => Self::Relsync { database, relation },
            _ => Self::Unrecognized { id },
        })
    }
}

/// Reads a count and as many messages (`xl_xact_invals`).
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub fn counted(input: &[u8]) -> Parse<'_, Invalidations<'_>> {
    let (rest, nmsgs) = u32(input)?;
    Array::parse(nmsgs as usize)(rest)
}

impl Invalidation {
    fn desc(self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::Catcache { id, .. } => write!(out, " catcache {id}"),
            Self::Catalog { catalog, .. } => write!(out, " catalog {catalog}"),
            Self::Relcache { relation, .. } => write!(out, " relcache {relation}"),
            Self::Smgr { .. } => out.text(" smgr"),
            Self::Relmap { database } => write!(out, " relmap db {database}"),
            Self::Snapshot { relation, .. } => write!(out, " snapshot {relation}"),
            Self::Relsync { relation, .. } => write!(out, " relsync {relation}"),
            Self::Unrecognized { id } => write!(out, " unrecognized id {id}"),
        }
    }
}

/// Writes what `standby_desc_invalidations` (access/rmgrdesc/standbydesc.c) does: nothing without
/// messages. `init_file` is the database and tablespace whose relation cache init file goes.
///
/// # Errors
/// None but what `out` gives.
pub fn desc(
    messages: impl Iterator<Item = Invalidation>,
    init_file: Option<(Oid, Oid)>,
    out: &mut Desc<'_>,
) -> fmt::Result {
    let mut messages = messages.peekable();
    if messages.peek().is_none() {
        return Ok(());
    }
    if let Some((database, tablespace)) = init_file {
        write!(out, "; relcache init file inval dbid {database} tsid {tablespace}")?;
    }
    out.text("; inval msgs:")?;
    messages.try_for_each(|message| message.desc(out))
}
