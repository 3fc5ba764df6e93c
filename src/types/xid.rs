//! Transaction identifiers (access/transam.h, access/multixact.h).

super::number!(
    /// 32-bit transaction id. Ordinary ones compare modulo 2^32, see [`Xid::precedes`]: the
    /// derived order is that of the numbers and serves maps only.
    Xid(u32)
);
super::number!(
    /// 64-bit transaction id: epoch and xid.
    FullXid(u64)
);
super::number!(
    /// Multixact id: a set of transactions that lock or update one tuple.
    MultiXactId(u32)
);
super::number!(
    /// Position in pg_multixact/members, in members; 32 bits before PostgreSQL 19.
    MultiXactOffset(u64)
);

impl Xid {
    /// `InvalidTransactionId`.
    pub const INVALID: Self = Self(0);
    /// `BootstrapTransactionId`: committed for ever.
    pub const BOOTSTRAP: Self = Self(1);
    /// `FrozenTransactionId`: what old releases wrote over frozen xids.
    pub const FROZEN: Self = Self(2);
    /// `FirstNormalTransactionId`.
    pub const FIRST_NORMAL: Self = Self(3);

    /// Whether this is neither invalid, bootstrap nor frozen.
    pub const fn is_normal(self) -> bool {
        self.0 >= Self::FIRST_NORMAL.0
    }

    /// `TransactionIdPrecedes` (access/transam/transam.c): modulo 2^31 for two normal xids.
    pub const fn precedes(self, other: Self) -> bool {
        if self.is_normal() && other.is_normal() {
            self.0.wrapping_sub(other.0) >= 1 << 31
        } else {
            self.0 < other.0
        }
    }

    /// How far `self` lies before `next`, as `age()` counts; `i32::MAX` for permanent xids.
    pub const fn age(self, next: Self) -> i32 {
        if self.is_normal() { next.0.wrapping_sub(self.0).cast_signed() } else { i32::MAX }
    }
}

impl FullXid {
    /// From an epoch and a 32-bit xid.
    pub const fn new(epoch: u32, xid: Xid) -> Self {
        Self(((epoch as u64) << 32) | xid.0 as u64)
    }

    /// How often the xid counter had wrapped.
    pub const fn epoch(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The 32-bit xid.
    pub const fn xid(self) -> Xid {
        Xid((self.0 & 0xffff_ffff) as u32)
    }

    /// The 64-bit form of `xid`, taken to lie at most 2^31 from `self` (the next full xid).
    /// `None` where that is before the first epoch began, or for permanent xids.
    pub const fn widen(self, xid: Xid) -> Option<Self> {
        if !xid.is_normal() {
            return None;
        }
        let ahead = xid.0.wrapping_sub(self.xid().0).cast_signed() as i64;
        match self.0.checked_add_signed(ahead) {
            Some(wide) => Some(Self(wide)),
            None => None,
        }
    }
}

impl MultiXactId {
    /// `InvalidMultiXactId`.
    pub const INVALID: Self = Self(0);
    /// `FirstMultiXactId`.
    pub const FIRST: Self = Self(1);

    /// `MultiXactIdPrecedes` (access/transam/multixact.c).
    pub const fn precedes(self, other: Self) -> bool {
        self.0.wrapping_sub(other.0) >= 1 << 31
    }

    /// How far `self` lies before `next`, as `mxid_age()` counts; `i32::MAX` for the invalid one.
    pub const fn age(self, next: Self) -> i32 {
        if self.0 == 0 { i32::MAX } else { next.0.wrapping_sub(self.0).cast_signed() }
    }
}

#[cfg(test)]
mod tests {
    use super::{FullXid, Xid};

    #[test]
    fn xids_compare_modulo_two_to_the_31() {
        assert!(Xid(4_294_967_290).precedes(Xid(10)));
        assert!(!Xid(10).precedes(Xid(4_294_967_290)));
        assert!(Xid::FROZEN.precedes(Xid(3)) && !Xid(3).precedes(Xid::FROZEN));
    }

    #[test]
    fn an_xid_widens_to_the_epoch_it_must_be_of() {
        let next = FullXid::new(2, Xid(100));
        assert_eq!(next.widen(Xid(99)), Some(FullXid::new(2, Xid(99))));
        assert_eq!(next.widen(Xid(4_294_967_290)), Some(FullXid::new(1, Xid(4_294_967_290))));
        assert_eq!(FullXid::new(0, Xid(100)).widen(Xid(4_294_967_290)), None);
        assert_eq!(next.widen(Xid::FROZEN), None);
    }
}
