//! What majors disagree on in WAL: records in general here, each resource manager's in a file of
//! its own. Shapes are chosen by a `match` over all majors, which the compiler keeps complete.
mod btree;
mod dbase;
mod heap;
mod index;
mod logicalmsg;
mod slru;
mod standby;
mod waldump;
mod xact;
mod xlog;

pub use btree::{BtreeShape, BtreeWal, BtreeWords};
pub use dbase::{DbaseWal, DroppedDatabase};
pub use heap::{HeapInplace, HeapPruning, HeapWal, HeapWords};
pub use index::{CatalogRel, HashVacuum, IndexWal, SpgistLeaf, SpgistWords};
pub use logicalmsg::MessageWords;
pub use slru::{MultixactWal, SlruPageNumber};
pub use standby::RunningWords;
pub use waldump::WaldumpWords;
pub use xact::XactWords;
pub use xlog::XlogWal;

use super::{Layout, PgVersion};

/// Flags of a full-page image (`bimg_info`, access/xlogrecord.h); `BKPIMAGE_HAS_HOLE` is 0x01
/// in all majors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageFlags {
    /// `BKPIMAGE_APPLY`: replay restores the image, rather than keep it to compare with.
    pub apply: u8,
    /// `BKPIMAGE_IS_COMPRESSED`, later `BKPIMAGE_COMPRESS_PGLZ`.
    pub pglz: u8,
    /// `BKPIMAGE_COMPRESS_LZ4`; 0 where there is none.
    pub lz4: u8,
    /// `BKPIMAGE_COMPRESS_ZSTD`; 0 where there is none.
    pub zstd: u8,
}

/// Flags of a page header that are not the same in all majors (`xlp_info`,
/// access/xlog_internal.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageFlags {
    /// `XLP_FIRST_IS_OVERWRITE_CONTRECORD`.
    pub overwrite_contrecord: u16,
    /// `XLP_ALL_FLAGS`.
    pub all: u16,
}

/// How the reader words what it refuses (access/transam/xlogreader.c).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WalWords {
    /// From 16: "expected at least 24, got 0" rather than "wanted 24, got 0", "WAL segment" with
    /// the LSN rather than "log segment".
    pub lsn_of_page: bool,
    /// From 14: "invalid contrecord length" names the expected length.
    pub expected_contrecord: bool,
    /// From 15: "BKPIMAGE_COMPRESSED" rather than "BKPIMAGE_IS_COMPRESSED".
    pub image_compressed: &'static str,
    /// From 17: pg_waldump quotes the name of a file that it could not read from.
    pub quotes_file: bool,
    /// Of an image that does not decompress; other words from 15 on.
    pub bad_image: &'static str,
}

impl Layout {
    /// The flags of full-page images.
    pub const fn image_flags(&self) -> ImageFlags {
        match self.version {
            PgVersion::V12 | PgVersion::V13 | PgVersion::V14 => {
                ImageFlags { apply: 0x04, pglz: 0x02, lz4: 0, zstd: 0 }
            }
            PgVersion::V15 | PgVersion::V16 | PgVersion::V17 | PgVersion::V18 | PgVersion::V19 => {
                ImageFlags { apply: 0x02, pglz: 0x04, lz4: 0x08, zstd: 0x10 }
            }
        }
    }

    /// The flags of page headers: from 19 on without `XLP_BKP_REMOVABLE`, which was 0x0004.
    pub const fn page_flags(&self) -> PageFlags {
        match self.version {
            PgVersion::V12
            | PgVersion::V13
            | PgVersion::V14
            | PgVersion::V15
            | PgVersion::V16
            | PgVersion::V17
            | PgVersion::V18 => PageFlags { overwrite_contrecord: 0x0008, all: 0x000F },
            PgVersion::V19 => PageFlags { overwrite_contrecord: 0x0004, all: 0x0007 },
        }
    }

    /// Whether extensions can have resource managers, with ids from 128 on (`RmgrIdIsCustom`).
    pub const fn has_custom_rmgrs(&self) -> bool {
        match self.version {
            PgVersion::V12 | PgVersion::V13 | PgVersion::V14 => false,
            PgVersion::V15 | PgVersion::V16 | PgVersion::V17 | PgVersion::V18 | PgVersion::V19 => {
                true
            }
        }
    }

    /// How the WAL reader of this major words its refusals.
    pub const fn wal_words(&self) -> WalWords {
        let to_13 = WalWords {
            lsn_of_page: false,
            expected_contrecord: false,
            image_compressed: "BKPIMAGE_IS_COMPRESSED",
            quotes_file: false,
            bad_image: "invalid compressed image",
        };
        let in_14 = WalWords { expected_contrecord: true, ..to_13 };
        let in_15 = WalWords {
            image_compressed: "BKPIMAGE_COMPRESSED",
            bad_image: "could not decompress image",
            ..in_14
        };
        let from_16 = WalWords { lsn_of_page: true, ..in_15 };
        let from_17 = WalWords { quotes_file: true, ..from_16 };
        match self.version {
            PgVersion::V12 | PgVersion::V13 => to_13,
            PgVersion::V14 => in_14,
            PgVersion::V15 => in_15,
            PgVersion::V16 => from_16,
            PgVersion::V17 | PgVersion::V18 | PgVersion::V19 => from_17,
        }
    }
}
