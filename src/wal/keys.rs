//! Values of index tuples in records, by the columns that the catalogs of the copy give the index.
use super::names::Names;
use crate::cluster::IndexShape;
use crate::format::wal::Record;
use crate::format::wal::rmgr::{Body, tuples};
use crate::report::wal::tuple::TupleRow;
use crate::types::{Oid, RelFileLocator};
use std::collections::HashMap;
use std::sync::OnceLock;

/// What the tuples of indexes hold. Look-ups are cheap and thread-safe; the catalogs of a database
/// are read when it is first asked for.
#[derive(Debug)]
pub struct Keys<'n> {
    names: &'n Names<'n>,
    /// By database, as [`Names`] has them.
    shapes: Vec<OnceLock<HashMap<Oid, IndexShape<'n>>>>,
}

impl<'n> Keys<'n> {
    /// By the catalogs that name relations; without a copy there are no values.
    pub fn new(names: &'n Names<'n>) -> Self {
        Self { shapes: (0..names.databases()).map(|_| OnceLock::new()).collect(), names }
    }

    /// The values of the tuples that a record puts on pages, each with what the record calls the
    /// block. Only of indexes whose current file it is: what the columns of a former one were, the
    /// catalogs do not tell any more.
    pub fn of<'a>(&self, record: &Record<'a>, body: &Body<'a>) -> Vec<(u8, TupleRow)> {
        let tuples = tuples(record, body);
        let Some(shape) = tuples
            .first()
            .and_then(|first| record.block(first.block_id))
            .and_then(|block| self.shape(block.locator))
        else {
            return Vec::new();
        };
        let mut rows = Vec::with_capacity(tuples.len());
        for logged in &tuples {
            for (attnum, keys) in shape.logged(&logged.tuple).unwrap_or_default() {
                rows.push((logged.block_id, TupleRow { field: logged.field, attnum, keys }));
            }
        }
        rows
    }

    fn shape(&self, locator: RelFileLocator) -> Option<&IndexShape<'n>> {
        let named = self.names.get(locator).filter(|named| named.old.is_none())?;
        let (cluster, at) = self.names.place(locator.database)?;
        let read = || cluster.index_shapes(locator.database, &|_| true);
        self.shapes.get(at)?.get_or_init(read).get(&named.oid)
    }
}
