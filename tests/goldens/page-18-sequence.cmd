pgdissect page fixtures/pg18.blk1/clean.tar.zst lab.app.seq 0
