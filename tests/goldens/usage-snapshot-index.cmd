pgdissect page fixtures/pg18/clean.tar.zst lab.pg_catalog.pg_class_oid_index --snapshot 1044:1053:
