//! Which relation, which of its files (storage/relfilelocator.h, common/relpath.h).
use std::fmt;

super::number!(
    /// Object identifier; 0 is `InvalidOid`.
    Oid(u32)
);
super::number!(
    /// Number that names a relation's files ("filenode"): `pg_relation_filenode`, not the oid.
    RelFileNumber(u32)
);

impl Oid {
    /// `InvalidOid`.
    pub const INVALID: Self = Self(0);
    /// Tablespace `pg_default`: files under `base/`.
    pub const DEFAULT_TABLESPACE: Self = Self(1663);
    /// Tablespace `pg_global`: files under `global/`.
    pub const GLOBAL_TABLESPACE: Self = Self(1664);

    /// Whether this names an object at all.
    pub const fn is_valid(self) -> bool {
        self.0 != 0
    }
}

/// Where a relation's files are (`RelFileLocator`, before 16 `RelFileNode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RelFileLocator {
    /// Tablespace, never 0: the database's default is resolved.
    pub tablespace: Oid,
    /// Database, 0 for shared relations.
    pub database: Oid,
    /// Filenode.
    pub number: RelFileNumber,
}

/// One of a relation's forks; displays as pg_relation_size names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Fork {
    /// The data.
    #[default]
    Main,
    /// Free space map.
    Fsm,
    /// Visibility map.
    Vm,
    /// What an unlogged relation is reset to.
    Init,
}

impl Fork {
    /// Every fork, in `ForkNumber` order.
    pub const ALL: [Self; 4] = [Self::Main, Self::Fsm, Self::Vm, Self::Init];

    /// As pg_relation_size names it (`forkNames`, common/relpath.c).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Fsm => "fsm",
            Self::Vm => "vm",
            Self::Init => "init",
        }
    }

    /// What follows the filenode in the file's name: empty for the main fork.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Main => "",
            Self::Fsm => "_fsm",
            Self::Vm => "_vm",
            Self::Init => "_init",
        }
    }
}

impl fmt::Display for Fork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
