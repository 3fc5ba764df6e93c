//! Where bytes leave the process: standard output, a file, standard error.
use super::CliError;
use crate::render::escape;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Refuses, before any work is done, an output that cannot be written.
///
/// # Errors
/// A usage error.
pub(super) fn check(path: &Path) -> Result<(), CliError> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if path.is_dir() || !parent.is_dir() {
        let what = format!("could not create file \"{}\": no such directory", path.display());
        return Err(CliError::usage(what).hint("--output takes the name of a file."));
    }
    Ok(())
}

/// Refuses to write `written` if it is, or lies inside, `input`.
///
/// # Errors
/// A usage error.
pub(super) fn refuse_inside(written: &Path, input: &Path) -> Result<(), CliError> {
    let (Some(real), Ok(input)) = (real_path(written), input.canonicalize()) else {
        return Ok(());
    };
    if real.starts_with(&input) {
        let what = format!("\"{}\" is part of the input", written.display());
        return Err(
            CliError::usage(what).hint("The input is never written to; choose a place outside.")
        );
    }
    Ok(())
}

/// The path without links, of a file that may not exist yet.
fn real_path(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    absolute
        .canonicalize()
        .ok()
        .or_else(|| Some(absolute.parent()?.canonicalize().ok()?.join(absolute.file_name()?)))
}

/// Writes the answer. A reader that has seen enough (a broken pipe) is success.
///
/// # Errors
/// What could not be written, and why.
pub(super) fn write(
    path: Option<&Path>,
    answer: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CliError> {
    let (name, result) = match path {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            ("standard output".into(), answer(&mut out).and_then(|()| out.flush()))
        }
        Some(path) => {
            let written = File::create(path).and_then(|file| {
                let mut out = BufWriter::new(file);
                answer(&mut out)?;
                out.flush()
            });
            (format!("\"{}\"", path.display()), written)
        }
    };
    match result.map_err(io::Error::downcast) {
        // What was to be written elsewhere.
        Err(Ok(error)) => Err(error),
        Err(Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CliError::unreadable(format!("could not write to {name}: {error}")))
        }
        _ => Ok(()),
    }
}

/// One line on standard error as it is, for what another program would say.
pub(super) fn say(line: &str) {
    // Nobody is left to hear that standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{}", escape(line));
}

/// One line on standard error, as PostgreSQL's tools write theirs: `pgdissect: error: …`.
pub(super) fn complain(level: &str, what: &str) {
    // Nobody is left to hear that standard error is closed.
    let _ = writeln!(io::stderr().lock(), "pgdissect: {level}: {}", escape(what));
}
