pgdissect wal check fixtures/pg18/clean.tar.zst --format csv --table files
