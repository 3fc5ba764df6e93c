pgdissect page fixtures/pg18.blk1/clean.tar.zst lab.public.t_hot 0-2 --fork fsm --diagram
