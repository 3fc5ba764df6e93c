//! The metapage and the bitmap of overflow pages: `xl_hash_init_meta_page`,
//! `xl_hash_init_bitmap_page`, `xl_hash_update_meta_page` (access/hash_xlog.h).
use crate::format::bytes::{u16, u32, u64};
use crate::format::error::{Parse, ParseError};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::Desc;
use crate::format::wal::rmgr::index::{General, main};
use crate::types::Oid;
use std::fmt::{self, Write};

/// A new index, whose metapage is block 0.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InitMetaPage {
    /// Rows that the table was thought to have.
    pub num_tuples: f64,
    /// The hash function.
    pub procid: Oid,
    /// Tuples that a bucket shall have.
    pub ffactor: u16,
}

/// The first bitmap page, block 0; block 1 is the metapage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InitBitmapPage {
    /// Bytes of bitmap in it.
    pub bmsize: u16,
}

/// The metapage, block 0, after VACUUM.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UpdateMetaPage {
    /// Tuples in the index.
    pub ntuples: f64,
}

fn double(input: &[u8]) -> Parse<'_, f64> {
    u64(input).map(|(rest, bits)| (rest, f64::from_bits(bits)))
}

impl InitMetaPage {
    pub(super) fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        main(record, "xl_hash_init_meta_page", |input| {
            let (rest, num_tuples) = double(input)?;
            let (rest, procid) = u32(rest)?;
            let (rest, ffactor) = u16(rest)?;
            Ok((rest, Self { num_tuples, procid: Oid(procid), ffactor }))
        })
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "num_tuples {}, ", General(self.num_tuples))?;
        if out.layout.index_wal().verbose {
            write!(out, "procid {}, ", self.procid)?;
        }
        write!(out, "fillfactor {}", self.ffactor)
    }
}

impl InitBitmapPage {
    pub(super) fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        let bmsize = main(record, "xl_hash_init_bitmap_page", u16)?;
        Ok(Self { bmsize })
    }

    pub(super) fn desc(self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "bmsize {}", self.bmsize)
    }
}

impl UpdateMetaPage {
    pub(super) fn parse(record: &Record<'_>) -> Result<Self, ParseError> {
        let ntuples = main(record, "xl_hash_update_meta_page", double)?;
        Ok(Self { ntuples })
    }

    pub(super) fn desc(self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "ntuples {}", General(self.ntuples))
    }
}
