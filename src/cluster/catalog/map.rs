//! Relation maps: which files hold the mapped catalogs (utils/cache/relmapper.c).
use super::scan::Reader;
use super::search;
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::relmap::RelMap;
use crate::types::{Fork, Oid, RelFileNumber};

/// A relation map, or what is left of one.
#[derive(Debug, Default)]
pub(super) struct Map {
    map: Option<RelMap>,
    /// Without a map: catalogs that are not where initdb put them, and where they were found.
    found: Vec<(Oid, RelFileNumber)>,
}

impl Map {
    /// Reads the map of the directory `dir`: `global`, or that of a database.
    pub(super) fn read(reader: Reader<'_>, dir: &str, findings: &mut Findings) -> Self {
        /// More than any release's map.
        const LONGEST: u64 = 4096;
        let path = format!("{dir}/pg_filenode.map");
        let map =
            reader.source.read(&path, LONGEST).map_err(|error| error.kind.to_string()).and_then(
                |bytes| {
                    RelMap::parse(&bytes, reader.dialect.layout).map_err(|error| error.to_string())
                },
            );
        let found = |evidence: String| {
            findings.push(Finding::new(&rules::CATALOG_MAP_DAMAGED, Place::file(path), evidence));
        };
        match map {
            Ok(map) => {
                if !map.crc_ok() {
                    found(format!(
                        "CRC is {:08X}, computed {:08X}; its entries were believed",
                        map.crc, map.computed_crc
                    ));
                }
                Self { map: Some(map), found: Vec::new() }
            }
            Err(evidence) => {
                found(evidence);
                Self { map: None, found: found_by_content(reader, dir) }
            }
        }
    }

    /// The filenode of a mapped catalog; by default, that which initdb gave it: its oid.
    pub(super) fn filenode(&self, catalog: Oid) -> RelFileNumber {
        let mapped = self.map.as_ref().and_then(|map| map.filenode(catalog));
        let found = || self.found.iter().find(|(oid, _)| *oid == catalog);
        let number = mapped.or_else(|| found().map(|&(_, number)| number));
        number.unwrap_or(RelFileNumber(catalog.0))
    }
}

/// Where the catalogs that were rewritten are.
fn found_by_content(reader: Reader<'_>, dir: &str) -> Vec<(Oid, RelFileNumber)> {
    let Ok(index) = reader.source.relation_index(dir) else { return Vec::new() };
    let mapped = reader.dialect.layout.catalogs.catalogs.iter().filter(|catalog| {
        let in_dir = catalog.mapped && catalog.shared == (dir == "global");
        in_dir && index.fork(RelFileNumber(catalog.oid), Fork::Main).is_empty()
    });
    mapped
        .filter_map(|catalog| Some((Oid(catalog.oid), search::search(reader, dir, catalog)?)))
        .collect()
}
