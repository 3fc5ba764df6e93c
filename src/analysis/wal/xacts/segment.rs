//! What one segment has of transactions, taken down by the thread that read it.
use crate::analysis::wal::counter::{Counter, Seed};
use crate::format::wal::rmgr::heap::Heap;
use crate::format::wal::rmgr::heap2::Heap2;
use crate::format::wal::rmgr::smgr::SmgrRecord;
use crate::format::wal::rmgr::xact::{Ending, Xact};
use crate::format::wal::rmgr::xlog::Xlog;
use crate::format::wal::rmgr::{self, Body};
use crate::format::wal::{Located, Record};
use crate::report::wal::stats::Tally;
use crate::report::wal::xacts::{Action, XactState};
use crate::types::{Fork, FullXid, Lsn, Oid, RelFileLocator, TimestampTz, Xid};
use crate::wal::{Event, Gap, Kept, Log, SegmentReader, Watch};
use std::collections::HashSet;

/// Relations that are kept of one transaction; what it did to others is not told apart.
pub(super) const MOST_RELATIONS: usize = 256;
/// Files that are kept of those that go with one transaction.
const MOST_FILES: usize = 4096;
/// `XLH_DELETE_IS_SUPER`: a row inserted speculatively goes again, and never was.
const DELETE_IS_SUPER: u8 = 1 << 3;

/// Rows changed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rows {
    pub(super) inserted: u64,
    pub(super) updated: u64,
    pub(super) deleted: u64,
}

/// What a (sub)transaction did.
#[derive(Debug, Clone, Default)]
pub(super) struct Work {
    pub(super) first: Option<Lsn>,
    pub(super) last: Lsn,
    pub(super) tally: Tally,
    pub(super) origin: Option<u16>,
    /// The transaction that it belongs to, where a record says so.
    pub(super) top: Option<Xid>,
    pub(super) relations: Vec<(RelFileLocator, Rows)>,
    /// Relations beyond those.
    pub(super) more: u32,
    pub(super) created: u32,
    /// Databases and tablespaces.
    pub(super) objects: Vec<(Action, Object)>,
}

/// An object that is no relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Object {
    Database(Oid),
    Tablespace(Oid),
}

/// The end of a transaction, or its PREPARE.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) xid: Xid,
    pub(super) lsn: Lsn,
    pub(super) state: XactState,
    pub(super) time: TimestampTz,
    pub(super) subxacts: Vec<Xid>,
    pub(super) gid: Option<String>,
    pub(super) dropped: Vec<RelFileLocator>,
}

/// What happens at a point, in the order of the log.
#[derive(Debug)]
pub(super) enum Mark {
    Ended(Ended),
    RestorePoint(String),
    /// Subtransactions of a transaction.
    Assigned(Xid, Vec<Xid>),
}

/// One segment.
pub(super) struct Segment {
    pub(super) work: Counter<Xid, Work>,
    pub(super) marks: Vec<Mark>,
    pub(super) kept: Vec<Kept>,
    pub(super) next_xid: Option<FullXid>,
    pub(super) bytes: u64,
    pub(super) gaps: Vec<Gap>,
}

impl Segment {
    /// Reads one; `open_only` leaves out what transactions did that commit in it.
    pub(super) fn read(
        log: &Log,
        watch: Option<&Watch>,
        open_only: bool,
        reader: &mut SegmentReader<'_, '_>,
    ) -> Self {
        let mut segment = Self {
            work: Counter::new(),
            marks: Vec::new(),
            kept: Vec::new(),
            next_xid: None,
            bytes: 0,
            gaps: Vec::new(),
        };
        while let Some(event) = reader.read() {
            match event {
                Event::Gap(gap) => segment.gaps.push(gap),
                Event::Record(located) => match Record::parse(located.bytes, &log.dialect) {
                    Ok(record) => segment.record(log, watch, &located, &record),
                    Err(fault) => segment.gaps.push(Gap::undecodable(log, &located, fault)),
                },
            }
        }
        if open_only {
            segment.forget_committed();
        }
        segment
    }

    /// Most transactions begin and end in one segment, millions in a log: what none asks for is not put
    /// together by the one thread that takes segments in order.
    fn forget_committed(&mut self) {
        let mut gone = HashSet::with_hasher(Seed::new());
        for mark in &self.marks {
            if let Mark::Ended(of) = mark
                && of.state == XactState::Committed
            {
                gone.extend(of.subxacts.iter().chain([&of.xid]).map(|xid| xid.0));
            }
        }
        self.work.rows.retain(|(xid, _)| !gone.contains(&xid.0));
    }

    fn record(
        &mut self,
        log: &Log,
        watch: Option<&Watch>,
        located: &Located<'_>,
        record: &Record<'_>,
    ) {
        self.bytes += u64::from(record.header.xl_tot_len);
        if watch.is_some_and(|watch| watch.wants(record)) {
            self.kept.push(Kept { lsn: located.lsn, bytes: located.bytes.into() });
        }
        let rmid = record.header.xl_rmid;
        let manager = rmgr::NAMES.get(usize::from(rmid)).copied().unwrap_or_default();
        match manager {
            "Transaction" => self.transaction(log, located.lsn, record),
            "XLOG" => self.xlog(log, record),
            _ => {}
        }
        let xid = record.header.xl_xid;
        if xid.0 == 0 {
            return;
        }
        let work = self.work.of(xid, xid.0);
        work.first.get_or_insert(located.lsn);
        work.last = located.lsn;
        work.origin = work.origin.or(record.origin);
        work.top = work.top.or(record.toplevel_xid);
        let fpi_size = u64::from(record.fpi_len());
        let record_size = u64::from(record.header.xl_tot_len).saturating_sub(fpi_size);
        work.tally.add(Tally { count: 1, record_size, fpi_size });
        match manager {
            "Heap" | "Heap2" => work.rows(log, record),
            "Storage" => {
                if let Ok(Body::Smgr(SmgrRecord::Create(of))) = Body::parse(record, &log.dialect) {
                    work.created += u32::from(of.fork_num == Fork::Main);
                }
            }
            "Database" | "Tablespace" => work.object(log, manager, record),
            _ => {}
        }
    }

    fn transaction(&mut self, log: &Log, lsn: Lsn, record: &Record<'_>) {
        let own = record.header.xl_xid;
        let (state, ending) = match Body::parse(record, &log.dialect) {
            Ok(Body::Xact(Xact::Commit(ending))) => (XactState::Committed, ending),
            Ok(Body::Xact(Xact::Abort(ending))) => (XactState::Aborted, ending),
            Ok(Body::Xact(Xact::Prepare(prepare))) => {
                let of = prepare.state;
                let (time, gid) = (of.prepared_at, Some(of.gid));
                let (state, dropped) = (XactState::Prepared, Vec::new());
                let subxacts = of.subxacts;
                let ended = Ended { xid: own, lsn, state, time, subxacts, gid, dropped };
                return self.marks.push(Mark::Ended(ended));
            }
            Ok(Body::Xact(Xact::Assignment(of))) => {
                return self.marks.push(Mark::Assigned(of.xtop, of.xsub.iter().collect()));
            }
            _ => return,
        };
        let Ending { xact_time: time, subxacts, xlocators, twophase_xid, twophase_gid, .. } =
            ending;
        self.marks.push(Mark::Ended(Ended {
            xid: twophase_xid.unwrap_or(own),
            lsn,
            state,
            time,
            subxacts: subxacts.iter().collect(),
            gid: twophase_gid.map(|gid| gid.to_string()),
            dropped: xlocators.iter().take(MOST_FILES).collect(),
        }));
    }

    fn xlog(&mut self, log: &Log, record: &Record<'_>) {
        // Checkpoints and restore points.
        if !matches!(record.info(), 0x00 | 0x10 | 0x70) {
            return;
        }
        match Body::parse(record, &log.dialect) {
            Ok(Body::Xlog(Xlog::CheckpointShutdown(of) | Xlog::CheckpointOnline(of))) => {
                self.next_xid = Some(of.next_xid);
            }
            Ok(Body::Xlog(Xlog::RestorePoint(of))) => {
                self.marks.push(Mark::RestorePoint(of.rp_name.to_string()));
            }
            _ => {}
        }
    }
}

impl Work {
    fn rows(&mut self, log: &Log, record: &Record<'_>) {
        let Some(block) = record.blocks.first() else { return };
        let mut rows = Rows::default();
        match Body::parse(record, &log.dialect) {
            Ok(Body::Heap(Heap::Insert(_))) => rows.inserted = 1,
            Ok(Body::Heap(Heap::Update(_) | Heap::HotUpdate(_))) => rows.updated = 1,
            Ok(Body::Heap(Heap::Delete(of))) if of.flags & DELETE_IS_SUPER != 0 => {
                let known = self.relations.iter_mut().find(|(of, _)| *of == block.locator);
                if let Some((_, rows)) = known {
                    rows.inserted = rows.inserted.saturating_sub(1);
                }
                return;
            }
            Ok(Body::Heap(Heap::Delete(_))) => rows.deleted = 1,
            Ok(Body::Heap2(Heap2::MultiInsert(of))) => rows.inserted = of.ntuples.into(),
            _ => return,
        }
        self.add(block.locator, rows);
    }

    /// Adds rows of a relation.
    pub(super) fn add(&mut self, locator: RelFileLocator, rows: Rows) {
        let all = self.relations.len();
        match self.relations.iter_mut().rev().find(|(known, _)| *known == locator) {
            Some((_, of)) => {
                of.inserted += rows.inserted;
                of.updated += rows.updated;
                of.deleted += rows.deleted;
            }
            None if all < MOST_RELATIONS => self.relations.push((locator, rows)),
            None => self.more = self.more.saturating_add(1),
        }
    }

    /// A database or a tablespace made or dropped: the record begins with its oid.
    fn object(&mut self, log: &Log, manager: &str, record: &Record<'_>) {
        let Some(oid) = record.main.first_chunk() else { return };
        let oid = Oid(u32::from_le_bytes(*oid));
        let object = match manager {
            "Database" => Object::Database(oid),
            _ => Object::Tablespace(oid),
        };
        let name = rmgr::identify(record.header.xl_rmid, record.info(), log.shape.layout);
        let dropped = name.is_some_and(|name| name.starts_with("DROP"));
        let action = if dropped { Action::Dropped } else { Action::Created };
        if self.objects.len() < MOST_RELATIONS && !self.objects.contains(&(action, object)) {
            self.objects.push((action, object));
        }
    }

    /// Adds what another (sub)transaction, or the same in another segment, did.
    pub(super) fn merge(&mut self, other: Self) {
        self.cost(&other);
        self.origin = self.origin.or(other.origin);
        self.top = self.top.or(other.top);
        self.more = self.more.saturating_add(other.more);
        self.created = self.created.saturating_add(other.created);
        other.relations.into_iter().for_each(|(locator, rows)| self.add(locator, rows));
        self.objects.extend(other.objects);
        self.objects.truncate(MOST_RELATIONS);
    }

    /// Adds only what another one's records cost.
    pub(super) fn cost(&mut self, other: &Self) {
        self.first = match (self.first, other.first) {
            (Some(own), Some(other)) => Some(own.min(other)),
            (own, other) => own.or(other),
        };
        self.last = self.last.max(other.last);
        self.tally.add(other.tally);
    }
}
