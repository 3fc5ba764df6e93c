//! `global/pg_control` (`ControlFileData`, catalog/pg_control.h): what recovery starts from.
//!
//! ```text
//! 0 system_identifier | 8 pg_control_version | 12 catalog_version_no | 16 state | 24 time
//! 32 checkPoint | 40 checkPointCopy … | unloggedLSN … | wal_level … | maxAlign … | nonce | crc
//! ```
//! One structure for all majors, little-endian and aligned to 8 bytes. A CRC that does not fit is
//! not refused here: both values are kept, and the reader judges.
mod checkpoint;
mod ident;
mod recovery;
mod settings;
mod state;

pub use checkpoint::CheckPoint;
pub use ident::{ByteOrder, ControlIdent, identify};
pub use recovery::RecoveryPoints;
pub use settings::{BuildOptions, ForkModes, WalSettings};
pub use state::ClusterState;

use crate::format::bytes::{i64, skip, u32, u64};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::layout::{Geometry, Layout};
use crate::types::{Lsn, UnixTime};

/// pg_control, under its C names. What some majors do not record is an `Option`.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlFile {
    /// Same in all files and WAL of one cluster; made of initdb's time and process id.
    pub system_identifier: u64,
    /// Format of this file.
    pub pg_control_version: u32,
    /// Format of the system catalogs.
    pub catalog_version_no: u32,
    /// What the server was doing.
    pub state: ClusterState,
    /// When the file was last written.
    pub time: UnixTime,
    /// Where the latest checkpoint's record starts.
    pub check_point: Lsn,
    /// That record.
    pub check_point_copy: CheckPoint,
    /// How far recovery must go, and of what backup.
    pub recovery: RecoveryPoints,
    /// Settings that WAL depends on.
    pub settings: WalSettings,
    /// What configure and initdb chose.
    pub build: BuildOptions,
    /// For SASL exchanges with roles that do not exist.
    pub mock_authentication_nonce: [u8; 32],
    /// What IvorySQL keeps in the padding before the CRC; `None` where that is zero, as in
    /// PostgreSQL and in IvorySQL clusters in PostgreSQL mode.
    pub fork_modes: Option<ForkModes>,
    /// Offset of the CRC.
    pub crc_at: usize,
    /// CRC-32C as stored.
    pub crc: u32,
    /// CRC-32C of the bytes before it.
    pub computed_crc: u32,
}

impl ControlFile {
    /// Reads the file as `layout`'s major writes it.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] if the file ends before its CRC.
    pub fn parse(bytes: &[u8], layout: &Layout) -> Result<Self, ParseError> {
        parse_at(bytes, 0, "ControlFileData", |input| Self::fields(input, layout))
    }

    fn fields<'a>(input: &'a [u8], layout: &Layout) -> Parse<'a, Self> {
        let (rest, system_identifier) = u64(input)?;
        let (rest, pg_control_version) = u32(rest)?;
        let (rest, catalog_version_no) = u32(rest)?;
        let (rest, state) = u32(rest)?;
        let (rest, ()) = skip(4)(rest)?;
        let (rest, time) = i64(rest)?;
        let (rest, check_point) = u64(rest)?;
        let (rest, check_point_copy) = CheckPoint::parse(rest, layout.checkpoint)?;
        let (rest, recovery) = RecoveryPoints::parse(rest)?;
        let (rest, settings) = WalSettings::parse(rest)?;
        let (rest, (build, nonce, fork_modes)) = settings::tail(rest, layout.control)?;
        let covered = input.len().saturating_sub(rest.len());
        let computed_crc = crc32c::crc32c(input.get(..covered).unwrap_or(input));
        let (rest, crc) = u32(rest)?;
        let control = Self {
            system_identifier,
            pg_control_version,
            catalog_version_no,
            state: ClusterState::from(state),
            time: UnixTime(time),
            check_point: Lsn(check_point),
            check_point_copy,
            recovery,
            settings,
            build,
            mock_authentication_nonce: nonce,
            fork_modes,
            crc_at: covered,
            crc,
            computed_crc,
        };
        Ok((rest, control))
    }

    /// Bytes of the structure in a major (`sizeof(ControlFileData)`): it ends with the CRC.
    pub fn len(layout: &Layout) -> usize {
        let crc_at = Self::parse(&[0; 1024], layout).map_or(0, |control| control.crc_at);
        crc_at.saturating_add(4).next_multiple_of(8)
    }

    /// Whether the CRC fits.
    pub const fn crc_ok(&self) -> bool {
        self.crc == self.computed_crc
    }

    /// The sizes it records, as they stand: a damaged file gives impossible ones.
    pub fn geometry(&self) -> Geometry {
        Geometry {
            block_size: self.build.blcksz,
            segment_blocks: self.build.relseg_size,
            wal_block_size: self.build.xlog_blcksz,
            wal_segment_size: self.build.xlog_seg_size,
            slru_pages: self.build.slru_pages_per_segment.unwrap_or(Geometry::DEFAULT.slru_pages),
            max_align: self.build.max_align,
            checksums: self.build.data_checksum_version != 0,
        }
    }
}
