//! How far ids are from wrapping around, and what keeps old ones from being forgotten.
use super::doc::Tone;
use crate::types::{MultiXactId, Oid, TimestampTz, Xid};
use serde::Serialize;

/// Age of one counter that keeps an old id alive: datfrozenxid, relfrozenxid, datminmxid, relminmxid.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Age {
    /// What `age()` or `mxid_age()` gives: ids from the counter to the next one.
    pub age: i32,
    /// Age at which autovacuum forces a VACUUM: the setting, lowered by the table's reloption.
    pub freeze_max_age: u32,
    /// `age` of `freeze_max_age`, 0 and more.
    pub percent_towards_freeze: f64,
    /// `age` of the 2^31 ids there are before wraparound, 0 to 100.
    pub percent_towards_wraparound: f64,
    /// Whether it has passed vacuum_failsafe_age or vacuum_multixact_failsafe_age, from 14 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failsafe: Option<bool>,
    /// How much it should worry.
    pub level: Tone,
}

/// Distance of the cluster to the limits of its major; negative once a limit is passed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Limits {
    /// Ids until every new one gives a warning.
    pub until_warning: i64,
    /// Ids until no new one is given.
    pub until_stop: i64,
    /// Ids until wraparound.
    pub until_wraparound: i64,
    /// The database that is oldest.
    pub database: String,
}

/// Ages of one database.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DatabaseAge {
    /// Its name.
    pub database: String,
    /// Its oid.
    pub oid: Oid,
    /// pg_database.datfrozenxid.
    pub datfrozenxid: Xid,
    /// pg_database.datminmxid.
    pub datminmxid: MultiXactId,
    /// Age of `datfrozenxid`.
    pub xid: Age,
    /// Age of `datminmxid`.
    pub multi: Age,
}

/// Something that keeps VACUUM from removing and freezing what is newer, even with no server running.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Holder {
    /// What: "prepared transaction" or "replication slot".
    pub kind: &'static str,
    /// Its gid or name.
    pub name: String,
    /// Which of its ids: "xid", "xmin" or "catalog_xmin".
    pub holds: &'static str,
    /// That id.
    pub xid: Xid,
    /// Its age in transactions.
    pub age: i32,
    /// The database it is about, if one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// When it was prepared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<TimestampTz>,
}

/// The whole cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Wraparound {
    /// The next xid to be given out, with epoch, as text because it has 64 bits.
    pub next_xid: String,
    /// The next multixact id.
    pub next_multi: MultiXactId,
    /// Distances in transaction ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xid: Option<Limits>,
    /// Distances in multixact ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multi: Option<Limits>,
    /// Databases, oldest first.
    pub databases: Vec<DatabaseAge>,
    /// What holds the horizon back, oldest first.
    pub holders: Vec<Holder>,
}
