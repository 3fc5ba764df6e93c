//! Findings of the audit: map against heap, heap against pg_class, ids near their limits.
super::rules! {
    VM_NOT_MARKED = "audit.vm-page-not-marked" Error {
        means: "The visibility map calls this page all-visible, the page itself does not carry PD_ALL_VISIBLE.",
        causes: "A visibility map from another moment than its table (a restored or copied file, a lost write), or a bug of an old release that left the bit behind.",
        postgres: "Index-only scans believe the map and may return rows that are deleted or not committed yet; the next VACUUM that reads the page warns and clears the bit.",
        next: "Compare with pg_check_visible(), then find out which of the two is from another moment; on the running server VACUUM (DISABLE_PAGE_SKIPPING) of the table sets the map right.",
    }
    VM_DEAD_ITEMS = "audit.vm-dead-items" Error {
        means: "A page that is marked as all-visible has dead line pointers: index entries may lead to rows that are gone.",
        causes: "Changes of the page that were not written together with its mark: a lost write, a page from another copy, or a bug of an old release.",
        postgres: "Index-only scans may return rows that no longer exist; the next VACUUM that reads the page warns and clears the mark.",
        next: "Compare with pg_check_visible(), and check the table's indexes with amcheck (bt_index_check with heapallindexed) before trusting them.",
    }
    VM_NOT_VISIBLE = "audit.vm-tuple-not-visible" Error {
        means: "The visibility map calls the page all-visible, but this tuple is not visible to everybody: its insertion did not commit, or it was deleted.",
        causes: "A visibility map or a page from another moment than the rest, transaction status that was lost (pg_xact), or a server bug.",
        postgres: "Index-only scans return the tuple as if it were live; VACUUM skips the page, so the tuple stays. pg_check_visible() lists it.",
        next: "Compare with pg_check_visible(); keep a copy of table, map and pg_xact before anything rewrites them.",
    }
    VM_NOT_FROZEN = "audit.vm-tuple-not-frozen" Error {
        means: "The visibility map calls the page all-frozen, but this tuple still carries an xid or multixact that needs freezing.",
        causes: "A visibility map or a page from another moment than the rest, or a server bug (some releases of 9.6 to 14 had such).",
        postgres: "Even an aggressive VACUUM skips the page, so relfrozenxid moves past the xid: once pg_xact is truncated the tuple fails with \"could not access status of transaction\". pg_check_frozen() lists it.",
        next: "Compare with pg_check_frozen(), then VACUUM (DISABLE_PAGE_SKIPPING, FREEZE) the table on the running server, while pg_xact still reaches back.",
    }
    FSM_PAST_END = "audit.fsm-past-end" Warning {
        means: "The free space map promises room on blocks that the relation does not have.",
        causes: "New blocks that an operating system crash, a promotion or a recovery to a point in time left out while the map already knew them; a relation that lost blocks, or a map from another moment (a restored or copied file); or a truncation by a release before 9.6.1.",
        postgres: "Inserts are led to a block that is not there. From 14 on, current releases (14.12, 15.7, 16.3 and later) notice and clear the entry; others fail with \"could not read block … read only 0 of 8192 bytes\", and VACUUM does not help.",
        next: "Find out first whether the relation lost blocks: its length against relpages, its indexes, a backup. If it did not, current releases need nothing; for others the map's file can be removed while the server is stopped, and the next VACUUM makes it anew.",
    }
    OLDER_THAN_RELFROZENXID = "audit.older-than-relfrozenxid" Error {
        means: "A tuple carries an xid that is older than the relfrozenxid in pg_class, which promises that there is none.",
        causes: "relfrozenxid that was advanced too far (a bug, a restored catalog, an extension), an xid damaged on the page, or an old version of the page put back.",
        postgres: "VACUUM of the table fails with this message from then on, so the age of the whole database grows; pg_xact for the xid may already be gone, and then queries fail too.",
        next: "Save the rows that are still readable. Find out with the other findings whether single tuples or the catalog are wrong before changing either.",
    }
    OLDER_THAN_RELMINMXID = "audit.older-than-relminmxid" Error {
        means: "A tuple carries a multixact that is older than the relminmxid in pg_class, which promises that there is none.",
        causes: "relminmxid that was advanced too far, a multixact damaged on the page, or an old version of the page put back.",
        postgres: "VACUUM of the table fails with this message, and reading the row may fail with \"MultiXactId does no longer exist -- apparent wraparound\".",
        next: "Save the rows that are still readable. Find out with the other findings whether single tuples or the catalog are wrong before changing either.",
    }
    STATUS_UNKNOWN = "audit.status-unknown" Error {
        means: "What became of a transaction that decides whether this tuple is live cannot be read: its page of pg_xact, or its multixact, is not there.",
        causes: "Files of pg_xact or pg_multixact missing from the copy or truncated too early, or a damaged xid in the tuple.",
        postgres: "Any query that reads the tuple fails with \"could not access status of transaction\".",
        next: "Look for the missing file in the place the copy came from, and in backups. Do not create it filled with zeros: that makes every one of its transactions aborted.",
    }
    NEAR_WRAPAROUND = "audit.near-wraparound" Warning {
        means: "The oldest id of a database is so old that the server warns at every new one, or no longer gives out any.",
        causes: "VACUUM could not freeze for a long time: an old prepared transaction or replication slot, failing or disabled autovacuum, or far too little of it.",
        postgres: "From the first limit on, a warning with each new id; from the second, commands that need a new id are refused until VACUUM has run in that database.",
        next: "Remove what holds the horizon back (see the holders in `pgdissect audit`), then VACUUM the oldest tables, the oldest first, as the database's owner; no single-user mode is needed.",
    }
}
