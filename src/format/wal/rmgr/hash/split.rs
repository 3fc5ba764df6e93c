//! A bucket split in two: `xl_hash_split_allocate_page`, `xl_hash_split_complete`
//! (access/hash_xlog.h).
use crate::format::bytes::{u8, u16, u32};
use crate::format::error::ParseError;
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::index::{in_block, letter, main};
use std::fmt::{self, Write};

/// `XLH_SPLIT_META_UPDATE_MASKS`.
const UPDATES_MASKS: u8 = 0x01;
/// `XLH_SPLIT_META_UPDATE_SPLITPOINT`.
const UPDATES_SPLITPOINT: u8 = 0x02;

/// The new bucket's first page, block 1; block 0 is the old bucket's, block 2 the metapage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SplitAllocatePage {
    /// The new bucket.
    pub new_bucket: u32,
    /// `hasho_flag` of the old bucket's page.
    pub old_bucket_flag: u16,
    /// `hasho_flag` of the new bucket's page.
    pub new_bucket_flag: u16,
    /// Which of the fields below follow in the data of block 2: `XLH_SPLIT_META_UPDATE_*`.
    pub flags: u8,
    /// `hashm_lowmask` and `hashm_highmask`.
    pub masks: Option<(u32, u32)>,
    /// `hashm_ovflpoint` and its number of overflow pages.
    pub splitpoint: Option<Ovflpoint>,
}

/// A phase of the index's growth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ovflpoint {
    /// Its number.
    pub hashm_ovflpoint: u32,
    /// Overflow pages before it: the entry of `hashm_spares` for it.
    pub hashm_spares: u32,
}

/// All tuples of the split are where they belong; blocks as in [`SplitAllocatePage`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SplitComplete {
    /// `hasho_flag` of the old bucket's page.
    pub old_bucket_flag: u16,
    /// `hasho_flag` of the new bucket's page.
    pub new_bucket_flag: u16,
}

impl SplitAllocatePage {
    pub(super) fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        let body = main(record, "xl_hash_split_allocate_page", |input| {
            let (rest, new_bucket) = u32(input)?;
            let (rest, old_bucket_flag) = u16(rest)?;
            let (rest, new_bucket_flag) = u16(rest)?;
            let (rest, flags) = u8(rest)?;
            let (masks, splitpoint) = (None, None);
            let body =
                Self { new_bucket, old_bucket_flag, new_bucket_flag, flags, masks, splitpoint };
            Ok((rest, body))
        })?;
        let of_metapage = in_block(record, 2, "changes of the metapage", |input| {
            let pair = |input| {
                let (rest, first) = u32(input)?;
                u32(rest).map(|(rest, second)| (rest, Some((first, second))))
            };
            let (masks, splitpoint) = (body.updates_masks(), body.updates_splitpoint());
            let (rest, masks) = if masks { pair(input)? } else { (input, None) };
            let (rest, point) = if splitpoint { pair(rest)? } else { (rest, None) };
            Ok((rest, (masks, point)))
        })?;
        let (masks, splitpoint) = of_metapage.unwrap_or_default();
        let splitpoint = splitpoint
            .map(|(hashm_ovflpoint, hashm_spares)| Ovflpoint { hashm_ovflpoint, hashm_spares });
        Ok(Self { masks, splitpoint, ..body })
    }

    const fn updates_masks(&self) -> bool {
        self.flags & UPDATES_MASKS != 0
    }

    const fn updates_splitpoint(&self) -> bool {
        self.flags & UPDATES_SPLITPOINT != 0
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "new_bucket {}, ", self.new_bucket)?;
        if out.layout.index_wal().verbose {
            write!(out, "old_bucket_flag {}, ", self.old_bucket_flag)?;
            write!(out, "new_bucket_flag {}, ", self.new_bucket_flag)?;
        }
        let (masks, splitpoint) = (self.updates_masks(), self.updates_splitpoint());
        write!(out, "meta_page_masks_updated {}, ", letter(masks))?;
        write!(out, "issplitpoint_changed {}", letter(splitpoint))
    }
}

impl SplitComplete {
    pub(super) fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        main(record, "xl_hash_split_complete", |input| {
            let (rest, old_bucket_flag) = u16(input)?;
            let (rest, new_bucket_flag) = u16(rest)?;
            Ok((rest, Self { old_bucket_flag, new_bucket_flag }))
        })
    }

    pub(super) fn desc(self, out: &mut Desc<'_>) -> fmt::Result {
        let Self { old_bucket_flag, new_bucket_flag } = self;
        write!(out, "old_bucket_flag {old_bucket_flag}, new_bucket_flag {new_bucket_flag}")
    }
}
