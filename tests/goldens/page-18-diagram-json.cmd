pgdissect page fixtures/pg18.blk1/clean.tar.zst lab.public.t_multi 0 --diagram --format json
