pgdissect wal stats fixtures/pg18/killed.tar.zst --by cause --format csv
