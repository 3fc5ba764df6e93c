//! Full-page images: how many, what compression saved of them, and what it would save.
//!
//! The server keeps a compressed image only if it is shorter (`XLogCompressBackupBlock`,
//! access/transam/xloginsert.c); so is it counted here.
use crate::format::wal::{BlockRef, Image};
use crate::report::wal::stats::Images;

/// Of this many images that are not compressed, the first is tried.
const EVERY: u64 = 16;
/// Images of one segment that are tried, at most.
const MOST: u64 = 32;

/// Images of one segment.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) images: Images,
    plain: u64,
    scratch: Vec<u8>,
}

impl Seen {
    #[inline]
    pub(super) fn block(&mut self, block: &BlockRef<'_>, block_size: u32) {
        if let Some(image) = &block.image {
            self.image(image, block_size);
        }
    }

    fn image(&mut self, image: &Image<'_>, block_size: u32) {
        let size = image.bytes.len() as u64;
        let whole = u64::from(block_size).saturating_sub(image.hole_length.into());
        let images = &mut self.images;
        images.count += 1;
        images.size += size;
        images.uncompressed_size += whole;
        if !image.apply {
            images.consistency_count += 1;
            images.consistency_size += size;
        }
        if image.compression.is_some() {
            images.compressed_count += 1;
            images.compressed_size += size;
            return;
        }
        if self.plain.is_multiple_of(EVERY) && images.sampled_count < MOST {
            self.scratch.resize(lz4_flex::block::get_maximum_output_size(image.bytes.len()), 0);
            let packed = lz4_flex::block::compress_into(image.bytes, &mut self.scratch);
            images.sampled_count += 1;
            images.sampled_size += size;
            images.sampled_lz4_size += packed.map_or(size, |packed| size.min(packed as u64));
        }
        self.plain += 1;
    }
}

/// Adds those of another segment.
pub(super) fn add(all: &mut Images, other: &Images) {
    all.count += other.count;
    all.size += other.size;
    all.uncompressed_size += other.uncompressed_size;
    all.compressed_count += other.compressed_count;
    all.compressed_size += other.compressed_size;
    all.consistency_count += other.consistency_count;
    all.consistency_size += other.consistency_size;
    all.sampled_count += other.sampled_count;
    all.sampled_size += other.sampled_size;
    all.sampled_lz4_size += other.sampled_lz4_size;
}

/// What compression saved, and what lz4 would save of all images that are not compressed.
pub(super) fn finish(images: &mut Images) {
    images.saved = images.uncompressed_size.saturating_sub(images.size);
    let plain = images.size.saturating_sub(images.compressed_size);
    let saved = u128::from(images.sampled_size.saturating_sub(images.sampled_lz4_size));
    let estimate = u128::from(plain) * saved / u128::from(images.sampled_size.max(1));
    images.lz4_would_save = u64::try_from(estimate).unwrap_or(plain);
}
