//! How long `wal dump` and `wal stats` take, against pg_waldump over the same WAL. All in one run, in
//! turns, medians compared; what is written goes to /dev/null.
//!
//! ```text
//! benches/make-pgbench-wal /tmp/bench-wal     # 2.4 GB; needs a PostgreSQL
//! PGDISSECT_BENCH=/tmp/bench-wal PG_WALDUMP=/usr/lib/postgresql/18/bin/pg_waldump cargo bench --bench wal
//! ```
#![allow(clippy::print_stdout, reason = "a bench is a command of its own")]
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// Rounds of each; odd, so that there is a median.
const ROUNDS: usize = 3;
/// Threads of ours; pg_waldump has one.
const THREADS: &str = "2";

/// Two commands that give the same answer.
struct Pair {
    what: &'static str,
    ours: &'static [&'static str],
    theirs: &'static [&'static str],
    /// What the project promises: times as fast.
    times: f64,
}

const PAIRS: [Pair; 3] = [
    Pair {
        what: "wal dump --format pg_waldump",
        ours: &["dump", "--format", "pg_waldump"],
        theirs: &[],
        times: 4.0,
    },
    Pair { what: "wal stats", ours: &["stats"], theirs: &["--stats=record"], times: 3.0 },
    Pair {
        what: "wal stats --by record",
        ours: &["stats", "--by", "record", "--format", "pg_waldump"],
        theirs: &["--stats=record"],
        times: 3.0,
    },
];

fn main() -> ExitCode {
    let Some(data) = std::env::var_os("PGDISSECT_BENCH") else {
        println!(
            "PGDISSECT_BENCH is not set: nothing measured. It names a data directory with much WAL; \
             benches/make-pgbench-wal makes one."
        );
        return ExitCode::SUCCESS;
    };
    let waldump = std::env::var_os("PG_WALDUMP").unwrap_or_else(|| "pg_waldump".into());
    let only = std::env::args().nth(1).filter(|word| !word.starts_with('-'));
    let mut kept = true;
    for pair in PAIRS.iter().filter(|pair| only.as_ref().is_none_or(|o| pair.what.contains(o))) {
        match measure(pair, Path::new(&data), Path::new(&waldump)) {
            Ok(fast) => kept &= fast,
            Err(error) => {
                println!("{}: {error}", pair.what);
                kept = false;
            }
        }
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

fn measure(pair: &Pair, data: &Path, waldump: &Path) -> Answer<bool> {
    let (first, last, bytes) = segments(&data.join("pg_wal"))?;
    let mut ours = Command::new(env!("CARGO_BIN_EXE_pgdissect"));
    ours.arg("wal").args(pair.ours).arg(data).arg(&first).arg(&last);
    ours.args(["--jobs", THREADS, "--progress", "never"]);
    let mut theirs = Command::new(waldump);
    theirs.args(pair.theirs).arg("-p").arg(data.join("pg_wal")).arg(&first).arg(&last);
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (one, other) = (timed(&mut ours)?, timed(&mut theirs)?);
        // The first round warms the page cache.
        if round > 0 {
            our_times.push(one);
            their_times.push(other);
        }
    }
    let (one, other) = (median(&mut our_times), median(&mut their_times));
    let times = other.as_secs_f64() / one.as_secs_f64();
    println!("{}: {} MB of WAL, medians of {ROUNDS} rounds", pair.what, bytes >> 20);
    println!(
        "  pg_waldump: {:.2} s; pgdissect, {THREADS} threads: {:.2} s",
        other.as_secs_f64(),
        one.as_secs_f64()
    );
    println!("  {times:.2} times as fast; at least {} is promised", pair.times);
    Ok(times >= pair.times)
}

/// The first and the last segment that is whole, and the bytes from one to the other: the last of
/// all is not full, and those behind it were never used.
fn segments(dir: &Path) -> Answer<(PathBuf, PathBuf, u64)> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().into_string().unwrap_or_default();
        if name.len() == 24 && is_used(&entry.path(), &name)? {
            names.push((name, entry.metadata()?.len()));
        }
    }
    names.sort_unstable();
    names.pop();
    let bytes = names.iter().map(|(_, len)| len).sum();
    match (names.first(), names.last()) {
        (Some((first, _)), Some((last, _))) => Ok((first.into(), last.into(), bytes)),
        _ => Err("there are not two segments".into()),
    }
}

/// Whether the address of the first page is that of the file's name: 16 MB segments are assumed.
fn is_used(path: &Path, name: &str) -> Answer<bool> {
    use std::io::Read as _;
    let mut header = [[0; 8]; 2];
    std::fs::File::open(path)?.read_exact(header.as_flattened_mut())?;
    let [_, xlp_pageaddr] = header;
    let address = u64::from_le_bytes(xlp_pageaddr);
    let part = |range| u64::from_str_radix(name.get(range).unwrap_or_default(), 16);
    Ok(address == (part(8..16)? << 32) + (part(16..24)? << 24))
}

fn timed(command: &mut Command) -> Answer<Duration> {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::inherit()).status()?;
    let time = start.elapsed();
    if status.success() { Ok(time) } else { Err(format!("{command:?}: {status}").into()) }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
