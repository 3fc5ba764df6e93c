//! Reading a catalog's file from its first block to its last. A damaged page costs its rows.
use super::row::{Columns, Row};
use super::visible::{self, Fate, Ground};
use crate::cluster::xact::TransactionLog;
use crate::finding::{Finding, Findings, Place, Rule, rules};
use crate::format::heap::{Datum, HeapTuple, deform};
use crate::format::page::{LpFlags, Page, is_zeroed};
use crate::layout::Dialect;
use crate::source::relation::{RelationFiles, Segment};
use crate::source::{EntryKind, Source};
use crate::types::{BlockNumber, Fork, Lsn, OffsetNumber, RelFileNumber, Tid};

/// What reading catalogs takes.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) dialect: &'a Dialect,
    pub(super) xact: &'a TransactionLog,
}

/// One catalog's file.
#[derive(Debug, Clone)]
pub(super) struct CatalogFile<'a> {
    /// Qualified name, such as `lab.pg_catalog.pg_class`.
    pub(super) name: String,
    /// Its directory, such as `base/5`.
    pub(super) dir: &'a str,
    pub(super) number: RelFileNumber,
}

/// What every row is given to.
type Each<'f> = &'f mut dyn FnMut(&Row<'_>);

/// How many blocks are had at once.
const BLOCKS: u32 = 32;

/// One reading of one catalog.
struct Scan<'a, 'f> {
    reader: Reader<'a>,
    file: &'a CatalogFile<'a>,
    columns: &'a Columns,
    findings: &'f mut Findings,
    each: Each<'f>,
    /// Whether all that is there was read.
    complete: bool,
}

impl Reader<'_> {
    /// Gives each row to `each`, dead ones too, in the order of the file. Returns whether nothing
    /// is lost: the file is there and all of it could be read.
    pub(super) fn scan(
        self,
        file: &CatalogFile<'_>,
        columns: &Columns,
        findings: &mut Findings,
        each: Each<'_>,
    ) -> bool {
        let geometry = &self.dialect.geometry;
        let (block_size, segment_blocks) = (geometry.block_size, geometry.segment_blocks);
        let (dir, number) = (file.dir, file.number);
        let files = RelationFiles::discover(
            self.source,
            dir,
            number,
            Fork::Main,
            block_size,
            segment_blocks,
        );
        let mut scan = Scan { reader: self, file, columns, findings, each, complete: true };
        match files {
            Ok(files) if files.is_absent() => scan.lost("it is not there"),
            Ok(files) => files.segments().iter().for_each(|segment| scan.segment(&files, segment)),
            Err(error) => scan.lost(&error.to_string()),
        }
        scan.complete
    }
}

impl Scan<'_, '_> {
    fn found(&mut self, rule: &'static Rule, place: Place, evidence: String) {
        let object = Some(self.file.name.clone());
        self.findings.push(Finding::new(rule, Place { object, ..place }, evidence));
        self.complete = false;
    }

    fn lost(&mut self, evidence: &str) {
        let path = format!("{}/{}", self.file.dir, self.file.number);
        self.found(&rules::CATALOG_FILE_MISSING, Place::file(path), evidence.to_owned());
    }

    fn segment(&mut self, files: &RelationFiles<'_>, segment: &Segment) {
        if segment.kind != EntryKind::File {
            let place = Place::file(&*segment.path);
            self.found(&rules::CATALOG_FILE_MISSING, place, "it is not a file".to_owned());
            return;
        }
        let mut scratch = Vec::new();
        let mut next = segment.blocks.start;
        while next < segment.blocks.end {
            let end = segment.blocks.end.min(next.saturating_add(BLOCKS));
            let bytes = match files.read_blocks(next..end, &mut scratch) {
                Ok([]) => return,
                Ok(bytes) => bytes,
                Err(error) => {
                    let place = Place { block: Some(BlockNumber(next)), ..Place::file(error.path) };
                    let evidence = error.kind.to_string();
                    self.found(&rules::FILE_UNREADABLE, place, evidence);
                    next = end;
                    continue;
                }
            };
            for page in bytes.chunks_exact(files.block_size() as usize) {
                self.page(page, BlockNumber(next), segment);
                next = next.saturating_add(1);
            }
        }
    }

    fn page(&mut self, bytes: &[u8], block: BlockNumber, segment: &Segment) {
        let byte = u64::from(block.0.saturating_sub(segment.blocks.start)) * bytes.len() as u64;
        let at = || Place { block: Some(block), byte: Some(byte), ..Place::file(&*segment.path) };
        if is_zeroed(bytes) {
            return;
        }
        let page = match Page::parse(bytes) {
            Ok(page) => page,
            Err(error) => return self.found(&rules::CATALOG_PAGE_DAMAGED, at(), error.to_string()),
        };
        if let Err(fault) = page.header().check(bytes.len()) {
            return self.found(&rules::CATALOG_PAGE_DAMAGED, at(), fault.to_string());
        }
        for (offset, item) in page.items().filter(|(_, item)| item.lp_flags() == LpFlags::Normal) {
            match HeapTuple::behind(item, &page) {
                Some(tuple) => {
                    let lsn = page.header().pd_lsn;
                    self.tuple(&tuple, (Tid { block, offset }, lsn), at);
                }
                None => self.unreadable(at(), offset, "its line pointer leads to no tuple"),
            }
        }
    }

    fn unreadable(&mut self, place: Place, offset: OffsetNumber, evidence: &str) {
        let place = Place { offset: Some(offset), ..place };
        self.found(&rules::CATALOG_ROW_UNREADABLE, place, evidence.to_owned());
    }

    fn tuple(&mut self, tuple: &HeapTuple<'_>, (at, lsn): (Tid, Lsn), place: impl Fn() -> Place) {
        let (fate, ground) = visible::judge(&tuple.header, self.reader.xact);
        let mut values: Vec<Datum<'_>> = Vec::with_capacity(self.columns.attrs.len());
        for datum in deform(self.columns.attrs.iter().copied(), tuple) {
            match datum {
                Ok(datum) => values.push(datum),
                Err(error) if fate == Fate::Visible => {
                    self.unreadable(place(), at.offset, &error.to_string());
                }
                Err(_) => {}
            }
        }
        let header = &tuple.header;
        let rule = match ground {
            Ground::Log => None,
            Ground::Hint => Some(&rules::CATALOG_VISIBLE_BY_HINT),
            Ground::LogAgainstHint => Some(&rules::CATALOG_HINT_CONTRADICTS),
        };
        if let Some(rule) = rule {
            let evidence = format!(
                "t_xmin {}, t_xmax {}, t_infomask {:#06x}",
                header.t_xmin, header.t_xmax, header.t_infomask.0
            );
            let place = Place { offset: Some(at.offset), ..place() };
            let object = Some(self.file.name.clone());
            self.findings.push(Finding::new(rule, Place { object, ..place }, evidence));
        }
        (self.each)(&Row { values: &values, header, at, lsn, fate });
    }
}
