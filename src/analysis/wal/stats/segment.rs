//! What one segment has, counted by the thread that read it.
use super::Wants;
use super::{images, minutes, xids};
use crate::analysis::wal::counter::Counter;
use crate::analysis::wal::gap::undecodable;
use crate::format::wal::{Located, Record};
use crate::report::wal::stats::Tally;
use crate::types::{Lsn, RelFileLocator};
use crate::wal::{Event, Gap, Kept, Log, SegmentReader, Watch};

/// `RM_XACT_ID`: the fourth bit of its types is a flag (`XLOG_XACT_OPMASK`).
const RM_XACT_ID: u8 = 1;
/// Types of record: those that came by replication, then by manager, then by type.
pub(super) const KINDS: usize = 2 * 256 * 16;

/// Counts of one segment.
pub(super) struct Segment {
    /// Behind the last record.
    pub(super) end: Option<Lsn>,
    pub(super) totals: Tally,
    pub(super) kinds: Box<[Tally]>,
    pub(super) relations: Option<Relations>,
    pub(super) xids: Option<xids::Seen>,
    pub(super) minutes: Option<minutes::Seen>,
    pub(super) images: Option<images::Seen>,
    /// Records that change pg_class.
    pub(super) kept: Vec<Kept>,
    pub(super) gaps: Vec<Gap>,
}

/// How much is about which relation.
pub(super) struct Relations {
    pub(super) of: Counter<RelFileLocator, Tally>,
    /// Records without blocks.
    pub(super) none: Tally,
}

/// Where a type of record is counted.
pub(super) const fn kind(replicated: bool, rmid: u8, info: u8) -> usize {
    let record = if rmid == RM_XACT_ID { (info >> 4) & 0x07 } else { info >> 4 };
    ((replicated as usize) << 12) | ((rmid as usize) << 4) | record as usize
}

impl Segment {
    /// Reads one.
    pub(super) fn read(
        log: &Log,
        wants: Wants,
        watch: Option<&Watch>,
        reader: &mut SegmentReader<'_, '_>,
    ) -> Self {
        let mut segment = Self::new(wants);
        while let Some(event) = reader.read() {
            match event {
                Event::Gap(gap) => segment.gaps.push(gap),
                Event::Record(located) => match Record::parse(located.bytes, &log.dialect) {
                    Ok(record) => segment.record(log, watch, &located, &record),
                    Err(fault) => segment.gaps.push(undecodable(log, &located, fault)),
                },
            }
        }
        segment
    }

    fn new(wants: Wants) -> Self {
        let relations = || Relations { of: Counter::new(), none: Tally::default() };
        Self {
            end: None,
            totals: Tally::default(),
            kinds: vec![Tally::default(); KINDS].into(),
            relations: wants.relations.then(relations),
            xids: wants.xids.then(xids::Seen::new),
            minutes: wants.minutes.then(minutes::Seen::default),
            images: wants.images.then(images::Seen::default),
            kept: Vec::new(),
            gaps: Vec::new(),
        }
    }

    #[inline]
    fn record(
        &mut self,
        log: &Log,
        watch: Option<&Watch>,
        located: &Located<'_>,
        record: &Record<'_>,
    ) {
        let fpi_size = u64::from(record.fpi_len());
        let record_size = u64::from(record.header.xl_tot_len).saturating_sub(fpi_size);
        let tally = Tally { count: 1, record_size, fpi_size };
        let replicated = record.origin.is_some_and(|origin| origin != 0);
        self.end = Some(located.next);
        self.totals.add(tally);
        self.kinds[kind(replicated, record.header.xl_rmid, record.header.xl_info)].add(tally);
        if let Some(relations) = &mut self.relations {
            relations.record(record, tally);
        }
        // Times are those of the records that end transactions.
        let xids = self.xids.as_mut();
        let time = xids.and_then(|xids| xids.record(record, tally, &log.dialect));
        if let Some(minutes) = &mut self.minutes {
            minutes.record(tally, time);
        }
        if let Some(images) = &mut self.images {
            let block_size = log.dialect.geometry.block_size;
            record.blocks.iter().for_each(|block| images.block(block, block_size));
        }
        if watch.is_some_and(|watch| watch.wants(record)) {
            self.kept.push(Kept { lsn: located.lsn, bytes: located.bytes.into() });
        }
    }
}

impl Relations {
    /// A record is about the relation of its first block; an image, about its own.
    #[inline]
    fn record(&mut self, record: &Record<'_>, tally: Tally) {
        let Some(first) = record.blocks.first() else { return self.none.add(tally) };
        let Tally { count, record_size, fpi_size } = tally;
        let locator = first.locator;
        let of = self.of.of(locator, locator.number.0);
        of.add(Tally { count, record_size, fpi_size: 0 });
        if fpi_size == 0 {
            return;
        }
        for block in &record.blocks {
            if let Some(image) = &block.image {
                let fpi_size = image.bytes.len() as u64;
                let of = self.of.of(block.locator, block.locator.number.0);
                of.add(Tally { count: 0, record_size: 0, fpi_size });
            }
        }
    }
}
