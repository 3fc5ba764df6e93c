//! Statistics equal those of `pg_waldump --stats` and `--stats=record`, number by number.
use crate::common::difference;
use crate::set::{Text, sets};

#[test]
fn every_number_is_pg_waldumps() {
    let (mut numbers, mut cut, mut wrong) = (0, 0, Vec::new());
    for set in sets() {
        for timeline in set.timelines() {
            for (what, by) in [("stats", "rmgr"), ("stats-record", "record")] {
                let Some(answer) = set.answer(&timeline, what) else { continue };
                let Text::Whole(theirs) = answer.out else { panic!("{}: only an MD5", set.name) };
                let name = format!("{} timeline {} {what}", set.name, timeline.number);
                if theirs.is_empty() {
                    // Where a segment is missing it ends without having said anything.
                    let err = answer.err.unwrap();
                    assert!(err.contains("could not find file"), "{name}: {err}");
                    cut += 1;
                    continue;
                }
                let ran = set.ask("stats", &timeline, &format!("--by {by} --format pg_waldump"));
                if ran.stdout != theirs {
                    wrong.push(format!("{name}: {}", difference(&ran.stdout, &theirs)));
                }
                if answer.err.as_ref().is_some_and(|err| *err != ran.stderr) {
                    wrong.push(format!("{name}: said {:?}, not {:?}", ran.stderr, answer.err));
                }
                let number = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
                numbers += theirs.split_whitespace().filter(number).count();
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(numbers > 8000, "{numbers} numbers compared");
    println!("{numbers} numbers compared; {cut} answers of pg_waldump were empty");
}
