//! Where a target stops recovery (`recoveryStopsBefore`, `recoveryStopsAfter`,
//! access/transam/xlogrecovery.c).
use super::notes::{Ended, Note, What};
use crate::layout::Layout;
use crate::replay::target::{Goal, Target};
use crate::types::Lsn;

/// The record at which recovery stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Where it begins.
    pub lsn: Lsn,
    /// Whether it is replayed.
    pub after: bool,
    /// The end of a transaction that it is.
    pub ended: Option<Ended>,
    /// What the server says.
    pub message: String,
}

impl Target {
    /// Whether recovery stops before a record.
    pub(super) fn before(&self, note: &Note, consistent: bool, layout: &Layout) -> Option<Stop> {
        let stop = |ended, message| Stop { lsn: note.lsn, after: false, ended, message };
        match (self.goal.as_ref()?, &note.what) {
            (Goal::Immediate, _) if consistent => Some(stop(None, CONSISTENT.into())),
            (Goal::Lsn(lsn), _) if !self.inclusive && note.lsn >= *lsn => {
                let at = layout.lsn_text(note.lsn);
                Some(stop(None, format!("recovery stopping before WAL location (LSN) \"{at}\"")))
            }
            (Goal::Xid(xid), What::Ended(ended)) if !self.inclusive && ended.xid == *xid => {
                Some(stop(Some(*ended), ended.said("before")))
            }
            (Goal::Time(time), What::Ended(ended)) => {
                let stops = if self.inclusive { ended.time > *time } else { ended.time >= *time };
                stops.then(|| stop(Some(*ended), ended.said("before")))
            }
            _ => None,
        }
    }

    /// Whether recovery stops after a record.
    pub(super) fn after(&self, note: &Note, consistent: bool, layout: &Layout) -> Option<Stop> {
        let stop = |ended, message| Stop { lsn: note.lsn, after: true, ended, message };
        match (self.goal.as_ref()?, &note.what) {
            (Goal::Name(wanted), What::RestorePoint { name, time }) if name == wanted => {
                let message = format!("recovery stopping at restore point \"{name}\", time {time}");
                Some(stop(None, message))
            }
            (Goal::Lsn(lsn), _) if self.inclusive && note.lsn >= *lsn => {
                let at = layout.lsn_text(note.lsn);
                Some(stop(None, format!("recovery stopping after WAL location (LSN) \"{at}\"")))
            }
            (Goal::Xid(xid), What::Ended(ended)) if self.inclusive && ended.xid == *xid => {
                Some(stop(Some(*ended), ended.said("after")))
            }
            // Other records are not asked: then it stops before the next one.
            (Goal::Immediate, _) if consistent && note.xact => Some(stop(None, CONSISTENT.into())),
            _ => None,
        }
    }
}

const CONSISTENT: &str = "recovery stopping after reaching consistency";

impl Ended {
    fn said(&self, side: &str) -> String {
        let how = if self.commit { "commit" } else { "abort" };
        let Self { xid, time, .. } = self;
        format!("recovery stopping {side} {how} of transaction {xid}, time {time}")
    }
}
