//! Pages of bloom indexes (contrib/bloom/bloom.h). There are no line pointers.
use super::claims::Claims;
use super::{Subject, words};
use crate::format::index::bloom::{Meta, Opaque, rows};
use crate::format::page::HEADER_SIZE;
use crate::report::page::Use;

const HEADER: &str = "contrib/bloom/bloom.h";

pub(super) fn claim(subject: &Subject<'_>, claims: &mut Claims) {
    let page = subject.page;
    let Ok(opaque) = Opaque::of(page) else { return super::unknown(page, claims) };
    special(opaque, page.header().pd_special.into(), claims);
    if opaque.is_meta() {
        if let Ok(meta) = Meta::of(page) {
            metapage(subject, &meta, claims);
        }
        return;
    }
    let mut at = HEADER_SIZE;
    for (number, found) in (1..).zip(rows(page, &opaque)) {
        let bits: Vec<_> = found.bits().map(|bit| bit.to_string()).collect();
        let name = format!("tuple {number} (BloomTuple)");
        let mut row = claims.numbered((Use::Entry, number), name, HEADER, at);
        row.field(6, "heapPtr", found.heap_ptr, "The row in the table.");
        if !found.sign.is_empty() {
            row.field(
                found.sign.len(),
                "sign",
                bits.join(" "),
                "Signature: the numbers of the \
                bits that the row's values set.",
            );
        }
        at = row.at;
    }
}

fn special(opaque: Opaque, at: usize, claims: &mut Claims) {
    claims
        .part(Use::Special, "special space (BloomPageOpaqueData)", HEADER, at)
        .field(2, "maxoff", opaque.maxoff, "Rows on the page.")
        .field(2, "flags", words(opaque.flags, opaque.flag_names()), "What kind of page it is.")
        .field(2, "unused", "", "Aligns what follows; no value.")
        .field(
            2,
            "bloom_page_id",
            format!("{:#06x}", opaque.bloom_page_id),
            "Says that this is a \
            page of a bloom index: 0xff83.",
        );
}

fn metapage(subject: &Subject<'_>, meta: &Meta, claims: &mut Claims) {
    let bytes = subject.page.bytes();
    let word = |at: usize| {
        bytes.get(at..at + 2).map_or(0, |word| {
            word.iter().rev().fold(0_u16, |sum, byte| sum << 8 | u16::from(*byte))
        })
    };
    let mut row = claims.part(Use::Meta, "metapage (BloomMetaPageData)", HEADER, HEADER_SIZE);
    row.field(
        4,
        "magickNumber",
        format!("{:#010x}", meta.magickNumber),
        "Says that this is a bloom \
            index: 0xdbac0ded.",
    )
    .field(2, "nStart", word(HEADER_SIZE + 4), "First entry of notFullPage in use.")
    .field(2, "nEnd", word(HEADER_SIZE + 6), "The entry behind the last in use.")
    .field(4, "opts.vl_len_", "", "Header of the options, which are a varlena in memory.")
    .field(4, "opts.bloomLength", meta.bloomLength, "Words of 16 bits in a signature.");
    row.array(4, "opts.bitSize", &meta.bitSize, |_, _, bits| {
        (bits.to_string(), "Bits that a value of the column sets.".into())
    });
    let end = usize::from(subject.page.header().pd_lower).min(subject.page.bytes().len());
    row.rest(end, "notFullPage", "Blocks that may have room, those from nStart to before nEnd.");
}
