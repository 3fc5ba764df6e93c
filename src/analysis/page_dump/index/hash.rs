//! Hash indexes.
use super::{Index, free_size, live_and_dead, tuple};
use crate::format::index::hash::{Kind, Meta, Opaque, PAGE_ID, bits, hash_value};
use crate::format::page::{ItemId, Page, is_new};
use crate::format::parse_at;
use crate::report::page::index::{Hash, HashBit, HashItem, HashMeta, HashStats};
use crate::types::{BlockNumber, OffsetNumber};

/// What is on a page; `None` if it is none of a hash index.
pub(super) fn content(page: &Page<'_>, index: Index<'_>) -> Option<Hash> {
    let opaque = Opaque::of(page).ok()?;
    if page.special().len() != 16 || opaque.hasho_page_id != PAGE_ID {
        return None;
    }
    let kind = opaque.kind();
    let tuples = matches!(kind, Kind::Bucket | Kind::Overflow);
    let free = (0..).zip(bits(page)).filter(|(_, used)| kind == Kind::Bitmap && !used);
    Some(Hash {
        page_type: kind.to_string(),
        meta: if kind == Kind::Meta { Some(meta(&Meta::of(page).ok()?)) } else { None },
        stats: (kind != Kind::Meta).then(|| stats(page, &opaque, tuples)),
        items: page
            .items()
            .filter(|_| tuples)
            .map(|(number, id)| item(page, index, number, id))
            .collect(),
        bitmap_info: None,
        free: free.map(|(number, _)| number).collect(),
    })
}

fn meta(meta: &Meta) -> HashMeta {
    HashMeta {
        magic: meta.hashm_magic,
        version: meta.hashm_version,
        ntuples: meta.hashm_ntuples,
        ffactor: meta.hashm_ffactor,
        bsize: meta.hashm_bsize,
        bmsize: meta.hashm_bmsize,
        bmshift: meta.hashm_bmshift,
        maxbucket: meta.hashm_maxbucket,
        highmask: meta.hashm_highmask,
        lowmask: meta.hashm_lowmask,
        ovflpoint: meta.hashm_ovflpoint,
        firstfree: meta.hashm_firstfree,
        nmaps: meta.hashm_nmaps,
        procid: meta.hashm_procid,
        spares: meta.hashm_spares.clone(),
        mapp: meta.hashm_mapp.clone(),
    }
}

fn stats(page: &Page<'_>, opaque: &Opaque, tuples: bool) -> HashStats {
    let (live_items, dead_items) = if tuples { live_and_dead(page) } else { (0, 0) };
    HashStats {
        live_items,
        dead_items,
        page_size: page.header().page_size().into(),
        free_size: free_size(page),
        hasho_prevblkno: opaque.hasho_prevblkno,
        hasho_nextblkno: opaque.hasho_nextblkno,
        hasho_bucket: opaque.hasho_bucket,
        hasho_flag: opaque.hasho_flag,
        hasho_flag_names: opaque.flag_names(),
        hasho_page_id: opaque.hasho_page_id,
    }
}

fn item(page: &Page<'_>, index: Index<'_>, number: OffsetNumber, id: ItemId) -> HashItem {
    let tuple = tuple(page, id);
    HashItem {
        pointer: index.pointer(number, id),
        ctid: tuple.map(|tuple| tuple.t_tid),
        data: tuple.and_then(|tuple| parse_at(tuple.bytes(), 0, "hash", hash_value).ok()),
        moved_by_split: tuple.is_some_and(|tuple| tuple.am_reserved()),
    }
}

/// Where the bit of an overflow page is, and whether it is set; `read` gives other blocks of the
/// index.
pub(in crate::analysis::page_dump) fn bit_of(
    block: BlockNumber,
    read: &dyn Fn(BlockNumber) -> Option<Vec<u8>>,
) -> Option<HashBit> {
    let first = read(BlockNumber(0)).filter(|bytes| !is_new(bytes))?;
    let (bitmapblkno, bitmapbit) = Meta::of(&Page::parse(&first).ok()?).ok()?.bit_of(block)?;
    let map = read(bitmapblkno)?;
    let bitstatus = bits(&Page::parse(&map).ok()?).nth(usize::try_from(bitmapbit).ok()?)?;
    Some(HashBit { bitmapblkno, bitmapbit, bitstatus })
}
