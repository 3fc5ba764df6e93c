//! What became of transactions: pg_xact, pg_subtrans, pg_multixact and the prepared ones.
mod ancestry;
mod check;
mod guess;
mod multi;
mod overlay;
mod slru;

pub use multi::MultiXactError;
pub use overlay::Overlay;

use crate::format::control::{CheckPoint, ControlFile};
use crate::format::parse_at;
use crate::format::slru::clog::{self, XidStatus};
use crate::format::slru::commit_ts::{self, CommitTs};
use crate::format::slru::{Log, subtrans};
use crate::layout::Dialect;
use crate::source::{Kind, Source};
use crate::types::{FullXid, MultiXactId, Xid};
use guess::Guess;
use slru::Slru;
use std::sync::Arc;

/// What became of a transaction, subtransactions resolved to their parents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TxStatus {
    /// Prepared, or as far as the files say still running when the server ended.
    InProgress,
    /// Committed; also the bootstrap and the frozen transaction id.
    Committed,
    /// Rolled back, explicitly or by never having ended; also transaction id 0.
    Aborted,
    /// Its page of pg_xact is not there, or it was never handed out.
    Unknown,
}

/// What became of every transaction, by the files. Look-ups are lock-free and thread-safe.
#[derive(Debug)]
pub struct TransactionLog {
    dialect: Dialect,
    /// Ids in progress for sure, sorted: prepared transactions and their subtransactions.
    prepared: Vec<Xid>,
    /// The latest checkpoint; `None` if pg_control is lost.
    checkpoint: Option<CheckPoint>,
    /// The counters if pg_control is lost.
    guess: Option<Guess>,
    /// Whether the server stopped cleanly: then nothing but prepared transactions still runs.
    clean: bool,
    xact: Slru,
    subtrans: Slru,
    offsets: Slru,
    members: Slru,
    commit_ts: Slru,
    /// The next transaction when pg_subtrans was written last, which no replay does.
    written_until: Option<Xid>,
    /// What replay would change; `None` for the files as they are.
    overlay: Option<Overlay>,
}

impl TransactionLog {
    /// The log of the cluster in `source`; `prepared` are the ids of prepared transactions and
    /// their subtransactions.
    pub(super) fn new(
        source: &Arc<Source>,
        dialect: Dialect,
        control: Option<&ControlFile>,
        mut prepared: Vec<Xid>,
    ) -> Self {
        let slru = |log| match source.kind() {
            Kind::File | Kind::Files => Slru::none(source, log),
            Kind::DataDirectory | Kind::Tar(_) | Kind::BaseBackup => Slru::new(source, log),
        };
        prepared.sort_unstable();
        let (xact, offsets) = (slru(Log::Xact), slru(Log::MultiXactOffsets));
        let guess = control.is_none().then(|| Guess::new(&xact, &offsets, &prepared, &dialect));
        Self {
            dialect,
            prepared,
            guess,
            checkpoint: control.map(|control| control.check_point_copy.clone()),
            clean: control.is_some_and(|control| control.state.is_clean()),
            xact,
            subtrans: slru(Log::Subtrans),
            offsets,
            members: slru(Log::MultiXactMembers),
            commit_ts: slru(Log::CommitTs),
            written_until: control.map(|control| control.check_point_copy.next_xid.xid()),
            overlay: None,
        }
    }

    /// As recovery would leave it: what is in progress for the files, and did not end in the WAL that
    /// is replayed, was ended by the crash, unless it is prepared, or the server is a standby.
    #[must_use]
    pub(super) fn after_recovery(mut self, overlay: Overlay) -> Self {
        self.prepared.clone_from(&overlay.prepared);
        self.prepared.sort_unstable();
        (self.guess, self.clean) = (None, !overlay.waits);
        self.checkpoint = Some(overlay.checkpoint.clone());
        self.overlay = Some(overlay);
        self
    }

    /// What replay would change, if that was laid over the files.
    pub const fn overlay(&self) -> Option<&Overlay> {
        self.overlay.as_ref()
    }

    /// What became of `xid`.
    #[inline]
    pub fn status(&self, xid: Xid) -> TxStatus {
        match xid {
            Xid::INVALID => return TxStatus::Aborted,
            Xid::BOOTSTRAP | Xid::FROZEN => return TxStatus::Committed,
            _ => {}
        }
        match self.raw_status(xid) {
            Some(XidStatus::Committed) => TxStatus::Committed,
            Some(XidStatus::Aborted) => TxStatus::Aborted,
            Some(XidStatus::InProgress) => self.unfinished(xid),
            Some(XidStatus::SubCommitted) => self.sub_committed(xid),
            None if self.is_prepared(xid) => TxStatus::InProgress,
            None => TxStatus::Unknown,
        }
    }

    /// The two bits of pg_xact as they stand; `None` if their page is not there, and for the
    /// permanent ids, which have none.
    #[inline]
    pub fn raw_status(&self, xid: Xid) -> Option<XidStatus> {
        if !xid.is_normal() {
            return None;
        }
        if let Some(status) = self.overlay.as_ref().and_then(|overlay| overlay.status(xid)) {
            return Some(status);
        }
        let byte = self.xact.byte(clog::place(xid, &self.dialect))?;
        Some(clog::status(byte, xid))
    }

    /// What "in progress" in pg_xact means once no server runs. A transaction that a crash ended
    /// never gets another status; but what began after the oldest one that the latest checkpoint
    /// saw running may have ended since, and only WAL knows.
    fn unfinished(&self, xid: Xid) -> TxStatus {
        let Some(checkpoint) = &self.checkpoint else { return TxStatus::InProgress };
        let oldest_active = checkpoint.oldest_active_xid;
        let handed_out = xid.precedes(checkpoint.next_xid.xid());
        match () {
            () if self.is_prepared(xid) => TxStatus::InProgress,
            () if self.clean && handed_out => TxStatus::Aborted,
            () if self.clean => TxStatus::Unknown,
            () if oldest_active.is_normal() && xid.precedes(oldest_active) => TxStatus::Aborted,
            () => TxStatus::InProgress,
        }
    }

    /// As its topmost parent (`TransactionIdDidCommit`, access/transam/transam.c). Parents have
    /// smaller ids than their children, so the walk ends; damage is stopped by the bound.
    #[cold]
    fn sub_committed(&self, xid: Xid) -> TxStatus {
        const DEEPEST: u32 = 1 << 16;
        let mut child = xid;
        for _ in 0..DEEPEST {
            let Some(parent) = self.parent(child).filter(|parent| parent.precedes(child)) else {
                return self.unfinished(child);
            };
            match self.raw_status(parent) {
                Some(XidStatus::SubCommitted) => child = parent,
                Some(XidStatus::Committed) => return TxStatus::Committed,
                Some(XidStatus::Aborted) => return TxStatus::Aborted,
                Some(XidStatus::InProgress) => return self.unfinished(parent),
                None => return TxStatus::Unknown,
            }
        }
        TxStatus::Unknown
    }

    /// The parent of a subtransaction by pg_subtrans, which means something only for transactions
    /// that the latest checkpoint saw running; `None` if it has none or nothing is known.
    pub fn parent(&self, xid: Xid) -> Option<Xid> {
        let mut scratch = Vec::new();
        let place = subtrans::place(xid, &self.dialect);
        let bytes = self.subtrans.bytes(place, subtrans::LEN, &mut scratch)?;
        let parent = Xid(u32::from_le_bytes(bytes.try_into().ok()?));
        parent.is_normal().then_some(parent)
    }

    /// Whether `xid` is a prepared transaction or a subtransaction of one.
    pub fn is_prepared(&self, xid: Xid) -> bool {
        self.prepared.binary_search(&xid).is_ok()
    }

    /// When `xid` committed and where it came from; `None` if that was not recorded.
    pub fn commit_time(&self, xid: Xid) -> Option<CommitTs> {
        let checkpoint = self.checkpoint.as_ref()?;
        let (oldest, newest) = (checkpoint.oldest_commit_ts_xid, checkpoint.newest_commit_ts_xid);
        let forgotten = !oldest.is_normal() || xid.precedes(oldest);
        if !xid.is_normal() || forgotten || self.clean && newest.precedes(xid) {
            return None;
        }
        let mut scratch = Vec::new();
        let place = commit_ts::place(xid, &self.dialect);
        let bytes = self.commit_ts.bytes(place, commit_ts::LEN, &mut scratch)?;
        parse_at(bytes, place.byte, "CommitTimestampEntry", CommitTs::parse).ok()?
    }

    /// Whether pg_control is lost, so that the next ids are guessed from what the logs hold: they
    /// are at least that, and their epoch is not known.
    pub const fn is_guessed(&self) -> bool {
        self.guess.is_some()
    }

    /// The first transaction id not yet handed out at the latest checkpoint; 0 if unknown.
    pub fn next_xid(&self) -> FullXid {
        let recorded = self.checkpoint.as_ref().map(|checkpoint| checkpoint.next_xid);
        recorded.or(self.guess.map(|guess| guess.next_xid)).unwrap_or_default()
    }

    /// `oldestXid`: pg_xact is kept from here on; 0 if unknown.
    pub fn oldest_xid(&self) -> Xid {
        self.checkpoint.as_ref().map(|checkpoint| checkpoint.oldest_xid).unwrap_or_default()
    }

    /// The first multixact id not yet handed out at the latest checkpoint; 0 if unknown.
    pub fn next_multi(&self) -> MultiXactId {
        let recorded = self.checkpoint.as_ref().map(|checkpoint| checkpoint.next_multi);
        recorded.or(self.guess.map(|guess| guess.next_multi)).unwrap_or_default()
    }

    /// `oldestMulti`: pg_multixact is kept from here on; 0 if unknown.
    pub fn oldest_multi(&self) -> MultiXactId {
        self.checkpoint.as_ref().map(|checkpoint| checkpoint.oldest_multi).unwrap_or_default()
    }
}
