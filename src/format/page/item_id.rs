//! Line pointers: the array after the page header (`ItemIdData`, storage/itemid.h).
//!
//! ```text
//! bit 0 .. 14 lp_off | 15 16 lp_flags | 17 .. 31 lp_len      same in every major we read
//! ```
use crate::format::bytes::u32;
use crate::format::error::{Fault, Parse};
use std::ops::Range;

/// Bytes of one line pointer.
pub const ITEM_ID_SIZE: usize = 4;

/// A line pointer as stored: any 32 bits are one. [`ItemId::target`] judges them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemId(pub u32);

/// What a line pointer is for (`lp_flags`): two bits, so every value has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LpFlags {
    /// `LP_UNUSED`: free for reuse.
    Unused,
    /// `LP_NORMAL`: a tuple.
    Normal,
    /// `LP_REDIRECT`: the HOT chain goes on elsewhere on the page.
    Redirect,
    /// `LP_DEAD`: dead to all.
    Dead,
}

/// Where a line pointer leads. Ranges are bytes from the start of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `LP_UNUSED`: free for reuse.
    Unused,
    /// `LP_NORMAL`: a tuple.
    Tuple(Range<u32>),
    /// `LP_REDIRECT`: the HOT chain goes on at this offset number (1-based).
    Redirect(u16),
    /// `LP_DEAD`: dead to all, with storage if pruning has not taken it yet.
    Dead(Option<Range<u32>>),
}

impl ItemId {
    /// Reads one line pointer: 4 bytes, little-endian.
    ///
    /// # Errors
    /// [`Fault::Truncated`] only; no bit pattern is refused here.
    #[inline]
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        u32(input).map(|(rest, word)| (rest, Self(word)))
    }

    /// Bytes from the start of the page; in a redirect, an offset number.
    #[inline]
    pub const fn lp_off(self) -> u16 {
        (self.0 & 0x7fff) as u16
    }

    /// What the pointer is for.
    #[inline]
    pub const fn lp_flags(self) -> LpFlags {
        match (self.0 >> 15) & 0b11 {
            0 => LpFlags::Unused,
            1 => LpFlags::Normal,
            2 => LpFlags::Redirect,
            _ => LpFlags::Dead,
        }
    }

    /// Bytes of storage, 0 for none.
    #[inline]
    pub const fn lp_len(self) -> u16 {
        (self.0 >> 17) as u16
    }

    /// The bytes it claims, whatever its flags: from `lp_off`, `lp_len` long. The 15-bit fields
    /// can reach past any page.
    #[inline]
    pub const fn storage(self) -> Range<u32> {
        let start = self.0 & 0x7fff;
        start..start.saturating_add(self.0 >> 17)
    }

    /// Where the pointer leads on a page whose tuples lie in `area`.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`] if its storage leaves `area`. The raw word stays with the caller.
    #[inline]
    pub fn target(self, area: Range<u32>) -> Result<Target, Fault> {
        let range = self.storage();
        let inside = area.start <= range.start && range.end <= area.end;
        match self.lp_flags() {
            LpFlags::Unused => Ok(Target::Unused),
            LpFlags::Redirect => Ok(Target::Redirect(self.lp_off())),
            LpFlags::Dead if range.is_empty() => Ok(Target::Dead(None)),
            _ if !inside => Err(Fault::OutOfRange { field: "storage", range, area }),
            LpFlags::Normal => Ok(Target::Tuple(range)),
            LpFlags::Dead => Ok(Target::Dead(Some(range))),
        }
    }
}

impl LpFlags {
    /// The two bits (`lp_flags` of heap_page_items).
    pub const fn bits(self) -> u8 {
        match self {
            Self::Unused => 0,
            Self::Normal => 1,
            Self::Redirect => 2,
            Self::Dead => 3,
        }
    }

    /// PostgreSQL's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unused => "LP_UNUSED",
            Self::Normal => "LP_NORMAL",
            Self::Redirect => "LP_REDIRECT",
            Self::Dead => "LP_DEAD",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ItemId, LpFlags, Target};
    use crate::format::error::parse_at;

    fn item(lp_off: u32, lp_flags: u32, lp_len: u32) -> ItemId {
        ItemId(lp_off | (lp_flags << 15) | (lp_len << 17))
    }

    #[test]
    fn a_pointer_past_the_page_is_reported_not_followed() {
        let word = item(0x1ff0, 1, 64).0.to_le_bytes();
        let item = parse_at(&word, 24, "ItemIdData", ItemId::parse).unwrap();
        let fault = item.target(7936..8192).unwrap_err();
        assert_eq!(fault.to_string(), "storage is 8176..8240, outside 7936..8192");

        let cut = parse_at(&word[..3], 24, "ItemIdData", ItemId::parse).unwrap_err();
        assert_eq!(cut.to_string(), "ItemIdData at 0x18: needs 4 bytes, 3 left");
    }

    #[test]
    fn each_flag_leads_where_postgresql_says() {
        assert_eq!(item(0, 0, 0).target(24..8192), Ok(Target::Unused));
        assert_eq!(item(8160, 1, 28).target(24..8192), Ok(Target::Tuple(8160..8188)));
        assert_eq!(item(7, 2, 0).target(24..8192), Ok(Target::Redirect(7)));
        assert_eq!(item(0, 3, 0).target(24..8192), Ok(Target::Dead(None)));
        assert_eq!(item(8160, 3, 28).target(24..8192), Ok(Target::Dead(Some(8160..8188))));
        assert_eq!(item(0x7fff, 1, 0x7fff).storage(), 32767..65534);
        assert_eq!(item(1, 3, 2).lp_flags(), LpFlags::Dead);
    }
}
