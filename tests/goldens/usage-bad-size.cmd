pgdissect control fixtures/pg18/clean.tar.zst --block-size 8KB
