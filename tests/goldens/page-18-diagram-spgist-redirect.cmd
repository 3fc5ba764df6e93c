pgdissect page fixtures/pg18.blk1/clean.tar.zst lab.public.t_index_spgist 9 --diagram
