//! Whether a server runs on a directory: its pages may change while they are read.
use super::directory::Directory;
use std::fs;
use std::path::Path;

/// The process id of the postmaster that runs on this directory on this host, as far as the
/// system's process files tell; `None` where they do not, and of a copied postmaster.pid.
///
/// A postmaster's working directory is its data directory (`ChangeToDataDir`,
/// utils/init/miscinit.c). Only the postmaster's user may see it; then the name of the program
/// must do.
pub(super) fn postmaster(directory: &Directory) -> Option<u32> {
    let file = directory.open("postmaster.pid", "postmaster.pid").ok()?;
    let mut scratch = Vec::new();
    let bytes = file.window(0..32, &mut scratch).ok()?;
    let line = bytes.split(|&byte| byte == b'\n').next()?;
    // Negative for a standalone backend, which has no other processes.
    let pid: u32 = std::str::from_utf8(line).ok()?.trim().trim_start_matches('-').parse().ok()?;
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
