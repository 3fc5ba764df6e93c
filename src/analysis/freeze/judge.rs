//! What is left to freeze against what pg_class records, and map against heap.
use super::FreezeScan;
use crate::analysis::scan::{Items, PageView, Sink, TupleView};
use crate::finding::{Finding, Place, Rule, rules};
use crate::types::{Lsn, MultiXactId, Xid};

/// What freezing is measured against; the same for every unit of a relation.
#[derive(Debug, Clone, Copy)]
pub struct Cutoffs {
    /// pg_class.relfrozenxid.
    pub relfrozenxid: Xid,
    /// pg_class.relminmxid.
    pub relminmxid: MultiXactId,
    /// The next xid to be given out.
    pub next_xid: Xid,
    /// The next multixact.
    pub next_multi: MultiXactId,
    /// What is older is visible to all: `GetStrictOldestNonRemovableTransactionId`
    /// (contrib/pg_visibility), which knows no slots.
    pub horizon: Xid,
    /// What is older may be removed and frozen: `OldestXmin`.
    pub removal_horizon: Xid,
    /// `FreezeLimit`: an aggressive VACUUM leaves no older xid.
    pub freeze_limit: Xid,
    /// `MultiXactCutoff`, likewise.
    pub multi_cutoff: MultiXactId,
    /// Which pages can be judged.
    pub judging: Judging,
}

/// Whether map, heap and pg_class belong together: files of a server that did not stop cleanly are
/// of different moments until recovery has brought them to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judging {
    /// They do.
    All,
    /// Map and heap do, where neither page was changed after the last checkpoint began here.
    Before(Lsn),
    /// They do not: recovery will reset the relation (unlogged).
    None,
}

impl FreezeScan {
    /// A tuple that has something left to freeze (`heap_tuple_should_freeze`, heapam.c).
    pub(super) fn unsettled(
        &mut self,
        page: &PageView<'_>,
        tuple: &TupleView<'_>,
        sink: &mut Sink<'_>,
    ) {
        let header = &tuple.header;
        let mut older = false;
        if header.t_xmin.is_normal() && !header.t_infomask.xmin_frozen() {
            self.count_age(header.t_xmin);
            if self.note_xid(header.t_xmin) {
                older = true;
                self.older(page, tuple, sink, format_args!("xmin {}", header.t_xmin));
            }
        }
        if !header.t_infomask.xmax_is_multi() {
            if header.t_xmax.is_normal() && self.note_xid(header.t_xmax) {
                older = true;
                self.older(page, tuple, sink, format_args!("xmax {}", header.t_xmax));
            }
        } else if header.t_xmax != Xid::INVALID {
            older |= self.multixact(page, tuple, sink);
        }
        if header.t_infomask.moved_off() || header.t_infomask.moved_in() {
            self.page.dirty = true;
        }
        self.seen.older_than_recorded += u64::from(older);
        self.page.frozen = false;
        if page.vm.all_frozen && self.judges(page) {
            self.page.contradiction = true;
            let evidence = "the visibility map says its page is all-frozen";
            let found = Finding::new(&rules::VM_NOT_FROZEN, Place::default(), evidence);
            sink.push(page.block, Some(tuple.offset), found);
        }
    }

    fn multixact(
        &mut self,
        page: &PageView<'_>,
        tuple: &TupleView<'_>,
        sink: &mut Sink<'_>,
    ) -> bool {
        let multi = MultiXactId(tuple.header.t_xmax.0);
        self.oldest_multi = self.oldest_multi.max(Some(multi.age(self.cutoffs.next_multi)));
        self.page.dirty |= multi.precedes(self.cutoffs.multi_cutoff);
        let minimum = self.cutoffs.relminmxid;
        let mut older = minimum != MultiXactId::INVALID && multi.precedes(minimum);
        if older && self.cutoffs.judging == Judging::All {
            let evidence = format!("multixact {multi}, relminmxid {minimum}");
            let says = format!("found multixact {multi} from before relminmxid {minimum}");
            let found = Finding::new(&rules::OLDER_THAN_RELMINMXID, Place::default(), evidence);
            sink.push(page.block, Some(tuple.offset), found.says(says));
        }
        if let Some(member) = tuple.oldest_member
            && self.note_xid(member)
        {
            older = true;
            let what = format_args!("member {member} of multixact {multi}");
            self.older(page, tuple, sink, what);
        }
        older
    }

    /// Counts an xid that is left to freeze; whether it is older than pg_class records.
    fn note_xid(&mut self, xid: Xid) -> bool {
        self.oldest_xid = self.oldest_xid.max(Some(xid.age(self.cutoffs.next_xid)));
        self.page.dirty |= xid.precedes(self.cutoffs.freeze_limit);
        self.cutoffs.relfrozenxid.is_normal() && xid.precedes(self.cutoffs.relfrozenxid)
    }

    #[cold]
    fn older(
        &self,
        page: &PageView<'_>,
        tuple: &TupleView<'_>,
        sink: &mut Sink<'_>,
        what: std::fmt::Arguments<'_>,
    ) {
        if self.cutoffs.judging != Judging::All {
            return;
        }
        let recorded = self.cutoffs.relfrozenxid;
        let evidence = format!("{what}, relfrozenxid {recorded}");
        let says = format!("found {what} from before relfrozenxid {recorded}");
        let found = Finding::new(&rules::OLDER_THAN_RELFROZENXID, Place::default(), evidence);
        sink.push(page.block, Some(tuple.offset), found.says(says));
    }

    /// A tuple that not everybody sees, on a page that the map calls all-visible.
    #[cold]
    pub(super) fn not_visible(
        &mut self,
        page: &PageView<'_>,
        tuple: &TupleView<'_>,
        sink: &mut Sink<'_>,
    ) {
        if self.judges(page) {
            self.page.contradiction = true;
            let header = &tuple.header;
            let evidence =
                format!("{:?}, xmin {}, xmax {}", tuple.fate, header.t_xmin, header.t_xmax);
            let found = Finding::new(&rules::VM_NOT_VISIBLE, Place::default(), evidence);
            sink.push(page.block, Some(tuple.offset), found);
        }
    }

    /// Whether the page as such contradicts the map.
    pub(super) fn judge_page(
        &self,
        page: &PageView<'_>,
        items: &Items,
        marked: bool,
        sink: &mut Sink<'_>,
    ) -> bool {
        if !(page.vm.all_visible || marked && items.dead > 0) || !self.judges(page) {
            return false;
        }
        let mut contradiction = false;
        let mut push = |rule: &'static Rule, evidence: String, says: &str| {
            contradiction = true;
            let name = sink.relname();
            let says = format!("{says} in relation \"{name}\" page {}", page.block);
            let found = Finding::new(rule, Place::default(), evidence).says(says);
            sink.push(page.block, None, found);
        };
        if page.vm.all_visible && !marked {
            let evidence = format!("PD_ALL_VISIBLE is clear, LSN {}", page.header.pd_lsn);
            let says = "page is not marked all-visible but visibility map bit is set";
            push(&rules::VM_NOT_MARKED, evidence, says);
        }
        if items.dead > 0 {
            let evidence = format!("{} dead line pointers", items.dead);
            let says = "page containing LP_DEAD items is marked as all-visible";
            push(&rules::VM_DEAD_ITEMS, evidence, says);
        }
        contradiction
    }

    fn judges(&self, page: &PageView<'_>) -> bool {
        match self.cutoffs.judging {
            Judging::All => true,
            Judging::Before(redo) => page.header.pd_lsn < redo && page.vm.lsn < redo,
            Judging::None => false,
        }
    }
}
