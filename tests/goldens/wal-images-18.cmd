pgdissect wal images fixtures/pg18/clean.tar.zst -R lab.public.t_multi_frozen
