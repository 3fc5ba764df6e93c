//! Whether the rows that an index leads to are there.
use crate::finding::{Finding, Place, rules};
use crate::format::heap::HeapTuple;
use crate::format::page::{LpFlags, Page};
use crate::report::index::HeapCheck;
use crate::source::relation::RelationFiles;
use crate::types::{Lsn, Tid};

/// The table of an index, to look rows up.
#[derive(Clone, Copy)]
pub struct Heap<'a> {
    /// Its files.
    pub files: &'a RelationFiles<'a>,
    /// Whether recovery leaves a page with that LSN as it is.
    pub settled: &'a (dyn Fn(Lsn) -> bool + Sync),
}

/// What is at the end of an index item's pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Tuple,
    Redirect,
    Dead,
    /// A tuple that only its HOT chain leads to.
    HeapOnly,
    Unused,
    /// No such line pointer, or no such block.
    Absent(&'static str),
    Unreadable,
}

impl Heap<'_> {
    /// Looks up `row` and counts what is there; gives what is wrong with it, if it can be told: the
    /// index page is `settled`, and so is the table's.
    pub(super) fn check(
        &self,
        row: Tid,
        dead: bool,
        settled: bool,
        scratch: &mut Vec<u8>,
        seen: &mut HeapCheck,
    ) -> Option<Finding> {
        let (end, heap_settled) = self.look_up(row, scratch);
        let count = match end {
            End::Tuple => &mut seen.tuples,
            End::Redirect => &mut seen.redirects,
            End::Dead => &mut seen.dead,
            End::HeapOnly => &mut seen.heap_only,
            End::Unused => &mut seen.unused,
            End::Absent(_) => &mut seen.absent,
            End::Unreadable => &mut seen.unreadable,
        };
        *count += 1;
        let what = match end {
            End::HeapOnly => "which is heap-only: the pointer should lead to the root of its chain",
            End::Unused => "whose line pointer is unused",
            End::Absent(what) => what,
            End::Tuple | End::Redirect | End::Dead | End::Unreadable => return None,
        };
        let of = if dead { "a dead item" } else { "an item" };
        let evidence = format!("{of} leads to row {row}, {what}");
        let rule = if end == End::HeapOnly {
            &rules::INDEX_ROW_HEAP_ONLY
        } else {
            &rules::INDEX_ROW_MISSING
        };
        (settled && heap_settled).then(|| Finding::new(rule, Place::default(), evidence))
    }

    fn look_up(&self, row: Tid, scratch: &mut Vec<u8>) -> (End, bool) {
        let block = row.block.0;
        if block >= self.files.end() {
            return (End::Absent("past the end of the table"), true);
        }
        let read = self.files.read_blocks(block..block.saturating_add(1), scratch);
        let Some(page) = read.ok().and_then(|bytes| Page::parse(bytes).ok()) else {
            return (End::Unreadable, false);
        };
        let settled = (self.settled)(page.header().pd_lsn);
        if page.header().is_new() {
            return (End::Absent("on a page that was never initialised"), settled);
        }
        if page.header().check(page.bytes().len()).is_err() {
            return (End::Unreadable, false);
        }
        let end = match page.item(row.offset) {
            None => End::Absent("of which the page has no line pointer"),
            Some(item) => match item.lp_flags() {
                LpFlags::Unused => End::Unused,
                LpFlags::Dead => End::Dead,
                LpFlags::Redirect => End::Redirect,
                LpFlags::Normal => match HeapTuple::behind(item, &page) {
                    Some(tuple) if tuple.header.t_infomask2.only_tuple() => End::HeapOnly,
                    Some(_) => End::Tuple,
                    None => End::Unreadable,
                },
            },
        };
        (end, settled)
    }
}
