pgdissect wal stats fixtures/pg18/clean.tar.zst --format pg_waldump
