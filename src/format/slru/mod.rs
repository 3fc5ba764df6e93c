//! SLRUs (access/transam/slru.c): logs in pages of the block size without page headers, so many
//! pages to a segment file, files named by their number in hexadecimal.
pub mod clog;
pub mod commit_ts;
pub mod multixact;
pub mod subtrans;

use crate::layout::{Dialect, Geometry};

/// One of the logs that outlive a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Log {
    /// Two bits per transaction.
    Xact,
    /// Where each multixact's members start.
    MultiXactOffsets,
    /// The members.
    MultiXactMembers,
    /// Commit time and replication origin per transaction.
    CommitTs,
    /// Parent per subtransaction; zeroed when the server starts.
    Subtrans,
}

impl Log {
    /// Its directory, relative to the data directory.
    pub const fn dir(self) -> &'static str {
        match self {
            Self::Xact => "pg_xact",
            Self::MultiXactOffsets => "pg_multixact/offsets",
            Self::MultiXactMembers => "pg_multixact/members",
            Self::CommitTs => "pg_commit_ts",
            Self::Subtrans => "pg_subtrans",
        }
    }

    /// Name of a segment file (`SlruFileName`): at least four digits, or fifteen.
    pub fn file_name(self, segment: u64, dialect: &Dialect) -> String {
        if self == Self::MultiXactMembers && dialect.layout.long_member_names {
            format!("{segment:015X}")
        } else {
            format!("{segment:04X}")
        }
    }

    /// Path of a segment file, relative to the data directory.
    pub fn path(self, segment: u64, dialect: &Dialect) -> String {
        format!("{}/{}", self.dir(), self.file_name(segment, dialect))
    }
}

/// Where an entry is. Cheap to make; the file's name is made only when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Number of the segment file.
    pub segment: u64,
    /// Byte in that file where the entry starts.
    pub byte: u64,
}

/// The place of entry `index` where every page holds `per_page` entries, `entry` bytes each
/// `per_entry` of them. Sizes that no server has give some place, never a fault.
fn place(index: u64, per_page: u64, byte_in_page: u64, geometry: &Geometry) -> Place {
    let page = index.checked_div(per_page).unwrap_or(0);
    let pages = u64::from(geometry.slru_pages);
    let in_segment = page.checked_rem(pages).unwrap_or(0);
    let block = u64::from(geometry.block_size);
    Place {
        segment: page.checked_div(pages).unwrap_or(0),
        byte: in_segment.saturating_mul(block).saturating_add(byte_in_page),
    }
}

/// The place of entry `index`, entries of `len` bytes, as many to a page as fit.
fn place_of_fixed(index: u64, len: u32, geometry: &Geometry) -> Place {
    let per_page = u64::from(geometry.block_size.checked_div(len).unwrap_or(0));
    let in_page = index.checked_rem(per_page).unwrap_or(0);
    place(index, per_page, in_page.saturating_mul(u64::from(len)), geometry)
}

#[cfg(test)]
mod tests {
    use super::{Log, Place, clog, commit_ts, multixact, subtrans};
    use crate::layout::{Dialect, Geometry, PgVersion};
    use crate::types::{MultiXactId, MultiXactOffset, Xid};

    fn dialects() -> Vec<Dialect> {
        let of =
            |version: PgVersion| Dialect { layout: version.layout(), geometry: Geometry::DEFAULT };
        PgVersion::ALL.into_iter().map(of).collect()
    }

    #[test]
    fn segment_files_are_named_as_each_major_names_them() {
        let dialects = dialects();
        let (oldest, newest) = (dialects.first().unwrap(), dialects.last().unwrap());
        assert_eq!(Log::Xact.path(0x12, oldest), "pg_xact/0012");
        assert_eq!(Log::MultiXactMembers.path(0x14078, oldest), "pg_multixact/members/14078");
        assert_eq!(Log::MultiXactOffsets.path(1, newest), "pg_multixact/offsets/0001");
        let long = "pg_multixact/members/000000000014078";
        assert_eq!(Log::MultiXactMembers.path(0x14078, newest), long);
    }

    /// The last entries of the address space lie where multixact.c and commit_ts.c say: member
    /// 0xFFFFFFFF in segment 14078, the last commit timestamp in 13333 …
    #[test]
    fn the_last_entries_are_in_the_last_segments() {
        let dialects = dialects();
        let (oldest, newest) = (dialects.first().unwrap(), dialects.last().unwrap());
        let last = Xid(u32::MAX);
        assert_eq!(clog::place(last, oldest), Place { segment: 0xFFF, byte: 0x3FFFF });
        assert_eq!(subtrans::place(last, oldest), Place { segment: 0xFFFF, byte: 0x3FFFC });
        let multi = MultiXactId(u32::MAX);
        let place = multixact::offset_place(multi, oldest);
        assert_eq!(place, Place { segment: 0xFFFF, byte: 0x3FFFC });
        let place = multixact::offset_place(multi, newest);
        assert_eq!(place, Place { segment: 0x1FFFF, byte: 0x3FFF8 });
        let place = multixact::member_place(MultiXactOffset(u64::from(u32::MAX)), oldest);
        assert_eq!(place.segment, 0x14078);
        // 819 entries to a page of 8190 bytes: 2^32 - 1 is entry 255 of page 5244160.
        let place = commit_ts::place(last, oldest);
        assert_eq!(place, Place { segment: 163_880, byte: 2550 });
    }
}
