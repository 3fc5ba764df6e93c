//! RelMap: filenodes of mapped catalogs changed (utils/relmapper.h; access/rmgrdesc/relmapdesc.c).
use super::{Desc, Resource, unknown_type};
use crate::format::bytes::{take, u32};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::relmap::RelMap;
use crate::format::wal::record::Record;
use crate::layout::{Dialect, Layout};
use crate::types::Oid;
use std::fmt::{self, Write};

/// As the list of managers asks for it: these records borrow nothing.
pub type Relmap<'a> = Update;

/// `XLOG_RELMAP_UPDATE` (`xl_relmap_update`), the only type of record: a whole new map.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Update {
    /// The database, 0 for the shared map.
    pub dbid: Oid,
    /// Its tablespace.
    pub tsid: Oid,
    /// Bytes in the map.
    pub nbytes: u32,
    /// The map as it is then in pg_filenode.map.
    pub map: RelMap,
}

impl Update {
    /// Up to the map.
    fn head(input: &[u8]) -> Parse<'_, (Oid, Oid, &[u8])> {
        let (rest, dbid) = u32(input)?;
        let (rest, tsid) = u32(rest)?;
        let (rest, nbytes) = u32(rest)?;
        let (rest, map) = take(nbytes as usize)(rest)?;
        Ok((rest, (Oid(dbid), Oid(tsid), map)))
    }
}

impl<'a> Resource<'a> for Relmap<'a> {
    fn identify(info: u8, _: &Layout) -> Option<&'static str> {
        (info == 0x00).then_some("UPDATE")
    }

    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        if record.info() != 0x00 {
            return Err(unknown_type(record));
        }
        let (dbid, tsid, map) = parse_at(record.main, 0, "xl_relmap_update", Self::head)?;
        let nbytes = u32::try_from(map.len()).unwrap_or(u32::MAX);
        Ok(Self { dbid, tsid, nbytes, map: RelMap::parse(map, dialect.layout)? })
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        write!(out, "database {} tablespace {} size {}", self.dbid, self.tsid, self.nbytes)
    }
}
