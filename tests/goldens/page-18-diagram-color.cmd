pgdissect page fixtures/pg18/clean.tar.zst lab.public.t_multi 0 --diagram --color always
