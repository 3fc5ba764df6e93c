//! What a transaction did to relations, by the rows of pg_class that it changed.
//!
//! TRUNCATE and REINDEX give a relation a new file; VACUUM FULL, CLUSTER, REFRESH MATERIALIZED VIEW
//! and ALTERs that rewrite do it through a temporary double (`make_new_heap`, commands/cluster.c).
use crate::cluster::{Cluster, RelKind, Relation};
use crate::report::wal::xacts::{Action, Ddl};
use crate::types::{Oid, RelFileLocator};
use crate::wal::{ChangeKind, ClassChange, double_of};
use std::collections::BTreeMap;

/// Relations that are kept of one transaction.
const MOST: usize = 4096;

/// Rows of pg_class, by database and oid, as they were first and last.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes(BTreeMap<(Oid, Oid), Change>);

#[derive(Debug, Clone)]
struct Change {
    first: ChangeKind,
    last: ChangeKind,
    before: Option<Brief>,
    after: Option<Brief>,
}

/// What matters of a row.
#[derive(Debug, Clone)]
struct Brief {
    name: String,
    kind: RelKind,
    locator: RelFileLocator,
    toast: bool,
    double_of: Option<Oid>,
    /// The table of an index.
    owner: Option<Oid>,
}

impl Brief {
    fn new(relation: &Relation, cluster: &Cluster) -> Self {
        Self {
            name: cluster.name_of(relation),
            kind: relation.kind,
            locator: relation.locator,
            toast: relation.schema == "pg_toast",
            double_of: double_of(relation),
            owner: relation.owner_relation,
        }
    }
}

impl Changes {
    /// Takes one.
    pub(super) fn add(&mut self, change: &ClassChange, cluster: &Cluster) {
        let Some(row) = change.before.as_ref().or(change.after.as_ref()) else { return };
        let key = (change.database, row.oid);
        let brief = |row: &Option<Relation>| row.as_ref().map(|row| Brief::new(row, cluster));
        if let Some(known) = self.0.get_mut(&key) {
            known.take(change.kind, brief(&change.before), brief(&change.after));
        } else if self.0.len() < MOST {
            let (before, after) = (brief(&change.before), brief(&change.after));
            let change = Change { first: change.kind, last: change.kind, before, after };
            self.0.insert(key, change);
        }
    }

    /// Adds those of a subtransaction, which came later or in between.
    pub(super) fn merge(&mut self, other: Self) {
        for (key, change) in other.0 {
            if let Some(known) = self.0.get_mut(&key) {
                known.take(change.last, change.before, change.after);
            } else if self.0.len() < MOST {
                self.0.insert(key, change);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As DDL: without TOAST tables and doubles, which come and go with their tables.
    pub(super) fn ddl(&self, cluster: &Cluster) -> Vec<Ddl> {
        let doubles = |change: &Change| {
            let brief = change.after.as_ref().or(change.before.as_ref())?;
            brief.double_of
        };
        let rewritten =
            self.0.iter().filter_map(|((database, _), change)| Some((*database, doubles(change)?)));
        let rewritten: Vec<_> = rewritten.collect();
        let mut all = Vec::new();
        for (key, change) in &self.0 {
            let brief = change.after.as_ref().or(change.before.as_ref());
            let Some(brief) = brief.filter(|brief| !brief.toast && brief.double_of.is_none())
            else {
                continue;
            };
            let did = change.ddl(rewritten.contains(key));
            // The indexes of a table that gets a new file get one with it.
            let with_table = || {
                let table = brief.owner.and_then(|owner| self.0.get(&(key.0, owner)));
                table.is_some_and(Change::moved)
                    || rewritten.iter().any(|of| Some(of.1) == brief.owner)
            };
            all.extend(did.filter(|did| did.action != Action::Rewritten || !with_table()));
        }
        // Mapped catalogs have no filenode in their rows, which do not change then.
        for (database, oid) in rewritten {
            if !self.0.contains_key(&(database, oid))
                && let Some(relation) = cluster.relation(database, oid)
            {
                let brief = Brief::new(relation, cluster);
                all.push(brief.did(Action::Rewritten, None));
            }
        }
        all.sort();
        remade(&mut all);
        all
    }
}

/// What was dropped and created under the same name was made anew.
fn remade(all: &mut Vec<Ddl>) {
    let is = |one: &Ddl, action, other: &Ddl| {
        one.action == action && one.kind == other.kind && one.object == other.object
    };
    let created: Vec<_> = all.iter().filter(|of| of.action == Action::Created).cloned().collect();
    for of in created {
        if all.iter().any(|other| is(other, Action::Dropped, &of)) {
            all.retain(|other| {
                !is(other, Action::Dropped, &of) && !is(other, Action::Created, &of)
            });
            all.push(Ddl { action: Action::Rewritten, ..of });
        }
    }
    all.sort();
}

impl Change {
    /// Goes on with what happened to the same row later.
    fn take(&mut self, kind: ChangeKind, before: Option<Brief>, after: Option<Brief>) {
        self.last = kind;
        let before = before.or_else(|| self.after.take());
        self.before = self.before.take().or(before);
        self.after = after;
    }

    /// Whether it was given another file.
    fn moved(&self) -> bool {
        let (before, after) = (self.before.as_ref(), self.after.as_ref());
        before.zip(after).is_some_and(|(before, after)| before.locator != after.locator)
    }

    fn ddl(&self, through_double: bool) -> Option<Ddl> {
        match (self.first, self.last, &self.before, &self.after) {
            // Made and dropped: nothing is left of it. Or nothing is known of it.
            (ChangeKind::Insert, ChangeKind::Delete, ..) | (_, _, None, None) => None,
            (ChangeKind::Insert, _, _, Some(after)) => Some(after.did(Action::Created, None)),
            (_, ChangeKind::Delete, Some(before), _) => Some(before.did(Action::Dropped, None)),
            (_, _, Some(before), Some(after)) => Some(before.turned_into(after, through_double)),
            (_, _, None, Some(one)) | (_, _, Some(one), None) => {
                Some(one.did(Action::Altered, None))
            }
        }
    }
}

impl Brief {
    fn did(&self, action: Action, to: Option<String>) -> Ddl {
        Ddl { action, kind: self.kind.to_string(), object: self.name.clone(), to }
    }

    fn turned_into(&self, after: &Self, through_double: bool) -> Ddl {
        if self.locator != after.locator || through_double {
            let emptied = self.kind.is_heap() && !through_double;
            let moved = self.locator.tablespace != after.locator.tablespace;
            let truncated = emptied && !moved;
            return self.did(if truncated { Action::Truncated } else { Action::Rewritten }, None);
        }
        if self.name != after.name {
            return self.did(Action::Renamed, Some(after.name.clone()));
        }
        self.did(Action::Altered, None)
    }
}
