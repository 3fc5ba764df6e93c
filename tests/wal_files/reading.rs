//! What is read of the WAL at some place.
use pgdissect::cluster::{OpenError, OpenOptions};
use pgdissect::format::wal::{Failure, WalFault};
use pgdissect::source::{self, Quiet};
use pgdissect::types::Lsn;
use pgdissect::wal::{Event, Opened, Range, SegmentReader, Step, Timelines, read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// What was read, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Read {
    /// Of each record where it begins and ends, and its CRC.
    pub(crate) records: Vec<(Lsn, Lsn, u32)>,
    /// Why records cannot be read, and where they go on.
    pub(crate) gaps: Vec<(Failure, Lsn)>,
    /// Why none is read behind the last.
    pub(crate) end: Option<WalFault>,
}

/// Opens `path` and `archives` beside it, on the newest timeline.
pub(crate) fn open(path: &Path, archives: &[PathBuf]) -> Result<Opened, OpenError> {
    let options = (&source::Options::default(), &OpenOptions::default());
    Opened::open(path, archives, options, Timelines::Latest, &Quiet)
}

/// Everything in it, read with two threads.
pub(crate) fn all(opened: &Opened) -> Read {
    let of_segment = |reader: &mut SegmentReader<'_, '_>| {
        let mut part = Read::default();
        while let Some(event) = reader.read() {
            match event {
                Event::Record(record) => {
                    part.records.push((record.lsn, record.end, record.header.xl_crc));
                }
                Event::Gap(gap) => part.gaps.push((gap.failure, gap.resumed)),
            }
        }
        part
    };
    let mut all = Read::default();
    let end = read(&opened.log, Range::default(), 2, of_segment, |step| {
        match step {
            Step::Gap(gap) => all.gaps.push((gap.failure, gap.resumed)),
            Step::Part(part) => {
                all.records.extend(part.answer.records);
                all.gaps.extend(part.answer.gaps);
            }
        }
        ControlFlow::Continue(())
    });
    all.end = end.map(|end| end.failure.fault);
    all
}
