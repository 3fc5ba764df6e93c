//! How many rows the server takes a table to have: it lays out the buckets of a hash index by that.
use crate::analysis::parameters::fillfactor;
use crate::cluster::{Attribute, Cluster, Relation};
use crate::layout::Dialect;
use crate::types::Oid;
use std::collections::HashMap;

/// Bytes of a page before its line pointers (`SizeOfPageHeaderData`).
const PAGE_HEADER: u64 = 24;
/// Bytes of a row beside its values: `MAXALIGN(SizeofHeapTupleHeader)` and a line pointer.
const ROW_OVERHEAD: u64 = 24 + 4;
/// Blocks that a table is taken to have at least until it was vacuumed or analyzed.
const LEAST_BLOCKS: u32 = 10;
/// Bytes of the length before a varlena (`VARHDRSZ`).
const LENGTH: i64 = 4;

/// Types whose modifier tells how long their values may be (catalog/pg_type.dat).
const BPCHAR: Oid = Oid(1042);
const VARCHAR: Oid = Oid(1043);
const BIT: Oid = Oid(1560);
const VARBIT: Oid = Oid(1562);
const NUMERIC: Oid = Oid(1700);

/// Bytes of a row's values by table, of those of one database that were asked for.
pub(super) type Widths = HashMap<Oid, u64>;

/// Whether pg_class says how many rows are in a block of the table.
pub(super) fn is_counted(table: &Relation) -> bool {
    table.relpages > 0 && table.reltuples >= 0.0
}

/// The rows that the server takes a table of so many blocks to have, by what pg_class says of it or
/// else by the width of its rows; `None` if that is needed and not known
/// (`table_block_relation_estimate_size`, access/table/tableam.c).
pub(super) fn estimated(
    dialect: &Dialect,
    table: &Relation,
    blocks: u32,
    width: Option<u64>,
) -> Option<u64> {
    let guess = dialect.layout.row_guess;
    let is_fresh = if guess.marked { table.reltuples < 0.0 } else { table.relpages == 0 };
    let least = if is_fresh && !table.has_subclass { LEAST_BLOCKS } else { 0 };
    let blocks = blocks.max(least);
    if blocks == 0 {
        return Some(0);
    }
    if !is_counted(table) {
        let fill = if guess.by_fillfactor {
            u64::from(fillfactor(&table.reloptions).unwrap_or(100))
        } else {
            100
        };
        let room = u64::from(dialect.geometry.block_size).saturating_sub(PAGE_HEADER);
        let rows = room * fill / 100 / (width? + ROW_OVERHEAD);
        return Some(u64::from(blocks) * rows.max(u64::from(guess.by_fillfactor)));
    }
    let density = f64::from(table.reltuples) / f64::from(table.relpages);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "neither negative nor a fraction, and what is too large saturates"
    )]
    Some((density * f64::from(blocks)).round_ties_even() as u64)
}

/// Bytes that the server takes the values of a row to have (`get_rel_data_width`,
/// optimizer/util/plancat.c), of those tables of a database with a hash index of which pg_class says
/// nothing, and whose columns are all there. Widths in pg_statistic, which the server prefers, are not
/// read: it has none of a table that was not analyzed, unless that was truncated since.
pub(super) fn widths(cluster: &Cluster, database: Oid) -> Widths {
    let of = cluster.databases().iter().find(|one| one.oid == database);
    let Some(longest_char) = of.map(|one| one.longest_char().into()) else { return Widths::new() };
    let indexes = cluster.relations(database).iter();
    let indexes = indexes.filter(|index| index.access_method.as_deref() == Some("hash"));
    let tables = indexes.filter_map(|index| cluster.relation(database, index.owner_relation?));
    let tables = tables.filter(|table| !is_counted(table)).map(|table| (table.oid, table.relnatts));
    let tables: HashMap<_, _> = tables.collect();
    let width = |(oid, columns): (Oid, Vec<Attribute>)| {
        let numbers = columns.iter().map(|column| column.number);
        let count = i16::try_from(*tables.get(&oid)?).ok()?;
        let there = columns.iter().filter(|column| !column.is_dropped);
        let width = there.map(|column| column_width(column, longest_char)).sum();
        numbers.eq(1..=count).then_some((oid, width))
    };
    let columns = cluster.columns_of(database, &|oid| tables.contains_key(&oid));
    columns.into_iter().filter_map(width).collect()
}

/// `get_typavgwidth` (utils/cache/lsyscache.c).
fn column_width(column: &Attribute, longest_char: i64) -> u64 {
    /// Of a type of any length.
    const UNKNOWN: u64 = 32;
    if let Ok(fixed @ 1..) = u64::try_from(column.storage.len) {
        return fixed;
    }
    let most = most_bytes(column.type_oid, i64::from(column.modifier), longest_char);
    match most.and_then(|most| u64::try_from(most).ok()) {
        None | Some(0) => UNKNOWN,
        Some(most) if column.type_oid == BPCHAR || most <= 32 => most,
        // Longer ones are taken to be half of what they may be, but not of very much.
        Some(most) => 32 + (most.min(1000) - 32) / 2,
    }
}

/// `type_maximum_size` (utils/adt/format_type.c).
fn most_bytes(type_oid: Oid, modifier: i64, longest_char: i64) -> Option<i64> {
    match type_oid {
        _ if modifier < 0 => None,
        BPCHAR | VARCHAR => Some((modifier - LENGTH) * longest_char + LENGTH),
        // In groups of four decimal digits, two bytes each, with a header.
        NUMERIC if modifier >= LENGTH => {
            let digits = ((modifier - LENGTH) >> 16) & 0xFFFF;
            Some(8 + (digits + 6) / 4 * 2)
        }
        BIT | VARBIT => Some((modifier + 7) / 8 + 8),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
