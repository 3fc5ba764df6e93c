//! Statistics that go with what a transaction dropped (`xl_xact_stats_item`, access/xact.h).
use crate::format::bytes::{i32, take, u32, u64};
use crate::format::error::Parse;
use crate::format::wal::rmgr::{Desc, as_text};
use crate::layout::shape::TwoPhaseShape;
use crate::types::Oid;
use std::fmt::{self, Write};

/// One object whose statistics are dropped (15 and later).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StatsItem {
    /// What kind of object (`PgStat_Kind`, pgstat.h): 2 a relation, 3 a function.
    pub kind: i32,
    /// Its database.
    pub dboid: Oid,
    /// The object; an oid before 18.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub objid: u64,
}

impl StatsItem {
    fn parse(input: &[u8], shape: TwoPhaseShape) -> Parse<'_, Self> {
        let (rest, kind) = i32(input)?;
        let (rest, dboid) = u32(rest)?;
        let (rest, objid) = match shape {
            TwoPhaseShape::Plain | TwoPhaseShape::DropsStats => {
                u32(rest).map(|(rest, oid)| (rest, u64::from(oid)))?
            }
            TwoPhaseShape::DropsWideStats => u64(rest)?,
        };
        Ok((rest, Self { kind, dboid: Oid(dboid), objid }))
    }

    /// Reads `count` items: refused before anything is allocated if they are not there.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`].
    pub fn parse_array(input: &[u8], count: u32, shape: TwoPhaseShape) -> Parse<'_, Vec<Self>> {
        let (mut items, each) = (Vec::new(), if shape == TwoPhaseShape::DropsWideStats { 16 } else { 12 });
        let (rest, mut bytes) = take((count as usize).saturating_mul(each))(input)?;
        while !bytes.is_empty() {
            let item;
            (bytes, item) = Self::parse(bytes, shape)?;
            items.push(item);
        }
        Ok((rest, items))
    }
}

/// `xact_desc_stats`: nothing if there are none.
pub(super) fn desc(label: &str, items: &[StatsItem], out: &mut Desc<'_>) -> fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    write!(out, "; {label}dropped stats:")?;
    items.iter().try_for_each(|StatsItem { kind, dboid, objid }| {
        write!(out, " {kind}/{dboid}/{objid}")
    })
}
