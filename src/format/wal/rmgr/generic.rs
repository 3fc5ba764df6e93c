//! Generic: pages of extensions' access methods, changed piece by piece
//! (access/transam/generic_xlog.c; access/rmgrdesc/genericdesc.c).
use super::{Desc, Hex, Resource};
use crate::format::bytes::{take, u16};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use std::fmt;

/// The only type of record: what changes on each block is in the block's own data.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Generic<'a> {
    /// What the main data overwrites. Servers put nothing there, but it is what PostgreSQL shows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<Region<'a>>,
    /// What changes on the blocks that have no image, by block.
    pub blocks: Vec<Delta<'a>>,
}

/// The changes of one block (`PageData.delta`).
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Delta<'a> {
    /// What the record calls the block.
    pub id: u8,
    /// What is overwritten.
    pub regions: Vec<Region<'a>>,
}

/// Bytes of a page overwritten (`writeFragment`).
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Region<'a> {
    /// Bytes from the start of the page.
    pub offset: u16,
    /// How many there are.
    pub length: u16,
    /// The new bytes.
    pub bytes: Hex<'a>,
}

impl<'a> Region<'a> {
    fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, offset) = u16(input)?;
        let (rest, length) = u16(rest)?;
        let (rest, bytes) = take(length.into())(rest)?;
        Ok((rest, Self { offset, length, bytes: Hex(bytes) }))
    }

    /// All that fill `input`.
    fn all(input: &'a [u8]) -> Parse<'a, Vec<Self>> {
        let (mut rest, mut regions) = (input, Vec::new());
        while !rest.is_empty() {
            let region;
            (rest, region) = Self::parse(rest)?;
            regions.push(region);
        }
        Ok((rest, regions))
    }
}

impl<'a> Resource<'a> for Generic<'a> {
    fn identify(_: u8, _: &Layout) -> Option<&'static str> {
        Some("Generic")
    }

    fn parse(record: &Record<'a>, _: &Dialect) -> Result<Self, ParseError> {
        let regions = parse_at(record.main, 0, "Generic", Region::all)?;
        let with_data = record.blocks.iter().filter(|block| !block.data.is_empty());
        let delta = |id, data| {
            parse_at(data, 0, "Generic", Region::all).map(|regions| Delta { id, regions })
        };
        let blocks = with_data.map(|block| delta(block.id, block.data)).collect::<Result<_, _>>()?;
        Ok(Self { regions, blocks })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        for (index, Region { offset, length, .. }) in self.regions.iter().enumerate() {
            out.text(if index == 0 { "offset " } else { "; offset " })?;
            out.number(*offset)?;
            out.text(", length ")?;
            out.number(*length)?;
        }
        Ok(())
    }
}
