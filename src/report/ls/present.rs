//! How `ls` is shown: tables of databases, relations, files, orphans, temporary files.
use super::{
    DatabaseRow, Detail, FileRow, ForkRow, Ls, Origin, OrphanRow, RelationRow, TemporaryRow, detail,
};
use crate::report::Present;
use crate::report::doc::{Block, Cell, Column, Doc, Table};
use crate::types::{Fork, Oid};

/// With no more relations than this, each file is listed.
const FILES_OF: usize = super::DETAILED;

impl Present for Ls {
    fn present(&self) -> Doc {
        let mut doc = Doc::default();
        let few = self.relations.len() <= FILES_OF;
        let shown = |table: &Table| !table.rows.is_empty() && (few || table.name != "files");
        for table in self.tables().into_iter().filter(shown) {
            let next = self.next(table.name);
            doc.push(Block::Table(table));
            doc.blocks.extend(next.map(|next| Block::Next(vec![next])));
        }
        if doc.blocks.is_empty() {
            doc.push(Block::Text("Nothing.".into()));
        }
        doc
    }

    fn tables(&self) -> Vec<Table> {
        vec![
            table("databases", "", DATABASES, self.databases.iter().map(database)),
            table("relations", "", RELATIONS, self.relations.iter().map(relation)),
            table("files", "Files", FILES, self.relations.iter().flat_map(files)),
            table("columns", "Columns", detail::COLUMNS, self.details(detail::columns)),
            table(
                "constraints",
                "Constraints (expressions are not decoded)",
                detail::CONSTRAINTS,
                self.details(detail::constraints),
            ),
            table(
                "inheritance",
                "Inheritance and partitions (bounds are not decoded)",
                detail::INHERITANCE,
                self.details(detail::inheritance),
            ),
            table(
                "extensions",
                "Extensions",
                detail::EXTENSIONS,
                self.extensions.iter().map(detail::extension),
            ),
            table(
                "orphans",
                "Files that no visible row of pg_class owns",
                ORPHANS,
                self.orphans.iter().map(orphan),
            ),
            table(
                "temporary",
                "Files that the next start removes",
                TEMPORARY,
                self.temporary.iter().map(temporary),
            ),
        ]
    }
}

impl Ls {
    /// Rows about the relations that are described.
    fn details(
        &self,
        rows: fn(&str, &Detail) -> Vec<Vec<Cell>>,
    ) -> impl Iterator<Item = Vec<Cell>> {
        let described = move |row: &RelationRow| {
            row.detail.as_ref().map(|detail| rows(&row.relation, detail)).unwrap_or_default()
        };
        self.relations.iter().flat_map(described)
    }

    /// The command that shows more than the table of that name.
    fn next(&self, table: &str) -> Option<(String, String)> {
        let command = |rest: &str| format!("pgdissect ls {} {rest}", self.input);
        match table {
            "databases" => {
                let own = self.databases.iter().filter(|row| row.has_row && !row.datistemplate);
                let largest = own.max_by_key(|row| row.size)?;
                let shown = command(&format!("database:{}", largest.datname));
                Some((shown, "its relations".into()))
            }
            "relations" if self.relations.len() > FILES_OF => {
                let largest = self.relations.iter().max_by_key(|row| row.size)?;
                let shown = command(&format!("oid:{}", largest.oid));
                Some((shown, "the largest, file by file".into()))
            }
            _ => None,
        }
    }
}

const DATABASES: &[Column] = &[
    Column::new("oid"),
    Column::new("datname"),
    Column::new("size"),
    Column::new("datfrozenxid").rank(3),
    Column::new("age"),
    Column::new("datminmxid").rank(3),
    Column::new("mxid_age"),
    Column::new("spcname").short("tablespace").rank(4),
    Column::new("datistemplate").short("template").rank(2),
    Column::new("datallowconn").short("connect").rank(2),
    Column::new("orphan_files").short("orphans").rank(1),
];

fn database(row: &DatabaseRow) -> Vec<Cell> {
    let age = |age: Option<i32>| age.map_or_else(Cell::none, Cell::count);
    vec![
        Cell::number(row.oid.0),
        Cell::text(row.datname.as_str()),
        Cell::bytes(row.size),
        Cell::number(row.datfrozenxid.0),
        age(row.age),
        Cell::number(row.datminmxid.0),
        age(row.mxid_age),
        named(row.spcname.as_deref(), row.dattablespace),
        yes(row.datistemplate),
        yes(row.datallowconn),
        Cell::count(row.orphan_files),
    ]
}

const RELATIONS: &[Column] = &[
    Column::new("oid"),
    Column::new("relation"),
    Column::new("kind"),
    Column::new("access_method").short("am").rank(4),
    Column::new("persistence").rank(4),
    Column::new("tablespace").rank(5),
    Column::new("filenode").rank(3),
    Column::new("filepath").rank(1),
    Column::new("size"),
    Column::new("main").rank(2),
    Column::new("fsm").rank(5),
    Column::new("vm").rank(5),
    Column::new("init").rank(5),
    Column::new("owner").rank(6),
];

fn relation(row: &RelationRow) -> Vec<Cell> {
    let text = |text: &Option<String>| text.as_deref().map_or_else(Cell::none, Cell::text);
    let size = |fork| {
        let found = row.forks.iter().find(|of| of.fork == fork);
        found.map_or_else(Cell::none, |of| Cell::bytes(of.size))
    };
    vec![
        Cell::number(row.oid.0),
        Cell::text(row.relation.as_str()),
        Cell::text(row.kind.as_str()),
        text(&row.access_method),
        Cell::text(row.persistence.as_str()),
        named(row.tablespace_name.as_deref(), row.tablespace),
        Cell::number(row.filenode.0),
        text(&row.filepath),
        Cell::bytes(row.size),
        size(Fork::Main),
        size(Fork::Fsm),
        size(Fork::Vm),
        size(Fork::Init),
        text(&row.owner),
    ]
}

const FILES: &[Column] = &[
    Column::new("oid"),
    Column::new("relation").rank(1),
    Column::new("fork"),
    Column::new("path"),
    Column::new("size"),
];

fn files(row: &RelationRow) -> Vec<Vec<Cell>> {
    let of_fork = |fork: &ForkRow| {
        let of_file = |file: &FileRow| {
            vec![
                Cell::number(row.oid.0),
                Cell::text(row.relation.as_str()),
                Cell::text(fork.fork.to_string()),
                Cell::text(file.path.as_str()),
                Cell::bytes(file.size),
            ]
        };
        fork.files.iter().map(of_file).collect::<Vec<_>>()
    };
    row.forks.iter().flat_map(of_fork).collect()
}

const ORPHANS: &[Column] = &[
    Column::new("database"),
    Column::new("filenode").rank(2),
    Column::new("path"),
    Column::new("files").rank(1),
    Column::new("size"),
    Column::new("origin"),
];

fn orphan(row: &OrphanRow) -> Vec<Cell> {
    let first = row.files.first().map(|file| file.path.clone());
    let files = i128::try_from(row.files.len()).unwrap_or_default();
    vec![
        Cell::text(row.database.as_str()),
        Cell::number(row.filenode.0),
        first.map_or_else(Cell::none, Cell::text),
        Cell::count(files),
        Cell::bytes(row.size),
        row.origin.as_ref().map_or_else(Cell::none, |origin| Cell::text(origin.to_string())),
    ]
}

/// `table public.t, created by transaction 1073, which is in progress`.
impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { kind, relation, created_by, created, .. } = self;
        match (self.removed_by, &self.removed) {
            (Some(by), Some(fate)) if created == "committed" => {
                write!(f, "{kind} {relation}, given up by transaction {by} ({fate})")
            }
            _ => write!(f, "{kind} {relation}, created by transaction {created_by} ({created})"),
        }
    }
}

const TEMPORARY: &[Column] = &[Column::new("path"), Column::new("size"), Column::new("what")];

fn temporary(row: &TemporaryRow) -> Vec<Cell> {
    vec![Cell::text(row.path.as_str()), Cell::bytes(row.size), Cell::text(row.what.as_str())]
}

fn table(
    name: &'static str,
    title: &str,
    columns: &[Column],
    rows: impl Iterator<Item = Vec<Cell>>,
) -> Table {
    Table { name, title: title.to_owned(), columns: columns.to_vec(), rows: rows.collect() }
}

/// A name, or the oid of what has lost its name.
fn named(name: Option<&str>, oid: Oid) -> Cell {
    name.map_or_else(|| Cell::number(oid.0), Cell::text)
}

fn yes(flag: bool) -> Cell {
    Cell::text(if flag { "yes" } else { "no" })
}
