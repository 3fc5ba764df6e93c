//! Arrays (`ArrayType`, utils/array.h), oidvector and int2vector, which are laid out as one.
use super::scalar;
use crate::format::bytes::{align, i32, take, u32};
use crate::format::error::{Fault, Parse, ParseError, parse_at, stop};
use crate::format::heap::{Attr, Datum, is_null};
use crate::layout::catalog::Align;
use crate::types::Oid;

/// `MAXDIM`.
const MAX_DIM: i32 = 6;
/// Bytes before the first dimension: ndim, dataoffset, elemtype. The varlena header before them
/// is not part of the payload, but alignment counts it.
const FIXED: usize = 12;
const LONG_HEADER: usize = 4;

/// An array as stored, its elements not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Array<'a> {
    /// Type of the elements.
    pub elemtype: Oid,
    /// Elements in each dimension; none in an empty array.
    pub dims: Vec<u32>,
    /// Number of the first element in each dimension; 1 unless chosen otherwise.
    pub lower_bounds: Vec<i32>,
    bitmap: Option<&'a [u8]>,
    elements: &'a [u8],
    count: usize,
}

impl<'a> Array<'a> {
    /// Reads the array whose payload, without a varlena header, is `payload`.
    ///
    /// # Errors
    /// [`Fault::Unexpected`] for impossible dimensions and data offsets, [`Fault::Truncated`] if
    /// more elements are claimed than the bytes can hold.
    pub fn parse(payload: &'a [u8]) -> Parse<'a, Self> {
        let (rest, ndim) = i32(payload)?;
        let (rest, dataoffset) = i32(rest)?;
        let (rest, elemtype) = u32(rest)?;
        let refuse = |field, value: i32, expected| {
            stop(
                payload,
                Fault::Unexpected { field, found: u64::from(value.cast_unsigned()), expected },
            )
        };
        let Some(ndim) = usize::try_from(ndim).ok().filter(|_| ndim <= MAX_DIM) else {
            return refuse("ndim", ndim, "0 to 6");
        };
        let (rest, dims_bytes) = take(ndim.saturating_mul(4))(rest)?;
        let (_, bounds) = take(ndim.saturating_mul(4))(rest)?;
        let lower_bounds = bounds.as_chunks().0.iter().map(|bound| i32::from_le_bytes(*bound));
        let dims: Vec<_> =
            dims_bytes.as_chunks().0.iter().map(|dim| u32::from_le_bytes(*dim)).collect();
        let count = dims
            .iter()
            .try_fold(1_usize, |count, &dim| count.checked_mul(usize::try_from(dim).ok()?));
        let count = if ndim == 0 { 0 } else { count.unwrap_or(usize::MAX) };
        // An element is a byte at least, or a bit of the bitmap.
        if count > payload.len().saturating_mul(8) {
            return stop(payload, Fault::Truncated { need: count, have: payload.len() });
        }
        let fixed = FIXED.saturating_add(ndim.saturating_mul(8));
        let start = match usize::try_from(dataoffset) {
            Ok(0) => align(fixed.saturating_add(LONG_HEADER), 8),
            Ok(offset) => offset,
            Err(_) => return refuse("dataoffset", dataoffset, "0 or more"),
        };
        let bitmap = (dataoffset != 0).then(|| {
            payload.get(fixed..fixed.saturating_add(count.div_ceil(8))).unwrap_or_default()
        });
        let elements = payload.get(start.saturating_sub(LONG_HEADER)..).unwrap_or_default();
        Ok((
            &[],
            Self {
                elemtype: Oid(elemtype),
                dims,
                lower_bounds: lower_bounds.collect(),
                bitmap,
                elements,
                count,
            },
        ))
    }

    /// The elements in storage order, stored as `attr` says. After an error there are no more.
    pub fn elements(&self, attr: Attr) -> impl Iterator<Item = Result<Datum<'a>, ParseError>> {
        let (bitmap, elements) = (self.bitmap, self.elements);
        let mut offset = Some(0);
        (0..self.count).map_while(move |number| {
            let from = offset?;
            if bitmap.is_some_and(|bitmap| is_null(bitmap, number)) {
                return Some(Ok(Datum::Null));
            }
            let start = attr.start(elements, from);
            let rest = elements.get(start..).unwrap_or_default();
            let element = parse_at(rest, start as u64, "array element", |rest| {
                let (after, datum) = attr.value(rest)?;
                Ok((after, (elements.len().saturating_sub(after.len()), datum)))
            });
            offset = element.as_ref().ok().map(|(end, _)| *end);
            Some(element.map(|(_, datum)| datum))
        })
    }
}

/// `text[]`: null elements are left out.
///
/// # Errors
/// Those of [`Array::parse`] and of the first element that cannot be read.
pub fn texts(payload: &[u8]) -> Result<Vec<String>, ParseError> {
    collect(payload, Attr { len: -1, align: Align::Int, by_val: false }, |element| {
        let payload = element.varlena()?.payload().ok()??;
        Some(scalar::text(&payload).into_owned())
    })
}

/// `oid[]` or `oidvector`.
///
/// # Errors
/// Those of [`Array::parse`] and of the first element that cannot be read.
pub fn oids(payload: &[u8]) -> Result<Vec<Oid>, ParseError> {
    collect(payload, Attr { len: 4, align: Align::Int, by_val: true }, |element| {
        Some(Oid(u32::from_le_bytes(element.fixed()?.try_into().ok()?)))
    })
}

/// `int2[]` or `int2vector`.
///
/// # Errors
/// Those of [`Array::parse`] and of the first element that cannot be read.
pub fn int2s(payload: &[u8]) -> Result<Vec<i16>, ParseError> {
    collect(payload, Attr { len: 2, align: Align::Short, by_val: true }, |element| {
        Some(i16::from_le_bytes(element.fixed()?.try_into().ok()?))
    })
}

fn collect<T>(
    payload: &[u8],
    attr: Attr,
    value: impl Fn(Datum<'_>) -> Option<T>,
) -> Result<Vec<T>, ParseError> {
    let array = parse_at(payload, 0, "ArrayType", Array::parse)?;
    array.elements(attr).filter_map(|element| element.map(&value).transpose()).collect()
}

#[cfg(test)]
mod tests {
    use super::{int2s, oids, texts};
    use crate::types::Oid;

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    #[test]
    fn a_vector_is_an_array_of_one_dimension_from_zero() {
        let mut bytes = words(&[1, 0, 21, 3, 0]);
        bytes.extend([1, 0, 2, 0, 0xff, 0xff]);
        assert_eq!(int2s(&bytes).unwrap(), [1, 2, -1]);
        assert_eq!(
            oids(&words(&[1, 0, 26, 2, 0, 16_384, 16_385])).unwrap(),
            [Oid(16_384), Oid(16_385)]
        );
        assert_eq!(oids(&words(&[0, 0, 26])).unwrap(), []);
    }

    #[test]
    fn texts_are_aligned_and_nulls_are_in_the_bitmap() {
        // {fillfactor=70,NULL,a}: dataoffset 32 with the bitmap 0b101 at 24.
        let mut bytes = words(&[1, 32, 25, 3, 1]);
        bytes.extend([0b101, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(72_u32.to_le_bytes());
        bytes.extend(b"fillfactor=70\0");
        bytes.truncate(28 + 4 + 13);
        // 4 + 13 bytes, shifted left by two: 68.
        bytes[28] = 68;
        bytes.extend([0, 0, 0]);
        bytes.extend([20, 0, 0, 0, b'a']);
        assert_eq!(texts(&bytes).unwrap(), ["fillfactor=70", "a"]);
    }

    #[test]
    fn claims_beyond_the_bytes_are_refused() {
        assert!(oids(&words(&[7, 0, 26])).is_err());
        assert!(oids(&words(&[1, 0, 26, u32::MAX, 0])).is_err());
        assert!(oids(&words(&[6, 0, 26, 9999, 9999, 9999, 9999, 9999, 9999])).is_err());
        assert!(oids(&words(&[1, 0, 26, 2, 0, 5])).is_err());
        assert!(texts(&words(&[1, u32::MAX, 25, 1, 1])).is_err());
        assert!(texts(&[]).is_err());
    }
}
