//! What becomes of each transaction.
use super::{Counters, Event, Noted};
use crate::cluster::Overlay;
use crate::format::twophase::TwoPhaseState;
use crate::types::{Lsn, Oid, TimestampTz, Xid};
use std::collections::BTreeMap;

/// A commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastCommit {
    /// The transaction.
    pub xid: Xid,
    /// The record.
    pub lsn: Lsn,
    /// When.
    pub time: TimestampTz,
}

/// A transaction that stays prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InDoubt {
    /// The transaction.
    pub xid: Xid,
    /// Its global identifier.
    pub gid: String,
    /// When it was prepared.
    pub prepared_at: TimestampTz,
    /// The role that prepared it.
    pub owner: Oid,
    /// Its database.
    pub database: Oid,
    /// Its subtransactions.
    pub subxacts: Vec<Xid>,
    /// The record in the WAL that is replayed; `None` if only its file has it.
    pub lsn: Option<Lsn>,
}

/// What becomes of transactions, so far.
#[derive(Debug)]
pub struct Fates {
    /// The counters.
    pub counters: Counters,
    /// What ended, and the multixacts that were made.
    overlay: Overlay,
    /// Transactions that are prepared, by xid.
    pub in_doubt: BTreeMap<Xid, InDoubt>,
    /// Commits, without subtransactions.
    pub commits: u64,
    /// Rollbacks, without subtransactions rolled back by themselves being told apart.
    pub aborts: u64,
    /// The last commit.
    pub last_commit: Option<LastCommit>,
    /// The latest time of a commit or rollback, and its record: "last completed transaction".
    pub last_completed: Option<(TimestampTz, Lsn)>,
    /// The transactions that ran when that was last written down.
    running: Box<[Xid]>,
    /// Where full_page_writes was switched off, and on again.
    no_images: Vec<(Lsn, Option<Lsn>)>,
}

impl Fates {
    /// Before the first record, with the transactions whose files say that they are prepared.
    pub fn new(counters: Counters, prepared: impl Iterator<Item = InDoubt>) -> Self {
        let overlay = Overlay::new(counters.checkpoint.clone());
        let of = &counters.checkpoint;
        let no_images = if of.full_page_writes { vec![] } else { vec![(of.redo, None)] };
        let mut fates = Self {
            counters,
            overlay,
            in_doubt: BTreeMap::new(),
            commits: 0,
            aborts: 0,
            last_commit: None,
            last_completed: None,
            running: Box::default(),
            no_images,
        };
        for of in prepared {
            // What is ahead of the checkpoint is removed, and comes from WAL if at all.
            if of.xid.precedes(fates.counters.checkpoint.next_xid.xid()) {
                of.subxacts.iter().for_each(|sub| fates.counters.used(*sub));
                fates.in_doubt.insert(of.xid, of);
            }
        }
        fates
    }

    /// Takes the events of a segment.
    pub fn take(&mut self, noted: Noted) {
        for event in noted.events {
            match event {
                Event::Newest(xid) => self.counters.used(xid),
                Event::Checkpoint(of, shutdown) => self.counters.checkpoint(&of, shutdown),
                Event::NextOid(next) => self.counters.next_oid(next),
                Event::Ended { xid, committed, subxacts, lsn, time, prepared } => {
                    if prepared {
                        self.in_doubt.remove(&xid);
                    }
                    self.end(xid, committed, &subxacts);
                    self.last_completed = Some((time, lsn));
                    if committed {
                        self.last_commit = Some(LastCommit { xid, lsn, time });
                    }
                }
                Event::Prepared(lsn, state) => self.prepare(lsn, *state),
                Event::Multi(multi, offset, members) => {
                    self.counters.multi(multi, offset, members.len() as u64);
                    members.iter().for_each(|member| self.counters.used(member.xid));
                    self.overlay.make(multi, offset, members.iter().copied());
                }
                Event::OldestMulti(multi, database) => self.counters.oldest_multi(multi, database),
                Event::OldestCommitTs(xid) => self.counters.oldest_commit_ts(xid),
                Event::Running(xids) => self.running = xids,
                Event::FullPageWrites(lsn, on) => self.full_page_writes(lsn, on),
            }
        }
    }

    fn end(&mut self, xid: Xid, committed: bool, subxacts: &[Xid]) {
        let all = || std::iter::once(xid).chain(subxacts.iter().copied());
        let mut newest = xid;
        for xid in all() {
            self.counters.used(xid);
            self.overlay.end(xid, committed);
            newest = if newest.precedes(xid) { xid } else { newest };
        }
        if committed {
            self.commits += 1;
            self.counters.committed(newest);
        } else {
            self.aborts += 1;
        }
    }

    fn full_page_writes(&mut self, lsn: Lsn, on: bool) {
        match self.no_images.last_mut() {
            Some((_, until @ None)) if on => *until = Some(lsn),
            Some((_, None)) => {}
            _ if on => {}
            _ => self.no_images.push((lsn, None)),
        }
    }

    /// Where full_page_writes was off, and where it was on again.
    pub fn no_images(&self) -> impl Iterator<Item = (Lsn, Option<Lsn>)> {
        self.no_images.iter().copied()
    }

    /// How many multixacts were made.
    pub fn multixacts(&self) -> u64 {
        self.overlay.multis() as u64
    }

    fn prepare(&mut self, lsn: Lsn, state: TwoPhaseState) {
        let TwoPhaseState { xid, gid, prepared_at, owner, database, subxacts, .. } = state;
        for sub in &subxacts {
            self.counters.used(*sub);
        }
        let lsn = Some(lsn);
        self.in_doubt
            .insert(xid, InDoubt { xid, gid, prepared_at, owner, database, subxacts, lsn });
    }

    /// Transactions that ran when that was last written down, and that no record has ended since.
    pub fn running(&self) -> impl Iterator<Item = Xid> {
        let open =
            |xid: &Xid| self.overlay.status(*xid).is_none() && !self.in_doubt.contains_key(xid);
        self.running.iter().copied().filter(open)
    }

    /// What to lay over pg_xact and pg_multixact; `waits` if the server stays in recovery.
    pub fn overlay(mut self, waits: bool) -> Overlay {
        self.overlay.waits = waits;
        self.overlay.checkpoint = self.counters.checkpoint;
        let of = self.in_doubt.into_values();
        self.overlay.prepared =
            of.flat_map(|of| std::iter::once(of.xid).chain(of.subxacts)).collect();
        self.overlay
    }
}
