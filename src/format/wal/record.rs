//! One record: its header, the headers of its parts, and slices of the parts
//! (`XLogRecord`, access/xlogrecord.h; `DecodeXLogRecord`, access/transam/xlogreader.c).
//!
//! ```text
//! 0 xl_tot_len | 4 xl_xid | 8 xl_prev | 16 xl_info | 17 xl_rmid | 20 xl_crc | 24
//! then headers of blocks, origin, top-level xid, main data; then the bytes in the same order
//! ```
use super::fault::WalFault;
use super::image::{HAS_HOLE, Image, ImageCompression};
use crate::layout::{Dialect, ImageFlags};
use crate::types::{BlockNumber, Fork, Lsn, Oid, RelFileLocator, RelFileNumber, Xid};
use smallvec::SmallVec;

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
const HAS_DATA: u8 = 0x20;
/// `BKPBLOCK_WILL_INIT`.
const WILL_INIT: u8 = 0x40;
/// `BKPBLOCK_SAME_REL`.
const SAME_REL: u8 = 0x80;
/// `XLR_RMGR_INFO_MASK`: the bits of xl_info that are the resource manager's.
const RMGR_INFO: u8 = 0xF0;

/// A record's header: any 24 bytes are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordHeader {
    /// Bytes of the whole record, this header included.
    pub xl_tot_len: u32,
    /// Transaction, 0 if none.
    pub xl_xid: Xid,
    /// Where the record before begins.
    pub xl_prev: Lsn,
    /// The type of record, in bits that are the resource manager's, and flags.
    pub xl_info: u8,
    /// The resource manager.
    pub xl_rmid: u8,
    /// CRC-32C of what follows the header and then of the header before this field.
    pub xl_crc: u32,
}

/// A block that the record changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockRef<'a> {
    /// What the record calls it: 0 to 32.
    pub id: u8,
    /// Fork and flags as stored.
    pub fork_flags: u8,
    /// Fork.
    pub fork: Fork,
    /// Relation.
    pub locator: RelFileLocator,
    /// Block.
    pub block: BlockNumber,
    /// What the resource manager needs to redo the change; empty if there is none.
    pub data: &'a [u8],
    /// The block as it was after the change, or before it.
    pub image: Option<Image<'a>>,
}

/// A record, taken apart; nothing is copied.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// The header.
    pub header: RecordHeader,
    /// `RepOriginId` of the node that it came from by replication.
    pub origin: Option<u16>,
    /// The transaction that `xl_xid` is a subtransaction of, where the record says so.
    pub toplevel_xid: Option<Xid>,
    /// The blocks, by rising id.
    pub blocks: SmallVec<[BlockRef<'a>; 4]>,
    /// The main data.
    pub main: &'a [u8],
}

impl RecordHeader {
    /// `SizeOfXLogRecord`: bytes of a header.
    pub const LEN: usize = 24;

    /// Reads the header at the start of `bytes`; `None` if there are fewer than 24.
    #[inline]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (tot_len, rest) = bytes.split_first_chunk()?;
        let (xid, rest) = rest.split_first_chunk()?;
        let (prev, rest) = rest.split_first_chunk()?;
        let (&[xl_info, xl_rmid, _, _], rest) = rest.split_first_chunk()?;
        let (crc, _) = rest.split_first_chunk()?;
        Some(Self {
            xl_tot_len: u32::from_le_bytes(*tot_len),
            xl_xid: Xid(u32::from_le_bytes(*xid)),
            xl_prev: Lsn(u64::from_le_bytes(*prev)),
            xl_info,
            xl_rmid,
            xl_crc: u32::from_le_bytes(*crc),
        })
    }

    /// The bits of `xl_info` that tell the type of record.
    #[inline]
    pub const fn info(&self) -> u8 {
        self.xl_info & RMGR_INFO
    }
}

/// The CRC-32C of a whole record (`ValidXLogRecord`); `None` if it is shorter than a header.
#[inline]
pub fn checksum(record: &[u8]) -> Option<u32> {
    let (header, rest) = record.split_at_checked(RecordHeader::LEN)?;
    let of_rest = crc32c::crc32c(rest);
    Some(crc32c::crc32c_append(of_rest, header.get(..20)?))
}

impl<'a> Record<'a> {
    /// Takes apart the record that is exactly `bytes`.
    ///
    /// # Errors
    /// What breaks the rules of `DecodeXLogRecord`, in its order.
    pub fn parse(bytes: &'a [u8], dialect: &Dialect) -> Result<Self, WalFault> {
        let header = RecordHeader::read(bytes).ok_or(WalFault::Length)?;
        let rest = Headers(bytes.get(RecordHeader::LEN..).ok_or(WalFault::Length)?);
        let (origin, toplevel_xid, main) = (None, None, [].as_slice());
        let mut record = Self { header, origin, toplevel_xid, blocks: SmallVec::new(), main };
        let mut parts = Parts { rest, total: 0, main_len: 0, sizes: SmallVec::new() };
        record.headers(&mut parts, dialect)?;
        record.bodies(&parts)?;
        Ok(record)
    }

    /// The bits of `xl_info` that tell the type of record.
    #[inline]
    pub const fn info(&self) -> u8 {
        self.header.info()
    }

    /// The block that the record calls `id`.
    pub fn block(&self, id: u8) -> Option<&BlockRef<'a>> {
        self.blocks.iter().find(|block| block.id == id)
    }

    /// The main data of the block that the record calls `id`; empty if there is none.
    pub fn block_data(&self, id: u8) -> &'a [u8] {
        self.block(id).map_or(&[], |block| block.data)
    }

    /// Bytes of full-page images in it (`XLogRecGetLen`).
    pub fn fpi_len(&self) -> u32 {
        let of_images = self.blocks.iter().filter_map(|block| block.image);
        of_images.fold(0, |sum, image| {
            sum.saturating_add(u32::try_from(image.bytes.len()).unwrap_or(u32::MAX))
        })
    }

    fn headers(&mut self, parts: &mut Parts<'a>, dialect: &Dialect) -> Result<(), WalFault> {
        let flags = dialect.layout.image_flags();
        while parts.rest.0.len() > parts.total {
            match parts.rest.u8()? {
                ID_DATA_SHORT => {
                    parts.main_len = usize::from(parts.rest.u8()?);
                    parts.add(parts.main_len);
                    break;
                }
                ID_DATA_LONG => {
                    parts.main_len = parts.rest.u32()? as usize;
                    parts.add(parts.main_len);
                    break;
                }
                ID_ORIGIN => self.origin = Some(parts.rest.u16()?),
                ID_TOPLEVEL_XID => self.toplevel_xid = Some(Xid(parts.rest.u32()?)),
                id if id <= MAX_BLOCK_ID => {
                    if self.blocks.last().is_some_and(|last| last.id >= id) {
                        return Err(WalFault::OutOfOrderBlock { id });
                    }
                    let block = self.block_header(id, parts, flags, dialect.geometry.block_size)?;
                    self.blocks.push(block);
                }
                id => return Err(WalFault::BlockId { id }),
            }
        }
        if parts.rest.0.len() == parts.total { Ok(()) } else { Err(WalFault::Length) }
    }

    fn block_header(
        &self,
        id: u8,
        parts: &mut Parts<'a>,
        flags: ImageFlags,
        block_size: u32,
    ) -> Result<BlockRef<'a>, WalFault> {
        let fork_flags = parts.rest.u8()?;
        let data_length = parts.rest.u16()?;
        match (fork_flags & HAS_DATA != 0, data_length) {
            (true, 0) => return Err(WalFault::NoData),
            (false, 1..) => return Err(WalFault::DataUnflagged { data_length }),
            _ => parts.add(data_length.into()),
        }
        let mut image_length = 0;
        let image = if fork_flags & HAS_IMAGE == 0 {
            None
        } else {
            let (length, image) = image_header(parts, flags, block_size, data_length)?;
            image_length = length;
            Some(image)
        };
        parts.sizes.push((image_length, data_length));
        let locator = if fork_flags & SAME_REL == 0 {
            let (tablespace, database) = (Oid(parts.rest.u32()?), Oid(parts.rest.u32()?));
            RelFileLocator { tablespace, database, number: RelFileNumber(parts.rest.u32()?) }
        } else {
            self.blocks.last().ok_or(WalFault::NoPreviousRelation)?.locator
        };
        let block = BlockNumber(parts.rest.u32()?);
        let fork = usize::from(fork_flags & 0x0F);
        let fork = Fork::ALL.get(fork).copied();
        let fork = fork.ok_or(WalFault::Fork { fork: fork_flags & 0x0F })?;
        Ok(BlockRef { id, fork_flags, fork, locator, block, data: &[], image })
    }

    /// Gives each part its bytes: the headers have been found to add up.
    fn bodies(&mut self, parts: &Parts<'a>) -> Result<(), WalFault> {
        let mut rest = Headers(parts.rest.0);
        for (block, &(image_length, data_length)) in self.blocks.iter_mut().zip(&parts.sizes) {
            if let Some(image) = &mut block.image {
                image.bytes = rest.take(image_length.into())?;
            }
            block.data = rest.take(data_length.into())?;
        }
        self.main = rest.take(parts.main_len)?;
        Ok(())
    }
}

impl BlockRef<'_> {
    /// Whether replay makes the page anew (`BKPBLOCK_WILL_INIT`).
    pub const fn will_init(&self) -> bool {
        self.fork_flags & WILL_INIT != 0
    }

    /// Whether there is data beside an image (`BKPBLOCK_HAS_DATA`).
    pub const fn has_data(&self) -> bool {
        self.fork_flags & HAS_DATA != 0
    }
}

/// What the headers announce, in the order of the bytes that follow.
struct Parts<'a> {
    rest: Headers<'a>,
    /// Bytes of all parts announced so far.
    total: usize,
    main_len: usize,
    /// Of each block, bytes of its image and of its data.
    sizes: SmallVec<[(u16, u16); 4]>,
}

impl Parts<'_> {
    fn add(&mut self, bytes: usize) {
        self.total = self.total.saturating_add(bytes);
    }
}

fn image_header<'a>(
    parts: &mut Parts<'_>,
    flags: ImageFlags,
    block_size: u32,
    data_length: u16,
) -> Result<(u16, Image<'a>), WalFault> {
    let (length, offset) = (parts.rest.u16()?, parts.rest.u16()?);
    let bimg_info = parts.rest.u8()?;
    let has_hole = bimg_info & HAS_HOLE != 0;
    let compression = ImageCompression::from_flags(bimg_info, flags);
    let whole = u32::from(length) == block_size;
    let hole = match (compression, has_hole) {
        (Some(_), true) => parts.rest.u16()?,
        (Some(_), false) => 0,
        // What does not fit wraps round in PostgreSQL's 16 bits, and the rules below judge that.
        (None, _) => (block_size.wrapping_sub(length.into()) & 0xFFFF) as u16,
    };
    parts.add(length.into());
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
    let image = Image {
        hole_offset: offset,
        hole_length: hole,
        bimg_info,
        apply: bimg_info & flags.apply != 0,
        compression,
        bytes: &[],
    };
    Ok((length, image))
}

/// The bytes not read yet; running out of them is `shortdata_err`.
struct Headers<'a>(&'a [u8]);

impl<'a> Headers<'a> {
    #[inline]
    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], WalFault> {
        let (chunk, rest) = self.0.split_first_chunk().ok_or(WalFault::Length)?;
        self.0 = rest;
        Ok(*chunk)
    }

    #[inline]
    fn u8(&mut self) -> Result<u8, WalFault> {
        self.chunk().map(u8::from_le_bytes)
    }

    #[inline]
    fn u16(&mut self) -> Result<u16, WalFault> {
        self.chunk().map(u16::from_le_bytes)
    }

    #[inline]
    fn u32(&mut self) -> Result<u32, WalFault> {
        self.chunk().map(u32::from_le_bytes)
    }

    #[inline]
    fn take(&mut self, count: usize) -> Result<&'a [u8], WalFault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(WalFault::Length)?;
        self.0 = rest;
        Ok(taken)
    }
}
