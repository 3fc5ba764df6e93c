//! Findings about what recovery would do.
super::rules! {
    REPLAY_PAGE_DAMAGED = "replay.page-damaged" Error {
        means: "A page is damaged, and replay has to read it before any record replaces it.",
        causes: "A page that was torn or changed since it was written, with full_page_writes off, or on a disk that failed; or a copy that took the page while it was written, without being made as a base backup.",
        postgres: "Recovery ends there: \"invalid page in block\", and the server does not start.",
        next: "Keep this copy. wal blocks shows what WAL has of the block, and whether an older image is in the archive; a standby or an older backup may have the page.",
    }
    REPLAY_PAGE_MISSING = "replay.page-missing" Error {
        means: "A record changes a page that is not there or was never initialised, and nothing in the WAL that is replayed drops the relation or cuts it off.",
        causes: "A relation's file that was removed or cut after the last checkpoint, a copy that lacks files, or a write that the disk reported and did not do.",
        postgres: "Crash recovery does not look, and starts without the changes. Archive recovery ends once it is consistent: \"WAL contains references to invalid pages\".",
        next: "Look for the file in other copies before any server is started on this one: afterwards, what WAL says of it is gone.",
    }
    REPLAY_PAGE_AHEAD = "replay.page-ahead" Error {
        means: "A page has an LSN beyond the end of the WAL that is there: it was changed by records that are lost, or that are another timeline's.",
        causes: "A copy whose files are of different moments, WAL segments that are missing, or a pg_wal that was reset.",
        postgres: "Recovery passes over it. Later, \"xlog flush request is not satisfied\" when the page is written.",
        next: "Look for later segments in the archive and on standbys. Without them, the page may refer to transactions that never were.",
    }
    REPLAY_SKIPPED = "replay.redo-skipped" Error {
        means: "The checkpoint record is there, and the segment of its redo point is not: this server starts all the same, and replays nothing.",
        causes: "A segment of pg_wal that was removed, or a copy that lacks it.",
        postgres: "Servers of 12 and 13 say \"redo is not required\" and start on files that are not consistent; what WAL says of them is overwritten. Later ones refuse: \"could not find redo location\".",
        next: "Do not start a server on this copy. Look for the segment in the archive and in other copies, and put it into pg_wal.",
    }
    REPLAY_REFUSED = "replay.would-not-start" Error {
        means: "A server would not start on this directory: startup, or the recovery that it begins, would end with the message that is named.",
        causes: "WAL that is missing or damaged, a backup that was not restored whole or not recovered far enough, settings that do not go with the WAL, or a recovery target that cannot be reached.",
        postgres: "The startup process ends with that message, a FATAL or a PANIC, and the server shuts down.",
        next: "Read the message with replay's Start and End: they name the segments and files that are missing. Look for these in the archive and in other copies before anything in this directory is changed; backup_label in particular says where recovery must begin.",
    }
}
