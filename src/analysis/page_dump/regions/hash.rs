//! Pages of hash indexes (access/hash.h).
use super::claims::{Claims, Row};
use super::index;
use super::{Subject, words};
use crate::format::index::hash::{Kind, Meta, Opaque, hash_value};
use crate::format::page::HEADER_SIZE;
use crate::report::page::Use;
use crate::types::BlockNumber;

const HEADER: &str = "access/hash.h";

pub(super) fn claim(subject: &Subject<'_>, claims: &mut Claims) {
    let page = subject.page;
    let Ok(opaque) = Opaque::of(page) else { return super::unknown(page, claims) };
    special(&opaque, page.header().pd_special.into(), claims);
    match opaque.kind() {
        Kind::Meta => {
            if let Ok(meta) = Meta::of(page) {
                metapage(&meta, claims);
            }
        }
        Kind::Bitmap => bitmap(subject, claims),
        _ => index::tuples(subject, claims, |found, claims| {
            let row = (found.tuple.t_tid, "The row in the table.");
            let mut row = found.begin(Use::Entry, "entry", row, claims);
            if let Ok((_, value)) = hash_value(found.tuple.bytes()) {
                row.field(
                    4,
                    "hash code",
                    format!("{value:#010x}"),
                    "Hash value of the key, which \
                    itself is not kept; entries of a page are in its order.",
                );
            }
            row.padding(found.end());
        }),
    }
}

fn special(opaque: &Opaque, at: usize, claims: &mut Claims) {
    let first = opaque.kind() == Kind::Bucket;
    let before = if first {
        "Of a bucket's first page: the highest bucket at the time of the last split of this one."
    } else {
        "The page before it in its bucket."
    };
    claims
        .part(Use::Special, "special space (HashPageOpaqueData)", HEADER, at)
        .field(4, "hasho_prevblkno", link(opaque.hasho_prevblkno, first), before)
        .field(
            4,
            "hasho_nextblkno",
            link(opaque.hasho_nextblkno, false),
            "The next page of its \
            bucket, an overflow page.",
        )
        .field(4, "hasho_bucket", link(BlockNumber(opaque.hasho_bucket), true), "Its bucket.")
        .field(
            2,
            "hasho_flag",
            words(opaque.hasho_flag, opaque.flag_names()),
            "What kind of page \
            it is, and its state.",
        )
        .field(
            2,
            "hasho_page_id",
            format!("{:#06x}", opaque.hasho_page_id),
            "Says that this is a \
            page of a hash index: 0xff80.",
        );
}

fn link(block: BlockNumber, number: bool) -> String {
    match block {
        BlockNumber::INVALID => "none".to_owned(),
        block if number => block.to_string(),
        block => format!("block {block}"),
    }
}

fn metapage(meta: &Meta, claims: &mut Claims) {
    let mut row = claims.part(Use::Meta, "metapage (HashMetaPageData)", HEADER, HEADER_SIZE);
    row.field(
        4,
        "hashm_magic",
        format!("{:#09x}", meta.hashm_magic),
        "Says that this is a hash \
            index: 0x6440640.",
    )
    .field(4, "hashm_version", meta.hashm_version, "Version of the index: 4 since PostgreSQL 10.")
    .field(8, "hashm_ntuples", meta.hashm_ntuples, "Entries in the index.")
    .field(
        2,
        "hashm_ffactor",
        meta.hashm_ffactor,
        "Entries that a bucket is to have: with \
            more, a bucket is split.",
    )
    .field(
        2,
        "hashm_bsize",
        meta.hashm_bsize,
        "Bytes of a page without header and special \
            space.",
    )
    .field(2, "hashm_bmsize", meta.hashm_bmsize, "Bytes of the map on a bitmap page.")
    .field(2, "hashm_bmshift", meta.hashm_bmshift, "Binary logarithm of the bits of that map.")
    .field(4, "hashm_maxbucket", meta.hashm_maxbucket, "The highest bucket.")
    .field(
        4,
        "hashm_highmask",
        format!("{:#x}", meta.hashm_highmask),
        "Bits of a hash value \
            that choose its bucket.",
    )
    .field(
        4,
        "hashm_lowmask",
        format!("{:#x}", meta.hashm_lowmask),
        "The same where that \
            gives a bucket that is not there yet.",
    )
    .field(
        4,
        "hashm_ovflpoint",
        meta.hashm_ovflpoint,
        "Splitpoint at which overflow pages \
            are made.",
    )
    .field(
        4,
        "hashm_firstfree",
        meta.hashm_firstfree,
        "The lowest bit of the bitmaps that \
            may be free.",
    )
    .field(4, "hashm_nmaps", meta.hashm_nmaps, "Bitmap pages.")
    .field(4, "hashm_procid", meta.hashm_procid, "The hash function of the first column.");
    arrays(meta, &mut row);
}

fn arrays(meta: &Meta, row: &mut Row<'_>) {
    row.array(4, "hashm_spares", &meta.hashm_spares, |_, _, pages| {
        (pages.to_string(), "Overflow pages made before this splitpoint.".into())
    });
    row.array(4, "hashm_mapp", &meta.hashm_mapp, |_, _, block| match block.0 {
        0 => ("0".to_owned(), "No bitmap page.".into()),
        _ => (format!("block {block}"), "A bitmap page.".into()),
    });
}

/// One bit for each overflow page, word by word.
fn bitmap(subject: &Subject<'_>, claims: &mut Claims) {
    let end = usize::from(subject.page.header().pd_lower).min(subject.page.bytes().len());
    let map = subject.page.bytes().get(HEADER_SIZE..end).unwrap_or_default();
    let words = map.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word));
    let mut row = claims.part(Use::Map, "bitmap of overflow pages", HEADER, HEADER_SIZE);
    row.array(4, "bitmap", words, |first, last, word| {
        let (first, last) = (first * 32, last * 32 + 31);
        let meaning = match *word {
            0 => format!("Overflow pages {first} to {last} are free."),
            u32::MAX => format!("Overflow pages {first} to {last} are in use, or not there."),
            _ => format!("Overflow pages {first} to {last}: 1 for one in use, lowest bit first."),
        };
        (format!("{word:#010x}"), meaning.into())
    });
}
