pgdissect wal stats fixtures/pg13/killed.tar.zst --by relation --top 12
