//! Lists that are written while the log is read: every format has all of it, as the document that
//! is made of it at once.
use crate::common::Csv;
use crate::set::{Set, Timeline, sets};
use serde_json::Value;

#[test]
fn every_format_has_every_row() {
    let (mut shortest, mut longest) = (usize::MAX, 0);
    for set in sets() {
        let timeline = &set.timelines()[0];
        let images = compare(&set, timeline, "images", "images", "");
        // Of the relation with most records, all blocks.
        let stats = set.ask("stats", timeline, "--by relation --format json").stdout;
        let stats: Value = serde_json::from_str(&stats).unwrap();
        let relations = stats["report"]["by_relation"].as_array().unwrap();
        let relations = relations.iter().filter(|row| row["relfilenode"] != 0);
        let most = relations.max_by_key(|row| row["count"].as_u64()).unwrap();
        let (space, database) = (&most["reltablespace"], &most["reldatabase"]);
        let blocks = format!("{space}/{database}/{} 0-4294967294", most["relfilenode"]);
        let records = compare(&set, timeline, "blocks", "records", &blocks);
        assert!(records as u64 >= most["count"].as_u64().unwrap(), "{}: {records}", set.name);
        (shortest, longest) = (shortest.min(images), longest.max(records));
    }
    // Longer than what is laid out as one table, and than what waits for a thread.
    assert!(shortest > 100 && longest > 5000, "{shortest} {longest}");
}

/// How long the list is.
fn compare(set: &Set, timeline: &Timeline, command: &str, list: &str, options: &str) -> usize {
    let ask = |how: &str| set.ask(command, timeline, &format!("{options} {how}")).stdout;
    let document: Value = serde_json::from_str(&ask("--format json")).unwrap();
    let rows = document["report"][list].as_array().unwrap();
    let name = format!("{} {command} {options}", set.name);

    let lines = ask("--format jsonl");
    let mut lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    for row in rows {
        assert_eq!(lines.next(), Some(serde_json::json!({ "list": list, "item": row })), "{name}");
    }
    assert_eq!(lines.next().unwrap()["schema"], document["schema"], "{name}");

    let lsns = || rows.iter().map(|row| row["start_lsn"].as_str().unwrap());
    let csv = ask(&format!("--format csv --table {list}"));
    assert!(Csv::parse(&csv).rows().map(|row| row.get("start_lsn")).eq(lsns()), "{name}");
    let text = ask("");
    let firsts = text.lines().filter_map(|line| line.split(' ').next());
    let is_lsn = |word: &&str| {
        word.split_once('/').is_some_and(|(high, low)| {
            [high, low].iter().all(|digits| u32::from_str_radix(digits, 16).is_ok())
        })
    };
    assert!(firsts.filter(is_lsn).eq(lsns()), "{name}");
    rows.len()
}
