//! Freezing: what the visibility map says, what the heap says, what is left to freeze, and what an
//! aggressive VACUUM would have to do (access/heap/heapam.c, vacuumlazy.c; contrib/pg_visibility).
mod judge;
mod skipping;

pub use judge::{Cutoffs, Judging};

use super::scan::{Items, Observer, PageView, Sink, TupleView};
use super::visibility::Fate;
use crate::report::freeze::{AGE_BUCKETS, Freeze};
use crate::types::{MultiXactId, Xid};
use skipping::Skipping;

/// Counts one relation's freezing.
#[derive(Debug, Clone)]
pub struct FreezeScan {
    cutoffs: Cutoffs,
    seen: Freeze,
    skipping: Skipping,
    /// Age of the oldest xid left to freeze.
    oldest_xid: Option<i32>,
    /// Age of the oldest multixact.
    oldest_multi: Option<i32>,
    /// Rows that no update made, on pages that are not all-visible.
    inserted: u64,
    page: PageState,
}

/// What the tuples of the current page add up to.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "four independent answers, not one state")]
struct PageState {
    visible: bool,
    frozen: bool,
    /// Whether an aggressive VACUUM changes a tuple.
    dirty: bool,
    contradiction: bool,
}

impl PageState {
    const FRESH: Self = Self { visible: true, frozen: true, dirty: false, contradiction: false };
}

impl FreezeScan {
    /// Nothing seen yet.
    pub fn new(cutoffs: Cutoffs) -> Self {
        Self {
            cutoffs,
            seen: Freeze::default(),
            skipping: Skipping::default(),
            oldest_xid: None,
            oldest_multi: None,
            inserted: 0,
            page: PageState::FRESH,
        }
    }

    /// Rows inserted since the last VACUUM, estimated: it would have made their pages all-visible.
    pub fn inserted_tuples(&self) -> u64 {
        self.inserted
    }

    /// The counts, once all of the relation was seen.
    pub fn finish(self) -> Freeze {
        let next_xid = self.cutoffs.next_xid.0;
        let next_multi = self.cutoffs.next_multi.0;
        let back = |next: u32, age: i32| next.wrapping_sub(age.cast_unsigned());
        Freeze {
            oldest_xid: self.oldest_xid.map(|age| Xid(back(next_xid, age))),
            oldest_multi: self.oldest_multi.map(|age| MultiXactId(back(next_multi, age))),
            aggressive_reads: self.skipping.pages_read(),
            ..self.seen
        }
    }

    fn count_age(&mut self, xmin: Xid) {
        let age = xmin.age(self.cutoffs.next_xid);
        // An xid of the future (a crash before the next checkpoint) is as young as can be.
        let age = u32::try_from(age).unwrap_or(0);
        let bucket = AGE_BUCKETS.partition_point(|&end| end <= age);
        if let Some(count) = self.seen.xmin_ages.get_mut(bucket) {
            *count += 1;
        }
    }
}

impl Observer for FreezeScan {
    #[inline]
    fn tuple(&mut self, page: &PageView<'_>, tuple: &TupleView<'_>, sink: &mut Sink<'_>) {
        let header = &tuple.header;
        let infomask = header.t_infomask;
        self.seen.tuples += 1;
        let xmin_normal = header.t_xmin.is_normal() && !infomask.xmin_frozen();
        if !xmin_normal {
            self.seen.frozen_tuples += 1;
        }
        let xmax_set = header.t_xmax.is_normal()
            || (infomask.xmax_is_multi() && header.t_xmax != Xid::INVALID);
        let moved = infomask.moved_off() || infomask.moved_in();
        let settled = !(xmin_normal || xmax_set || moved);
        let visible = tuple.fate == Fate::Live
            && (!xmin_normal || header.t_xmin.precedes(self.cutoffs.horizon));
        self.page.visible &= visible;
        let inserted = !infomask.updated() && tuple.fate.is_visible_to_dirty();
        self.inserted += u64::from(inserted && !page.vm.all_visible);
        if settled {
            self.seen.settled_tuples += 1;
        } else {
            self.unsettled(page, tuple, sink);
        }
        if page.vm.all_visible && !visible {
            self.not_visible(page, tuple, sink);
        }
        let hinted =
            infomask.xmin_committed() && (infomask.xmax_invalid() || infomask.xmax_committed());
        self.page.dirty |= tuple.fate.is_removable(self.cutoffs.removal_horizon)
            || (tuple.fate == Fate::Live && !hinted);
    }

    fn page(&mut self, page: &PageView<'_>, items: &Items, sink: &mut Sink<'_>) {
        let mut state = std::mem::replace(&mut self.page, PageState::FRESH);
        state.visible &= items.dead == 0;
        state.frozen &= state.visible;
        let marked = page.header.all_visible();
        self.map_bits(page);
        self.seen.pd_all_visible += u64::from(marked);
        self.seen.visible_pages += u64::from(state.visible);
        self.seen.frozen_pages += u64::from(state.frozen);
        state.contradiction |= self.judge_page(page, items, marked, sink);
        self.seen.contradictions += u64::from(state.contradiction);
        let changed = state.dirty || items.dead > 0 || (state.visible && !marked);
        self.seen.aggressive_dirties += u64::from(changed && !page.vm.all_frozen);
    }

    fn new_page(&mut self, page: &PageView<'_>) {
        self.map_bits(page);
    }

    fn lost_page(&mut self, _: u32) {
        self.page = PageState::FRESH;
        self.skipping.page(false);
    }

    fn merge(&mut self, later: Self) {
        self.skipping.merge(later.skipping);
        self.oldest_xid = self.oldest_xid.max(later.oldest_xid);
        self.oldest_multi = self.oldest_multi.max(later.oldest_multi);
        self.inserted += later.inserted;
        let (mine, more) = (&mut self.seen, later.seen);
        mine.all_visible += more.all_visible;
        mine.all_frozen += more.all_frozen;
        mine.pd_all_visible += more.pd_all_visible;
        mine.visible_pages += more.visible_pages;
        mine.frozen_pages += more.frozen_pages;
        mine.contradictions += more.contradictions;
        mine.tuples += more.tuples;
        mine.frozen_tuples += more.frozen_tuples;
        mine.settled_tuples += more.settled_tuples;
        mine.older_than_recorded += more.older_than_recorded;
        mine.aggressive_dirties += more.aggressive_dirties;
        for (sum, more) in mine.xmin_ages.iter_mut().zip(more.xmin_ages) {
            *sum += more;
        }
    }
}

impl FreezeScan {
    fn map_bits(&mut self, page: &PageView<'_>) {
        self.seen.all_visible += u64::from(page.vm.all_visible);
        self.seen.all_frozen += u64::from(page.vm.all_frozen);
        self.skipping.page(page.vm.all_frozen);
    }
}
