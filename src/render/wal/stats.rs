//! Statistics as pg_waldump prints them (`XLogDumpDisplayStats`, bin/pg_waldump/pg_waldump.c).
use crate::layout::Layout;
use crate::report::wal::stats::{Stats, Tally};
use std::io::{self, Write};

/// Writes what pg_waldump of the major does with `--stats=record`, or with `--stats`.
///
/// # Errors
/// Those of `out`.
pub fn pg_waldump_stats(
    stats: &Stats,
    by_record: bool,
    layout: &Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    if layout.waldump_words().stats_name_range {
        let (Some(start), Some(end)) = (stats.start_lsn, stats.end_lsn) else { return Ok(()) };
        let (start, end) = (layout.lsn_text(start), layout.lsn_text(end));
        writeln!(out, "WAL statistics between {start} and {end}:")?;
    }
    heading(["Type", "N", "Record size", "FPI size", "Combined size"], "(%)", out)?;
    heading(["----", "-", "-----------", "--------", "-------------"], "---", out)?;
    let total = stats.totals;
    if by_record {
        for row in &stats.by_record {
            let name = format!("{}/{}", row.resource_manager, row.record_type);
            line(&name, row.tally, total, out)?;
        }
    } else {
        for row in &stats.by_rmgr {
            line(&row.resource_manager, row.tally, total, out)?;
        }
    }
    let (none, rule) = ("", "--------");
    writeln!(
        out,
        "{none:<27} {rule:>20} {none:>8} {rule:>20} {none:>8} {rule:>20} {none:>8} {rule:>20}"
    )?;
    let whole = total.combined_size();
    let share = |part| format!("[{:.2}%]", percent(part, whole));
    writeln!(
        out,
        "{:<27} {:>20} {none:<9}{:>20} {:<9}{:>20} {:<9}{whole:>20} {:<6}",
        "Total",
        total.count,
        total.record_size,
        share(total.record_size),
        total.fpi_size,
        share(total.fpi_size),
        "[100%]",
    )
}

fn heading(words: [&str; 5], percent: &str, out: &mut dyn Write) -> io::Result<()> {
    let [kind, count, record, fpi, combined] = words;
    write!(out, "{kind:<27}")?;
    for word in [count, record, fpi, combined] {
        write!(out, " {word:>20} {percent:>8}")?;
    }
    writeln!(out)
}

fn line(name: &str, tally: Tally, total: Tally, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{name:<27}")?;
    for (part, whole) in [
        (tally.count, total.count),
        (tally.record_size, total.record_size),
        (tally.fpi_size, total.fpi_size),
        (tally.combined_size(), total.combined_size()),
    ] {
        write!(out, " {part:>20} ({:>6.2})", percent(part, whole))?;
    }
    writeln!(out)
}

#[expect(clippy::cast_precision_loss, reason = "as pg_waldump computes it")]
fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}
