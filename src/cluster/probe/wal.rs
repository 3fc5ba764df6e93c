//! The witness pg_wal: the long header that starts each segment.
use super::Witness;
use super::version::Claim;
use crate::format::parse_at;
use crate::format::wal::{LongPageHeader, SegmentName};
use crate::layout::PgVersion;
use crate::source::{EntryKind, Source};

/// How many segments are looked at before giving up: the newest may be preallocated zeros.
const LOOKED_AT: usize = 16;

/// What the first segment that says anything says.
pub(super) fn witness(source: &Source) -> Option<Witness> {
    let entries = source.list("pg_wal").unwrap_or_default();
    let segments = entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::File && SegmentName::parse(&entry.name).is_some());
    segments.take(LOOKED_AT).find_map(|entry| segment(source, &format!("pg_wal/{}", entry.name)))
}

fn segment(source: &Source, path: &str) -> Option<Witness> {
    let file = source.file(path).ok()?;
    let mut scratch = Vec::new();
    let bytes = file.window(0..LongPageHeader::LEN, &mut scratch).ok()?;
    let header = parse_at(bytes, 0, "XLogLongPageHeaderData", LongPageHeader::parse).ok()?;
    let magic = header.xlp_magic;
    let known = PgVersion::ALL.into_iter().find(|v| v.layout().wal_page_magic == magic);
    if !header.is_long() || !header.has_sane_sizes() || magic >> 8 != 0xD1 {
        return None;
    }
    Some(Witness {
        who: path.to_owned(),
        version: known.map(Claim::Known),
        system_identifier: Some(header.xlp_sysid),
        wal_block_size: Some(header.xlp_xlog_blcksz),
        wal_segment_size: Some(header.xlp_seg_size),
        ..Witness::default()
    })
}
