//! Every line equals pg_waldump's, and so does what it says in the end.
use crate::common::difference;
use crate::md5::md5;
use crate::set::{Text, sets};

#[test]
fn every_line_is_pg_waldumps() {
    let (mut lines, mut wrong) = (0, Vec::new());
    for set in sets() {
        for timeline in set.timelines() {
            for (what, options) in [("details", "--bkp-details"), ("plain", "")] {
                let Some(answer) = set.answer(&timeline, what) else { continue };
                let mut ran = set.dump(&timeline, options);
                if set.major == 16 {
                    ran.stdout = as_16_2(&ran.stdout);
                }
                let name = format!("{} timeline {} {what}", set.name, timeline.number);
                match answer.out {
                    Text::Whole(text) if text == ran.stdout => {}
                    Text::Whole(text) => {
                        wrong.push(format!("{name}: {}", differences(&ran.stdout, &text)));
                    }
                    Text::Md5(sum) if sum == md5(ran.stdout.as_bytes()) => {}
                    Text::Md5(sum) => wrong.push(format!("{name}: the MD5 is not {sum}")),
                }
                if answer.err.as_ref().is_some_and(|err| *err != ran.stderr) {
                    let (ours, theirs) = (&ran.stderr, &answer.err);
                    wrong.push(format!("{name}: said {ours:?}, pg_waldump {theirs:?}"));
                }
                let ours = ran.stdout.lines().count();
                println!("{name}: {ours} lines");
                lines += ours;
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(lines > 500_000, "{lines} lines compared");
}

/// The first line that differs, and in how many records of which types lines differ.
fn differences(ours: &str, theirs: &str) -> String {
    let mut types = std::collections::BTreeMap::<String, u32>::new();
    for (ours, theirs) in ours.lines().zip(theirs.lines()) {
        if ours != theirs {
            let name = crate::types::of_line(theirs).unwrap_or_else(|| "a block".to_owned());
            *types.entry(name).or_default() += 1;
        }
    }
    format!("{}\n  {types:?}", difference(ours, theirs))
}

/// pg_waldump of 16 is of 16.2, which left what a prepared transaction drops from the statistics
/// unsaid; the server is of 16.14, and its pg_walinspect says it (`walinspect.rs`).
fn as_16_2(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.contains(", desc: PREPARE ") {
            let dropped = |part: &&str| !part.contains(" dropped stats: ");
            lines.push_str(&line.split("; ").filter(dropped).collect::<Vec<_>>().join("; "));
        } else {
            lines.push_str(line);
        }
    }
    lines
}
