//! Members of multixacts (access/transam/multixact.c).
use super::TransactionLog;
use crate::format::parse_at;
use crate::format::slru::Log;
use crate::format::slru::multixact::{self, MultiXactMember};
use crate::types::{MultiXactId, MultiXactOffset, Xid};

/// Why the members of a multixact cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each message says what its fields are")]
pub enum MultiXactError {
    #[error("MultiXactId {multi} does no longer exist: the oldest is {oldest}")]
    Forgotten { multi: MultiXactId, oldest: MultiXactId },
    #[error("MultiXactId {multi} has not been created yet: the next is {next}")]
    NotYet { multi: MultiXactId, next: MultiXactId },
    #[error("MultiXactId {multi} was never written: its offset is 0")]
    NeverWritten { multi: MultiXactId },
    #[error("where the members of MultiXactId {multi} end was not written yet")]
    NoEnd { multi: MultiXactId },
    #[error("MultiXactId {multi} needs a page of {path} that is not there")]
    Missing { multi: MultiXactId, path: String },
    #[error("MultiXactId {multi} would have {members} members")]
    TooMany { multi: MultiXactId, members: u64 },
}

/// More members than any server can have put in one multixact: each is a transaction of its own,
/// and no more of them run at once than there are backends and prepared transactions.
const MOST: u64 = 1 << 20;

impl TransactionLog {
    /// The members of `multi`, in the order in which they are stored (`GetMultiXactIdMembers`).
    ///
    /// # Errors
    /// If it does not exist, or the pages that hold it are not there.
    pub fn members(&self, multi: MultiXactId) -> Result<Vec<MultiXactMember>, MultiXactError> {
        let made = self.overlay.as_ref().and_then(|overlay| overlay.members(multi));
        if let Some(members) = made {
            return Ok(members.to_vec());
        }
        let (start, count) = self.extent(multi)?;
        if count > MOST {
            return Err(MultiXactError::TooMany { multi, members: count });
        }
        let mut scratch = Vec::new();
        let mut members = Vec::new();
        for step in 0..count {
            let offset = self.wrapped(start.0.wrapping_add(step));
            let place = multixact::member_place(offset, &self.dialect);
            let group = self.members.bytes(place, multixact::GROUP_LEN, &mut scratch);
            let member = group.and_then(|group| multixact::member(group, offset).ok());
            let Some(member) = member else {
                let path = Log::MultiXactMembers.path(place.segment, &self.dialect);
                return Err(MultiXactError::Missing { multi, path });
            };
            // Offset 0 means "not written", so its slot stays unused when offsets start over.
            if member.xid != Xid::INVALID {
                members.push(member);
            }
        }
        Ok(members)
    }

    /// Where the members start, and how many there are.
    fn extent(&self, multi: MultiXactId) -> Result<(MultiXactOffset, u64), MultiXactError> {
        let checkpoint = self.checkpoint.as_ref();
        let (oldest, next) = (self.oldest_multi(), self.next_multi());
        if checkpoint.is_some() && multi.precedes(oldest) || multi == MultiXactId::INVALID {
            return Err(MultiXactError::Forgotten { multi, oldest });
        }
        // After a crash there may be later ones than the checkpoint knew of.
        if self.clean && !multi.precedes(next) {
            return Err(MultiXactError::NotYet { multi, next });
        }
        let start = self.offset(multi)?;
        if start.0 == 0 {
            return Err(MultiXactError::NeverWritten { multi });
        }
        let after = match multi.0.wrapping_add(1) {
            0 => MultiXactId::FIRST,
            after => MultiXactId(after),
        };
        let end = match checkpoint {
            Some(checkpoint) if after == next => checkpoint.next_multi_offset,
            _ => self.offset(after)?,
        };
        if end.0 == 0 && checkpoint.is_none_or(|_| after != next) {
            return Err(MultiXactError::NoEnd { multi });
        }
        Ok((start, multixact::members_between(start, end, self.dialect.layout)))
    }

    fn offset(&self, multi: MultiXactId) -> Result<MultiXactOffset, MultiXactError> {
        if let Some(offset) = self.overlay.as_ref().and_then(|overlay| overlay.offset(multi)) {
            return Ok(offset);
        }
        let mut scratch = Vec::new();
        let place = multixact::offset_place(multi, &self.dialect);
        let len = self.dialect.layout.multixact_offset_len;
        let bytes = self.offsets.bytes(place, len, &mut scratch);
        let offset = bytes.and_then(|bytes| {
            let parse = |input| multixact::offset(input, self.dialect.layout);
            parse_at(bytes, place.byte, "MultiXactOffset", parse).ok()
        });
        let path = || Log::MultiXactOffsets.path(place.segment, &self.dialect);
        offset.ok_or_else(|| MultiXactError::Missing { multi, path: path() })
    }

    /// An offset, started over where offsets have 32 bits.
    fn wrapped(&self, offset: u64) -> MultiXactOffset {
        let narrow = self.dialect.layout.multixact_offset_len == 4;
        MultiXactOffset(if narrow { offset & u64::from(u32::MAX) } else { offset })
    }
}
