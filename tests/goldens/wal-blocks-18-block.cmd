pgdissect wal blocks fixtures/pg18/clean.tar.zst lab.public.t_prepared 0-9
