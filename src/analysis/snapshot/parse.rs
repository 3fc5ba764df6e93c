//! The text form of pg_snapshot (`parse_snapshot`, utils/adt/xid8funcs.c), and whether it can be one
//! of this cluster.
use super::{Snapshot, Viewer};
use crate::types::FullXid;

/// Why a snapshot makes no sense. Each message is a sentence for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each message says what its fields are")]
pub enum SnapshotError {
    #[error("invalid input syntax for type pg_snapshot: \"{text}\": {why}")]
    Syntax { text: String, why: &'static str },
    #[error(
        "the snapshot's {what} {xid} is of another epoch: the next transaction of this cluster is {next}"
    )]
    Epoch { what: &'static str, xid: FullXid, next: FullXid },
    #[error(
        "the snapshot's {what} {xid} was never handed out: the server stopped cleanly, and the next transaction is {next}"
    )]
    NotYet { what: &'static str, xid: FullXid, next: FullXid },
}

impl std::str::FromStr for Snapshot {
    type Err = SnapshotError;

    /// As the server reads it: `XMIN:XMAX:`, and ids in order, each between them.
    fn from_str(text: &str) -> Result<Self, SnapshotError> {
        let refused = |why| SnapshotError::Syntax { text: text.to_owned(), why };
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = digits.then(|| text.parse().ok()).flatten();
            number.map(FullXid).ok_or_else(|| refused("expected XMIN:XMAX:XIP,XIP,…, all numbers"))
        };
        let mut parts = text.trim().splitn(3, ':');
        let mut part =
            || parts.next().ok_or_else(|| refused("it has three parts, XMIN:XMAX:XIP,…"));
        let (xmin, xmax, listed) = (number(part()?)?, number(part()?)?, part()?);
        if xmin.0 == 0 || xmax.0 == 0 {
            return Err(refused("0 is no transaction"));
        }
        if xmax < xmin {
            return Err(refused("xmax is before xmin"));
        }
        let listed = listed.strip_suffix(',').unwrap_or(listed);
        let listed = listed.split(',').filter(|_| !listed.is_empty()).map(number);
        let mut xip = listed.collect::<Result<Vec<_>, _>>()?;
        if !xip.is_sorted() {
            return Err(refused("the list is not in order"));
        }
        if xip.iter().any(|xid| *xid < xmin || *xid >= xmax) {
            return Err(refused("what is listed lies from xmin on and before xmax"));
        }
        xip.dedup();
        Ok(Self { xmin, xmax, xip })
    }
}

impl Viewer {
    /// Whether this can be of a cluster whose next transaction is `next`; `clean` says that none
    /// was handed out beyond it. Rows have the lower half of a transaction id only, so an id of a
    /// wrong epoch would give a wrong answer and no error.
    ///
    /// # Errors
    /// If it cannot.
    pub fn check(&self, next: FullXid, clean: bool) -> Result<(), SnapshotError> {
        let Snapshot { xmin, xmax, .. } = self.snapshot;
        let own = self.xid.map(|xid| ("own transaction", xid));
        for (what, xid) in [("xmin", xmin), ("xmax", xmax)].into_iter().chain(own) {
            if xid.0.abs_diff(next.0) >= 1 << 31 {
                return Err(SnapshotError::Epoch { what, xid, next });
            }
            // The snapshot's xmax is the first that was not, so it may be the next.
            if clean && (xid > next || xid == next && what == "own transaction") {
                return Err(SnapshotError::NotYet { what, xid, next });
            }
        }
        Ok(())
    }
}
