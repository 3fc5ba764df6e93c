//! The page command: its tables are those of pageinspect, and it accounts for every byte.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;
#[path = "common/opened.rs"]
mod opened;
#[path = "common/random.rs"]
mod random;
#[path = "common/transactions.rs"]
mod transactions;

use common::{Case, Csv};
use opened::open;
use pgdissect::analysis::page_dump::{self, Known, Request, dump};
use pgdissect::cluster::{BlockSelector, Relation, Selector};
use pgdissect::layout::PgVersion;
use pgdissect::report::page::{PageDump, PageKind, Region, Unit, Views};
use pgdissect::types::{BlockNumber, Fork};
use random::Random;
use transactions::Oracle;

/// A page, of which block, and of what.
type Given<'a> = (&'a [u8], u32, PageKind);

/// Every view of a page.
const VIEWS: Views = Views { hex: true, explain: true, diagram: true };

fn taken_apart((bytes, block, kind): Given<'_>, history: &Oracle) -> Option<PageDump> {
    let known = Known {
        block: BlockNumber(block),
        fork: Fork::Main,
        object: "lab.public.t",
        relation: "base/5/16390",
        file: "base/5/16390",
        byte: u64::from(block) * bytes.len() as u64,
        kind,
        shape: None,
        index: None,
        checksums: true,
        rowids: false,
        history,
        next_xid: None,
        viewer: None,
        selected: None,
        layout: PgVersion::V18.layout(),
        columns: None,
        views: VIEWS,
    };
    dump(bytes, &known, &mut |_| {})
}

/// Regions follow each other, together they are the page, and so are the parts of its space and of
/// its picture; nothing is without a meaning.
fn check_bytes(bytes: &[u8], dump: &PageDump, place: &str) {
    let mut at = 0;
    let mut all = String::new();
    for region in &dump.regions {
        assert_eq!(region.at, at, "{place}: {} is not where it should be", region.field);
        at += u32::try_from(region.bytes.len() / 2).unwrap();
        all += &region.bytes;
        assert!(!region.bytes.is_empty() && region.meaning.ends_with('.'), "{place}: {region:?}");
        let declared = region.header.contains('/') && region.header.contains(".h");
        assert!(declared || region.part.contains("sequence_magic"), "{place}");
    }
    assert_eq!(all, hex::encode(bytes), "{place}");
    if let Some(space) = dump.space {
        assert_eq!(space.total() as usize, bytes.len(), "{place}: {space:?}");
    }
    let diagram = dump.diagram.as_ref().unwrap();
    let mut at = diagram.start;
    for part in &diagram.parts {
        assert_eq!(part.at, at, "{place}: {part:?}");
        at += part.len;
    }
    assert_eq!(at - diagram.start, diagram.len, "{place}");
    if diagram.unit == Unit::Bytes {
        assert_eq!(diagram.len as usize, bytes.len(), "{place}");
    }
}

/// Access methods whose pages are known.
const METHODS: [&str; 7] = ["btree", "hash", "gin", "gist", "spgist", "brin", "bloom"];

/// The pages of indexes of an access method.
fn kind_of(method: &str) -> PageKind {
    match method {
        "btree" => PageKind::Btree,
        "hash" => PageKind::Hash,
        "gin" => PageKind::Gin,
        "gist" => PageKind::Gist,
        "spgist" => PageKind::Spgist,
        "brin" => PageKind::Brin,
        "bloom" => PageKind::Bloom,
        _ => PageKind::Index,
    }
}

/// The pages of all user relations, every fork.
fn pages(case: &Case, mut each: impl FnMut(Given<'_>, &str)) {
    for row in case.csv("lab/relations.csv").rows() {
        let kind = match row.get("relkind") {
            "r" | "m" | "t" => PageKind::Heap,
            "S" => PageKind::Sequence,
            "i" => kind_of(row.get("amname")),
            _ => continue,
        };
        if row.get("nspname") == "pg_catalog" || row.get("filepath").is_empty() {
            continue;
        }
        if case.is_standby() && row.get("relpersistence") == "u" {
            continue;
        }
        let forks = [
            ("", kind),
            ("_fsm", PageKind::FreeSpaceMap),
            ("_vm", PageKind::VisibilityMap),
            ("_init", kind),
        ];
        for (fork, kind) in forks {
            let Some(bytes) = case.fork(row.get("filepath"), fork) else { continue };
            for (block, page) in (0..).zip(bytes.chunks_exact(case.sizes().0)) {
                let place = format!("{} {}{fork} {block}", case.name, row.get("relname"));
                each((page, block, kind), &place);
            }
        }
    }
}

#[test]
fn every_byte_of_every_page_is_accounted_for() {
    let mut count = 0;
    let mut kinds = std::collections::BTreeMap::<&str, u32>::new();
    for case in common::cases_with(&["xact_status.csv"]) {
        let history = Oracle::of(&case);
        pages(&case, |given, place| {
            let dump = taken_apart(given, &history).unwrap();
            check_bytes(given.0, &dump, place);
            let space = dump.space.unwrap_or_default();
            if dump.kind == PageKind::Heap {
                let header = &dump.header;
                let hole = header.upper.saturating_sub(header.lower);
                assert_eq!(space.hole, u32::from(hole), "{place}");
                let stored = |item: &&pgdissect::report::page::Item| item.lp_flags == 1;
                let len = dump.items.iter().filter(stored).map(|item| u32::from(item.lp_len));
                assert_eq!(space.live + space.dead, len.sum::<u32>(), "{place}");
            }
            count += 1;
            *kinds.entry(given.2.name()).or_default() += 1;
        });
    }
    assert!(count > 5000, "{count} pages");
    let wanted =
        [PageKind::Heap, PageKind::Sequence, PageKind::FreeSpaceMap, PageKind::VisibilityMap];
    for kind in wanted.into_iter().chain(METHODS.map(kind_of)) {
        assert!(kinds.get(kind.name()).is_some_and(|pages| *pages >= 26), "{kind:?} in {kinds:?}");
    }
}

/// Pages of every kind of index page, healthy ones: no byte of them is of nothing known.
#[test]
fn of_healthy_index_pages_everything_is_known() {
    for version in PgVersion::ALL {
        let half_dead = [PgVersion::V13, PgVersion::V15, PgVersion::V18, PgVersion::V19];
        let half_dead = half_dead.contains(&version).then_some("half-dead");
        for file in ["btree", "others"].into_iter().chain(half_dead) {
            let path =
                format!("{}/fixtures/index/{file}.{version}.json.zst", env!("CARGO_MANIFEST_DIR"));
            let json = zstd::decode_all(std::fs::read(path).unwrap().as_slice()).unwrap();
            let relations: serde_json::Value = serde_json::from_slice(&json).unwrap();
            let history = Oracle::of(&common::case("pg18/clean"));
            for (name, relation) in relations.as_object().unwrap() {
                let Some(pages) = relation.get("pages").unwrap_or(relation).as_array() else {
                    continue;
                };
                let method = match name.as_str() {
                    "hashed" | "hashed_few" => "hash",
                    "ranges" => "brin",
                    "tags" => "gin",
                    "places" => "gist",
                    "quads" | "words_tree" => "spgist",
                    "o" | "rows" => continue,
                    _ => "btree",
                };
                for (block, page) in (0..).zip(pages) {
                    let bytes = hex::decode(page["bytes"].as_str().unwrap()).unwrap();
                    let place = format!("{name} {block} of {version}");
                    let given = (bytes.as_slice(), block, kind_of(method));
                    let dump = taken_apart(given, &history).unwrap();
                    check_bytes(&bytes, &dump, &place);
                    for region in &dump.regions {
                        let known = region.field != "storage"
                            && (region.field != "of no tuple" || region.value.len() < 8);
                        assert!(known || method == "gin", "{place}: {region:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn damaged_pages_are_accounted_for_as_well() {
    let case = common::case("pg18/clean");
    let history = Oracle::of(&case);
    let mut random = Random::new(7);
    pages(&case, |(bytes, block, kind), place| {
        for _ in 0..8 {
            let mut damaged = random.damaged(bytes);
            // Half of the time the header and line pointers are hit, where it hurts.
            if random.below(2) == 0 {
                let at = random.below(256.min(damaged.len()));
                damaged.splice(at..(at + 1).min(damaged.len()), [random.next().to_le_bytes()[0]]);
            }
            // And sometimes it is taken for what it is not.
            let other = kind_of(METHODS.get(random.below(8)).unwrap_or(&"of an extension"));
            let kind = if random.below(4) == 0 { other } else { kind };
            match taken_apart((&damaged, block, kind), &history) {
                Some(dump) => check_bytes(&damaged, &dump, place),
                None => assert!(damaged.len() < 24, "{place}"),
            }
        }
    });
}

/// The same through the whole: columns from the catalogs, and what every relation is.
#[test]
fn values_of_columns_are_accounted_for() {
    // Clusters made anew have no other block sizes.
    const NAMES: [&str; 5] =
        ["pg12/clean", "pg15.blk4/killed", "pg18/killed", "pg18.blk1/clean", "pg19/clean"];
    let mut values = 0;
    for case in common::cases().into_iter().filter(|case| NAMES.contains(&case.name.as_str())) {
        let name = &case.name;
        let cluster = open(&case);
        let lab = cluster.databases().iter().find(|one| one.name == "lab").unwrap().oid;
        // Each relation's columns are read from the catalogs anew, so not those of all catalogs.
        let own = |one: &&Relation| matches!(one.schema.as_str(), "public" | "app");
        for relation in cluster.relations(lab).iter().filter(own) {
            let names = ["lab", &relation.schema, &relation.name].map(str::to_owned);
            for fork in [Fork::Main, Fork::Fsm] {
                let request = Request {
                    relation: Some(Selector::Name(names.to_vec())),
                    fork: Some(fork),
                    blocks: vec![BlockSelector::parse("0-3").unwrap()],
                    views: VIEWS,
                    viewer: None,
                };
                // Relations without files or forks; files of nothing but a name.
                let Ok(answer) = page_dump::pages(&cluster, &request) else { continue };
                for page in &answer.pages.pages {
                    let bytes: String = page.regions.iter().map(|one| one.bytes.as_str()).collect();
                    let place = format!("{name} {} {fork} {}", relation.name, page.block);
                    check_bytes(&hex::decode(bytes).unwrap(), page, &place);
                    let of = |one: &&Region| one.meaning.starts_with("Column ");
                    values += page.regions.iter().filter(of).count();
                }
            }
        }
    }
    assert!(values > 3_000, "{values} values");
}

/// One file by itself, through the command: the columns of heap_page_items hold what it says.
#[test]
fn the_table_of_items_is_heap_page_items() {
    for name in ["pg12/clean", "pg15/killed", "pg19/clean"] {
        let case = common::case(name);
        let mut compared = 0;
        for table in ["t_hot", "t_multi", "t_toast", "t_types", "t_xact", "t_zerocol"] {
            let relations = case.csv("lab/relations.csv");
            let relation = relations.rows().find(|row| row.get("relname") == table).unwrap();
            let file = case.path(relation.get("filepath"));
            let file = file.to_str().unwrap();
            let command = format!("pgdissect page {file} 0-9999 --format csv --fail-on never");
            let ran = common::run(&command);
            assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""), "{command}");
            let ours = Csv::parse(&ran.stdout);
            let theirs = case.csv(&format!("lab/heap_page_items/public.{table}.csv"));
            assert_eq!(ours.rows().len(), theirs.rows().len(), "{name} {table}");
            for (our, their) in ours.rows().zip(theirs.rows()) {
                for column in [
                    "blkno",
                    "lp",
                    "lp_off",
                    "lp_flags",
                    "lp_len",
                    "t_xmin",
                    "t_xmax",
                    "t_field3",
                    "t_ctid",
                    "t_infomask2",
                    "t_infomask",
                    "t_hoff",
                    "t_bits",
                    "t_oid",
                ] {
                    assert_eq!(our.get(column), their.get(column), "{name} {table} {column}");
                }
                if their.get("t_data_md5").is_empty() {
                    let data = our.get("t_data").trim_start_matches("\\x");
                    assert_eq!(data, their.get("t_data"), "{name} {table}");
                }
                compared += 1;
            }
        }
        assert!(compared > 100, "{name}: {compared}");
    }
}
