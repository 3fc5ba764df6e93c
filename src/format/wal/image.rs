//! Full-page images: a block as it was, without its hole, and perhaps compressed
//! (`XLogRecordBlockImageHeader`, access/xlogrecord.h; `RestoreBlockImage`,
//! access/transam/xlogreader.c).
use crate::format::pglz;
use crate::layout::ImageFlags;

/// `BKPIMAGE_HAS_HOLE`.
pub(super) const HAS_HOLE: u8 = 0x01;

/// How an image is compressed; displays as pg_waldump names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ImageCompression {
    Pglz,
    Lz4,
    Zstd,
}

/// A full-page image as it lies in its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image<'a> {
    /// Bytes of the page before the hole; 0 if there is none.
    pub hole_offset: u16,
    /// Bytes that are zero and were left out; 0 if there is no hole.
    pub hole_length: u16,
    /// Flags as stored.
    pub bimg_info: u8,
    /// Whether replay restores it, rather than keep it to compare with (wal_consistency_checking).
    pub apply: bool,
    /// How `bytes` are compressed.
    pub compression: Option<ImageCompression>,
    /// The page without its hole, or what it was compressed to.
    pub bytes: &'a [u8],
}

/// Why an image does not give a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// The compressed bytes are no such stream, or give another length.
    #[error("could not decompress image")]
    Decompress,
    /// The image and its hole do not add up to a block.
    #[error("the image and its hole do not fill the block")]
    Size,
}

impl ImageCompression {
    /// As pg_waldump names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pglz => "pglz",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }

    pub(super) const fn from_flags(bimg_info: u8, flags: ImageFlags) -> Option<Self> {
        if bimg_info & flags.pglz != 0 {
            Some(Self::Pglz)
        } else if bimg_info & flags.lz4 != 0 {
            Some(Self::Lz4)
        } else if bimg_info & flags.zstd != 0 {
            Some(Self::Zstd)
        } else {
            None
        }
    }
}

impl std::fmt::Display for ImageCompression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl Image<'_> {
    /// Writes the whole page, `block_size` bytes, into `page`, whatever that held.
    ///
    /// # Errors
    /// If the bytes do not decompress to the page without its hole, or do not fill it.
    pub fn restore(&self, block_size: u32, page: &mut Vec<u8>) -> Result<(), ImageError> {
        let block = usize::try_from(block_size).map_err(|_| ImageError::Size)?;
        let hole = usize::from(self.hole_length);
        let raw = block.checked_sub(hole).ok_or(ImageError::Size)?;
        let unpacked;
        let bytes = match self.compression {
            None => self.bytes,
            Some(method) => {
                unpacked = decompress(method, self.bytes, raw).ok_or(ImageError::Decompress)?;
                &unpacked
            }
        };
        let before = usize::from(self.hole_offset);
        let (head, tail) = bytes.split_at_checked(before).ok_or(ImageError::Size)?;
        if bytes.len() != raw {
            return Err(ImageError::Size);
        }
        page.clear();
        page.extend_from_slice(head);
        page.resize(before.saturating_add(hole), 0);
        page.extend_from_slice(tail);
        Ok(())
    }
}

/// At most one block comes out: nothing larger is ever allocated.
fn decompress(method: ImageCompression, data: &[u8], raw: usize) -> Option<Vec<u8>> {
    let bytes = match method {
        ImageCompression::Pglz => pglz::decompress(data, raw),
        ImageCompression::Lz4 => lz4_flex::block::decompress(data, raw).ok(),
        ImageCompression::Zstd => zstd::bulk::decompress(data, raw).ok(),
    };
    bytes.filter(|bytes| bytes.len() == raw)
}

#[cfg(test)]
mod tests {
    use super::{Image, ImageCompression, ImageError};

    #[test]
    fn the_hole_is_put_back() {
        let image = Image {
            hole_offset: 3,
            hole_length: 4,
            bimg_info: 1,
            apply: true,
            compression: None,
            bytes: b"abcdefgh",
        };
        let mut page = vec![7; 99];
        image.restore(12, &mut page).unwrap();
        assert_eq!(page, b"abc\0\0\0\0defgh");
        assert_eq!(image.restore(13, &mut page), Err(ImageError::Size));
        let far = Image { hole_offset: 9, ..image };
        assert_eq!(far.restore(12, &mut page), Err(ImageError::Size));
    }

    #[test]
    fn each_compression_gives_the_page_back_or_an_error() {
        let text = b"to be or not to be, to be or not to be".repeat(3);
        let packed = [
            (ImageCompression::Lz4, lz4_flex::block::compress(&text)),
            (ImageCompression::Zstd, zstd::bulk::compress(&text, 1).unwrap()),
        ];
        for (method, bytes) in &packed {
            let image = Image {
                hole_offset: 0,
                hole_length: 0,
                bimg_info: 0,
                apply: true,
                compression: Some(*method),
                bytes,
            };
            let mut page = Vec::new();
            image.restore(u32::try_from(text.len()).unwrap(), &mut page).unwrap();
            assert_eq!(page, text);
            for size in [0, 1, 113, 115, 8192] {
                assert!(image.restore(size, &mut page).is_err(), "{method} {size}");
            }
            let cut = Image { bytes: &bytes[1..], ..image };
            assert!(cut.restore(114, &mut page).is_err());
        }
    }
}
