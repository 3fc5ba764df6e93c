pgdissect page fixtures/pg12/clean.tar.zst lab.public.t_visible 2 --fork fsm
