//! Taking a tuple apart into its attributes (`heap_deform_tuple`, access/common/heaptuple.c).
use super::HeapTuple;
use crate::format::bytes::{self, align};
use crate::format::error::{Fault, Parse, ParseError, parse_at, stop};
use crate::format::toast::Varlena;
use crate::layout::catalog::{self, Align};
use std::ops::Range;

/// How values of one column are stored: what `pg_attribute` keeps of the type, even of dropped
/// columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attr {
    /// `attlen`: bytes; -1 is a varlena, -2 a zero-terminated string.
    pub len: i16,
    /// `attalign`.
    pub align: Align,
    /// `attbyval`; the bytes on disk are the same either way.
    pub by_val: bool,
}

/// One attribute of a tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datum<'a> {
    /// Null.
    Null,
    /// Not stored, because the column was added later: null, or the column's fast default
    /// (`pg_attribute.attmissingval`).
    Missing,
    /// Of fixed length; of a zero-terminated string, what is before the zero.
    Fixed(&'a [u8]),
    /// Of variable length.
    Varlena(Varlena<'a>),
}

/// The attributes of one tuple, in the order of attnum. After an error there are no more: where
/// one attribute ends is where the next begins.
#[derive(Debug, Clone)]
pub struct Deform<'a, I> {
    attrs: I,
    /// Attributes that the tuple holds and that have not been given yet.
    stored: u16,
    /// Of the next attribute, counted from 0.
    number: usize,
    bitmap: Option<&'a [u8]>,
    data: &'a [u8],
    offset: usize,
    /// Where the value given last begins among the data; where it would, of one without bytes.
    start: usize,
    data_at: u64,
    broken: Option<ParseError>,
    done: bool,
}

/// The attributes of `tuple`, of a table whose columns, dropped ones included, are `attrs`.
pub fn deform<'a, I>(attrs: I, tuple: &HeapTuple<'a>) -> Deform<'a, I::IntoIter>
where
    I: IntoIterator<Item = Attr>,
{
    let header = &tuple.header;
    let bitmap = tuple.null_bitmap();
    let unusable = || ParseError {
        at: 22,
        what: "HeapTupleHeaderData",
        fault: Fault::Unexpected {
            field: "t_hoff",
            found: u64::from(header.t_hoff),
            expected: "the aligned start of the data, inside the tuple and past the null bitmap",
        },
    };
    let usable = tuple.data().is_some() && (bitmap.is_some() || !header.t_infomask.has_null());
    Deform {
        attrs: attrs.into_iter(),
        stored: header.t_infomask2.natts(),
        number: 0,
        bitmap,
        data: tuple.data().unwrap_or_default(),
        offset: 0,
        start: 0,
        data_at: u64::from(header.t_hoff),
        broken: (!usable).then(unusable),
        done: false,
    }
}

impl<'a, I: Iterator<Item = Attr>> Deform<'a, I> {
    /// Where the value given last lies, in bytes from the start of the tuple; empty if it is not
    /// stored.
    pub fn place(&self) -> Range<usize> {
        let hoff = usize::try_from(self.data_at).unwrap_or(0);
        hoff.saturating_add(self.start)..hoff.saturating_add(self.offset)
    }

    fn stored(&mut self, attr: Attr) -> Result<Datum<'a>, ParseError> {
        let start = attr.start(self.data, self.offset);
        let at = self.data_at.saturating_add(start as u64);
        let rest = self.data.get(start..).unwrap_or_default();
        let mut after = rest.len();
        let datum = parse_at(rest, at, "attribute", |rest| {
            let (rest, datum) = attr.value(rest)?;
            Ok((rest, (rest.len(), datum)))
        })
        .map(|(left, datum)| {
            after = left;
            datum
        })?;
        self.start = start;
        self.offset = start.saturating_add(rest.len().saturating_sub(after));
        Ok(datum)
    }
}

impl<'a, I: Iterator<Item = Attr>> Iterator for Deform<'a, I> {
    type Item = Result<Datum<'a>, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let attr = self.attrs.next()?;
        if let Some(error) = self.broken.take() {
            self.done = true;
            return Some(Err(error));
        }
        self.start = self.offset;
        let Some(left) = self.stored.checked_sub(1) else { return Some(Ok(Datum::Missing)) };
        self.stored = left;
        let null = self.bitmap.is_some_and(|bitmap| is_null(bitmap, self.number));
        self.number = self.number.saturating_add(1);
        if null {
            return Some(Ok(Datum::Null));
        }
        let datum = self.stored(attr);
        self.done = datum.is_err();
        Some(datum)
    }
}

/// Whether the attribute (or array element) of this number, from 0, is null by the bitmap: its bit
/// is clear (`att_isnull`).
pub(crate) fn is_null(bitmap: &[u8], number: usize) -> bool {
    let bit = u32::try_from(number % 8).unwrap_or(0);
    bitmap.get(number / 8).is_none_or(|byte| byte.unbounded_shr(bit) & 1 == 0)
}

impl Attr {
    /// Where the value that follows `offset` starts. A varlena with a 1-byte header is not
    /// aligned, and padding is zeros, which no such header is (`att_align_pointer`).
    pub(crate) fn start(self, data: &[u8], offset: usize) -> usize {
        let short = self.len == -1 && data.get(offset).is_some_and(|&first| first != 0);
        if short { offset } else { align(offset, self.align.bytes()) }
    }

    /// The value that follows byte `from` of `bytes`, and its place; `None` if it does not end
    /// before byte `end`.
    pub fn placed(
        self,
        bytes: &[u8],
        from: usize,
        end: usize,
    ) -> Option<(Datum<'_>, Range<usize>)> {
        let bytes = bytes.get(..end)?;
        let start = self.start(bytes, from);
        let input = bytes.get(start..)?;
        let (rest, datum) = self.value(input).ok()?;
        Some((datum, start..end.saturating_sub(rest.len())))
    }

    /// Reads the value that starts `input`.
    pub(crate) fn value(self, input: &[u8]) -> Parse<'_, Datum<'_>> {
        match self.len {
            -1 => Varlena::parse(input).map(|(rest, value)| (rest, Datum::Varlena(value))),
            -2 => {
                let text = bytes::until_nul(input);
                let (rest, _) = bytes::take(text.len().saturating_add(1))(input)?;
                Ok((rest, Datum::Fixed(text)))
            }
            len => match usize::try_from(len) {
                Ok(len) => bytes::take(len)(input).map(|(rest, value)| (rest, Datum::Fixed(value))),
                Err(_) => stop(input, unexpected_len(len)),
            },
        }
    }
}

fn unexpected_len(len: i16) -> Fault {
    let found = u64::from(len.unsigned_abs());
    Fault::Unexpected { field: "-attlen", found, expected: "1 (varlena) or 2 (cstring)" }
}

impl From<&catalog::Column> for Attr {
    fn from(column: &catalog::Column) -> Self {
        Self { len: column.len, align: column.align, by_val: column.by_val }
    }
}

impl<'a> Datum<'a> {
    /// The bytes of a value of fixed length.
    pub const fn fixed(&self) -> Option<&'a [u8]> {
        match *self {
            Self::Fixed(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A value of variable length.
    pub const fn varlena(&self) -> Option<Varlena<'a>> {
        match *self {
            Self::Varlena(value) => Some(value),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Align, Attr, Datum, deform};
    use crate::format::heap::HeapTuple;
    use crate::format::toast::Varlena;

    const INT2: Attr = Attr { len: 2, align: Align::Short, by_val: true };
    const INT4: Attr = Attr { len: 4, align: Align::Int, by_val: true };
    const INT8: Attr = Attr { len: 8, align: Align::Double, by_val: true };
    const TEXT: Attr = Attr { len: -1, align: Align::Int, by_val: false };
    const CSTRING: Attr = Attr { len: -2, align: Align::Char, by_val: false };

    fn tuple(natts: u16, bitmap: Option<u8>, data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; 24];
        bytes[18..20].copy_from_slice(&natts.to_le_bytes());
        bytes[20] = u8::from(bitmap.is_some());
        bytes[22] = 24;
        bytes[23] = bitmap.unwrap_or(0);
        bytes.extend(data);
        bytes
    }

    fn split<'a>(attrs: &[Attr], bytes: &'a [u8]) -> Vec<Result<Datum<'a>, String>> {
        let tuple = HeapTuple::parse(bytes).unwrap();
        let text = |error: crate::format::ParseError| error.to_string();
        deform(attrs.iter().copied(), &tuple).map(|datum| datum.map_err(text)).collect()
    }

    #[test]
    fn values_are_aligned_but_short_varlenas_are_not() {
        let data = [
            &[1, 0][..],                              // int2
            &[0x05, b'a'],                            // a short varlena right behind it
            &[2, 0, 0, 0],                            // int4
            &[0x05, b'b', 0, 0],                      // short again, then padding
            &[0x14, 0, 0, 0, b'c'],                   // a long varlena
            &[b'd', 0],                               // a C string
            &[0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0], // padding, int8
        ]
        .concat();
        let bytes = tuple(7, None, &data);
        let attrs = [INT2, TEXT, INT4, TEXT, TEXT, CSTRING, INT8];
        assert_eq!(
            split(&attrs, &bytes),
            [
                Ok(Datum::Fixed(&[1, 0])),
                Ok(Datum::Varlena(Varlena::Inline(b"a"))),
                Ok(Datum::Fixed(&[2, 0, 0, 0])),
                Ok(Datum::Varlena(Varlena::Inline(b"b"))),
                Ok(Datum::Varlena(Varlena::Inline(b"c"))),
                Ok(Datum::Fixed(b"d")),
                Ok(Datum::Fixed(&[3, 0, 0, 0, 0, 0, 0, 0])),
            ]
        );
    }

    #[test]
    fn what_is_null_takes_no_room_and_what_was_added_later_is_missing() {
        let bytes = tuple(3, Some(0b101), &[1, 0, 0, 0, 9, 0, 0, 0]);
        assert_eq!(
            split(&[INT4, INT8, INT4, TEXT], &bytes),
            [
                Ok(Datum::Fixed(&[1, 0, 0, 0])),
                Ok(Datum::Null),
                Ok(Datum::Fixed(&[9, 0, 0, 0])),
                Ok(Datum::Missing),
            ]
        );
        // A table without columns; a tuple with more attributes than the table has.
        assert_eq!(split(&[], &bytes), []);
        assert_eq!(split(&[INT4], &bytes).len(), 1);
        assert_eq!(split(&[INT4], &tuple(0, None, &[])), [Ok(Datum::Missing)]);
    }

    #[test]
    fn an_attribute_past_the_tuple_ends_the_iteration() {
        let bytes = tuple(3, None, &[1, 0, 0, 0, 0xff, b'a']);
        let parts = split(&[INT4, TEXT, INT4], &bytes);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[1], Err("attribute at 0x1d: needs 126 bytes, 1 left".to_owned()));

        let mut bytes = tuple(1, None, &[0; 8]);
        bytes[22] = 25;
        let error = split(&[INT4, INT4], &bytes);
        assert_eq!(error.len(), 1);
        assert!(error[0].as_ref().unwrap_err().starts_with("HeapTupleHeaderData at 0x16: t_hoff"));
    }
}
