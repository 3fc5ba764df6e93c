//! Summaries of BRIN. What one holds is up to the operator class: its first support function says
//! how many values of which types.
use super::{IndexColumn, IndexShape};
use crate::format::heap::{Attr, Datum};
use crate::format::index::brin::Summary;
use crate::format::toast::Varlena;
use crate::format::{ParseError, parse_at};
use crate::layout::catalog::Align;
use crate::report::key::Key;
use crate::types::Oid;
use std::ops::Range;

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

/// What a summary says of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrinColumn {
    /// Its number, from 1.
    pub attnum: u16,
    /// Whether all rows of the range are null there.
    pub allnulls: bool,
    /// Whether some are.
    pub hasnulls: bool,
    /// What is stored; nothing of a column that is null throughout.
    pub values: Vec<BrinValue>,
}

/// One value of those that an operator class keeps of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrinValue {
    /// What it is; `None` of an operator class that is not PostgreSQL's own: all that is left.
    pub name: Option<&'static str>,
    /// As brin_page_items writes it.
    pub text: String,
    /// Where it lies, in bytes from the start of the summary; nowhere, if it cannot be read.
    pub place: Range<usize>,
}

impl BrinColumn {
    /// The values, as brin_page_items writes them; `None` if there are none.
    pub fn text(&self) -> Option<String> {
        match self.values.as_slice() {
            [] => None,
            [BrinValue { name: None, text, .. }] => Some(text.clone()),
            values => {
                let texts: Vec<_> = values.iter().map(|value| value.text.as_str()).collect();
                Some(format!("{{{}}}", texts.join(" .. ")))
            }
        }
    }
}

impl IndexShape<'_> {
    /// What a summary says of each column.
    pub fn brin(&self, summary: &Summary<'_>) -> Vec<BrinColumn> {
        let (data, start) = (summary.values(), summary.data_offset());
        let mut values = Values { shape: self, data, start, offset: Some(0) };
        let column = |(at, column): (usize, &IndexColumn)| {
            let (allnulls, hasnulls) = summary.nulls(at, self.columns.len());
            let attnum = u16::try_from(at + 1).unwrap_or(u16::MAX);
            let values = if allnulls { Vec::new() } else { values.of(column) };
            BrinColumn { attnum, allnulls, hasnulls, values }
        };
        self.columns.iter().enumerate().map(column).collect()
    }
}

/// The values of a summary, column by column.
struct Values<'a> {
    shape: &'a IndexShape<'a>,
    data: &'a [u8],
    /// Where `data` begins, in bytes from the start of the summary.
    start: usize,
    /// Where the next one begins; `None` behind one that is not known or cannot be read.
    offset: Option<usize>,
}

impl<'a> Values<'a> {
    /// What is kept of a column.
    fn of(&mut self, column: &IndexColumn) -> Vec<BrinValue> {
        let own = (column.type_oid, column.storage);
        let stored = match column.support {
            MINMAX => vec![("minimum", own), ("maximum", own)],
            INCLUSION => {
                let flag = (BOOL, FLAG);
                vec![("union", own), ("unmergeable", flag), ("contains empty", flag)]
            }
            BLOOM => vec![("bloom filter", (BLOOM, VARLENA))],
            MULTI => vec![("ranges and values", (MULTI, VARLENA))],
            _ => return vec![self.rest()],
        };
        let value = |(name, (typ, attr))| {
            let (text, place) = match self.next(attr) {
                None => ("(where it begins is not known)".to_owned(), 0..0),
                Some(Err(error)) => (Key::Damaged(error.to_string()).to_string(), 0..0),
                Some(Ok((datum, place))) => (self.text(typ, &datum), place),
            };
            BrinValue { name: Some(name), text, place }
        };
        stored.into_iter().map(value).collect()
    }

    /// All that is left, of a class that is not known.
    fn rest(&mut self) -> BrinValue {
        let from = self.offset.take().unwrap_or(self.data.len());
        let rest = self.data.get(from..).unwrap_or_default();
        let text = Key::Hex(hex::encode(rest)).to_string();
        BrinValue { name: None, text, place: self.start + from..self.start + self.data.len() }
    }

    fn next(&mut self, attr: Attr) -> Option<Result<(Datum<'a>, Range<usize>), ParseError>> {
        let start = attr.start(self.data, self.offset.take()?);
        let rest = self.data.get(start..).unwrap_or_default();
        let read = parse_at(rest, start as u64, "summary", |rest| {
            let (after, datum) = attr.value(rest)?;
            Ok((after, (datum, self.data.len() - after.len())))
        });
        self.offset = read.as_ref().ok().map(|(_, end)| *end);
        Some(read.map(|(datum, end)| (datum, self.start + start..self.start + end)))
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
