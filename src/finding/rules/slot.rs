//! Findings about replication slots, pg_replslot/*/state.
super::rules! {
    SLOT_FORMAT = "slot.format" Error {
        means: "A replication slot's state file is not one: wrong magic number, unknown version, or wrong length.",
        causes: "A torn write, a copy that was cut short, or a file of a newer release.",
        postgres: "The server does not start: \"replication slot file has wrong magic number\", \"unsupported version\" or \"corrupted length\", a PANIC.",
        next: "Note which client used the slot; a standby or subscriber may have to be set up again. On a copy, the server starts once the slot's directory is moved away.",
    }
    SLOT_CHECKSUM = "slot.checksum" Error {
        means: "The checksum of a replication slot's state file does not fit its contents.",
        causes: "A torn write at a crash, or a damaged copy.",
        postgres: "The server does not start: \"checksum mismatch for replication slot file\", a PANIC.",
        next: "Take restart_lsn and catalog_xmin from it as a hint only. On a copy, the server starts once the slot's directory is moved away.",
    }
    SLOT_NAME = "slot.name" Warning {
        means: "A replication slot's state file names another slot than its directory does.",
        causes: "Files copied or renamed by hand.",
        postgres: "The slot is restored under the name in the file; saving it then fails or overwrites another slot's file.",
        next: "Find out from the client's settings (primary_slot_name, subscriptions) which of the two names is right.",
    }
    SLOT_INVALIDATED = "slot.invalidated" Notice {
        means: "The slot was invalidated: it keeps neither WAL nor rows any more, and its client cannot go on from it.",
        causes: "WAL grew past max_slot_wal_keep_size, a standby's conflict removed rows it needed, or it was idle for too long.",
        postgres: "Using it fails: \"can no longer access replication slot\" or \"cannot read from logical replication slot\".",
        next: "Set up the standby or subscriber again with a new slot, and look at what it had not received yet.",
    }
    SLOT_NOT_PERSISTENT = "slot.not-persistent" Notice {
        means: "A temporary slot, or one that was still being created, was left behind.",
        causes: "The server was killed, or the directory was copied while it ran.",
        postgres: "The server removes the slot when it starts.",
        next: "Nothing has to be done; until a server starts, the slot is on disk and holds nothing.",
    }
}
