pgdissect replay fixtures/pg18/clean.tar.zst
