//! Which records change pg_class, or say where it is.
use super::{PG_CLASS, RM_RELMAP_ID};
use crate::cluster::Cluster;
use crate::format::wal::{BlockRef, Record};
use crate::types::{Fork, Lsn, Oid, RelFileLocator, RelFileNumber};

/// Tells which records a [`super::ClassLog`] needs.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    /// Where pg_class is by each database's map, unless it is where initdb puts it.
    homes: Vec<(Oid, RelFileNumber)>,
}

/// A record kept for later.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Where it begins.
    pub lsn: Lsn,
    /// All of it.
    pub bytes: Box<[u8]>,
}

impl Watch {
    /// For the databases of `cluster`.
    pub fn new(cluster: &Cluster) -> Self {
        let home = |database| {
            let number = cluster.mapped_filenode(database, PG_CLASS)?;
            (number.0 != PG_CLASS.0).then_some((database.oid, number))
        };
        Self { homes: cluster.databases().iter().filter_map(home).collect() }
    }

    pub(super) fn homes(&self) -> impl Iterator<Item = (Oid, RelFileNumber)> {
        self.homes.iter().copied()
    }

    /// Whether the record is one of them.
    #[inline]
    pub fn wants(&self, record: &Record<'_>) -> bool {
        self.wants_manager(record.header.xl_rmid)
            || record.blocks.iter().any(|block| self.wants_block(block))
    }

    /// Whether all records of a resource manager are.
    #[inline]
    pub const fn wants_manager(&self, rmid: u8) -> bool {
        rmid == RM_RELMAP_ID
    }

    /// Whether all records with a block are.
    #[inline]
    pub fn wants_block(&self, block: &BlockRef<'_>) -> bool {
        let RelFileLocator { database, number, .. } = block.locator;
        (number.0 == PG_CLASS.0 || self.homes.contains(&(database, number)))
            && block.fork == Fork::Main
    }
}
