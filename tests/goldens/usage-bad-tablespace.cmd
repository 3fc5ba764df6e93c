pgdissect control fixtures/pg18/clean.tar.zst --tablespace elsewhere
