pgdissect page fixtures/pg18.blk1/clean.tar.zst lab.public.t_index_brin 0-2
