//! Who made a file that no visible row of pg_class owns: rows of pg_class that no query sees, of
//! transactions that did not commit, and of relations that were dropped, until VACUUM takes them.
use super::Inventory;
use crate::cluster::{Cluster, Database, RelKind, TxStatus};
use crate::finding::Finding;
use crate::format::datum;
use crate::format::heap::{Attr, Datum, HeapTuple, deform};
use crate::format::page::Page;
use crate::layout::catalog::Catalog;
use crate::report::ls::Origin;
use crate::types::{Fork, Oid, RelFileNumber, Xid};

/// Most rows that are kept of one database; more have no place in a pg_class that is not damaged.
const MOST: usize = 1 << 20;

/// Every version of every row of one database's pg_class that has files.
pub(super) struct Origins {
    rows: Vec<Row>,
    /// The database's own tablespace, which 0 in a row stands for.
    default: Oid,
}

/// One version of a row.
struct Row {
    oid: Oid,
    relname: String,
    relnamespace: Oid,
    relkind: u8,
    relfilenode: RelFileNumber,
    reltablespace: Oid,
    xmin: Xid,
    /// 0 if nothing deleted or replaced it.
    xmax: Xid,
}

/// Positions of the columns that are read, in pg_class as initdb of the major makes it. All lie
/// before those that forks of PostgreSQL add.
struct Positions([usize; 6]);

impl Origins {
    /// Reads the rows, whatever became of the transactions that wrote them.
    pub(super) fn read(cluster: &Cluster, database: &Database, found: &mut Inventory) -> Self {
        let mut origins = Self { rows: Vec::new(), default: database.dattablespace };
        let catalog = cluster.dialect().layout.catalogs.get("pg_class");
        let relations = cluster.relations(database.oid);
        let relation = catalog
            .and_then(|catalog| relations.iter().find(|relation| relation.oid.0 == catalog.oid));
        let (Some(catalog), Some(relation)) = (catalog, relation) else { return origins };
        let Some(positions) = Positions::of(catalog) else { return origins };
        let files = match cluster.files(relation, Fork::Main) {
            Ok(files) => files,
            Err(error) => {
                found.findings.push(Finding::from(&error));
                return origins;
            }
        };
        let mut scratch = Vec::new();
        for block in 0..files.blocks() {
            let Ok(bytes) = files.read_blocks(block..block.saturating_add(1), &mut scratch) else {
                continue;
            };
            found.coverage.blocks += 1;
            found.coverage.bytes += bytes.len() as u64;
            let Ok(page) = Page::parse(bytes) else { continue };
            let tuples = page.items().filter_map(|(_, item)| HeapTuple::behind(item, &page));
            let rows = tuples.filter_map(|tuple| positions.row(catalog, &tuple));
            let room = MOST.saturating_sub(origins.rows.len());
            origins.rows.extend(rows.take(room));
        }
        found.coverage.files += files.segments().len() as u64;
        origins
    }

    /// The newest row that had `number` in `tablespace`.
    pub(super) fn of(
        &self,
        cluster: &Cluster,
        tablespace: Oid,
        number: RelFileNumber,
    ) -> Option<Origin> {
        let here = |row: &&Row| {
            let own = if row.reltablespace.is_valid() { row.reltablespace } else { self.default };
            row.relfilenode == number && own == tablespace
        };
        let newest = |a: &&Row, b: &&Row| {
            if a.xmin.precedes(b.xmin) {
                std::cmp::Ordering::Less
            } else {
                std::cmp::Ordering::Greater
            }
        };
        let row = self.rows.iter().filter(here).max_by(newest)?;
        // Schemas that every initdb makes with these oids; others may not be visible themselves.
        let schema = match row.relnamespace.0 {
            11 => "pg_catalog.",
            99 => "pg_toast.",
            2200 => "public.",
            _ => "",
        };
        let relation = format!("{schema}{}", row.relname);
        let removed = row.xmax.is_normal().then_some(row.xmax);
        Some(Origin {
            oid: row.oid,
            relation,
            kind: RelKind::from(row.relkind).to_string(),
            created_by: row.xmin,
            created: fate(cluster, row.xmin),
            removed_by: removed,
            removed: removed.map(|xid| fate(cluster, xid)),
        })
    }
}

/// What became of a transaction, in the words of txid_status(); prepared ones with their gid.
fn fate(cluster: &Cluster, xid: Xid) -> String {
    let of = |prepared: &&crate::cluster::Prepared| {
        prepared.xid == xid || prepared.subxacts.contains(&xid)
    };
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

impl Positions {
    fn of(catalog: &Catalog) -> Option<Self> {
        let names = ["oid", "relname", "relnamespace", "relkind", "relfilenode", "reltablespace"];
        let mut positions = [0; 6];
        for (position, name) in positions.iter_mut().zip(names) {
            *position = catalog.position(name)?;
        }
        Some(Self(positions))
    }

    /// `None` for a row without files, and for one that cannot be taken apart.
    fn row(&self, catalog: &Catalog, tuple: &HeapTuple<'_>) -> Option<Row> {
        let [oid, relname, relnamespace, relkind, relfilenode, reltablespace] = self.0;
        let last = self.0.into_iter().max()?;
        let mut values: Vec<&[u8]> = Vec::with_capacity(last.saturating_add(1));
        let attrs = catalog.columns.iter().map(Attr::from);
        for value in deform(attrs, tuple).take(last.saturating_add(1)) {
            match value.ok()? {
                Datum::Fixed(bytes) => values.push(bytes),
                Datum::Null | Datum::Missing | Datum::Varlena(_) => values.push(&[]),
            }
        }
        let at = |position: usize| values.get(position).copied().unwrap_or_default();
        let number = |position| datum::oid(at(position)).ok().map(|(_, oid)| oid);
        let filenode = number(relfilenode).filter(|oid| oid.is_valid())?;
        let header = &tuple.header;
        let deleted = !header.t_infomask.xmax_invalid() && !header.t_infomask.xmax_is_multi();
        Some(Row {
            oid: number(oid)?,
            relname: datum::name(at(relname)).ok()?.1.into_owned(),
            relnamespace: number(relnamespace)?,
            relkind: at(relkind).first().copied()?,
            relfilenode: RelFileNumber(filenode.0),
            reltablespace: number(reltablespace)?,
            xmin: header.t_xmin,
            xmax: if deleted { header.t_xmax } else { Xid::INVALID },
        })
    }
}
