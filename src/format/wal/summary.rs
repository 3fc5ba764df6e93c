//! WAL summaries, pg_wal/summaries/*.summary (17 and later): which blocks a range of WAL changed
//! (`BlockRefTable`, common/blkreftable.c).
//!
//! ```text
//! magic | for each fork: locator, fork, limit, count of chunks; sizes of chunks; chunks | zeros | CRC
//! ```
//! A chunk is of 65536 blocks: offsets of two bytes in no order, or, of the largest size, a bitmap.
use crate::format::bytes::{take, u32};
use crate::format::error::{Fault, Parse, ParseError, parse_at, stop};
use crate::types::{BlockNumber, Fork, Lsn, Oid, RelFileLocator, RelFileNumber, TimelineId};

/// `BLOCKREFTABLE_MAGIC`.
const MAGIC: u32 = 0x652b_137b;
/// `MAX_ENTRIES_PER_CHUNK`: entries of a chunk that is a bitmap.
const BITMAP: u16 = 4096;
/// `BLOCKS_PER_CHUNK`.
const BLOCKS_PER_CHUNK: u32 = 1 << 16;

/// What the name of a summary says (`GetWalSummaries`, backup/walsummary.c).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SummaryName {
    /// Timeline.
    pub timeline: TimelineId,
    /// Its first byte of WAL.
    pub start: Lsn,
    /// The first byte behind.
    pub end: Lsn,
}

impl SummaryName {
    /// Reads a file name; `None` if it is not that of a summary.
    pub fn parse(name: &str) -> Option<Self> {
        let digits = name.strip_suffix(".summary")?;
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
        if digits.len() != 40 || !digits.bytes().all(digit) {
            return None;
        }
        let part = |range| u64::from_str_radix(digits.get(range)?, 16).ok();
        let timeline = TimelineId(u32::try_from(part(0..8)?).ok()?);
        Some(Self { timeline, start: Lsn(part(8..24)?), end: Lsn(part(24..40)?) })
    }
}

/// What WAL did to one fork of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForkSummary<'a> {
    /// The relation.
    pub locator: RelFileLocator,
    /// The fork.
    pub fork: Fork,
    /// The fewest blocks that it had; `None` if it was neither made, removed nor truncated.
    pub limit: Option<BlockNumber>,
    /// Entries of each chunk, two bytes each.
    sizes: &'a [u8],
    /// The chunks.
    chunks: &'a [u8],
}

/// Reads a whole file.
///
/// # Errors
/// If it is none, ends early, or its checksum is wrong.
pub fn parse(bytes: &[u8]) -> Result<Vec<ForkSummary<'_>>, ParseError> {
    parse_at(bytes, 0, "WAL summary", |input| file(input, bytes))
}

fn file<'a>(input: &'a [u8], whole: &'a [u8]) -> Parse<'a, Vec<ForkSummary<'a>>> {
    let (mut rest, magic) = u32(input)?;
    if magic != MAGIC {
        let expected = "652b137b in hexadecimal";
        return stop(input, Fault::Unexpected { field: "magic", found: magic.into(), expected });
    }
    let mut forks = Vec::new();
    loop {
        let (behind, entry) = take(24)(rest)?;
        if entry.iter().all(|byte| *byte == 0) {
            let (end, found) = u32(behind)?;
            let length = whole.len().saturating_sub(behind.len());
            let computed = crc32c::crc32c(whole.get(..length).unwrap_or_default());
            if found != computed {
                return stop(behind, Fault::Checksum { found, computed });
            }
            return Ok((end, forks));
        }
        let fork;
        (rest, fork) = ForkSummary::parse(rest)?;
        forks.push(fork);
    }
}

impl<'a> ForkSummary<'a> {
    fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, tablespace) = u32(input)?;
        let (rest, database) = u32(rest)?;
        let (rest, number) = u32(rest)?;
        let (behind, forknum) = u32(rest)?;
        let Some(fork) = usize::try_from(forknum).ok().and_then(|fork| Fork::ALL.get(fork)) else {
            let found = forknum.into();
            return stop(rest, Fault::Unexpected { field: "fork", found, expected: "0 to 3" });
        };
        let (rest, limit) = u32(behind)?;
        let (rest, nchunks) = u32(rest)?;
        let (chunks, sizes) = take((nchunks as usize).saturating_mul(2))(rest)?;
        let mut length = 0_usize;
        for size in entries(sizes) {
            if size > BITMAP {
                let (found, expected) = (size.into(), "at most 4096");
                return stop(rest, Fault::Unexpected { field: "chunk size", found, expected });
            }
            length = length.saturating_add(usize::from(size).saturating_mul(2));
        }
        let (rest, chunks) = take(length)(chunks)?;
        let number = RelFileNumber(number);
        let locator =
            RelFileLocator { tablespace: Oid(tablespace), database: Oid(database), number };
        let limit = Some(BlockNumber(limit)).filter(|limit| *limit != BlockNumber::INVALID);
        Ok((rest, Self { locator, fork: *fork, limit, sizes, chunks }))
    }

    /// The blocks that were changed, as ranges with both ends, in order.
    pub fn ranges(&self) -> Vec<(BlockNumber, BlockNumber)> {
        let mut ranges: Vec<(BlockNumber, BlockNumber)> = Vec::new();
        let mut rest = self.chunks;
        for (size, chunk) in entries(self.sizes).zip(0_u32..) {
            let length = usize::from(size).saturating_mul(2);
            let (here, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            rest = behind;
            let base = chunk.saturating_mul(BLOCKS_PER_CHUNK);
            let mut add = |offset: u32| {
                let block = base.saturating_add(offset);
                match ranges.last_mut() {
                    Some((_, last)) if last.0.checked_add(1) == Some(block) => last.0 = block,
                    _ => ranges.push((BlockNumber(block), BlockNumber(block))),
                }
            };
            if size == BITMAP {
                let bits = |(word, base): (u16, u32)| {
                    (0..16)
                        .filter(move |bit| word >> bit & 1 != 0)
                        .map(move |bit| base.saturating_add(bit))
                };
                entries(here).zip((0_u32..).step_by(16)).flat_map(bits).for_each(&mut add);
            } else {
                let mut offsets: Vec<_> = entries(here).map(u32::from).collect();
                offsets.sort_unstable();
                offsets.into_iter().for_each(&mut add);
            }
        }
        ranges
    }
}

fn entries(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.as_chunks().0.iter().map(|entry| u16::from_le_bytes(*entry))
}

#[cfg(test)]
mod tests {
    use super::{SummaryName, parse};
    use crate::types::{BlockNumber, Fork, Lsn, TimelineId};

    fn table(entries: &[&[u8]]) -> Vec<u8> {
        let mut bytes = 0x652b_137b_u32.to_le_bytes().to_vec();
        bytes.extend(entries.concat());
        bytes.extend([0; 24]);
        let crc = crc32c::crc32c(&bytes);
        bytes.extend(crc.to_le_bytes());
        bytes
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    #[test]
    fn offsets_are_sorted_and_bitmaps_counted_from_their_chunk() {
        let entry = words(&[1663, 5, 16384, 2, 17, 2]);
        let sizes = [3, 0, 0, 0x10];
        let array = [9, 0, 7, 0, 8, 0];
        let mut bitmap = [0; 8192];
        (bitmap[0], bitmap[3]) = (0b11, 0x80);
        let bytes = table(&[&entry, &sizes, &array, &bitmap]);
        let forks = parse(&bytes).unwrap();
        assert_eq!((forks[0].fork, forks[0].limit), (Fork::Vm, Some(BlockNumber(17))));
        let ranges = [(7, 9), (65536, 65537), (65567, 65567)];
        let ranges = ranges.map(|(first, last)| (BlockNumber(first), BlockNumber(last)));
        assert_eq!(forks[0].ranges(), ranges);
        assert!(parse(&bytes[..bytes.len() - 5]).is_err());
        let mut flipped = bytes.clone();
        flipped[30] ^= 1;
        assert!(parse(&flipped).is_err());
    }

    #[test]
    fn a_name_is_timeline_start_and_end() {
        let name = SummaryName::parse("0000000100000000010000280000000002A3C5E8.summary").unwrap();
        assert_eq!((name.timeline, name.start), (TimelineId(1), Lsn(0x0100_0028)));
        assert_eq!(name.end, Lsn(0x02A3_C5E8));
        assert_eq!(SummaryName::parse("temp.summary"), None);
    }
}
