pgdissect wal stats fixtures/pg16/clean.tar.zst --by record --format pg_waldump
