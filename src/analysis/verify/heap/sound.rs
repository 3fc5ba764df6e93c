//! The look that suffices for most pages: no chains, nothing odd, in one pass without memory.
use super::{MAX_ATTRIBUTES, data_offset};
use crate::format::heap::{HeapTupleHeader, Infomask, Infomask2, MIN_TUPLE_SIZE};
use crate::format::page::{LpFlags, Page};
use crate::types::{BlockNumber, FullXid, Xid};

/// Whether nothing at all is worth a closer look. False says nothing.
pub(super) fn at_first_sight(
    page: &Page<'_>,
    block: BlockNumber,
    next_xid: Option<FullXid>,
    natts: Option<u16>,
) -> bool {
    let area = page.tuple_area();
    if area.end as usize != page.bytes().len() {
        return false;
    }
    let natts = natts.unwrap_or(MAX_ATTRIBUTES).min(MAX_ATTRIBUTES);
    // Tuples are added from the end of the page down, so as long as the order of line pointers is
    // that of the tuples, none can overlap.
    let mut lowest = area.end;
    for (number, item) in page.items() {
        let sound = match item.lp_flags() {
            LpFlags::Normal => {
                let storage = item.storage();
                let fits = storage.start.is_multiple_of(8)
                    && area.start <= storage.start
                    && storage.end <= lowest
                    && item.lp_len() >= MIN_TUPLE_SIZE;
                lowest = storage.start;
                let bytes = if fits { page.slice(storage) } else { None };
                bytes.is_some_and(|bytes| match HeapTupleHeader::parse(bytes) {
                    Ok((_, header)) => {
                        plain(&header, bytes.len(), natts, next_xid)
                            && (header.t_ctid.block != block || header.t_ctid.offset == number)
                    }
                    Err(_) => false,
                })
            }
            LpFlags::Unused | LpFlags::Dead => item.lp_len() == 0,
            LpFlags::Redirect => false,
        };
        if !sound {
            return false;
        }
    }
    true
}

#[inline]
fn plain(header: &HeapTupleHeader, len: usize, natts: u16, next_xid: Option<FullXid>) -> bool {
    const CHAIN: u16 = Infomask2::HOT_UPDATED | Infomask2::ONLY_TUPLE;
    const MULTI_COMMITTED: u16 = Infomask::XMAX_COMMITTED | Infomask::XMAX_IS_MULTI;
    const ODD: u16 = Infomask::HASOID_OLD | Infomask::MOVED_OFF | Infomask::MOVED_IN;
    let infomask = header.t_infomask.0;
    let hoff = u32::from(header.t_hoff);
    header.t_infomask2.0 & CHAIN == 0
        && infomask & ODD == 0
        && infomask & MULTI_COMMITTED != MULTI_COMMITTED
        && header.t_infomask2.natts() <= natts
        && *data_offset(header).start() == hoff
        && usize::from(header.t_hoff) <= len
        && !ahead(header.t_xmin, next_xid)
        && (header.t_infomask.xmax_is_multi() || !ahead(header.t_xmax, next_xid))
}

/// Whether `xid` has not been handed out yet.
#[inline]
pub(super) fn ahead(xid: Xid, next_xid: Option<FullXid>) -> bool {
    next_xid.is_some_and(|next| xid.is_normal() && !xid.precedes(next.xid()))
}
