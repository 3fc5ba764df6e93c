//! Who made a file that no visible row of pg_class owns: rows that no query sees, of transactions
//! that did not commit, and of relations that were dropped or rewritten, until VACUUM takes them.
use crate::cluster::{Cluster, Prepared, TxStatus, Unseen};
use crate::report::ls::Origin;
use crate::types::{Oid, RelFileLocator, Xid};

/// The newest row of the database's pg_class that had the files at `locator`.
pub(super) fn of(cluster: &Cluster, database: Oid, locator: RelFileLocator) -> Option<Origin> {
    let rows = cluster.unseen(database).iter().filter(|row| row.relation.locator == locator);
    let newer = |newest: &'_ Unseen, row: &'_ Unseen| newest.xmin.precedes(row.xmin);
    let row = rows.reduce(|newest, row| if newer(newest, row) { row } else { newest })?;
    let removed = row.deleted.then_some(row.xmax);
    Some(Origin {
        oid: row.relation.oid,
        relation: cluster.name_of(&row.relation),
        kind: row.relation.kind.to_string(),
        created_by: row.xmin,
        created: fate(cluster, row.xmin),
        removed_by: removed,
        removed: removed.map(|xid| fate(cluster, xid)),
    })
}

/// What became of a transaction, in the words of txid_status(); prepared ones with their gid.
fn fate(cluster: &Cluster, xid: Xid) -> String {
    let of = |prepared: &&Prepared| prepared.xid == xid || prepared.subxacts.contains(&xid);
    if let Some(prepared) = cluster.prepared().iter().find(of) {
        return format!("prepared as {:?}", prepared.gid);
    }
    match cluster.xact().status(xid) {
        TxStatus::InProgress => "in progress when the server ended",
        TxStatus::Committed => "committed",
        TxStatus::Aborted => "aborted",
        TxStatus::Unknown => "unknown",
    }
    .to_owned()
}
