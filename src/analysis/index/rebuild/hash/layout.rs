//! How `hashbuild` lays buckets out over the file: how many there are, which one takes a hash code, and
//! where overflow pages and their bitmaps come in (access/hash/hashpage.c, hashutil.c, hashovfl.c).
use super::super::{Build, LINE_POINTER};

/// Bytes of an item with its line pointer.
const ITEM: u64 = 16 + LINE_POINTER;
/// `MAXALIGN(sizeof(HashPageOpaqueData))`.
const OPAQUE: u64 = 16;
/// The most buckets that an index begins with.
const MOST_LAID_OUT: u64 = 1 << 30;
/// The most buckets that splits make of them (`_hash_expandtable`).
const MOST: u64 = 0x7FFF_FFFF;

/// What a hash index is built by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// `hashm_ffactor`: a bucket is split off when there is one item more than so many for each.
    pub(super) per_bucket: u64,
    /// Items that fit on a page.
    pub(super) per_page: u64,
    /// Bits of a bitmap, one for each overflow page and for each bitmap.
    bits: u64,
    /// Buckets before the first item.
    pub(super) laid_out: u64,
}

impl Layout {
    /// Of a table that is taken to have so many rows (`_hash_init`, `_hash_init_metabuffer`).
    pub(super) fn new(build: &Build, table_rows: u64) -> Self {
        let target = u64::from(build.block_size) * u64::from(build.fillfactor) / 100;
        let per_bucket = (target / ITEM).max(10);
        let room = build.room(OPAQUE).max(1);
        Self {
            per_bucket,
            per_page: (room / ITEM).max(1),
            bits: (1 << room.ilog2()) * 8,
            laid_out: allocated((table_rows / per_bucket).min(MOST_LAID_OUT)),
        }
    }

    /// Buckets once there are so many items: each item splits one bucket off at most.
    pub(super) fn buckets(&self, items: u64) -> u64 {
        self.laid_out.max(items.div_ceil(self.per_bucket)).min(MOST)
    }

    /// Pages of the file: metapage, buckets as they are allocated, and overflow pages, of which those
    /// that were freed stay (`_hash_freeovflpage`). Each bitmap takes a bit of its own, the first is
    /// there before it is needed.
    pub(super) fn pages(&self, buckets: u64, overflow: u64) -> u64 {
        let bitmaps = overflow.div_ceil(self.bits.saturating_sub(1).max(1)).max(1);
        1 + allocated(buckets) + overflow + bitmaps
    }
}

/// `_hash_hashkey2bucket` with the masks that there are for so many buckets.
pub(super) fn bucket_of(hash: u64, buckets: u64) -> u64 {
    let half = half(buckets);
    let bucket = hash & (2 * half - 1);
    if bucket < buckets { bucket } else { bucket & (half - 1) }
}

/// The highest power of two below so many buckets; the last of them was split off from the bucket so
/// many before it.
pub(super) fn half(buckets: u64) -> u64 {
    buckets.max(2).next_power_of_two() / 2
}

/// `_hash_get_totalbuckets` of `_hash_spareindex`: buckets come in powers of two, from 512 on in
/// quarters of the next.
pub(super) fn allocated(wanted: u64) -> u64 {
    let wanted = wanted.max(2);
    let next = wanted.next_power_of_two();
    if next < 1024 {
        return next;
    }
    let (half, quarter) = (next / 2, next / 8);
    half + (wanted - half).div_ceil(quarter) * quarter
}

#[cfg(test)]
mod tests {
    use super::{allocated, bucket_of, half};

    #[test]
    fn buckets_are_added_as_splitpoints_say() {
        let of = [0, 3, 512, 513, 1025, 1281, 2048, 2049].map(allocated);
        assert_eq!(of, [2, 4, 512, 640, 1280, 1536, 2048, 2560]);
    }

    /// Whenever a bucket is split off, it takes from that bucket alone.
    #[test]
    fn a_new_bucket_takes_items_of_one() {
        for buckets in 2..200 {
            for hash in 0..1000 {
                let (before, after) = (bucket_of(hash, buckets), bucket_of(hash, buckets + 1));
                let old = buckets - half(buckets + 1);
                assert!(after == before || (before, after) == (old, buckets), "{hash} {buckets}");
            }
        }
    }
}
