//! The page command on every page of every index, sequence and free space map: field by field what
//! pageinspect says, and key values as the server prints them. SP-GiST and bloom, of which
//! pageinspect says nothing, against the rows.
//!
//! On fixtures/kinds (by fixtures/make/index-kinds), and on clusters made anew
//! (`PGDISSECT_CLUSTERS`), where the answers are `lab/index_pages.json`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it judged, its helpers too"
)]
mod common;
#[path = "common/md5.rs"]
mod md5;

use pgdissect::analysis::page_dump::{self, Request};
use pgdissect::cluster::{BlockSelector, Cluster, OpenOptions, Selector};
use pgdissect::report::page::Views;
use pgdissect::source::{Options, Quiet, Source};
use pgdissect::types::{Fork, Lsn};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Those that fixtures/kinds has.
const MAJORS: [u16; 8] = [12, 13, 14, 15, 16, 17, 18, 19];

/// A cluster with what its server said.
struct Judged {
    name: String,
    major: u16,
    cluster: Cluster,
    pgdata: PathBuf,
    relations: Vec<Value>,
    /// Whether it is a fixture made for this, which has every kind of index.
    made_for_this: bool,
}

fn unpacked_json(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&zstd::decode_all(bytes.as_slice()).unwrap()).unwrap()
}

fn kinds(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kinds").join(file)
}

fn opened(pgdata: &Path) -> Cluster {
    let source = Source::open(pgdata, &Options::default(), &Quiet).unwrap();
    Cluster::open(source, &OpenOptions::default()).unwrap()
}

fn for_each(mut judge: impl FnMut(&Judged)) {
    for major in MAJORS {
        let pgdata = common::unpacked(&kinds(&format!("{major}.tar.zst")));
        judge(&Judged {
            name: format!("kinds/{major}"),
            major,
            cluster: opened(&pgdata),
            pgdata,
            relations: unpacked_json(&kinds(&format!("{major}.json.zst")))
                .as_array()
                .unwrap()
                .clone(),
            made_for_this: true,
        });
    }
    if std::env::var_os("PGDISSECT_CLUSTERS").is_none() {
        return;
    }
    let mut live = 0;
    for case in common::cases() {
        let Some(text) = case.try_text("lab/index_pages.json") else { continue };
        let relations: Vec<Value> = serde_json::from_str(&text).unwrap();
        let relations = relations.into_iter().filter(|relation| {
            relation["path"].as_str().is_some_and(|path| !path.starts_with("pg_tblspc"))
        });
        judge(&Judged {
            name: case.name.clone(),
            major: case.major,
            cluster: opened(&case.pgdata),
            pgdata: case.pgdata.clone(),
            relations: relations.collect(),
            made_for_this: false,
        });
        live += 1;
    }
    assert!(live > 0, "no clusters whose server was asked about indexes");
}

impl Judged {
    /// Every page of a fork as the report has it, in JSON, whose bytes are those that the server
    /// was asked about; with its answers.
    fn pages<'a>(
        &self,
        relation: &'a Value,
        fork: Fork,
        answers: &'a [Value],
    ) -> Vec<(Value, &'a Value)> {
        let path = relation["path"].as_str().unwrap();
        let bytes = std::fs::read(self.pgdata.join(format!("{path}{}", fork.suffix()))).unwrap();
        let size = self.cluster.dialect().geometry.block_size as usize;
        let mut pages = Vec::new();
        for some in answers.chunks(1000) {
            let (first, last) = (&some[0]["blkno"], &some[some.len() - 1]["blkno"]);
            let range = BlockSelector::parse(&format!("{first}-{last}")).unwrap();
            let request = Request {
                relation: Some(Selector::parse(path).unwrap()),
                fork: Some(fork),
                blocks: vec![range],
                views: Views::default(),
                viewer: None,
            };
            let answer = page_dump::pages(&self.cluster, &request).unwrap();
            for finding in answer.findings.by_rule() {
                let about = |finding: &pgdissect::finding::Finding| {
                    finding.place.file.as_deref().is_some_and(|file| file.starts_with(path))
                };
                let ours: Vec<_> = finding.kept.iter().filter(|one| about(one)).collect();
                assert!(ours.is_empty(), "{} {relation}: {ours:?}", self.name);
            }
            let ours = serde_json::to_value(&answer.pages.pages).unwrap();
            pages.extend(ours.as_array().unwrap().iter().cloned().zip(some));
        }
        let same = |answer: &Value| {
            let at = usize::try_from(answer["blkno"].as_u64().unwrap()).unwrap() * size;
            bytes.get(at..at + size).is_some_and(|page| answer["md5"] == md5::md5(page).as_str())
        };
        pages.retain(|(_, answer)| same(answer));
        pages
    }

    fn answers(relation: &Value, fork: &str) -> Vec<Value> {
        relation[fork].as_array().cloned().unwrap_or_default()
    }
}

/// A value as text, whichever way JSON has it.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn same(theirs: &Value, ours: &Value) -> bool {
    let (theirs, ours) = (text(theirs), text(ours));
    let number = |text: &str| text.parse::<f64>().ok();
    let lsn = |text: &str| text.parse::<Lsn>().ok();
    theirs == ours
        || number(&theirs).is_some_and(|their| Some(their) == number(&ours))
        || (theirs.contains('/') && lsn(&theirs).is_some_and(|their| Some(their) == lsn(&ours)))
}

/// What of our page answers the same question.
fn counterpart<'a>(content: &'a Value, function: &str) -> &'a Value {
    match function {
        "bt_metap" => &content["btree"]["meta"],
        "bt_page_stats" => &content["btree"]["stats"],
        "bt_page_items" => &content["btree"]["items"],
        "hash_metapage_info" => &content["hash"]["meta"],
        "hash_page_type" => &content["hash"],
        "hash_page_stats" => &content["hash"]["stats"],
        "hash_page_items" => &content["hash"]["items"],
        "hash_bitmap_info" => &content["hash"]["bitmap_info"],
        "gin_metapage_info" => &content["gin"]["meta"],
        "gin_page_opaque_info" => &content["gin"]["opaque"],
        "gin_leafpage_items" => &content["gin"]["lists"],
        "gist_page_opaque_info" => &content["gist"]["opaque"],
        "gist_page_items_bytea" | "gist_page_items" => &content["gist"]["items"],
        "brin_page_type" | "brin_revmap_data" => &content["brin"],
        "brin_metapage_info" => &content["brin"]["meta"],
        "brin_page_items" => &content["brin"]["items"],
        other => panic!("{other}"),
    }
}

/// Compares one row of an answer, column by column; what was compared is counted by its name.
fn compare(
    place: &str,
    major: u16,
    theirs: &Value,
    ours: &Value,
    count: &mut BTreeMap<String, usize>,
) {
    // Of deleted pages, pageinspect before 14 looks at nothing else.
    let unread = theirs["btpo_next"].as_i64() == Some(-1) || (major < 14 && theirs["type"] == "d");
    for (column, value) in theirs.as_object().unwrap() {
        let same = match column.as_str() {
            "blkno" => continue,
            _ if unread && !matches!(column.as_str(), "type" | "btpo") => continue,
            "btpo" => same(value, &ours["btpo_level"]),
            "oldest_xact" | "delete_xid" => same(value, &ours[column]),
            // To 12, it includes the heap TID of a pivot.
            "data" if major == 12 => text(value).starts_with(&text(&ours[column])),
            // Of pivots it is not said.
            "dead" if value.is_null() => ours[column] == false,
            "key_data" => text(value).trim_start_matches("\\x") == text(&ours[column]),
            "keys" => match keys_as_server(value, &ours[column]) {
                Some(same) => same,
                None => continue,
            },
            "value" if text(&ours[column]).contains("\\x") => continue,
            "magic" if text(value).starts_with("0x") => same(value, &ours[column]),
            _ => ours.get(column).map_or(value.is_null(), |ours| same(value, ours)),
        };
        assert!(same, "{place} {column}: {value} but ours {}", ours[column]);
        *count.entry(column.clone()).or_default() += 1;
    }
}

/// Whether our keys are those of gist_page_items, `(a, b)=(1, "x y") INCLUDE (3)`; nothing if one of
/// ours is of a type that is not decoded.
fn keys_as_server(theirs: &Value, ours: &Value) -> Option<bool> {
    let quoted = |text: &str| {
        let special = |c: char| matches!(c, '"' | '\\' | '(' | ')' | ',') || c.is_whitespace();
        if text.is_empty() || text.contains(special) {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let mut written = Vec::new();
    for key in ours.as_array().unwrap() {
        written.push(if key == "null" { "null".to_owned() } else { quoted(key["text"].as_str()?) });
    }
    let (_, theirs) = theirs.as_str().unwrap().split_once(")=(")?;
    let theirs = theirs.trim_end_matches(')').replace(") INCLUDE (", ", ");
    Some(theirs == written.join(", "))
}

#[test]
fn every_page_is_as_pageinspect_says() {
    let mut count = BTreeMap::new();
    let mut kinds = BTreeSet::new();
    for_each(|judged| {
        let (mut pages, mut skipped) = (0, 0);
        for relation in judged.relations.iter().filter(|relation| relation["relkind"] == "i") {
            let answers = Judged::answers(relation, "main");
            let ours = judged.pages(relation, Fork::Main, &answers);
            skipped += answers.len() - ours.len();
            for (page, answer) in ours {
                let place = format!("{} {} {}", judged.name, relation["name"], answer["blkno"]);
                let kind = page["kind"].as_str().unwrap();
                let am = relation["am"].as_str().unwrap();
                let expected = if am == "myhash" { "index" } else { am };
                assert!(kind == expected || kind == "new", "{place}: {kind}");
                kinds.insert((
                    kind.to_owned(),
                    page["content"].as_object().map(|content| {
                        let (_, content) = content.iter().next().unwrap();
                        text(&content["page_type"])
                    }),
                ));
                pages += 1;
                if kind == "new" {
                    continue;
                }
                judge_page(&place, judged.major, &page, answer, &mut count);
            }
        }
        println!("{}: {pages} pages, {skipped} that asking had changed", judged.name);
        assert!(pages > 100 && skipped < pages / 10 + 5, "{}: {pages} {skipped}", judged.name);
    });
    println!("{count:?}\n{kinds:?}");
    for (column, least) in [
        ("btpo_flags", 50),
        ("htid", 2000),
        ("hasho_flag", 10),
        ("bitmapbit", 2),
        ("maxoff", 20),
        ("tids", 20),
        ("nsn", 10),
        ("keys", 100),
        ("value", 20),
        ("spares", 2),
    ] {
        let found = count.get(column).copied().unwrap_or(0);
        assert!(found >= least * MAJORS.len(), "{column}: {found}");
    }
}

fn judge_page(
    place: &str,
    major: u16,
    page: &Value,
    answer: &Value,
    count: &mut BTreeMap<String, usize>,
) {
    for (function, rows) in answer.as_object().unwrap() {
        let Some(rows) = rows.as_array() else { continue };
        let ours = counterpart(&page["content"], function);
        let place = format!("{place} {function}");
        match function.as_str() {
            "brin_revmap_data" => {
                let theirs: Vec<_> = rows.iter().map(|row| text(&row["pages"])).collect();
                let ours = ours["pages"].as_array().cloned().unwrap_or_default();
                let ours: Vec<_> = ours.iter().map(text).filter(|tid| tid != "(0,0)").collect();
                assert_eq!(ours, theirs, "{place}");
            }
            "bt_page_items"
            | "hash_page_items"
            | "gin_leafpage_items"
            | "gist_page_items_bytea"
            | "gist_page_items"
            | "brin_page_items" => {
                let ours = ours.as_array().unwrap_or_else(|| panic!("{place}: {page}"));
                assert_eq!(ours.len(), rows.len(), "{place}");
                for (theirs, ours) in rows.iter().zip(ours) {
                    compare(&place, major, theirs, ours, count);
                }
            }
            _ => {
                assert_eq!(rows.len(), 1, "{place}");
                compare(&place, major, &rows[0], ours, count);
            }
        }
    }
}

/// The rows of an index: by ctid, what the server prints for its columns.
fn rows(relation: &Value) -> BTreeMap<String, Vec<Option<String>>> {
    let row = |row: &Value| {
        let keys = row["keys"].as_array().unwrap();
        let keys = keys.iter().map(|key| key.as_str().map(str::to_owned)).collect();
        (text(&row["ctid"]), keys)
    };
    relation["rows"].as_array().into_iter().flatten().map(row).collect()
}

/// Whether a key of ours is what the server printed for column `number`; nothing if it is of a type
/// that is not decoded.
fn is_printed(index: &str, number: usize, ours: &Value, theirs: Option<&str>) -> Option<bool> {
    assert!(ours.get("damaged").is_none(), "{index}: {ours}");
    if ours == "null" {
        return Some(theirs.is_none());
    }
    let ours = ours["text"].as_str()?;
    let Some(theirs) = theirs else { return Some(false) };
    Some(match (index, number) {
        // What a cast to text writes otherwise than the output function.
        ("b_bool", _) => theirs.starts_with(ours),
        ("b_ch", _) => theirs == ours.trim_end(),
        // GiST keeps the box of what is no box, and SP-GiST of a polygon.
        (name, 0) if name.starts_with("gist_") && name != "gist_bx" => true,
        ("places", 0) | ("spgist_po", _) => true,
        // Inner tuples have what was before the rest of a text.
        (name, 0) if name.starts_with("spgist_") || name == "words_inserted" => {
            theirs.ends_with(ours)
        }
        _ => theirs == ours,
    })
}

/// The rows that a tuple leads to; none of one that leads to other pages.
fn tids(am: &str, item: &Value) -> Vec<String> {
    if item["downlink"].is_number() || item["meaning"] == "high key" {
        return Vec::new();
    }
    let tids = match (am, &item["tids"]) {
        ("spgist", _) => vec![item["heapPtr"].clone()],
        ("gist", _) => vec![item["ctid"].clone()],
        (_, Value::Array(tids)) => tids.clone(),
        _ => vec![item["htid"].clone()],
    };
    tids.iter().filter(|tid| tid.is_string()).map(text).collect()
}

#[test]
fn keys_are_what_the_server_prints() {
    let (mut compared, mut hidden, mut types) = (0, BTreeSet::new(), BTreeSet::new());
    for_each(|judged| {
        let indexes = judged.relations.iter().filter(|relation| relation["relkind"] == "i");
        for relation in indexes.filter(|_| judged.made_for_this) {
            let (am, name) = (text(&relation["am"]), text(&relation["name"]));
            if !matches!(am.as_str(), "btree" | "spgist" | "gist") {
                continue;
            }
            let (rows, mut seen) = (rows(relation), BTreeSet::new());
            let answers = Judged::answers(relation, "main");
            for (page, _) in judged.pages(relation, Fork::Main, &answers) {
                for item in page["content"][&am]["items"].as_array().into_iter().flatten() {
                    for tid in tids(&am, item) {
                        let row = rows.get(&tid);
                        seen.insert(tid);
                        let Some(row) = row else { continue };
                        let ours = item["keys"].as_array().unwrap();
                        assert_eq!(ours.len(), row.len(), "{} {name}: {item}", judged.name);
                        for (number, (ours, theirs)) in ours.iter().zip(row).enumerate() {
                            match is_printed(&name, number, ours, theirs.as_deref()) {
                                Some(same) => {
                                    assert!(same, "{} {name}: {ours} not {theirs:?}", judged.name);
                                }
                                None => drop(hidden.insert(name.clone())),
                            }
                            compared += 1;
                        }
                        types.insert(name.clone());
                    }
                }
            }
            let missing: Vec<_> = rows.keys().filter(|tid| !seen.contains(*tid)).collect();
            assert!(missing.is_empty(), "{} {name}: {missing:?}", judged.name);
        }
    });
    println!("{compared} keys; not decoded: {hidden:?}");
    assert!(compared > 8000 * MAJORS.len() && types.len() > 60, "{compared} {types:?}");
    let expected = ["b_rng", "b_tsv", "spgist_rng", "gist_rng", "gist_ip", "gist_tsv"];
    assert!(hidden.iter().all(|name| expected.contains(&name.as_str())), "{hidden:?}");
}

/// `myRand` and `mySrand` of contrib/bloom/blutils.c.
struct Generator(i32);

impl Generator {
    /// The seed is taken as a signed number, and so is the remainder.
    fn seeded(seed: u32) -> Self {
        Self(i32::from_le_bytes(seed.to_le_bytes()) % 0x7fff_fffe + 1)
    }

    fn next(&mut self) -> i32 {
        let (high, low) = (self.0 / 127_773, self.0 % 127_773);
        let x = 16_807_i32.wrapping_mul(low).wrapping_sub(2836_i32.wrapping_mul(high));
        self.0 = if x < 0 { x.wrapping_add(0x7fff_ffff) } else { x };
        self.0 - 1
    }
}

#[test]
fn signatures_of_bloom_indexes_have_the_bits_of_their_rows() {
    let mut compared = 0;
    for_each(|judged| {
        if !judged.made_for_this {
            return;
        }
        let relation = judged.relations.iter().find(|relation| relation["name"] == "signatures");
        let relation = relation.unwrap();
        let hashes = unpacked_json(&kinds(&format!("{}.hashes.json.zst", judged.major)));
        let mut hashes: BTreeMap<_, _> = hashes
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (text(&row["ctid"]), row["hashes"].clone()))
            .collect();
        let answers = Judged::answers(relation, "main");
        let pages = judged.pages(relation, Fork::Main, &answers);
        let meta = &pages[0].0["content"]["bloom"]["meta"];
        assert_eq!(meta["bitSize"], json!([3, 2]));
        let length = i32::try_from(meta["bloomLength"].as_i64().unwrap()).unwrap() * 16;
        for (page, _) in &pages[1..] {
            for item in page["content"]["bloom"]["items"].as_array().unwrap() {
                let Some(row) = hashes.remove(item["heapPtr"].as_str().unwrap()) else { continue };
                let mut bits = BTreeSet::new();
                for (column, count) in [(0, 3), (1, 2)] {
                    let Some(hash) = row[column].as_i64() else { continue };
                    let hash = u32::from_le_bytes(i32::try_from(hash).unwrap().to_le_bytes());
                    let first = Generator::seeded(u32::try_from(column).unwrap()).next();
                    let mut random =
                        Generator::seeded(hash ^ u32::from_le_bytes(first.to_le_bytes()));
                    bits.extend((0..count).map(|_| i64::from(random.next() % length)));
                }
                let ours: BTreeSet<_> = item["bits"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|bit| bit.as_i64().unwrap())
                    .collect();
                assert_eq!(ours, bits, "{} {item}", judged.name);
                compared += 1;
            }
        }
        assert!(hashes.is_empty(), "{}: {hashes:?}", judged.name);
    });
    assert!(compared > 1000 * MAJORS.len(), "{compared}");
}

#[test]
fn sequences_have_the_rows_that_are_selected() {
    let mut compared = 0;
    for_each(|judged| {
        for relation in judged.relations.iter().filter(|relation| relation["relkind"] == "S") {
            let selector = Selector::parse(relation["path"].as_str().unwrap()).unwrap();
            let request = Request {
                relation: Some(selector),
                fork: None,
                blocks: vec![],
                views: Views::default(),
                viewer: None,
            };
            let answer = page_dump::pages(&judged.cluster, &request).unwrap();
            let page = serde_json::to_value(&answer.pages.pages[0]).unwrap();
            let place = format!("{} {}", judged.name, relation["name"]);
            compare(
                &place,
                judged.major,
                &relation["row"][0],
                &page["content"]["sequence"],
                &mut BTreeMap::new(),
            );
            compared += 1;
        }
    });
    assert!(compared >= 3 * MAJORS.len(), "{compared}");
}

#[test]
fn free_space_maps_and_init_forks_are_shown() {
    let (mut maps, mut slots, mut inits, mut left_out) = (0, 0, 0, 0);
    for_each(|judged| {
        for relation in &judged.relations {
            let answers = Judged::answers(relation, "fsm");
            // The server that was asked, on a copy, may have made a map that the packed files do not have.
            if !answers.is_empty() && !judged.has(relation, Fork::Fsm) {
                left_out += 1;
                continue;
            }
            for (page, answer) in judged.pages_if_any(relation, Fork::Fsm, &answers) {
                if page["kind"] == "new" {
                    continue;
                }
                let fsm = &page["content"]["fsm"];
                let mut ours = String::new();
                for node in fsm["nodes"].as_array().unwrap() {
                    writeln!(ours, "{}: {}", node[0], node[1]).unwrap();
                }
                writeln!(ours, "fp_next_slot: {}", fsm["fp_next_slot"]).unwrap();
                let theirs = text(&answer["fsm_page_contents"][0]["fsm_page_contents"]);
                assert_eq!(ours, theirs, "{} {}", judged.name, relation["name"]);
                slots += fsm["slots"].as_array().unwrap().len();
                maps += 1;
            }
            let answers = Judged::answers(relation, "init");
            for (page, _) in judged.pages_if_any(relation, Fork::Init, &answers) {
                let am = relation["am"].as_str().unwrap();
                assert!(page["kind"] == am || page["kind"] == "new", "{page}");
                assert!(page["kind"] == "new" || !page["content"][am].is_null(), "{page}");
                inits += 1;
            }
        }
    });
    println!(
        "{maps} pages of maps, {slots} slots, {inits} pages of init forks; left out: {left_out}"
    );
    assert!(left_out * 10 <= maps, "{left_out} maps are not in the files, of {maps}");
    assert!(maps >= 16 && inits >= 14 * MAJORS.len(), "{maps} {inits}");
}

impl Judged {
    fn has(&self, relation: &Value, fork: Fork) -> bool {
        let path = relation["path"].as_str().unwrap();
        self.pgdata.join(format!("{path}{}", fork.suffix())).exists()
    }

    fn pages_if_any<'a>(
        &self,
        relation: &'a Value,
        fork: Fork,
        answers: &'a [Value],
    ) -> Vec<(Value, &'a Value)> {
        if answers.is_empty() { Vec::new() } else { self.pages(relation, fork, answers) }
    }
}
