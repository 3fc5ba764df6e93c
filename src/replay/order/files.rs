//! What records do to files, beside the blocks that they name.
use crate::format::slru::Log;
use crate::format::wal::Record;
use crate::format::wal::rmgr::Body;
use crate::format::wal::rmgr::clog::ClogRecord;
use crate::format::wal::rmgr::commit_ts::CommitTs;
use crate::format::wal::rmgr::dbase::Dbase;
use crate::format::wal::rmgr::multixact::Multixact;
use crate::format::wal::rmgr::smgr::SmgrRecord;
use crate::format::wal::rmgr::tblspc::Tblspc;
use crate::format::wal::rmgr::xact::Xact;
use crate::layout::Dialect;
use crate::types::{BlockNumber, Fork, Oid, RelFileLocator};

/// One thing done to files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileDeed {
    /// A fork's first file is made, if it is not there.
    Create(RelFileLocator, Fork),
    /// A relation is cut to that many blocks of its main fork, its maps with it.
    Truncate {
        /// The relation.
        locator: RelFileLocator,
        /// Blocks of the main fork that stay.
        blocks: BlockNumber,
        /// Whether the main fork, the visibility map, and the free space map are cut.
        forks: [bool; 3],
    },
    /// All files of these relations are removed: a transaction that dropped them committed, or one
    /// that made them was rolled back.
    Drop(Vec<RelFileLocator>),
    /// A page of an SLRU is made anew.
    SlruZero(Log, i64),
    /// What is older than that page of an SLRU goes.
    SlruTruncate(Log, i64),
    /// Multixacts before this one go, with their members.
    MultiTruncate(u32),
    /// pg_filenode.map of a database is replaced, that of all for database 0.
    RelationMap {
        /// The database.
        database: Oid,
        /// Its tablespace.
        tablespace: Oid,
    },
    /// The directory of a database, by tablespace and database, is made as a copy of another.
    CopyDatabase {
        /// The directory that is read.
        from: (Oid, Oid),
        /// The directory that is made, after what was there is removed.
        to: (Oid, Oid),
    },
    /// A directory of a database is made, if it is not there.
    CreateDatabase(Oid, Oid),
    /// Directories of a database, by tablespace and database, are removed.
    DropDatabase(Vec<(Oid, Oid)>),
    /// A tablespace's directory and link are made.
    CreateTablespace(Oid, String),
    /// They are removed.
    DropTablespace(Oid),
}

/// `SMGR_TRUNCATE_HEAP`, `SMGR_TRUNCATE_VM`, `SMGR_TRUNCATE_FSM`.
const TRUNCATE: [i32; 3] = [1, 2, 4];

impl FileDeed {
    /// What a record does to files, if it is one that does.
    pub(super) fn of(record: &Record<'_>, dialect: &Dialect) -> Option<Self> {
        match record.header.xl_rmid {
            // Transaction to RelMap without MultiXact/CREATE_ID, and CommitTs.
            1..=5 | 7 | 18 => {}
            6 if record.info() != 0x20 => {}
            _ => return None,
        }
        match Body::parse(record, dialect).ok()? {
            Body::Xact(Xact::Commit(ending) | Xact::Abort(ending)) => {
                let dropped: Vec<_> = ending.xlocators.iter().collect();
                (!dropped.is_empty()).then_some(Self::Drop(dropped))
            }
            Body::Smgr(SmgrRecord::Create(of)) => Some(Self::Create(of.rlocator, of.fork_num)),
            Body::Smgr(SmgrRecord::Truncate(of)) => Some(Self::Truncate {
                locator: of.rlocator,
                blocks: of.blkno,
                forks: TRUNCATE.map(|flag| of.flags & flag != 0),
            }),
            Body::Clog(ClogRecord::Zeropage { pageno }) => Some(Self::SlruZero(Log::Xact, pageno)),
            Body::Clog(ClogRecord::Truncate { pageno, .. }) => {
                Some(Self::SlruTruncate(Log::Xact, pageno))
            }
            Body::CommitTs(CommitTs::Zeropage { pageno }) => {
                Some(Self::SlruZero(Log::CommitTs, pageno))
            }
            Body::CommitTs(CommitTs::Truncate { pageno, .. }) => {
                Some(Self::SlruTruncate(Log::CommitTs, pageno))
            }
            Body::Multixact(of) => Self::of_multixact(&of, record.info()),
            Body::Relmap(of) => Some(Self::RelationMap { database: of.dbid, tablespace: of.tsid }),
            Body::Dbase(of) => Some(Self::of_database(&of)),
            Body::Tblspc(Tblspc::Create { ts_id, ts_path }) => {
                Some(Self::CreateTablespace(ts_id, ts_path.to_string()))
            }
            Body::Tblspc(Tblspc::Drop { ts_id }) => Some(Self::DropTablespace(ts_id)),
            _ => None,
        }
    }

    fn of_multixact(record: &Multixact<'_>, info: u8) -> Option<Self> {
        match record {
            Multixact::ZeroPage { pageno } => {
                let log = if info == 0x00 { Log::MultiXactOffsets } else { Log::MultiXactMembers };
                Some(Self::SlruZero(log, *pageno))
            }
            Multixact::Truncate(of) => Some(Self::MultiTruncate(of.end_trunc_off.0)),
            Multixact::TruncateTo(of) => Some(Self::MultiTruncate(of.oldest_multi.0)),
            Multixact::Create(_) => None,
        }
    }

    fn of_database(record: &Dbase<'_>) -> Self {
        match record {
            Dbase::CreateFileCopy(of) => Self::CopyDatabase {
                from: (of.src_tablespace_id, of.src_db_id),
                to: (of.tablespace_id, of.db_id),
            },
            Dbase::CreateWalLog(of) => Self::CreateDatabase(of.tablespace_id, of.db_id),
            Dbase::Drop(of) => {
                let of_tablespace = |tablespace| (tablespace, of.db_id);
                Self::DropDatabase(of.tablespace_ids.iter().map(of_tablespace).collect())
            }
        }
    }
}
