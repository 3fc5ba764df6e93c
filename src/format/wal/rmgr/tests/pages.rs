//! What records of rows and btrees say is held against the pages as they are after them: images
//! that lie beside the data, of a server that checks its replay (wal_consistency_checking).
#![expect(clippy::arithmetic_side_effects, reason = "an overflow is a failed test")]
use super::{ROWS, Recorded};
use crate::format::heap::HeapTuple;
use crate::format::index::IndexTuple;
use crate::format::page::{ItemId, LpFlags, Page};
use crate::format::wal::Record;
use crate::format::wal::rmgr::btree::{Btree, Metadata};
use crate::format::wal::rmgr::heap::{Heap, LoggedTuple, Update};
use crate::format::wal::rmgr::heap2::{FreezePlans, Heap2, PruneItems};
use crate::format::wal::rmgr::index_tuple::IndexTuples;
use crate::format::wal::rmgr::{Array, Body};
use crate::types::{OffsetNumber, Xid};
use std::collections::BTreeSet;

/// The pages of a record's images, by block id.
struct Pages {
    images: Vec<(u8, Vec<u8>)>,
    /// Whether there is a block 1.
    second: bool,
}

impl Pages {
    fn of(record: &Record<'_>) -> Self {
        let image = |block: &crate::format::wal::BlockRef<'_>| {
            let mut page = Vec::new();
            block.image?.restore(8192, &mut page).unwrap();
            Some((block.id, page))
        };
        let images = record.blocks.iter().filter_map(image).collect();
        Self { images, second: record.block(1).is_some() }
    }

    fn page(&self, id: u8) -> Option<Page<'_>> {
        let image = self.images.iter().find(|(of, _)| *of == id);
        image.map(|(_, bytes)| Page::parse(bytes).unwrap())
    }
}

fn item<'p>(page: &Page<'p>, offset: OffsetNumber) -> &'p [u8] {
    page.slice(page.item(offset).unwrap().storage()).unwrap()
}

fn row<'p>(page: &Page<'p>, offset: OffsetNumber) -> HeapTuple<'p> {
    HeapTuple::parse(item(page, offset)).unwrap()
}

fn same_row(page: &Page<'_>, offset: OffsetNumber, logged: &LoggedTuple<'_>, data: &[u8]) {
    let row = row(page, offset);
    assert_eq!((row.header.t_infomask2, row.header.t_hoff), (logged.t_infomask2, logged.t_hoff));
    assert_eq!(row.header.t_infomask, logged.t_infomask);
    assert_eq!(&row.bytes[23..], data);
}

/// The new version is what the record has between the prefix and the suffix of the old one.
fn updated(update: &Update<'_>, pages: &Pages) -> Option<()> {
    let new = pages.page(0)?;
    let old = if pages.second { pages.page(1)? } else { new };
    let before = row(&old, update.old_offnum);
    assert_eq!(before.header.t_xmax, update.old_xmax);
    assert_eq!(row(&new, update.new_offnum).header.t_xmax, update.new_xmax);
    let tuple = update.new_tuple?;
    let (head, rest) = tuple.tuple.data.0.split_at(usize::from(tuple.tuple.t_hoff) - 23);
    let values = before.data().unwrap();
    let prefix = &values[..tuple.prefixlen.unwrap_or(0).into()];
    let suffix = &values[values.len() - usize::from(tuple.suffixlen.unwrap_or(0))..];
    same_row(&new, update.new_offnum, &tuple.tuple, &[head, prefix, rest, suffix].concat());
    Some(())
}

fn pruned(items: &PruneItems<'_>, page: &Page<'_>) {
    let flags = |offset| page.item(offset).map_or(LpFlags::Unused, ItemId::lp_flags);
    for redirect in items.redirected.iter() {
        assert_eq!(flags(redirect.from), LpFlags::Redirect);
        assert_eq!(page.item(redirect.from).unwrap().lp_off(), redirect.to.0);
    }
    assert!(items.nowdead.iter().all(|offset| flags(offset) == LpFlags::Dead));
    assert!(items.nowunused.iter().all(|offset| flags(offset) == LpFlags::Unused));
}

fn frozen(plans: &FreezePlans<'_>, page: &Page<'_>) {
    for plan in plans.iter() {
        assert!(!plan.offsets.is_empty());
        for offset in plan.offsets.iter() {
            let header = row(page, offset).header;
            assert_eq!((header.t_xmax, header.t_infomask), (plan.xmax, plan.t_infomask));
            assert_eq!(header.t_infomask2, plan.t_infomask2);
        }
    }
}

fn xmax(page: Option<Page<'_>>, offset: OffsetNumber, xmax: Xid) -> Option<()> {
    assert_eq!(row(&page?, offset).header.t_xmax, xmax);
    Some(())
}

/// `None` if the record came without what it could be held against.
fn heap(body: &Heap<'_>, pages: &Pages) -> Option<()> {
    let page = pages.page(0);
    match body {
        Heap::Insert(body) => {
            let tuple = body.tuple?;
            same_row(&page?, body.offnum, &tuple, tuple.data.0);
        }
        Heap::Delete(body) => xmax(page, body.offnum, body.xmax)?,
        Heap::Update(body) | Heap::HotUpdate(body) => updated(body, pages)?,
        Heap::Lock(body) => xmax(page, body.offnum, body.xmax)?,
        Heap::Inplace(body) => {
            assert_eq!(row(&page?, body.offnum).data().unwrap(), body.data?.0);
        }
        Heap::Truncate(_) | Heap::Confirm(_) => return None,
    }
    Some(())
}

fn heap2(body: &Heap2<'_>, pages: &Pages) -> Option<()> {
    let page = pages.page(0)?;
    match body {
        Heap2::MultiInsert(body) => {
            let tuples: Vec<_> = body.tuples?.iter().collect();
            assert_eq!(tuples.len(), usize::from(body.ntuples));
            for row in tuples {
                same_row(&page, row.offnum, &row.tuple, row.tuple.data.0);
            }
        }
        Heap2::Prune(body) => pruned(body.items.as_ref()?, &page),
        Heap2::PruneFreeze(body) => {
            let after = body.page.as_ref()?;
            pruned(&after.items, &page);
            frozen(&after.plans, &page);
        }
        Heap2::Vacuum(body) => {
            let none = (Array::EMPTY, Array::EMPTY);
            let nowunused = body.nowunused?;
            pruned(&PruneItems { redirected: none.0, nowdead: none.1, nowunused }, &page);
        }
        Heap2::FreezePage(body) => frozen(body.plans.as_ref()?, &page),
        Heap2::LockUpdated(body) => xmax(Some(page), body.offnum, body.xmax)?,
        _ => return None,
    }
    Some(())
}

fn entry<'p>(page: &Page<'p>, offset: OffsetNumber) -> IndexTuple<'p> {
    IndexTuple::parse(item(page, offset)).unwrap().1
}

/// The last entry of the page comes first in the record.
fn same_entries(page: &Page<'_>, entries: &IndexTuples<'_>) {
    let on_page: Vec<_> = page.items().map(|(offset, _)| entry(page, offset)).collect();
    let mut logged: Vec<_> = entries.iter().collect();
    logged.reverse();
    assert_eq!(on_page, logged);
}

/// `BTMetaPageData`, behind the page's header.
fn same_metadata(page: &Page<'_>, metadata: &Metadata) {
    let word = |at: usize| u32::from_le_bytes(page.bytes()[24 + at..][..4].try_into().unwrap());
    assert_eq!([word(4), word(8), word(12)], [metadata.version, metadata.root.0, metadata.level]);
    assert_eq!([word(16), word(20)], [metadata.fastroot.0, metadata.fastlevel]);
    let last = metadata.oldest_btpo_xact.map(|xid| xid.0).or(metadata.last_cleanup_num_delpages);
    assert_eq!(Some(word(24)), last);
    let tuples = f64::from_le_bytes(page.bytes()[24 + 32..][..8].try_into().unwrap());
    // From 14 on the page has -1 there, and records nothing.
    assert_eq!(metadata.last_cleanup_num_heap_tuples.unwrap_or(-1.0).to_bits(), tuples.to_bits());
    if let Some(allequalimage) = metadata.allequalimage {
        assert_eq!(page.bytes()[24 + 40] != 0, allequalimage);
    }
}

/// How many rows a posting list has; `None` for an entry of one row.
fn rows(entry: &IndexTuple<'_>) -> Option<u16> {
    let offset = entry.t_tid.offset.0;
    (entry.t_info & 0x2000 != 0 && offset & 0x2000 != 0).then_some(offset & 0x0FFF)
}

fn btree(body: &Btree<'_>, pages: &Pages) -> Option<()> {
    match body {
        Btree::Insert(body) => {
            let (logged, on_page) = (body.newitem?, entry(&pages.page(0)?, body.offnum));
            assert_eq!(on_page.bytes()[6..], logged.bytes()[6..]);
            match body.postingoff {
                // It got the list's last row, and the list its row.
                Some(_) => {
                    let list = entry(&pages.page(0)?, OffsetNumber(body.offnum.0 - 1));
                    assert!(rows(&list).is_some());
                }
                None => assert_eq!(on_page.t_tid, logged.t_tid),
            }
            if let Some(metadata) = &body.metadata {
                same_metadata(&pages.page(2)?, metadata);
            }
        }
        Btree::Split(body) => {
            same_entries(&pages.page(1)?, body.rightpage.as_ref()?);
            let left = pages.page(0)?;
            assert_eq!(entry(&left, OffsetNumber(1)), body.lefthighkey?);
            if let (Some(newitem), Some(0) | None) = (body.newitem, body.postingoff) {
                assert!(left.items().any(|(offset, _)| entry(&left, offset) == newitem));
            }
        }
        Btree::Dedup(body) => {
            let page = pages.page(0)?;
            let mut gone = 0;
            for interval in body.intervals?.iter() {
                let list = entry(&page, OffsetNumber(interval.baseoff.0 - gone));
                assert!(rows(&list).unwrap() >= interval.nitems);
                gone += interval.nitems - 1;
            }
        }
        Btree::NewRoot(body) => {
            same_entries(&pages.page(0)?, body.items.as_ref()?);
            same_metadata(&pages.page(2)?, body.metadata.as_ref()?);
        }
        Btree::MetaCleanup(body) => same_metadata(&pages.page(0)?, &body.metadata),
        _ => return None,
    }
    Some(())
}

#[test]
fn what_records_say_of_rows_and_entries_is_so_on_the_page_after_them() {
    let mut seen = BTreeSet::new();
    for recorded in ROWS.lines().map(Recorded::read) {
        let dialect = recorded.dialect();
        let record = Record::parse(&recorded.bytes, &dialect).unwrap();
        let pages = Pages::of(&record);
        let held = match Body::parse(&record, &dialect).unwrap() {
            Body::Heap(body) => heap(&body, &pages),
            Body::Heap2(body) => heap2(&body, &pages),
            Body::Btree(body) => btree(&body, &pages),
            _ => None,
        };
        if held.is_some() {
            seen.insert((recorded.major.major(), recorded.manager, recorded.kind));
        }
    }
    let always = [
        ("Heap", "INSERT"),
        ("Heap", "INSERT+INIT"),
        ("Heap", "DELETE"),
        ("Heap", "UPDATE"),
        ("Heap", "UPDATE+INIT"),
        ("Heap", "HOT_UPDATE"),
        ("Heap", "LOCK"),
        ("Heap", "INPLACE"),
        ("Heap2", "MULTI_INSERT"),
        ("Heap2", "MULTI_INSERT+INIT"),
        ("Btree", "INSERT_LEAF"),
        ("Btree", "INSERT_UPPER"),
        ("Btree", "NEWROOT"),
        ("Btree", "SPLIT_L"),
        ("Btree", "SPLIT_R"),
    ];
    let mut lacking = Vec::new();
    for major in 12..20 {
        let some: &[_] = match major {
            12 => &[("Heap2", "CLEAN"), ("Heap2", "FREEZE_PAGE")],
            13 => &[("Heap2", "CLEAN"), ("Heap2", "FREEZE_PAGE"), ("Btree", "DEDUP")],
            14..=16 => &[
                ("Heap2", "PRUNE"),
                ("Heap2", "VACUUM"),
                ("Heap2", "FREEZE_PAGE"),
                ("Btree", "DEDUP"),
                ("Btree", "INSERT_POST"),
            ],
            _ => &[
                ("Heap2", "PRUNE_ON_ACCESS"),
                ("Heap2", "PRUNE_VACUUM_SCAN"),
                ("Heap2", "PRUNE_VACUUM_CLEANUP"),
                ("Btree", "DEDUP"),
                ("Btree", "INSERT_POST"),
            ],
        };
        for &(manager, kind) in always.iter().chain(some) {
            if !seen.contains(&(major, manager, kind)) {
                lacking.push(format!("{major} {manager}/{kind}"));
            }
        }
    }
    assert_eq!(lacking, [""; 0]);
}
