pgdissect audit fixtures/pg18/clean.tar.zst --format csv --table databases
