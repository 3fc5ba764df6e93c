//! The headers of a record's parts (`XLogRecordBlockHeader` and those around it,
//! access/xlogrecord.h; the first half of `DecodeXLogRecord`, access/transam/xlogreader.c): all that
//! counting records needs to know of most of them.
use super::fault::WalFault;
use super::image::{HAS_HOLE, Image, ImageCompression};
use super::record::{BlockRef, RecordHeader};
use crate::layout::Dialect;
use crate::types::{BlockNumber, Fork, Oid, RelFileLocator, RelFileNumber, Xid};

/// `XLR_MAX_BLOCK_ID`.
const MAX_BLOCK_ID: u8 = 32;
/// `XLR_BLOCK_ID_DATA_SHORT`.
const ID_DATA_SHORT: u8 = 255;
/// `XLR_BLOCK_ID_DATA_LONG`.
const ID_DATA_LONG: u8 = 254;
/// `XLR_BLOCK_ID_ORIGIN`.
const ID_ORIGIN: u8 = 253;
/// `XLR_BLOCK_ID_TOPLEVEL_XID`.
const ID_TOPLEVEL_XID: u8 = 252;
/// `BKPBLOCK_HAS_IMAGE`.
const HAS_IMAGE: u8 = 0x10;
/// `BKPBLOCK_HAS_DATA`.
pub(super) const HAS_DATA: u8 = 0x20;
/// `BKPBLOCK_SAME_REL`.
const SAME_REL: u8 = 0x80;

/// What the headers say, blocks apart. The bytes of the parts follow them, in the same order.
#[derive(Debug, Clone, Copy)]
pub struct Heads<'a> {
    /// `RepOriginId` of the node that it came from by replication.
    pub origin: Option<u16>,
    /// The transaction that `xl_xid` is a subtransaction of, where the record says so.
    pub toplevel_xid: Option<Xid>,
    /// Bytes of the main data.
    pub(super) main_len: usize,
    /// The bytes not read yet; at last those of the parts.
    pub(super) rest: Rest<'a>,
    /// Bytes of all parts announced so far.
    total: usize,
}

/// A block as the headers announce it.
#[derive(Debug, Clone, Copy)]
pub struct BlockHead {
    /// The block, without the bytes of its data and of its image.
    pub block: BlockRef<'static>,
    /// Bytes of its image, 0 if there is none.
    pub image_len: u16,
    /// Bytes of its data, 0 if there is none.
    pub data_len: u16,
}

impl<'a> Heads<'a> {
    /// Reads the headers of the record that is exactly `bytes`, and gives each block to `each`. What
    /// `each` was given counts only if all goes well.
    ///
    /// # Errors
    /// What breaks the rules of `DecodeXLogRecord`, in its order.
    #[inline]
    pub fn read(
        bytes: &'a [u8],
        dialect: &Dialect,
        mut each: impl FnMut(&BlockHead),
    ) -> Result<Self, WalFault> {
        let rest = Rest(bytes.get(RecordHeader::LEN..).ok_or(WalFault::Length)?);
        let (origin, toplevel_xid) = (None, None);
        let mut heads = Self { origin, toplevel_xid, main_len: 0, rest, total: 0 };
        let mut last: Option<(u8, RelFileLocator)> = None;
        while heads.rest.0.len() > heads.total {
            match heads.rest.u8()? {
                ID_DATA_SHORT => {
                    heads.main_len = usize::from(heads.rest.u8()?);
                    heads.add(heads.main_len);
                    break;
                }
                ID_DATA_LONG => {
                    heads.main_len = heads.rest.u32()? as usize;
                    heads.add(heads.main_len);
                    break;
                }
                ID_ORIGIN => heads.origin = Some(heads.rest.u16()?),
                ID_TOPLEVEL_XID => heads.toplevel_xid = Some(Xid(heads.rest.u32()?)),
                id if id <= MAX_BLOCK_ID => {
                    if last.is_some_and(|(last, _)| last >= id) {
                        return Err(WalFault::OutOfOrderBlock { id });
                    }
                    let head = heads.block(id, last.map(|(_, locator)| locator), dialect)?;
                    last = Some((id, head.block.locator));
                    each(&head);
                }
                id => return Err(WalFault::BlockId { id }),
            }
        }
        if heads.rest.0.len() == heads.total { Ok(heads) } else { Err(WalFault::Length) }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "most callers look at little of it")]
    fn block(
        &mut self,
        id: u8,
        before: Option<RelFileLocator>,
        dialect: &Dialect,
    ) -> Result<BlockHead, WalFault> {
        let (fork_flags, data_len) = (self.rest.u8()?, self.rest.u16()?);
        match (fork_flags & HAS_DATA != 0, data_len) {
            (true, 0) => return Err(WalFault::NoData),
            (false, 1..) => return Err(WalFault::DataUnflagged { data_length: data_len }),
            _ => self.add(data_len.into()),
        }
        let (image_len, image) = if fork_flags & HAS_IMAGE == 0 {
            (0, None)
        } else {
            // On a copy: what is borrowed by a function that is not inlined stays in memory.
            let mut heads = *self;
            let (len, image) = heads.image(data_len, dialect)?;
            *self = heads;
            (len, Some(image))
        };
        let (locator, block) = if fork_flags & SAME_REL == 0 {
            self.rest.locator_and_block()?
        } else {
            let before = before.ok_or(WalFault::NoPreviousRelation)?;
            (before, BlockNumber(self.rest.u32()?))
        };
        let fork = Fork::ALL.get(usize::from(fork_flags & 0x0F)).copied();
        let fork = fork.ok_or(WalFault::Fork { fork: fork_flags & 0x0F })?;
        let block = BlockRef { id, fork_flags, fork, locator, block, data: &[], image };
        Ok(BlockHead { block, image_len, data_len })
    }

    #[inline(never)]
    fn image(
        &mut self,
        data_length: u16,
        dialect: &Dialect,
    ) -> Result<(u16, Image<'static>), WalFault> {
        let (flags, block_size) = (dialect.layout.image_flags(), dialect.geometry.block_size);
        let (length, offset) = (self.rest.u16()?, self.rest.u16()?);
        let bimg_info = self.rest.u8()?;
        let has_hole = bimg_info & HAS_HOLE != 0;
        let compression = ImageCompression::from_flags(bimg_info, flags);
        let whole = u32::from(length) == block_size;
        let hole = match (compression, has_hole) {
            (Some(_), true) => self.rest.u16()?,
            (Some(_), false) => 0,
            // What does not fit wraps round in PostgreSQL's 16 bits, and the rules below judge that.
            (None, _) => (block_size.wrapping_sub(length.into()) & 0xFFFF) as u16,
        };
        self.add(length.into());
        if has_hole && (offset == 0 || hole == 0 || whole) {
            return Err(WalFault::Hole { offset, length: hole, image_length: length });
        }
        if !has_hole && (offset != 0 || hole != 0) {
            return Err(WalFault::NoHole { offset, length: hole });
        }
        if compression.is_some() && whole {
            return Err(WalFault::CompressedWhole { image_length: length });
        }
        if !has_hole && compression.is_none() && !whole {
            return Err(WalFault::Uncompressed { data_length });
        }
        let apply = bimg_info & flags.apply != 0;
        let (hole_offset, hole_length, bytes) = (offset, hole, [].as_slice());
        Ok((length, Image { hole_offset, hole_length, bimg_info, apply, compression, bytes }))
    }

    /// The main data, which comes last.
    #[inline]
    pub fn main(&self) -> &'a [u8] {
        let at = self.rest.0.len().saturating_sub(self.main_len);
        self.rest.0.get(at..).unwrap_or_default()
    }

    #[inline]
    const fn add(&mut self, bytes: usize) {
        self.total = self.total.saturating_add(bytes);
    }
}

/// The bytes not read yet; running out of them is `shortdata_err`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    #[inline]
    fn chunk<const N: usize>(&mut self) -> Result<&'a [u8; N], WalFault> {
        let (chunk, rest) = self.0.split_first_chunk().ok_or(WalFault::Length)?;
        self.0 = rest;
        Ok(chunk)
    }

    #[inline]
    fn u8(&mut self) -> Result<u8, WalFault> {
        self.chunk().map(|chunk| u8::from_le_bytes(*chunk))
    }

    #[inline]
    fn u16(&mut self) -> Result<u16, WalFault> {
        self.chunk().map(|chunk| u16::from_le_bytes(*chunk))
    }

    #[inline]
    fn u32(&mut self) -> Result<u32, WalFault> {
        self.chunk().map(|chunk| u32::from_le_bytes(*chunk))
    }

    #[inline]
    fn locator_and_block(&mut self) -> Result<(RelFileLocator, BlockNumber), WalFault> {
        let words = u128::from_le_bytes(*self.chunk()?);
        let word = |at: u32| (words.wrapping_shr(at.wrapping_mul(32)) & 0xFFFF_FFFF) as u32;
        let (tablespace, database) = (Oid(word(0)), Oid(word(1)));
        let locator = RelFileLocator { tablespace, database, number: RelFileNumber(word(2)) };
        Ok((locator, BlockNumber(word(3))))
    }

    #[inline]
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], WalFault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(WalFault::Length)?;
        self.0 = rest;
        Ok(taken)
    }
}
