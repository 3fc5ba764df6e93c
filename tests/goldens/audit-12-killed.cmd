pgdissect audit fixtures/pg12/killed.tar.zst
