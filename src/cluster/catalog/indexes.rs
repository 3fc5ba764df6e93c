//! What the tuples of indexes hold: pg_index, the indexes' own columns in pg_attribute, and the
//! operator classes that decide what access methods make of them. Read when asked for and not
//! kept.
use super::attributes::Attribute;
use super::row::Row;
use super::visible::Fate;
use crate::cluster::keys::{IndexColumn, IndexShape};
use crate::cluster::{Cluster, Relation};
use crate::types::Oid;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A row of pg_index.
struct Index {
    /// `indnkeyatts`: columns that are no INCLUDE columns.
    keys: usize,
    /// `indclass`, one for each key column.
    classes: Vec<Oid>,
}

/// A row of pg_opclass.
struct Class {
    name: String,
    family: Oid,
    /// `opcintype`: what it indexes.
    of: Oid,
}

/// `CIDROID`, `INETOID`.
const NETWORKS: [Oid; 2] = [Oid(650), Oid(869)];

/// By family and type, one of the support functions (pg_amproc).
type Support = HashMap<(Oid, Oid), Oid>;

/// `GIST_SORTSUPPORT_PROC`.
const GIST_SORTSUPPORT: i16 = 11;

impl Cluster {
    /// What the tuples of one index hold; `None` if the catalogs do not say. Each call reads
    /// catalogs: for many indexes, use [`Self::index_shapes`].
    pub fn index_shape(&self, index: &Relation) -> Option<IndexShape<'_>> {
        self.index_shapes(index.database, &|oid| oid == index.oid).remove(&index.oid)
    }

    /// What the tuples of `wanted` indexes of a database hold, by the index' oid. An index is left
    /// out if columns of it are missing.
    pub fn index_shapes(
        &self,
        database: Oid,
        wanted: &dyn Fn(Oid) -> bool,
    ) -> HashMap<Oid, IndexShape<'_>> {
        let indexes = self.indexes(database, wanted);
        let columns = self.columns_of(database, &|oid| indexes.contains_key(&oid));
        let (classes, support) = (self.classes(database), self.support(database, 1));
        let values = Arc::new(self.values(database));
        let shape = |(oid, columns): (Oid, Vec<Attribute>)| {
            let relation = self.relation(database, oid)?;
            let index = indexes.get(&oid)?;
            let numbers = columns.iter().map(|column| column.number);
            if !numbers.eq((1..).take(usize::from(relation.relnatts))) {
                return None;
            }
            let column = |(at, column): (usize, Attribute)| {
                let class = index.classes.get(at).and_then(|class| classes.get(class));
                let first = class.and_then(|class| support.get(&(class.family, class.of)));
                // GiST's inet_ops calls inet what is a key of its own (`GistInetKey`,
                // utils/adt/network_gist.c).
                let own = relation.access_method.as_deref() == Some("gist")
                    && NETWORKS.contains(&column.type_oid);
                let type_oid = if own { Oid::INVALID } else { column.type_oid };
                IndexColumn {
                    type_name: values.types.format(column.type_oid, column.modifier),
                    name: column.name,
                    type_oid,
                    storage: column.storage,
                    opclass: class.map(|class| class.name.clone()),
                    support: first.copied().unwrap_or_default(),
                }
            };
            let columns = columns.into_iter().enumerate().map(column).collect();
            let access_method = relation.access_method.clone().unwrap_or_default();
            let values = Arc::clone(&values);
            Some((oid, IndexShape { access_method, columns, keys: index.keys, values }))
        };
        columns.into_iter().filter_map(shape).collect()
    }

    /// The GiST indexes of a database whose operator classes can sort rows, so that a build does
    /// (`gistbuild`, access/gist/gistbuild.c). Each call reads catalogs.
    pub fn sorting_indexes(&self, database: Oid) -> HashSet<Oid> {
        let (classes, support) = (self.classes(database), self.support(database, GIST_SORTSUPPORT));
        let sorts = |class: &Oid| {
            let class = classes.get(class);
            class.is_some_and(|class| support.contains_key(&(class.family, class.of)))
        };
        let gist = |oid| {
            let index = self.relation(database, oid);
            index.is_some_and(|index| index.access_method.as_deref() == Some("gist"))
        };
        let indexes = self.indexes(database, &gist);
        let all = |(oid, index): (Oid, Index)| index.classes.iter().all(sorts).then_some(oid);
        indexes.into_iter().filter_map(all).collect()
    }

    fn indexes(&self, database: Oid, wanted: &dyn Fn(Oid) -> bool) -> HashMap<Oid, Index> {
        let mut found = HashMap::new();
        let columns = ["indexrelid", "indnkeyatts", "indclass"];
        let index = |row: &Row<'_>, [oid, keys, classes]: [Option<usize>; 3]| {
            let keys = usize::try_from(row.int2(keys)?).ok()?;
            Some((row.oid(oid)?, Index { keys, classes: row.oids(classes) }))
        };
        self.each_row(database, "pg_index", columns, &mut |row, places| {
            let row = index(row, places).filter(|_| row.fate == Fate::Visible);
            found.extend(row.filter(|(oid, _)| wanted(*oid)));
        });
        found
    }

    fn classes(&self, database: Oid) -> HashMap<Oid, Class> {
        let mut found = HashMap::new();
        let columns = ["oid", "opcname", "opcfamily", "opcintype"];
        let class = |row: &Row<'_>, [oid, name, family, of]: [Option<usize>; 4]| {
            let class = Class { name: row.name(name)?, family: row.oid(family)?, of: row.oid(of)? };
            Some((row.oid(oid)?, class))
        };
        self.each_row(database, "pg_opclass", columns, &mut |row, places| {
            found.extend(class(row, places).filter(|_| row.fate == Fate::Visible));
        });
        found
    }

    fn support(&self, database: Oid, wanted: i16) -> Support {
        let mut found = HashMap::new();
        let columns = ["amprocfamily", "amproclefttype", "amprocrighttype", "amprocnum", "amproc"];
        let one = |row: &Row<'_>, places: [Option<usize>; 5]| {
            let [family, left, right, number, function] = places;
            let same = row.oid(left)? == row.oid(right)? && row.int2(number)? == wanted;
            same.then_some(((row.oid(family)?, row.oid(left)?), row.oid(function)?))
        };
        self.each_row(database, "pg_amproc", columns, &mut |row, places| {
            found.extend(one(row, places).filter(|_| row.fate == Fate::Visible));
        });
        found
    }
}
