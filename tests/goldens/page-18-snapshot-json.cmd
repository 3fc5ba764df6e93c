pgdissect page fixtures/pg18/clean.tar.zst lab.public.t_multi '(0,6)' --snapshot 1044:1053:1044,1047 --format json
