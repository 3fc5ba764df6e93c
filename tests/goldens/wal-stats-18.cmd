pgdissect wal stats fixtures/pg18/clean.tar.zst
