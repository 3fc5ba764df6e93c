//! What holds WAL or rows back: slots, prepared transactions, segments that wait for the archiver.
use super::{Evidence, plural, seconds};
use crate::analysis::replay;
use crate::cluster::{Prepared, Slot};
use crate::report::triage::Holder;
use crate::types::{Oid, Xid, pretty_size};

pub(super) fn holders(evidence: &Evidence<'_>) -> Vec<Holder> {
    let cluster = evidence.cluster;
    let slots = cluster.slots().iter().filter(|slot| slot.in_force);
    let mut holders: Vec<_> = slots.map(|slot| of_slot(evidence, slot)).collect();
    holders.extend(cluster.prepared().iter().map(|prepared| of_prepared(evidence, prepared)));
    // Of each kind the worst first.
    holders.sort_by_key(|holder| (holder.kind, std::cmp::Reverse((holder.wal_bytes, holder.age))));
    holders.extend(archiver(evidence));
    holders
}

/// Bytes of WAL that a slot holds; `None` if it holds none.
pub(super) fn wal_of(evidence: &Evidence<'_>, slot: &Slot) -> Option<u64> {
    let end = replay::end_of_wal(evidence.cluster, evidence.replay.end.as_ref()?);
    slot.restart_lsn.is_valid().then(|| end.0.saturating_sub(slot.restart_lsn.0))
}

fn age(evidence: &Evidence<'_>, xid: Xid) -> Option<i32> {
    xid.is_normal().then(|| xid.age(evidence.cluster.xact().next_xid().xid()))
}

fn database(evidence: &Evidence<'_>, oid: Oid) -> Option<String> {
    let found = evidence.cluster.databases().iter().find(|database| database.oid == oid);
    found.map(|database| database.name.clone())
}

fn of_slot(evidence: &Evidence<'_>, slot: &Slot) -> Holder {
    let wal_bytes = wal_of(evidence, slot);
    let mut parts = Vec::new();
    parts.extend(database(evidence, slot.database).map(|name| format!("logical, of {name}")));
    parts.extend(
        wal_bytes.map(|bytes| format!("WAL from {} on, {}", slot.restart_lsn, pretty_size(bytes))),
    );
    let (xmin, catalog) = (age(evidence, slot.xmin), age(evidence, slot.catalog_xmin));
    parts.extend(xmin.map(|age| format!("rows since transaction {} (age {age})", slot.xmin)));
    parts.extend(catalog.map(|age| {
        format!("rows of catalogs since transaction {} (age {age})", slot.catalog_xmin)
    }));
    Holder {
        kind: "slot",
        name: slot.name.clone(),
        holds: parts.join("; "),
        wal_bytes,
        age: xmin.max(catalog),
    }
}

fn of_prepared(evidence: &Evidence<'_>, prepared: &Prepared) -> Holder {
    let age = age(evidence, prepared.xid);
    let name =
        database(evidence, prepared.database).unwrap_or_else(|| "a lost database".to_owned());
    let holds = format!(
        "transaction {} in {name}, prepared {}: rows since then (age {}), and its locks",
        prepared.xid,
        seconds(prepared.prepared_at),
        age.unwrap_or_default()
    );
    Holder { kind: "prepared transaction", name: prepared.gid.clone(), holds, wal_bytes: None, age }
}

/// Segments that no checkpoint removes before they are archived.
fn archiver(evidence: &Evidence<'_>) -> Option<Holder> {
    let place = evidence.log.places().first()?;
    let waiting = place
        .others
        .iter()
        .filter_map(|path| path.split_once("archive_status/")?.1.strip_suffix(".ready"));
    let first = waiting.clone().min()?.to_owned();
    let count = waiting.count() as u64;
    let bytes = count * u64::from(evidence.log.shape.segment_size);
    let holds = format!(
        "{} to be archived, the first {first}, {}",
        plural(count, "file"),
        pretty_size(bytes)
    );
    Some(Holder { kind: "archiver", name: String::new(), holds, wal_bytes: Some(bytes), age: None })
}
