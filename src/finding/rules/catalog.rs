//! Findings about the system catalogs, as far as names are read from them.
super::rules! {
    CATALOG_MAP_DAMAGED = "catalog.map-damaged" Error {
        means: "A relation map (pg_filenode.map) is missing, cannot be decoded, or its CRC does not fit. It alone says which files hold the most basic catalogs; each was looked for under its own oid instead, where it is unless it was ever rewritten, and then by the rows it must hold.",
        causes: "An interrupted write, an incomplete copy, or a failing device.",
        postgres: "No session can connect to that database, or to any if it is the shared map: \"could not open file \\\"base/5/pg_filenode.map\\\"\" or \"relation mapping file contains incorrect checksum\".",
        next: "Restore the file from a backup made since the last VACUUM FULL or CLUSTER of a system catalog.",
    }
    CATALOG_FILE_MISSING = "catalog.file-missing" Error {
        means: "The file of a system catalog is not there or cannot be opened; all rows it held are lost to this report.",
        causes: "An incomplete copy, a damaged file system, or a relation map older than the files.",
        postgres: "Sessions fail with \"could not open file\", mostly as soon as they connect.",
        next: "Compare with the source of the copy, and look for the file in a backup; names that depend on it are given as numbers meanwhile.",
    }
    CATALOG_PAGE_DAMAGED = "catalog.page-damaged" Error {
        means: "A page of a system catalog breaks the sanity rules of page headers; the rows on it are lost to this report, and names may be missing.",
        causes: "A torn or misdirected write, a failing device, or a copy of a running server without backup mode.",
        postgres: "Reading it fails with \"invalid page in block\"; most sessions read the catalogs as soon as they connect.",
        next: "Restore the cluster from a backup, or the page from one with the WAL since; keep the damaged original.",
    }
    CATALOG_ROW_UNREADABLE = "catalog.row-unreadable" Error {
        means: "A visible row of a system catalog cannot be taken apart into its columns; what it describes is named by number.",
        causes: "Damage inside a page whose header is sound, or a line pointer that leads astray.",
        postgres: "The server may read wrong values, fail with \"invalid memory alloc request size\", or crash.",
        next: "Look at the tuple with the page command, and restore the page from a backup.",
    }
    CATALOG_COLUMNS_DIFFER = "catalog.columns-differ" Notice {
        means: "A catalog has other columns than this major's release gives it; the columns recorded in the cluster's own pg_attribute were followed.",
        causes: "The cluster was made by a fork of PostgreSQL or by a pre-release of this major.",
        postgres: "Only the server that made the cluster can run on it.",
        next: "Nothing needs doing; names and sizes are read by the cluster's own description.",
    }
    CATALOG_DUPLICATE_ROW = "catalog.duplicate-row" Error {
        means: "A catalog has two visible rows for one object; the newer one was believed.",
        causes: "A lost part of the transaction log, a crash with storage that did not keep its promises, or a copy of a running server without backup mode.",
        postgres: "Depending on the plan it uses either row; dumps and updates of the object can fail with \"tuple concurrently updated\" or duplicate key errors.",
        next: "Restore from a backup made before; the older row says what the object was.",
    }
    CATALOG_VISIBLE_BY_HINT = "catalog.visible-by-hint" Warning {
        means: "The transaction log does not tell what became of a transaction that wrote a catalog row, so the hint bits in the row itself decided whether it counts.",
        causes: "A segment of pg_xact that is missing or too short while rows that need it are not frozen.",
        postgres: "It believes the hint bits as well; a row without them fails with \"could not access status of transaction\".",
        next: "Restore the missing files of pg_xact from a backup.",
    }
    CATALOG_HINT_CONTRADICTS = "catalog.hint-contradicts" Error {
        means: "The hint bits of a catalog row say the opposite of what the transaction log says about the same transaction; the transaction log was believed.",
        causes: "pg_xact or the catalog comes from another moment or another cluster, or one of them is damaged.",
        postgres: "It believes the hint bits without looking further.",
        next: "Make sure that all files are from one copy at one moment.",
    }
    CATALOG_NAME_MISSING = "catalog.name-missing" Error {
        means: "An object is there, but the catalog row that names it is lost; it goes by its number.",
        causes: "A damaged page or a missing file of pg_class, pg_namespace or pg_database.",
        postgres: "To the server the object does not exist.",
        next: "The number is that of the files; a dump, a log or an older backup of the same cluster may tell the name.",
    }
}
