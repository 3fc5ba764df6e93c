//! What a control file says of itself before anything is known: the two version numbers have not
//! moved in any release, and the rest gives itself away by its values.
use crate::format::bytes::{u32, u64};
use crate::format::error::{Parse, ParseError, parse_at};

/// `FLOATFORMAT_VALUE`, by which a server recognises its own floating-point format.
const FLOAT_FORMAT: f64 = 1_234_567.0;
/// `PG_CONTROL_MAX_SAFE_SIZE`: no release's data is longer than one disk sector.
const MAX_SAFE_SIZE: usize = 512;
/// Where the CRC cannot be yet: before the end of the checkpoint's copy.
const CRC_NOT_BEFORE: usize = 128;

/// Order of the bytes in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ByteOrder {
    /// Least significant byte first: what this program reads.
    Little,
    /// Most significant byte first: recognised only.
    Big,
}

/// What any control file tells, whichever release, fork or machine wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlIdent {
    /// System identifier, in the file's own byte order.
    pub system_identifier: u64,
    /// `pg_control_version`, in the file's own byte order.
    pub control_version: u32,
    /// `catalog_version_no`, in the file's own byte order.
    pub catalog_version: u32,
    /// Byte order, told as get_controlfile does (common/controldata_utils.c).
    pub byte_order: ByteOrder,
    /// `maxAlign`, found by the floating-point constant after it: 8 on 64-bit machines, 4 on i386,
    /// where every structure is laid out differently. `None` if the constant is not there.
    pub max_align: Option<u32>,
    /// Offset of a CRC that fits all bytes before it. A file of an unknown layout that has one is
    /// not damaged: another release or a fork wrote it. `None` if no offset fits.
    pub crc_at: Option<u16>,
}

/// Reads what needs no layout from the start of a control file.
///
/// # Errors
/// [`crate::format::Fault::Truncated`] if not even the version numbers are there.
pub fn identify(bytes: &[u8]) -> Result<ControlIdent, ParseError> {
    parse_at(bytes, 0, "ControlFileData", ident)
}

fn ident(input: &[u8]) -> Parse<'_, ControlIdent> {
    let (rest, system_identifier) = u64(input)?;
    let (rest, control_version) = u32(rest)?;
    let (rest, catalog_version) = u32(rest)?;
    let byte_order = match control_version {
        version if version != 0 && version.trailing_zeros() >= 16 => ByteOrder::Big,
        _ => ByteOrder::Little,
    };
    let little = byte_order == ByteOrder::Little;
    let of_file = |number: u32| if little { number } else { number.swap_bytes() };
    let found = ControlIdent {
        system_identifier: if little { system_identifier } else { system_identifier.swap_bytes() },
        control_version: of_file(control_version),
        catalog_version: of_file(catalog_version),
        byte_order,
        max_align: max_align(input, byte_order),
        crc_at: crc_at(input, byte_order),
    };
    Ok((rest, found))
}

/// The word before the floating-point constant.
fn max_align(input: &[u8], byte_order: ByteOrder) -> Option<u32> {
    let constant = match byte_order {
        ByteOrder::Little => FLOAT_FORMAT.to_le_bytes(),
        ByteOrder::Big => FLOAT_FORMAT.to_be_bytes(),
    };
    let window = input.get(..MAX_SAFE_SIZE).unwrap_or(input);
    let (words, _) = window.as_chunks::<4>();
    words.windows(3).find_map(|three| match three {
        [align, first, second] if [first.as_slice(), second.as_slice()].concat() == constant => {
            Some(match byte_order {
                ByteOrder::Little => u32::from_le_bytes(*align),
                ByteOrder::Big => u32::from_be_bytes(*align),
            })
        }
        _ => None,
    })
}

/// The first word that is the CRC-32C of everything before it.
fn crc_at(input: &[u8], byte_order: ByteOrder) -> Option<u16> {
    let window = input.get(..MAX_SAFE_SIZE).unwrap_or(input);
    let (words, _) = window.as_chunks::<4>();
    let mut crc = 0;
    let mut at = 0_u16;
    for word in words {
        let stored = match byte_order {
            ByteOrder::Little => u32::from_le_bytes(*word),
            ByteOrder::Big => u32::from_be_bytes(*word),
        };
        if usize::from(at) >= CRC_NOT_BEFORE && stored == crc {
            return Some(at);
        }
        crc = crc32c::crc32c_append(crc, word);
        at = at.saturating_add(4);
    }
    None
}
