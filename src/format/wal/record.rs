//! One record: its header, the headers of its parts, and slices of the parts
//! (`XLogRecord`, access/xlogrecord.h; `DecodeXLogRecord`, access/transam/xlogreader.c).
//!
//! ```text
//! 0 xl_tot_len | 4 xl_xid | 8 xl_prev | 16 xl_info | 17 xl_rmid | 20 xl_crc | 24
//! then headers of blocks, origin, top-level xid, main data; then the bytes in the same order
//! ```
use super::fault::WalFault;
use super::heads::{HAS_DATA, Heads};
use super::image::Image;
use crate::layout::Dialect;
use crate::types::{BlockNumber, Fork, Lsn, RelFileLocator, Xid};
use smallvec::SmallVec;

/// `BKPBLOCK_WILL_INIT`.
const WILL_INIT: u8 = 0x40;
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
        // One check of the length, and none of each field's.
        let bytes = bytes.first_chunk::<{ Self::LEN }>()?.as_slice();
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

impl<'a> Record<'a> {
    /// Takes apart the record that is exactly `bytes`.
    ///
    /// # Errors
    /// What breaks the rules of `DecodeXLogRecord`, in its order.
    #[inline]
    pub fn parse(bytes: &'a [u8], dialect: &Dialect) -> Result<Self, WalFault> {
        let mut blocks: SmallVec<[BlockRef<'a>; 4]> = SmallVec::new();
        let mut sizes: SmallVec<[(u16, u16); 4]> = SmallVec::new();
        let header = RecordHeader::read(bytes).ok_or(WalFault::Length)?;
        let heads = Heads::read(bytes, dialect, |head| {
            blocks.push(head.block);
            sizes.push((head.image_len, head.data_len));
        })?;
        let Heads { origin, toplevel_xid, main_len, mut rest, .. } = heads;
        for (block, &(image_len, data_len)) in blocks.iter_mut().zip(&sizes) {
            if let Some(image) = &mut block.image {
                image.bytes = rest.take(image_len.into())?;
            }
            block.data = rest.take(data_len.into())?;
        }
        let main = rest.take(main_len)?;
        Ok(Self { header, origin, toplevel_xid, blocks, main })
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
