//! Hash indexes as `hashbuild` lays out their buckets.
use super::{Build, LINE_POINTER};
use crate::analysis::index::role::Role;
use crate::format::page::{LpFlags, Page};

/// Bytes of an item with its line pointer.
const ITEM: u64 = 16 + LINE_POINTER;
/// `MAXALIGN(sizeof(HashPageOpaqueData))`.
const OPAQUE: u64 = 16;

/// Items of a hash index.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Items {
    count: u64,
    /// Of overflow pages.
    overflow: u64,
}

impl Items {
    /// Takes a bucket's page.
    pub(super) fn page(&mut self, role: Role, page: &Page<'_>) {
        let live = page.items().filter(|(_, item)| item.lp_flags() != LpFlags::Dead);
        let live = live.count() as u64;
        self.count += live;
        self.overflow += if role == Role::Overflow { live } else { 0 };
    }

    /// Adds others.
    pub(super) fn merge(&mut self, others: &Self) {
        self.count += others.count;
        self.overflow += others.overflow;
    }

    /// The metapage, a bitmap, the buckets, and what does not fit in them. Buckets are laid out for
    /// the rows that the table is taken to have (`_hash_init_metabuffer`), and split if there are
    /// more (`_hash_doinsert`).
    pub(super) fn pages(&self, build: &Build, table_rows: u64, rows: Option<u64>) -> u64 {
        let rows = rows.map_or(self.count, |rows| rows.min(self.count));
        let target = u64::from(build.block_size) * u64::from(build.fillfactor) / 100;
        let per_bucket = (target / ITEM).max(10);
        let laid_out = buckets(table_rows / per_bucket);
        let buckets = laid_out.max(buckets(rows.div_ceil(per_bucket)));
        let most = build.room(OPAQUE) / ITEM;
        2 + buckets + self.overflow.div_ceil(most.max(1))
    }
}

/// `_hash_get_totalbuckets` of `_hash_spareindex`: buckets come in powers of two, from 512 on in
/// quarters of the next.
fn buckets(wanted: u64) -> u64 {
    let wanted = wanted.clamp(2, 1 << 30);
    let next = wanted.next_power_of_two();
    if next < 1024 {
        return next;
    }
    let (half, quarter) = (next / 2, next / 8);
    half + (wanted - half).div_ceil(quarter) * quarter
}

#[cfg(test)]
mod tests {
    use super::buckets;

    #[test]
    fn buckets_are_added_as_splitpoints_say() {
        let of = [0, 3, 512, 513, 1025, 1281, 2048, 2049].map(buckets);
        assert_eq!(of, [2, 4, 512, 640, 1280, 1536, 2048, 2560]);
    }
}
