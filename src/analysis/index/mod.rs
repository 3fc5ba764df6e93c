//! What an index is made of: one pass over its pages, and a walk from its root.
mod answer;
mod heap;
mod rebuild;
mod role;
mod rows;
mod scan;
mod walk;

pub use answer::{Answer, IndexError, Request, inspect};
pub use rebuild::{Build, Span};
pub use role::{Method, Role};
pub use scan::{IndexScan, Rules};
pub use walk::View;

use crate::cluster::{Cluster, Relation};
use crate::format::index::btree;
use crate::format::page::Page;
use crate::types::Fork;

/// How REINDEX would build it: by its reloptions, what its metapage says, whether it is `unique`
/// (pg_index), and whether its operator classes can sort its rows (of GiST).
pub fn build(cluster: &Cluster, relation: &Relation, unique: bool, sorts: bool) -> Build {
    let method = Method::of(relation.access_method.as_deref());
    let option = |name: &str| {
        let found = relation.reloptions.iter().find(|(option, _)| option == name);
        found.map(|(_, value)| value.trim())
    };
    let fillfactor = option("fillfactor").and_then(|value| value.parse().ok());
    let fillfactor = fillfactor.filter(|value| (10..=100).contains(value));
    let off = option("deduplicate_items")
        .is_some_and(|value| ["off", "false", "no", "0", "f", "n"].contains(&value));
    let table = relation.owner_relation.filter(|_| matches!(method, Method::Brin | Method::Hash));
    let table = table.and_then(|oid| cluster.relation(relation.database, oid));
    let files = table.and_then(|table| cluster.files(table, Fork::Main).ok());
    let table_blocks = files.map_or(0, |files| files.blocks());
    let kilobytes = cluster.settings().maintenance_work_mem.try_into().unwrap_or(0_u64);
    Build {
        method,
        block_size: cluster.dialect().geometry.block_size,
        fillfactor: fillfactor.or(method.default_fillfactor()).unwrap_or(100),
        table_blocks,
        table_rows: table.and_then(|table| estimated_rows(table, table_blocks)),
        sorted: sorts && option("buffering") != Some("on"),
        maintenance_work_mem: kilobytes * 1024,
        deduplicate: !unique && !off && equal_is_same(cluster, relation, method),
    }
}

/// The rows that the server takes a table of so many blocks to have, by what pg_class says of it
/// (`table_block_relation_estimate_size`, access/table/tableam.c). Where that says nothing, it goes by
/// the widths of the columns, as pg_statistic has them: then `None`.
fn estimated_rows(table: &Relation, blocks: u32) -> Option<u64> {
    let known = table.relpages > 0 && table.reltuples >= 0.0;
    let density = f64::from(table.reltuples) / f64::from(table.relpages);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "neither negative nor a fraction, and what is too large saturates"
    )]
    known.then(|| (density * f64::from(blocks)).round_ties_even() as u64)
}

/// Whether equal keys are equal in all bytes, so that they can be merged (`_bt_allequalimage`): what
/// the metapage of a B-tree says.
fn equal_is_same(cluster: &Cluster, relation: &Relation, method: Method) -> bool {
    let read = || {
        let files = cluster.files(relation, Fork::Main).ok()?;
        let mut scratch = Vec::new();
        let page = Page::parse(files.read_blocks(0..1, &mut scratch).ok()?).ok()?;
        let meta = btree::Meta::of(&page, cluster.dialect().layout).ok()?;
        Some(meta.has_magic() && meta.merges_duplicates())
    };
    method == Method::Btree && read().unwrap_or(false)
}
