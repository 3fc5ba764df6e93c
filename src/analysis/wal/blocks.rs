//! `wal blocks`: every record about the blocks of a relation, and where their last images are.
use super::Filter;
use super::pass::{Passed, pass_in_parts};
use crate::format::wal::rmgr::{self, Body};
use crate::format::wal::{BlockRef, Located, Record};
use crate::report::wal::blocks::{Blocks, Deed, Touch, TouchedBlock};
use crate::report::wal::dump::ImageRow;
use crate::types::{BlockNumber, Fork};
use crate::wal::{Keys, Log, Range};
use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;

/// Records that are handed on.
const ENOUGH: usize = 256;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The relation's name.
    pub relation: String,
    /// Which part of the log.
    pub range: Range,
    /// Which blocks, of which relation.
    pub filter: Filter,
    /// Whether the records are wanted, and not only how many there are.
    pub records: bool,
    /// Threads.
    pub jobs: usize,
}

/// What some records of a segment say.
#[derive(Debug, Default)]
struct Noted {
    blocks: BTreeMap<(Fork, BlockNumber), TouchedBlock>,
    records: Vec<Touch>,
}

/// Reads the log and answers; `keys` are what index tuples hold. The records go to `sink`.
///
/// # Errors
/// Those of `sink`.
pub fn blocks(
    log: &Log,
    keys: &Keys<'_>,
    request: &Request,
    mut sink: impl FnMut(Touch) -> io::Result<()>,
) -> io::Result<(Blocks, Passed)> {
    let mut all = Noted::default();
    let mut written = Ok(());
    let look = |noted: &mut Noted, located: &Located<'_>, record: &Record<'_>| {
        if request.filter.passes(record, &log.dialect) {
            let meant = record.blocks.iter().filter(|block| request.filter.is_meant(block));
            meant.for_each(|block| noted.touch((log, keys), request, located, record, block));
        }
    };
    let note = (look, |noted: &Noted| noted.records.len() >= ENOUGH);
    let passed = pass_in_parts(log, request.range, request.jobs, note, |noted| {
        noted.blocks.into_values().for_each(|block| all.add(block));
        written = noted.records.into_iter().try_for_each(&mut sink);
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let (relation, blocks) = (request.relation.clone(), all.blocks.into_values().collect());
    written.map(|()| (Blocks { relation, blocks, records: Vec::new(), next: None }, passed))
}

impl Noted {
    fn touch(
        &mut self,
        (log, keys): (&Log, &Keys<'_>),
        request: &Request,
        located: &Located<'_>,
        record: &Record<'_>,
        block: &BlockRef<'_>,
    ) {
        let deed = match &block.image {
            Some(image) if image.apply => Deed::Restored,
            _ if block.will_init() => Deed::Initialised,
            _ => Deed::Changed,
        };
        let lsn = located.lsn;
        self.add(TouchedBlock {
            fork: block.fork,
            block: block.block,
            records: 1,
            initialised: (deed == Deed::Initialised).into(),
            images: (deed == Deed::Restored).into(),
            first: lsn,
            last: lsn,
            last_image: (deed == Deed::Restored).then_some(lsn),
        });
        if !request.records {
            return;
        }
        let (layout, header) = (log.dialect.layout, record.header);
        let body = Body::parse(record, &log.dialect).ok();
        let description = body.as_ref().map_or_else(String::new, |body| body.description(layout));
        let tuples = body.as_ref().map_or_else(Vec::new, |body| keys.of(record, body));
        let own = tuples.into_iter().filter(|(id, _)| *id == block.id);
        let manager = rmgr::name(header.xl_rmid);
        let record_type = match rmgr::identify(header.xl_rmid, header.info(), layout) {
            Some(name) => format!("{manager}/{name}"),
            None => format!("{manager}/{:#04x}", header.info()),
        };
        self.records.push(Touch {
            start_lsn: lsn,
            end_lsn: located.next,
            xid: header.xl_xid,
            record_type,
            fork: block.fork,
            block: block.block,
            deed,
            image: block.image.as_ref().map(ImageRow::of),
            description: description.trim_end().to_owned(),
            index_tuples: own.map(|(_, row)| row).collect(),
        });
    }

    /// Adds what comes later in the log.
    fn add(&mut self, later: TouchedBlock) {
        let key = (later.fork, later.block);
        match self.blocks.get_mut(&key) {
            None => {
                self.blocks.insert(key, later);
            }
            Some(block) => {
                block.records += later.records;
                block.initialised += later.initialised;
                block.images += later.images;
                block.last = later.last;
                block.last_image = later.last_image.or(block.last_image);
            }
        }
    }
}
