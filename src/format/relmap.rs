//! `pg_filenode.map` (`RelMapFile`, utils/cache/relmapper.c): filenodes of the mapped catalogs.
//!
//! ```text
//! 0 magic | 4 num_mappings | 8 (mapoid, mapfilenumber) × 62 or 64 | crc | padding to 15
//! ```
use super::bytes::{skip, take, u32};
use super::error::{Fault, Parse, ParseError, parse_at, stop};
use crate::layout::Layout;
use crate::types::{Oid, RelFileNumber};

/// `RELMAPPER_FILEMAGIC`.
const MAGIC: u32 = 0x0059_2717;

/// The mapped catalogs of one database, or the shared ones.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RelMap {
    /// Catalog and filenode, in the file's order.
    pub entries: Vec<(Oid, RelFileNumber)>,
    /// CRC-32C as stored.
    pub crc: u32,
    /// CRC-32C of the bytes before it.
    pub computed_crc: u32,
}

impl RelMap {
    /// Reads a whole file.
    ///
    /// # Errors
    /// [`Fault::Truncated`]; [`Fault::Unexpected`] for a wrong magic number or a count that the
    /// file cannot hold. A CRC that does not fit is kept, not refused.
    pub fn parse(bytes: &[u8], layout: &Layout) -> Result<Self, ParseError> {
        parse_at(bytes, 0, "RelMapFile", |input| Self::fields(input, layout))
    }

    fn fields<'a>(input: &'a [u8], layout: &Layout) -> Parse<'a, Self> {
        let places = layout.relmap_mappings;
        let (rest, magic) = u32(input)?;
        if magic != MAGIC {
            let found = u64::from(magic);
            return stop(input, Fault::Unexpected { field: "magic", found, expected: "0x592717" });
        }
        let (after_count, count) = u32(rest)?;
        if count > places {
            let found = u64::from(count);
            let expected = "no more than the file has places for";
            return stop(rest, Fault::Unexpected { field: "num_mappings", found, expected });
        }
        let (rest, mappings) = take(places.saturating_mul(8) as usize)(after_count)?;
        let covered = input.len().saturating_sub(rest.len());
        let computed_crc = crc32c::crc32c(input.get(..covered).unwrap_or(input));
        let (rest, crc) = u32(rest)?;
        let read = input.len().saturating_sub(rest.len());
        let (rest, ()) = skip((layout.relmap_len as usize).saturating_sub(read))(rest)?;
        let (pairs, _) = mappings.as_chunks::<8>();
        let pair = |[a, b, c, d, e, f, g, h]: &[u8; 8]| {
            let number = RelFileNumber(u32::from_le_bytes([*e, *f, *g, *h]));
            (Oid(u32::from_le_bytes([*a, *b, *c, *d])), number)
        };
        let entries = pairs.iter().take(count as usize).map(pair).collect();
        Ok((rest, Self { entries, crc, computed_crc }))
    }

    /// Whether the CRC fits.
    pub const fn crc_ok(&self) -> bool {
        self.crc == self.computed_crc
    }

    /// The filenode of a mapped catalog.
    pub fn filenode(&self, catalog: Oid) -> Option<RelFileNumber> {
        self.entries.iter().find(|(oid, _)| *oid == catalog).map(|&(_, number)| number)
    }
}

#[cfg(test)]
mod tests {
    use super::RelMap;
    use crate::layout::{Layout, PgVersion};
    use crate::types::{Oid, RelFileNumber};

    /// A file by the C declaration, without the parser's structs.
    fn file(layout: &Layout, count: u32) -> Vec<u8> {
        let crc_at = if layout.relmap_len == 512 { 504 } else { 520 };
        let mut bytes = [0x0059_2717_u32, count].map(u32::to_le_bytes).concat();
        bytes.extend([1259_u32, 16390].map(u32::to_le_bytes).concat());
        bytes.resize(crc_at, 0);
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes.resize(layout.relmap_len as usize, 0);
        bytes
    }

    #[test]
    fn a_map_has_room_for_62_or_64_catalogs() {
        for version in PgVersion::ALL {
            let layout = version.layout();
            let map = RelMap::parse(&file(layout, 1), layout).unwrap();
            assert!(map.crc_ok());
            assert_eq!(map.filenode(Oid(1259)), Some(RelFileNumber(16390)));
            assert_eq!(map.filenode(Oid(0)), None);
        }
    }

    #[test]
    fn a_count_past_the_places_is_refused() {
        let layout = PgVersion::ALL[0].layout();
        let error = RelMap::parse(&file(layout, 63), layout).unwrap_err();
        assert_eq!(
            error.to_string(),
            "RelMapFile at 0x4: num_mappings is 63, expected no more than the file has places for"
        );
        assert!(RelMap::parse(&file(layout, 1)[..508], layout).is_err());
    }
}
