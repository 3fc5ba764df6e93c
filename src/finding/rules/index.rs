//! Findings about indexes: what their pages are for, how they lead to each other and to rows.
super::rules! {
    INDEX_CHILD_LINK = "index.child-link" Error {
        means: "An item of an index page leads to a page that cannot be below it: none there, one of another kind, one that was deleted, or one that another page leads to as well.",
        causes: "A page from another moment than its parent (a lost or misdirected write, a copy made while the server was writing, two copies mixed), or bytes that were overwritten.",
        postgres: "Searches that follow the link fail, return rows of another key, or miss rows; amcheck's bt_index_parent_check says that downlink or level are wrong.",
        next: "REINDEX makes the index anew from its table; check the table first, since what damaged the index may have damaged more.",
    }
    INDEX_CYCLE = "index.cycle" Error {
        means: "Following the links of an index leads back to a page that was met before.",
        causes: "A link that was overwritten, or pages from different moments, as with other damaged links.",
        postgres: "A scan that follows the links may never end; B-tree searches and amcheck report links that do not agree.",
        next: "REINDEX makes the index anew from its table; check the table first, since what damaged the index may have damaged more.",
    }
    INDEX_FOREIGN_PAGE = "index.foreign-page" Error {
        means: "A page of the index is not one of its access method: its special space has another length, or says something else.",
        causes: "A write that went to the wrong place, a file of another relation under this name, or bytes that were overwritten.",
        postgres: "Every query that needs the block fails with \"index … contains corrupted page at block …\" or a similar message.",
        next: "REINDEX makes the index anew from its table; check the table first, since what damaged the index may have damaged more.",
    }
    INDEX_LEVEL = "index.level" Error {
        means: "A page is on another level than the page that leads to it says, or leaves are not all equally deep.",
        causes: "A page from another moment than its parent, or bytes that were overwritten.",
        postgres: "Searches descend too far or stop too early; amcheck's bt_index_parent_check reports the block.",
        next: "REINDEX makes the index anew from its table; check the table first, since what damaged the index may have damaged more.",
    }
    INDEX_LINE_POINTER = "index.line-pointer" Error {
        means: "A line pointer of an index page leads out of the part of the page that has tuples, into another tuple, to a place that no tuple begins at, or is of a kind that its access method never has.",
        causes: "Bytes that were overwritten, a torn write, or a page of something else.",
        postgres: "Searches take other bytes for a tuple: they fail, return rows of another key, or miss rows. Removing tuples from the page fails with \"corrupted line pointer\", amcheck with \"line pointer points past end of tuple space in index\" or \"invalid line pointer storage in index\".",
        next: "REINDEX makes the index anew from its table; check the table first, since what damaged the index may have damaged more.",
    }
    INDEX_METAPAGE = "index.metapage" Error {
        means: "The first page of the index, which says where everything begins, is none, contradicts itself, or leads to another page than it says.",
        causes: "A page that was lost or overwritten, or a file of another relation under this name.",
        postgres: "Every use of the index fails: with \"index … is not a btree\", \"version mismatch in index …\", \"root page … of index … has level …, expected …\" or a similar message. Searches that begin at the wrong page miss rows; amcheck's bt_index_parent_check with rootdescend reports \"could not find tuple using search from root page\".",
        next: "REINDEX makes the index anew from its table; check the table first, since what damaged the index may have damaged more.",
    }
    INDEX_POSTING_LIST = "index.posting-list" Error {
        means: "The rows of one key, or of a page of rows, cannot be read, are not in the order of the table, go beyond what the page may hold, or are not as many as it says.",
        causes: "Bytes that were overwritten, or a torn write.",
        postgres: "Searches for the key miss rows, return others, or fail; amcheck reports a posting list with misplaced TIDs, and checks of GIN a TID that exceeds the parent's high key.",
        next: "REINDEX makes the index anew from its table; check the table first, since what damaged the index may have damaged more.",
    }
    INDEX_ROW_HEAP_ONLY = "index.row-heap-only" Error {
        means: "An item of the index leads to a heap-only tuple, which only the root of its HOT chain may lead to.",
        causes: "Table and index from different moments, a damaged line pointer in the table, or a bug of an old release (CREATE INDEX CONCURRENTLY of 14.0 to 14.3).",
        postgres: "Searches find a row under the wrong key, twice, or not at all; amcheck's heapallindexed and verify_heapam report it.",
        next: "Check the table (pgdissect audit), then REINDEX the index from it.",
    }
    INDEX_ROW_MISSING = "index.row-missing" Error {
        means: "An item of the index leads to a row that is not there: the line pointer is unused or does not exist, or the block does not.",
        causes: "Table and index from different moments (a restored or copied file, a lost write), a table that lost blocks, or a row that was removed without its index entries.",
        postgres: "Searches pass over the item as long as nothing is there; once a new row takes the place they return it under the wrong key. Past the end of the table they fail with \"could not read block\" or \"could not open file\".",
        next: "Find out first whether table or index is the older one: if the table lost rows, a backup has them. REINDEX makes the index agree with the table as it is.",
    }
    INDEX_SIBLING_LINK = "index.sibling-link" Error {
        means: "Two neighbouring pages of an index do not agree that they are neighbours, or a page's neighbour is not one.",
        causes: "A page from another moment than its neighbour (a lost or misdirected write, a copy made while the server was writing), or bytes that were overwritten.",
        postgres: "Scans that cross from one page to the next fail or miss rows; VACUUM and amcheck report \"left link/right link pair … not in agreement\".",
        next: "REINDEX makes the index anew from its table; check the table first, since what damaged the index may have damaged more.",
    }
    INDEX_SPECIAL_SPACE = "index.special-space" Error {
        means: "What the special space of an index page says of the page contradicts itself, the page, or its place: flags that exclude each other or that there are not, a level that such a page cannot have, a count that is too high or too low.",
        causes: "Bytes that were overwritten, a torn write, or a write that went to the wrong place.",
        postgres: "Searches take the page for what it is not: they fail, stop too early, or miss rows. Of B-trees amcheck reports most of it, such as \"invalid leaf page level\" or \"deleted page … is half-dead\".",
        next: "REINDEX makes the index anew from its table; check the table first, since what damaged the index may have damaged more.",
    }
    INDEX_TUPLE = "index.tuple" Error {
        means: "A tuple of an index cannot be one: its size is not that of its line pointer, its parts do not fit into it, it is of a kind that cannot be on such a page, out of order, or leads to no row.",
        causes: "Bytes that were overwritten, or a torn write.",
        postgres: "Searches that read the tuple fail or crash, return rows of another key, or miss rows; amcheck reports \"index tuple size does not equal lp_len\" or an unexpected kind of tuple.",
        next: "REINDEX makes the index anew from its table; check the table first, since what damaged the index may have damaged more.",
    }
    INDEX_TUPLE_CHAIN = "index.tuple-chain" Error {
        means: "The chain of leaf tuples on a page of an SP-GiST index leads to no live tuple, to one of another chain, or back to itself.",
        causes: "Bytes that were overwritten, or a torn write.",
        postgres: "Searches fail with \"unexpected SPGiST tuple state\", never end, or miss rows.",
        next: "REINDEX makes the index anew from its table; check the table first, since what damaged the index may have damaged more.",
    }
}
