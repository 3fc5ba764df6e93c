//! Records and their descriptions as the server's own pg_walinspect has them: of live sets only,
//! where the tool may be of another minor release than the server (16).
use crate::common::Csv;
use crate::redo::with_zone;
use crate::set::sets;
use std::collections::HashMap;

#[test]
fn records_are_those_of_pg_get_wal_records_info() {
    let (mut compared, mut wrong, mut live) = (0, Vec::new(), false);
    for set in sets().iter().filter(|set| set.major >= 15) {
        live |= set.live;
        let Some(text) = set.read("walinspect/pg_get_wal_records_info.csv") else {
            assert!(!set.live, "{}: no answers of pg_walinspect", set.name);
            continue;
        };
        let dumped = set.dump(&set.timelines()[0], "");
        let ours: HashMap<_, _> = dumped.stdout.lines().filter_map(record).collect();
        for row in Csv::parse(&text).rows() {
            let theirs = Record {
                manager: row.get("resource_manager").to_owned(),
                length: row.number("record_length").unwrap(),
                xid: row.number("xid").unwrap(),
                prev: lsn(row.get("prev_lsn")),
                desc: with_zone(
                    format!("{} {}", row.get("record_type"), row.get("description")).trim_end(),
                ),
            };
            let found = ours.get(&lsn(row.get("start_lsn")));
            if found != Some(&theirs) {
                wrong.push(format!("{}\n  server {theirs:?}\n  ours   {found:?}", set.name));
            }
            compared += 1;
        }
    }
    let first = wrong.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{first}", wrong.len());
    assert_eq!(compared > 0, live);
    println!("{compared} records compared");
}

/// What a line of pg_waldump says that pg_walinspect says too.
#[derive(Debug, PartialEq, Eq)]
struct Record {
    manager: String,
    length: u32,
    xid: u32,
    prev: pgdissect::types::Lsn,
    desc: String,
}

fn record(line: &str) -> Option<(pgdissect::types::Lsn, Record)> {
    let (head, desc) = line.strip_prefix("rmgr: ")?.split_once(", desc: ")?;
    let words: Vec<_> = head.split([' ', ',', '/']).filter(|word| !word.is_empty()).collect();
    let after = |name: &str| words.iter().position(|word| *word == name).map(|at| at + 1);
    let text = |name: &str| head.split_once(name)?.1.split(',').next().map(str::trim);
    let desc = desc.split_once(", blkref #").map_or(desc, |(desc, _)| desc);
    let found = Record {
        manager: words[0].to_owned(),
        // len (rec/tot):     59/    59
        length: words[after("tot):")? + 1].parse().ok()?,
        xid: text("tx: ")?.parse().ok()?,
        prev: lsn(text(", prev ")?),
        desc: desc.trim_end().to_owned(),
    };
    Some((lsn(text("lsn: ")?), found))
}

fn lsn(text: &str) -> pgdissect::types::Lsn {
    text.parse().unwrap()
}
