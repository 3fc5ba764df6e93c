//! One table, judged: what was seen of it, measured by settings, reloptions and thresholds.
use crate::analysis::autovacuum::{self, Found};
use crate::analysis::bloat::{BloatScan, Rules};
use crate::analysis::freeze::{Cutoffs, FreezeScan, Judging};
use crate::analysis::horizon::Horizons;
use crate::analysis::parameters::{Parameters, id_count};
use crate::analysis::scan::Target;
use crate::analysis::wraparound::{self, Marks};
use crate::cluster::{Cluster, Database, Persistence, Relation};
use crate::report::audit::{TableAudit, Thresholds};
use crate::report::doc::Tone;
use crate::report::wraparound::{Age, DatabaseAge};
use crate::types::{MultiXactId, Oid, Xid};

/// What every table is measured by.
pub(super) struct Judge<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) horizons: Horizons,
    thresholds: Thresholds,
    next_xid: Xid,
    next_multi: MultiXactId,
    /// Whether this major's autovacuum counts all-frozen pages.
    frozen_counts: bool,
}

impl<'a> Judge<'a> {
    pub(super) fn new(cluster: &'a Cluster, thresholds: Thresholds) -> Self {
        let xact = cluster.xact();
        let catalogs = cluster.dialect().layout.catalogs.catalogs;
        let mut class = catalogs.iter().filter(|catalog| catalog.name == "pg_class");
        Self {
            frozen_counts: class.any(|class| class.position("relallfrozen").is_some()),
            cluster,
            horizons: Horizons::new(cluster),
            thresholds,
            next_xid: xact.next_xid().xid(),
            next_multi: xact.next_multi(),
        }
    }

    /// What holds for a table: a TOAST table without reloptions has those of its table.
    pub(super) fn parameters(&self, relation: &Relation) -> Parameters {
        let mut options = &relation.reloptions;
        if options.is_empty()
            && let Some(owner) = relation.owner_relation
            && let Some(owner) = self.relation(relation.database, owner)
        {
            options = &owner.reloptions;
        }
        let own = Parameters::new(self.cluster.settings(), &relation.reloptions);
        let fillfactor = own.fillfactor;
        Parameters { fillfactor, ..Parameters::new(self.cluster.settings(), options) }
    }

    fn relation(&self, database: Oid, oid: Oid) -> Option<&'a Relation> {
        let relations = self.cluster.relations(database);
        let at = relations.binary_search_by_key(&oid, |relation| relation.oid).ok()?;
        relations.get(at)
    }

    pub(super) fn bloat_rules(&self, target: &Target<'_>, parameters: &Parameters) -> Rules {
        Rules {
            free_space: self.cluster.dialect().layout.free_space,
            block_size: target.block_size,
            fillfactor: parameters.fillfactor,
            horizon: self.horizons.removal(target.relation),
        }
    }

    /// `vacuum_get_cutoffs` (commands/vacuum.c).
    pub(super) fn cutoffs(&self, relation: &Relation) -> Cutoffs {
        let settings = self.cluster.settings();
        let removal = self.horizons.removal(relation);
        let half = |max_age: i64| id_count(max_age) / 2;
        let xids =
            id_count(settings.vacuum_freeze_min_age).min(half(settings.autovacuum_freeze_max_age));
        let multis = id_count(settings.vacuum_multixact_freeze_min_age)
            .min(half(settings.autovacuum_multixact_freeze_max_age));
        let limit = Xid(self.next_xid.0.wrapping_sub(xids));
        let limit = if limit.is_normal() { limit } else { Xid::FIRST_NORMAL };
        Cutoffs {
            relfrozenxid: relation.relfrozenxid,
            relminmxid: relation.relminmxid,
            next_xid: self.next_xid,
            next_multi: self.next_multi,
            horizon: self.horizons.running(relation),
            removal_horizon: removal,
            freeze_limit: if removal.precedes(limit) { removal } else { limit },
            multi_cutoff: MultiXactId(self.next_multi.0.wrapping_sub(multis)),
            judging: self.judging(relation),
        }
    }

    fn judging(&self, relation: &Relation) -> Judging {
        match self.cluster.recovery_from() {
            None => Judging::All,
            // Unlogged relations have LSNs of their own, and recovery resets them.
            Some(redo) if relation.persistence == Persistence::Permanent => Judging::Before(redo),
            Some(_) => Judging::None,
        }
    }

    pub(super) fn database(&self, database: &Database) -> DatabaseAge {
        let settings = self.cluster.settings();
        DatabaseAge {
            database: database.name.clone(),
            oid: database.oid,
            datfrozenxid: database.datfrozenxid,
            datminmxid: database.datminmxid,
            xid: self.xid_age(database.datfrozenxid, id_count(settings.autovacuum_freeze_max_age)),
            multi: self.multi_age(
                database.datminmxid,
                id_count(settings.autovacuum_multixact_freeze_max_age),
            ),
        }
    }

    fn xid_age(&self, xid: Xid, max_age: u32) -> Age {
        let failsafe = self.cluster.settings().vacuum_failsafe_age.map(id_count);
        let marks =
            Marks { warning: self.thresholds.age_warning, critical: self.thresholds.age_critical };
        wraparound::judge(xid.age(self.next_xid), max_age, failsafe, marks)
    }

    fn multi_age(&self, multi: MultiXactId, max_age: u32) -> Age {
        let failsafe = self.cluster.settings().vacuum_multixact_failsafe_age.map(id_count);
        let marks = Marks {
            warning: self.thresholds.multi_age_warning,
            critical: self.thresholds.multi_age_critical,
        };
        wraparound::judge(multi.age(self.next_multi), max_age, failsafe, marks)
    }

    /// The row of a table once all of it was seen.
    pub(super) fn row(
        &self,
        target: &Target<'_>,
        (bloat, freeze): (BloatScan, FreezeScan),
    ) -> TableAudit {
        let relation = target.relation;
        let parameters = self.parameters(relation);
        let (lost_pages, inserted_tuples) = (bloat.lost_pages(), freeze.inserted_tuples());
        let end = target.segments.last().map_or(0, |segment| segment.end);
        let bloat = bloat.finish(target.blocks(), end);
        let freeze = freeze.finish();
        let xid = self.xid_age(relation.relfrozenxid, parameters.freeze_max_age);
        let multi = self.multi_age(relation.relminmxid, parameters.multixact_freeze_max_age);
        let found = Found {
            dead_tuples: bloat.dead_tuple_count + bloat.dead_line_pointers,
            inserted_tuples,
            all_frozen: self.frozen_counts.then(|| (freeze.all_frozen, target.blocks())),
        };
        let autovacuum = autovacuum::judge(relation, found, &parameters, (&xid, &multi));
        let level = [self.dead_level(bloat.dead_tuple_percent), xid.level, multi.level]
            .into_iter()
            .fold(Tone::Plain, worse);
        TableAudit {
            table: target.name.clone(),
            database: relation.database.is_valid().then(|| relation.database_name.clone()),
            schema: relation.schema.clone(),
            name: relation.name.clone(),
            kind: relation.kind.to_string(),
            oid: relation.oid,
            filenode: relation.locator.number,
            relfrozenxid: relation.relfrozenxid,
            relminmxid: relation.relminmxid,
            reltuples: relation.reltuples,
            fillfactor: parameters.fillfactor,
            lost_pages,
            bloat,
            free_space_map: None,
            with_toast: None,
            indexes: Vec::new(),
            freeze,
            xid,
            multi,
            autovacuum,
            level,
        }
    }

    fn dead_level(&self, percent: f64) -> Tone {
        match percent {
            percent if percent > self.thresholds.dead_critical => Tone::Critical,
            percent if percent > self.thresholds.dead_warning => Tone::Warning,
            _ => Tone::Plain,
        }
    }
}

fn worse(one: Tone, other: Tone) -> Tone {
    match (one, other) {
        (Tone::Critical, _) | (_, Tone::Critical) => Tone::Critical,
        (Tone::Warning, _) | (_, Tone::Warning) => Tone::Warning,
        _ => Tone::Plain,
    }
}
