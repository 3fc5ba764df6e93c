pgdissect audit --as-on-disk --top 1 fixtures/pg12/killed.tar.zst
