//! Full-page images equal the files that `pg_waldump --save-fullpage` writes, byte for byte.
use crate::common::Csv;
use crate::md5::md5;
use crate::set::sets;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

#[test]
fn every_file_is_pg_waldumps() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for set in sets() {
        for timeline in set.timelines() {
            let file = format!("timeline-{}/images.csv", timeline.number);
            if set.absent(&file) {
                continue;
            }
            let theirs = Csv::parse(&set.read(&file).unwrap());
            let theirs: BTreeMap<_, _> = theirs
                .rows()
                .map(|row| (row.get("file").to_owned(), row.get("md5").to_owned()))
                .collect();
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("images");
            let ran = set.ask("images", &timeline, &format!("--save {}", target.display()));
            assert!(ran.exit < 2, "{}: {}", set.name, ran.stderr);
            let ours: BTreeMap<_, _> = fs::read_dir(&target)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .map(|path| {
                    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                    (name, md5(&fs::read(path).unwrap()))
                })
                .collect();
            compared += theirs.len();
            println!("{} timeline {}: {} images", set.name, timeline.number, theirs.len());
            let differ = |(name, sum): &(&String, &String)| ours.get(*name) != Some(sum);
            let missing: Vec<_> = theirs.iter().filter(differ).take(5).collect();
            let more: Vec<_> =
                ours.keys().filter(|name| !theirs.contains_key(*name)).take(5).collect();
            if !missing.is_empty() || !more.is_empty() {
                wrong.push(format!("{}: differ {missing:?}, only ours {more:?}", set.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 2000, "{compared} images compared");
}

/// Of a segment that both timelines have, the newer one's file is read, which begins with copies of
/// the older one's records: pg_waldump, asked for both, writes these twice, under two names.
#[test]
fn across_a_promotion_the_newer_file_names_the_copies() {
    let mut twice = 0;
    for set in sets() {
        let timelines = set.timelines();
        let files = timelines.iter().map(|of| format!("timeline-{}/images.csv", of.number));
        let Some(files) = files
            .map(|file| (!set.absent(&file)).then(|| set.read(&file).unwrap()))
            .collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        let theirs: BTreeSet<_> = files.iter().flat_map(|text| names(text)).collect();
        let start = &timelines[0].start;
        let command =
            format!("pgdissect wal images {} --start {start} --format csv", set.input().display());
        let csv = crate::common::run(&command).stdout;
        let ours: BTreeSet<_> = names(&csv).into_iter().collect();
        assert!(ours.is_subset(&theirs), "{}: {:?}", set.name, ours.difference(&theirs).next());
        for copied in theirs.difference(&ours) {
            let again = copied.replacen("00000001-", "00000002-", 1);
            assert!(ours.contains(&again), "{}: {copied}", set.name);
            twice += 1;
        }
    }
    assert!(twice > 0);
}

fn names(csv: &str) -> Vec<String> {
    Csv::parse(csv).rows().map(|row| row.get("file").to_owned()).collect()
}
