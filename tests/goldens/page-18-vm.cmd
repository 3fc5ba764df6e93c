pgdissect page fixtures/pg18.blk1/clean.tar.zst lab.public.t_visible 0 --fork vm
