//! The smallest parsers: little-endian integers, byte runs, alignment padding, C strings.
use super::error::{Fault, Parse, stop};

/// Defines parsers of little-endian integers.
macro_rules! little_endian {
    ($($name:ident: $int:ty),*) => { $(
        #[doc = concat!("A little-endian `", stringify!($int), "`.")]
        ///
        /// # Errors
        /// [`Fault::Truncated`].
        #[inline]
        pub fn $name(input: &[u8]) -> Parse<'_, $int> {
            match input.split_first_chunk() {
                Some((chunk, rest)) => Ok((rest, <$int>::from_le_bytes(*chunk))),
                None => stop(
                    input,
                    Fault::Truncated { need: size_of::<$int>(), have: input.len() },
                ),
            }
        }
    )* };
}
little_endian!(u8: u8, u16: u16, u32: u32, u64: u64, i16: i16, i32: i32, i64: i64);

/// A C `bool`: any byte but zero is true.
///
/// # Errors
/// [`Fault::Truncated`].
pub fn flag(input: &[u8]) -> Parse<'_, bool> {
    u8(input).map(|(rest, byte)| (rest, byte != 0))
}

/// The next `count` bytes.
///
/// # Errors
/// [`Fault::Truncated`].
pub fn take(count: usize) -> impl Fn(&[u8]) -> Parse<'_, &[u8]> {
    move |input| match input.split_at_checked(count) {
        Some((taken, rest)) => Ok((rest, taken)),
        None => stop(input, Fault::Truncated { need: count, have: input.len() }),
    }
}

/// Skips `count` bytes of padding, whatever they hold.
///
/// # Errors
/// [`Fault::Truncated`].
pub fn skip(count: usize) -> impl Fn(&[u8]) -> Parse<'_, ()> {
    move |input| take(count)(input).map(|(rest, _)| (rest, ()))
}

/// The bytes before the first NUL of a fixed field (`NameData` and the like).
pub fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|&byte| byte == 0).next().unwrap_or(field)
}

/// `size` rounded up to a multiple of `to`, a power of two; saturates (`TYPEALIGN`, c.h).
pub const fn align(size: usize, to: usize) -> usize {
    let mask = to.saturating_sub(1);
    size.saturating_add(mask) & !mask
}
