//! Database: directories of databases made and removed (commands/dbcommands_xlog.h;
//! access/rmgrdesc/dbasedesc.c).
use super::array::Array;
use super::{Desc, Resource, unknown_type};
use crate::format::bytes::u32;
use crate::format::error::{Parse, ParseError, parse_at};
use crate::format::wal::record::Record;
use crate::layout::wal::{DbaseWal, DroppedDatabase};
use crate::layout::{Dialect, Layout};
use crate::types::Oid;
use std::fmt::{self, Write};

/// A record of the resource manager Database.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Dbase<'a> {
    /// `XLOG_DBASE_CREATE`, from 15 `XLOG_DBASE_CREATE_FILE_COPY`.
    CreateFileCopy(CreateFileCopy),
    /// `XLOG_DBASE_CREATE_WAL_LOG` (15 and later).
    CreateWalLog(CreateWalLog),
    /// `XLOG_DBASE_DROP`.
    Drop(Drop<'a>),
}

/// `xl_dbase_create_rec`, `xl_dbase_create_file_copy_rec`: a directory copied with all in it.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CreateFileCopy {
    /// The new database.
    pub db_id: Oid,
    /// The tablespace of the new directory.
    pub tablespace_id: Oid,
    /// The database that is copied.
    pub src_db_id: Oid,
    /// The tablespace of the directory that is copied.
    pub src_tablespace_id: Oid,
}

/// `xl_dbase_create_wal_log_rec`: a directory made, whose files are then logged block by block.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CreateWalLog {
    /// The new database.
    pub db_id: Oid,
    /// Its tablespace.
    pub tablespace_id: Oid,
}

/// `xl_dbase_drop_rec`: directories of a database removed.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Drop<'a> {
    /// The database.
    pub db_id: Oid,
    /// Where it loses its directory; one in each record of 12.
    pub tablespace_ids: Array<'a, Oid>,
}

impl CreateFileCopy {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, db_id) = u32(input)?;
        let (rest, tablespace_id) = u32(rest)?;
        let (rest, src_db_id) = u32(rest)?;
        let (rest, src_tablespace_id) = u32(rest)?;
        let (db_id, tablespace_id) = (Oid(db_id), Oid(tablespace_id));
        let (src_db_id, src_tablespace_id) = (Oid(src_db_id), Oid(src_tablespace_id));
        Ok((rest, Self { db_id, tablespace_id, src_db_id, src_tablespace_id }))
    }
}

impl CreateWalLog {
    fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, db_id) = u32(input)?;
        let (rest, tablespace_id) = u32(rest)?;
        Ok((rest, Self { db_id: Oid(db_id), tablespace_id: Oid(tablespace_id) }))
    }
}

impl<'a> Drop<'a> {
    fn parse(input: &'a [u8], shape: DroppedDatabase) -> Parse<'a, Self> {
        let (rest, db_id) = u32(input)?;
        let (rest, ntablespaces) = match shape {
            DroppedDatabase::OneDirectory => (rest, 1),
            DroppedDatabase::Directories => u32(rest)?,
        };
        let (rest, tablespace_ids) = Array::parse(ntablespaces as usize)(rest)?;
        Ok((rest, Self { db_id: Oid(db_id), tablespace_ids }))
    }
}

impl<'a> Resource<'a> for Dbase<'a> {
    fn identify(info: u8, layout: &Layout) -> Option<&'static str> {
        match (layout.dbase_wal(), info) {
            (DbaseWal::Copies(_), 0x00) => Some("CREATE"),
            (DbaseWal::CopiesOrLogs, 0x00) => Some("CREATE_FILE_COPY"),
            (DbaseWal::CopiesOrLogs, 0x10) => Some("CREATE_WAL_LOG"),
            (DbaseWal::Copies(_), 0x10) | (DbaseWal::CopiesOrLogs, 0x20) => Some("DROP"),
            _ => None,
        }
    }

    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
        let drop = |shape| {
            parse_at(record.main, 0, "xl_dbase_drop_rec", |input| Drop::parse(input, shape))
                .map(Self::Drop)
        };
        match (dialect.layout.dbase_wal(), record.info()) {
            (_, 0x00) => {
                parse_at(record.main, 0, "xl_dbase_create_file_copy_rec", CreateFileCopy::parse)
                    .map(Self::CreateFileCopy)
            }
            (DbaseWal::Copies(shape), 0x10) => drop(shape),
            (DbaseWal::CopiesOrLogs, 0x10) => {
                parse_at(record.main, 0, "xl_dbase_create_wal_log_rec", CreateWalLog::parse)
                    .map(Self::CreateWalLog)
            }
            (DbaseWal::CopiesOrLogs, 0x20) => drop(DroppedDatabase::Directories),
            _ => Err(unknown_type(record)),
        }
    }

    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        match self {
            Self::CreateFileCopy(of) => {
                write!(out, "copy dir {}/{} to ", of.src_tablespace_id, of.src_db_id)?;
                write!(out, "{}/{}", of.tablespace_id, of.db_id)
            }
            Self::CreateWalLog(of) => write!(out, "create dir {}/{}", of.tablespace_id, of.db_id),
            Self::Drop(Drop { db_id, tablespace_ids }) => {
                out.text("dir")?;
                tablespace_ids.iter().try_for_each(|tablespace| write!(out, " {tablespace}/{db_id}"))
            }
        }
    }
}
