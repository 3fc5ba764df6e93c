//! The types of records that the sets have: all that a server can be brought to write, or the
//! comparisons prove less than they seem to.
use crate::set::sets;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// `Heap/INSERT` of a line that pg_waldump writes about a record.
pub(crate) fn of_line(line: &str) -> Option<String> {
    let manager = line.strip_prefix("rmgr: ")?.split_whitespace().next()?;
    let (_, desc) = line.split_once(", desc: ")?;
    Some(format!("{manager}/{}", desc.split([' ', ',']).next()?))
}

/// What `required/MAJOR.txt` wants, one type per line; those marked `live` of live sets only.
fn required(major: u16, live: bool) -> BTreeSet<String> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/wal/required/{major}.txt"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let wanted = text.lines().filter(|line| !line.starts_with('#'));
    wanted
        .filter_map(|line| {
            if live { line.split(' ').next() } else { (!line.contains(' ')).then_some(line) }
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn records_of_every_type_that_is_required_are_read() {
    let (mut seen, mut live) = (BTreeMap::<u16, BTreeMap<String, usize>>::new(), false);
    for set in sets() {
        live |= set.live;
        for timeline in set.timelines() {
            let dumped = set.dump(&timeline, "");
            for name in dumped.stdout.lines().filter_map(of_line) {
                *seen.entry(set.major).or_default().entry(name).or_default() += 1;
            }
        }
    }
    let mut missing = Vec::new();
    for (major, types) in &seen {
        println!("{major}: {types:?}");
        let required = required(*major, live);
        assert!(required.len() > 100, "{major}: {} types required", required.len());
        let lacking = required.iter().filter(|name| !types.contains_key(*name));
        missing.extend(lacking.map(|name| format!("{major}: {name}")));
        let unlisted: Vec<_> = types.keys().filter(|name| !required.contains(*name)).collect();
        println!("{major}: besides what is required: {unlisted:?}");
    }
    assert_eq!(seen.len(), 8);
    assert!(missing.is_empty(), "records of these types were required and not read: {missing:#?}");
}
