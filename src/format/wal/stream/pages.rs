//! Pages and the checks of their headers (`XLogReaderValidatePageHeader`,
//! access/transam/xlogreader.c).
use super::{Page, Pages, Reader};
use crate::format::wal::fault::{Failure, WalFault};
use crate::format::wal::page::{LongPageHeader, PageHeader};
use crate::format::wal::segment::SegmentNumber;
use crate::types::Lsn;

impl<'p, P: Pages> Reader<'p, P> {
    /// The page at `at`, its header checked, to read the record at `record`
    /// (`ReadPageInternal`): in a segment not seen before, the first page is checked too.
    pub(super) fn page(&mut self, at: Lsn, record: Lsn) -> Result<Page<'p>, Failure> {
        if let Some(page) = self.page.filter(|page| page.at == at) {
            return Ok(page);
        }
        let size = self.shape.segment_size;
        let segment = SegmentNumber::of(at, size);
        let seen = self.page.is_some_and(|page| SegmentNumber::of(page.at, size) == segment);
        self.page = None;
        if !seen && segment.start(size) != at {
            self.checked_page(segment.start(size), record)?;
        }
        let page = self.checked_page(at, record)?;
        self.page = Some(page);
        Ok(page)
    }

    fn checked_page(&mut self, at: Lsn, record: Lsn) -> Result<Page<'p>, Failure> {
        let bytes = self.pages.page(at).map_err(|fault| self.failure(fault, record, at))?;
        match self.page_fault(at, bytes) {
            Ok(header) => Ok(Page { at, bytes, header }),
            Err(fault) => Err(self.failure(fault, record, at)),
        }
    }

    /// Checks a page's header (`XLogReaderValidatePageHeader`).
    fn page_fault(&mut self, at: Lsn, bytes: &[u8]) -> Result<PageHeader, WalFault> {
        let header = PageHeader::read(bytes).ok_or(WalFault::Missing)?;
        let PageHeader { xlp_magic, xlp_info, xlp_tli, xlp_pageaddr, .. } = header;
        let first = SegmentNumber::of(at, self.shape.segment_size).start(self.shape.segment_size);
        if xlp_magic != self.shape.layout.wal_page_magic {
            return Err(WalFault::Magic { xlp_magic });
        }
        if header.has_unknown_flags(self.shape.layout) {
            return Err(WalFault::InfoBits { xlp_info });
        }
        if header.is_long() {
            self.long_header_fault(bytes)?;
        } else if at == first {
            return Err(WalFault::InfoBits { xlp_info });
        }
        if xlp_pageaddr != at {
            return Err(WalFault::PageAddress { xlp_pageaddr });
        }
        let (latest, after) = self.latest;
        if at > latest {
            if xlp_tli < after {
                return Err(WalFault::TimelineBack { xlp_tli, after });
            }
            self.latest = (at, xlp_tli);
        }
        Ok(header)
    }

    fn long_header_fault(&self, bytes: &[u8]) -> Result<(), WalFault> {
        let header = LongPageHeader::parse(bytes).map_err(|_| WalFault::Missing)?.1;
        let identifier = self.shape.system_identifier;
        let (found, expected) = (header.xlp_sysid, identifier.unwrap_or(header.xlp_sysid));
        if found != expected {
            Err(WalFault::SystemIdentifier { found, expected })
        } else if header.xlp_seg_size != self.shape.segment_size {
            Err(WalFault::SegmentSize)
        } else if header.xlp_xlog_blcksz != self.shape.block_size {
            Err(WalFault::BlockSize)
        } else {
            Ok(())
        }
    }
}
