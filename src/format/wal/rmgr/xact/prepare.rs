//! PREPARE TRANSACTION (`xl_xact_prepare`, access/xact.h): what pg_twophase would hold
//! (`ParsePrepareRecord`, access/rmgrdesc/xactdesc.c).
use super::ending::Origin;
use super::{relations, stats, subxacts};
use crate::format::error::{ParseError, parse_at};
use crate::format::twophase::{self, TwoPhaseState};
use crate::format::wal::record::Record;
use crate::format::wal::rmgr::{Desc, inval};
use crate::layout::Layout;
use crate::layout::wal::XactWords;
use crate::types::Oid;
use std::fmt;

/// `XLOG_XACT_PREPARE`.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Prepare<'a> {
    /// The transaction.
    #[serde(flatten)]
    pub state: TwoPhaseState,
    /// Its name as the record has it.
    #[serde(skip)]
    gid: &'a [u8],
    /// The node that the record's header says it came from; 0 for this one.
    pub node: u16,
}

impl<'a> Prepare<'a> {
    pub(super) fn parse(record: &Record<'a>, layout: &Layout) -> Result<Self, ParseError> {
        let node = record.origin.unwrap_or_default();
        parse_at(record.main, 0, "xl_xact_prepare", |input| {
            let (_, gid) = twophase::gid(input, layout)?;
            let (rest, state) = TwoPhaseState::parse(input, layout)?;
            Ok((rest, Self { state, gid, node }))
        })
    }

    /// `xact_desc_prepare`.
    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        let (of, words) = (&self.state, out.layout.xact_words());
        if words == XactWords::NotPrepared {
            return Ok(());
        }
        out.text("gid ")?;
        out.bytes(self.gid)?;
        out.text(": ")?;
        out.timestamp(of.prepared_at)?;
        relations("rels(commit)", of.commit_rels.iter().copied(), out)?;
        relations("rels(abort)", of.abort_rels.iter().copied(), out)?;
        if words == XactWords::Whole {
            stats::desc("commit ", &of.commit_stats, out)?;
            stats::desc("abort ", &of.abort_stats, out)?;
        }
        subxacts(of.subxacts.iter().copied(), out)?;
        // pg_waldump knows no tablespace here.
        let init_file = of.initfileinval.then_some((of.database, Oid::INVALID));
        inval::desc(of.invalidations.iter().copied(), init_file, out)?;
        if words == XactWords::Whole && self.node != 0 {
            let (origin_lsn, origin_timestamp) = (of.origin_lsn, of.origin_timestamp);
            return Origin { node: self.node, origin_lsn, origin_timestamp }.desc(out);
        }
        Ok(())
    }
}
