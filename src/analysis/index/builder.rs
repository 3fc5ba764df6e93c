//! How REINDEX would build indexes: by their reloptions, what their metapages and catalogs say, and
//! what is known of their tables.
use super::rebuild::Build;
use super::{Method, table_rows};
use crate::analysis::parameters::{fillfactor, option, parse_bool};
use crate::cluster::{Cluster, Relation};
use crate::format::index::btree;
use crate::format::page::Page;
use crate::types::{Fork, Oid};
use std::collections::{HashMap, HashSet};

/// Knows catalogs of the databases whose indexes it was asked for, as far as they were needed.
pub struct Builder<'a> {
    cluster: &'a Cluster,
    widths: HashMap<Oid, table_rows::Widths>,
    sorting: HashMap<Oid, HashSet<Oid>>,
}

impl<'a> Builder<'a> {
    /// Nothing is read yet.
    pub fn new(cluster: &'a Cluster) -> Self {
        Self { cluster, widths: HashMap::new(), sorting: HashMap::new() }
    }

    /// How REINDEX would build that index, which is `unique` or not.
    pub fn build(&mut self, index: &Relation, unique: bool) -> Build {
        let cluster = self.cluster;
        let method = Method::of(index.access_method.as_deref());
        let option = |name: &str| option(&index.reloptions, name);
        let off = option("deduplicate_items").and_then(parse_bool) == Some(false);
        let table = index.owner_relation.filter(|_| matches!(method, Method::Brin | Method::Hash));
        let table = table.and_then(|oid| cluster.relation(index.database, oid));
        let files = table.and_then(|table| cluster.files(table, Fork::Main).ok());
        let table_blocks = files.map_or(0, |files| files.blocks());
        let hashed = table.filter(|_| method == Method::Hash);
        let kilobytes = cluster.settings().maintenance_work_mem.try_into().unwrap_or(0_u64);
        Build {
            method,
            block_size: cluster.dialect().geometry.block_size,
            fillfactor: fillfactor(&index.reloptions)
                .or(method.default_fillfactor())
                .unwrap_or(100),
            table_blocks,
            table_rows: hashed.and_then(|table| self.table_rows(table, table_blocks)),
            deduplicate: !unique && !off && equal_is_same(cluster, index, method),
            sorted: option("buffering") != Some("on") && self.sorts(index, method),
            maintenance_work_mem: kilobytes * 1024,
        }
    }

    /// Rows of the table of a hash index. Columns are read once for all such tables of a database of
    /// which pg_class does not say it.
    fn table_rows(&mut self, table: &Relation, blocks: u32) -> Option<u64> {
        let cluster = self.cluster;
        let width = (!table_rows::is_counted(table)).then(|| {
            let widths = self.widths.entry(table.database);
            widths.or_insert_with(|| table_rows::widths(cluster, table.database)).get(&table.oid)
        });
        table_rows::estimated(cluster.dialect(), table, blocks, width.flatten().copied())
    }

    /// Whether the operator classes of a GiST index can sort its rows.
    fn sorts(&mut self, index: &Relation, method: Method) -> bool {
        let (cluster, database) = (self.cluster, index.database);
        method == Method::Gist
            && self
                .sorting
                .entry(database)
                .or_insert_with(|| cluster.sorting_indexes(database))
                .contains(&index.oid)
    }
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
