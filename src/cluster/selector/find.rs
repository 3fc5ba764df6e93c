//! From a selector to the relations that it means in one cluster.
use super::{SelectError, Selector, near};
use crate::cluster::{Cluster, Database, Relation, quote};
use crate::source::relation::RelationFileName;
use crate::types::Oid;
use std::collections::{BTreeMap, BTreeSet};

/// Relations that a selector may mean.
type Found<'c> = Vec<&'c Relation>;

impl Cluster {
    /// The relations that any of `selectors` means, each once, by database and oid. A database
    /// means all of its own relations.
    ///
    /// # Errors
    /// If one of them means nothing here, or more than it may.
    pub fn select(&self, selectors: &[Selector]) -> Result<Vec<&Relation>, SelectError> {
        let mut selected = BTreeMap::new();
        for selector in selectors {
            for relation in self.meant(selector)? {
                selected.insert((relation.database, relation.oid, relation.locator), relation);
            }
        }
        Ok(selected.into_values().collect())
    }

    /// The database of that name.
    ///
    /// # Errors
    /// [`SelectError::Unknown`].
    pub fn database(&self, name: &str) -> Result<&Database, SelectError> {
        let found = self.databases().iter().find(|database| database.name == name);
        found.ok_or_else(|| {
            let names = self.databases().iter().map(|d| (d.name.clone(), quote::part(&d.name)));
            let what = format!("database {}", quote::part(name));
            SelectError::Unknown { what, nearest: near::nearest(name, names) }
        })
    }

    /// Every relation, the shared ones once. This reads the catalogs of every database.
    fn everywhere(&self) -> impl Iterator<Item = &Relation> {
        let databases = self.databases().iter().map(|database| database.oid);
        std::iter::once(Oid::INVALID).chain(databases).flat_map(|oid| self.relations(oid))
    }

    fn meant(&self, selector: &Selector) -> Result<Found<'_>, SelectError> {
        match selector {
            Selector::Database(name) => Ok(self.all_of(self.database(name)?)),
            Selector::Schema(parts) => self.in_schema(selector, parts),
            Selector::Name(parts) => self.named(selector, parts),
            Selector::Oid(oid) => {
                self.one(selector, self.everywhere().filter(|r| r.oid == *oid && oid.is_valid()))
            }
            Selector::Filenode(number) => {
                let with = |r: &&Relation| r.locator.number == *number && number.0 != 0;
                self.one(selector, self.everywhere().filter(with))
            }
            Selector::Path(path) => self.at_path(selector, path),
        }
    }

    /// Every relation of a schema; without a database, of all databases but templates, if it is in
    /// any of them.
    fn in_schema(&self, selector: &Selector, parts: &[String]) -> Result<Found<'_>, SelectError> {
        let (database, name) = match parts {
            [database, name] => (Some(self.database(database)?.oid), name),
            [name] => (None, name),
            _ => return Err(self.unknown(selector)),
        };
        let of = |relation: &&Relation| {
            relation.schema == *name && database.is_none_or(|oid| relation.database == oid)
        };
        let found: Found<'_> = self.everywhere().filter(of).collect();
        let template = |relation: &&Relation| self.rank(relation) >= 3;
        let (templates, own): (Found<'_>, Found<'_>) = found.into_iter().partition(template);
        let found = if own.is_empty() { templates } else { own };
        if found.is_empty() { Err(self.unknown(selector)) } else { Ok(found) }
    }

    fn all_of(&self, database: &Database) -> Found<'_> {
        self.relations(database.oid).iter().collect()
    }

    /// What is found, if it is one relation.
    fn one<'c>(
        &'c self,
        selector: &Selector,
        found: impl Iterator<Item = &'c Relation>,
    ) -> Result<Found<'c>, SelectError> {
        let found: Found<'_> = found.collect();
        match found.as_slice() {
            [] => Err(self.unknown(selector)),
            [_] => Ok(found),
            _ => Err(self.ambiguous(selector, &found, None)),
        }
    }

    fn ambiguous(
        &self,
        selector: &Selector,
        found: &[&Relation],
        database: Option<&Database>,
    ) -> SelectError {
        let database = database.map(|d| format!("database:{}", quote::part(&d.name)));
        let relations = found.iter().map(|relation| self.name_of(relation));
        let candidates = database.into_iter().chain(relations).collect();
        SelectError::Ambiguous { what: selector.to_string(), candidates }
    }

    fn unknown(&self, selector: &Selector) -> SelectError {
        let nearest = match selector {
            Selector::Name(parts) => {
                let wanted = parts.last().map_or("", String::as_str);
                let relations = self.everywhere().map(|r| (r.name.clone(), self.name_of(r)));
                let databases = self.databases().iter();
                let databases = databases.map(|d| (d.name.clone(), quote::part(&d.name)));
                near::nearest(wanted, relations.chain(databases))
            }
            Selector::Schema(parts) => {
                let wanted = parts.last().map_or("", String::as_str);
                let schemas: BTreeSet<_> = self.everywhere().map(|r| r.schema.clone()).collect();
                let schemas = schemas.into_iter().map(|name| {
                    let full = format!("schema:{}", quote::part(&name));
                    (name, full)
                });
                near::nearest(wanted, schemas)
            }
            _ => Vec::new(),
        };
        SelectError::Unknown { what: selector.to_string(), nearest }
    }

    fn named(&self, selector: &Selector, parts: &[String]) -> Result<Found<'_>, SelectError> {
        let lower: Vec<_> = parts.iter().map(|part| part.to_lowercase()).collect();
        for parts in [parts, &lower] {
            let database = match parts {
                [name] => self.databases().iter().find(|database| database.name == *name),
                _ => None,
            };
            let found = self.best(parts);
            match (database, found.as_slice()) {
                (Some(database), []) => return Ok(self.all_of(database)),
                (None, []) => {}
                (None, [_]) => return Ok(found),
                (database, _) => return Err(self.ambiguous(selector, &found, database)),
            }
        }
        Err(self.unknown(selector))
    }

    /// The relations of that name that are most likely meant: those in public before those in
    /// other schemas before those of the system, and all of them before those in templates.
    fn best(&self, parts: &[String]) -> Found<'_> {
        let found: Found<'_> = match parts {
            [name] => self.everywhere().filter(|r| r.name == *name).collect(),
            [first, name] => {
                let in_schema = |r: &&Relation| r.schema == *first && r.name == *name;
                let found: Found<'_> = self.everywhere().filter(in_schema).collect();
                if found.is_empty() { self.in_database(first, |r| r.name == *name) } else { found }
            }
            [database, schema, name] => {
                self.in_database(database, |r| r.schema == *schema && r.name == *name)
            }
            _ => Vec::new(),
        };
        let best = found.iter().map(|relation| self.rank(relation)).min();
        found.into_iter().filter(|relation| Some(self.rank(relation)) == best).collect()
    }

    /// Relations of one database, or shared ones as it sees them.
    fn in_database(&self, name: &str, wanted: impl Fn(&Relation) -> bool) -> Found<'_> {
        let Ok(database) = self.database(name) else { return Vec::new() };
        let relations = self.relations(database.oid).iter().chain(self.relations(Oid::INVALID));
        relations.filter(|relation| wanted(relation)).collect()
    }

    fn rank(&self, relation: &Relation) -> u8 {
        let database = self.databases().iter().find(|d| d.oid == relation.database);
        let template = u8::from(database.is_some_and(|database| database.is_template));
        let schema = match relation.schema.as_str() {
            "public" => 0,
            "information_schema" => 2,
            system if system.starts_with("pg_") => 2,
            _ => 1,
        };
        template * 3 + schema
    }

    /// The relation that a file belongs to: any segment of any fork.
    fn at_path(&self, selector: &Selector, path: &str) -> Result<Found<'_>, SelectError> {
        if self.source().single_file() == Some(path) {
            return Ok(self.relations(Oid::INVALID).iter().collect());
        }
        let (dir, file) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(name) = RelationFileName::parse(file) else { return Err(self.unknown(selector)) };
        let database = dir.rsplit('/').next().and_then(|oid| oid.parse().ok()).map(Oid);
        let of = if dir == "global" { Oid::INVALID } else { database.unwrap_or_default() };
        let relations = self.relations(of).iter().filter(|relation| {
            let same_file = relation.locator.number == name.number;
            same_file
                && relation.temporary_of() == name.backend
                && self.directory_of(relation).as_deref() == Some(dir)
        });
        self.one(selector, relations)
    }
}
