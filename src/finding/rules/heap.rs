//! Findings about heap pages: line pointers, tuple headers, HOT chains.
super::rules! {
    HEAP_SPECIAL_SPACE = "heap.special-space" Error {
        means: "The page of a table ends in a special space, which only index pages and sequences have.",
        causes: "A page of another relation, written here by mistake, or an overwritten page header.",
        postgres: "Queries read the page as if it were one of this table; they fail, or return rows of something else.",
        next: "Keep this copy as it is and look for the block in a backup or a standby; the bytes may tell which relation the page belongs to.",
    }
    LINE_POINTER_RANGE = "heap.line-pointer-range" Error {
        means: "A line pointer leads outside the part of the page where tuples are.",
        causes: "An overwritten line pointer or page header: failing devices, memory corruption, a torn write.",
        postgres: "Reading such a tuple fails, crashes the backend or returns garbage; VACUUM stops with \"corrupted line pointer\".",
        next: "Keep this copy as it is. Look at the page's other line pointers: if they agree with each other, it is this pointer that is wrong, else the page is.",
    }
    LINE_POINTER_ALIGNMENT = "heap.line-pointer-alignment" Error {
        means: "A line pointer leads to a place where no tuple can begin, because tuples begin at multiples of 8.",
        causes: "An overwritten line pointer: failing devices, memory corruption, a torn write.",
        postgres: "Queries read the tuple from the wrong byte and return garbage or fail; VACUUM stops with \"corrupted line pointer\".",
        next: "Keep this copy as it is and look for the block in a backup or a standby.",
    }
    LINE_POINTER_LENGTH = "heap.line-pointer-length" Error {
        means: "A line pointer leads to fewer bytes than a tuple's header has.",
        causes: "An overwritten line pointer: failing devices, memory corruption, a torn write.",
        postgres: "Queries read the header beyond the tuple's end, and what they make of it is undefined.",
        next: "Keep this copy as it is and look for the block in a backup or a standby.",
    }
    LINE_POINTER_OVERLAP = "heap.line-pointer-overlap" Error {
        means: "Two line pointers claim the same bytes; at most one of the two tuples is what was stored.",
        causes: "An overwritten line pointer, a torn write that mixed two versions of the page, or a page written twice by two servers on one directory.",
        postgres: "Queries read both tuples; one of them is garbage.",
        next: "Keep this copy as it is. Compare both tuples with a backup or with the indexes to tell which of them is the right one.",
    }
    REDIRECT_TARGET = "heap.redirect-target" Error {
        means: "A redirecting line pointer does not lead to a heap-only tuple of its page, so the row behind it cannot be found through indexes.",
        causes: "A lost write or replayed change to only one of two line pointers, a bug in pruning (14.0 had one), or an overwritten line pointer.",
        postgres: "Index scans miss the row while sequential scans may still find it; pruning the page may crash the backend.",
        next: "Keep this copy as it is. Compare the table's rows with its indexes before changing anything; the row itself may be intact on the page.",
    }
    CHAIN_INTERSECTION = "heap.chain-intersection" Error {
        means: "Two line pointers name the same tuple as their next version, although versions of a row form a chain.",
        causes: "A lost write, a torn page that mixed two versions of the page, or an overwritten t_ctid.",
        postgres: "Index scans can return the row twice or follow the wrong chain.",
        next: "Keep this copy as it is and compare both rows with the indexes or a backup.",
    }
    CHAIN_CYCLE = "heap.chain-cycle" Error {
        means: "Versions of a row name each other as the next one, in a circle that has no end.",
        causes: "An overwritten t_ctid or line pointer; the server never writes this.",
        postgres: "A query that follows the chain may never end, or stops when it meets a version that does not match.",
        next: "Keep this copy as it is and look for the block in a backup or a standby.",
    }
    CHAIN_BROKEN = "heap.chain-broken" Error {
        means: "A tuple was updated on its page by a committed transaction, and the new version is not where it says.",
        causes: "A lost write, a torn page, or damage to the line pointer of the new version.",
        postgres: "Index scans end at the old version and miss the row, silently.",
        next: "Keep this copy as it is. Look on the page for a heap-only tuple that nothing leads to: it may be the lost version.",
    }
    HEAP_ONLY_ROOT = "heap.heap-only-root" Error {
        means: "A heap-only tuple, which no index entry leads to, is not reached by any chain either.",
        causes: "A chain that was cut: a lost write, damage to the line pointer before it, or a server that froze dead tuples (releases before 10.2).",
        postgres: "Sequential scans find the row, index scans do not; CREATE INDEX and REINDEX stop with \"failed to find parent tuple for heap-only tuple\".",
        next: "Keep this copy as it is. The row is there: read it with sequential scans before anything rewrites the table.",
    }
    CHAIN_FLAGS = "heap.chain-flags" Error {
        means: "Two versions of a row disagree on whether the update was a heap-only one.",
        causes: "A lost write, a torn page, or overwritten flags in one of the tuple headers.",
        postgres: "Index scans may miss the row or find it twice.",
        next: "Keep this copy as it is and compare the table's rows with its indexes.",
    }
    CHAIN_ABORTED = "heap.chain-aborted" Error {
        means: "A committed transaction updated a version of a row that was itself never committed.",
        causes: "Transaction status that was lost or overwritten (pg_xact), a lost write, or a reset transaction counter.",
        postgres: "The row is visible although its history says that it cannot be; freezing may make that permanent.",
        next: "Keep this copy as it is, with its pg_xact, and compare with a backup which of the two statuses is right.",
    }
    TUPLE_DATA_OFFSET = "heap.tuple-data-offset" Error {
        means: "A tuple's header says that its values begin where they cannot begin.",
        causes: "An overwritten tuple header: failing devices, memory corruption, a torn write.",
        postgres: "Queries read every value of the row from the wrong byte: garbage, \"invalid memory alloc request size\" or a crash.",
        next: "Keep this copy as it is. The values are probably intact behind the header; look at the bytes with page --hex.",
    }
    TUPLE_ATTRIBUTES = "heap.tuple-attributes" Error {
        means: "A tuple claims to hold more attributes than its table can have.",
        causes: "An overwritten tuple header, or a page of another table.",
        postgres: "Queries read values that were never stored: garbage, errors or a crash.",
        next: "Keep this copy as it is and look for the block in a backup or a standby.",
    }
    VALUE_LENGTH = "heap.value-length" Error {
        means: "A value of a row does not fit into its tuple, or claims fewer bytes than its own length takes: where it ends cannot be known, nor what the columns behind it hold.",
        causes: "Overwritten bytes inside a tuple: failing devices, memory corruption, a torn write; or a catalog (pg_attribute) of another moment than the table.",
        postgres: "Queries that read the column or one behind it fail with \"invalid memory alloc request size\", return garbage or crash; columns before it can still be read.",
        next: "Keep this copy as it is. If many rows of the table are reported, suspect its columns in pg_attribute; if few, look at the bytes with page --hex.",
    }
    TOAST_POINTER = "heap.toast-pointer" Error {
        means: "A value that should be stored in the table's TOAST table has a pointer that leads nowhere: of an impossible kind, size or compression, or in a row or table that has none.",
        causes: "Overwritten bytes inside a tuple: failing devices, memory corruption, a torn write.",
        postgres: "Queries that read the column fail with \"missing chunk number\", \"unrecognized TOAST tag\" or similar errors; the other columns can be read.",
        next: "Keep this copy as it is. The value may still be in the TOAST table, under the number that the message names.",
    }
    TUPLE_FLAGS = "heap.tuple-flags" Error {
        means: "The flags in a tuple's header contradict each other in a way the server never writes.",
        causes: "Overwritten flags: memory corruption, failing devices, or a bug of an older release.",
        postgres: "What a query sees of the row depends on which flag it looks at first.",
        next: "Keep this copy as it is. Compare the row with the indexes or a backup before VACUUM freezes it as it is.",
    }
    XID_IN_FUTURE = "heap.xid-in-future" Error {
        means: "A tuple carries a transaction id that the cluster has not handed out yet.",
        causes: "An overwritten tuple header, a page from another cluster or from later in this one's life, or a transaction counter that was reset.",
        postgres: "Queries fail with \"could not access status of transaction\", or the row comes and goes as the counter passes that id.",
        next: "Keep this copy as it is. If many tuples are ahead, it is the counter that is behind: do not start the server, find out where pg_control came from.",
    }
}
