//! Counts as rows.
use super::cause;
use super::minutes::Minutes;
use super::segment::kind;
use super::xids::Whole;
use crate::format::wal::rmgr::{self, FIRST_CUSTOM, NAMES};
use crate::layout::Layout;
use crate::report::wal::stats::{
    Cause, CauseRow, DatabaseRow, Images, MinuteRow, RecordRow, RelationRow, RmgrRow, Tally,
    TransactionRow,
};
use crate::types::{FullXid, Oid, RelFileLocator, RelFileNumber};
use crate::wal::Names;
use std::cmp::Reverse;
use std::collections::HashMap;

/// The tally of a type of record, replicated or not.
fn of(kinds: &[Tally], rmid: u8, record: u8) -> Tally {
    let at = |replicated| kinds[kind(replicated, rmid, record << 4)];
    let mut tally = at(false);
    tally.add(at(true));
    tally
}

/// Types of record of each manager; of Transaction, bit 3 is none.
fn types(rmid: u8) -> std::ops::Range<u8> {
    if NAMES.get(usize::from(rmid)) == Some(&"Transaction") { 0..8 } else { 0..16 }
}

/// As pg_waldump lists them: all that are built in, and extensions' that have records.
pub(super) fn rmgrs(kinds: &[Tally]) -> Vec<RmgrRow> {
    let row = |rmid: u8| {
        let mut tally = Tally::default();
        types(rmid).for_each(|record| tally.add(of(kinds, rmid, record)));
        RmgrRow { rmid, resource_manager: rmgr::name(rmid).into_owned(), tally }
    };
    let built_in = |rmid: u8| usize::from(rmid) < NAMES.len();
    let valid = (0..=u8::MAX).filter(|&rmid| built_in(rmid) || rmid >= FIRST_CUSTOM);
    valid.map(row).filter(|row| built_in(row.rmid) || row.tally.count > 0).collect()
}

/// As pg_waldump lists them: all that have records.
pub(super) fn records(kinds: &[Tally], layout: &Layout) -> Vec<RecordRow> {
    let row = |rmid: u8, record: u8| {
        let name = rmgr::identify(rmid, record << 4, layout);
        RecordRow {
            resource_manager: rmgr::name(rmid).into_owned(),
            record_type: name.map_or_else(|| format!("UNKNOWN ({:x})", record << 4), str::to_owned),
            tally: of(kinds, rmid, record),
        }
    };
    let all = (0..=u8::MAX).flat_map(|rmid| types(rmid).map(move |record| row(rmid, record)));
    all.filter(|row| row.tally.count > 0).collect()
}

pub(super) fn relations(
    relations: &HashMap<RelFileLocator, Tally>,
    none: Tally,
    names: &Names<'_>,
) -> Vec<RelationRow> {
    let row = |(locator, tally): (&RelFileLocator, &Tally)| {
        let known = names.get(*locator);
        RelationRow {
            relation: names.text(*locator),
            kind: known.as_ref().map(|known| known.kind.to_string()),
            owner: known.as_ref().and_then(|known| known.owner.clone()),
            historical: known.is_some_and(|known| known.old.is_some()),
            reltablespace: locator.tablespace,
            reldatabase: locator.database,
            relfilenode: locator.number,
            tally: *tally,
        }
    };
    let mut rows: Vec<_> = relations.iter().map(row).collect();
    if none.count > 0 {
        rows.push(RelationRow {
            relation: String::new(),
            kind: None,
            owner: None,
            historical: false,
            reltablespace: Oid::INVALID,
            reldatabase: Oid::INVALID,
            relfilenode: RelFileNumber(0),
            tally: none,
        });
    }
    rows.sort_by_key(|row| {
        let place = (row.reltablespace, row.reldatabase, row.relfilenode);
        (Reverse(row.tally.combined_size()), place)
    });
    rows
}

pub(super) fn databases(
    relations: &HashMap<RelFileLocator, Tally>,
    none: Tally,
    names: &Names<'_>,
) -> Vec<DatabaseRow> {
    let mut tallies: HashMap<Option<Oid>, Tally> = HashMap::new();
    for (locator, tally) in relations {
        tallies.entry(Some(locator.database)).or_default().add(*tally);
    }
    if none.count > 0 {
        tallies.insert(None, none);
    }
    let row = |(oid, tally): (Option<Oid>, Tally)| DatabaseRow {
        database: oid.map_or_else(String::new, |oid| names.database(oid)),
        oid,
        tally,
    };
    let mut rows: Vec<_> = tallies.into_iter().map(row).collect();
    rows.sort_by_key(|row| (Reverse(row.tally.combined_size()), row.oid));
    rows
}

pub(super) fn xids(largest: &[Whole], next_xid: Option<FullXid>) -> Vec<TransactionRow> {
    let row = |whole: &Whole| {
        let &Whole { size, xid: Reverse(xid), state, time, count, fpi_size } = whole;
        let tally = Tally { count, record_size: size.saturating_sub(fpi_size), fpi_size };
        let full_xid = next_xid.and_then(|next| next.widen(xid));
        TransactionRow { xid, full_xid, state: state.name(), time, tally }
    };
    largest.iter().map(row).collect()
}

pub(super) fn minutes(minutes: Minutes) -> Vec<MinuteRow> {
    minutes.finish().into_iter().map(|(minute, tally)| MinuteRow { minute, tally }).collect()
}

/// Bytes by cause: an image belongs to the first change of its page, unless its record is there
/// for the image.
pub(super) fn causes(kinds: &[Tally], images: &Images, layout: &Layout) -> Vec<CauseRow> {
    let mut tallies: HashMap<Cause, Tally> = HashMap::new();
    for replicated in [false, true] {
        for rmid in 0..=u8::MAX {
            for record in types(rmid) {
                let tally = kinds[kind(replicated, rmid, record << 4)];
                if tally.count == 0 {
                    continue;
                }
                let cause = match cause::of(rmid, record << 4, layout) {
                    Cause::Client if replicated => Cause::Applied,
                    cause => cause,
                };
                let of_images = matches!(cause, Cause::HintBits | Cause::WholePages);
                let image = if of_images { cause } else { Cause::FirstChange };
                let fpi_size = tally.fpi_size;
                tallies.entry(cause).or_default().add(Tally { fpi_size: 0, ..tally });
                let bytes = Tally { count: 0, record_size: 0, fpi_size };
                tallies.entry(image).or_default().add(bytes);
            }
        }
    }
    if let Some(first) = tallies.get_mut(&Cause::FirstChange) {
        first.fpi_size = first.fpi_size.saturating_sub(images.consistency_size);
    }
    if images.consistency_size > 0 {
        let fpi_size = images.consistency_size;
        tallies.insert(Cause::Consistency, Tally { count: 0, record_size: 0, fpi_size });
    }
    let row = |cause: Cause| {
        let tally = *tallies.get(&cause)?;
        let some = tally.count > 0 || tally.fpi_size > 0;
        some.then_some(CauseRow { cause, rule: cause.rule(), tally })
    };
    let mut rows: Vec<_> = Cause::ALL.into_iter().filter_map(row).collect();
    rows.sort_by_key(|row| (Reverse(row.tally.combined_size()), row.cause));
    rows
}
