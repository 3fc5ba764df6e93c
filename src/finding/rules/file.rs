//! Findings about files as such: there, readable, of a size that makes sense.
super::rules! {
    FILE_UNREADABLE = "file.unreadable" Error {
        means: "The operating system would not give the bytes of this file; nothing is known about what it holds.",
        causes: "A failing device, a copy that went wrong, or permissions that let only the server's user read.",
        postgres: "Queries that need it fail with \"could not open file\" or \"could not read block\"; other relations go on.",
        next: "Check the permissions and the kernel log, copy the directory again from its source, and keep the original untouched.",
    }
    FILE_ABSENT = "file.absent" Error {
        means: "A file that has to be there is not.",
        causes: "An incomplete copy or restore, a file removed by hand or by a clean-up script, or a file system that lost it in a crash.",
        postgres: "Whatever needs the file fails with \"could not open file … No such file or directory\"; a missing pg_xact or control file keeps the server from starting.",
        next: "Look for the file in the original directory and in older backups, and keep every copy there is until it is found.",
    }
    FILE_NOT_A_FILE = "file.not-a-file" Error {
        means: "A directory, a broken symbolic link, a FIFO or a device stands where a file has to be.",
        causes: "A restore that went to the wrong place, a link whose target was not copied, or a mistake by hand.",
        postgres: "Opening it fails, as if the file could not be read.",
        next: "Find out what was put there and when, and look for the file itself in the original directory and in backups.",
    }
    FILE_OVERSIZED = "file.oversized" Error {
        means: "A file of fixed or modest size is far larger than it can be, so it was not read.",
        causes: "Another file was copied over it, or something appended to it.",
        postgres: "The server reads the part it expects, or refuses the file.",
        next: "Compare it with the same file in the original directory or in a backup.",
    }
    FILE_SEGMENT_MISSING = "file.segment-missing" Error {
        means: "A segment file of a relation is missing although later ones are there: the blocks in it are lost, and the server does not see those after it.",
        causes: "An incomplete copy or restore, a file removed by hand, or a file system that lost it in a crash.",
        postgres: "The server takes the relation to end before the gap: sequential scans stop there without an error, and index scans that lead beyond it fail with \"could not open file … (target block …)\".",
        next: "Restore the missing segment from a backup before anything writes to the relation; the blocks after the gap are still here and can be read.",
    }
    FILE_SEGMENT_SHORT = "file.segment-short" Error {
        means: "A segment file of a relation is shorter than a full one although later ones are there: blocks at its end are lost, and the server does not see those after it.",
        causes: "A copy that was cut off, a file system that lost the end of the file in a crash, or truncation by hand.",
        postgres: "The server takes the relation to end at the end of this segment; index scans that lead beyond it fail with \"could not open file … previous segment is only … blocks\".",
        next: "Restore the segment from a backup before anything writes to the relation; the blocks in later segments are still here and can be read.",
    }
    FILE_SEGMENT_LONG = "file.segment-long" Error {
        means: "A segment file of a relation is longer than a full segment; what is too much in it belongs to no block.",
        causes: "Something appended to the file, or the segment size that was taken for this cluster is not its own.",
        postgres: "Any access to the relation's size ends the session with FATAL: segment too big.",
        next: "Check the segment size in pg_control (pgdissect control), then compare the file with a backup.",
    }
    FILE_PARTIAL_BLOCK = "file.partial-block" Warning {
        means: "A relation's file does not end at the end of a block; the bytes of the last, cut block are not read as a page.",
        causes: "A copy that was cut off, a full disk while the relation grew, or a crash of the operating system.",
        postgres: "The server ignores the cut block and overwrites it when the relation grows.",
        next: "If the copy is older than the crash or was interrupted, copy the file again; otherwise compare its size with a backup.",
    }
    FILE_SHORTER_THAN_RECORDED = "file.shorter-than-recorded" Warning {
        means: "A relation's file has fewer blocks than the catalog recorded at the last VACUUM or ANALYZE.",
        causes: "A copy that was cut off or that left the file empty. Truncation inside the transaction that created the table can leave such a record too.",
        postgres: "The server takes the file's size for the relation's: rows in the lost blocks are gone without an error, until an index leads to one.",
        next: "Compare the file's size with the original directory and with backups; do not VACUUM or REINDEX before that, as both make the loss permanent.",
    }
    FILE_ARCHIVE_DAMAGED = "file.archive-damaged" Error {
        means: "The archive that holds the data directory is damaged or cut; what could be read of it was.",
        causes: "An interrupted backup or download, a full disk while the archive was written, or a failing device.",
        postgres: "A restore of this archive fails or gives an incomplete data directory.",
        next: "Compare the archive's checksum with its source and copy it again; keep this one until another is proven whole.",
    }
    FILE_MEMBER_REFUSED = "file.member-refused" Warning {
        means: "The archive has a member that no data directory needs and that could lead out of it; it is listed and was not followed.",
        causes: "Links inside the data directory, an archive made with absolute paths or as sparse file, or an archive made to do harm.",
        postgres: "The server never sees it: unpacking decides what becomes of it.",
        next: "If the member is a link, give what it led to as a directory of its own; do not unpack an archive from an unknown source as a privileged user.",
    }
}
