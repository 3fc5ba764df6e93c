//! What initdb and configure chose for one cluster, beside what its major fixes.
use super::Layout;

/// Sizes and switches of one cluster; pg_control holds them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Geometry {
    /// `BLCKSZ` in bytes: a power of two, 1 kB to 32 kB.
    pub block_size: u32,
    /// `RELSEG_SIZE`: blocks in one segment file of a relation; 0 if relations are not split.
    pub segment_blocks: u32,
    /// `XLOG_BLCKSZ` in bytes: a power of two, 1 kB to 64 kB.
    pub wal_block_size: u32,
    /// Bytes in one WAL segment: a power of two, 1 MB to 1 GB.
    pub wal_segment_size: u32,
    /// `SLRU_PAGES_PER_SEGMENT`: pages in one segment file of pg_xact and its like; recorded from
    /// 19 on, before that 32 in every build.
    pub slru_pages: u32,
    /// `MAXIMUM_ALIGNOF` in bytes; 8 on every supported machine.
    pub max_align: u32,
    /// Whether data pages carry checksums.
    pub checksums: bool,
}

impl Geometry {
    /// What an unconfigured build and `initdb` without options give.
    pub const DEFAULT: Self = Self {
        block_size: 8192,
        segment_blocks: 131_072,
        wal_block_size: 8192,
        wal_segment_size: 16 << 20,
        slru_pages: 32,
        max_align: 8,
        checksums: false,
    };
}

/// How to read one cluster: small, `Copy`, handed to every parser that needs more than bytes.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// What the major fixes.
    pub layout: &'static Layout,
    /// What initdb and configure chose.
    pub geometry: Geometry,
}
