pgdissect page fixtures/pg18.blk1/clean.tar.zst lab.pg_catalog.pg_attribute 0-9999 0-9999
