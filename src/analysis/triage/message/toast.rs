//! Values that cannot be read: TOAST chunks, impossible lengths, columns that the catalogs lost.
use super::super::{Evidence, plural};
use super::Answer;
use crate::analysis::visibility::{Fate, Transactions};
use crate::cluster::{Relation, TransactionLog};
use crate::format::heap::HeapTuple;
use crate::format::page::Page;
use crate::report::triage::{MessageState, Step};
use crate::types::{Fork, MultiXactId, Oid};
use std::collections::BTreeMap;

/// `StatisticRelationId`: what ANALYZE makes anew.
const PG_STATISTIC: Oid = Oid(2619);
/// Blocks that are read at once.
const BLOCKS: u32 = 128;

/// The chunks of a value, in each database that has this TOAST table.
pub(super) fn value(evidence: &Evidence<'_>, value: Oid, of: Oid) -> Answer {
    let cluster = evidence.cluster;
    let name = format!("pg_toast_{of}");
    let databases = cluster.databases().iter().map(|database| database.oid);
    let all = std::iter::once(Oid::INVALID).chain(databases);
    let tables: Vec<_> = all
        .flat_map(|database| cluster.relations(database))
        .filter(|relation| relation.name == name)
        .collect();
    let mut seen: Vec<(String, BTreeMap<u32, bool>)> = Vec::new();
    for table in &tables {
        let chunks = chunks(evidence, table, value);
        if !chunks.is_empty() {
            seen.push((cluster.name_of(table), chunks));
        }
    }
    let statistic = of == PG_STATISTIC;
    let advice = if statistic {
        "these are statistics, which ANALYZE makes anew: nothing of the data is lost."
    } else {
        "copy the directory; find the row that points to the value: its other columns can be read. The chunks are in a backup, or in images of WAL."
    };
    let object = match tables.as_slice() {
        [] => name,
        [one] => cluster.name_of(one),
        many => format!("{name}, in {}", plural(many.len() as u64, "database")),
    };
    let (state, found) = match seen.as_slice() {
        _ if tables.is_empty() => (MessageState::Absent, "there is no such table".to_owned()),
        [] => (MessageState::Confirmed, format!("no chunk of value {value} is there")),
        [(table, chunks), ..] => said(table, chunks),
    };
    let path = tables.first().map_or_else(String::new, |table| format!("oid:{}", table.oid));
    Answer::new(state, found, advice)
        .about(format!("value {value} of {object}"))
        .then(Step::new(evidence.command("audit", &path), "the TOAST table, tuple by tuple"))
        .then(Step::new(evidence.command("wal blocks", &path), "its blocks in WAL"))
}

/// Which chunks are there, of those up to the last one.
fn said(table: &str, chunks: &BTreeMap<u32, bool>) -> (MessageState, String) {
    let live: Vec<_> = chunks.iter().filter(|(_, live)| **live).map(|(seq, _)| *seq).collect();
    let last = chunks.keys().last().copied().unwrap_or_default();
    let missing: Vec<_> =
        (0..=last).filter(|seq| live.binary_search(seq).is_err()).take(5).collect();
    let dead = chunks.len() - live.len();
    let dead = if dead > 0 { format!(", {dead} of them dead") } else { String::new() };
    let found = format!("{table} has {}{dead}", plural(chunks.len() as u64, "chunk"));
    if missing.is_empty() {
        let found = format!("{found}, 0 to {last}, none missing among them");
        return (MessageState::NotSeen, found);
    }
    let missing = missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    (MessageState::Confirmed, format!("{found}; not live up to {last}: {missing}"))
}

/// The chunks of `value` by their numbers, and whether each is live.
fn chunks(evidence: &Evidence<'_>, table: &Relation, value: Oid) -> BTreeMap<u32, bool> {
    let mut all = BTreeMap::new();
    let Ok(files) = evidence.cluster.files(table, Fork::Main) else { return all };
    let mut scratch = Vec::new();
    let size = files.block_size() as usize;
    for start in (0..files.end()).step_by(BLOCKS as usize) {
        let end = files.end().min(start.saturating_add(BLOCKS));
        let Ok(bytes) = files.read_blocks(start..end, &mut scratch) else { continue };
        for page in bytes.chunks_exact(size).filter_map(|page| Page::parse(page).ok()) {
            for (_, item) in page.items() {
                let Some(tuple) = HeapTuple::inside(item, &page) else { continue };
                let Some((id, seq)) = chunk(&tuple) else { continue };
                if id == value {
                    let live = is_live(&tuple, evidence.cluster.xact());
                    *all.entry(seq).or_default() |= live;
                }
            }
        }
    }
    all
}

/// chunk_id and chunk_seq, the first two columns (access/common/toast_internals.c).
fn chunk(tuple: &HeapTuple<'_>) -> Option<(Oid, u32)> {
    let (id, rest) = tuple.data()?.split_first_chunk()?;
    let (seq, _) = rest.split_first_chunk()?;
    Some((Oid(u32::from_le_bytes(*id)), u32::from_le_bytes(*seq)))
}

fn is_live(tuple: &HeapTuple<'_>, xact: &TransactionLog) -> bool {
    let header = &tuple.header;
    let multi = header.t_infomask.xmax_is_multi() && !header.t_infomask.locked_upgraded();
    let members = multi.then(|| Transactions::members(xact, MultiXactId(header.t_xmax.0)));
    Fate::of(header, members, xact).is_visible_to_dirty()
}

pub(super) fn alloc(evidence: &Evidence<'_>) -> Answer {
    let heap = evidence.findings.by_rule().into_iter().find(|of| of.rule.id.starts_with("heap."));
    let (state, found) = match heap.and_then(|of| of.kept.first()) {
        Some(finding) => (
            MessageState::Confirmed,
            format!("{}: {} in {}", finding.rule.id, finding.evidence, finding.place),
        ),
        None => (
            MessageState::Unknown,
            "which row has the impossible length needs a look at every value".to_owned(),
        ),
    };
    let advice = "the length word of a value is damaged: audit names the rows whose values make no sense. Copy the directory, read the table around them.";
    Answer::new(state, found, advice)
        .then(Step::new(evidence.command("audit", ""), "the rows whose values make no sense"))
}

pub(super) fn attributes(evidence: &Evidence<'_>, oid: Oid) -> Answer {
    let cluster = evidence.cluster;
    let databases = cluster.databases().iter().map(|database| database.oid);
    let all = std::iter::once(Oid::INVALID).chain(databases);
    let mut lacks = Vec::new();
    let mut names = Vec::new();
    for relation in all.filter_map(|database| cluster.relation(database, oid)) {
        let (have, need) = (cluster.columns(relation).len(), usize::from(relation.relnatts));
        names.push(cluster.name_of(relation));
        if have < need {
            lacks.push(format!(
                "{}: {have} of {need} columns are in pg_attribute",
                cluster.name_of(relation)
            ));
        }
    }
    let (state, found) = match (lacks.first(), names.is_empty()) {
        (Some(first), _) => (MessageState::Confirmed, first.clone()),
        (None, true) => (MessageState::Absent, "no database has a relation of this oid".to_owned()),
        (None, false) => (
            MessageState::NotSeen,
            "all its columns are in pg_attribute, as the files have it".to_owned(),
        ),
    };
    let advice = "the catalog lost rows, or an index of it does not find them: with ignore_system_indexes a server may start (on a copy), and REINDEX of the catalog's indexes costs nothing.";
    Answer::new(state, found, advice)
        .about(names.first().cloned().unwrap_or_else(|| format!("oid {oid}")))
        .then(Step::new(evidence.command("ls", &format!("oid:{oid}")), "its columns"))
        .then(Step::new(evidence.command("audit", ""), "damage in the catalogs"))
}
