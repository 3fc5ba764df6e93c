//! Findings about pg_xact, pg_multixact and their like.
super::rules! {
    SLRU_SEGMENT_MISSING = "slru.segment-missing" Error {
        means: "A segment file that must hold the status of transactions or multixacts still referred to is not there.",
        causes: "A copy that left files out, a segment removed by hand, or a damaged row that refers to a transaction that never was.",
        postgres: "Reading such rows fails: \"could not access status of transaction\", \"could not open file\".",
        next: "Get the segment from a backup or standby of the same cluster. Never make one up: its zeros would say that committed transactions are not.",
    }
    SLRU_SEGMENT_SHORT = "slru.segment-short" Error {
        means: "A segment file of transaction or multixact status ends before a page that must be in it.",
        causes: "A copy that was cut short, or a file system repaired after a crash.",
        postgres: "Reading rows of these transactions fails: \"could not access status of transaction\", \"could not read from file\"; crash recovery takes it for zeros.",
        next: "Get the segment from a backup or standby of the same cluster; keep this one as it is.",
    }
    SLRU_SEGMENT_NAME = "slru.segment-name" Notice {
        means: "A file among the segments of transaction or multixact status has no name that a segment has.",
        causes: "Something was copied there, or the file has the name that another major gives its segments.",
        postgres: "The server ignores it.",
        next: "Find out where the file comes from; nothing in it is read.",
    }
    MULTIXACT_MEMBERS = "multixact.members" Error {
        means: "The members of a multixact cannot be read: its offset, or that of the next one, is not where members can be.",
        causes: "Damage to pg_multixact, or a crash before the offsets were written.",
        postgres: "Reading the row fails: \"MultiXact has invalid offset\", \"has invalid next offset\", or \"apparent wraparound\".",
        next: "Get pg_multixact from a backup or standby of the same cluster; until then who locked or updated these rows is not known.",
    }
}
