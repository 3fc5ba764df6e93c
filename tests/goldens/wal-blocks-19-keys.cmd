pgdissect wal blocks fixtures/indexes/pg19/clean.tar.zst postgres.public.t_gin 18 --start 0/DA4E00
