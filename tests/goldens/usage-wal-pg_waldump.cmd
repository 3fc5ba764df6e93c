pgdissect wal images fixtures/pg18/clean.tar.zst --format pg_waldump
