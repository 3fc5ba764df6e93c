//! What pg_waldump prints of a checkpoint (`xlog_desc`, access/rmgrdesc/xlogdesc.c).
use super::parameter::wal_level_name;
use crate::format::control::CheckPoint;
use crate::format::wal::rmgr::Desc;
use std::fmt::{self, Write};

const fn word(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

/// `kind` is "shutdown" or "online".
pub(super) fn desc(of: &CheckPoint, kind: &str, out: &mut Desc<'_>) -> fmt::Result {
    out.text("redo ")?;
    out.lsn(of.redo)?;
    write!(out, "; tli {}; prev tli {}; ", of.this_timeline_id, of.prev_timeline_id)?;
    write!(out, "fpw {}; ", word(of.full_page_writes))?;
    if let Some(level) = of.wal_level {
        write!(out, "wal_level {}; ", wal_level_name(level))?;
    }
    if let Some(enabled) = of.logical_decoding_enabled {
        write!(out, "logical decoding {}; ", word(enabled))?;
    }
    write!(out, "xid {}:{}; ", of.next_xid.epoch(), of.next_xid.xid())?;
    write!(out, "oid {}; multi {}; ", of.next_oid, of.next_multi)?;
    write!(out, "offset {}; ", of.next_multi_offset)?;
    write!(out, "oldest xid {} in DB {}; ", of.oldest_xid, of.oldest_xid_db)?;
    write!(out, "oldest multi {} in DB {}; ", of.oldest_multi, of.oldest_multi_db)?;
    let (oldest, newest) = (of.oldest_commit_ts_xid, of.newest_commit_ts_xid);
    write!(out, "oldest/newest commit timestamp xid: {oldest}/{newest}; ")?;
    write!(out, "oldest running xid {}; {kind}", of.oldest_active_xid)
}
