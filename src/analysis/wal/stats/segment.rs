//! What one segment has, counted by the thread that read it.
use super::Wants;
use super::sums::Sums;
use super::{images, minutes, xids};
use crate::analysis::wal::counter::Seed;
use crate::format::wal::{Heads, Located, Record, WalFault};
use crate::report::wal::stats::Tally;
use crate::types::{Lsn, RelFileLocator};
use crate::wal::{Event, Gap, Kept, Log, SegmentReader, Watch};
use std::collections::HashMap;

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
    pub(super) xids: Option<xids::Settled>,
    pub(super) minutes: Option<minutes::Seen>,
    pub(super) images: Option<images::Seen>,
    /// Records that change pg_class.
    pub(super) kept: Vec<Kept>,
    pub(super) gaps: Vec<Gap>,
}

/// How much is about which relation.
pub(super) struct Relations<Of = HashMap<RelFileLocator, Tally, Seed>> {
    pub(super) of: Of,
    /// Records without blocks.
    pub(super) none: Tally,
}

/// Where a type of record is counted.
pub(super) const fn kind(replicated: bool, rmid: u8, info: u8) -> usize {
    let record = if rmid == RM_XACT_ID { (info >> 4) & 0x07 } else { info >> 4 };
    ((replicated as usize) << 12) | ((rmid as usize) << 4) | record as usize
}

/// Records of all types.
fn total(kinds: &[Tally]) -> Tally {
    kinds.iter().fold(Tally::default(), |mut total, tally| {
        total.add(*tally);
        total
    })
}

/// What the headers of a record say of its blocks.
#[derive(Default)]
struct Blocks {
    /// The relation of the first.
    first: Option<RelFileLocator>,
    has_image: bool,
    fpi_size: u64,
    /// Whether the record is kept.
    watched: bool,
}

/// A segment on its way.
struct Count<'a> {
    log: &'a Log,
    watch: Option<&'a Watch>,
    segment: Segment,
    relations: Option<Relations<Sums<RelFileLocator>>>,
    xids: Option<xids::Seen>,
}

impl Segment {
    /// Reads one; `ended` is an empty list, with room.
    pub(super) fn read(
        log: &Log,
        wants: Wants,
        watch: Option<&Watch>,
        ended: Vec<xids::Ended>,
        reader: &mut SegmentReader<'_, '_>,
    ) -> Self {
        let relations = || Relations { of: Sums::new(), none: Tally::default() };
        let mut count = Count {
            log,
            watch,
            segment: Self::new(wants),
            relations: wants.relations.then(relations),
            xids: wants.xids.then(|| xids::Seen::new(ended)),
        };
        while let Some(event) = reader.read() {
            match event {
                Event::Gap(gap) => count.segment.gaps.push(gap),
                Event::Record(located) => {
                    if let Err(fault) = count.record(&located) {
                        count.segment.gaps.push(Gap::undecodable(log, &located, fault));
                    }
                }
            }
        }
        count.finish()
    }

    fn new(wants: Wants) -> Self {
        Self {
            end: None,
            totals: Tally::default(),
            kinds: vec![Tally::default(); KINDS].into(),
            relations: None,
            xids: None,
            minutes: wants.minutes.then(minutes::Seen::default),
            images: wants.images.then(images::Seen::default),
            kept: Vec::new(),
            gaps: Vec::new(),
        }
    }
}

impl Count<'_> {
    /// Counts a record by its headers. Only those that end transactions or have images are taken
    /// apart.
    #[inline]
    fn record(&mut self, located: &Located<'_>) -> Result<(), WalFault> {
        let (header, dialect) = (located.header, &self.log.dialect);
        let mut blocks = Blocks::default();
        let heads = Heads::read(located.bytes, dialect, |head| {
            if blocks.first.is_none() {
                blocks.first = Some(head.block.locator);
            }
            if head.block.image.is_some() {
                blocks.has_image = true;
                blocks.fpi_size += u64::from(head.image_len);
            }
            if let Some(watch) = self.watch
                && watch.wants_block(&head.block)
            {
                blocks.watched = true;
            }
        })?;
        let fpi_size = blocks.fpi_size;
        let record_size = u64::from(header.xl_tot_len).saturating_sub(fpi_size);
        let tally = Tally { count: 1, record_size, fpi_size };
        if let Some(relations) = &mut self.relations {
            relations.record(blocks.first, tally);
        }
        if let Some(xids) = &mut self.xids {
            if header.xl_xid.0 != 0 {
                xids.record(header.xl_xid, tally);
            }
            let time = xids.tell(located, &heads, dialect)?;
            if let (Some(minutes), Some(time)) = (&mut self.segment.minutes, time) {
                minutes.time(time, || total(&self.segment.kinds));
            }
        }
        if blocks.has_image {
            self.images(located, fpi_size)?;
        }
        if blocks.watched || self.watch.is_some_and(|watch| watch.wants_manager(header.xl_rmid)) {
            let kept = Kept { lsn: located.lsn, bytes: located.bytes.into() };
            self.segment.kept.push(kept);
        }
        let replicated = heads.origin.is_some_and(|origin| origin != 0);
        self.segment.end = Some(located.next);
        self.segment.kinds[kind(replicated, header.xl_rmid, header.xl_info)].add(tally);
        Ok(())
    }

    /// Counts the images of a record, `fpi_size` bytes in all.
    fn images(&mut self, located: &Located<'_>, fpi_size: u64) -> Result<(), WalFault> {
        if self.relations.is_none() && self.segment.images.is_none() {
            return Ok(());
        }
        let record = Record::parse(located.bytes, &self.log.dialect)?;
        if let Some(relations) = self.relations.as_mut().filter(|_| fpi_size > 0) {
            relations.images(&record);
        }
        if let Some(images) = &mut self.segment.images {
            let block_size = self.log.dialect.geometry.block_size;
            record.blocks.iter().for_each(|block| images.block(block, block_size));
        }
        Ok(())
    }

    fn finish(self) -> Segment {
        let mut segment = self.segment;
        segment.totals = total(&segment.kinds);
        if let Some(minutes) = &mut segment.minutes {
            minutes.end(segment.totals);
        }
        let relations = self.relations;
        segment.relations =
            relations.map(|Relations { of, none }| Relations { of: of.finish(), none });
        segment.xids = self.xids.map(xids::Seen::settle);
        segment
    }
}

impl Relations<Sums<RelFileLocator>> {
    /// A record is about the relation of its first block; an image, about its own.
    #[inline]
    fn record(&mut self, first: Option<RelFileLocator>, tally: Tally) {
        let Some(locator) = first else { return self.none.add(tally) };
        self.of.add(locator, locator.number.0, Tally { fpi_size: 0, ..tally });
    }

    fn images(&mut self, record: &Record<'_>) {
        for block in &record.blocks {
            if let Some(image) = &block.image {
                let fpi_size = image.bytes.len() as u64;
                let tally = Tally { count: 0, record_size: 0, fpi_size };
                self.of.add(block.locator, block.locator.number.0, tally);
            }
        }
    }
}
