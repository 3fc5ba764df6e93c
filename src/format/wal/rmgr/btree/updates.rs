//! Rows taken out of posting lists, from 13 on (`xl_btree_update`, access/nbtxlog.h).
//!
//! ```text
//! line pointers of all entries | of each entry: ndeletedtids, places in its posting list
//! ```
use crate::format::bytes::u16;
use crate::format::error::Parse;
use crate::format::wal::rmgr::{Array, Desc};
use crate::types::OffsetNumber;
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// One entry that loses some of its rows.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PostingUpdate<'a> {
    /// Its line pointer.
    pub updatedoffset: OffsetNumber,
    /// Which rows: places in its posting list, from 0.
    pub deletetids: Array<'a, u16>,
}

/// Entries that lose rows, one after another. Serialises as an array.
#[derive(Clone, Copy)]
pub struct PostingUpdates<'a> {
    offsets: Array<'a, OffsetNumber>,
    updates: &'a [u8],
}

impl<'a> PostingUpdates<'a> {
    /// Reads `nupdated` of them.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] if they are not there.
    pub fn parse(nupdated: u16) -> impl Fn(&'a [u8]) -> Parse<'a, Self> {
        move |input| {
            let (updates, offsets) = Array::parse(nupdated.into())(input)?;
            let mut rest = updates;
            for _ in 0..nupdated {
                (rest, _) = deletetids(rest)?;
            }
            Ok((rest, Self { offsets, updates }))
        }
    }

    /// The entries.
    pub fn iter(&self) -> impl Iterator<Item = PostingUpdate<'a>> + use<'a> {
        let mut rest = self.updates;
        self.offsets.iter().map_while(move |updatedoffset| {
            let deletetids;
            (rest, deletetids) = self::deletetids(rest).ok()?;
            Some(PostingUpdate { updatedoffset, deletetids })
        })
    }

    /// Writes `, updated:` and them (`delvacuum_desc`, access/rmgrdesc/nbtdesc.c).
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.text(", updated: [")?;
        for (at, update) in self.iter().enumerate() {
            out.text(if at == 0 { "{" } else { ", {" })?;
            out.pair(" off: ", update.updatedoffset.0)?;
            out.pair(", nptids: ", update.deletetids.len())?;
            out.text(", ptids:")?;
            update.deletetids.desc(out, |place, out| out.number(place))?;
            out.text(" }")?;
        }
        out.text("]")
    }
}

fn deletetids(input: &[u8]) -> Parse<'_, Array<'_, u16>> {
    let (rest, ndeletedtids) = u16(input)?;
    Array::parse(ndeletedtids.into())(rest)
}

impl fmt::Debug for PostingUpdates<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for PostingUpdates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
impl schemars::JsonSchema for PostingUpdates<'_> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PostingUpdates".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<PostingUpdate<'_>>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
