//! BRIN indexes. What a summary holds is up to the operator class: its first support function says
//! how many values of which types.
use super::Index;
use crate::cluster::{IndexColumn, IndexShape};
use crate::format::heap::{Attr, Datum};
use crate::format::index::brin::{Kind, Meta, Summary, flags, revmap};
use crate::format::page::{ItemId, Page};
use crate::format::toast::Varlena;
use crate::format::{ParseError, parse_at};
use crate::layout::catalog::Align;
use crate::report::key::Key;
use crate::report::page::index::{Brin, BrinItem, BrinMeta};
use crate::types::{OffsetNumber, Oid, Tid};

/// `brin_minmax_opcinfo`: the lowest and the highest value.
const MINMAX: Oid = Oid(3383);
/// `brin_inclusion_opcinfo`: what covers all values, whether some cannot be merged into it, and
/// whether some are empty.
const INCLUSION: Oid = Oid(4105);
/// `brin_bloom_opcinfo`: a bloom filter.
const BLOOM: Oid = Oid(4591);
/// `brin_minmax_multi_opcinfo`: several ranges and values.
const MULTI: Oid = Oid(4616);
/// `BOOLOID`.
const BOOL: Oid = Oid(16);
/// How a varlena is stored.
const VARLENA: Attr = Attr { len: -1, align: Align::Int, by_val: false };
/// How a boolean is stored.
const FLAG: Attr = Attr { len: 1, align: Align::Char, by_val: true };
/// `BRIN_EVACUATE_PAGE`.
const EVACUATE: u16 = 1;

/// What is on a page; `None` if it is none of a BRIN index.
pub(super) fn content(page: &Page<'_>, index: Index<'_>) -> Option<Brin> {
    let kind = Kind::of(page).filter(|_| page.special().len() == 8)?;
    if matches!(kind, Kind::Unknown(_)) {
        return None;
    }
    let mut pages: Vec<Tid> =
        if kind == Kind::Revmap { revmap(page).collect() } else { Vec::new() };
    let used = pages.iter().rposition(|tid| *tid != Tid::default()).map_or(0, |last| last + 1);
    pages.truncate(used);
    let items = page.items().filter(|_| kind == Kind::Regular);
    Some(Brin {
        brin_page_type: kind.to_string(),
        evacuating: flags(page).is_some_and(|flags| flags & EVACUATE != 0),
        meta: if kind == Kind::Meta { Some(meta(&Meta::of(page).ok()?)) } else { None },
        pages,
        items: items.flat_map(|(number, id)| self::items(page, index, number, id)).collect(),
    })
}

fn meta(meta: &Meta) -> BrinMeta {
    BrinMeta {
        magic: format!("0x{:08X}", meta.brinMagic),
        version: meta.brinVersion,
        pagesperrange: meta.pagesPerRange,
        lastrevmappage: meta.lastRevmapPage,
    }
}

/// One for each column.
fn items(page: &Page<'_>, index: Index<'_>, number: OffsetNumber, id: ItemId) -> Vec<BrinItem> {
    let empty = BrinItem {
        pointer: index.pointer(number, id),
        blknum: None,
        attnum: None,
        allnulls: None,
        hasnulls: None,
        placeholder: None,
        empty: None,
        value: None,
    };
    let bytes = page.slice(id.storage()).filter(|bytes| !bytes.is_empty());
    let Some(summary) = bytes.and_then(|b| parse_at(b, 0, "BrinTuple", Summary::parse).ok()) else {
        return vec![empty];
    };
    let whole = BrinItem {
        blknum: Some(summary.bt_blkno),
        placeholder: Some(summary.is_placeholder()),
        empty: Some(summary.is_empty_range()),
        ..empty
    };
    let Some(shape) = index.shape else {
        return vec![BrinItem {
            value: Some(Key::Hex(hex::encode(summary.values())).to_string()),
            ..whole
        }];
    };
    let mut values = Values { shape, data: summary.values(), offset: Some(0) };
    let column = |(at, column): (usize, &IndexColumn)| {
        let (allnulls, hasnulls) = summary.nulls(at, shape.columns.len());
        BrinItem {
            attnum: u16::try_from(at + 1).ok(),
            allnulls: Some(allnulls),
            hasnulls: Some(hasnulls),
            value: (!allnulls).then(|| values.of(column)),
            ..whole.clone()
        }
    };
    shape.columns.iter().enumerate().map(column).collect()
}

/// The values of a summary, column by column.
struct Values<'a> {
    shape: &'a IndexShape<'a>,
    data: &'a [u8],
    /// Where the next one begins; `None` behind one that is not known or cannot be read.
    offset: Option<usize>,
}

impl<'a> Values<'a> {
    /// The summary of a column, as brin_page_items writes it.
    fn of(&mut self, column: &IndexColumn) -> String {
        let own = (column.type_oid, column.storage);
        let stored = match column.support {
            MINMAX => vec![own, own],
            INCLUSION => vec![own, (BOOL, FLAG), (BOOL, FLAG)],
            BLOOM | MULTI => vec![(column.support, VARLENA)],
            _ => {
                let rest = self.offset.take().and_then(|at| self.data.get(at..));
                return Key::Hex(hex::encode(rest.unwrap_or_default())).to_string();
            }
        };
        let values = stored.into_iter().map(|(typ, attr)| match self.next(attr) {
            None => "(where it begins is not known)".to_owned(),
            Some(Err(error)) => Key::Damaged(error.to_string()).to_string(),
            Some(Ok(datum)) => self.text(typ, &datum),
        });
        let values: Vec<_> = values.collect();
        format!("{{{}}}", values.join(" .. "))
    }

    fn next(&mut self, attr: Attr) -> Option<Result<Datum<'a>, ParseError>> {
        let start = attr.start(self.data, self.offset.take()?);
        let rest = self.data.get(start..).unwrap_or_default();
        let read = parse_at(rest, start as u64, "summary", |rest| {
            let (after, datum) = attr.value(rest)?;
            Ok((after, (datum, self.data.len() - after.len())))
        });
        self.offset = read.as_ref().ok().map(|(_, end)| *end);
        Some(read.map(|(datum, _)| datum))
    }

    fn text(&self, typ: Oid, datum: &Datum<'_>) -> String {
        let summary = |write: fn(&Self, &[u8]) -> Option<String>| {
            let payload = datum.varlena().and_then(|varlena| varlena.payload().ok()?);
            let written = payload.as_ref().and_then(|payload| write(self, payload));
            written.unwrap_or_else(|| "(it cannot be read)".to_owned())
        };
        match typ {
            BLOOM => summary(|_, payload| bloom(payload)),
            MULTI => summary(Self::multi),
            _ => plain(&self.shape.values.key(typ, datum)),
        }
    }

    /// `brin_minmax_multi_summary_out` (access/brin/brin_minmax_multi.c).
    fn multi(&self, payload: &[u8]) -> Option<String> {
        let (typ, rest) = payload.split_first_chunk()?;
        let (ranges, rest) = rest.split_first_chunk()?;
        let (values, rest) = rest.split_first_chunk()?;
        let (most, data) = rest.split_first_chunk()?;
        let typ = Oid(u32::from_le_bytes(*typ));
        let [ranges, values, most] = [ranges, values, most].map(|word| u32::from_le_bytes(*word));
        let attr = Attr { align: Align::Char, ..self.shape.values.types.get(typ)?.storage };
        let mut rest = data;
        let mut next = || {
            let (after, datum) = if attr.len == -1 {
                Varlena::parse(rest).map(|(after, value)| (after, Datum::Varlena(value))).ok()?
            } else {
                attr.value(rest).ok()?
            };
            rest = after;
            Some(plain(&self.shape.values.key(typ, &datum)))
        };
        let mut text = format!("nranges: {ranges}  nvalues: {values}  maxvalues: {most}");
        let pairs: Option<Vec<_>> =
            (0..ranges).map(|_| Some(format!("{} ... {}", next()?, next()?))).collect();
        let single: Option<Vec<_>> = (0..values).map(|_| next()).collect();
        for (label, list) in [("ranges", pairs?), ("values", single?)] {
            if !list.is_empty() {
                let quoted: Vec<_> = list.iter().map(|text| array_element(text)).collect();
                text = format!("{text} {label}: {{{}}}", quoted.join(","));
            }
        }
        Some(format!("{{{text}}}"))
    }
}

/// `brin_bloom_summary_out` (access/brin/brin_bloom.c).
fn bloom(payload: &[u8]) -> Option<String> {
    let (head, _) = payload.split_first_chunk::<12>()?;
    let [_, _, hashes, _, bits @ ..] = head;
    let (bits, set) = bits.split_first_chunk::<4>()?;
    let (bits, set) = (u32::from_le_bytes(*bits), u32::from_le_bytes(*set.first_chunk()?));
    Some(format!("{{mode: hashed  nhashes: {hashes}  nbits: {bits}  nbits_set: {set}}}"))
}

/// A value without quotes.
fn plain(key: &Key) -> String {
    match key {
        Key::Text(text) => text.clone(),
        other => other.to_string(),
    }
}

/// As in an array's text.
fn array_element(text: &str) -> String {
    let special = |c: char| matches!(c, '"' | '\\' | '{' | '}' | ',') || c.is_ascii_whitespace();
    if text.is_empty() || text.eq_ignore_ascii_case("null") || text.contains(special) {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        text.to_owned()
    }
}
