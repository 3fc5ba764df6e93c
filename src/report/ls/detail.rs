//! What the catalogs say of one relation beyond its row of pg_class, and of extensions.
use crate::report::doc::{Cell, Column};
use crate::types::Oid;
use serde::Serialize;

/// A relation, described. Expressions (defaults, checks, partition bounds) are stored as trees of
/// nodes, which are not decoded: only that they are there is said.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Detail {
    /// Columns by number, dropped ones included.
    pub columns: Vec<ColumnRow>,
    /// Constraints by name.
    pub constraints: Vec<ConstraintRow>,
    /// Qualified names of what it inherits from or is a partition of.
    pub parents: Vec<String>,
    /// Qualified names of its partitions, or of what else inherits from it.
    pub children: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ColumnRow {
    /// Its number, from 1.
    pub attnum: i16,
    /// Its name.
    pub attname: String,
    /// The name of its type, as format_type() gives it.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Its type; 0 if it is dropped.
    pub atttypid: Oid,
    /// Whether it is NOT NULL.
    pub attnotnull: bool,
    /// Whether it is dropped: rows may still hold its values.
    pub attisdropped: bool,
    /// What fills it: "default", "identity", "generated", "generated when read"; null if nothing.
    pub filled_by: Option<String>,
}

/// A constraint.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ConstraintRow {
    /// Its name.
    pub conname: String,
    /// As SQL names it: "primary key", "check" …
    pub kind: String,
    /// The columns it is about.
    pub columns: Vec<String>,
    /// The table that a foreign key leads to.
    pub references: Option<String>,
}

/// An installed extension.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ExtensionRow {
    /// Its database.
    pub database: String,
    /// Its name.
    pub extname: String,
    /// Its version.
    pub extversion: String,
    /// The schema of its objects.
    pub schema: String,
}

pub(super) const EXTENSIONS: &[Column] = &[
    Column::new("database").rank(1),
    Column::new("extname"),
    Column::new("extversion"),
    Column::new("schema"),
];

pub(super) fn extension(row: &ExtensionRow) -> Vec<Cell> {
    let texts = [&row.database, &row.extname, &row.extversion, &row.schema];
    texts.map(|text| Cell::text(text.as_str())).to_vec()
}

pub(super) const COLUMNS: &[Column] = &[
    Column::new("relation").rank(1),
    Column::new("attnum"),
    Column::new("attname"),
    Column::new("type"),
    Column::new("attnotnull"),
    Column::new("filled_by"),
    Column::new("attisdropped"),
];

pub(super) fn columns(relation: &str, detail: &Detail) -> Vec<Vec<Cell>> {
    let flag = |flag, name| if flag { Cell::text(name) } else { Cell::none() };
    let row = |row: &ColumnRow| {
        vec![
            Cell::text(relation),
            Cell::number(row.attnum),
            Cell::text(row.attname.as_str()),
            Cell::text(row.type_name.as_str()),
            flag(row.attnotnull, "not null"),
            row.filled_by.as_deref().map_or_else(Cell::none, Cell::text),
            flag(row.attisdropped, "dropped"),
        ]
    };
    detail.columns.iter().map(row).collect()
}

pub(super) const CONSTRAINTS: &[Column] = &[
    Column::new("relation").rank(1),
    Column::new("conname"),
    Column::new("kind"),
    Column::new("columns"),
    Column::new("references"),
];

pub(super) fn constraints(relation: &str, detail: &Detail) -> Vec<Vec<Cell>> {
    let row = |row: &ConstraintRow| {
        vec![
            Cell::text(relation),
            Cell::text(row.conname.as_str()),
            Cell::text(row.kind.as_str()),
            Cell::text(row.columns.join(", ")),
            row.references.as_deref().map_or_else(Cell::none, Cell::text),
        ]
    };
    detail.constraints.iter().map(row).collect()
}

pub(super) const INHERITANCE: &[Column] =
    &[Column::new("relation").rank(1), Column::new("is"), Column::new("other")];

pub(super) fn inheritance(relation: &str, detail: &Detail) -> Vec<Vec<Cell>> {
    let row = |is: &'static str, other: &String| {
        vec![Cell::text(relation), Cell::text(is), Cell::text(other.as_str())]
    };
    let parents = detail.parents.iter().map(|other| row("child of", other));
    parents.chain(detail.children.iter().map(|other| row("parent of", other))).collect()
}
