//! Whether a server runs on a directory: its pages may change while they are read.
use super::directory::Directory;
use crate::format::pid_file::PidFile;
use std::fs;
use std::path::Path;

/// Bytes of postmaster.pid that are read; it has eight short lines.
const LARGEST: u64 = 8192;

/// The process id of the postmaster that runs on this directory on this host, as far as the
/// system's process files tell; `None` where they do not, and of a copied postmaster.pid.
///
/// A postmaster's working directory is its data directory (`ChangeToDataDir`,
/// utils/init/miscinit.c). Only the postmaster's user may see it; then the name of the program
/// must do.
pub(super) fn postmaster(directory: &Directory) -> Option<u32> {
    let file = directory.open("postmaster.pid", "postmaster.pid").ok()?;
    let mut scratch = Vec::new();
    let lock = PidFile::parse(file.window(0..LARGEST, &mut scratch).ok()?);
    // Negative for a standalone backend, which has no other processes.
    let pid = u32::try_from(lock.pid?.unsigned_abs()).ok()?;
    let process = Path::new("/proc").join(pid.to_string());
    runs_there(&process, directory.root()).then_some(pid)
}

fn runs_there(process: &Path, root: &Path) -> bool {
    match (fs::canonicalize(process.join("cwd")), fs::canonicalize(root)) {
        (Ok(its), Ok(ours)) => its == ours,
        _ => fs::read_to_string(process.join("comm"))
            .is_ok_and(|name| matches!(name.trim_end(), "postgres" | "postmaster")),
    }
}
