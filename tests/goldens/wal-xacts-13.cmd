pgdissect wal xacts fixtures/pg13/killed.tar.zst --sort size --limit 12
