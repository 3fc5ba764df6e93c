//! Findings about prepared transactions, pg_twophase/*.
super::rules! {
    TWOPHASE_FORMAT = "twophase.format" Error {
        means: "A file in pg_twophase is not the state of a prepared transaction: wrong magic number, or counts that it cannot hold.",
        causes: "A torn write, a copy that was cut short, or a file that does not belong there.",
        postgres: "The server does not start: \"invalid magic number stored in file\" or \"incorrect size of file\".",
        next: "Ask the transaction manager what became of the transaction; its WAL record may still be in pg_wal and holds the same content.",
    }
    TWOPHASE_CHECKSUM = "twophase.checksum" Error {
        means: "The CRC or the length of a prepared transaction's state file does not fit its contents.",
        causes: "A torn write at a crash, or a damaged copy.",
        postgres: "The server does not start: \"calculated CRC checksum does not match value stored in file\" or \"invalid size stored in file\".",
        next: "Ask the transaction manager what became of the transaction; its WAL record may still be in pg_wal and holds the same content.",
    }
    TWOPHASE_NAME = "twophase.name" Error {
        means: "A state file in pg_twophase holds another transaction than the one it is named for.",
        causes: "Files copied or renamed by hand.",
        postgres: "The server does not start, or removes the file: \"corrupted two-phase state for transaction\".",
        next: "Compare gid and transaction id with the transaction manager's records before anything is started on this directory.",
    }
    TWOPHASE_FUTURE = "twophase.future" Warning {
        means: "A prepared transaction has an id that the cluster had not given out yet, by its pg_control.",
        causes: "A crash in the middle of a checkpoint, in which case WAL holds the transaction as well; else files of two points in time, or pg_resetwal was run.",
        postgres: "The server removes the file when it starts, \"removing future two-phase state file for transaction\", and makes it again if WAL holds the transaction.",
        next: "Keep a copy of the file before any server starts on this directory, and find out which of the two files is newer.",
    }
}
