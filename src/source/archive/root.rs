//! Where in an archive the data directory is: at the top, or in a directory of any name.
use super::members::Members;

/// What a data directory has in it: of a damaged one, two of these will do.
const SIGNS: [&str; 8] = [
    "PG_VERSION",
    "global",
    "base",
    "pg_wal",
    "pg_xact",
    "pg_multixact",
    "pg_tblspc",
    "postgresql.conf",
];

/// The directory with PG_VERSION and `global`, or failing that with what else a data directory has;
/// of several the one nearest to the top, then the first by name.
pub(super) fn find(members: &Members) -> Option<String> {
    let has = |dir: &str, name: &str| -> bool {
        let names = members.list(dir).unwrap_or_default();
        names.binary_search_by(|(other, _)| (**other).cmp(name)).is_ok()
    };
    let is_one = |dir: &&str| has(dir, "PG_VERSION") && has(dir, "global");
    let could_be = |dir: &&str| SIGNS.iter().filter(|sign| has(dir, sign)).count() > 1;
    let depth = |dir: &str| dir.split('/').filter(|part| !part.is_empty()).count();
    let best =
        |dirs: Vec<&str>| dirs.into_iter().min_by_key(|dir| (depth(dir), *dir)).map(str::to_owned);
    best(members.dirs().filter(is_one).collect())
        .or_else(|| best(members.dirs().filter(could_be).collect()))
}
