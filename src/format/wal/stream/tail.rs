//! What goes on behind a page: the rest of whatever record begins on it and does not end there.
//!
//! The pages say how long the rest is, so it is the same for every place on the page where such a
//! record could begin. It is read once, and kept, so that many claims on it cost no more than one.
use super::{Pages, Reader};
use crate::format::wal::fault::WalFault;
use crate::format::wal::record::RecordHeader;
use crate::types::Lsn;

/// The rest of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tail {
    /// The page that the record begins on.
    page: Lsn,
    /// Bytes behind that page.
    len: u32,
    /// The CRC-32C of these bytes, and the page that they end on; or why they cannot be read, and
    /// on which page.
    read: Result<(u32, Lsn), (WalFault, Lsn)>,
}

impl Tail {
    /// Whether it is the rest of the record that begins with `start`, which goes up to the end of
    /// the page: `Ok` if the CRC is right, else what is wrong, and on which page. `None` if it has
    /// not the length that this record needs.
    pub(super) fn completes(
        &self,
        start: &[u8],
        header: RecordHeader,
    ) -> Option<Result<(), (WalFault, Lsn)>> {
        let here = u32::try_from(start.len()).ok()?;
        if header.xl_tot_len.checked_sub(here) != Some(self.len) {
            return None;
        }
        let (crc, last) = match self.read {
            Ok(read) => read,
            Err(wrong) => return Some(Err(wrong)),
        };
        let (header_bytes, rest) = start.split_at_checked(RecordHeader::LEN)?;
        let whole = crc32c::crc32c_combine(crc32c::crc32c(rest), crc, self.len as usize);
        let right = crc32c::crc32c_append(whole, header_bytes.get(..20)?) == header.xl_crc;
        Some(if right { Ok(()) } else { Err((WalFault::Checksum, last)) })
    }
}

impl<P: Pages> Reader<'_, P> {
    /// What goes on behind `page`; `None` if nothing does.
    pub(super) fn tail(&mut self, page: Lsn) -> Option<Tail> {
        match self.tail {
            Some(known) if known.page == page => Some(known),
            _ => {
                self.tail = self.read_tail(page);
                self.tail
            }
        }
    }

    /// That of `page`, if it was read before.
    pub(super) fn known_tail(&self, page: Lsn) -> Option<Tail> {
        self.tail.filter(|tail| tail.page == page)
    }

    fn read_tail(&mut self, page: Lsn) -> Option<Tail> {
        let mut at = page.plus(self.shape.block_size);
        let first = self.page(at, page).ok()?.header;
        let goes_on =
            first.first_is_contrecord() && !first.overwrites_contrecord(self.shape.layout);
        let len = Some(first.xlp_rem_len).filter(|len| goes_on && *len > 0)?;
        let (mut left, mut crc) = (len, 0);
        let read = loop {
            let next = match self.page(at, page) {
                Ok(next) => next,
                Err(failure) => break Err((failure.fault, failure.page)),
            };
            if next.header.overwrites_contrecord(self.shape.layout) {
                return None;
            }
            if !next.header.first_is_contrecord() {
                break Err((WalFault::NoContrecordFlag, at));
            }
            let xlp_rem_len = next.header.xlp_rem_len;
            if xlp_rem_len != left {
                break Err((WalFault::ContrecordLength { xlp_rem_len, expected: left }, at));
            }
            let body = next.bytes.get(next.header.size() as usize..).unwrap_or_default();
            let part = body.get(..left as usize).unwrap_or(body);
            crc = crc32c::crc32c_append(crc, part);
            left = left.saturating_sub(u32::try_from(part.len()).unwrap_or(u32::MAX));
            if left == 0 {
                break Ok((crc, at));
            }
            at = at.plus(self.shape.block_size);
        };
        Some(Tail { page, len, read })
    }
}
