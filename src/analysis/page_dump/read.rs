//! Which pages are asked for, and where they are.
use super::{Column, Columns, History, Known, dump, kind};
use crate::analysis::inventory::files_of_nothing;
use crate::analysis::snapshot::{SnapshotError, Viewer};
use crate::analysis::verify::heap::Shape;
use crate::cluster::{
    Attribute, BlockSelector, Cluster, IndexShape, RelKind, Relation, SelectError, Selector,
};
use crate::finding::{Findings, Place, rules};
use crate::format::page::Page;
use crate::format::slru::multixact::MultiXactMember;
use crate::report::Coverage;
use crate::report::page::index::{Content, IndexInfo};
use crate::report::page::{PageDump, PageKind, Pages, Snapshot, Views};
use crate::source::ReadError;
use crate::source::relation::{RelationFileName, RelationFiles};
use crate::types::{BlockNumber, Fork, MultiXactId};
use std::ops::Range;

/// Blocks in one answer, most: each page taken apart takes a hundred times its bytes.
const MOST_BLOCKS: u64 = 1000;

/// What is asked for.
#[derive(Debug)]
pub struct Request {
    /// Of which relation; none if the input is one file.
    pub relation: Option<Selector>,
    /// Of which fork; else the one that the selector names, or the main one.
    pub fork: Option<Fork>,
    /// Which blocks; the first if none is given.
    pub blocks: Vec<BlockSelector>,
    /// What is wanted beside the fields.
    pub views: Views,
    /// Who looks at the tuples.
    pub viewer: Option<Viewer>,
}

/// The answer.
#[derive(Debug)]
pub struct Answer {
    /// The pages.
    pub pages: Pages,
    /// What is wrong with them.
    pub findings: Findings,
    /// What was read.
    pub coverage: Coverage,
}

/// Why there is no answer. Each message is a sentence for the user.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message says what its fields are")]
pub enum PageError {
    #[error(transparent)]
    Select(#[from] SelectError),
    #[error("no relation was named")]
    NoRelation,
    #[error("{0} has no {1} fork")]
    NoFork(String, Fork),
    #[error("{relation} has no block {block}: its blocks end before {blocks}")]
    NoBlock { relation: String, block: u32, blocks: u32 },
    #[error(
        "{blocks} blocks were asked for, and page takes apart at most {MOST_BLOCKS} at once: ask for \
         part of them, or for the whole table with audit"
    )]
    TooMany { blocks: u64 },
    #[error("a snapshot decides on rows, and {0} has none")]
    NoRows(String),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    #[error("could not read {0}")]
    Read(#[from] ReadError),
}

/// One fork of one relation, found.
struct Target<'a> {
    name: String,
    fork: Fork,
    /// `None` if pg_class says nothing of it.
    kind: Option<PageKind>,
    /// The relation; none if the input is one file.
    relation: Option<&'a Relation>,
    /// How its rows are stored, if pg_attribute can tell.
    shape: Option<Shape>,
    /// Its columns, if they are known and wanted.
    columns: Option<Columns<'a>>,
    /// What its tuples hold, if it is an index and the catalogs can tell.
    index: Option<IndexShape<'a>>,
    files: RelationFiles<'a>,
}

fn shape_of<'a>(cluster: &'a Cluster, relation: &Relation) -> Option<IndexShape<'a>> {
    if relation.kind == RelKind::Index { cluster.index_shape(relation) } else { None }
}

/// What a report says of a relation, if it is an index.
pub fn index_info(cluster: &Cluster, relation: &Relation) -> Option<IndexInfo> {
    let shape = shape_of(cluster, relation);
    (relation.kind == RelKind::Index).then(|| super::index::info(relation, shape.as_ref()))?
}

/// Finds the pages, takes them apart and judges them.
///
/// # Errors
/// If the relation or a block of it is not there. Blocks that cannot be read are in the coverage.
pub fn pages(cluster: &Cluster, request: &Request) -> Result<Answer, PageError> {
    let target = target(cluster, request)?;
    if let Some(viewer) = &request.viewer {
        check(viewer, cluster, &target)?;
    }
    let mut answer = Answer {
        pages: Pages {
            relation: target.name.clone(),
            fork: target.fork,
            snapshot: None,
            index: match target.relation {
                Some(index) if index.kind == RelKind::Index => {
                    super::index::info(index, target.index.as_ref())
                }
                _ => None,
            },
            pages: Vec::new(),
        },
        findings: cluster.findings(),
        coverage: Coverage { relations: 1, relations_read: 1, ..Coverage::default() },
    };
    let first = [BlockSelector::Range(0..=0)];
    let blocks = if request.blocks.is_empty() { &first[..] } else { &request.blocks };
    let mut scratch = Vec::new();
    let ranges = blocks.iter().map(|selector| range(selector, &target));
    let ranges = ranges.collect::<Result<Vec<_>, _>>()?;
    let count = ranges.iter().map(|(range, _)| range.len() as u64).sum();
    if count > MOST_BLOCKS {
        return Err(PageError::TooMany { blocks: count });
    }
    for (range, selected) in ranges {
        for block in range {
            let known = Read { cluster, target: &target, request, block, selected };
            known.page(&mut answer, &mut scratch)?;
        }
    }
    let seen = request.viewer.as_ref().map(|viewer| counted(viewer, &answer.pages.pages));
    answer.pages.snapshot = seen;
    Ok(answer)
}

/// Whether there are rows here, and the snapshot can be one of this cluster.
fn check(viewer: &Viewer, cluster: &Cluster, target: &Target<'_>) -> Result<(), PageError> {
    let heap = matches!(target.kind, None | Some(PageKind::Heap));
    if target.fork != Fork::Main || !heap {
        return Err(PageError::NoRows(target.name.clone()));
    }
    if let Some(control) = cluster.control() {
        let next = control.check_point_copy.next_xid;
        viewer.check(next, cluster.next_xid_after_shutdown().is_some())?;
    }
    Ok(())
}

/// What the viewer sees of all pages.
fn counted(viewer: &Viewer, pages: &[PageDump]) -> Snapshot {
    let tuples = pages.iter().flat_map(|page| &page.items).filter_map(|item| item.tuple.as_ref());
    let sights = tuples.filter_map(|tuple| tuple.snapshot.as_ref());
    let count = |seen| sights.clone().filter(|sight| sight.visible == seen).count() as u64;
    let of = &viewer.snapshot;
    Snapshot {
        xmin: of.xmin,
        xmax: of.xmax,
        xip: of.xip.clone(),
        xid: viewer.xid,
        cid: viewer.cid,
        visible: count(Some(true)),
        invisible: count(Some(false)),
        unknown: count(None),
    }
}

fn target<'a>(cluster: &'a Cluster, request: &Request) -> Result<Target<'a>, PageError> {
    let source = cluster.source();
    if let Some(path) = source.single_file() {
        let geometry = &cluster.dialect().geometry;
        let files =
            RelationFiles::of_file(source, path, geometry.block_size, geometry.segment_blocks)?;
        let fork = request.fork.or_else(|| fork_of(path)).unwrap_or_default();
        return Ok(Target {
            name: path.to_owned(),
            fork,
            kind: None,
            relation: None,
            shape: None,
            columns: None,
            index: None,
            files,
        });
    }
    let selector = request.relation.as_ref().ok_or(PageError::NoRelation)?;
    let named = match selector {
        Selector::Path(path) => fork_of(path),
        _ => None,
    };
    let fork = request.fork.or(named).unwrap_or_default();
    let relations = match cluster.select(std::slice::from_ref(selector)) {
        Ok(relations) => relations,
        Err(error) => return of_nothing(cluster, selector, fork)?.ok_or(PageError::Select(error)),
    };
    let [relation] = relations.as_slice() else {
        let candidates = relations.iter().map(|relation| cluster.name_of(relation)).collect();
        let what = format!("{selector:?}");
        return Err(if relations.is_empty() {
            PageError::Select(SelectError::Unknown { what, nearest: candidates })
        } else {
            PageError::Select(SelectError::Ambiguous { what, candidates })
        });
    };
    let files = cluster.files(relation, fork)?;
    let name = cluster.name_of(relation);
    if files.is_absent() {
        return Err(PageError::NoFork(name, fork));
    }
    let storage = cluster.storage_of(relation.database, &|oid| oid == relation.oid);
    let shape = Shape::of(relation, &storage);
    let wanted = request.views.hex || request.views.explain;
    let columns = if wanted { columns(cluster, relation) } else { None };
    let index = shape_of(cluster, relation);
    let kind = kind::of(relation);
    Ok(Target { name, fork, kind, relation: Some(relation), shape, columns, index, files })
}

/// A file that belongs to no relation, if the selector names one.
fn of_nothing<'a>(
    cluster: &'a Cluster,
    selector: &Selector,
    fork: Fork,
) -> Result<Option<Target<'a>>, PageError> {
    let paths = files_of_nothing(cluster, selector);
    let [path] = paths.as_slice() else {
        let what = selector.to_string();
        let error = SelectError::Ambiguous { what, candidates: paths.clone() };
        return if paths.is_empty() { Ok(None) } else { Err(error.into()) };
    };
    let (dir, file) = path.rsplit_once('/').unwrap_or(("", path));
    let Some(RelationFileName { backend, number, .. }) = RelationFileName::parse(file) else {
        return Ok(None);
    };
    let geometry = &cluster.dialect().geometry;
    let sizes = (geometry.block_size, geometry.segment_blocks);
    let files = RelationFiles::of_backend(cluster.source(), dir, (backend, number), fork, sizes)?;
    let name = format!("{path} (of no relation)");
    if files.is_absent() {
        return Err(PageError::NoFork(name, fork));
    }
    let (kind, relation, shape, columns, index) = (None, None, None, None, None);
    Ok(Some(Target { name, fork, kind, relation, shape, columns, index, files }))
}

/// The columns of a relation, none if any is missing.
fn columns<'a>(cluster: &'a Cluster, relation: &Relation) -> Option<Columns<'a>> {
    let values = cluster.values(relation.database);
    let columns = cluster.columns(relation);
    let numbers = columns.iter().map(|column| column.number);
    let all = numbers.eq((1..).take(relation.relnatts.into()));
    let column = |column: Attribute| Column {
        type_name: if column.is_dropped {
            String::new()
        } else {
            values.types.format(column.type_oid, column.modifier)
        },
        name: column.name,
        storage: column.storage,
        type_oid: column.type_oid,
    };
    let columns = columns.into_iter().map(column).collect();
    all.then_some(Columns { columns, values })
}

fn fork_of(path: &str) -> Option<Fork> {
    let name = path.rsplit('/').next().unwrap_or(path);
    RelationFileName::parse(name).map(|name| name.fork)
}

/// The blocks that a selector means, and the line pointer in it.
fn range(
    selector: &BlockSelector,
    target: &Target<'_>,
) -> Result<(Range<u32>, Option<crate::types::OffsetNumber>), PageError> {
    let end = target.files.end();
    let (range, selected) = match selector {
        BlockSelector::Last => (end.saturating_sub(1)..end.max(1), None),
        BlockSelector::Range(range) => (*range.start()..range.end().saturating_add(1), None),
        BlockSelector::Tuple(tid) => (tid.block.0..tid.block.0.saturating_add(1), Some(tid.offset)),
    };
    // Of a range that begins inside, what is there is shown.
    if range.start >= end {
        let (relation, block) = (target.name.clone(), range.start);
        return Err(PageError::NoBlock { relation, block, blocks: end });
    }
    Ok((range.start..range.end.min(end), selected))
}

/// One block on its way.
struct Read<'a> {
    cluster: &'a Cluster,
    target: &'a Target<'a>,
    request: &'a Request,
    block: u32,
    selected: Option<crate::types::OffsetNumber>,
}

impl Read<'_> {
    fn page(&self, answer: &mut Answer, scratch: &mut Vec<u8>) -> Result<(), PageError> {
        let Target { name, fork, files, .. } = self.target;
        let (segment, byte) = match files.locate(self.block) {
            Ok(found) => found,
            Err(error) => return self.lost(answer, &error),
        };
        let bytes = match files.read_blocks(self.block..self.block.saturating_add(1), scratch) {
            Ok(bytes) => bytes,
            Err(error) => return self.lost(answer, &error),
        };
        let layout = self.cluster.dialect().layout;
        let settled =
            self.target.relation.zip(Page::parse(bytes).ok()).is_some_and(|(relation, page)| {
                self.cluster.is_settled(relation.persistence, page.header().pd_lsn)
            });
        let known = Known {
            block: BlockNumber(self.block),
            fork: *fork,
            object: name,
            relation: &layout.relation_in_message(segment.relation_path()),
            file: &segment.path,
            byte,
            kind: kind::at(*fork, self.target.kind, bytes),
            shape: self.target.shape.as_ref().filter(|_| settled),
            index: self.target.index.as_ref(),
            layout,
            checksums: self.cluster.dialect().geometry.checksums,
            // Only IvorySQL has this file, and it has no tables WITH OIDS.
            rowids: self.cluster.source().file("ivorysql.conf").is_ok(),
            history: self.cluster.xact(),
            next_xid: self.cluster.next_xid_after_shutdown(),
            viewer: self.request.viewer.as_ref(),
            selected: self.selected,
            columns: self.target.columns.as_ref(),
            views: self.request.views,
        };
        match dump(bytes, &known, &mut |finding| answer.findings.push(finding)) {
            Some(mut page) => {
                let len = bytes.len();
                self.look_elsewhere(&mut page);
                answer.add(page, len);
            }
            None => answer.coverage.skip(format!("block {}", self.block), "it is not there"),
        }
        Ok(())
    }

    /// Adds what other pages of the relation say of this one.
    fn look_elsewhere(&self, page: &mut PageDump) {
        if let Some(Content::Hash(hash)) = &mut page.content
            // One that is free is unused.
            && matches!(hash.page_type.as_str(), "overflow" | "unused")
        {
            let read = |block: BlockNumber| {
                let mut scratch = Vec::new();
                let blocks = block.0..block.0.saturating_add(1);
                let bytes = self.target.files.read_blocks(blocks, &mut scratch).ok()?;
                Some(bytes.to_vec())
            };
            hash.bitmap_info = super::index::hash_bit_of(page.block, &read);
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "to be returned where a page is lost")]
    fn lost(&self, answer: &mut Answer, error: &ReadError) -> Result<(), PageError> {
        let place = Place {
            object: Some(self.target.name.clone()),
            block: Some(BlockNumber(self.block)),
            ..Place::file(error.path.clone())
        };
        let what = error.kind.to_string();
        answer.findings.push(crate::finding::Finding::new(&rules::FILE_UNREADABLE, place, what));
        answer.coverage.relations_read = 0;
        answer
            .coverage
            .skip(format!("{} block {}", self.target.name, self.block), error.to_string());
        Ok(())
    }
}

/// A page that was found elsewhere than in its relation's files, such as a full-page image.
#[derive(Debug)]
pub struct Found<'a> {
    /// The relation, if it is known.
    pub relation: Option<&'a Relation>,
    /// Its name.
    pub name: &'a str,
    /// The fork.
    pub fork: Fork,
    /// The block.
    pub block: BlockNumber,
    /// The file that it was found in.
    pub file: &'a str,
    /// Where in that file.
    pub byte: u64,
}

/// Takes such a page apart. Its checksum is not judged, as it is computed when a page is written to
/// its file; nor are its transactions, as it may be older than what is known of them. `None` if there
/// is not even a page header.
pub fn found(cluster: &Cluster, page: &Found<'_>, bytes: &[u8], views: Views) -> Option<PageDump> {
    let index = page.relation.and_then(|relation| shape_of(cluster, relation));
    let known = Known {
        block: page.block,
        fork: page.fork,
        object: page.name,
        relation: page.name,
        file: page.file,
        byte: page.byte,
        kind: kind::at(page.fork, page.relation.and_then(kind::of), bytes),
        shape: None,
        index: index.as_ref(),
        layout: cluster.dialect().layout,
        checksums: false,
        rowids: cluster.source().file("ivorysql.conf").is_ok(),
        history: cluster.xact(),
        next_xid: None,
        viewer: None,
        selected: None,
        columns: None,
        views,
    };
    dump(bytes, &known, &mut |_| {})
}

impl Answer {
    fn add(&mut self, page: PageDump, len: usize) {
        self.pages.pages.push(page);
        self.coverage.blocks += 1;
        self.coverage.bytes += len as u64;
        self.coverage.files = self.coverage.files.max(1);
    }
}

impl History for crate::cluster::TransactionLog {
    fn all_members(&self, multi: MultiXactId) -> Vec<MultiXactMember> {
        self.members(multi).unwrap_or_default()
    }
}
