//! What `audit` says of free space maps against pg_freespace, and against the free space of pages by
//! page_header and pgstatindex.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]
mod common;
#[path = "common/opened.rs"]
mod opened;

use common::Case;
use opened::open;
use pgdissect::analysis::audit::{Options, audit};
use pgdissect::report::audit::{TableAudit, Thresholds};
use pgdissect::report::space::FreeSpaceMap;
use pgdissect::source::Quiet;
use std::collections::HashMap;

/// Nothing is marked.
const THRESHOLDS: Thresholds = Thresholds {
    dead_warning: 100.0,
    dead_critical: 100.0,
    age_warning: u32::MAX,
    age_critical: u32::MAX,
    multi_age_warning: u32::MAX,
    multi_age_critical: u32::MAX,
};

/// By oid and block.
type Blocks<T> = HashMap<(u32, u32), T>;

/// What page_header says of a page of a table.
struct Bounds {
    lower: u64,
    upper: u64,
    has_free_lines: bool,
}

impl Bounds {
    /// `PageGetHeapFreeSpace`, and what VACUUM takes a new page for, rounded as the map does.
    fn promise(&self, block_size: u64) -> u64 {
        let items = self.lower.saturating_sub(24) / 4;
        let full = items >= (block_size - 24) / 28 && !self.has_free_lines;
        let free = match self.upper {
            0 => block_size - 24,
            _ if full => 0,
            _ => (self.upper - self.lower).saturating_sub(4),
        };
        let step = block_size / 256;
        // `MaxHeapTupleSize`, and the last category below.
        let most = block_size - 32;
        if free >= most { most } else { (free / step).min(254) * step }
    }
}

/// What is said of all relations of a database and of shared ones, by oid.
fn maps(tables: &[TableAudit], database: &str) -> HashMap<u32, Option<FreeSpaceMap>> {
    let here = |row: &&TableAudit| row.database.as_deref().is_none_or(|name| name == database);
    let of_table = |row: &TableAudit| {
        let indexes = row.indexes.iter().map(|index| (index.oid.0, index.free_space_map));
        indexes.chain([(row.oid.0, row.free_space_map)]).collect::<Vec<_>>()
    };
    tables.iter().filter(here).flat_map(of_table).collect()
}

fn bounds(case: &Case, database: &str) -> Blocks<Bounds> {
    let headers = case.csv(&format!("{database}/page_headers.csv"));
    let main = headers.rows().filter(|row| row.get("fork") == "main");
    let bounds = main.map(|row| {
        let key = (row.number("oid").unwrap(), row.number("blkno").unwrap());
        let flags: u16 = row.number("flags").unwrap();
        let (lower, upper) = (row.number("lower").unwrap(), row.number("upper").unwrap());
        (key, Bounds { lower, upper, has_free_lines: flags & 1 != 0 })
    });
    bounds.collect()
}

/// What the map of a relation must be said to say, its blocks beyond the end aside.
fn expected(
    oid: u32,
    promises: &[(u32, u64)],
    bounds: &Blocks<Bounds>,
    block_size: u64,
) -> FreeSpaceMap {
    let mut map = FreeSpaceMap::default();
    for &(block, promised) in promises {
        let free = bounds[&(oid, block)].promise(block_size);
        map.add(&FreeSpaceMap {
            avail: promised,
            free,
            overstated_pages: u64::from(promised > free),
            overstated: promised.saturating_sub(free),
            understated_pages: u64::from(promised < free),
            understated: free.saturating_sub(promised),
            past_end: 0,
        });
    }
    map
}

#[test]
fn maps_are_what_pg_freespace_says_and_pages_what_page_header_says() {
    let (mut tables, mut indexes, mut understated, mut overstated) = (0, 0, 0, 0);
    for case in common::cases() {
        let cluster = open(&case);
        let options = Options { selectors: Vec::new(), thresholds: THRESHOLDS, jobs: 2 };
        let audited = audit(&cluster, &options, &Quiet).unwrap();
        let block_size = case.sizes().0 as u64;
        let before = tables;
        for database in case.databases() {
            let recorded = format!("{database}/freespace.csv");
            if !case.has(&recorded) {
                continue;
            }
            let maps = maps(&audited.audit.tables, &database);
            let bounds = bounds(&case, &database);
            let relations = case.csv(&format!("{database}/relations.csv"));
            let kinds: HashMap<u32, _> = relations
                .rows()
                .map(|row| (row.number("oid").unwrap(), (row.get("relkind"), row.get("sz_fsm"))))
                .collect();
            let mut promises: HashMap<u32, Vec<(u32, u64)>> = HashMap::new();
            for row in case.csv(&recorded).rows() {
                let promise = (row.number("blkno").unwrap(), row.number("avail").unwrap());
                promises.entry(row.number("oid").unwrap()).or_default().push(promise);
            }
            for (&oid, promises) in &promises {
                let what = format!("{} {database} {oid}", case.name);
                // Temporary tables are not audited, nor are their indexes.
                let Some(found) = maps.get(&oid) else { continue };
                let (kind, size) = kinds[&oid];
                let Some(found) = found else {
                    assert!(["", "0"].contains(&size), "{what} has a map");
                    assert!(promises.iter().all(|(_, avail)| *avail == 0), "{what}");
                    continue;
                };
                if kind == "i" {
                    let avail: u64 = promises.iter().map(|(_, avail)| avail).sum();
                    assert_eq!(found.avail, avail, "{what}");
                    indexes += 1;
                    continue;
                }
                let expected = expected(oid, promises, &bounds, block_size);
                assert_eq!(FreeSpaceMap { past_end: 0, ..*found }, expected, "{what}");
                understated += expected.understated_pages;
                overstated += expected.overstated_pages;
                tables += 1;
            }
        }
        assert!(tables > before, "{}: no map", case.name);
    }
    println!("{tables} tables, {indexes} indexes, pages {understated} under, {overstated} over");
    assert!(
        tables > 400 && understated > 400 && overstated > 5,
        "{tables} {understated} {overstated}"
    );
}
