pgdissect wal blocks fixtures/pg18/clean.tar.zst lab.public.t_multi
