pgdissect page fixtures/pg18/clean.tar.zst lab.public.no_such_table 0
