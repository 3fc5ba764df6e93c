//! Relation maps: which files hold the mapped catalogs (utils/cache/relmapper.c).
use super::scan::Reader;
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::relmap::RelMap;
use crate::types::{Oid, RelFileNumber};

/// A relation map, or what is left of one.
#[derive(Debug, Default)]
pub(super) struct Map {
    map: Option<RelMap>,
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
            let evidence = format!("{evidence}; catalogs were looked for by what is left");
            findings.push(Finding::new(&rules::CATALOG_MAP_DAMAGED, Place::file(path), evidence));
        };
        match map {
            Ok(map) => {
                if !map.crc_ok() {
                    found(format!("CRC is {:08X}, computed {:08X}", map.crc, map.computed_crc));
                }
                Self { map: Some(map) }
            }
            Err(evidence) => {
                found(evidence);
                Self::default()
            }
        }
    }

    /// The filenode of a mapped catalog; by default, that which initdb gave it: its oid.
    pub(super) fn filenode(&self, catalog: Oid) -> RelFileNumber {
        let mapped = self.map.as_ref().and_then(|map| map.filenode(catalog));
        mapped.unwrap_or(RelFileNumber(catalog.0))
    }
}
