//! pg_class by what WAL says of it: which rows its records insert, update and delete, and which rows
//! lie on its full-page images. Names of files that no row has any more come from here, and what
//! DDL a transaction did.
//!
//! Threads keep the few records that matter ([`Watch`]); they are gone through in order afterwards
//! ([`ClassLog`]).
mod pages;
mod watch;

pub use watch::{Kept, Watch};

use crate::cluster::{Cluster, Relation};
use crate::format::wal::rmgr::heap::Heap;
use crate::format::wal::rmgr::heap2::{Heap2, MultiInsert};
use crate::format::wal::rmgr::{Body, relmap};
use crate::format::wal::{BlockRef, Record};
use crate::layout::Dialect;
use crate::types::{Fork, Lsn, OffsetNumber, Oid, RelFileLocator, RelFileNumber, Xid};
use pages::{Pages, Slot};
use std::collections::{HashMap, HashSet};

/// pg_class's own oid, and the filenode that initdb gives it (catalog/pg_class.h).
pub(super) const PG_CLASS: Oid = Oid(1259);

/// `RM_RELMAP_ID` (access/rmgrlist.h).
const RM_RELMAP_ID: u8 = 7;

/// A row of pg_class changed.
#[derive(Debug, Clone)]
pub struct ClassChange {
    /// The record that did it.
    pub lsn: Lsn,
    /// The (sub)transaction.
    pub xid: Xid,
    /// Whose pg_class it is.
    pub database: Oid,
    /// What was done to the row.
    pub kind: ChangeKind,
    /// The row before; `None` if it was inserted, or if WAL does not tell it.
    pub before: Option<Relation>,
    /// The row after; `None` if it was deleted, or if WAL does not tell it.
    pub after: Option<Relation>,
}

/// What was done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Inserted.
    Insert,
    /// Replaced by a new version.
    Update,
    /// Deleted.
    Delete,
}

/// What was learnt so far. Memory is bounded by the pages of pg_class that WAL touches and the
/// filenodes that their rows had.
#[derive(Debug)]
pub struct ClassLog<'c> {
    cluster: &'c Cluster,
    dialect: Dialect,
    /// Where each database's pg_class is or was.
    homes: HashSet<(Oid, RelFileNumber)>,
    /// Temporary doubles, by database and oid: see [`double_of`].
    doubles: HashSet<(Oid, Oid)>,
    pages: Pages,
    /// The row that had a filenode, the last one seen, and who gave it the filenode.
    rows: HashMap<RelFileLocator, (Relation, Xid)>,
    /// Mapped catalogs by filenodes that maps in WAL gave them.
    mapped: HashMap<RelFileLocator, Oid>,
}

impl<'c> ClassLog<'c> {
    /// Knows nothing yet.
    pub fn new(cluster: &'c Cluster, watch: &Watch) -> Self {
        Self {
            cluster,
            dialect: *cluster.dialect(),
            homes: watch.homes().collect(),
            doubles: HashSet::new(),
            pages: Pages::default(),
            rows: HashMap::new(),
            mapped: HashMap::new(),
        }
    }

    /// The last row seen of each filenode, of temporary doubles only where nothing else had it; and
    /// the (sub)transaction that wrote the first one.
    pub const fn rows(&self) -> &HashMap<RelFileLocator, (Relation, Xid)> {
        &self.rows
    }

    /// The mapped catalogs by filenodes that maps in WAL gave them.
    pub const fn mapped(&self) -> &HashMap<RelFileLocator, Oid> {
        &self.mapped
    }

    /// Where each database's pg_class is or was.
    pub(super) fn homes(&self) -> Vec<(Oid, RelFileNumber)> {
        let mut homes: Vec<_> = self.homes.iter().copied().collect();
        homes.sort_unstable();
        homes
    }

    /// Takes a record that a [`Watch`] kept, in order, and gives the rows that it changed to `each`.
    pub fn apply(&mut self, kept: &Kept, each: &mut dyn FnMut(ClassChange)) {
        let Ok(record) = Record::parse(&kept.bytes, &self.dialect) else { return };
        match Body::parse(&record, &self.dialect) {
            Ok(Body::Relmap(update)) => self.map(&update),
            Ok(Body::Heap(heap)) => self.heap(kept.lsn, &record, &heap, each),
            Ok(Body::Heap2(Heap2::MultiInsert(rows))) => {
                self.multi_insert(kept.lsn, &record, &rows, each);
            }
            _ => self.images(&record),
        }
    }

    fn multi_insert(
        &mut self,
        lsn: Lsn,
        record: &Record<'_>,
        rows: &MultiInsert<'_>,
        each: &mut dyn FnMut(ClassChange),
    ) {
        self.images(record);
        let (Some(block), Some(tuples)) = (self.block(record, 0), rows.tuples) else { return };
        for row in tuples.iter() {
            let slot = (block.locator, block.block, row.offnum);
            self.put(slot, pages::whole(&row.tuple, record.header.xl_xid));
            let after = self.row(&block, row.offnum);
            each(change(lsn, record, &block, ChangeKind::Insert, None, after));
        }
    }

    /// A relation map replaced.
    fn map(&mut self, update: &relmap::Update) {
        for &(catalog, number) in &update.map.entries {
            let locator = RelFileLocator { tablespace: update.tsid, database: update.dbid, number };
            self.mapped.insert(locator, catalog);
            if catalog == PG_CLASS {
                self.homes.insert((update.dbid, number));
            }
        }
    }

    fn heap(
        &mut self,
        lsn: Lsn,
        record: &Record<'_>,
        heap: &Heap<'_>,
        each: &mut dyn FnMut(ClassChange),
    ) {
        let Some(block) = self.block(record, 0) else { return self.images(record) };
        match heap {
            Heap::Insert(body) => {
                self.images(record);
                if let Some(tuple) = &body.tuple {
                    let row = pages::whole(tuple, record.header.xl_xid);
                    self.put((block.locator, block.block, body.offnum), row);
                }
                let after = self.row(&block, body.offnum);
                each(change(lsn, record, &block, ChangeKind::Insert, None, after));
            }
            Heap::Delete(body) => {
                let known = self.row(&block, body.offnum);
                self.images(record);
                let before = known.or_else(|| self.row(&block, body.offnum));
                each(change(lsn, record, &block, ChangeKind::Delete, before, None));
            }
            Heap::Update(body) | Heap::HotUpdate(body) => {
                let old_block = self.block(record, 1).unwrap_or(block);
                let known = self.row(&old_block, body.old_offnum);
                self.images(record);
                let before = known.or_else(|| self.row(&old_block, body.old_offnum));
                let old = self.pages.get((old_block.locator, old_block.block, body.old_offnum));
                let new = body.new_tuple.as_ref();
                let new = new.and_then(|new| pages::joined(new, old, record.header.xl_xid));
                let slot = (block.locator, block.block, body.new_offnum);
                match new {
                    Some(bytes) => self.put(slot, bytes),
                    // Without an image, what was there before is not what is there now.
                    None if block.image.is_none() => self.pages.forget(slot),
                    None => {}
                }
                let after = self.row(&block, body.new_offnum);
                each(change(lsn, record, &block, ChangeKind::Update, before, after));
            }
            Heap::Inplace(body) => {
                self.images(record);
                if let Some(data) = body.data {
                    let slot = (block.locator, block.block, body.offnum);
                    self.pages.overwrite(slot, data.0);
                }
            }
            Heap::Truncate(_) | Heap::Confirm(_) | Heap::Lock(_) => self.images(record),
        }
    }

    /// A block of a record that is one of pg_class.
    fn block<'a>(&self, record: &Record<'a>, id: u8) -> Option<BlockRef<'a>> {
        let block = record.block(id)?;
        (block.fork == Fork::Main && self.is_class(block.locator)).then_some(*block)
    }

    fn is_class(&self, locator: RelFileLocator) -> bool {
        locator.number.0 == PG_CLASS.0 || self.homes.contains(&(locator.database, locator.number))
    }

    /// Takes the rows on the images of a record.
    fn images(&mut self, record: &Record<'_>) {
        let block_size = self.dialect.geometry.block_size;
        for block in &record.blocks {
            let Some(image) = block.image else { continue };
            if block.fork != Fork::Main || !self.is_class(block.locator) {
                continue;
            }
            let mut page = Vec::new();
            if image.restore(block_size, &mut page).is_err() {
                continue;
            }
            let new = self.pages.replace((block.locator, block.block), &page);
            for offnum in new {
                self.learn((block.locator, block.block, offnum));
            }
        }
    }

    fn put(&mut self, slot: Slot, bytes: Vec<u8>) {
        self.pages.put(slot, bytes);
        self.learn(slot);
    }

    /// Remembers whose file the row in a slot says it is.
    fn learn(&mut self, slot: Slot) {
        let Some(tuple) = self.pages.get(slot) else { return };
        let Some(row) = self.cluster.relation_of_row(slot.0.database, &tuple) else { return };
        if row.locator.number.0 == 0 || row.mapped {
            return;
        }
        if double_of(&row).is_some() {
            self.doubles.insert((row.database, row.oid));
        }
        let (known, writer) = (self.rows.get(&row.locator), tuple.header.t_xmin);
        if known.is_none_or(|(known, _)| !self.is_double(&row) || self.is_double(known)) {
            // Later versions of the row have the same file.
            let same = known.filter(|(known, _)| known.oid == row.oid);
            let writer = same.map_or(writer, |(_, writer)| *writer);
            self.rows.insert(row.locator, (row, writer));
        }
    }

    /// Whether a relation is a temporary double, or the TOAST table of one or its index, which get
    /// the old files as well.
    fn is_double(&self, row: &Relation) -> bool {
        let toasted =
            row.name.strip_prefix("pg_toast_").map(|name| name.trim_end_matches("_index"));
        let toasted = toasted.and_then(|oid| oid.parse().ok()).map(Oid);
        double_of(row).is_some()
            || toasted.is_some_and(|oid| self.doubles.contains(&(row.database, oid)))
    }

    fn row(&self, block: &BlockRef<'_>, offnum: OffsetNumber) -> Option<Relation> {
        let tuple = self.pages.get((block.locator, block.block, offnum))?;
        self.cluster.relation_of_row(block.locator.database, &tuple)
    }
}

/// The relation whose temporary double this is, into which it is rewritten (`make_new_heap`,
/// commands/cluster.c): in the end the double has the old file, and is dropped.
pub fn double_of(relation: &Relation) -> Option<Oid> {
    relation.name.strip_prefix("pg_temp_")?.parse().ok().map(Oid)
}

const fn change(
    lsn: Lsn,
    record: &Record<'_>,
    block: &BlockRef<'_>,
    kind: ChangeKind,
    before: Option<Relation>,
    after: Option<Relation>,
) -> ClassChange {
    let (xid, database) = (record.header.xl_xid, block.locator.database);
    ClassChange { lsn, xid, database, kind, before, after }
}
