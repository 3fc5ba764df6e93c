pgdissect wal xacts --ddl fixtures/pg18/killed.tar.zst --limit 6
