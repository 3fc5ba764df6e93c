//! Rows by where they are, as far as WAL has shown them: what replay would have on its pages, without
//! what a row's place does not need.
use crate::format::heap::{HeapTuple, TUPLE_HEADER_SIZE};
use crate::format::page::{LpFlags, Page};
use crate::format::wal::rmgr::heap::{LoggedTuple, NewTuple};
use crate::types::{BlockNumber, OffsetNumber, RelFileLocator, Xid};
use std::collections::{BTreeMap, HashMap};

/// Where a row is.
pub(super) type Slot = (RelFileLocator, BlockNumber, OffsetNumber);

/// Rows, each with its header; of rows that came in records, most of the header but t_xmin is zero.
#[derive(Debug, Default)]
pub(super) struct Pages(HashMap<(RelFileLocator, BlockNumber), Rows>);

type Rows = BTreeMap<OffsetNumber, Vec<u8>>;

impl Pages {
    pub(super) fn get(&self, (locator, block, offnum): Slot) -> Option<HeapTuple<'_>> {
        HeapTuple::parse(self.0.get(&(locator, block))?.get(&offnum)?).ok()
    }

    pub(super) fn put(&mut self, (locator, block, offnum): Slot, row: Vec<u8>) {
        self.0.entry((locator, block)).or_default().insert(offnum, row);
    }

    pub(super) fn forget(&mut self, (locator, block, offnum): Slot) {
        if let Some(rows) = self.0.get_mut(&(locator, block)) {
            rows.remove(&offnum);
        }
    }

    /// A row's attributes overwritten by others of the same length (`heap_xlog_inplace`).
    pub(super) fn overwrite(&mut self, (locator, block, offnum): Slot, data: &[u8]) {
        let rows = self.0.get_mut(&(locator, block));
        let Some(row) = rows.and_then(|rows| rows.get_mut(&offnum)) else { return };
        let t_hoff = HeapTuple::parse(row).map_or(0, |tuple| usize::from(tuple.header.t_hoff));
        if let Some(old) = row.get_mut(t_hoff..).filter(|old| old.len() == data.len()) {
            old.copy_from_slice(data);
        }
    }

    /// Takes a page as it is, and says which of its rows were not known.
    pub(super) fn replace(
        &mut self,
        at: (RelFileLocator, BlockNumber),
        page: &[u8],
    ) -> Vec<OffsetNumber> {
        let (mut rows, mut new) = (Rows::new(), Vec::new());
        let old = self.0.remove(&at).unwrap_or_default();
        if let Ok(page) = Page::parse(page) {
            for (offnum, item) in page.items() {
                if item.lp_flags() != LpFlags::Normal {
                    continue;
                }
                let Some(tuple) = HeapTuple::behind(item, &page) else { continue };
                let body = tuple.bytes.get(TUPLE_HEADER_SIZE..);
                if old.get(&offnum).and_then(|old| old.get(TUPLE_HEADER_SIZE..)) != body {
                    new.push(offnum);
                }
                rows.insert(offnum, tuple.bytes.to_vec());
            }
        }
        self.0.insert(at, rows);
        new
    }
}

/// A row as a record of `xid` has it, with a header.
pub(super) fn whole(tuple: &LoggedTuple<'_>, xid: Xid) -> Vec<u8> {
    let mut row = header(tuple, xid);
    row.extend_from_slice(tuple.data.0);
    row
}

/// The new version of a row, with what it shares with the old one (`heap_xlog_update`,
/// access/heap/heapam.c); `None` if it shares something and the old one is not known.
pub(super) fn joined(new: &NewTuple<'_>, old: Option<HeapTuple<'_>>, xid: Xid) -> Option<Vec<u8>> {
    let prefix = usize::from(new.prefixlen.unwrap_or(0));
    let suffix = usize::from(new.suffixlen.unwrap_or(0));
    if prefix == 0 && suffix == 0 {
        return Some(whole(&new.tuple, xid));
    }
    let old = old?.data()?;
    let bitmap = usize::from(new.tuple.t_hoff).checked_sub(TUPLE_HEADER_SIZE)?;
    let (bitmap, middle) = new.tuple.data.0.split_at_checked(bitmap)?;
    let mut row = header(&new.tuple, xid);
    row.extend_from_slice(bitmap);
    row.extend_from_slice(old.get(..prefix)?);
    row.extend_from_slice(middle);
    row.extend_from_slice(old.get(old.len().checked_sub(suffix)?..)?);
    Some(row)
}

fn header(tuple: &LoggedTuple<'_>, xid: Xid) -> Vec<u8> {
    let mut header = xid.0.to_le_bytes().to_vec();
    header.resize(TUPLE_HEADER_SIZE - 5, 0);
    header.extend(tuple.t_infomask2.0.to_le_bytes());
    header.extend(tuple.t_infomask.0.to_le_bytes());
    header.push(tuple.t_hoff);
    header
}
