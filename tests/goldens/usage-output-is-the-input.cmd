pgdissect control fixtures/pg18/clean.tar.zst --output fixtures/pg18/clean.tar.zst
