//! WAL: a stream of pages, single records of every resource manager, images, summaries.
use jiff::tz::TimeZone;
use pgdissect::format::wal::rmgr::{self, Body, Desc};
use pgdissect::format::wal::summary;
use pgdissect::format::wal::{
    BlockRef, Image, ImageCompression, Pages, Reader, Record, RecordHeader, StreamShape, WalFault,
};
use pgdissect::layout::{Dialect, Geometry, PgVersion};
use pgdissect::types::{
    BlockNumber, Fork, Lsn, Oid, RelFileLocator, RelFileNumber, TimelineId, Xid,
};
use std::hint::black_box;

const BLOCK: u32 = 8192;
const SEGMENT: u32 = 1 << 20;

/// Bytes as a piece of WAL.
struct Piece<'d> {
    start: Lsn,
    data: &'d [u8],
}

impl Pages for Piece<'_> {
    fn page(&self, at: Lsn) -> Result<&[u8], WalFault> {
        let offset = at.0.checked_sub(self.start.0).ok_or(WalFault::Missing)?;
        let offset = usize::try_from(offset).map_err(|_| WalFault::Missing)?;
        let rest = self.data.get(offset..).ok_or(WalFault::Missing)?;
        let read = u32::try_from(rest.len()).unwrap_or(u32::MAX);
        rest.get(..BLOCK as usize).ok_or(WalFault::Short { read, wanted: BLOCK })
    }

    fn timeline(&self, _: Lsn) -> TimelineId {
        TimelineId(1)
    }
}

/// The pages of a segment: every record in them, and on behind everything that is none.
pub fn wal_stream(data: &[u8]) {
    let Some((head, _)) = data.split_first_chunk::<16>() else { return };
    let magic = u16::from_le_bytes([head[0], head[1]]);
    // At the start of a segment that the first page may say that it is of.
    let address = head.last_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)) % (1 << 60);
    let start = Lsn(address / u64::from(SEGMENT) * u64::from(SEGMENT));
    let known = PgVersion::ALL.into_iter().find(|v| v.layout().wal_page_magic == magic);
    let layout = known.unwrap_or(PgVersion::V18).layout();
    let shape =
        StreamShape { layout, block_size: BLOCK, segment_size: SEGMENT, system_identifier: None };
    let until = Lsn(start.0 + data.len() as u64);
    let pages = Piece { start, data };
    let mut reader = Reader::new(&pages, shape, start);
    let _ = black_box(reader.enter(start, until));
    let mut before = None;
    while reader.position() < until {
        let at = reader.position();
        assert!(before.is_none_or(|before| at > before), "no progress at {at}");
        before = Some(at);
        match reader.advance() {
            Ok(found) => {
                let located = reader.lend(found);
                assert!(located.bytes.len() <= data.len());
                black_box(located.next);
            }
            Err(failure) => {
                black_box(failure.said(layout));
                let behind = Lsn(at.0.max(failure.record.0) + 8);
                if let Some(found) = reader.resync(behind, failure.record, until) {
                    assert!(found >= behind);
                    assert!(reader.advance().is_ok(), "what was found at {found} is no record");
                }
            }
        }
    }
}

/// One record, as every major: taken apart, its values, its description.
pub fn wal_record(data: &[u8]) {
    for version in PgVersion::ALL {
        let dialect = Dialect { layout: version.layout(), geometry: Geometry::DEFAULT };
        if let Ok(record) = Record::parse(data, &dialect) {
            describe(&record, &dialect);
        }
    }
    // The bytes as the main data and the block data of every type of record there is.
    let Some((&[choice, split], data)) = data.split_first_chunk::<2>() else { return };
    let version = PgVersion::ALL[usize::from(choice) % PgVersion::ALL.len()];
    let dialect = Dialect { layout: version.layout(), geometry: Geometry::DEFAULT };
    let (main, of_block) = data.split_at(usize::from(split).min(data.len()));
    let (tablespace, database, number) = (Oid(1663), Oid(5), RelFileNumber(16384));
    let block = |id| BlockRef {
        id,
        fork_flags: 0x20,
        fork: Fork::Main,
        locator: RelFileLocator { tablespace, database, number },
        block: BlockNumber(id.into()),
        data: of_block,
        image: None,
    };
    for xl_rmid in 0..=23 {
        for info in 0..16 {
            let header = RecordHeader {
                xl_tot_len: 100,
                xl_xid: Xid(700),
                xl_prev: Lsn(8),
                xl_info: info << 4,
                xl_rmid,
                xl_crc: 0,
            };
            let blocks = (0..3).map(block).collect();
            let record = Record { header, origin: None, toplevel_xid: None, blocks, main };
            describe(&record, &dialect);
        }
    }
}

fn describe(record: &Record<'_>, dialect: &Dialect) {
    black_box(rmgr::identify(record.header.xl_rmid, record.info(), dialect.layout));
    if let Ok(body) = Body::parse(record, dialect) {
        let mut text = Vec::new();
        let _ = body.desc(&mut Desc::new(&mut text, dialect.layout, &TimeZone::UTC));
        black_box((text, serde_json::to_string(&body).is_ok()));
    }
    for image in record.blocks.iter().filter_map(|block| block.image) {
        let _ = black_box(image.restore(dialect.geometry.block_size, &mut Vec::new()));
    }
}

/// A full-page image: the first five bytes are compression and hole.
pub fn wal_image(data: &[u8]) {
    let Some((&[how, a, b, c, d], bytes)) = data.split_first_chunk::<5>() else { return };
    let compression = match how % 4 {
        0 => None,
        1 => Some(ImageCompression::Pglz),
        2 => Some(ImageCompression::Lz4),
        _ => Some(ImageCompression::Zstd),
    };
    let image = Image {
        hole_offset: u16::from_le_bytes([a, b]),
        hole_length: u16::from_le_bytes([c, d]),
        bimg_info: how,
        apply: true,
        compression,
        bytes,
    };
    let mut page = Vec::new();
    for size in [1024, 8192, 32768] {
        if image.restore(size, &mut page).is_ok() {
            assert_eq!(page.len(), size as usize);
        }
    }
}

/// A WAL summary.
pub fn wal_summary(data: &[u8]) {
    if let Ok(forks) = summary::parse(data) {
        for fork in forks {
            assert!(fork.ranges().len() <= data.len() * 8);
        }
    }
}
