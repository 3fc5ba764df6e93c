pgdissect wal dump fixtures/pg18/clean.tar.zst -n 12
