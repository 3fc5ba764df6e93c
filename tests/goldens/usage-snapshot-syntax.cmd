pgdissect page fixtures/pg18/clean.tar.zst lab.public.t_multi --snapshot 1044:1053:1043
