//! A case opened as a user would, with its tablespace where it was unpacked.
use crate::common::Case;
use pgdissect::cluster::{Cluster, OpenOptions};
use pgdissect::source::{Options, Quiet, Source};

pub(crate) fn open(case: &Case) -> Cluster {
    let mut options = Options::default();
    if let Some(unpacked) = &case.tablespace {
        let csv = case.csv("pg_tablespace.csv");
        let locations = csv.rows().map(|row| row.get("location"));
        let old = locations.filter(|location| location.starts_with('/')).map(Into::into);
        options.tablespaces = old.map(|old| (old, unpacked.clone())).collect();
    }
    let source = Source::open(&case.pgdata, &options, &Quiet).unwrap();
    Cluster::open(source, &OpenOptions::default()).unwrap()
}
