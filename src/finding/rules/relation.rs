//! Findings about relations and the files they have.
super::rules! {
    RELATION_ORPHAN_FILE = "relation.orphan-file" Notice {
        means: "Some relation files belong to no row of pg_class that a query would see; pgdissect ls lists them.",
        causes: "A transaction that created or rewrote the relation was open, prepared, or ended by a crash; or the relation was dropped, and its file waits for the next checkpoint.",
        postgres: "Files of prepared transactions become tables when these commit. Crash recovery does not remove the files of a transaction that a crash ended: they stay for good, and take up space.",
        next: "See which transaction made it, and whether it is prepared. Where no server runs and none of them is prepared, what is left after recovery is space to win back, on a copy first.",
    }
}
