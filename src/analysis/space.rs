//! Free space: what the map promises of each page, and what the page has (storage/freespace).
use super::index::{Method, Role};
use super::scan::{Items, Observer, PageView, Sink, TupleView, map_page};
use crate::cluster::{Cluster, Relation};
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::fork::fsm::{FsmPage, avail, category};
use crate::format::index::{bloom, brin};
use crate::format::page::{HEADER_SIZE, PageHeader};
use crate::report::space::FreeSpaceMap;
use crate::source::relation::RelationFiles;
use crate::types::{BlockNumber, Fork};

/// Bytes of a line pointer.
const LINE_POINTER: u64 = 4;
/// The last block of an SP-GiST index that is never given away (`SPGIST_NULL_BLKNO`).
const SPGIST_LAST_ROOT: u32 = 2;

/// Compares the map of one relation with its pages.
#[derive(Debug, Clone)]
pub struct SpaceScan {
    of: Of,
    block_size: u32,
    seen: FreeSpaceMap,
}

/// What the pages are, by which their free space is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Those of a table.
    Table,
    /// Those of an index.
    Index(Method),
}

impl SpaceScan {
    /// Nothing seen yet of a relation with blocks of that many bytes.
    pub fn new(of: Of, block_size: u32) -> Self {
        Self { of, block_size, seen: FreeSpaceMap::default() }
    }

    /// The comparison, if the relation has a map and it can be told what that is about.
    pub fn finish(
        self,
        cluster: &Cluster,
        relation: &Relation,
        found: &mut Findings,
    ) -> Option<FreeSpaceMap> {
        if self.of == Of::Index(Method::Other) {
            return None;
        }
        let map = cluster.files(relation, Fork::Fsm).ok().filter(|map| !map.is_absent())?;
        let end = cluster.files(relation, Fork::Main).ok()?.blocks();
        let (past_end, first) = past_end(cluster, &map, end);
        // Recovery makes blocks, and cuts maps.
        if let Some(block) = first.filter(|_| cluster.recovery_from().is_none()) {
            let evidence = format!("room on {past_end} blocks, the first is {block}, of {end}");
            found.push(past_end_finding(cluster, relation, &map, block, evidence));
        }
        Some(FreeSpaceMap { past_end, ..self.seen })
    }

    /// Counts a page with `free` bytes.
    fn add(&mut self, promised: u8, free: u64) {
        let real = category(u32::try_from(free).unwrap_or(u32::MAX), self.block_size);
        let promised = u64::from(avail(promised, self.block_size));
        let free = u64::from(avail(real, self.block_size));
        let seen = &mut self.seen;
        seen.avail += promised;
        seen.free += free;
        seen.overstated_pages += u64::from(promised > free);
        seen.overstated += promised.saturating_sub(free);
        seen.understated_pages += u64::from(promised < free);
        seen.understated += free.saturating_sub(promised);
    }

    /// Bytes of a page of an index that the map should promise.
    fn of_index(&self, method: Method, view: &PageView<'_>) -> u64 {
        let page = &view.page;
        let whole = match method {
            Method::Brin => return brin_free_space(view),
            Method::Bloom => bloom::Opaque::of(page).is_ok_and(|opaque| opaque.is_deleted()),
            Method::Spgist => {
                let meta = method.role(page).is_ok_and(|role| role == Role::Meta);
                !meta && view.block > SPGIST_LAST_ROOT && page.item_count() == 0
            }
            _ => method.role(page).is_ok_and(|role| role == Role::Deleted),
        };
        if whole { self.whole_page() } else { 0 }
    }

    /// What `RecordFreeIndexPage` (storage/freespace/indexfsm.c) says of a page.
    fn whole_page(&self) -> u64 {
        u64::from(self.block_size).saturating_sub(1)
    }
}

impl Observer for SpaceScan {
    #[inline]
    fn tuple(&mut self, _: &PageView<'_>, _: &TupleView<'_>, _: &mut Sink<'_>) {}

    fn page(&mut self, page: &PageView<'_>, items: &Items, _: &mut Sink<'_>) {
        self.add(page.fsm, heap_free_space(&page.header, items, self.block_size));
    }

    fn index_page(&mut self, page: &PageView<'_>, _: &mut Sink<'_>) {
        if let Of::Index(method) = self.of {
            let free = self.of_index(method, page);
            self.add(page.fsm, free);
        }
    }

    fn new_page(&mut self, page: &PageView<'_>) {
        self.add(page.fsm, self.whole_page());
    }

    fn lost_page(&mut self, _: u32) {}

    fn merge(&mut self, later: Self) {
        self.seen.add(&later.seen);
    }
}

/// `PageGetHeapFreeSpace` (storage/page/bufpage.c): room for one more tuple, none if no line pointer
/// can be had any more.
pub fn heap_free_space(header: &PageHeader, items: &Items, block_size: u32) -> u64 {
    let free_line = header.has_free_lines() && items.unused > 0;
    let full = u64::from(items.all) >= max_heap_tuples(block_size) && !free_line;
    if full { 0 } else { free_space(header) }
}

/// `MaxHeapTuplesPerPage` (access/htup_details.h): as many as fit without a value.
pub fn max_heap_tuples(block_size: u32) -> u64 {
    /// Bytes of a tuple's header, rounded up.
    const SMALLEST: u64 = 24;
    u64::from(block_size).saturating_sub(HEADER_SIZE as u64) / (SMALLEST + LINE_POINTER)
}

/// `PageGetFreeSpace` (storage/page/bufpage.c).
fn free_space(header: &PageHeader) -> u64 {
    u64::from(header.pd_upper.saturating_sub(header.pd_lower)).saturating_sub(LINE_POINTER)
}

/// `br_page_get_freespace` (access/brin/brin_pageops.c).
fn brin_free_space(view: &PageView<'_>) -> u64 {
    let regular = brin::Kind::of(&view.page) == Some(brin::Kind::Regular);
    let leaves = brin::flags(&view.page).is_some_and(|flags| flags & brin::EVACUATE != 0);
    if regular && !leaves { free_space(&view.header) } else { 0 }
}

/// How many slots for blocks from `end` on promise something, and the first such block.
fn past_end(cluster: &Cluster, map: &RelationFiles<'_>, end: u32) -> (u64, Option<u64>) {
    let block_size = map.block_size();
    let (first_page, first_slot) = FsmPage::location(BlockNumber(end), block_size);
    let (mut count, mut first, mut scratch) = (0, None, Vec::new());
    for at in (first_page.0..map.blocks()).map(BlockNumber) {
        let (level, before) = FsmPage::place(at, block_size);
        if level > 0 {
            continue;
        }
        let page = map_page(map, at, &mut scratch, cluster.dialect(), &mut |_| {});
        let slots = page.map_or(&[][..], |page| page.slots(block_size));
        let skip = if at == first_page { first_slot as usize } else { 0 };
        for (_, block) in slots.iter().zip(before..).skip(skip).filter(|(slot, _)| **slot > 0) {
            count += 1;
            first = first.or(Some(block));
        }
    }
    (count, first)
}

fn past_end_finding(
    cluster: &Cluster,
    relation: &Relation,
    map: &RelationFiles<'_>,
    block: u64,
    evidence: String,
) -> Finding {
    let block = BlockNumber(u32::try_from(block).unwrap_or(u32::MAX));
    let (page, _) = FsmPage::location(block, map.block_size());
    let mut place = Place {
        object: Some(cluster.name_of(relation)),
        fork: Some(Fork::Fsm),
        block: Some(page),
        ..Place::default()
    };
    if let Ok((segment, byte)) = map.locate(page.0) {
        (place.file, place.byte) = (Some(segment.path.clone()), Some(byte));
    }
    Finding::new(&rules::FSM_PAST_END, place, evidence)
}
