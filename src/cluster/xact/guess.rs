//! The counters without pg_control: what was written into the logs was handed out.
use super::slru::Slru;
use crate::format::slru::Log;
use crate::layout::Dialect;
use crate::types::{FullXid, MultiXactId, Xid};

/// Counters that pg_control would tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guess {
    /// One more than the newest transaction that ended, in epoch 0 for want of a better one.
    pub(super) next_xid: FullXid,
    /// One more than the newest multixact written.
    pub(super) next_multi: MultiXactId,
}

impl Guess {
    /// Looks for the newest entries. Transactions in `prepared` were handed out as well.
    pub(super) fn new(xact: &Slru, offsets: &Slru, prepared: &[Xid], dialect: &Dialect) -> Self {
        let per_segment =
            u64::from(dialect.geometry.block_size) * u64::from(dialect.geometry.slru_pages);
        let last_xid = newest(xact, per_segment).map_or(0, |(byte, value)| {
            // Four transactions to a byte, the first in the lowest bits.
            let in_byte = u64::from(value.checked_ilog2().unwrap_or(0) / 2);
            low_half(byte * 4 + in_byte)
        });
        let last_xid = prepared.iter().fold(last_xid, |last, prepared| {
            if Xid(last).precedes(*prepared) { prepared.0 } else { last }
        });
        let len = u64::from(dialect.layout.multixact_offset_len.max(1));
        let last_multi = newest(offsets, per_segment).map_or(0, |(byte, _)| low_half(byte / len));
        let next = |last: u32| if last == 0 { 0 } else { last.wrapping_add(1).max(1) };
        Self {
            next_xid: FullXid::new(0, Xid(next(last_xid))),
            next_multi: MultiXactId(next(last_multi)),
        }
    }
}

fn low_half(number: u64) -> u32 {
    u32::try_from(number & u64::from(u32::MAX)).unwrap_or(0)
}

/// The last byte of a log that is not zero: its number in the whole log, and its value. Ids may
/// have started over: the newest segment is the one before the widest gap.
fn newest(slru: &Slru, per_segment: u64) -> Option<(u64, u8)> {
    /// Segments made ahead of use are all zeros, but not many.
    const LOOKED_AT: usize = 8;
    let numbers: Vec<_> = slru.numbers().collect();
    let end = if slru.log() == Log::Xact { 1 << 30 } else { 1 << 35 } / per_segment.max(1);
    let last = numbers.len().checked_sub(1)?;
    let gap = |at: usize| {
        let number = |at: usize| numbers.get(at).copied();
        let after = number(at + 1).or_else(|| number(0).map(|first| first.saturating_add(end)));
        after.unwrap_or(0).saturating_sub(number(at).unwrap_or(0))
    };
    let newest = (0..=last).max_by_key(|&at| gap(at))?;
    let backwards = numbers.iter().cycle().skip(newest + 1).take(numbers.len());
    let backwards: Vec<_> = backwards.copied().collect();
    let mut scratch = Vec::new();
    backwards.iter().rev().take(LOOKED_AT).find_map(|&number| {
        let bytes = slru.whole(number, &mut scratch)?;
        let at = bytes.iter().rposition(|byte| *byte != 0)?;
        Some((number * per_segment + at as u64, *bytes.get(at)?))
    })
}
