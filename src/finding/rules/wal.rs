//! Findings about WAL: records that cannot be read, or not be taken apart.
super::rules! {
    WAL_GAP = "wal.gap" Error {
        means: "Records cannot be read here, and behind them there are records that can: this is damage, not the end of WAL.",
        causes: "A failing disk or controller, a torn or interrupted copy, a segment that is missing or belongs to another place, or bytes that something other than the server wrote.",
        postgres: "Every reader of WAL ends here, and takes it for the end: recovery stops, and what was committed behind this place is lost. A standby waits for the record.",
        next: "Keep this copy as it is, and do not start a server on it. Look for the segment in the archive or on a standby; wal dump shows what lies behind the gap.",
    }
    WAL_RECORD_UNDECODABLE = "wal.record-undecodable" Error {
        means: "The record's CRC is right, and yet the headers of its parts make no sense.",
        causes: "A record of another major or of a fork of PostgreSQL, or a defect in the server that wrote it.",
        postgres: "Every reader of WAL ends here, and takes it for the end.",
        next: "Check that the major version is the one that wrote this WAL (--pg-version). The records around it can be read.",
    }
}
