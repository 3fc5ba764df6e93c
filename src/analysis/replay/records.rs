//! Each record that is replayed, with what it does.
use super::files;
use crate::analysis::wal::Filter;
use crate::format::wal::rmgr;
use crate::replay::order::{Outcome, Touch};
use crate::replay::{Ground, Passed};
use crate::report::replay::{BlockOutcome, BlockRow, RecordRow};
use crate::types::Xid;
use crate::wal::Names;

/// What is kept of a record until it is its turn.
#[derive(Debug, Clone, Copy)]
struct Record {
    xid: Xid,
    rmid: u8,
    info: u8,
}

/// Gives each record that passes `filter` to `sink`, in the order of the log, with what comes of those
/// of its blocks that the filter means.
pub fn records(
    ground: &Ground<'_>,
    names: &Names<'_>,
    filter: &Filter,
    jobs: usize,
    mut sink: impl FnMut(&RecordRow),
) -> Passed {
    let dialect = ground.cluster.dialect();
    let replayed = ground.replay(
        jobs,
        |_, record| {
            let (rmid, info) = (record.header.xl_rmid, record.info());
            let kept = Record { xid: record.header.xl_xid, rmid, info };
            filter.passes(record, dialect).then_some(kept)
        },
        |simulation, part| {
            simulation.take(part.order, |(start_lsn, end_lsn), note, touches, file| {
                let Some(Record { xid, rmid, info }) = note else { return };
                let meant = touches
                    .iter()
                    .filter(|touch| filter.wants((touch.locator, touch.fork, touch.block)));
                let manager = rmgr::name(rmid);
                let record_type = match rmgr::identify(rmid, info, dialect.layout) {
                    Some(name) => format!("{manager}/{name}"),
                    None => format!("{manager}/{info:#04x}"),
                };
                let blocks = meant.map(|touch| block(names, touch)).collect();
                let file = file.map(|deed| files::row(names, start_lsn, deed));
                sink(&RecordRow { start_lsn, end_lsn, xid, record_type, blocks, file });
            });
        },
    );
    replayed.passed
}

fn block(names: &Names<'_>, touch: &Touch) -> BlockRow {
    let outcome = match touch.outcome {
        Outcome::Restored => BlockOutcome::Restored,
        Outcome::Initialised => BlockOutcome::Initialised,
        Outcome::Applied => BlockOutcome::Applied,
        Outcome::Skipped => BlockOutcome::Skipped,
        Outcome::Missing { present: false } => BlockOutcome::Missing,
        Outcome::Missing { present: true } => BlockOutcome::Uninitialised,
        Outcome::Broken => BlockOutcome::Damaged,
        Outcome::Read => BlockOutcome::Read,
        Outcome::Untouched => BlockOutcome::Untouched,
    };
    BlockRow {
        relation: names.text(touch.locator),
        fork: touch.fork,
        block: touch.block,
        outcome,
        page_lsn: touch.before,
        extended: touch.extended,
        healed: touch.healed,
    }
}
