pgdissect replay fixtures/pg12/killed.tar.zst
