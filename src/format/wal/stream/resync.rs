//! Going on behind damage, which PostgreSQL never does: the next place where a record lies.
//!
//! The address of the page, the record's link to the one before it and its CRC decide. Time is
//! bounded by the bytes looked at: what lies behind a page is the same for all places on it where a
//! record could begin that goes on there, and is read once ([`super::tail`]).
use super::{Page, Pages, Reader, aligned, short_fault};
use crate::format::wal::crc::checksum;
use crate::format::wal::fault::MAX_RECORD;
use crate::format::wal::page::{LongPageHeader, PageHeader};
use crate::format::wal::record::RecordHeader;
use crate::format::wal::rmgr;
use crate::format::wal::segment::SegmentNumber;
use crate::types::Lsn;

impl<'p, P: Pages> Reader<'p, P> {
    /// After a failure: moves to the first place in `from..until`, all in one segment, where a
    /// record lies whose CRC is right, on a page that is in its place, and that names a record at
    /// `floor` or later as the one before it. `None` if there is none, and then the reader stands
    /// at `until`.
    pub fn resync(&mut self, from: Lsn, floor: Lsn, until: Lsn) -> Option<Lsn> {
        let mut at = self.start_of_page(from);
        if self.is_foreign(SegmentNumber::of(at, self.shape.segment_size)) {
            at = until;
        }
        while at < until {
            if let Some(page) = self.page_in_place(at)
                && !self.goes_on(&page)
                && let Some(lsn) = self.record_on(page, from, floor, until)
            {
                self.seek(lsn);
                return Some(lsn);
            }
            at = at.plus(self.shape.block_size);
        }
        self.seek(until);
        None
    }

    /// The first record that begins on `page`, at `from` or later.
    fn record_on(&mut self, page: Page<'p>, from: Lsn, floor: Lsn, until: Lsn) -> Option<Lsn> {
        self.page = Some(page);
        self.latest = (page.at, page.header.xlp_tli);
        let start = page.at.plus(page.header.size());
        let first = start.max(Lsn(from.0.saturating_add(7) & !7));
        let end = page.at.plus(self.shape.block_size).min(until);
        // Before this, the page says, is what ends on it; bytes there may look like a record.
        let rest = if page.header.first_is_contrecord() { page.header.xlp_rem_len } else { 0 };
        let said = start.plus(aligned(rest));
        let mut all = (first.0..end.0).step_by(8).map(Lsn);
        let found = all.find(|lsn| {
            self.is_record(&page, *lsn, floor) && (*lsn >= said || self.is_followed(&page, *lsn))
        })?;
        let mut header = page.header;
        if found == start {
            header.clear_contrecord();
        }
        self.page = Some(Page { header, ..page });
        self.latest = (page.at, header.xlp_tli);
        Some(found)
    }

    /// The page at `at` if it says that it is there. What else its header has wrong, the records
    /// on it do not suffer from: it is put right.
    fn page_in_place(&self, at: Lsn) -> Option<Page<'p>> {
        let bytes = self.pages.page(at).ok()?;
        let mut header = PageHeader::read(bytes).filter(|header| header.xlp_pageaddr == at)?;
        let segment = SegmentNumber::of(at, self.shape.segment_size);
        header.mend(segment.start(self.shape.segment_size) == at);
        let newest = self.pages.timeline(at);
        if newest.0 > 0 {
            header.xlp_tli = header.xlp_tli.min(newest);
        }
        Some(Page { at, bytes, header })
    }

    /// Whether all of the page is of a record that began before it and ends behind it: the next
    /// page has to say so too.
    fn goes_on(&self, page: &Page<'p>) -> bool {
        let body = self.shape.block_size.saturating_sub(page.header.size());
        let left = page.header.xlp_rem_len.checked_sub(body).filter(|left| *left > 0);
        let is_continued = page.header.first_is_contrecord();
        let (Some(left), true) = (left, is_continued) else { return false };
        let next = self.page_in_place(page.at.plus(self.shape.block_size));
        next.is_some_and(|next| {
            next.header.first_is_contrecord() && next.header.xlp_rem_len == left
        })
    }

    /// Whether a record begins at `lsn` on `page`.
    fn is_record(&mut self, page: &Page<'p>, lsn: Lsn, floor: Lsn) -> bool {
        let bytes = page.bytes.get(self.offset_in_page(lsn)..).unwrap_or_default();
        let Some(header) = RecordHeader::read(bytes) else {
            // Its header ends on the next page, as only the last two places on a page can.
            self.seek(lsn);
            let is_one = self
                .advance()
                .is_ok_and(|found| found.overwritten.is_none() && found.header.xl_prev >= floor);
            self.seek(lsn);
            (self.page, self.latest) = (Some(*page), (page.at, page.header.xlp_tli));
            return is_one;
        };
        let plausible = short_fault(header.xl_tot_len).is_none()
            && header.xl_tot_len <= MAX_RECORD
            && rmgr::is_valid(header.xl_rmid, self.shape.layout)
            && header.xl_prev >= floor
            && header.xl_prev < lsn;
        if !plausible {
            return false;
        }
        if let Some(whole) = bytes.get(..header.xl_tot_len as usize) {
            return checksum(whole) == Some(header.xl_crc);
        }
        let tail = self.tail(page.at);
        (self.page, self.latest) = (Some(*page), (page.at, page.header.xlp_tli));
        tail.is_some_and(|tail| tail.completes(bytes, header) == Some(Ok(())))
    }

    /// Whether the record behind the one at `lsn` names it, or is not on the page.
    fn is_followed(&self, page: &Page<'p>, lsn: Lsn) -> bool {
        let header_at = |lsn| {
            RecordHeader::read(page.bytes.get(self.offset_in_page(lsn)..).unwrap_or_default())
        };
        let Some(header) = header_at(lsn) else { return true };
        let next = lsn.plus(aligned(header.xl_tot_len));
        let on_page = self.start_of_page(next) == page.at;
        header_at(next).is_none_or(|next| !on_page || next.xl_prev == lsn)
    }

    /// Whether the segment is of another cluster: its long header is whole but for the system
    /// identifier.
    fn is_foreign(&self, segment: SegmentNumber) -> bool {
        let at = segment.start(self.shape.segment_size);
        let Some(expected) = self.shape.system_identifier else { return false };
        let page = self.pages.page(at).ok();
        let header = page.and_then(|page| LongPageHeader::parse(page).ok());
        header.is_some_and(|(_, header)| {
            header.is_foreign(expected)
                && header.xlp_magic == self.shape.layout.wal_page_magic
                && header.is_long()
                && header.has_sane_sizes()
        })
    }
}
