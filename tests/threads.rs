//! The same input gives the same bytes, whatever the number of threads.
mod common;

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut compared = 0;
    for case in common::cases() {
        for (what, format) in [
            ("audit --all", "text"),
            ("audit --all", "json"),
            ("audit --all", "csv"),
            ("wal stats", "json"),
            ("wal xacts --limit 0", "json"),
            ("wal dump", "jsonl"),
            ("wal images", "csv"),
        ] {
            let answer = |jobs: u32| {
                let pgdata = case.pgdata.display();
                let command =
                    format!("pgdissect {what} --jobs {jobs} --format {format} '{pgdata}'");
                let ran = common::run(&command);
                assert!(!ran.stdout.is_empty(), "{command}: {}", ran.stderr);
                (ran.stdout, ran.exit)
            };
            let one = answer(1);
            for jobs in [4, 7] {
                let many = answer(jobs);
                let place = common::difference(&one.0, &many.0);
                assert!(one == many, "{} {what} {format} with {jobs}: {place}", case.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 90, "{compared}");
}
