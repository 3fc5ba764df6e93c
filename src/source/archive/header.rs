//! One header of a tar: 512 bytes that say what follows (POSIX ustar, pax, and GNU's own).
use tar::{EntryType, Header};

/// Bytes in a header, and what members are padded to.
pub(super) const BLOCK: u64 = 512;

/// What a header announces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Announces {
    File,
    Directory,
    HardLink(Vec<u8>),
    SymbolicLink(Vec<u8>),
    Device,
    /// GNU: the next member's name is this member's content.
    LongName,
    /// GNU: the same for where a link leads.
    LongLink,
    /// Pax: records about the next member.
    Extended,
    /// Pax records about all that follows, a volume label: nothing that matters here.
    Aside,
    /// GNU sparse file, of the old format; with more headers after this one?
    Sparse {
        continued: bool,
    },
    Unknown(u8),
}

/// A header whose checksum is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) announces: Announces,
    pub(super) name: Vec<u8>,
    /// Bytes of content that follow the header, before padding.
    pub(super) size: u64,
}

/// Whether a block is all zeros: two of them end an archive.
pub(super) fn is_end(block: &[u8]) -> bool {
    block.iter().all(|&byte| byte == 0)
}

/// Reads a header; `None` if these 512 bytes are none.
pub(super) fn parse(block: &[u8]) -> Option<Parsed> {
    let block: &[u8; 512] = block.try_into().ok()?;
    if !checksum_holds(block) {
        return None;
    }
    let header = Header::from_byte_slice(block);
    let link = || header.link_name_bytes().unwrap_or_default().into_owned();
    let name = header.path_bytes().into_owned();
    let announces = match header.entry_type() {
        // Before ustar, a directory was a file whose name ends in a slash.
        EntryType::Regular | EntryType::Continuous if name.ends_with(b"/") => Announces::Directory,
        EntryType::Regular | EntryType::Continuous => Announces::File,
        EntryType::Directory => Announces::Directory,
        EntryType::Link => Announces::HardLink(link()),
        EntryType::Symlink => Announces::SymbolicLink(link()),
        EntryType::Char | EntryType::Block | EntryType::Fifo => Announces::Device,
        EntryType::GNULongName => Announces::LongName,
        EntryType::GNULongLink => Announces::LongLink,
        EntryType::XHeader => Announces::Extended,
        EntryType::XGlobalHeader => Announces::Aside,
        EntryType::GNUSparse => Announces::Sparse {
            continued: header.as_gnu().is_some_and(tar::GnuHeader::is_extended),
        },
        other => match other.as_byte() {
            b'V' => Announces::Aside,
            byte => Announces::Unknown(byte),
        },
    };
    // A hard link says how large its target is, and nothing follows.
    let size = match announces {
        Announces::HardLink(_) => 0,
        _ => header.entry_size().ok()?,
    };
    Some(Parsed { announces, name, size })
}

/// The sum of all bytes, the checksum's own taken as spaces; old archives summed signed bytes.
fn checksum_holds(block: &[u8; 512]) -> bool {
    let Some((before, rest)) = block.split_at_checked(148) else { return false };
    let Some((stored, after)) = rest.split_at_checked(8) else { return false };
    let bytes = || before.iter().chain(after);
    let unsigned = bytes().fold(256_u32, |sum, &byte| sum.saturating_add(byte.into()));
    let signed = bytes().fold(256_i32, |sum, &byte| sum.saturating_add(byte.cast_signed().into()));
    let text = stored.trim_ascii_start();
    let digits = text.iter().take_while(|byte| (b'0'..=b'7').contains(byte));
    let Some(found) = digits.clone().try_fold(0_u32, |sum, &digit| {
        sum.checked_mul(8)?.checked_add(u32::from(digit.saturating_sub(b'0')))
    }) else {
        return false;
    };
    digits.count() > 0 && (found == unsigned || found.cast_signed() == signed)
}

/// What pax records say about the member they precede.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extended {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) sparse: bool,
}

impl Extended {
    /// Reads pax records: `LENGTH KEY=VALUE\n`, of which a value may hold anything but a newline
    /// before its end. Stops at the first that is damaged.
    pub(super) fn parse(records: &[u8]) -> Self {
        let mut extended = Self::default();
        for record in tar::PaxExtensions::new(records).map_while(Result::ok) {
            let value = record.value_bytes();
            match record.key_bytes() {
                b"path" => extended.path = Some(value.to_vec()),
                b"linkpath" => extended.link = Some(value.to_vec()),
                b"size" => {
                    extended.size = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok());
                }
                key if key.starts_with(b"GNU.sparse.") => extended.sparse = true,
                _ => {}
            }
        }
        extended
    }
}

#[cfg(test)]
mod tests {
    use super::{Announces, Extended, parse};

    #[test]
    fn a_header_is_one_only_if_its_checksum_is_right() {
        let mut header = tar::Header::new_ustar();
        header.set_path("base/5/16390").unwrap();
        header.set_size(8192);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        let parsed = parse(header.as_bytes()).unwrap();
        assert_eq!((parsed.announces, parsed.size), (Announces::File, 8192));
        assert_eq!(parsed.name, b"base/5/16390");
        header.as_mut_bytes()[5] ^= 1;
        assert_eq!(parse(header.as_bytes()), None);
        assert_eq!(parse(&[b'x'; 512]), None);
        assert_eq!(parse(&[0; 511]), None);
    }

    #[test]
    fn pax_records_are_read_up_to_the_first_damaged_one() {
        let read = Extended::parse(b"20 path=base/5/16390\n19 size=9999999999\n99 path=x\n");
        assert_eq!((read.path, read.size), (None, None), "the first length is off by one");
        let read = Extended::parse(b"21 path=base/5/16390\n19 size=9999999999\n99 path=x\n");
        assert_eq!(read.path.as_deref(), Some(b"base/5/16390".as_slice()));
        assert_eq!(read.size, Some(9_999_999_999));
    }
}
