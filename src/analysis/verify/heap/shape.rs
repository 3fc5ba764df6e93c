//! The values in a tuple, as far as their lengths can be judged (`check_tuple_attribute`,
//! contrib/amcheck/verify_heapam.c).
use crate::cluster::Relation;
use crate::format::bytes::align;
use crate::format::heap::{Attr, HeapTuple, is_null};
use crate::format::toast::{Compression, ToastPointer};
use crate::types::Oid;
use std::collections::HashMap;

/// `VARLENA_SIZE_LIMIT` (contrib/amcheck/verify_heapam.c).
pub(super) const MOST_RAW: i32 = 0x3fff_ffff;
/// `VARTAG_ONDISK`.
const TAG_ONDISK: u8 = 18;
/// A TOAST pointer with its header and tag (`VARHDRSZ_EXTERNAL`, `varatt_external`).
const EXTERNAL_SIZE: usize = 18;

/// How the rows of one table are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    attrs: Vec<Attr>,
    /// Where the first columns end in a row without nulls, as long as all are of fixed length;
    /// begins with 0 for no column.
    ends: Vec<usize>,
    /// Whether values may be in a TOAST table.
    toast: bool,
}

/// What is wrong with a value. Bytes count from the start of the tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// What comes before it ends past the tuple.
    Starts { len: i16, at: usize },
    /// It ends past the tuple.
    Ends { len: i16, at: usize },
    /// Its own length lies past the tuple, from here on.
    Cut(usize),
    /// It claims to be shorter than its header: this many bytes.
    Short(usize),
    /// A TOAST pointer of a kind that exists in memory only.
    Tag(u8),
    /// A value larger than any.
    Raw(ToastPointer),
    /// Compressed by no method there is.
    Method(ToastPointer),
    /// The tuple's flags say that there is no TOAST pointer.
    Flag(ToastPointer),
    /// The table has no TOAST table.
    NoToast(ToastPointer),
}

impl Shape {
    /// Of a table with these columns, dropped ones included, and perhaps a TOAST table.
    pub fn new(attrs: Vec<Attr>, toast: bool) -> Self {
        let fixed = attrs.iter().map_while(|attr| Some((attr, usize::try_from(attr.len).ok()?)));
        let mut ends = vec![0];
        ends.extend(fixed.scan(0, |end, (attr, len)| {
            *end = align(*end, attr.align.bytes()) + len;
            Some(*end)
        }));
        Self { attrs, ends, toast }
    }

    /// Of a relation whose columns are among `storage`; none unless all of them are.
    pub fn of(relation: &Relation, storage: &HashMap<Oid, Vec<Attr>>) -> Option<Self> {
        let attrs = storage.get(&relation.oid)?;
        let toast = relation.toast_relation.is_some();
        (attrs.len() == usize::from(relation.relnatts)).then(|| Self::new(attrs.clone(), toast))
    }

    /// Columns, dropped ones included.
    pub fn natts(&self) -> u16 {
        u16::try_from(self.attrs.len()).unwrap_or(u16::MAX)
    }

    /// Whether nothing is wrong with the values of a tuple whose header is sound.
    #[inline]
    pub(super) fn fits(&self, tuple: &HeapTuple<'_>) -> bool {
        self.is_plain(tuple) || {
            let mut fits = true;
            self.judge(tuple, |_, _| fits = false);
            fits
        }
    }

    /// The same in fewest steps for what most rows hold: no null, and of values of variable length
    /// only those with a short header. False says nothing.
    #[inline]
    fn is_plain(&self, tuple: &HeapTuple<'_>) -> bool {
        let header = &tuple.header;
        let natts = usize::from(header.t_infomask2.natts());
        let first = natts.min(self.ends.len() - 1);
        let data = tuple.bytes.get(usize::from(header.t_hoff)..).unwrap_or_default();
        let (Some(&fixed), Some(attrs)) = (self.ends.get(first), self.attrs.get(first..natts))
        else {
            return false;
        };
        let mut offset = fixed;
        for attr in attrs {
            offset = match (attr.len, data.get(offset)) {
                (-1, Some(&byte)) if byte & 1 == 1 && byte != 1 => offset + usize::from(byte >> 1),
                (1.., _) => align(offset, attr.align.bytes()) + attr.len.unsigned_abs() as usize,
                _ => return false,
            };
        }
        offset <= data.len() && !header.t_infomask.has_null()
    }

    /// Judges the values of a tuple whose header is sound; `wrong` is given the number of the
    /// column, from 0. What follows a value without an end cannot be judged.
    #[inline]
    pub(super) fn judge(&self, tuple: &HeapTuple<'_>, mut wrong: impl FnMut(usize, Wrong)) {
        let Some(data) = tuple.data() else { return };
        let hoff = usize::from(tuple.header.t_hoff);
        let natts = usize::from(tuple.header.t_infomask2.natts()).min(self.attrs.len());
        let nulls = tuple.null_bitmap();
        let mut first = if nulls.is_some() { 0 } else { natts.min(self.ends.len() - 1) };
        let mut offset = self.ends.get(first).copied().unwrap_or(0);
        if offset > data.len() {
            (first, offset) = (0, 0);
        }
        for (number, attr) in self.attrs.iter().enumerate().take(natts).skip(first) {
            if offset > data.len() {
                return wrong(number, Wrong::Starts { len: attr.len, at: hoff + offset });
            }
            if nulls.is_some_and(|nulls| is_null(nulls, number)) {
                continue;
            }
            let start = attr.start(data, offset);
            let end = match usize::try_from(attr.len) {
                Ok(len) => Ok(start + len),
                Err(_) if attr.len == -2 => Ok(start + text_size(data, start)),
                Err(_) => self.varlena(tuple, (data, start), &mut |found| wrong(number, found)),
            };
            offset = match end {
                Ok(end) if end <= data.len() => end,
                Ok(end) => return wrong(number, Wrong::Ends { len: attr.len, at: hoff + end }),
                Err(found) => return wrong(number, found),
            };
        }
    }

    /// Where the varlena at `start` ends.
    #[inline]
    fn varlena(
        &self,
        tuple: &HeapTuple<'_>,
        (data, start): (&[u8], usize),
        wrong: &mut dyn FnMut(Wrong),
    ) -> Result<usize, Wrong> {
        let cut = Wrong::Cut(usize::from(tuple.header.t_hoff) + start);
        let Some(rest) = data.get(start..) else { return Err(cut) };
        match *rest.first().ok_or(cut)? {
            1 => {
                let tag = *rest.get(1).ok_or(cut)?;
                if tag != TAG_ONDISK {
                    return Err(Wrong::Tag(tag));
                }
                if let Ok((_, pointer)) = ToastPointer::parse(rest.get(2..).unwrap_or_default()) {
                    self.external(tuple, pointer, wrong);
                }
                Ok(start + EXTERNAL_SIZE)
            }
            first if first & 1 == 1 => Ok(start + usize::from(first >> 1)),
            _ => {
                let word = *rest.first_chunk::<4>().ok_or(cut)?;
                let size = (u32::from_le_bytes(word) >> 2) as usize;
                // A compressed one begins with its raw size too.
                let least = if word[0] & 2 == 2 { 8 } else { 4 };
                if size < least { Err(Wrong::Short(size)) } else { Ok(start + size) }
            }
        }
    }

    #[cold]
    fn external(&self, tuple: &HeapTuple<'_>, pointer: ToastPointer, wrong: &mut dyn FnMut(Wrong)) {
        if pointer.va_rawsize > MOST_RAW {
            wrong(Wrong::Raw(pointer));
        }
        if pointer.compression().is_some_and(|method| matches!(method, Compression::Unknown(_))) {
            wrong(Wrong::Method(pointer));
        }
        if !tuple.header.t_infomask.has_external() {
            wrong(Wrong::Flag(pointer));
        } else if !self.toast {
            wrong(Wrong::NoToast(pointer));
        }
    }
}

/// Bytes of a zero-terminated string with its zero; without one, one more than there are.
fn text_size(data: &[u8], start: usize) -> usize {
    let rest = data.get(start..).unwrap_or_default();
    rest.iter().position(|&byte| byte == 0).unwrap_or(rest.len()) + 1
}
