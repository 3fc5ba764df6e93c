//! The witness pg_wal: the long header that starts each segment.
use super::version::Claim;
use super::{Witness, settle_sizes};
use crate::cluster::{OpenError, OpenOptions};
use crate::format::parse_at;
use crate::format::wal::LongPageHeader;
use crate::layout::{Dialect, PgVersion};
use crate::source::{SegmentFile, Source, WalPlace};
use std::sync::Arc;

/// How many segments are looked at: the newest may be preallocated zeros.
const LOOKED_AT: usize = 32;

/// What the first segment that says anything says.
pub(super) fn witness(source: &Arc<Source>) -> Option<Witness> {
    let place = WalPlace::of_source(source, true);
    place.segments.iter().take(LOOKED_AT).find_map(segment)
}

/// How to read `segments` that lie outside their data directory, and of which cluster they are:
/// the one that most of them are of.
///
/// # Errors
/// If none of them tells the major and no option does.
pub fn dialect_of_wal<'s>(
    segments: impl ExactSizeIterator<Item = &'s SegmentFile>,
    options: &OpenOptions,
) -> Result<(Dialect, Option<u64>), OpenError> {
    super::check_options(options)?;
    let step = segments.len().div_ceil(LOOKED_AT).max(1);
    let mut witnesses: Vec<_> = segments.step_by(step).filter_map(segment).collect();
    let identifiers: Vec<_> = witnesses.iter().map(|witness| witness.system_identifier).collect();
    let count =
        |one: &Witness| identifiers.iter().filter(|id| **id == one.system_identifier).count();
    // Stable: the first of those that are of the commonest cluster speaks for it.
    witnesses.sort_by_key(|witness| std::cmp::Reverse(count(witness)));
    let version = match (options.pg_version, witnesses.first()) {
        (Some(version), _) => version,
        (None, Some(Witness { version: Some(Claim::Known(version)), .. })) => *version,
        (None, Some(Witness { version: Some(claim), who, .. })) => return Err(claim.refusal(who)),
        (None, _) => {
            let looked_at = "the first pages of the segments were looked at".to_owned();
            return Err(OpenError::NoVersion { looked_at });
        }
    };
    let geometry = settle_sizes(&witnesses, false, options)?;
    let identifier = witnesses.first().and_then(|witness| witness.system_identifier);
    Ok((Dialect { layout: version.layout(), geometry }, identifier))
}

fn segment(file: &SegmentFile) -> Option<Witness> {
    let start = file.start(LongPageHeader::LEN).ok()?;
    let header =
        parse_at(start.bytes(), 0, "XLogLongPageHeaderData", LongPageHeader::parse).ok()?;
    let magic = header.xlp_magic;
    let known = PgVersion::ALL.into_iter().find(|v| v.layout().wal_page_magic == magic);
    if !header.is_long() || !header.has_sane_sizes() || magic >> 8 != 0xD1 {
        return None;
    }
    Some(Witness {
        who: file.path.clone(),
        version: known.map(Claim::Known),
        system_identifier: Some(header.xlp_sysid),
        wal_block_size: Some(header.xlp_xlog_blcksz),
        wal_segment_size: Some(header.xlp_seg_size),
        ..Witness::default()
    })
}
