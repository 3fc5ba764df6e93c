//! How long `audit` takes, against the least that any reader of the same bytes needs: two threads
//! that add them up. Both in one run, in turns, medians compared.
//!
//! ```text
//! benches/make-pgbench /tmp/bench-pgdata      # 1.3 GB; needs a PostgreSQL
//! PGDISSECT_BENCH=/tmp/bench-pgdata cargo bench --bench audit
//! ```
#![allow(clippy::print_stdout, reason = "a bench is a command of its own")]
use pgdissect::analysis::audit::{Options, audit};
use pgdissect::cluster::{Cluster, OpenOptions, Selector};
use pgdissect::report::audit::{Audit, Thresholds};
use pgdissect::source::relation::RelationFiles;
use pgdissect::source::{Quiet, Source};
use pgdissect::types::Fork;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Rounds of both; odd, so that there is a median.
const ROUNDS: usize = 7;
/// What the project promises: times as long as the two threads.
const MOST_TIMES: f64 = 4.0;
/// What the project promises: bytes of anonymous memory.
const MOST_MEMORY: u64 = 100 << 20;
/// The table that is audited.
const TABLE: &str = "public.pgbench_accounts";
/// Its index, which is audited with it.
const INDEX: &str = "public.pgbench_accounts_pkey";
/// Threads, of both.
const THREADS: usize = 2;

fn main() -> ExitCode {
    let Some(path) = std::env::var_os("PGDISSECT_BENCH") else {
        println!(
            "PGDISSECT_BENCH is not set: nothing measured. It names a data directory with pgbench's \
             tables; benches/make-pgbench makes one."
        );
        return ExitCode::SUCCESS;
    };
    match measure(Path::new(&path)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("{}: {error}", Path::new(&path).display());
            ExitCode::FAILURE
        }
    }
}

fn measure(path: &Path) -> Result<bool, Box<dyn std::error::Error>> {
    let cluster = open(path)?;
    let relations = cluster.select(&[Selector::parse(TABLE)?, Selector::parse(INDEX)?])?;
    let (mut sums, mut audits) = (Vec::new(), Vec::new());
    let mut memory = 0;
    let mut size = 0;
    for round in 0..=ROUNDS {
        let (sum, bytes) = timed(|| {
            let bytes = relations.iter().map(|of| add_up(&cluster.files(of, Fork::Main)?));
            bytes.sum::<Result<u64, _>>()
        })?;
        let (time, (peak, answer)) = timed(|| watched(|| whole_audit(path)))?;
        std::hint::black_box(answer);
        memory = memory.max(peak);
        size = bytes;
        // The first round warms the page cache.
        if round > 0 {
            sums.push(sum);
            audits.push(time);
        }
    }
    let (sum, audit) = (median(&mut sums), median(&mut audits));
    let times = audit.as_secs_f64() / sum.as_secs_f64();
    println!(
        "{TABLE} and its index: {} MB, medians of {ROUNDS} rounds, {THREADS} threads",
        size >> 20
    );
    println!("adding the bytes up: {:.3} s ({})", sum.as_secs_f64(), rate(size, sum));
    println!("audit:               {:.3} s ({})", audit.as_secs_f64(), rate(size, audit));
    println!("audit takes {times:.2} times as long; at most {MOST_TIMES} is promised");
    println!(
        "anonymous memory, at most: {:.1} MB; below {} MB is promised",
        mib(memory),
        MOST_MEMORY >> 20
    );
    Ok(times <= MOST_TIMES && memory < MOST_MEMORY)
}

/// Opens the cluster.
fn open(path: &Path) -> Result<Cluster, Box<dyn std::error::Error>> {
    let source = Source::open(path, &pgdissect::source::Options::default(), &Quiet)?;
    Ok(Cluster::open(source, &OpenOptions::default())?)
}

/// What `pgdissect audit PGDATA public.pgbench_accounts` does, from opening the cluster on, printing
/// apart.
fn whole_audit(path: &Path) -> Result<Audit, Box<dyn std::error::Error>> {
    let cluster = open(path)?;
    let thresholds = Thresholds {
        dead_warning: 20.0,
        dead_critical: 40.0,
        age_warning: 1_000_000_000,
        age_critical: 1_500_000_000,
        multi_age_warning: 1_000_000_000,
        multi_age_critical: 1_500_000_000,
    };
    let options = Options { selectors: vec![Selector::parse(TABLE)?], thresholds, jobs: THREADS };
    let answer = audit(&cluster, &options, &Quiet)?;
    assert!(answer.audit.totals.tuple_count > 0, "{TABLE} is empty");
    Ok(answer.audit)
}

/// Maps the files, which nobody has mapped yet, and adds up their bytes, eight at a time; gives
/// their number.
fn add_up(files: &RelationFiles<'_>) -> Result<u64, Box<dyn std::error::Error>> {
    let half = files.blocks() / 2;
    let sum_of = |blocks: std::ops::Range<u32>| {
        let (mut next, mut sum, mut bytes) = (blocks.start, 0_u64, 0_u64);
        let mut scratch = Vec::new();
        while next < blocks.end {
            let read = files.read_blocks(next..blocks.end, &mut scratch)?;
            if read.is_empty() {
                break;
            }
            let (words, _) = read.as_chunks();
            let add = |sum: u64, word: &[u8; 8]| sum.wrapping_add(u64::from_le_bytes(*word));
            sum = words.iter().fold(sum, add);
            bytes += read.len() as u64;
            next += u32::try_from(read.len() / files.block_size() as usize).unwrap_or(u32::MAX);
        }
        std::hint::black_box(sum);
        Ok::<_, pgdissect::source::ReadError>(bytes)
    };
    let end = files.blocks();
    let (one, other) = std::thread::scope(|scope| {
        let one = scope.spawn(|| sum_of(0..half));
        let other = sum_of(half..end);
        (one.join(), other)
    });
    let one = one.map_err(|_| "a thread ended early")??;
    Ok(one + other?)
}

type Timed<T> = Result<(Duration, T), Box<dyn std::error::Error>>;

fn timed<T>(work: impl FnOnce() -> Result<T, Box<dyn std::error::Error>>) -> Timed<T> {
    let start = Instant::now();
    let answer = work()?;
    Ok((start.elapsed(), answer))
}

/// The most anonymous memory there is while `work` goes on, looked at every millisecond.
fn watched<T>(
    work: impl FnOnce() -> Result<T, Box<dyn std::error::Error>>,
) -> Result<(u64, T), Box<dyn std::error::Error>> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut most = anonymous();
            while !over.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
                most = most.max(anonymous());
            }
            most
        });
        // Also if the work panics: the watcher would go on for ever.
        let answer = {
            let _over = Over(&over);
            work()
        };
        let most = watcher.join().map_err(|_| "the watcher ended early")?;
        Ok((most, answer?))
    })
}

/// Sets its flag when it goes.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// RssAnon of this process, in bytes; 0 where there is no such thing.
fn anonymous() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or(0) << 10
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "for display")]
fn rate(bytes: u64, time: Duration) -> String {
    format!("{:.2} GB/s", bytes as f64 / 1e9 / time.as_secs_f64())
}

#[expect(clippy::cast_precision_loss, reason = "for display")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
