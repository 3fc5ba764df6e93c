//! What replay would change in pg_xact and pg_multixact, laid over the files.
use crate::format::control::CheckPoint;
use crate::format::slru::clog::XidStatus;
use crate::format::slru::multixact::MultiXactMember;
use crate::types::{MultiXactId, MultiXactOffset, Xid};
use std::collections::HashMap;
use std::ops::Range;

/// Transactions that ended and multixacts that were made since the redo point, and the counters after
/// recovery. Bounded by the WAL that it was read from.
#[derive(Debug, Clone)]
pub struct Overlay {
    /// For 64 transactions each, by their high bits: which committed, and which were rolled back.
    statuses: HashMap<u32, (u64, u64)>,
    multis: HashMap<MultiXactId, (MultiXactOffset, Range<usize>)>,
    members: Vec<MultiXactMember>,
    /// The counters as the checkpoint at the end of recovery has them.
    pub checkpoint: CheckPoint,
    /// Transactions that stay prepared, and their subtransactions.
    pub prepared: Vec<Xid>,
    /// Whether the server stays in recovery, as a standby: what is open then may end yet.
    pub waits: bool,
}

impl Overlay {
    /// With nothing in it, the counters being those of the checkpoint where replay begins.
    pub fn new(checkpoint: CheckPoint) -> Self {
        let (statuses, multis) = (HashMap::new(), HashMap::new());
        let (members, prepared, waits) = (Vec::new(), Vec::new(), false);
        Self { statuses, multis, members, checkpoint, prepared, waits }
    }

    /// A transaction ended. What was rolled back and then committed did commit, as in pg_xact.
    pub fn end(&mut self, xid: Xid, committed: bool) {
        let (bits, bit) = (self.statuses.entry(xid.0 >> 6).or_default(), 1 << (xid.0 & 63));
        let (of, other) =
            if committed { (&mut bits.0, &mut bits.1) } else { (&mut bits.1, &mut bits.0) };
        *of |= bit;
        *other &= !bit;
    }

    /// A multixact was made.
    pub fn make(
        &mut self,
        multi: MultiXactId,
        offset: MultiXactOffset,
        members: impl Iterator<Item = MultiXactMember>,
    ) {
        let start = self.members.len();
        self.members.extend(members);
        self.multis.insert(multi, (offset, start..self.members.len()));
    }

    /// What became of a transaction, if it ended.
    #[inline]
    pub fn status(&self, xid: Xid) -> Option<XidStatus> {
        let (committed, aborted) = self.statuses.get(&(xid.0 >> 6))?;
        let bit = 1 << (xid.0 & 63);
        match (committed & bit, aborted & bit) {
            (0, 0) => None,
            (0, _) => Some(XidStatus::Aborted),
            _ => Some(XidStatus::Committed),
        }
    }

    /// Where the members of a multixact start, if it was made.
    pub fn offset(&self, multi: MultiXactId) -> Option<MultiXactOffset> {
        self.multis.get(&multi).map(|(offset, _)| *offset)
    }

    /// The members of a multixact, if it was made.
    pub fn members(&self, multi: MultiXactId) -> Option<&[MultiXactMember]> {
        let (_, range) = self.multis.get(&multi)?;
        self.members.get(range.clone())
    }

    /// How many transactions committed and were rolled back, subtransactions included.
    pub fn counts(&self) -> (u64, u64) {
        let count = |bits: u64| u64::from(bits.count_ones());
        self.statuses.values().fold((0, 0), |(committed, aborted), bits| {
            (committed + count(bits.0), aborted + count(bits.1))
        })
    }

    /// How many multixacts were made.
    pub fn multis(&self) -> usize {
        self.multis.len()
    }
}
