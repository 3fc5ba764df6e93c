pgdissect page fixtures/pg18.blk1/clean.tar.zst lab.public.t_index_bloom 0 --explain
