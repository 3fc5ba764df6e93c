//! Findings about the cluster as a whole: which server wrote it, and the small files at its top.
super::rules! {
    CLUSTER_WITNESSES_DISAGREE = "cluster.witnesses-disagree" Warning {
        means: "Files of this cluster disagree about the version, the sizes or the system identifier that they were written with; one of them was believed.",
        causes: "Files of two clusters mixed by a copy or a restore, a file overwritten by hand, an interrupted pg_upgrade, or damage to one of them.",
        postgres: "The server starts only if PG_VERSION and pg_control suit it; WAL of another system identifier is refused (\"WAL file is from different database system\"), and pages of another size cannot be read.",
        next: "Find out which of the named files do not belong to this cluster, and take a fresh copy from one source.",
    }
    CLUSTER_VERSION_UNREADABLE = "cluster.version-unreadable" Error {
        means: "PG_VERSION is missing or holds no version number, in the data directory or in that of a database.",
        causes: "An incomplete copy, a directory that is not the data directory itself, or a file emptied by a file system repair.",
        postgres: "Without PG_VERSION at the top the server does not start (\"is not a valid data directory\"); without that of a database, no session can connect to it.",
        next: "Compare with the source of the copy. The file holds one line with the major version, which pg_control tells as well.",
    }
    CLUSTER_SETTINGS_UNREADABLE = "cluster.settings-unreadable" Warning {
        means: "A configuration file, or a line of one, could not be read; defaults stand for what it may have set.",
        causes: "The configuration lies outside the data directory and was not copied, or a typing error.",
        postgres: "At its start the server stops at an error in its configuration (\"configuration file contains errors\"); a reload keeps the old values.",
        next: "Look at the named file and line; thresholds in reports are those of the defaults where it was not read.",
    }
    CLUSTER_RECOVERY_FILE_DAMAGED = "cluster.recovery-file-damaged" Warning {
        means: "A file that steers recovery cannot be decoded: backup_label, tablespace_map, or a timeline history.",
        causes: "A file edited by hand, or an interrupted copy.",
        postgres: "Recovery stops with \"invalid data in file\" or \"syntax error in history file\".",
        next: "Take the file again from the backup or the WAL archive; do not remove a backup_label to make a server start.",
    }
    INCREMENTAL_BACKUP = "cluster.incremental-backup" Error {
        means: "This is an incremental backup (17 and later), not a data directory: its files named INCREMENTAL.* hold only the blocks that changed, so tables and catalogs cannot be read from it.",
        causes: "pg_basebackup --incremental made it; it needs the backups before it.",
        postgres: "The server does not start on it (\"this is an incremental backup, not a data directory\").",
        next: "Run pg_combinebackup with the full backup and all incremental ones in order, and look at the directory that it writes.",
    }
    MANIFEST_UNREADABLE = "cluster.manifest-unreadable" Warning {
        means: "backup_manifest, the list of what the backup holds, cannot be read or decoded.",
        causes: "A cut or overwritten file, or a manifest of a later version.",
        postgres: "The server does not need it. pg_verifybackup and pg_combinebackup stop at it.",
        next: "Take the manifest from another copy of the backup before you rely on pg_verifybackup.",
    }
    MANIFEST_CHECKSUM = "cluster.manifest-checksum" Warning {
        means: "backup_manifest does not fit its own checksum: it was changed after the backup was made, so what it says of the files proves nothing.",
        causes: "A file edited by hand, for instance to hide or add a file; a transfer that changed line ends; damage.",
        postgres: "pg_verifybackup stops with \"manifest checksum mismatch\"; the server does not need the file.",
        next: "Compare with another copy of the backup, and find out who changed it.",
    }
}
