//! Where to begin: the first record at or behind some place.
use super::{Pages, Reader, aligned};
use crate::format::wal::fault::{Failure, WalFault};
use crate::types::Lsn;

impl<P: Pages> Reader<'_, P> {
    /// Moves to the first record that begins at `from` or later (`XLogFindNextRecord`).
    ///
    /// # Errors
    /// What it fails at on the way.
    pub fn find_next(&mut self, from: Lsn) -> Result<Lsn, Failure> {
        let first = self.first_behind_continuation(from, Lsn(u64::MAX), false)?;
        self.seek(first);
        loop {
            let lsn = self.advance()?.lsn;
            if lsn >= from {
                self.seek(lsn);
                return Ok(lsn);
            }
        }
    }

    /// Moves to where the first record begins in the pages from `from`, a page's start, up to
    /// `until`: behind what continues there. `None` if a record goes on up to `until`.
    ///
    /// # Errors
    /// If a page on the way is not in order, or does not go on with what the one before it says.
    pub fn enter(&mut self, from: Lsn, until: Lsn) -> Result<Option<Lsn>, Failure> {
        let first = self.first_behind_continuation(from, until, true)?;
        self.seek(first);
        Ok((first < until).then_some(first))
    }

    /// Behind what continues on the page of `from`. `XLogFindNextRecord` believes each page alone;
    /// `strict` wants them to agree, so that a damaged length does not hide the records of a page.
    fn first_behind_continuation(
        &mut self,
        from: Lsn,
        until: Lsn,
        strict: bool,
    ) -> Result<Lsn, Failure> {
        let mut at = self.start_of_page(from);
        let mut expected = None;
        loop {
            if at >= until {
                return Ok(until);
            }
            let page = self.page(at, from)?;
            let (header, xlp_rem_len) = (page.header.size(), page.header.xlp_rem_len);
            let wrong = match expected
                .filter(|_| strict && !page.header.overwrites_contrecord(self.shape.layout))
            {
                Some(_) if !page.header.first_is_contrecord() => Some(WalFault::NoContrecordFlag),
                Some(expected) if xlp_rem_len != expected => {
                    Some(WalFault::ContrecordLength { xlp_rem_len, expected })
                }
                _ => None,
            };
            if let Some(fault) = wrong {
                return Err(self.failure(fault, from, at));
            }
            if !page.header.first_is_contrecord() {
                return Ok(at.plus(header));
            }
            let body = self.shape.block_size.saturating_sub(header);
            if aligned(xlp_rem_len) < body {
                return Ok(at.plus(header.saturating_add(aligned(xlp_rem_len))));
            }
            expected = xlp_rem_len.checked_sub(body).filter(|left| *left > 0);
            at = at.plus(self.shape.block_size);
        }
    }
}
