//! bloom indexes.
use super::Index;
use crate::format::index::bloom::{Meta, Opaque, PAGE_ID, Row, rows};
use crate::format::page::Page;
use crate::report::page::index::{Bloom, BloomItem, BloomMeta};

/// What is on a page; `None` if it is none of a bloom index.
pub(super) fn content(page: &Page<'_>, index: Index<'_>) -> Option<Bloom> {
    let opaque = Opaque::of(page).ok()?;
    if page.special().len() != 8 || opaque.bloom_page_id != PAGE_ID {
        return None;
    }
    let (meta, deleted) = (opaque.is_meta(), opaque.is_deleted());
    let rows = if meta || deleted { Vec::new() } else { rows(page, &opaque) };
    let item = |(number, row): (u16, Row<'_>)| BloomItem {
        itemoffset: number,
        heap_ptr: row.heap_ptr,
        bits: row.bits().collect(),
        selected: index.selected.is_some_and(|selected| selected.0 == number),
    };
    Some(Bloom {
        page_type: if meta {
            "metapage"
        } else if deleted {
            "deleted"
        } else {
            "data"
        },
        maxoff: opaque.maxoff,
        flags: opaque.flag_names(),
        meta: if meta { Some(self::meta(Meta::of(page).ok()?, index)) } else { None },
        items: (1..).zip(rows).map(item).collect(),
    })
}

fn meta(meta: Meta, index: Index<'_>) -> BloomMeta {
    let columns = index.shape.map_or(usize::MAX, |shape| shape.columns.len());
    BloomMeta {
        magick_number: meta.magickNumber,
        bloom_length: meta.bloomLength,
        bit_size: meta.bitSize.into_iter().take(columns).collect(),
        not_full_page: meta.notFullPage,
    }
}
