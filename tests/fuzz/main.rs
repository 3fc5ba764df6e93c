//! The fuzz targets on stable: every crasher ever found, and real bytes with damage at random.
//! `PGDISSECT_FUZZ_TIMES=100` makes a hundred times as many rounds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/random.rs"]
mod random;
#[path = "../../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "public where it is a library")]
mod targets;

use random::Random;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use targets::TARGETS;

fn below(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(path)
}

#[test]
fn every_target_is_built_by_cargo_fuzz() {
    let manifest = fs::read_to_string(below("Cargo.toml")).unwrap();
    let named: BTreeSet<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    for name in &named {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        let text = fs::read_to_string(below(&format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(text.contains(&format!("pgdissect_fuzz::{name}(data)")), "{name}");
    }
    let files = fs::read_dir(below("fuzz_targets")).unwrap();
    let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    assert_eq!(files.map(|entry| stem(entry.unwrap().path())).collect::<BTreeSet<_>>(), named);
}

#[test]
fn no_crasher_crashes_any_target() {
    // To any target: what crashed one is a good guess for the others.
    let crashers = fs::read_dir(below("crashers")).unwrap().map(|entry| entry.unwrap().path());
    let mut count = 0;
    for path in crashers.filter(|path| path.extension().is_none_or(|end| end != "md")) {
        let bytes = fs::read(&path).unwrap();
        for (_, target) in TARGETS {
            target(&bytes);
        }
        count += 1;
    }
    assert!(count > 0, "no crashers");
}

/// Files of real clusters that a target is for: the more bytes, the fewer rounds.
fn seeds(target: &str, pgdata: &Path) -> Vec<Vec<u8>> {
    let file = |path: &str| fs::read(pgdata.join(path)).into_iter().collect::<Vec<_>>();
    let files = |dir: &str| -> Vec<Vec<u8>> {
        let entries = fs::read_dir(pgdata.join(dir)).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths.into_iter().filter_map(|path| fs::read(path).ok()).take(20).collect()
    };
    let pages = |path: &str| {
        let bytes = fs::read(pgdata.join(path)).unwrap_or_default();
        bytes.chunks(8192).map(<[u8]>::to_vec).collect::<Vec<_>>()
    };
    match target {
        "control" => file("global/pg_control").into_iter().map(|all| all[..512].to_vec()).collect(),
        "relmap" => file("global/pg_filenode.map"),
        "conf" => file("postgresql.conf"),
        "pid_file" => file("postmaster.opts"),
        "twophase" => files("pg_twophase"),
        "slot" => fs::read_dir(pgdata.join("pg_replslot"))
            .into_iter()
            .flatten()
            .filter_map(|slot| fs::read(slot.unwrap().path().join("state")).ok())
            .collect(),
        "slru" => pages("pg_xact/0000"),
        "heap_page" | "judge" => [pages("base/1/1249"), pages("base/1/1255")].concat(),
        "heap_tuple" | "array" | "decompression" => {
            pages("base/1/1255").iter().map(|page| page[6000..].to_vec()).collect()
        }
        "visibility_map" => pages("base/1/1249_vm"),
        "wal_stream" => files("pg_wal").into_iter().map(|all| all[..40_000].to_vec()).collect(),
        "wal_record" => files("pg_wal").iter().flat_map(|segment| records(segment)).collect(),
        "wal_image" => pages("base/1/1255"),
        _ => Vec::new(),
    }
}

/// Pages of the indexes that fixtures/kinds has of an access method: some of each, and the first
/// ones, which are of another kind than most.
fn index_pages(method: &str) -> Vec<Vec<u8>> {
    let kinds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kinds");
    let mut all = Vec::new();
    for major in [12, 19] {
        let answers = fs::read(kinds.join(format!("{major}.json.zst"))).unwrap();
        let answers = zstd::decode_all(answers.as_slice()).unwrap();
        let answers: serde_json::Value = serde_json::from_slice(&answers).unwrap();
        let pgdata = common::unpacked(&kinds.join(format!("{major}.tar.zst")));
        let indexes = answers.as_array().unwrap().iter().filter(|index| index["am"] == method);
        for index in indexes {
            let bytes = fs::read(pgdata.join(index["path"].as_str().unwrap())).unwrap();
            let mut pages: Vec<_> = bytes.chunks(8192).map(<[u8]>::to_vec).collect();
            let last = pages.pop();
            all.extend(pages.into_iter().take(6).chain(last));
        }
    }
    // One of each kind, told by what is behind its tuples and where these begin.
    let mut known = BTreeSet::new();
    all.retain(|page| known.insert((page[8180..].to_vec(), page[12..14].to_vec())));
    all.truncate(60);
    all
}

/// The bytes behind the headers of the first pages of a segment, cut where records begin: one for
/// each resource manager and type.
fn records(segment: &[u8]) -> Vec<Vec<u8>> {
    let mut known = BTreeSet::new();
    let page = |page: &&[u8]| page[2] & 1 == 0;
    let pages = segment.chunks(8192).filter(page).take(40);
    let mut records = Vec::new();
    for page in pages {
        let mut at = if page[2] & 2 == 0 { 24 } else { 40 };
        while let Some(header) = page.get(at..at + 24) {
            let length = u32::from_le_bytes(header[..4].try_into().unwrap()) as usize;
            let Some(record) = page.get(at..at + length).filter(|_| length >= 24) else { break };
            if known.insert((header[16] & 0xf0, header[17])) {
                records.push(record.to_vec());
            }
            at = (at + length).next_multiple_of(8);
        }
    }
    records
}

/// A summary with a fork that was truncated and had blocks changed, and one with a bitmap.
fn summary() -> Vec<u8> {
    let mut bytes = 0x652b_137b_u32.to_le_bytes().to_vec();
    let entry = |fork: u32, limit: u32, sizes: &[u16]| {
        let words = [1663, 5, 16384, fork, limit, u32::try_from(sizes.len()).unwrap()];
        let words = words.iter().flat_map(|word| word.to_le_bytes());
        words.chain(sizes.iter().flat_map(|size| size.to_le_bytes())).collect::<Vec<_>>()
    };
    bytes.extend(entry(0, 17, &[3]));
    bytes.extend([7, 0, 5, 0, 6, 0]);
    bytes.extend(entry(2, u32::MAX, &[0, 4096]));
    bytes.extend([0b1010_0001; 8192]);
    bytes.extend([0; 24]);
    let crc = crc32c::crc32c(&bytes);
    bytes.extend(crc.to_le_bytes());
    bytes
}

/// What the fixtures have no file of, and what it looks like.
fn made_up(target: &str) -> Vec<Vec<u8>> {
    let texts: &[&str] = match target {
        "backup_label" => &["START WAL LOCATION: 0/2000028 (file 000000010000000000000002)\n\
             CHECKPOINT LOCATION: 0/2000060\nBACKUP METHOD: streamed\nBACKUP FROM: primary\n\
             START TIME: 2026-01-01 00:00:00 UTC\nLABEL: x\nSTART TIMELINE: 1\n"],
        "history" => &["1\t0/3000000\tno recovery target specified\n\n2\t0/4000000\tbefore x\n"],
        "tablespace_map" => &["16391 /srv/fast\n16392 /srv/a\\\nb\n"],
        "pid_file" => &["4711\n/srv/data\n1700000000\n5432\n/tmp\nlocalhost\n 123 456\nready\n"],
        "names" => &["lab.public.t", "oid:16384", "\"a.b\".\"c\"", "16390_vm.1", "0-9", "last"],
        _ => &[],
    };
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// A small archive, and its compressed forms.
fn archives() -> Vec<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in [("PG_VERSION", &b"18\n"[..]), ("global/1262", &[1; 8192])] {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o600);
        builder.append_data(&mut header, path, content).unwrap();
    }
    let tar = builder.into_inner().unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, &tar).unwrap();
    let zstd = zstd::encode_all(&*tar, 1).unwrap();
    vec![gzip.finish().unwrap(), zstd, tar]
}

#[test]
fn damaged_fixtures_break_no_target() {
    let manifest =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/basebackup/backup_manifest"));
    let manifest = manifest.unwrap()[..4096].to_vec();
    let times = std::env::var("PGDISSECT_FUZZ_TIMES").map_or(1, |times| times.parse().unwrap());
    for (at, (name, target)) in TARGETS.into_iter().enumerate() {
        let clusters = ["pg12/killed", "pg15/clean", "pg18/killed", "pg19/clean"];
        let mut inputs = made_up(name);
        for case in common::cases().iter().filter(|case| clusters.contains(&case.name.as_str())) {
            inputs.extend(seeds(name, &case.pgdata).into_iter().take(12));
        }
        match name {
            "input" => inputs.extend(archives()),
            "bloom_page" | "brin_page" | "btree_page" | "gin_page" | "gist_page" | "hash_page"
            | "spgist_page" => {
                let method = name.trim_end_matches("_page");
                inputs.extend(index_pages(method));
            }
            "wal_summary" => inputs.push(summary()),
            "manifest" => inputs.push(manifest.clone()),
            _ => {}
        }
        assert!(!inputs.is_empty(), "{name} has nothing to work on");
        let mut random = Random::new(at as u64);
        let bytes: usize = inputs.iter().map(Vec::len).sum();
        // About as many bytes for each, whatever the size of its files.
        let rounds = (8_000_000 / bytes.max(1)).clamp(8, 4000) * times;
        for input in &inputs {
            target(input);
            for _ in 0..rounds {
                target(&random.damaged(input));
            }
        }
    }
}
