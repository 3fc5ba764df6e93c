//! How redo gets at a block that a record names, and what it leaves as its pd_lsn
//! (`XLogReadBufferForRedoExtended`, access/transam/xlogutils.c; the redo routine of each manager).
use super::noted::Rules;
use crate::format::page::is_new;
use crate::format::wal::rmgr::{Body, hash::Hash, identify};
use crate::format::wal::{BlockRef, Image, Record};

/// What redo does with a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Puts the full-page image in its place, whatever is there.
    Restore,
    /// The same of an image of a page that was never initialised: it has no LSN to be set.
    RestoreNew,
    /// Makes the page anew, whatever is there (`BKPBLOCK_WILL_INIT`).
    Init,
    /// Changes the page if its LSN is older.
    Change,
    /// The same, and a page that is not there or is damaged is zeros (`RBM_ZERO_ON_ERROR`).
    ChangeOrZero,
    /// Changes the page if its LSN is older, but leaves the LSN.
    Hint,
    /// Reads the page and leaves it, to hold its lock.
    Read,
    /// Does not look at it.
    Nothing,
}

/// `RM_XLOG_ID`.
const RM_XLOG: u8 = 0;
/// `RM_HEAP2_ID`.
const RM_HEAP2: u8 = 9;
/// `RM_HASH_ID`.
const RM_HASH: u8 = 12;

impl Deed {
    /// What redo of `record` does with one of its blocks.
    #[inline]
    pub(super) fn of(record: &Record<'_>, block: &BlockRef<'_>, rules: &Rules<'_>) -> Self {
        match &block.image {
            Some(image) if image.apply && is_image_of_new(image, rules) => Self::RestoreNew,
            Some(image) if image.apply => Self::Restore,
            _ if block.will_init() => Self::Init,
            _ => match record.header.xl_rmid {
                // Hints whose image was not needed, full_page_writes being off.
                RM_XLOG => Self::Nothing,
                RM_HEAP2 => Self::of_heap2(record, block, rules),
                RM_HASH => Self::of_hash(record, block, rules),
                _ => Self::Change,
            },
        }
    }

    /// Setting bits of the visibility map changes the heap page by a hint only, and its LSN where
    /// hints have to be logged (`heap_xlog_visible`, `heap_xlog_prune_freeze`).
    fn of_heap2(record: &Record<'_>, block: &BlockRef<'_>, rules: &Rules<'_>) -> Self {
        let heap = if rules.logs_hints { Self::Change } else { Self::Hint };
        let layout = rules.dialect.layout;
        match (identify(RM_HEAP2, record.info(), layout), block.id) {
            (Some("VISIBLE"), 0) => Self::ChangeOrZero,
            (Some("VISIBLE"), _) => heap,
            (Some(name), 0) if name.starts_with("PRUNE_") && block.data.is_empty() => heap,
            (Some(name), 1) if name.starts_with("PRUNE_") => Self::ChangeOrZero,
            (Some("MULTI_INSERT" | "MULTI_INSERT+INIT"), 1) => Self::ChangeOrZero,
            _ => Self::Change,
        }
    }

    /// The primary page of a bucket is named only so that its lock is held.
    fn of_hash(record: &Record<'_>, block: &BlockRef<'_>, rules: &Rules<'_>) -> Self {
        let layout = rules.dialect.layout;
        match (identify(RM_HASH, record.info(), layout), block.id) {
            (Some("SQUEEZE_PAGE" | "MOVE_PAGE_CONTENTS" | "DELETE"), 0) => Self::Read,
            (Some("SQUEEZE_PAGE"), 1) if layout.index_wal().hash_squeeze_spares => {
                match Body::parse(record, rules.dialect) {
                    Ok(Body::Hash(Hash::SqueezePage(of)))
                        if of.ntups == 0 && !of.is_prev_bucket_same_wrt =>
                    {
                        Self::Read
                    }
                    _ => Self::Change,
                }
            }
            _ => Self::Change,
        }
    }

    /// Whether it replaces the page, whatever was there.
    pub const fn replaces(self) -> bool {
        matches!(self, Self::Restore | Self::RestoreNew | Self::Init)
    }
}

/// Whether an image is of a page that was never initialised: most probably all zeros, which leaves
/// very little when it is compressed. A page with a hole has tuples or line pointers, and is not.
fn is_image_of_new(image: &Image<'_>, rules: &Rules<'_>) -> bool {
    let block_size = rules.dialect.geometry.block_size;
    if image.hole_length > 0 {
        return false;
    }
    if image.compression.is_none() {
        return is_new(image.bytes);
    }
    let mut page = Vec::new();
    let small = image.bytes.len() < block_size as usize / 16;
    small && image.restore(block_size, &mut page).is_ok() && is_new(&page)
}
