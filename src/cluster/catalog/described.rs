//! What the catalogs say of one relation beyond pg_class, and of the extensions of a database. Read
//! when asked for and not kept.
use super::map::Map;
use super::row::Row;
use super::scan::{CatalogFile, Reader};
use super::visible::Fate;
use crate::cluster::{Cluster, Relation};
use crate::finding::Findings;
use crate::types::Oid;
use std::collections::HashMap;

/// A constraint (pg_constraint). What it demands is an expression of nodes, which is not decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// `conname`.
    pub name: String,
    /// `contype`: `c` check, `f` foreign key, `n` not null, `p` primary key, `t` trigger, `u`
    /// unique, `x` exclusion.
    pub kind: u8,
    /// `conkey`: the columns it is about, by number.
    pub columns: Vec<i16>,
    /// `confrelid`: the table that a foreign key leads to, 0 otherwise.
    pub references: Oid,
}

/// What pg_index says of the state of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexFlags {
    /// `indisunique`.
    pub unique: bool,
    /// `indisvalid`: queries may use it.
    pub valid: bool,
}

/// An installed extension (pg_extension).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// `extname`.
    pub name: String,
    /// `extversion`.
    pub version: String,
    /// Its schema, `oid:NNN` if its row is lost.
    pub schema: String,
}

/// Parents and children of a table or an index, by oid (pg_inherits).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inheritance {
    /// What it inherits from or is a partition of, in the order of `inhseqno`.
    pub parents: Vec<Oid>,
    /// What inherits from it, its partitions, by oid.
    pub children: Vec<Oid>,
}

impl Cluster {
    /// The constraints of a relation, by name.
    pub fn constraints(&self, relation: &Relation) -> Vec<Constraint> {
        let columns = ["conrelid", "conname", "contype", "conkey", "confrelid"];
        let mut found = Vec::new();
        let constraint = |row: &Row<'_>, [of, name, kind, key, references]: [Option<usize>; 5]| {
            let of = row.oid(of).filter(|of| *of == relation.oid && row.fate == Fate::Visible);
            Some(Constraint {
                name: of.and_then(|_| row.name(name))?,
                kind: row.byte(kind)?,
                columns: row.int2s(key),
                references: row.oid(references)?,
            })
        };
        self.each_row(relation.database, "pg_constraint", columns, &mut |row, places| {
            found.extend(constraint(row, places));
        });
        found.sort_by(|one: &Constraint, other| one.name.cmp(&other.name));
        found
    }

    /// The columns of a relation that have a row in pg_attrdef: a default, or what they are
    /// generated from. The expression is one of nodes, which is not decoded.
    pub fn defaults(&self, relation: &Relation) -> Vec<i16> {
        let mut found = Vec::new();
        self.each_row(
            relation.database,
            "pg_attrdef",
            ["adrelid", "adnum"],
            &mut |row, [of, n]| {
                if row.fate == Fate::Visible && row.oid(of) == Some(relation.oid) {
                    found.extend(row.int2(n));
                }
            },
        );
        found.sort_unstable();
        found
    }

    /// The state of an index; `None` if its row is lost.
    pub fn index_flags(&self, index: &Relation) -> Option<IndexFlags> {
        self.all_index_flags(index.database).remove(&index.oid)
    }

    /// The states of all indexes of a database, by oid.
    pub fn all_index_flags(&self, database: Oid) -> HashMap<Oid, IndexFlags> {
        let mut found = HashMap::new();
        let columns = ["indexrelid", "indisunique", "indisvalid"];
        self.each_row(database, "pg_index", columns, &mut |row, [of, unique, valid]| {
            let flags = row.boolean(unique).zip(row.boolean(valid));
            let flags = flags.map(|(unique, valid)| IndexFlags { unique, valid });
            found.extend(row.oid(of).zip(flags).filter(|_| row.fate == Fate::Visible));
        });
        found
    }

    /// What a relation inherits from, and what inherits from it.
    pub fn inheritance(&self, relation: &Relation) -> Inheritance {
        let (mut parents, mut children) = (Vec::new(), Vec::new());
        let columns = ["inhrelid", "inhparent", "inhseqno"];
        self.each_row(
            relation.database,
            "pg_inherits",
            columns,
            &mut |row, [of, parent, order]| {
                let found = row.oid(of).zip(row.oid(parent)).zip(row.int4(order));
                let Some(((of, parent), order)) = found else { return };
                if row.fate != Fate::Visible {
                    return;
                }
                if of == relation.oid {
                    parents.push((order, parent));
                }
                if parent == relation.oid {
                    children.push(of);
                }
            },
        );
        parents.sort_unstable();
        children.sort_unstable();
        Inheritance { parents: parents.into_iter().map(|(_, oid)| oid).collect(), children }
    }

    /// The extensions of a database, by name.
    pub fn extensions(&self, database: Oid) -> Vec<Extension> {
        let schemas = self.schemas(database);
        let mut found = Vec::new();
        let columns = ["extname", "extversion", "extnamespace"];
        let extension = |row: &Row<'_>, [name, version, schema]: [Option<usize>; 3]| {
            let schema = row.oid(schema)?;
            Some(Extension {
                name: row.name(name)?,
                version: row.text(version)?,
                schema: schemas.get(&schema).cloned().unwrap_or_else(|| format!("oid:{schema}")),
            })
        };
        self.each_row(database, "pg_extension", columns, &mut |row, places| {
            found.extend(extension(row, places).filter(|_| row.fate == Fate::Visible));
        });
        found.sort_by(|one, other| one.name.cmp(&other.name));
        found
    }

    /// The schemas of a database by oid.
    pub(super) fn schemas(&self, database: Oid) -> HashMap<Oid, String> {
        self.names_in(database, "pg_namespace", "nspname")
    }

    /// The names that a catalog of a database gives to oids.
    pub(super) fn names_in(
        &self,
        database: Oid,
        catalog: &str,
        name: &str,
    ) -> HashMap<Oid, String> {
        let mut names = HashMap::new();
        self.each_row(database, catalog, ["oid", name], &mut |row, [oid, name]| {
            if row.fate == Fate::Visible {
                names.extend(row.oid(oid).zip(row.name(name)));
            }
        });
        names
    }

    /// Gives the rows of a database's catalog to `each`, with the places of `columns`. Of the
    /// shared relations (`Oid(0)`) every database says the same, and the first is asked. What is
    /// wrong with the catalog is found elsewhere: by the audit, which reads it as a table.
    pub(super) fn each_row<const N: usize>(
        &self,
        database: Oid,
        catalog: &str,
        columns: [&str; N],
        each: &mut dyn FnMut(&Row<'_>, [Option<usize>; N]),
    ) {
        let mut databases = self.databases().iter();
        let Some(known) = self.dialect.layout.catalogs.get(catalog) else { return };
        let Some(of) = databases.find(|one| !database.is_valid() || one.oid == database) else {
            return;
        };
        let Some(dir) = self.tablespaces.directory(of.dattablespace, of.oid) else { return };
        let reader = Reader { source: &self.source, dialect: &self.dialect, xact: &self.xact };
        let mut unsaid = Findings::default();
        // Where pg_class has lost the catalog's row, the map or its first filenode may help.
        let number = match self.relation(of.oid, Oid(known.oid)) {
            Some(relation) => relation.locator.number,
            None if known.mapped => Map::read(reader, &dir, &mut unsaid).filenode(Oid(known.oid)),
            None => crate::types::RelFileNumber(known.oid),
        };
        let file = CatalogFile { name: catalog.to_owned(), dir: &dir, number };
        let own = self.shared.columns.get(catalog);
        let places = own.find(columns);
        reader.scan(&file, own, &mut unsaid, &mut |row| each(row, places));
    }
}
