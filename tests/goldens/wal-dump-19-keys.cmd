pgdissect wal dump fixtures/indexes/pg19/clean.tar.zst -n 12 -x 689
