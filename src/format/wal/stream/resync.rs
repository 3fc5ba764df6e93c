//! Going on behind damage, which PostgreSQL never does: the next place where a record lies.
use super::{Page, Pages, Reader, aligned, length_fault};
use crate::format::wal::record::RecordHeader;
use crate::format::wal::rmgr;
use crate::types::Lsn;

impl<'p, P: Pages> Reader<'p, P> {
    /// After a failure: moves to the first place in `from..until` where a record lies whose CRC is
    /// right, on a page that is in its place, and that names a record at `floor` or later as the
    /// one before it. `None` if there is none, and then the reader stands at `until`.
    pub fn resync(&mut self, from: Lsn, floor: Lsn, until: Lsn) -> Option<Lsn> {
        let mut at = self.start_of_page(from);
        while at < until {
            if let Ok(page) = self.page(at, from) {
                let first = Self::first_candidate(&page, from);
                let offsets = (first..self.shape.block_size).step_by(8);
                for lsn in offsets.map(|offset| at.plus(offset)).take_while(|&lsn| lsn < until) {
                    if self.is_plausible(&page, lsn, floor) && self.is_record(lsn) {
                        self.seek(lsn);
                        return Some(lsn);
                    }
                }
            }
            at = at.plus(self.shape.block_size);
        }
        self.seek(until);
        None
    }

    /// Bytes from the start of `page` to the first place where a record can begin at or after
    /// `from`.
    fn first_candidate(page: &Page<'p>, from: Lsn) -> u32 {
        let header = page.header.len();
        match from.0.checked_sub(page.at.0) {
            Some(inside) if inside > u64::from(header) => {
                aligned(u32::try_from(inside).unwrap_or(u32::MAX))
            }
            _ if page.header.first_is_contrecord() => {
                header.saturating_add(aligned(page.header.xlp_rem_len))
            }
            _ => header,
        }
    }

    /// Whether the header at `lsn` can be one, before its CRC is computed.
    fn is_plausible(&self, page: &Page<'p>, lsn: Lsn, floor: Lsn) -> bool {
        let bytes = page.bytes.get(self.offset_in_page(lsn)..).unwrap_or_default();
        let Some(header) = RecordHeader::read(bytes) else { return false };
        length_fault(header.xl_tot_len).is_none()
            && rmgr::is_valid(header.xl_rmid, self.shape.layout)
            && header.xl_prev >= floor
            && header.xl_prev < lsn
    }

    fn is_record(&mut self, lsn: Lsn) -> bool {
        self.seek(lsn);
        self.locate().is_ok_and(|found| found.overwritten.is_none())
    }
}
