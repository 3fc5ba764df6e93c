//! Why a record or a page of WAL cannot be read, in PostgreSQL's own sentences
//! (`report_invalid_record` and its callers, access/transam/xlogreader.c).
use super::segment::segment_name;
use crate::layout::Layout;
use crate::types::{Lsn, TimelineId};
use std::fmt;

/// The rule that a record, or the page it lies on, breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentences in `Said` say what the fields are")]
pub enum WalFault {
    // The page.
    Magic { xlp_magic: u16 },
    InfoBits { xlp_info: u16 },
    SystemIdentifier { found: u64, expected: u64 },
    SegmentSize,
    BlockSize,
    PageAddress { xlp_pageaddr: Lsn },
    TimelineBack { xlp_tli: TimelineId, after: TimelineId },
    OtherTimeline { xlp_tli: TimelineId },
    // Where records begin and go on.
    RecordOffset { expected: u32, got: u32 },
    ContrecordRequested,
    NoContrecordFlag,
    ContrecordLength { xlp_rem_len: u32, expected: u32 },
    // The record's header.
    TooShort { xl_tot_len: u32 },
    TooLong { xl_tot_len: u32 },
    ResourceManager { xl_rmid: u8 },
    PrevLink { xl_prev: Lsn },
    Checksum,
    // What is inside.
    OutOfOrderBlock { id: u8 },
    NoData,
    DataUnflagged { data_length: u16 },
    Hole { offset: u16, length: u16, image_length: u16 },
    NoHole { offset: u16, length: u16 },
    CompressedWhole { image_length: u16 },
    Uncompressed { data_length: u16 },
    NoPreviousRelation,
    BlockId { id: u8 },
    Fork { fork: u8 },
    Length,
    // What PostgreSQL's reader meets as errors of the operating system.
    Missing,
    Short { read: u32, wanted: u32 },
}

/// A fault and where: what the message needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// The rule that was broken.
    pub fault: WalFault,
    /// The record that was to be read.
    pub record: Lsn,
    /// The page on which it failed: its first byte.
    pub page: Lsn,
    /// The timeline whose segment file the page is in.
    pub timeline: TimelineId,
    /// Bytes in a segment.
    pub segment_size: u32,
}

/// `SizeOfXLogRecord`.
const HEADER: usize = super::record::RecordHeader::LEN;
/// `XLogRecordMaxSize`: bytes of the longest record.
pub const MAX_RECORD: u32 = 1020 << 20;

impl Failure {
    /// What PostgreSQL's reader of that major says.
    pub fn said(&self, layout: &Layout) -> String {
        Said { failure: self, layout }.to_string()
    }

    /// Bytes from the start of the segment file to the page.
    pub fn page_offset(&self) -> u32 {
        let mask = u64::from(self.segment_size).saturating_sub(1);
        u32::try_from(self.page.0 & mask).unwrap_or(u32::MAX)
    }

    /// The name of the segment file of the page.
    pub fn segment(&self) -> String {
        segment_name(self.page, self.timeline, self.segment_size)
    }
}

impl WalFault {
    /// Whether only the contents of one record are meant: its neighbours can be read.
    pub const fn is_of_record_only(&self) -> bool {
        use WalFault as F;
        matches!(
            self,
            F::OutOfOrderBlock { .. }
                | F::NoData
                | F::DataUnflagged { .. }
                | F::Hole { .. }
                | F::NoHole { .. }
                | F::CompressedWhole { .. }
                | F::Uncompressed { .. }
                | F::NoPreviousRelation
                | F::BlockId { .. }
                | F::Fork { .. }
                | F::Length
        )
    }
}

struct Said<'f> {
    failure: &'f Failure,
    layout: &'f Layout,
}

impl Said<'_> {
    /// "in WAL segment …, LSN …, offset …", as the major words it.
    fn place(&self) -> String {
        let (segment, offset) = (self.failure.segment(), self.failure.page_offset());
        if self.layout.wal_words().lsn_of_page {
            let lsn = self.lsn(self.failure.page);
            format!("in WAL segment {segment}, LSN {lsn}, offset {offset}")
        } else {
            format!("in log segment {segment}, offset {offset}")
        }
    }

    fn lsn(&self, lsn: Lsn) -> String {
        self.layout.lsn_text(lsn)
    }
}

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.of_page().or_else(|| self.of_header()).or_else(|| self.of_parts());
        f.write_str(&text.unwrap_or_default())
    }
}

impl Said<'_> {
    fn of_page(&self) -> Option<String> {
        use WalFault as F;
        let place = self.place();
        let other = "WAL file is from different database system";
        Some(match self.failure.fault {
            F::Magic { xlp_magic } => format!("invalid magic number {xlp_magic:04X} {place}"),
            F::InfoBits { xlp_info } => format!("invalid info bits {xlp_info:04X} {place}"),
            F::SystemIdentifier { found, expected } => format!(
                "{other}: WAL file database system identifier is {found}, pg_control database system identifier is {expected}"
            ),
            F::SegmentSize => format!("{other}: incorrect segment size in page header"),
            F::BlockSize => format!("{other}: incorrect XLOG_BLCKSZ in page header"),
            F::PageAddress { xlp_pageaddr } => {
                format!("unexpected pageaddr {} {place}", self.lsn(xlp_pageaddr))
            }
            F::TimelineBack { xlp_tli, after } => {
                format!("out-of-sequence timeline ID {xlp_tli} (after {after}) {place}")
            }
            F::OtherTimeline { xlp_tli } => format!("unexpected timeline ID {xlp_tli} {place}"),
            F::Missing => format!("could not find file \"{}\"", self.failure.segment()),
            F::Short { read, wanted } => {
                let (segment, offset) = (self.failure.segment(), self.failure.page_offset());
                let quote = if self.layout.wal_words().quotes_file { "\"" } else { "" };
                format!(
                    "could not read from file {quote}{segment}{quote}, offset {offset}: read {read} of {wanted}"
                )
            }
            _ => return None,
        })
    }

    fn of_header(&self) -> Option<String> {
        use WalFault as F;
        let words = self.layout.wal_words();
        let at = self.lsn(self.failure.record);
        Some(match self.failure.fault {
            F::RecordOffset { expected, got } if words.lsn_of_page => {
                format!("invalid record offset at {at}: expected at least {expected}, got {got}")
            }
            F::RecordOffset { .. } => format!("invalid record offset at {at}"),
            F::ContrecordRequested => format!("contrecord is requested by {at}"),
            F::NoContrecordFlag => format!("there is no contrecord flag at {at}"),
            F::ContrecordLength { xlp_rem_len, expected } if words.expected_contrecord => {
                format!("invalid contrecord length {xlp_rem_len} (expected {expected}) at {at}")
            }
            F::ContrecordLength { xlp_rem_len, .. } => {
                format!("invalid contrecord length {xlp_rem_len} at {at}")
            }
            F::TooShort { xl_tot_len } if words.lsn_of_page => format!(
                "invalid record length at {at}: expected at least {HEADER}, got {xl_tot_len}"
            ),
            F::TooShort { xl_tot_len } => {
                format!("invalid record length at {at}: wanted {HEADER}, got {xl_tot_len}")
            }
            F::TooLong { xl_tot_len } => format!("record length {xl_tot_len} at {at} too long"),
            F::ResourceManager { xl_rmid } => {
                format!("invalid resource manager ID {xl_rmid} at {at}")
            }
            F::PrevLink { xl_prev } => {
                format!("record with incorrect prev-link {} at {at}", self.lsn(xl_prev))
            }
            F::Checksum => {
                format!("incorrect resource manager data checksum in record at {at}")
            }
            _ => return None,
        })
    }

    fn of_parts(&self) -> Option<String> {
        use WalFault as F;
        let compressed = self.layout.wal_words().image_compressed;
        let at = self.lsn(self.failure.record);
        Some(match self.failure.fault {
            F::OutOfOrderBlock { id } => format!("out-of-order block_id {id} at {at}"),
            F::NoData => format!("BKPBLOCK_HAS_DATA set, but no data included at {at}"),
            F::DataUnflagged { data_length } => {
                format!("BKPBLOCK_HAS_DATA not set, but data length is {data_length} at {at}")
            }
            F::Hole { offset, length, image_length } => format!(
                "BKPIMAGE_HAS_HOLE set, but hole offset {offset} length {length} block image length {image_length} at {at}"
            ),
            F::NoHole { offset, length } => format!(
                "BKPIMAGE_HAS_HOLE not set, but hole offset {offset} length {length} at {at}"
            ),
            F::CompressedWhole { image_length } => {
                format!("{compressed} set, but block image length {image_length} at {at}")
            }
            F::Uncompressed { data_length } => format!(
                "neither BKPIMAGE_HAS_HOLE nor {compressed} set, but block image length is {data_length} at {at}"
            ),
            F::NoPreviousRelation => {
                format!("BKPBLOCK_SAME_REL set but no previous rel at {at}")
            }
            F::BlockId { id } => format!("invalid block_id {id} at {at}"),
            F::Fork { fork } => format!("a block reference names fork {fork} at {at}"),
            F::Length => format!("record with invalid length at {at}"),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, WalFault};
    use crate::layout::PgVersion;
    use crate::types::{Lsn, TimelineId};

    /// Sentences as servers of those majors wrote them to their logs.
    #[test]
    fn a_fault_is_said_as_that_major_says_it() {
        let failure = |fault| Failure {
            fault,
            record: Lsn(0x0300_0150),
            page: Lsn(0x0300_2000),
            timeline: TimelineId(1),
            segment_size: 16 << 20,
        };
        let said = |fault, version: PgVersion| failure(fault).said(version.layout());
        let short = WalFault::TooShort { xl_tot_len: 0 };
        assert_eq!(
            said(short, PgVersion::V15),
            "invalid record length at 0/3000150: wanted 24, got 0"
        );
        assert_eq!(
            said(short, PgVersion::V16),
            "invalid record length at 0/3000150: expected at least 24, got 0"
        );
        assert_eq!(
            said(short, PgVersion::V19),
            "invalid record length at 0/03000150: expected at least 24, got 0"
        );
        let magic = WalFault::Magic { xlp_magic: 0 };
        assert_eq!(
            said(magic, PgVersion::V13),
            "invalid magic number 0000 in log segment 000000010000000000000003, offset 8192"
        );
        assert_eq!(
            said(magic, PgVersion::V18),
            "invalid magic number 0000 in WAL segment 000000010000000000000003, LSN 0/3002000, offset 8192"
        );
    }
}
