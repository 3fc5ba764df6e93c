pgdissect ls fixtures/pg16/killed.tar.zst --format csv
