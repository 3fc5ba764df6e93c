pgdissect wal xacts fixtures/pg19/killed.tar.zst --relation lab.public.t_work --format csv
