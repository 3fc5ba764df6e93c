pgdissect control -D fixtures/pg18/clean.tar.zst --format csv
