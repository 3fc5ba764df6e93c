pgdissect wal blocks fixtures/pg18/clean.tar.zst lab.public.t_multi_frozen 0 --fork vm --format json
