//! `wal stats --by relation|database|xid|segment|cause` against what `pg_waldump -b` says of each
//! record, added up here by the rules of docs/wal.md.
use crate::set::{Set, Text, sets};
use crate::types::of_line;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Records, their bytes without images, bytes of images.
type Tally = [u64; 3];
type Tallies = BTreeMap<String, Tally>;

#[test]
fn every_sum_is_that_of_pg_waldumps_lines() {
    let (mut rows, mut wrong) = (BTreeMap::<&str, usize>::new(), Vec::new());
    let rules = Rules::read();
    for set in sets() {
        for timeline in set.timelines() {
            let Some(answer) = set.answer(&timeline, "details") else { continue };
            let Text::Whole(text) = answer.out else { panic!("{}: only an MD5", set.name) };
            let records = records(&text, block_size(&set));
            let ran = set.ask("stats", &timeline, "--top 100000000 --format json");
            let ours: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
            let segment_size = segment_size(&set);
            for (what, key, theirs) in [
                ("relation", relation as fn(&serde_json::Value) -> String, by_relation(&records)),
                ("database", database, by_database(&records)),
                ("xid", |row| row["xid"].to_string(), by_xid(&records)),
                ("segment", |row| string(&row["start_lsn"]), by_segment(&records, segment_size)),
                ("cause", cause, rules.by_cause(&records)),
            ] {
                let mut mine = Tallies::new();
                for row in ours["report"][&format!("by_{what}")].as_array().unwrap() {
                    let number = |field: &str| row[field].as_u64().unwrap();
                    let tally = ["count", "record_size", "fpi_size"].map(number);
                    add(&mut mine, key(row), tally);
                }
                mine.retain(|_, tally| *tally != [0; 3]);
                *rows.entry(what).or_default() += theirs.len();
                let differ = |(key, tally): &(&String, &Tally)| mine.get(*key) != Some(tally);
                let missing: Vec<_> = theirs.iter().filter(differ).take(3).collect();
                let more: Vec<_> =
                    mine.iter().filter(|(key, _)| !theirs.contains_key(*key)).take(3).collect();
                if !missing.is_empty() || !more.is_empty() {
                    let ours: Vec<_> = missing.iter().map(|(key, _)| mine.get(*key)).collect();
                    wrong.push(format!(
                        "{} timeline {} by {what}: {missing:?}, ours {ours:?}, only ours {more:?}",
                        set.name, timeline.number
                    ));
                }
            }
        }
    }
    println!("{rows:?} compared");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows["relation"] > 2000 && rows["xid"] > 3000 && rows["cause"] > 100, "{rows:?}");
}

/// A record as pg_waldump has it.
struct Record {
    kind: String,
    /// Its bytes without images.
    size: u64,
    xid: String,
    lsn: u64,
    desc: String,
    blocks: Vec<Block>,
}

struct Block {
    /// `1663/5/1259`.
    relation: String,
    fpi_size: u64,
    /// Whether the image is only to be compared with.
    compared: bool,
}

fn records(text: &str, block_size: u64) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for line in text.lines() {
        if let Some(kind) = of_line(line) {
            let after = |word: &str| line.split_once(word).unwrap().1.trim_start();
            let field = |word| after(word).split([',', '/']).next().unwrap().trim().to_owned();
            let (high, low) = after("lsn: ").split(',').next().unwrap().split_once('/').unwrap();
            let hex = |digits| u64::from_str_radix(digits, 16).unwrap();
            records.push(Record {
                kind,
                size: field("len (rec/tot):").parse().unwrap(),
                xid: field("tx:"),
                lsn: hex(high) << 32 | hex(low),
                desc: after(", desc: ").to_owned(),
                blocks: Vec::new(),
            });
        } else if let Some((_, rest)) = line.split_once("blkref #") {
            let relation = rest.split_once("rel ").unwrap().1.split(' ').next().unwrap();
            let number = |word: &str| {
                let digits = rest.split_once(word)?.1.split([',', ';']).next()?;
                digits.trim().parse::<u64>().ok()
            };
            let saved = number("compression saved: ").unwrap_or(0);
            let image = rest.contains("(FPW");
            records.last_mut().unwrap().blocks.push(Block {
                relation: relation.to_owned(),
                fpi_size: if image { block_size - number(" length: ").unwrap() - saved } else { 0 },
                compared: rest.contains("(FPW for WAL verification)"),
            });
        }
    }
    records
}

impl Record {
    fn fpi_size(&self) -> u64 {
        self.blocks.iter().map(|block| block.fpi_size).sum()
    }
}

fn add(all: &mut Tallies, key: impl Into<String>, [count, size, fpi]: Tally) {
    let tally = all.entry(key.into()).or_default();
    *tally = [tally[0] + count, tally[1] + size, tally[2] + fpi];
}

fn by_relation(records: &[Record]) -> Tallies {
    let mut all = Tallies::new();
    for record in records {
        let first = record.blocks.first().map_or("0/0/0", |block| &block.relation);
        add(&mut all, first, [1, record.size, 0]);
        for block in &record.blocks {
            add(&mut all, &*block.relation, [0, 0, block.fpi_size]);
        }
    }
    all
}

fn by_database(records: &[Record]) -> Tallies {
    let mut all = Tallies::new();
    for (relation, tally) in by_relation(records) {
        let database = relation.split('/').nth(1).unwrap();
        add(&mut all, if relation == "0/0/0" { "none" } else { database }, tally);
    }
    all
}

fn by_segment(records: &[Record], segment_size: u64) -> Tallies {
    let mut all = Tallies::new();
    for record in records {
        let start = record.lsn - record.lsn % segment_size;
        let start = format!("{:X}/{:X}", start >> 32, start & 0xFFFF_FFFF);
        add(&mut all, start, [1, record.size, record.fpi_size()]);
    }
    all
}

/// By the transaction whose end names them.
fn by_xid(records: &[Record]) -> Tallies {
    let mut parents = HashMap::new();
    for record in records {
        let word = record.desc.split([' ', ',']).next().unwrap();
        let ends = ["COMMIT", "ABORT", "PREPARE", "COMMIT_PREPARED", "ABORT_PREPARED"];
        if !record.kind.starts_with("Transaction/") || !ends.contains(&word) {
            continue;
        }
        let rest = record.desc[word.len()..].trim_start();
        let prepared = rest.split(':').next().filter(|_| word.ends_with("_PREPARED"));
        let top = prepared.unwrap_or(&record.xid);
        let subs = record.desc.split_once("subxacts: ").map_or("", |(_, subs)| subs);
        for sub in subs.split(';').next().unwrap().split_whitespace() {
            parents.insert(sub.to_owned(), top.to_owned());
        }
    }
    let mut all = Tallies::new();
    for record in records.iter().filter(|record| record.xid != "0") {
        let xid = parents.get(&record.xid).unwrap_or(&record.xid);
        add(&mut all, &**xid, [1, record.size, record.fpi_size()]);
    }
    all
}

/// The table of causes in docs/wal.md: types of records, by manager, or `*` for all of one.
struct Rules(HashMap<String, &'static str>);

impl Rules {
    fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/wal.md");
        let text = std::fs::read_to_string(path).unwrap();
        let mut rules = HashMap::new();
        for (cause, row) in [
            ("vacuum", "pruning and vacuum"),
            ("checkpoint", "checkpoints"),
            ("replication", "standbys and decoding"),
        ] {
            let line = text.lines().find_map(|line| line.strip_prefix(&format!("| {row} | ")));
            let words = line.unwrap().split(':').next().unwrap();
            let words = words.replace(['|', '\\', ';'], " ").replace(" and ", ", ");
            let mut manager = "";
            for word in words.split([',', ' ']).filter(|word| !word.is_empty()) {
                let (of, name) = word.split_once('/').unwrap_or((manager, word));
                manager = of;
                if name == "*"
                    || name.chars().all(|c| c.is_ascii_uppercase() || "_0123456789".contains(c))
                {
                    rules.insert(format!("{manager}/{name}"), cause);
                }
            }
        }
        assert!(rules.len() > 50, "{rules:?}");
        Self(rules)
    }

    fn of(&self, kind: &str) -> &'static str {
        let (kind, _) = kind.split_once('+').unwrap_or((kind, ""));
        let manager = kind.split('/').next().unwrap();
        let slru = ["CLOG", "CommitTs", "MultiXact"].contains(&manager) && kind.contains("ZERO");
        match kind {
            "XLOG/FPI" => "whole-pages",
            "XLOG/FPI_FOR_HINT" => "hint-bits",
            _ => match self.0.get(kind).or_else(|| self.0.get(&format!("{manager}/*"))) {
                Some(cause) => cause,
                None if slru || manager == "XLOG" => "server",
                None => "client",
            },
        }
    }

    fn by_cause(&self, records: &[Record]) -> Tallies {
        let mut all = Tallies::new();
        for record in records {
            let cause = self.of(&record.kind);
            add(&mut all, cause, [1, record.size, 0]);
            for block in &record.blocks {
                let own = ["whole-pages", "hint-bits"].contains(&cause);
                let of = if own {
                    cause
                } else if block.compared {
                    "consistency"
                } else {
                    "first-change"
                };
                add(&mut all, of, [0, 0, block.fpi_size]);
            }
        }
        all.retain(|_, tally| *tally != [0; 3]);
        all
    }
}

fn string(value: &serde_json::Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn relation(row: &serde_json::Value) -> String {
    format!("{}/{}/{}", row["reltablespace"], row["reldatabase"], row["relfilenode"])
}

fn database(row: &serde_json::Value) -> String {
    row["oid"].as_u64().map_or_else(|| "none".to_owned(), |oid| oid.to_string())
}

/// pg_waldump does not say what came by replication.
fn cause(row: &serde_json::Value) -> String {
    string(&row["cause"]).replace("applied", "client")
}

/// What the pages of the set's first segment say.
fn sizes(set: &Set) -> (u32, u32) {
    let folder = set.input();
    let folder = if set.live { folder.join("pg_wal") } else { folder };
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|of| of.unwrap().path()).collect();
    files.retain(|path| path.file_name().unwrap().len() == 24);
    files.sort();
    let bytes = std::fs::read(&files[0]).unwrap();
    let at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    (at(32), at(36))
}

fn segment_size(set: &Set) -> u64 {
    sizes(set).0.into()
}

/// All sets have blocks as long as those of their WAL.
fn block_size(set: &Set) -> u64 {
    sizes(set).1.into()
}
