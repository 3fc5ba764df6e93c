//! The counters of the cluster, as replay advances them (`xlog_redo`, access/transam/xlog.c;
//! `multixact_redo`, access/transam/multixact.c).
use crate::format::control::CheckPoint;
use crate::layout::Layout;
use crate::types::{FullXid, MultiXactId, MultiXactOffset, Oid, Xid};

/// The counters: in a checkpoint, as the one at the end of recovery would have them.
#[derive(Debug, Clone)]
pub struct Counters {
    /// The checkpoint.
    pub checkpoint: CheckPoint,
    /// Whether commit timestamps are kept.
    commit_ts: bool,
    /// Whether offsets of multixact members start over after 32 bits.
    narrow: bool,
}

impl Counters {
    /// Those of the checkpoint that recovery begins with; whether commit timestamps are kept is in
    /// pg_control.
    pub const fn new(checkpoint: CheckPoint, commit_ts: bool, layout: &Layout) -> Self {
        Self { checkpoint, commit_ts, narrow: layout.multixact_offset_len == 4 }
    }

    /// An xid was used (`AdvanceNextFullTransactionIdPastXid`, access/transam/varsup.c).
    pub fn used(&mut self, xid: Xid) {
        let next = self.checkpoint.next_xid;
        if !xid.is_normal() || xid.precedes(next.xid()) {
            return;
        }
        let after = Xid(xid.0.wrapping_add(1).max(Xid::FIRST_NORMAL.0));
        let wrapped = u32::from(after.0 < next.xid().0);
        self.checkpoint.next_xid = FullXid::new(next.epoch().wrapping_add(wrapped), after);
    }

    /// A transaction with subtransactions committed: its commit timestamp is kept for all.
    pub fn committed(&mut self, newest: Xid) {
        let of = &mut self.checkpoint;
        if !self.commit_ts {
            return;
        }
        if !of.oldest_commit_ts_xid.is_normal() {
            of.oldest_commit_ts_xid = newest;
        }
        if of.newest_commit_ts_xid.precedes(newest) {
            of.newest_commit_ts_xid = newest;
        }
    }

    /// Older commit timestamps went.
    pub fn oldest_commit_ts(&mut self, oldest: Xid) {
        if self.checkpoint.oldest_commit_ts_xid.precedes(oldest) {
            self.checkpoint.oldest_commit_ts_xid = oldest;
        }
    }

    /// Oids up to there are spoken for.
    pub const fn next_oid(&mut self, next: Oid) {
        self.checkpoint.next_oid = next;
    }

    /// A checkpoint: that of a server that was stopped is believed, another is the least.
    pub fn checkpoint(&mut self, seen: &CheckPoint, shutdown: bool) {
        let of = &mut self.checkpoint;
        if shutdown {
            (of.next_xid, of.next_oid) = (seen.next_xid, seen.next_oid);
            (of.next_multi, of.next_multi_offset) = (seen.next_multi, seen.next_multi_offset);
        }
        of.next_xid = FullXid(of.next_xid.0.max(seen.next_xid.0));
        if shutdown || of.oldest_xid.precedes(seen.oldest_xid) {
            (of.oldest_xid, of.oldest_xid_db) = (seen.oldest_xid, seen.oldest_xid_db);
        }
        self.next_multi(seen.next_multi, seen.next_multi_offset);
        if self.checkpoint.oldest_multi.precedes(seen.oldest_multi) {
            self.oldest_multi(seen.oldest_multi, seen.oldest_multi_db);
        }
    }

    /// A multixact was made, with so many members from `offset` on.
    pub fn multi(&mut self, multi: MultiXactId, offset: MultiXactOffset, members: u64) {
        let after = offset.0.wrapping_add(members);
        let after = if self.narrow { after & u64::from(u32::MAX) } else { after };
        self.next_multi(MultiXactId(multi.0.wrapping_add(1)), MultiXactOffset(after));
    }

    /// `MultiXactAdvanceNextMXact`.
    fn next_multi(&mut self, multi: MultiXactId, offset: MultiXactOffset) {
        let of = &mut self.checkpoint;
        if of.next_multi.precedes(multi) {
            of.next_multi = multi;
        }
        let ahead = offset.0.wrapping_sub(of.next_multi_offset.0);
        let half = if self.narrow { 1 << 31 } else { 1 << 63 };
        let ahead = if self.narrow { ahead & u64::from(u32::MAX) } else { ahead };
        if ahead != 0 && ahead < half {
            of.next_multi_offset = offset;
        }
    }

    /// `SetMultiXactIdLimit`.
    pub const fn oldest_multi(&mut self, oldest: MultiXactId, database: Oid) {
        self.checkpoint.oldest_multi = oldest;
        self.checkpoint.oldest_multi_db = database;
    }
}

#[cfg(test)]
mod tests {
    use super::Counters;
    use crate::format::control::CheckPoint;
    use crate::format::parse_at;
    use crate::layout::PgVersion;
    use crate::types::{FullXid, MultiXactId, MultiXactOffset, Xid};

    fn counters(version: PgVersion, next_xid: FullXid) -> Counters {
        let layout = version.layout();
        let parse = |input| CheckPoint::parse(input, layout.checkpoint);
        let checkpoint = parse_at(&[0; 256], 0, "CheckPoint", parse).unwrap();
        Counters::new(CheckPoint { next_xid, ..checkpoint }, false, layout)
    }

    #[test]
    fn the_next_xid_wraps_into_the_next_epoch() {
        let mut of = counters(PgVersion::V18, FullXid::new(2, Xid(u32::MAX - 1)));
        of.used(Xid(u32::MAX - 5));
        assert_eq!(of.checkpoint.next_xid, FullXid::new(2, Xid(u32::MAX - 1)));
        of.used(Xid(u32::MAX));
        assert_eq!(of.checkpoint.next_xid, FullXid::new(3, Xid::FIRST_NORMAL));
        of.used(Xid(7));
        assert_eq!(of.checkpoint.next_xid, FullXid::new(3, Xid(8)));
    }

    #[test]
    fn offsets_of_members_wrap_where_they_have_32_bits() {
        let (most, few) = (MultiXactOffset(u64::from(u32::MAX) - 1), MultiXactOffset(1));
        for (version, next) in
            [(PgVersion::V18, few), (PgVersion::V19, MultiXactOffset(1 << 32 | 1))]
        {
            let mut of = counters(version, FullXid(100));
            of.checkpoint.next_multi_offset = most;
            of.multi(MultiXactId(9), most, 3);
            assert_eq!(of.checkpoint.next_multi_offset, next);
            assert_eq!(of.checkpoint.next_multi, MultiXactId(10));
        }
    }
}
