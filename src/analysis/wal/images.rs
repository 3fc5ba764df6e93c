//! `wal images`: full-page images, restored to the pages that they are of.
use super::Filter;
use super::pass::{Passed, pass, pass_in_parts};
use crate::analysis::page_dump::{self, Found};
use crate::cluster::Cluster;
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::wal::rmgr;
use crate::format::wal::{BlockRef, Image, ImageError, Located, Record, SegmentNumber};
use crate::report::page::{Pages, Views};
use crate::report::wal::dump::ImageRow;
use crate::report::wal::images::{ImageOf, ImagePages, Images};
use crate::types::{Fork, Lsn, RelFileLocator, TimelineId};
use crate::wal::{Log, Names, Range};
use std::io;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

/// Images that are handed on.
const ENOUGH: usize = 256;

/// Where a page goes: its file's name, and its bytes.
pub type Save<'s> = &'s (dyn Fn(&str, &[u8]) -> io::Result<()> + Sync);

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Request<'r> {
    /// Which part of the log.
    pub range: Range,
    /// Images of which blocks, in which records.
    pub filter: &'r Filter,
    /// What relations are called.
    pub names: &'r Names<'r>,
    /// Where pages are to be saved.
    pub save: Option<Save<'r>>,
    /// Threads.
    pub jobs: usize,
}

/// What some records of a segment have.
#[derive(Default)]
struct Noted {
    images: Vec<ImageOf>,
    findings: Findings,
    scratch: Vec<u8>,
}

/// Reads the log, and restores every image. Each goes to `sink`.
///
/// # Errors
/// Those of `sink`, or if a page cannot be saved.
pub fn images(
    log: &Log,
    request: Request<'_>,
    mut sink: impl FnMut(ImageOf) -> io::Result<()>,
) -> io::Result<(Images, Passed)> {
    let failed = Mutex::new(None);
    let mut report = Images { saved: request.save.map(|_| 0), ..Images::default() };
    let mut findings = Findings::default();
    let look = |noted: &mut Noted, located: &Located<'_>, record: &Record<'_>| {
        if record.blocks.iter().all(|block| block.image.is_none())
            || !request.filter.passes(record, &log.dialect)
        {
            return;
        }
        for block in record.blocks.iter().filter(|block| request.filter.is_meant(block)) {
            let Some(image) = &block.image else { continue };
            let look = Look { log, request, located, block, image };
            if let Err(error) = look.at(record, noted) {
                fail(&failed, error);
            }
        }
    };
    let block_size = u64::from(log.dialect.geometry.block_size);
    let note = (look, |noted: &Noted| noted.images.len() >= ENOUGH);
    let mut passed = pass_in_parts(log, request.range, request.jobs, note, |noted| {
        findings.merge(noted.findings);
        for image in noted.images {
            let sound = u64::from(image.sound);
            report.count += 1;
            report.length += image.image.length;
            report.restored += sound * block_size;
            report.saved = report.saved.map(|saved| saved + sound);
            if let Err(error) = sink(image) {
                fail(&failed, error);
            }
            if failed.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    passed.findings.merge(findings);
    Ok((report, passed))
}

/// Keeps the first error.
fn fail(failed: &Mutex<Option<io::Error>>, error: io::Error) {
    failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
}

/// One image on its way.
struct Look<'a> {
    log: &'a Log,
    request: Request<'a>,
    located: &'a Located<'a>,
    block: &'a BlockRef<'a>,
    image: &'a Image<'a>,
}

impl Look<'_> {
    fn at(&self, record: &Record<'_>, noted: &mut Noted) -> io::Result<()> {
        let (log, block) = (self.log, self.block);
        let segment = SegmentNumber::of(self.located.lsn, log.shape.segment_size);
        let timeline = log.timeline_of(segment);
        let file = file_name(timeline, self.located.lsn, block);
        let restored = self.image.restore(log.dialect.geometry.block_size, &mut noted.scratch);
        let (header, layout) = (record.header, log.dialect.layout);
        let (manager, info) = (rmgr::name(header.xl_rmid), header.info());
        let name = rmgr::identify(header.xl_rmid, info, layout).unwrap_or("UNKNOWN");
        let RelFileLocator { tablespace, database, number } = block.locator;
        let relation = self.request.names.get(block.locator).map(|named| named.to_string());
        if let Err(error) = restored {
            noted.findings.push(self.unsound(error, relation.clone(), timeline));
        }
        noted.images.push(ImageOf {
            start_lsn: self.located.lsn,
            timeline,
            record_type: format!("{manager}/{name}"),
            relation,
            reltablespace: tablespace,
            reldatabase: database,
            relfilenode: number,
            fork: block.fork,
            block: block.block,
            image: ImageRow::of(self.image),
            sound: restored.is_ok(),
            file: file.clone(),
        });
        match self.request.save {
            Some(save) if restored.is_ok() => save(&file, &noted.scratch),
            _ => Ok(()),
        }
    }

    fn unsound(&self, error: ImageError, object: Option<String>, timeline: TimelineId) -> Finding {
        let lsn = self.located.lsn;
        let offset = lsn.0 & u64::from(self.log.shape.segment_size.saturating_sub(1));
        let segment = SegmentNumber::of(lsn, self.log.shape.segment_size);
        let place = Place {
            byte: Some(offset),
            object,
            fork: Some(self.block.fork),
            block: Some(self.block.block),
            timeline: Some(timeline),
            lsn: Some(lsn),
            ..Place::file(segment.file_name(timeline, self.log.shape.segment_size))
        };
        let method = self.image.compression.map_or("", |method| method.name());
        let evidence = format!("{method}, {} bytes: {error}", self.image.bytes.len());
        let finding = Finding::new(&rules::WAL_IMAGE_DAMAGED, place, evidence);
        match error {
            ImageError::Decompress => {
                let layout = self.log.dialect.layout;
                let (words, at) = (layout.wal_words().bad_image, layout.lsn_text(lsn));
                finding.says(format!("{words} at {at}, block {}", self.block.id))
            }
            ImageError::Size => finding,
        }
    }
}

/// What pg_waldump --save-fullpage calls a page (`XLogRecordSaveFPWs`,
/// bin/pg_waldump/pg_waldump.c).
fn file_name(timeline: TimelineId, lsn: Lsn, block: &BlockRef<'_>) -> String {
    let RelFileLocator { tablespace, database, number } = block.locator;
    let (high, low) = (lsn.0 >> 32, lsn.0 & 0xFFFF_FFFF);
    let (fork, block): (Fork, _) = (block.fork, block.block);
    format!(
        "{:08X}-{high:08X}-{low:08X}.{tablespace}.{database}.{number}.{block}_{fork}",
        timeline.0
    )
}

/// The pages of the images that the first record of `request` has that passes its filter; `None` if
/// there is no such record.
pub fn pages(
    cluster: &Cluster,
    log: &Log,
    request: Request<'_>,
    views: Views,
) -> (Option<ImagePages>, Passed) {
    let mut first: Option<ImagePages> = None;
    let look = |noted: &mut Option<ImagePages>, located: &Located<'_>, record: &Record<'_>| {
        let imaged = record.blocks.iter().any(|block| block.image.is_some());
        if noted.is_none() && imaged && request.filter.passes(record, &log.dialect) {
            *noted = Some(of_record(cluster, log, request, located, record, views));
        }
    };
    let passed = pass(log, request.range, request.jobs, look, |noted| {
        first = first.take().or(noted);
    });
    (first, passed)
}

fn of_record(
    cluster: &Cluster,
    log: &Log,
    request: Request<'_>,
    located: &Located<'_>,
    record: &Record<'_>,
    views: Views,
) -> ImagePages {
    let segment = SegmentNumber::of(located.lsn, log.shape.segment_size);
    let file = segment.file_name(log.timeline_of(segment), log.shape.segment_size);
    let byte = located.lsn.0 & u64::from(log.shape.segment_size.saturating_sub(1));
    let mut images = Vec::new();
    for block in record.blocks.iter().filter(|block| request.filter.is_meant(block)) {
        let Some(image) = &block.image else { continue };
        let named = request.names.get(block.locator);
        let oid = named.as_ref().map(|named| named.oid);
        let relation = oid.and_then(|oid| cluster.relation(block.locator.database, oid));
        let name = request.names.text(block.locator);
        let mut page = Vec::new();
        let restored = image.restore(log.dialect.geometry.block_size, &mut page);
        let found = Found {
            relation,
            name: &name,
            fork: block.fork,
            block: block.block,
            file: &file,
            byte,
        };
        let pages = restored.ok().and_then(|()| page_dump::found(cluster, &found, &page, views));
        let (fork, pages) = (block.fork, pages.into_iter().collect());
        let index = relation.and_then(|relation| page_dump::index_info(cluster, relation));
        images.push(Pages { relation: name, fork, index, snapshot: None, pages });
    }
    ImagePages { start_lsn: located.lsn, images }
}
