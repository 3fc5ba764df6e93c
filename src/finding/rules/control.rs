//! Findings about pg_control: which release and machine wrote it, whether it is whole.
super::rules! {
    CONTROL_UNREADABLE = "control.unreadable" Error {
        means: "pg_control is not there, is shorter than its contents, or could not be read.",
        causes: "A copy that was cut short or left the global directory out, a full disk, or a file system repaired after a crash.",
        postgres: "The server does not start: \"could not open file\" or \"could not read file\" with the name global/pg_control.",
        next: "Look for a newer or more complete copy of the same cluster, or a backup of it; keep this one as it is and never run pg_resetwal on the only copy.",
    }
    CONTROL_CRC = "control.crc" Error {
        means: "The CRC stored in pg_control does not fit its contents: at least one bit in it is wrong, so none of its values can be relied on.",
        causes: "A torn or lost write of its one disk sector, a damaged copy, or editing by hand.",
        postgres: "The server does not start: \"incorrect checksum in control file\".",
        next: "Compare the values with those of a backup's pg_control, with the file's other copies (a standby's, a snapshot's), and with the newest checkpoint in pg_wal; keep the damaged file, and never run pg_resetwal on the only copy.",
    }
    CONTROL_LAYOUT = "control.layout" Error {
        means: "pg_control is whole, its CRC fits, but where no release of this version has it: another build wrote it, with fields that are not known here.",
        causes: "A fork of PostgreSQL or a vendor's build, for instance one with transparent data encryption (EDB adds a field for it), or a development snapshot.",
        postgres: "A server of another build than the one that wrote it refuses it: \"incorrect checksum in control file\".",
        next: "Find out which build wrote the directory (postmaster.opts names the program) and read its pg_control with that build's own pg_controldata.",
    }
    CONTROL_BYTE_ORDER = "control.byte-order" Error {
        means: "pg_control was written on a machine with the other byte order; such clusters are recognised and not read.",
        causes: "The cluster comes from a big-endian machine, such as IBM Z, SPARC or an older POWER.",
        postgres: "A server on this machine refuses it: \"database files are incompatible with server\", with the hint of mismatched byte ordering.",
        next: "Look at the cluster with PostgreSQL on a machine of its own kind; files cannot be carried over, a dump can.",
    }
    CONTROL_ALIGNMENT = "control.alignment" Error {
        means: "The cluster was made by a build that aligns data to another number of bytes than 8; such clusters are recognised and not read.",
        causes: "A 32-bit build, on i386 for instance, where data is aligned to 4 bytes.",
        postgres: "A 64-bit server refuses it: \"database files are incompatible with server\", with the detail of MAXALIGN.",
        next: "Look at the cluster with a 32-bit build of its version; files cannot be carried over, a dump can.",
    }
    CONTROL_VERSION = "control.version" Error {
        means: "pg_control has the format of another major version than the one it was read as: the values shown may be those of other fields.",
        causes: "PG_VERSION and pg_control come from two clusters, an upgrade that stopped half-way, or --pg-version named the wrong one.",
        postgres: "The server does not start: \"database files are incompatible with server\", with the detail of PG_CONTROL_VERSION.",
        next: "Find out which of the two files belongs here: the data files' own versions, WAL page magic and file dates are further witnesses.",
    }
    CONTROL_CATALOG_VERSION = "control.catalog-version" Warning {
        means: "The catalog version is not the one of this major's releases: system catalogs may have other columns than known.",
        causes: "A beta or development snapshot, or a fork of PostgreSQL.",
        postgres: "A released server refuses it: \"database files are incompatible with server\", with the detail of CATALOG_VERSION_NO.",
        next: "Check names and columns in the report against what you know of the cluster before relying on them.",
    }
    CONTROL_STATE = "control.state" Error {
        means: "The cluster state in pg_control is none that any release has.",
        causes: "Damage, if the CRC does not fit either; else a fork or a release newer than known.",
        postgres: "The server does not start: \"control file contains invalid database cluster state\".",
        next: "Treat the cluster as not stopped cleanly, and compare pg_control with that of a backup.",
    }
    CONTROL_SIZES = "control.sizes" Error {
        means: "pg_control records a size that no server can be built or initialised with.",
        causes: "Damage, or a layout of pg_control that is not known here.",
        postgres: "The server does not start: \"database files are incompatible with server\", or \"invalid WAL segment size in control file\".",
        next: "Give the real sizes with --block-size, --segment-size and their like to read the rest of the cluster.",
    }
    CONTROL_FLOAT = "control.float-format" Error {
        means: "The floating-point constant in pg_control is not 1234567.0.",
        causes: "Damage, or a layout of pg_control that is not known here; a machine with another floating-point format is hardly in use any more.",
        postgres: "The server does not start: the cluster appears to use a different floating-point number format than the server executable.",
        next: "Compare pg_control with that of a backup or a standby of the same cluster.",
    }
    CONTROL_CHECKPOINT = "control.checkpoint" Error {
        means: "The location of the latest checkpoint in pg_control cannot be that of a WAL record, or lies before its own redo pointer.",
        causes: "Damage, or a pg_control that was put together by hand.",
        postgres: "The server does not start: \"control file contains invalid checkpoint location\" or \"could not locate a valid checkpoint record\".",
        next: "If this is a restored backup, get its backup_label back, which names the checkpoint to start from; else look for the newest checkpoint record in pg_wal.",
    }
    CONTROL_POISONED = "control.poisoned" Error {
        means: "The checkpoint location is 0/DEAD: pgBackRest writes that into the pg_control of a backup, so that the backup cannot be started without its backup_label.",
        causes: "The directory was restored from a backup, and backup_label was removed, or the directory was taken out of the repository by hand.",
        postgres: "With backup_label the server starts recovery where it says and repairs pg_control; without it: \"could not locate a valid checkpoint record\".",
        next: "Put the backup_label of this very backup back and let recovery run on a copy; never remove backup_label to make a server start.",
    }
    CONTROL_FORK = "control.fork" Notice {
        means: "pg_control holds values in bytes that PostgreSQL leaves zero: a fork wrote it, IvorySQL in Oracle mode by the look of them.",
        causes: "The cluster was made by IvorySQL, whose pg_control has the versions and layout of the PostgreSQL it is made from.",
        postgres: "A PostgreSQL server reads the file, and does not know the fork's own objects, types and tables with row ids.",
        next: "Recover and query the cluster with the fork that made it; what the catalogs say about columns is read from the catalogs themselves.",
    }
}
