//! Reading records one after the other out of pages (`XLogDecodeNextRecord`,
//! `XLogReaderValidatePageHeader` and `XLogFindNextRecord`, access/transam/xlogreader.c), and going
//! on behind damage, which PostgreSQL never does.
//!
//! A record lies on one page, and is then given as it lies there, or goes on over several, and is
//! put together. Nothing longer than what the pages really hold is ever allocated: each page says
//! how much of its record is still to come, and that has to agree.
mod begin;
mod pages;
mod resync;
mod tail;

use super::crc::checksum;
use super::fault::{Failure, MAX_RECORD, WalFault};
use super::page::PageHeader;
use super::record::RecordHeader;
use super::rmgr;
use super::segment::SegmentNumber;
use crate::layout::Layout;
use crate::types::{Lsn, TimelineId};
use tail::Tail;

/// `RM_XLOG_ID`.
const RM_XLOG: u8 = 0;
/// `XLOG_SWITCH`.
const SWITCH: u8 = 0x40;
/// `SizeOfXLogLongPHD`.
const LONG_HEADER: u32 = 40;

/// Where pages of WAL are had from.
pub trait Pages {
    /// The page that begins at `at`, whole.
    ///
    /// # Errors
    /// [`WalFault::Missing`] if there is no file for it, [`WalFault::Short`] if that ends before.
    fn page(&self, at: Lsn) -> Result<&[u8], WalFault>;

    /// The timeline whose file holds the page.
    fn timeline(&self, at: Lsn) -> TimelineId;
}

/// What pages and records have to agree with.
#[derive(Debug, Clone, Copy)]
pub struct StreamShape {
    /// The major.
    pub layout: &'static Layout,
    /// Bytes in a page of WAL.
    pub block_size: u32,
    /// Bytes in a segment.
    pub segment_size: u32,
    /// The cluster that segments have to be of, where it is known.
    pub system_identifier: Option<u64>,
}

/// A record and where it was found; its CRC is right.
#[derive(Debug, Clone, Copy)]
pub struct Located<'a> {
    /// Where it begins.
    pub lsn: Lsn,
    /// Behind its last byte.
    pub end: Lsn,
    /// Where the next one would begin (`EndRecPtr`).
    pub next: Lsn,
    /// Its header.
    pub header: RecordHeader,
    /// All of it.
    pub bytes: &'a [u8],
    /// A record that was given up, and in whose place this one is.
    pub overwritten: Option<Lsn>,
    /// The timeline of the page that it begins on.
    pub timeline: TimelineId,
    /// The page that it ends on, and the timeline of that (`latestPagePtr`, `latestPageTLI`).
    pub last_page: (Lsn, TimelineId),
}

/// A place in WAL, and what was seen on the way.
#[derive(Debug)]
pub struct Reader<'p, P> {
    pages: &'p P,
    shape: StreamShape,
    next: Lsn,
    /// The record before, if the next one has to name it.
    prev: Option<Lsn>,
    page: Option<Page<'p>>,
    latest: (Lsn, TimelineId),
    assembled: Vec<u8>,
    /// What goes on behind a page, if a record from there was found wrong.
    tail: Option<Tail>,
}

/// A page whose header was found right.
#[derive(Debug, Clone, Copy)]
struct Page<'p> {
    at: Lsn,
    bytes: &'p [u8],
    header: PageHeader,
}

/// A record that was read: [`Reader::lend`] has its bytes, until the reader moves on.
#[derive(Debug, Clone, Copy)]
pub struct Found<'p> {
    /// Where it begins.
    pub lsn: Lsn,
    /// Behind its last byte.
    pub end: Lsn,
    /// Where the next one would begin (`EndRecPtr`).
    pub next: Lsn,
    /// Its header.
    pub header: RecordHeader,
    /// `None` if it was put together.
    bytes: Option<&'p [u8]>,
    /// A record that was given up, and in whose place this one is.
    pub overwritten: Option<Lsn>,
    timeline: TimelineId,
}

impl<'p, P: Pages> Reader<'p, P> {
    /// A reader that stands at `at`: the start of a record or of a page.
    pub fn new(pages: &'p P, shape: StreamShape, at: Lsn) -> Self {
        let latest = (Lsn::INVALID, TimelineId(0));
        let (prev, page, assembled, tail) = (None, None, Vec::new(), None);
        Self { pages, shape, next: at, prev, page, latest, assembled, tail }
    }

    /// Moves to `at`: the start of a record or of a page. The record there may name any record
    /// before it as its predecessor.
    pub const fn seek(&mut self, at: Lsn) {
        self.next = at;
        self.prev = None;
    }

    /// Where the next record is looked for.
    pub const fn position(&self) -> Lsn {
        self.next
    }

    /// Reads the next record and moves behind it.
    ///
    /// # Errors
    /// What PostgreSQL's reader stops at; the reader stays where it is.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "all records come through here, in registers")]
    pub fn advance(&mut self) -> Result<Found<'p>, Failure> {
        let found = match self.here()? {
            Some(found) => found,
            None => self.locate()?,
        };
        self.prev = Some(found.lsn);
        self.next = found.next;
        Ok(found)
    }

    /// The record that was read last, with its bytes.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "all records come through here, in registers")]
    pub fn lend(&self, found: Found<'p>) -> Located<'_> {
        let Found { lsn, end, next, header, bytes, overwritten, timeline } = found;
        let bytes = bytes.unwrap_or(&self.assembled);
        let last_page = self.latest;
        Located { lsn, end, next, header, bytes, overwritten, timeline, last_page }
    }

    /// The next record if it lies on the page of the one before, as nearly all do.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "all records come through here, in registers")]
    fn here(&self) -> Result<Option<Found<'p>>, Failure> {
        match &self.page {
            // Behind a header of either size.
            Some(page) if self.next > page.at.plus(LONG_HEADER) => self.whole(page, self.next),
            _ => Ok(None),
        }
    }

    /// The record that begins at `lsn` on `page`; `None` if it does not end there.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "all records come through here, in registers")]
    fn whole(&self, page: &Page<'p>, lsn: Lsn) -> Result<Option<Found<'p>>, Failure> {
        let offset = usize::try_from(lsn.0.wrapping_sub(page.at.0)).unwrap_or(usize::MAX);
        let bytes = page.bytes.get(offset..).unwrap_or_default();
        let Some(header) = RecordHeader::read(bytes) else { return Ok(None) };
        if let Some(fault) = self.header_fault(header, lsn) {
            return Err(self.failure(fault, lsn, page.at));
        }
        let total = header.xl_tot_len;
        let Some(whole) = bytes.get(..total as usize) else { return Ok(None) };
        self.check(whole, header, lsn, page.at)?;
        let (end, next) = (lsn.plus(total), self.after(header, lsn.plus(aligned(total))));
        let (bytes, overwritten, timeline) = (Some(whole), None, page.header.xlp_tli);
        Ok(Some(Found { lsn, end, next, header, bytes, overwritten, timeline }))
    }

    /// The next record, wherever it lies.
    #[inline(never)]
    fn locate(&mut self) -> Result<Found<'p>, Failure> {
        let mut lsn = self.next;
        let mut overwritten = None;
        loop {
            let page = self.page(self.start_of_page(lsn), lsn)?;
            lsn = self.start_of_record(&page, lsn)?;
            if let Some(found) = self.whole(&page, lsn)? {
                return Ok(Found { overwritten, ..found });
            }
            let offset = self.offset_in_page(lsn);
            let bytes = page.bytes.get(offset..).unwrap_or_default();
            let header = self.header_here(bytes, lsn, &page)?;
            let total = match header {
                Some(header) => header.xl_tot_len,
                None => self.length_here(bytes, lsn, &page)?,
            };
            let timeline = page.header.xlp_tli;
            if let Some(header) = header {
                self.check_known(lsn, header, bytes, page.at)?;
            }
            let assembled = self.assemble(lsn, total, bytes, page.at);
            if assembled.is_err() {
                self.tail(page.at);
            }
            match assembled? {
                Assembled::Whole { header, end, next } => {
                    let (bytes, next) = (None, self.after(header, next));
                    return Ok(Found { lsn, end, next, header, bytes, overwritten, timeline });
                }
                Assembled::Overwritten { by } => {
                    overwritten = Some(lsn);
                    lsn = by;
                }
            }
        }
    }

    /// Behind the page's header, if `lsn` is the page itself.
    fn start_of_record(&self, page: &Page<'p>, lsn: Lsn) -> Result<Lsn, Failure> {
        let header = page.header.size();
        let got = u32::try_from(self.offset_in_page(lsn)).unwrap_or(u32::MAX);
        let lsn = match got {
            0 => lsn.plus(header),
            _ if got < header => {
                let fault = WalFault::RecordOffset { expected: header, got };
                return Err(self.failure(fault, lsn, page.at));
            }
            _ => lsn,
        };
        if page.header.first_is_contrecord() && self.offset_in_page(lsn) == header as usize {
            return Err(self.failure(WalFault::ContrecordRequested, lsn, page.at));
        }
        Ok(lsn)
    }

    /// The record's header, checked; `None` if it goes on over the page's end.
    #[inline]
    fn header_here(
        &self,
        bytes: &[u8],
        lsn: Lsn,
        page: &Page<'p>,
    ) -> Result<Option<RecordHeader>, Failure> {
        let Some(header) = RecordHeader::read(bytes) else { return Ok(None) };
        match self.header_fault(header, lsn) {
            None => Ok(Some(header)),
            Some(fault) => Err(self.failure(fault, lsn, page.at)),
        }
    }

    /// The length alone, of a record whose header goes on over the page's end.
    fn length_here(&self, bytes: &[u8], lsn: Lsn, page: &Page<'p>) -> Result<u32, Failure> {
        let total = bytes.first_chunk().map_or(0, |length| u32::from_le_bytes(*length));
        match short_fault(total) {
            None => Ok(total),
            Some(fault) => Err(self.failure(fault, lsn, page.at)),
        }
    }

    /// What is wrong with a record's header (`ValidXLogRecordHeader`).
    #[inline]
    fn header_fault(&self, header: RecordHeader, lsn: Lsn) -> Option<WalFault> {
        if let Some(fault) = short_fault(header.xl_tot_len) {
            return Some(fault);
        }
        let (xl_rmid, xl_prev) = (header.xl_rmid, header.xl_prev);
        if !rmgr::is_valid(xl_rmid, self.shape.layout) {
            return Some(WalFault::ResourceManager { xl_rmid });
        }
        let linked = match self.prev {
            Some(prev) => xl_prev == prev,
            None => xl_prev < lsn,
        };
        (!linked).then_some(WalFault::PrevLink { xl_prev })
    }

    #[inline]
    fn check(
        &self,
        whole: &[u8],
        header: RecordHeader,
        lsn: Lsn,
        page: Lsn,
    ) -> Result<(), Failure> {
        if checksum(whole) == Some(header.xl_crc) {
            Ok(())
        } else {
            Err(self.failure(WalFault::Checksum, lsn, page))
        }
    }

    /// What is wrong with a record that goes on behind `page`, if what does is known already.
    fn check_known(
        &self,
        lsn: Lsn,
        header: RecordHeader,
        start: &[u8],
        page: Lsn,
    ) -> Result<(), Failure> {
        let completes = |tail: Tail| tail.completes(start, header);
        match self.known_tail(page).and_then(completes) {
            Some(Err((fault, at))) => Err(self.failure(fault, lsn, at)),
            Some(Ok(())) | None => Ok(()),
        }
    }

    /// Where the next record is looked for: a switch fills the rest of its segment.
    #[inline]
    fn after(&self, header: RecordHeader, next: Lsn) -> Lsn {
        if header.xl_rmid == RM_XLOG && header.info() == SWITCH {
            let last = Lsn(next.0.saturating_sub(1));
            SegmentNumber::of(last, self.shape.segment_size).next().start(self.shape.segment_size)
        } else {
            next
        }
    }

    /// Puts a record together that starts with `start` at the end of the page at `at`.
    fn assemble(
        &mut self,
        lsn: Lsn,
        total: u32,
        start: &[u8],
        mut at: Lsn,
    ) -> Result<Assembled, Failure> {
        self.assembled.clear();
        self.assembled.extend_from_slice(start);
        let mut header = RecordHeader::read(start);
        loop {
            at = at.plus(self.shape.block_size);
            let page = self.page(at, lsn)?;
            if page.header.overwrites_contrecord(self.shape.layout) {
                return Ok(Assembled::Overwritten { by: at });
            }
            if !page.header.first_is_contrecord() {
                return Err(self.failure(WalFault::NoContrecordFlag, lsn, at));
            }
            let got = u32::try_from(self.assembled.len()).unwrap_or(u32::MAX);
            let (xlp_rem_len, expected) = (page.header.xlp_rem_len, total.saturating_sub(got));
            if xlp_rem_len == 0 || xlp_rem_len != expected {
                let fault = WalFault::ContrecordLength { xlp_rem_len, expected };
                return Err(self.failure(fault, lsn, at));
            }
            if total > MAX_RECORD {
                return Err(self.failure(WalFault::TooLong { xl_tot_len: total }, lsn, at));
            }
            let body = page.bytes.get(page.header.size() as usize..).unwrap_or_default();
            let part = body.get(..xlp_rem_len as usize).unwrap_or(body);
            self.assembled.extend_from_slice(part);
            if header.is_none() {
                header = RecordHeader::read(&self.assembled);
                let wrong = header.and_then(|header| self.header_fault(header, lsn));
                if let Some(fault) = wrong {
                    return Err(self.failure(fault, lsn, at));
                }
            }
            if part.len() == xlp_rem_len as usize {
                let header = header.ok_or_else(|| self.failure(WalFault::Length, lsn, at))?;
                self.check(&self.assembled, header, lsn, at)?;
                let start = at.plus(page.header.size());
                let (end, next) = (start.plus(xlp_rem_len), start.plus(aligned(xlp_rem_len)));
                return Ok(Assembled::Whole { header, end, next });
            }
        }
    }

    #[inline]
    const fn start_of_page(&self, lsn: Lsn) -> Lsn {
        Lsn(lsn.0 & !(self.shape.block_size as u64).saturating_sub(1))
    }

    #[inline]
    fn offset_in_page(&self, lsn: Lsn) -> usize {
        usize::try_from(lsn.0 & u64::from(self.shape.block_size).saturating_sub(1)).unwrap_or(0)
    }

    /// The failure of the record at `record`, found on its own page.
    pub fn failure_at(&self, fault: WalFault, record: Lsn) -> Failure {
        self.failure(fault, record, self.start_of_page(record))
    }

    #[cold]
    fn failure(&self, fault: WalFault, record: Lsn, page: Lsn) -> Failure {
        let timeline = self.pages.timeline(page);
        Failure { fault, record, page, timeline, segment_size: self.shape.segment_size }
    }
}

/// How putting a record together ended.
enum Assembled {
    Whole { header: RecordHeader, end: Lsn, next: Lsn },
    Overwritten { by: Lsn },
}

/// `MAXALIGN`.
const fn aligned(len: u32) -> u32 {
    len.saturating_add(7) & !7
}

/// What a length is refused for before it is known whether the record goes on: no server refuses
/// one for being too long, which mostly shows where the record does not go on.
const fn short_fault(xl_tot_len: u32) -> Option<WalFault> {
    if (xl_tot_len as usize) < RecordHeader::LEN {
        Some(WalFault::TooShort { xl_tot_len })
    } else {
        None
    }
}
