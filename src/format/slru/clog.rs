//! pg_xact (access/transam/clog.c): two bits for each transaction, four transactions to a byte.
use super::Place;
use crate::layout::Dialect;
use crate::types::Xid;

/// Transactions in a byte (`CLOG_XACTS_PER_BYTE`).
const XACTS_PER_BYTE: u32 = 4;

/// Status of a transaction as stored (access/clog.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum XidStatus {
    /// `TRANSACTION_STATUS_IN_PROGRESS`; also of a transaction that a crash ended.
    InProgress,
    /// `TRANSACTION_STATUS_COMMITTED`.
    Committed,
    /// `TRANSACTION_STATUS_ABORTED`.
    Aborted,
    /// `TRANSACTION_STATUS_SUB_COMMITTED`: as its parent, which pg_subtrans names.
    SubCommitted,
}

/// The byte that holds the status of `xid`.
pub fn place(xid: Xid, dialect: &Dialect) -> Place {
    super::place_of_fixed(u64::from(xid.0 / XACTS_PER_BYTE), 1, &dialect.geometry)
}

/// The status of `xid` in the byte at its [`place`].
pub const fn status(byte: u8, xid: Xid) -> XidStatus {
    let pair = byte >> ((xid.0 % XACTS_PER_BYTE) << 1);
    match pair & 0b11 {
        0 => XidStatus::InProgress,
        1 => XidStatus::Committed,
        2 => XidStatus::Aborted,
        _ => XidStatus::SubCommitted,
    }
}

#[cfg(test)]
mod tests {
    use super::{XidStatus, status};
    use crate::types::Xid;

    #[test]
    fn the_first_transaction_of_a_byte_has_its_lowest_bits() {
        let byte = 0b11_10_01_00;
        let of = |xid| status(byte, Xid(xid));
        assert_eq!([of(4), of(5)], [XidStatus::InProgress, XidStatus::Committed]);
        assert_eq!([of(6), of(7)], [XidStatus::Aborted, XidStatus::SubCommitted]);
    }
}
