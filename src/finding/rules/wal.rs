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
    WAL_MISSING = "wal.segment-missing" Error {
        means: "A WAL segment is not there, and others before and behind it are.",
        causes: "An archive_command that reported success without keeping the file, a file removed by hand or by a cleanup that took too much, or a copy made while the server recycled segments.",
        postgres: "Recovery ends before it: \"could not open file\", or a standby waits for it: \"requested WAL segment has already been removed\".",
        next: "Look for the segment by its name in the archive, on standbys and in older backups, and name that place by --archive.",
    }
    WAL_ZERO_LENGTH = "wal.zero-length" Error {
        means: "A WAL segment's file has not a single byte.",
        causes: "A full disk, a crash of the file system that kept the name and lost the contents, or a copy that was interrupted.",
        postgres: "Reading it fails: \"could not read from WAL segment\", \"read 0 of 8192\"; if the checkpoint is in it, the server does not start.",
        next: "Take the segment from the archive or a standby. wal check says whether the checkpoint can be read without it.",
    }
    WAL_CUT = "wal.cut" Warning {
        means: "A WAL segment's file is shorter than a segment.",
        causes: "A copy that was interrupted, or one made while the segment was being received.",
        postgres: "Recovery from an archive refuses it: \"archive file has wrong size\"; from pg_wal, it reads up to the end of the file.",
        next: "Copy it again from where it came from. The records in the part that is there are read.",
    }
    WAL_FOREIGN = "wal.foreign" Error {
        means: "A WAL segment is of another cluster: its system identifier is another one.",
        causes: "Two clusters that archive to one place, or a directory that was made anew by initdb and archives where the old one did.",
        postgres: "It is refused: \"WAL file is from different database system\".",
        next: "Find out which of the two clusters the archive is meant for, and keep the files of both apart before either is restored.",
    }
    WAL_UNRECOGNISED = "wal.unrecognised" Warning {
        means: "A file has the name of a WAL segment, and it, or a page of it, is none of this major and segment size.",
        causes: "A damaged page, WAL of another major in the same archive, an archive that is encrypted, or a file that was written over.",
        postgres: "It is refused: \"invalid magic number\" or \"unexpected pageaddr\".",
        next: "Look at its first bytes, and for another copy. With WAL of several majors in one archive, name the directory of one.",
    }
    WAL_COPIES_DIFFER = "wal.copies-differ" Error {
        means: "Two files for one segment of one timeline hold different WAL.",
        causes: "Two servers that were both primary on one timeline, a server started again from an older copy, or damage to one of the files.",
        postgres: "Nothing is noticed: recovery takes whichever file restore_command gives it.",
        next: "Read each with wal dump from the byte on that is named, and decide which history is the right one before anything is restored.",
    }
    WAL_HISTORY_DISAGREES = "wal.history-disagrees" Error {
        means: "Timeline histories contradict each other, or the WAL itself: they say different places where a timeline was left.",
        causes: "Two servers promoted to the same timeline, histories of several clusters in one archive, or a history edited by hand.",
        postgres: "Recovery follows whichever history it finds: it may end with \"requested timeline is not a child of this server's history\", or read WAL that was never part of this cluster's past.",
        next: "Compare the histories with the timelines that wal check lists; --timeline reads one timeline by itself.",
    }
    WAL_HISTORY_DAMAGED = "wal.history-damaged" Error {
        means: "A timeline's history file cannot be read as one.",
        causes: "A torn write, or a file written by something else.",
        postgres: "Recovery fails: \"syntax error in history file\".",
        next: "Look for the file in the archive or on a standby. Without it, where segments of the newer timeline begin tells where the older one was left.",
    }
    WAL_CHECKPOINT_UNREADABLE = "wal.checkpoint-unreadable" Error {
        means: "The checkpoint that pg_control names cannot be read in the WAL that is here, or the record where its redo begins cannot.",
        causes: "WAL files removed from pg_wal, a copy without WAL, or damage to the segment.",
        postgres: "The server does not start: \"could not locate a valid checkpoint record\", a PANIC.",
        next: "Look for the segment that holds it in the archive or on a standby; it is all that is needed to start. Nothing is lost as long as it exists somewhere.",
    }
    WAL_IMAGE_DAMAGED = "wal.image-damaged" Error {
        means: "A full-page image in a record whose CRC is right does not give a page.",
        causes: "A defect of the server or of its compression library, or a record that was made by hand.",
        postgres: "Recovery ends: \"could not decompress image\".",
        next: "wal blocks shows what else WAL has of the block; an older image, or the block on a standby, may serve.",
    }
    WAL_BLOCK_NUMBER = "wal.block-number" Error {
        means: "A record changes block 4294967295, which no relation can have: it stands for no block.",
        causes: "A defect of the server or of an extension.",
        postgres: "Recovery of the record fails, or adds blocks to the relation without end.",
        next: "wal dump of the record shows what it is about. Keep the WAL for a report.",
    }
    WAL_SUMMARY_DAMAGED = "wal.summary-damaged" Warning {
        means: "A WAL summary cannot be read.",
        causes: "A torn write, or a copy that was cut short.",
        postgres: "An incremental backup that needs it fails: \"has wrong checksum\" or \"ends unexpectedly\".",
        next: "A full backup needs no summaries. The records themselves are in the WAL, if that is still there.",
    }
    WAL_SUMMARY_MISSING = "wal.summary-missing" Notice {
        means: "Between two WAL summaries of a timeline there is a range that no summary covers.",
        causes: "summarize_wal was off for a while, or summaries were removed after wal_summary_keep_time.",
        postgres: "An incremental backup that would need the range fails: \"WAL summaries are required\".",
        next: "Take the next incremental backup from a backup behind the range, or a full one.",
    }
}
