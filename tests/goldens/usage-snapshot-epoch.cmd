pgdissect page fixtures/pg18/clean.tar.zst lab.public.t_multi --snapshot 4294968340:4294968349:
