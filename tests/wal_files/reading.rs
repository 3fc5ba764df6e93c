//! What is read of the WAL at some place.
use pgdissect::cluster::{OpenError, OpenOptions};
use pgdissect::source::{self, Quiet};
use pgdissect::types::Lsn;
use pgdissect::wal::{Event, Opened, Range, SegmentReader, Timelines, walk};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// A record or a failure, with what identifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Read {
    /// A record's place and CRC.
    Record(Lsn, u32),
    /// What PostgreSQL says, and where records go on.
    Fault(String, Option<Lsn>),
}

/// Opens `path` and `archives` beside it, on the newest timeline.
pub(crate) fn open(path: &Path, archives: &[PathBuf]) -> Result<Opened, OpenError> {
    let options = (&source::Options::default(), &OpenOptions::default());
    Opened::open(path, archives, options, Timelines::Latest, &Quiet)
}

/// Everything in it, in order; read with two threads.
pub(crate) fn all(opened: &Opened) -> Vec<Read> {
    let layout = opened.log.dialect.layout;
    let read = |reader: &mut SegmentReader<'_, '_>| {
        let mut all = Vec::new();
        while let Some(event) = reader.read() {
            all.push(match event {
                Event::Record(record) => Read::Record(record.lsn, record.header.xl_crc),
                Event::Gap(gap) => Read::Fault(gap.failure.said(layout), Some(gap.resumed)),
            });
        }
        all
    };
    let mut all = Vec::new();
    walk(&opened.log, Range::default(), 2, read, |part| {
        all.extend(part.answer);
        ControlFlow::Continue(())
    });
    all
}

/// The places of the records among them.
pub(crate) fn records(all: &[Read]) -> Vec<Lsn> {
    let place = |read: &Read| match read {
        Read::Record(lsn, _) => Some(*lsn),
        Read::Fault(..) => None,
    };
    all.iter().filter_map(place).collect()
}
