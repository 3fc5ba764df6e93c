//! Which records change pg_class, or say where it is.
use super::{ClassLog, PG_CLASS, RM_RELMAP_ID};
use crate::cluster::Cluster;
use crate::format::wal::{BlockRef, Record};
use crate::types::{Fork, Lsn, Oid, RelFileLocator, RelFileNumber};

/// Files of pg_class that are watched beside those that initdb makes.
const MOST_HOMES: usize = 256;

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

    /// Also where `history` has learnt that pg_class was put since, or was before (VACUUM FULL). Gives
    /// whether that is more: then records were missed, for the rows are written before the map is.
    pub fn learn(&mut self, history: &ClassLog<'_>) -> bool {
        let known = self.homes.len();
        for home in history.homes() {
            let watched = home.1.0 == PG_CLASS.0 || self.homes.contains(&home);
            if !watched && self.homes.len() < MOST_HOMES {
                self.homes.push(home);
            }
        }
        self.homes.len() > known
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
