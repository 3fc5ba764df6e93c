//! Which transaction a subtransaction is a part of.
use super::TransactionLog;
use crate::format::slru::clog::XidStatus;
use crate::format::slru::subtrans;
use crate::types::Xid;

impl TransactionLog {
    /// The topmost parent of `xid`, itself if it has none, looked for no further back than `oldest`
    /// (`SubTransGetTopmostTransaction`, access/transam/subtrans.c). `None` if its entry is not in
    /// the files, which may be older than it.
    pub fn topmost(&self, xid: Xid, oldest: Xid) -> Option<Xid> {
        /// Parents have smaller ids, so the walk ends; damage is stopped by this.
        const DEEPEST: u32 = 1 << 16;
        let mut child = xid;
        for _ in 0..DEEPEST {
            if child.precedes(oldest) {
                return Some(child);
            }
            let place = subtrans::place(child, &self.dialect);
            let mut scratch = Vec::new();
            let entry = self.subtrans.bytes(place, subtrans::LEN, &mut scratch)?;
            let parent = Xid(u32::from_le_bytes(entry.try_into().ok()?));
            if !parent.is_normal() || !parent.precedes(child) {
                let written = self.written_until.is_some_and(|next| child.precedes(next));
                return written.then_some(child);
            }
            child = parent;
        }
        None
    }

    /// Whether pg_xact says that `xid` was rolled back; a crash leaves no such mark.
    pub fn rolled_back(&self, xid: Xid) -> bool {
        self.raw_status(xid) == Some(XidStatus::Aborted)
    }
}
