//! Transactions as rows.
use super::Whole;
use super::segment::{Object, Work};
use crate::cluster::Cluster;
use crate::report::wal::xacts::{Action, Ddl, RelationRows, XactRow};
use crate::types::{FullXid, Oid};
use crate::wal::{Named, Names};
use std::cmp::Reverse;

/// `FirstNormalObjectId` (access/transam.h): what initdb makes has lower oids.
const FIRST_NORMAL_OID: u32 = 16384;
/// Catalogs that also change without DDL, or beside it: pg_class, whose rows tell more themselves;
/// pg_depend, pg_shdepend; pg_statistic, pg_statistic_ext_data; pg_largeobject,
/// pg_largeobject_metadata.
const BESIDE: [u32; 7] = [1259, 2608, 1214, 2619, 3429, 2613, 2995];

/// Rows that a transaction changed.
pub(super) fn count(work: &Work) -> u64 {
    let of = work.relations.iter().map(|(_, rows)| rows.inserted + rows.updated + rows.deleted);
    of.sum()
}

/// Catalogs whose rows a transaction changed, by name, but those above.
pub(super) fn catalogs(work: &Work, names: &Names<'_>) -> Vec<String> {
    let catalog = |named: &Named| {
        named.oid.0 < FIRST_NORMAL_OID
            && !BESIDE.contains(&named.oid.0)
            && named.name.contains("pg_catalog.")
            && !named.name.contains("pg_toast")
    };
    let known = work.relations.iter().filter_map(|(locator, _)| names.get(*locator));
    known.filter(|named| catalog(named)).map(|named| named.name.clone()).collect()
}

/// A transaction's row.
pub(super) fn row(
    whole: Whole,
    names: &Names<'_>,
    cluster: Option<&Cluster>,
    next_xid: Option<FullXid>,
) -> XactRow {
    let Whole { xid, state, time, open, dropped, stop_before } = whole;
    let mut ddl = cluster.map_or_else(Vec::new, |cluster| open.changes.ddl(cluster));
    let work = open.work;
    ddl.extend(work.objects.iter().map(|&(action, object)| of_object(action, object, names)));
    if ddl.is_empty() {
        ddl.extend(catalogs(&work, names).into_iter().map(altered));
    }
    let next = next_xid.or_else(|| cluster.map(|cluster| cluster.xact().next_xid()));
    let mut files_dropped: Vec<_> =
        dropped.into_iter().map(|locator| names.text(locator)).collect();
    files_dropped.sort();
    XactRow {
        xid,
        full_xid: next.filter(|next| next.0 > 0).and_then(|next| next.widen(xid)),
        state,
        first_lsn: work.first.unwrap_or_default(),
        last_lsn: work.last,
        time,
        subtransactions: open.subtransactions,
        records: work.tally.count,
        size: work.tally.combined_size(),
        fpi_size: work.tally.fpi_size,
        gid: open.gid,
        origin: work.origin,
        relations: relations(&work, names),
        more_relations: work.more,
        files_created: work.created,
        files_dropped,
        ddl,
        stop_before,
    }
}

fn relations(work: &Work, names: &Names<'_>) -> Vec<RelationRows> {
    let of = work.relations.iter().map(|(locator, rows)| {
        let known = names.get(*locator);
        let system = |named: &Named| {
            named.oid.0 < FIRST_NORMAL_OID || named.kind == crate::cluster::RelKind::Toast
        };
        RelationRows {
            relation: names.text(*locator),
            system: known.is_some_and(|known| system(&known)),
            inserted: rows.inserted,
            updated: rows.updated,
            deleted: rows.deleted,
        }
    });
    let mut all: Vec<_> = of.filter(|of| of.rows() > 0).collect();
    all.sort_by(|one, other| {
        (Reverse(one.rows()), &one.relation).cmp(&(Reverse(other.rows()), &other.relation))
    });
    all
}

fn of_object(action: Action, object: Object, names: &Names<'_>) -> Ddl {
    let (kind, object) = match object {
        Object::Database(oid) => ("database", names.database(oid)),
        Object::Tablespace(oid) => ("tablespace", tablespace(oid, names)),
    };
    Ddl { action, kind: kind.to_owned(), object, to: None }
}

fn tablespace(oid: Oid, names: &Names<'_>) -> String {
    names.tablespace(oid).map_or_else(|| oid.to_string(), str::to_owned)
}

fn altered(catalog: String) -> Ddl {
    Ddl { action: Action::Altered, kind: "catalog".to_owned(), object: catalog, to: None }
}
