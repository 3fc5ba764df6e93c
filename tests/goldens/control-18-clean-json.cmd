pgdissect control fixtures/pg18/clean.tar.zst --format json
