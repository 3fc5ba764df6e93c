//! A full disk, and the control file.
use super::super::{Evidence, holders};
use super::Answer;
use crate::report::triage::{MessageState, Step};
use crate::types::pretty_size;

pub(super) fn disk_full(evidence: &Evidence<'_>) -> Answer {
    let bytes: u64 = evidence.log.segments().values().map(|file| file.len).sum();
    let holders = holders::holders(evidence);
    let most = holders.iter().max_by_key(|holder| holder.wal_bytes);
    let most = most.filter(|holder| holder.wal_bytes.is_some());
    let cause = most.map_or_else(
        || "no slot holds WAL, and no file waits for the archiver: look at other files".to_owned(),
        |of| format!("{} {} holds most: {}", of.kind, of.name, of.holds),
    );
    let found = format!("pg_wal has {} of segments", pretty_size(bytes));
    let advice = "free space beside the data directory, or move other files away. Never remove files of pg_wal by hand: without them it does not start.";
    Answer::new(MessageState::Confirmed, found, advice)
        .about("pg_wal")
        .because(cause)
        .then(Step::new(evidence.command("wal stats", ""), "what filled WAL"))
        .then(Step::new(evidence.command("ls", ""), "files, and whose they are"))
}

pub(super) fn control_file(evidence: &Evidence<'_>) -> Answer {
    let next = Step::new(evidence.command("control", ""), "what is in it");
    let answer = match evidence.cluster.control() {
        Some(control) if control.crc_ok() => Answer::new(
            MessageState::NotSeen,
            "its checksum is right",
            "see whether this is the file that the server read.",
        ),
        Some(_) => Answer::new(
            MessageState::Confirmed,
            "its checksum does not fit; the fields can be read all the same",
            "copy the directory; put back a pg_control of the same moment, from a backup or a file system snapshot. Its place cannot be taken by one of another moment.",
        ),
        None => Answer::new(
            MessageState::Confirmed,
            "it cannot be read",
            "copy the directory, and look for a pg_control in backups and snapshots.",
        ),
    };
    answer.about("global/pg_control").then(next)
}
