//! The fixtures themselves: every major in both states, each with its oracle.
mod common;

#[test]
fn every_major_is_there_in_both_states() {
    let cases = common::cases();
    for major in 12..=19 {
        for clean in [true, false] {
            let case = cases.iter().find(|case| case.major == major && case.clean == clean);
            let case = case.unwrap_or_else(|| panic!("no fixture of {major}, clean: {clean}"));
            let version = std::fs::read_to_string(case.pgdata.join("PG_VERSION")).unwrap();
            assert_eq!(version.trim(), major.to_string(), "{}", case.name);
            assert!(case.text("version.txt").contains(&major.to_string()), "{}", case.name);
            for line in case.text("files.txt").lines() {
                let (path, size) = line.rsplit_once(' ').unwrap();
                let found = match path.strip_prefix("pg_tblspc/").zip(case.tablespace.as_ref()) {
                    Some((below, root)) => root.join(below.split_once('/').unwrap().1),
                    None => case.pgdata.join(path),
                };
                let len = std::fs::metadata(&found).map(|meta| meta.len()).ok();
                assert_eq!(len.map(|len| len.to_string()).as_deref(), Some(size), "{found:?}");
            }
        }
    }
}
