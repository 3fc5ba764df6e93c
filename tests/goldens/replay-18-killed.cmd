pgdissect replay fixtures/pg18/killed.tar.zst
