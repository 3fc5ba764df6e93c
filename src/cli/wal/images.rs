//! `wal images`: full-page images, listed, saved as files, or shown as pages.
use super::filter::FilterArgs;
use super::input::{WalArgs, WalInput};
use super::{CliError, Global, Outcome};
use crate::analysis::wal::Filter;
use crate::analysis::wal::images::{self, Request};
use crate::cli::outcome::Answer;
use crate::cli::rows::Rows;
use crate::finding::Severity;
use crate::report::page::Views;
use crate::report::wal::images::{ImageOf, Images};
use crate::report::{Envelope, Row as _};
use crate::types::Lsn;
use crate::wal::{Names, Range};
use std::cell::Cell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Full-page images: which pages WAL has, saved as files, or shown field by field
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Selectors are one segment, or the first and the last of several. Every image is restored to the
page that it gives, and one that gives none is a finding. Files have the names that pg_waldump
--save-fullpage gives them; a page's checksum is not set in an image, nor is the LSN of its record.

Examples:
  pgdissect wal images pgdata -R shop.public.orders             those of one table
  pgdissect wal images pgdata --save pages                      all, as files of one page each
  pgdissect wal images pgdata --page 0/1A2B3C8                  what is on those of one record")]
pub(super) struct Args {
    #[command(flatten)]
    wal: WalArgs,

    #[command(flatten)]
    filter: FilterArgs,

    /// Write each page to a file in DIR, which must be empty, or not be there yet
    #[arg(long, value_name = "DIR", conflicts_with = "page", help_heading = "Images")]
    save: Option<PathBuf>,

    /// Show the pages of the images in the record that begins there, as page does
    #[arg(long, value_name = "LSN", help_heading = "Images")]
    page: Option<Lsn>,

    /// With --page: show every byte beside the field that it belongs to
    #[arg(long, requires = "page", help_heading = "Images")]
    hex: bool,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, CliError> {
    let input = args.wal.open(global)?;
    if let Some(dir) = &args.save {
        input.refuse_inside(dir)?;
        make_directory(dir)?;
    }
    let (range, jobs) = (args.filter.range(&input)?, global.jobs());
    let filter = args.filter.filter(&input, range, jobs)?;
    if let Some(lsn) = args.page {
        let views = Views { hex: args.hex, ..Views::default() };
        return page(&input, (range, &filter, jobs), lsn, views);
    }
    let (save, worst) = (args.save.clone(), Cell::new(None));
    Ok(Outcome::of(List { input, range, filter, save, worst }))
}

/// The list, written while the log is read.
struct List {
    input: WalInput,
    range: Range,
    filter: Filter,
    save: Option<PathBuf>,
    worst: Cell<Option<Severity>>,
}

impl Answer for List {
    fn write(&self, global: &Global, out: &mut dyn Write) -> io::Result<()> {
        let (log, jobs) = (&self.input.log, global.jobs());
        let names = Names::with_history(self.input.cluster.as_ref(), log, self.range, jobs);
        let dir = self.save.as_deref();
        let save = |name: &str, page: &[u8]| match dir {
            Some(dir) => save(&dir.join(name), page),
            None => Ok(()),
        };
        let save: Option<images::Save<'_>> = if dir.is_some() { Some(&save) } else { None };
        let (range, filter, names) = (self.range, &self.filter, &names);
        let request = Request { range, filter, names, save, jobs };
        let mut rows = Rows::new((global, &self.tables(), true), &self.input.input, out);
        let (report, passed) = images::images(log, request, |image| match rows.push(image) {
            // Nobody reads the list any more, but the pages are still wanted.
            Err(error) if dir.is_some() && error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            pushed => pushed,
        })?;
        self.worst.set(rows.finish(|images| {
            let (findings, coverage) = (passed.findings, passed.coverage);
            let (input, report) = (self.input.input.clone(), Images { images, ..report });
            Envelope::new("wal-images/1", input, coverage, &findings, report)
        })?);
        Ok(())
    }

    fn tables(&self) -> Vec<&'static str> {
        vec![ImageOf::LIST]
    }

    fn worst(&self) -> Option<Severity> {
        self.worst.get()
    }

    fn complete(&self) -> bool {
        true
    }
}

/// Writes a page to its file.
fn save(path: &Path, page: &[u8]) -> io::Result<()> {
    std::fs::write(path, page).map_err(|error| {
        let what = format!("could not write to \"{}\": {error}", path.display());
        io::Error::other(CliError::unreadable(what))
    })
}

fn page(
    input: &WalInput,
    (range, filter, jobs): (Range, &Filter, usize),
    lsn: Lsn,
    views: Views,
) -> Result<Outcome, CliError> {
    let Some(cluster) = &input.cluster else {
        return Err(CliError::usage("--page takes the data directory, which knows the relation")
            .hint("Of WAL alone, --save writes the page to a file, which page can read."));
    };
    let end = lsn.plus(input.log.shape.segment_size);
    let names = Names::with_history(Some(cluster), &input.log, range, jobs);
    let range = Range { from: lsn, until: range.until.min(end) };
    let request = Request { range, filter, names: &names, save: None, jobs };
    let (pages, passed) = images::pages(cluster, &input.log, request, views);
    let pages = pages.filter(|pages| pages.start_lsn == lsn);
    let Some(pages) = pages else {
        let what = format!("no record with such a full-page image begins at {lsn}");
        return Err(CliError::usage(what).hint("Without --page, the images are listed."));
    };
    let (findings, coverage, input) = (passed.findings, passed.coverage, input.input.clone());
    Ok(Outcome::new(Envelope::new("wal-image/1", input, coverage, &findings, pages)))
}

/// Makes the directory, unless it is there and empty.
fn make_directory(dir: &Path) -> Result<(), CliError> {
    let refused = |error: io::Error| {
        CliError::usage(format!("could not create directory \"{}\": {error}", dir.display()))
    };
    match std::fs::create_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made.map_err(refused),
    }
    if std::fs::read_dir(dir).map_err(refused)?.next().is_some() {
        let what = format!("directory \"{}\" exists but is not empty", dir.display());
        return Err(CliError::usage(what));
    }
    Ok(())
}
