//! The look that suffices for most pages: no chains, nothing odd, without memory.
use super::{Known, MAX_ATTRIBUTES, Shape};
use crate::format::bytes::align;
use crate::format::heap::{
    HeapTuple, HeapTupleHeader, Infomask, Infomask2, MIN_TUPLE_SIZE, TUPLE_HEADER_SIZE,
};
use crate::format::page::{ItemId, LpFlags, Page};
use crate::types::{BlockNumber, FullXid, OffsetNumber, Xid};

/// A first look at a page, taken line pointer by line pointer while it is read for other reasons,
/// so that no tuple header is parsed for it.
#[derive(Debug, Clone, Copy)]
pub struct Glance<'a> {
    block: BlockNumber,
    next_xid: Option<FullXid>,
    shape: Option<&'a Shape>,
    /// Attributes that a tuple can have.
    natts: u16,
    /// Where the lowest tuple until now begins. Tuples are added from the end of the page down, so
    /// as long as the order of line pointers is that of the tuples, none can overlap.
    lowest: u32,
    sound: bool,
}

impl<'a> Glance<'a> {
    /// Before the first line pointer of `page`.
    #[inline]
    pub fn new<X>(page: &Page<'_>, known: &Known<'a, X>) -> Self {
        let end = page.tuple_area().end;
        Self {
            block: known.block,
            next_xid: known.next_xid,
            shape: known.shape,
            natts: known.shape.map_or(MAX_ATTRIBUTES, Shape::natts).min(MAX_ATTRIBUTES),
            lowest: end,
            sound: usize::from(page.header().pd_special) == page.bytes().len(),
        }
    }

    /// The next line pointer, behind which nobody has found a tuple.
    #[inline]
    pub fn no_tuple(&mut self, item: ItemId) {
        let none = matches!(item.lp_flags(), LpFlags::Unused | LpFlags::Dead);
        self.sound &= none && item.lp_len() == 0;
    }

    /// The next line pointer, with the tuple behind it, which lies where tuples can.
    #[inline]
    pub fn tuple(&mut self, number: OffsetNumber, item: ItemId, tuple: &HeapTuple<'_>) {
        let (storage, header) = (item.storage(), &tuple.header);
        self.sound &= storage.start.is_multiple_of(8)
            && storage.end <= self.lowest
            && item.lp_len() >= MIN_TUPLE_SIZE
            && (header.t_ctid.block != self.block || header.t_ctid.offset == number)
            && self.plain(header, item.lp_len())
            && self.shape.is_none_or(|shape| shape.fits(tuple));
        self.lowest = storage.start;
    }

    /// Whether nothing at all is worth a closer look. False says nothing.
    #[inline]
    pub const fn is_sound(&self) -> bool {
        self.sound
    }

    #[inline]
    fn plain(&self, header: &HeapTupleHeader, len: u16) -> bool {
        const CHAIN: u16 = Infomask2::HOT_UPDATED | Infomask2::ONLY_TUPLE;
        const MULTI_COMMITTED: u16 = Infomask::XMAX_COMMITTED | Infomask::XMAX_IS_MULTI;
        const ODD: u16 = Infomask::HASOID_OLD | Infomask::MOVED_OFF | Infomask::MOVED_IN;
        let infomask = header.t_infomask.0;
        header.t_infomask2.0 & CHAIN == 0
            && infomask & ODD == 0
            && infomask & MULTI_COMMITTED != MULTI_COMMITTED
            && header.t_infomask2.natts() <= self.natts
            && align(TUPLE_HEADER_SIZE + header.bitmap_len(), 8) == usize::from(header.t_hoff)
            && u16::from(header.t_hoff) <= len
            && !ahead(header.t_xmin, self.next_xid)
            && (header.t_infomask.xmax_is_multi() || !ahead(header.t_xmax, self.next_xid))
    }
}

/// A glance at a whole page.
pub(super) fn at_first_sight<X>(page: &Page<'_>, known: &Known<'_, X>) -> bool {
    let mut glance = Glance::new(page, known);
    for (number, item) in page.items() {
        match HeapTuple::inside(item, page) {
            Some(tuple) => glance.tuple(number, item, &tuple),
            None => glance.no_tuple(item),
        }
    }
    glance.is_sound()
}

/// Whether `xid` has not been handed out yet.
#[inline]
pub(super) fn ahead(xid: Xid, next_xid: Option<FullXid>) -> bool {
    next_xid.is_some_and(|next| xid.is_normal() && !xid.precedes(next.xid()))
}
