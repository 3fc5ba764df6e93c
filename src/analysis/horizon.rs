//! Which rows somebody may still need, with no server running (`ComputeXidHorizons`,
//! storage/ipc/procarray.c): prepared transactions and replication slots are all that is left.
use crate::cluster::{Cluster, Relation};
use crate::report::wraparound::Holder;
use crate::types::{Oid, Xid};

/// First oid that initdb does not pin (`FirstUnpinnedObjectId`, access/transam.h): below it are
/// the catalogs.
const FIRST_UNPINNED: Oid = Oid(12_000);

/// What holds rows back.
#[derive(Debug)]
pub struct Horizons {
    next: Xid,
    held: Vec<Held>,
    holders: Vec<Holder>,
}

/// One id, and the relations whose rows it holds back.
#[derive(Debug)]
struct Held {
    xid: Xid,
    of: Relations,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relations {
    /// A prepared transaction: those of its database, and shared ones.
    OfDatabase(Oid),
    /// The xmin of a slot: all.
    All,
    /// The catalog_xmin of a slot: catalogs, and tables that logical decoding reads like them.
    Catalogs,
}

impl Horizons {
    /// Those of a cluster.
    pub fn new(cluster: &Cluster) -> Self {
        let next = cluster.xact().next_xid().xid();
        let mut horizons = Self { next, held: Vec::new(), holders: Vec::new() };
        let name_of = |oid: Oid| {
            let database = cluster.databases().iter().find(|database| database.oid == oid);
            database.map(|database| database.name.clone())
        };
        for prepared in cluster.prepared() {
            horizons.hold(
                prepared.xid,
                Relations::OfDatabase(prepared.database),
                Holder {
                    kind: "prepared transaction",
                    name: prepared.gid.clone(),
                    holds: "xid",
                    database: name_of(prepared.database),
                    since: Some(prepared.prepared_at),
                    ..Holder::default()
                },
            );
        }
        for slot in cluster.slots().iter().filter(|slot| slot.in_force) {
            let both = [
                ("xmin", slot.xmin, Relations::All),
                ("catalog_xmin", slot.catalog_xmin, Relations::Catalogs),
            ];
            for (holds, xid, of) in both {
                horizons.hold(
                    xid,
                    of,
                    Holder {
                        kind: "replication slot",
                        name: slot.name.clone(),
                        holds,
                        database: name_of(slot.database),
                        ..Holder::default()
                    },
                );
            }
        }
        horizons.holders.sort_by_key(|holder| std::cmp::Reverse(holder.age));
        horizons
    }

    fn hold(&mut self, xid: Xid, of: Relations, holder: Holder) {
        if xid.is_normal() {
            self.held.push(Held { xid, of });
            self.holders.push(Holder { xid, age: xid.age(self.next), ..holder });
        }
    }

    /// All that hold anything back, oldest first.
    pub fn holders(&self) -> &[Holder] {
        &self.holders
    }

    /// No older transaction's changes are needed in `relation` by anybody: VACUUM may remove what
    /// was deleted before (`OldestXmin`).
    pub fn removal(&self, relation: &Relation) -> Xid {
        let user_catalog = || {
            let mut options = relation.reloptions.iter();
            options.any(|(name, value)| name == "user_catalog_table" && value != "false")
        };
        let shared = !relation.database.is_valid();
        let catalog = shared || relation.oid < FIRST_UNPINNED || user_catalog();
        self.oldest(|of| match of {
            Relations::OfDatabase(database) => shared || database == relation.database,
            Relations::All => true,
            Relations::Catalogs => catalog,
        })
    }

    /// No older transaction can be running where `relation` is
    /// (`GetStrictOldestNonRemovableTransactionId`, contrib/pg_visibility).
    pub fn running(&self, relation: &Relation) -> Xid {
        let shared = !relation.database.is_valid();
        self.oldest(|of| match of {
            Relations::OfDatabase(database) => shared || database == relation.database,
            Relations::All | Relations::Catalogs => false,
        })
    }

    fn oldest(&self, applies: impl Fn(Relations) -> bool) -> Xid {
        let held = self.held.iter().filter(|held| applies(held.of));
        held.fold(
            self.next,
            |oldest, held| if held.xid.precedes(oldest) { held.xid } else { oldest },
        )
    }
}
