//! Pages as they are before replay.
use super::fork::Page;
use crate::cluster::Cluster;
use crate::format::page::{PageHeader, checksum, is_new, is_zeroed};
use crate::source::relation::RelationFiles;
use crate::types::{BlockNumber, Fork, Lsn, Oid, RelFileNumber};

/// The files of a data directory, as replay finds them.
#[derive(Debug)]
pub struct Disk<'c> {
    cluster: &'c Cluster,
    scratch: Vec<u8>,
}

impl<'c> Disk<'c> {
    /// Those of `cluster`.
    pub const fn new(cluster: &'c Cluster) -> Self {
        Self { cluster, scratch: Vec::new() }
    }

    /// The files of a fork in the directory of a database; `None` if there are none. What an
    /// unlogged relation has beside its init fork is removed before anything is replayed
    /// (`ResetUnloggedRelations`, storage/file/reinit.c).
    pub(super) fn files(
        &self,
        (tablespace, database): (Oid, Oid),
        number: RelFileNumber,
        fork: Fork,
    ) -> Option<RelationFiles<'c>> {
        let geometry = &self.cluster.dialect().geometry;
        let dir = self.cluster.tablespaces().directory(tablespace, database)?;
        let source = self.cluster.source();
        let index = source.relation_index(&dir).ok()?;
        if fork != Fork::Init && !index.fork(number, Fork::Init).is_empty() {
            return None;
        }
        let (block_size, segment) = (geometry.block_size, geometry.segment_blocks);
        let files = RelationFiles::discover(source, &dir, number, fork, block_size, segment);
        files.ok().filter(|files| !files.is_absent())
    }

    /// The page of a block as a server would see it (`PageIsVerified`, storage/page/bufpage.c).
    pub(super) fn page(&mut self, files: &RelationFiles<'_>, block: u32) -> Page {
        let geometry = &self.cluster.dialect().geometry;
        let read = files.read_blocks(block..block.saturating_add(1), &mut self.scratch);
        let bytes = read.unwrap_or_default();
        let whole = bytes.len() == geometry.block_size as usize;
        let Some((_, header)) = PageHeader::parse(bytes).ok().filter(|_| whole) else {
            return Page::damaged(Lsn::INVALID);
        };
        if is_new(bytes) {
            return if is_zeroed(bytes) { Page::NEW } else { Page::damaged(header.pd_lsn) };
        }
        let sound = header.check(bytes.len()).is_ok()
            && !(geometry.checksums && checksum(bytes, BlockNumber(block)) != header.pd_checksum);
        if sound { Page::at(header.pd_lsn) } else { Page::damaged(header.pd_lsn) }
    }
}
