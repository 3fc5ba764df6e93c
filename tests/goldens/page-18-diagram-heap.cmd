pgdissect page fixtures/pg18/clean.tar.zst lab.public.t_hot 0 --diagram
