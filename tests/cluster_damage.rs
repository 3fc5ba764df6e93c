//! Damaged clusters: what is lost is said, the rest is read as ever.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails where an expectation does not hold, helpers of tests included"
)]
mod common;

use pgdissect::cluster::{Cluster, OpenError, OpenOptions, TxStatus};
use pgdissect::finding::Severity;
use pgdissect::layout::PgVersion;
use pgdissect::source::{Options, Quiet, Source};
use pgdissect::types::{Oid, Xid};
use std::fs;
use std::path::Path;

/// A copy of a fixture that may be damaged, and its path.
fn copy(name: &str) -> tempfile::TempDir {
    fn tree(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => tree(&from, &to),
                kind if kind.is_file() => drop(fs::copy(&from, &to).unwrap()),
                _ => {}
            }
        }
    }
    let target = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    tree(&common::case(name).pgdata, target.path());
    target
}

fn open(pgdata: &Path) -> Result<Cluster, OpenError> {
    open_as(pgdata, OpenOptions::default())
}

fn open_as(path: &Path, options: OpenOptions) -> Result<Cluster, OpenError> {
    Cluster::open(Source::open(path, &Options::default(), &Quiet).unwrap(), &options)
}

/// The ids of the findings that are more than notices, after the catalogs of all databases were read.
fn ids(cluster: &Cluster) -> Vec<&'static str> {
    for database in cluster.databases() {
        cluster.relations(database.oid);
    }
    let findings = cluster.findings();
    let rules = findings.by_rule().into_iter().filter(|of_rule| of_rule.worst > Severity::Notice);
    let mut ids: Vec<_> = rules.map(|of_rule| of_rule.rule.id).collect();
    ids.sort_unstable();
    ids
}

fn overwrite(path: &Path, at: usize, bytes: &[u8]) {
    let mut content = fs::read(path).unwrap();
    content[at..at + bytes.len()].copy_from_slice(bytes);
    fs::write(path, content).unwrap();
}

/// The relations of `lab` by name, of those that have one.
fn names(cluster: &Cluster) -> Vec<String> {
    let lab = cluster.databases().iter().find(|database| database.name == "lab").unwrap();
    let relations = cluster.relations(lab.oid).iter().filter(|relation| !relation.is_nameless());
    relations.map(|relation| cluster.name_of(relation)).collect()
}

const CLEAN: &str = "pg18/clean";

/// What is done to a file, and what is found then.
type Damage = (fn(&Path), &'static str);

#[test]
fn without_pg_control_the_other_witnesses_must_do() {
    let healthy = open(&common::case(CLEAN).pgdata).unwrap();
    let damages: [Damage; 4] = [
        (|path| fs::remove_file(path).unwrap(), "control.unreadable"),
        (|path| fs::write(path, []).unwrap(), "control.unreadable"),
        (|path| fs::write(path, [0; 8192]).unwrap(), "control.unreadable"),
        (|path| fs::write(path, &fs::read(path).unwrap()[..100]).unwrap(), "control.unreadable"),
    ];
    for (damage, id) in damages {
        let copy = copy(CLEAN);
        damage(&copy.path().join("global/pg_control"));
        let cluster = open(copy.path()).unwrap();
        assert_eq!(cluster.dialect().layout.version, healthy.dialect().layout.version);
        let (own, expected) = (cluster.dialect().geometry, healthy.dialect().geometry);
        assert_eq!(own.wal_segment_size, expected.wal_segment_size);
        assert_eq!((own.block_size, own.checksums), (expected.block_size, expected.checksums));
        assert_eq!(cluster.input().system_identifier, healthy.input().system_identifier);
        assert_eq!(names(&cluster), names(&healthy));
        assert_eq!(ids(&cluster), [id]);
        // Its counters are guessed from what was written: some ids may have left no trace.
        let next = healthy.xact().next_xid().0;
        let guessed = cluster.xact().next_xid().0;
        assert!(cluster.xact().is_guessed() && guessed <= next && guessed + 50 > next, "{guessed}");
        let (next, guessed) = (healthy.xact().next_multi().0, cluster.xact().next_multi().0);
        assert!(guessed.abs_diff(next) < 3, "{guessed}");
    }
}

#[test]
fn a_control_file_with_a_flipped_bit_is_believed_where_it_makes_sense() {
    let copy = copy(CLEAN);
    let path = copy.path().join("global/pg_control");
    // In the nonce: nothing else depends on it.
    overwrite(&path, 270, &[0xAA]);
    let cluster = open(copy.path()).unwrap();
    assert_eq!(ids(&cluster), ["control.crc"]);
    assert!(cluster.xact().next_xid().0 > 0);
    assert!(cluster.input().notes.iter().any(|note| note.contains("CRC")));
    // The block size: the pages themselves know better.
    let control = fs::read(&path).unwrap();
    let at = control.windows(4).position(|word| word == 8192_u32.to_le_bytes()).unwrap();
    overwrite(&path, at, &4096_u32.to_le_bytes());
    let cluster = open(copy.path()).unwrap();
    assert_eq!(cluster.dialect().geometry.block_size, 8192);
    assert_eq!(ids(&cluster), ["cluster.witnesses-disagree", "control.crc"]);
}

#[test]
fn versions_are_believed_and_refused_by_name() {
    let copy = copy(CLEAN);
    let version = copy.path().join("PG_VERSION");
    fs::remove_file(&version).unwrap();
    let cluster = open(copy.path()).unwrap();
    assert_eq!(cluster.input().postgres, Some(18));
    assert_eq!(ids(&cluster), ["cluster.version-unreadable"]);

    fs::write(&version, "17\n").unwrap();
    let cluster = open(copy.path()).unwrap();
    assert_eq!(
        (cluster.input().postgres, ids(&cluster).contains(&"cluster.witnesses-disagree")),
        (Some(17), true)
    );

    fs::write(&version, "99\n").unwrap();
    let error = open(copy.path()).unwrap_err();
    let newest = PgVersion::ALL.map(PgVersion::major).into_iter().max().unwrap();
    assert_eq!(error, OpenError::TooNew { witness: "PG_VERSION".into(), major: 99, newest });
    let as_18 = OpenOptions { pg_version: PgVersion::from_major(18), ..OpenOptions::default() };
    let cluster = open_as(copy.path(), as_18).unwrap();
    assert_eq!(cluster.input().postgres, Some(18));

    fs::write(&version, "9.6\n").unwrap();
    assert!(matches!(open(copy.path()), Err(OpenError::TooOld { .. })));
}

#[test]
fn clusters_of_other_machines_are_recognised() {
    let copy = copy(CLEAN);
    let path = copy.path().join("global/pg_control");
    let little = fs::read(&path).unwrap();
    // As a big-endian machine writes the fields that tell: versions, constant and alignment.
    let mut big = little.clone();
    big[8..12].reverse();
    big[12..16].reverse();
    let constant = 1_234_567.0_f64.to_le_bytes();
    let at = little.windows(8).position(|bytes| bytes == constant).unwrap();
    big[at - 4..at].reverse();
    big[at..at + 8].reverse();
    fs::write(&path, &big).unwrap();
    let error = open(copy.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unsupported: global/pg_control was written on a big-endian machine"
    );
    fs::write(&path, &little).unwrap();
    fs::create_dir(copy.path().join("pg_encryption")).unwrap();
    fs::write(copy.path().join("pg_encryption/key.bin"), "key").unwrap();
    let error = open(copy.path()).unwrap_err().to_string();
    assert!(error.starts_with("unsupported: the cluster is encrypted"), "{error}");
}

#[test]
fn a_damaged_map_leaves_what_was_never_rewritten() {
    let healthy = open(&common::case(CLEAN).pgdata).unwrap();
    let lab = healthy.databases().iter().find(|database| database.name == "lab").unwrap().oid;
    let copy = copy(CLEAN);
    let map = copy.path().join(format!("base/{lab}/pg_filenode.map"));
    // The CRC alone: the entries are still believed.
    overwrite(&map, 520, &[1, 2, 3, 4]);
    let cluster = open(copy.path()).unwrap();
    assert_eq!(names(&cluster), names(&healthy));
    assert_eq!(ids(&cluster), ["catalog.map-damaged"]);
    // Without it: what was rewritten is found by its rows.
    let rewritten = healthy.relation(lab, Oid(1259)).unwrap().locator.number;
    assert_ne!(rewritten.0, 1259, "the fixture's pg_class was rewritten");
    fs::remove_file(&map).unwrap();
    let cluster = open(copy.path()).unwrap();
    assert_eq!(names(&cluster), names(&healthy));
    assert_eq!(cluster.relation(lab, Oid(1259)).unwrap().locator.number, rewritten);
    fs::write(copy.path().join("global/pg_filenode.map"), [7; 524]).unwrap();
    let cluster = open(copy.path()).unwrap();
    assert_eq!(cluster.databases(), healthy.databases());
}

#[test]
fn a_destroyed_catalog_page_costs_its_rows_only() {
    let healthy = open(&common::case(CLEAN).pgdata).unwrap();
    let lab = healthy.databases().iter().find(|database| database.name == "lab").unwrap().oid;
    let class = healthy.relation(lab, Oid(1259)).unwrap();
    let path = format!("base/{lab}/{}", class.locator.number);
    let copy = copy(CLEAN);
    let file = copy.path().join(&path);
    let whole = fs::read(&file).unwrap();
    assert!(whole.len() > 3 * 8192);
    for start in (0..whole.len()).step_by(8192) {
        fs::write(&file, &whole).unwrap();
        overwrite(&file, start, &[0xA5; 8192]);
        let cluster = open(copy.path()).unwrap();
        let (left, all) = (names(&cluster), names(&healthy));
        assert!(
            left.len() < all.len() && left.len() > all.len() / 2,
            "{} {}",
            left.len(),
            all.len()
        );
        let found = ids(&cluster);
        assert!(found.contains(&"catalog.page-damaged"), "{found:?}");
        // Every file of a lost relation is still there, by its number.
        let nameless = cluster.relations(lab).iter().filter(|relation| relation.is_nameless());
        let nameless: Vec<_> = nameless.map(|relation| relation.locator.number).collect();
        let lost = healthy.relations(lab).iter().filter(|relation| {
            let named = cluster.relation(lab, relation.oid).is_some();
            let own = relation.locator.tablespace == Oid(1663);
            !named && own && relation.locator.number.0 != 0
        });
        let lost: Vec<_> = lost.map(|relation| relation.locator.number).collect();
        assert!(lost.iter().all(|number| nameless.contains(number)), "{lost:?} {nameless:?}");
        assert_eq!(found.contains(&"catalog.name-missing"), !nameless.is_empty());
        assert!(!cluster.is_complete(lab));
    }
}

#[test]
fn without_pg_xact_the_fate_of_transactions_is_unknown() {
    let copy = copy(CLEAN);
    fs::remove_dir_all(copy.path().join("pg_xact")).unwrap();
    let cluster = open(copy.path()).unwrap();
    assert_eq!(cluster.xact().status(Xid(800)), TxStatus::Unknown);
    assert_eq!(cluster.xact().status(Xid(1)), TxStatus::Committed);
    let found = ids(&cluster);
    assert!(found.contains(&"slru.segment-missing"), "{found:?}");
    assert!(found.contains(&"catalog.visible-by-hint"), "{found:?}");
    assert!(names(&cluster).len() > 300);
}

#[test]
fn a_short_segment_of_pg_xact_is_found() {
    let copy = copy(CLEAN);
    fs::write(copy.path().join("pg_xact/0000"), [0x55; 100]).unwrap();
    fs::remove_file(copy.path().join("pg_multixact/offsets/0000")).unwrap();
    let cluster = open(copy.path()).unwrap();
    assert_eq!(cluster.xact().status(Xid(399)), TxStatus::Committed);
    assert_eq!(cluster.xact().status(Xid(400)), TxStatus::Unknown);
    let found = ids(&cluster);
    assert!(found.contains(&"slru.segment-short"), "{found:?}");
    assert!(found.contains(&"slru.segment-missing"), "{found:?}");
}

#[test]
fn one_file_is_a_cluster_without_names() {
    let case = common::case(CLEAN);
    let healthy = open(&case.pgdata).unwrap();
    let lab = healthy.databases().iter().find(|database| database.name == "lab").unwrap().oid;
    let class = healthy.relation(lab, Oid(1259)).unwrap();
    let path = case.pgdata.join(format!("base/{lab}/{}", class.locator.number));
    let cluster = open(&path).unwrap();
    assert_eq!(cluster.dialect().geometry.block_size, 8192);
    let [relation] = cluster.relations(Oid(0)) else { panic!() };
    assert!(relation.kind.is_heap());
    assert_eq!(relation.locator.number, class.locator.number);
    assert_eq!(cluster.xact().status(Xid(800)), TxStatus::Unknown);
    let cluster = open(&case.pgdata.join("global/pg_control")).unwrap();
    assert_eq!(cluster.input().postgres, Some(18));
    assert!(cluster.control().unwrap().crc_ok() && cluster.relations(Oid(0)).is_empty());
}

#[test]
fn includes_are_followed_and_cycles_end() {
    let copy = copy(CLEAN);
    let conf = |name: &str, text: &str| fs::write(copy.path().join(name), text).unwrap();
    fs::create_dir(copy.path().join("conf.d")).unwrap();
    conf("postgresql.conf", "include 'a.conf'\ninclude_dir 'conf.d'\ninclude_if_exists 'no'\n");
    conf("a.conf", "autovacuum = off\nautovacuum_freeze_max_age = 1000000\ninclude 'a.conf'\n");
    conf("conf.d/b.conf", "Autovacuum_Freeze_Max_Age = '2000000'\nwal_level logical\n");
    conf("conf.d/.hidden.conf", "autovacuum = on\n");
    conf(
        "postgresql.auto.conf",
        "vacuum_failsafe_age = '1e6'\nautovacuum_analyze_threshold = 'x'\n",
    );
    let cluster = open(copy.path()).unwrap();
    let settings = cluster.settings();
    assert_eq!((settings.autovacuum, settings.autovacuum_freeze_max_age), (false, 2_000_000));
    assert_eq!(settings.vacuum_failsafe_age, Some(1_000_000));
    assert_eq!(settings.autovacuum_analyze_threshold, 50);
    let level = &settings.in_files["wal_level"];
    assert_eq!(
        (level.value.as_str(), level.file.as_str(), level.line),
        ("logical", "conf.d/b.conf", 2)
    );
    assert_eq!(ids(&cluster), ["cluster.settings-unreadable"]);
}

/// A real backup's manifest fits its checksum, with one digit changed it does not.
#[test]
fn a_manifest_that_was_edited_is_found() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/basebackup");
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for entry in fs::read_dir(fixture).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
    }
    let manifest_of = |id: &str| id.starts_with("cluster.manifest").then(|| id.to_owned());
    let found = |path: &Path| -> Vec<_> {
        ids(&open(path).unwrap()).into_iter().filter_map(manifest_of).collect()
    };
    assert_eq!(found(dir.path()), [""; 0]);
    let path = dir.path().join("backup_manifest");
    let whole = fs::read_to_string(&path).unwrap();
    let edited = whole.replacen("\"Size\": 2", "\"Size\": 3", 1);
    assert_ne!(edited, whole);
    fs::write(&path, edited).unwrap();
    assert_eq!(found(dir.path()), ["cluster.manifest-checksum"]);
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(found(dir.path()), ["cluster.manifest-unreadable"]);
}
