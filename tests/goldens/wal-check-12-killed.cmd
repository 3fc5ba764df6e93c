pgdissect wal check fixtures/pg12/killed.tar.zst
