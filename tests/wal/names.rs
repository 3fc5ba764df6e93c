//! Names of files, against what the server said at several times: of relations that were
//! rewritten, truncated, dropped, mapped, or there for a moment only. Of live sets, which have
//! catalogs.
use crate::common::Csv;
use crate::set::sets;
use pgdissect::cluster::{Cluster, OpenOptions};
use pgdissect::source::{Options, Quiet, Source};
use pgdissect::types::{Oid, RelFileLocator, RelFileNumber};
use pgdissect::wal::{Log, Names, Range, Timelines};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_file_has_a_name_that_the_server_gave_it() {
    let (mut compared, mut old, mut wrong) = (0, 0, Vec::new());
    let sets = sets();
    for set in sets.iter().filter(|set| set.live) {
        let source = Source::open(&set.input(), &Options::default(), &Quiet).unwrap();
        let cluster = Cluster::open(source, &OpenOptions::default()).unwrap();
        let log = Log::of_cluster(&cluster, Timelines::Latest).unwrap();
        let names = Names::with_history(Some(&cluster), &log, Range::default(), 2);
        let mut given = BTreeMap::<_, BTreeSet<String>>::new();
        for row in Csv::parse(&set.read("names.csv").unwrap()).rows() {
            let number = |column| row.number(column).unwrap();
            let place = (number("tablespace"), number("database"), number("filenode"));
            let name = match row.get("datname") {
                "" => row.get("relname").to_owned(),
                database => format!("{database}.{}", row.get("relname")),
            };
            given.entry(place).or_default().insert(name);
        }
        for ((tablespace, database, filenode), wanted) in given {
            let (tablespace, database) = (Oid(tablespace), Oid(database));
            let place = RelFileLocator { tablespace, database, number: RelFileNumber(filenode) };
            let found = names.get(place);
            old += usize::from(found.as_ref().is_some_and(|named| named.old.is_some()));
            if !found.as_ref().is_some_and(|named| wanted.contains(plain(&named.name))) {
                wrong.push(format!("{} {place:?}: {found:?}, the server {wanted:?}", set.name));
            }
            compared += 1;
        }
    }
    let first = wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{first}", wrong.len());
    assert_eq!(compared > 0, sets.iter().any(|set| set.live));
    println!("{compared} names compared, {old} of former files");
}

/// A name without what is added to that of a TOAST table.
fn plain(name: &str) -> &str {
    name.split_once(" (TOAST of ").map_or(name, |(name, _)| name)
}
