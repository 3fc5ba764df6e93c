//! The two flag words of a heap tuple (access/htup_details.h), alike in every major we read.

/// `t_infomask`: what the tuple holds, and what is known of its transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Infomask(pub u16);

/// `t_infomask2`: the number of attributes, and what updates did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Infomask2(pub u16);

/// The lock a lone (not multixact) t_xmax stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum RowLock {
    /// `HEAP_XMAX_KEYSHR_LOCK`: FOR KEY SHARE.
    #[serde(rename = "for key share")]
    KeyShare,
    /// `HEAP_XMAX_SHR_LOCK`: FOR SHARE.
    #[serde(rename = "for share")]
    Share,
    /// `HEAP_XMAX_EXCL_LOCK`: FOR NO KEY UPDATE, or with `HEAP_KEYS_UPDATED` FOR UPDATE.
    #[serde(rename = "for update or no key update")]
    Exclusive,
}

const XMIN_FROZEN: u16 = Infomask::XMIN_COMMITTED | Infomask::XMIN_INVALID;

/// Defines named bits, a test for each, and the list of their names.
macro_rules! bits {
    ($type:ident { $( $(#[$doc:meta])* $bit:ident = $value:literal $name:literal $test:ident; )* }) => {
        impl $type {
            $(
                $(#[$doc])*
                pub const $bit: u16 = $value;
            )*
            $(
                $(#[$doc])*
                #[inline]
                pub const fn $test(self) -> bool {
                    self.0 & $value != 0
                }
            )*

            /// The bits that are set, by the names and in the order of heap_tuple_infomask_flags.
            pub fn names(self) -> impl Iterator<Item = &'static str> {
                [$(($value, $name)),*]
                    .into_iter()
                    .filter_map(move |(bit, name)| (self.0 & bit != 0).then_some(name))
            }
        }
    };
}

bits!(Infomask {
    /// Some attributes are null: there is a bitmap.
    HASNULL = 0x0001 "HEAP_HASNULL" has_null;
    /// Some attributes have no fixed width.
    HASVARWIDTH = 0x0002 "HEAP_HASVARWIDTH" has_varwidth;
    /// Some attributes are stored out of line.
    HASEXTERNAL = 0x0004 "HEAP_HASEXTERNAL" has_external;
    /// An oid (of a table WITH OIDS, before 12) or in IvorySQL a ROWID lies before t_hoff.
    HASOID_OLD = 0x0008 "HEAP_HASOID_OLD" has_oid_old;
    /// t_xmax is a key-shared locker.
    XMAX_KEYSHR_LOCK = 0x0010 "HEAP_XMAX_KEYSHR_LOCK" xmax_keyshr_lock;
    /// The command id is a combo command id.
    COMBOCID = 0x0020 "HEAP_COMBOCID" combocid;
    /// t_xmax is an exclusive locker.
    XMAX_EXCL_LOCK = 0x0040 "HEAP_XMAX_EXCL_LOCK" xmax_excl_lock;
    /// t_xmax, if valid, only locks.
    XMAX_LOCK_ONLY = 0x0080 "HEAP_XMAX_LOCK_ONLY" xmax_lock_only;
    /// Hint: t_xmin committed. With [`Self::XMIN_INVALID`]: frozen.
    XMIN_COMMITTED = 0x0100 "HEAP_XMIN_COMMITTED" xmin_committed_bit;
    /// Hint: t_xmin aborted. With [`Self::XMIN_COMMITTED`]: frozen.
    XMIN_INVALID = 0x0200 "HEAP_XMIN_INVALID" xmin_invalid_bit;
    /// Hint: t_xmax committed.
    XMAX_COMMITTED = 0x0400 "HEAP_XMAX_COMMITTED" xmax_committed;
    /// Hint: t_xmax aborted, or there is none.
    XMAX_INVALID = 0x0800 "HEAP_XMAX_INVALID" xmax_invalid;
    /// t_xmax is a multixact.
    XMAX_IS_MULTI = 0x1000 "HEAP_XMAX_IS_MULTI" xmax_is_multi;
    /// This is the newer version of a row.
    UPDATED = 0x2000 "HEAP_UPDATED" updated;
    /// Moved away by a VACUUM FULL before 9.0.
    MOVED_OFF = 0x4000 "HEAP_MOVED_OFF" moved_off;
    /// Moved here by a VACUUM FULL before 9.0.
    MOVED_IN = 0x8000 "HEAP_MOVED_IN" moved_in;
});

bits!(Infomask2 {
    /// Updated with key columns changed, or deleted.
    KEYS_UPDATED = 0x2000 "HEAP_KEYS_UPDATED" keys_updated;
    /// The next version of the row is a heap-only tuple on this page.
    HOT_UPDATED = 0x4000 "HEAP_HOT_UPDATED" hot_updated_bit;
    /// No index entry points here: reached through the HOT chain.
    ONLY_TUPLE = 0x8000 "HEAP_ONLY_TUPLE" only_tuple;
});

impl Infomask {
    /// `HEAP_LOCK_MASK`.
    const LOCK_MASK: u16 = Self::XMAX_EXCL_LOCK | Self::XMAX_KEYSHR_LOCK;

    /// Frozen: visible to all, whatever pg_xact says of t_xmin (`HeapTupleHeaderXminFrozen`).
    #[inline]
    pub const fn xmin_frozen(self) -> bool {
        self.0 & XMIN_FROZEN == XMIN_FROZEN
    }

    /// Hint: t_xmin committed, or frozen (`HeapTupleHeaderXminCommitted`).
    #[inline]
    pub const fn xmin_committed(self) -> bool {
        self.0 & Self::XMIN_COMMITTED != 0
    }

    /// Hint: t_xmin aborted, and not frozen (`HeapTupleHeaderXminInvalid`).
    #[inline]
    pub const fn xmin_invalid(self) -> bool {
        self.0 & XMIN_FROZEN == Self::XMIN_INVALID
    }

    /// Whether t_xmax locks the row and does nothing else (`HEAP_XMAX_IS_LOCKED_ONLY`).
    #[inline]
    pub const fn xmax_is_locked_only(self) -> bool {
        self.0 & Self::XMAX_LOCK_ONLY != 0
            || self.0 & (Self::XMAX_IS_MULTI | Self::LOCK_MASK) == Self::XMAX_EXCL_LOCK
    }

    /// Whether t_xmax is a share lock from before pg_upgrade from 9.2, long gone; the multixact
    /// must not be looked up (`HEAP_LOCKED_UPGRADED`).
    #[inline]
    pub const fn locked_upgraded(self) -> bool {
        let multi_lock = Self::XMAX_IS_MULTI | Self::XMAX_LOCK_ONLY;
        self.0 & (multi_lock | Self::LOCK_MASK) == multi_lock
    }

    /// The lock that the lock bits stand for.
    pub const fn row_lock(self) -> Option<RowLock> {
        match self.0 & Self::LOCK_MASK {
            Self::XMAX_KEYSHR_LOCK => Some(RowLock::KeyShare),
            Self::XMAX_EXCL_LOCK => Some(RowLock::Exclusive),
            Self::LOCK_MASK => Some(RowLock::Share),
            _ => None,
        }
    }

    /// What bits mean together, by the names of heap_tuple_infomask_flags (`combined_flags`).
    pub fn combined_names(self) -> impl Iterator<Item = &'static str> {
        [
            (Self::LOCK_MASK, "HEAP_XMAX_SHR_LOCK"),
            (XMIN_FROZEN, "HEAP_XMIN_FROZEN"),
            (Self::MOVED_OFF | Self::MOVED_IN, "HEAP_MOVED"),
        ]
        .into_iter()
        .filter_map(move |(bits, name)| (self.0 & bits == bits).then_some(name))
    }
}

impl Infomask2 {
    /// Attributes stored in the tuple; the table may have more by now, or dropped some
    /// (`HeapTupleHeaderGetNatts`).
    #[inline]
    pub const fn natts(self) -> u16 {
        self.0 & 0x07ff
    }

    /// Whether the row went on as a heap-only tuple, judged with the hints of `infomask`
    /// (`HeapTupleHeaderIsHotUpdated`).
    #[inline]
    pub const fn hot_updated(self, infomask: Infomask) -> bool {
        self.hot_updated_bit() && !infomask.xmax_invalid() && !infomask.xmin_invalid()
    }
}

#[cfg(test)]
mod tests {
    use super::{Infomask, Infomask2, RowLock};

    #[test]
    fn names_are_those_of_heap_tuple_infomask_flags() {
        let names: Vec<_> = Infomask(0x0b02).names().collect();
        assert_eq!(
            names,
            ["HEAP_HASVARWIDTH", "HEAP_XMIN_COMMITTED", "HEAP_XMIN_INVALID", "HEAP_XMAX_INVALID"]
        );
        assert_eq!(
            Infomask(0x0b52).combined_names().collect::<Vec<_>>(),
            ["HEAP_XMAX_SHR_LOCK", "HEAP_XMIN_FROZEN"]
        );
        assert_eq!(Infomask2(0x8003).names().collect::<Vec<_>>(), ["HEAP_ONLY_TUPLE"]);
        assert_eq!(Infomask2(0xffff).natts(), 2047);
    }

    #[test]
    fn frozen_is_neither_committed_alone_nor_aborted() {
        assert!(Infomask(0x0300).xmin_frozen() && Infomask(0x0300).xmin_committed());
        assert!(!Infomask(0x0300).xmin_invalid() && Infomask(0x0200).xmin_invalid());
    }

    #[test]
    fn a_locker_is_told_from_an_updater() {
        assert!(Infomask(0x0040).xmax_is_locked_only(), "FOR UPDATE of an old release");
        assert!(!Infomask(0x1040).xmax_is_locked_only() && Infomask(0x1080).xmax_is_locked_only());
        assert!(Infomask(0x1080).locked_upgraded() && !Infomask(0x10d0).locked_upgraded());
        assert_eq!(Infomask(0x0050).row_lock(), Some(RowLock::Share));
        assert!(!Infomask2(0x4000).hot_updated(Infomask(0x0800)));
    }
}
