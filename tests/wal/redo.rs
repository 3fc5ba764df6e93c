//! What servers of 12 and 14 said about the records that they replayed: typed values and block
//! references, by the server itself.
use crate::set::sets;
use std::collections::HashMap;

#[test]
fn descriptions_are_those_of_the_server_that_replayed_them() {
    let (mut compared, mut majors, mut wrong) = (0, Vec::new(), Vec::new());
    for set in sets() {
        let Some(text) = set.read("redo.txt") else { continue };
        majors.push(set.major);
        let dumped = set.dump(&set.timelines()[0], "");
        let lines: HashMap<_, _> = dumped.stdout.lines().filter_map(record).collect();
        for line in text.lines() {
            let (lsn, said) = line.split_once(' ').unwrap();
            let ours = lines.get(&padded(lsn)).map(|parts| server_text(set.major, *parts));
            let said = with_zone(said);
            if ours.as_ref() != Some(&said) {
                wrong.push(format!("{} {lsn}:\n  server {said}\n  ours   {ours:?}", set.name));
            }
            compared += 1;
        }
    }
    majors.dedup();
    assert_eq!(majors, [12, 14], "majors whose servers said something");
    let first = wrong.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{first}", wrong.len());
    assert!(compared > 50_000, "{compared} compared");
    println!("{compared} descriptions compared");
}

/// An LSN as pg_waldump writes it.
fn padded(lsn: &str) -> String {
    let (high, low) = lsn.split_once('/').unwrap();
    format!("{high}/{low:0>8}")
}

/// The LSN of a record, its manager and what stands after `desc: `.
fn record(line: &str) -> Option<(String, (&str, &str))> {
    let manager = line.strip_prefix("rmgr: ")?.split_whitespace().next()?;
    let (head, desc) = line.split_once(", desc: ")?;
    let lsn = head.split_once("lsn: ")?.1.split(',').next()?;
    Some((lsn.to_owned(), (manager, desc)))
}

/// As the server writes a record (`xlog_outdesc`, from 13 on `xlog_block_info`).
fn server_text(major: u16, (manager, desc): (&str, &str)) -> String {
    let (desc, blocks) =
        desc.split_once(", blkref ").map_or((desc, ""), |(desc, rest)| (desc, rest));
    let (name, values) = desc.split_once(' ').unwrap_or((desc, ""));
    let mut text = format!("{manager}/{name}: {values}");
    if major > 12 && !blocks.is_empty() {
        for block in blocks.split(", blkref ") {
            text.push_str("; blkref ");
            text.push_str(&numbered(block));
        }
    }
    text
}

/// A block reference with the fork's number for its name, as the server writes it.
fn numbered(block: &str) -> String {
    let mut text = block.replacen(" blk ", ", blk ", 1);
    for (name, number) in [("fsm", 1), ("vm", 2), ("init", 3)] {
        text = text.replacen(&format!(" fork {name},"), &format!(", fork {number},"), 1);
    }
    text
}

/// A server's text with times as pg_waldump writes them: UTC by name, and all digits of a second
/// (`timestamptz_to_str` in timestamp.c, in compat.c).
pub(crate) fn with_zone(said: &str) -> String {
    let mut text = String::new();
    let mut parts = said.split("+00").peekable();
    while let Some(part) = parts.next() {
        text.push_str(part);
        if parts.peek().is_some() {
            let digits =
                part.rsplit(':').next().unwrap().split_once('.').map_or(0, |(_, f)| f.len());
            text.push_str(if digits == 0 { "." } else { "" });
            text.push_str(&"0".repeat(6 - digits));
            text.push_str(" UTC");
        }
    }
    text
}
