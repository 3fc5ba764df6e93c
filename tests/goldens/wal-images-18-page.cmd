pgdissect wal images fixtures/pg18/clean.tar.zst --page 0/2412660
