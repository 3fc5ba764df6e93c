//! Arrays as they lie in records: checked once against the bytes that are there, read when asked
//! for, never copied.
use super::Desc;
use crate::format::bytes::take;
use crate::format::error::{Fault, Parse, stop};
use crate::types::{BlockNumber, OffsetNumber, Oid, RelFileLocator, RelFileNumber, Tid, Xid};
use nom::error::ErrorKind;
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// A value of a fixed width in an [`Array`].
pub trait Element: Sized {
    /// Bytes of one, padding included.
    const SIZE: usize;

    /// The value whose bytes are exactly `bytes`; `None` if there are not [`Self::SIZE`] of them.
    fn read(bytes: &[u8]) -> Option<Self>;
}

/// Reads one value.
///
/// # Errors
/// [`Fault::Truncated`]; [`Fault::Refused`] for bytes that are no such value.
#[inline]
pub fn one<T: Element>(input: &[u8]) -> Parse<'_, T> {
    let (rest, bytes) = take(T::SIZE)(input)?;
    match T::read(bytes) {
        Some(value) => Ok((rest, value)),
        None => stop(input, Fault::Refused(ErrorKind::MapOpt)),
    }
}

/// Values one after another. Serialises as an array.
pub struct Array<'a, T> {
    bytes: &'a [u8],
    of: PhantomData<T>,
}

impl<'a, T: Element> Array<'a, T> {
    /// No values.
    pub const EMPTY: Self = Self { bytes: &[], of: PhantomData };

    /// As many values as fit into `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, of: PhantomData }
    }

    /// Reads `count` values.
    ///
    /// # Errors
    /// [`Fault::Truncated`] if they are not there.
    #[inline]
    pub fn parse(count: usize) -> impl Fn(&'a [u8]) -> Parse<'a, Self> {
        move |input| {
            let (rest, bytes) = take(count.saturating_mul(T::SIZE))(input)?;
            Ok((rest, Self::new(bytes)))
        }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        match self.bytes.len().checked_div(T::SIZE) {
            Some(count) => count,
            None => 0,
        }
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values, in order.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'a, T> {
        self.bytes.chunks_exact(T::SIZE).filter_map(T::read)
    }

    /// Writes them as `array_desc` (access/rmgrdesc/rmgrdesc_utils.c) does, with a space before.
    ///
    /// # Errors
    /// None but what `each` gives.
    #[inline]
    pub fn desc(
        &self,
        out: &mut Desc<'_>,
        mut each: impl FnMut(T, &mut Desc<'_>) -> fmt::Result,
    ) -> fmt::Result {
        out.text(" [")?;
        for (at, value) in self.iter().enumerate() {
            out.text(if at == 0 { "" } else { ", " })?;
            each(value, out)?;
        }
        out.text("]")
    }
}

impl<T> Clone for Array<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Array<'_, T> {}

impl<T: Element + fmt::Debug> fmt::Debug for Array<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: Element + Serialize> Serialize for Array<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Array<'_, T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Array_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<T>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}

/// Newtypes over little-endian integers, and integers themselves.
macro_rules! elements {
    ($($type:ty: $int:ty, $wrap:expr;)*) => { $(
        impl Element for $type {
            const SIZE: usize = size_of::<$int>();

            #[inline]
            fn read(bytes: &[u8]) -> Option<Self> {
                Some($wrap(<$int>::from_le_bytes(*bytes.as_array()?)))
            }
        }
    )* };
}
elements! {
    u16: u16, |number| number;
    OffsetNumber: u16, OffsetNumber;
    Oid: u32, Oid;
    Xid: u32, Xid;
}

impl Element for Tid {
    const SIZE: usize = 6;

    /// An `ItemPointerData`: the block in two halves, the high one first, and the line pointer.
    #[inline]
    fn read(bytes: &[u8]) -> Option<Self> {
        let (halves, _) = bytes.as_chunks::<2>();
        let &[high, low, offset] = halves.as_array()?;
        let half = |bytes| u32::from(u16::from_le_bytes(bytes));
        let block = BlockNumber(half(high) << 16 | half(low));
        Some(Self { block, offset: OffsetNumber(u16::from_le_bytes(offset)) })
    }
}

impl Element for RelFileLocator {
    const SIZE: usize = 12;

    fn read(bytes: &[u8]) -> Option<Self> {
        let (words, _) = bytes.as_chunks::<4>();
        let &[tablespace, database, number] = words.as_array()?;
        Some(Self {
            tablespace: Oid(u32::from_le_bytes(tablespace)),
            database: Oid(u32::from_le_bytes(database)),
            number: RelFileNumber(u32::from_le_bytes(number)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Array;
    use crate::types::{OffsetNumber, Xid};

    #[test]
    fn a_count_larger_than_the_bytes_is_refused_before_anything_is_read() {
        assert!(Array::<Xid>::parse(usize::MAX)(&[1, 0, 0, 0]).is_err());
        let (rest, array) = Array::<OffsetNumber>::parse(2)(&[1, 0, 2, 0, 9]).unwrap();
        assert_eq!((rest, array.len()), ([9].as_slice(), 2));
        assert_eq!(serde_json::to_string(&array).unwrap(), "[1,2]");
    }
}
