//! The numbers of an index as label and value, under the names of the extensions' functions.
use super::{PgStatGinIndex, PgStatHashIndex, PgStatIndex, PgStatTuple, Ranges};
use crate::report::doc::Cell;

/// A label and what stands beside it.
pub(super) type Field = (String, Cell);

pub(super) fn field(name: &str, cell: Cell) -> Field {
    (name.to_owned(), cell)
}

/// A percent that is not a number without pages.
fn percent_or_nan(percent: Option<f64>) -> Cell {
    percent.map_or_else(|| Cell::text("NaN"), Cell::percent)
}

pub(super) fn btree(stat: &PgStatIndex) -> Vec<Field> {
    vec![
        field("version", Cell::number(stat.version)),
        field("tree_level", Cell::number(stat.tree_level)),
        field("index_size", Cell::bytes(stat.index_size)),
        field("root_block_no", Cell::number(stat.root_block_no.0)),
        field("internal_pages", Cell::count(stat.internal_pages)),
        field("leaf_pages", Cell::count(stat.leaf_pages)),
        field("empty_pages", Cell::count(stat.empty_pages)),
        field("deleted_pages", Cell::count(stat.deleted_pages)),
        field("avg_leaf_density", percent_or_nan(stat.avg_leaf_density)),
        field("leaf_fragmentation", percent_or_nan(stat.leaf_fragmentation)),
    ]
}

pub(super) fn gin(stat: &PgStatGinIndex) -> Vec<Field> {
    vec![
        field("version", Cell::number(stat.version)),
        field("pending_pages", Cell::count(stat.pending_pages)),
        field("pending_tuples", Cell::count(stat.pending_tuples)),
    ]
}

pub(super) fn hash(stat: &PgStatHashIndex) -> Vec<Field> {
    vec![
        field("version", Cell::number(stat.version)),
        field("bucket_pages", Cell::count(stat.bucket_pages)),
        field("overflow_pages", Cell::count(stat.overflow_pages)),
        field("bitmap_pages", Cell::count(stat.bitmap_pages)),
        field("unused_pages", Cell::count(stat.unused_pages)),
        field("live_items", Cell::count(stat.live_items)),
        field("dead_items", Cell::count(stat.dead_items)),
        field("free_percent", Cell::percent(stat.free_percent)),
    ]
}

pub(super) fn tuples(stat: &PgStatTuple) -> Vec<Field> {
    vec![
        field("table_len", Cell::bytes(stat.table_len)),
        field("tuple_count", Cell::count(stat.tuple_count)),
        field("tuple_len", Cell::bytes(stat.tuple_len)),
        field("dead_tuple_count", Cell::count(stat.dead_tuple_count)),
        field("dead_tuple_len", Cell::bytes(stat.dead_tuple_len)),
        field("free_space", Cell::bytes(stat.free_space)),
    ]
}

pub(super) fn ranges(ranges: &Ranges) -> Vec<Field> {
    vec![
        field("pages_per_range", Cell::count(ranges.pages_per_range)),
        field("revmap_pages", Cell::count(ranges.revmap_pages)),
        field("ranges", Cell::count(ranges.ranges)),
        field("summarized", Cell::count(ranges.summarized)),
        field("unsummarized", Cell::count(ranges.unsummarized)),
        field("placeholders", Cell::count(ranges.placeholders)),
        field("empty", Cell::count(ranges.empty)),
    ]
}
