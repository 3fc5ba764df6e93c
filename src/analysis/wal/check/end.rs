//! What kind of end the WAL has.
use crate::finding::{Finding, Place, rules};
use crate::format::wal::{Failure, SegmentNumber};
use crate::report::wal::check::{End, EndClass, Stretch};
use crate::wal::{Behind, Log, end_class};

/// Judges the place where PostgreSQL stops reading, with the records before it and those behind.
pub(super) fn end(
    log: &Log,
    failure: &Failure,
    valid: &Stretch,
    (behind, beyond): (Behind, &Stretch),
) -> End {
    let class = end_class(log, failure, valid.shutdown, behind);
    let segment = SegmentNumber::of(failure.page, failure.segment_size);
    let file = log.segments().get(&segment).map(|file| file.path.clone());
    End {
        lsn: failure.record,
        page_lsn: failure.page,
        segment: failure.segment(),
        file,
        offset: failure.page_offset(),
        class,
        explanation: explanation(class, valid.shutdown, (beyond.records, beyond.commits)),
        postgres_says: failure.said(log.dialect.layout),
    }
}

/// What is wrong where the WAL ends, if that is no end that a crash leaves and no other finding is
/// about it.
pub(super) fn finding(end: &End) -> Option<Finding> {
    let byte = Some(u64::from(end.offset));
    let place = Place { file: end.file.clone(), byte, lsn: Some(end.page_lsn), ..Place::default() };
    let finding = Finding::new(&rules::WAL_UNRECOGNISED, place, "this page is none of WAL");
    (end.class == EndClass::NotWal).then(|| finding.says(&*end.postgres_says))
}

/// What a class of end means, behind a shutdown checkpoint if `shutdown`, with so many records and
/// commits that can be read behind it.
pub(in crate::analysis) fn explanation(
    class: EndClass,
    shutdown: bool,
    (records, commits): (u64, u64),
) -> String {
    match class {
        EndClass::Clean if shutdown => {
            "The last record is a shutdown checkpoint: the server was stopped, and nothing is missing.".into()
        }
        EndClass::Clean => {
            "The rest of the page is zero: nothing was written behind the last record. This is how the WAL of a killed server usually ends, and the message says no more than that.".into()
        }
        EndClass::Torn => {
            "A record begins here that is not whole. A crash leaves one: it was not flushed, so nothing in it was promised to any client. A last record that was damaged later looks the same. No valid record is behind it.".into()
        }
        EndClass::Recycled => {
            "What follows is an old segment under a new name that was not written over yet. This is a normal end of WAL.".into()
        }
        EndClass::Preallocated => {
            "What follows is zero: a page that was not written yet. This is a normal end of WAL.".into()
        }
        EndClass::NoSegment => {
            "The segment in which WAL would go on is not there. If it should be, look for it in the archive.".into()
        }
        EndClass::Cut => {
            "The file ends before its segment does: it is being written or copied, or was cut. No valid record is behind it.".into()
        }
        EndClass::Foreign => {
            "The next segment is of another cluster.".into()
        }
        EndClass::NotWal => {
            "What follows is no page of WAL, and no crash leaves such: the file was written over, and what WAL was there cannot be told. Look for the segment elsewhere before any server is started.".into()
        }
        EndClass::Damage => format!(
            "This is not the end of WAL but damage: {records} records with {commits} commits are behind it. PostgreSQL does not see them, and a server that recovers from this copy loses them. Look for the segment elsewhere before any server is started."
        ),
        EndClass::Leftover => format!(
            "{records} records behind it can be read too, but they are older than the last ones before it: a server wrote them before a crash, and recovery went on writing from an earlier place. This is a normal end of WAL."
        ),
    }
}
