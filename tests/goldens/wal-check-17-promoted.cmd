pgdissect wal check fixtures/pg17/clean-promoted.tar.zst
