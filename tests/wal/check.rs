//! `wal check` of clusters that were killed, and of copies of them with a fault each: it stops where
//! recovery did, and says the same.
use crate::common::run;
use crate::ends::{agrees, kinds, lsn, read, recovery};
use crate::set::sets;
use std::collections::BTreeMap;

#[test]
fn it_ends_where_recovery_did() {
    let (mut compared, mut wrong, mut classes) = (0, Vec::new(), BTreeMap::new());
    for set in sets() {
        for (name, path) in kinds(&set) {
            let (last, why) = recovery(&read(&path, "server.log"));
            let wal = path.join("pg_wal");
            let command =
                format!("pgdissect wal check {} --timeline 1 --format json", wal.display());
            let ran = run(&command);
            let answer: serde_json::Value = serde_json::from_str(&ran.stdout)
                .unwrap_or_else(|error| panic!("{name}: {error}: {}", ran.stderr));
            let (valid, end) = (&answer["report"]["valid"], &answer["report"]["end"]);
            let said = end["postgres_says"].as_str().unwrap();
            let found = valid["last_lsn"].as_str().unwrap();
            let refused = set.major <= 14 && why.as_ref().is_some_and(|why| why.ends_with(&last));
            if lsn(found) != lsn(&last) && !refused {
                wrong.push(format!(
                    "{name}: the last record is at {found}, redo was done at {last}"
                ));
            }
            if !why.as_ref().is_none_or(|why| agrees(said, why)) {
                wrong.push(format!("{name} says\n  {said}, the server\n  {why:?}"));
            }
            *classes.entry(end["class"].as_str().unwrap().to_owned()).or_insert(0) += 1;
            compared += 1;
        }
    }
    println!("{compared} compared: {classes:?}");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 200, "{compared} compared");
}

#[test]
fn nothing_is_wrong_with_what_servers_wrote() {
    let mut wrong = Vec::new();
    for set in sets() {
        let ran = run(&format!("pgdissect wal check {} --format json", set.input().display()));
        let answer: serde_json::Value = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", set.name, ran.stderr));
        if answer["findings"] != serde_json::json!([]) {
            wrong.push(format!("{}: {}", set.name, answer["findings"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Without its history, the records tell where a timeline left the one before, as exactly.
#[test]
fn a_timeline_without_history_began_where_its_history_says() {
    for set in sets() {
        let folder = set.input();
        let folder = if set.live { folder.join("pg_wal") } else { folder };
        let copy = tempfile::tempdir().unwrap();
        let mut history = None;
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
            let name = entry.file_name().into_string().unwrap();
            if name == "00000002.history" {
                history = Some(std::fs::read_to_string(entry.path()).unwrap());
            } else if name.len() == 24 {
                std::fs::copy(entry.path(), copy.path().join(name)).unwrap();
            }
        }
        let history = history.unwrap_or_else(|| panic!("{} has no history", set.name));
        let wanted: Vec<_> = history.trim_end().lines().last().unwrap().split('\t').collect();
        let command = format!("pgdissect wal check {} --format json", copy.path().display());
        let ran = run(&command);
        let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let second = &answer["report"]["timelines"][1];
        assert_eq!(second["timeline"], 2, "{}", set.name);
        assert_eq!(second["parent"].to_string(), wanted[0], "{}", set.name);
        assert_eq!(lsn(second["switchpoint"].as_str().unwrap()), lsn(wanted[1]), "{}", set.name);
        assert_eq!(second["told_by"], "records", "{}", set.name);
    }
}
