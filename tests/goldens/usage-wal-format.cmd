pgdissect wal dump fixtures/pg18/clean.tar.zst --format json
