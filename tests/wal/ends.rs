//! Where valid WAL ends and the sentence for it, as pg_waldump and the recovering server have them,
//! of a killed cluster and of copies of it with a fault each.
use crate::common::{Ran, run};
use crate::set::{Set, sets};
use std::fs;
use std::path::Path;

/// What one of the ends is called, and where it is.
pub(crate) fn kinds(set: &Set) -> Vec<(String, std::path::PathBuf)> {
    let read = fs::read_dir(set.folder("ends")).unwrap();
    let mut paths: Vec<_> = read.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 25, "{}: {} ends", set.name, paths.len());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.into_iter().map(|path| (format!("{}/{}", set.name, name(&path)), path)).collect()
}

pub(crate) fn read(path: &Path, file: &str) -> String {
    fs::read_to_string(path.join(file))
        .unwrap_or_else(|error| panic!("{} {file}: {error}", path.display()))
}

fn dumped(path: &Path) -> Ran {
    let (wal, redo) = (path.join("pg_wal"), read(path, "redo.txt"));
    let (wal, redo) = (wal.display(), redo.trim());
    run(&format!(
        "pgdissect wal dump {wal} --timeline 1 --start {redo} --stop-at-damage --format pg_waldump"
    ))
}

#[test]
fn they_are_pg_waldumps() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for set in sets().iter().filter(|set| set.has_tool()) {
        for (name, path) in kinds(set) {
            let ours = dumped(&path);
            let theirs = read(&path, "pg_waldump.err");
            if theirs.contains("error: could not read file ")
                && read(&path, "pg_waldump.txt").is_empty()
            {
                // It gives up before it begins if the first file that it finds is an empty one.
                println!("{name}: not compared: {theirs}");
                continue;
            }
            for (what, ours, file) in [
                ("prints", &ours.stdout, "pg_waldump.txt"),
                ("says", &ours.stderr, "pg_waldump.err"),
            ] {
                let theirs = read(&path, file);
                if *ours != theirs && !differ_in_place(ours, &theirs) {
                    let last = |text: &str| text.lines().last().map(str::to_owned);
                    let (ours, theirs) = (last(ours), last(&theirs));
                    wrong.push(format!("{name} {what}\n  {ours:?}, pg_waldump\n  {theirs:?}"));
                }
                compared += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 300, "{compared} compared");
    println!("{compared} ends compared");
}

#[test]
fn they_are_where_and_why_recovery_ended() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for set in sets() {
        for (name, path) in kinds(&set) {
            let (last, why) = recovery(&read(&path, "server.log"));
            let ours = dumped(&path);
            let line = ours.stdout.lines().rfind(|line| line.starts_with("rmgr: ")).unwrap();
            let found = line.split_once("lsn: ").unwrap().1.split(',').next().unwrap();
            // To 14 the last record that recovery knows is one that it refused for its contents.
            let refused = set.major <= 14
                && why.as_ref().is_some_and(|why| is_in_record(why) && why.ends_with(&last));
            if lsn(found) != lsn(&last) && !refused {
                wrong.push(format!(
                    "{name}: the last record is at {found}, redo was done at {last}"
                ));
            }
            let said = ours.stderr.trim_end();
            if !why.is_none_or(|why| agrees(said, &why)) {
                let why = recovery(&read(&path, "server.log")).1;
                wrong.push(format!("{name} says\n  {said}, the server\n  {why:?}"));
            }
            compared += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 200, "{compared} compared");
    println!("{compared} recoveries compared");
}

/// Where a server's redo was done, and what it said just before, if anything.
pub(crate) fn recovery(log: &str) -> (String, Option<String>) {
    let said = |line: &str| line.split_once("LOG:  ").map(|(_, said)| said.to_owned());
    let lines: Vec<_> = log.lines().filter_map(said).collect();
    let end = lines.iter().position(|line| line.starts_with("redo done at ")).unwrap();
    let last = lines[end].split(' ').nth(3).unwrap().to_owned();
    // Of a file that is not there recovery says nothing.
    let why = Some(lines[end - 1].clone()).filter(|line| !line.starts_with("redo starts at "));
    (last, why)
}

/// Whether the tool's line has the server's sentence.
pub(crate) fn agrees(tool: &str, server: &str) -> bool {
    // A server that reads ahead names, for a fault in a record with the right CRC, the record before
    // which it was reading.
    let (tool, server) = if is_in_record(server) {
        (without_place(tool), without_place(server))
    } else {
        (tool.to_owned(), server.to_owned())
    };
    // Of a short file either names the file in its own way.
    let short = |text: &str| text.split_once(", offset ").map(|(_, rest)| rest.to_owned());
    if server.starts_with("could not read from ") {
        return tool.contains("could not read from ") && short(&tool) == short(&server);
    }
    tool.ends_with(&server)
}

/// Whether a record with the right CRC is refused.
fn is_in_record(why: &str) -> bool {
    let said = ["invalid block_id", "record with invalid length", "BKPBLOCK_"];
    said.iter().any(|start| why.starts_with(start))
}

/// Whether two lines of the tool agree but for the record that is named for a fault in one with the
/// right CRC: from 17.12 on that is the record itself, before it was the one before, and no file says
/// which minor release wrote it.
fn differ_in_place(ours: &str, theirs: &str) -> bool {
    let of_record = |text: &str| {
        text.split_once(": error in WAL record at ").is_some_and(|(_, rest)| {
            rest.split_once(": ").is_some_and(|(_, why)| is_in_record(why))
        })
    };
    of_record(ours) && of_record(theirs) && without_place(ours) == without_place(theirs)
}

fn without_place(text: &str) -> String {
    text.rsplit_once(" at ").map_or(text, |(text, _)| text).to_owned()
}

pub(crate) fn lsn(text: &str) -> pgdissect::types::Lsn {
    text.parse().unwrap()
}
