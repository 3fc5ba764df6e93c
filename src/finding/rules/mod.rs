//! The catalogue of findings: every id there is, with what `explain` says of it. One file per family.
mod audit;
mod catalog;
mod cluster;
mod control;
mod file;
mod heap;
mod index;
mod page;
mod relation;
mod replay;
mod slot;
mod slru;
mod tablespace;
mod twophase;
mod wal;

pub use audit::*;
pub use catalog::*;
pub use cluster::*;
pub use control::*;
pub use file::*;
pub use heap::*;
pub use index::*;
pub use page::*;
pub use relation::*;
pub use replay::*;
pub use slot::*;
pub use slru::*;
pub use tablespace::*;
pub use twophase::*;
pub use wal::*;

use super::Severity;

/// What can be wrong: a stable id and what a reader needs to know about it.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Rule {
    /// Stable: `family.what-is-wrong`.
    pub id: &'static str,
    /// Severity unless the place makes it lighter.
    pub severity: Severity,
    /// What it means, in one or two sentences.
    pub means: &'static str,
    /// What usually causes it.
    pub causes: &'static str,
    /// What PostgreSQL does when it meets it.
    pub postgres: &'static str,
    /// The next safe step; never a destructive one.
    pub next: &'static str,
}

/// Every rule, in the order of their families.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        catalog::RULES,
        cluster::RULES,
        file::RULES,
        tablespace::RULES,
        page::RULES,
        heap::RULES,
        index::RULES,
        audit::RULES,
        control::RULES,
        relation::RULES,
        slot::RULES,
        twophase::RULES,
        slru::RULES,
        wal::RULES,
        replay::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Declares the rules of one family and lists them in `RULES`.
macro_rules! rules {
    ($( $name:ident = $id:literal $severity:ident {
        means: $means:literal, causes: $causes:literal,
        postgres: $postgres:literal, next: $next:literal $(,)?
    } )*) => {
        $(
            #[doc = $means]
            pub static $name: crate::finding::Rule = crate::finding::Rule {
                id: $id,
                severity: crate::finding::Severity::$severity,
                means: $means,
                causes: $causes,
                postgres: $postgres,
                next: $next,
            };
        )*
        /// The rules of this family.
        pub(super) static RULES: &[&crate::finding::Rule] = &[$(&$name),*];
    };
}
use rules;

/// Serialises a rule as its id.
///
/// # Errors
/// Those of the serializer.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub(super) fn id_only<S: serde::Serializer>(
    rule: &&'static Rule,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(rule.id)
}
