pgdissect wal dump fixtures/pg18/clean.tar.zst --format pg_waldump -b -x 1057
