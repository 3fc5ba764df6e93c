//! What selectors name, the other way round too: a number stands for all that have it, in every
//! database, and a path may be that of a file that belongs to nothing.
use super::{Inventory, orphans};
use crate::cluster::{Cluster, Relation, SelectError, Selector};
use crate::report::ls::OrphanRow;
use crate::types::Oid;
use std::collections::BTreeMap;

/// The relations that `selectors` name, each once, by database and oid. Orphans and temporary
/// files that they name are put into `found`.
///
/// # Errors
/// If one of them means nothing here.
pub(super) fn relations<'c>(
    cluster: &'c Cluster,
    selectors: &[Selector],
    found: &mut Inventory,
) -> Result<Vec<&'c Relation>, SelectError> {
    let mut selected = BTreeMap::new();
    for selector in selectors {
        let relations = match selector {
            Selector::Oid(oid) => everywhere(cluster, |relation| relation.oid == *oid),
            Selector::Filenode(number) => {
                everywhere(cluster, |relation| relation.locator.number == *number)
            }
            Selector::Path(_) | Selector::Name(_) | Selector::Schema(_) | Selector::Database(_) => {
                Vec::new()
            }
        };
        let files = unowned(cluster, selector, found);
        let relations = if relations.is_empty() && !files {
            cluster.select(std::slice::from_ref(selector))?
        } else {
            relations
        };
        for relation in relations {
            selected.insert((relation.database, relation.oid, relation.locator), relation);
        }
    }
    Ok(selected.into_values().collect())
}

/// Every relation that is wanted, the shared ones once.
fn everywhere(cluster: &Cluster, wanted: impl Fn(&Relation) -> bool) -> Vec<&Relation> {
    let databases = cluster.databases().iter().map(|database| database.oid);
    let all = std::iter::once(Oid::INVALID).chain(databases);
    all.flat_map(|database| cluster.relations(database)).filter(|of| wanted(of)).collect()
}

/// Adds the files without an owner that a filenode or a path names, and says whether there are any.
fn unowned(cluster: &Cluster, selector: &Selector, found: &mut Inventory) -> bool {
    let is_it = |orphan: &OrphanRow| match selector {
        Selector::Filenode(number) => orphan.filenode == *number,
        Selector::Path(path) => orphan.files.iter().any(|file| file.path == *path),
        Selector::Oid(_) | Selector::Name(_) | Selector::Schema(_) | Selector::Database(_) => false,
    };
    if !matches!(selector, Selector::Filenode(_) | Selector::Path(_)) {
        return false;
    }
    let mut all = Inventory::default();
    for database in cluster.databases() {
        orphans::list(cluster, database, &mut all);
    }
    orphans::shared(cluster, &mut all);
    let is_path = |path: &str| matches!(selector, Selector::Path(wanted) if wanted == path);
    let before = found.ls.orphans.len() + found.ls.temporary.len();
    found.ls.orphans.extend(all.ls.orphans.into_iter().filter(is_it));
    let temporary = all.ls.temporary.into_iter().filter(|row| is_path(&row.path));
    found.ls.temporary.extend(temporary);
    found.ls.orphans.len() + found.ls.temporary.len() > before
}

/// The paths of files that a filenode or a path names and that belong to nothing: of each such
/// filenode the first file, or the one that was named.
pub fn files_of_nothing(cluster: &Cluster, selector: &Selector) -> Vec<String> {
    let mut found = Inventory::default();
    if !unowned(cluster, selector, &mut found) {
        return Vec::new();
    }
    if let Selector::Path(path) = selector {
        return vec![path.clone()];
    }
    let first = |orphan: OrphanRow| orphan.files.into_iter().next().map(|file| file.path);
    found.ls.orphans.into_iter().filter_map(first).collect()
}
