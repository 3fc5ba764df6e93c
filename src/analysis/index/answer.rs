//! The answer of `index`.
use super::heap::Heap;
use super::scan::{Count, IndexScan, Meta, Rules, Seen};
use super::walk::{View, Walk, summaries};
use super::{Build, Builder, Method, Role, Span};
use crate::analysis::scan::{Context, Target, scan};
use crate::analysis::verify;
use crate::cluster::{Cluster, RelKind, Relation, SelectError, Selector};
use crate::finding::Findings;
use crate::report::Coverage;
use crate::report::bloat::percent;
use crate::report::index::{
    Index, PagesOf, PgStatGinIndex, PgStatHashIndex, PgStatIndex, PgStatTuple, Reindex,
};
use crate::source::relation::RelationFiles;
use crate::source::{Progress, ReadError};
use crate::types::{Fork, Lsn};

/// What is asked.
#[derive(Debug)]
pub struct Request {
    /// Which index.
    pub index: Option<Selector>,
    /// Whether the rows that it leads to are looked up.
    pub with_heap: bool,
    /// How much of its tree is drawn.
    pub tree: Option<View>,
    /// Threads to work with, at least 1.
    pub jobs: usize,
}

/// The answer, with what was wrong and how far it was read.
#[derive(Debug)]
pub struct Answer {
    /// The answer.
    pub index: Index,
    /// What is wrong.
    pub findings: Findings,
    /// What was read.
    pub coverage: Coverage,
}

/// Why there is no answer. Each message is a sentence for the user.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message says what its fields are")]
pub enum IndexError {
    #[error(transparent)]
    Select(#[from] SelectError),
    #[error("no index was named")]
    NoIndex,
    #[error("{0} is a {1}, not an index")]
    NotAnIndex(String, String),
    #[error("the table of {0} cannot be looked up: {1}")]
    NoTable(String, String),
    #[error("could not read {0}")]
    Read(#[from] ReadError),
    #[error("could not start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// An index, found.
struct Found<'a> {
    cluster: &'a Cluster,
    relation: &'a Relation,
    name: String,
    table: Option<&'a Relation>,
    files: RelationFiles<'a>,
}

/// Takes an index apart.
///
/// # Errors
/// If it is not there or no index. Damage is in the answer.
pub fn inspect(
    cluster: &Cluster,
    request: &Request,
    progress: &dyn Progress,
) -> Result<Answer, IndexError> {
    let found = find(cluster, request.index.as_ref())?;
    let table_files = found.table_files(request.with_heap)?;
    let flags = cluster.index_flags(found.relation);
    let unique = flags.is_some_and(|flags| flags.unique);
    let build = Builder::new(cluster).build(found.relation, unique);
    let mut findings = Findings::default();
    let files = &found.files;
    verify::files::judge(cluster, found.relation, Fork::Main, files, &mut |finding| {
        findings.push(finding);
    });
    let settled = |lsn: Lsn| cluster.is_settled(found.relation.persistence, lsn);
    let heap = table_files.as_ref().filter(|_| request.with_heap);
    let heap = heap.map(|files| Heap { files, settled: &settled });
    let layout = cluster.dialect().layout;
    let columns = found.relation.columns();
    let rules = Rules { build, layout, columns, rows: true, heap };
    let (target, context) = (found.target(), found.context());
    let begin = |_: &Target<'_>| IndexScan::new(rules);
    let targets = std::slice::from_ref(&target);
    let scanned = scan(&context, targets, begin, request.jobs, progress)?;
    findings.merge(scanned.findings);
    let observer = scanned.observers.into_iter().next();
    let (rebuilt, seen) = observer.map_or_else(Default::default, IndexScan::finish);

    let mut walk = Walk::new(cluster, found.relation, &found.name, files, request.tree);
    walk.all(seen.meta.as_ref());
    let heap_blocks = table_files.as_ref().map_or(0, RelationFiles::blocks);
    let mut index = Index {
        index: found.name.clone(),
        table: found.table.map(|table| cluster.name_of(table)),
        access_method: found.relation.access_method.clone(),
        oid: found.relation.oid,
        filenode: found.relation.locator.number,
        indisunique: flags.map(|flags| flags.unique),
        indisvalid: flags.map(|flags| flags.valid),
        fillfactor: build.method.default_fillfactor().map(|_| build.fillfactor),
        index_len: target.bytes(),
        levels: walk.levels(),
        unreached_pages: walk.unreached(),
        ..Index::default()
    };
    if let Some(Meta::Brin(meta)) = &seen.meta {
        let ranges = summaries(&mut walk, meta, heap_blocks);
        let (placeholders, empty) = (seen.placeholders, seen.empty);
        index.ranges = Some(crate::report::index::Ranges { placeholders, empty, ..ranges });
    }
    index.tree = walk.drawn();
    findings.merge(walk.found);
    fill(&mut index, &seen, build, rebuilt, request.with_heap);
    let mut all = cluster.findings();
    all.merge(findings);
    let whole = u64::from(seen.lost == 0);
    let files = files.segments().len() as u64;
    let mut coverage =
        Coverage { relations: 1, relations_read: whole, files, ..Coverage::default() };
    coverage.merge(scanned.coverage);
    Ok(Answer { index, findings: all, coverage })
}

fn find<'a>(cluster: &'a Cluster, selector: Option<&Selector>) -> Result<Found<'a>, IndexError> {
    let selector = selector.ok_or(IndexError::NoIndex)?;
    let relations = cluster.select(std::slice::from_ref(selector))?;
    let [relation] = relations.as_slice() else {
        let candidates = relations.iter().map(|relation| cluster.name_of(relation)).collect();
        let what = selector.to_string();
        return Err(SelectError::Ambiguous { what, candidates }.into());
    };
    let name = cluster.name_of(relation);
    if relation.kind != RelKind::Index {
        return Err(IndexError::NotAnIndex(name, relation.kind.to_string()));
    }
    let table = relation.owner_relation.and_then(|oid| cluster.relation(relation.database, oid));
    let files = cluster.files(relation, Fork::Main)?;
    Ok(Found { cluster, relation, name, table, files })
}

impl<'a> Found<'a> {
    /// The files of its table; an error without them only if they are `needed`.
    fn table_files(&self, needed: bool) -> Result<Option<RelationFiles<'a>>, IndexError> {
        let why = match self.table.map(|table| self.cluster.files(table, Fork::Main)) {
            Some(Ok(files)) => return Ok(Some(files)),
            Some(Err(error)) => error.to_string(),
            None => "pg_index does not tell which it is".to_owned(),
        };
        if needed { Err(IndexError::NoTable(self.name.clone(), why)) } else { Ok(None) }
    }

    fn target(&self) -> Target<'a> {
        Target {
            relation: self.relation,
            name: self.name.clone(),
            segments: self.files.segments().iter().map(|one| one.blocks.clone()).collect(),
            block_size: self.files.block_size(),
            shape: None,
        }
    }

    fn context(&self) -> Context<'a, crate::cluster::TransactionLog> {
        Context {
            cluster: self.cluster,
            transactions: self.cluster.xact(),
            block_size: self.files.block_size(),
            checksums: self.cluster.dialect().geometry.checksums,
            next_xid: None,
        }
    }
}

/// Puts down what was counted.
fn fill(index: &mut Index, seen: &Seen, build: Build, rebuilt: Option<Span>, with_heap: bool) {
    index.lost_pages = seen.lost;
    index.items = seen.items;
    index.heap = with_heap.then_some(seen.heap);
    index.pages = seen.pages.iter().map(|(role, count)| pages_of(*role, count)).collect();
    index.pgstattuple = matches!(build.method, Method::Btree | Method::Hash | Method::Gist)
        .then(|| PgStatTuple { table_len: index.index_len, ..seen.tuples.clone() });
    match &seen.meta {
        Some(Meta::Btree(meta)) => index.pgstatindex = Some(pgstatindex(seen, build, meta)),
        Some(Meta::Gin(meta)) => {
            index.pgstatginindex = Some(PgStatGinIndex {
                version: meta.version,
                pending_pages: meta.n_pending_pages,
                pending_tuples: meta.n_pending_tuples,
            });
        }
        Some(Meta::Hash(meta)) => {
            let blocks = index.index_len / u64::from(build.block_size.max(1));
            index.pgstathashindex = Some(pgstathashindex(seen, blocks, meta));
        }
        Some(Meta::Brin(_)) | None => {}
    }
    index.reindex = rebuilt.map(|rebuilt| reindex(index.index_len, rebuilt));
    index.not_estimated = build.not_estimated().filter(|_| rebuilt.is_none());
}

/// What building an index anew would free.
pub(super) fn reindex(len: u64, rebuilt: Span) -> Reindex {
    let frees = len.saturating_sub(rebuilt.most);
    Reindex {
        rebuilt_len: rebuilt.most,
        rebuilt_len_least: rebuilt.differs().then_some(rebuilt.least),
        frees,
        bloat_percent: percent(frees, len),
    }
}

fn pages_of(role: Role, count: &Count) -> PagesOf {
    PagesOf {
        kind: role.name(),
        pages: count.pages,
        items: count.items,
        dead_items: count.dead_items,
        free_space: count.free,
        fill_percent: count.fill_percent(),
    }
}

/// `pgstatindex_impl` (contrib/pgstattuple/pgstatindex.c).
fn pgstatindex(seen: &Seen, build: Build, meta: &crate::format::index::btree::Meta) -> PgStatIndex {
    let pages = |role| seen.pages.get(&role).map_or(0, |count| count.pages);
    let leaves = seen.pages.get(&Role::Leaf).copied().unwrap_or_default();
    // A page of zeros has no flag there that says otherwise.
    let internal_pages = pages(Role::Root) + pages(Role::Internal) + pages(Role::New);
    let (empty_pages, deleted_pages) = (pages(Role::HalfDead), pages(Role::Deleted));
    let all = 1 + internal_pages + leaves.pages + empty_pages + deleted_pages;
    PgStatIndex {
        version: meta.btm_version,
        tree_level: meta.btm_level,
        index_size: all * u64::from(build.block_size),
        root_block_no: meta.btm_root,
        internal_pages,
        leaf_pages: leaves.pages,
        empty_pages,
        deleted_pages,
        avg_leaf_density: (leaves.room > 0)
            .then(|| hundredths(100.0 - percent(seen.leaf_free, leaves.room))),
        leaf_fragmentation: (leaves.pages > 0)
            .then(|| hundredths(percent(seen.fragments, leaves.pages))),
    }
}

/// Rounded to two decimals, as that function prints its percents.
fn hundredths(percent: f64) -> f64 {
    format!("{percent:.2}").parse().unwrap_or(percent)
}

/// `pgstathashindex` (contrib/pgstattuple/pgstatindex.c).
fn pgstathashindex(
    seen: &Seen,
    blocks: u64,
    meta: &crate::format::index::hash::Meta,
) -> PgStatHashIndex {
    let count = |role| seen.pages.get(&role).copied().unwrap_or_default();
    let (bucket, overflow) = (count(Role::Bucket), count(Role::Overflow));
    let bitmap_pages = count(Role::Bitmap).pages;
    let unused_pages = count(Role::Unused).pages + count(Role::New).pages;
    let per_page = u64::from(meta.hashm_bsize);
    let free = bucket.free + overflow.free + unused_pages * per_page;
    let items = bucket.items + overflow.items;
    let dead_items = bucket.dead_items + overflow.dead_items;
    PgStatHashIndex {
        version: meta.hashm_version,
        bucket_pages: bucket.pages,
        overflow_pages: overflow.pages,
        bitmap_pages,
        unused_pages,
        live_items: items - dead_items,
        dead_items,
        free_percent: percent(free, blocks.saturating_sub(bitmap_pages + 1) * per_page),
    }
}
