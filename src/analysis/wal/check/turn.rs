//! Where one timeline leaves another, by the records with which a server begins it.
use crate::format::wal::rmgr::Resource as _;
use crate::format::wal::rmgr::xlog::Xlog;
use crate::format::wal::{LongPageHeader, PageHeader, Record, StreamShape};
use crate::layout::Dialect;
use crate::types::{Lsn, TimelineId};

/// `RM_XLOG_ID`.
const RM_XLOG: u8 = 0;

/// A timeline that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) timeline: TimelineId,
    /// The one that it leaves.
    pub(super) parent: TimelineId,
    /// What its history says of where: the end of the last record before.
    pub(super) switchpoint: Lsn,
}

/// Looks for such records.
#[derive(Debug, Default)]
pub(super) struct Turns {
    pub(super) all: Vec<Turn>,
    /// The first of the records just before that a server may write before it names its timeline.
    opening: Option<Lsn>,
}

impl Turns {
    /// Looks at the next record. A server that leaves recovery on a new timeline writes
    /// END_OF_RECOVERY or a shutdown checkpoint that names both timelines, and before it, if need
    /// be, OVERWRITE_CONTRECORD and FPW_CHANGE (`StartupXLOG`, access/transam/xlog.c).
    pub(super) fn record(
        &mut self,
        (dialect, shape): (&Dialect, &StreamShape),
        lsn: Lsn,
        record: &Record<'_>,
    ) {
        let opening = self.opening.take();
        if record.header.xl_rmid != RM_XLOG {
            return;
        }
        let (timeline, parent) = match Xlog::parse(record, dialect) {
            Ok(Xlog::EndOfRecovery(of)) => (of.this_timeline_id, of.prev_timeline_id),
            Ok(Xlog::CheckpointShutdown(of)) => (of.this_timeline_id, of.prev_timeline_id),
            Ok(Xlog::FpwChange { .. } | Xlog::OverwriteContrecord(_)) => {
                self.opening = opening.or(Some(lsn));
                return;
            }
            _ => return,
        };
        // The end of a crash recovery stays on its timeline.
        if parent < timeline {
            let switchpoint = end_before(opening.unwrap_or(lsn), shape);
            self.all.push(Turn { timeline, parent, switchpoint });
        }
    }
}

/// Where the record before the one at `lsn` ends: at the start of the page, if that is the first.
fn end_before(lsn: Lsn, shape: &StreamShape) -> Lsn {
    let offset = lsn.0.checked_rem(shape.block_size.into()).unwrap_or(0);
    let page = Lsn(lsn.0.saturating_sub(offset));
    let is_long = page.0.is_multiple_of(shape.segment_size.into());
    let header = if is_long { LongPageHeader::LEN } else { PageHeader::LEN as u64 };
    if offset == header { page } else { lsn }
}

#[cfg(test)]
mod tests {
    use super::{Lsn, StreamShape, end_before};

    #[test]
    fn a_timeline_that_begins_a_page_left_the_one_before_in_front_of_its_header() {
        let layout = crate::layout::PgVersion::V18.layout();
        let (block_size, segment_size) = (8192, 1 << 20);
        let shape = StreamShape { layout, block_size, segment_size, system_identifier: None };
        let ends = |lsn| end_before(Lsn(lsn), &shape).0;
        assert_eq!([ends(0x10_0028), ends(0x10_2018)], [0x10_0000, 0x10_2000]);
        assert_eq!([ends(0x10_2028), ends(0x10_0018)], [0x10_2028, 0x10_0018]);
    }
}
